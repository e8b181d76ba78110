"""The dense half of a segment: a FAISS file without an ID map, where position = row of the passage table.

Up to 100,000 rows the file holds the vectors themselves and a search is exact. Beyond, it holds codes in inverted
lists; then the vectors stand beside it in 16 bits, and what the codes propose is ranked by them. Codes have 8 bits a
dimension, or two where so many lists have to be looked into that reading codes is what takes the time.

`faiss.read_index` trusts what it reads, so it is only called on a file whose SHA-256 stands in a manifest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError, UsageError
from factcheck.index.halves import HalfVectors
from factcheck.index.manifest import INDEX, RecallPart, VectorsPart
from factcheck.index.short_codes import WIDTH, is_short, shortened
from factcheck.protocols import Vectors

VECTORS_FILE = "vectors.faiss"
EXACT_FILE = "vectors.f16.npy"
FLAT = "Flat"
FLAT_LIMIT = 100_000
TARGET_RECALL = 0.98

_ADD_ROWS = 8192
_TRAIN_ROWS_PER_LIST = 64
_SEED = 20
_PARALLEL_QUERIES = 8
_CANDIDATES = 2  # 8-bit codes are nearly exact: four found no more at a million vectors
_SAMPLE = 200
_BLOCK_ROWS = 32_768
_SHORT_BEYOND = 1 << 15  # codes a search: from about here on more exact ranking costs less than long codes
_SHORT_PROPOSED = 256
_MARGIN = 0.5  # of the misses that are allowed: the sample is of vectors that the lists were made for, a query is not

Gather = Callable[[npt.NDArray[np.int64]], Vectors]
"""Returns the vectors of some rows."""
Rows = npt.NDArray[np.int64]


def default_factory(rows: int) -> str:
    """Return the factory string for so many rows: exact up to 100,000, inverted lists with 8-bit codes beyond."""
    return FLAT if rows <= FLAT_LIMIT else f"IVF{round(4 * math.sqrt(rows))},SQ8"


def build_vectors(
    folder: Path,
    rows: int,
    dimensions: int,
    factory: str | None,
    gather: Gather,
    *,
    target_recall: float = TARGET_RECALL,
) -> VectorsPart:
    """Build and write a FAISS index of `rows` vectors, and the vectors beside it if it only holds codes.

    Args:
        folder: the segment's.
        rows: how many vectors there are.
        dimensions: of each.
        factory: as `faiss.index_factory` reads it; the metric is the inner product: of unit vectors, the cosine. None
            for what `default_factory` says, or the same lists with short codes where that is quicker.
        gather: returns the vectors of given rows; called with chunks, in order.
        target_recall: share of the ten nearest that a search of codes has to find, where it can: as many inverted
            lists are looked into as that takes on a sample.

    Returns:
        What the manifest keeps.

    Raises:
        UsageError: FAISS does not know the factory string, or needs more rows for it.
    """
    import faiss

    free = factory is None
    factory = factory or default_factory(rows)
    try:
        index = faiss.index_factory(dimensions, factory, faiss.METRIC_INNER_PRODUCT)
    except RuntimeError as error:
        raise UsageError(
            f"FAISS does not know the factory '{factory}' ({_last_line(error)})",
            remedy="for example Flat or IVF256,SQ8",
        ) from error
    inverted = _inverted_lists(index)
    exact = folder / EXACT_FILE if factory != FLAT else None
    try:
        if not index.is_trained:
            wanted = rows if inverted is None else min(rows, max(_TRAIN_ROWS_PER_LIST * inverted.nlist, 10_000))
            index.train(gather(np.sort(np.random.default_rng(_SEED).permutation(rows)[:wanted])))
        with nullcontext() if exact is None else exact.open("wb") as halves:
            if halves is not None:
                # Written, not mapped: where the disk is full, a map kills the process instead of raising.
                shown = {"descr": "<f2", "fortran_order": False, "shape": (rows, dimensions)}
                np.lib.format.write_array_header_1_0(halves, shown)
            for start in range(0, rows, _ADD_ROWS):
                vectors = gather(np.arange(start, min(start + _ADD_ROWS, rows), dtype=np.int64))
                index.add(vectors)
                if halves is not None:
                    halves.write(vectors.astype("<f2").tobytes())
    except RuntimeError as error:
        raise UsageError(
            f"FAISS cannot build '{factory}' from {rows} passages ({_last_line(error)})", remedy="use another --factory"
        ) from error
    part, kept = VectorsPart(factory=factory), index
    if exact is not None:
        sample = _Sample(HalfVectors(exact))
        part = sample.tuned(index, factory, target_recall)
        if free and inverted is not None:
            kept, part = _shortened_where_quicker(index, sample, part)  # its centres are those of `index`
    with (folder / VECTORS_FILE).open("xb") as file:
        # Through our own file, so that a full disk is an OSError with its reason.
        faiss.write_index(kept, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
    return part


def open_vectors(
    path: Path,
    exact: Path | None,
    part: VectorsPart,
    *,
    rows: int,
    dimensions: int,
    alive: npt.NDArray[np.bool_] | None = None,
) -> SegmentVectors:
    """Read vectors that the manifest vouches for.

    Args:
        path: the FAISS file.
        exact: the vectors in 16 bits, if they stand beside it.
        part: what the manifest says of them.
        rows: how many there have to be.
        dimensions: of each.
        alive: which rows may be found; None for all.

    Raises:
        IntegrityError: they are not `rows` vectors of `dimensions`.
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
            remedy=INDEX.remedy,
        )
    mapped = None
    if exact is not None:
        try:
            mapped = HalfVectors(exact)
        except (OSError, ValueError, EOFError) as error:
            raise IntegrityError(f"cannot be read ({error})", where=exact, remedy=INDEX.remedy) from error
        if mapped.shape != (rows, dimensions):
            raise IntegrityError(f"does not hold {rows} vectors of {dimensions}", where=exact, remedy=INDEX.remedy)
    return SegmentVectors(index, mapped, part, alive)


