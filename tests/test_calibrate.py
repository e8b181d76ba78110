"""Scaling finds what was done to probabilities; thresholds keep what they promise."""

import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.calibrate import (
    SCHEMA,
    Calibration,
    Scaling,
    Setting,
    binomial_tail,
    fit_setting,
    fit_temperature,
    fit_vector,
    label_set,
    log_loss,
    read_calibration,
    support_threshold,
)
from factcheck.errors import InputError
from factcheck.metrics.confidence import expected_calibration_error


def sample(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Honest probabilities, and labels drawn from them."""
    chance = np.random.default_rng(seed)
    probabilities = chance.dirichlet([0.6, 0.4, 0.8], size=rows)
    gold = (probabilities.cumsum(axis=1) > chance.random((rows, 1))).argmax(axis=1)
    return probabilities, gold.astype(np.int64)


def error(probabilities: np.ndarray, gold: np.ndarray) -> float:
    right = probabilities.argmax(axis=1) == gold
    return float(expected_calibration_error(right, probabilities.max(axis=1)))


def test_a_temperature_undoes_a_temperature() -> None:
    honest, gold = sample(6000, 1)
    sure = Scaling(weights=(2.5, 2.5, 2.5)).apply(honest)
    found = fit_temperature(sure, gold)
    assert found.weights[0] == pytest.approx(1 / 2.5, rel=0.08)
    assert error(found.apply(sure), gold) < 0.03 < error(sure, gold)
    assert (found.apply(sure).argmax(axis=1) == sure.argmax(axis=1)).all()


def test_a_vector_undoes_what_a_temperature_cannot() -> None:
    honest, gold = sample(6000, 2)
    bent = Scaling(weights=(1.0, 1.0, 1.0), biases=(1.5, 0.0, 0.0)).apply(honest)
    temperature, vector = fit_temperature(bent, gold), fit_vector(bent, gold)
    assert log_loss(vector.apply(bent), gold) < log_loss(temperature.apply(bent), gold) - 0.05
    assert log_loss(vector.apply(bent), gold) == pytest.approx(log_loss(honest, gold), abs=0.02)


def test_rows_that_only_say_not_supported_count_both_classes() -> None:
    p = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]])
    assert log_loss(p, np.array([3, 1])) == pytest.approx((-math.log(0.5) - math.log(0.3)) / 2)


def test_what_is_certain_without_evidence_stays_so() -> None:
    certain = np.array([[0.0, 0.0, 1.0], [0.2, 0.2, 0.6]])
    scaled = Scaling(weights=(0.5, 0.5, 0.5), biases=(2.0, 0.0, 0.0)).apply(certain)
    assert scaled[0].tolist() == [0.0, 0.0, 1.0]
    assert scaled[1, 0] > 0.2


@given(st.integers(0, 40), st.integers(1, 40), st.floats(0.01, 0.6))
def test_the_binomial_tail(wrong: int, count: int, share: float) -> None:
    wrong = min(wrong, count)
    expected = sum(math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(wrong + 1))
    assert binomial_tail(wrong, count, share) == pytest.approx(min(1.0, expected), abs=1e-9)


def setting(support: list[tuple[float, bool]]) -> Setting:
    return Setting(rows=len(support), scaling=Scaling(), support=support, wrongness=[])


def test_a_threshold_needs_enough_rows_and_few_errors() -> None:
    # 45 right ones: 0.95^45 is 0.0994; 44 are not enough for 5 % at 90 %.
    assert support_threshold(setting([(0.9, True)] * 45), 0.05) == 0.9
    assert support_threshold(setting([(0.9, True)] * 44), 0.05) is None
    assert support_threshold(setting([(0.9, True)] * 44), 0.05, confidence=0.8) == 0.9
    assert support_threshold(setting([(0.9, False)] * 90), 0.05) is None
    assert support_threshold(setting([]), 0.05) is None
    mixed = [(0.99, True)] * 60 + [(0.7, n % 3 > 0) for n in range(60)]
    assert support_threshold(setting(mixed), 0.05) == 0.99
    assert support_threshold(setting(mixed), 0.4) == 0.7


def test_a_promise_is_broken_no_more_often_than_it_says() -> None:
    # every threshold has 10.5 % of errors, so that each promise of 10 % is a wrong one; 10 % of them may be made
    chance = np.random.default_rng(11)
    made = 0
    for _ in range(400):
        right = chance.random(200) >= 0.105
        rows = [(1.0 - n / 1000, bool(one)) for n, one in enumerate(right)]
        made += support_threshold(setting(rows), 0.1) is not None
    assert made <= 400 * 0.1


def test_a_threshold_keeps_its_promise_on_new_rows() -> None:
    broken = 0
    for seed in range(60):
        found = fit_setting(*sample(1500, seed), np.arange(1500) % 2 == 0)
        threshold = support_threshold(found, 0.1)
        if threshold is None:
            continue
        fresh, gold = sample(4000, 1000 + seed)
        scaled = found.scaling.apply(fresh)
        called = (scaled.argmax(axis=1) == 0) & (scaled[:, 0] >= threshold)
        broken += float((gold[called] != 0).mean()) > 0.1
    assert broken <= 60 * 0.1 + 6  # it may be broken in a tenth of the cases, give or take


def test_sets_hold_the_true_label_as_often_as_they_say() -> None:
    shares = []
    for seed in range(20):
        found = fit_setting(*sample(800, seed), np.arange(800) % 2 == 0, vector=seed % 2 == 0)
        fresh, gold = sample(800, 500 + seed)
        scaled = found.scaling.apply(fresh)
        names = ("SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO")
        held = [names[label] in label_set(found, row, 0.1) for row, label in zip(scaled.tolist(), gold, strict=True)]
        shares.append(np.mean(held))
    assert 0.88 <= float(np.mean(shares)) <= 0.94


def test_too_few_rows_rule_nothing_out() -> None:
    few = Setting(rows=3, scaling=Scaling(), support=[], wrongness=[0.1, 0.2, 0.3])
    assert label_set(few, [0.98, 0.01, 0.01], 0.05) == ["SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"]


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    good = Calibration(schema=SCHEMA, model_sha256="0" * 64, settings={"passage": setting([(0.9, True)])})
    path.write_bytes(msgspec.json.encode(good))
    assert read_calibration(path) == good
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(good, schema="other/1")))
    with pytest.raises(InputError, match="has schema 'other/1'"):
        read_calibration(path)
    path.write_bytes(b'{"schema": 1}')
    with pytest.raises(InputError, match="is no calibration"):
        read_calibration(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_calibration(tmp_path / "absent.json")
