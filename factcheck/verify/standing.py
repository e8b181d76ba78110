"""Where the values of a claim stand in its evidence, whatever they are said of there.

`factcheck.verify.slots` decides where two values surely fill the same slot. Here nothing is decided: each value of the
claim, those in names included, is looked for in the whole text, and its place and that of the likeliest other value are
aligned by everything but the number. What that makes likely is for `factcheck.verify.signs` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from factcheck.text.dates import DateQualifier, DateReading, Granularity
from factcheck.text.listed import find_listed
from factcheck.text.numbers import NumberForm, find_numbers
from factcheck.text.quantities import Bound, Quantity, QuantityKind
from factcheck.types import Span
from factcheck.verify.absence import Absences
from factcheck.verify.alignment import Alignment, align
from factcheck.verify.comparison import Outcome, comparable, compare_dates, compare_quantities, goes_beyond
from factcheck.verify.matching import designates
from factcheck.verify.placed_values import is_lifetime, is_named, plain_values, tells_nothing
from factcheck.verify.readings import Placed, Reading, Word
from factcheck.verify.slots import defines, same_title

_MOST_VALUES = 12
_MOST_PLACES = 60
_DIGITS = re.compile(r"(?<![a-z])\d+(?:[,\u00a0\u2009\u202f]\d{3})*(?!\d|(?<=\d{3}0)s\b)", re.ASCII)
# "the 1990s" has no 1990, and "Twenty20" no 20
_ROMAN = re.compile(r"\b(?=[IVXL]{1,6}\b)(X{0,3}(?:IX|IV|V?I{0,3}))\b")
_TIMED = re.compile(
    r"(?:In|On|By|Since|Until|From|Before|After|During|Between|As of|At|About|Around|Over|Nearly|There)\b"
    r"(?:(?:\s[A-Z][a-z]+)?[\s\d,stndrh]{2,14}(?P<comma>,)\s)?"
)
_TELLS_TIME = re.compile(
    r"\s(?:is|was|marks|marked|saw)\s(?:the\s(?:[a-z]+\s)?(?:year|date|time|day|start|end|beginning)|when)\b"
    r"|\s(?:[A-Za-z]+[\s-]){0,4}(?:film|movie|series|album|song|novel|book|season|game|adaptation|version|remake|single)s?\b"
)
_NO_NAME_KINDS = frozenset({QuantityKind.PERCENT, QuantityKind.CURRENCY, QuantityKind.MEASURE, QuantityKind.AGE})
_LARGE = 10_000
_MOST_DAYS = 31
_COUNTED = frozenset({QuantityKind.COUNT, QuantityKind.AGE, QuantityKind.MEASURE})
_MOST_TOGETHER = 12
_JOINS = frozenset("the a an of in and to for on at de la".split())
_SPELLED = {NumberForm.WORDS, NumberForm.FRACTION}
_AGREES = {Outcome.EQUAL, Outcome.WITHIN}


class Standing(IntEnum):
    """Whether the evidence has a value of the claim."""

    MISSING = 0
    OPEN = 1
    STANDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value of the claim.

    Attributes:
        span: where it stands in the claim.
        placed: the item that it is; None for digits that are no quantity and no date ("5:30").
        standing: whether the evidence has it.
        same: the best of the places where the evidence has it.
        other: the best of the places where the evidence has another value of the kind.
    """

    span: Span
    placed: Placed | None
    standing: Standing
    same: Place | None = None
    other: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A value of the evidence, and how well what surrounds it fits what surrounds the claim's."""

    placed: Placed
    alignment: Alignment
    fit: float


