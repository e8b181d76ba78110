"""ConceptNet's assertions: five tab-separated columns, `assertion relation start end {json}`.

Concepts become entities under `http://conceptnet.io` with their words as label; what a concept's URI says of the sense
(`/n/wn/animal`) is kept in the IRI and not in the label. Links to other data sets (`ExternalURL`) are left out.

Source: the ConceptNet 5.7 wiki, pages "Downloads" and "Relations".
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from factcheck.errors import GraphSyntaxError
from factcheck.graph.importers import EVERYTHING, ImportFilter, read_each
from factcheck.graph.vocabulary import OWL, RDFS, SEVERAL, SKOS, TEMPLATE, TYPE, phrase_from_name

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Quad

    from factcheck.graph.load import SkipLog

BASE = "http://conceptnet.io"
_LEFT_OUT = frozenset({"ExternalURL"})
_SYMMETRIC = frozenset("RelatedTo Synonym Antonym SimilarTo LocatedNear DistinctFrom EtymologicallyRelatedTo".split())
# Relation: label, sentence; other words for it.
_RELATIONS = {
    "AtLocation": ("is found at", "{subject} is found at {object}", "can be found in, is located in, is in"),
    "CapableOf": ("can", "{subject} can {object}", "is capable of, is able to"),
    "Causes": ("causes", "{subject} causes {object}", "leads to, results in"),
    "CausesDesire": ("makes someone want", "{subject} makes someone want {object}", "causes the desire to"),
    "CreatedBy": ("is created by", "{subject} is created by {object}", "is made by"),
    "DefinedAs": ("is defined as", "{subject} is defined as {object}", ""),
    "Desires": ("wants", "{subject} wants {object}", "desires"),
    "HasA": ("has", "{subject} has {object}", "contains"),
    "HasContext": ("is used in the context of", "{subject} is used in the context of {object}", ""),
    "HasPrerequisite": ("requires", "{subject} requires {object}", "needs, has prerequisite"),
    "HasProperty": ("has the property", "{subject} is {object}", "is"),
    "HasSubevent": ("has the subevent", "{subject} has the subevent {object}", "involves, includes"),
    "HasFirstSubevent": ("begins with", "{subject} begins with {object}", "starts with"),
    "HasLastSubevent": ("ends with", "{subject} ends with {object}", ""),
    "InstanceOf": ("is an instance of", "{subject} is an instance of {object}", "is a, is an example of"),
    "IsA": ("is a", "{subject} is a kind of {object}", "is a kind of, is a type of, is an"),
    "LocatedNear": ("is located near", "{subject} is located near {object}", "is near"),
    "MadeOf": ("is made of", "{subject} is made of {object}", "consists of, is made from"),
    "MannerOf": ("is a way of", "{subject} is a way of {object}", "is a manner of"),
    "MotivatedByGoal": ("is motivated by", "{subject} is motivated by {object}", ""),
    "NotCapableOf": ("cannot", "{subject} cannot {object}", "is not capable of"),
    "NotDesires": ("does not want", "{subject} does not want {object}", "does not desire"),
    "NotHasProperty": ("does not have the property", "{subject} is not {object}", "is not"),
    "ObstructedBy": ("is obstructed by", "{subject} is obstructed by {object}", "is prevented by"),
    "PartOf": ("is part of", "{subject} is part of {object}", "is a part of, belongs to"),
    "ReceivesAction": ("can be", "{subject} can be {object}", ""),
    "RelatedTo": ("is related to", "{subject} is related to {object}", ""),
    "SymbolOf": ("symbolises", "{subject} is a symbol of {object}", "is a symbol of, represents"),
    "Synonym": ("means the same as", "{subject} means the same as {object}", "is a synonym of"),
    "Antonym": ("is the opposite of", "{subject} is the opposite of {object}", "is an antonym of"),
    "UsedFor": ("is used for", "{subject} is used for {object}", "is used to, serves for"),
}


def read_conceptnet(
    file: IO[bytes], path: Path, *, keep: ImportFilter = EVERYTHING, skip: SkipLog | None = None
) -> Iterator[Quad]:
    """Yield the assertions whose relation and languages are kept, with labels of what they name.

    Raises:
        GraphSyntaxError: a line has another number of columns, or its concepts are none.
    """
    writer = _Writer()
    yield from read_each(enumerate(file, 1), path, skip, lambda raw, number: _read(raw, number, path, keep, writer))


def _read(raw: bytes, number: int, path: Path, keep: ImportFilter, writer: _Writer) -> list[Quad]:
    if not raw.strip():
        return []
    try:
        cells = raw.decode("utf-8").rstrip("\r\n").split("\t")
    except UnicodeDecodeError as error:
        raise GraphSyntaxError("is not UTF-8", where=path, line=number, column=error.start + 1) from None
    if len(cells) != 5:
        raise GraphSyntaxError(
            f"has {len(cells)} tab-separated columns instead of 5", where=path, line=number, column=1
        )
    _, relation, start, end, _ = cells
    if not relation.startswith("/r/") or not start.startswith("/c/"):
        raise GraphSyntaxError("names no relation (/r/…) and concept (/c/…)", where=path, line=number, column=1)
    name = relation.removeprefix("/r/")
    if name in _LEFT_OUT or not keep.keeps_property(f"{BASE}{relation}"):
        return []
    if not end.startswith("/c/"):
        raise GraphSyntaxError("ends in no concept (/c/…)", where=path, line=number, column=1)
    if not all(keep.keeps_language(concept.split("/")[2]) for concept in (start, end)):
        return []
    return writer.quads(name, start, end)


class _Writer:
    """Names each concept and relation once."""

    def __init__(self) -> None:
        self._named: dict[str, NamedNode] = {}

    def quads(self, relation: str, start: str, end: str) -> list[Quad]:
        from pyoxigraph import Quad

        found: list[Quad] = []
        subject, value = (self._concept(concept, found) for concept in (start, end))
        found.append(Quad(subject, self._relation(relation, found), value))
        return found

    def _concept(self, concept: str, found: list[Quad]) -> NamedNode:
        from pyoxigraph import Literal, NamedNode, Quad

        node = self._named.get(concept)
        if node is None:
            parts = concept.split("/")  # ["", "c", language, words, part of speech, …]
            node = self._named[concept] = NamedNode(BASE + quote(concept, safe="/,()'!*:@&=+$-._~"))
            words = parts[3].replace("_", " ") if len(parts) > 3 else ""
            if words:
                found.append(Quad(node, NamedNode(RDFS + "label"), Literal(words, language=parts[2])))
        return node

    def _relation(self, name: str, found: list[Quad]) -> NamedNode:
        from pyoxigraph import Literal, NamedNode, Quad

        key = f"/r/{name}"
        node = self._named.get(key)
        if node is None:
            node = self._named[key] = NamedNode(BASE + quote(key, safe="/"))
            label, template, others = _RELATIONS.get(name, (phrase_from_name(name.rpartition("/")[2]), "", ""))
            found.append(Quad(node, NamedNode(RDFS + "label"), Literal(label, language="en")))
            if template:
                found.append(Quad(node, NamedNode(TEMPLATE), Literal(template, language="en")))
            alias = NamedNode(SKOS + "altLabel")
            found.extend(Quad(node, alias, Literal(o, language="en")) for o in filter(None, others.split(", ")))
            found.append(Quad(node, NamedNode(SEVERAL), Literal("true")))
            if name in _SYMMETRIC:
                found.append(Quad(node, NamedNode(TYPE), NamedNode(OWL + "SymmetricProperty")))
        return node
