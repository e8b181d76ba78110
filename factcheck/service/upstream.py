"""The chat model behind the proxy: one endpoint, named by the operator, asked with the operator's key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import orjson

from factcheck.service.options import ServiceOptions, is_loopback
from factcheck.service.problems import JSON, Refusal

LARGEST_ANSWER = 16 * 1024 * 1024
_PASSED_ON = ("retry-after", "x-request-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the upstream answered; `body` is JSON as it came."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the body as an object.

        Raises:
            Refusal: it is none; 502.
        """
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            value = None
        if not isinstance(value, dict):
            raise Refusal(502, "upstream_answer", "the upstream did not answer with a JSON object")
        return value


class Upstream:
    """Asks the endpoint.

    Nothing is tried again here: a client of the OpenAI API tries again itself, and two that do so multiply the load. A
    redirect is not followed, since it would be the endpoint that chooses whom we ask.
    """

    def __init__(self, options: ServiceOptions) -> None:
        headers = {"Accept": JSON}
        if options.upstream_key is not None:
            headers["Authorization"] = f"Bearer {options.upstream_key}"
        url = httpx2.URL(options.upstream or "")
        seconds = options.limits.upstream_timeout_seconds
        self._seconds = seconds
        self._base = str(url).rstrip("/")
        self._client = httpx2.AsyncClient(
            headers=headers,
            timeout=httpx2.Timeout(seconds, connect=min(10.0, seconds)),
            follow_redirects=False,
            limits=httpx2.Limits(max_connections=options.limits.max_requests, max_keepalive_connections=32),
            trust_env=not is_loopback(url.host),
        )

    async def post(self, path: str, body: bytes) -> Reply:
        """Send JSON and return what comes back."""
        return await self._ask("POST", path, body)

    @asynccontextmanager
    async def stream(self, path: str, body: bytes) -> AsyncIterator[Reply | AsyncIterator[dict[str, Any]]]:
        """Send JSON and hand out the events that come back; the whole reply where it is no stream."""
        try:
            async with self._client.stream(
                "POST",
                self._base + path,
                content=body,
                headers={"Content-Type": JSON, "Accept": f"text/event-stream, {JSON}"},
            ) as response:
                if response.status_code == 200 and "event-stream" in response.headers.get("content-type", ""):
                    yield self._events(response)
                else:
                    yield await self._reply(response)
        except httpx2.HTTPError as error:
            raise self._refusal(error) from None

    async def _events(self, response: httpx2.Response) -> AsyncIterator[dict[str, Any]]:
        try:
            async for line in response.aiter_lines():
                if not line.startswith("data:"):
                    continue
                said = line.removeprefix("data:").strip()
                if said == "[DONE]":
                    return
                yield Reply(status=200, body=said.encode()).document()
        except httpx2.HTTPError as error:
            raise self._refusal(error) from None

    async def get(self, path: str) -> Reply:
        """Return what lies at a path."""
        return await self._ask("GET", path, None)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, body: bytes | None) -> Reply:
        headers = {} if body is None else {"Content-Type": JSON}
        try:
            async with self._client.stream(method, self._base + path, content=body, headers=headers) as response:
                return await self._reply(response)
        except httpx2.HTTPError as error:
            raise self._refusal(error) from None

    async def _reply(self, response: httpx2.Response) -> Reply:
        received = bytearray()
        async for piece in response.aiter_bytes():
            received += piece
            if len(received) > LARGEST_ANSWER:
                raise Refusal(502, "upstream_answer", "the upstream's answer is too large")
        passed = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
        passed.pop("x-request-id", None)
        return Reply(status=response.status_code, body=bytes(received), headers=passed)

    def _refusal(self, error: httpx2.HTTPError) -> Refusal:
        if isinstance(error, httpx2.TimeoutException):
            return Refusal(504, "upstream_timeout", f"the upstream did not answer within {self._seconds:g} s")
        # Its message may hold the address, which is not the client's business.
        return Refusal(502, "upstream_unreachable", f"the upstream cannot be reached ({type(error).__name__})")
