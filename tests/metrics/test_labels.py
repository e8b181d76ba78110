"""By hand, against a plain count, and over resampled tables at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.metrics.labels import accuracy, balanced_accuracy, confusion, f1, macro_f1, precision, recall

GOLD = np.array([0, 0, 0, 0, 1, 1, 2])
SAID = np.array([0, 0, 1, 3, 1, 0, 2])


def test_by_hand() -> None:
    table = confusion(GOLD, SAID, classes=3, columns=4)
    assert table.tolist() == [[2, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 0]]
    assert float(accuracy(table)) == 4 / 7
    assert recall(table).tolist() == [2 / 4, 1 / 2, 1.0]
    assert precision(table).tolist() == [2 / 3, 1 / 2, 1.0]
    np.testing.assert_allclose(f1(table), [4 / 7, 1 / 2, 1.0])
    assert float(balanced_accuracy(table)) == pytest.approx(2 / 3)
    assert float(macro_f1(table)) == pytest.approx((4 / 7 + 1 / 2 + 1) / 3)


def test_classes_that_do_not_occur_are_left_out() -> None:
    table = confusion(np.array([0, 0, 1]), np.array([0, 2, 1]), classes=3)
    assert float(balanced_accuracy(table)) == 0.75
    assert np.isnan(recall(table)[2])
    assert np.isnan(f1(table)[2])
    assert float(macro_f1(table)) == pytest.approx((2 / 3 + 1) / 2)
    nothing = confusion(np.array([], dtype=np.int64), np.array([], dtype=np.int64), classes=2)
    assert np.isnan(accuracy(nothing))
    assert np.isnan(macro_f1(nothing))


rows = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=30)


@given(rows, st.lists(st.lists(st.integers(0, 4), min_size=30, max_size=30), min_size=1, max_size=4))
def test_weights_are_repetitions(pairs: list[tuple[int, int]], weights: list[list[int]]) -> None:
    gold, said = (np.array(column) for column in zip(*pairs, strict=True))
    counts = np.array(weights)[:, : len(pairs)]
    tables = confusion(gold, said, classes=3, columns=4, weights=counts.astype(np.float32))
    for row, table in zip(counts, tables, strict=True):
        repeated = np.repeat(np.arange(len(pairs)), row)
        expected = confusion(gold[repeated], said[repeated], classes=3, columns=4)
        assert table.tolist() == expected.tolist()
        for figure in (accuracy, balanced_accuracy, macro_f1):
            np.testing.assert_equal(figure(table), figure(expected))
