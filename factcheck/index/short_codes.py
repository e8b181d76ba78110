"""Codes of half a byte for two dimensions, for inverted lists of which a search has to look into many.

How long a search takes is then how many codes it reads. These are a quarter of 8-bit codes, and the sixteen products
that two dimensions can give stay in registers while 32 vectors are summed at once: a fifth of the time, measured at a
million. They are coarse, so that a search proposes more rows, which the vectors beside them decide. Where few lists are
looked into, reading those vectors costs more than is saved. Half a byte for four dimensions took two thirds of the time
of these, but of the ten nearest among a million 1.3 in a hundred were not among 1,024 proposals.

Source: André, Kermarrec and Le Scouarnec, "Cache locality is not enough: high-performance nearest neighbor search with
product quantization fast scan", 2015; as FAISS has it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.index.halves import HalfVectors

WIDTH = 2  # dimensions for each half a byte

_TRAIN_ROWS = 20_000
_BLOCK_ROWS = 8192
_TOGETHER = 32  # vectors, as FAISS sums them
_SEED = 21


def shortened(inverted: Any, exact: HalfVectors) -> Any:
    """Return the same inverted lists with short codes; their centres stay those of the given index, which has to live.

    Args:
        inverted: a FAISS index of inverted lists over all rows of `exact`; its dimensions are a multiple of `WIDTH`.
        exact: the vectors.
    """
    import faiss

    library: Any = faiss
    rows, dimensions = exact.shape
    lists = _list_of_each_row(inverted)
    centres = inverted.quantizer.reconstruct_n(0, inverted.nlist)
    plain = library.IndexIVFPQ(
        inverted.quantizer, dimensions, inverted.nlist, dimensions // WIDTH, 4, library.METRIC_INNER_PRODUCT
    )
    plain.own_fields = False
    sample = np.sort(np.random.default_rng(_SEED).permutation(rows)[:_TRAIN_ROWS]).astype(np.int64)
    plain.pq.train(np.ascontiguousarray(exact[sample].astype(np.float32) - centres[lists[sample]]))
    plain.is_trained = True
    for start in range(0, rows, _BLOCK_ROWS):
        some = exact[start : start + _BLOCK_ROWS].astype(np.float32)
        numbers = np.arange(start, start + len(some), dtype=np.int64)
        # The lists are known: `add` would look for the nearest of thousands of centres anew for each row.
        own = np.ascontiguousarray(lists[start : start + len(some)])
        plain.add_core(len(some), *(library.swig_ptr(given) for given in (some, numbers, own)))
    return library.IndexIVFPQFastScan(plain, _TOGETHER)


def is_short(inverted: Any) -> bool:
    """Say whether inverted lists hold codes of this kind."""
    import faiss

    library: Any = faiss
    return isinstance(inverted, library.IndexIVFFastScan)


def _list_of_each_row(inverted: Any) -> npt.NDArray[np.int64]:
    import faiss

    library: Any = faiss
    found = np.empty(inverted.ntotal, dtype=np.int64)
    for number in range(inverted.nlist):
        size = inverted.invlists.list_size(number)
        if size:
            found[library.rev_swig_ptr(inverted.invlists.get_ids(number), size)] = number
    return found
