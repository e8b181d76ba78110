"""Runs: nothing is lost, nothing is done twice, and what changed is all that is done again."""

from __future__ import annotations

import gzip
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from factcheck.batch.ledger import Ledger
from factcheck.batch.ledger_file import ledger_path
from factcheck.batch.parquet import SCHEMA, read_parquet_row
from factcheck.batch.rows import FieldNames
from factcheck.batch.run import RunOptions
from factcheck.batch.select import Selection
from factcheck.errors import IntegrityError, SchemaVersionError, StorageError, UsageError
from factcheck.types import Case, CheckResult, Exchange, Report, Stage, Usage
from tests.batch.conftest import SKY, Bench
from tests.fakes import FakeChecker

TEXTS = ["The sky is blue.", "The sea is sweet.", "Cats purr. The sky is not blue.", ""]
ROWS = [{"id": f"r{i}", "text": f"{TEXTS[i % 4]} Number {i}.", "model": "ab"[i % 2]} for i in range(300)]


def attempts(bench: Bench) -> dict[str, int]:
    with sqlite3.connect(ledger_path(bench.out)) as ledger:
        return dict(ledger.execute("SELECT id, attempts FROM rows WHERE state = 'done'").fetchall())


def test_every_row_has_its_report_in_the_order_of_the_input(bench: Bench) -> None:
    bench.write(ROWS)
    report = bench.run()
    assert (report.finished, report.verified, report.kept, report.totals.rows) == (True, 300, 0, 300)
    rows = bench.results()
    assert [row["id"] for row in rows] == [row["id"] for row in ROWS]
    assert [row["text"] for row in rows] == [row["text"] for row in ROWS]
    assert list(rows[0]) == ["id", "schema", "text", "claims", "summary", "revision", "warnings", "provenance"]
    assert [claim["label"] for claim in rows[1]["claims"]] == ["REFUTED", "NOT_ENOUGH_INFO"]
    assert report.totals.claims == sum(row["summary"]["claims"] for row in rows)
    assert report.totals.supported == sum(row["summary"]["supported"] for row in rows)
    assert not bench.rejects.exists()
    assert set(attempts(bench).values()) == {1}


def test_the_same_run_again_does_nothing_and_gives_the_same_bytes(bench: Bench) -> None:
    bench.write(ROWS)
    bench.run()
    before = bench.out.read_bytes()
    bench.out.unlink()
    report = bench.run()
    assert (report.verified, report.kept) == (0, 300)
    assert bench.out.read_bytes() == before
    bench.run(out=bench.folder / "fresh.jsonl")
    assert (bench.folder / "fresh.jsonl").read_bytes() == before


def test_a_run_that_was_stopped_goes_on_where_it_was(bench: Bench) -> None:
    bench.write(ROWS)
    polls = iter(range(1000))
    report = bench.run(stopped=lambda: next(polls) > 3)
    assert not report.finished
    assert 0 < report.verified < 300
    assert not bench.out.exists()
    assert bench.run().kept == report.verified
    assert set(attempts(bench).values()) == {1}
    bench.run(out=bench.folder / "fresh.jsonl")
    assert (bench.folder / "fresh.jsonl").read_bytes() == bench.out.read_bytes()


def test_only_what_changed_is_verified_again_and_the_run_says_why(bench: Bench) -> None:
    given = {"id": "given", "text": "The sky is blue.", "contexts": ["The sky is not blue."]}
    bench.write([*ROWS[:10], given])
    bench.run()
    bench.write([{**ROWS[0], "text": "Cats purr."}, *ROWS[1:10], given, ROWS[10]])
    report = bench.run()
    assert (report.verified, report.kept, dict(report.again)) == (2, 10, {"the input row": 1})
    bench.wiring.provenance = {"index": {"generation": 2}}
    report = bench.run()
    assert (report.verified, report.kept, dict(report.again)) == (11, 1, {"index": 11})
    assert bench.results()[0]["provenance"] == {"index": {"generation": 2}}
    assert attempts(bench)["given"] == 1


def test_rows_that_are_gone_leave_the_output_and_rows_that_move_keep_their_results(bench: Bench) -> None:
    bench.write(ROWS[:6])
    bench.run()
    bench.write([ROWS[4], ROWS[2], ROWS[0]])
    report = bench.run()
    assert (report.verified, report.kept) == (0, 3)
    assert [row["id"] for row in bench.results()] == ["r4", "r2", "r0"]


