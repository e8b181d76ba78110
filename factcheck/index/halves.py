"""Vectors in 16 bits on disk, read row by row.

Not mapped into memory: the system maps 16 pages around each that is touched and keeps them, so that after some hundred
searches most of a map is resident, and each first touch costs more than a read. Not by `os.pread` either: that lets go
of the interpreter, and where another thread computes, each of a search's many short reads would wait for its turn.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

_Read = Callable[[int, int, int, int], int]
"""File, address to write to, bytes, offset in the file; returns how many bytes were read."""


class HalfVectors:
    """An `.npy` file of float16, open for reading; safe in several threads.

    Attributes:
        shape: rows and dimensions.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no such file, or shorter than it says.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            if np.lib.format.read_magic(file) != (1, 0):
                raise ValueError("not of the format that is written here")
            shape, by_column, kind = np.lib.format.read_array_header_1_0(file)
            self._start = file.tell()
        if by_column or kind != np.float16 or len(shape) != 2:
            raise ValueError(f"holds {kind} in {len(shape)} dimensions")
        self.shape: tuple[int, int] = (int(shape[0]), int(shape[1]))
        self._row_bytes = 2 * self.shape[1]
        if path.stat().st_size < self._start + self.shape[0] * self._row_bytes:
            raise ValueError("is cut short")
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._file)
        self._read = _system_read() or _seeking_read()

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: npt.NDArray[np.int64] | slice) -> npt.NDArray[np.float16]:
        """Return some rows, or a range of them."""
        if isinstance(rows, slice):
            first, last, _ = rows.indices(len(self))
            places, piece = ([first], last - first) if first < last else ([], 1)
        else:
            places, piece = rows.tolist(), 1
        found = np.empty((len(places) * piece, self.shape[1]), dtype=np.float16)
        address, size = found.ctypes.data, piece * self._row_bytes
        for number, place in enumerate(places):
            if not 0 <= place < max(len(self), 1):
                raise IndexError(f"row {place} of {len(self)}")
            self._fill(address + number * size, size, self._start + place * self._row_bytes)
        return found

    def _fill(self, address: int, size: int, offset: int) -> None:
        while size > 0:
            count = self._read(self._file, address, size, offset)
            if count <= 0:
                raise OSError("vectors in 16 bits could not be read")
            address, size, offset = address + count, size - count, offset + count


def _system_read() -> _Read | None:
    """Return the system's `pread`, called without letting go of the interpreter; None where there is none."""
    if os.name != "posix" or sys.maxsize < 2**32:
        return None
    function = ctypes.PyDLL(None).pread
    function.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64)
    function.restype = ctypes.c_ssize_t
    return cast("_Read", function)


def _seeking_read() -> _Read:
    lock = threading.Lock()

    def read(file: int, address: int, size: int, offset: int) -> int:
        with lock:
            os.lseek(file, offset, os.SEEK_SET)
            data = os.read(file, size)
        ctypes.memmove(address, data, len(data))
        return len(data)

    return read
