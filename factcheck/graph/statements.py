"""The statements of a graph as two sorted tables of numbers, mapped into memory: what look-ups read.

A look-up is a binary search and a slice, and costs a term's decoding for each result; the store itself, which answers
SPARQL, has to fetch every term of every result from its dictionary. Terms are numbered by the rank of their hash, so
that the sorted hashes are the dictionary. A key is two numbers in 64 bits, so that a subject's statements, and those of
one property of it, are ranges.

    statements.hashes.npy   uint64, sorted: of each term           statements.offsets.npy  uint64, one more than terms
    statements.text         UTF-8, terms in N-Triples syntax
    statements.forward.npy  uint64, sorted: subject, predicate     statements.objects.npy  uint32, of each key
    statements.backward.npy uint64, sorted: object, predicate      statements.subjects.npy uint32, of each key
"""

from __future__ import annotations

import mmap
from array import array
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError
from factcheck.graph.table import hash_of
from factcheck.provenance import save_array
from factcheck.types import Triple

_FILES = ("hashes", "offsets", "forward", "objects", "backward", "subjects")
_SHIFT = 32
_LOW = (1 << _SHIFT) - 1
_STEP = 65_536
_CACHED_TERMS = 262_144


class StatementTableBuilder:
    """Collects statements, then writes the tables; about 12 bytes a statement, and each term once, while it does."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._rows = array("I")

    def add(self, subject: str, predicate: str, value: str) -> None:
        """Add a statement; one that repeats is kept once."""
        numbers = self._numbers
        for term in (subject, predicate, value):
            number = numbers.get(term)
            if number is None:
                number = numbers[term] = len(numbers)
            self._rows.append(number)

    def write(self, folder: Path) -> int:
        """Write the files and return how many statements there are."""
        terms = list(self._numbers)
        hashes = np.fromiter((hash_of(term) for term in terms), dtype=np.uint64, count=len(terms))
        order = np.argsort(hashes, kind="stable")
        rank = np.empty(len(terms), dtype=np.uint32)
        rank[order] = np.arange(len(terms), dtype=np.uint32)
        offsets = np.zeros(len(terms) + 1, dtype=np.uint64)
        at = 0
        with (folder / "statements.text").open("wb") as file:
            for place, number in enumerate(order.tolist(), 1):
                at += file.write(terms[number].encode("utf-8", "replace"))
                offsets[place] = at
        rows = rank[np.frombuffer(self._rows, dtype=np.uint32)].reshape(-1, 3)
        forward, objects = _sorted(rows[:, 0], rows[:, 1], rows[:, 2])
        backward, subjects = _sorted(rows[:, 2], rows[:, 1], rows[:, 0])
        arrays: dict[str, npt.NDArray[Any]] = {
            "hashes": hashes[order],
            "offsets": offsets,
            "forward": forward,
            "objects": objects,
            "backward": backward,
            "subjects": subjects,
        }
        for name, values in arrays.items():
            save_array(folder / f"statements.{name}.npy", values)
        return len(objects)


def _sorted(
    first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32], third: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
    """Return keys of the first two with the third, in order, each row once."""
    keys = (first.astype(np.uint64) << np.uint64(_SHIFT)) | second
    order = np.lexsort((third, keys))
    keys, values = keys[order], third[order]
    fresh = np.ones(len(keys), dtype=bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (values[1:] != values[:-1])
    return keys[fresh], values[fresh]


class StatementTable:
    """The tables, open for reading; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Map the files.

        Raises:
            IntegrityError: they do not fit each other.
        """
        self._hashes, self._offsets, self._forward, self._objects, self._backward, self._subjects = (
            np.asarray(np.load(folder / f"statements.{name}.npy", mmap_mode="r", allow_pickle=False)) for name in _FILES
        )
        path = folder / "statements.text"
        size = path.stat().st_size
        rows = {len(part) for part in (self._forward, self._objects, self._backward, self._subjects)}
        if len(rows) > 1 or len(self._offsets) != len(self._hashes) + 1 or int(self._offsets[-1]) != size:
            raise IntegrityError("the files of the statement table do not fit each other", where=folder)
        self._term = lru_cache(_CACHED_TERMS)(self._read_term)
        self._text: mmap.mmap | bytes = b""
        if size:
            with path.open("rb") as file:
                self._text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._objects)

    def find(self, subject: str | None, predicate: str | None, value: str | None, limit: int) -> list[Triple]:
        """Return up to `limit` statements that fit, each once.

        With neither subject nor value the table is read from its start until enough are found.
        """
        numbers = [None if term is None else self._number(term) for term in (subject, predicate, value)]
        for term, number in zip((subject, predicate, value), numbers, strict=True):
            if term is not None and number is None:
                return []
        s, p, o = numbers
        if s is None and o is None:
            return self._scan(p, limit)
        forwards = _range(self._forward, s, p) if s is not None else None
        backwards = _range(self._backward, o, p) if o is not None else None
        if forwards is not None and (backwards is None or _size(forwards) <= _size(backwards)):
            return self._read(forwards, self._forward, self._objects, o, limit, backwards=False)
        return self._read(backwards or (0, 0), self._backward, self._subjects, s, limit, backwards=True)

    def _read(
        self,
        part: tuple[int, int],
        keys: npt.NDArray[np.uint64],
        others: npt.NDArray[np.uint32],
        wanted: int | None,
        limit: int,
        *,
        backwards: bool,
    ) -> list[Triple]:
        start, end = part
        if wanted is None:
            end = min(end, start + limit)
            pairs = zip(keys[start:end].tolist(), others[start:end].tolist(), strict=True)
        else:
            places = start + np.flatnonzero(others[start:end] == wanted)[:limit]
            pairs = zip(keys[places].tolist(), others[places].tolist(), strict=True)
        if backwards:
            return [self._triple(other, key & _LOW, key >> _SHIFT) for key, other in pairs]
        return [self._triple(key >> _SHIFT, key & _LOW, other) for key, other in pairs]

    def _scan(self, predicate: int | None, limit: int) -> list[Triple]:
        found: list[Triple] = []
        for start in range(0, len(self._forward), _STEP):
            keys, objects = self._forward[start : start + _STEP], self._objects[start : start + _STEP]
            if predicate is not None:
                fits = (keys & np.uint64(_LOW)) == predicate
                keys, objects = keys[fits], objects[fits]
            pairs = zip(keys.tolist(), objects.tolist(), strict=True)
            for key, value in pairs:
                if len(found) == limit:
                    return found
                found.append(self._triple(key >> _SHIFT, key & _LOW, value))
        return found

    def _triple(self, subject: int, predicate: int, value: int) -> Triple:
        return Triple(subject=self._term(subject), predicate=self._term(predicate), object=self._term(value))

    def _number(self, term: str) -> int | None:
        wanted = np.uint64(hash_of(term))
        row = int(self._hashes.searchsorted(wanted))
        return row if row < len(self._hashes) and self._hashes[row] == wanted else None

    def _read_term(self, number: int) -> str:
        return self._text[int(self._offsets[number]) : int(self._offsets[number + 1])].decode("utf-8")


def _size(part: tuple[int, int]) -> int:
    return part[1] - part[0]


def _range(keys: npt.NDArray[np.uint64], first: int, second: int | None) -> tuple[int, int]:
    low = (first << _SHIFT) | (second or 0)
    high = low + 1 if second is not None else (first + 1) << _SHIFT
    bounds = keys.searchsorted(np.array((low, high), dtype=np.uint64)) if high < 1 << 64 else None
    if bounds is None:
        return int(keys.searchsorted(np.uint64(low))), len(keys)
    return int(bounds[0]), int(bounds[1])
