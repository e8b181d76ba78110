"""Which rows of an input a run looks at: a shard, a sample, the first few."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterator
from dataclasses import dataclass

from factcheck.batch.read import Source
from factcheck.errors import UsageError
from factcheck.text.json_lines import RawRow

_WHOLE = 2**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """In this order: shard, sample, limit.

    Attributes:
        shard: `(i, n)`, from 1: every n-th row, beginning with the i-th.
        sample: so many rows (int), or this share of them (float), chosen by a hash of the row's number, so that the
            same rows are chosen every time.
        limit: the first so many of what is left.
    """

    shard: tuple[int, int] = (1, 1)
    sample: int | float | None = None
    limit: int | None = None

    def rows(self, source: Source, columns: frozenset[str]) -> Iterator[RawRow]:
        """Yield the chosen rows of a source.

        Raises:
            UsageError: a number of rows is to be sampled from what can be read only once.
        """
        threshold = self._threshold(source)
        left = self.limit
        if left == 0:
            return
        for row in source.rows(columns):
            if not self._in_shard(row.position) or not _drawn(row.position) < threshold:
                continue
            yield row
            if left is not None:
                left -= 1
                if left == 0:
                    return

    def _in_shard(self, position: int) -> bool:
        index, count = self.shard
        return position % count == index - 1

    def _threshold(self, source: Source) -> int:
        if self.sample is None:
            return _WHOLE
        if isinstance(self.sample, float):
            return int(self.sample * _WHOLE)
        if not source.repeatable:
            raise UsageError(
                "a number of rows cannot be sampled from a stream", where="--sample", remedy="name a share, as in 0.1"
            )
        smallest: list[int] = []  # the largest of them first, by their negative
        for row in source.rows(frozenset()):
            if not self._in_shard(row.position):
                continue
            if len(smallest) < self.sample:
                heapq.heappush(smallest, -_drawn(row.position))
            else:
                heapq.heappushpop(smallest, -_drawn(row.position))
        return 1 - smallest[0] if smallest else 0


def _drawn(position: int) -> int:
    """Return a number below 2**64 that looks drawn by lot, and is the same every time."""
    return int.from_bytes(hashlib.sha256(f"factcheck sample {position}".encode()).digest()[:8], "big")
