"""Measures of how well a number says what is true: ranking (AUC), calibration, and what silence buys.

Weights of `(…, n)` count each row so often; with leading axes every measure comes once a resample.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from factcheck.metrics.labels import Floats, ratio

Bools = npt.NDArray[np.bool_]
Weights = npt.NDArray[np.floating]


def auc(positive: Bools, scores: Floats, weights: Weights | None = None) -> Floats:
    """Return the chance that a positive row has a larger score than a negative one; ties count half.

    Args:
        positive: `(n,)`.
        scores: `(n,)`, finite.
        weights: `(…, n)`.

    Returns:
        `(…)` in [0, 1]; NaN where one of the sides is empty.

    Source: Mann and Whitney 1947; Fawcett, "An introduction to ROC analysis", 2006, section 7.
    """
    order = np.argsort(scores, kind="stable")
    w = _weights(weights, len(scores))[..., order]
    starts = np.flatnonzero(np.concatenate(([True], np.diff(scores[order]) != 0)))[: len(scores)]
    if not len(scores):
        return np.full(w.shape[:-1], np.nan)
    up = np.add.reduceat(w * positive[order], starts, axis=-1)
    down = np.add.reduceat(w * ~positive[order], starts, axis=-1)
    below = np.cumsum(down, axis=-1) - down
    total = up.sum(axis=-1) * down.sum(axis=-1)
    won = (up * (below + down / 2)).sum(axis=-1)
    return ratio(won, total)


def expected_calibration_error(
    right: Bools, confidence: Floats, weights: Weights | None = None, *, bins: int = 10
) -> Floats:
    """Return the mean gap between confidence and accuracy over equally wide bins, weighted by their rows.

    Source: Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015.
    """
    w = _weights(weights, len(right))
    place = np.clip((confidence * bins).astype(np.int64), 0, bins - 1)
    member = np.zeros((len(right), bins))
    member[np.arange(len(right)), place] = 1.0
    gap = (w * (right - confidence)) @ member
    total = w.sum(axis=-1)
    return ratio(np.abs(gap).sum(axis=-1), total)


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCoverage:
    """What a system's errors become when it answers only where it is surest.

    Attributes:
        coverage: ascending shares of rows that are answered, in (0, 1].
        risk: share of wrong answers among them.
    """

    coverage: Floats
    risk: Floats

    @property
    def area(self) -> float:
        """Mean risk over all coverages (AURC); smaller is better."""
        steps = np.diff(np.concatenate(([0.0], self.coverage)))
        return float((steps * self.risk).sum()) if len(steps) else float("nan")

    def risk_at(self, coverage: float) -> float:
        """Return the risk when at least this share of rows is answered."""
        place = int(np.searchsorted(self.coverage, coverage - 1e-12))
        return float(self.risk[min(place, len(self.risk) - 1)]) if len(self.risk) else float("nan")

    def coverage_at(self, risk: float) -> float:
        """Return the largest share of rows that can be answered with at most this risk."""
        fine = np.flatnonzero(self.risk <= risk + 1e-12)
        return float(self.coverage[fine[-1]]) if len(fine) else 0.0


def risk_coverage(right: Bools, confidence: Floats) -> RiskCoverage:
    """Order answers by confidence, surest first; equally sure ones are answered together or not at all.

    Source: El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification", 2010.
    """
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    sure = confidence[order]
    ends = (
        np.flatnonzero(np.concatenate((np.diff(sure) != 0, [True])))[: len(right)] if len(right) else np.array([], int)
    )
    answered = ends + 1
    return RiskCoverage(coverage=answered / max(len(right), 1), risk=wrong[ends] / answered)


def _weights(weights: Weights | None, rows: int) -> Floats:
    return np.ones(rows) if weights is None else np.asarray(weights, dtype=np.float64)
