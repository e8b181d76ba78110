"""Who does what to whom: which name of a claim is the subject of a property, and which its value.

The forms that are read: "S verb O", "O was verbed by S", "the noun of S is O", "O is the noun of S", "S's noun is O",
"O is S's noun", and the Chinese "S的N是O", "O是S的N". Where a claim has another form, the reading says that it is
unsure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.graph.relations import PREPOSITIONS
from factcheck.types import Mention, RelationMatch, Span

_POSSESSIVE = re.compile(r"(?:['’]s?|的|之)\s*(?:(?:own|first|official|current|main)\s+)?$")
_COPULA = re.compile(
    r"^[\s,]*(?:(?:(?:is|are|was|were)(?:n['’]t)?|became|remains|as|being)\b[\w\s,'’-]*|,\s*(?:the|a|an)?\s*|[\s（(]*|(?:就|並|并|不)?是\w?|為|为|叫)$",
    re.I,
)
_OF = re.compile(r"^\s+(?:of|for)\s+(?:the\s+)?(?:(?-i:[a-z]+)[\s,]+(?:of\s+)?(?:the\s+)?){0,4}['\"“‘]?$", re.I)
_IN = re.compile(r"^\s+(?:in|at|on|aboard|to|from|within)\s+(?:the\s+)?(?:(?-i:[a-z]+)[\s,]+){0,3}['\"“‘]?$", re.I)
_THE = re.compile(r"\b(?:the|a|an|one of the|an?\s+\w+|the\s+(?:main|key|official|largest|spoken))\s+$", re.I)
_AFTER_OF = re.compile(r"^\s*(?:the\s+|a\s+|an\s+)?(?:\w+\s+(?:of\s+)?(?:the\s+)?)?$", re.I)
_DEPENDS = re.compile(r"\b(?:of|in|from|by|for|with|at|near|on|to)\s+(?:the\s+)?$", re.I)
_APPOSED = re.compile(
    r"\b(?:city|town|village|municipality|state|country|nation|kingdom|republic|province|county|region|island|planet"
    r"|continent|river|lake|capital city)\s+of\s+(?:the\s+)?$",
    re.I,
)
_OWNS = re.compile(r"['’]s?(?!\w)\s+\w|的\w")
_BY = re.compile(r"^\s+(?:[\w-]+\s+){0,3}?by\b", re.I)


@dataclass(frozen=True, slots=True)
class Reading:
    """A property with the names in its places, turned so that the property's own direction holds.

    Attributes:
        subject: what the claim says it of; None where no name stands in that place.
        value: what it says, if that is a name.
        sure: the claim has a form that leaves no other reading.
    """

    match: RelationMatch
    subject: Mention | None
    value: Mention | None
    sure: bool

    @property
    def window(self) -> Span:
        """From the first to the last of subject, phrase and value."""
        spans = [m.span for m in (self.subject, self.value) if m is not None]
        if self.match.span is not None:
            spans.append(self.match.span)
        return Span(start=min(s.start for s in spans), end=max(s.end for s in spans))


def depends(text: str, name: Span) -> bool:
    """Say whether a name stands behind a preposition, so that the sentence is about something of it."""
    before = text[max(0, name.start - 60) : name.start]
    return _DEPENDS.search(before) is not None and _APPOSED.search(before) is None


def _is_apposition(text: str, phrase: Span, name: Span) -> bool:
    """Say whether the words of the property say what kind of thing the name is, behind a preposition."""
    lead = re.search(
        r"\b(?:in|on|from|within|at|to)\s+(?:the\s+)?$", text[max(0, phrase.start - 20) : phrase.start], re.I
    )
    own = re.match(r"(?:in|on|from|within|at|to)\s+(?:the\s+)?\w", phrase.of(text), re.I)
    named = _APPOSED.search(text[phrase.start : name.start]) is not None
    return (lead is not None or own is not None) and named


def read_roles(text: str, mentions: Sequence[Mention], match: RelationMatch) -> Reading:
    """Say which of the mentions are the property's subject and value."""
    subject, value, sure = _places(text, mentions, match)
    if match.inverted:
        subject, value = value, subject
    return Reading(match, subject, value, sure and (subject is not None or value is not None))


def _places(
    text: str, mentions: Sequence[Mention], match: RelationMatch
) -> tuple[Mention | None, Mention | None, bool]:
    span = match.span
    if span is None:
        return (mentions[0], mentions[1], False) if len(mentions) == 2 else (None, None, False)
    left = [m for m in mentions if m.span.end <= span.start]
    right = [m for m in mentions if m.span.start >= span.end]
    inside = [m for m in mentions if m.span.overlaps(span)]
    before = left[-1] if left else None
    if inside:  # "invented the telephone in": the name inside comes after the verb
        return before, inside[0], len(inside) == 1 and before is not None
    after = right[0] if right else None
    last_word = re.findall(r"\w+", span.of(text).lower())[-1:]
    ends_in_of = last_word == ["of"]
    if after is not None and before is not None and _is_apposition(text, span, after.span):
        return before, after, not depends(text, before.span)  # "is in the city of O": O is the city
    following = text[span.end : after.span.start] if after is not None else ""

    holds = _OF.match(following) or (_IN.match(following) and _THE.search(text[: span.start]))
    if after is not None and not (last_word and last_word[0] in PREPOSITIONS) and holds:
        other, sure = _other_side(text, span, left, right)
        return after, other, sure
    if ends_in_of and after is not None and _AFTER_OF.match(following):
        other, sure = _other_side(text, span, left, right)
        return other, after, sure
    if before is not None and _POSSESSIVE.search(text[before.span.end : span.start]):
        if after is not None:
            return before, after, _COPULA.match(following) is not None
        second = left[-2] if len(left) > 1 else None
        linked = second is not None and _COPULA.match(text[second.span.end : before.span.start]) is not None
        return before, second, linked
    if last_word != ["by"] and _BY.match(text[span.end : span.end + 60]) and after is not None:
        return after, before, before is not None
    if before is None and len(right) > 1:
        return None, after, False
    # "The mother of S was born in O", "S's mother ...", "... in O's suburbs": the names stand in other places then.
    sure = before is not None and not depends(text, before.span)
    sure = sure and not _looks_passive(text, span, match)
    sure = sure and not any(m is not None and _OWNS.match(text[m.span.end :]) for m in (before, after))
    return before, after, sure


def _looks_passive(text: str, span: Span, match: RelationMatch) -> bool:
    """Say whether a verb stands in the passive that the property's name does not: "is contained within"."""
    words = re.findall(r"[a-z]+", span.of(text).lower())
    if not words or not words[0].endswith("ed") or words[0] in match.relation.label.lower().split():
        return False
    return len(words) == 1 and re.search(r"\b(?:is|are|was|were|been|being)\s+$", text[: span.start], re.I) is not None


def _other_side(
    text: str, span: Span, left: Sequence[Mention], right: Sequence[Mention]
) -> tuple[Mention | None, bool]:
    """Find what "the capital of X" is said to be: before the phrase, or behind X."""
    if left and _COPULA.match(text[left[-1].span.end : span.start]):
        return left[-1], True
    if len(right) > 1 and _COPULA.match(text[right[0].span.end : right[1].span.start]):
        return right[1], not left
    if left and len(right) == 1:
        return left[-1], False
    return None, False
