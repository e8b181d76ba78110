"""A claim with evidence that comes with it: a pair to a case, and its verdict to a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.provenance import sha256_text
from factcheck.text.clean import clean_text, visible_text
from factcheck.types import (
    Case,
    CheckedClaim,
    Claim,
    Evidence,
    FailedClaim,
    Label,
    Passage,
    Probabilities,
    Span,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What is said of one pair.

    Attributes:
        label: the largest of `probabilities`; never CONFLICTING.
        evidence: position of the piece of evidence that decided, if one did.
        span: what decided, in that piece.
    """

    label: Label
    probabilities: Probabilities
    evidence: int | None
    span: Span | None
    reason: str


def case_of(number: int, claim: str, evidence: str | Sequence[str]) -> Case:
    """Return a claim with evidence that comes with it; blank evidence is none."""
    text = visible_text(clean_text(claim).text)
    several = [evidence] if isinstance(evidence, str) else list(evidence)
    found = []
    for position, item in enumerate(several):
        piece = clean_text(item).text
        if piece.strip():
            passage = Passage(
                id=f"e{position}",
                document_id=f"pair-{number}",
                document_sha256=sha256_text(piece),
                title="",
                section="",
                text=piece,
                span=Span(start=0, end=len(piece)),
                source="given evidence",
            )
            found.append(Evidence(id=passage.id, text=piece, source=passage.source, passage=passage))
    return Case(claim=Claim(id=f"p{number}", text=text, span=Span(start=0, end=len(text))), evidence=tuple(found))


def score_of(case: Case, result: CheckedClaim | FailedClaim) -> Score | FailedClaim:
    """Return what a checked pair's verdict comes to; a failure stays one."""
    if isinstance(result, FailedClaim):
        return result
    verdict = result.verdict
    label = verdict.probabilities.label
    deciding = [j for j in verdict.judgements if j.evidence_ids and j.probabilities.label is label]
    best = max(deciding, key=lambda j: j.probabilities.of(label), default=None)
    ids = [e.id for e in case.evidence]
    return Score(
        label=label,
        probabilities=verdict.probabilities,
        evidence=ids.index(best.evidence_ids[0]) if best is not None and best.evidence_ids[0] in ids else None,
        span=None if best is None else best.span,
        reason=verdict.reason,
    )
