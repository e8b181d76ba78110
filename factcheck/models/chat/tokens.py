"""How many tokens a text will take, before a model has counted them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from factcheck.types import ChatRequest, Message, Usage

_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_PER_MESSAGE = 4


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text takes: one for four characters, one for each Chinese, Japanese or Korean one.

    Rounded up, so that short texts are not free. An estimate, to plan with; what was spent comes from the model.
    """
    wide = len(_WIDE.findall(text))
    return wide + -(-(len(text) - wide) // 4)


def estimate_messages(messages: Iterable[Message]) -> int:
    """Return about how many tokens a prompt takes, the marks of its turns included."""
    return sum(estimate_tokens(message.content) + _PER_MESSAGE for message in messages)


def estimate_usage(request: ChatRequest, answer: str) -> Usage:
    """Return about what an exchange took, for servers that do not say."""
    return Usage(prompt_tokens=estimate_messages(request.messages), completion_tokens=estimate_tokens(answer))
