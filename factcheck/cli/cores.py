"""Threads of native libraries, said once and before any of them is loaded.

Inference runs one single-threaded session call on each core, and FAISS is told its threads by every search. A pool of
BLAS beside those would only wait for cores that are taken; what is multiplied here is too small to be worth one.
"""

from __future__ import annotations

import os

_POOLS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def share_cores(threads: int) -> None:
    """Set the pools of libraries that are not loaded yet; what the user's environment says stays.

    Args:
        threads: of the settings, `models.threads`; 0 for one on each core.
    """
    for name in _POOLS:
        os.environ.setdefault(name, "1")
    if threads:
        os.environ.setdefault("OMP_NUM_THREADS", str(threads))
