"""Wikidata's truthy dump and DBpedia's files: N-Triples of thousands of millions of lines, filtered as they pass.

A line is looked at as bytes first, so that what is not wanted is never parsed. What is kept becomes readable by the
rest of the package:

- Wikidata: the label of `entity/P19` names the property `prop/direct/P19`; instance of (P31) also becomes `rdf:type`,
  subclass of (P279) `rdfs:subClassOf`; constraints and relations of properties become OWL: single value, distinct
  values, symmetric, inverse (P1696), subproperty (P1647).
- DBpedia: links between pages and other bookkeeping are left out; numbers with a unit in their datatype
  (`datatype/squareKilometre`) become numbers whose property has that unit; those of the ontology's own properties have
  base units (square metres, metres).

Source: "Wikibase/Indexing/RDF Dump Format" of mediawiki.org; the DBpedia mappings wiki, "Datatypes".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from factcheck.errors import GraphSyntaxError
from factcheck.graph.importers import EVERYTHING, ImportFilter
from factcheck.graph.vocabulary import ALIASES, DBO, LABELS, OWL, RDFS, SUBCLASS, SUBPROPERTY, TYPE, UNIT, XSD

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from factcheck.graph.load import SkipLog

_LINE = re.compile(rb'\s*(<[^>]*>|_:\S+)\s+<([^>]*)>\s+(?:.*"@([A-Za-z-]+)\s*\.|.*)\s*$', re.S)
_CHUNK = 4096
_NAMES = frozenset(iri.encode() for iri in (*LABELS, *ALIASES))

WD = "http://www.wikidata.org/entity/"
WDT = "http://www.wikidata.org/prop/direct/"
_STRUCTURE = {"P31": TYPE, "P279": SUBCLASS}
_OF_PROPERTIES = {"P1696": OWL + "inverseOf", "P1647": SUBPROPERTY}
_CONSTRAINTS = {
    "Q19474404": "FunctionalProperty",
    "Q52060874": "FunctionalProperty",
    "Q21502410": "InverseFunctionalProperty",
    "Q21510862": "SymmetricProperty",
}
# The truthy dump gives a name three times over; descriptions and links name nothing.
_REPEATED = frozenset(
    {b"http://schema.org/name", b"http://www.w3.org/2004/02/skos/core#prefLabel", b"http://schema.org/description"}
)

_DBPEDIA_TYPE = "http://dbpedia.org/datatype/"
_UNITS = {
    "squareKilometre": "km^2", "squareMetre": "m^2", "hectare": "hectare", "kilometre": "km", "metre": "m",
    "centimetre": "cm", "millimetre": "mm", "kilogram": "kg", "gram": "g", "second": "second", "minute": "minute",
    "hour": "hour", "day": "day", "cubicMetre": "m^3", "cubicKilometre": "km^3", "kelvin": "kelvin",
    "degreeCelsius": "degC", "inhabitantsPerSquareKilometre": "1/km^2", "kilometrePerHour": "km/hour",
    "gramPerCubicCentimetre": "g/cm^3", "cubicMetrePerSecond": "m^3/second", "foot": "foot", "mile": "mile",
}  # fmt: skip
# Of the ontology's own properties the mapping-based files give base units, as plain numbers.
_BASE_UNITS = {
    **dict.fromkeys(("area", "areaTotal", "areaLand", "areaWater"), "m^2"),
    **dict.fromkeys(
        ("elevation", "height", "length", "width", "depth", "maximumDepth", "prominence", "runwayLength"), "m"
    ),
    "weight": "g",
    "runtime": "second",
}
_PLAIN = frozenset(XSD + name for name in ("double", "decimal", "float", "integer", "nonNegativeInteger"))
_BOOKKEEPING = ("wikiPage", "thumbnail", "abstract")


def read_wikidata(
    file: IO[bytes], path: Path, *, keep: ImportFilter = EVERYTHING, skip: SkipLog | None = None
) -> Iterator[Quad]:
    """Yield what is kept of a truthy dump.

    Raises:
        GraphSyntaxError: a line that is kept breaks the grammar.
    """

    def wanted(subject: bytes, predicate: bytes, language: bytes | None) -> bool:
        if predicate in _REPEATED:
            return False
        if language is not None and not keep.keeps_language(language.decode()):
            return False
        if predicate in _NAMES:
            return subject.startswith(b"<" + WD.encode())
        if not predicate.startswith(WDT.encode()):
            return False
        name = predicate[len(WDT) :].decode()
        of_property = subject.startswith(f"<{WD}P".encode())
        return name in _STRUCTURE or of_property or keep.keeps_property(WDT + name)

    for quad in _filtered(file, path, wanted, skip):
        yield from _of_wikidata(quad, keep)


def _of_wikidata(quad: Quad, keep: ImportFilter) -> Iterator[Quad]:
    from pyoxigraph import NamedNode, Quad

    subject, value = quad.subject, quad.object
    name = quad.predicate.value.removeprefix(WDT)
    if isinstance(subject, NamedNode) and subject.value.startswith(WD + "P"):
        node = NamedNode(WDT + subject.value.removeprefix(WD))
        if quad.predicate.value.encode() in _NAMES:
            yield Quad(node, quad.predicate, value)
        elif isinstance(value, NamedNode):
            target = value.value.removeprefix(WD)
            if name == "P2302" and target in _CONSTRAINTS:
                yield Quad(node, NamedNode(TYPE), NamedNode(OWL + _CONSTRAINTS[target]))
            elif name in _OF_PROPERTIES:
                yield Quad(node, NamedNode(_OF_PROPERTIES[name]), NamedNode(WDT + target))
        return
    if name in _STRUCTURE:
        yield Quad(subject, NamedNode(_STRUCTURE[name]), value)
        if not keep.properties or name in keep.properties:
            yield quad
        return
    yield quad


def read_dbpedia(
    file: IO[bytes], path: Path, *, keep: ImportFilter = EVERYTHING, skip: SkipLog | None = None
) -> Iterator[Quad]:
    """Yield what is kept of a DBpedia file in N-Triples (or Turtle with a triple a line, as they are published).

    Raises:
        GraphSyntaxError: a line that is kept breaks the grammar.
    """
    redirect = f"{DBO}wikiPageRedirects".encode()

    def wanted(subject: bytes, predicate: bytes, language: bytes | None) -> bool:
        if language is not None and not keep.keeps_language(language.decode()):
            return False
        if predicate == redirect or predicate in _NAMES or predicate.startswith((RDFS.encode(), OWL.encode())):
            return not predicate.endswith((b"#comment", b"#seeAlso"))
        if predicate == TYPE.encode():
            return True
        iri = predicate.decode("utf-8", "replace")
        local = iri.rpartition("/")[2].rpartition("#")[2]
        return not local.startswith(_BOOKKEEPING) and keep.keeps_property(iri)

    units: set[str] = set()
    for quad in _filtered(file, path, wanted, skip):
        yield from _of_dbpedia(quad, units)


def _of_dbpedia(quad: Quad, units: set[str]) -> Iterator[Quad]:
    from pyoxigraph import Literal, NamedNode, Quad

    value = quad.object
    if not isinstance(value, Literal):
        yield quad
        return
    if not value.datatype.value.startswith(_DBPEDIA_TYPE):
        base = _BASE_UNITS.get(quad.predicate.value.removeprefix(DBO)) if value.datatype.value in _PLAIN else None
        if base is not None and quad.predicate.value not in units:
            units.add(quad.predicate.value)
            yield Quad(quad.predicate, NamedNode(UNIT), Literal(base))
        yield quad
        return
    unit = _UNITS.get(value.datatype.value.removeprefix(_DBPEDIA_TYPE))
    if unit is not None and quad.predicate.value not in units:
        units.add(quad.predicate.value)
        yield Quad(quad.predicate, NamedNode(UNIT), Literal(unit))
    number = re.fullmatch(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", value.value)
    datatype = NamedNode(XSD + ("double" if "e" in value.value.lower() else "decimal"))
    yield Quad(quad.subject, quad.predicate, Literal(value.value, datatype=datatype) if number else value)


def _filtered(
    file: IO[bytes], path: Path, wanted: Callable[[bytes, bytes, bytes | None], bool], skip: SkipLog | None
) -> Iterator[Quad]:
    number = 0
    while lines := list(islice(file, _CHUNK)):
        kept = [(at, line) for at, line in enumerate(lines, number + 1) if _is_wanted(line, wanted)]
        number += len(lines)
        yield from _parsed(kept, path, skip)


def _is_wanted(line: bytes, wanted: Callable[[bytes, bytes, bytes | None], bool]) -> bool:
    if not line.strip() or line.lstrip().startswith((b"#", b"@prefix", b"@base")):
        return False
    match = _LINE.match(line)
    return True if match is None else wanted(match[1], match[2], match[3])  # what is no triple is for the parser


def _parsed(lines: list[tuple[int, bytes]], path: Path, skip: SkipLog | None) -> Iterable[Quad]:
    from pyoxigraph import RdfFormat, parse

    try:
        return list(parse(b"".join(line for _, line in lines), format=RdfFormat.N_TRIPLES))
    except SyntaxError:
        pass
    found: list[Quad] = []
    for number, line in lines:
        try:
            found.extend(parse(line, format=RdfFormat.N_TRIPLES))
        except SyntaxError as error:
            problem = GraphSyntaxError(str(error.msg or error), where=path, line=number, column=error.offset or 1)
            if skip is None:
                raise problem from None
            skip.add(problem, path)
    return found
