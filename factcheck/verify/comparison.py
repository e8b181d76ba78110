"""Two readings of the same thing: equal within what is written, within a bound, different, or not to be told.

Nothing here asks whether both speak of the same thing; that is `factcheck.verify.alignment`.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from factcheck.text.dates import DateQualifier, DateReading, Day, Granularity
from factcheck.text.numbers import NumberForm
from factcheck.text.quantities import Bound, Quantity, QuantityKind


class Outcome(StrEnum):
    """What a comparison of two values says of the first."""

    EQUAL = "equal"
    WITHIN = "within"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


APPROXIMATE = Fraction(1, 10)
"""How far from "about 60 million" a value may lie and still be meant."""

CLEARLY_OFF = Fraction(1, 4)
"""How far it must lie to be surely not meant."""

_OFF = CLEARLY_OFF / APPROXIMATE
_ROUND = 100  # from this many steps on a number is not round

_CONVERTED = Fraction(1, 100)
_MUCH = 2
_LOOSE = Fraction(13, 100)
_ABOVE = {Bound.AT_LEAST, Bound.MORE_THAN}
_BELOW = {Bound.AT_MOST, Bound.LESS_THAN}


def comparable(claim: Quantity, evidence: Quantity) -> bool:
    """Say whether two quantities have the same dimension, whatever they are quantities of."""
    if QuantityKind.NAME in {claim.kind, evidence.kind}:
        return False
    kinds = {claim.kind, evidence.kind}
    if kinds == {QuantityKind.FRACTION, QuantityKind.PERCENT}:
        return True
    if QuantityKind.AGE in kinds and len(kinds) > 1:
        return kinds == {QuantityKind.AGE, QuantityKind.MEASURE} and claim.dimension == evidence.dimension
    return claim.dimension == evidence.dimension


def rounding(quantity: Quantity) -> Fraction:
    """Return the step that a number may have been rounded to, in the unit that is written.

    Zeros at the end of a large number may be rounding: "380,000" has the step 10,000, "20" has the step 1.
    """
    step = quantity.step
    if quantity.form is NumberForm.FRACTION:
        return step / 10
    value = abs(quantity.low)
    if step >= 1 and value >= 100 and value.denominator == 1:
        number = int(value)
        rounded = 1
        while number % (rounded * 10) == 0 and rounded * 10 <= number:
            rounded *= 10
        # "1,000" may well be exact to the hundred: one figure alone says little.
        if rounded * 10 > number:
            rounded //= 10
        step = max(step, Fraction(rounded))
    return step


def compare_quantities(claim: Quantity, evidence: Quantity) -> Outcome:
    """Compare a claim's quantity with one of the evidence that measures the same thing."""
    if not comparable(claim, evidence):
        return Outcome.UNKNOWN
    low, high, written = _scaled(claim, rounded=claim.bound in {Bound.PLAIN, Bound.ABOUT})
    there_low, there_high, there_written = _scaled(evidence, rounded=evidence.bound is Bound.ABOUT)
    # Zeros at the end excuse the claim ("380,000" for 381,740); what the evidence writes is taken at its word.
    tolerance = max(written, there_written) / 2
    if claim.unit is not None and evidence.unit is not None and claim.unit.name != evidence.unit.name:
        middle = abs(there_low + there_high) / 2
        loose = claim.unit.loose or evidence.unit.loose
        tolerance = max(tolerance, middle * (_LOOSE if loose else _CONVERTED))
    if claim.kind is QuantityKind.ORDINAL:
        return Outcome.EQUAL if claim.low == evidence.low else Outcome.DIFFERS
    return _compare(claim, evidence, (low, high), (there_low, there_high), tolerance)


def _scaled(quantity: Quantity, *, rounded: bool) -> tuple[Fraction, Fraction, Fraction]:
    """Return low, high and rounding step in base units; percentages and fractions on one scale."""
    step = rounding(quantity) if rounded else quantity.step
    if quantity.kind is QuantityKind.FRACTION:
        return quantity.low * 100, quantity.high * 100, max(step * 100, Fraction(2))
    low, high = quantity.in_base()
    return low, high, step * (quantity.unit.factor if quantity.unit is not None else 1)


