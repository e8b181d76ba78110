"""`factcheck verify` as a command: exit codes, what it prints, and how it stops."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.batch.engine import LocalEngine
from factcheck.batch.road import Road
from factcheck.cli import session
from factcheck.cli.main import run
from tests.fakes import FakeWiring, evidence

ROWS = [
    {"id": "a", "response": "The sky is blue.", "answer": "x", "model": "one"},
    {"id": "b", "response": "The sky is not blue.", "model": "two"},
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def open_road(args: argparse.Namespace) -> tuple[Road, LocalEngine]:
        road = Road(FakeWiring((evidence("The sky is blue."),)), add_index=args.add_index)
        return road, LocalEngine(road)

    monkeypatch.setattr(session, "open_road", open_road)
    (tmp_path / "in.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in ROWS))
    return tmp_path


def verify(folder: Path, *options: str, out: str = "out.jsonl") -> int:
    return run(["verify", str(folder / "in.jsonl"), "--out", str(folder / out), *options])


def test_what_a_run_came_to_as_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "--group-by", "model") == 0
    shown = capsys.readouterr().out
    assert "2 rows done: 2 verified now, 0 kept" in shown
    assert "in 1 rows 'answer' was passed over; 'response' was taken as the text" in shown
    assert "by group" in shown and "worst rows" in shown and "The sky is not blue." in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_what_a_run_came_to_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(folder, "--json", "--limit", "1") == 0
    assert orjson.loads(capsys.readouterr().out)["verified"] == 1
    assert verify(folder, "--json") == 0
    found = orjson.loads(capsys.readouterr().out)
    assert (found["rows"], found["verified"], found["kept"], found["rejects"]) == (2, 1, 1, None)
    assert found["summary"]["supported_share"] == 0.5
    assert [row["id"] for row in found["worst"]] == ["b"]


def test_gates_rejects_and_their_order(folder: Path) -> None:
    assert verify(folder, "--fail-under", "0.5") == 0
    assert verify(folder, "--fail-under", "0.51", "--junit", str(folder / "j.xml")) == 3
    assert b"<failure" in (folder / "j.xml").read_bytes()
    with (folder / "in.jsonl").open("ab") as file:
        file.write(b"{\n")
    assert verify(folder) == 4
    assert orjson.loads((folder / "out.jsonl.rejects.jsonl").read_bytes())["code"] == "invalid_json"
    assert verify(folder, "--fail-under", "0.51") == 3


@pytest.mark.parametrize(
    "options",
    [
        ("--shard", "0/2"),
        ("--shard", "3/2"),
        ("--sample", "0"),
        ("--sample", "1.5"),
        ("--map", "text"),
        ("--split", "test"),
        ("--workers", "2"),
        ("--fail-under", "2"),
    ],
)
def test_wrong_usage(folder: Path, options: tuple[str, ...]) -> None:
    assert verify(folder, *options) == 2
    assert not (folder / "out.jsonl").exists()


def test_names_that_make_no_sense(folder: Path) -> None:
    assert verify(folder, out="in.jsonl") == 2
    assert verify(folder, out="out.csv") == 2
    assert run(["verify", str(folder / "no.jsonl"), "--out", str(folder / "out.jsonl")]) == 1


def test_standard_input(folder: Path, stdin: Any, capsys: pytest.CaptureFixture[str]) -> None:
    stdin((folder / "in.jsonl").read_bytes())
    assert run(["verify", "-", "--out", str(folder / "out.jsonl"), "--json"]) == 0
    assert orjson.loads(capsys.readouterr().out)["rows"] == 2


SLOW = """
import sys, time
from pathlib import Path
from factcheck.batch.engine import LocalEngine
from factcheck.batch.road import Road
from factcheck.cli import session
from factcheck.cli.main import run
from tests.fakes import FakeChecker, FakeWiring

class Slow(FakeChecker):
    def check(self, cases):
        Path(sys.argv[3]).touch()
        time.sleep(0.3)
        return super().check(cases)

def open_road(args):
    road = Road(FakeWiring(checker=Slow()))
    return road, LocalEngine(road)

session.open_road = open_road
sys.exit(run(["verify", sys.argv[1], "--out", sys.argv[2]]))
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_finishes_what_is_in_flight(tmp_path: Path, number: signal.Signals, code: int) -> None:
    rows = [{"id": str(i), "text": f"Text {i}."} for i in range(640)]
    (tmp_path / "in.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    arguments = [sys.executable, "-c", SLOW, str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl")]
    begun = tmp_path / "begun"
    with subprocess.Popen(
        [*arguments, str(begun)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as process:
        waited = threading.Event()
        for _ in range(600):
            if begun.exists():
                break
            waited.wait(0.05)
        os.kill(process.pid, number)
        out, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    assert b"start the same command again" in errors
    done = int(out.split(b" rows so far")[0].replace(b",", b""))
    assert 0 < done < 640 and done % 64 == 0
    assert not (tmp_path / "out.jsonl").exists()
    again = subprocess.run([*arguments, str(begun)], capture_output=True, cwd=Path(__file__).parents[2], check=False)
    assert again.returncode == 0, again.stderr
    assert f"{640 - done} verified now, {done} kept".encode() in again.stdout
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 640
