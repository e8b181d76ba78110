"""The ledger of a run as it is written: rows that are seen, begun, finished and rejected.

`OUT.ledger.sqlite` (see `ledger_file`) is the truth; OUT and its rejects are derived from what `records` reads in it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from factcheck.batch.ledger_file import LedgerFile, State
from factcheck.batch.records import Records
from factcheck.batch.road import Outcome, changes
from factcheck.batch.rows import InputRow
from factcheck.errors import RowError

_NEW_INPUT = "the input row"


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


class Ledger:
    """An open ledger, for one run.

    Raises:
        FactCheckError: see `LedgerFile`.
    """

    def __init__(self, path: Path) -> None:
        self.run = 0
        self._sequence = 0
        self._file = LedgerFile(path)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def records(self) -> Records:
        """What the ledger says of this run so far."""
        return Records(self._file, self.run)

    def begin(self, bases: Sequence[tuple[str, dict[str, Any]]]) -> None:
        """Start a run: rows that it does not see will not stand in its output."""
        with self._file.transaction():
            self._file.do("DELETE FROM rows WHERE state = ?", State.REJECTED)
            self._file.do("INSERT INTO runs (started_at) VALUES (?)", time.time())
            (self.run,) = self._file.ask_one("SELECT max(number) FROM runs")
            (self._sequence,) = self._file.ask_one("SELECT coalesce(max(finished), 0) FROM rows")
            self._file.do_many(
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
        with self._file.transaction():
            for row in rows:
                if isinstance(row, RowError):
                    self._reject(row)
                    found.rejected += 1
                else:
                    self._register(row, bases[row.contexts is not None], found, retry_failed=retry_failed)
        return found

    def start(self, rows: Sequence[InputRow]) -> None:
        """Count an attempt for each row."""
        with self._file.transaction():
            self._file.do_many(
                "UPDATE rows SET attempts = attempts + 1 WHERE id = ? AND state = 'pending' AND state <> 'rejected'",
                [(str(row.id),) for row in rows],
            )

    def finish(self, outcomes: Sequence[Outcome]) -> None:
        """Keep the results of a batch, all or none."""
        with self._file.transaction():
            for outcome in outcomes:
                self._sequence += 1
                counts = outcome.summary
                self._file.do(
                    "UPDATE rows SET state = 'done', basis = ?, result = ?, claims = ?, supported = ?, refuted = ?, "
                    "not_enough_info = ?, conflicting = ?, failed = ?, first_problem = ?, seconds = ?, "
                    "tokens = ?, finished_at = ?, finished = ? "
                    "WHERE id = ? AND state = 'pending' AND state <> 'rejected'",
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
                )

    def _register(self, row: InputRow, basis: str, found: Registered, *, retry_failed: bool) -> None:
        record = self._file.ask_one(
            "SELECT rowid, state, content, basis, run, failed FROM rows WHERE id = ? AND state <> 'rejected'",
            str(row.id),
        )
        place = (row.position, row.line, row.offset, row.group, self.run)
        if record is None:
            self._file.do(
                "INSERT INTO rows (position, line, offset, label_group, run, id, content, state) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 'pending')",
                *place,
                str(row.id),
                row.content,
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
                self._file.do(
                    "UPDATE rows SET position = ?, line = ?, offset = ?, label_group = ?, run = ? WHERE rowid = ?",
                    *place,
                    rowid,
                )
                return
        self._file.do(
            "UPDATE rows SET position = ?, line = ?, offset = ?, label_group = ?, run = ?, content = ?, "
            "state = 'pending', result = NULL WHERE rowid = ?",
            *place,
            row.content,
            rowid,
        )
        found.wanted.append(row)

    def _reject(self, problem: RowError, identity: str | None = None, position: int | None = None) -> None:
        line = problem.line or 0
        self._file.do(
            "INSERT INTO rows (id, position, line, offset, state, code, message, run) "
            "VALUES (?, ?, ?, ?, 'rejected', ?, ?, ?)",
            identity if identity is not None else f"line {line}",
            position if position is not None else line - 1,
            problem.line,
            problem.offset,
            problem.code,
            problem.what,
            self.run,
        )

    def _difference(self, before: str, now: str) -> str:
        query = "SELECT value FROM bases WHERE sha256 = ?"
        values = [self._file.ask_one(query, sha256) for sha256 in (before, now)]
        if None in values:
            return "what verdicts rest on"
        return ", ".join(changes(*(orjson.loads(value) for (value,) in values))) or "what verdicts rest on"
