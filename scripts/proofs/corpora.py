"""Small indexes for proofs, made with an encoder that hashes words, and what they hold."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from factcheck.index import Index, PassageSettings, SearchMode
from factcheck.index.check import verify_index
from factcheck.protocols import Vectors
from factcheck.provenance import sha256_text
from factcheck.types import TextKind

State = frozenset[tuple[str, str]]
"""What an index holds: pairs of document id and text of a passage."""

DIMENSIONS = 16


class HashEncoder:
    """Each word has a direction; quick to make, the same in every process."""

    name = "hashed words"
    dimensions = DIMENSIONS

    @property
    def sha256(self) -> str:
        """Of its name, which says all."""
        return sha256_text(self.name)

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """Return `(len(texts), 16)` unit rows."""
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split() or [""]:
                row += _direction(word)
            row /= np.linalg.norm(row)
        return rows


@lru_cache(maxsize=10_000)
def _direction(word: str) -> npt.NDArray[np.float64]:
    return np.random.default_rng(zlib.crc32(word.encode("utf-8", "replace"))).standard_normal(DIMENSIONS)


def documents(count: int, version: int = 0) -> dict[str, str]:
    """Return texts by id; every fifth says what the one before it says."""
    return {
        f"d{n}": f"Entry {n - (n % 5 == 4)} of the list has the value {(n - (n % 5 == 4)) * 7 + version}."
        for n in range(count)
    }


def write_corpus(path: Path, texts: Mapping[str, str]) -> Path:
    """Write rows of documents that all have one source."""
    rows = (orjson.dumps({"_id": identity, "text": text, "source": "S"}) for identity, text in texts.items())
    path.write_bytes(b"".join(row + b"\n" for row in rows))
    return path


def build(path: Path, source: Path, factory: str | None = None) -> None:
    """Build an index of short passages."""
    settings = PassageSettings(max_characters=60, overlap_sentences=0)
    Index.build([source], path, HashEncoder(), passages=settings, factory=factory)


def state_of(path: Path) -> State:
    """Return what an index holds, after proving it from its own contents and searching it in every mode."""
    verify_index(path)
    with Index.open(path, HashEncoder()) as index:
        held = frozenset((passage.document_id, passage.text) for passage in index)
        for mode in SearchMode:
            hits = index.search(["Entry 3 of the list"], len(held), mode)[0]
            if not {(hit.passage.document_id, hit.passage.text) for hit in hits} <= held:
                raise AssertionError(f"{mode.value} finds what the index does not hold")
    return held
