"""Each rule of acceptance and each reason to stop, with fakes that read words."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from factcheck.pipeline import Pipeline
from factcheck.protocols import UNREAD, Vectors
from factcheck.reflect import ReflectPolicy, preservation, reflect
from factcheck.revise import EditReviser
from factcheck.types import (
    Draft,
    Edit,
    Label,
    OnUnsupported,
    Reflection,
    Refusal,
    Report,
    Revision,
    Round,
    Span,
    StopReason,
)
from tests.fakes import FakeChecker, FakeEntailment, FakeExtractor, FakeRetriever, FakeReviser, evidence

FACTS = (
    evidence("The sky is blue.", source="a"),
    evidence("The sea is not sweet.", source="b"),
    evidence("The snow is white.", source="c"),
    evidence("The coal is not white.", source="d"),
)
WRONG = "The sky is blue. The sea is sweet. The snow is white."
RIGHT = "The sky is blue. The sea is not sweet. The snow is white."


def run(table: Mapping[str, str], text: str = WRONG, **policy: object) -> tuple[Report, Reflection]:
    line = Pipeline(extractor=FakeExtractor(), retriever=FakeRetriever(FACTS), checkers=(FakeChecker(),), k=2)
    report = reflect(
        Draft(text=text),
        line,
        FakeReviser(table),
        FakeEntailment(),
        ReflectPolicy(**policy),  # type: ignore[arg-type]
    )
    assert report.revision is not None
    assert report.revision.rounds[0].draft.text == text
    assert report.revision.rounds[0].accepted
    assert report.text == report.revision.rounds[report.revision.best].draft.text
    return report, report.revision


def test_a_better_text_is_accepted_and_verified() -> None:
    report, reflection = run({WRONG: RIGHT})
    assert report.text == RIGHT
    assert [r.accepted for r in reflection.rounds] == [True, True]
    assert reflection.stop_reason is StopReason.VERIFIED
    assert report.summary.refuted == 0
    assert all(r.report.revision is None for r in reflection.rounds)


def test_nothing_to_do_is_verified_at_once() -> None:
    report, reflection = run({}, text=RIGHT)
    assert reflection.stop_reason is StopReason.VERIFIED
    assert len(reflection.rounds) == 1
    assert report.text == RIGHT


def test_the_same_text_again_is_unchanged() -> None:
    report, reflection = run({})
    assert reflection.stop_reason is StopReason.UNCHANGED
    assert report.text == WRONG


def test_a_rewrite_that_mends_nothing_is_refused() -> None:
    report, reflection = run({WRONG: WRONG + " Cats purr."})
    assert report.text == WRONG
    assert not reflection.rounds[1].accepted
    assert reflection.rounds[1].reason


def test_a_rewrite_that_loses_a_supported_claim_is_refused() -> None:
    report, reflection = run({WRONG: "The sea is not sweet. The snow is white. Cats are lovely animals."})
    assert report.text == WRONG
    assert "supported claim is gone" in reflection.rounds[1].reason


class Unreading(FakeEntailment):
    """Cannot read a word."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        return np.array([UNREAD] * len(pairs), dtype=np.float32)


@pytest.mark.parametrize(("there", "accepted"), [("The snow is very white.", True), ("Snow is there.", False)])
def test_where_nobody_reads_a_supported_claim_must_keep_its_words(there: str, accepted: bool) -> None:
    line = Pipeline(extractor=FakeExtractor(), retriever=FakeRetriever(FACTS), checkers=(FakeChecker(),), k=2)
    reviser = FakeReviser({WRONG: f"The sky is blue. The sea is not sweet. {there}"})
    report = reflect(Draft(text=WRONG), line, reviser, Unreading(), ReflectPolicy(min_preservation=0.1))
    assert report.revision is not None
    assert report.revision.rounds[1].accepted is accepted


def test_a_rewrite_that_brings_a_refuted_claim_is_refused() -> None:
    report, reflection = run({WRONG: RIGHT + " The coal is white."})
    assert report.text == WRONG
    assert "refuted" in reflection.rounds[1].reason


def test_a_rewrite_that_keeps_too_little_is_refused() -> None:
    long = "The sea is sweet. " + " ".join(f"Word{i} is here." for i in range(20))
    report, reflection = run({long: "The sea is not sweet."}, text=long)
    assert report.text == long
    assert "kept" in reflection.rounds[1].reason


def test_what_is_kept_has_to_be_above_the_threshold() -> None:
    assert preservation(WRONG, RIGHT) == 1.0
    _, reflection = run({WRONG: RIGHT}, min_preservation=1.0)
    assert "only 100% of the draft is kept" in reflection.rounds[1].reason
    _, reflection = run({WRONG: RIGHT}, min_preservation=0.99)
    assert reflection.rounds[1].accepted