def _compare(
    claim: Quantity,
    evidence: Quantity,
    here: tuple[Fraction, Fraction],
    there: tuple[Fraction, Fraction],
    tolerance: Fraction,
) -> Outcome:
    value, other = here[0], there[0]
    gap = _gap(here, there)
    if Bound.EXACTLY in {claim.bound, evidence.bound}:
        tolerance = Fraction(0) if tolerance < abs(other) / 1000 or claim.bound is Bound.EXACTLY else tolerance
    if claim.bound in _ABOVE | _BELOW or evidence.bound in _ABOVE | _BELOW:
        return _compare_bounds(claim.bound, evidence.bound, value, other, there, tolerance)
    if Bound.BETWEEN in {claim.bound, evidence.bound}:
        if here == there:
            return Outcome.EQUAL
        if claim.bound is evidence.bound and (abs(here[0] - there[0]) <= tolerance) is not (
            abs(here[1] - there[1]) <= tolerance
        ):
            return Outcome.DIFFERS  # with one end in common only one of them can be right
        if gap <= tolerance:
            whole = claim.bound is not Bound.BETWEEN or (here[0] <= there[0] and there[1] <= here[1])
            return Outcome.WITHIN if whole else Outcome.UNKNOWN
        return Outcome.DIFFERS
    if gap <= tolerance:
        same = gap <= min(claim.step, evidence.step) * (claim.unit.factor if claim.unit else 1)
        return Outcome.EQUAL if same else Outcome.WITHIN
    if Bound.ABOUT in {claim.bound, evidence.bound}:
        relative = gap / max(abs(value), abs(other)) if value or other else Fraction(0)
        meant = _meant(claim if claim.bound is Bound.ABOUT else evidence)
        if relative <= meant:
            # "About 16 million" is not "about 17 million", if both are written to the million.
            alike = claim.bound is evidence.bound and claim.step == evidence.step and claim.unit == evidence.unit
            return Outcome.UNKNOWN if alike else Outcome.WITHIN
        return Outcome.DIFFERS if relative > meant * _OFF else Outcome.UNKNOWN
    return Outcome.DIFFERS


def _meant(about: Quantity) -> Fraction:
    """Return how far a value may lie from "about" one: less where more figures of it are written.

    "About 60 million" is a round number, "approximately 1,578 km" is none.
    """
    figures = abs(about.low) / rounding(about)
    return APPROXIMATE if figures < _ROUND else Fraction(3, 100) if figures < 10 * _ROUND else Fraction(1, 100)


def _gap(here: tuple[Fraction, Fraction], there: tuple[Fraction, Fraction]) -> Fraction:
    if here[0] <= there[1] and there[0] <= here[1]:
        return Fraction(0)
    return max(there[0] - here[1], here[0] - there[1])


def _compare_bounds(
    bound: Bound,
    other_bound: Bound,
    value: Fraction,
    other: Fraction,
    there: tuple[Fraction, Fraction],
    tolerance: Fraction,
) -> Outcome:
    """Compare where at least one side is "more than" or "at most"."""
    if bound in _ABOVE:
        if other_bound in _BELOW:
            return Outcome.DIFFERS if there[1] < value - tolerance else Outcome.UNKNOWN
        if other_bound in _ABOVE:
            # "More than 230" entails "more than 227"; that it is not more than 233 is implied, not said.
            if abs(value - other) <= tolerance:
                return Outcome.EQUAL
            return Outcome.WITHIN if other > value else Outcome.UNKNOWN
        if other == value and bound is Bound.MORE_THAN:
            return Outcome.UNKNOWN
        return Outcome.WITHIN if other >= value else Outcome.UNKNOWN if value - other <= tolerance else Outcome.DIFFERS
    if bound in _BELOW:
        if other_bound in _ABOVE:
            return Outcome.DIFFERS if there[0] > value + tolerance else Outcome.UNKNOWN
        if other_bound in _BELOW:
            if abs(value - other) <= tolerance:
                return Outcome.EQUAL
            return Outcome.WITHIN if other < value else Outcome.UNKNOWN
        if other == value and bound is Bound.LESS_THAN:
            return Outcome.UNKNOWN
        return Outcome.WITHIN if other <= value else Outcome.UNKNOWN if other - value <= tolerance else Outcome.DIFFERS
    # The claim states a value, the evidence a bound.
    if abs(value - other) <= tolerance:
        return Outcome.WITHIN
    if other_bound in _ABOVE:
        return Outcome.DIFFERS if value < other else Outcome.UNKNOWN
    return Outcome.DIFFERS if value > other else Outcome.UNKNOWN


def goes_beyond(claim: Quantity, evidence: Quantity) -> bool:
    """Say whether a claim says more than evidence that leaves it open: "over 41 million" beside "over 40 million".

    Nothing is proved by it. Who knew of more would have written so.
    """
    if claim.unit != evidence.unit:
        return False
    bound, other = claim.bound, evidence.bound
    if bound in _ABOVE and other in _ABOVE:
        return claim.low > evidence.low
    if bound in _BELOW and other in _BELOW:
        return claim.low < evidence.low
    if bound is Bound.ABOUT and other is Bound.ABOUT:
        return claim.low != evidence.low
    return bound is Bound.PLAIN and other in _ABOVE and claim.low >= _MUCH * evidence.low > 0


# ---------------------------------------------------------------------------------------------------------------- dates


