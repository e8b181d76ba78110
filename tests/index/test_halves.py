"""Vectors in 16 bits come back as they were written, by whichever way the system reads."""

from pathlib import Path

import numpy as np
import pytest

from factcheck.index import halves
from factcheck.index.halves import HalfVectors

VALUES = np.random.default_rng(5).standard_normal((50, 7)).astype("<f2")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    np.save(tmp_path / "v.npy", VALUES)
    return tmp_path / "v.npy"


@pytest.mark.parametrize("system", [True, False])
def test_rows_come_back(file: Path, system: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not system:
        monkeypatch.setattr(halves, "_system_read", lambda: None)
    vectors = HalfVectors(file)
    assert (len(vectors), vectors.shape) == (50, (50, 7))
    for rows in ([3, 49, 0, 3], [], [17]):
        np.testing.assert_array_equal(vectors[np.array(rows, dtype=np.int64)], VALUES[rows])
    for some in (slice(0, 50), slice(10, 20), slice(40, 90), slice(50, 60)):
        np.testing.assert_array_equal(vectors[some], VALUES[some])


@pytest.mark.parametrize("row", [-1, 50])
def test_what_is_not_there_is_refused(file: Path, row: int) -> None:
    with pytest.raises(IndexError):
        HalfVectors(file)[np.array([row])]


def test_a_short_file_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ValueError, match="short"):
        HalfVectors(file)


@pytest.mark.parametrize("values", [VALUES.astype(np.float32), VALUES[0], np.asfortranarray(VALUES)])
def test_another_array_is_refused(tmp_path: Path, values: np.ndarray) -> None:
    np.save(tmp_path / "v.npy", values)
    with pytest.raises(ValueError, match="holds"):
        HalfVectors(tmp_path / "v.npy")


def test_a_file_that_shrinks_while_it_is_open_is_an_error(file: Path) -> None:
    vectors = HalfVectors(file)
    with file.open("r+b") as opened:
        opened.truncate(200)
    with pytest.raises(OSError, match="16 bits"):
        vectors[np.array([49])]
