"""Fit a calibration on the even half of labelled pairs, and say on the odd half what it is worth.

Probabilities mean different things when one sentence is read, a passage, or several retrieved texts, so each setting
has its own scaling and thresholds. Within the even half, scaling and thresholds come from different claims.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.calibrate import (
    SCHEMA,
    Calibration,
    Floats,
    Ints,
    Setting,
    fit_setting,
    label_set,
    log_loss,
    support_threshold,
)
from factcheck.evaluation.pairs import GOLD, Pair, PairSet, gold_of
from factcheck.evaluation.systems import ProbabilitySystem, batches
from factcheck.metrics.confidence import expected_calibration_error
from factcheck.text.sentences import split_sentences

MAX_ERRORS = (0.05, 0.1, 0.2)
"""Shares of errors for which the report says what is promised and what is kept."""

_LEAST_ROWS = 100  # of a setting; fewer say too little


class SettingName(StrEnum):
    """How a claim's evidence comes."""

    SENTENCE = "sentence"
    PASSAGE = "passage"
    RETRIEVED = "retrieved"


def setting_of(evidence: str | Sequence[str]) -> SettingName:
    """Return the setting of some evidence: several texts, one of several sentences, or one sentence."""
    several = [evidence] if isinstance(evidence, str) else [text for text in evidence if text.strip()]
    if len(several) > 1:
        return SettingName.RETRIEVED
    return SettingName.PASSAGE if several and len(split_sentences(several[0])) > 1 else SettingName.SENTENCE


def fit_calibration(
    system: ProbabilitySystem,
    sets: Sequence[PairSet],
    decision_sha256: str,
    *,
    vector: bool = False,
    progress: Callable[[str], None] | None = None,
) -> tuple[Calibration, dict[str, Any]]:
    """Fit and report.

    Args:
        system: whose probabilities are calibrated.
        sets: read with `Half.EVEN`: their rows are fitted on, the others reported.
        decision_sha256: of what gave the probabilities; a calibration is good for nothing else.
        vector: whether each class is scaled by itself.
        progress: told what is being done.

    Returns:
        The calibration, and by setting what it is worth as JSON values.
    """
    tell = progress or (lambda _: None)
    even = [row for given in sets for row in given.rows]
    odd = [row for given in sets for row in given.other]
    before, after = _judge(system, even, tell), _judge(system, odd, tell)
    settings: dict[str, Setting] = {}
    report: dict[str, Any] = {}
    for name in SettingName:
        fitted, p = _of_setting(name, even, before)
        reported, q = _of_setting(name, odd, after)
        if min(len(fitted), len(reported)) < _LEAST_ROWS:
            continue
        first = np.array([_first(row.claim) for row in fitted])
        found = fit_setting(p, gold_of(fitted), first, vector=vector)
        settings[name.value] = found
        report[name.value] = {"fitted_on": len(fitted), **_worth(found, q, gold_of(reported))}
    return Calibration(schema=SCHEMA, model_sha256=decision_sha256, settings=settings), report


def _judge(system: ProbabilitySystem, rows: Sequence[Pair], tell: Callable[[str], None]) -> Floats:
    """Return `(n, 3)` probabilities; NaN where a pair could not be judged."""
    found: list[tuple[float, float, float]] = []
    nothing = (math.nan, math.nan, math.nan)
    for batch in batches(rows):
        for answer in system.judge(batch):
            p = answer.probabilities
            found.append(nothing if p is None else (p.supported, p.refuted, p.not_enough_info))
        tell(f"{len(found):,} of {len(rows):,} rows")
    return np.array(found, dtype=np.float64).reshape(-1, 3)


def _of_setting(name: SettingName, rows: Sequence[Pair], probabilities: Floats) -> tuple[list[Pair], Floats]:
    places = [
        n for n, row in enumerate(rows) if setting_of(row.evidence) is name and not math.isnan(probabilities[n, 0])
    ]
    return [rows[place] for place in places], probabilities[places]


def _first(claim: str) -> bool:
    digest = hashlib.sha1(claim.encode("utf-8", "replace"), usedforsecurity=False).digest()
    return digest[-2] % 2 == 0  # the last byte makes the halves, and parts of them that a training is kept from


def _worth(found: Setting, probabilities: Floats, gold: Ints) -> dict[str, Any]:
    scaled = found.scaling.apply(probabilities)
    return {
        "reported_on": len(gold),
        "ece": {"before": _ece(probabilities, gold), "after": _ece(scaled, gold)},
        "log_loss": {"before": round(log_loss(probabilities, gold), 4), "after": round(log_loss(scaled, gold), 4)},
        "same_label": round(float((probabilities.argmax(axis=1) == scaled.argmax(axis=1)).mean()), 4),
        "promises": {str(error): _promise(found, scaled, gold, error) for error in MAX_ERRORS},
    }


def _ece(probabilities: Floats, gold: Ints) -> float:
    said = probabilities.argmax(axis=1)
    right: npt.NDArray[np.bool_] = np.where(gold == 3, said != 0, said == gold)
    # Of a row that only says NOT_SUPPORTED, what was said is "SUPPORTED" or "not".
    not_supported = np.where(said == 0, probabilities[:, 0], 1.0 - probabilities[:, 0])
    sure = np.where(gold == 3, not_supported, probabilities.max(axis=1))
    return round(float(expected_calibration_error(right, np.clip(sure, 0, 1))), 4)


def _promise(found: Setting, scaled: Floats, gold: Ints, max_error: float) -> dict[str, Any]:
    """Say what is promised for a share of errors, and what became of it on rows that nothing was fitted on."""
    threshold = support_threshold(found, max_error)
    called = scaled.argmax(axis=1) == 0
    kept = called & (scaled[:, 0] >= (2.0 if threshold is None else threshold))
    sets = [label_set(found, row, max_error) for row in scaled.tolist()]
    held = [_holds(one, GOLD[label]) for one, label in zip(sets, gold.tolist(), strict=True)]
    return {
        "threshold": threshold,
        "supported": int(called.sum()),
        "kept": int(kept.sum()),
        "kept_wrong": int((gold[kept] != 0).sum()),
        "error_of_all": round(float((gold[called] != 0).mean()), 4) if called.any() else None,
        "error_of_kept": round(float((gold[kept] != 0).mean()), 4) if kept.any() else None,
        "sets_hold": round(float(np.mean(held)), 4),
        "labels_in_a_set": round(float(np.mean([len(one) for one in sets])), 3),
    }


def _holds(labels: Sequence[str], gold: str) -> bool:
    return bool({"REFUTED", "NOT_ENOUGH_INFO"} & set(labels)) if gold == "NOT_SUPPORTED" else gold in labels
