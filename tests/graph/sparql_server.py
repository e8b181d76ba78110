"""A SPARQL 1.1 server on loopback over pyoxigraph, and servers that misbehave: real sockets, the real protocol."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from pyoxigraph import QueryResultsFormat, RdfFormat, Store, parse

RESULTS = "application/sparql-results+json"


class SparqlServer:
    """Answers POSTed queries; `queries` are those that came."""

    def __init__(self, turtle: str) -> None:
        self.store = Store()
        self.store.extend(parse(turtle, format=RdfFormat.TURTLE))
        self.queries: list[str] = []

    def answer(self, handler: BaseHTTPRequestHandler, query: str) -> None:
        self.queries.append(query)
        try:
            data = bytes(self.store.query(query).serialize(format=QueryResultsFormat.JSON))
        except SyntaxError as error:
            reply(handler, str(error).encode(), "text/plain", 400)
            return
        reply(handler, data, RESULTS)


def reply(handler: BaseHTTPRequestHandler, data: bytes, kind: str, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def hang(handler: BaseHTTPRequestHandler, query: str) -> None:
    time.sleep(3)


def trickle(handler: BaseHTTPRequestHandler, query: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def web_page(handler: BaseHTTPRequestHandler, query: str) -> None:
    reply(handler, b"<html><body>Welcome</body></html>", "text/html; charset=utf-8")


def html_as_results(handler: BaseHTTPRequestHandler, query: str) -> None:
    reply(handler, b"<html><body>Welcome</body></html>", RESULTS)


def million_rows(handler: BaseHTTPRequestHandler, query: str) -> None:
    """Send a million rows whatever LIMIT says."""
    handler.send_response(200)
    handler.send_header("Content-Type", RESULTS)
    handler.end_headers()
    handler.wfile.write(b'{"head":{"vars":["s","p","o"]},"results":{"bindings":[')
    row = b'{"s":{"type":"uri","value":"http://x/s"},"p":{"type":"uri","value":"http://x/p"},"o":{"type":"literal","value":"v"}}'
    block = b",".join([row] * 1000)
    for number in range(1000):
        handler.wfile.write((b"," if number else b"") + block)
    handler.wfile.write(b"]}}")


def busy(handler: BaseHTTPRequestHandler, query: str) -> None:
    reply(handler, b"try later", "text/plain", 503)


def elsewhere(handler: BaseHTTPRequestHandler, query: str) -> None:
    handler.send_response(307)
    handler.send_header("Location", "http://192.0.2.1/sparql")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler, str], None]) -> Iterator[str]:
    """Run a server on a free port and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            with suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
                answer(self, parse_qs(body)["query"][0])

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
