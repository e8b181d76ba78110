"""Where requests wait for the models: a bounded line, a few threads, a time limit, and an orderly end."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from factcheck.config import ServeSettings
from factcheck.service.problems import Refusal, busy

T = TypeVar("T")


class Desk:
    """Admits requests and does their work.

    A request is admitted once, when it comes, and keeps its place until its answer is complete: what was admitted is
    never shed later, whatever it has cost by then. Beyond `max_requests` a request is turned away at once.

    Python cannot stop a thread, so work that runs into the time limit is answered with 504 while its thread goes on to
    the end; until then it still holds its place, so that what is counted as free is free.
    """

    def __init__(self, limits: ServeSettings, threads: int) -> None:
        self._limits = limits
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="factcheck-serve")
        self.admitted = 0
        self.running = 0
        self.shed = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is admitted."""
        return self.admitted == 0 and self.running == 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place in the line.

        Raises:
            Refusal: there is none; 503 with the seconds after which to try again.
        """
        if max(self.admitted, self.running) >= self._limits.max_requests:
            self.shed += 1
            raise busy(self._limits.retry_after_seconds)
        self.admitted += 1
        try:
            yield
        finally:
            self.admitted -= 1

    async def work(self, step: Callable[[], T]) -> T:
        """Do a step on a thread.

        Raises:
            Refusal: it took longer than the time limit, waiting included; 504.
        """
        loop = asyncio.get_running_loop()
        self.running += 1
        future = self._pool.submit(step)
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._done))
        try:
            return await asyncio.wait_for(
                asyncio.shield(asyncio.wrap_future(future)), self._limits.request_timeout_seconds
            )
        except TimeoutError:
            future.cancel()  # what still waits in line is not begun
            seconds = f"{self._limits.request_timeout_seconds:g}"
            raise Refusal(504, "timeout", f"this took longer than {seconds} s; send less at a time") from None
        except asyncio.CancelledError:  # the client has gone
            future.cancel()
            raise

    def _done(self) -> None:
        self.running -= 1

    async def close(self) -> None:
        """Let running work end."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, functools.partial(self._pool.shutdown, wait=True))
