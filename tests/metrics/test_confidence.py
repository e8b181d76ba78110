"""By hand and by brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.metrics.confidence import auc, expected_calibration_error, risk_coverage


def test_auc_by_hand() -> None:
    positive = np.array([True, True, False, False])
    assert float(auc(positive, np.array([0.9, 0.4, 0.4, 0.1]))) == (1 + 1 + 0.5 + 1) / 4
    assert float(auc(positive, np.array([4.0, 3.0, 2.0, 1.0]))) == 1
    assert float(auc(positive, np.zeros(4))) == 0.5
    assert np.isnan(auc(np.array([True]), np.array([0.3])))
    assert np.isnan(auc(np.array([], dtype=bool), np.array([])))


scored = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=25)


@given(scored)
def test_auc_counts_pairs(rows: list[tuple[bool, int, int]]) -> None:
    positive, scores, weights = (np.array(column) for column in zip(*rows, strict=True))
    won = total = 0.0
    for p, s, w in rows:
        for q, t, v in rows:
            if p and not q:
                total += w * v
                won += w * v * (1.0 if s > t else 0.5 if s == t else 0.0)
    found = float(auc(positive, scores.astype(float), weights.astype(np.float32)))
    assert np.isnan(found) if not total else found == pytest.approx(won / total)


def test_calibration_by_hand() -> None:
    right = np.array([True, False, True, True])
    sure = np.array([0.95, 0.91, 0.55, 1.0])
    # Bin 9 holds 0.95, 0.91 and 1.0 (2 right), bin 5 holds 0.55 (right).
    expected = 3 / 4 * abs(2 / 3 - (0.95 + 0.91 + 1.0) / 3) + 1 / 4 * 0.45
    assert float(expected_calibration_error(right, sure)) == pytest.approx(expected)
    twice = np.array([[1, 1, 1, 1], [0, 0, 2, 0]], dtype=np.float32)
    np.testing.assert_allclose(expected_calibration_error(right, sure, twice), [expected, 0.45])
    assert np.isnan(expected_calibration_error(np.array([], dtype=bool), np.array([])))


def test_risk_and_coverage_by_hand() -> None:
    right = np.array([True, False, True, False])
    curve = risk_coverage(right, np.array([0.9, 0.5, 0.7, 0.5]))
    assert curve.coverage.tolist() == [0.25, 0.5, 1.0]  # the two equally sure rows are answered together
    assert curve.risk.tolist() == [0.0, 0.0, 0.5]
    assert curve.area == 0.25
    assert curve.risk_at(0.5) == 0.0
    assert curve.risk_at(0.6) == 0.5
    assert curve.coverage_at(0.1) == 0.5
    assert curve.coverage_at(0.5) == 1.0
    none = risk_coverage(np.array([], dtype=bool), np.array([]))
    assert none.coverage_at(0.1) == 0.0
    assert np.isnan(none.risk_at(1.0))
