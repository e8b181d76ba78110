"""A literal of a graph against the numbers and dates of a claim.

Equal means within the precision that both sides write. Between equal and different there is a band in which nothing is
said: sources round, and a wrong refutation is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from factcheck.graph.vocabulary import XSD, literal_parts
from factcheck.text.dates import DateQualifier, DateReading, Day, Granularity, find_dates
from factcheck.text.numbers import NumberForm
from factcheck.text.numerals import ordinal_suffix, spell_chinese, spell_english, spell_english_ordinal
from factcheck.text.quantities import Bound, Quantity, QuantityKind, find_quantities
from factcheck.text.units import Unit, ask_pint, match_unit
from factcheck.types import Fact, Span

SILENT_SHARE = Fraction(1, 100)
"""Measures that differ by less than this share, and more than their precision, are left alone."""
_ABOUT_SHARE, _NOT_ABOUT_SHARE = Fraction(1, 10), Fraction(1, 4)
_MAX_DIGITS = 400
_DATE = re.compile(r"(-?\d{4,9})(?:-(\d{2}))?(?:-(\d{2}))?(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?")
_YEAR = re.compile(r"(?<![\d.,])[12]\d{3}(?![\d,]|\.\d)")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_INTEGERS = frozenset(
    XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "byte")
)
_NUMBERS = _INTEGERS | {XSD + name for name in ("decimal", "double", "float")}
_DATES = frozenset(XSD + name for name in ("gYear", "gYearMonth", "date", "dateTime"))
_MONTHS = "January February March April May June July August September October November December"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/+-]{0,5}")
_NOT_AS_WRITTEN = frozenset({NumberForm.FRACTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of comparing a literal with a claim.

    Attributes:
        equal: whether they agree.
        span: what the claim says, within its text.
        whole: the same with its unit and the words that bound it ("more than 2 million km").
        replacement: what it would have to say there, in its own style; None where no simple edit does it.
        distance: code points between the property's words and the value.
        rivals: other values of the claim that could be compared as well.
    """

    equal: bool
    span: Span
    whole: Span
    replacement: str | None
    distance: int
    rivals: int


def compare_literal(fact: Fact, text: str, phrase: Span, taken: Iterable[Span]) -> Comparison | None:
    """Compare a fact's literal with what the claim says of it.

    Args:
        fact: whose object is a literal.
        text: the claim's text.
        phrase: the words of the property; the value nearest to them is the one.
        taken: names in the claim: numbers in them are no values.

    Returns:
        None where the two cannot be compared, or differ so little that nothing should be said.
    """
    value = literal_parts(fact.triple.object)
    if len(value.text) > _MAX_DIGITS:
        return None
    names = list(taken)
    dates = [d for d in _dates(text) if not any(d.span.overlaps(name) for name in names)]
    if value.datatype in _DATES:
        dates = dates or _bare_years(text, phrase, names)
        return _compare_date(value.text, text, phrase, dates)
    if value.datatype in _NUMBERS:
        if value.datatype in _INTEGERS and fact.relation.unit is None and _is_year(value.text, fact) and dates:
            return _compare_date(value.text, text, phrase, dates)
        unit = unit_of(fact.relation.unit) if fact.relation.unit else None
        if fact.relation.unit and unit is None:
            return None
        return _compare_number(value.text, unit, phrase, text, names)
    measure = _measure(value.text)
    if measure is not None:
        return _compare_number(measure.number.of(value.text.replace(",", "")), measure.unit, phrase, text, names)
    if _DATE.fullmatch(value.text) and dates:
        return _compare_date(value.text, text, phrase, dates)
    return _compare_code(value.text, text, phrase)


def is_of_its_unit(fact: Fact, text: str, value: Span, taken: Iterable[Span]) -> bool:
    """Say whether a number that stands in a claim as in the graph has no unit there, or one that makes them equal.

    5,642 kilometres are not the 5,642 m of the graph, though the figures are the same.
    """
    if fact.relation.unit is None or all(q.unit is None for q in _quantities(text) if q.number.overlaps(value)):
        return True
    comparison = compare_literal(fact, text, value, taken)
    return comparison is not None and comparison.equal


