"""Labelled statements to measure the graph checker on, each set with the graph that they are checked against.

`factbench` rows are `{truth, negative_type, relation, subject, object, subject_uri, object_uri, from, to}`. The graph
holds the true facts with their years, but for 30 % of them, which are held out. From each row sentences are made by the
templates below (rows that change the property are left out: the templates cannot say them). A sentence counts as
    SUPPORTED         all that it says is in the graph
    REFUTED           the graph has another year for what it speaks of, or another value of a property that has one
                      value (a place of birth or death)
    NOT_ENOUGH_INFO   anything else: held out, or false in a way that the graph cannot know

`factbench-wordings` says the same facts in many more ways; see `factcheck.evaluation.wordings`.

`webnlg` rows are `{triples: [[s, p, o]], texts}` with one triple; the sentences are people's. The graph holds all
triples. For each row, by a hash of its subject and value, one of: as it is (SUPPORTED); the value replaced in the
sentence by another value of the same property (REFUTED if at least 95 % of the property's subjects have one value, else
NOT_ENOUGH_INFO); the triple taken out of the graph (NOT_ENOUGH_INFO).

`cities` rows are countries with `name.common` and `capital`. The graph says of each capital in which country it is, and
that a city is in one country; sentences put each city in its country and in another one, plainly and negated.

`countries` rows are the same with more of their fields; see `factcheck.evaluation.countries`.

Rows are split by the SHA-1 of the sentence: rules were written looking at the even half, figures are of the odd half.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from factcheck.errors import InputError
from factcheck.evaluation.countries import countries
from factcheck.evaluation.labelled import PREFIXES, REFUTED, SUPPORTED, UNKNOWN, Statement, digest, quoted
from factcheck.evaluation.wordings import wordings
from factcheck.types import Label


class GraphSet(StrEnum):
    """The sets that can be measured."""

    FACTBENCH = "factbench"
    WORDINGS = "factbench-wordings"
    WEBNLG = "webnlg"
    CITIES = "cities"
    COUNTRIES = "countries"

    @property
    def suffix(self) -> str:
        """Of the file that the set's graph is loaded from."""
        return ".tsv" if self is GraphSet.WEBNLG else ".ttl"


LITERAL = re.compile(r'"(.*)"(?:\(.*\)|\^\^.*|@\w+)?')

# What an ontology would say of these relations; events carry their years.
ONTOLOGY = """
p:birthPlace a owl:FunctionalProperty ; rdfs:label "birth place" .
p:birthDate a owl:FunctionalProperty ; rdfs:label "birth date" .
p:deathPlace a owl:FunctionalProperty ; rdfs:label "death place" .
p:deathDate a owl:FunctionalProperty ; rdfs:label "death date" .
p:foundationPlace rdfs:label "foundation place" .
p:foundingDate a owl:FunctionalProperty ; rdfs:label "founding date" .
p:author rdfs:label "author" .
p:publicationDate a owl:FunctionalProperty ; rdfs:label "publication date" .
p:starring rdfs:label "starring" .
p:releaseDate a owl:FunctionalProperty ; rdfs:label "release date" .
p:spouse a owl:SymmetricProperty ; rdfs:label "spouse" .
p:subsidiary rdfs:label "subsidiary" .
p:award rdfs:label "award" .
p:office rdfs:label "office" .
p:team rdfs:label "team" .
p:participant rdfs:label "participant" .
p:start a owl:FunctionalProperty ; rdfs:label "start year" .
p:end a owl:FunctionalProperty ; rdfs:label "end year" .
p:date a owl:FunctionalProperty ; rdfs:label "date" .
"""
# relation: (property subject → object, direct date property on the subject or object, sentences)
DIRECT = {
    "birth": ("birthPlace", "subject", "birthDate", "{s} was born in {o} in {y}.", "{s} was born in {y}."),
    "death": ("deathPlace", "subject", "deathDate", "{s} died in {o} in {y}.", "{s} died in {y}."),
    "foundationPlace": (
        "foundationPlace", "subject", "foundingDate", "{s} was founded in {o} in {y}.", "{s} was founded in {y}.",
    ),
    "publicationDate": ("author", "object", "publicationDate", "{s} wrote {o}, published in {y}.",
                        "{o} was published in {y}."),
    "starring": ("starring", "subject", "releaseDate", "{o} starred in {s}.", "{s} was released in {y}."),
}  # fmt: skip
EVENTS = {
    "award": ("award", "{s} received the {o} in {y}."),
    "spouse": ("spouse", "{s} married {o} in {y}."),
    "subsidiary": ("subsidiary", "{s} acquired {o} in {y}."),
    "leader": ("office", "{s} became the leader of {o} in {y}."),
    "nbateam": ("team", "{s} joined the {o} in {y}."),
}


