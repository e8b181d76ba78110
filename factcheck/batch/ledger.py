"""The ledger of a run: one SQLite table that says of every input row what became of it.

`OUT.ledger.sqlite` is the truth; OUT and its rejects are derived from it. It is written in WAL mode: a process that is
killed, or a disk that is full, leaves the last committed batch. A row of the table is

    id, position, line, offset, content    the input row, and the SHA-256 of what is read of it
    state                                  pending, done or rejected
    attempts                               how often its verification was begun
    basis, result                          what the verdict rests on (see `bases`), and the output row
    seconds, tokens                        its share of a batch's time, and what chat models took for it
    finished_at, finished                  for the record; `finished` counts up

Times stand here and nowhere else, so that equal runs give equal bytes.

SQLite uses an index over a part of a table only where a query repeats the condition of the part. So what finds a row by
its id says `state <> 'rejected'` too, or each row would be looked for in the whole table.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import orjson
from filelock import FileLock, Timeout

from factcheck.batch.road import Outcome, changes
from factcheck.batch.rows import InputRow
from factcheck.errors import IntegrityError, RowError, SchemaVersionError, StorageError

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
_NEW_INPUT = "the input row"


class State(StrEnum):
    """What became of a row so far."""

    PENDING = "pending"
    DONE = "done"
    REJECTED = "rejected"


@dataclass(slots=True, kw_only=True)
class Registered:
    """What became of rows as they were written down.

    Attributes:
        wanted: rows that are to be verified.
        again: for each of them that was verified before on something else, what has changed.
        kept: how many were verified before and stay.
    """

    wanted: list[InputRow] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    kept: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Counts over the rows of a run."""

    rows: int
    rejected: int
    claims: int
    supported: int
    refuted: int
    not_enough_info: int
    conflicting: int
    failed: int

    @property
    def supported_share(self) -> float:
        """Supported over all claims; 1.0 without claims."""
        return self.supported / self.claims if self.claims else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMean:
    """A group of rows; `mean_supported_share` is the mean of its rows' shares."""

    group: str | None
    rows: int
    claims: int
    refuted: int
    mean_supported_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """A row with many claims that are refuted or disputed."""

    id: str
    claims: int
    refuted: int
    conflicting: int
    failed: int
    supported_share: float
    first_problem: str | None


class RowCase(NamedTuple):
    """A row as a test case; disputed claims count as refuted, `message` is the first problem, or the reject's."""

    id: str
    state: str
    claims: int
    supported: int
    refuted: int
    failed: int
    seconds: float
    message: str | None


def ledger_path(out: Path) -> Path:
    """Return where the ledger of an output stands."""
    return out.with_name(f"{out.name}.ledger.sqlite")


