"""The outermost layer: who may ask, how much may be sent, what is logged and counted."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from factcheck.errors import FactCheckError
from factcheck.service.meters import Meters
from factcheck.service.options import ServiceOptions, is_loopback
from factcheck.service.problems import JSON, Refusal, refusal_of, respond

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Struct = TypeVar("Struct", bound=msgspec.Struct)

LOG = logging.getLogger("factcheck.serve")
OPEN = frozenset({"/livez", "/readyz"})
"""Paths that need no key: who watches over the process has none."""
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Edge:
    """An ASGI application around another one."""

    def __init__(self, app: App, options: ServiceOptions, meters: Meters, routes: frozenset[str]) -> None:
        self._app = app
        self._options = options
        self._meters = meters
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        given = headers.get("x-request-id", "")
        identity = given if _ID.fullmatch(given) else secrets.token_hex(8)
        status = 0

        async def marked(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", identity.encode("ascii")),
                    (b"cache-control", b"no-store"),
                    (b"x-content-type-options", b"nosniff"),
                ]
            await send(message)

        path = str(scope["path"])
        try:
            try:
                self._guard(path, headers)
                scope["app"] = self._app  # lets the router raise instead of answering in a layout of its own
                await self._app(scope, receive, marked)
            except ClientDisconnect:
                status = status or 499
            except HTTPException as error:  # the router's
                await self._refuse(_of_router(error), scope, receive, marked, status)
            except FactCheckError as error:
                await self._refuse(refusal_of(error), scope, receive, marked, status)
            except Refusal as refusal:
                await self._refuse(refusal, scope, receive, marked, status)
            except Exception:
                LOG.exception("request %s failed", identity)
                defect = Refusal(
                    500, "internal", f"this is a defect of the service; its log tells more under {identity}"
                )
                await self._refuse(defect, scope, receive, marked, status)
        finally:
            seconds = time.perf_counter() - began
            route = path if path in self._routes else "other"
            self._meters.answered(route, status or 499, seconds)
            LOG.info("%s %s %d %.0f ms %s", scope["method"], route, status or 499, 1000 * seconds, identity)

    async def _refuse(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send, status: int) -> None:
        if status:  # the answer has begun; it can only be cut off
            raise refusal
        await respond(refusal)(scope, receive, send)

    def _guard(self, path: str, headers: dict[str, str]) -> None:
        key = self._options.api_key
        if key is None:
            # Without a key a page in somebody's browser must not reach the service by a name that it chose itself.
            host = re.sub(r":\d+$", "", headers.get("host", "localhost"))
            if not is_loopback(host):
                raise Refusal(403, "host", "only requests to localhost are served without a key", close=True)
            if headers.get("origin") not in (None, "null") and not _local_origin(headers["origin"]):
                raise Refusal(403, "origin", "pages of other origins are not served without a key", close=True)
        elif path not in OPEN:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode("latin-1"), key.encode()):
                raise Refusal(
                    401,
                    "invalid_api_key",
                    "the key is missing or wrong; send it as: Authorization: Bearer KEY",
                    headers={"WWW-Authenticate": "Bearer"},
                    close=True,
                )


def _of_router(error: HTTPException) -> Refusal:
    if error.status_code == 404:
        return Refusal(404, "not_found", "there is nothing here; /openapi.json tells what there is")
    if error.status_code == 405:
        return Refusal(405, "method", "this path knows another method", headers=error.headers)
    return Refusal(error.status_code, "http", error.detail)


def _local_origin(origin: str) -> bool:
    host = re.sub(r"^https?://|:\d+$", "", origin)
    return is_loopback(host)


async def read_body(request: Request, options: ServiceOptions) -> bytes:
    """Return the body of a request.

    Raises:
        Refusal: it is no JSON (415), larger than allowed (413, before any of it is read where the length is told), or
            does not come in time (408).
    """
    limit = options.limits.max_body_bytes
    too_large = Refusal(413, "too_large", f"the body is larger than {limit:,} bytes; send less at a time", close=True)
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != JSON:
        raise Refusal(415, "content_type", f"the body must be {JSON}", close=True)
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(options.limits.read_timeout_seconds):
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise Refusal(408, "slow_body", "the body did not come in time", close=True) from None
    return bytes(body)


def decode(body: bytes, kind: type[Struct]) -> Struct:
    """Read a body as what a route expects.

    Raises:
        Refusal: it is not JSON, or not of that layout; 400, with the place.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Refusal(400, "invalid_body", f"{error}; see /openapi.json", param=_place(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, "invalid_json", f"the body is not JSON ({error})") from None


def _place(message: str) -> str | None:
    found = re.search(r"`\$\.?([^`]*)`$", message)
    return found[1] if found and found[1] else None