def dated(fact: Fact) -> tuple[Day, Day] | None:
    """Return the days of a fact whose value is a date; None where it is none."""
    value = literal_parts(fact.triple.object)
    if len(value.text) > _MAX_DIGITS:
        return None
    typed = value.datatype in _DATES or (value.datatype in _INTEGERS and _is_year(value.text, fact))
    written = value.datatype not in _NUMBERS and value.text.count("-") >= 2
    return interval_of(value.text) if typed or written else None


def measured(fact: Fact) -> tuple[Fraction, str] | None:
    """Return the number of a fact, in base units where it has one, and what it measures; None where it has none."""
    value = literal_parts(fact.triple.object)
    if len(value.text) > _MAX_DIGITS or dated(fact) is not None:
        return None
    if value.datatype in _NUMBERS and _NUMBER.fullmatch(value.text):
        unit = unit_of(fact.relation.unit) if fact.relation.unit else None
        number = Fraction(value.text)
        return (number, "") if unit is None else (unit.to_base(number), str(unit.dimension))
    measure = _measure(value.text)
    if measure is None or measure.unit is None:
        return None
    low, _ = measure.in_base()
    return low, str(measure.unit.dimension)


@lru_cache(64)
def _dates(text: str) -> tuple[DateReading, ...]:
    return tuple(find_dates(text))


def _bare_years(text: str, phrase: Span, names: Sequence[Span]) -> list[DateReading]:
    """Return the figures that are years because the property's words say so: "the founding year of S is 1901"."""
    if re.search(r"year|date|年", phrase.of(text), re.I) is None:
        return []
    found: list[DateReading] = []
    for match in _YEAR.finditer(text):
        span = Span(start=match.start(), end=match.end())
        if not any(span.overlaps(name) for name in names):
            found.extend(replace(reading, span=span) for reading in _dates(f"in {match.group()}"))
    return found


@lru_cache(64)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(find_quantities(text, _dates(text)))


def _distance(phrase: Span, span: Span) -> int:
    if span.start >= phrase.end:
        return span.start - phrase.end
    return phrase.start - span.end + 8 if span.end <= phrase.start else 0


# --------------------------------------------------------------------------------------------------------------- dates


def _is_year(text: str, fact: Fact) -> bool:
    return bool(re.fullmatch(r"[12]\d{3}", text)) and any(
        word in fact.relation.label.lower() for word in ("year", "date", "founded", "established", "年")
    )


