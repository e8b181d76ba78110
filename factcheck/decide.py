"""Judgements to a verdict, in two pure steps.

`combine(judgements, evidence) → probabilities` is a small monotone model: more support never makes a claim less
supported. `rule(case, judgements, probabilities) → label` is a table, read from the top; the first line that
applies decides:

    line  condition                                                                            label
    1     exact judgements of the same part, from independent sources or within one graph,     CONFLICTING
          support and refute
    2     an exact judgement refutes; an independent source strongly supports the same part    CONFLICTING
    3     an exact judgement refutes                                                           REFUTED
    4     an exact judgement supports the whole claim; an independent source strongly refutes  CONFLICTING
    5     an exact judgement supports the whole claim                                          SUPPORTED
    6     independent sources strongly support and strongly refute                             CONFLICTING
    7     the largest probability lies below `min_confidence`                                  NOT_ENOUGH_INFO
    8     otherwise                                                                            the largest probability

A judgement is exact if its rule stands in `EXACT` for its stance and it is sure of itself (`SURE`). Independent:
another document or graph (by hash) and another source. In lines 1 and 2 support counts only if it is of the very part
that is refuted, or its evidence mentions the disputed value: what says nothing of the year does not defend a year. In
lines 4 and 6 a reading refutes only if its evidence, and its title, name what the claim begins with. In lines 2, 4 and
6 a source that says the contrary as surely is no second source.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product

import msgspec

from factcheck.types import (
    NO_EVIDENCE,
    Case,
    Claim,
    Correction,
    Evidence,
    Judgement,
    Label,
    Probabilities,
    Rule,
    Span,
    Stance,
    Verdict,
)

SURE = 0.9
"""From this probability on a judgement of an exact rule decides by itself."""

STRONG = 0.85
"""From this probability on a judgement of any rule can stand against another source."""

EXACT: Mapping[Stance, frozenset[Rule]] = {
    Stance.SUPPORTS: frozenset(
        {
            Rule.FACT_MATCH,
            Rule.LITERAL_MATCH,
            Rule.NEGATED_FACT,
            Rule.CLOSED_WORLD,
            Rule.PATH_MATCH,
            Rule.ARITHMETIC,
        }
    ),
    Stance.REFUTES: frozenset(
        {
            Rule.FUNCTIONAL_DIFFERS,
            Rule.INVERSE_FUNCTIONAL_DIFFERS,
            Rule.DERIVED_DIFFERS,
            Rule.LITERAL_DIFFERS,
            Rule.NEGATED_FACT,
            Rule.DISJOINT_CLASSES,
            Rule.CLOSED_WORLD,
            Rule.PATH_DIFFERS,
            Rule.QUANTITY_DIFFERS,
            Rule.DATE_DIFFERS,
            Rule.ARITHMETIC,
        }
    ),
    Stance.NEUTRAL: frozenset(),
}
"""Rules that compare values instead of reading sentences. Equal numbers alone support nothing: they are a signal."""

GRAPH_RULES = frozenset(rule for rules in EXACT.values() for rule in rules) - {
    Rule.QUANTITY_DIFFERS,
    Rule.DATE_DIFFERS,
    Rule.ARITHMETIC,
}

SIGNS = frozenset({Rule.VALUE_MISSING, Rule.VALUES_STAND, Rule.WORDS_COVERED})
"""Rules that only tell what is likely: they count beside the reading of the same evidence, and never by themselves."""

_CLIP = 6.0  # log odds; a model that is surer than 0.9975 is not believed to be


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


# -------------------------------------------------------------------------------------------------------------- combine


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of `combine`; all but the biases are at least 0, which is what makes it monotone.

    Log odds are against NOT_ENOUGH_INFO. `entailment` scales what the model says, `opposition` what speaks against,
    `symbol` adds what numbers, dates and facts say, `sign` what the claim's values and words make likely by standing in
    the same piece of evidence or not. `rank`, times the logarithm of a piece's place among what was retrieved, takes
    back from what was found far down; given evidence has no places. `crowd_supported` and `crowd_refuted`, times the
    logarithm of how many pieces of evidence were read, take back what the best of many gains by being many; a
    refutation has to be clearer, since a wrong one does more harm than silence. `scale_one` and `scale_many` are the
    inverse temperatures of one piece and of several: they change no label, and make a probability mean what it says.
    """

    schema: str
    entailment: float
    opposition: float
    symbol: float
    sign: float
    rank: float
    crowd_supported: float
    crowd_refuted: float
    bias_supported: float
    bias_refuted: float
    scale_one: float
    scale_many: float


