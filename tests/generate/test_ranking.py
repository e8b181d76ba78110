"""Which draft is taken, by hand arithmetic."""

import pytest

from factcheck.generate.ranking import WEIGHTS, agreement, coverage, rank_drafts
from factcheck.types import (
    NO_EVIDENCE,
    CheckedClaim,
    Claim,
    Draft,
    FailedClaim,
    Label,
    Report,
    Span,
    Stage,
    Verdict,
)
from tests.fakes import FakeEntailment

DECLINES = frozenset({"The evidence does not say."})


def report(text: str, *labels: Label | None) -> Report:
    claims: list[CheckedClaim | FailedClaim] = []
    for number, label in enumerate(labels):
        claim = Claim(id=f"c{number}", text=text, span=Span(start=0, end=len(text)))
        if label is None:
            claims.append(FailedClaim(claim=claim, stage=Stage.VERIFY, code="internal", message="no"))
            continue
        verdict = Verdict(
            label=label, confidence=1.0, probabilities=NO_EVIDENCE, judgements=(), correction=None, reason=""
        )
        claims.append(CheckedClaim(claim=claim, verdict=verdict, evidence=()))
    return Report(text=text, claims=tuple(claims))


def rank(*drafts: tuple[str, tuple[Label | None, ...]], question: str = "Where is the mill?") -> list[str]:
    texts = [Draft(text=text, question=question) for text, _ in drafts]
    reports = [report(text, *labels) for text, labels in drafts]
    ranked = rank_drafts(texts, reports, FakeEntailment(), declines=DECLINES)
    for candidate in ranked:
        assert candidate.score == pytest.approx(sum(candidate.parts.values()))
        assert set(candidate.parts) == set(WEIGHTS)
        assert candidate.reason
    assert [c.score for c in ranked] == sorted((c.score for c in ranked), reverse=True)
    return [candidate.draft.text for candidate in ranked]


S, R, N = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_INFO


def test_fewer_wrong_claims_go_first_whatever_else_speaks_for_a_draft() -> None:
    good = "The mill is here."
    assert rank((good, (S, S, S, R)), ("Unrelated words", (None, N)))[0] == "Unrelated words"


def test_then_what_is_supported_and_what_could_be_checked() -> None:
    assert rank(("The mill is red.", (N,)), ("The mill is blue.", (S,)))[0] == "The mill is blue."
    assert rank(("The mill is red.", (None,)), ("The mill is blue.", (N,)))[0] == "The mill is blue."


def test_then_what_speaks_of_the_question() -> None:
    assert rank(("Cats purr.", (S,)), ("The mills stand.", (S,)))[0] == "The mills stand."
    assert rank(("The evidence does not say.", ()), ("Mill.", ()))[0] == "Mill."


def test_then_what_the_others_say_too() -> None:
    drafts = [("The mill is not old.", (S,)), ("The mill is old.", (S,)), ("The mill is really old.", (S,))]
    assert rank(*drafts)[-1] == "The mill is not old."


def test_then_the_shorter_and_among_equals_the_earlier() -> None:
    long = "The mill stands. " + "It is a mill. " * 9
    assert rank((long, (S,)), ("The mill stands.", (S,)), ("The mill stands!", (S,)))[-1] == long
    assert rank(("The mill a.", (S,)), ("The mill b.", (S,))) == ["The mill a.", "The mill b."]


@pytest.mark.parametrize(
    ("question", "text", "share"),
    [("Where is the mill?", "The mills are here.", 1.0), ("Who built the mill?", "The mill.", 0.5),
     ("Where is it?", "Anywhere.", 1.0), ("", "", 1.0)],
)  # fmt: skip
def test_coverage(question: str, text: str, share: float) -> None:
    assert coverage(question, text) == share


def test_agreement() -> None:
    model = FakeEntailment()
    assert agreement(["A b c."], model) == [1.0]
    assert agreement(["A b c.", "A b c."], model) == [1.0, 1.0]
    one, other = agreement(["A b c.", "A b not c."], model)
    assert one == other == pytest.approx(0.05 / 0.95, abs=1e-6)
    assert agreement(["", "A."], model) == [1.0, 1.0]
    same, again, odd = agreement(["A b c.", "A b c.", "A b not c."], model)
    assert same == again > odd  # what is said again word for word agrees