class Ledger:
    """An open ledger; one process writes it at a time.

    Raises:
        StorageError: another run writes it, or the disk refuses.
        IntegrityError: the file is no ledger, or is damaged.
        SchemaVersionError: a newer version wrote it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.run = 0
        self._sequence = 0
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
            with self._guard():
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

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------------------- writing

    def begin(self, bases: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Start a run: rows that it does not see will not stand in its output."""
        with self._guard(), self._transaction():
            self._connection.execute("DELETE FROM rows WHERE state = ?", (State.REJECTED,))
            self._connection.execute("INSERT INTO runs (started_at) VALUES (?)", (time.time(),))
            (self.run,) = self._connection.execute("SELECT max(number) FROM runs").fetchone()
            (self._sequence,) = self._connection.execute("SELECT coalesce(max(finished), 0) FROM rows").fetchone()
            self._connection.executemany(
                "INSERT OR IGNORE INTO bases VALUES (?, ?)",
                [(sha256, orjson.dumps(value).decode()) for sha256, value in bases],
            )

    def register(
        self, rows: Sequence[InputRow | RowError], bases: dict[bool, str], *, retry_failed: bool = False
    ) -> Registered:
        """Write rows down before they are verified.

        Args:
            rows: in the order of the input; a `RowError` is a reject.
            bases: what a row's verdict has to rest on, by whether it brings contexts.
            retry_failed: verify rows with failed claims again.
        """
        found = Registered()
        with self._guard(), self._transaction():
            for row in rows:
                if isinstance(row, RowError):
                    self._reject(row)
                    found.rejected += 1
                else:
                    self._register(row, bases[row.contexts is not None], found, retry_failed=retry_failed)
        return found

    def start(self, rows: Sequence[InputRow]) -> None:
        """Count an attempt for each row."""
        with self._guard(), self._transaction():
            self._connection.executemany(
                "UPDATE rows SET attempts = attempts + 1 WHERE id = ? AND state = 'pending' AND state <> 'rejected'",
                [(str(row.id),) for row in rows],
            )

    def finish(self, outcomes: Sequence[Outcome]) -> None:
        """Keep the results of a batch, all or none."""
        with self._guard(), self._transaction():
            for outcome in outcomes:
                self._sequence += 1
                counts = outcome.summary
                self._connection.execute(
                    "UPDATE rows SET state = 'done', basis = ?, result = ?, claims = ?, supported = ?, refuted = ?, "
                    "not_enough_info = ?, conflicting = ?, failed = ?, first_problem = ?, seconds = ?, "
                    "tokens = ?, finished_at = ?, finished = ? "
                    "WHERE id = ? AND state = 'pending' AND state <> 'rejected'",
                    (
                        outcome.basis,
                        outcome.result.decode("utf-8"),
                        counts.claims,
                        counts.supported,
                        counts.refuted,
                        counts.not_enough_info,
                        counts.conflicting,
                        counts.failed,
                        outcome.first_problem,
                        outcome.seconds,
                        outcome.tokens,
                        time.time(),
                        self._sequence,
                        outcome.id,
                    ),
                )

    def _register(self, row: InputRow, basis: str, found: Registered, *, retry_failed: bool) -> None:
        record = self._connection.execute(
            "SELECT rowid, state, content, basis, run, failed FROM rows WHERE id = ? AND state <> 'rejected'",
            (str(row.id),),
        ).fetchone()
        place = (row.position, row.line, row.offset, row.group, self.run)
        if record is None:
            self._connection.execute(
                "INSERT INTO rows (position, line, offset, label_group, run, id, content, state) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 'pending')",
                (*place, str(row.id), row.content),
            )
            found.wanted.append(row)
            return
        rowid, state, content, rests_on, run, failed = record
        if run == self.run:
            self._reject(
                RowError(
                    f"has the id '{row.id}', which another row has already",
                    where=None,
                    line=row.line,
                    offset=row.offset,
                    code="duplicate_id",
                ),
                str(row.id),
                row.position,
            )
            found.rejected += 1
            return
        if state == State.DONE:
            if content != row.content:
                found.again.append(_NEW_INPUT)
            elif rests_on != basis:
                found.again.append(self._difference(rests_on, basis))
            elif retry_failed and failed:
                found.again.append("failed claims")
            else:
                found.kept += 1
                self._connection.execute(
                    "UPDATE rows SET position = ?, line = ?, offset = ?, label_group = ?, run = ? WHERE rowid = ?",
                    (*place, rowid),
                )
                return
        self._connection.execute(
            "UPDATE rows SET position = ?, line = ?, offset = ?, label_group = ?, run = ?, content = ?, "
            "state = 'pending', result = NULL WHERE rowid = ?",
            (*place, row.content, rowid),
        )
        found.wanted.append(row)

    def _reject(self, problem: RowError, identity: str | None = None, position: int | None = None) -> None:
        line = problem.line or 0
        self._connection.execute(
            "INSERT INTO rows (id, position, line, offset, state, code, message, run) "
            "VALUES (?, ?, ?, ?, 'rejected', ?, ?, ?)",
            (
                identity if identity is not None else f"line {line}",
                position if position is not None else line - 1,
                problem.line,
                problem.offset,
                problem.code,
                problem.what,
                self.run,
            ),
        )

    def _difference(self, before: str, now: str) -> str:
        query = "SELECT value FROM bases WHERE sha256 = ?"
        values = [self._connection.execute(query, (sha256,)).fetchone() for sha256 in (before, now)]
        if None in values:
            return "what verdicts rest on"
        return ", ".join(changes(*(orjson.loads(value) for (value,) in values))) or "what verdicts rest on"

    # ------------------------------------------------------------------------------------------------------- reading

    def results(self, *, by_completion: bool = False) -> Iterator[str]:
        """Yield the output rows of this run, in the order of the input unless it is to be that of completion."""
        order = "finished" if by_completion else "position"
        yield from (
            row
            for (row,) in self._query(
                f"SELECT result FROM rows WHERE run = ? AND state = 'done' ORDER BY {order}",  # noqa: S608
                self.run,
            )
        )

    def rejects(self) -> Iterator[tuple[int | None, int | None, str, str]]:
        """Yield line, offset, code and message of each reject of this run."""
        yield from self._query(
            "SELECT line, offset, code, message FROM rows WHERE run = ? AND state = 'rejected' ORDER BY position",
            self.run,
        )

    def cases(self) -> Iterator[RowCase]:
        """Yield what became of each row of this run, for JUnit."""
        found = self._query(
            "SELECT id, state, coalesce(claims, 0), coalesce(supported, 0), coalesce(refuted + conflicting, 0), "
            "coalesce(failed, 0), coalesce(seconds, 0.0), coalesce(first_problem, message) "
            "FROM rows WHERE run = ? ORDER BY position",
            self.run,
        )
        yield from (RowCase(*row) for row in found)

    def begun_at(self) -> float:
        """Return when this run began, in seconds since 1970."""
        ((begun,),) = self._query("SELECT started_at FROM runs WHERE number = ?", self.run)
        return float(begun)

    def pending(self) -> int:
        """Return how many rows of this run are not finished."""
        ((count,),) = self._query("SELECT count(*) FROM rows WHERE run = ? AND state = 'pending'", self.run)
        return int(count)

    def totals(self) -> Totals:
        """Count the rows and claims of this run."""
        ((rows, *claims),) = self._query(
            "SELECT count(*), coalesce(sum(claims), 0), coalesce(sum(supported), 0), coalesce(sum(refuted), 0), "
            "coalesce(sum(not_enough_info), 0), coalesce(sum(conflicting), 0), coalesce(sum(failed), 0) "
            "FROM rows WHERE run = ? AND state = 'done'",
            self.run,
        )
        ((rejected,),) = self._query("SELECT count(*) FROM rows WHERE run = ? AND state = 'rejected'", self.run)
        names = ("claims", "supported", "refuted", "not_enough_info", "conflicting", "failed")
        return Totals(rows=rows, rejected=rejected, **dict(zip(names, claims, strict=True)))

    def groups(self) -> list[GroupMean]:
        """Return the means of each group, by name."""
        found = self._query(
            "SELECT label_group, count(*), sum(claims), sum(refuted), "
            "avg(CASE WHEN claims THEN supported * 1.0 / claims ELSE 1.0 END) "
            "FROM rows WHERE run = ? AND state = 'done' GROUP BY label_group ORDER BY label_group",
            self.run,
        )
        return [
            GroupMean(group=group, rows=rows, claims=claims, refuted=refuted, mean_supported_share=mean)
            for group, rows, claims, refuted, mean in found
        ]

    def offenders(self, limit: int) -> list[Offender]:
        """Return the rows with the most claims that are refuted or disputed, worst first."""
        found = self._query(
            "SELECT id, claims, refuted, conflicting, failed, supported * 1.0 / claims, first_problem FROM rows "
            "WHERE run = ? AND state = 'done' AND refuted + conflicting + failed > 0 "
            "ORDER BY refuted + conflicting DESC, failed DESC, supported * 1.0 / claims, position LIMIT ?",
            self.run,
            limit,
        )
        names = ("id", "claims", "refuted", "conflicting", "failed", "supported_share", "first_problem")
        return [Offender(**dict(zip(names, row, strict=True))) for row in found]

    def _query(self, query: str, *values: object) -> Iterator[Any]:
        with self._guard():
            # Not `yield from`: that would close the cursor of a reader that was given up after the connection.
            for row in self._connection.execute(query, values):  # noqa: UP028
                yield row

    # ---------------------------------------------------------------------------------------------------------- file

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
        with self._transaction():
            # One statement at a time: `executescript` would commit between them.
            for statement in _TABLES.split(";"):
                if statement.strip():
                    execute(statement)
            if version == 1 and tables:  # written before tokens were counted
                execute("ALTER TABLE rows ADD COLUMN tokens INTEGER")
            execute(f"PRAGMA application_id = {_APPLICATION}")
            execute(f"PRAGMA user_version = {SCHEMA}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.InternalError) as error:
            raise StorageError(
                f"cannot be read or written ({error})",
                where=self.path,
                remedy="check folder, rights and space, then run the same command again",
            ) from error
        except sqlite3.DatabaseError as error:
            raise IntegrityError(
                f"is damaged or no ledger ({error})", where=self.path, remedy="move it away to begin anew"
            ) from error
