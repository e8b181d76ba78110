"""RDF files to quads: what parses comes out, what does not is refused with file, line and column.

Parsing is pyoxigraph's. Here is what it leaves open: gzip, names for blank nodes that are the same at every build, the
place of an error in formats whose parser does not tell, bad lines that may be passed over, and TSV
(`factcheck.graph.tsv`).
"""

from __future__ import annotations

import bz2
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from factcheck.errors import DocumentError, GraphSyntaxError, UsageError
from factcheck.graph.importers import EVERYTHING, ImportFilter
from factcheck.provenance import storage_error

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Quad, RdfFormat, Triple

DEFAULT_NAMESPACE = "https://factcheck.example/tsv/"
"""Where the names of TSV files get their IRIs unless the caller says otherwise."""

_CHUNK_LINES = 4096
_LISTED_LINES = 1000


class GraphFormat(StrEnum):
    """The formats that are read, by the name that a user writes."""

    N_TRIPLES = "nt"
    N_QUADS = "nq"
    TURTLE = "ttl"
    TRIG = "trig"
    RDF_XML = "rdf"
    JSON_LD = "jsonld"
    TSV = "tsv"
    WIKIDATA = "wikidata"
    DBPEDIA = "dbpedia"
    CONCEPTNET = "conceptnet"
    ATOMIC = "atomic"
    WEBNLG = "webnlg"


PUBLIC_FORMATS = frozenset(
    {GraphFormat.WIKIDATA, GraphFormat.DBPEDIA, GraphFormat.CONCEPTNET, GraphFormat.ATOMIC, GraphFormat.WEBNLG}
)
"""Files of public graphs, which are read by what they are and not by how they are called."""

LINE_FORMATS = frozenset({GraphFormat.N_TRIPLES, GraphFormat.N_QUADS, GraphFormat.TSV}) | PUBLIC_FORMATS
"""A bad line of these says nothing about the next."""

