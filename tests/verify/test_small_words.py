"""What reading and signs may not say against the small words of the same passage."""

import pytest

from factcheck.types import Judgement, Probabilities, Rule, Stance
from factcheck.verify.small_words import within_small_words


def said(checker: str, rule: Rule, stance: Stance, supported: float, refuted: float, evidence: str = "e") -> Judgement:
    p = Probabilities(supported=supported, refuted=refuted, not_enough_info=1 - supported - refuted)
    return Judgement(
        evidence_ids=(evidence,), stance=stance, probabilities=p, checker=checker, rule=rule, reason="So it says."
    )


@pytest.mark.parametrize(("stance", "supported", "refuted"), [(Stance.REFUTES, 0.8, 0.1), (Stance.SUPPORTS, 0.1, 0.8)])
def test_what_is_read_against_them_is_taken_back(stance: Stance, supported: float, refuted: float) -> None:
    small = said("polarity", Rule.NEGATION, stance, 0.05, 0.9)
    read = said("entailment", Rule.ENTAILMENT, Stance.NEUTRAL, supported, refuted)
    sign = said("quantities", Rule.VALUES_STAND, Stance.NEUTRAL, supported, refuted)
    elsewhere = said("entailment", Rule.ENTAILMENT, Stance.NEUTRAL, supported, refuted, evidence="other")
    kept = within_small_words([small, read, sign, elsewhere])
    assert [kept[0], kept[-1]] == [small, elsewhere] and len(kept) == 3  # the sign counts no longer
    p = kept[1].probabilities
    assert kept[1].stance is Stance.NEUTRAL
    assert (max(p.supported, p.refuted), min(p.supported, p.refuted)) == pytest.approx((0.1, 0.05))


def test_what_agrees_with_them_stays() -> None:
    given = [
        said("polarity", Rule.NEGATION, Stance.REFUTES, 0.05, 0.9),
        said("entailment", Rule.ENTAILMENT, Stance.REFUTES, 0.1, 0.8),
        said("quantities", Rule.VALUE_MISSING, Stance.NEUTRAL, 0.1, 0.3),
    ]
    assert within_small_words(given) == given
