"""A circuit breaker: an endpoint that failed many times running is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class CircuitBreaker:
    """Closed while all is well, open after failures running, half open when it is time to try once.

    Source: Nygard, Release It! (2nd edition), section 5.2.
    """

    def __init__(self, *, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start closed.

        Args:
            failures: running, after which it opens.
            seconds: how long it stays open.
            clock: in seconds; a test brings its own.
        """
        self._limit = failures
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._opened: float | None = None
        self._trying = False

    def closed_for(self) -> float:
        """Return how many seconds nothing may be sent; 0.0 lets the caller send, when half open one caller alone."""
        with self._lock:
            if self._opened is None:
                return 0.0
            left = self._opened + self._seconds - self._clock()
            if left > 0:
                return left
            if self._trying:
                return self._seconds
            self._trying = True
            return 0.0

    def succeeded(self) -> None:
        """Close again."""
        with self._lock:
            self._failures, self._opened, self._trying = 0, None, False

    def failed(self) -> None:
        """Count a failure; the one that was let through half open opens it anew."""
        with self._lock:
            self._failures += 1
            if self._trying or self._failures >= self._limit:
                self._opened = self._clock()
            self._trying = False

    def abandoned(self) -> None:
        """Take back a permission that led to no answer either way, such as a call that was cancelled."""
        with self._lock:
            self._trying = False
