"""What a plain denial denies: "Denmark does not use the euro" denies that Denmark does use it."""

from __future__ import annotations

import re

_VERB = r"is|are|was|were|do|does|did|has|have|had|can|could|will|would"
_FORMS = (
    (re.compile(rf"\b({_VERB})(?:\s+not|n['’]t)\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bcannot\b", re.IGNORECASE), "can"),
    (re.compile(r"\s+never\b", re.IGNORECASE), ""),
    (re.compile(r"^(?:Nobody|No one)\b(?! (?:has|is|was))"), "People"),
    (re.compile(r"\b(has|have|had) no\b", re.IGNORECASE), r"\1"),
)
_DENIES = re.compile(r"\b(?:not|never|no|nobody|none|neither|nor|without|cannot|longer)\b|n['’]t\b", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\b(?:no longer|not only|not until|any ?more|but|because|although|unless|which|who|that)\b|[?;,]", re.IGNORECASE
)


def denied(text: str) -> str | None:
    """Return the sentence that a sentence denies; None where it denies nothing, more than once, or unclearly."""
    if _UNCLEAR.search(text) or len(_DENIES.findall(text)) != 1:
        return None
    for pattern, instead in _FORMS:
        found, count = pattern.subn(instead, text, count=1)
        if count:
            return found
    return None