def interval_of(text: str) -> tuple[Day, Day] | None:
    """Return the first and the last day of an XSD date, month or year; None for a date that does not exist."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match[2] is None:
        return (year, 1, 1), (year, 12, 31)
    if not 1 <= month <= 12:
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = 28 if month == 2 and not leap else _DAYS[month - 1]
    if match[3] is None:
        return (year, month, 1), (year, month, last)
    return ((year, month, day), (year, month, day)) if 1 <= day <= last else None


def _compare_date(value: str, text: str, phrase: Span, dates: list[DateReading]) -> Comparison | None:
    interval = interval_of(value)
    usable = [d for d in dates if d.valid and d.year_known and d.granularity is not Granularity.RANGE]
    if interval is None or not usable:
        return None
    said = min(usable, key=lambda d: (_distance(phrase, d.span), d.span.start))
    start, end = interval
    if said.qualifier is DateQualifier.NONE:
        # A year does not confirm a day, but another year refutes it.
        equal = said.start <= start and end <= said.end and said.granularity is not Granularity.SEASON
        different = end < said.start or said.end < start
    elif said.qualifier is DateQualifier.BEFORE:
        equal, different = end < said.start, start > said.end
    elif said.qualifier is DateQualifier.AFTER:
        equal, different = start > said.end, end < said.start
    elif said.qualifier is DateQualifier.AROUND:
        near = abs(start[0] - said.start[0]) <= 5
        equal, different = near, abs(start[0] - said.start[0]) > 30
    else:
        return None
    if not equal and not different:
        return None
    replacement = None
    if different and said.qualifier is DateQualifier.NONE:
        replacement = _date_as_written(said, said.span.of(text), value, start)
    return Comparison(
        equal=equal,
        span=said.span,
        whole=said.span,
        replacement=replacement,
        distance=_distance(phrase, said.span),
        rivals=len(usable) - 1,
    )


def _date_as_written(said: DateReading, written: str, value: str, start: Day) -> str | None:
    """Write the graph's date in the form of the claim's."""
    if said.era or start[0] < 1:
        return None
    year, month, day = start
    has_day = value.count("-") >= 2
    old = str(said.year)
    if said.granularity is Granularity.YEAR:
        return written.replace(old, str(year), 1) if old in written else None
    if said.granularity is Granularity.DECADE and old in written:
        return written.replace(old, str(year // 10 * 10), 1)
    if has_day and (month, day) != said.start[1:] and said.granularity is Granularity.DAY:
        name = _MONTHS.split()[month - 1]
        forms = {"dmy": f"{day} {name} {year}", "mdy": f"{name} {day}, {year}", "iso": f"{year:04}-{month:02}-{day:02}"}
        return forms.get(said.form)
    same_month = said.granularity is Granularity.MONTH and has_day and month != said.start[1]
    if same_month and said.form == "my":
        return f"{_MONTHS.split()[month - 1]} {year}"
    return written.replace(old, str(year), 1) if old in written and year != said.year else None


# ------------------------------------------------------------------------------------------------------------- numbers


_SPELLINGS = {"degC": "°C", "degF": "°F", "degree_Celsius": "°C", "degree_Fahrenheit": "°F", "kelvin": "K"}


@lru_cache(256)
def unit_of(name: str) -> Unit | None:
    """Return the unit that an ontology names in pint's spelling; None where it names none."""
    for spelling in (_SPELLINGS.get(name, name), name.replace("^", "").replace("**", "").replace(" ", "")):
        match = match_unit(spelling, 0)
        if match is not None and match.end == len(spelling):
            return match.unit
    return ask_pint(name)


@lru_cache(256)
def _measure(value: str) -> Quantity | None:
    """Read a text that is nothing but a number with its unit: "686.0 (square kilometres)"."""
    if not value[:1].isdigit():
        return None
    found = find_quantities(value.replace(",", "").replace("(", "").replace(")", ""))
    if len(found) != 1 or found[0].unit is None or found[0].span.start or found[0].low != found[0].high:
        return None
    return found[0] if len(found[0].span) >= len(value) - 4 else None


def _compare_number(value: str, unit: Unit | None, phrase: Span, text: str, names: Sequence[Span]) -> Comparison | None:
    if not _NUMBER.fullmatch(value):
        return None
    exact = Fraction(value)
    quantities = [q for q in _quantities(text) if not any(q.number.overlaps(name) for name in names)]
    usable = [q for q in quantities if _comparable(q, unit)]
    if not usable:
        return None
    said = min(usable, key=lambda q: (_distance(phrase, q.number), q.span.start))
    truth = unit.to_base(exact) if unit is not None else exact
    equal = _agrees(said, truth, measured=unit is not None)
    if equal is None:
        return None
    replacement = None
    if not equal:
        wanted = exact if said.unit is None or unit is None else said.unit.from_base(truth)
        same = said.unit is None or unit is None or said.unit.factor == unit.factor
        replacement = _number_as_written(said, said.number.of(text), wanted, exact=same)
    return Comparison(
        equal=equal,
        span=said.number,
        whole=said.span,
        replacement=replacement,
        distance=_distance(phrase, said.number),
        rivals=len(usable) - 1,
    )


def _comparable(said: Quantity, unit: Unit | None) -> bool:
    if unit is not None:
        return said.unit is not None and said.unit.dimension == unit.dimension
    return said.unit is None and said.kind in (QuantityKind.COUNT, QuantityKind.ORDINAL, QuantityKind.NAME)