def compare_dates(claim: DateReading, evidence: DateReading) -> Outcome:
    """Compare a claim's date with one of the evidence that dates the same event."""
    if not evidence.valid:
        return Outcome.UNKNOWN
    if not claim.valid:
        return Outcome.DIFFERS  # no day is the day that does not exist
    if not (claim.year_known and evidence.year_known):
        return _compare_without_year(claim, evidence)
    qualifier = claim.qualifier
    if qualifier is DateQualifier.BEFORE:
        if evidence.end < claim.start:
            return Outcome.WITHIN
        return Outcome.DIFFERS if evidence.start >= claim.start and not _open(evidence) else Outcome.UNKNOWN
    if qualifier is DateQualifier.AFTER:
        if evidence.start > claim.end:
            return Outcome.WITHIN
        return Outcome.DIFFERS if evidence.end <= claim.end and not _open(evidence) else Outcome.UNKNOWN
    if qualifier is DateQualifier.BY:
        if evidence.end <= claim.end:
            return Outcome.WITHIN
        return Outcome.DIFFERS if evidence.start > claim.end else Outcome.UNKNOWN
    if _open(evidence) and evidence.qualifier is not DateQualifier.AROUND:
        return _compare_with_bound(claim, evidence)
    return _compare_intervals(claim, evidence)


def _open(date: DateReading) -> bool:
    return date.qualifier not in {DateQualifier.NONE, DateQualifier.SINCE, DateQualifier.UNTIL} or date.form == "open"


def _compare_with_bound(claim: DateReading, evidence: DateReading) -> Outcome:
    if evidence.qualifier is DateQualifier.BEFORE:
        return Outcome.DIFFERS if claim.start > evidence.end else Outcome.UNKNOWN
    if evidence.qualifier is DateQualifier.AFTER:
        return Outcome.DIFFERS if claim.end < evidence.start else Outcome.UNKNOWN
    if evidence.qualifier is DateQualifier.BY:
        return Outcome.DIFFERS if claim.start > evidence.end else Outcome.UNKNOWN
    if claim.qualifier is DateQualifier.SINCE or claim.form == "open":
        return _compare_edges(claim.start, evidence.start, _precision(claim))
    return Outcome.DIFFERS if claim.end < evidence.start else Outcome.UNKNOWN


def _precision(date: DateReading) -> int:
    """How many parts of a day count: 1 year, 2 month, 3 day."""
    if date.granularity is Granularity.DAY:
        return 3
    if date.granularity is Granularity.MONTH:
        return 2
    if date.granularity is Granularity.RANGE and (date.start[1:], date.end[1:]) != ((1, 1), (12, 31)):
        return 3
    return 1


def _compare_edges(here: Day, there: Day, precision: int) -> Outcome:
    return Outcome.EQUAL if here[:precision] == there[:precision] else Outcome.DIFFERS


def _compare_intervals(claim: DateReading, evidence: DateReading) -> Outcome:
    if Granularity.RANGE is claim.granularity and Granularity.RANGE is evidence.granularity:
        precision = min(_precision(claim), _precision(evidence))
        same_start = claim.start[:precision] == evidence.start[:precision]
        if claim.form == "open":
            return Outcome.EQUAL if same_start else Outcome.UNKNOWN
        if same_start and claim.end[:precision] == evidence.end[:precision]:
            return Outcome.EQUAL
        if same_start is (claim.end[:precision] == evidence.end[:precision]) and (
            evidence.contains(claim) or claim.contains(evidence)
        ):
            return Outcome.UNKNOWN  # with one end in common only one of them can be right
        return Outcome.DIFFERS
    if claim.contains(evidence):
        if evidence.granularity is claim.granularity:
            return Outcome.EQUAL
        return Outcome.WITHIN
    if claim.overlaps(evidence):
        return Outcome.UNKNOWN
    if DateQualifier.AROUND in {claim.qualifier, evidence.qualifier}:
        years = max(evidence.start[0] - claim.end[0], claim.start[0] - evidence.end[0])
        return Outcome.WITHIN if years <= 3 else Outcome.DIFFERS if years > 15 else Outcome.UNKNOWN
    return Outcome.DIFFERS


def _compare_without_year(claim: DateReading, evidence: DateReading) -> Outcome:
    """Compare month and day alone."""
    if claim.year_known and not evidence.year_known:
        return Outcome.UNKNOWN
    if evidence.granularity not in {Granularity.DAY, Granularity.MONTH}:
        return Outcome.UNKNOWN
    if claim.granularity is Granularity.MONTH:
        return Outcome.WITHIN if claim.start[1] == evidence.start[1] else Outcome.DIFFERS
    if evidence.granularity is Granularity.MONTH:
        return Outcome.DIFFERS if claim.start[1] != evidence.start[1] else Outcome.UNKNOWN
    return Outcome.EQUAL if claim.start[1:] == evidence.start[1:] else Outcome.DIFFERS