_ARRAYS = (GraphSet.CITIES, GraphSet.COUNTRIES)


def read(name: GraphSet, path: Path) -> tuple[str, list[Statement]]:
    """Read a set.

    Returns:
        The graph as text (Turtle, of `webnlg` TSV) and the distinct statements.

    Raises:
        InputError: the file cannot be read, or is not of this set.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            rows = json.load(file) if name in _ARRAYS else [json.loads(line) for line in file if line.strip()]
        build = {
            GraphSet.FACTBENCH: factbench,
            GraphSet.WORDINGS: factbench_wordings,
            GraphSet.WEBNLG: webnlg,
            GraphSet.CITIES: cities,
            GraphSet.COUNTRIES: countries,
        }[name]
        text, statements = build(rows)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=path) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"is not a file of '{name}' ({type(error).__name__}: {error})"
        raise InputError(what, where=path, remedy="see 'factcheck eval graph --help' for what its rows are") from error
    return text, list(dict.fromkeys(statements))


def year_of(date: str) -> str:
    """Return the year of an ISO date."""
    return date[:4]


def literal(date: str) -> str:
    """Return a date, or a year, as a Turtle literal."""
    return f'"{date}"^^xsd:{"date" if len(date) == 10 else "gYear"}'


# ------------------------------------------------------------------------------------------------------------ factbench


def factbench(rows: Iterable[Mapping[str, Any]]) -> tuple[str, list[Statement]]:
    """Return the graph as Turtle and the statements."""
    text, rows, known = _factbench_graph(rows)
    return text, list(_factbench_statements(rows, known))


def factbench_wordings(rows: Iterable[Mapping[str, Any]]) -> tuple[str, list[Statement]]:
    """Return the same graph, and the same facts in other words."""
    text, rows, known = _factbench_graph(rows)
    return text, list(wordings(rows, known))


def _factbench_graph(rows: Iterable[Mapping[str, Any]]) -> tuple[str, list[Mapping[str, Any]], Known]:
    rows = [row for row in rows if row["negative_type"] != "property"]
    names: dict[str, str] = {}
    for row in rows:  # every name is in the graph, held out or not
        for side in ("subject", "object"):
            names.setdefault(row[side], f"e:n{len(names)}")
    known = Known()
    lines = [f"{term} rdfs:label {quoted(name)} ." for name, term in names.items()]
    for number, row in enumerate(rows):
        relation, s, o = row["relation"], row["subject"], row["object"]
        if not row["truth"] or digest(relation, s, o) % 10 < 3:
            continue
        known.facts[relation, s].add(o)
        if relation in DIRECT:
            predicate, side, dated, _, _ = DIRECT[relation]
            first, second = (o, s) if side == "object" else (s, o)
            known.years[relation, first].add(year_of(row["from"]))
            lines.append(f"{names[first]} p:{predicate} {names[second]} ; p:{dated} {literal(row['from'])} .")
        else:
            predicate, _ = EVENTS[relation]
            known.years[relation, f"{s}\t{o}"].add(year_of(row["from"]))
            lines.append(f"{names[s]} p:{predicate} {names[o]} .")
            event = f"e:event{number} p:participant {names[s]} ; p:{predicate} {names[o]}"
            lines.append(f"{event} ; p:start {literal(row['from'])} .")
    return PREFIXES + ONTOLOGY + "\n".join(lines), rows, known


class Known:
    """What went into the graph: objects by relation and subject, years by relation and what they are of."""

    def __init__(self) -> None:
        self.facts: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.years: dict[tuple[str, str], set[str]] = defaultdict(set)

    def label(self, row: Mapping[str, Any], *, names_object: bool, names_year: bool) -> Label:
        """Return what follows for a sentence that names the object, the year, or both."""
        relation, s, o = row["relation"], row["subject"], row["object"]
        year = year_of(row["from"])
        parts: list[Label] = []
        if names_object:
            others = self.facts[relation, s]
            one_value = relation in ("birth", "death")
            parts.append(SUPPORTED if o in others else REFUTED if others and one_value else UNKNOWN)
        if names_year:
            direct = s if relation not in DIRECT or DIRECT[relation][1] == "subject" else o
            years = self.years[relation, direct if relation in DIRECT else f"{s}\t{o}"]
            # A year that is there twice, because sources differ, refutes nothing.
            parts.append(SUPPORTED if year in years else REFUTED if len(years) == 1 else UNKNOWN)
        if REFUTED in parts:
            return REFUTED
        return UNKNOWN if UNKNOWN in parts else SUPPORTED


def _factbench_statements(rows: Iterable[Mapping[str, Any]], known: Known) -> Iterator[Statement]:
    for row in rows:
        relation, s, o = row["relation"], row["subject"], row["object"]
        for template in DIRECT[relation][3:] if relation in DIRECT else EVENTS[relation][1:]:
            text = template.format(s=s, o=o, y=year_of(row["from"]))
            direct_on_object = relation == "publicationDate" and "{s}" not in template
            names_object = "{o}" in template and not direct_on_object
            label = known.label(row, names_object=names_object, names_year="{y}" in template)
            held = row["truth"] and digest(relation, s, o) % 10 < 3
            yield Statement(text, label, f"{relation}:{row['negative_type'] or 'true'}{':held' if held else ''}")


# --------------------------------------------------------------------------------------------------------------- webnlg


def webnlg(rows: Iterable[Mapping[str, Any]]) -> tuple[str, list[Statement]]:
    """Return the graph as TSV and the statements."""
    usable = [row for row in rows if len(row["triples"]) == 1]
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in usable:
        s, p, o = row["triples"][0]
        values[p, s].add(o)
    subjects: Counter[str] = Counter(p for p, _ in values)
    single: Counter[str] = Counter(p for (p, _), found in values.items() if len(found) == 1)
    one_value = {p for p, number in subjects.items() if single[p] / number >= 0.95}
    by_property: dict[str, list[str]] = defaultdict(list)
    for (p, _), found in sorted(values.items()):
        by_property[p].extend(sorted(found))
    statements: list[Statement] = []
    removed: set[tuple[str, str, str]] = set()
    for row in usable:
        s, p, o = row["triples"][0]
        removed |= {(s, p, o)} if digest(s, p, o) % 3 == 2 else set()
    for row in usable:
        s, p, o = row["triples"][0]
        choice = digest(s, p, o) % 3
        for text in row["texts"]:
            if choice == 0:
                statements.append(Statement(text, SUPPORTED, f"{p}:as it is"))
            elif choice == 2:
                statements.append(Statement(text, UNKNOWN, f"{p}:removed"))
            else:
                others = [v for v in by_property[p] if v not in values[p, s]]
                shown = plain(o)
                if others and text.count(shown) == 1:
                    other = others[digest(text) % len(others)]
                    label = REFUTED if p in one_value else UNKNOWN
                    statements.append(Statement(text.replace(shown, plain(other)), label, f"{p}:swapped"))
    kept = {tuple(row["triples"][0]) for row in usable} - removed
    return "".join(f"{s}\t{p}\t{cell(o)}\n" for s, p, o in sorted(kept)), statements


def cell(value: str) -> str:
    """Return a DBpedia name as it is, and a literal as a TSV cell: numbers and dates bare, so that they get a type."""
    match = LITERAL.fullmatch(value)
    if match is None:
        return value
    bare = re.fullmatch(r"-?\d+(\.\d+)?|\d{4}-\d\d-\d\d", match[1])
    return match[1] if bare else '"' + match[1].replace("\\", "\\\\").replace('"', '\\"') + '"'


def plain(value: str) -> str:
    """Return a DBpedia name or literal as people write it."""
    match = LITERAL.fullmatch(value)
    return match[1] if match is not None else value.replace("_", " ")


# --------------------------------------------------------------------------------------------------------------- cities


def cities(countries: Iterable[Mapping[str, Any]]) -> tuple[str, list[Statement]]:
    """Return the graph as Turtle and the statements."""
    pairs = [(city, row["name"]["common"]) for row in countries for city in row.get("capital") or []]
    names = sorted({country for _, country in pairs})
    lines = ['p:country a owl:FunctionalProperty ; rdfs:label "country" .']
    lines += [f"e:k{number} rdfs:label {quoted(name)} ." for number, name in enumerate(names)]
    for number, (city, country) in enumerate(pairs):
        lines.append(f"e:c{number} rdfs:label {quoted(city)} ; p:country e:k{names.index(country)} .")
    statements = []
    for city, country in pairs:
        others = [name for name in names if (city, name) not in pairs]
        other = others[digest(city, country) % len(others)]
        for template in ("The city of {} is in {}.", "{} is located in {}.", "{} is a city in {}."):
            statements.append(Statement(template.format(city, country), SUPPORTED, "plain"))
            statements.append(Statement(template.format(city, other), REFUTED, "plain"))
        for template in ("The city of {} is not in {}.", "{} isn't in {}."):
            statements.append(Statement(template.format(city, country), REFUTED, "negated"))
            statements.append(Statement(template.format(city, other), SUPPORTED, "negated"))
    return PREFIXES + "\n".join(lines), statements


_BUILDERS = {
    GraphSet.FACTBENCH: factbench,
    GraphSet.WEBNLG: webnlg,
    GraphSet.CITIES: cities,
    GraphSet.COUNTRIES: countries,
}
