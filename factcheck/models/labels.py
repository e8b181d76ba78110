"""Which output of an entailment model means what, read from the names that its makers gave.

The order differs from model to model, and a guess would turn every verdict around; so an output without a name that
says what it is makes the model unusable until somebody names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from factcheck.errors import ModelError
from factcheck.protocols import Vectors

_SUPPORTED = frozenset({"supported", "supports", "support", "entailment", "entail", "entails", "entailed"})
_REFUTED = frozenset(
    {"refuted", "refutes", "refute", "contradiction", "contradict", "contradicts", "contradictory", "contradicted"}
)
_NOT_ENOUGH_INFO = frozenset({"notenoughinfo", "notenoughinformation", "nei", "neutral"})
# Two-way models do not say whether a claim is refuted or just not covered; the cautious reading claims no refutation.
_NOT_SUPPORTED = frozenset({"notentailment", "nonentailment", "notentailed", "notsupported", "unsupported"})

_REMEDY = (
    'name every output in config.json, as in "id2label": {"0": "entailment", "1": "neutral", "2": "contradiction"}'
)


def label_columns(names: Sequence[str], where: str | Path) -> tuple[int | None, int | None, int | None]:
    """Return which outputs say SUPPORTED, REFUTED and NOT_ENOUGH_INFO.

    Args:
        names: of the outputs, in their order; case, spaces, hyphens and underscores make no difference.
        where: the model, for errors.

    Returns:
        Three positions in `names`; that of REFUTED is None where the model only tells entailed from not entailed.

    Raises:
        ModelError: a name is unknown, missing or given twice.
    """
    columns: list[int | None] = [None, None, None]
    vocabularies = (_SUPPORTED, _REFUTED, _NOT_ENOUGH_INFO | _NOT_SUPPORTED)
    for position, name in enumerate(names):
        folded = "".join(c for c in str(name).casefold() if c not in " _-")
        column = next((i for i, known in enumerate(vocabularies) if folded in known), None)
        if column is None:
            raise ModelError(f"'{name}' does not say what output {position} means", where=where, remedy=_REMEDY)
        if columns[column] is not None:
            raise ModelError(f"two outputs mean what '{name}' means", where=where, remedy=_REMEDY)
        columns[column] = position
    two_way = len(names) == 2 and columns[1] is None
    if None in columns and not two_way:
        raise ModelError(
            f"the outputs {', '.join(map(str, names))} do not tell all labels apart", where=where, remedy=_REMEDY
        )
    if two_way and (columns[0] is None or columns[2] is None):
        raise ModelError("one output is entailment, but what is the other?", where=where, remedy=_REMEDY)
    return columns[0], columns[1], columns[2]


def to_probabilities(
    logits: npt.NDArray[np.floating], columns: tuple[int | None, int | None, int | None], temperature: float
) -> Vectors:
    """Turn raw outputs into probabilities.

    Args:
        logits: `(n, outputs)`.
        columns: of `label_columns`.
        temperature: by which logits are divided; above 1 it makes a model less sure of itself.

    Returns:
        `(n, 3)` float32; columns SUPPORTED, REFUTED, NOT_ENOUGH_INFO; rows sum to 1.
    """
    scaled = logits.astype(np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    exps = np.exp(scaled)
    exps /= exps.sum(axis=1, keepdims=True)
    rows = np.zeros((len(logits), 3), dtype=np.float64)
    for target, source in enumerate(columns):
        if source is not None:
            rows[:, target] = exps[:, source]
    return rows.astype(np.float32)
