"""Real servers on loopback: the service, and a scripted upstream that speaks the OpenAI protocol."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from factcheck import FactChecker
from factcheck.config import ServeSettings
from factcheck.follow import Mode
from factcheck.service.app import Checking, Service, build
from factcheck.service.options import ServiceOptions
from factcheck.service.run import Server, _config


@dataclass
class Running:
    """A service that listens."""

    url: str
    service: Service
    server: Server


@contextmanager
def serving(
    checker: Checking,
    *,
    limits: ServeSettings | None = None,
    api_key: str | None = None,
    upstream: str | None = None,
    upstream_key: str | None = None,
    mode: Mode = Mode.ANNOTATE,
    threads: int = 2,
    screens: bool = False,
    by_sentence: bool = True,
) -> Iterator[Running]:
    options = ServiceOptions(
        limits=limits or ServeSettings(),
        api_key=api_key,
        upstream=upstream,
        upstream_key=upstream_key,
        mode=mode,
        screens=screens,
        by_sentence=by_sentence,
    )
    app, service = build(checker, options, threads=threads)
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    server = Server(_config(app, options), service)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "the service did not start"
            time.sleep(0.01)
        yield Running(f"http://127.0.0.1:{listener.getsockname()[1]}", service, server)
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


@dataclass
class Upstream:
    """Plays a chat model: what it says is looked up by the model's name; what it was asked stands in `requests`."""

    answers: dict[str, str]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def completion(self, asked: dict[str, Any]) -> dict[str, Any]:
        text = self.answers[asked["model"]]
        words = len(text.split())
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1700000000,
            "model": asked["model"],
            "choices": [
                {
                    "index": n,
                    "message": {"role": "assistant", "content": text},
                    "finish_reason": "stop",
                    "logprobs": None,
                }
                for n in range(asked.get("n") or 1)
            ],
            "usage": {
                "prompt_tokens": 7,
                "completion_tokens": words,
                "total_tokens": 7 + words,
            },
        }


def _handler(upstream: Upstream) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            return

        def do_GET(self) -> None:
            upstream.paths.append(self.path)
            self._send(200, {"object": "list", "data": [{"id": "true", "object": "model"}]})

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            upstream.requests.append(asked)
            upstream.headers.append({k.lower(): v for k, v in self.headers.items()})
            upstream.paths.append(self.path)
            act: Callable[[dict[str, Any]], None] = {
                "limited": self._limited,
                "broken": self._broken,
                "nonsense": self._nonsense,
                "half": self._half,
                "hang": self._hang,
                "tools": self._tools,
                "elsewhere": self._elsewhere,
                "torn": self._live,
            }.get(asked["model"], self._live if asked["model"].startswith("live") else self._answer)
            act(asked)

        def _answer(self, asked: dict[str, Any]) -> None:
            self._send(200, upstream.completion(asked))

        def _limited(self, asked: dict[str, Any]) -> None:
            self._send(429, {"error": {"message": "slow down", "code": "rate_limit"}}, {"Retry-After": "7"})

        def _broken(self, asked: dict[str, Any]) -> None:
            self._send(500, {"error": {"message": "model fell over"}})

        def _nonsense(self, asked: dict[str, Any]) -> None:
            self._raw(200, b"<html>not json</html>")

        def _half(self, asked: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"choices": [')
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def _hang(self, asked: dict[str, Any]) -> None:
            upstream.release.wait(20)
            self.close_connection = True

        def _tools(self, asked: dict[str, Any]) -> None:
            call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
            answer = upstream.completion({**asked, "model": "true"})
            answer["choices"][0]["message"] = {"role": "assistant", "content": None, "tool_calls": [call]}
            answer["choices"][0]["finish_reason"] = "tool_calls"
            self._send(200, answer)

        def _live(self, asked: dict[str, Any]) -> None:
            """Stream the text named behind "live-" by the word; wait for `held` before the last, or break off there."""
            assert asked["stream"] is True
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            name = asked["model"].removeprefix("live-")
            words = re.findall(r"\S+\s*", upstream.answers.get(name, upstream.answers["false"]))
            self._say({"role": "assistant"})
            for place, word in enumerate(words):
                if place == len(words) - 1:
                    if asked["model"] == "torn":
                        return
                    upstream.held.wait(20)
                self._say({"content": word})
            self._say({}, "stop")
            if asked.get("stream_options"):
                self._event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 1, "total_tokens": 8}})
            with contextlib.suppress(OSError):
                self.wfile.write(b"data: [DONE]\n\n")

        def _say(self, delta: dict[str, Any], finish: str | None = None) -> None:
            self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

        def _event(self, value: dict[str, Any]) -> None:
            head = {"id": "chatcmpl-2", "object": "chat.completion.chunk", "created": 1700000000, "model": "live"}
            try:
                self.wfile.write(b"data: " + json.dumps({**head, **value}).encode() + b"\n\n")
                self.wfile.flush()
            except OSError:  # the proxy has stopped listening
                return

        def _elsewhere(self, asked: dict[str, Any]) -> None:
            self._raw(307, b"", {"Location": "http://127.0.0.1:9/"})

        def _send(self, status: int, value: dict[str, Any], headers: dict[str, str] | None = None) -> None:
            self._raw(status, json.dumps(value).encode(), headers)

        def _raw(self, status: int, data: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler


class _Listener(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    scripted = Upstream(
        answers={
            "true": "Canberra is the capital of Australia. Neptune was discovered in 1846.",
            "false": "Sydney is the capital of Australia. It was a fine day.  Neptune was discovered in 1846.",
            "open": "The bakery on Elm Street sells rye bread on Tuesdays.",
            "empty": "",
            "late": "Neptune was discovered in 1846. Sydney is the capital of Australia. It was a fine day.",
            "mail": "Neptune was discovered in 1846. Ask ada@example.org about it. Sydney is the capital of Australia.",
        }
    )
    with _Listener(("127.0.0.1", 0), _handler(scripted)) as server:
        scripted.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield scripted
        scripted.release.set()
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def checker() -> FactChecker:
    return FactChecker.open()
