"""There is one largest planet: a sentence that says which it is contradicts a claim that says it of another thing.

The noun phrase behind the superlative has to be the same, to its end: the largest moon of Saturn may well be smaller
than another planet's, and the largest inland sea is not the largest sea.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from factcheck.text.naming import names_it
from factcheck.text.stems import STOP, stem
from factcheck.text.tokens import tokenize
from factcheck.types import Span

_RANK = r"(?:(?P<rank>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)[\s-])?"
_MOST = r"(?P<most>(?:most|least)\s+[a-z]+|[a-z]{2,}est)"
_CLAIM = re.compile(
    rf"(?P<who>[^,;:]{{2,60}}?)\s+(?P<verb>is|are|has|have)\s+the\s+{_RANK}{_MOST}\s+(?P<what>[^,;:]{{3,80}}?)[.!]?\s*"
)
_EVIDENCE = re.compile(rf"\bthe\s+{_RANK}{_MOST}\s+")
_END = re.compile(r"[,;:.()–—]|\s(?:and|but|which|that|who|though|although|while|with|because|is|are|was|were|has)\s|$")
_UNCLEAR = re.compile(
    r"\b(?:not|never|no|n['’]t|one of|among|once|until|formerly|former|was|were|had been|some|thought|believed|said|may"
    r"|might|perhaps|depending|if)\b|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Another:
    """Where the evidence says of another thing what the claim says: the whole sentence, and the superlative."""

    sentence: Span
    words: str


def claimed(text: str) -> re.Match[str] | None:
    """Read "S is the largest N"; None for any other form."""
    match = _CLAIM.fullmatch(text)
    return None if match is None or _UNCLEAR.search(text) else match


def another_bearer(claim: re.Match[str], text: str, sentence: Span, title: str) -> Another | None:
    """Find the claim's superlative said of another thing in a sentence of the evidence.

    Args:
        claim: as read by `claimed`.
        text: of the evidence.
        sentence: to be looked at.
        title: of the evidence, which a pronoun stands for.
    """
    who, wanted = claim["who"], _content(claim["what"])
    if not wanted or _UNCLEAR.search(sentence.of(text)):
        return None
    for match in _EVIDENCE.finditer(text, sentence.start, sentence.end):
        if (match["rank"], match["most"].casefold()) != (claim["rank"], claim["most"].casefold()):
            continue
        end = _END.search(text, match.end(), sentence.end)
        stop = sentence.end if end is None else end.start()
        if _content(text[match.end() : stop]) != wanted:
            continue
        about = f"{title} . {sentence.of(text)}"
        if names_it(about, who) or not _says_of_something(text, sentence, match.start(), title):
            continue
        return Another(sentence, match.group().strip())
    return None


def _says_of_something(text: str, sentence: Span, at: int, title: str) -> bool:
    """Say whether something stands before the superlative that it is said of: a name, or a pronoun under a title."""
    before = text[sentence.start : at]
    if re.match(r"\s*(?:it|he|she|they|this|its)\b", before, re.IGNORECASE):
        return bool(title.strip())
    anaphor = re.search(r"\b(?:it|its|they|their|he|she|his|her)\b|\b(?:the|this) [a-z]", before, re.IGNORECASE)
    return re.search(r"\w", before) is not None and (bool(title.strip()) or anaphor is None)


def _content(text: str) -> tuple[str, ...]:
    return tuple(found for token in tokenize(text) if token not in STOP and (found := stem(token)) not in STOP)
