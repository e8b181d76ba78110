"""Arrays of a published segment, read through memory maps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError


def load_array(path: Path, dtype: Any) -> npt.NDArray[Any]:
    """Return the one-dimensional array of an `.npy` file.

    Raises:
        IntegrityError: it holds something else.
    """
    try:
        # Not np.load: that would also open archives and, if asked to, pickles.
        # Seen as a plain array: every slice of a memmap is an object of Python's own making, and slow.
        values: npt.NDArray[Any] = np.lib.format.open_memmap(path, mode="r").view(np.ndarray)
    except (OSError, ValueError, EOFError) as error:
        raise IntegrityError(f"cannot be read ({error})", where=path, remedy="build the index again") from error
    if values.ndim != 1 or values.dtype != dtype:
        raise IntegrityError(f"holds {values.dtype} in {values.ndim} dimensions", where=path)
    return values
