"""Tab-separated triples: `subject predicate object`, with or without a header.

A cell is a term in N-Triples syntax (`<iri>`, `"text"@en`), an absolute http IRI, or a name; in the object column
also a number, an ISO date, or a number with its unit in brackets. Names become IRIs under a namespace, with the name as
label; the same name is the same entity. With a header, columns go by name and others are passed over; identifier
columns keep entities apart that share a name:

    subject | head, predicate | relation | property, object | tail      names
    subject_id | head_id | head_mid, object_id | tail_id | tail_mid     identifiers, optional
    predicate_label | relation_label | relation_text                    another name of the property, optional
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from factcheck.errors import GraphSyntaxError
from factcheck.graph.vocabulary import RDFS, SKOS, XSD, parse_term, phrase_from_name

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Quad

    from factcheck.graph.load import SkipLog

_COLUMNS = {
    "subject": ("subject", "head"),
    "predicate": ("predicate", "relation", "property"),
    "object": ("object", "tail"),
    "subject_id": ("subject_id", "head_id", "head_mid"),
    "object_id": ("object_id", "tail_id", "tail_mid"),
    "predicate_label": ("predicate_label", "relation_label", "relation_text"),
}
_INTEGER = re.compile(r"[+-]?\d{1,400}")
_DECIMAL = re.compile(r"[+-]?\d{1,400}\.\d{1,400}")
_MEASURE = re.compile(r"[+-]?\d[\d,.]{0,30}\s*\([^()]{1,60}\)")  # 686.0 (square kilometres)
_DATE = re.compile(r"-?\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class _Columns(NamedTuple):
    subject: int
    predicate: int
    object: int
    subject_id: int | None = None
    object_id: int | None = None
    predicate_label: int | None = None
    width: int = 3


def read_tsv(file: IO[bytes], path: Path, *, namespace: str, skip: SkipLog | None) -> Iterator[Quad]:
    """Yield the statements of a TSV file, and a label for each name when it is first met.

    Args:
        file: opened for reading bytes.
        path: for messages.
        namespace: names become IRIs under it.
        skip: where bad lines are noted; without it the first one is raised.

    Raises:
        GraphSyntaxError: a line has the wrong number of cells, an empty one, or one that is not UTF-8 or no term.
    """
    writer = TripleWriter(namespace)
    columns: _Columns | None = None
    for number, raw in enumerate(file, 1):
        if not raw.strip():
            continue
        try:
            cells = _cells(raw, number, path)
            if columns is None:
                columns = _header(cells)
                if columns is not None:
                    continue
                columns = _Columns(0, 1, 2)
            quads = writer.quads(cells, columns, number, path)
        except GraphSyntaxError as error:
            if skip is None:
                raise
            skip.add(error, path)
            columns = columns or _Columns(0, 1, 2)
            continue
        yield from quads


def _cells(raw: bytes, number: int, path: Path) -> list[str]:
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise GraphSyntaxError("is not UTF-8", where=path, line=number, column=error.start + 1) from None
    return text.rstrip("\r\n").split("\t")


def _header(cells: Sequence[str]) -> _Columns | None:
    places = {cell.strip().lower(): i for i, cell in reversed(list(enumerate(cells)))}
    found = {role: next((places[name] for name in names if name in places), None) for role, names in _COLUMNS.items()}
    subject, predicate, value = found["subject"], found["predicate"], found["object"]
    if subject is None or predicate is None or value is None:
        return None
    return _Columns(
        subject, predicate, value, found["subject_id"], found["object_id"], found["predicate_label"], len(cells)
    )


COLUMNS_OF_THREE = _Columns(0, 1, 2)
"""Subject, predicate and object, as a file without a header has them."""


class TripleWriter:
    """Turns cells to quads; remembers what each cell became, because names come again and again."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._entities: dict[tuple[str, str | None], NamedNode] = {}
        self._properties: dict[tuple[str, str | None], NamedNode] = {}
        self._named: set[tuple[str, str]] = set()

    def quads(self, cells: Sequence[str], columns: _Columns, number: int, path: Path) -> list[Quad]:
        """Return the statement of a row, with labels of what it names for the first time.

        Raises:
            GraphSyntaxError: the row has the wrong number of cells, an empty one, or one that is no term.
        """
        from pyoxigraph import Literal, Quad

        if len(cells) != columns.width:
            raise GraphSyntaxError(
                f"has {len(cells)} tab-separated cells instead of {columns.width}", where=path, line=number, column=1
            )
        labels: list[Quad] = []
        at = columns.subject
        try:
            subject = self._entity(cells, at, columns.subject_id, labels)
            if isinstance(subject, Literal):
                raise ValueError("a subject is a name or an IRI, not a literal")
            at = columns.predicate
            predicate = self._property(cells, columns, labels)
            at = columns.object
            value = self._entity(cells, at, columns.object_id, labels, literal=True)
        except ValueError as error:
            column = 1 + sum(len(cell) + 1 for cell in cells[:at])
            raise GraphSyntaxError(str(error), where=path, line=number, column=column) from None
        return [*labels, Quad(subject, predicate, value)]

    def _entity(
        self, cells: Sequence[str], at: int, id_at: int | None, labels: list[Quad], *, literal: bool = False
    ) -> NamedNode | Literal:
        key = (cells[at], None if id_at is None else cells[id_at])
        if key in self._entities:
            return self._entities[key]
        cell = cells[at].strip()
        identifier = cell if id_at is None else cells[id_at].strip()
        if not cell or not identifier:
            raise ValueError("is empty")
        found = _explicit(identifier)
        if found is None and literal and id_at is None:
            found = _value(cell)
        if found is not None and id_at is None:
            return found
        node = self._minted("entity/", identifier) if found is None else _node(found)
        self._name(node, cell if id_at is not None else cell.replace("_", " "), labels)
        self._entities[key] = node
        return node

    def _property(self, cells: Sequence[str], columns: _Columns, labels: list[Quad]) -> NamedNode:
        label_at = columns.predicate_label
        key = (cells[columns.predicate], None if label_at is None else cells[label_at])
        if key in self._properties:
            return self._properties[key]
        cell = cells[columns.predicate].strip()
        if not cell:
            raise ValueError("is empty")
        found = _explicit(cell)
        if found is None:
            node = self._minted("property/", cell)
            self._name(node, phrase_from_name(cell.rstrip("/").rpartition("/")[2]), labels)
        else:
            node = _node(found)
        if label_at is not None and cells[label_at].strip():
            self._name(node, cells[label_at].strip(), labels, SKOS + "altLabel")
        self._properties[key] = node
        return node

    def _minted(self, kind: str, name: str) -> NamedNode:
        from pyoxigraph import NamedNode

        return NamedNode(self._namespace + kind + _quoted(name.lstrip("/")))

    def _name(self, node: NamedNode, name: str, labels: list[Quad], predicate: str = RDFS + "label") -> None:
        from pyoxigraph import Literal, NamedNode, Quad

        if (node.value, name) not in self._named:
            self._named.add((node.value, name))
            labels.append(Quad(node, NamedNode(predicate), Literal(name)))


