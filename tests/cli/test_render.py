"""What people see at a terminal, compared with files that were looked at."""

from dataclasses import replace
from pathlib import Path

import pytest

from factcheck.cli.render import Run, demo_view, report_view
from factcheck.cli.telling import pieces
from factcheck.cli.terminal import Terminal, terminal_here, to_svg, to_text
from factcheck.cli.words import percent
from factcheck.types import CheckedClaim, Draft, Reflection, Report, Round, Span, StopReason
from tests.reports import DRAFT, DRAFT_REPORT, FAILED_REPORT, FINAL_REPORT, REVISED_REPORT

GOLDEN = Path(__file__).parent / "golden"
RUNS = [
    Run(id="light", question="Who built it?", report=REVISED_REPORT),
    Run(id="moon", question=None, report=FAILED_REPORT),
]
VIEWS = {
    "demo-80.txt": (demo_view, RUNS, Terminal()),
    "demo-80-color.txt": (demo_view, RUNS, Terminal(color=True)),
    "check-80.txt": (report_view, DRAFT_REPORT, Terminal()),
    "check-revise-120.txt": (report_view, REVISED_REPORT, Terminal(width=120)),
    "check-revise-50-ascii.txt": (report_view, REVISED_REPORT, Terminal(width=50, unicode=False)),
    "check-nothing-80.txt": (report_view, Report(text="", claims=()), Terminal()),
}


def shown(name: str) -> str:
    view, what, terminal = VIEWS[name]
    return to_text(view(what, terminal), terminal)  # type: ignore[operator]


@pytest.mark.parametrize("name", VIEWS)
def test_it_looks_as_it_did(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a change is meant: run this file as a module, `python -m tests.cli.test_render`, and look at the diff."""
    monkeypatch.delenv("COLORTERM", raising=False)
    assert shown(name) == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", VIEWS)
def test_no_line_is_too_long(name: str) -> None:
    if "color" in name:
        return
    width = VIEWS[name][2].width
    commands = ("  factcheck check ", "  factcheck index ")  # are copied, so they are never broken
    assert [line for line in shown(name).splitlines() if len(line) > width and not line.startswith(commands)] == []


def test_the_line_feed_at_the_end_of_a_file_leaves_no_gap() -> None:
    terminal = Terminal()
    plain = to_text(report_view(Report(text="Hello.", claims=()), terminal), terminal)
    assert to_text(report_view(Report(text="Hello.\n\n", claims=()), terminal), terminal) == plain


@pytest.mark.parametrize(
    ("before", "after", "shown_as"),
    [
        ("It opened in 1906.", "It opened in 1931.", "?1[It opened in [-1906-]{+1931+}.]"),
        ("Smith built it.", "Jones built it.", "?1[[-Smith-]{+Jones+} built it.]"),
        ("Built by Smith", "Built by Jones", "?1[Built by [-Smith-]{+Jones+}]"),
    ],
)
def test_what_is_still_open_is_marked_around_what_changed(before: str, after: str, shown_as: str) -> None:
    unsettled = next(c for c in DRAFT_REPORT.claims if isinstance(c, CheckedClaim) and c.verdict.label.value[0] == "N")
    claim = replace(unsettled, claim=replace(unsettled.claim, text=after, span=Span(start=0, end=len(after))))
    rounds = tuple(
        Round(draft=Draft(text=text), report=Report(text=text, claims=()), accepted=True) for text in (before, after)
    )
    revision = Reflection(rounds=rounds, stop_reason=StopReason.UNCHANGED, best=1)
    report = Report(text=after, claims=(claim,), revision=revision)
    assert shown_as in to_text(report_view(report, Terminal()), Terminal())


def test_everything_is_said_without_colour() -> None:
    text = shown("demo-80.txt")
    assert "\x1b" not in text
    for word in (
        "SUPPORTED",
        "REFUTED",
        "CONFLICTING",
        "NOT ENOUGH INFO",
        "NOT CHECKED",
        "[-1871-]{+1817+}",
        "stopped:",
    ):
        assert word in text
    assert "✗2[She finished the lighthouse in" in text


def test_ascii_is_ascii_but_for_the_texts() -> None:
    assert shown("check-revise-50-ascii.txt").isascii()


def test_a_text_cannot_steer_the_terminal() -> None:
    evil = "\x1b[2J\x07 a \u202e b \x9b31m \x00 [bold]c[/bold] \ud800"
    (first, *_) = DRAFT_REPORT.claims
    assert isinstance(first, CheckedClaim)
    claim = replace(
        first,
        claim=replace(first.claim, text=evil, span=Span(start=0, end=len(evil))),
        verdict=replace(first.verdict, reason=evil, judgements=()),
        evidence=(replace(first.evidence[0], text=evil, source=evil, passage=None),),
    )
    report = Report(text=evil, claims=(claim,), warnings=(evil,))
    for terminal in (Terminal(width=100), Terminal(width=100, unicode=False)):
        text = to_text(report_view(report, terminal), terminal)
        assert not set(text) & set("\x1b\x07\x9b\x00\u202e\ud800")
        assert "[bold]c[/bold]" in text


def test_many_claims_show_those_that_matter() -> None:
    supported = [claim for claim in FINAL_REPORT.claims if isinstance(claim, CheckedClaim)][:1] * 500
    refuted = [DRAFT_REPORT.claims[1]]
    report = Report(text=DRAFT, claims=(*supported, *refuted))
    text = to_text(report_view(report, Terminal()), Terminal())
    assert "✗ 501 REFUTED" in text
    assert "301 claims not shown here: --json or --html has all" in text


def test_evidence_on_the_verdicts_side_comes_first() -> None:
    sides = [[p.evidence.source for p in pieces(c)[0]] for c in DRAFT_REPORT.claims if isinstance(c, CheckedClaim)]
    assert sides == [
        ["Coast Almanac"],
        ["coast graph"],
        ["Harbour Register"],
        ["Keeper's log", "Lamp catalogue"],
        [],
    ]


@pytest.mark.parametrize(
    ("environment", "color"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_is_for_terminals_and_for_those_who_ask(
    environment: dict[str, str], color: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal_here(unicode=True) == Terminal(width=80, unicode=True, color=color)


def test_the_picture_names_nothing_elsewhere() -> None:
    svg = to_svg(demo_view(RUNS, Terminal(color=True)), title="factcheck <demo>")
    assert svg == to_svg(demo_view(RUNS, Terminal(color=True)), title="factcheck <demo>")
    assert "@font-face" not in svg
    assert "@import" not in svg
    assert "<demo>" not in svg


def test_percent_is_never_surer_than_it_is() -> None:
    assert [percent(p) for p in (1.0, 0.999, 0.5, 0.001, 0.0)] == ["100 %", "99 %", "50 %", "1 %", "0 %"]


if __name__ == "__main__":
    for file in VIEWS:
        (GOLDEN / file).write_text(shown(file), encoding="utf-8")
