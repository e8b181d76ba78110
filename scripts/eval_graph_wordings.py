"""Sentences of our own over graphs of our own, each in the exact format of a public one, all the way through.

    python scripts/eval_graph_wordings.py [--half odd|even] [--graph NAME] [--errors]

`scripts/trials` holds what some things are (`world.tsv`), everyday knowledge (`conceptnet.tsv`, `atomic.tsv`) and
sentences about it. The world is written as Turtle with an ontology, as Wikidata's truthy dump, as DBpedia's files and
as WebNLG's XML, the rest as the files that ConceptNet and ATOMIC 2020 publish; each is built with
`factcheck kb build --format`, and each sentence goes through `FactChecker.check` with that graph alone. A sentence that
is cut into several claims is true if all are supported, false if one is refuted.

Labels say what follows from all of the world (T, F, N where the graph does not tell); formats that cannot say
something (WebNLG has no classes, the truthy dump no units) are measured on the same sentences. Rows are halved by the
SHA-1 of the sentence: what was mended was found in the even half.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

from factcheck import FactChecker
from factcheck.evaluation.graph import rules_behind
from factcheck.evaluation.labelled import PREFIXES, digest
from factcheck.graph.vocabulary import FCV
from factcheck.types import CheckedClaim, Label

TRIALS = Path(__file__).parent / "trials"
_LABELS = {"T": Label.SUPPORTED, "F": Label.REFUTED, "N": Label.NOT_ENOUGH_INFO}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDFS_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"

# Property: Wikidata's number and name, DBpedia's name, WebNLG's name, characteristics.
_PROPERTIES = {
    "capital": ("P36", "capital", "capital", "capital", "f i"),
    "continent": ("P30", "continent", "continent", "continent", "f"),
    "currency": ("P38", "currency", "currency", "currency", "f"),
    "area": ("P2046", "area", "areaTotal", "areaTotal", "f"),
    "population": ("P1082", "population", "populationTotal", "populationTotal", "f"),
    "official language": ("P37", "official language", "officialLanguage", "officialLanguage", "c"),
    "borders": ("P47", "shares border with", "border", "border", "s"),
    "country": ("P17", "country", "country", "country", "f"),
    "elevation": ("P2044", "elevation above sea level", "elevation", "elevationAboveTheSeaLevel", "f"),
    "length": ("P2043", "length", "length", "length", "f"),
    "mouth": ("P403", "mouth of the watercourse", "riverMouth", "riverMouth", "f"),
    "number of moons": ("", "", "", "numberOfMoons", "f"),
    "mass": ("P2067", "mass", "mass", "mass", "f"),
    "birth place": ("P19", "place of birth", "birthPlace", "birthPlace", "f"),
    "birth date": ("P569", "date of birth", "birthDate", "birthDate", "f"),
    "death place": ("P20", "place of death", "deathPlace", "deathPlace", "f"),
    "death date": ("P570", "date of death", "deathDate", "deathDate", "f"),
    "spouse": ("P26", "spouse", "spouse", "spouse", "s"),
    "award": ("P166", "award received", "award", "award", ""),
    "author": ("P50", "author", "author", "author", ""),
    "publication date": ("P577", "publication date", "publicationDate", "publicationDate", "f"),
    "inventor": ("P61", "discoverer or inventor", "inventor", "inventor", ""),
    "country of origin": ("P495", "country of origin", "origin", "origin", "f"),
}
_SINGLE, _SYMMETRIC = "Q19474404", "Q21510862"
_CLASSES = {"country": "Q6256", "city": "Q515", "mountain": "Q8502", "river": "Q4022", "planet": "Q634",
            "person": "Q5", "book": "Q571"}  # fmt: skip
_UNITS = {"km2": ("km^2", 10**6), "m": ("m", 1), "km": ("km", 1000), "kg": ("kg", 1000)}


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (TRIALS / name).read_text(encoding="utf-8").splitlines() if line]


def _is_literal(value: str) -> bool:
    return re.fullmatch(r"\d+(?: \w+)?|\d{4}-\d\d-\d\d", value) is not None


def _number(value: str) -> tuple[int, str]:
    number, _, unit = value.partition(" ")
    return int(number), unit


# ------------------------------------------------------------------------------------------------------------- formats


def turtle() -> str:
    """The world with an ontology: what has one value, what is complete, units, classes."""
    marks = {"f": "owl:FunctionalProperty", "i": "owl:InverseFunctionalProperty", "s": "owl:SymmetricProperty"}
    lines = [PREFIXES, f"@prefix fcv: <{FCV}> ."]
    names: dict[str, str] = {}
    rows = _rows("world.tsv")
    units = {row[1]: _number(row[2])[1] for row in rows if _is_literal(row[2]) and " " in row[2]}
    for label, (*_, kinds) in _PROPERTIES.items():
        term = f"p:{label.replace(' ', '_')}"
        lines += [f'{term} rdfs:label "{label}"@en .', *(f"{term} a {marks[k]} ." for k in kinds.split() if k in marks)]
        lines += [f"{term} fcv:closed true ."] if "c" in kinds else []
        lines += [f'{term} fcv:unit "{_UNITS[units[label]][0]}" .'] if label in units else []
    lines += [f'c:{name} a owl:Class ; rdfs:label "{name}"@en .' for name in _CLASSES]
    for subject, name, value in rows:
        for side in (subject, *(() if _is_literal(value) or name == "type" else (value,))):
            if side not in names:
                names[side] = f"e:n{len(names)}"
                lines.append(f'{names[side]} rdfs:label "{side}"@en .')
        if name == "type":
            lines.append(f"{names[subject]} a c:{value} .")
        else:
            lines.append(f"{names[subject]} p:{name.replace(' ', '_')} {_turtle_value(value, names)} .")
    return "\n".join(lines) + "\n"


def _turtle_value(value: str, names: dict[str, str]) -> str:
    if not _is_literal(value):
        return names[value]
    if "-" in value:
        return f'"{value}"^^xsd:date'
    number, unit = _number(value)
    return str(number) if unit or not 1500 < number < 2000 else f'"{number}"^^xsd:gYear'


def wikidata() -> str:
    """The world as the truthy dump has it: numbers of entities, plain numbers without units, years as days."""
    entity, direct = "<http://www.wikidata.org/entity/{}>", "<http://www.wikidata.org/prop/direct/{}>"
    ids: dict[str, str] = {}
    lines: list[str] = []

    def named(name: str, key: str) -> None:
        twice = ("<http://www.w3.org/2004/02/skos/core#prefLabel>", "<http://schema.org/name>")
        lines.extend(f'{entity.format(key)} {predicate} "{name}"@en .' for predicate in (_RDFS_LABEL, *twice))
        lines.append(f'{entity.format(key)} <http://schema.org/description> "something of our own"@en .')

    def of(name: str) -> str:
        if name not in ids:
            ids[name] = f"Q{7_000_001 + len(ids)}"
            named(name, ids[name])
        return entity.format(ids[name])

    for key, label, _, _, kinds in _PROPERTIES.values():
        if key:
            named(label, key)
            if "f" in kinds:
                lines.append(f"{entity.format(key)} {direct.format('P2302')} {entity.format(_SINGLE)} .")
            if "s" in kinds:
                lines.append(f"{entity.format(key)} {direct.format('P2302')} {entity.format(_SYMMETRIC)} .")
    for name, key in _CLASSES.items():
        named("human" if name == "person" else name, key)
    for subject, name, value in _rows("world.tsv"):
        if name == "type":
            lines.append(f"{of(subject)} {direct.format('P31')} {entity.format(_CLASSES[value])} .")
        elif key := _PROPERTIES[name][0]:
            if not _is_literal(value):
                shown = of(value)
            elif "-" in value or name == "publication date":
                shown = f'"{value if "-" in value else value + "-01-01"}T00:00:00Z"^^<{_XSD}dateTime>'
            else:
                shown = f'"+{_number(value)[0]}"^^<{_XSD}decimal>'
            lines.append(f"{of(subject)} {direct.format(key)} {shown} .")
    return "\n".join(lines) + "\n"


def dbpedia() -> str:
    """The world as DBpedia's mapping-based files have it: base units, names in the IRI and as labels, types."""
    resource, ontology = "<http://dbpedia.org/resource/{}>", "<http://dbpedia.org/ontology/{}>"
    lines: list[str] = ["# started 2026-01-01T00:00:00Z"]
    seen: set[str] = set()

    def of(name: str) -> str:
        term = resource.format(quote(name.replace(" ", "_"), safe="(),'_-.:!"))
        if name not in seen:
            seen.add(name)
            lines.append(f'{term} {_RDFS_LABEL} "{name}"@en .')
            lines.append(f"{term} {ontology.format('wikiPageWikiLink')} {resource.format('Thing')} .")
        return term

    for subject, name, value in _rows("world.tsv"):
        local = _PROPERTIES[name][2] if name != "type" else ""
        if name == "type":
            kind = ontology.format(value.capitalize())
            lines.append(f"{of(subject)} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> {kind} .")
        elif local:
            lines.append(f"{of(subject)} {ontology.format(local)} {_dbpedia_value(value) or of(value)} .")
    lines.append("# completed 2026-01-01T00:00:00Z")
    return "\n".join(lines) + "\n"


