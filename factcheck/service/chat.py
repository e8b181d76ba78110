"""The layout of the OpenAI chat API: what is asked, and answers as whole objects and as events."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from factcheck.text.sentences import split_sentences


def question_of(messages: Sequence[Mapping[str, Any]]) -> str | None:
    """Return what the user asked last: text, or the text parts of a message."""
    for message in reversed(messages):
        if message.get("role") != "user":
            continue
        content = message.get("content")
        if isinstance(content, str):
            return content or None
        if isinstance(content, list):
            parts = [p.get("text", "") for p in content if isinstance(p, Mapping) and p.get("type") == "text"]
            return "\n".join(p for p in parts if isinstance(p, str)) or None
        return None
    return None


def text_of(choice: Mapping[str, Any]) -> str | None:
    """Return the text of a choice; None where it calls tools or says nothing."""
    message = choice.get("message")
    content = message.get("content") if isinstance(message, Mapping) else None
    return content if isinstance(content, str) and content.strip() else None


def with_text(choice: Mapping[str, Any], text: str, *, finish: str | None = None) -> dict[str, Any]:
    """Return a choice that says something else; log probabilities of what it said before go."""
    message = {**choice["message"], "content": text}
    changed = {**choice, "message": message}
    if "logprobs" in changed:
        changed["logprobs"] = None
    if finish is not None:
        changed["finish_reason"] = finish
    return changed


def events(answer: Mapping[str, Any], *, usage: bool) -> Iterator[bytes]:
    """Yield an answer as the events of a stream, text by the sentence; what joins two sentences ends the first.

    Args:
        answer: whole, with `verification`; it goes with the last event that holds choices.
        usage: whether the client asked for an event with the usage.
    """
    head = {key: answer[key] for key in ("id", "created", "model", "system_fingerprint") if key in answer}
    head["object"] = "chat.completion.chunk"
    choices = [choice for choice in answer.get("choices", []) if isinstance(choice, Mapping)]
    for choice in choices:
        message = choice.get("message")
        said = dict(message) if isinstance(message, Mapping) else {}
        content = said.pop("content", None)
        opening = {"role": "assistant", **said}
        if isinstance(opening.get("tool_calls"), list):
            opening["tool_calls"] = [{"index": i, **call} for i, call in enumerate(opening["tool_calls"])]
        yield _event(head, choice, {**opening, "content": "" if isinstance(content, str) else None})
        if isinstance(content, str):
            for piece in pieces(content):
                yield _event(head, choice, {"content": piece})
    yield from ending(head, answer, usage=usage)


def ending(head: Mapping[str, Any], answer: Mapping[str, Any], *, usage: bool) -> Iterator[bytes]:
    """Yield the events after the text: why each choice ended, `verification` with the last of them, the usage."""
    choices = [choice for choice in answer.get("choices", []) if isinstance(choice, Mapping)]
    for number, choice in enumerate(choices, 1):
        last = number == len(choices)
        extra = {"verification": answer["verification"]} if last else {}
        yield _event({**head, **extra}, choice, {}, finish=choice.get("finish_reason") or "stop")
    if usage and answer.get("usage") is not None:
        yield _data({**head, "choices": [], "usage": answer["usage"]})
    yield b"data: [DONE]\n\n"


def chunk(head: Mapping[str, Any], index: int, delta: Mapping[str, Any]) -> bytes:
    """Return one event that says something of one choice."""
    return _event(head, {"index": index}, delta)


def pieces(text: str) -> list[str]:
    """Cut a text into its sentences, with the white space behind each; together they are the text to the byte."""
    starts = [span.start for span in split_sentences(text)][1:]
    cuts = [0, *starts, len(text)]
    return [text[a:b] for a, b in itertools.pairwise(cuts) if b > a]


def error_event(problem: Mapping[str, Any]) -> bytes:
    """Return what tells a client in the middle of a stream that it will not be finished."""
    return _data({"error": dict(problem)})


def _event(
    head: Mapping[str, Any], choice: Mapping[str, Any], delta: Mapping[str, Any], *, finish: str | None = None
) -> bytes:
    row = {"index": choice.get("index", 0), "delta": delta, "finish_reason": finish}
    return _data({**head, "choices": [row]})


def _data(value: Mapping[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(value) + b"\n\n"
