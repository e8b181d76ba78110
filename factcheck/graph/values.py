"""Values of facts in the words of a claim: is what the graph has of a subject said anywhere?

Looking for the few values that the graph holds is surer than guessing which words are a value: "asphalt", "18L/36R" and
"12,467 feet" are found although no list of names or pattern of numbers would point at them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from factcheck.graph.names import NameToken, is_function_word, key_of, name_tokens, shorter_names
from factcheck.graph.vocabulary import XSD, literal_parts
from factcheck.text.dates import DateReading, Granularity, find_dates
from factcheck.text.quantities import Quantity, find_quantities
from factcheck.types import Span

_MAX_LITERAL = 200
_MIN_ALIKE = 90.0
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMBER_TYPES = frozenset(
    XSD + name
    for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger", "positiveInteger")
)
_DATE_TYPES = frozenset(XSD + name for name in ("gYear", "gYearMonth", "date", "dateTime"))


class ClaimWords:
    """A claim's tokens with their places, for looking things up in it again and again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: Sequence[NameToken] = name_tokens(text)
        self._words = [_singular(token.text) for token in self.tokens]

    def find(self, key: str, taken: Iterable[Span] = ()) -> Span | None:
        """Return the first place outside of `taken` where the words of a key stand in one stretch."""
        wanted = [_singular(word) for word in key.split()]
        blocked = list(taken)
        first = wanted[0] if wanted else None
        for at, word in enumerate(self._words):
            if word == first and self._words[at : at + len(wanted)] == wanted:
                span = Span(start=self.tokens[at].start, end=self.tokens[at + len(wanted) - 1].end)
                if not any(span.overlaps(other) for other in blocked):
                    return span
        return None

    def find_purpose(self, label: str, taken: Iterable[Span]) -> Span | None:
        """Return where a phrase that opens with a verb stands behind "for": "for cutting paper" says "cut paper"."""
        wanted = [_singular(word) for word in label.split()] if label.islower() else []
        blocked = list(taken)
        for at in range(1, len(self.tokens) - len(wanted) + 1) if wanted else ():
            verb = self.tokens[at].text
            same = verb.endswith("ing") and self.tokens[at - 1].text == "for" and _base(verb[:-3]) == _base(wanted[0])
            if same and self._words[at + 1 : at + len(wanted)] == wanted[1:]:
                span = Span(start=self.tokens[at].start, end=self.tokens[at + len(wanted) - 1].end)
                if not any(span.overlaps(other) for other in blocked):
                    return span
        return None


def _base(verb: str) -> str:
    """Return a verb as both "bak" (of baking) and "bake", "cutt" and "cut" look."""
    verb = verb.removesuffix("e")
    return verb[:-1] if len(verb) > 3 and verb[-1] == verb[-2] and verb[-1] not in "ls" else verb


@lru_cache(65_536)
def _singular(word: str) -> str:
    """Bring plural and singular together; no more, since a value is sought and not a topic."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


@lru_cache(64)
def words_of(text: str) -> ClaimWords:
    """Return the words of a claim; remembered, since many values are sought in one."""
    return ClaimWords(text)


def find_name(label: str, text: str, taken: Iterable[Span], owner: str = "") -> tuple[Span, bool] | None:
    """Find a name, or a shorter form of it, in a claim.

    Args:
        label: the name.
        text: the claim.
        taken: parts of the claim that are something else.
        owner: the name of what it is a value of.

    Returns:
        Where it stands, and whether it is spelt the same; None where it is not said.
    """
    words, blocked = words_of(text), list(taken)
    for name in (label, *shorter_names(label, owner)):
        key = _key(name)
        if key is None or is_function_word(key) or len(key) < 3:
            continue
        span = words.find(key, blocked)
        if span is not None:
            return span, True
    purpose = words.find_purpose(label, blocked)
    if purpose is not None:
        return purpose, True
    alike = _alike(label, text)
    if alike is not None and not any(alike.overlaps(other) for other in blocked):
        return alike, False
    return None


@lru_cache(65_536)
def _key(name: str) -> str | None:
    return key_of(name)


def _alike(label: str, text: str) -> Span | None:
    """Find a name of some length that differs by a slip or two; its figures must be the same."""
    if not 7 <= len(label) <= len(text) or not label.isascii():
        return None
    from rapidfuzz import fuzz

    folded = text.lower()
    found = fuzz.partial_ratio_alignment(label.lower(), folded, score_cutoff=_MIN_ALIKE)
    if found is None or found.dest_end - found.dest_start < len(label) - 2:
        return None
    start, end = found.dest_start, found.dest_end
    while end < len(text) and text[end].isalnum() and end - found.dest_end < 2:
        end += 1
    while start < end and not text[start].isalnum():
        start += 1
    cut = (start and text[start - 1].isalnum()) or (end < len(text) and text[end].isalnum())
    same_figures = re.findall(r"\d+", label) == re.findall(r"\d+", text[start:end])
    same_first = folded[start] == label[0].lower()
    return None if cut or not same_figures or not same_first else Span(start=start, end=end)


def find_literal(term: str, text: str, taken: Iterable[Span]) -> Span | None:
    """Find the value of a literal in a claim, written in any usual way; None where it is not said."""
    value = literal_parts(term)
    blocked = list(taken)
    if not value.text or len(value.text) > _MAX_LITERAL:
        return None
    if value.datatype in _NUMBER_TYPES:
        return _find_number(value.text, text, blocked)
    date = _DATE.fullmatch(value.text)
    if date is not None:
        wanted = int(date[1]), int(date[2]), int(date[3])
        return next(
            (d.span for d in _dates(text) if d.valid and d.granularity is Granularity.DAY and d.start == wanted), None
        )
    measure = re.fullmatch(r"([\d.,]+)\s*\(.*\)", value.text)
    if measure is not None:
        return _find_number(measure[1].replace(",", ""), text, blocked)
    found = find_name(value.text, text, blocked)
    return None if found is None else found[0]


def is_measured(term: str) -> bool:
    """Say whether a literal is a number or a date, which are compared and not only found."""
    value = literal_parts(term)
    return value.datatype in _NUMBER_TYPES or value.datatype in _DATE_TYPES


def _find_number(value: str, text: str, blocked: Sequence[Span]) -> Span | None:
    if not _NUMBER.fullmatch(value):
        return None
    wanted = Fraction(value)
    for quantity in _quantities(text):
        within = any(quantity.number.overlaps(other) for other in blocked)
        if not within and quantity.low == quantity.high == wanted:
            return quantity.number
    for token in words_of(text).tokens:
        span = Span(start=token.start, end=token.end)
        same = _NUMBER.fullmatch(token.text) is not None and Fraction(token.text) == wanted
        if same and not any(span.overlaps(other) for other in blocked):
            return span
    return None


@lru_cache(64)
def _dates(text: str) -> tuple[DateReading, ...]:
    return tuple(find_dates(text))


@lru_cache(64)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(find_quantities(text, _dates(text)))
