"""Rankings into one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeAlias, TypeVar

Item = TypeVar("Item", bound=Hashable)
Ranking: TypeAlias = list[tuple[int, float]]
"""Rows with their scores, best first."""

_SHARPNESS_DEPTH = 10
_SHARPNESS_POWER = 2


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[Item]], weights: Sequence[float], rank_constant: float
) -> list[tuple[Item, float]]:
    """Fuse rankings by rank alone, so that scores on different scales can meet.

    Args:
        rankings: each best first, no item twice.
        weights: one for each ranking; a ranking of weight 0 adds nothing, not even its items.
        rank_constant: how little the first ranks stand out; 60 in the paper.

    Returns:
        Items with the sum of `weight / (rank_constant + rank)`, ranks from 1, best first; equals stand in the order in
        which the rankings bring them.

    Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning
    Methods", 2009, section 2.
    """
    scores: dict[Item, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        if weight > 0:
            for rank, item in enumerate(ranking, 1):
                scores[item] = scores.get(item, 0.0) + weight / (rank_constant + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])


def fuse_halves(
    dense: Ranking, lexical: Ranking, *, dense_weight: float, lexical_weight: float, rank_constant: float
) -> Ranking:
    """Fuse what the two halves of an index found, the lexical half counting as much as it is sure of itself.

    Its weight is multiplied by a power of its sharpness. Where a claim takes up a passage's rare words, the best
    hits stand far above the tenth, and their ranks mean much; where it paraphrases, all hits share the same few common
    words, and their order means little. On development queries no fixed weight served both cases.
    """
    return reciprocal_rank_fusion(
        [[row for row, _ in dense], [row for row, _ in lexical]],
        [dense_weight, lexical_weight * sharpness([score for _, score in lexical]) ** _SHARPNESS_POWER],
        rank_constant,
    )


def sharpness(scores: Sequence[float]) -> float:
    """Return by how much of its score the best hit exceeds the tenth, in [0, 1]; 1 where there is no tenth.

    Args:
        scores: above 0, best first.
    """
    if not scores:
        return 0.0
    return 1 - scores[_SHARPNESS_DEPTH - 1] / scores[0] if len(scores) >= _SHARPNESS_DEPTH else 1.0
