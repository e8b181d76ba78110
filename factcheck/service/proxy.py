"""The OpenAI-compatible proxy: what the upstream writes reaches the client checked.

Where a text may be changed or withheld, the upstream is asked for the whole answer, also for clients that stream: a
verdict on a sentence may rest on the ones around it, and what has been sent cannot be taken back. Such a client gets a
sign of life while it waits, and then the checked text sentence by sentence. Where the text stays whatever is found
(`annotate` without a screen), sentences are handed on as the upstream writes them, and `verification` follows.
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
from factcheck.report import report_to_dict
from factcheck.screen import ScreenAction, acted
from factcheck.service.chat import ending, error_event, events, question_of, text_of, with_text
from factcheck.service.edge import Receive, Scope, Send, decode, read_body
from factcheck.service.live import Relay
from factcheck.service.options import Mode
from factcheck.service.problems import JSON, Refusal, problem_of, refusal_of
from factcheck.service.schema import ChatRequest
from factcheck.service.upstream import Reply, Upstream
from factcheck.types import Report

if TYPE_CHECKING:
    from factcheck.service.app import Service

ALIVE_SECONDS = 10.0
"""How often a client that streams hears that its answer is still being checked."""


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
        live = bool(asked.stream) and self._mode is Mode.ANNOTATE and not self._service.options.screens
        forwarded["stream"] = live
        if live and usage:
            forwarded["stream_options"] = {"include_usage": True}
        async with AsyncExitStack() as held:
            await held.enter_async_context(self._service.desk.place())
            if live:
                asking = self._upstream.stream("/chat/completions", orjson.dumps(forwarded))
                opened = await held.enter_async_context(asking)
                if not isinstance(opened, Reply):
                    relayed = self._relayed(opened, question_of(forwarded["messages"]), usage)
                    return _Stream(relayed, held.pop_all())
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

    async def _relayed(
        self, opened: AsyncIterator[dict[str, Any]], question: str | None, usage: bool
    ) -> AsyncIterator[bytes]:
        relay = Relay()
        try:
            async for event in opened:
                for said in relay.take(event):
                    yield said
            for said in relay.rest():
                yield said
            checking = asyncio.ensure_future(self._checked(relay.answer(), question))
            try:
                async for said in _alive(checking):
                    yield said
                for said in ending(relay.head, checking.result(), usage=usage):
                    yield said
            finally:
                checking.cancel()
        except Refusal as refusal:  # the status is sent already
            yield error_event(msgspec.to_builtins(problem_of(refusal)))

    async def _stream(self, answer: dict[str, Any], question: str | None, usage: bool) -> AsyncIterator[bytes]:
        checking = asyncio.ensure_future(self._checked(answer, question))
        try:
            async for said in _alive(checking):
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
            if self._mode is not Mode.ANNOTATE:  # what was promised to be checked is not handed out unchecked
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
        return with_text(choice, _withheld(wrong, summary.failed, summary.claims), finish="content_filter"), "blocked"


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


async def _alive(work: asyncio.Future[Any]) -> AsyncIterator[bytes]:
    """Wait for work, with a comment now and then, so that the connection stays."""
    while not work.done():
        await asyncio.wait({work}, timeout=ALIVE_SECONDS)
        if not work.done():
            yield b": checking\n\n"


def _withheld(wrong: int, failed: int, claims: int) -> str:
    contradicted = f"{wrong} of its {claims} claims {'is' if wrong == 1 else 'are'} contradicted by the evidence"
    unchecked = f"{failed} of its {claims} claims could not be checked"
    reasons = [text for text, count in ((contradicted, wrong), (unchecked, failed)) if count]
    return f"This answer is withheld: {' and '.join(reasons)}."


def _as_it_is(reply: Reply) -> Response:
    if reply.status != 200 and not 400 <= reply.status < 600:
        raise Refusal(502, "upstream_answer", f"the upstream answered with status {reply.status}")
    headers: Mapping[str, str] = reply.headers
    return Response(reply.body, status_code=reply.status, media_type=JSON, headers=dict(headers))
