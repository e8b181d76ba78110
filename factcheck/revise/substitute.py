"""A correction that nobody calculated: a name or number of the evidence tried in the claim's place for it.

A refuted claim often differs from its evidence in one slot. Each candidate claim is read again by the entailment model;
only one that is clearly supported, where the original was refuted, is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from factcheck.protocols import EntailmentModel
from factcheck.text.names import find_names
from factcheck.text.orders import without_orders
from factcheck.types import CheckedClaim, Correction, Evidence, Span, Stance

SUPPORTED = 0.9
"""What the corrected claim must reach."""

MAX_CANDIDATES = 32

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\s(?:not|never|n't)\b|\b(?:not|never)\s", re.IGNORECASE)


def substitute(checked: CheckedClaim, entailment: EntailmentModel) -> Correction | None:
    """Return the best supported substitution, or None where none is clearly right.

    Args:
        checked: a refuted claim with its evidence and judgements.
        entailment: reads each candidate against the evidence that refuted the claim.
    """
    evidence = _refuting(checked)
    if evidence is None:
        return None
    premise = without_orders(evidence.premise)
    text = checked.claim.text
    candidates = list(_candidates(text, premise))[:MAX_CANDIDATES]
    if not candidates:
        return None
    scores = entailment.score([(premise, candidate.apply(text)) for candidate in candidates])
    ranked = sorted(zip(scores[:, 0].tolist(), candidates, strict=True), key=lambda pair: -pair[0])
    if ranked[0][0] < SUPPORTED:
        return None
    return ranked[0][1]


def _refuting(checked: CheckedClaim) -> Evidence | None:
    by_id = {e.id: e for e in checked.evidence}
    refuting = [j for j in checked.verdict.judgements if j.stance is Stance.REFUTES and j.evidence_ids]
    for judgement in sorted(refuting, key=lambda j: -j.probabilities.refuted):
        if judgement.evidence_ids[0] in by_id:
            return by_id[judgement.evidence_ids[0]]
    return None


def _candidates(text: str, premise: str) -> Iterator[Correction]:
    for match in _NEGATION.finditer(text):
        yield Correction(span=Span(start=match.start(), end=match.end()), replacement=" " if match.start() else "")
    folded_text, folded_premise = text.casefold(), premise.casefold()
    for find in (_names, _numbers):
        wrong = [s for s in find(text) if s.of(text).casefold() not in folded_premise]
        right = dict.fromkeys(
            value for value in (s.of(premise) for s in find(premise)) if value.casefold() not in folded_text
        )
        for slot in wrong:
            for value in right:
                yield Correction(span=slot, replacement=value)


def _names(text: str) -> list[Span]:
    return [name.span for name in find_names(text)]


def _numbers(text: str) -> list[Span]:
    return [Span(start=m.start(), end=m.end()) for m in _NUMBER.finditer(text)]
