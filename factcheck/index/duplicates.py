"""Passages that say what one before them said.

Equal passages of one source are always one. Near-duplicates are one if they share heading, source and date and differ
in a few plain words: every number, capitalised word, negation, contrast and every character that is not a plain Latin
letter must be the same in both, because for a checker of facts a single one of them is the whole difference.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from factcheck.errors import StorageError
from factcheck.index.table import Collapsed, Kept, PassageTableWriter
from factcheck.text.stems import CONTRASTS, STRICT
from factcheck.text.tokens import tokenize
from factcheck.types import Passage

_BANDS, _ROWS = 8, 6  # of a pair at 0.9 all but one in 500 meet in a band, of a pair at 0.6 one in three
_SHORTEST = 8  # tokens; in fewer every word is telling
_NEGATIONS = frozenset("no not never none neither nor without cannot t nobody nothing hardly".split())
_CAPITALISED = re.compile(r"(?<![^\W_])[A-Z]\w*")
_PRIME = np.uint64((1 << 61) - 1)


def key_of(passage: Passage) -> bytes:
    """Return the hash of all that a passage shows; equal ones of one source have one key."""
    shown = orjson.dumps([passage.title, passage.section, passage.text, passage.source, passage.date])
    return hashlib.sha256(shown).digest()[:16]


class SeenPassages:
    """Remembers the passages of a segment in the making, on disk, however many there are.

    Args:
        path: a file that does not exist yet.
        near: from which likeness on passages count as one: the share of pairs of neighbouring tokens that both hold.
    """

    def __init__(self, path: Path, near: float) -> None:
        self._near = near
        self._path = path
        path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(path)
        self._connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
            "CREATE TABLE keys (key BLOB PRIMARY KEY) WITHOUT ROWID;"
            "CREATE TABLE bands (band INTEGER PRIMARY KEY, row INTEGER NOT NULL);"
        )
        generator = np.random.default_rng(7)
        self._factors = generator.integers(1, 1 << 29, _BANDS * _ROWS, dtype=np.uint64)
        self._offsets = generator.integers(0, 1 << 61, _BANDS * _ROWS, dtype=np.uint64)

    def holds(self, key: bytes) -> bool:
        """Say whether a passage of this key was kept."""
        return self._one("SELECT 1 FROM keys WHERE key = ?", (key,)) is not None

    def split(self, passages: Sequence[Passage], table: PassageTableWriter) -> tuple[list[Kept], list[Collapsed]]:
        """Return which passages of a document are new, and which ones others stand for.

        Args:
            passages: of the next document of the table.
            table: what the new ones are about to be added to.
        """
        kept: list[Kept] = []
        collapsed: list[Collapsed] = []
        for passage in passages:
            key = key_of(passage)
            if self.holds(key):
                collapsed.append(Collapsed(passage=passage, key=key, near=False))
                continue
            bands, pairs = self._bands(passage)
            twin = self._twin(bands, pairs, table, kept)
            if twin is None:
                self._remember(key, bands, table.passages + len(kept))
                kept.append(Kept(passage=passage, key=key))
            else:
                collapsed.append(Collapsed(passage=passage, key=twin, near=True))
        return kept, collapsed

    def keep(self, key: bytes) -> None:
        """Note the key of a passage that is kept whatever it is like."""
        self._remember(key, [], 0)

    def forget(self, kept: Sequence[Kept]) -> None:
        """Take back what `split` noted of a document that was not added after all."""
        self._execute("DELETE FROM keys WHERE key = ?", [(entry.key,) for entry in kept])

    def close(self) -> None:
        """Let go of the file, and remove it."""
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def _twin(
        self, bands: list[int], pairs: Counter[tuple[str, str]], table: PassageTableWriter, kept: list[Kept]
    ) -> bytes | None:
        for row in sorted({row for band in bands if (row := self._row(band)) is not None}):
            fresh = row - table.passages
            if fresh >= len(kept):
                continue  # of a document that was not added after all
            text, key = (kept[fresh].passage.text, kept[fresh].key) if fresh >= 0 else table.shown(row)
            if _likeness(pairs, _pairs(tokenize(text))) >= self._near and self.holds(key):
                return key
        return None

    def _bands(self, passage: Passage) -> tuple[list[int], Counter[tuple[str, str]]]:
        tokens = tokenize(passage.text) if self._near < 1 else []
        if len(tokens) < _SHORTEST:
            return [], Counter()
        pairs = _pairs(tokens)
        hashes = np.array([zlib.crc32(f"{a} {b}".encode()) for a, b in pairs], dtype=np.uint64)
        # Source: Broder, "On the resemblance and containment of documents", 1997; universal hashing for permutations.
        lowest: npt.NDArray[np.uint64] = (
            (hashes[:, None] * self._factors[None, :] + self._offsets[None, :]) % _PRIME
        ).min(axis=0)
        telling = orjson.dumps(
            [passage.title, passage.section, passage.source, passage.date, _telling(passage, tokens)]
        )
        digest = hashlib.sha256(telling).digest()
        return [
            int.from_bytes(
                hashlib.sha256(digest + bytes([band]) + lowest[band * _ROWS : (band + 1) * _ROWS].tobytes()).digest()[
                    :8
                ],
                "little",
                signed=True,
            )
            for band in range(_BANDS)
        ], pairs

    def _row(self, band: int) -> int | None:
        found = self._one("SELECT row FROM bands WHERE band = ?", (band,))
        return None if found is None else int(found[0])

    def _remember(self, key: bytes, bands: list[int], row: int) -> None:
        self._execute("INSERT OR IGNORE INTO keys VALUES (?)", [(key,)])
        if bands:
            self._execute("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, row) for band in bands])

    def _one(self, query: str, values: tuple[object, ...]) -> tuple[int, ...] | None:
        found: tuple[int, ...] | None = self._connection.execute(query, values).fetchone()
        return found

    def _execute(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        try:
            self._connection.executemany(query, rows)
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"cannot be written ({error})", where=self._path, remedy="check the free space and the path"
            ) from error


def _pairs(tokens: Sequence[str]) -> Counter[tuple[str, str]]:
    return Counter(pairwise(tokens))


def _likeness(a: Counter[tuple[str, str]], b: Counter[tuple[str, str]]) -> float:
    either = (a | b).total()
    return (a & b).total() / either if either else 1.0


def _telling(passage: Passage, tokens: Sequence[str]) -> list[str]:
    """Return, sorted, what may not differ between two passages that count as one."""
    told = [
        token
        for token in tokens
        if not (token.isascii() and token.isalpha()) or token in _NEGATIONS or token in CONTRASTS or token in STRICT
    ]
    return sorted([*told, *_CAPITALISED.findall(passage.text)])
