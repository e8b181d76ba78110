import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from factcheck.batch.kept import kept_rows
from factcheck.batch.ledger import Ledger
from factcheck.batch.ledger_file import ledger_path
from factcheck.batch.road import Outcome
from factcheck.batch.rows import InputRow
from factcheck.types import Draft, Summary
from tests.batch.conftest import Bench


def row(name: str, position: int) -> InputRow:
    return InputRow(
        position=position, line=position + 1, offset=0, id=name, draft=Draft(text="Words."), contexts=None,
        group="all", warnings=(), content=name,
    )  # fmt: skip


def outcome(name: str, *, supported: int = 0, refuted: int = 0, conflicting: int = 0, failed: int = 0) -> Outcome:
    counts = Summary(
        claims=supported + refuted + conflicting + failed, supported=supported, refuted=refuted, not_enough_info=0,
        conflicting=conflicting, failed=failed,
    )  # fmt: skip
    return Outcome(id=name, basis="b", result=b"{}", summary=counts, first_problem=None, seconds=0.0)


def test_the_worst_rows_come_first_and_a_row_without_claims_is_all_right(tmp_path: Path) -> None:
    outcomes = [
        outcome("silent"),
        outcome("right", supported=3),
        outcome("one wrong", supported=3, refuted=1),
        outcome("one disputed of two", supported=1, conflicting=1),
        outcome("one wrong, one failed", supported=2, refuted=1, failed=1),
        outcome("one failed", supported=1, failed=1),
        outcome("two wrong", supported=9, refuted=1, conflicting=1),
    ]
    with Ledger(tmp_path / "out.ledger.sqlite") as ledger:
        ledger.begin([("b", {})])
        ledger.register([row(one.id, n) for n, one in enumerate(outcomes)], {False: "b"})
        ledger.finish(outcomes)
        records = ledger.records
        assert [offender.id for offender in records.offenders(9)] == [
            "two wrong", "one wrong, one failed", "one disputed of two", "one wrong", "one failed",
        ]  # fmt: skip
        assert [offender.id for offender in records.offenders(1)] == ["two wrong"]
        (group,) = records.groups()
        assert (group.rows, group.claims, group.refuted) == (7, 26, 3)
        assert group.mean_supported_share == pytest.approx((1 + 1 + 3 / 4 + 1 / 2 + 2 / 4 + 1 / 2 + 9 / 11) / 7)


def test_no_statement_for_a_row_walks_through_the_table(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A million rows would take days: what is done for each has to find it by an index."""
    said: list[str] = []
    opened = Ledger.__init__

    def listening(ledger: Ledger, path: Path) -> None:
        opened(ledger, path)
        ledger._file._connection.set_trace_callback(said.append)

    monkeypatch.setattr(Ledger, "__init__", listening)
    rows = [{"id": f"r{n}", "text": f"Town {n} is blue."} for n in range(70)]
    bench.write(rows)
    bench.run()
    bench.write([*rows[:60], *({**row, "text": "The sky is blue."} for row in rows[60:])])
    bench.run()
    often = [query for query in said if query.startswith(("UPDATE", "SELECT rowid"))]
    assert len(often) > 5 * len(rows)
    with sqlite3.connect(ledger_path(bench.out)) as connection:
        plans = {step for query in often for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {query}")}
    connection.close()
    assert plans
    assert not [plan for plan in plans if "SCAN" in plan]


def test_kept_is_what_was_verified_on_the_same(tmp_path: Path) -> None:
    path = tmp_path / "out.ledger.sqlite"
    right, wrong, begun = row("right", 0), row("one failed", 1), row("begun", 2)
    with Ledger(path) as ledger:
        ledger.begin([("b", {})])
        ledger.register([right, wrong, begun], {False: "b"})
        ledger.finish([outcome("right", supported=1), outcome("one failed", supported=1, failed=1)])

    def kept(basis: str = "b", *, retry_failed: bool = False, among: Path = path) -> list[str | int]:
        rows = [right, wrong, begun, row("new", 3), replace(right, content="other words")]
        with kept_rows(among, lambda: {False: basis}, retry_failed=retry_failed) as keeps:
            return [one.id for one in rows if keeps(one)]

    assert kept() == ["right", "one failed"]
    assert kept(retry_failed=True) == ["right"]
    assert kept("another model") == []
    assert kept(among=tmp_path / "no.ledger.sqlite") == []
    with Ledger(path) as ledger:  # a run that was killed before it came to the row that has changed
        ledger.begin([])
        ledger.register([replace(right, content="other words")], {False: "b"})
    assert kept() == ["one failed"]
