import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.index.rank import fuse_halves, reciprocal_rank_fusion, sharpness

rankings = st.lists(st.lists(st.integers(0, 9), unique=True, max_size=10), min_size=1, max_size=4)


def test_by_hand() -> None:
    fused = reciprocal_rank_fusion([["a", "b"], ["b", "c"]], [1, 2], 10)
    assert fused == [("b", 1 / 12 + 2 / 11), ("c", 2 / 12), ("a", 1 / 11)]


def test_a_weight_of_nothing_adds_nothing() -> None:
    assert reciprocal_rank_fusion([["a"], ["b"]], [1, 0], 60) == [("a", 1 / 61)]


@given(rankings)
def test_one_ranking_stays_as_it_is(given_rankings: list[list[int]]) -> None:
    for ranking in given_rankings:
        assert [item for item, _ in reciprocal_rank_fusion([ranking], [1.0], 60)] == ranking


@given(rankings)
def test_everything_is_there_once_and_best_first(given_rankings: list[list[int]]) -> None:
    fused = reciprocal_rank_fusion(given_rankings, [1.0] * len(given_rankings), 60)
    assert {item for item, _ in fused} == {item for ranking in given_rankings for item in ranking}
    assert len(fused) == len({item for item, _ in fused})
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)


def test_sharpness_by_hand() -> None:
    assert sharpness([]) == 0
    assert sharpness([3.0]) == 1
    assert sharpness([4.0] * 9) == 1
    assert sharpness([4.0] * 10) == 0
    assert sharpness([4.0, *[3.0] * 8, 1.0, 0.5]) == 0.75


def test_the_lexical_half_counts_as_far_as_it_is_sure() -> None:
    dense = [(1, 0.9), (2, 0.8)]
    flat = [(row, 5.0) for row in range(2, 14)]
    sharp = [(2, 5.0), *((row, 1.0) for row in range(3, 14))]
    halves = {"dense_weight": 1.0, "lexical_weight": 5.0, "rank_constant": 10.0}
    assert fuse_halves(dense, flat, **halves)[0] == (1, 1 / 11)
    row, score = fuse_halves(dense, sharp, **halves)[0]
    assert (row, score) == (2, pytest.approx(1 / 12 + 5 * 0.8**2 / 11))
