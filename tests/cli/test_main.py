"""The entrance: usage, one line for every error, signals, streams, and a quick start."""

import os
import signal
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import pytest

from factcheck.cli import session
from factcheck.cli.main import build_parser, run
from factcheck.cli.reporting import outcome
from factcheck.errors import GraphSyntaxError, IntegrityError, MissingExtraError
from tests.cli.conftest import FakeFactChecker

HEAVY = (
    "torch",
    "transformers",
    "faiss",
    "rdflib",
    "onnxruntime",
    "pyoxigraph",
    "pyarrow",
    "trafilatura",
    "pint",
    "rich",
)


def command(*arguments: str, **keywords: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "factcheck", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell starts what it puts in the background with SIGINT ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **keywords,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "factcheck: error: no command given; see 'factcheck --help'\n"),
        (["index"], "factcheck: error: 'index' needs a subcommand; see 'factcheck index --help'\n"),
        (["chekc"], "invalid choice: 'chekc'"),
        (["check", "text", "--revize"], "unrecognized arguments: --revize"),
        (["check", "text", "--rev"], "unrecognized arguments: --rev"),
        (["check", "text", "--fail-under", "1.5"], "argument --fail-under: '1.5' is not a number from 0 to 1"),
        (["check", "text", "--fail-under", "nan"], "'nan' is not a number from 0 to 1"),
        (["check", "text", "--max-characters", "0"], "'0' is not a whole number of at least 1"),
        (["check", "text", "--on-refuted", "burn"], "invalid choice: 'burn'"),
        (["check", "text", "--on-refuted", "flag"], "--on-refuted says how to rewrite; add --revise"),
        (["check", "missing.txt"], "missing.txt: no such file; if this is the text to check, add --text"),
        (["check", "--text"], "--text needs a text"),
        (["check", "text", "--config", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["demo", "--draft", "mars"], "no draft is called 'mars'; there are light, moon"),
        (["score", "a.jsonl"], "the following arguments are required: --out"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    argv: list[str], said: str, checker: FakeFactChecker, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("factcheck: error: ")
    assert err.count("\n") == 1
    assert said in err


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (IntegrityError("is not the file in the manifest", where="i/a.bin", remedy="build the index again"),
         "factcheck: error: i/a.bin: is not the file in the manifest; build the index again\n"),
        (GraphSyntaxError("expected '.'", where="a.ttl", line=3, column=7),
         "factcheck: error: a.ttl:3:7: expected '.'\n"),
        (MissingExtraError("reading PDF", "pdf"),
         "factcheck: error: reading PDF needs the extra 'pdf'; install it with: pip install 'factcheck-rag[pdf]'\n"),
        (OSError(28, "No space left on device", "out.bin"), "factcheck: error: out.bin: No space left on device\n"),
        (MemoryError(), "factcheck: error: out of memory; check less at a time\n"),
        (ZeroDivisionError("by\nzero \x1b[31m"),
         "factcheck: error: ZeroDivisionError: by zero \ufffd[31m; "
         "this is a bug, please report it with what --debug shows\n"),
    ],
)  # fmt: skip
def test_a_failure_is_one_line_and_exit_1(
    error: Exception, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(args: Namespace) -> None:
        raise error

    monkeypatch.setattr(session, "open_checker", fail)
    assert run(["check", "--text", "Snow is white."]) == 1
    assert capsys.readouterr() == ("", line)
    assert run(["check", "--text", "Snow is white.", "--debug"]) == 1
    trace = capsys.readouterr().err
    assert trace.startswith("Traceback")
    assert trace.endswith(line)


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, b"interrupted"), (signal.SIGTERM, 143, b"terminated")]
)
def test_signals(number: signal.Signals, code: int, word: bytes) -> None:
    with command("check", "-") as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b"The beginning of ")
        process.stdin.flush()
        wait_until_reading(process.pid)
        process.send_signal(number)
        error = process.stderr.read()
        assert process.wait(timeout=20) == code
    assert error == b"factcheck: " + word + b"\n"


def wait_until_reading(pid: int) -> None:
    """Wait until the process sleeps with our handlers in place: it is blocked on its standard input."""
    handled = Path(f"/proc/{pid}/status")
    if not handled.exists():
        time.sleep(2)
        return
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        fields = dict(line.split(":", 1) for line in handled.read_text().splitlines() if ":" in line)
        catches_sigterm = int(fields["SigCgt"], 16) >> (signal.SIGTERM - 1) & 1
        if catches_sigterm and fields["State"].strip().startswith("S"):
            time.sleep(0.3)
            return
        time.sleep(0.05)
    pytest.fail("the command does not come to read its standard input")


def test_our_signal_handler_does_not_stay(checker: FakeFactChecker) -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert run(["check", "--text", "Snow is white."]) == 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    def used() -> float:
        times = os.times()
        return times.children_user + times.children_system

    before = used()  # processor time: the machine may have other things to do
    with command("--help") as process:
        out, err = process.communicate()
    seconds = used() - before
    assert process.returncode == 0
    assert err == b""
    assert b"factcheck demo" in out
    assert 0.0 < seconds < 0.5

    program = (
        "import sys; from factcheck.cli.main import run; code = run(['--help']); "
        f"print([m for m in {HEAVY!r} if m in sys.modules], code, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stderr == b"[] 0\n"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("factcheck 0.")


def test_every_command_has_help_and_the_common_options() -> None:
    for name, parser in leaves(build_parser()):
        text = parser.format_help()
        for option in ("--config", "--json", "--debug"):
            assert option in text, f"{name} has no {option}"


def leaves(parser, name="factcheck"):  # type: ignore[no-untyped-def]
    below = [action for action in parser._actions if hasattr(action, "choices") and isinstance(action.choices, dict)]
    if not below:
        yield name, parser
    for action in below:
        for child, child_parser in action.choices.items():
            yield from leaves(child_parser, f"{name} {child}")


def test_a_reader_that_goes_away_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "factcheck", "--help"], stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_output_is_utf8_in_any_locale() -> None:
    program = (
        "import sys; from factcheck.cli import streams; u = streams.speaks_unicode(); streams.prepare(); "
        "streams.emit(f'{u} 東京 \\u2713'); streams.emit_json('é'.encode())"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment)
    assert done.stdout.decode("utf-8") == "False 東京 \u2713é\n"
    assert done.stderr == b""


def test_nothing_given_is_told_apart_from_an_empty_text(checker: FakeFactChecker, stdin: object) -> None:
    assert callable(stdin)
    stdin(b"")
    assert run(["check"]) == 2
    stdin(b"")
    assert run(["check", "-"]) == 0
    assert checker.calls == [("", {"context": None, "question": None})]
    assert outcome([]) == 0
