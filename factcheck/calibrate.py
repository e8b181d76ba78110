"""Honest probabilities and stated errors: pure functions over probabilities and labels.

Scaling (`Scaling`) turns a model's probabilities into ones that mean what they say, in a setting: one sentence, a
passage, a retrieved set. One temperature keeps every label as it is; scaling the logarithms of each class by its own
weight and bias does not, and repairs a model that is too fond of a class.

A conformal threshold (`support_threshold`) says from which probability of SUPPORTED on at most a stated share of the
SUPPORTED verdicts is wrong; a conformal set (`label_set`) holds the true label with at least a stated chance. Both hold
for data like those they were fitted on, and for nothing else.

Labels are positions in SUPPORTED, REFUTED, NOT_ENOUGH_INFO; 3 says only that SUPPORTED is wrong.

Source: Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2 (temperature and vector scaling);
Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005 (conformal sets); Angelopoulos et al., "Learn
then Test", 2021 (risk control by testing thresholds in a fixed order).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from factcheck.errors import InputError

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

SCHEMA = "factcheck.calibration/1"
_FLOOR = 1e-6
_FIRST_TEST = 50
_TENTHS = 10
_LABELS = ("SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO")


class Scaling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights and biases of the logarithms of the three probabilities; all weights equal and no bias: a temperature."""

    weights: tuple[float, float, float] = (1.0, 1.0, 1.0)
    biases: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def apply(self, probabilities: Floats) -> Floats:
        """Return scaled probabilities, `(n, 3)`; a row that is certain without evidence stays as it is."""
        logs = np.log(np.maximum(probabilities, _FLOOR)) * self.weights + np.array(self.biases)
        logs -= logs.max(axis=1, keepdims=True)
        scaled = np.exp(logs)
        scaled /= scaled.sum(axis=1, keepdims=True)
        certain = probabilities[:, 2] >= 1.0
        return np.where(certain[:, None], probabilities, scaled)


class Setting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was fitted in one setting.

    Attributes:
        rows: it was fitted on.
        scaling: of the probabilities.
        support: probability of SUPPORTED and whether it was right, of the calibration rows called SUPPORTED, after
            scaling; thresholds for any share of errors are found in it.
        wrongness: of each calibration row, one less its probability of the true label, after scaling, ascending.
    """

    rows: int
    scaling: Scaling
    support: list[tuple[float, bool]]
    wrongness: list[float]


class Calibration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calibration file.

    Attributes:
        model_sha256: of the model whose probabilities it is of.
        settings: by name.
    """

    schema: str
    model_sha256: str
    settings: dict[str, Setting]


