"""Passages that say what one before them said.

Equal passages of one source are always one. Near-duplicates are one where `factcheck.index.likeness` says so. Both are
sought among the passages of the segment in the making, and among those of segments that are there already.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from factcheck.errors import StorageError
from factcheck.index.likeness import Bands, BandTable, Wording
from factcheck.index.table import Collapsed, Kept, PassageTable, PassageTableWriter
from factcheck.index.tombstones import Mask
from factcheck.types import Passage

_MOST_OF_A_BAND = 8
"""Passages that are looked at for each band: what an addition costs does not grow with what the index holds."""


def key_of(passage: Passage) -> bytes:
    """Return the hash of all that a passage shows; equal ones of one source have one key."""
    shown = orjson.dumps([passage.title, passage.section, passage.text, passage.source, passage.date])
    return hashlib.sha256(shown).digest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPassages:
    """The passages of a segment that is written.

    Attributes:
        bands: None where it was written without.
        alive: which rows are not removed, None for all; looked at anew each time.
    """

    table: PassageTable
    bands: BandTable | None
    alive: Mask | None

    def holds(self, key: bytes) -> bool:
        """Say whether a passage of this key stands in it and is not removed."""
        return any(self._lives(row) for row in self.table.rows_of(key))

    def twin(self, wording: Wording, bands: Bands, near: float) -> bytes | None:
        """Return the key of the first passage that is near enough."""
        found = self.bands.rows(bands, _MOST_OF_A_BAND) if self.bands is not None and bands else []
        living = [row for row in found if self._lives(row)]
        for row, passage in zip(living, self.table.passages(living), strict=True):
            if wording.likeness(Wording.of(passage)) >= near:
                return self.table.keys(range(row, row + 1))[0]
        return None

    def _lives(self, row: int) -> bool:
        return self.alive is None or bool(self.alive[row])


class SeenPassages:
    """Remembers the passages of a segment in the making, on disk, however many there are.

    Args:
        path: a file that does not exist yet.
        near: from which likeness on passages count as one: the share of pairs of neighbouring tokens that both hold.
        written: passages that were there before.
    """

    def __init__(self, path: Path, near: float, written: Sequence[WrittenPassages] = ()) -> None:
        self._near = near
        self._path = path
        self._written = written
        path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(path)
        self._connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;"
            "CREATE TABLE keys (key BLOB PRIMARY KEY) WITHOUT ROWID;"
            "CREATE TABLE bands (band INTEGER PRIMARY KEY, row INTEGER NOT NULL);"
        )

    def holds(self, key: bytes) -> bool:
        """Say whether a passage of this key is there."""
        kept = self._connection.execute("SELECT 1 FROM keys WHERE key = ?", (key,)).fetchone() is not None
        return kept or any(written.holds(key) for written in self._written)

    def split(
        self, passages: Sequence[Passage], table: PassageTableWriter, kept: Sequence[Kept] = ()
    ) -> tuple[list[Kept], list[Collapsed]]:
        """Return which passages of a document are new, and which ones others stand for.

        Args:
            passages: of the next document of the table.
            table: what the new ones are about to be added to.
            kept: passages of the same document that stand before these, whatever they are like.
        """
        new: list[Kept] = []
        collapsed: list[Collapsed] = []
        for entry in kept:
            self._remember(entry, table.passages + len(new))
            new.append(entry)
        for passage in passages:
            key = key_of(passage)
            if self.holds(key):
                collapsed.append(Collapsed(passage=passage, key=key, near=False))
                continue
            wording = Wording.of(passage) if self._near < 1 else None
            bands = () if wording is None else wording.bands()
            twin = self._twin(wording, bands, table, new) if wording is not None and bands else None
            if twin is None:
                entry = Kept(passage=passage, key=key, bands=bands)
                self._remember(entry, table.passages + len(new))
                new.append(entry)
            else:
                collapsed.append(Collapsed(passage=passage, key=twin, near=True))
        return new, collapsed

    def close(self) -> None:
        """Let go of the file, and remove it."""
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def _twin(self, wording: Wording, bands: Bands, table: PassageTableWriter, kept: Sequence[Kept]) -> bytes | None:
        for written in self._written:
            twin = written.twin(wording, bands, self._near)
            if twin is not None:
                return twin
        for row in sorted({row for band in bands if (row := self._row(band)) is not None}):
            fresh = row - table.passages
            passage, key = (kept[fresh].passage, kept[fresh].key) if fresh >= 0 else table.shown(row)
            if wording.likeness(Wording.of(passage)) >= self._near:
                return key
        return None

    def _row(self, band: int) -> int | None:
        found = self._connection.execute("SELECT row FROM bands WHERE band = ?", (band,)).fetchone()
        return None if found is None else int(found[0])

    def _remember(self, entry: Kept, row: int) -> None:
        try:
            self._connection.execute("INSERT OR IGNORE INTO keys VALUES (?)", (entry.key,))
            if entry.bands:
                self._connection.executemany(
                    "INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, row) for band in entry.bands]
                )
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"cannot be written ({error})", where=self._path, remedy="check the free space and the path"
            ) from error
