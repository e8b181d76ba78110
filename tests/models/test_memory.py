"""Remembered pairs are not read again, and are the same."""

import numpy as np

from factcheck.models.memory import RememberingEntailment
from tests.fakes import FakeEntailment

PAIRS = [("The sky is blue.", "The sky is blue."), ("The sky is not blue.", "The sky is blue."), ("", "x")]


def test_a_pair_is_read_once() -> None:
    inner = FakeEntailment()
    model = RememberingEntailment(inner)
    first = model.score([PAIRS[0], PAIRS[1], PAIRS[0]])
    again = model.score([PAIRS[2], PAIRS[1], PAIRS[0]])
    assert inner.calls == PAIRS
    assert np.array_equal(first[[0, 1]], again[[2, 1]])
    assert np.array_equal(first[0], first[2])
    first[:] = 0.0
    assert np.array_equal(model.score([PAIRS[0]])[0], again[2])


def test_the_oldest_are_forgotten() -> None:
    inner = FakeEntailment()
    model = RememberingEntailment(inner, size=2)
    model.score(PAIRS)
    model.score(PAIRS[1:])
    assert len(inner.calls) == 3
    model.score(PAIRS[:1])
    assert len(inner.calls) == 4


def test_texts_do_not_run_into_each_other() -> None:
    inner = FakeEntailment()
    RememberingEntailment(inner).score([("a", "b c"), ("a b", "c"), ("ab", "c")])
    assert len(inner.calls) == 3
