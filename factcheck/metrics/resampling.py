"""How sure a figure is: bootstrap over claims, not rows.

Rows with the same claim stand or fall together, so whole claims are drawn; drawing rows would make intervals too
narrow.

Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 8 and 13 (percentile intervals).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from factcheck.metrics.labels import Floats


def draw(groups: Sequence[Hashable], count: int, seed: int) -> npt.NDArray[np.float32]:
    """Draw groups with replacement, as many as there are.

    Args:
        groups: of each row; rows of one group are drawn together.
        count: of resamples.
        seed: equal seeds and groups give equal resamples, so that two systems can be compared on the same ones.

    Returns:
        `(count, len(groups))`: how often each row stands in each resample.
    """
    number = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    of_row = np.fromiter((number[group] for group in groups), dtype=np.int64, count=len(groups))
    if not number:
        return np.zeros((count, 0), dtype=np.float32)
    chance = np.random.default_rng(seed)
    drawn = chance.multinomial(len(number), np.full(len(number), 1 / len(number)), size=count)
    return np.asarray(drawn[:, of_row], dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % interval; both ends are NaN where it could not be resampled."""

    value: float
    low: float
    high: float


def interval(value: float, resampled: Floats) -> Interval:
    """Return a figure with the percentile interval of its resamples; resamples without it are left out."""
    known = resampled[~np.isnan(resampled)]
    if not len(known):
        return Interval(value=value, low=float("nan"), high=float("nan"))
    low, high = np.quantile(known, [0.025, 0.975])
    return Interval(value=value, low=float(low), high=float(high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How much better one system is than another, on the same resamples.

    Attributes:
        p: two-sided: twice the share of resamples in which the sign is the other one, at most 1. It cannot be smaller
            than what the number of resamples can show, so 0 of them counts as half a resample.
    """

    value: float
    low: float
    high: float
    p: float


def paired_difference(value: float, first: Floats, second: Floats) -> Difference:
    """Compare the figures of two systems, resample by resample.

    Args:
        value: the difference on the rows themselves, first minus second.
        first: `(count,)` figures of the first system.
        second: of the second, on the same resamples.
    """
    apart = first - second
    apart = apart[~np.isnan(apart)]
    if not len(apart):
        return Difference(value=value, low=float("nan"), high=float("nan"), p=float("nan"))
    low, high = np.quantile(apart, [0.025, 0.975])
    least = min(int((apart <= 0).sum()), int((apart >= 0).sum()))
    p = min(1.0, 2 * max(least, 0.5) / len(apart))
    return Difference(value=value, low=float(low), high=float(high), p=p)