class Standings:
    """A claim beside one piece of evidence."""

    def __init__(self, claim: Reading, evidence: Reading, absences: Absences) -> None:
        """Look for every value of the claim.

        Args:
            claim: read.
            evidence: read.
            absences: of the same two.
        """
        self._claim = claim
        self._evidence = evidence
        self._absences = absences
        self._digits = _digits_of(evidence.text)
        self._heading = _digits_of(" ".join(evidence.heading))
        self._plain = frozenset(plain_values(evidence))
        self._numbers = {n.value for n in find_numbers(evidence.text)} | {
            Fraction(_roman(m[0])) for m in _ROMAN.finditer(evidence.text)
        }
        self._derived: set[Fraction] | None = None
        self._words = frozenset(word.casefold() for word in re.findall(r"[A-Za-z]+", evidence.text))
        self.values = self._values()

    # ------------------------------------------------------------------------------------------------------- values

    def _values(self) -> tuple[Value, ...]:
        found: list[Value] = []
        for placed in self._claim.items:
            if placed.edge or not _tells(placed):
                continue
            value = self._look_up(placed)
            # A pronoun stands for a whole name: only another number beside the same word tells of another thing.
            if value.standing is Standing.MISSING and self._is_of_subject(placed) and value.other is None:
                continue
            found.append(value)
        taken = [p.item.span for p in self._claim.items]
        for match in _DIGITS.finditer(self._claim.text):
            span = Span(start=match.start(), end=match.end())
            if not any(span.overlaps(other) for other in taken) and not self._leads(span):
                stands = match[0].replace(",", "") in self._digits | self._heading
                found.append(Value(span=span, placed=None, standing=Standing.STANDS if stands else Standing.MISSING))
        return tuple(found[:_MOST_VALUES])

    def _is_of_subject(self, placed: Placed) -> bool:
        """Say whether a value is part of the name that the claim begins with, or the year in brackets after it."""
        if placed.parenthesis:
            return True
        if is_named(self._claim, placed):
            # "The film 54" is called by its number alone; "Panda 3" may stand under its other words.
            return self._leads(placed.item.span) or not placed.item.span.of(self._claim.text)[:1].islower()
        return self._leads(placed.item.span) and not self._says_itself(placed)

    def _leads(self, span: Span) -> bool:
        """Say whether a number stands before every word of the claim that is no name: "Seven Days in May stars".

        Such a number is part of the subject's name as a rule, and of what the evidence may call by a pronoun. A time
        that opens the sentence is none ("In 2012, 21 Jump Street was released"), nor is what says itself what it is:
        "1995 was when", "The 2014 film", "97.6% of".
        """
        text = self._claim.text
        opening = _TIMED.match(text)
        if opening is not None and (span.start < opening.end() or opening["comma"] is None):
            return False
        start = opening.end() if opening is not None else 0
        plain = next((w for w in self._claim.words if w.span.start >= start and self._is_plain(w, span)), None)
        return plain is None or span.end <= plain.span.start

    def _is_plain(self, word: Word, span: Span) -> bool:
        return not (word.name or word.stem in _JOINS or word.stem.isdigit() or word.span.overlaps(span))

    def _says_itself(self, placed: Placed) -> bool:
        """Say whether a value at the beginning of the claim is no name by its form or by what follows."""
        item, text = placed.item, self._claim.text
        if isinstance(item, Quantity):
            if text[item.number.end : item.number.end + 2].strip()[:1].isupper():
                return False  # "30 Seconds to Mars"
            return (
                item.unit is not None
                or item.bound is not Bound.PLAIN
                or item.kind in _NO_NAME_KINDS
                or item.low >= _LARGE
            )
        if item.granularity is not Granularity.YEAR:
            return True
        return _TELLS_TIME.match(text, item.span.end) is not None

    def _look_up(self, mine: Placed) -> Value:
        same: Place | None = None
        other: Place | None = None
        unclear: Place | None = None
        beside = self._is_of_subject(mine)
        for theirs in self._evidence.items[:_MOST_PLACES]:
            outcome = _compare(mine, theirs)
            if beside and outcome not in _AGREES and not self._is_beside_the_same(mine, theirs):
                continue
            if beside and outcome is None:
                outcome = Outcome.DIFFERS
            if outcome is None or (outcome is Outcome.UNKNOWN and self._is_silent(mine, theirs)):
                continue
            place = self._place(mine, theirs)
            if outcome in _AGREES:
                # "Heron (1998)" is not answered by "Marsh (1998)" where "Heron (2010)" stands too.
                if mine.parenthesis and other is not None and not self._is_beside_the_same(mine, theirs):
                    continue
                same = place if same is None or place.fit > same.fit else same
            elif outcome is Outcome.DIFFERS:
                other = place if other is None or place.fit > other.fit else other
                if mine.parenthesis and same is not None and not self._is_beside_the_same(mine, same.placed):
                    same = None
            else:
                unclear = place if unclear is None or place.fit > unclear.fit else unclear
        elsewhere = other is not None and (mine.parenthesis or _is_in_another_unit(mine, other))
        written = self._written(mine) and not elsewhere
        standing = Standing.STANDS if same is not None or written else Standing.MISSING
        if standing is Standing.MISSING and isinstance(mine.item, Quantity) and self._follows(mine.item):
            standing = Standing.OPEN
        dated = any(isinstance(p.item, DateReading) for p in self._evidence.items)
        if standing is Standing.MISSING and other is None and dated and _is_closed(mine.item):
            standing = Standing.OPEN  # dates are told of, and no other time
        # What cannot be told apart leaves a value open only where nothing fits its place better.
        if standing is Standing.MISSING and unclear is not None and not _is_better(other, unclear):
            standing = Standing.OPEN
        return Value(span=mine.item.span, placed=mine, standing=standing, same=same, other=other)

    def _is_beside_the_same(self, mine: Placed, theirs: Placed) -> bool:
        """Say whether the same name stands beside both values: "Spider-Man 2" and "Spider-Man 3"."""
        if mine.parenthesis and isinstance(mine.item, DateReading):
            return same_title(self._claim, mine, theirs) or (
                defines(theirs) and bool(set(mine.after[:2]) & set(theirs.after[:5]))
            )
        return self._absences.could_name(mine, theirs)

    def _is_silent(self, mine: Placed, theirs: Placed) -> bool:
        """Say whether a date of the evidence leaves the claim's open without bearing on it."""
        if not isinstance(mine.item, DateReading) or not isinstance(theirs.item, DateReading):
            return False
        # "The 2000 Cup Final was played on 27 February 2000": the first year is part of a name.
        return tells_nothing(mine.item, theirs) or designates(self._evidence.text, theirs.item)

    def _follows(self, item: Quantity) -> bool:
        """Say whether a number may follow from others: a difference, a sum, years between two, the length of a list."""
        if item.kind not in _COUNTED or item.low != item.high or item.low.denominator != 1:
            return False
        if self._derived is None:
            self._derived = set(derived_counts(self._evidence))
        return item.low in self._derived

    def _written(self, mine: Placed) -> bool:
        """Say whether the number itself stands anywhere, whatever it is there."""
        item = mine.item
        if isinstance(item, Quantity):
            if item.kind is QuantityKind.NAME:
                runs = {m[0].replace(",", "") for m in _DIGITS.finditer(item.span.of(self._claim.text))}
                return (bool(runs) and runs <= self._digits | self._heading) or item.low in self._numbers
            # So many things are no day of a month; "is 1987 novel" may mean the year.
            counted = item.kind is QuantityKind.COUNT and bool(item.noun) and item.low <= _MOST_DAYS
            if {item.low, item.high} <= (self._plain if counted else self._numbers):
                return True
            # "The eastern half" is no number, and "half" is there all the same.
            return item.form in _SPELLED and item.number.of(self._claim.text).casefold() in self._words
        if _is_closed(item):
            ends = [str(year) for year in (item.start[0], item.end[0])]
            return all(end in self._digits | self._heading for end in ends) and _is_of_years(item)
        if item.granularity is Granularity.YEAR and item.qualifier in {DateQualifier.NONE, DateQualifier.AROUND}:
            return str(item.year) in self._digits | self._heading
        return False

    def _place(self, mine: Placed, theirs: Placed) -> Place:
        alignment = align(self._claim, mine, self._evidence, theirs)
        return Place(placed=theirs, alignment=alignment, fit=self._absences.fit(mine, theirs, alignment))


