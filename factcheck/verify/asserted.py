"""Whether a claim states its values plainly: affirmed or denied, and not asked, supposed, reported or predicted."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEGATION = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|be)(?:\s+not|n['’]t)\b|\bnever\b|\bcannot\b"
    r"|\bno longer\b|不是|並非|并非|沒有|没有|並不|并不|從未|从未|未曾",
    re.IGNORECASE,
)
_ANY_NEGATION = re.compile(
    r"\bnot\b|n['’]t\b|\bnever\b|\bno longer\b|\bno\b|\bneither\b|\bnor\b|\bwithout\b|\bfalse(?:ly)?\b"
    r"|\bdenied\b|\bmyth\b"
    r"|\brefused\b|\bunable\b|\bincapable\b|\bfailed\b|不|沒|没|未|非|無|无",
    re.IGNORECASE,
)
# "All That You Can't Leave Behind", "The Night Never Ends": within a sentence small words have no capital.
_IN_TITLE = re.compile(r"(?<=[\w,;:)] )(?:No|Not|Never|Without|[A-Z][a-z]+n['’]t)(?= [A-Z])")
# "No more than 150 people" denies nothing.
_BOUNDING = re.compile(r"\b(?:no|not) (?:more|less|fewer|later|earlier|sooner) than\b", re.IGNORECASE)

NOT_A_STATEMENT = re.compile(r"\?\s*$|？\s*$|^\s*(?:if|suppose|imagine)\b", re.IGNORECASE)


_SUPPOSED = re.compile(
    r"\b(?:(?-i:may)|might|could|would|should|perhaps|probably|possibly|maybe)\b|可能|也許|也许|或許|或许",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:reportedly|allegedly|supposedly|likely|expected to|predicted|projected|estimates? that|according to)\b"
    r"|據說|据说|預計|预计",
    re.IGNORECASE,
)


def is_asserted(text: str) -> bool:
    """Say whether a claim states its numbers plainly: affirmed, not asked, supposed or predicted."""
    text = _BOUNDING.sub(" ", _IN_TITLE.sub(" ", text))
    return not (
        NOT_A_STATEMENT.search(text) or _ANY_NEGATION.search(text) or _SUPPOSED.search(text) or _REPORTED.search(text)
    )


@dataclass(frozen=True, slots=True)
class ClaimPolarity:
    """Whether a claim denies, and whether it states its values plainly."""

    negated: bool
    asserted: bool


def polarity_of_claim(text: str) -> ClaimPolarity | None:
    """Read the polarity; None for what states nothing, or where it cannot be told what is denied."""
    if NOT_A_STATEMENT.search(text) or _SUPPOSED.search(text):
        return None
    text = _BOUNDING.sub(" ", _IN_TITLE.sub(" ", text))
    negations, plain = _ANY_NEGATION.findall(text), _NEGATION.findall(text)
    if len(negations) > 1 or (negations and not plain):
        return None
    return ClaimPolarity(negated=bool(plain), asserted=is_asserted(text))


def is_denied(text: str) -> bool:
    """Say whether a sentence of the evidence denies something, whatever it is."""
    return (_ANY_NEGATION if text.isascii() else _NEGATION).search(text) is not None