def _dbpedia_value(value: str) -> str:
    if not _is_literal(value):
        return ""
    if "-" in value:
        return f'"{value}"^^<{_XSD}date>'
    number, unit = _number(value)
    if unit:
        return f'"{float(number * _UNITS[unit][1])}"^^<{_XSD}double>'
    return f'"{number}"^^<{_XSD}{"gYear" if 1500 < number < 2000 else "nonNegativeInteger"}>'


def webnlg() -> str:
    """The world as the benchmark's XML has it: no classes, units in brackets."""
    names = {"km2": "square kilometres", "m": "metres", "km": "kilometres", "kg": "kilograms"}
    entries = []
    for number, (subject, name, value) in enumerate(row for row in _rows("world.tsv") if row[1] != "type"):
        shown = value.replace(" ", "_")
        if _is_literal(value):
            amount, unit = _number(value) if "-" not in value else (0, "")
            shown = f'"{amount}.0"({names[unit]})' if unit else f'"{value}"' if "-" in value else value
        triple = f"{subject.replace(' ', '_')} | {_PROPERTIES[name][3]} | {shown}"
        entries.append(
            f'<entry category="World" eid="Id{number}" size="1">\n<originaltripleset>\n'
            f"<otriple>{escape(triple)}</otriple>\n</originaltripleset>\n<modifiedtripleset>\n<mtriple>{escape(triple)}</mtriple>\n</modifiedtripleset>\n"
            f'<lex comment="" lid="Id1">nothing</lex>\n</entry>'
        )
    body = "\n".join(entries)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<benchmark>\n<entries>\n{body}\n</entries>\n</benchmark>\n'


