"""What an endpoint answered, read as data: servers differ in what they leave out."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator
from typing import Any

from factcheck.models.chat.tokens import estimate_usage
from factcheck.types import ChatRequest, Completion, TokenProbability, Usage


class MalformedAnswerError(Exception):
    """The answer is no chat completion; it is asked for again, as after half a body."""


def read_answer(response: Any, request: ChatRequest, name: str, seconds: float) -> Completion:
    """Return the completion that a response holds.

    Args:
        response: what the client made of the body; a body that is no JSON object comes as a string.
        request: what was asked.
        name: of the model.
        seconds: it took.

    Raises:
        MalformedAnswerError: there is no text in it.
    """
    choices = getattr(response, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(choice, "message", None)
    text = getattr(message, "content", None)
    if choice is None or message is None or not isinstance(text, str | None):
        raise MalformedAnswerError("the body is no chat completion")
    answer = text or ""
    usage = getattr(response, "usage", None)
    prompt, completion = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    counted = isinstance(prompt, int) and isinstance(completion, int) and prompt >= 0 and completion >= 0
    return Completion(
        text=answer,
        usage=Usage(prompt_tokens=prompt or 0, completion_tokens=completion or 0)
        if counted
        else estimate_usage(request, answer),
        finish_reason=str(getattr(choice, "finish_reason", None) or "stop"),
        model=name,
        seconds=seconds,
        tokens=_probabilities(getattr(choice, "logprobs", None)),
    )


async def read_pieces(chunks: Any) -> AsyncGenerator[str, None]:
    """Yield the text of each chunk of a streamed answer, and close the connection at the end."""
    try:
        async for chunk in chunks:
            choices = getattr(chunk, "choices", None)
            delta = getattr(choices[0], "delta", None) if choices else None
            piece = getattr(delta, "content", None)
            if isinstance(piece, str) and piece:
                yield piece
    finally:
        await chunks.close()


def _probabilities(logprobs: Any) -> tuple[TokenProbability, ...]:
    content = getattr(logprobs, "content", None)
    if not isinstance(content, list):
        return ()
    found = []
    for token in content:
        text, value = getattr(token, "token", None), getattr(token, "logprob", None)
        if isinstance(text, str) and isinstance(value, int | float) and not math.isnan(value):
            found.append(TokenProbability(text=text, probability=min(math.exp(min(value, 0.0)), 1.0)))
    return tuple(found)
