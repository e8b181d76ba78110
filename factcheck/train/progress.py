"""Where a run stands: what its checkpoints keep, its clock, and why it ended."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum


class Stopped(StrEnum):
    """Why a run ended."""

    ROWS = "rows"
    TIME = "time"
    PATIENCE = "patience"
    INTERRUPTED = "interrupted"


@dataclass(slots=True, kw_only=True)
class Progress:
    """Where a run stands; everything but the clock is kept in its checkpoints."""

    step: int = 0
    seconds: float = 0.0
    rows_seen: int = 0
    resumed: int = 0
    best: float = -1.0
    stale: int = 0
    loss: list[tuple[int, float, float]] = field(default_factory=list)
    development: list[dict[str, object]] = field(default_factory=list)
    energy: dict[str, float | None] = field(default_factory=dict)
    """Joules of earlier starts."""
    window: list[float] = field(default_factory=list)
    """Losses since the last point of the curve."""


class Clock:
    """Seconds of the run over all its resumptions, and when something was last done."""

    def __init__(self, before: float) -> None:
        self._before = before
        self._started = time.monotonic()
        self._marks: dict[str, float] = {}

    @property
    def seconds(self) -> float:
        """Of the whole run."""
        return self._before + time.monotonic() - self._started

    def due(self, name: str, period: float) -> bool:
        """Say whether `period` seconds have gone by since `name` was marked, or since this start."""
        return time.monotonic() - self._marks.get(name, self._started) >= period

    def mark(self, name: str) -> None:
        """Note that `name` was done now."""
        self._marks[name] = time.monotonic()