def test_rejects_have_their_places_and_cost_no_other_row(bench: Bench) -> None:
    bench.write([ROWS[0], b'{"id": ', {"id": "r0", "text": "again"}, {"id": "n"}, ROWS[1], b"3"])
    report = bench.run()
    assert (report.totals.rows, report.totals.rejected) == (2, 4)
    rejects = [orjson.loads(line) for line in bench.rejects.read_bytes().splitlines()]
    assert [(r["line"], r["code"]) for r in rejects] == [
        (2, "invalid_json"),
        (3, "duplicate_id"),
        (4, "missing_field"),
        (6, "invalid_row"),
    ]
    data = (bench.folder / "in.jsonl").read_bytes()
    assert [data[r["offset"] :].split(b"\n")[0] for r in rejects] == [data.split(b"\n")[r["line"] - 1] for r in rejects]
    again = bench.run()
    assert (again.kept, again.totals.rejected) == (2, 4)
    bench.write(ROWS[:2])
    bench.run()
    assert not bench.rejects.exists()


def test_contexts_are_judged_alone_unless_the_index_is_added(bench: Bench) -> None:
    bench.write([{"id": 7, "text": "The sky is blue.", "contexts": ["The sea is not sweet."]}])
    bench.run()
    (row,) = bench.results()
    assert row["id"] == 7
    assert [c["label"] for c in row["claims"]] == ["NOT_ENOUGH_INFO"]
    report = bench.run(add_index=True)
    assert dict(report.again) == {"index": 1}
    assert [c["label"] for c in bench.results()[0]["claims"]] == ["SUPPORTED"]


def test_equal_claims_with_other_contexts_have_other_verdicts(bench: Bench) -> None:
    says = [["The sky is blue."], ["The sky is not blue."], []]
    bench.write([{"text": "The sky is blue.", "contexts": said} for said in says])
    bench.run()
    found = [claim["label"] for row in bench.results() for claim in row["claims"]]
    assert found == ["SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"]


class Failing(FakeChecker):
    """Fails on a word, until it is mended."""

    broken = True

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        if self.broken and any("purr" in case.claim.text for case in cases):
            raise OSError("the line is dead")
        return super().check(cases)


def test_failed_claims_stay_until_they_are_asked_for_again(bench: Bench) -> None:
    checker = Failing()
    bench.wiring.checker = checker
    bench.write(ROWS[:8])
    report = bench.run()
    assert report.totals.failed == 2
    assert bench.results()[2]["claims"][0]["error"]["code"] == "internal"
    checker.broken = False
    assert bench.run().verified == 0
    again = bench.run(RunOptions(retry_failed=True))
    assert (again.verified, dict(again.again), again.totals.failed) == (2, {"failed claims": 2}, 0)


def test_packed_and_parquet_outputs_hold_the_same_rows(bench: Bench) -> None:
    bench.write(ROWS[:40])
    bench.run()
    for name in ("a.jsonl.gz", "a.jsonl.zst", "a.parquet"):
        for folder in ("one", "two"):
            (bench.folder / folder).mkdir(exist_ok=True)
            bench.run(out=bench.folder / folder / name)
        assert (bench.folder / "one" / name).read_bytes() == (bench.folder / "two" / name).read_bytes()
    assert gzip.decompress((bench.folder / "one" / "a.jsonl.gz").read_bytes()) == bench.out.read_bytes()
    with pa.CompressedInputStream(str(bench.folder / "one" / "a.jsonl.zst"), "zstd") as unpacked:
        assert unpacked.read() == bench.out.read_bytes()
    table = pq.read_table(bench.folder / "one" / "a.parquet")
    assert table.schema.equals(SCHEMA)
    assert [read_parquet_row(row) for row in table.to_pylist()] == bench.results()
    with pytest.raises(UsageError, match="unknown kind"):
        bench.run(out=bench.folder / "a.csv")


def test_by_completion_holds_the_same_rows(bench: Bench) -> None:
    bench.write(ROWS[:20])
    bench.run(RunOptions(selection=Selection(shard=(2, 2))))
    bench.run(RunOptions(by_completion=True))
    ids = [row["id"] for row in bench.results()]
    assert ids == [f"r{i}" for i in (*range(1, 20, 2), *range(0, 20, 2))]


def test_means_by_group_and_the_worst_rows(bench: Bench) -> None:
    bench.write(ROWS[:8])
    report = bench.run(RunOptions(names=FieldNames.of(group="model")))
    assert [(g.group, g.rows) for g in report.groups] == [("a", 4), ("b", 4)]
    shares = [r["summary"]["supported"] / r["summary"]["claims"] for r in bench.results()[::2]]
    assert report.groups[0].mean_supported_share == pytest.approx(sum(shares) / 4)
    assert [o.id for o in report.offenders] == ["r1", "r2", "r5", "r6"]
    assert report.offenders[0].first_problem == "The sea is sweet."