def test_a_lost_claim_is_blamed_on_the_edit_where_it_stood() -> None:
    told: list[Sequence[Refusal]] = []

    class Careless:
        def revise(self, draft: Draft, report: Report, refused: Sequence[Refusal] = ()) -> Revision:
            told.append(tuple(refused))
            text = "The sky is blue. The sea is not sweet. Cats are lovely animals."
            places = {"sea": "The sea is sweet.", "snow": "The snow is white."}
            edits = tuple(
                Edit(
                    span=Span(start=WRONG.index(old), end=WRONG.index(old) + len(old)),
                    replacement="",
                    claim_id=name,
                    reason="",
                )
                for name, old in places.items()
            )
            return Revision(draft=Draft(text=text), edits=edits)

    line = Pipeline(extractor=FakeExtractor(), retriever=FakeRetriever(FACTS), checkers=(FakeChecker(),), k=2)
    reflect(Draft(text=WRONG), line, Careless(), FakeEntailment(), ReflectPolicy(min_preservation=0.1))
    assert told[0] == ()
    assert [refusal.claim_ids for refusal in told[1]] == [frozenset({"snow"})]


def test_two_refused_rewrites_running_end_it() -> None:
    class Stubborn:
        def __init__(self) -> None:
            self.turn = 0

        def revise(self, draft: Draft, report: Report, refused: Sequence[Refusal] = ()) -> Revision:
            self.turn += 1
            return Revision(draft=Draft(text=draft.text + f" Cats purr {self.turn} times."))

    line = Pipeline(extractor=FakeExtractor(), retriever=FakeRetriever(FACTS), checkers=(FakeChecker(),), k=2)
    report = reflect(Draft(text=WRONG), line, Stubborn(), FakeEntailment(), ReflectPolicy())
    assert report.revision is not None
    assert report.revision.stop_reason is StopReason.NO_IMPROVEMENT
    assert len(report.revision.rounds) == 3
    assert report.text == WRONG


def test_a_text_seen_before_is_an_oscillation() -> None:
    both = "The sea is sweet. The coal is white."
    half = "The sea is not sweet. The coal is white."
    _, reflection = run({both: half, half: both}, text=both)
    assert reflection.stop_reason is StopReason.OSCILLATION
    assert reflection.best == 1


def test_rounds_are_bounded() -> None:
    _, reflection = run({WRONG: WRONG + " Cats purr."}, max_rounds=1)
    assert reflection.stop_reason is StopReason.MAX_ROUNDS


@pytest.mark.parametrize("max_tokens", [50, 100])
def test_a_budget_ends_it(max_tokens: int) -> None:
    class Expensive:
        def revise(self, draft: Draft, report: Report, refused: Sequence[Refusal] = ()) -> Revision:
            return Revision(draft=Draft(text=draft.text.replace("sea is sweet", "sea is sweet!")), tokens=100)

    line = Pipeline(extractor=FakeExtractor(), retriever=FakeRetriever(FACTS), checkers=(FakeChecker(),), k=2)
    report = reflect(Draft(text=WRONG), line, Expensive(), FakeEntailment(), ReflectPolicy(max_tokens=max_tokens))
    assert report.revision is not None
    assert report.revision.stop_reason is StopReason.BUDGET


def test_the_policy_for_unsupported_claims_counts() -> None:
    text = "The sky is blue. Cats purr."
    _, keep = run({}, text=text)
    assert keep.stop_reason is StopReason.VERIFIED
    report, remove = run(
        {text: "The sky is blue."}, text=text, on_unsupported=OnUnsupported.REMOVE, min_preservation=0.5
    )
    assert remove.stop_reason is StopReason.VERIFIED
    assert report.text == "The sky is blue."


def test_what_cannot_all_be_removed_is_removed_in_part() -> None:
    text = "The sky is blue. The snow is white. " + " ".join(f"Thing {i} is {i}." for i in range(6))
    line = Pipeline(extractor=FakeExtractor(), retriever=FakeRetriever(FACTS), checkers=(FakeChecker(),), k=2)
    report = reflect(
        Draft(text=text),
        line,
        EditReviser(on_unsupported=OnUnsupported.REMOVE),
        FakeEntailment(),
        ReflectPolicy(on_unsupported=OnUnsupported.REMOVE),
    )
    assert report.revision is not None
    assert not report.revision.rounds[1].accepted
    assert "kept" in report.revision.rounds[1].reason
    assert report.revision.rounds[2].accepted
    assert report.text != text
    assert report.text.startswith("The sky is blue. The snow is white.")
    assert preservation(text, report.text) > 0.6


def test_proposing_the_refused_text_again_is_no_oscillation() -> None:
    _, reflection = run({WRONG: WRONG + " Cats purr."})
    assert reflection.stop_reason is StopReason.NO_IMPROVEMENT


def test_rounds_can_be_followed() -> None:
    seen: list[Round] = []
    line = Pipeline(extractor=FakeExtractor(), retriever=FakeRetriever(FACTS), checkers=(FakeChecker(),), k=2)
    reflect(
        Draft(text=WRONG), line, FakeReviser({WRONG: RIGHT}), FakeEntailment(), ReflectPolicy(), on_round=seen.append
    )
    assert [r.draft.text for r in seen] == [WRONG, RIGHT]


def test_unsupported_claims_do_not_become_wrong_by_being_kept() -> None:
    report, _ = run({WRONG + " Cats purr.": RIGHT + " Cats purr."}, text=WRONG + " Cats purr.")
    assert [c.verdict.label for c in report.claims][-1] is Label.NOT_ENOUGH_INFO  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [("", "", 1.0), ("a b c d", "a b c d", 1.0), ("a b c d", "a c d x", 0.75), ("a b", "", 0.0), ("a b", "b a", 0.5)],
)
def test_preservation(before: str, after: str, share: float) -> None:
    assert preservation(before, after) == share
