import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import IntegrityError
from factcheck.index.bm25 import Bm25, best_rows
from factcheck.index.postings import Postings, PostingsBuilder

TEXTS = [["a", "b", "a"], [], ["b"], ["鐳", "c", "b", "b"], ["\ud800", "c"]]


def build(folder: Path, texts: list[list[str]]) -> Postings:
    folder.mkdir(exist_ok=True, parents=True)
    builder = PostingsBuilder()
    for tokens in texts:
        builder.add(tokens)
    builder.write(folder)
    return Postings(folder)


def test_find(tmp_path: Path) -> None:
    postings = build(tmp_path, TEXTS)
    for term, rows, counts in (
        ("a", [0], [2]), ("b", [0, 2, 3], [1, 1, 2]), ("c", [3, 4], [1, 1]), ("鐳", [3], [1]), ("\ud800", [4], [1]),
        ("", [], []), ("aa", [], []), ("zz", [], []), ("\U0010ffff", [], []),
    ):  # fmt: skip
        found_rows, found_counts = postings.find(term)
        assert (found_rows.tolist(), found_counts.tolist()) == (rows, counts), term
    assert postings.lengths.tolist() == [3, 0, 1, 4, 2]


def test_nothing_at_all(tmp_path: Path) -> None:
    for texts in ([], [[], []]):
        postings = build(tmp_path / str(len(texts)), texts)
        assert Bm25([postings]).rank(["a"], 5)[0].tolist() == []


def test_scores_by_hand(tmp_path: Path) -> None:
    rows, scores = Bm25([build(tmp_path, TEXTS)], k1=1.2, b=0.75).rank(["b", "nothing"], 10)
    idf = math.log(1 + (5 - 3 + 0.5) / (3 + 0.5))
    expected = {
        row: idf * 2.2 * count / (count + 1.2 * (0.25 + 0.75 * length / 2))
        for row, count, length in ((0, 1, 3), (2, 1, 1), (3, 2, 4))
    }
    assert dict(zip(rows.tolist(), scores.tolist(), strict=True)) == pytest.approx(expected, rel=1e-6)
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


documents = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=8), min_size=1, max_size=20)
queries = st.lists(st.sampled_from("abcdefghz"), max_size=4)


@given(documents, queries, st.integers(0, 19))
def test_segments_score_as_one(tmp_path_factory: pytest.TempPathFactory, texts, query, at) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("segments")
    whole = Bm25([build(folder / "0", texts)]).rank(query, 30)
    parts = Bm25([build(folder / "1", texts[:at]), build(folder / "2", texts[at:])]).rank(query, 30)
    assert whole[0].tolist() == parts[0].tolist()
    assert np.allclose(whole[1], parts[1])


@given(documents, queries)
def test_bm25s_says_the_same(tmp_path_factory: pytest.TempPathFactory, texts, query) -> None:  # type: ignore[no-untyped-def]
    bm25s = pytest.importorskip("bm25s")
    query = [term for term in query if any(term in text for text in texts)]
    if not query:
        return
    theirs = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    theirs.index(texts, show_progress=False)
    expected = theirs.get_scores(query)
    rows, scores = Bm25([build(tmp_path_factory.mktemp("bm25s"), texts)], k1=1.2, b=0.75).rank(query, len(texts))
    found = np.zeros(len(texts))
    found[rows] = scores
    # Lucene's formula leaves out the factor k1 + 1, which is the same for all.
    assert np.allclose(found, expected * 2.2, atol=1e-5)


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(0, 35))
def test_the_lower_row_stands_first_among_equals(values: list[int], k: int) -> None:
    scores = np.array(values, dtype=np.float32)
    rows, found = best_rows(np.arange(len(values)), scores, k)
    expected = sorted(range(len(values)), key=lambda row: (-values[row], row))[:k]
    assert rows.tolist() == expected
    assert found.tolist() == [values[row] for row in expected]


def test_many_repetitions_do_not_overflow(tmp_path: Path) -> None:
    assert build(tmp_path, [["a"] * 70_000]).find("a")[1].tolist() == [65_535]


@pytest.mark.parametrize("name", ["terms", "term_starts", "posting_starts", "rows", "counts", "lengths"])
def test_arrays_that_are_none(tmp_path: Path, name: str) -> None:
    build(tmp_path, TEXTS)
    path = tmp_path / f"{name}.npy"
    whole = path.read_bytes()
    for raw in (b"", whole[:40], whole[:-2], b"PK\x03\x04" + whole):
        path.write_bytes(raw)
        with pytest.raises(IntegrityError):
            Postings(tmp_path)
    np.save(path, np.zeros((2, 2)), allow_pickle=False)
    with pytest.raises(IntegrityError):
        Postings(tmp_path)
    if name != "lengths":
        np.save(path, np.load(path).astype(np.float16).ravel()[:1], allow_pickle=False)
        with pytest.raises(IntegrityError):
            Postings(tmp_path)
    path.unlink()
    with pytest.raises(IntegrityError):
        Postings(tmp_path)


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    build(tmp_path, TEXTS)
    np.save(tmp_path / "rows.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(IntegrityError):
        Postings(tmp_path)
