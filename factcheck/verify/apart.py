"""Values that a sentence gives to something else than the claim's: to the time before a change, to another name.

"It employed 412 people in 2023, up from 380 a year earlier" gives two numbers, and one of them is not of 2023. "The L40
costs 4,900 euros; the older L20 costs 3,150 euros" gives two prices, and one of them is not of the L40. Comparing the
claim with whichever value suits it would support what is false, so those of another time or name are set aside first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from factcheck.text.dates import DateReading, Day
from factcheck.text.quantities import Quantity, QuantityKind
from factcheck.types import Span
from factcheck.verify.readings import Placed, Reading

_MOST_VALUES = 24  # of one sentence: what has more is a table
_FROM = re.compile(r"\bfrom\s+(?:about\s+|around\s+|nearly\s+|some\s+)?$", re.IGNORECASE)
_TO = re.compile(r"[^.;:]{0,60}?\bto\s+(?:about\s+|around\s+|nearly\s+|some\s+)?", re.IGNORECASE)
_UP_FROM = re.compile(
    r"[^.;:]{0,60}?(?:[,(–-]\s*(?:which\s+(?:is|was)\s+)?(?:up|down|rising|falling|an?\s+(?:increase|decrease|rise|fall|drop))\s+from"
    r"|[,(]?\s*(?:compared\s+(?:with|to)|against|versus|vs\.?)|,\s+from)\s+(?:about\s+|around\s+|nearly\s+|some\s+|just\s+)?",
    re.IGNORECASE,
)
_YEAR_BEFORE = re.compile(
    r"[^.;:\d]{0,30}?\b(?:(?:a|one)\s+year\s+(?:earlier|before|ago|previously)|(?:in\s+)?the\s+(?:previous|preceding|prior)\s+year"
    r"|the\s+year\s+before|last\s+year)\b",
    re.IGNORECASE,
)
_SPEAKS_OF_BEFORE = re.compile(
    r"\b(?:from|before|earlier|previous|previously|former|formerly|originally|prior|initial|initially|used\s+to|compared|had\s+been"
    r"|until|ago|once|last)\b|\bby\s+\S{0,2}\d",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r";|,?\s(?:while|whereas|but)\s|,?\sand\s(?=(?:the\s)?[A-Z]\w*\s(?:[A-Z]\w*\s)?(?:is|was|has|had|[a-z]+s|[a-z]+ed)\s)"
)


def of_the_claim(claim: Reading, evidence: Reading) -> Reading:
    """Return the evidence without the values that are of another time or name than the claim's.

    Where the claim is of the year before, told by "a year earlier", it is the later value that goes, and the dates of
    the sentence are moved a year back.
    """
    aside: set[Span] = set()
    moved: dict[int, int] = {}
    before = _SPEAKS_OF_BEFORE.search(claim.text) is not None
    years = {p.item.year for p in claim.items if isinstance(p.item, DateReading) and p.item.year_known}
    for number in evidence.placed:
        values = [p for p in evidence.items_of(number) if _is_value(p)]
        if not 2 <= len(values) <= _MOST_VALUES:
            continue
        for earlier, later in _changes(evidence, values):
            told = _YEAR_BEFORE.match(evidence.text, earlier.item.span.end) is not None
            year = _only_year(evidence, number) if told else None
            if year is not None and years == {year - 1}:
                aside.add(later.item.span)
                moved[number] = year - 1
            elif not before:
                aside.add(earlier.item.span)
        aside.update(_of_others(claim, evidence, number, values))
    return evidence if not aside else _without(evidence, aside, moved)


def _only_year(evidence: Reading, number: int) -> int | None:
    """Return the year of a sentence's date; None where it has none, several, or one that spans years."""
    dates = [p.item for p in evidence.items_of(number) if isinstance(p.item, DateReading) and not p.edge]
    return dates[0].year if len(dates) == 1 and dates[0].end[0] == dates[0].year else None


def _is_value(placed: Placed) -> bool:
    return isinstance(placed.item, Quantity) and placed.item.kind not in {QuantityKind.NAME, QuantityKind.ORDINAL}


def _changes(evidence: Reading, values: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Yield pairs of neighbours that are one thing before and after a change, the value before it first."""
    for one, other in pairwise(values):
        between = evidence.text[one.item.span.end : other.item.span.start]
        if _FROM.search(evidence.text, max(0, one.item.span.start - 24), one.item.span.start) and _TO.fullmatch(
            between
        ):
            if not any(character.isdigit() for character in between):  # "from 1,200 in 1990 to 3,400 in 2010"
                yield one, other
        elif _UP_FROM.fullmatch(between) and not _dated(evidence, other):
            yield other, one


def _dated(evidence: Reading, placed: Placed) -> bool:
    """Say whether a date follows a value: then it is known of when it is."""
    return (
        re.match(r"\s*(?:\w+\s+){0,2}\(?\d{4}\b", evidence.text[placed.item.span.end : placed.item.span.end + 24])
        is not None
    )


def _of_others(claim: Reading, evidence: Reading, number: int, values: Sequence[Placed]) -> Iterator[Span]:
    """Yield the values of those parts of a sentence that name something else, where another part names the claim's."""
    sentence = evidence.spans[number]
    starts = [sentence.start]
    for one, other in pairwise(values):
        breaks = list(_PARTS.finditer(evidence.text, one.item.span.end, other.item.span.start))
        starts.append(breaks[0].end() if breaks else starts[-1])
    ends = [
        next((start for start in starts[at + 1 :] if start > begin), sentence.end) for at, begin in enumerate(starts)
    ]
    named = [
        {w.stem for w in evidence.words_of(number) if w.name and begin <= w.span.start < end}
        for begin, end in zip(starts, ends, strict=True)
    ]
    if not claim.subject or not any(claim.subject[0] in names for names in named):
        return
    for placed, names in zip(values, named, strict=True):
        if names and not names & claim.names:
            yield placed.item.span


def _without(evidence: Reading, aside: set[Span], moved: dict[int, int]) -> Reading:
    def kept(items: Sequence[Placed]) -> tuple[Placed, ...]:
        return tuple(_at(p, moved.get(p.sentence)) for p in items if p.item.span not in aside)

    placed = {number: kept(items) for number, items in evidence.placed.items()}
    # Blanks, so that nobody finds the numbers in the text, and all spans hold.
    pieces, end = [], 0
    for span in sorted(aside, key=lambda span: span.start):
        pieces += [evidence.text[end : span.start], " " * len(span)]
        end = span.end
    text = "".join(pieces) + evidence.text[end:]
    return replace(evidence, text=text, items=kept(evidence.items), placed=placed)


def _at(placed: Placed, year: int | None) -> Placed:
    item = placed.item
    if year is None or not isinstance(item, DateReading):
        return placed
    return replace(placed, item=replace(item, start=_in_year(item.start, year), end=_in_year(item.end, year)))


def _in_year(day: Day, year: int) -> Day:
    """Return the same day of another year; there may be no 29 February in it."""
    return (year, day[1], min(day[2], 28) if day[1] == 2 else day[2])
