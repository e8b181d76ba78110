"""The lexical half of a segment: which term stands in which passage, how often.

Terms are kept sorted by their UTF-8 bytes in one long array, so that a look-up is a binary search in a memory-mapped
file and opening an index costs nothing. Counts are kept as they are, and not as weights, so that scores can use the
statistics of a whole generation of several segments.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError
from factcheck.index.arrays import load_array
from factcheck.provenance import save_array

_ARRAYS: dict[str, Any] = {
    "terms": np.uint8,  # the bytes of all terms, one after the other
    "term_starts": np.int64,  # n + 1 offsets into `terms`
    "posting_starts": np.int64,  # n + 1 offsets into `rows` and `counts`
    "rows": np.int32,
    "counts": np.uint16,
    "lengths": np.int32,  # of every passage, in tokens
}
_MAX_COUNT = np.iinfo(np.uint16).max


class PostingsBuilder:
    """Collects the tokens of passages, row by row; memory is a dozen bytes for each term of each passage."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._terms = array("i")
        self._counts = array("H")
        self._distinct = array("i")
        self._lengths = array("i")

    def add(self, tokens: Sequence[str]) -> None:
        """Add the next row."""
        counts = Counter(tokens)
        vocabulary = self._vocabulary
        for term, count in counts.items():
            self._terms.append(vocabulary.setdefault(term, len(vocabulary)))
            self._counts.append(min(count, _MAX_COUNT))
        self._distinct.append(len(counts))
        self._lengths.append(len(tokens))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays that make up the postings, by name."""
        encoded = [term.encode("utf-8", "surrogatepass") for term in self._vocabulary]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        terms = rank[np.frombuffer(self._terms, dtype=np.int32)] if self._terms else np.empty(0, dtype=np.int32)
        by_term = np.argsort(terms, kind="stable")
        distinct = np.frombuffer(self._distinct, dtype=np.int32) if self._distinct else np.empty(0, dtype=np.int32)
        rows = np.repeat(np.arange(len(distinct), dtype=np.int32), distinct)[by_term]
        counts = np.frombuffer(self._counts, dtype=np.uint16) if self._counts else np.empty(0, dtype=np.uint16)
        return {
            "terms": np.frombuffer(b"".join(encoded[i] for i in order), dtype=np.uint8),
            "term_starts": _starts([len(encoded[i]) for i in order]),
            "posting_starts": _starts(np.bincount(terms, minlength=len(order))),
            "rows": rows,
            "counts": counts[by_term],
            "lengths": np.array(self._lengths, dtype=np.int32),
        }

    def write(self, folder: Path) -> None:
        """Write one `.npy` file for each array into a folder that exists."""
        for name, values in self.arrays().items():
            save_array(folder / f"{name}.npy", values)


class Postings:
    """Reads published postings through memory maps."""

    def __init__(self, folder: Path) -> None:
        found = {name: load_array(folder / f"{name}.npy", dtype) for name, dtype in _ARRAYS.items()}
        self._terms = found["terms"]
        self._term_starts = found["term_starts"]
        self._posting_starts = found["posting_starts"]
        self._rows = found["rows"]
        self._counts = found["counts"]
        self.lengths: npt.NDArray[np.int32] = found["lengths"]
        consistent = (
            len(self._term_starts) == len(self._posting_starts) >= 1
            and self._term_starts[-1] == len(self._terms)
            and self._posting_starts[-1] == len(self._rows) == len(self._counts)
        )
        if not consistent:
            raise IntegrityError("holds arrays that do not fit together", where=folder, remedy="build the index again")
        # A binary search looks at twenty terms; through a memoryview each look costs a tenth of what an array asks.
        self._term_bytes = memoryview(self._terms.data)
        self._term_offsets = memoryview(self._term_starts.data)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays by name, as `PostingsBuilder.arrays` does."""
        return {
            "terms": self._terms,
            "term_starts": self._term_starts,
            "posting_starts": self._posting_starts,
            "rows": self._rows,
            "counts": self._counts,
            "lengths": self.lengths,
        }

    def find(self, term: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16]]:
        """Return the rows that hold a term, ascending, and how often each does; empty for an unknown term."""
        wanted = term.encode("utf-8", "surrogatepass")
        terms, starts = self._term_bytes, self._term_offsets
        low, high = 0, len(starts) - 1
        while low < high:
            middle = (low + high) // 2
            if terms[starts[middle] : starts[middle + 1]].tobytes() < wanted:
                low = middle + 1
            else:
                high = middle
        if low == len(starts) - 1 or terms[starts[low] : starts[low + 1]] != wanted:
            return self._rows[:0], self._counts[:0]
        start, end = int(self._posting_starts[low]), int(self._posting_starts[low + 1])
        return self._rows[start:end], self._counts[start:end]


def _starts(lengths: npt.ArrayLike) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))]).astype(np.int64)
