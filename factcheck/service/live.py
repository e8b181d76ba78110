"""An answer handed on while the upstream still writes it, by the sentence; what is said of it comes at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from factcheck.service.chat import chunk, pieces
from factcheck.service.problems import Refusal

_MAY_END = re.compile(r"[.!?…。！？；\n]")
_MOST_CHARACTERS = 16 * 1024 * 1024
_HEAD = ("id", "created", "model", "system_fingerprint")


@dataclass(slots=True)
class _Choice:
    index: int
    said: list[str] = field(default_factory=list)
    waiting: str = ""
    other: dict[str, Any] = field(default_factory=dict)
    finish: str | None = None


@dataclass(slots=True)
class Relay:
    """Takes the upstream's events, gives the client's, and knows the whole answer in the end.

    A sentence is handed on when the next one has begun, since only then is its end certain.
    """

    head: dict[str, Any] = field(default_factory=dict)
    usage: Mapping[str, Any] | None = None
    _choices: dict[int, _Choice] = field(default_factory=dict)
    _characters: int = 0

    def take(self, event: Mapping[str, Any]) -> Iterator[bytes]:
        """Yield what an event of the upstream lets go.

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
            choice.waiting += text
            if _MAY_END.search(choice.waiting):
                *whole, choice.waiting = pieces(choice.waiting)
                for sentence in whole:
                    choice.said.append(sentence)
                    yield chunk(self.head, index, {"content": sentence})
        finish = row.get("finish_reason")
        choice.finish = finish if isinstance(finish, str) else choice.finish

    def rest(self) -> Iterator[bytes]:
        """Yield the last sentences.

        Raises:
            Refusal: the upstream ended in the middle of an answer.
        """
        if not self._choices or any(choice.finish is None for choice in self._choices.values()):
            raise Refusal(502, "upstream_answer", "the upstream ended in the middle of its answer")
        for choice in self._choices.values():
            if choice.waiting:
                choice.said.append(choice.waiting)
                yield chunk(self.head, choice.index, {"content": choice.waiting})
                choice.waiting = ""

    def answer(self) -> dict[str, Any]:
        """Return the answer as it would have come in one piece."""
        choices = [
            {
                "index": choice.index,
                "message": {"role": "assistant", **choice.other, "content": "".join(choice.said) or None},
                "finish_reason": choice.finish,
            }
            for choice in self._choices.values()
        ]
        return {**self.head, "object": "chat.completion", "choices": choices, "usage": self.usage}
