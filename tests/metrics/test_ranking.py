import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.metrics import (
    average_precision,
    hit_rate_at_k,
    mean,
    ndcg_at_k,
    precision_at_k,
    recall_at_k,
    reciprocal_rank,
)

RANKING = ["a", "b", "c", "d"]
RELEVANT = {"b": 1, "d": 2, "z": 1, "a": 0}


def test_by_hand() -> None:
    assert precision_at_k(RANKING, RELEVANT, 2) == 1 / 2
    assert precision_at_k(RANKING, RELEVANT, 10) == 2 / 10
    assert recall_at_k(RANKING, RELEVANT, 2) == 1 / 3
    assert recall_at_k(RANKING, RELEVANT, 4) == 2 / 3
    assert hit_rate_at_k(RANKING, RELEVANT, 1) == 0
    assert hit_rate_at_k(RANKING, RELEVANT, 2) == 1
    assert reciprocal_rank(RANKING, RELEVANT) == 1 / 2
    assert reciprocal_rank(RANKING, RELEVANT, 1) == 0
    assert average_precision(RANKING, RELEVANT) == pytest.approx((1 / 2 + 2 / 4) / 3)
    assert average_precision(RANKING, RELEVANT, 3) == pytest.approx((1 / 2) / 3)
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at_k(RANKING, RELEVANT, 4) == pytest.approx((1 / math.log2(3) + 2 / math.log2(5)) / ideal)
    assert mean([1.0, 0.0]) == 0.5


def test_nothing_found_and_nothing_wanted() -> None:
    for measure in (precision_at_k, recall_at_k, hit_rate_at_k, ndcg_at_k):
        assert measure([], RELEVANT, 3) == 0
        assert measure(RANKING, {}, 3) == 0
        with pytest.raises(ValueError):
            measure(RANKING, RELEVANT, 0)
    for unbounded in (reciprocal_rank, average_precision):
        assert unbounded([], RELEVANT) == 0
        assert unbounded(RANKING, {}) == 0
        with pytest.raises(ValueError):
            unbounded(RANKING, RELEVANT, 0)
    assert mean([]) == 0


def test_negative_gains_are_not_relevant() -> None:
    assert ndcg_at_k(["a", "b"], {"a": -1, "b": 1}, 2) == pytest.approx(1 / math.log2(3))
    assert recall_at_k(["a"], {"a": -1}, 1) == 0


ids = st.sampled_from([f"d{i}" for i in range(12)])
rankings = st.lists(ids, min_size=1, max_size=12, unique=True)
judged = st.dictionaries(ids, st.integers(1, 4), min_size=1, max_size=6)


def test_ranx_says_the_same() -> None:
    """Figures of ranx 0.3.21 for these very rankings; `scripts/sweep_retrieval.py --oracle` asks ranx itself."""
    random = Random(7)
    cases = []
    for _ in range(40):
        documents = [f"d{i}" for i in range(30)]
        ranking = random.sample(documents, random.randint(1, 25))
        cases.append((ranking, {d: random.randint(1, 4) for d in random.sample(documents, random.randint(1, 8))}))
    expected = {
        0.18856160949243175: lambda run, rel: ndcg_at_k(run, rel, 10),
        0.10414146805310329: lambda run, rel: ndcg_at_k(run, rel, 3),
        0.16303571428571428: lambda run, rel: recall_at_k(run, rel, 5),
        0.44708333333333333: lambda run, rel: recall_at_k(run, rel, 20),
        0.13000000000000003: lambda run, rel: precision_at_k(run, rel, 5),
        0.225: lambda run, rel: hit_rate_at_k(run, rel, 2),
        0.2906739787989788: reciprocal_rank,
        0.12602181896902903: average_precision,
    }
    for theirs, measure in expected.items():
        assert mean([measure(ranking, relevant) for ranking, relevant in cases]) == pytest.approx(theirs, abs=1e-12)


@given(rankings, judged, st.integers(1, 15))
def test_all_lie_between_0_and_1(ranking: list[str], relevant: dict[str, int], k: int) -> None:
    for measure in (precision_at_k, recall_at_k, hit_rate_at_k, ndcg_at_k, reciprocal_rank, average_precision):
        assert 0 <= measure(ranking, relevant, k) <= 1 + 1e-12


@given(judged, st.integers(1, 15))
def test_the_best_order_has_ndcg_1(relevant: dict[str, int], k: int) -> None:
    best = sorted(relevant, key=lambda item: -relevant[item])
    assert ndcg_at_k(best, relevant, k) == pytest.approx(1)
