"""What reading and signs may not say against the small words of the same passage (`factcheck.verify.polarity`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from factcheck.decide import SIGNS
from factcheck.types import Judgement, Probabilities, Rule, Stance
from factcheck.verify.polarity import NAME

_TAKEN_BACK = 0.05  # that is left for what a reader says against the small words


def within_small_words(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Take back what reading and signs say against the small words of the same passage.

    They have found every other word of the claim there, and so does a reader, who takes "fell" for "rose".
    """
    given = list(judgements)
    said = {j.evidence_ids[0]: j.stance for j in given if j.checker == NAME and len(j.evidence_ids) == 1}
    kept = []
    for judgement in given:
        stance = said.get(judgement.evidence_ids[0]) if len(judgement.evidence_ids) == 1 else None
        if stance is None or (judgement.rule is not Rule.ENTAILMENT and judgement.rule not in SIGNS):
            kept.append(judgement)
            continue
        p = judgement.probabilities
        against, for_it = (p.supported, p.refuted) if stance is Stance.REFUTES else (p.refuted, p.supported)
        if against <= for_it:
            kept.append(judgement)
        elif judgement.rule is Rule.ENTAILMENT:
            less = min(against, _TAKEN_BACK)
            both = (less, for_it) if stance is Stance.REFUTES else (for_it, less)
            kept.append(_neutral(judgement, *both))
    return kept


def _neutral(judgement: Judgement, supported: float, refuted: float) -> Judgement:
    rest = Probabilities(supported=supported, refuted=refuted, not_enough_info=max(0.0, 1 - supported - refuted))
    return replace(
        judgement,
        stance=Stance.NEUTRAL,
        probabilities=rest,
        reason="A word that turns the sentence round says otherwise.",
    )
