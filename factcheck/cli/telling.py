"""Which evidence a reader should see first, and what to call its part in the verdict."""

from __future__ import annotations

import re
from dataclasses import dataclass

from factcheck.cli.words import STANCES
from factcheck.report import strongest_stance
from factcheck.types import CheckedClaim, Evidence, Judgement, Label, Span, Stance

_LETTER = re.compile(r"[A-Za-z0-9\u00c0-\u024f\u0370-\u052f]")
_SIDES = {Label.SUPPORTED: Stance.SUPPORTS, Label.REFUTED: Stance.REFUTES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of evidence as it is shown.

    Attributes:
        stance: what it says of the claim.
        span: what decided, into its text.
        part: its part in the verdict, in words.
    """

    evidence: Evidence
    stance: Stance
    span: Span | None
    part: str


def pieces(result: CheckedClaim) -> tuple[list[Piece], list[Piece]]:
    """Return the evidence that makes the verdict plain, and the rest, the most telling first.

    What the verdict's own reason rests on comes first, then what takes its side. A verdict on one side shows
    up to two pieces (a supported claim one: nobody doubts it), a conflict the best of each side, and an open claim the
    closest piece that was found.
    """
    verdict = result.verdict
    ranked = sorted(
        ((_rank(item, result), position, item) for position, item in enumerate(result.evidence)),
        key=lambda entry: (entry[0], entry[1]),
    )
    ordered = [_piece(item, result) for _, _, item in ranked]
    side = _SIDES.get(verdict.label)
    if side is not None:
        with_it = [piece for piece in ordered if piece.stance is side]
        first = with_it[: 1 if verdict.label is Label.SUPPORTED else 2]
    elif verdict.label is Label.CONFLICTING:
        first = [piece for stance in _SIDES.values() for piece in [p for p in ordered if p.stance is stance][:1]]
    else:
        first = []
    first = first or ordered[:1]
    return first, [piece for piece in ordered if piece not in first]


def _rank(evidence: Evidence, result: CheckedClaim) -> tuple[bool, bool, bool, float]:
    verdict = result.verdict
    own = [judgement for judgement in verdict.judgements if evidence.id in judgement.evidence_ids]
    decides = any(judgement.reason == verdict.reason for judgement in own)
    stance = strongest_stance(evidence.id, verdict.judgements)
    surest = max((_certainty(judgement) for judgement in own), default=0.0)
    return (not decides, stance is not _SIDES.get(verdict.label), stance is Stance.NEUTRAL, -surest)


def _piece(evidence: Evidence, result: CheckedClaim) -> Piece:
    verdict = result.verdict
    stance = strongest_stance(evidence.id, verdict.judgements)
    named = [j for j in verdict.judgements if j.evidence_ids[:1] == (evidence.id,) and j.span is not None]
    best = max(named, key=lambda j: (j.stance is stance, _certainty(j)), default=None)
    # A leaning that was too weak for a verdict is not called support or refutation.
    part = "closest found" if verdict.label is Label.NOT_ENOUGH_INFO else STANCES[stance]
    span = None if best is None or best.span is None else _whole_words(evidence.text, best.span)
    return Piece(evidence=evidence, stance=stance, span=span, part=part)


def _whole_words(text: str, span: Span) -> Span:
    """Widen a span to whole words, where words have spaces between them."""
    start, end = min(span.start, len(text)), min(span.end, len(text))
    if start < end:
        while start > 0 and _LETTER.match(text[start - 1]) and _LETTER.match(text[start]):
            start -= 1
        while end < len(text) and _LETTER.match(text[end - 1]) and _LETTER.match(text[end]):
            end += 1
    return Span(start=start, end=end)


def _certainty(judgement: Judgement) -> float:
    return 1.0 - judgement.probabilities.not_enough_info
