"""An answer that the upstream still writes: what of it is whole, what the client gets of that, and what was found."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from factcheck.errors import FactCheckError
from factcheck.follow import Follower, Mode
from factcheck.report import report_to_dict
from factcheck.screen import ScreenAction, acted
from factcheck.service.chat import chunk, pieces
from factcheck.service.problems import Refusal, problem_of, refusal_of
from factcheck.types import Report, Summary

if TYPE_CHECKING:
    from factcheck.service.app import Service

ALIVE_SECONDS = 10.0
"""How often a client that streams hears that its answer is still being checked."""

_MAY_END = re.compile(r"[.!?…。！？；\n]")
_MOST_CHARACTERS = 16 * 1024 * 1024
_HEAD = ("id", "created", "model", "system_fingerprint")


@dataclass(slots=True)
class _Choice:
    index: int
    whole: str = ""
    waiting: str = ""
    speaks: bool = False
    other: dict[str, Any] = field(default_factory=dict)
    finish: str | None = None


@dataclass(slots=True)
class Relay:
    """Takes the upstream's events, and knows what of the answer is whole.

    A sentence is whole when the next one has begun, since only then is its end certain. What is no text, such as a
    role or the call of a tool, goes to the client as it comes.
    """

    head: dict[str, Any] = field(default_factory=dict)
    usage: Mapping[str, Any] | None = None
    _choices: dict[int, _Choice] = field(default_factory=dict)
    _characters: int = 0

    def take(self, event: Mapping[str, Any]) -> Iterator[bytes]:
        """Yield what of an event goes to the client as it is.

        Raises:
            Refusal: it is none, tells of an error, or the answer is too large.
        """
        rows = event.get("choices")
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise Refusal(502, "upstream_answer", "the upstream broke off with an error")
        if not self.head:
            self.head = {**{k: event[k] for k in _HEAD if k in event}, "object": "chat.completion.chunk"}
        if isinstance(event.get("usage"), Mapping):
            self.usage = event["usage"]
        for row in rows:
            yield from self._take(row)

    def _take(self, row: Mapping[str, Any]) -> Iterator[bytes]:
        index = row.get("index", 0)
        choice = self._choices.setdefault(index, _Choice(index))
        delta = row.get("delta")
        other = dict(delta) if isinstance(delta, Mapping) else {}
        text = other.pop("content", None)
        if other:
            choice.other |= other
            yield chunk(self.head, index, other)
        if isinstance(text, str) and text:
            self._characters += len(text)
            if self._characters > _MOST_CHARACTERS:
                raise Refusal(502, "upstream_answer", "the upstream's answer is too large")
            choice.speaks = True
            choice.waiting += text
            if _MAY_END.search(choice.waiting):
                *whole, choice.waiting = pieces(choice.waiting)
                choice.whole += "".join(whole)
        finish = row.get("finish_reason")
        choice.finish = finish if isinstance(finish, str) else choice.finish

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Yield, choice by choice, the sentences that have become whole since the last time, together."""
        for choice in self._choices.values():
            if choice.whole:
                said, choice.whole = choice.whole, ""
                yield choice.index, said

    def rest(self) -> list[tuple[int, str]]:
        """Return, choice by choice, what is left now that no more comes; of each choice with text, if only "".

        Raises:
            Refusal: the upstream ended in the middle of an answer.
        """
        if not self._choices or any(choice.finish is None for choice in self._choices.values()):
            raise Refusal(502, "upstream_answer", "the upstream ended in the middle of its answer")
        return [(c.index, c.whole + c.waiting) for c in self._choices.values() if c.speaks]

    def answer(self, texts: Mapping[int, str]) -> dict[str, Any]:
        """Return the answer as it would have come in one piece, with other texts."""
        choices = [
            {
                "index": choice.index,
                "message": {"role": "assistant", **choice.other, "content": texts.get(choice.index)},
                "finish_reason": choice.finish,
            }
            for choice in self._choices.values()
        ]
        return {**self.head, "object": "chat.completion", "choices": choices, "usage": self.usage}


class Arrivals:
    """What an upstream sends, read as it comes, whatever is done with it meanwhile."""

    def __init__(self, opened: AsyncIterator[dict[str, Any]]) -> None:
        self._events: asyncio.Queue[dict[str, Any] | BaseException | None] = asyncio.Queue()
        self._reading = asyncio.ensure_future(self._read(opened))

    async def next(self) -> tuple[list[dict[str, Any]], bool]:
        """Return everything that has come since, at least one event, and whether it was the last.

        Raises:
            Refusal: the upstream broke off.
        """
        arrived = [await self._events.get()]
        while not self._events.empty():
            arrived.append(self._events.get_nowait())
        for problem in arrived:
            if isinstance(problem, BaseException):
                raise problem
        events = [event for event in arrived if isinstance(event, dict)]
        return events, len(events) < len(arrived)

    def close(self) -> None:
        """Read no more."""
        self._reading.cancel()

    async def _read(self, opened: AsyncIterator[dict[str, Any]]) -> None:
        try:
            async for event in opened:
                self._events.put_nowait(event)
        except Exception as problem:
            self._events.put_nowait(problem)
        else:
            self._events.put_nowait(None)


