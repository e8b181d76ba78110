import sqlite3
from pathlib import Path

import pytest

from factcheck.batch.ledger import Ledger
from factcheck.batch.ledger_file import ledger_path
from tests.batch.conftest import Bench


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