# ------------------------------------------------------------------------------------------------------------- pieces


def _tells(placed: Placed) -> bool:
    """Say whether a number is worth looking for: "one of the" and "first" are not."""
    item = placed.item
    if not isinstance(item, Quantity):
        return True
    return not (item.low == 1 and item.form is NumberForm.WORDS)


def _compare(mine: Placed, theirs: Placed) -> Outcome | None:
    """Compare two items as far as their kinds allow, whatever they are about."""
    here, there = mine.item, theirs.item
    if isinstance(here, Quantity) and isinstance(there, Quantity):
        if QuantityKind.NAME in {here.kind, there.kind}:
            if here.kind is there.kind:
                return Outcome.EQUAL if here.low == there.low else Outcome.DIFFERS
            return None
        if here.kind is not there.kind and here.unit is None and there.unit is None and here.low != there.low:
            return None
        if not comparable(here, there):
            return None
        outcome = compare_quantities(here, there)
        return Outcome.DIFFERS if outcome is Outcome.UNKNOWN and goes_beyond(here, there) else outcome
    if isinstance(here, DateReading) and isinstance(there, DateReading):
        if _is_closed(here) and (theirs.edge or there.granularity is not Granularity.RANGE or is_lifetime(theirs)):
            return None  # a date within a time says nothing of its ends, nor does a life of a reign
        if here.qualifier is there.qualifier is DateQualifier.AS_OF and not here.overlaps(there):
            return Outcome.DIFFERS
        return compare_dates(here, there)
    return None


