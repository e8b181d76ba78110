"""Whole claims are drawn, equal seeds give equal draws, and differences are paired."""

import numpy as np

from factcheck.metrics.resampling import draw, interval, paired_difference


def test_rows_of_a_claim_are_drawn_together() -> None:
    weights = draw(["a", "b", "a", "c"], 200, seed=1)
    assert weights.shape == (200, 4)
    assert (weights[:, 0] == weights[:, 2]).all()
    assert ((weights[:, 0] + weights[:, 1] + weights[:, 3]) == 3).all()
    assert (weights == draw(["a", "b", "a", "c"], 200, seed=1)).all()
    assert (weights != draw(["a", "b", "a", "c"], 200, seed=2)).any()
    assert draw([], 3, seed=1).shape == (3, 0)


def test_an_interval_covers_what_it_should() -> None:
    chance = np.random.default_rng(3)
    inside = 0
    for trial in range(200):
        sample = chance.random(80) < 0.7
        weights = draw(range(80), 300, seed=trial)
        found = interval(float(sample.mean()), (weights @ sample) / weights.sum(axis=1))
        inside += found.low <= 0.7 <= found.high
    assert 0.90 <= inside / 200 <= 0.99


def test_nothing_known_is_no_interval() -> None:
    found = interval(float("nan"), np.array([np.nan]))
    assert np.isnan(found.low)
    assert np.isnan(paired_difference(0.0, np.array([np.nan]), np.array([1.0])).p)


def test_paired_differences() -> None:
    noise = np.random.default_rng(5).normal(0, 0.1, 1000)
    found = paired_difference(0.01, 0.8 + noise, 0.79 + noise)
    assert found.low > 0  # the common noise is gone
    assert found.p == 2 * 0.5 / 1000
    same = paired_difference(0.0, noise, noise)
    assert (same.low, same.high, same.p) == (0.0, 0.0, 1.0)
    back = paired_difference(-0.01, 0.79 + noise, 0.8 + noise)
    assert (back.low, back.high, back.p) == (-found.high, -found.low, found.p)
