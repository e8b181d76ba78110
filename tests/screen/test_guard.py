"""A screen around checking: drafts, rewrites and answers; and the command and façade with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from factcheck import FactChecker, Settings
from factcheck.cli.main import run
from factcheck.config import ScreenSettings
from factcheck.report import report_to_dict
from factcheck.screen import (
    Finding,
    Guard,
    PersonalKind,
    Screen,
    ScreenAction,
    ScreenedReviser,
    TermList,
    acted,
    redact,
)
from factcheck.screen.findings import Source
from factcheck.types import Draft, Report, Span
from tests.fakes import FakeReviser

TEXT = "Sydney is the capital of Australia. Ask ada@example.org about it."


class FakeClassifier:
    """Finds anger by exclamation marks."""

    name = "fake"
    sha256 = "0" * 64

    def classify(self, texts: Sequence[str]) -> list[dict[str, float]]:
        return [{"anger": 0.9 if "!" in text else 0.1, "neutral": 0.95, "joy": 0.6} for text in texts]


def screen() -> Screen:
    return Screen(terms=[TermList(category="insult", terms=("fool",))], personal=tuple(PersonalKind))


def test_all_parts_are_asked_and_places_are_told() -> None:
    looking = Screen(
        terms=[TermList(category="insult", terms=("fool",))],
        personal=[PersonalKind.EMAIL],
        classifier=FakeClassifier(),
        labels=["Anger"],
    )
    text = "You fool! Ask ada@example.org."
    found, nothing = looking.look([text, "Fine."])
    assert [(f.category, f.source.value, f.span.of(text)) for f in found] == [
        ("anger", "classifier", "You fool!"),
        ("insult", "terms", "fool"),
        ("email", "personal", "ada@example.org"),
    ]
    assert nothing == ()


def test_unless_labels_are_named_all_but_harmless_ones_count() -> None:
    (found,) = Screen(classifier=FakeClassifier()).look(["Fine."])
    assert [f.category for f in found] == ["joy"]
    assert Screen(classifier=FakeClassifier(), threshold=0.97).look(["No!"]) == [()]


def test_redaction_joins_what_overlaps() -> None:
    def at(category: str, start: int, end: int) -> Finding:
        return Finding(category=category, source=Source.TERMS, span=Span(start=start, end=end))

    assert redact("0123456789", [at("b", 3, 6), at("a", 2, 4), at("c", 8, 9)]) == "01[a]67[c]9"
    assert redact("abc", []) == "abc"


def checked(drafts: Sequence[Draft]) -> list[Report]:
    return [Report(text=draft.text, claims=(), provenance={"index": None}) for draft in drafts]


@pytest.mark.parametrize("action", list(ScreenAction))
def test_what_is_clean_passes_untouched(action: ScreenAction) -> None:
    assert Guard(screen(), action).around([Draft(text="All is well.")], checked) == checked(
        [Draft(text="All is well.")]
    )


def test_the_three_actions() -> None:
    drafts = [Draft(text=TEXT), Draft(text="Clean."), Draft(text="You fool.")]
    told = Guard(screen(), ScreenAction.REPORT).around(drafts, checked)
    assert [report.text for report in told] == [draft.text for draft in drafts]
    assert told[0].warnings == ("the screen found in the text: email (1)",)
    assert acted(told[0]) is ScreenAction.REPORT
    assert acted(told[1]) is None
    gone = Guard(screen(), ScreenAction.REDACT).around(drafts, checked)
    assert gone[0].text == "Sydney is the capital of Australia. Ask [email] about it."
    assert gone[2].text == "You [insult]."
    kept = Guard(screen(), ScreenAction.BLOCK).around(drafts, checked)
    assert kept[0].text == "This text is withheld: the screen found email (1)."
    assert kept[1].text == "Clean."
    for report in (*told, *gone, *kept):
        assert "ada@" not in str(dict(report.provenance)) + str(report.warnings)


def test_what_only_the_answer_holds_is_found_too() -> None:
    def leaky(drafts: Sequence[Draft]) -> list[Report]:
        return [Report(text="Call +44 20 7946 0958.", claims=()) for _ in drafts]

    (kept,) = Guard(screen(), ScreenAction.BLOCK).around([Draft(text="Clean.")], leaky)
    assert kept.text == "This text is withheld: the screen found phone (1)."
    (told,) = Guard(screen(), ScreenAction.REPORT).around([Draft(text="Clean.")], leaky)
    assert told.warnings == ("the screen found in the text: phone (1)",)


def test_rewrites_are_redacted() -> None:
    reviser = ScreenedReviser(FakeReviser({"a": "You fool.", "b": "Fine."}), screen())
    empty = Report(text="", claims=())
    assert reviser.revise(Draft(text="a"), empty).draft.text == "You [insult]."
    assert reviser.revise(Draft(text="b"), empty).draft.text == "Fine."


def test_the_real_road_redacts_every_round() -> None:
    settings = Settings(screen=ScreenSettings(personal=("email",), action="redact"))
    report = FactChecker.open(settings=settings).revise(TEXT)
    assert report.text == "Canberra is the capital of Australia. Ask [email] about it."
    assert b"ada@" not in orjson.dumps(report_to_dict(report))


def test_the_command_ends_with_3_for_what_is_withheld(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    terms = tmp_path / "words.txt"
    terms.write_text("sydney\n", encoding="utf-8")
    argv = ["check", TEXT, "--json", "--screen", "block", "--screen-terms", str(terms)]
    assert run(argv) == 3
    report = orjson.loads(capfdbinary.readouterr().out)
    assert report["text"] == "This text is withheld: the screen found words (1)."
    assert run(["check", TEXT, "--json", "--screen", "report"]) == 0
    assert "the screen found in the text: email (1)" in orjson.loads(capfdbinary.readouterr().out)["warnings"]
    assert run(["check", TEXT, "--screen", "report", "--screen-terms", str(tmp_path / "none.txt")]) == 1
