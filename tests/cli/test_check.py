"""`check` and `demo`: where the text comes from, what goes out, and how it ends."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.cli import session
from factcheck.cli.main import run
from factcheck.report import report_from_dict
from factcheck.types import OnRefuted, OnUnsupported
from tests.cli.conftest import FakeFactChecker
from tests.cli.test_streams import Screen
from tests.reports import DRAFT, DRAFT_REPORT, FAILED_REPORT, REVISED, REVISED_REPORT

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_bytes(b"\xef\xbb\xbf" + DRAFT.encode())
    return path


def asked(checker: FakeFactChecker) -> str:
    return checker.calls[-1][0]


def test_a_text_a_file_and_standard_input(checker: FakeFactChecker, file: Path, stdin: Any) -> None:
    assert run(["check", DRAFT]) == 0
    assert asked(checker) == DRAFT
    assert run(["check", str(file)]) == 0
    assert asked(checker) == DRAFT
    for argv in (["check", "-"], ["check"]):
        stdin("Line one.\r\nLine two: 東京.".encode())
        assert run(argv) == 0
        assert asked(checker) == "Line one.\r\nLine two: 東京."


def test_of_a_page_the_words_are_checked(checker: FakeFactChecker, tmp_path: Path) -> None:
    page = tmp_path / "draft.html"
    page.write_text("<html><body><p>Bern is in Switzerland.</p></body></html>", encoding="utf-8")
    assert run(["check", str(page)]) == 0
    assert asked(checker).strip() == "Bern is in Switzerland."


def test_a_long_check_tells_a_terminal_how_far_it_is(
    checker: FakeFactChecker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", DRAFT, "--json"]) == 0
    assert capsys.readouterr().err == ""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    assert run(["check", DRAFT, "--json"]) == 0
    assert "checking: 1,064 of 2,001 claims …" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[2K")


def test_text_is_forced(checker: FakeFactChecker, file: Path) -> None:
    assert run(["check", "--text", str(file)]) == 0
    assert asked(checker) == str(file)
    assert run(["check", "missing.txt", "--text"]) == 0
    assert asked(checker) == "missing.txt"
    assert run(["check", "-", "--text"]) == 0
    assert asked(checker) == "-"


@pytest.mark.parametrize("text", ["", "a\0b", "x" * 5000 + ".", "\udcff odd bytes.", "what? / or", "   "])
def test_a_text_that_is_no_path_is_a_text(checker: FakeFactChecker, text: str) -> None:
    assert run(["check", text]) == 0
    assert asked(checker) == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"caf\xe9", "is not UTF-8: byte 0xe9 at offset 3; convert it to UTF-8, for example with iconv -t UTF-8"),
        (b"x" * 21, "has more than 20 characters; split it, or raise the limit with --max-characters"),
        (b"x" * 2000, "has more than 20 characters; split it, or raise the limit with --max-characters"),
    ],
)
def test_a_bad_file_is_named(
    checker: FakeFactChecker, tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, said: str
) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    assert run(["check", str(path), "--max-characters", "20"]) == 1
    assert capsys.readouterr().err == f"factcheck: error: {path}: {said}\n"


def test_a_folder_is_no_text(checker: FakeFactChecker, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"factcheck: error: {tmp_path}: is a directory; name a file\n"


def test_contexts_and_the_question_are_handed_on(checker: FakeFactChecker, tmp_path: Path) -> None:
    for name in ("a.txt", "b.md"):
        (tmp_path / name).write_text(f"text of {name}\0", encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("a.txt", "b.md")]
    assert run(["check", DRAFT, "--question", "Who?", "--context", *paths]) == 0
    _, given = checker.calls[-1]
    assert given["question"] == "Who?"
    assert [(d.text, d.source) for d in given["context"]] == [
        ("text of a.txt\ufffd", "a.txt"),
        ("text of b.md\ufffd", "b.md"),
    ]
    assert run(["check", DRAFT, "--context", paths[0], "--context", paths[1], "--revise"]) == 0
    assert [d.id for d in checker.calls[-1][1]["context"]] == paths


def test_contexts_of_other_kinds_are_read_as_corpora_are(checker: FakeFactChecker, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"_id": "a", "title": "T", "text": "one", "source": "S"}\n{"_id": "b", "text": "two"}\n')
    assert run(["check", DRAFT, "--context", str(rows)]) == 0
    documents = checker.calls[-1][1]["context"]
    assert [(d.id, d.title, d.text) for d in documents] == [("a", "T", "one"), ("b", "", "two")]
    rows.write_text("{not json}\n")
    assert run(["check", DRAFT, "--context", str(rows)]) == 1


def test_options_become_settings(checker: FakeFactChecker) -> None:
    argv = ["check", DRAFT, "--revise", "--on-refuted", "flag", "--on-unsupported", "hedge"]
    assert run([*argv, "--min-confidence", "0.5", "--max-characters", "9999", "--model", "folder"]) == 0
    assert checker.opened_with is not None
    settings = session.settings_of(checker.opened_with)
    assert settings.revise.on_refuted is OnRefuted.FLAG
    assert settings.revise.on_unsupported is OnUnsupported.HEDGE
    assert settings.verify.min_confidence == 0.5
    assert settings.extract.max_characters == 9999
    assert settings.models.entailment == "folder"


def test_json_is_the_report(checker: FakeFactChecker, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["check", DRAFT, "--json"]) == 0
    out, err = capfdbinary.readouterr()
    assert report_from_dict(orjson.loads(out)) == DRAFT_REPORT
    assert out.endswith(b"}\n")
    assert err == b""
    assert run(["check", DRAFT, "--json", "--revise"]) == 0
    assert report_from_dict(orjson.loads(capfdbinary.readouterr().out)) == REVISED_REPORT


@pytest.mark.parametrize(
    ("text", "argv", "code"),
    [
        (DRAFT, [], 0),
        (DRAFT, ["--fail-under", "0.2"], 0),
        (DRAFT, ["--fail-under", "0.21"], 3),
        (DRAFT, ["--fail-under", "0.6", "--revise"], 0),
        (FAILED_REPORT.text, [], 4),
        (FAILED_REPORT.text, ["--fail-under", "0.5"], 3),
        (FAILED_REPORT.text, ["--fail-under", "0"], 4),
        ("Nothing to check?", ["--fail-under", "1"], 0),
    ],
)
def test_exit_codes(checker: FakeFactChecker, text: str, argv: list[str], code: int) -> None:
    assert run(["check", text, *argv]) == code


def test_the_page_is_written_whole_or_not_at_all(
    checker: FakeFactChecker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    assert run(["check", DRAFT, "--html", str(page)]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert sorted(tmp_path.iterdir()) == [page]
    capsys.readouterr()
    nowhere = tmp_path / "no" / "report.html"
    assert run(["check", DRAFT, "--html", str(nowhere)]) == 1
    assert capsys.readouterr().err == (
        f"factcheck: error: {nowhere}: cannot be written (No such file or directory); check folder, rights and space\n"
    )


def test_the_demonstration(checker: FakeFactChecker, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo"]) == 0
    out = capsys.readouterr().out
    assert "Who built the light?" in out
    assert "What does the moon do?" in out
    assert all(call["revise"] for _, call in checker.calls)
    assert [call["question"] for _, call in checker.calls] == ["Who built the light?", "What does the moon do?"]


def test_the_demonstration_as_json(checker: FakeFactChecker, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["demo", "--json", "--draft", "light"]) == 0
    data = orjson.loads(capfdbinary.readouterr().out)
    assert list(data) == ["runs"]
    (row,) = data["runs"]
    assert (row["id"], row["question"], row["text"]) == ("light", "Who built the light?", REVISED)
    assert report_from_dict(row) == REVISED_REPORT


def test_the_demonstration_as_a_picture(checker: FakeFactChecker, tmp_path: Path) -> None:
    picture = tmp_path / "demo.svg"
    assert run(["demo", "--draft", "light", "--svg", str(picture)]) == 0
    svg = picture.read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert "font-face" not in svg
    assert "url(http" not in svg
    assert run(["demo", "--draft", "light", "--svg", str(tmp_path / "again.svg")]) == 0
    assert (tmp_path / "again.svg").read_text(encoding="utf-8") == svg
