"""Judgements to probabilities: a small monotone model."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

from factcheck.decide.judgements import SIGNS
from factcheck.types import NO_EVIDENCE, Evidence, Judgement, Probabilities, Rule, Stance

_CLIP = 6.0  # log odds; a model that is surer than 0.9975 is not believed to be


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
    text = resources.files("factcheck.decide").joinpath("weights.json").read_text(encoding="utf-8")
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
