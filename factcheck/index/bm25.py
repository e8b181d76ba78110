"""Ranking by BM25: the best rows that hold any of some terms, found without adding up the lists of frequent ones.

The lists of rare terms are added up; some of the rows that do best by them are then scored whole, which gives a score
that so many rows reach. A frequent term can add only so much. A row that cannot reach that score with all that is left
is out, and which of the frequent terms a row holds is seen in bitmaps, so that nearly all rows fall before any list is
looked into. What is found is what adding up every list would find, to the last bit of its score.

Source: Turtle and Flood, "Query evaluation: strategies and optimizations", 1995 (MaxScore); Broder et al., "Efficient
query evaluation using a two-level retrieval process", 2003 (bounds first, whole scores for what passes).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from factcheck.index.postings import Postings

# Set on the even half of four development sets: the best mean nDCG@10 of those where the stemmer costs no set anything.
K1 = 1.5
B = 0.4

_LONG_LIST = 1 << 14
"""Lists up to here are simply added up: below, that is quicker than asking whether they have to be."""
_SPARSE = 64  # terms that fewer than one row in so many holds get no bitmap
_BITMAPS = 128  # are kept at most, of a fifth of a byte a row each
_SAMPLE = 1 << 12
_ONE = np.uint64(1)
_ULP = 2.0**-22  # four times what rounding can move a sum by, for each of its terms

Alive: TypeAlias = npt.NDArray[np.bool_]
Rows: TypeAlias = npt.NDArray[Any]
Scores: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Bitmap:
    """Which rows hold a term, the first in the lowest bit, and for each 64 of them how many rows before them do.

    With both a row is looked up in two reads, where a search in a list of a million takes twenty.
    """

    octets: npt.NDArray[np.uint8]
    words: npt.NDArray[np.uint64]  # the same memory
    before: npt.NDArray[np.int32]

    @classmethod
    def of(cls, held: npt.NDArray[np.bool_]) -> _Bitmap:
        """Return the bitmap of one flag for each row."""
        packed = np.zeros(-(-len(held) // 64) * 8, dtype=np.uint8)
        packed[: -(-len(held) // 8)] = np.packbits(held, bitorder="little")
        words = packed.view("<u8")
        before = np.zeros(len(words), dtype=np.int32)
        np.cumsum(np.bitwise_count(words[:-1]), out=before[1:])
        return cls(packed, words, before)

    def holding(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Return which of some rows hold the term."""
        return (self.octets.take(rows >> 3) << (7 - (rows & 7)).astype(np.uint8)) > 127

    def places(self, rows: Rows) -> Rows:
        """Return where rows that hold the term stand in its list."""
        at = rows >> 6
        below = self.words.take(at) & ((_ONE << (rows & 63).astype(np.uint64)) - _ONE)
        return self.before.take(at) + np.bitwise_count(below)


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of a query: how much a row can get for it, how many rows hold it, and its list in each segment.

    Attributes:
        weight: what a row would get that held it without end.
        most: no row gets more.
        bitmap: of a long list that is not so long that a bitmap would be longer.
    """

    weight: float
    most: float
    holding: int
    postings: Sequence[tuple[npt.NDArray[np.int32], npt.NDArray[np.uint16]]]
    bitmap: _Bitmap | None = None


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
        starts = np.cumsum([0, *(len(segment.lengths) for segment in segments)]).tolist()
        self._ranges = tuple(pairwise(starts))
        average = max(sum(int(some.sum(dtype=np.int64)) for some in lengths) / max(self._living, 1), 1e-9)
        # What a passage's length makes of k1, once for all queries: four bytes a passage.
        self._norms: Scores = np.empty(starts[-1], dtype=np.float32)
        for segment, (start, end) in zip(segments, self._ranges, strict=True):
            self._norms[start:end] = k1 * (1 - b + b * segment.lengths / average)
        self._known: dict[str, float] = {}  # weights of terms that `weights` was asked for
        surveyor = _Surveyor(segments, self._ranges, self._norms)
        self._most = lru_cache(maxsize=None)(surveyor.most)  # of terms with long lists alone, which are few
        self._bitmap = lru_cache(_BITMAPS)(surveyor.bitmap)
        self._spare: list[Scores] = []  # arrays of zeros, one for each search that ever ran beside others

    def rank(self, tokens: Iterable[str], k: int) -> tuple[npt.NDArray[np.int64], Scores]:
        """Return the `k` best rows that hold any of `tokens`, best first, the lower row first among equals."""
        terms = self._terms(tokens) if k > 0 else []
        try:
            scores = self._spare.pop()
        except IndexError:
            scores = np.zeros(len(self._norms), dtype=np.float32)
        touched = np.empty(0, dtype=np.int64)
        fresh: list[Rows] = []
        count = place = 0
        while place < len(terms) and (terms[place].holding <= _LONG_LIST or count < k):
            fresh.append(self._add_up(scores, terms[place]))
            count += len(fresh[-1])
            place += 1
        touched = np.concatenate([touched, *fresh])
        rows, values = touched, scores.take(touched)
        if place < len(terms):
            rows, values = self._best_by_bounds(scores, touched, values, terms, place, k)
        scores[touched] = 0.0
        self._spare.append(scores)  # after an error it is not clean, and is let go
        return best_rows(rows, values, k)

    def weights(self, segment: int, row: int, tokens: Iterable[str]) -> dict[str, float]:
        """Return what each term of a passage adds to the score of a query that holds it once."""
        norm = float(self._norms[self._ranges[segment][0] + row])
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
                weight = repeated * rarity * (self._k1 + 1)
                if holding <= _LONG_LIST:
                    found.append(_Term(weight, weight, holding, postings))
                    continue
                bitmap = self._bitmap(term) if holding * _SPARSE > self._living else None
                found.append(_Term(weight, weight * self._most(term), holding, postings, bitmap))
        return sorted(found, key=lambda term: term.holding)

    def _add_up(self, scores: Scores, term: _Term) -> Rows:
        """Add what a term is worth to all rows that hold it; return those that had nothing before."""
        fresh = []
        for (rows, counts), mask, (start, _) in zip(term.postings, self._alive, self._ranges, strict=True):
            places = rows.astype(np.int64)
            if mask is not None:
                kept = np.flatnonzero(mask.take(places))
                places, counts = places.take(kept), counts.take(kept)
            places += start
            before = scores.take(places)
            scores[places] = before + _worth(term.weight, counts, self._norms.take(places))
            fresh.append(places[before == 0])
        return np.concatenate(fresh)

    def _look_up(self, term: _Term, rows: Rows, values: Scores) -> None:
        """Add what a term is worth to the values of some rows, ascending."""
        bounds = np.searchsorted(rows, [start for start, _ in self._ranges[1:]]).tolist()
        earlier = 0
        for (held, counts), (start, _), (first, last) in zip(
            term.postings, self._ranges, pairwise([0, *bounds, len(rows)]), strict=True
        ):
            here = rows[first:last]
            if term.bitmap is not None:
                hits = np.flatnonzero(term.bitmap.holding(here))
                places = term.bitmap.places(here.take(hits)) - earlier
            elif len(held):
                sought = (here - start).astype(np.int32)
                places = np.minimum(np.searchsorted(held, sought), len(held) - 1)
                hits = np.flatnonzero(held.take(places) == sought)
                places = places.take(hits)
            else:
                continue
            values[first + hits] += _worth(term.weight, counts.take(places), self._norms.take(here.take(hits)))
            earlier += len(held)

    def _best_by_bounds(
        self, scores: Scores, touched: Rows, values: Scores, terms: Sequence[_Term], place: int, k: int
    ) -> tuple[Rows, Scores]:
        """Return rows among which the best `k` are, and their scores, when the terms that are left have long lists.

        Args:
            scores: of all rows, from the terms before `place`.
            touched: rows that have any, at least `k`.
            values: their scores.
            terms: of the query.
            place: of the first term that is left.
            k: how many rows are sought.
        """
        left = terms[place:]
        rest = np.cumsum([0.0, *(term.most for term in reversed(left))])[::-1].tolist()  # what these and later ones add
        exactly = 1 - _ULP * (len(terms) + 4)
        some = slice(max(_SAMPLE, 4 * k))  # of the rarest terms
        threshold = self._threshold(scores, touched[some], values[some], left, k) * exactly
        rows, reach = _reaching(touched, values, left, threshold)
        threshold = max(threshold, self._threshold(scores, rows, reach, left, k) * exactly)
        found = [rows[reach >= threshold]]
        for number, term in enumerate(left):
            if rest[number] < threshold:
                break
            for (held, _), mask, (start, _) in zip(term.postings, self._alive, self._ranges, strict=True):
                rows, _ = _reaching(held, np.float32(term.most), left[number + 1 :], threshold, start)
                found.append(rows if mask is None else rows[mask[rows - start]])
        rows = np.unique(np.concatenate(found))
        values = scores[rows]
        for number, term in enumerate(left):
            self._look_up(term, rows, values)
            kept = values + rest[number + 1] >= threshold
            rows, values = rows[kept], values[kept]
        return rows, values

    def _threshold(self, scores: Scores, rows: Rows, promise: Scores, terms: Sequence[_Term], k: int) -> float:
        """Return a score that `k` rows reach: that of the k-th of those that promise most."""
        if len(rows) > 2 * k:
            rows = rows[np.argpartition(promise, len(rows) - 2 * k)[-2 * k :]]
        rows = np.sort(rows)
        values = scores[rows]
        for term in terms:
            self._look_up(term, rows, values)
        return float(np.partition(values, len(values) - k)[len(values) - k])


class _Surveyor:
    """Goes through long lists once, for all queries that follow."""

    def __init__(self, segments: Sequence[Postings], ranges: Sequence[tuple[int, int]], norms: Scores) -> None:
        self._segments = segments
        self._ranges = ranges
        self._norms = norms

    @cached_property
    def _shortest(self) -> Scores:
        shortest: Scores = self._norms.min(keepdims=True)
        return shortest

    def most(self, term: str) -> float:
        """Return a share of a term's weight that no row exceeds.

        Rows that hold it once, which are most, are not looked at: they get what the shortest passage would.
        """
        most = float(_worth(1.0, np.ones(1, dtype=np.uint16), self._shortest)[0])
        for segment, (start, end) in zip(self._segments, self._ranges, strict=True):
            rows, counts = segment.find(term)
            often = np.flatnonzero(counts > 1)
            if len(often):
                norms = self._norms[start:end].take(rows.take(often))
                most = max(most, float(_worth(1.0, counts.take(often), norms).max()))
        return most

    def bitmap(self, term: str) -> _Bitmap:
        """Return which rows hold a term."""
        held = np.zeros(len(self._norms), dtype=bool)
        for segment, (start, end) in zip(self._segments, self._ranges, strict=True):
            held[start:end][segment.find(term)[0].astype(np.int64)] = True
        return _Bitmap.of(held)


def best_rows(rows: Rows, values: Scores, k: int) -> tuple[npt.NDArray[np.int64], Scores]:
    """Return the `k` rows with the largest values, best first, the lower row first among equals."""
    if len(rows) > k > 0:
        # Everything that ties with the k-th stays in, so that the order among equals decides, not the partition.
        threshold = np.partition(values, len(values) - k)[len(values) - k]
        kept = values >= threshold
        rows, values = rows[kept], values[kept]
    order = np.lexsort((rows, -values))[: max(k, 0)]
    return rows[order].astype(np.int64), values[order]


def _worth(weight: float, counts: npt.NDArray[np.uint16], norms: Scores) -> Scores:
    """Return what rows get for a term that they hold so often."""
    frequency = counts.astype(np.float32)
    worth: Scores = weight * frequency
    worth /= frequency + norms
    return worth


def _reaching(
    rows: npt.NDArray[Any], values: Any, terms: Sequence[_Term], threshold: float, start: int = 0
) -> tuple[Rows, Scores]:
    """Return the rows that may reach a threshold, and how far they may, by which of the terms they hold.

    Args:
        rows: any.
        values: what each has, or one figure that none exceeds.
        terms: what can be added.
        threshold: what has to be reached.
        start: of the segment that the rows are counted from.
    """
    left = sum(term.most for term in terms)
    rows = rows.astype(np.int64) if not start else rows + np.int64(start)
    if isinstance(values, np.ndarray):
        kept = np.flatnonzero(values + np.float32(left) >= threshold)
        rows, values = rows.take(kept), values.take(kept)
    for term in sorted(terms, key=lambda term: -term.most):
        if term.bitmap is not None:
            left -= term.most
            values = values + term.bitmap.holding(rows) * np.float32(term.most)
            kept = np.flatnonzero(values + np.float32(left) >= threshold)
            rows, values = rows.take(kept), values.take(kept)
    return rows, np.broadcast_to(values, rows.shape) + np.float32(left)