class Live:
    """Hands on an answer while it is written, every choice followed for itself.

    Attributes:
        over: nothing more is handed on.
    """

    def __init__(self, service: Service, question: str | None, *, choices: int) -> None:
        self._service = service
        self._mode = service.options.mode
        self._question = question
        self._choices = choices
        self._followers: dict[int, Follower] = {}
        self._said: dict[int, str] = {}
        self._reports: dict[int, Report] = {}
        self._problems: dict[int, Refusal] = {}
        self.relay = Relay()
        self.over = False

    async def take(self, index: int, text: str, *, last: bool) -> list[bytes]:
        """Take the next sentences of a choice, and return the events that say what is left of them.

        Raises:
            Refusal: they could not be checked, and are not handed on for that.
        """
        follower = self._followers.get(index)
        if follower is None:
            follower = self._service.checker.follow(self._mode, question=self._question)
            self._followers[index] = follower
        if index in self._reports:  # it has ended
            return []
        try:
            said = await self._next(follower, text, last=last)
        except (Refusal, FactCheckError) as error:
            refusal = error if isinstance(error, Refusal) else refusal_of(error)
            if self._mode is not Mode.ANNOTATE or self._service.options.screens:
                raise refusal from error
            self._problems[index] = refusal
            said = text
        if follower.stopped:
            report = self._reports[index] = await self._service.desk.work(follower.report)
            lead = self._said.get(index, "") + said
            space = "" if not lead or lead.endswith("\n") else "\n\n"
            reason = report.text if acted(report) is ScreenAction.BLOCK else withheld(report.summary, rest=bool(lead))
            said += space + reason
            self.over = sum(f.stopped for f in self._followers.values()) >= self._choices
        self._said[index] = self._said.get(index, "") + said
        return [chunk(self.relay.head, index, {"content": piece}) for piece in pieces(said)]

    async def _next(self, follower: Follower, text: str, *, last: bool) -> str:
        if self._mode is Mode.ANNOTATE and not self._service.options.screens:
            return follower.take(text, last=last)  # nothing is asked of anybody
        return await self._service.desk.work(lambda: follower.take(text, last=last))

    async def verified(self) -> dict[str, Any]:
        """Return the answer as it was handed on, with `verification`.

        Raises:
            Refusal: it could not be checked, and had to be.
        """
        answer = self.relay.answer(self._said)
        rows = [await self._row(choice) for choice in answer["choices"]]
        for row in rows:
            self._service.meters.proxied(self._mode.value, row["action"])
        return {**answer, "verification": {"mode": self._mode.value, "choices": rows}}

    async def _row(self, choice: dict[str, Any]) -> dict[str, Any]:
        index = choice["index"]
        follower = self._followers.get(index)
        if follower is None:
            return {"index": index, "action": "no_text", "report": None, "error": None}
        try:
            if index in self._problems:
                raise self._problems[index]
            if index not in self._reports:
                self._reports[index] = await self._service.desk.work(follower.report)
        except (Refusal, FactCheckError) as error:
            refusal = error if isinstance(error, Refusal) else refusal_of(error)
            if self._mode is not Mode.ANNOTATE:
                raise refusal from error
            problem = msgspec.to_builtins(problem_of(refusal))
            return {"index": index, "action": "unchecked", "report": None, "error": problem}
        report = self._reports[index]
        self._service.meters.judged(report)
        if follower.stopped:
            choice["finish_reason"] = "content_filter"
        action = self._action(follower, report)
        return {"index": index, "action": action, "report": report_to_dict(report), "error": None}

    def _action(self, follower: Follower, report: Report) -> str:
        if follower.stopped:
            return "blocked"
        if self._mode is Mode.REWRITE:
            return "rewritten" if follower.changed else "passed"
        if acted(report) is ScreenAction.REDACT:
            return "redacted"
        return "annotated" if self._mode is Mode.ANNOTATE else "passed"


async def alive(work: asyncio.Future[Any]) -> AsyncIterator[bytes]:
    """Wait for work, with a comment now and then, so that the connection stays."""
    while not work.done():
        await asyncio.wait({work}, timeout=ALIVE_SECONDS)
        if not work.done():
            yield b": checking\n\n"


def withheld(summary: Summary, *, rest: bool = False) -> str:
    """Return what a client reads instead of an answer, or of what is left of it."""
    wrong, failed = summary.refuted + summary.conflicting, summary.failed
    of = f"of {summary.claims} claims so far" if rest else f"of its {summary.claims} claims"
    if summary.claims == 1:
        contradicted, unchecked = "its claim is contradicted by the evidence", "its claim could not be checked"
    else:
        contradicted = f"{wrong} {of} {'is' if wrong == 1 else 'are'} contradicted by the evidence"
        unchecked = f"{failed} {of} could not be checked"
    reasons = [text for text, count in ((contradicted, wrong), (unchecked, failed)) if count]
    return f"{'The rest of this' if rest else 'This'} answer is withheld: {' and '.join(reasons)}."
