"""Batches in step: while one is judged, the next is prepared on another thread.

Preparing is Python and search, judging is mostly native code that lets go of the interpreter, so the two overlap.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from factcheck.pipeline import Pipeline
from factcheck.types import Draft, Report

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

BATCH_ROWS = 64
BATCH_CHARACTERS = 16_000
"""A batch ends at whichever comes first. It is what a killed process loses, and what an interruption waits for."""


def batches_of(items: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Cut a stream into batches of up to `BATCH_ROWS` items and about `BATCH_CHARACTERS` by `size`."""
    batch: list[T] = []
    total = 0
    for item in items:
        batch.append(item)
        total += size(item)
        if len(batch) >= BATCH_ROWS or total >= BATCH_CHARACTERS:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def overlap(batches: Iterable[T], prepare: Callable[[T], P], finish: Callable[[P], R]) -> Iterator[tuple[T, R]]:
    """Yield each batch with its result, in order; one batch is prepared ahead.

    A batch that was taken from `batches` is always finished, unless something raises.
    """
    waiting: deque[tuple[T, Future[P]]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="factcheck-prepare") as ahead:
        for batch in batches:
            waiting.append((batch, ahead.submit(prepare, batch)))
            if len(waiting) > 1:
                yield _finish(waiting, finish)
        while waiting:
            yield _finish(waiting, finish)


def check_drafts(pipeline: Pipeline, drafts: Iterable[Draft]) -> Iterator[Report]:
    """Yield a report for each draft, in order, however many there are.

    Claims of a batch are retrieved and judged together, equal ones once.
    """
    batches = batches_of(drafts, lambda draft: len(draft.text))
    for _, reports in overlap(batches, pipeline.prepare, pipeline.judge):
        yield from reports


def _finish(waiting: deque[tuple[T, Future[P]]], finish: Callable[[P], R]) -> tuple[T, R]:
    batch, prepared = waiting.popleft()
    return batch, finish(prepared.result())