@cache
def default_weights() -> Weights:
    """Return the weights that ship with the package; `docs/measurements.md` says how they were fitted."""
    text = resources.files("factcheck").joinpath("decide.json").read_text(encoding="utf-8")
    return msgspec.json.decode(text, type=Weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What `combine` looks at: the best that was said for and against, by sentences and by symbols.

    Attributes:
        supports: log odds of SUPPORTED against NOT_ENOUGH_INFO, the largest over the evidence; 0 where nobody read.
        refutes: the same of REFUTED.
        symbol_supports: largest probability that a symbolic judgement gives to SUPPORTED, 0 without one.
        symbol_refutes: the same of REFUTED.
        read: pieces of evidence that the entailment model read.
    """

    supports: float
    refutes: float
    symbol_supports: float
    symbol_refutes: float
    read: int


def signals(judgements: Sequence[Judgement], evidence: Sequence[Evidence], weights: Weights) -> Signals:
    """Reduce judgements to the numbers that `combine` weighs.

    Args:
        judgements: of all checkers.
        evidence: of the claim; its scores say in which order it was found.
        weights: of which `sign` and `rank` count here.
    """
    signs: dict[tuple[str, ...], list[Probabilities]] = {}
    for judgement in judgements:
        if judgement.rule in SIGNS:
            signs.setdefault(judgement.evidence_ids, []).append(judgement.probabilities)
    read = [j for j in judgements if j.rule is Rule.ENTAILMENT]
    places = _places(evidence, {j.evidence_ids[0] for j in read})
    reading = [
        (j.probabilities, signs.get(j.evidence_ids, ()), weights.rank * math.log1p(places.get(j.evidence_ids[0], 0)))
        for j in read
    ]
    symbols = [j for j in judgements if j.rule is not Rule.ENTAILMENT and j.rule not in SIGNS]

    def odds(of: Callable[[Probabilities], float]) -> float:
        return max(
            (
                _log_odds(of(p), p.not_enough_info)
                + weights.sign * sum(_log_odds(of(sign), sign.not_enough_info) for sign in said)
                - discount
                for p, said, discount in reading
            ),
            default=-_CLIP,
        )

    return Signals(
        supports=odds(lambda p: p.supported),
        refutes=odds(lambda p: p.refuted),
        symbol_supports=max((j.probabilities.supported for j in symbols if j.stance is Stance.SUPPORTS), default=0.0),
        symbol_refutes=max((j.probabilities.refuted for j in symbols if j.stance is Stance.REFUTES), default=0.0),
        read=len(reading),
    )


def combine(
    judgements: Sequence[Judgement], evidence: Sequence[Evidence], weights: Weights | None = None
) -> Probabilities:
    """Weigh all judgements into one distribution.

    Without evidence and without a judgement that needs none the answer is {0, 0, 1}.
    """
    if not judgements or (not evidence and all(j.evidence_ids for j in judgements)):
        return NO_EVIDENCE
    w = weights or default_weights()
    s = signals(judgements, evidence, w)
    crowd = math.log(max(s.read, 1))
    symbols = w.symbol * (s.symbol_supports - s.symbol_refutes)
    supported = (
        w.entailment * s.supports
        - w.opposition * max(s.refutes, 0.0)
        + symbols
        - w.crowd_supported * crowd
        + w.bias_supported
    )
    refuted = (
        w.entailment * s.refutes
        - w.opposition * max(s.supports, 0.0)
        - symbols
        - w.crowd_refuted * crowd
        + w.bias_refuted
    )
    scale = w.scale_many if s.read > 1 else w.scale_one
    return _softmax(scale * supported, scale * refuted)


def _places(evidence: Sequence[Evidence], read: Collection[str]) -> dict[str, int]:
    """Return for each piece that was read how many such have a larger score: given evidence has equal places."""
    scores = {e.id: -e.score for e in evidence if e.id in read}
    ordered = sorted(scores.values())
    return {identity: bisect_left(ordered, score) for identity, score in scores.items()}


def _log_odds(of: float, against: float) -> float:
    return max(-_CLIP, min(_CLIP, math.log(max(of, 1e-9) / max(against, 1e-9))))


def _softmax(supported: float, refuted: float) -> Probabilities:
    top = max(supported, refuted, 0.0)
    exps = [math.exp(supported - top), math.exp(refuted - top), math.exp(-top)]
    total = sum(exps)
    return Probabilities(supported=exps[0] / total, refuted=exps[1] / total, not_enough_info=exps[2] / total)


# ----------------------------------------------------------------------------------------------------------------- rule


def is_exact(judgement: Judgement) -> bool:
    """Say whether the judgement can decide by itself."""
    return judgement.rule in EXACT[judgement.stance] and _weight(judgement) >= SURE


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
    strong_support = [j for j in judgements if j.stance is Stance.SUPPORTS and _weight(j) >= STRONG]
    strong_refute = [j for j in judgements if j.stance is Stance.REFUTES and _weight(j) >= STRONG]

    for a, b in product(support, refute):
        apart = _independent(a, b, by_id) or _one_graph(a, b)
        if apart and _same_part(a, b) and _defends(case.claim, b, a, by_id):
            return Label.CONFLICTING, Line.EXACT_CONFLICT, (a, b)
    for a, b in product(refute, strong_support):
        apart = _independent(a, b, by_id) and _stands(b, judgements, by_id)
        if apart and _same_part(a, b) and _defends(case.claim, a, b, by_id):
            return Label.CONFLICTING, Line.REFUTATION_OPPOSED, (b, a)
    if refute:
        return Label.REFUTED, Line.EXACT_REFUTATION, tuple(_strongest(refute))
    whole = [j for j in support if j.part is None]
    strong_refute = [j for j in strong_refute if _stands(j, judgements, by_id)]
    for a, b in product(whole, strong_refute):
        if _independent(a, b, by_id) and _speaks_of(case.claim, b, by_id):
            return Label.CONFLICTING, Line.SUPPORT_OPPOSED, (a, b)
    if whole:
        return Label.SUPPORTED, Line.EXACT_SUPPORT, tuple(_strongest(whole))
    for a, b in product(strong_support, strong_refute):
        if _same_part(a, b) and _independent(a, b, by_id) and _speaks_of(case.claim, b, by_id):
            return Label.CONFLICTING, Line.SOURCES_CONFLICT, (a, b)
    label = probabilities.label
    of_label = [j for j in judgements if j.stance is _STANCE[label]]
    behind = tuple(_strongest([j for j in of_label if j.rule not in SIGNS] or of_label))
    if label is not Label.NOT_ENOUGH_INFO and probabilities.of(label) < min_confidence:
        return Label.NOT_ENOUGH_INFO, Line.ABSTAINED, behind
    return label, Line.LARGEST, behind


_STANCE = {
    Label.SUPPORTED: Stance.SUPPORTS,
    Label.REFUTED: Stance.REFUTES,
    Label.NOT_ENOUGH_INFO: Stance.NEUTRAL,
}


def _weight(judgement: Judgement) -> float:
    """How sure the judgement is of its own stance."""
    p = judgement.probabilities
    return {Stance.SUPPORTS: p.supported, Stance.REFUTES: p.refuted, Stance.NEUTRAL: p.not_enough_info}[
        judgement.stance
    ]


def _strongest(judgements: Iterable[Judgement]) -> list[Judgement]:
    return sorted(judgements, key=lambda j: (not is_exact(j), -_weight(j)))


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
    mine = (is_exact(judgement), _weight(judgement))
    return not any(
        j.stance is against
        and j.rule not in SIGNS
        and (is_exact(j), _weight(j)) >= mine
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


# --------------------------------------------------------------------------------------------------------------- decide


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
        trusted = [j for j in _strongest(judgements) if _corrects(j) and (line is Line.LARGEST or is_exact(j))]
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

    exact = [group for group in groups.values() if any(is_exact(j) for j in group)]
    return min(exact or list(groups.values()), key=size, default=[])


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
