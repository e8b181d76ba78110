"""Questions about one value of a claim or of its evidence, and about two of them side by side."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from fractions import Fraction

from factcheck.text.dates import DateQualifier, DateReading, Granularity
from factcheck.text.numbers import find_numbers
from factcheck.text.quantities import Bound, Quantity, QuantityKind
from factcheck.types import Span
from factcheck.verify.comparison import Outcome, compare_quantities, goes_beyond
from factcheck.verify.matching import designates
from factcheck.verify.readings import Placed, Reading

_LIFETIME = 14  # years: a shorter stretch in brackets may be a reign or a tour


def is_named(claim: Reading, mine: Placed) -> bool:
    """Say whether the number is part of a name."""
    item = mine.item
    if isinstance(item, Quantity):
        return item.kind is QuantityKind.NAME
    return designates(claim.text, item)


def number_span(placed: Placed) -> Span:
    """Return where the figures of a value stand, without its unit."""
    return placed.item.number if isinstance(placed.item, Quantity) else placed.item.span


def same_grain(mine: Placed, theirs: Placed) -> float:
    """Return 1 where both are dates of one grain: a year and a year, a day and a day."""
    here, there = mine.item, theirs.item
    return float(
        isinstance(here, DateReading) and isinstance(there, DateReading) and here.granularity is there.granularity
    )


def only_theirs_is_a_range(mine: Placed, theirs: Placed) -> float:
    """Return 1 where a stretch of time stands against a single date."""
    here, there = mine.item, theirs.item
    if not (isinstance(here, DateReading) and isinstance(there, DateReading)):
        return 0.0
    return float(there.granularity is Granularity.RANGE and here.granularity is not Granularity.RANGE)


def is_lifetime(placed: Placed) -> bool:
    """Recognise "(24 May 1819 – 22 January 1901)" after a name."""
    item = placed.item
    if not isinstance(item, DateReading) or item.granularity is not Granularity.RANGE or placed.edge:
        return False
    return placed.parenthesis and item.end[0] - item.start[0] > _LIFETIME


def tells_nothing(here: DateReading, theirs: Placed) -> bool:
    """Say whether a date of the evidence leaves the claim's open without having it.

    A life in brackets has every date of that life within it, and a year says nothing of a day without one.
    """
    there = theirs.item
    if not isinstance(there, DateReading):
        return True
    if here.granularity is Granularity.RANGE:
        return there.granularity is not Granularity.RANGE or bool(theirs.edge) or is_lifetime(theirs)
    if not here.year_known:
        return there.granularity not in {Granularity.DAY, Granularity.MONTH} and not theirs.edge
    if not there.year_known:
        return here.granularity is Granularity.YEAR or here.start[1:] != there.start[1:]
    return is_lifetime(theirs)


def contradicts(here: Quantity, there: Quantity) -> bool:
    """Say whether two values differ, or one bound goes beyond another of its kind ("over 239", "over 238")."""
    outcome = compare_quantities(here, there)
    return outcome is Outcome.DIFFERS or (outcome is Outcome.UNKNOWN and goes_beyond(here, there))


def is_bounded(item: Quantity | DateReading) -> bool:
    """Say whether a value is a bound: "at least 20", "before 1900"."""
    if isinstance(item, DateReading):
        return item.qualifier is not DateQualifier.NONE
    return item.bound is not Bound.PLAIN


def tells(placed: Placed) -> bool:
    """Say whether a value distinguishes anything: one, or a number in a name, does not."""
    item = placed.item
    return not isinstance(item, Quantity) or (item.low != 1 and item.kind is not QuantityKind.NAME)


def value_of(placed: Placed) -> object:
    """Return what two values have to share to be one."""
    item = placed.item
    return (item.start, item.end) if isinstance(item, DateReading) else item.in_base()


def plain_values(evidence: Reading) -> Iterator[Fraction]:
    """Yield the numbers that stand in the evidence outside of its dates, those in names included."""
    dates = [p.item.span for p in evidence.items if isinstance(p.item, DateReading) and not p.edge]
    starts = [span.start for span in dates]
    for number in find_numbers(evidence.text):
        at = bisect.bisect_right(starts, number.span.end - 1) - 1
        if at < 0 or not dates[at].overlaps(number.span):
            yield number.value
