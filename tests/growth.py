"""Whether work grows with length, asked so that a busy machine does not change the answer.

Processor time, the collector off, the best of several runs, a margin of two and a half over linear, and several tries:
what is linear passes one of them however busy the machine is, what is quadratic fails them all. That is enough to tell
the two apart between a text and one four times as long, which is all these tests are for; how fast something is, is
measured in `scripts/bench_*.py`.
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


def repeated(unit: str) -> Callable[[int], str]:
    """Return what makes a text of about n characters out of one piece."""
    return lambda size: unit * max(1, size // len(unit))


def assert_linear(
    step: Callable[[str], object], make: Callable[[int], str], size: int = 50_000, runs: int = 2, tries: int = 5
) -> None:
    """Fail if four times the text takes ten times as long in each of some tries.

    Args:
        step: what is asked about; it is given texts.
        make: returns a text of about n characters.
        size: characters of the shorter text.
        runs: how often each text is read in a try.
        tries: how many there are at most.
    """
    small, large = make(size), make(4 * size)
    step(small)  # whatever is built once is built now
    ratios = []
    for _ in range(tries):
        ratio = cpu_seconds(lambda: step(large), runs) / max(cpu_seconds(lambda: step(small), runs), 0.01)
        if ratio < 10:
            return
        ratios.append(round(ratio, 1))
    raise AssertionError(f"four times {small[:40]!r}… takes {ratios} times as long")
