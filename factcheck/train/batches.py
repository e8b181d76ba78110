"""Rows as tokens, and their order: the same for the same seed, batch after batch, whatever happened in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from factcheck.errors import ModelError
from factcheck.train.rows import PairLabel, PairRow

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LABEL_IDS = {
    PairLabel.SUPPORTS: 0,
    PairLabel.REFUTES: 1,
    PairLabel.NOT_ENOUGH_INFO: 2,
    PairLabel.NOT_SUPPORTED: 3,
}
"""Class of each label; the model has three logits, and 3 stands for "class 1 or class 2"."""

_POOL = 64
"""Batches per pool: rows are sorted by length inside a pool, so that little is padded and order stays random."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenizedRows:
    """Token ids of every row, end to end.

    Attributes:
        ids: int32, all rows one after another.
        types: uint8, 0 in the evidence and 1 in the claim, aligned with `ids`.
        offsets: int64 of n + 1: row i is `ids[offsets[i]:offsets[i + 1]]`.
        labels: int64 of n, see `LABEL_IDS`.
        truncated: Rows that were longer than the maximum.
    """

    ids: npt.NDArray[np.int32]
    types: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    truncated: int

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens per row."""
        return np.diff(self.offsets)

    def batch(
        self, rows: npt.NDArray[np.int64], pad_id: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Padded arrays of some rows: ids, attention mask and token types of (rows, longest), labels of (rows,)."""
        width = int(self.lengths[rows].max())
        ids = np.full((len(rows), width), pad_id, dtype=np.int64)
        types = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            start, end = self.offsets[row], self.offsets[row + 1]
            ids[place, : end - start] = self.ids[start:end]
            types[place, : end - start] = self.types[start:end]
            mask[place, : end - start] = 1
        return ids, mask, types, self.labels[rows]


def load_tokenizer(model: Path, max_tokens: int) -> Tokenizer:
    """The fast tokenizer of a model folder, cutting the longer of the two texts at `max_tokens`, without padding.

    Raises:
        ModelError: The folder holds no `tokenizer.json`, or it cannot be read.
    """
    from tokenizers import Tokenizer

    path = model / "tokenizer.json"
    if not path.is_file():
        raise ModelError("no tokenizer.json", where=model, remedy="save the model's fast tokenizer beside its weights")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the Rust side raises plain Exception
        raise ModelError(f"the tokenizer cannot be read: {error}", where=path) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens, strategy="longest_first")
    return tokenizer


def tokenize(rows: Sequence[PairRow], tokenizer: Tokenizer) -> TokenizedRows:
    """Tokenize (evidence, claim) pairs, evidence first."""
    ids: list[npt.NDArray[np.int32]] = []
    types: list[npt.NDArray[np.uint8]] = []
    truncated = 0
    for start in range(0, len(rows), 2048):
        part = [(row.evidence, row.claim) for row in rows[start : start + 2048]]
        for encoding in tokenizer.encode_batch(part):
            ids.append(np.asarray(encoding.ids, dtype=np.int32))
            types.append(np.asarray(encoding.type_ids, dtype=np.uint8))
            truncated += bool(encoding.overflowing)
    lengths = np.fromiter((len(part) for part in ids), dtype=np.int64, count=len(ids))
    return TokenizedRows(
        ids=np.concatenate(ids),
        types=np.concatenate(types),
        offsets=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        labels=np.fromiter((LABEL_IDS[row.label] for row in rows), dtype=np.int64, count=len(rows)),
        truncated=truncated,
    )


def epoch_batches(
    lengths: npt.NDArray[np.int64], batch_size: int, seed: int, epoch: int
) -> list[npt.NDArray[np.int64]]:
    """Row numbers of every batch of one epoch: shuffled, sorted by length inside pools, the batches shuffled again.

    Args:
        lengths: Tokens per row, (n,).
        batch_size: Rows per batch; the last may have fewer.
        seed: Seed of the run.
        epoch: 0-based.
    """
    chance = np.random.default_rng((seed, epoch))
    order = chance.permutation(len(lengths))
    batches: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(order), batch_size * _POOL):
        pool = order[start : start + batch_size * _POOL]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        cut = [pool[place : place + batch_size] for place in range(0, len(pool), batch_size)]
        batches.extend(cut[place] for place in chance.permutation(len(cut)))
    return batches