def conceptnet() -> str:
    """Assertions: five columns, the last one JSON."""
    lines = []
    for start, relation, end in _rows("conceptnet.tsv"):
        first, second = (f"/c/en/{words.replace(' ', '_')}" for words in (start, end))
        about = json.dumps({"dataset": "/d/conceptnet/4/en", "license": "cc:by/4.0", "sources": [], "weight": 1.0})
        lines.append(f"/a/[/r/{relation}/,{first}/,{second}/]\t/r/{relation}\t{first}\t{second}\t{about}")
    return "\n".join(lines) + "\n"


def atomic() -> str:
    """Tuples as they are: three columns."""
    return (TRIALS / "atomic.tsv").read_text(encoding="utf-8")


# Name: what it is written by, the file's name, --format, and which sentences it is for.
_GRAPHS = {
    "turtle": (turtle, "world.ttl", "ttl", "world"),
    "wikidata": (wikidata, "latest-truthy.nt", "wikidata", "world"),
    "dbpedia": (dbpedia, "mappingbased.ttl", "dbpedia", "world"),
    "webnlg": (webnlg, "webnlg.xml", "webnlg", "world"),
    "conceptnet": (conceptnet, "assertions.csv", "conceptnet", "conceptnet"),
    "atomic": (atomic, "train.tsv", "atomic", "atomic"),
}


