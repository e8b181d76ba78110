"""ATOMIC 2020's tuples: three tab-separated columns, `head relation tail`, without a header.

Heads and tails are phrases ("PersonX buys ___ for lunch"); they become entities with that label. A tail `none` says
that annotators saw nothing, and is no statement.

Source: Hwang et al., 2021, "(Comet-) Atomic 2020", table 1: the relations.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from factcheck.errors import GraphSyntaxError
from factcheck.graph.importers import EVERYTHING, ImportFilter, read_each
from factcheck.graph.vocabulary import RDFS, SEVERAL, TEMPLATE, phrase_from_name

if TYPE_CHECKING:
    from pyoxigraph import NamedNode, Quad

    from factcheck.graph.load import SkipLog

BASE = "https://factcheck.example/atomic/"
_RELATIONS = {
    "AtLocation": ("is found at", "{subject} is found at {object}"),
    "CapableOf": ("can", "{subject} can {object}"),
    "Causes": ("causes", "{subject} causes {object}"),
    "Desires": ("wants", "{subject} wants {object}"),
    "HasProperty": ("has the property", "{subject} is {object}"),
    "HasSubEvent": ("includes", "{subject} includes {object}"),
    "HinderedBy": ("is hindered by", "{subject} can be hindered by {object}"),
    "MadeUpOf": ("is made up of", "{subject} is made up of {object}"),
    "NotDesires": ("does not want", "{subject} does not want {object}"),
    "ObjectUse": ("is used for", "{subject} is used for {object}"),
    "isAfter": ("happens after", "{subject} happens after {object}"),
    "isBefore": ("happens before", "{subject} happens before {object}"),
    "isFilledBy": ("can be filled by", "the blank in {subject} can be filled by {object}"),
    "oEffect": ("has on others the effect", "{subject}; the effect on others: {object}"),
    "oReact": ("makes others feel", "{subject}; others then feel {object}"),
    "oWant": ("makes others want", "{subject}; others then want {object}"),
    "xAttr": ("shows PersonX to be", "{subject}; PersonX is seen as {object}"),
    "xEffect": ("has on PersonX the effect", "{subject}; the effect on PersonX: {object}"),
    "xIntent": ("was intended by PersonX", "{subject}, because PersonX wanted {object}"),
    "xNeed": ("needed PersonX before", "{subject}; before that PersonX needed {object}"),
    "xReact": ("makes PersonX feel", "{subject}; PersonX then feels {object}"),
    "xReason": ("happens because", "{subject}, because {object}"),
    "xWant": ("makes PersonX want", "{subject}; PersonX then wants {object}"),
}


def read_atomic(
    file: IO[bytes], path: Path, *, keep: ImportFilter = EVERYTHING, skip: SkipLog | None = None
) -> Iterator[Quad]:
    """Yield the tuples whose relation is kept, with labels of what they name.

    Raises:
        GraphSyntaxError: a line has another number of columns, an empty head or relation, or is not UTF-8.
    """
    named: dict[str, NamedNode] = {}
    yield from read_each(enumerate(file, 1), path, skip, lambda raw, number: _read(raw, number, path, keep, named))


def _read(raw: bytes, number: int, path: Path, keep: ImportFilter, named: dict[str, NamedNode]) -> list[Quad]:
    from pyoxigraph import Literal, NamedNode, Quad

    if not raw.strip():
        return []
    try:
        cells = [" ".join(cell.split()) for cell in raw.decode("utf-8").rstrip("\r\n").split("\t")]
    except UnicodeDecodeError as error:
        raise GraphSyntaxError("is not UTF-8", where=path, line=number, column=error.start + 1) from None
    if len(cells) != 3 or not cells[0] or not cells[1]:
        raise GraphSyntaxError("is not head, relation, tail", where=path, line=number, column=1)
    head, relation, tail = cells
    if tail.lower() in ("", "none") or not keep.keeps_property(relation):
        return []
    if (head, relation, tail) == ("head", "relation", "tail"):
        return []
    found: list[Quad] = []
    label = NamedNode(RDFS + "label")

    def entity(phrase: str) -> NamedNode:
        node = named.get(phrase)
        if node is None:
            node = named[phrase] = NamedNode(f"{BASE}phrase/{quote(phrase.replace(' ', '_'), safe='')}")
            found.append(Quad(node, label, Literal(phrase, language="en")))
        return node

    key = f"\t{relation}"
    predicate = named.get(key)
    if predicate is None:
        predicate = named[key] = NamedNode(f"{BASE}relation/{quote(relation, safe='')}")
        words, template = _RELATIONS.get(relation, (phrase_from_name(relation), ""))
        found.append(Quad(predicate, label, Literal(words, language="en")))
        found.append(Quad(predicate, NamedNode(SEVERAL), Literal("true")))
        if template:
            found.append(Quad(predicate, NamedNode(TEMPLATE), Literal(template, language="en")))
    subject = entity(head)
    found.append(Quad(subject, predicate, entity(tail)))
    return found
