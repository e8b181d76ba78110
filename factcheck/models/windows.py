"""Texts longer than an encoder reads: windows of tokens, and one vector from theirs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import numpy as np

from factcheck.errors import ModelError
from factcheck.protocols import Vectors

Window: TypeAlias = Sequence[int]
"""Ids of tokens that the model reads at once."""


def token_windows(ids: Sequence[int], limit: int) -> list[Window]:
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


def encode_by_windows(
    texts: Sequence[str],
    cut: Callable[[Sequence[str]], Sequence[Sequence[Window]]],
    embed: Callable[[Sequence[Window]], Iterable[Vectors]],
    dimensions: int,
) -> Vectors:
    """Encode texts by the mean of their windows; equal texts are computed once.

    Windows, not texts, go to the model together: one long text would keep all others waiting.

    Args:
        texts: any number of them.
        cut: gives the windows of each text.
        embed: gives the unit vector of each window, of shape `(dimensions,)`, in their order.
        dimensions: length of a vector.

    Returns:
        A `(len(texts), dimensions)` float32 array of unit rows.
    """
    distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    parts = cut(list(distinct))
    vectors = iter(embed([window for windows in parts for window in windows]))
    means = [mean_of_windows([next(vectors) for _ in windows]) for windows in parts]
    rows = np.empty((len(texts), dimensions), dtype=np.float32)
    for row, text in enumerate(texts):
        rows[row] = means[distinct[text]]
    return rows


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
