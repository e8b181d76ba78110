"""Figures of one system on one set of pairs, each with its interval, and two systems side by side.

Every system of a run is measured on the same resamples of the claims, so that their difference has an interval of its
own, which is far narrower than the intervals of the two figures suggest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from factcheck.evaluation.pairs import FAILED, GOLD, SAID, Kind, PairSet, gold_of
from factcheck.evaluation.systems import Answer
from factcheck.metrics import labels as of_labels
from factcheck.metrics.confidence import auc, expected_calibration_error, risk_coverage
from factcheck.metrics.labels import Floats, Ints, confusion
from factcheck.metrics.resampling import Interval, draw, interval, paired_difference
from factcheck.types import Label

_FIGURES = {
    "accuracy": of_labels.accuracy,
    "balanced_accuracy": of_labels.balanced_accuracy,
    "macro_f1": of_labels.macro_f1,
}
_LABELS = {Label.SUPPORTED: 0, Label.REFUTED: 1, Label.NOT_ENOUGH_INFO: 2}
_CURVE_POINTS = 200
_FLOOR = 1e-6  # of a probability, before its logarithm is taken
_AT_A_TIME = 100  # resamples; more would need gigabytes on large sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One system on one set.

    Attributes:
        resampled: `(count,)` the headline on each resample, to compare systems with.
        said: `(n,)` positions in `SAID`.
        confidence: `(n,)` of what was said, in [0, 1] (a margin for systems of one number); NaN where it failed.
        right: `(n,)` whether it is.
        record: everything as JSON values.
    """

    kind: Kind
    headline: Interval
    resampled: Floats
    said: Ints
    confidence: Floats
    right: Ints
    record: dict[str, Any]


def measure_answers(given: PairSet, answers: Sequence[Answer], *, resamples: int, seed: int) -> Figures:
    """Measure a system that gives three probabilities.

    A pair that could not be judged counts as wrong in every figure of labels and is left out of AUC and calibration,
    which have no place for it; how many there were stands beside them.
    """
    gold, kind = given.gold, given.kind
    p = np.full((len(answers), 3), np.nan)
    said = np.full(len(answers), FAILED, dtype=np.int64)
    for place, answer in enumerate(answers):
        found = answer.probabilities
        if found is not None:
            p[place] = (found.supported, found.refuted, found.not_enough_info)
            said[place] = _LABELS[found.label]
    judged = said != FAILED
    if kind is Kind.TWO_STANCES:
        stances = np.where(p[:, 0] >= p[:, 1], 0, 1)
        total = np.maximum(p[:, 0] + p[:, 1], _FLOOR)
        support = p[:, 0] / total
        classes, confidence = stances, np.maximum(support, p[:, 1] / total)
    elif kind is Kind.SUPPORT:
        classes = np.where(said == 0, 0, 1)
        support = p[:, 0]
        confidence = np.where(classes == 0, support, 1 - support)
    else:
        classes, support, confidence = said, p[:, 0], np.nanmax(np.where(judged[:, None], p, 0.0), axis=1)
        confidence = np.where(judged, confidence, np.nan)
    figures = _measure(given, np.where(judged, classes, len(kind.classes)), said, support, confidence, resamples, seed)
    own = p[judged, np.minimum(gold[judged], 2)]
    marginal = np.where(gold[judged] == 3, 1 - p[judged, 0], own)
    figures.record["log_loss"] = _number(-np.log(np.maximum(marginal, _FLOOR)).mean()) if judged.any() else None
    return figures


def measure_support(
    given: PairSet, support: Floats, other: Floats, *, resamples: int, seed: int, in_sample: bool
) -> Figures:
    """Measure a system that gives one number, with the threshold that is best on the other half.

    Args:
        given: what is measured.
        support: `(n,)` numbers of its rows.
        other: `(m,)` numbers of the rows of the other half.
        resamples: of the claims.
        seed: of the resamples.
        in_sample: whether the other half is the same rows, so that the threshold flatters the system.
    """
    cut = best_threshold(gold_of(given.other) == 0, other)
    said = np.where(support >= cut, 0, 2)
    classes = said if given.kind is Kind.THREE_WAY else np.where(said == 0, 0, 1)
    figures = _measure(given, classes, said, support, np.abs(support - cut), resamples, seed)
    figures.record.update(
        {
            "ece": None,
            "log_loss": None,
            "threshold": {"value": _number(cut), "chosen_on": "the same rows" if in_sample else "the other half"},
        }
    )
    return figures


