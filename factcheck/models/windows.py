"""Texts longer than an encoder reads: windows of tokens, and one vector from theirs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from factcheck.errors import ModelError
from factcheck.protocols import Vectors


def token_windows(ids: Sequence[int], limit: int) -> list[Sequence[int]]:
    """Cut token ids into as few windows of at most `limit` as will do, all but equally long.

    Equal lengths let every part of the text weigh the same in the mean; a short rest of its own would weigh too much.
    A text without tokens has one empty window.

    Raises:
        ModelError: there is no room for a single token.
    """
    if limit < 1:
        raise ModelError("the prompt and the special tokens leave no room for a text", remedy="raise max_tokens")
    count = max(1, -(-len(ids) // limit))
    bounds = [len(ids) * i // count for i in range(count + 1)]
    return [ids[start:end] for start, end in itertools.pairwise(bounds)]


def mean_of_windows(vectors: Sequence[Vectors]) -> Vectors:
    """Return the direction of the mean of unit vectors, so that no part of a long text is left out.

    Args:
        vectors: of the windows, each of shape `(dimensions,)`.

    Raises:
        ModelError: a vector has no length.
    """
    mean = np.stack(vectors).astype(np.float64).mean(axis=0)
    length = float(np.linalg.norm(mean))
    if length == 0.0:
        raise ModelError("gives a vector without a length; its weights are damaged")
    unit: Vectors = np.asarray(mean / length, dtype=np.float32)
    return unit
