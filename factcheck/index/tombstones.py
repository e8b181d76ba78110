"""Which rows of a segment were removed: the only part of it that a later generation may say anew.

Two bitmaps a segment, `tombstones/NAME.documents.npy` and `tombstones/NAME.passages.npy`, one bit a row, 1 = removed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError
from factcheck.index.manifest import INDEX, SegmentPart
from factcheck.provenance import Generation, save_array

FOLDER = "tombstones"
Mask: TypeAlias = npt.NDArray[np.bool_]
"""True for each row that is not removed."""


def names_of(segment: SegmentPart) -> tuple[str, str]:
    """Return the files of a segment's bitmaps: of documents, of passages."""
    return f"{FOLDER}/{segment.name}.documents.npy", f"{FOLDER}/{segment.name}.passages.npy"


def write_tombstones(folder: Path, name: str, documents: Mask, passages: Mask) -> None:
    """Write what is left of a segment into the folder of a generation."""
    (folder / FOLDER).mkdir(exist_ok=True)
    for kind, alive in (("documents", documents), ("passages", passages)):
        save_array(folder / FOLDER / f"{name}.{kind}.npy", np.packbits(~alive))


def read_tombstones(generation: Generation, segment: SegmentPart) -> tuple[Mask | None, Mask | None]:
    """Return which documents and which passages of a segment are left; None for all.

    Raises:
        IntegrityError: a bitmap does not say what the manifest says.
    """
    if segment.removed is None:
        return None, None
    documents, passages = names_of(segment)
    removed = segment.removed
    return (
        _read(generation.file(documents), segment.documents, removed.documents),
        _read(generation.file(passages), segment.passages, removed.passages),
    )


def _read(path: Path, rows: int, removed: int) -> Mask:
    try:
        bits = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise IntegrityError(f"cannot be read ({error})", where=path, remedy=INDEX.remedy) from error
    if not isinstance(bits, np.ndarray) or bits.dtype != np.uint8 or bits.shape != ((rows + 7) // 8,):
        raise IntegrityError(f"is no bitmap of {rows} rows", where=path, remedy=INDEX.remedy)
    alive = ~np.unpackbits(bits, count=rows).astype(bool)
    if rows - int(np.count_nonzero(alive)) != removed:
        raise IntegrityError(f"does not name {removed} rows, as the manifest says", where=path, remedy=INDEX.remedy)
    return alive