def best_threshold(positive: np.ndarray[Any, np.dtype[np.bool_]], scores: Floats) -> float:
    """Return the threshold with the best balanced accuracy among 100 quantiles of the scores; of equal ones the middle.

    With one class alone there is nothing to choose by, and the median is returned.
    """
    if not len(scores):
        return 0.0
    if positive.all() or not positive.any():
        return float(np.median(scores))
    cuts = np.unique(np.quantile(scores, np.linspace(0, 1, 101)))
    said = scores[None, :] >= cuts[:, None]
    value = (said[:, positive].mean(axis=1) + (~said[:, ~positive]).mean(axis=1)) / 2
    best = np.flatnonzero(value >= value.max() - 1e-12)
    return float(cuts[best[len(best) // 2]])


def compare(kind: Kind, first: Figures, second: Figures) -> dict[str, Any]:
    """Return the difference of the headlines, first minus second, with its interval and p."""
    found = paired_difference(first.headline.value - second.headline.value, first.resampled, second.resampled)
    return {
        "metric": kind.headline,
        "value": _number(found.value),
        "low": _number(found.low),
        "high": _number(found.high),
        "p": _number(found.p),
    }


def _measure(
    given: PairSet,
    classes: Ints,
    said: Ints,
    support: Floats,
    confidence: Floats,
    resamples: int,
    seed: int,
) -> Figures:
    kind, gold = given.kind, given.gold
    count = len(kind.classes)
    truth = np.minimum(gold, count - 1)  # in `support` everything but SUPPORTED is one class
    right = classes == truth
    judged = classes < count
    weights = draw([row.claim for row in given.rows], resamples, seed)
    table = confusion(truth, classes, classes=count, columns=count + 1)
    tables = confusion(truth, classes, classes=count, columns=count + 1, weights=weights)
    record: dict[str, Any] = {
        "kind": kind.value,
        "metric": kind.headline,
        "rows": len(gold),
        "claims": len({row.claim for row in given.rows}),
        "failed": int((~judged).sum()),
    }
    drawn = {name: figure(tables) for name, figure in _FIGURES.items()}
    found = {name: interval(float(figure(table)), drawn[name]) for name, figure in _FIGURES.items()}
    record |= {name: _interval(one) for name, one in found.items()}
    record["classes"] = _classes(kind, table, tables)
    areas, errors = _resampled(truth == 0, right, support, confidence, judged, weights)
    record["auc"] = _interval(interval(float(auc(truth[judged] == 0, support[judged])), areas))
    error = expected_calibration_error(right[judged], np.clip(confidence[judged], 0, 1))
    record["ece"] = _interval(interval(float(error), errors))
    record["risk_coverage"] = _risk(right[judged], confidence[judged])
    columns = SAID if (said == FAILED).any() else SAID[:3]
    counts = confusion(gold, said, classes=len(GOLD), columns=len(SAID))
    record["confusion"] = {
        GOLD[row]: {name: int(counts[row, column]) for column, name in enumerate(columns)}
        for row in sorted(set(gold.tolist()))
    }
    record["threshold"] = None
    return Figures(
        kind=kind,
        headline=found[kind.headline],
        resampled=drawn[kind.headline],
        said=said,
        confidence=confidence,
        right=right.astype(np.int64),
        record=record,
    )


def _classes(kind: Kind, table: Floats, tables: Floats) -> dict[str, Any]:
    parts: dict[str, Any] = {name: {"rows": int(table[place].sum())} for place, name in enumerate(kind.classes)}
    for figure in (of_labels.precision, of_labels.recall, of_labels.f1):
        values, drawn = figure(table), figure(tables)
        for place, name in enumerate(kind.classes):
            parts[name][figure.__name__] = _interval(interval(float(values[place]), drawn[..., place]))
    return parts


def _resampled(
    positive: np.ndarray[Any, np.dtype[np.bool_]],
    right: np.ndarray[Any, np.dtype[np.bool_]],
    support: Floats,
    confidence: Floats,
    judged: np.ndarray[Any, np.dtype[np.bool_]],
    weights: np.ndarray[Any, np.dtype[np.float32]],
) -> tuple[Floats, Floats]:
    areas, errors = [], []
    for start in range(0, len(weights), _AT_A_TIME):
        some = weights[start : start + _AT_A_TIME][:, judged]
        areas.append(auc(positive[judged], support[judged], some))
        errors.append(expected_calibration_error(right[judged], np.clip(confidence[judged], 0, 1), some))
    return np.concatenate(areas), np.concatenate(errors)


def _risk(right: np.ndarray[Any, np.dtype[np.bool_]], confidence: Floats) -> dict[str, Any] | None:
    if not len(right):
        return None
    curve = risk_coverage(right, confidence)
    shown = np.unique(np.linspace(0, len(curve.coverage) - 1, _CURVE_POINTS).astype(int))
    return {
        "area": _number(curve.area),
        "risk_at": {str(share): _number(curve.risk_at(share)) for share in (0.25, 0.5, 0.75, 1.0)},
        "coverage_at": {str(risk): _number(curve.coverage_at(risk)) for risk in (0.05, 0.1, 0.2)},
        "curve": [[_number(curve.coverage[place]), _number(curve.risk[place])] for place in shown],
    }


def _interval(found: Interval) -> dict[str, float | None]:
    return {"value": _number(found.value), "low": _number(found.low), "high": _number(found.high)}


def _number(value: float) -> float | None:
    """Return a figure as JSON: four digits, and null for what could not be measured."""
    return round(float(value), 4) if math.isfinite(value) else None
