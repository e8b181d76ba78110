"""The passage table of a segment: an SQLite file that never changes once it is written.

A document's text is kept once, in pieces that begin where passages begin. A passage is a stretch of it, so that
passages that overlap cost nothing, and the whole document can be put together and hashed again.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from factcheck.errors import IntegrityError, StorageError
from factcheck.index.passages import passage_id
from factcheck.types import Document, Passage, Span

_SCHEMA = """
CREATE TABLE documents (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, title TEXT NOT NULL,
    section TEXT NOT NULL, source TEXT NOT NULL, date TEXT);
CREATE TABLE pieces (document INTEGER NOT NULL, start INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE passages (row INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, section TEXT NOT NULL);
"""
_PASSAGE = """
SELECT p.row, p.document, p.start, p."end", p.section, d.id, d.sha256, d.title, d.source, d.date
FROM passages p JOIN documents d ON d.row = p.document
"""
_LOOKUP_ROWS = 500


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

    def add(self, document: Document, sha256: str, passages: Sequence[Passage]) -> bool:
        """Add a document with its passages; say False, and add nothing, where its id is taken."""
        text = document.text
        with _refusals(self._path):
            try:
                self._connection.execute(
                    "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        self.documents,
                        document.id,
                        sha256,
                        document.title,
                        document.section,
                        document.source,
                        document.date,
                    ),
                )
            except sqlite3.IntegrityError:
                return False
            starts = sorted({0, *(passage.span.start for passage in passages)})
            self._connection.executemany(
                "INSERT INTO pieces VALUES (?, ?, ?)",
                [
                    (self.documents, start, text[start:end])
                    for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
                ],
            )
            self._connection.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
                [
                    (self.passages + i, self.documents, passage.span.start, passage.span.end, passage.section)
                    for i, passage in enumerate(passages)
                ],
            )
        self.documents += 1
        self.passages += len(passages)
        return True

    def close(self) -> None:
        """Write everything out."""
        with _refusals(self._path):
            try:
                self._connection.commit()
            finally:
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
                    found[record[0]] = self._passage(record)
        if len(found) < len(wanted):
            raise IntegrityError("lacks a passage", where=self._path)
        return [found[row] for row in rows]

    def __iter__(self) -> Iterator[Passage]:
        """Yield all passages in the order of their rows."""
        _, total = self.count()
        for at in range(0, total, _LOOKUP_ROWS):
            yield from self.passages(range(at, min(at + _LOOKUP_ROWS, total)))

    def documents(self) -> Iterator[tuple[Document, str]]:
        """Yield all documents with the SHA-256 that was written for them; their texts are put together again."""
        columns = "row, id, sha256, title, section, source, date"
        for at in range(0, self.count()[0], _LOOKUP_ROWS):
            with self._reading():
                query = f"SELECT {columns} FROM documents WHERE row >= ? AND row < ? ORDER BY row"  # noqa: S608
                records = self._connection.execute(query, (at, at + _LOOKUP_ROWS)).fetchall()
            for row, identity, sha256, title, section, source, date in records:
                text = self._text(row, 0, None)
                document = Document(id=identity, text=text, title=title, section=section, source=source, date=date)
                yield document, sha256

    def _passage(self, record: tuple[int, int, int, int, str, str, str, str, str, str | None]) -> Passage:
        _, document, start, end, section, identity, sha256, title, source, date = record
        span = Span(start=start, end=end)
        return Passage(
            id=passage_id(identity, span),
            document_id=identity,
            document_sha256=sha256,
            title=title,
            section=section,
            text=self._text(document, start, end),
            span=span,
            source=source,
            date=date,
        )

    def _text(self, document: int, start: int, end: int | None) -> str:
        with self._reading():
            pieces = self._connection.execute(
                "SELECT text FROM pieces WHERE document = ? AND start >= ? AND (? IS NULL OR start < ?) ORDER BY start",
                (document, start, end, end),
            ).fetchall()
        text = "".join(piece for (piece,) in pieces)
        return text if end is None else text[: end - start]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise IntegrityError(f"is not a passage table ({error})", where=self._path) from error


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageError(
            f"cannot be written ({error})", where=path, remedy="check the free space and the path"
        ) from error
