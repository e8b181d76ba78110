"""The passage table of a segment: an SQLite file that never changes once it is written.

A document's text is kept once, in pieces that begin where passages begin. A passage is a stretch of it, so that
passages that overlap cost nothing, and the whole document can be put together and hashed again. A passage that another
one stands for has no row; `collapsed` keeps its place, so that it can come back when the other one goes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError, StorageError
from factcheck.index.likeness import Bands
from factcheck.index.passages import passage_id
from factcheck.types import Document, Passage, Span

_SCHEMA = """
CREATE TABLE documents (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, title TEXT NOT NULL,
    section TEXT NOT NULL, source TEXT NOT NULL, date TEXT, first INTEGER NOT NULL, passages INTEGER NOT NULL);
CREATE TABLE pieces (document INTEGER NOT NULL, start INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE passages (row INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, section TEXT NOT NULL, key BLOB NOT NULL);
CREATE TABLE collapsed (document INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    section TEXT NOT NULL, key BLOB NOT NULL, near INTEGER NOT NULL);
"""
_INDEXES = """
CREATE INDEX passages_key ON passages (key);
CREATE INDEX collapsed_key ON collapsed (key);
CREATE INDEX collapsed_document ON collapsed (document);
"""
_PASSAGE = """
SELECT p.row, p.document, p.start, p."end", p.section, d.id, d.sha256, d.title, d.source, d.date
FROM passages p JOIN documents d ON d.row = p.document
"""
_PIECES = "SELECT text FROM pieces WHERE document = ? AND start >= ? AND (? IS NULL OR start < ?) ORDER BY start"
_DOCUMENT = "SELECT row, id, sha256, title, section, source, date, first, passages FROM documents"
_LOOKUP_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A passage that gets a row.

    Attributes:
        key: the hash of all that it shows.
        bands: what near-duplicates of it are found by.
    """

    passage: Passage
    key: bytes
    bands: Bands


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapsed:
    """A passage that the one with `key` stands for: because it is equal, or because it is `near`."""

    passage: Passage
    key: bytes
    near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document as a table holds it, with the rows of its passages.

    Attributes:
        document: with its text, or without where only the rest was asked for.
    """

    row: int
    document: Document
    sha256: str
    rows: range


class PassageTableWriter:
    """Fills a table; rows count from 0 in the order of `add`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with _refusals(path):
            self._connection = sqlite3.connect(path)
            # The file is published whole or not at all, and flushed then; a journal on disk would only slow it down.
            self._connection.executescript(f"PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; {_SCHEMA}")
        self.documents = 0
        self.passages = 0

    def add(self, document: Document, sha256: str, kept: Sequence[Kept], collapsed: Sequence[Collapsed] = ()) -> None:
        """Add a document, whose id is not taken, with its passages."""
        text = document.text
        row = self.documents
        described = (document.id, sha256, document.title, document.section, document.source, document.date)
        with _refusals(self._path):
            self._connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (row, *described, self.passages, len(kept)),
            )
            passages = [*(entry.passage for entry in kept), *(entry.passage for entry in collapsed)]
            starts = sorted({0, *(passage.span.start for passage in passages)})
            self._connection.executemany(
                "INSERT INTO pieces VALUES (?, ?, ?)",
                [(row, start, text[start:end]) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)],
            )
            self._connection.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
                [(self.passages + i, row, *_place(entry.passage), entry.key) for i, entry in enumerate(kept)],
            )
            self._connection.executemany(
                "INSERT INTO collapsed VALUES (?, ?, ?, ?, ?, ?)",
                [(row, *_place(entry.passage), entry.key, entry.near) for entry in collapsed],
            )
        self.documents += 1
        self.passages += len(kept)

    def holds(self, identity: str) -> bool:
        """Say whether a document of this id was added."""
        with _refusals(self._path):
            query = "SELECT 1 FROM documents WHERE id = ?"
            return self._connection.execute(query, (identity,)).fetchone() is not None

    def shown(self, row: int) -> tuple[Passage, bytes]:
        """Return a passage that was added, and its key, to compare another one with it."""
        with _refusals(self._path):
            record = self._connection.execute(f"{_PASSAGE} WHERE p.row = ?", (row,)).fetchone()
            (key,) = self._connection.execute("SELECT key FROM passages WHERE row = ?", (row,)).fetchone()
            _, document, start, end, *_ = record
            pieces = self._connection.execute(_PIECES, (document, start, end, end)).fetchall()
        return _passage(record, "".join(piece for (piece,) in pieces)[: end - start]), key

    def close(self) -> None:
        """Write everything out."""
        with _refusals(self._path):
            try:
                self._connection.commit()
                self._connection.executescript(_INDEXES)
            finally:
                self._connection.close()

    def abandon(self) -> None:
        """Let go of a file that nobody will read."""
        self._connection.close()


