"""Measures of rankings, pure and named as the field names them.

A ranking is a sequence of ids, best first, no id twice; `relevant` maps ids to gains, and an id with a gain of 0 or
less, like one that is not in it, is not relevant. All measures are in [0, 1]; of a query without relevant ids they
are 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def precision_at_k(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Return the share of the first `k` places that hold something relevant; places beyond the ranking hold nothing."""
    _refuse_bad_k(k)
    return _hits(ranking, relevant, k) / k


def recall_at_k(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Return the share of what is relevant that stands among the first `k`."""
    _refuse_bad_k(k)
    wanted = sum(gain > 0 for gain in relevant.values())
    return _hits(ranking, relevant, k) / wanted if wanted else 0.0


def hit_rate_at_k(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Return 1 if anything relevant stands among the first `k`, else 0."""
    _refuse_bad_k(k)
    return 1.0 if _hits(ranking, relevant, k) else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, float], k: int | None = None) -> float:
    """Return 1 / rank of the first relevant id, 0 if there is none among the first `k`; its mean is MRR."""
    if k is not None:
        _refuse_bad_k(k)
    for rank, item in enumerate(ranking if k is None else ranking[:k], 1):
        if relevant.get(item, 0) > 0:
            return 1 / rank
    return 0.0


def average_precision(ranking: Sequence[str], relevant: Mapping[str, float], k: int | None = None) -> float:
    """Return the mean, over what is relevant, of the precision at the rank of each; its mean over queries is MAP."""
    if k is not None:
        _refuse_bad_k(k)
    wanted = sum(gain > 0 for gain in relevant.values())
    found, total = 0, 0.0
    for rank, item in enumerate(ranking if k is None else ranking[:k], 1):
        if relevant.get(item, 0) > 0:
            found += 1
            total += found / rank
    return total / wanted if wanted else 0.0


def ndcg_at_k(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Return the discounted cumulative gain of the first `k` over that of the best possible order.

    Source: Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques", 2002, section 2, with the
    discount log2(rank + 1) for every rank and the gain as it is, as trec_eval computes it.
    """
    _refuse_bad_k(k)
    ideal = _dcg(sorted((gain for gain in relevant.values() if gain > 0), reverse=True)[:k])
    return _dcg([max(relevant.get(item, 0), 0) for item in ranking[:k]]) / ideal if ideal else 0.0


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean; of nothing it is 0."""
    return math.fsum(values) / len(values) if values else 0.0


def _dcg(gains: Sequence[float]) -> float:
    return math.fsum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _hits(ranking: Sequence[str], relevant: Mapping[str, float], k: int) -> int:
    return sum(relevant.get(item, 0) > 0 for item in ranking[:k])


def _refuse_bad_k(k: int) -> None:
    if k < 1:
        raise ValueError(f"k must be 1 or more, not {k}")
