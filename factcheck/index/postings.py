"""The lexical half of a segment: which term stands in which passage, how often.

Terms are kept sorted by their UTF-8 bytes in one long array, so that a look-up is a binary search in a memory-mapped
file and opening an index costs nothing. Counts are kept as they are, and not as weights, so that scores can use the
statistics of a whole generation of several segments.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError
from factcheck.index.arrays import load_array
from factcheck.provenance import save_array

# Set on the even half of four development sets: the best mean nDCG@10 of those where the stemmer costs no set anything.
K1 = 1.5
B = 0.4

_ARRAYS: dict[str, Any] = {
    "terms": np.uint8,  # the bytes of all terms, one after the other
    "term_starts": np.int64,  # n + 1 offsets into `terms`
    "posting_starts": np.int64,  # n + 1 offsets into `rows` and `counts`
    "rows": np.int32,
    "counts": np.uint16,
    "lengths": np.int32,  # of every passage, in tokens
}
_MAX_COUNT = np.iinfo(np.uint16).max

_LONG_LIST = 1 << 14
"""Lists up to here are simply gone through: below, that is quicker than asking whether they have to be."""
_ROUNDING = 1e-5

Alive: TypeAlias = npt.NDArray[np.bool_]
Rows: TypeAlias = npt.NDArray[np.int64]
Scores: TypeAlias = npt.NDArray[np.float32]


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


class Bm25:
    """Ranks the rows of all segments together; row numbers run on from one segment to the next.

    Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3; inverse
    document frequency with one added inside the logarithm, as Lucene has it, so that no term counts against a passage.
    """

    def __init__(
        self,
        segments: Sequence[Postings],
        alive: Sequence[Alive | None] | None = None,
        *,
        k1: float = K1,
        b: float = B,
    ) -> None:
        """Work out the statistics of all segments together.

        Args:
            segments: in the order of their rows.
            alive: for each segment which rows are not removed, None for all; what is removed counts nowhere.
            k1: how soon a repeated term stops adding.
            b: how much a passage's length counts.
        """
        self._segments = segments
        self._alive = tuple(alive) if alive is not None else (None,) * len(segments)
        self._k1 = k1
        lengths = [
            segment.lengths if mask is None else segment.lengths[mask]
            for segment, mask in zip(segments, self._alive, strict=True)
        ]
        self._living = sum(map(len, lengths))
        self._offsets = np.concatenate([[0], np.cumsum([len(segment.lengths) for segment in segments])]).tolist()
        average = max(sum(int(some.sum(dtype=np.int64)) for some in lengths) / max(self._living, 1), 1e-9)
        self._known: dict[str, float] = {}  # weights of terms that `weights` was asked for
        # What a passage's length makes of k1, once for all queries: four bytes a passage.
        self._norms = [(k1 * (1 - b + b * segment.lengths / average)).astype(np.float32) for segment in segments]

    def rank(self, tokens: Iterable[str], k: int) -> tuple[Rows, Scores]:
        """Return the `k` best rows that hold any of `tokens`, best first, the lower row first among equals.

        Rare terms come first. As soon as the rest of the terms cannot lift a new row among the best `k`, they are only
        looked up for the rows that are still in the running, so that "the" costs little however long its list is.

        Source: Turtle and Flood, "Query evaluation: strategies and optimizations", 1995 (MaxScore).
        """
        terms = self._terms(tokens)
        scores = np.zeros(self._offsets[-1], dtype=np.float32)
        rest = np.cumsum([0.0, *(term.weight for term in reversed(terms))])[::-1].tolist()  # weights from term i on
        running: Rows | None = None
        for i, term in enumerate(terms):
            # Asking costs about what a list of a sixteenth of all rows costs.
            if running is None and i and k > 0 and term.holding > max(_LONG_LIST, self._living >> 4):
                running = _still_running(scores, k, rest[i])
            for segment, (offset, (rows, counts)) in enumerate(zip(self._offsets, term.postings, strict=False)):
                if running is not None:
                    start, end = np.searchsorted(running, (offset, self._offsets[segment + 1]))
                    wanted = (running[start:end] - offset).astype(rows.dtype)
                    places = np.minimum(np.searchsorted(rows, wanted), max(len(rows) - 1, 0))
                    held = rows[places] == wanted if len(rows) else np.zeros(len(wanted), dtype=bool)
                    rows, counts = wanted[held], counts[places[held]]
                frequency = counts.astype(np.float32)
                weighed = term.weight * frequency
                weighed /= frequency + self._norms[segment][rows]
                scores[offset : offset + len(self._norms[segment])][rows] += weighed
        for offset, mask in zip(self._offsets, self._alive, strict=False):
            if mask is not None:
                scores[offset : offset + len(mask)][~mask] = 0.0
        if running is None:
            running = np.flatnonzero(scores)
        return best_rows(scores, running[scores[running] > 0], k)

    def weights(self, segment: int, row: int, tokens: Iterable[str]) -> dict[str, float]:
        """Return what each term of a passage adds to the score of a query that holds it once."""
        norm = float(self._norms[segment][row])
        return {
            term: self._weight(term) * count / (count + norm)
            for term, count in Counter(tokens).items()
            if self._weight(term) > 0
        }

    def _weight(self, term: str) -> float:
        found = self._known.get(term)
        if found is None:
            terms = self._terms([term])
            found = self._known[term] = terms[0].weight if terms else 0.0
        return found

    def _terms(self, tokens: Iterable[str]) -> list[_Term]:
        """Return the terms that stand anywhere, the rarest first, in an order that is always the same."""
        found = []
        for term, repeated in sorted(Counter(tokens).items()):
            postings = [segment.find(term) for segment in self._segments]
            holding = sum(
                len(rows) if mask is None else int(np.count_nonzero(mask[rows]))
                for (rows, _), mask in zip(postings, self._alive, strict=True)
            )
            if holding:
                rarity = math.log(1 + (self._living - holding + 0.5) / (holding + 0.5))
                found.append(_Term(repeated * rarity * (self._k1 + 1), holding, postings))
        return sorted(found, key=lambda term: term.holding)


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of a query: the most that it can add to a score, how many rows hold it, and its list in each segment."""

    weight: float
    holding: int
    postings: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16]]]


def _still_running(scores: Scores, k: int, rest: float) -> Rows | None:
    """Return the rows that may still be among the best `k`, or None where one that nothing has touched yet may be."""
    touched = np.flatnonzero(scores > rest)
    if len(touched) < k:
        return None
    touched = np.flatnonzero(scores)
    values = scores[touched]
    threshold = float(np.partition(values, len(values) - k)[len(values) - k]) * (1 - _ROUNDING)
    return touched[values + rest >= threshold] if threshold > rest else None


def best_rows(scores: Scores, candidates: Rows, k: int) -> tuple[Rows, Scores]:
    """Return the `k` candidates with the largest scores, best first, the lower row first among equals."""
    values = scores[candidates]
    if len(candidates) > k > 0:
        # Everything that ties with the k-th stays in, so that the order among equals decides, not the partition.
        threshold = np.partition(values, len(values) - k)[len(values) - k]
        kept = values >= threshold
        candidates, values = candidates[kept], values[kept]
    order = np.lexsort((candidates, -values))[: max(k, 0)]
    return candidates[order].astype(np.int64), values[order]


def _starts(lengths: npt.ArrayLike) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.asarray(lengths, dtype=np.int64))]).astype(np.int64)
