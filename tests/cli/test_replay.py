"""`factcheck replay` as a command, over what `check` and `verify` wrote."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.batch.engine import LocalEngine
from factcheck.batch.road import Road
from factcheck.cli import session
from factcheck.cli.main import run
from tests.fakes import FakeWiring, evidence

ROWS = [{"id": i, "text": f"The sky is blue. Row {i}."} for i in range(3)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    wiring = FakeWiring((evidence("The sky is blue."),))

    def open_road(args: argparse.Namespace) -> tuple[Road, LocalEngine]:
        road = Road(wiring)
        return road, LocalEngine(road)

    monkeypatch.setattr(session, "open_road", open_road)
    monkeypatch.setattr(session, "open_parts", lambda args: wiring)
    (tmp_path / "in.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in ROWS))
    for name in ("out.jsonl", "out.parquet"):
        assert run(["verify", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / name)]) == 0
    return tmp_path


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_rows_of_verify(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["replay", str(folder / name), "--fail-on-change", "--json"]) == 0
    rows = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == ["0", "1", "2"]
    assert not any(row["changed"] or row["differs"] for row in rows)
    assert run(["replay", str(folder / name), "--id", "1"]) == 0
    assert "1: 2 of 2 verdicts as they were" in capsys.readouterr().out


def test_a_change_is_shown_and_can_be_a_gate(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = FakeWiring((evidence("The sky is not blue."),), provenance={"index": {"generation": 2}})
    monkeypatch.setattr(session, "open_parts", lambda args: other)
    assert run(["replay", str(folder / "out.jsonl"), "--id", "0"]) == 0
    shown = capsys.readouterr().out
    assert "0: 1 of 2 verdicts as they were" in shown
    assert "has changed: index" in shown
    assert "[changed] The sky is blue." in shown and "on today's evidence   REFUTED" in shown
    assert run(["replay", str(folder / "out.jsonl"), "--fail-on-change"]) == 3


def test_one_report_from_standard_input(folder: Path, stdin: Any, capsys: pytest.CaptureFixture[str]) -> None:
    row = orjson.loads((folder / "out.jsonl").read_bytes().splitlines()[0])
    del row["id"]
    stdin(orjson.dumps(row, option=orjson.OPT_INDENT_2))
    assert run(["replay", "-"]) == 0
    assert "report: 2 of 2" in capsys.readouterr().out


def test_what_cannot_be_replayed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["replay", str(folder / "out.jsonl"), "--id", "9"]) == 1
    assert "no row with the id '9'" in capsys.readouterr().err
    assert run(["replay", str(folder / "in.jsonl")]) == 1
    assert "is not a report" in capsys.readouterr().err
