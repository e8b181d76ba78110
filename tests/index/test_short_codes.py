"""Short codes stand where many lists have to be looked into, and find what they have to."""

from pathlib import Path

import numpy as np
import pytest

from factcheck.index import vectors
from factcheck.index.manifest import VectorsPart
from factcheck.index.vectors import EXACT_FILE, VECTORS_FILE, SegmentVectors, build_vectors, open_vectors
from factcheck.protocols import Vectors

ROWS = 3000


def made_up(dimensions: int, noise: float) -> Vectors:
    random = np.random.default_rng(3)
    centres = random.standard_normal((60, dimensions), dtype=np.float32)
    rows = centres[random.integers(0, 60, ROWS)] + noise * random.standard_normal((ROWS, dimensions), dtype=np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "FLAT_LIMIT", 100)
    monkeypatch.setattr(vectors, "_SHORT_BEYOND", 300)


def built(folder: Path, rows: Vectors, factory: str | None = None) -> VectorsPart:
    return build_vectors(folder, len(rows), rows.shape[1], factory, lambda some: rows[some])


def opened(folder: Path, rows: Vectors, part: VectorsPart, alive: np.ndarray | None = None) -> SegmentVectors:
    return open_vectors(
        folder / VECTORS_FILE, folder / EXACT_FILE, part, rows=len(rows), dimensions=rows.shape[1], alive=alive
    )


@pytest.mark.usefixtures("limits")
def test_vectors_without_clusters_get_short_codes(tmp_path: Path) -> None:
    rows = made_up(32, 1.0)
    part = built(tmp_path, rows)
    assert part.factory == "IVF219,PQ16x4fsr"
    assert part.recall is not None
    assert part.recall.at_10 >= 0.98
    (tmp_path / "long").mkdir()
    built(tmp_path / "long", rows, "IVF219,SQ8")
    assert (tmp_path / VECTORS_FILE).stat().st_size < (tmp_path / "long" / VECTORS_FILE).stat().st_size
    queries = rows[::50] + np.float32(0.05)
    nearest = np.argsort(-(queries @ rows.T), axis=1)[:, :10]
    found, scores = opened(tmp_path, rows, part).search(queries, 10)
    assert np.mean([len({*some} & {*near}) / 10 for some, near in zip(found, nearest, strict=True)]) >= 0.95
    for query, some, its in zip(queries, found, scores, strict=True):
        np.testing.assert_allclose(its, rows[some] @ query, atol=2e-3)
        assert its.tolist() == sorted(its.tolist(), reverse=True)


@pytest.mark.usefixtures("limits")
def test_a_query_finds_the_same_alone_and_no_removed_row(tmp_path: Path) -> None:
    rows = made_up(32, 1.0)
    part = built(tmp_path, rows)
    alive = np.arange(ROWS) % 3 > 0
    index = opened(tmp_path, rows, part, alive)
    together = index.search(rows[:20], 5)
    alone = [index.search(rows[place : place + 1], 5) for place in range(20)]
    assert together[0].tolist() == [found.tolist()[0] for found, _ in alone]
    assert together[1].tolist() == [scores.tolist()[0] for _, scores in alone]
    assert alive[together[0]].all()


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize(("dimensions", "noise"), [(32, 0.05), (31, 1.0)])
def test_long_codes_stay(tmp_path: Path, dimensions: int, noise: float) -> None:
    """Where few lists do, and where two dimensions a code do not come out even."""
    assert built(tmp_path, made_up(dimensions, noise)).factory == "IVF219,SQ8"


@pytest.mark.usefixtures("limits")
def test_what_was_asked_for_stays(tmp_path: Path) -> None:
    assert built(tmp_path, made_up(32, 1.0), "IVF219,SQ8").factory == "IVF219,SQ8"
