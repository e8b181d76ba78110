"""The dense half of a segment: a FAISS file without an ID map, where position = row of the passage table.

`faiss.read_index` trusts what it reads, so it is only called on a file whose SHA-256 stands in a manifest.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError, UsageError
from factcheck.protocols import Vectors

FLAT_LIMIT = 100_000
_ADD_ROWS = 8192
_TRAIN_ROWS_PER_LIST = 64
_SEED = 20
_PARALLEL_QUERIES = 8
_NEVER = 2**31 - 1

Gather = Callable[[npt.NDArray[np.int64]], Vectors]
"""Returns the vectors of some rows."""


def default_factory(rows: int) -> str:
    """Return the factory string for so many rows: exact up to 100,000, inverted lists with 8-bit codes beyond."""
    return "Flat" if rows <= FLAT_LIMIT else f"IVF{round(4 * math.sqrt(rows))},SQ8"


def build_vectors(path: Path, rows: int, dimensions: int, factory: str, gather: Gather) -> dict[str, object]:
    """Build and write a FAISS index of `rows` vectors.

    Args:
        path: the file to write.
        rows: how many vectors there are.
        dimensions: of each.
        factory: as `faiss.index_factory` reads it; the metric is the inner product: of unit vectors, the cosine.
        gather: returns the vectors of given rows; called with chunks, in order.

    Returns:
        What the manifest keeps.

    Raises:
        UsageError: FAISS does not know the factory string, or needs more rows for it.
    """
    import faiss

    try:
        index = faiss.index_factory(dimensions, factory, faiss.METRIC_INNER_PRODUCT)
    except RuntimeError as error:
        raise UsageError(
            f"FAISS does not know the factory '{factory}' ({_last_line(error)})",
            remedy="for example Flat or IVF256,SQ8",
        ) from error
    inverted = _inverted_lists(index)
    try:
        if not index.is_trained:
            wanted = rows if inverted is None else min(rows, max(_TRAIN_ROWS_PER_LIST * inverted.nlist, 10_000))
            sample = np.sort(np.random.default_rng(_SEED).permutation(rows)[:wanted])
            index.train(gather(sample))
        for start in range(0, rows, _ADD_ROWS):
            index.add(gather(np.arange(start, min(start + _ADD_ROWS, rows), dtype=np.int64)))
    except RuntimeError as error:
        raise UsageError(
            f"FAISS cannot build '{factory}' from {rows} passages ({_last_line(error)})", remedy="use another --factory"
        ) from error
    with path.open("xb") as file:
        # Through our own file, so that a full disk is an OSError with its reason.
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
    kept: dict[str, object] = {"factory": factory, "metric": "inner_product"}
    if inverted is not None:
        kept["probes"] = max(8, inverted.nlist // 16)
    return kept


def read_vectors(path: Path, *, rows: int, dimensions: int, probes: int | None) -> Any:
    """Read a FAISS file that the manifest vouches for.

    Raises:
        IntegrityError: it does not hold `rows` vectors of `dimensions`.
    """
    import faiss

    try:
        index = faiss.read_index(str(path))
    except (RuntimeError, MemoryError) as error:
        raise IntegrityError(f"cannot be read ({_last_line(error)})", where=path) from error
    if (index.ntotal, index.d) != (rows, dimensions):
        raise IntegrityError(
            f"holds {index.ntotal} vectors of {index.d} dimensions, the manifest says {rows} of {dimensions}",
            where=path,
            remedy="build the index again",
        )
    inverted = _inverted_lists(index)
    if inverted is not None and probes is not None:
        inverted.nprobe = probes
    return index


def rank_vectors(
    index: Any, queries: Vectors, k: int, threads: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return rows and scores of the `k` nearest vectors of each query, `(n, k)` each; missing ones have row -1.

    A few queries are searched on one thread: on a busy machine, threads that wait for each other made one query five
    times as slow.
    """
    import faiss

    # Never by one matrix product for all: it rounds a query's scores by how many queries there are.
    faiss.cvar.distance_compute_blas_threshold = _NEVER
    k = max(1, min(k, int(index.ntotal)))
    before = faiss.omp_get_max_threads()  # of the calling thread alone
    faiss.omp_set_num_threads(1 if len(queries) < _PARALLEL_QUERIES else threads or before)
    try:
        scores, rows = index.search(np.ascontiguousarray(queries, dtype=np.float32), k)
    finally:
        faiss.omp_set_num_threads(before)
    return rows, scores


def norms_of(index: Any) -> npt.NDArray[np.float32]:
    """Return the length of every stored vector, `(rows,)`."""
    inverted = _inverted_lists(index)
    if inverted is not None:
        inverted.make_direct_map()
    found = [
        np.linalg.norm(index.reconstruct_n(start, min(_ADD_ROWS, index.ntotal - start)), axis=1)
        for start in range(0, index.ntotal, _ADD_ROWS)
    ]
    return np.concatenate(found).astype(np.float32)


def _inverted_lists(index: Any) -> Any:
    import faiss

    try:
        return faiss.extract_index_ivf(index)
    except RuntimeError:
        return None


def _last_line(error: BaseException) -> str:
    return str(error).strip().rsplit("Error: ", 1)[-1][:200] or type(error).__name__