class PassageTable:
    """Reads a published table; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._reading():
            # Immutable: no lock files beside it, and a read-only disk will do.
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def count(self) -> tuple[int, int]:
        """Return the numbers of documents and of passages."""
        with self._reading():
            query = "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
            documents, passages = self._connection.execute(query).fetchone()
        return int(documents), int(passages)

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of `rows`, in their order.

        Raises:
            IntegrityError: there is no such row.
        """
        wanted = sorted(set(rows))
        found: dict[int, Passage] = {}
        with self._reading():
            for at in range(0, len(wanted), _LOOKUP_ROWS):
                part = wanted[at : at + _LOOKUP_ROWS]
                marks = ",".join("?" * len(part))
                query = f"{_PASSAGE} WHERE p.row IN ({marks})"
                for record in self._connection.execute(query, part).fetchall():
                    found[record[0]] = _passage(record, self._text(*record[1:4]))
        if len(found) < len(wanted):
            raise IntegrityError("lacks a passage", where=self._path)
        return [found[row] for row in rows]

    def __iter__(self) -> Iterator[Passage]:
        """Yield all passages in the order of their rows."""
        _, total = self.count()
        for at in range(0, total, _LOOKUP_ROWS):
            yield from self.passages(range(at, min(at + _LOOKUP_ROWS, total)))

    def documents(self, *, texts: bool = True) -> Iterator[StoredDocument]:
        """Yield all documents in the order of their rows; their texts are put together again unless not wanted."""
        for at in range(0, self.count()[0], _LOOKUP_ROWS):
            with self._reading():
                query = f"{_DOCUMENT} WHERE row >= ? AND row < ? ORDER BY row"
                records = self._connection.execute(query, (at, at + _LOOKUP_ROWS)).fetchall()
            for record in records:
                yield self._document(record, texts=texts)

    def find_document(self, identity: str) -> StoredDocument | None:
        """Return the document of this id, without its text."""
        with self._reading():
            record = self._connection.execute(f"{_DOCUMENT} WHERE id = ?", (identity,)).fetchone()
        return None if record is None else self._document(record, texts=False)

    def document(self, row: int) -> StoredDocument:
        """Return the document of a row.

        Raises:
            IntegrityError: there is no such row.
        """
        with self._reading():
            record = self._connection.execute(f"{_DOCUMENT} WHERE row = ?", (row,)).fetchone()
        if record is None:
            raise IntegrityError("lacks a document", where=self._path)
        return self._document(record, texts=True)

    def rows_of(self, key: bytes) -> list[int]:
        """Return the rows of the passages with this key."""
        with self._reading():
            return [row for (row,) in self._connection.execute("SELECT row FROM passages WHERE key = ?", (key,))]

    def keys(self, rows: range) -> list[bytes]:
        """Return the keys of passages that follow each other."""
        with self._reading():
            query = "SELECT key FROM passages WHERE row >= ? AND row < ? ORDER BY row"
            return [key for (key,) in self._connection.execute(query, (rows.start, rows.stop))]

    def collapsed_into(self, keys: Iterable[bytes]) -> list[int]:
        """Return the rows of the documents that a passage with one of these keys stands in for."""
        found: set[int] = set()
        with self._reading():
            for key in keys:
                found.update(
                    row for (row,) in self._connection.execute("SELECT document FROM collapsed WHERE key = ?", (key,))
                )
        return sorted(found)

    def collapsed(self, stored: StoredDocument) -> list[Collapsed]:
        """Return the passages of a document, read with its text, that others stand for."""
        with self._reading():
            query = 'SELECT start, "end", section, key, near FROM collapsed WHERE document = ? ORDER BY rowid'
            records = self._connection.execute(query, (stored.row,)).fetchall()
        found = []
        for start, end, section, key, near in records:
            span = Span(start=start, end=end)
            passage = Passage(
                id=passage_id(stored.document.id, span),
                document_id=stored.document.id,
                document_sha256=stored.sha256,
                title=stored.document.title,
                section=section,
                text=span.of(stored.document.text),
                span=span,
                source=stored.document.source,
                date=stored.document.date,
            )
            found.append(Collapsed(passage=passage, key=key, near=bool(near)))
        return found

    def count_collapsed(self, alive: Sequence[bool] | npt.NDArray[np.bool_] | None) -> tuple[int, int]:
        """Return how many passages of the documents that are left are equal to others, and how many are near them."""
        counts = [0, 0]
        with self._reading():
            for document, near in self._connection.execute("SELECT document, near FROM collapsed"):
                if alive is None or alive[document]:
                    counts[bool(near)] += 1
        return counts[0], counts[1]

    def _document(
        self, record: tuple[int, str, str, str, str, str, str | None, int, int], *, texts: bool
    ) -> StoredDocument:
        row, identity, sha256, title, section, source, date, first, passages = record
        text = self._text(row, 0, None) if texts else ""
        return StoredDocument(
            row=row,
            document=Document(id=identity, text=text, title=title, section=section, source=source, date=date),
            sha256=sha256,
            rows=range(first, first + passages),
        )

    def _text(self, document: int, start: int, end: int | None) -> str:
        with self._reading():
            pieces = self._connection.execute(_PIECES, (document, start, end, end)).fetchall()
        text = "".join(piece for (piece,) in pieces)
        return text if end is None else text[: end - start]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise IntegrityError(f"is not a passage table ({error})", where=self._path) from error


def _passage(record: tuple[int, int, int, int, str, str, str, str, str, str | None], text: str) -> Passage:
    _, _, start, end, section, identity, sha256, title, source, date = record
    span = Span(start=start, end=end)
    return Passage(
        id=passage_id(identity, span),
        document_id=identity,
        document_sha256=sha256,
        title=title,
        section=section,
        text=text,
        span=span,
        source=source,
        date=date,
    )


def _place(passage: Passage) -> tuple[int, int, str]:
    return passage.span.start, passage.span.end, passage.section


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(
            f"cannot be written ({error})", where=path, remedy="check the free space and the path"
        ) from error
