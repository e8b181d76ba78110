"""The file of a ledger: one SQLite table that says of every input row what became of it.

`OUT.ledger.sqlite` is the truth; OUT and its rejects are derived from it. It is written in WAL mode: a process that is
killed, or a disk that is full, leaves the last committed batch. A row of the table is

    id, position, line, offset, content    the input row, and the SHA-256 of what is read of it
    state                                  pending, done or rejected
    attempts                               how often its verification was begun
    basis, result                          what the verdict rests on (see `bases`), and the output row
    seconds, tokens                        its share of a batch's time, and what chat models took for it
    finished_at, finished                  for the record; `finished` counts up

Times stand here, and in the JUnit file that is made of it; OUT holds none, so that equal runs give equal bytes.

SQLite uses an index over a part of a table only where a query repeats the condition of the part. So what finds a row by
its id says `state <> 'rejected'` too, or each row would be looked for in the whole table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from factcheck.errors import IntegrityError, SchemaVersionError, StorageError

SCHEMA = 2
_APPLICATION = 0x66616374  # "fact"; marks the file as ours
_TABLES = """
CREATE TABLE IF NOT EXISTS rows (
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    line INTEGER,
    offset INTEGER,
    content TEXT,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    basis TEXT,
    result TEXT,
    code TEXT,
    message TEXT,
    label_group TEXT,
    claims INTEGER, supported INTEGER, refuted INTEGER, not_enough_info INTEGER, conflicting INTEGER, failed INTEGER,
    first_problem TEXT,
    seconds REAL,
    tokens INTEGER,
    finished_at REAL,
    finished INTEGER,
    run INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS rows_by_id ON rows (id) WHERE state <> 'rejected';
CREATE INDEX IF NOT EXISTS rows_by_run ON rows (run, state, position);
CREATE TABLE IF NOT EXISTS bases (sha256 TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY, started_at REAL NOT NULL);
"""


class State(StrEnum):
    """What became of a row so far."""

    PENDING = "pending"
    DONE = "done"
    REJECTED = "rejected"


def ledger_path(out: Path) -> Path:
    """Return where the ledger of an output stands."""
    return out.with_name(f"{out.name}.ledger.sqlite")


class LedgerFile:
    """An open ledger; one process writes it at a time.

    Raises:
        StorageError: another run writes it, or the disk refuses.
        IntegrityError: the file is no ledger, or is damaged.
        SchemaVersionError: a newer version wrote it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = FileLock(f"{path}.lock", timeout=0)
        try:
            self._lock.acquire()
        except Timeout:
            raise StorageError(
                "another run writes to this output", where=path, remedy="wait until it is done, or name another OUT"
            ) from None
        except OSError as error:
            raise StorageError(
                f"cannot be written ({error.strerror})", where=path, remedy="check folder, rights and space"
            ) from error
        try:
            with told_errors(path):
                self._connection = sqlite3.connect(path, isolation_level=None)
                self._open()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        connection = getattr(self, "_connection", None)
        try:
            if connection is not None:
                connection.close()
        except sqlite3.Error:  # what was committed is safe, and the next run reads it
            pass
        finally:
            self._lock.release()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do what is inside whole or not at all."""
        with told_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def do(self, statement: str, *values: object) -> None:
        """Run a statement, within a transaction."""
        self._connection.execute(statement, values)

    def do_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement once for each row, within a transaction."""
        self._connection.executemany(statement, rows)

    def ask(self, query: str, *values: object) -> Iterator[Any]:
        """Yield the rows that answer a query."""
        with told_errors(self.path):
            # Not `yield from`: that would close the cursor of a reader that was given up after the connection.
            for row in self._connection.execute(query, values):  # noqa: UP028
                yield row

    def ask_one(self, query: str, *values: object) -> Any:
        """Return the first row that answers a query; None where there is none."""
        with told_errors(self.path):
            return self._connection.execute(query, values).fetchone()

    def _open(self) -> None:
        execute = self._connection.execute
        (version,) = execute("PRAGMA user_version").fetchone()
        (application,) = execute("PRAGMA application_id").fetchone()
        (tables,) = execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and application != _APPLICATION:
            raise IntegrityError("is not a ledger of factcheck", where=self.path, remedy="name another OUT")
        if version > SCHEMA:
            raise SchemaVersionError(
                f"has schema {version}, and this version of factcheck reads {SCHEMA}",
                where=self.path,
                remedy="upgrade factcheck",
            )
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = NORMAL")
        with self.transaction():
            # One statement at a time: `executescript` would commit between them.
            for statement in _TABLES.split(";"):
                if statement.strip():
                    execute(statement)
            if version == 1 and tables:  # written before tokens were counted
                execute("ALTER TABLE rows ADD COLUMN tokens INTEGER")
            execute(f"PRAGMA application_id = {_APPLICATION}")
            execute(f"PRAGMA user_version = {SCHEMA}")


@contextmanager
def told_errors(path: Path) -> Iterator[None]:
    """Say in our own words what SQLite could not do with a ledger.

    Raises:
        StorageError: it cannot be read or written.
        IntegrityError: it is damaged.
    """
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.InternalError) as error:
        raise StorageError(
            f"cannot be read or written ({error})",
            where=path,
            remedy="check folder, rights and space, then run the same command again",
        ) from error
    except sqlite3.DatabaseError as error:
        raise IntegrityError(
            f"is damaged or no ledger ({error})", where=path, remedy="move it away to begin anew"
        ) from error
