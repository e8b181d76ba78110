"""`ask`: where the question comes from, what is handed on, what goes out, and how it ends."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.cli import session
from factcheck.cli.main import run
from factcheck.report import report_from_dict
from factcheck.types import OnRefuted
from tests.cli.conftest import FakeFactChecker
from tests.reports import DRAFT_REPORT, REVISED_REPORT


def test_the_answer_is_one_report(checker: FakeFactChecker, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["ask", "Who built the light?", "--json"]) == 0
    assert checker.calls == [("Who built the light?", {"context": None, "n": 1, "revise": True})]
    out, err = capfdbinary.readouterr()
    assert report_from_dict(orjson.loads(out)) == REVISED_REPORT
    assert err == b""


def test_a_draft_can_be_reported_as_it_is(checker: FakeFactChecker, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["ask", "Who?", "--no-revise", "--n", "3", "--json"]) == 0
    assert checker.calls == [("Who?", {"context": None, "n": 3, "revise": False})]
    assert report_from_dict(orjson.loads(capfdbinary.readouterr().out)) == DRAFT_REPORT


def test_the_question_may_come_from_standard_input(checker: FakeFactChecker, stdin: Any) -> None:
    stdin("誰？".encode())
    assert run(["ask", "-"]) == 0
    assert checker.calls[-1][0] == "誰？"


def test_contexts_and_settings_are_handed_on(checker: FakeFactChecker, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada built it.", encoding="utf-8")
    assert run(["ask", "Who?", "--context", str(tmp_path / "a.txt"), "--on-refuted", "flag"]) == 0
    assert [d.text for d in checker.calls[-1][1]["context"]] == ["Ada built it."]
    assert checker.opened_with is not None
    assert session.settings_of(checker.opened_with).revise.on_refuted is OnRefuted.FLAG


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        ([], 0),
        (["--no-revise", "--fail-under", "0.2"], 0),
        (["--no-revise", "--fail-under", "0.21"], 3),
        (["--n", "0"], 2),
    ],
)
def test_exit_codes(checker: FakeFactChecker, argv: list[str], code: int) -> None:
    assert run(["ask", "Who?", *argv]) == code


def test_how_to_rewrite_needs_rewriting(checker: FakeFactChecker, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "Who?", "--no-revise", "--on-refuted", "flag"]) == 2
    assert capsys.readouterr().err == ("factcheck: error: --on-refuted says how to rewrite; leave out --no-revise\n")


def test_the_page_is_written(checker: FakeFactChecker, tmp_path: Path) -> None:
    assert run(["ask", "Who?", "--html", str(tmp_path / "a.html")]) == 0
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
