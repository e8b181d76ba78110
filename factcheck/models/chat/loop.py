"""One event loop in a thread of its own, so that the same code serves synchronous and asynchronous callers.

A caller may stand inside a running loop itself (a notebook, a service); connections stay open between calls; and what
drips or hangs is cut off by the clock, which only a cancellable task allows.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future
from queue import Queue
from typing import Any, TypeVar

T = TypeVar("T")


class LoopThread:
    """Runs coroutines on its own thread until it is stopped."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="factcheck-chat", daemon=True)
        self._thread.start()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Wait for a coroutine; an interrupt cancels it."""
        future = self.submit(coroutine)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def iterate(self, pieces: AsyncIterator[T]) -> Iterator[T]:
        """Yield what an asynchronous iterator yields; leaving early cancels it."""
        queue: Queue[tuple[T] | BaseException | None] = Queue()

        async def pump() -> None:
            try:
                async for piece in pieces:
                    queue.put((piece,))
                queue.put(None)
            except BaseException as error:
                queue.put(error)
                raise

        future = self.submit(pump())
        try:
            while (item := queue.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item[0]
        finally:
            future.cancel()

    def stop(self, last: Coroutine[Any, Any, None] | None = None) -> None:
        """Run a last coroutine, then end the thread."""
        if self._loop.is_closed():
            return
        if last is not None:
            asyncio.run_coroutine_threadsafe(_then(last), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        if not self._thread.is_alive():
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()


async def _then(last: Coroutine[Any, Any, None]) -> None:
    """End the other tasks of the loop, then run the last one."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await last
