"""The OpenAI-compatible proxy: what the upstream writes reaches the client checked.

A client that streams gets each sentence when it is whole, screened and, in `rewrite` and `block`, checked; what the
upstream writes meanwhile waits, and is checked together. What was sent is never taken back: `factcheck.follow` says
what that costs. Where the operator wants answers checked as a whole, the upstream is asked for the whole answer, the
client gets a sign of life while it waits, and then the checked text sentence by sentence.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from factcheck.errors import FactCheckError
from factcheck.follow import Mode
from factcheck.report import report_to_dict
from factcheck.screen import ScreenAction, acted
from factcheck.service.chat import ending, error_event, events, question_of, text_of, with_text
from factcheck.service.edge import Receive, Scope, Send, decode, read_body
from factcheck.service.live import Arrivals, Live, alive, withheld
from factcheck.service.problems import JSON, Refusal, problem_of, refusal_of
from factcheck.service.schema import ChatRequest
from factcheck.service.upstream import Reply, Upstream
from factcheck.types import Report

if TYPE_CHECKING:
    from factcheck.service.app import Service


class Proxy:
    """Serves `/v1/chat/completions` and `/v1/models`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._upstream = Upstream(service.options)
        self._mode = service.options.mode

    async def close(self) -> None:
        """Let go of the upstream."""
        await self._upstream.close()

    async def models(self, request: Request) -> Response:
        """Serve `/v1/models` as the upstream does."""
        async with self._service.desk.place():
            return _as_it_is(await self._upstream.get("/models"))

    async def chat(self, request: Request) -> Response:
        """Serve `/v1/chat/completions`."""
        body = await read_body(request, self._service.options)
        asked = decode(body, ChatRequest)
        forwarded = orjson.loads(body)
        forwarded.pop("stream_options", None)
        usage = bool((asked.stream_options or {}).get("include_usage"))
        live = bool(asked.stream) and self._service.options.by_sentence
        forwarded["stream"] = live
        if live and usage:
            forwarded["stream_options"] = {"include_usage": True}
        async with AsyncExitStack() as held:
            await held.enter_async_context(self._service.desk.place())
            if live:
                asking = self._upstream.stream("/chat/completions", orjson.dumps(forwarded))
                opened = await held.enter_async_context(asking)
                if not isinstance(opened, Reply):
                    following = Live(self._service, question_of(forwarded["messages"]), choices=asked.n or 1)
                    return _Stream(self._relayed(following, opened, usage), held.pop_all())
                reply = opened
            else:
                reply = await self._upstream.post("/chat/completions", orjson.dumps(forwarded))
            if reply.status != 200:
                return _as_it_is(reply)
            answer = reply.document()
            if not isinstance(answer.get("choices"), list):
                raise Refusal(502, "upstream_answer", "the upstream's answer has no choices")
            question = question_of(forwarded["messages"])
            if not asked.stream:
                return Response(orjson.dumps(await self._checked(answer, question)), media_type=JSON)
            place = held.pop_all()  # the place is held until the stream has ended
            return _Stream(self._stream(answer, question, usage), place)

    async def _relayed(self, live: Live, opened: AsyncIterator[dict[str, Any]], usage: bool) -> AsyncIterator[bytes]:
        arrivals = Arrivals(opened)
        work: asyncio.Future[Any] | None = None
        try:
            while not live.over:
                work = asyncio.ensure_future(arrivals.next())
                async for said in alive(work):
                    yield said
                events, last = work.result()
                for event in events:
                    for said in live.relay.take(event):
                        yield said
                for index, text in live.relay.rest() if last else list(live.relay.sentences()):
                    work = asyncio.ensure_future(live.take(index, text, last=last))
                    async for said in alive(work):
                        yield said
                    for said in work.result():
                        yield said
                if last:
                    break
            work = asyncio.ensure_future(live.verified())
            async for said in alive(work):
                yield said
            for said in ending(live.relay.head, work.result(), usage=usage):
                yield said
        except Refusal as refusal:  # the status is sent already
            yield error_event(msgspec.to_builtins(problem_of(refusal)))
        finally:
            arrivals.close()
            if work is not None:
                work.cancel()

    async def _stream(self, answer: dict[str, Any], question: str | None, usage: bool) -> AsyncIterator[bytes]:
        checking = asyncio.ensure_future(self._checked(answer, question))
        try:
            async for said in alive(checking):
                yield said
            for event in events(checking.result(), usage=usage):
                yield event
        except Refusal as refusal:  # the status is sent already
            yield error_event(msgspec.to_builtins(problem_of(refusal)))
        finally:
            checking.cancel()

    async def _checked(self, answer: dict[str, Any], question: str | None) -> dict[str, Any]:
        """Return the answer as the mode asks, with `verification`."""
        results = [await self._choice(n, choice, question) for n, choice in enumerate(answer["choices"])]
        for _, verification in results:
            self._service.meters.proxied(self._mode.value, verification["action"])
        return {
            **answer,
            "choices": [choice for choice, _ in results],
            "verification": {"mode": self._mode.value, "choices": [verification for _, verification in results]},
        }

    async def _choice(self, number: int, choice: object, question: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
        if not isinstance(choice, dict):
            raise Refusal(502, "upstream_answer", "a choice of the upstream's answer is no object")
        index = choice.get("index", number)
        text = text_of(choice)
        if text is None:
            return choice, {"index": index, "action": "no_text", "report": None, "error": None}
        checker = self._service.checker
        step = checker.revise if self._mode is Mode.REWRITE else checker.check
        try:
            report = await self._service.desk.work(lambda: step(text, question=question))
        except (Refusal, FactCheckError) as error:
            refusal = error if isinstance(error, Refusal) else refusal_of(error)
            # What was promised to be checked, or screened, is not handed out as it is.
            if self._mode is not Mode.ANNOTATE or self._service.options.screens:
                raise refusal from error
            problem = msgspec.to_builtins(problem_of(refusal))
            return choice, {"index": index, "action": "unchecked", "report": None, "error": problem}
        self._service.meters.judged(report)
        changed, action = self._act(choice, text, report)
        return changed, {"index": index, "action": action, "report": report_to_dict(report), "error": None}

    def _act(self, choice: dict[str, Any], text: str, report: Report) -> tuple[dict[str, Any], str]:
        screened = acted(report)
        redacted = screened is ScreenAction.REDACT
        if screened is ScreenAction.BLOCK:
            return with_text(choice, report.text, finish="content_filter"), "blocked"
        if self._mode is Mode.ANNOTATE:
            return (with_text(choice, report.text), "redacted") if redacted else (choice, "annotated")
        if self._mode is Mode.REWRITE:
            return (with_text(choice, report.text), "rewritten") if report.text != text else (choice, "passed")
        summary = report.summary
        wrong = summary.refuted + summary.conflicting
        if not wrong and not summary.failed:
            return (with_text(choice, report.text), "redacted") if redacted else (choice, "passed")
        return with_text(choice, withheld(summary), finish="content_filter"), "blocked"


class _Stream(StreamingResponse):
    """Events, and the place in the line that is held until they have ended, whatever ends them."""

    def __init__(self, content: AsyncIterator[bytes], place: AsyncExitStack) -> None:
        headers = {"X-Accel-Buffering": "no"}
        super().__init__(content, media_type="text/event-stream", headers=headers)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send everything, then let go."""
        async with self._place:
            await super().__call__(scope, receive, send)


def _as_it_is(reply: Reply) -> Response:
    if reply.status != 200 and not 400 <= reply.status < 600:
        raise Refusal(502, "upstream_answer", f"the upstream answered with status {reply.status}")
    headers: Mapping[str, str] = reply.headers
    return Response(reply.body, status_code=reply.status, media_type=JSON, headers=dict(headers))
