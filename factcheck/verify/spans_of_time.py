"""Durations and ages that the evidence does not state but gives the two dates of.

"Ida Bohl died at the age of 81" is answered by "Ida Bohl (23 November 1887 – 2 February 1969)", and "the war lasted
five years" by "the war lasted from 1939 to 1944". Between two years alone the number of years is known to one; the
reason shows both dates.
"""

from __future__ import annotations

from dataclasses import dataclass

from factcheck.text.dates import DateReading, Granularity
from factcheck.text.quantities import Bound, Quantity, QuantityKind
from factcheck.text.stems import LIGHT, STOP
from factcheck.verify.alignment import align
from factcheck.verify.readings import Placed, Reading
from factcheck.verify.slots import FULL

_DURING = frozenset("last reign serve rule run air take hold lead continu exist".split())
_LIVED = frozenset("die death live age birth".split())
_LIFETIME = 14
_FOREVER = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Elapsed:
    """A duration of the claim beside the two dates that give it.

    Attributes:
        least: years that lie between the dates at least.
        most: and at most.
        equal: whether the claim's number of years is one of these.
    """

    mine: Placed
    theirs: Placed
    least: int
    most: int
    equal: bool


def elapsed(claim: Reading, mine: Placed, evidence: Reading) -> Elapsed | None:
    """Compare a duration or an age at death with two dates; None where the evidence does not give them."""
    item = mine.item
    if not isinstance(item, Quantity) or item.bound is not Bound.PLAIN or item.low != item.high:
        return None
    if item.unit is None or item.unit.name != "year" or item.low.denominator != 1:
        return None
    age = item.kind is QuantityKind.AGE or "age" in mine.near
    if age and not claim.stems & {"die", "death"} and not {"live", "until"} <= {w.stem for w in claim.words}:
        return None
    if not age and not mine.near & _DURING:
        return None
    if any(_says_itself(p) for p in evidence.items):
        return None
    found = [p for p in evidence.items if _is_closed(p) and _is_of(claim, mine, evidence, p, age=age)]
    if len(found) != 1:
        return None
    least, most = _years(found[0].item)
    if not age and least != most:
        most += 1  # "from 2006 to 2013" may count both years
    return Elapsed(mine=mine, theirs=found[0], least=least, most=most, equal=least <= item.low <= most)


def _says_itself(placed: Placed) -> bool:
    """Say whether the evidence states an age or a number of years, which then is the answer."""
    item = placed.item
    return isinstance(item, Quantity) and item.unit is not None and item.unit.name == "year"


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


def _is_of(claim: Reading, mine: Placed, evidence: Reading, theirs: Placed, *, age: bool) -> bool:
    alignment = align(claim, mine, evidence, theirs)
    if alignment.titled == 0.0 or alignment.subject < FULL:
        return False
    item = theirs.item
    if not isinstance(item, DateReading):
        return False
    if age:
        return theirs.parenthesis and item.end[0] - item.start[0] > _LIFETIME
    words = {w.stem for w in claim.words if not w.name} - STOP - LIGHT - _LIVED
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
