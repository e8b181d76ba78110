"""A server on loopback that speaks OpenAI's chat protocol and plays whatever part a test gives it.

A part is a function from the request (a dictionary) and the number of the call to what to do: an answer's text, or one
of the misbehaviours below. Everything goes over a real socket, so that what the client does with half a body is real.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Say:
    """An answer, with its parts of the protocol."""

    text: str
    finish_reason: str = "stop"
    logprobs: Sequence[tuple[str, float]] = ()
    usage: Mapping[str, int] | None = field(default_factory=lambda: {"prompt_tokens": 100, "completion_tokens": 20})


@dataclass(frozen=True)
class Status:
    """An error status with OpenAI's error body, or any other."""

    code: int
    message: str = "no"
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    kind: str | None = None


@dataclass(frozen=True)
class Raw:
    """A body as it is, with status 200."""

    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class HalfABody:
    """Breaks off in the middle of the answer."""


@dataclass(frozen=True)
class Drip:
    """Sends a byte now and then, for ever."""

    every: float = 0.05


@dataclass(frozen=True)
class Hang:
    """Takes the request and says nothing."""


Step = str | Say | Status | Raw | HalfABody | Drip | Hang
Part = Callable[[dict[str, Any], int], Step]


@dataclass
class Scripted:
    """A running server: where it is, and what it was asked."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    busiest: int = 0

    def prompts(self) -> list[str]:
        """All messages of each request as one text."""
        return ["\n".join(m["content"] for m in r["messages"]) for r in self.requests]


@contextlib.contextmanager
def serve(part: Part | Sequence[Step]) -> Iterator[Scripted]:
    """Run a server that plays a part; a list is played line by line, its last line for ever."""
    play: Part = part if callable(part) else lambda _, n: part[min(n, len(part) - 1)]
    lock = threading.Lock()
    going = threading.Event()
    active = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            nonlocal active
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                number = len(scripted.requests)
                scripted.requests.append(body)
                scripted.headers.append({k.lower(): v for k, v in self.headers.items()})
                active += 1
                scripted.busiest = max(scripted.busiest, active)
            try:
                with contextlib.suppress(ConnectionError, TimeoutError):
                    self.play(play(body, number), body)
            finally:
                with lock:
                    active -= 1

        def play(self, step: Step, body: dict[str, Any]) -> None:
            if isinstance(step, str):
                step = Say(step)
            if isinstance(step, Say):
                self.stream(step) if body.get("stream") else self.reply(200, completion(step))
            elif isinstance(step, Status):
                error = {"message": step.message, "type": "error", "param": step.param, "code": step.kind}
                self.reply(step.code, step.body if step.body is not None else {"error": error}, step.headers)
            elif isinstance(step, Raw):
                self.send(200, step.body, {"Content-Type": step.content_type})
            elif isinstance(step, HalfABody):
                data = json.dumps(completion(Say("half"))).encode()
                self.begin(200, {"Content-Type": "application/json", "Content-Length": str(len(data))})
                self.wfile.write(data[: len(data) // 2])
                self.close_connection = True
            elif isinstance(step, Drip):
                self.begin(200, {"Content-Type": "application/json", "Content-Length": "1000000"})
                while not going.wait(step.every):
                    self.wfile.write(b" ")
                    self.wfile.flush()
            else:
                going.wait(60)
                self.close_connection = True

        def stream(self, step: Say) -> None:
            self.begin(200, {"Content-Type": "text/event-stream", "Connection": "close"})
            words = step.text.split(" ")
            for n, word in enumerate(words):
                piece = {"delta": {"content": word if n == 0 else " " + word}, "index": 0, "finish_reason": None}
                chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [piece]}
                self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
                self.wfile.flush()
            self.wfile.write(b"data: [DONE]\n\n")
            self.close_connection = True

        def reply(self, status: int, value: object, headers: Mapping[str, str] | None = None) -> None:
            self.send(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})

        def send(self, status: int, data: bytes, headers: Mapping[str, str]) -> None:
            self.begin(status, {**headers, "Content-Length": str(len(data))})
            self.wfile.write(data)

        def begin(self, status: int, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.flush()

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that goes away is part of the game

    server = Server(("127.0.0.1", 0), Handler)
    scripted = Scripted(url=f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield scripted
    finally:
        going.set()
        server.shutdown()
        server.server_close()
        thread.join()


def completion(step: Say) -> dict[str, Any]:
    choice: dict[str, Any] = {
        "index": 0,
        "message": {"role": "assistant", "content": step.text},
        "finish_reason": step.finish_reason,
    }
    if step.logprobs:
        content = [{"token": t, "logprob": p, "bytes": None, "top_logprobs": []} for t, p in step.logprobs]
        choice["logprobs"] = {"content": content}
    answer = {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    return answer if step.usage is None else {**answer, "usage": dict(step.usage)}