def _is_closed(date: Quantity | DateReading) -> bool:
    return isinstance(date, DateReading) and date.granularity is Granularity.RANGE and date.form != "open"


def _is_of_years(item: DateReading) -> bool:
    return (item.start[1:], item.end[1:]) == ((1, 1), (12, 31))


def _is_in_another_unit(mine: Placed, other: Place) -> bool:
    """Say whether the evidence has the number and measures something else by it: 161 miles, 161 km."""
    here, there = mine.item, other.placed.item
    return (
        isinstance(here, Quantity) and isinstance(there, Quantity) and here.unit != there.unit and here.low == there.low
    )


def derived_counts(evidence: Reading) -> Iterator[Fraction]:
    """Yield the whole numbers that follow from a text: sums, differences, years between dates, lengths of lists."""
    for listed in find_listed(evidence.text):
        yield Fraction(listed.count)
    for sentence in evidence.placed:
        items = [p.item for p in evidence.items_of(sentence) if not p.edge][:_MOST_TOGETHER]
        for at, first in enumerate(items):
            if isinstance(first, DateReading) and first.granularity is Granularity.RANGE:
                between = first.end[0] - first.start[0]
                yield from (Fraction(between), Fraction(between + 1))
            for second in items[at + 1 :]:
                if isinstance(first, Quantity) and isinstance(second, Quantity) and comparable(first, second):
                    yield from (abs(first.low - second.low), first.low + second.low)
                elif isinstance(first, DateReading) and isinstance(second, DateReading):
                    between = abs(first.start[0] - second.start[0])
                    yield from (Fraction(between), Fraction(max(0, between - 1)))
                    yield Fraction(abs(first.start[1] - second.start[1]))


def _is_better(other: Place | None, unclear: Place) -> bool:
    """Say whether another value fits better than one that cannot be told apart, and is no end of that same range."""
    apart = other is not None and not other.placed.item.span.overlaps(unclear.placed.item.span)
    return other is not None and apart and other.fit > unclear.fit


def _digits_of(text: str) -> frozenset[str]:
    found = set[str]()
    for match in _DIGITS.finditer(text):
        plain = re.sub(r"\D", "", match[0])
        found.add(plain)
        found.update(re.findall(r"\d+", match[0]))
        found.add(plain.lstrip("0") or "0")  # "06:49" is 6:49
    return frozenset(found)


def _roman(numeral: str) -> int:
    worth = [{"I": 1, "V": 5, "X": 10, "L": 50}[mark] for mark in numeral]
    return sum(-n if any(n < m for m in worth[i + 1 : i + 2]) else n for i, n in enumerate(worth))