class SegmentVectors:
    """The vectors of one segment, open for searching; safe to search from several threads."""

    def __init__(
        self,
        index: Any,
        exact: HalfVectors | None,
        part: VectorsPart,
        alive: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        self.index = index
        self.exact = exact
        self._part = part
        self._living = int(index.ntotal) if alive is None else int(np.count_nonzero(alive))
        self._selected = None if alive is None else _selector(alive)
        self._inverted = _inverted_lists(index)
        self._least = _SHORT_PROPOSED if is_short(self._inverted) else 1

    def __len__(self) -> int:
        return int(self.index.ntotal)

    def search(self, queries: Vectors, k: int, threads: int = 0) -> tuple[Rows, Vectors]:
        """Return rows and scores of the `k` nearest vectors of each query, `(n, k)` each; missing ones have row -1.

        Each query is searched alone, on one thread: FAISS takes other ways through many queries at once, which round
        otherwise, so that what is found for a claim would depend on the claims beside it. A few are searched on the
        calling thread: on a busy machine, threads that wait for each other made one query five times as slow.
        """
        return self._search(queries, k, threads, self._part.probes, self._part.candidates)

    def _search(
        self, queries: Vectors, k: int, threads: int, probes: int | None, candidates: int
    ) -> tuple[Rows, Vectors]:
        import faiss

        if not self._living:
            return np.full((len(queries), 0), -1, dtype=np.int64), np.zeros((len(queries), 0), dtype=np.float32)
        k = max(1, min(k, self._living))
        wanted = k if self.exact is None else min(self._living, max(k * candidates, self._least))
        given = np.ascontiguousarray(queries, dtype=np.float32)
        parameters = self._parameters(probes)

        def search_one(place: int) -> tuple[Vectors, Rows]:
            before = faiss.omp_get_max_threads()  # of the calling thread alone
            faiss.omp_set_num_threads(1)
            try:
                found: tuple[Vectors, Rows] = self.index.search(given[place : place + 1], wanted, params=parameters)
            finally:
                faiss.omp_set_num_threads(before)
            return found

        places = range(len(given))
        if len(given) < _PARALLEL_QUERIES:
            found = [search_one(place) for place in places]
        else:
            with ThreadPoolExecutor(threads or faiss.omp_get_max_threads(), "factcheck-search") as pool:
                found = list(pool.map(search_one, places))
        scores = np.concatenate([one for one, _ in found] or [np.zeros((0, wanted), dtype=np.float32)])
        rows = np.concatenate([one for _, one in found] or [np.zeros((0, wanted), dtype=np.int64)])
        if self.exact is None:
            return rows, scores
        return _rank_exactly(self.exact, queries, rows, k)

    def _parameters(self, probes: int | None) -> Any:
        import faiss

        library: Any = faiss  # whose stubs do not know that parameters are given by name
        chosen = {} if self._selected is None else {"sel": self._selected}
        if self._inverted is None:
            return library.SearchParameters(**chosen) if chosen else None
        # Not set on the index itself, which other threads search at the same time.
        parameters = library.SearchParametersIVF(nprobe=probes or self._inverted.nprobe, **chosen)
        if isinstance(self.index, library.IndexPreTransform):
            return library.SearchParametersPreTransform(index_params=parameters)
        return parameters


def exact_rows(vectors: SegmentVectors, rows: Rows) -> Vectors:
    """Return vectors as exactly as they are kept, `(n, dimensions)` float32 of length 1."""
    if vectors.exact is not None:
        return _unit(vectors.exact[rows].astype(np.float32))
    return np.asarray(vectors.index.reconstruct_batch(rows), dtype=np.float32)


def norms_of(vectors: SegmentVectors) -> npt.NDArray[np.float32]:
    """Return the length of every stored vector, `(rows,)`."""
    lengths = [np.zeros(0, dtype=np.float32)]
    for start in range(0, len(vectors), _ADD_ROWS):
        rows = np.arange(start, min(start + _ADD_ROWS, len(vectors)), dtype=np.int64)
        some = vectors.index.reconstruct_batch(rows) if vectors.exact is None else vectors.exact[rows]
        lengths.append(np.linalg.norm(some.astype(np.float32), axis=1))
    return np.concatenate(lengths).astype(np.float32)


def measure_recall(vectors: SegmentVectors, probes: int | None, candidates: int, sample: Rows, nearest: Rows) -> float:
    """Return the mean share of the ten nearest neighbours of some rows, themselves left out, that a search finds."""
    found, _ = vectors._search(exact_rows(vectors, sample), 11, 0, probes, candidates)
    shares = [
        len({*some.tolist()} & {*near.tolist()} - {row}) / max(len({*near.tolist()} - {row, -1}), 1)
        for row, some, near in zip(sample.tolist(), found, nearest, strict=True)
    ]
    return float(np.mean(shares))


class _Sample:
    """Some rows and which are nearest to them, to choose by how far a search looks; worked out once."""

    def __init__(self, exact: HalfVectors) -> None:
        count = min(_SAMPLE, len(exact))
        self.exact = exact
        self.rows = np.sort(np.random.default_rng(_SEED).permutation(len(exact))[:count]).astype(np.int64)
        self.nearest = _ten_nearest(exact, _unit(exact[self.rows].astype(np.float32)), self.rows)

    def tuned(
        self, index: Any, factory: str, target: float, ladder: Iterable[tuple[int | None, int]] | None = None
    ) -> VectorsPart:
        """Return the first settings of a ladder that find as much as they have to, else its last."""
        vectors = SegmentVectors(index, self.exact, VectorsPart(factory=factory, exact=True))
        best = VectorsPart(factory=factory, exact=True)
        for probes, candidates in ladder or _ladder(vectors._inverted):
            recall = measure_recall(vectors, probes, candidates, self.rows, self.nearest)
            best = VectorsPart(
                factory=factory,
                probes=probes,
                exact=True,
                candidates=candidates,
                recall=RecallPart(at_10=round(recall, 4), target=target, queries=len(self.rows)),
            )
            if recall >= _wanted(target):
                break
        return best


def _shortened_where_quicker(index: Any, sample: _Sample, part: VectorsPart) -> tuple[Any, VectorsPart]:
    """Return the lists with short codes if a search reads so many codes that this is quicker, and finds as much."""
    inverted = _inverted_lists(index)
    rows, dimensions = sample.exact.shape
    probes = part.probes or 1
    if part.recall is None or dimensions % WIDTH or probes * rows < _SHORT_BEYOND * inverted.nlist:
        return index, part
    factory = f"IVF{inverted.nlist},PQ{dimensions // WIDTH}x4fsr"
    short = shortened(inverted, sample.exact)
    more = min(probes * 3 // 2, inverted.nlist)
    found = sample.tuned(short, factory, part.recall.target, [(probes, 2), (more, 2), (more, 16), (more, 64)])
    enough = found.recall is not None and found.recall.at_10 >= min(part.recall.at_10, _wanted(part.recall.target))
    return (short, found) if enough else (index, part)


def _wanted(target: float) -> float:
    return target + _MARGIN * (1 - target)


def _ladder(inverted: Any) -> Iterator[tuple[int | None, int]]:
    """Yield settings from the quickest to the most thorough."""
    if inverted is None:
        yield from ((None, candidates) for candidates in (_CANDIDATES, 16, 64))
        return
    probes = 1
    while probes < inverted.nlist:
        yield probes, _CANDIDATES
        probes = max(probes + 1, probes * 3 // 2)
    yield from ((inverted.nlist, candidates) for candidates in (_CANDIDATES, 16, 64))


def _ten_nearest(exact: HalfVectors, queries: Vectors, rows: Rows) -> Rows:
    """Return the rows of the ten nearest vectors of some of them, themselves left out, `(n, 10)`; -1 for none."""
    best_scores = np.full((len(queries), 11), -np.inf, dtype=np.float32)
    best_rows = np.full((len(queries), 11), -1, dtype=np.int64)
    for start in range(0, len(exact), _BLOCK_ROWS):
        block = exact[start : start + _BLOCK_ROWS].astype(np.float32)
        scores = np.concatenate([best_scores, queries @ block.T], axis=1)
        here = np.broadcast_to(np.arange(start, start + len(block), dtype=np.int64), (len(queries), len(block)))
        candidates = np.concatenate([best_rows, here], axis=1)
        top = np.argpartition(-scores, 10, axis=1)[:, :11] if scores.shape[1] > 11 else np.argsort(-scores, axis=1)
        best_scores = np.take_along_axis(scores, top, axis=1)
        best_rows = np.take_along_axis(candidates, top, axis=1)
    best_scores[best_rows == rows[:, None]] = -np.inf
    order = np.argsort(-best_scores, axis=1)[:, :10]
    return np.take_along_axis(best_rows, order, axis=1)


def _rank_exactly(exact: HalfVectors, queries: Vectors, proposed: Rows, k: int) -> tuple[Rows, Vectors]:
    """Rank what the codes propose by the vectors themselves."""
    rows = np.full((len(queries), k), -1, dtype=np.int64)
    scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
    for i, candidates in enumerate(proposed):
        some = candidates[candidates >= 0]
        values = exact[some].astype(np.float32) @ queries[i]
        order = np.lexsort((some, -values))[:k]
        rows[i, : len(order)], scores[i, : len(order)] = some[order], values[order]
    return rows, scores


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def _selector(alive: npt.NDArray[np.bool_]) -> Any:
    import faiss

    library: Any = faiss
    bits = np.packbits(alive, bitorder="little")
    selector = library.IDSelectorBitmap(bits)
    selector.bits = bits  # FAISS keeps the pointer alone
    return selector


def _inverted_lists(index: Any) -> Any:
    import faiss

    library: Any = faiss
    try:
        return library.downcast_index(library.extract_index_ivf(index))
    except RuntimeError:
        return None


def _last_line(error: BaseException) -> str:
    return str(error).strip().rsplit("Error: ", 1)[-1][:200] or type(error).__name__
