"""A SPARQL 1.1 endpoint that may hang, answer with a web page or with a million rows: asked within bounds.

rdflib's SPARQLStore writes the queries and reads the results; here is what it leaves open: a deadline for the whole
answer, a limit on its bytes, a look at its content type, and pages. Whatever comes from a claim enters a query as a
term, serialised by rdflib, and as nothing else; the queries themselves are the constants of `factcheck.graph.remote`.

Source: SPARQL 1.1 Protocol, section 2.1; SPARQL 1.1 Query Language, section 10.2 (VALUES).
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result
from rdflib.term import Identifier, Variable

from factcheck.errors import ServiceError, UsageError

Row = tuple[Identifier | None, ...]

_ACCEPT = "application/sparql-results+json"
_TYPES = frozenset({_ACCEPT, "application/json"})  # XML could bring entities that grow without bounds
_PIECE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointLimits:
    """How much is asked of an endpoint.

    Attributes:
        timeout_seconds: for one answer, from the connection to its last byte.
        page_rows: rows of one answer; longer ones are read page by page.
        max_rows: rows of all pages of a question; what lies beyond is not asked for.
        max_bytes: of one answer.
        rest_seconds: after an answer failed, questions fail at once for so long, so that a batch does not wait for
            the same silence again and again.
    """

    timeout_seconds: float = 10.0
    page_rows: int = 1000
    max_rows: int = 20_000
    max_bytes: int = 16_000_000
    rest_seconds: float = 30.0


class Endpoint(SPARQLStore):
    """Asks one endpoint; safe to share between threads."""

    def __init__(self, url: str, limits: EndpointLimits | None = None) -> None:
        """Take the address; nothing is fetched.

        Raises:
            UsageError: it is no http or https address, or holds a password.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError("is no address of a SPARQL endpoint", where=url, remedy="write http://HOST/PATH")
        if parts.password is not None:
            raise UsageError("a password does not belong into an address", where=parts.hostname)
        super().__init__(query_endpoint=url, returnFormat="json", method="POST_FORM", context_aware=False)
        self.limits = limits or EndpointLimits()
        self._opener = OpenerDirector()
        handlers = (ProxyHandler(), HTTPHandler(), HTTPSHandler(), HTTPDefaultErrorHandler(), HTTPErrorProcessor())
        for handler in (*handlers, _SameHost(parts.netloc)):
            self._opener.add_handler(handler)
        self._lock = Lock()
        self._silent_until = 0.0
        self._silence = ""

    @property
    def url(self) -> str:
        """The address."""
        return str(self.query_endpoint)

    def rows(
        self, query: str, values: Mapping[str, Sequence[Identifier]], *, limit: int | None = None
    ) -> Iterator[Row]:
        """Yield the rows of a SELECT query, page by page.

        Args:
            query: a constant with a `%(name)s` for each of `values`, inside of `VALUES ?name { … }`; ordered, so that
                pages neither overlap nor miss a row.
            values: terms, of which a row has one each.
            limit: rows at most.

        Raises:
            ServiceError: the endpoint does not answer in time, or not with a result.
        """
        terms = {name: " ".join(self.node_to_sparql(term) for term in given) for name, given in values.items()}
        text = query % terms
        left = min(limit or self.limits.max_rows, self.limits.max_rows)
        offset = 0
        while left > 0:
            size = min(left, self.limits.page_rows)
            page = list(self._page(f"{text} LIMIT {size} OFFSET {offset}"))
            yield from page[:size]
            if len(page) < size:
                return
            left -= size
            offset += size

    def _page(self, query: str) -> Iterator[Row]:
        result = self._query(query)
        names = [Variable(str(name)) for name in result.vars or ()]
        for count, row in enumerate(result.bindings):
            if count >= self.limits.page_rows:  # it does not keep to LIMIT
                raise ServiceError("answers with more rows than were asked for", where=self.url)
            yield tuple(row.get(name) for name in names)

    def _query(self, query: str, *_: Any, **__: Any) -> Result:
        with self._lock:
            if time.monotonic() < self._silent_until:
                raise ServiceError(self._silence, where=self.url, remedy="it is asked again in a while")
        try:
            return self._fetch(query)
        except ServiceError as error:
            with self._lock:
                self._silent_until = time.monotonic() + self.limits.rest_seconds
                self._silence = error.what
            raise

    def _fetch(self, query: str) -> Result:
        deadline = time.monotonic() + self.limits.timeout_seconds
        request = Request(  # noqa: S310 - the scheme was looked at
            self.url,
            data=urlencode({"query": query}).encode(),
            headers={"Accept": _ACCEPT, "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "factcheck"},
        )
        try:
            with self._opener.open(request, timeout=self.limits.timeout_seconds) as answer:
                kind = (answer.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
                if kind not in _TYPES:
                    raise ServiceError(
                        f"answers with {kind or 'no content type'} instead of SPARQL results", where=self.url,
                        remedy="name the address of the query service itself",
                    )  # fmt: skip
                data = self._read(answer, deadline)
        except HTTPError as error:
            error.close()
            raise ServiceError(f"answers with status {error.code}", where=self.url) from None
        except TimeoutError:
            raise self._late() from None
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self._late() from None
            raise ServiceError(f"cannot be reached ({error.reason})", where=self.url) from None
        except (OSError, http.client.HTTPException) as error:
            raise ServiceError(f"breaks off ({type(error).__name__})", where=self.url) from None
        try:
            return Result.parse(BytesIO(data), content_type=_ACCEPT)
        except Exception as error:  # the parser raises what it likes on bad input
            what = f"answers with what is no SPARQL result ({type(error).__name__})"
            raise ServiceError(what, where=self.url) from None

    def _read(self, answer: http.client.HTTPResponse, deadline: float) -> bytes:
        """Read the body; one that trickles, or does not end, is not waited for."""
        pieces: list[bytes] = []
        size = 0
        while piece := answer.read1(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > self.limits.max_bytes:
                raise ServiceError(f"answers with more than {self.limits.max_bytes:,} bytes", where=self.url)
            if time.monotonic() > deadline:
                raise TimeoutError
        return b"".join(pieces)

    def _late(self) -> ServiceError:
        return ServiceError(f"does not answer within {self.limits.timeout_seconds:g} s", where=self.url)


class _SameHost(HTTPRedirectHandler):
    """Follows a redirect on the host that the user named, and to no other."""

    def __init__(self, host: str) -> None:
        self._host = host

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl).netloc != self._host:
            raise HTTPError(newurl, code, "redirects to another host", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
