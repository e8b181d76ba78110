"""The time that a claim speaks of against the periods in which a fact holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from factcheck.graph.periods import NOW
from factcheck.text.dates import DateQualifier, DateReading, Day, Granularity, find_dates
from factcheck.types import Fact, Period, Span
from factcheck.verify.literals import interval_of

_PRESENT = re.compile(r"\b(?:is|are|has|have|lives|plays|works|leads|holds|serves|owns|governs)\b", re.I)
_PAST = re.compile(r"\b(?:was|were|had|used to|served|played|worked|led|held|became|\w+ed)\b", re.I)
_LEAD = re.compile(r"\b(?:since|from|until|till|as of|in|before|after|by)\s+(?:the\s+)?$", re.I)
_FIRST, _LAST = (-9999, 1, 1), (9999, 12, 31)


class Timing(StrEnum):
    """What the periods of a fact say of the claim's time."""

    OPEN = "open"
    HOLDS = "holds"
    NOT_THEN = "not then"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class TimeCheck:
    """The outcome, and the words of the claim that it rests on."""

    timing: Timing
    span: Span | None = None


def check_time(fact: Fact, text: str, names: Sequence[Span], today: date) -> TimeCheck:
    """Compare a fact's periods with the time that the claim speaks of.

    Args:
        fact: with its periods; without any the time is open.
        text: the claim.
        names: parts of the claim in which figures are no dates.
        today: what "currently" means.

    Returns:
        HOLDS or NOT_THEN where the claim names a time, or says "currently"; UNSURE where it speaks in the present of
        what has ended, or names several times.
    """
    periods = [bounds for period in fact.periods if (bounds := _bounds(period)) is not None]
    if not periods:
        return TimeCheck(Timing.OPEN)
    dates = [
        d for d in find_dates(text) if d.valid and d.year_known and not any(d.span.overlaps(name) for name in names)
    ]
    if not dates:
        return _without_date(periods, text, (today.year, today.month, today.day))
    if len(dates) > 1:
        return TimeCheck(Timing.UNSURE, dates[0].span)
    said = dates[0]
    lead = _LEAD.search(text[: said.span.start])
    whole = Span(start=said.span.start if lead is None else lead.start(), end=said.span.end)
    spanned = said.granularity is Granularity.RANGE and lead is not None and lead.group().strip().lower() == "from"
    fits = [_spans(said, start, end) if spanned else _fits(said, start, end) for start, end in periods]
    if any(fit is True for fit in fits):
        return TimeCheck(Timing.HOLDS, whole)
    return TimeCheck(Timing.NOT_THEN if all(fit is False for fit in fits) else Timing.UNSURE, whole)


def _without_date(periods: Sequence[tuple[Day, Day]], text: str, today: Day) -> TimeCheck:
    holds = any(start <= today <= end for start, end in periods)
    now = NOW.search(text)
    if now is not None:
        span = Span(start=now.start(), end=now.end())
        return TimeCheck(Timing.HOLDS if holds else Timing.NOT_THEN, span)
    present = _PRESENT.search(text) is not None and _PAST.search(text) is None
    return TimeCheck(Timing.UNSURE if present and not holds else Timing.OPEN)


def _bounds(period: Period) -> tuple[Day, Day] | None:
    start = _FIRST if period.start is None else (interval_of(period.start) or (None,))[0]
    end = _LAST if period.end is None else (interval_of(period.end) or (None, None))[-1]
    return None if start is None or end is None or start > end else (start, end)


def _spans(said: DateReading, start: Day, end: Day) -> bool | None:
    """Say whether "from 2001 to 2005" is when something began and ended; None where the graph does not say both."""
    if start == _FIRST or end == _LAST:
        return None
    return said.start <= start and end <= said.end and (start[0], end[0]) == (said.start[0], said.end[0])


def _fits(said: DateReading, start: Day, end: Day) -> bool | None:
    """Say whether a date of the claim fits a period; None where nothing should be said."""
    if said.qualifier is DateQualifier.SINCE:
        return True if said.start <= start <= said.end else False if start != _FIRST else None
    if said.qualifier is DateQualifier.UNTIL:
        return True if said.start <= end <= said.end else False if end != _LAST else None
    if said.qualifier in (DateQualifier.NONE, DateQualifier.AS_OF):
        return said.start <= end and start <= said.end
    if said.qualifier is DateQualifier.BEFORE:
        return start < said.start
    if said.qualifier is DateQualifier.AFTER:
        return end > said.end
    return None
