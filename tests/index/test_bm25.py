"""What bounds and bitmaps leave out changes nothing: the same rows, the same bits of their scores."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.index import bm25
from factcheck.index.bm25 import Bm25
from factcheck.index.postings import Postings, PostingsBuilder

TERMS = np.array([f"t{number}" for number in range(30)])
SHARES = 0.9 / np.arange(1, 31)  # the first stands nearly everywhere, the last in one row of thirty


def written(folder: Path, texts: list[list[str]]) -> Postings:
    folder.mkdir(parents=True)
    builder = PostingsBuilder()
    for tokens in texts:
        builder.add(tokens)
    builder.write(folder)
    return Postings(folder)


def texts_like_real_ones(seed: int, count: int) -> list[list[str]]:
    random = np.random.default_rng(seed)
    counts = (random.random((count, len(TERMS))) < SHARES) * random.geometric(0.6, (count, len(TERMS)))
    return [np.repeat(TERMS, some).tolist() for some in counts]


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32 - 1),
    sizes=st.lists(st.integers(0, 150), min_size=1, max_size=3),
    query=st.lists(st.sampled_from([*TERMS.tolist(), "nowhere"]), max_size=12),
    k=st.sampled_from([0, 1, 3, 10, 400]),
    removed=st.sampled_from([0.0, 0.3, 1.0]),
    sparse=st.sampled_from([0, 4, 10**6]),
    long=st.sampled_from([0, 5, 40]),
)
def test_bounds_change_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    sizes: list[int],
    query: list[str],
    k: int,
    removed: float,
    sparse: int,
    long: int,
) -> None:
    folder = tmp_path_factory.mktemp("bounds")
    segments = [written(folder / str(n), texts_like_real_ones(seed + n, size)) for n, size in enumerate(sizes)]
    random = np.random.default_rng(seed)
    alive = [random.random(size) >= removed if removed else None for size in sizes]
    everything = Bm25(segments, alive).rank(query, k)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("_LONG_LIST", long), ("_SPARSE", sparse), ("_SAMPLE", 8)):
            patch.setattr(bm25, name, value)
        searched = Bm25(segments, alive)
        for _ in range(2):  # what a search leaves behind does not reach the next
            rows, scores = searched.rank(query, k)
            assert rows.tolist() == everything[0].tolist()
            assert scores.tolist() == everything[1].tolist()


def test_long_lists_are_not_added_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [["the"] * (1 + row % 3) + (["rare"] if row % 100 == 0 else []) for row in range(1000)]
    added: list[int] = []

    class Watched(Bm25):
        def _add_up(self, scores: Any, term: Any) -> Any:
            added.append(term.holding)
            return super()._add_up(scores, term)

    monkeypatch.setattr(bm25, "_LONG_LIST", 50)
    rows, _ = Watched([written(tmp_path / "0", texts)]).rank(["the", "rare"], 5)
    assert added == [10]
    assert {row % 100 for row in rows.tolist()} == {0}


def test_removed_rows_lift_no_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are removed reach high scores; counted in, they would throw out rows that are left."""
    texts = [["a", "b"]] * 20 + [["b"]] * 20
    alive = np.arange(40) >= 20
    monkeypatch.setattr(bm25, "_LONG_LIST", 1)
    rows, _ = Bm25([written(tmp_path / "0", texts)], [alive]).rank(["a", "b"], 5)
    assert rows.tolist() == [20, 21, 22, 23, 24]


@pytest.mark.parametrize("step", ["best_rows", "_worth"])
def test_an_error_in_the_middle_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    searched = Bm25([written(tmp_path / "0", [["a", "b"], ["a"], ["b"]])])
    before = searched.rank(["a", "b"], 3)
    with monkeypatch.context() as patch:
        patch.setattr(bm25, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            searched.rank(["a"], 3)
    after = searched.rank(["a", "b"], 3)
    assert (after[0].tolist(), after[1].tolist()) == (before[0].tolist(), before[1].tolist())
