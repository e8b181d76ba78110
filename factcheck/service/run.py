"""From options to a listening server, and to its orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from factcheck.errors import ServiceError, UsageError
from factcheck.service.app import Checking, Service, build
from factcheck.service.options import ServiceOptions

if TYPE_CHECKING:
    from factcheck.service.edge import App

_SETTLED_SECONDS = 0.2


class Server(uvicorn.Server):
    """Uvicorn's server with an end that loses nothing.

    On the first signal `/readyz` turns to 503, and for the grace time connections are still accepted and answered: a
    load balancer needs a moment to notice, and requests under way to this socket deserve an answer. Then the socket is
    closed, and what was accepted is finished. A second signal ends the process without waiting.
    """

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._grace = service.options.limits.drain_seconds
        self._closing: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal comes."""
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM for the time of serving; being told to stop is how a server ends, no failure."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to drain, or, at the second signal, stop at once."""
        if self._service.draining or self._loop is None:
            self.force_exit = self.should_exit = True
            return
        self._service.draining = True
        self._loop.call_soon_threadsafe(self._drain)

    def _drain(self) -> None:
        self._closing = asyncio.get_running_loop().create_task(self._close())

    async def _close(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        quiet = began
        while loop.time() - began < self._grace:
            await asyncio.sleep(0.05)
            if not self._service.desk.idle:
                quiet = loop.time()
            elif loop.time() - quiet > max(_SETTLED_SECONDS, self._grace / 4):
                break  # nobody has asked for anything for a while
        self.should_exit = True


def serve(
    checker: Checking,
    options: ServiceOptions,
    *,
    threads: int | None = None,
    on_listening: Callable[[str], None] | None = None,
) -> None:
    """Serve until told to stop.

    Args:
        checker: open, with its models loaded.
        options: of the operator.
        threads: requests worked on at the same time; one for each core unless given.
        on_listening: told the address when requests are taken.

    Raises:
        ServiceError: the address cannot be listened on.
    """
    count = threads or options.limits.threads or len(_cores())
    app, service = build(checker, options, threads=count)
    listener = _listen(options)
    server = Server(_config(app, options), service)
    try:
        if on_listening is not None:
            host, port = listener.getsockname()[:2]
            on_listening(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        asyncio.run(server.serve(sockets=[listener]))
    finally:
        listener.close()


def _config(app: App, options: ServiceOptions) -> uvicorn.Config:
    limits = options.limits
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        access_log=False,  # the edge writes its own, without queries
        log_config=None,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=int(limits.request_timeout_seconds + limits.upstream_timeout_seconds) + 1,
        h11_max_incomplete_event_size=32 * 1024,
        backlog=1024,
    )


def _listen(options: ServiceOptions) -> socket.socket:
    host, port = options.limits.host, options.limits.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise UsageError(f"is no address ({error.strerror or error})", where=f"--host {host}") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise ServiceError(
            f"cannot be listened on ({error.strerror})",
            where=f"{host}:{port}",
            remedy="choose another --port, or stop what listens there",
        ) from error
    return listener


def _cores() -> set[int]:
    try:
        return set(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return set(range(os.cpu_count() or 1))