def _agrees(said: Quantity, truth: Fraction, *, measured: bool) -> bool | None:
    low, high = said.in_base()
    scale = said.unit.factor if said.unit is not None else Fraction(1)
    size = abs(truth) or Fraction(1)
    band = size * SILENT_SHARE if measured else Fraction(0)
    if said.bound is Bound.ABOUT:
        off = abs(truth - said_middle(low, high)) / size
        return True if off <= _ABOUT_SHARE else False if off > _NOT_ABOUT_SHARE else None
    if said.bound in (Bound.AT_LEAST, Bound.MORE_THAN):
        return True if truth >= low else False if truth < low - band else None
    if said.bound in (Bound.AT_MOST, Bound.LESS_THAN):
        return True if truth <= high else False if truth > high + band else None
    slack = said.step * scale / 2 if measured else Fraction(0)
    if not measured and said.step > 1:
        slack = said.step / 2  # "26 million" counts in millions
    if low - slack <= truth <= high + slack:
        return True
    return False if truth < low - max(slack, band) or truth > high + max(slack, band) else None


def said_middle(low: Fraction, high: Fraction) -> Fraction:
    """Return the middle of a range, in base units."""
    return (low + high) / 2


def _number_as_written(said: Quantity, written: str, wanted: Fraction, *, exact: bool) -> str | None:
    if said.low != said.high or said.form in _NOT_AS_WRITTEN:
        return None
    whole = wanted.denominator == 1
    if said.kind is QuantityKind.ORDINAL:
        if not whole or not 0 < wanted < 1000:
            return None
        number = int(wanted)
        if said.form is NumberForm.WORDS:
            return spell_english_ordinal(number)
        return f"{number}{ordinal_suffix(number)}" if written[:1].isdigit() else None
    if said.form is NumberForm.CHINESE:
        return spell_chinese(int(wanted)) if whole and abs(wanted) < 10**16 else None
    if said.form is NumberForm.WORDS and whole and 0 <= wanted < 100:
        return spell_english(int(wanted))
    magnitude = re.sub(r"^[\d.,\s+−-]+", "", written) if said.form is NumberForm.DIGITS else ""
    if magnitude:
        times = said.low / Fraction(re.sub(r"[^\d.]", "", written[: len(written) - len(magnitude)]) or 1)
        if times <= 1:
            return None
        digits = _decimal(wanted / times, 4)
        gap = " " if written[: len(written) - len(magnitude)].endswith(" ") else ""
        return f"{digits}{gap}{magnitude}" if digits is not None else None
    # Of figures that are too short for a comma nothing is known; four without one are a style.
    grouped = "," in written or abs(wanted) >= 10_000 or sum(c.isdigit() for c in written) < 4
    return _decimal(wanted, 12 if exact else 4, grouped=grouped)


def _decimal(value: Fraction, significant: int, *, grouped: bool = False) -> str | None:
    if abs(value) >= 10**15:
        return None
    places = max(0, significant - len(str(abs(int(value)))))
    rounded = round(value, places)
    text = f"{float(rounded):,.{places}f}" if grouped else f"{float(rounded):.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --------------------------------------------------------------------------------------------------------------- codes


def _compare_code(value: str, text: str, phrase: Span) -> Comparison | None:
    """Compare text values: a longer one is found or not, a short code such as a symbol can also differ."""
    if len(value) > 2:
        found = re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text, re.I)
        if found is not None:
            span = Span(start=found.start(), end=found.end())
            return Comparison(
                equal=True, span=span, whole=span, replacement=None, distance=_distance(phrase, span), rivals=0
            )
    if not _CODE.fullmatch(value):
        return None
    tail = re.search(r"(?:\bis|\bas|是|為|为|:)\s*[\"'“「]?([A-Za-z0-9][A-Za-z0-9/+-]{0,5})[\"'”」]?[\s.。]*$", text)
    if tail is None or tail.start(1) < phrase.end:
        return None
    span = Span(start=tail.start(1), end=tail.end(1))
    equal = span.of(text) == value
    if not equal and not (span.of(text)[0].isupper() or span.of(text)[0].isdigit()):
        return None
    return Comparison(
        equal=equal,
        span=span,
        whole=span,
        replacement=None if equal else value,
        distance=_distance(phrase, span),
        rivals=0,
    )
