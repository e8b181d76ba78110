"""When two passages say the same in nearly the same words, and how the likely ones are found.

They have to share heading, source and date, and differ in a few plain words: every number, capitalised word, negation,
contrast and every character that is not a plain Latin letter must be the same in both, because for a checker of facts a
single one of them is the whole difference.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import orjson

from factcheck.index.arrays import load_array
from factcheck.provenance import save_array
from factcheck.text.stems import CONTRASTS, STRICT
from factcheck.text.tokens import tokenize
from factcheck.types import Passage

_BANDS, _ROWS = 8, 6  # of a pair at 0.9 all but one in 500 meet in a band, of a pair at 0.6 one in three
_SHORTEST = 8  # tokens; in fewer every word is telling
_NEGATIONS = frozenset("no not never none neither nor without cannot t nobody nothing hardly".split())
_CAPITALISED = re.compile(r"(?<![^\W_])[A-Z]\w*")
_PRIME = np.uint64((1 << 61) - 1)
_GENERATOR = np.random.default_rng(7)
_FACTORS = _GENERATOR.integers(1, 1 << 29, _BANDS * _ROWS, dtype=np.uint64)
_OFFSETS = _GENERATOR.integers(0, 1 << 61, _BANDS * _ROWS, dtype=np.uint64)

Bands: TypeAlias = tuple[int, ...]
"""Hashes of 64 bits, signed, of which two passages that are near each other share one; none for one that is short."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What of a passage is compared.

    Attributes:
        told: the hash of all that may not differ.
        pairs: of neighbouring tokens; empty for a passage that is too short to be near another one.
    """

    told: bytes
    pairs: Counter[tuple[str, str]]

    @classmethod
    def of(cls, passage: Passage) -> Wording:
        """Look at a passage."""
        tokens = tokenize(passage.text)
        if len(tokens) < _SHORTEST:
            return cls(b"", Counter())
        telling = [passage.title, passage.section, passage.source, passage.date, _telling(passage, tokens)]
        return cls(hashlib.sha256(orjson.dumps(telling)).digest(), Counter(pairwise(tokens)))

    def likeness(self, other: Wording) -> float:
        """Return the share of pairs of neighbouring tokens that both hold; 0 where what may not differ does."""
        if not self.pairs or self.told != other.told:
            return 0.0
        return (self.pairs & other.pairs).total() / (self.pairs | other.pairs).total()

    def bands(self) -> Bands:
        """Return what a passage is looked up by.

        Source: Broder, "On the resemblance and containment of documents", 1997; universal hashing for permutations.
        """
        if not self.pairs:
            return ()
        hashes = np.array([zlib.crc32(f"{a} {b}".encode()) for a, b in self.pairs], dtype=np.uint64)
        lowest: npt.NDArray[np.uint64] = ((hashes[:, None] * _FACTORS[None, :] + _OFFSETS[None, :]) % _PRIME).min(
            axis=0
        )
        return tuple(
            int.from_bytes(
                hashlib.sha256(
                    self.told + bytes([band]) + lowest[band * _ROWS : (band + 1) * _ROWS].tobytes()
                ).digest()[:8],
                "little",
                signed=True,
            )
            for band in range(_BANDS)
        )


def bands_of(passage: Passage, near: float) -> Bands:
    """Return the bands of a passage; none where equal passages alone count as one."""
    return Wording.of(passage).bands() if near < 1 else ()


# ------------------------------------------------------------------------------------------------------------- on disk

_ARRAYS: dict[str, Any] = {"bands": np.uint32, "rows": np.uint32}
_KEPT = 0xFFFFFFFF
BAND_FILES = tuple(f"{name}.npy" for name in _ARRAYS)


class BandTableBuilder:
    """Collects the bands of passages, row by row; memory is some forty bytes a passage.

    Half of each is kept: what two share by chance is found out by looking at the passages.
    """

    def __init__(self) -> None:
        self._bands = array("I")
        self._counts = array("B")

    def add(self, bands: Sequence[int]) -> None:
        """Add the next row."""
        self._bands.extend(band & _KEPT for band in bands)
        self._counts.append(len(bands))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return bands in ascending order, and the row of each."""
        bands = np.array(self._bands, dtype=np.uint32)
        rows = np.repeat(np.arange(len(self._counts), dtype=np.uint32), np.array(self._counts, dtype=np.uint8))
        order = np.argsort(bands, kind="stable")
        return {"bands": bands[order], "rows": rows[order]}

    def write(self, folder: Path) -> None:
        """Write one `.npy` file for each array into a folder that exists."""
        for name, values in self.arrays().items():
            save_array(folder / f"{name}.npy", values)


class BandTable:
    """Reads published bands through memory maps."""

    def __init__(self, folder: Path) -> None:
        self._found = {name: load_array(folder / f"{name}.npy", dtype) for name, dtype in _ARRAYS.items()}

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays by name, as `BandTableBuilder.arrays` does."""
        return self._found

    def rows(self, bands: Bands, most: int) -> list[int]:
        """Return the rows that share a band, ascending; of each band the first `most`."""
        wanted = np.array([band & _KEPT for band in bands], dtype=np.uint32)
        starts = np.searchsorted(self._found["bands"], wanted, side="left")
        ends = np.minimum(np.searchsorted(self._found["bands"], wanted, side="right"), starts + most)
        rows = self._found["rows"]
        return sorted({int(row) for start, end in zip(starts, ends, strict=True) for row in rows[start:end]})


def _telling(passage: Passage, tokens: Sequence[str]) -> list[str]:
    """Return, sorted, what may not differ between two passages that count as one."""
    told = [
        token
        for token in tokens
        if not (token.isascii() and token.isalpha()) or token in _NEGATIONS or token in CONTRASTS or token in STRICT
    ]
    return sorted([*told, *_CAPITALISED.findall(passage.text)])
