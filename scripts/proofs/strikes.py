"""Where the kernel can be made to refuse a write, or kill the process at one.

strace counts the calls of each name, and of each thread, by itself: a point is a call's name and its number.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

FAULTS = ("error=ENOSPC", "error=EIO", "signal=KILL")
_LINE = re.compile(r"^(?:(\d+) +)?(\w+)\((.*)$", re.MULTILINE)


def points_of(log: str, under: Path | None = None) -> list[tuple[str, int]]:
    """Return name and number of each call of an undisturbed run, each once, in the order in which they came.

    Args:
        log: of strace.
        under: only calls that name a path in this folder; the others are counted and passed over.
    """
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, int], None] = {}
    for thread, name, rest in _LINE.findall(log):
        counts[thread, name] += 1
        if under is None or str(under) in rest:
            found.setdefault((name, counts[thread, name]))
    return list(found)


def chosen(points: list[tuple[str, int]], turn: int, turns: int) -> tuple[str, str, int]:
    """Return fault, call and number of a turn, so that all turns are spread over all points and faults."""
    call, number = points[turn * len(points) // turns]
    return FAULTS[turn % len(FAULTS)], call, number


def struck(log: Path, code: int) -> bool:
    """Say whether the fault came to pass."""
    return code == -9 or "(INJECTED)" in log.read_text(errors="replace")