def test_junit(bench: Bench) -> None:
    bench.write([*ROWS[:3], b"{", {"id": "\x07<&>", "text": "Cats purr."}])
    bench.run(RunOptions(junit=bench.folder / "j.xml"))
    root = ElementTree.parse(bench.folder / "j.xml").getroot()
    suite, cases = root[0], list(root.iter("testcase"))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "2", "1")
    kinds = [[child.tag for child in case] for case in cases]
    assert kinds == [[], ["failure"], ["failure"], ["error"], []]
    assert cases[4].get("name") == "\ufffd<&>"
    bench.run(RunOptions(junit=bench.folder / "j.xml", fail_under=0.4))
    cases = list(ElementTree.parse(bench.folder / "j.xml").getroot().iter("testcase"))
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["failure"], ["error"], ["failure"]]


def test_junit_holds_what_the_strictest_schema_asks_for(bench: Bench) -> None:
    bench.write([*ROWS[:3], b"{"])
    bench.run(RunOptions(junit=bench.folder / "j.xml"))
    root = ElementTree.parse(bench.folder / "j.xml").getroot()
    (suite,) = root
    assert root.tag == "testsuites"
    assert root.attrib == {}
    known = {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "time"}
    assert set(suite.attrib) == known
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp") or "")
    assert [child.tag for child in suite] == ["properties", *["testcase"] * 4, "system-out", "system-err"]
    assert all(set(case.attrib) == {"classname", "name", "time"} for case in suite.iter("testcase"))
    assert all(set(told.attrib) == {"type", "message"} for case in suite.iter("testcase") for told in case)


def test_one_run_at_a_time(bench: Bench) -> None:
    bench.write(ROWS[:2])
    with Ledger(ledger_path(bench.out)), pytest.raises(StorageError, match="another run"):
        bench.run()
    assert bench.run().finished


def test_a_file_that_is_no_ledger_is_refused(bench: Bench) -> None:
    bench.write(ROWS[:2])
    path = ledger_path(bench.out)
    path.write_bytes(b"something else, and longer than a page" * 200)
    with pytest.raises(IntegrityError):
        bench.run()
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (a)")
    with pytest.raises(IntegrityError, match="not a ledger"):
        bench.run()
    path.unlink()
    bench.run()
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    with pytest.raises(SchemaVersionError):
        bench.run()


def test_an_output_that_cannot_be_written_is_a_storage_error_and_nothing_is_lost(bench: Bench) -> None:
    bench.write(ROWS[:4])
    (bench.folder / "out.jsonl.part").mkdir()
    with pytest.raises(StorageError):
        bench.run()
    Path(bench.folder / "out.jsonl.part").rmdir()
    assert (bench.run().verified, bench.run().kept) == (0, 4)


def test_evidence_reaches_the_rows(bench: Bench) -> None:
    bench.write(ROWS[:1])
    bench.run()
    found = bench.results()[0]["claims"][0]["evidence"]
    assert {piece["document"]["sha256"] for piece in found} <= {e.origin for e in SKY}


def test_a_ledger_from_before_tokens_were_counted_goes_on(bench: Bench) -> None:
    bench.write(ROWS[:5])
    bench.run()
    with sqlite3.connect(ledger_path(bench.out)) as ledger:
        assert ledger.execute("SELECT DISTINCT tokens FROM rows").fetchall() == [(0,)]
        ledger.execute("ALTER TABLE rows DROP COLUMN tokens")
        ledger.execute("PRAGMA user_version = 1")
    bench.write(ROWS[:6])
    report = bench.run()
    assert (report.kept, report.verified) == (5, 1)
    with sqlite3.connect(ledger_path(bench.out)) as ledger:
        assert ledger.execute("SELECT tokens FROM rows ORDER BY position").fetchall() == [(None,)] * 5 + [(0,)]


def test_what_a_chat_model_took_stands_in_the_ledger(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*, cached: bool) -> Exchange:
        return Exchange(
            stage=Stage.EXTRACT,
            messages=(),
            text="",
            usage=Usage(prompt_tokens=30, completion_tokens=12),
            model="m",
            cached=cached,
        )

    both = (asked(cached=False), asked(cached=True))
    monkeypatch.setattr(Report, "all_exchanges", property(lambda self: both))
    bench.write(ROWS[:2])
    bench.run()
    with sqlite3.connect(ledger_path(bench.out)) as ledger:
        assert ledger.execute("SELECT tokens FROM rows").fetchall() == [(42,), (42,)]


def test_what_is_only_read_is_not_counted_as_done(bench: Bench) -> None:
    bench.write([{"id": f"r{i}", "text": "The sky is blue."} for i in range(200)])
    shares: list[tuple[int, float | None]] = []
    bench.run(watch=lambda run: shares.append((run.verified, run.done_share)))
    assert [verified for verified, _ in shares] == [0, 64, 128, 192, 200]
    assert [share for _, share in shares] == [None, *(pytest.approx(n / 200) for n in (64, 128, 192, 200))]
