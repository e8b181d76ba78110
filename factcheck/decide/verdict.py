"""Both steps in turn, and what a verdict says beside its label: correction and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from factcheck.decide.judgements import SIGNS, is_exact, strongest
from factcheck.decide.table import Line, rule
from factcheck.decide.weighing import Weights, combine
from factcheck.types import Case, Correction, Judgement, Label, Probabilities, Span, Stance, Verdict


def decide(
    case: Case,
    judgements: Sequence[Judgement],
    *,
    min_confidence: float = 0.0,
    weights: Weights | None = None,
) -> Verdict:
    """Combine, apply the table, and say why.

    Args:
        case: the claim with all its evidence, that which checkers brought included.
        judgements: of all checkers.
        min_confidence: below it the answer is NOT_ENOUGH_INFO; in [0, 1].
        weights: of `combine`; those that ship unless given.

    Returns:
        The verdict; where an exact rule decided, its probabilities are those of the deciding judgement, so that the
        label is the largest of them (CONFLICTING apart).
    """
    probabilities = combine(judgements, case.evidence, weights)
    label, line, behind = rule(case, judgements, probabilities, min_confidence=min_confidence)
    if line in (Line.EXACT_REFUTATION, Line.EXACT_SUPPORT):
        probabilities = behind[0].probabilities
    elif label is Label.CONFLICTING:
        probabilities = _conflict(behind[0].probabilities, behind[1].probabilities)
    correction = None
    if label is Label.REFUTED:
        trusted = [j for j in strongest(judgements) if _corrects(j) and (line is Line.LARGEST or is_exact(j))]
        correction = merge_corrections(case.claim.text, [j.correction for j in _of_one_mind(trusted)])
    return Verdict(
        label=label,
        confidence=probabilities.of(label),
        probabilities=probabilities,
        judgements=tuple(judgements),
        correction=correction,
        reason=_reason(label, line, behind, case, min_confidence),
    )


def _of_one_mind(refutations: Sequence[Judgement]) -> list[Judgement]:
    """Return the refutations of one piece of evidence, those with the smallest edits.

    Each takes the rest of the claim for true: who won in another year and in which year she won are two ways to put one
    claim right, and both at once make it false again.
    """
    groups: dict[tuple[str, ...], list[Judgement]] = {}
    for judgement in refutations:
        groups.setdefault(judgement.evidence_ids[:1], []).append(judgement)

    def size(group: Sequence[Judgement]) -> int:
        return sum(len(c.span) + len(c.replacement) for c in (j.correction for j in group) if c is not None)

    return min(groups.values(), key=size, default=[])


def _corrects(judgement: Judgement) -> bool:
    return judgement.stance is Stance.REFUTES and judgement.correction is not None


def _conflict(a: Probabilities, b: Probabilities) -> Probabilities:
    return Probabilities(
        supported=(a.supported + b.supported) / 2,
        refuted=(a.refuted + b.refuted) / 2,
        not_enough_info=(a.not_enough_info + b.not_enough_info) / 2,
    )


def merge_corrections(text: str, corrections: Sequence[Correction | None]) -> Correction | None:
    """Join corrections of different places into one; where two overlap the earlier in the list wins.

    Several values of one claim can be wrong at once, and mending one of them alone would leave the claim false.
    """
    chosen: list[Correction] = []
    for correction in corrections:
        if correction is not None and not any(_collide(correction.span, other.span) for other in chosen):
            chosen.append(correction)
    if not chosen:
        return None
    chosen.sort(key=lambda c: c.span.start)
    start, end = chosen[0].span.start, chosen[-1].span.end
    replacement = text[start:end]
    for correction in reversed(chosen):
        replacement = replace(correction, span=correction.span.shifted(-start)).apply(replacement)
    return Correction(span=Span(start=start, end=end), replacement=replacement)


def _collide(a: Span, b: Span) -> bool:
    return a.overlaps(b) or a == b


def _reason(label: Label, line: Line, behind: Sequence[Judgement], case: Case, min_confidence: float) -> str:
    if not case.evidence and not behind:
        return "No evidence was found."
    if line is Line.ABSTAINED:
        return f"The evidence points one way, but with less than the confidence asked for ({min_confidence:.2f})."
    if label is Label.CONFLICTING:
        return f"Sources disagree. For: {behind[0].reason} Against: {behind[1].reason}"
    if label is Label.NOT_ENOUGH_INFO:
        count = len(case.evidence)
        return (
            f"None of the {count} pieces of evidence found settles this."
            if count > 1
            else "The evidence found does not settle this."
        )
    if behind and not (label is Label.SUPPORTED and behind[0].rule in SIGNS):  # a sign settles nothing by itself
        return behind[0].reason
    return "No single piece of evidence decides, but together they do."
