"""A passage with few of the claim's words counts for less; it never decides."""

import math

import numpy as np
import pytest

from factcheck.decide import SIGNS, combine
from factcheck.types import Case, Claim, Judgement, Probabilities, Rule, Span, Stance
from factcheck.verify.coverage import CoverageChecker
from tests.fakes import evidence

PASSAGE = "The mill was built in 1790. It stood by the river. Its owner was a baker. It burned down twice."


def case(claim: str, *texts: str) -> Case:
    found = tuple(evidence(text, source="a book", id=f"e{n}") for n, text in enumerate(texts))
    return Case(claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))), evidence=found)


def odds(claim: str) -> float:
    ((sign,),) = (result.judgements for result in CoverageChecker().check([case(claim, PASSAGE)]))
    assert sign.rule in SIGNS
    assert sign.stance is Stance.NEUTRAL
    assert sign.probabilities.refuted == pytest.approx(sign.probabilities.not_enough_info)
    return math.log(sign.probabilities.supported / sign.probabilities.not_enough_info)


def test_each_word_speaks_as_much_for_the_claim_as_the_one_before() -> None:
    claims = ("Ships sailed to Peru.", "The mill sailed to Peru.", "The mill burned to Peru.", "The mill burned down.")
    values = [odds(claim) for claim in claims]
    assert values[0] == pytest.approx(-values[3])  # none of the words, and all of them
    assert values == pytest.approx(np.linspace(values[0], values[3], len(values)))
    assert values[0] < values[3]


def test_a_sentence_or_two_say_nothing_by_their_words() -> None:
    assert CoverageChecker().check([case("The mill burned down.", "It burned down.", "")])[0].judgements == ()


def test_the_sign_moves_the_reading_of_its_own_passage_and_nothing_without_one() -> None:
    one = case("Ships sailed to Peru.", PASSAGE)
    ((sign,),) = (result.judgements for result in CoverageChecker().check([one]))
    reading = Judgement(
        evidence_ids=("e0",),
        stance=Stance.SUPPORTS,
        probabilities=Probabilities(supported=0.6, refuted=0.1, not_enough_info=0.3),
        checker="reader",
        rule=Rule.ENTAILMENT,
        reason="read",
    )
    assert combine([reading, sign], one.evidence).supported < combine([reading], one.evidence).supported
    assert combine([sign], one.evidence).supported < 0.1
