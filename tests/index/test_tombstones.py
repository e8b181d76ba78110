"""What the bitmaps of removed rows say has to be what the manifest says."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from factcheck.errors import IntegrityError
from factcheck.index.manifest import RemovedPart, SegmentPart, VectorsPart
from factcheck.index.tombstones import read_tombstones, write_tombstones
from factcheck.provenance import Generation


class Folder:
    """Gives out files as a generation does, unchecked."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def file(self, name: str) -> Path:
        return self._path / name


def opened(folder: Path, *, documents: int, passages: int, removed: tuple[int, int] | None) -> Any:
    told = None if removed is None else RemovedPart(documents=removed[0], passages=removed[1])
    segment = SegmentPart(
        name="segment-1", documents=documents, passages=passages, vectors=VectorsPart(factory="Flat"),
        documents_sha256="0" * 64, removed=told,
    )  # fmt: skip
    return read_tombstones(cast(Generation, Folder(folder)), segment)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    documents, passages = np.array([True, False, True]), np.arange(19) % 4 > 0
    write_tombstones(tmp_path, "segment-1", documents, passages)
    left = opened(tmp_path, documents=3, passages=19, removed=(1, 5))
    assert [mask.tolist() for mask in left] == [documents.tolist(), passages.tolist()]
    assert opened(tmp_path, documents=3, passages=19, removed=None) == (None, None)


@pytest.mark.parametrize(
    ("documents", "passages", "removed", "said"),
    [
        (3, 19, (2, 5), "does not name 2 rows"),
        (3, 19, (1, 4), "does not name 4 rows"),
        (9, 19, (1, 5), "no bitmap of 9"),
    ],
)
def test_another_number_of_rows_is_refused(
    tmp_path: Path, documents: int, passages: int, removed: tuple[int, int], said: str
) -> None:
    write_tombstones(tmp_path, "segment-1", np.array([True, False, True]), np.arange(19) % 4 > 0)
    with pytest.raises(IntegrityError, match=said):
        opened(tmp_path, documents=documents, passages=passages, removed=removed)
