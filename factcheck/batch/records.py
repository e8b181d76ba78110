"""What a ledger says of one run: the rows of its outputs, what was rejected, counts and means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from factcheck.batch.ledger_file import LedgerFile
from factcheck.types import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Summary):
    """Counts over the rows of a run, and over all of their claims."""

    rows: int
    rejected: int


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


class Records:
    """Reads the rows that one run saw.

    Args:
        file: the open ledger.
        run: the number of the run.
    """

    def __init__(self, file: LedgerFile, run: int) -> None:
        self._file = file
        self._run = run

    def results(self, *, by_completion: bool = False) -> Iterator[str]:
        """Yield the output rows of this run, in the order of the input unless it is to be that of completion."""
        order = "finished" if by_completion else "position"
        yield from (
            row
            for (row,) in self._file.ask(
                f"SELECT result FROM rows WHERE run = ? AND state = 'done' ORDER BY {order}",  # noqa: S608
                self._run,
            )
        )

    def rejects(self) -> Iterator[tuple[int | None, int | None, str, str]]:
        """Yield line, offset, code and message of each reject of this run."""
        yield from self._file.ask(
            "SELECT line, offset, code, message FROM rows WHERE run = ? AND state = 'rejected' ORDER BY position",
            self._run,
        )

    def cases(self) -> Iterator[RowCase]:
        """Yield what became of each row of this run, for JUnit."""
        found = self._file.ask(
            "SELECT id, state, coalesce(claims, 0), coalesce(supported, 0), coalesce(refuted + conflicting, 0), "
            "coalesce(failed, 0), coalesce(seconds, 0.0), coalesce(first_problem, message) "
            "FROM rows WHERE run = ? ORDER BY position",
            self._run,
        )
        yield from (RowCase(*row) for row in found)

    def begun_at(self) -> float:
        """Return when this run began, in seconds since 1970."""
        ((begun,),) = self._file.ask("SELECT started_at FROM runs WHERE number = ?", self._run)
        return float(begun)

    def pending(self) -> int:
        """Return how many rows of this run are not finished."""
        ((count,),) = self._file.ask("SELECT count(*) FROM rows WHERE run = ? AND state = 'pending'", self._run)
        return int(count)

    def totals(self) -> Totals:
        """Count the rows and claims of this run."""
        ((rows, *claims),) = self._file.ask(
            "SELECT count(*), coalesce(sum(claims), 0), coalesce(sum(supported), 0), coalesce(sum(refuted), 0), "
            "coalesce(sum(not_enough_info), 0), coalesce(sum(conflicting), 0), coalesce(sum(failed), 0) "
            "FROM rows WHERE run = ? AND state = 'done'",
            self._run,
        )
        ((rejected,),) = self._file.ask("SELECT count(*) FROM rows WHERE run = ? AND state = 'rejected'", self._run)
        names = ("claims", "supported", "refuted", "not_enough_info", "conflicting", "failed")
        return Totals(rows=rows, rejected=rejected, **dict(zip(names, claims, strict=True)))

    def groups(self) -> list[GroupMean]:
        """Return the means of each group, by name."""
        found = self._file.ask(
            "SELECT label_group, count(*), sum(claims), sum(refuted), "
            "avg(CASE WHEN claims THEN supported * 1.0 / claims ELSE 1.0 END) "
            "FROM rows WHERE run = ? AND state = 'done' GROUP BY label_group ORDER BY label_group",
            self._run,
        )
        return [
            GroupMean(group=group, rows=rows, claims=claims, refuted=refuted, mean_supported_share=mean)
            for group, rows, claims, refuted, mean in found
        ]

    def offenders(self, limit: int) -> list[Offender]:
        """Return the rows with the most claims that are refuted or disputed, worst first."""
        found = self._file.ask(
            "SELECT id, claims, refuted, conflicting, failed, supported * 1.0 / claims, first_problem FROM rows "
            "WHERE run = ? AND state = 'done' AND refuted + conflicting + failed > 0 "
            "ORDER BY refuted + conflicting DESC, failed DESC, supported * 1.0 / claims, position LIMIT ?",
            self._run,
            limit,
        )
        names = ("id", "claims", "refuted", "conflicting", "failed", "supported_share", "first_problem")
        return [Offender(**dict(zip(names, row, strict=True))) for row in found]
