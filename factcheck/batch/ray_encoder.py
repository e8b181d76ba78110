"""Embedding on a Ray cluster: actors hold the encoder; reading, the log of vectors and the manifest stay here.

A text's vector depends on nothing but the text, so that an index that was built this way is the one that would have
been built here, byte for byte. An actor that dies is started again by Ray, and its texts are embedded again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np

from factcheck.batch.ray_cluster import Actors, fetch
from factcheck.errors import IntegrityError
from factcheck.protocols import Encoder, Vectors
from factcheck.types import TextKind

_FEWEST = 8  # texts that are worth a call of their own


class EncodingWorker:
    """What runs in an actor: the encoder, loaded where it runs."""

    def __init__(self, load: Callable[[], Encoder], sha256: str) -> None:
        self._encoder = load()
        self._same = self._encoder.sha256 == sha256

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors | None:
        """Return the vectors of some texts; None where this is another encoder."""
        return self._encoder.encode(list(texts), kind) if self._same else None

    def pid(self) -> int:
        """Return the process's number, for tests that kill it."""
        return os.getpid()


class RayEncoder(Actors):
    """`Encoder` whose work is done by the actors of a Ray cluster.

    Args:
        encoder: here, for what the manifest says of it.
        workers: handles of `EncodingWorker` actors.
        own: whether the cluster was started by us, and ends with us.
    """

    def __init__(self, encoder: Encoder, workers: Sequence[Any], *, own: bool) -> None:
        super().__init__(tuple(workers), own=own)
        self.name = encoder.name
        self.sha256 = encoder.sha256
        self.dimensions = encoder.dimensions

    @classmethod
    def start(cls, encoder: Encoder, load: Callable[[], Encoder], *, workers: int | None = None) -> Self:
        """Join the cluster that RAY_ADDRESS names, or start one on this machine, and start the actors.

        Args:
            encoder: see the class.
            load: loads the same one on a worker, for one thread.
            workers: one for each core of the cluster unless given.

        Raises:
            MissingExtraError: Ray is not installed.
            ServiceError: the cluster does not answer.
        """
        handles, own = cls.start_workers(EncodingWorker, workers, load, encoder.sha256)
        return cls(encoder, handles, own=own)

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """Return one unit row for each text.

        Raises:
            IntegrityError: a worker has another encoder.
            ServiceError: workers died too often.
        """
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        size = max(_FEWEST, -(-len(texts) // (2 * len(self.workers))))
        pieces = [list(texts[start : start + size]) for start in range(0, len(texts), size)]
        asked = [
            self.workers[number % len(self.workers)].encode.remote(piece, kind) for number, piece in enumerate(pieces)
        ]
        found: list[Vectors | None] = fetch(asked)
        rows = [piece for piece in found if piece is not None]
        if len(rows) < len(found):
            raise IntegrityError(
                "a worker has another encoder than this process",
                where="Ray",
                remedy="install and mount the same on every node",
            )
        return np.concatenate(rows)
