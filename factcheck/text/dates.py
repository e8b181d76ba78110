"""Dates in a text, as intervals with a granularity: nothing is guessed that is not written.

A day, a month, a year, a decade and a century are all the same thing here, a first and a last day in the proleptic
calendar with astronomical years (1 BC is 0, 44 BC is -43), so that "in the 1990s" and "on 5 May 1997" can be compared.
A date that does not exist ("30 February 1999") is reported as invalid and never moved to one that does. A bare number
is a year only where its place in the sentence says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from factcheck.text.date_patterns import DASH, DATE
from factcheck.text.date_readings import DateQualifier, DateReading, Day, Granularity, narrowed, read_match
from factcheck.text.numbers import fold
from factcheck.types import Span

__all__ = ["DateQualifier", "DateReading", "Day", "Granularity", "find_dates"]

_FAR = 9999
_PRESENT = re.compile(rf"{DASH}(?:the\s)?(?:present|today|now|date|ongoing)\b", re.IGNORECASE)
_OPEN_END = re.compile(r"\s?[–—-]{1,2}\s?(?=\)|$|,)")
_SHORT_END = re.compile(r"(?:\s?(?:--|[–—-])\s?)(\d{2})(?![\d-]|[.,]\d)")
_JOIN = re.compile(
    r",?\s{0,2}(?:--?|[–—~]|to|until|till|through|至|到|and)(?:\s{0,2}(?:the|late|early|in|on)\s{1,2})?\s{0,2}",
    re.IGNORECASE,
)

_BETWEEN = re.compile(r"\b(?:between|from)\s(?:the\s)?(?:years?\s)?(?:early\s|late\s|mid[\s-])?$", re.IGNORECASE)
_BEFORE_WORDS = re.compile(
    r"""(?:
      (?P<before>\b(?:before|prior\sto|earlier\sthan|preceding)|早於|早于)
    | (?P<after>\b(?:after|later\sthan|following|following)|晚於|晚于)
    | (?P<since>\b(?:since|starting\s(?:in|from)|beginning\s(?:in|from)|not\sbefore|no\searlier\sthan|from)|自從?|自从)
    | (?P<until>\b(?:until|till|up\sto|through|up\suntil)|直到|直至|到)
    | (?P<asof>\bas\s(?:of|at)|截至|截止)
    | (?P<by>\b(?:by|no\slater\sthan|not\safter))
    | (?P<around>\b(?:around|about|circa|c\.|ca\.|approximately|roughly|near)|大約|大约|約|约)
    )\s{0,2}(?:at\sleast\s)?(?:the\s)?(?:(?:beginning|end|start|close|middle)\sof\s)?(?:the\s)?(?:year\s)?
      (?:(?:early|mid|late)[\s-])?\s{0,2}$""",
    re.VERBOSE | re.IGNORECASE,
)

_HANZI_AFTER = re.compile(
    r"(?P<after>以?後|以?后)|(?P<before>以?前(?!往))|(?P<since>以?[來来]|起|開始|开始)|(?P<until>為?止)"
)


def find_dates(text: str) -> list[DateReading]:
    """Find every date of `text`, in order and without overlap, in linear time."""
    folded = fold(text)
    single = list(_singles(folded))
    return list(_ranges(folded, single))


def _singles(text: str) -> Iterator[DateReading]:
    at = 0
    for match in DATE.finditer(text):
        if match.start() < at:
            continue
        reading = read_match(text, match)
        if reading is None:
            continue
        reading = _qualified(text, reading)
        at = reading.span.end
        yield reading


def _ranges(text: str, singles: list[DateReading]) -> Iterator[DateReading]:
    """Join what stands on both sides of a dash, or between "from" and "to", and close ranges that are cut short."""
    index = 0
    while index < len(singles):
        first = singles[index]
        index += 1
        following = singles[index] if index < len(singles) else None
        if following is not None and following.span.start - first.span.end <= 24:
            between = text[first.span.end : following.span.start]
            joint = _JOIN.fullmatch(between)
            lead = _BETWEEN.search(text[max(0, first.span.start - 24) : first.span.start])
            words = between.strip().lower()
            if joint and not words.startswith("and"):
                joined = _join(text, first, following, lead is not None)
                if joined is not None:
                    index += 1
                    yield joined
                    continue
            if joint and words.startswith("and") and lead and lead.group().lower().startswith("between"):
                joined = _join(text, first, following, True)
                if joined is not None:
                    index += 1
                    yield joined
                    continue
        if first.granularity is Granularity.YEAR and first.year_known:
            short = _SHORT_END.match(text, first.span.end)
            last = first.year // 100 * 100 + int(short[1]) if short else 0
            if short and first.year < last and first.year > 99:
                span = Span(start=first.span.start, end=short.end())
                yield replace(first, span=span, end=(last, 12, 31), granularity=Granularity.RANGE, form="range")
                continue
        present = _PRESENT.match(text, first.span.end) or (
            _OPEN_END.match(text, first.span.end) if first.granularity is Granularity.YEAR else None
        )
        if present and first.year_known:
            span = Span(start=first.span.start, end=first.span.end + len(present.group().rstrip()))
            yield replace(first, span=span, end=(_FAR, 12, 31), granularity=Granularity.RANGE, form="open")
            continue
        yield first


def _join(text: str, first: DateReading, second: DateReading, introduced: bool) -> DateReading | None:
    """Make one range of two dates; None where they are not the two ends of one."""
    if not second.year_known and first.year_known:
        return None
    if not first.year_known:
        if not second.year_known:
            return None
        year = second.start[0]
        first = replace(first, start=(year, *first.start[1:]), end=(year, *first.end[1:]), year_known=True)
    between = text[first.span.end : second.span.start].strip().lower()
    if between in {"to", "until", "till", "through"} and not introduced and first.granularity is not second.granularity:
        return None
    if first.start > second.end:
        return None
    return replace(
        first,
        span=Span(start=first.span.start, end=second.span.end),
        end=second.end,
        granularity=Granularity.RANGE,
        qualifier=DateQualifier.NONE,
        valid=first.valid and second.valid,
        form="range",
    )


def _qualified(text: str, reading: DateReading) -> DateReading:
    """Read the words before a date, and in Chinese those after it."""
    before = text[max(0, reading.span.start - 48) : reading.span.start]
    if reading.granularity is Granularity.RANGE:
        return reading
    if not reading.part and reading.granularity is Granularity.YEAR:
        reading = narrowed(text, reading)
    match = _BEFORE_WORDS.search(before)
    if match and match.lastgroup:
        name = "as of" if match.lastgroup == "asof" else match.lastgroup
        return replace(reading, qualifier=DateQualifier(name))
    if reading.form.startswith("hanzi"):
        after = _HANZI_AFTER.match(text, reading.span.end)
        if after and after.lastgroup:
            return replace(reading, qualifier=DateQualifier(after.lastgroup))
    return reading
