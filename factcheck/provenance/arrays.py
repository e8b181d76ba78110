"""Arrays written so that a disk that refuses is heard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import numpy.typing as npt


def save_array(path: Path, values: npt.NDArray[Any]) -> None:
    """Write an array as an `.npy` file.

    Into a file of the system NumPy writes through the C library, and does not ask it at the end whether all was
    written: a disk that is full leaves a short file and no error. Handed bytes one by one, Python's file tells.

    Raises:
        OSError: the disk refuses.
    """
    import numpy as np

    with path.open("wb") as file:
        np.save(_Through(file), values, allow_pickle=False)


class _Through:
    """Looks like no file of the system."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        """Pass on."""
        return self._file.write(data)
