"""Pairs that were read before are not read again.

The same passage is evidence for many claims, and the same claim comes in many texts and in every round of a rewrite. A
pair's probabilities depend on the pair alone, so that remembering them changes nothing but the time.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence

import numpy as np

from factcheck.protocols import EntailmentModel, Vectors

REMEMBERED_PAIRS = 100_000
"""About 20 MB."""


class RememberingEntailment:
    """Implements the `EntailmentModel` seam around another one; safe to call from several threads.

    Args:
        model: reads what is new.
        size: pairs that are remembered; the oldest go first.
    """

    def __init__(self, model: EntailmentModel, size: int = REMEMBERED_PAIRS) -> None:
        self._model = model
        self._size = size
        self._known: dict[bytes, Vectors] = {}
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.name

    @property
    def sha256(self) -> str:
        """The model's."""
        return self._model.sha256

    @property
    def max_tokens(self) -> int:
        """The model's."""
        return self._model.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the model's counts."""
        return self._model.count_tokens(texts)

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return `(len(pairs), 3)` probabilities; only pairs that are not remembered reach the model."""
        keys = [_key(*pair) for pair in pairs]
        fresh = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in self._known}
        rows = self._model.score(list(fresh.values())) if fresh else np.zeros((0, 3), dtype=np.float32)
        found = dict(zip(fresh, rows, strict=True))
        result = np.zeros((len(pairs), 3), dtype=np.float32)
        with self._lock:
            for place, (key, pair) in enumerate(zip(keys, pairs, strict=True)):
                row = found.get(key)
                if row is None:
                    row = self._known.get(key)
                if row is None:  # forgotten by another thread in the meantime
                    row = self._model.score([pair])[0]
                result[place] = row
            self._known.update((key, row.copy()) for key, row in found.items())
            while len(self._known) > self._size:
                del self._known[next(iter(self._known))]
        return result


def _key(premise: str, hypothesis: str) -> bytes:
    texts = (text.encode("utf-8", "surrogatepass") for text in (premise, hypothesis))
    return hashlib.blake2b(b"".join(len(text).to_bytes(8, "big") + text for text in texts), digest_size=16).digest()
