"""Rankings into one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


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