def _explicit(cell: str) -> NamedNode | Literal | None:
    from pyoxigraph import BlankNode, Literal, NamedNode

    if cell.startswith("<") and cell.endswith(">"):
        return NamedNode(cell[1:-1])
    if cell.startswith(("http://", "https://")) and " " not in cell:
        return NamedNode(cell)
    if cell.startswith("_:"):
        raise ValueError("blank nodes have no place in TSV")
    if cell.startswith('"'):
        try:
            found = parse_term(cell)
        except ValueError:
            if len(cell) < 2 or not cell.endswith('"'):
                raise
            return Literal(cell[1:-1])
        return None if isinstance(found, BlankNode) else found
    return None


def _node(found: NamedNode | Literal) -> NamedNode:
    from pyoxigraph import NamedNode

    if not isinstance(found, NamedNode):
        raise ValueError("is a literal where an entity or a property stands")
    return found


def _value(cell: str) -> Literal | None:
    if not cell[0].isdigit() and cell[0] not in "+-":
        return None
    from pyoxigraph import Literal, NamedNode

    if _MEASURE.fullmatch(cell):
        return Literal(cell)

    for pattern, name in ((_DATE, "date"), (_INTEGER, "integer"), (_DECIMAL, "decimal")):
        if pattern.fullmatch(cell):
            return Literal(cell, datatype=NamedNode(XSD + name))
    return None


def _quoted(name: str) -> str:
    return quote(" ".join(name.split()).replace(" ", "_"), safe="/,()'!*:@&=+$-._~")
