"""The checker that counts words: a passage with few of the claim's words seldom supports it, whatever is read in it.

What it says is a *sign* (`decide.SIGNS`): it moves the reading of the same passage and never decides. It speaks of
passages alone. A sentence that supports a claim in other words is common, and the reader is good at it; over several
sentences the reader is more easily led, and the words tell more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from factcheck.text.coverage import best_coverage, windows_of
from factcheck.types import Case, CheckResult, Evidence, Judgement, Probabilities, Rule, Stance

NAME = "coverage"

_LEAST_SENTENCES = 3
_USUAL = 0.5  # share of words from which on the sign speaks for the claim
_SLOPE = 3.0  # log odds of SUPPORTED for the whole share


class CoverageChecker:
    """Implements the `Checker` seam."""

    name = NAME

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        """Return a sign for each passage of each case; a passage that many claims have is read once."""
        texts = dict.fromkeys(evidence.text for case in cases for evidence in case.evidence)
        windows = {text: windows_of(text, least_sentences=_LEAST_SENTENCES) for text in texts}
        return [
            CheckResult(
                judgements=tuple(
                    _sign(evidence, best_coverage(case.claim.text, windows[evidence.text]))
                    for evidence in case.evidence
                    if windows[evidence.text]
                )
            )
            for case in cases
        ]


def _sign(evidence: Evidence, share: float) -> Judgement:
    odds = math.exp(_SLOPE * (share - _USUAL))
    rest = 1.0 / (odds + 2.0)
    return Judgement(
        evidence_ids=(evidence.id,),
        stance=Stance.NEUTRAL,
        probabilities=Probabilities(supported=odds * rest, refuted=rest, not_enough_info=rest),
        checker=NAME,
        rule=Rule.WORDS_COVERED,
        reason=f"{share:.0%} of the claim's words stand in {evidence.source or 'the evidence'}; that settles nothing.",
    )