_SUFFIXES = {
    **{f".{form.value}": form for form in GraphFormat if form not in PUBLIC_FORMATS},
    ".ntriples": GraphFormat.N_TRIPLES,
    ".nquads": GraphFormat.N_QUADS,
    ".turtle": GraphFormat.TURTLE,
    ".owl": GraphFormat.RDF_XML,
    ".xml": GraphFormat.RDF_XML,
    ".json": GraphFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedLine:
    """A line that was passed over, and why."""

    file: str
    line: int
    column: int | None
    message: str


@dataclass(slots=True)
class SkipLog:
    """Counts every line that was passed over and keeps the first thousand."""

    count: int = 0
    lines: list[SkippedLine] = field(default_factory=list)

    def add(self, error: GraphSyntaxError, file: Path) -> None:
        """Note one line."""
        self.count += 1
        if len(self.lines) < _LISTED_LINES:
            self.lines.append(
                SkippedLine(file=str(file), line=error.line or 0, column=error.column, message=error.what)
            )


def format_of(path: Path) -> GraphFormat:
    """Return the format that a file's name announces; a trailing `.gz` or `.bz2` is looked through.

    Raises:
        UsageError: the suffix is not known.
    """
    name = path.name.lower().removesuffix(".gz").removesuffix(".bz2")
    form = _SUFFIXES.get(Path(name).suffix)
    if form is None:
        known = ", ".join(sorted(_SUFFIXES))
        raise UsageError(
            "is of no known graph format", where=path, remedy=f"known suffixes are {known} (also .gz and .bz2)"
        )
    return form


def read_quads(
    path: Path,
    *,
    form: GraphFormat | None = None,
    base: str | None = None,
    skip: SkipLog | None = None,
    namespace: str = DEFAULT_NAMESPACE,
    blank_prefix: str = "b",
    keep: ImportFilter = EVERYTHING,
) -> Iterator[Quad]:
    """Yield the statements of one file.

    Args:
        path: the file; gzip where its name ends in `.gz`, bzip2 where it ends in `.bz2`.
        form: what it is, where the name does not say it.
        base: IRI against which relative IRIs are resolved; the file's own URI unless given.
        skip: where bad lines of the line formats are noted; without it the first one ends the reading.
        namespace: for the names of TSV files.
        blank_prefix: blank nodes are called by it and a running number, in the order of the file.
        keep: what of a public graph is kept.

    Raises:
        GraphSyntaxError: the file breaks its grammar; names file, line and column.
        DocumentError: its compression is broken.
        StorageError: it cannot be read.
    """
    form = form or format_of(path)
    if skip is not None and form not in LINE_FORMATS:
        skip = None  # the next statement cannot be found without the last one's end
    if form is GraphFormat.TSV:
        from factcheck.graph.tsv import read_tsv

        with _opened(path) as file:
            yield from read_tsv(file, path, namespace=namespace, skip=skip)
        return
    if form in PUBLIC_FORMATS:
        with _opened(path) as file:
            yield from _public(file, path, form, namespace, keep, skip)
        return
    rename = _Renamer(blank_prefix)
    strict_base = base or path.absolute().as_uri()
    quads = _strict(path, form, strict_base) if skip is None else _lenient(path, form, skip)
    for quad in quads:
        yield rename(quad)


def _public(
    file: IO[bytes], path: Path, form: GraphFormat, namespace: str, keep: ImportFilter, skip: SkipLog | None
) -> Iterator[Quad]:
    from factcheck.graph.importers.atomic import read_atomic
    from factcheck.graph.importers.conceptnet import read_conceptnet
    from factcheck.graph.importers.dumps import read_dbpedia, read_wikidata
    from factcheck.graph.importers.webnlg import read_webnlg

    if form is GraphFormat.WEBNLG:
        return read_webnlg(file, path, namespace=namespace, keep=keep, skip=skip)
    readers = {
        GraphFormat.WIKIDATA: read_wikidata,
        GraphFormat.DBPEDIA: read_dbpedia,
        GraphFormat.CONCEPTNET: read_conceptnet,
        GraphFormat.ATOMIC: read_atomic,
    }
    return readers[form](file, path, keep=keep, skip=skip)


def _strict(path: Path, form: GraphFormat, base: str) -> Iterator[Quad]:
    from pyoxigraph import parse

    try:
        with _opened(path) as file:
            yield from parse(file, format=_oxigraph(form), base_iri=base)
    except SyntaxError as error:
        raise _syntax_error(error, path, form, base) from None


def _lenient(path: Path, form: GraphFormat, skip: SkipLog) -> Iterator[Quad]:
    from pyoxigraph import parse

    with _opened(path) as file:
        number = 0
        while lines := list(islice(file, _CHUNK_LINES)):
            try:
                quads: Iterable[Quad] = list(parse(b"".join(lines), format=_oxigraph(form)))
            except SyntaxError:
                quads = _line_by_line(lines, number, path, form, skip)
            yield from quads
            number += len(lines)


def _line_by_line(lines: list[bytes], before: int, path: Path, form: GraphFormat, skip: SkipLog) -> Iterator[Quad]:
    from pyoxigraph import parse

    for number, line in enumerate(lines, before + 1):
        try:
            yield from list(parse(line, format=_oxigraph(form)))
        except SyntaxError as error:
            skip.add(GraphSyntaxError(_message(error), where=path, line=number, column=error.offset or 1), path)


def _oxigraph(form: GraphFormat) -> RdfFormat:
    from pyoxigraph import RdfFormat

    return {
        GraphFormat.N_TRIPLES: RdfFormat.N_TRIPLES,
        GraphFormat.N_QUADS: RdfFormat.N_QUADS,
        GraphFormat.TURTLE: RdfFormat.TURTLE,
        GraphFormat.TRIG: RdfFormat.TRIG,
        GraphFormat.RDF_XML: RdfFormat.RDF_XML,
        GraphFormat.JSON_LD: RdfFormat.JSON_LD,
    }[form]


class _Renamer:
    """Gives blank nodes names that depend on nothing but the file, so that equal builds hold equal triples."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, BlankNode] = {}

    def __call__(self, quad: Quad) -> Quad:
        from pyoxigraph import BlankNode, Quad, Triple

        s, o, g = quad.subject, quad.object, quad.graph_name
        if isinstance(o, Triple):
            o = self._triple(o)
            quad = Quad(s, quad.predicate, o, g)
        if not (isinstance(s, BlankNode) or isinstance(o, BlankNode) or isinstance(g, BlankNode)):
            return quad
        return Quad(
            self._name(s) if isinstance(s, BlankNode) else s,
            quad.predicate,
            self._name(o) if isinstance(o, BlankNode) else o,
            self._name(g) if isinstance(g, BlankNode) else g,
        )

    def _triple(self, term: Triple) -> Triple:
        """Rename within a triple that is spoken of (RDF 1.2)."""
        from pyoxigraph import BlankNode, Triple

        s, o = term.subject, term.object
        return Triple(
            self._name(s) if isinstance(s, BlankNode) else s,
            term.predicate,
            self._name(o) if isinstance(o, BlankNode) else self._triple(o) if isinstance(o, Triple) else o,
        )

    def _name(self, node: BlankNode) -> BlankNode:
        from pyoxigraph import BlankNode

        if node.value not in self._names:
            self._names[node.value] = BlankNode(f"{self._prefix}{len(self._names)}")
        return self._names[node.value]


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as raw:
            if path.name.lower().endswith(".gz"):
                with gzip.GzipFile(fileobj=raw) as packed, io.BufferedReader(packed) as file:
                    yield file
            elif path.name.lower().endswith(".bz2"):
                with bz2.BZ2File(raw) as packed_too:
                    yield packed_too
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DocumentError(
            f"is not a whole gzip or bzip2 file ({error})", where=path, remedy="fetch it again"
        ) from error
    except OSError as error:
        if error.errno is None:  # the decompressor's own
            raise DocumentError(f"is not a whole bzip2 file ({error})", where=path, remedy="fetch it again") from error
        raise storage_error(error, path) from error


# ------------------------------------------------------------------------------------------------------- error places


def _message(error: SyntaxError) -> str:
    text = str(error.msg or error)
    if "LoadDocumentCallback" in text:
        return "names a remote context, and nothing is fetched; put the context into the file"
    for lead in ("Parser error at ", "error at "):
        if text.startswith(lead) and ": " in text:
            text = text.partition(": ")[2]
    return text.replace("\n", " ")


def _syntax_error(error: SyntaxError, path: Path, form: GraphFormat, base: str) -> GraphSyntaxError:
    line, column = error.lineno, error.offset
    if line is None:
        line, column = _locate(path, form, base)
    return GraphSyntaxError(_message(error), where=path, line=line, column=column)


class _Trickle(io.RawIOBase):
    """Hands out one line at a time, and of one line one byte at a time, so that the place of an error is known."""

    def __init__(self, file: IO[bytes], slow_line: int | None) -> None:
        self._file = file
        self._slow_line = slow_line
        self._rest = b""
        self.line = 0
        self.column = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = self._file.readline()
            self.line += bool(self._rest)
            self.column = 0
        count = len(self._rest) if size < 0 else size
        if self.line == self._slow_line:
            count = 1
        piece, self._rest = self._rest[:count], self._rest[count:]
        self.column += len(piece)
        return piece


def _locate(path: Path, form: GraphFormat, base: str) -> tuple[int | None, int | None]:
    """Find the line and column after which the parser gives up, by reading again, slowly."""
    first = _give_up(path, form, base, None)
    if first is None:
        return None, None
    second = _give_up(path, form, base, first[0])
    return second or first


def _give_up(path: Path, form: GraphFormat, base: str, slow_line: int | None) -> tuple[int, int] | None:
    from pyoxigraph import parse

    with _opened(path) as file:
        trickle = _Trickle(file, slow_line)
        try:
            for _ in parse(cast("IO[bytes]", trickle), format=_oxigraph(form), base_iri=base):
                pass
        except SyntaxError:
            return max(trickle.line, 1), max(trickle.column, 1)
    return None
