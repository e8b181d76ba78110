"""Whether time grows with length, asked so that a busy machine does not change the answer.

Processor time, the collector off, the best of several runs, and a margin of two and a half over linear: enough to tell
linear from quadratic between a text and one four times as long, which is all these tests are for.
"""

import gc
import time
from collections.abc import Callable


def cpu_seconds(step: Callable[[], object], runs: int = 3) -> float:
    """Return the least processor time of some runs."""
    best = float("inf")
    collecting = gc.isenabled()
    gc.disable()
    try:
        for _ in range(runs):
            started = time.process_time()
            step()
            best = min(best, time.process_time() - started)
    finally:
        if collecting:
            gc.enable()
    return best


def assert_linear(step: Callable[[str], object], make: Callable[[int], str], size: int = 50_000) -> None:
    """Fail if four times the text takes ten times as long; `make(n)` returns a text of about n characters."""
    small, large = make(size), make(4 * size)
    step(small)  # whatever is built once is built now
    assert cpu_seconds(lambda: step(large)) < 10 * max(cpu_seconds(lambda: step(small)), 0.01)
