"""The service: routes over a `FactChecker`."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import msgspec
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router

from factcheck import __version__
from factcheck.follow import Follower, Mode
from factcheck.report import to_json
from factcheck.report.rows import ErrorRow, ProbabilitiesRow, SpanRow
from factcheck.service.desk import Desk
from factcheck.service.edge import App, Edge, decode, read_body
from factcheck.service.meters import Meters
from factcheck.service.openapi import document
from factcheck.service.options import ServiceOptions
from factcheck.service.problems import JSON, busy, respond
from factcheck.service.schema import (
    AskRequest,
    CheckRequest,
    ContextRow,
    Health,
    ReviseRequest,
    ScoreRequest,
    ScoreResponse,
    ScoreRow,
)
from factcheck.types import Document, FailedClaim, Report

if TYPE_CHECKING:
    from factcheck.checker import Context
    from factcheck.scoring import Score


class Checking(Protocol):
    """What a service needs of a `FactChecker`."""

    def check(self, text: str, context: Sequence[Context] | None = None, *, question: str | None = None) -> Report:
        """Judge a text."""

    def revise(self, text: str, context: Sequence[Context] | None = None, *, question: str | None = None) -> Report:
        """Judge a text and put it right."""

    def generate(
        self, question: str, context: Sequence[Context] | None = None, *, n: int = 1, revise: bool = True
    ) -> Report:
        """Answer a question."""

    def score(self, pairs: Sequence[tuple[str, str | Sequence[str]]]) -> list[Score | FailedClaim]:
        """Judge claims on given evidence."""

    def follow(self, mode: Mode, context: Sequence[Context] | None = None, *, question: str | None = None) -> Follower:
        """Check a text while it is written."""


@dataclass(slots=True, kw_only=True)
class Service:
    """A service that is put together but does not listen yet.

    Attributes:
        draining: it takes no new work from load balancers, and ends when it is idle.
    """

    checker: Checking
    options: ServiceOptions
    desk: Desk
    meters: Meters
    draining: bool = False
    closers: list[Callable[[], object]] = field(default_factory=list)

    # --------------------------------------------------------------------------------------------------------- routes

    async def check(self, request: Request) -> Response:
        """Serve `/v1/check`."""
        asked = decode(await read_body(request, self.options), CheckRequest)
        return await self._report(
            lambda: self.checker.check(asked.text, _contexts(asked.context), question=asked.question)
        )

    async def revise(self, request: Request) -> Response:
        """Serve `/v1/revise`."""
        asked = decode(await read_body(request, self.options), ReviseRequest)
        return await self._report(
            lambda: self.checker.revise(asked.text, _contexts(asked.context), question=asked.question)
        )

    async def ask(self, request: Request) -> Response:
        """Serve `/v1/ask`."""
        asked = decode(await read_body(request, self.options), AskRequest)
        return await self._report(
            lambda: self.checker.generate(asked.question, _contexts(asked.context), n=asked.n, revise=asked.revise)
        )

    async def score(self, request: Request) -> Response:
        """Serve `/v1/score`."""
        asked = decode(await read_body(request, self.options), ScoreRequest)
        async with self.desk.place():
            pairs = [(pair.claim, pair.evidence) for pair in asked.pairs]
            scores = await self.desk.work(lambda: self.checker.score(pairs))
        answer = ScoreResponse(scores=[_score_row(score) for score in scores])
        return Response(msgspec.json.encode(answer), media_type=JSON)

    async def live(self, request: Request) -> Response:
        """Serve `/livez`."""
        return Response(msgspec.json.encode(Health(status="live")), media_type=JSON)

    async def ready(self, request: Request) -> Response:
        """Serve `/readyz`: 503 while it drains, so that no new work is sent here."""
        if self.draining:
            return respond(busy(self.options.limits.retry_after_seconds, "draining before the end"))
        return Response(msgspec.json.encode(Health(status="ready")), media_type=JSON)

    async def metrics(self, request: Request) -> Response:
        """Serve `/metrics`."""
        return Response(self.meters.render(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def openapi(self, request: Request) -> Response:
        """Serve `/openapi.json`."""
        found = document(
            version=__version__, proxy=self.options.upstream is not None, keyed=self.options.api_key is not None
        )
        return Response(orjson.dumps(found), media_type=JSON)

    async def _report(self, step: Callable[[], Report]) -> Response:
        async with self.desk.place():
            report = await self.desk.work(step)
        self.meters.judged(report)
        return Response(to_json(report), media_type=JSON)


def build(checker: Checking, options: ServiceOptions, *, threads: int = 2) -> tuple[App, Service]:
    """Put a service together.

    Args:
        checker: open, with its models loaded.
        options: of the operator.
        threads: requests that are worked on at the same time.

    Returns:
        The ASGI application, and the service behind it.
    """
    desk = Desk(options.limits, threads)
    service = Service(checker=checker, options=options, desk=desk, meters=Meters(desk))
    routes: list[BaseRoute] = [
        Route("/v1/check", service.check, methods=["POST"]),
        Route("/v1/revise", service.revise, methods=["POST"]),
        Route("/v1/ask", service.ask, methods=["POST"]),
        Route("/v1/score", service.score, methods=["POST"]),
        Route("/livez", service.live, methods=["GET"]),
        Route("/readyz", service.ready, methods=["GET"]),
        Route("/metrics", service.metrics, methods=["GET"]),
        Route("/openapi.json", service.openapi, methods=["GET"]),
    ]
    proxy = None
    if options.upstream is not None:
        from factcheck.service.proxy import Proxy

        proxy = Proxy(service)
        routes += [
            Route("/v1/chat/completions", proxy.chat, methods=["POST"]),
            Route("/v1/models", proxy.models, methods=["GET"]),
        ]

    @contextlib.asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        try:
            yield
        finally:
            if proxy is not None:
                await proxy.close()
            await desk.close()

    # A router and no `Starlette`, whose own handlers would answer for defects before the edge sees them.
    router = Router(routes, redirect_slashes=False, lifespan=lifespan)
    paths = frozenset(route.path for route in routes if isinstance(route, Route))
    return Edge(router, options, service.meters, paths), service


def _contexts(rows: list[str | ContextRow] | None) -> list[str | Document] | None:
    if rows is None:
        return None
    return [
        row
        if isinstance(row, str)
        else Document(
            id=row.id or f"context-{number}",
            text=row.text,
            title=row.title,
            section=row.section,
            source=row.source or f"context {number}",
        )
        for number, row in enumerate(rows, 1)
    ]


def _score_row(score: Score | FailedClaim) -> ScoreRow:
    if isinstance(score, FailedClaim):
        return ScoreRow(
            label="FAILED",
            probabilities=None,
            evidence=None,
            span=None,
            reason=score.message,
            error=ErrorRow(stage=score.stage, code=score.code, message=score.message),
        )
    p = score.probabilities
    return ScoreRow(
        label=score.label.value,
        probabilities=ProbabilitiesRow(SUPPORTED=p.supported, REFUTED=p.refuted, NOT_ENOUGH_INFO=p.not_enough_info),
        evidence=score.evidence,
        span=None if score.span is None else SpanRow(start=score.span.start, end=score.span.end),
        reason=score.reason,
    )