def read_calibration(path: Path) -> Calibration:
    """Read a calibration file.

    Raises:
        InputError: it cannot be read, or is none.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Calibration)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path) from error
    except msgspec.MsgspecError as error:
        raise InputError(
            f"is no calibration ({error})", where=path, remedy="fit one with scripts/fit_calibration.py"
        ) from error
    if found.schema != SCHEMA:
        raise InputError(f"has schema '{found.schema}', not '{SCHEMA}'", where=path, remedy="fit it again")
    return found


# -------------------------------------------------------------------------------------------------------------- scaling


def log_loss(probabilities: Floats, gold: Ints, weights: Floats | None = None) -> float:
    """Return the mean −log p of the true label; of label 3 that of everything but SUPPORTED."""
    own = probabilities[np.arange(len(gold)), np.minimum(gold, 2)]
    chance = np.where(gold == 3, 1.0 - probabilities[:, 0], own)
    return float(np.average(-np.log(np.maximum(chance, _FLOOR)), weights=weights))


def fit_temperature(probabilities: Floats, gold: Ints) -> Scaling:
    """Return the temperature with the smallest mean −log p, in [0.1, 20], by golden section over its logarithm."""

    def loss(log_temperature: float) -> float:
        weight = math.exp(-log_temperature)
        return log_loss(Scaling(weights=(weight, weight, weight)).apply(probabilities), gold)

    best = math.exp(-_golden(loss, math.log(0.1), math.log(20.0)))
    return Scaling(weights=(best, best, best))


def fit_vector(probabilities: Floats, gold: Ints, *, rounds: int = 12) -> Scaling:
    """Return weights and biases with the smallest mean −log p, one after the other, round by round.

    Weights stay positive, so that a class that was likelier stays likelier against itself; the bias of NOT_ENOUGH_INFO
    is 0, since only differences count. Starts from the temperature, and never ends above its loss.
    """
    found = fit_temperature(probabilities, gold)
    for _ in range(rounds):
        before = found
        for place in range(5):
            found = _improved(found, place, probabilities, gold)
        if max(map(_apart, zip(_numbers(before), _numbers(found), strict=True))) < 1e-4:
            break
    return found


def _improved(scaling: Scaling, place: int, probabilities: Floats, gold: Ints) -> Scaling:
    """Return the scaling with one of its five numbers set to the best value; weights by their logarithm."""

    def changed(value: float) -> Scaling:
        weights, biases = list(scaling.weights), list(scaling.biases)
        if place < 3:
            weights[place] = math.exp(value)
        else:
            biases[place - 3] = value
        return Scaling(weights=_three(weights), biases=_three(biases))

    low, high = (math.log(0.05), math.log(10.0)) if place < 3 else (-5.0, 5.0)
    best = changed(_golden(lambda value: log_loss(changed(value).apply(probabilities), gold), low, high))
    better = log_loss(best.apply(probabilities), gold) < log_loss(scaling.apply(probabilities), gold)
    return best if better else scaling


def _golden(loss: Callable[[float], float], low: float, high: float, *, tolerance: float = 1e-4) -> float:
    """Return where a function with one valley is smallest."""
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = loss(left), loss(right)
    while high - low > tolerance:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = loss(right)
    return (low + high) / 2.0


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    first, second, third = values
    return (first, second, third)


def _numbers(scaling: Scaling) -> tuple[float, ...]:
    return (*scaling.weights, *scaling.biases)


def _apart(pair: tuple[float, float]) -> float:
    return abs(pair[0] - pair[1])


# ------------------------------------------------------------------------------------------------------------ conformal


def fit_setting(probabilities: Floats, gold: Ints, first: npt.NDArray[np.bool_], *, vector: bool = False) -> Setting:
    """Fit scaling on some rows and all that thresholds need on the others.

    Thresholds that are fitted on the rows that scaling was fitted on promise a little more than they keep.

    Args:
        probabilities: `(n, 3)`.
        gold: `(n,)`.
        first: `(n,)` which rows scaling is fitted on; rows of one claim belong together.
        vector: whether each class is scaled by itself, instead of all by one temperature.
    """
    fit = fit_vector if vector else fit_temperature
    scaling = fit(probabilities[first], gold[first])
    scaled = scaling.apply(probabilities[~first])
    return Setting(rows=len(gold), scaling=scaling, **conformal_parts(scaled, gold[~first]))


def conformal_parts(scaled: Floats, gold: Ints) -> dict[str, Any]:
    """Return what `support_threshold` and `label_set` look at."""
    called = np.flatnonzero(scaled.argmax(axis=1) == 0)
    order = called[np.argsort(-scaled[called, 0], kind="stable")]
    own = scaled[np.arange(len(gold)), np.minimum(gold, 2)]
    chance = np.where(gold == 3, np.maximum(scaled[:, 1], scaled[:, 2]), own)
    return {
        "support": [(round(float(scaled[place, 0]), 6), bool(gold[place] == 0)) for place in order],
        "wrongness": sorted(round(float(value), 6) for value in 1.0 - chance),
    }


def support_threshold(setting: Setting, max_error: float, *, confidence: float = 0.9) -> float | None:
    """Return the smallest probability of SUPPORTED from which on its verdicts are right often enough.

    Thresholds are tried at tenths of the verdicts, from the strictest on that keeps 50 of them, since fewer say too
    little. The last one before the first for which "more than `max_error` of the verdicts are wrong" cannot be rejected
    (binomial tail, level `1 - confidence`) is taken. The test is exact, the order is fixed and nothing is tried again
    after a failure, so that no correction for many tests is needed.

    Args:
        setting: fitted.
        max_error: largest share of wrong SUPPORTED verdicts, in (0, 1).
        confidence: with which that is promised.

    Returns:
        The threshold; None where there are too few rows, or too many errors, to promise it.
    """
    rows = setting.support
    found: float | None = None
    for tenth in range(1, _TENTHS + 1):
        count = -(-tenth * len(rows) // _TENTHS)
        if count < min(_FIRST_TEST, len(rows)) or not rows:
            continue
        while count < len(rows) and rows[count][0] == rows[count - 1][0]:
            count += 1  # equally sure ones stand or fall together
        wrong = sum(not right for _, right in rows[:count])
        if binomial_tail(wrong, count, max_error) > 1.0 - confidence:
            break
        found = rows[count - 1][0]
    return found


def binomial_tail(wrong: int, count: int, share: float) -> float:
    """Return the chance of at most so many errors among `count` if a share of all were wrong."""
    log_terms = [
        math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
        + k * math.log(share) + (count - k) * math.log1p(-share)
        for k in range(wrong + 1)
    ]  # fmt: skip
    top = max(log_terms)
    return min(1.0, math.exp(top) * math.fsum(math.exp(term - top) for term in log_terms))


def label_set(setting: Setting, scaled: Sequence[float], max_error: float) -> list[str]:
    """Return the labels that cannot be ruled out: the true one is among them with a chance of `1 - max_error` at least.

    The likeliest label is always one of them.

    Args:
        setting: fitted.
        scaled: the three probabilities of one row, after scaling.
        max_error: chance that the true label is not in the set, over data like the calibration rows.
    """
    count = len(setting.wrongness)
    place = math.ceil((count + 1) * (1.0 - max_error)) - 1
    limit = setting.wrongness[place] if place < count else 1.0
    best = max(scaled)
    return [name for name, p in zip(_LABELS, scaled, strict=True) if 1.0 - p <= limit + 1e-9 or p == best]
