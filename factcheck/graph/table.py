"""The name table: normalised names to entities, sorted on disk and mapped into memory.

Names and terms are found by the first 64 bits of their BLAKE2b, in arrays that `numpy` maps instead of reading, so that
opening costs nothing, processes share the pages, and a look-up is a binary search even with tens of millions of names.
(With 10 million names, a claim of 300 keys meets a foreign hash about once in six thousand million claims.)

    names.hashes.npy    uint64, sorted       names.entities.npy  uint32, the entity of each row
    names.flags.npy     uint8, see the flags terms.hashes.npy    uint64, sorted
    terms.entities.npy  uint32               entities.offsets.npy uint64, one more than there are entities
    entities.text       UTF-8: term, unit separator, best label        entities.degrees.npy uint32, statements about it
"""

from __future__ import annotations

import hashlib
import mmap
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError
from factcheck.provenance import save_array

ALIAS = 1
"""The name is an alternative one."""
DERIVED = 2
"""The name was made from a label or an IRI; it yields to names that the graph states."""
CAPITALISED = 4
"""The name begins with a capital letter: it does not match a word in lower case."""
INITIALS = 8
"""The name was made of the initials of a label: it matches only what is written in capitals."""

_SEPARATOR = "\x1f"
_FILES = ("names.hashes", "names.entities", "names.flags", "terms.hashes", "terms.entities")
_FILES_OF_ENTITIES = ("entities.offsets", "entities.degrees")


def hash_of(text: str) -> int:
    """Return the 64 bits by which a key or a term is found."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class Named(NamedTuple):
    """A row of the table: which entity bears the name, and how."""

    entity: int
    flags: int


class NameTableBuilder:
    """Collects entities and names, then writes the table; about 40 bytes for each name while it does."""

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._entities = array("I")
        self._flags = array("B")
        self._terms = array("Q")
        self._offsets = array("Q", [0])
        self._degrees = array("I")
        self._text = bytearray()

    def add_entity(self, term: str, label: str, degree: int) -> int:
        """Add an entity and return its number."""
        record = f"{term}{_SEPARATOR}{label.replace(_SEPARATOR, ' ')}".encode("utf-8", "replace")
        self._text += record
        self._offsets.append(len(self._text))
        self._degrees.append(min(degree, 2**32 - 1))
        self._terms.append(hash_of(term))
        return len(self._terms) - 1

    def add_hashes(self, entity: int, hashes: array[int], flags: array[int]) -> None:
        """Add the names of an entity by the hashes of their keys."""
        self._hashes.extend(hashes)
        self._flags.extend(flags)
        self._entities.extend([entity] * len(flags))

    def write(self, folder: Path) -> tuple[int, int]:
        """Write the files and return how many entities and names there are."""
        hashes, entities, flags = self._rows()
        terms = np.frombuffer(self._terms, dtype=np.uint64) if self._terms else np.zeros(0, np.uint64)
        by_term = np.argsort(terms, kind="stable")
        arrays: dict[str, npt.NDArray[Any]] = {
            "names.hashes": hashes,
            "names.entities": entities,
            "names.flags": flags,
            "terms.hashes": terms[by_term],
            "terms.entities": by_term.astype(np.uint32),
            "entities.offsets": np.frombuffer(self._offsets, dtype=np.uint64),
            "entities.degrees": np.asarray(self._degrees, dtype=np.uint32),
        }
        for name, values in arrays.items():
            save_array(folder / f"{name}.npy", values)
        (folder / "entities.text").write_bytes(self._text)
        return len(terms), len(hashes)

    def _rows(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
        hashes = np.asarray(self._hashes, dtype=np.uint64)
        entities = np.asarray(self._entities, dtype=np.uint32)
        flags = np.asarray(self._flags, dtype=np.uint8)
        # Stated names come before derived ones, then by entity; a name that repeats is kept once, at its best.
        order = np.lexsort((entities, flags & (DERIVED | ALIAS), hashes))
        hashes, entities, flags = hashes[order], entities[order], flags[order]
        if len(hashes):
            again = np.lexsort((np.arange(len(hashes)), entities, hashes))
            same = (np.diff(hashes[again]) == 0) & (np.diff(entities[again]) == 0)
            keep = np.ones(len(hashes), dtype=bool)
            keep[again[1:][same]] = False
            hashes, entities, flags = hashes[keep], entities[keep], flags[keep]
        return hashes, entities, flags


class NameTable:
    """The table, open for reading; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Map the files.

        Raises:
            IntegrityError: they do not fit each other.
        """
        arrays = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in (*_FILES, *_FILES_OF_ENTITIES)
        }
        self._hashes, self._entities, self._flags, self._terms, self._by_term = (arrays[name] for name in _FILES)
        self._offsets, self._degrees = (arrays[name] for name in _FILES_OF_ENTITIES)
        path = folder / "entities.text"
        size = path.stat().st_size
        fits = len(self._hashes) == len(self._entities) == len(self._flags)
        fits = fits and len(self._terms) == len(self._by_term) == len(self._degrees) == len(self._offsets) - 1
        if not fits or int(self._offsets[-1]) != size:
            raise IntegrityError("the files of the name table do not fit each other", where=folder)
        self._text: mmap.mmap | bytes = b""
        if size:
            with path.open("rb") as file:
                self._text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, keys: Sequence[str]) -> list[list[Named]]:
        """Return the rows of each key: stated names first."""
        if not keys or not len(self._hashes):
            return [[] for _ in keys]
        wanted = np.fromiter((hash_of(key) for key in keys), dtype=np.uint64, count=len(keys))
        first = np.searchsorted(self._hashes, wanted, side="left")
        found: list[list[Named]] = [[] for _ in keys]
        there = self._hashes[np.minimum(first, len(self._hashes) - 1)] == wanted
        for place in np.flatnonzero(there).tolist():
            start = int(first[place])
            end = int(np.searchsorted(self._hashes, wanted[place], side="right"))
            rows = zip(self._entities[start:end].tolist(), self._flags[start:end].tolist(), strict=True)
            found[place] = [Named(entity, flags) for entity, flags in rows]
        return found

    def entity(self, number: int) -> tuple[str, str]:
        """Return the term and the best label of an entity."""
        start, end = int(self._offsets[number]), int(self._offsets[number + 1])
        term, _, label = self._text[start:end].decode("utf-8").partition(_SEPARATOR)
        return term, label

    def degree(self, number: int) -> int:
        """Return how many statements are about an entity."""
        return int(self._degrees[number])

    def number_of(self, term: str) -> int | None:
        """Return the number of the entity with that term."""
        wanted = np.uint64(hash_of(term))
        row = int(np.searchsorted(self._terms, wanted))
        if row < len(self._terms) and self._terms[row] == wanted:
            return int(self._by_term[row])
        return None
