"""Judgements and probabilities to a label: the table of `factcheck.decide`, read from the top."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import product

from factcheck.decide.judgements import GRAPH_RULES, SIGNS, STRONG, certainty, is_exact, strongest
from factcheck.types import Case, Claim, Evidence, Judgement, Label, Probabilities, Rule, Span, Stance


class Line(StrEnum):
    """The line of the table that decided."""

    EXACT_CONFLICT = "exact_conflict"
    REFUTATION_OPPOSED = "refutation_opposed"
    EXACT_REFUTATION = "exact_refutation"
    SUPPORT_OPPOSED = "support_opposed"
    EXACT_SUPPORT = "exact_support"
    SOURCES_CONFLICT = "sources_conflict"
    ABSTAINED = "abstained"
    LARGEST = "largest"


def rule(
    case: Case,
    judgements: Sequence[Judgement],
    probabilities: Probabilities,
    *,
    min_confidence: float = 0.0,
) -> tuple[Label, Line, tuple[Judgement, ...]]:
    """Read the table from the top.

    Returns:
        The label, the line that gave it, and the judgements that made the line apply.
    """
    by_id = {e.id: e for e in case.evidence}
    exact = [j for j in judgements if is_exact(j)]
    support = [j for j in exact if j.stance is Stance.SUPPORTS]
    refute = [j for j in exact if j.stance is Stance.REFUTES]
    strong_support = [j for j in judgements if j.stance is Stance.SUPPORTS and certainty(j) >= STRONG]
    strong_refute = [j for j in judgements if j.stance is Stance.REFUTES and certainty(j) >= STRONG]

    for a, b in product(support, refute):
        apart = _independent(a, b, by_id) or _one_graph(a, b)
        if apart and _same_part(a, b) and _defends(case.claim, b, a, by_id):
            return Label.CONFLICTING, Line.EXACT_CONFLICT, (a, b)
    for a, b in product(refute, strong_support):
        apart = _independent(a, b, by_id) and _stands(b, judgements, by_id)
        if apart and _same_part(a, b) and _defends(case.claim, a, b, by_id):
            return Label.CONFLICTING, Line.REFUTATION_OPPOSED, (b, a)
    if refute:
        return Label.REFUTED, Line.EXACT_REFUTATION, tuple(strongest(refute))
    whole = [j for j in support if j.part is None]
    strong_refute = [j for j in strong_refute if _stands(j, judgements, by_id)]
    for a, b in product(whole, strong_refute):
        if _independent(a, b, by_id) and _speaks_of(case.claim, b, by_id):
            return Label.CONFLICTING, Line.SUPPORT_OPPOSED, (a, b)
    if whole:
        return Label.SUPPORTED, Line.EXACT_SUPPORT, tuple(strongest(whole))
    for a, b in product(strong_support, strong_refute):
        if _same_part(a, b) and _independent(a, b, by_id) and _speaks_of(case.claim, b, by_id):
            return Label.CONFLICTING, Line.SOURCES_CONFLICT, (a, b)
    label = probabilities.label
    of_label = [j for j in judgements if j.stance is _STANCE[label]]
    behind = tuple(strongest([j for j in of_label if j.rule not in SIGNS] or of_label))
    if label is not Label.NOT_ENOUGH_INFO and probabilities.of(label) < min_confidence:
        return Label.NOT_ENOUGH_INFO, Line.ABSTAINED, behind
    return label, Line.LARGEST, behind


_STANCE = {
    Label.SUPPORTED: Stance.SUPPORTS,
    Label.REFUTED: Stance.REFUTES,
    Label.NOT_ENOUGH_INFO: Stance.NEUTRAL,
}


def _part(judgement: Judgement) -> Span | None:
    if judgement.part is None and judgement.correction is not None:
        return judgement.correction.span
    return judgement.part


def _same_part(a: Judgement, b: Judgement) -> bool:
    left, right = _part(a), _part(b)
    return left is None or right is None or left.overlaps(right)


def _defends(claim: Claim, refutation: Judgement, support: Judgement, by_id: Mapping[str, Evidence]) -> bool:
    part = _part(refutation)
    if part is None or part == support.part:
        return True
    # Whole: "381,740" does not stand in "2,381,740".
    disputed = re.compile(rf"(?<![\w.,]){re.escape(part.of(claim.text).casefold())}(?!\w|[.,]\d)")
    return any(disputed.search(by_id[i].premise.casefold()) for i in support.evidence_ids[:1] if i in by_id)


def _stands(judgement: Judgement, judgements: Sequence[Judgement], by_id: Mapping[str, Evidence]) -> bool:
    """Say whether its source says nothing as sure to the contrary: one source against itself is no second source."""
    sources = {by_id[i].source for i in judgement.evidence_ids[:1] if i in by_id}
    against = {Stance.SUPPORTS: Stance.REFUTES, Stance.REFUTES: Stance.SUPPORTS}.get(judgement.stance)
    mine = (is_exact(judgement), certainty(judgement))
    return not any(
        j.stance is against
        and j.rule not in SIGNS
        and (is_exact(j), certainty(j)) >= mine
        and any(by_id[i].source in sources for i in j.evidence_ids[:1] if i in by_id)
        for j in judgements
    )


_FIRST_NAME = re.compile(r"[A-Z][\w'’.-]*(?: (?:of |the |de |von |van )?[A-Z][\w'’.-]*)*")


def _speaks_of(claim: Claim, refutation: Judgement, by_id: Mapping[str, Evidence]) -> bool:
    """Say whether what refutes names what the claim begins with: another mountain's height contradicts nobody."""
    name = _FIRST_NAME.match(claim.text)
    if name is None or refutation.rule is not Rule.ENTAILMENT:
        return True
    words = [word.removesuffix("'s").removesuffix("’s") for word in name[0].casefold().split()]
    for evidence in (by_id[i] for i in refutation.evidence_ids[:1] if i in by_id):
        # Under a title the whole is about what the title names: K2's height contradicts nobody's but K2's.
        title = "" if evidence.passage is None else evidence.passage.title.casefold()
        if not all(word in evidence.premise.casefold() for word in words):
            return False
        if title and not any(word in title for word in words):
            return False
    return True


def _one_graph(a: Judgement, b: Judgement) -> bool:
    return a.rule in GRAPH_RULES and b.rule in GRAPH_RULES and a.part is None and b.part is None


def _independent(a: Judgement, b: Judgement, by_id: Mapping[str, Evidence]) -> bool:
    left = [by_id[i] for i in a.evidence_ids[:1] if i in by_id]
    right = [by_id[i] for i in b.evidence_ids[:1] if i in by_id]
    return any(x.origin != y.origin and x.source != y.source for x in left for y in right)
