"""Work spread over threads, one item at a time.

A model reads one text, or one pair, a call and without padding, so that no result depends on what else is in a batch;
the speed comes from one single-threaded call on each core. Native code lets go of the interpreter while it computes,
so threads are enough.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from factcheck.errors import UsageError

T = TypeVar("T")
R = TypeVar("R")


def thread_count(asked: int) -> int:
    """Return how many threads to use: what was asked for, or one for each core that this process may use for 0.

    Raises:
        UsageError: a negative number was asked for.
    """
    if asked < 0:
        raise UsageError(f"{asked} threads make no sense", remedy="use 0 for one on each core")
    if asked:
        return asked
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def spread(work: Callable[[T], R], items: Sequence[T], threads: int) -> list[R]:
    """Apply `work` to each item on up to `threads` threads; the results stand in the order of the items.

    After an error, or an interruption, no new item is begun.
    """
    threads = min(threads, len(items))
    if threads <= 1:
        return [work(item) for item in items]
    results: list[R | None] = [None] * len(items)
    places = itertools.count()  # its next() is atomic, so that each place is taken once
    stop = False

    def drain() -> None:
        nonlocal stop
        try:
            while not stop and (place := next(places)) < len(items):
                results[place] = work(items[place])
        except BaseException:
            stop = True
            raise

    with ThreadPoolExecutor(threads, thread_name_prefix="factcheck-model") as pool:
        futures = [pool.submit(drain) for _ in range(threads)]
        try:
            for future in futures:
                future.result()
        finally:
            stop = True
    return cast("list[R]", results)
