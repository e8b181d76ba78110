"""What a build has embedded so far, kept so that a killed build goes on from there.

An append-only log in the scratch folder: a header that names the encoder, then chunks, each with a SHA-256 of its own.
A torn or changed chunk, and everything behind it, is cut off at the next start; whatever stands before it is used for
passages with the same text, wherever they stand now.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from factcheck.errors import ModelError
from factcheck.protocols import Encoder, Vectors
from factcheck.types import TextKind

_MAGIC = b"factcheck embeddings 1\n"
_DIGEST_BYTES = 16
_CHECK_BYTES = 32
_COUNT_BYTES = 4
_MAX_CHUNK_ROWS = 1 << 20
_NORM_TOLERANCE = 1e-3


class EmbeddingLog:
    """Embeds passages once; `position` of a vector is its number in the log."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self._encoder = encoder
        self._row_bytes = 4 * encoder.dimensions
        self._positions: dict[bytes, int] = {}
        self._offsets: list[tuple[int, int]] = []  # of each chunk: its first position, where its vectors begin
        self._count = 0
        self.recovered = 0
        header = _MAGIC + f"{encoder.sha256} {encoder.dimensions}\n".encode()
        self._file = path.open("r+b") if path.exists() else path.open("w+b")
        try:
            if self._file.read(len(header)) == header:
                self._recover(len(header))
                self.recovered = self._count
            else:
                self._file.seek(0)
                self._file.truncate()
                self._file.write(header)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> EmbeddingLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def embed(self, texts: Sequence[str]) -> tuple[list[int], int, int]:
        """Return the positions of the vectors of `texts`, how many were computed, and how many an earlier build left.

        Raises:
            ModelError: the encoder returns something else than unit vectors of its own dimensions.
            OSError: the disk refuses.
        """
        digests = [hashlib.sha256(text.encode("utf-8")).digest()[:_DIGEST_BYTES] for text in texts]
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._positions}
        if missing:
            self._append(list(missing), self._encode(list(missing.values())))
        positions = [self._positions[digest] for digest in digests]
        return positions, len(missing), sum(position < self.recovered for position in positions)

    def gather(self, positions: npt.NDArray[np.int64]) -> Vectors:
        """Return the vectors at `positions`, `(n, dimensions)` float32."""
        self._file.flush()
        result = np.empty((len(positions), self._encoder.dimensions), dtype=np.float32)
        firsts = np.array([first for first, _ in self._offsets], dtype=np.int64)
        chunks = np.searchsorted(firsts, positions, side="right") - 1
        order = np.argsort(positions, kind="stable")
        # Positions that follow each other in a chunk are read in one go.
        start = 0
        while start < len(order):
            end = start + 1
            head = order[start]
            while (
                end < len(order)
                and chunks[order[end]] == chunks[head]
                and positions[order[end]] == positions[order[end - 1]] + 1
            ):
                end += 1
            first, offset = self._offsets[int(chunks[head])]
            at = offset + (int(positions[head]) - first) * self._row_bytes
            self._file.seek(at)
            raw = self._file.read((end - start) * self._row_bytes)
            result[order[start:end]] = np.frombuffer(raw, dtype="<f4").reshape(end - start, -1)
            start = end
        return result

    def _encode(self, texts: list[str]) -> Vectors:
        vectors = np.ascontiguousarray(self._encoder.encode(texts, TextKind.PASSAGE), dtype=np.float32)
        if vectors.shape != (len(texts), self._encoder.dimensions):
            raise ModelError(
                f"encoder '{self._encoder.name}' returned an array of shape {vectors.shape} for {len(texts)} texts "
                f"of {self._encoder.dimensions} dimensions"
            )
        norms = np.linalg.norm(vectors, axis=1)
        if not bool(np.all(np.abs(norms - 1) < _NORM_TOLERANCE)):
            raise ModelError(f"encoder '{self._encoder.name}' returned vectors that are not of length 1")
        return vectors

    def _append(self, digests: list[bytes], vectors: Vectors) -> None:
        body = len(digests).to_bytes(_COUNT_BYTES, "little") + b"".join(digests) + vectors.astype("<f4").tobytes()
        self._file.seek(0, os.SEEK_END)
        start = self._file.tell()
        self._file.write(hashlib.sha256(body).digest() + body)
        self._file.flush()
        self._note(digests, start + _CHECK_BYTES + _COUNT_BYTES + len(digests) * _DIGEST_BYTES)

    def _note(self, digests: list[bytes], vectors_at: int) -> None:
        self._offsets.append((self._count, vectors_at))
        for digest in digests:
            self._positions[digest] = self._count
            self._count += 1

    def _recover(self, start: int) -> None:
        while True:
            head = self._file.read(_CHECK_BYTES + _COUNT_BYTES)
            count = int.from_bytes(head[_CHECK_BYTES:], "little")
            if len(head) < _CHECK_BYTES + _COUNT_BYTES or not 0 < count <= _MAX_CHUNK_ROWS:
                break
            rest = self._file.read(count * (_DIGEST_BYTES + self._row_bytes))
            if hashlib.sha256(head[_CHECK_BYTES:] + rest).digest() != head[:_CHECK_BYTES]:
                break
            digests = [rest[i * _DIGEST_BYTES : (i + 1) * _DIGEST_BYTES] for i in range(count)]
            self._note(digests, start + _CHECK_BYTES + _COUNT_BYTES + count * _DIGEST_BYTES)
            start = self._file.tell()
        self._file.seek(start)
        self._file.truncate()
