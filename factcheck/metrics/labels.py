"""Measures of labels, all from a table of counts, so that thousands of resampled tables are measured in one go.

A table is `(…, classes, columns)`: rows are the true classes; the first columns are the same classes as said, and any
further column holds what was not answered, which is never right. Leading axes are resamples.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]


def confusion(
    gold: Ints, said: Ints, *, classes: int, columns: int | None = None, weights: npt.NDArray[np.floating] | None = None
) -> Floats:
    """Count what was said of what.

    Args:
        gold: `(n,)` true classes in `[0, classes)`.
        said: `(n,)` columns in `[0, columns)`.
        classes: how many there are.
        columns: of the table; `classes` unless given.
        weights: `(…, n)` how often each row counts; once unless given.

    Returns:
        The table, `(…, classes, columns)`.
    """
    width = classes if columns is None else columns
    cell = gold * width + said
    if weights is None:
        table: Floats = np.bincount(cell, minlength=classes * width).astype(np.float64)
        return table.reshape(classes, width)
    membership = np.zeros((len(gold), classes * width), dtype=np.float32)
    membership[np.arange(len(gold)), cell] = 1.0
    counted = weights.astype(np.float32) @ membership  # counts below 2^24 are exact in float32
    return np.asarray(counted.reshape(*weights.shape[:-1], classes, width), dtype=np.float64)


def accuracy(table: Floats) -> Floats:
    """Return the share of rows that are right; of no rows it is NaN."""
    return ratio(_hits(table).sum(axis=-1), table.sum(axis=(-2, -1)))


def recall(table: Floats) -> Floats:
    """Return `(…, classes)`: of each class the share that was found; NaN for a class that does not occur."""
    return ratio(_hits(table), table.sum(axis=-1))


def precision(table: Floats) -> Floats:
    """Return `(…, classes)`: of what was called so, the share that is; NaN for a class that was never said."""
    return ratio(_hits(table), table[..., : table.shape[-2]].sum(axis=-2))


def f1(table: Floats) -> Floats:
    """Return `(…, classes)`: the harmonic mean of precision and recall; NaN for a class that does not occur."""
    occurs = table.sum(axis=-1)
    said = table[..., : table.shape[-2]].sum(axis=-2)
    return np.where(occurs > 0, ratio(2 * _hits(table), occurs + said), np.nan)


def balanced_accuracy(table: Floats) -> Floats:
    """Return the mean recall over the classes that occur."""
    return _mean_of_known(recall(table))


def macro_f1(table: Floats) -> Floats:
    """Return the mean F1 over the classes that occur; a class that is only said lowers the precision of no other."""
    return _mean_of_known(f1(table))


def _hits(table: Floats) -> Floats:
    return np.diagonal(table[..., : table.shape[-2]], axis1=-2, axis2=-1)


def ratio(part: Floats, whole: Floats) -> Floats:
    """Divide; what is divided by nothing is NaN."""
    out: Floats = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0)
    return out


def _mean_of_known(values: Floats) -> Floats:
    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(np.float64))