# ------------------------------------------------------------------------------------------------------------- checking


def sentences(kind: str, half: str, file: str) -> Iterator[tuple[Label, str]]:
    """Yield the sentences of one half."""
    for name, label, text in _rows(file):
        if name == kind and (half == "all" or (digest(text) % 2 == 1) == (half == "odd")):
            yield _LABELS[label], text


def main() -> int:
    """Build, check, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd", help="of the sentences")
    parser.add_argument("--graph", choices=sorted(_GRAPHS), action="append", help="only this one; repeatable")
    parser.add_argument("--file", default="sentences.tsv", help="of the sentences, in scripts/trials")
    parser.add_argument("--errors", action="store_true", help="print what was judged wrong")
    args = parser.parse_args()
    rules: dict[str, Counter[bool]] = defaultdict(Counter)
    print("| graph | sentences | accuracy | REFUTED, right | SUPPORTED, right | left open though true or false |")
    print("|---|---|---|---|---|---|")
    for name in args.graph or _GRAPHS:
        write, file, form, kind = _GRAPHS[name]
        with tempfile.TemporaryDirectory(prefix="factcheck-trial-") as folder:
            source = Path(folder) / file
            source.write_text(write(), encoding="utf-8")
            command = [sys.executable, "-m", "factcheck", "kb", "build", str(source), "--format", form]
            subprocess.run([*command, "--out", f"{folder}/{name}"], check=True, stdout=subprocess.DEVNULL)
            checker = FactChecker.open(graph=Path(folder) / name)
            said = [(is_, *_check(checker, text), text) for is_, text in sentences(kind, args.half, args.file)]
        table = Counter((is_, label) for is_, label, *_ in said)
        for is_, label, behind, *_ in said:
            if label is Label.REFUTED:
                for rule in behind:
                    rules[rule][is_ is label] += 1
        right = sum(count for (is_, label), count in table.items() if is_ is label)
        refuted, supported = (
            f"{table[label, label]} of {sum(c for (_, s), c in table.items() if s is label)}"
            for label in (Label.REFUTED, Label.SUPPORTED)
        )
        left = sum(c for (i, s), c in table.items() if s is Label.NOT_ENOUGH_INFO and i is not s)
        share = right / max(1, len(said))
        print(f"| `{name}` | {len(said)} | {share:.3f} | {refuted} | {supported} | {left} |")
        if args.errors:
            for is_, label, _, reason, text in said:
                if is_ is not label:
                    print(f"    {is_.name[:3]} → {label.name[:3]}  {text}  [{reason[:150]}]")
    print("\n| rule | refutations right |\n|---|---|")
    for rule in sorted(rules):
        print(f"| {rule} | {rules[rule][True]} of {rules[rule].total()} |")
    return 0


def _check(checker: FactChecker, text: str) -> tuple[Label, set[str], str]:
    """Return the verdict of a sentence, the rules behind it, and why."""
    claims = [claim for claim in checker.check(text).claims if isinstance(claim, CheckedClaim)]
    labels = [claim.verdict.label for claim in claims]
    for label in (Label.REFUTED, Label.CONFLICTING, Label.NOT_ENOUGH_INFO, Label.SUPPORTED):
        if label in labels:
            chosen = next(claim for claim in claims if claim.verdict.label is label)
            return label, rules_behind(chosen.verdict.judgements, label), chosen.verdict.reason
    return Label.NOT_ENOUGH_INFO, set(), f"no claim ({len(claims)})"


if __name__ == "__main__":
    sys.exit(main())
