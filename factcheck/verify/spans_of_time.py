"""Durations and ages that the evidence does not state but gives the two dates of.

"Ida Bohl died at the age of 81" is answered by "Ida Bohl (23 November 1887 – 2 February 1969)", and "the war lasted
five years" by "the war lasted from 1939 to 1944" and by "it began in 1939 and ended in 1944". Between two years alone
the number of years is known to one, and months, weeks and days only between two days; the reason shows both dates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from factcheck.text.dates import DateQualifier, DateReading, Granularity
from factcheck.text.quantities import Bound, Quantity, QuantityKind
from factcheck.text.stems import LIGHT, STOP
from factcheck.types import Span
from factcheck.verify.alignment import align
from factcheck.verify.han_alignment import is_han
from factcheck.verify.readings import Placed, Reading
from factcheck.verify.slots import FULL

_DURING = frozenset("last reign serve rule run air take hold lead continu exist 持续 历时".split())
_DAYS = {"day": (1, 1), "week": (7, 7), "month": (28, 31)}
"""How many days the shortest and the longest of a unit has."""

_BEGAN = frozenset("begin found open join leave 爆发".split())
_ENDED = frozenset("end close return 终结".split())
_LIVED = frozenset("die death live age birth".split())
_LIFETIME = 14
_FOREVER = 3000
_LATEST = 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsed:
    """A duration of the claim beside the two dates that give it.

    Attributes:
        least: how many of the claim's unit lie between the dates at least.
        most: and at most.
        equal: whether the claim's number is one of these.
        unit: "year", "month", "week" or "day".
    """

    mine: Placed
    theirs: Placed
    least: int
    most: int
    equal: bool
    unit: str


def elapsed(claim: Reading, mine: Placed, evidence: Reading) -> Elapsed | None:
    """Compare a duration or an age at death with two dates; None where the evidence does not give them."""
    item = mine.item
    if not isinstance(item, Quantity) or item.bound is not Bound.PLAIN or item.low != item.high:
        return None
    if item.unit is None or item.unit.name not in {"year", *_DAYS} or item.low.denominator != 1:
        return None
    unit = item.unit.name
    age = item.kind is QuantityKind.AGE or "age" in mine.near
    if age and not claim.stems & {"die", "death"} and not {"live", "until"} <= {w.stem for w in claim.words}:
        return None
    if not age and not mine.near & _DURING:
        return None
    if any(_says_itself(p) for p in evidence.items):
        return None
    closed = [p for p in evidence.items if _is_closed(p)]
    pairs = [] if closed or age else list(_begun_and_ended(evidence))
    found = [p for p in closed or pairs if _is_of(claim, mine, evidence, p, age=age, pair=bool(pairs))]
    if len(found) != 1:
        return None
    if unit != "year":
        between = _units(found[0].item, unit)
        if between is None:
            return None
        least, most = between
    else:
        least, most = _years(found[0].item)
        if not age and least != most:
            most += 1  # "from 2006 to 2013" may count both years
    equal = least <= item.low <= most
    return Elapsed(mine=mine, theirs=found[0], least=least, most=most, equal=equal, unit=unit)


def _begun_and_ended(evidence: Reading) -> Iterator[Placed]:
    """Make one time of two dates of a sentence, where the one says when something began and the other when it ended."""
    for sentence in evidence.placed:
        dates = [p for p in evidence.items_of(sentence) if isinstance(p.item, DateReading) and not p.edge]
        if len(dates) != 2:
            continue
        first, last = dates
        a, b = first.item, last.item
        if not (isinstance(a, DateReading) and isinstance(b, DateReading)):
            continue
        plain = all(d.qualifier is DateQualifier.NONE and d.valid and not d.part for d in (a, b))
        said = (_BEGAN & first.near) - (_ENDED & first.near) and _ENDED & last.near
        if plain and said and a.year_known and b.year_known and a.granularity is b.granularity and a.end < b.start:
            whole = replace(a, span=Span(start=a.span.start, end=b.span.end), end=b.end, granularity=Granularity.RANGE)
            yield replace(first, item=whole, near=evidence.sentences[sentence])


def _units(item: object, unit: str) -> tuple[int, int] | None:
    """Return how many days, weeks or months lie between two days, at least and at most; None between years."""
    if not isinstance(item, DateReading) or (item.start[1:], item.end[1:]) == ((1, 1), (12, 31)):
        return None
    if item.start[0] < 1 or item.end[0] > _LATEST:
        return None
    days = (date(*item.end) - date(*item.start)).days
    short, long = _DAYS[unit]
    return days // long, -(-(days + 1) // short)


def _says_itself(placed: Placed) -> bool:
    """Say whether the evidence states an age or a duration, which then is the answer."""
    item = placed.item
    return isinstance(item, Quantity) and item.unit is not None and item.unit.name in {"year", *_DAYS}


def _is_closed(placed: Placed) -> bool:
    item = placed.item
    return (
        isinstance(item, DateReading)
        and item.granularity is Granularity.RANGE
        and not placed.edge
        and item.valid
        and item.year_known
        and item.end[0] < _FOREVER
        and item.form != "open"
    )


def _is_of(claim: Reading, mine: Placed, evidence: Reading, theirs: Placed, *, age: bool, pair: bool) -> bool:
    alignment = align(claim, mine, evidence, theirs)
    if alignment.titled == 0.0 or alignment.subject < FULL:
        return False
    item = theirs.item
    if not isinstance(item, DateReading):
        return False
    if age:
        return theirs.parenthesis and item.end[0] - item.start[0] > _LIFETIME
    words = {w.stem for w in claim.words if not w.name} - STOP - LIGHT - _LIVED - (_DURING if pair else frozenset())
    if is_han(claim):
        return pair and any(word in evidence.sentences[theirs.sentence] for word in words)
    return bool(words) and words <= (theirs.near | evidence.heading) and alignment.names >= FULL


def _years(item: object) -> tuple[int, int]:
    """Return how many whole years lie between two dates, at least and at most."""
    if not isinstance(item, DateReading):
        return 0, 0
    difference = item.end[0] - item.start[0]
    whole_years = (item.start[1:], item.end[1:]) == ((1, 1), (12, 31))
    if whole_years:
        return max(0, difference - 1), difference
    exact = difference - (item.end[1:] < item.start[1:])
    return exact, exact
