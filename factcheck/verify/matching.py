"""Which number of the evidence, if any, answers a number of the claim, and what it says of it.

Candidates are the evidence's items of the same dimension; rules throw out those that date or count something else, the
rest are weighed by `factcheck.verify.alignment`. A value that the evidence has elsewhere in a place that fits as well
is never called wrong.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from factcheck.text.dates import DateReading, Granularity
from factcheck.text.quantities import Quantity, QuantityKind
from factcheck.text.stems import LIGHT, STOP, STRICT, stem
from factcheck.verify.alignment import Alignment, align, said_by_unit
from factcheck.verify.comparison import Outcome, comparable, compare_dates, compare_quantities
from factcheck.verify.han_alignment import is_han
from factcheck.verify.readings import Placed, Reading
from factcheck.verify.slots import (
    FULL,
    LEAF,
    ONCE,
    in_full,
    likely_slot,
    outcome_of,
    same_slot,
    same_time,
    same_title,
)

AGREES = frozenset({Outcome.EQUAL, Outcome.WITHIN})

# Log odds that a difference refutes: property, sentence, subject, a pronoun for it, other names, anchor, a date.
# Fitted by logistic regression on development pairs whose SHA-1 is even, signs held to what they mean.
_BIAS = -0.9
_WEIGHTS = (0.4, 0.1, 0.7, 1.0, 0.75, 0.5, 0.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An item of the claim with the item of the evidence that answers it.

    Attributes:
        confidence: that both speak of the same thing, in [0, 1].
        sure: everything that the claim says of the value is there too; else the match is only likely.
        rivals: the other values that stand for the same slot nearly as well; none of them agrees either.
    """

    mine: Placed
    theirs: Placed
    outcome: Outcome
    alignment: Alignment
    confidence: float
    rivals: int = 0
    sure: bool = True


def checkable(claim: Reading) -> list[Placed]:
    """Return the items of a claim that can be compared with anything."""
    found: list[Placed] = []
    for placed in claim.items:
        if placed.edge:
            continue
        item = placed.item
        if isinstance(item, Quantity):
            if item.kind is QuantityKind.NAME:
                continue
            plain = item.kind in {QuantityKind.COUNT, QuantityKind.ORDINAL}
            if plain and item.low == 1:
                continue  # "one of the", "first"
            if plain and _is_titled(claim.text, item):
                continue  # "The Ten Commandments"
            if item.kind is QuantityKind.COUNT and _is_share(claim, item):
                continue  # "seventeen of the eighteen", whatever the noun
        elif designates(claim.text, item):
            continue
        found.append(placed)
    return found


def named(claim: Reading) -> list[Placed]:
    """Return the numbers that are part of a name in what the claim says of its subject, not of the subject itself.

    Another number makes another name: "Apollo 12" in the place of the subject is another ship, about which the evidence
    of Apollo 11 says nothing. "He flew on Apollo 12" is answered by "He flew on Apollo 11".
    """
    found = []
    for placed in claim.items:
        item = placed.item
        is_name = item.kind is QuantityKind.NAME if isinstance(item, Quantity) else designates(claim.text, item)
        if (
            is_name
            and not placed.edge
            and any(
                not word.name and word.stem not in STOP and word.span.end <= item.span.start for word in claim.words
            )
        ):
            found.append(placed)
    return found


def _is_titled(text: str, item: Quantity) -> bool:
    """Say whether a number in words is part of a title: both it and the next word are written with a capital."""
    return item.number.of(text)[:1].isupper() and text[item.number.end + 1 : item.number.end + 2].isupper()


def _is_share(claim: Reading, item: Quantity) -> bool:
    """Say whether the number is a part, or the whole, of "seventeen of the eighteen"."""
    if claim.text.startswith(" of ", item.number.end):
        return True
    lead = re.search(r" of (?:the )?$", claim.text[: item.number.start])
    return lead is not None and any(
        isinstance(p.item, Quantity) and p.item.number.end == lead.start() for p in claim.items
    )


def designates(text: str, item: DateReading) -> bool:
    """Recognise a year that is part of a name: "Blade Runner 2049", "The 2003 NCAA Tournament was"."""
    if item.granularity is not Granularity.YEAR or item.form != "year":
        return False
    before, after = text[: item.span.start], text[item.span.end :]
    if re.fullmatch(r"(?:The |the )?", before) and re.match(r"\s[A-Z]", after):
        return True
    lead = re.search(r"(?:^|\s)([A-Z][\w'’.-]*)\s$", before)
    if lead is None or re.search(r"-[a-z]", lead[1]):
        return False  # "an Oscar-winning 2007 film"
    return stem(lead[1]) not in STOP and lead[1] not in _SEASONS


_SEASONS = frozenset("Spring Summer Autumn Fall Winter Year Circa".split())


def match(claim: Reading, mine: Placed, evidence: Reading) -> Match | None:
    """Find what the evidence says of one item of the claim; None where it says nothing comparable."""
    candidates: list[tuple[float, Outcome, Placed, Alignment]] = []
    for theirs in evidence.items:
        outcome = outcome_of(claim, mine, evidence, theirs)
        if outcome is None:
            continue
        alignment = align(claim, mine, evidence, theirs)
        candidates.append((confidence(alignment, date=isinstance(mine.item, DateReading)), outcome, theirs, alignment))
    if not candidates:
        return None
    tied = [c for c in candidates if c[1] is Outcome.DIFFERS and same_title(claim, mine, c[2])]
    if tied:
        # "Beetlejuice (1990)" against "Beetlejuice (1988)": what else happened in 1990 does not matter.
        if not in_full(tied[0][3]):
            return None
        weight = _sure(tied[0][3], len({_value(c[2]) for c in tied}) - 1, date=True, more=False)
        return _as_match(mine, (weight, *tied[0][1:]))
    agreeing = [c for c in candidates if c[1] in AGREES]
    differing = [c for c in candidates if c[1] is Outcome.DIFFERS]
    if agreeing:
        best = max(agreeing, key=lambda c: (c[0], c[1] is Outcome.EQUAL))
        rival = max(differing, key=lambda c: c[0], default=None)
        if rival is None or rival[0] - best[0] < _CLEARLY_BETTER or not _tied(mine, rival[2], rival[3]):
            return _as_match(mine, best)
        return None  # the same number, but of something else
    if not differing:
        return None
    fitting = [c for c in differing if same_slot(claim, mine, evidence, c[2], c[3])]
    sure = bool(fitting)
    if not sure:
        fitting = [c for c in differing if likely_slot(claim, mine, c[3])]
    if not fitting:
        return None
    if evidence.leaf:
        # A bare value under its name: what follows it are remarks.
        fitting = [c for c in fitting if c[2].item.span.start <= 2] or fitting
    best = max(fitting, key=lambda c: c[0])
    if any(c[1] is Outcome.UNKNOWN and c[0] >= best[0] - 0.1 for c in candidates):
        return None
    close = [c for c in fitting if c[0] >= best[0] - 0.1 and c[3].anchor >= best[3].anchor - 0.34]
    rivals = {_value(c[2]) for c in close} - {_value(best[2])}
    if _said_otherwise(mine, best[2], evidence):
        return None
    if sure:
        weight = _sure(best[3], len(rivals), date=isinstance(mine.item, DateReading), more=_is_more(mine, best[2]))
        best = (weight, *best[1:])
    return _as_match(mine, best, rivals=len(rivals), sure=sure)


def _said_otherwise(mine: Placed, theirs: Placed, evidence: Reading) -> bool:
    """Say whether the evidence has the claim's value after all ("nominated for ten awards and won five")."""
    here = mine.item
    if isinstance(here, DateReading):
        if ONCE & mine.near & theirs.near:
            return False  # a birth and a death are easily swapped, and never the same
        return any(
            isinstance(p.item, DateReading) and not p.edge and compare_dates(here, p.item) in AGREES
            for p in evidence.items
        )
    return any(
        (p.item.low == here.low and p.item.unit == here.unit)
        or (comparable(here, p.item) and compare_quantities(here, p.item) in AGREES)
        for p in evidence.items_of(theirs.sentence)
        if isinstance(p.item, Quantity)
    )


def holds_then(claim: Reading, evidence: Reading, theirs: Placed) -> bool:
    """Say whether the evidence's number is known to be for the time that the claim names."""
    return same_time(claim, evidence, theirs)


def covered(claim: Reading, evidence: Reading, matches: list[Match]) -> bool:
    """Say whether the evidence says, around the values that agree, everything else that the claim says too."""
    there: set[str] = set(evidence.heading)
    for found in matches:
        # The ends of a time say themselves what happened then: "(1946 – 2016)" has a birth and a death.
        there |= found.theirs.clause | (found.theirs.near & _ENDS if found.theirs.edge else set())
        alignment = found.alignment
        if alignment.contrast == 0.0 or alignment.titled == 0.0 or alignment.leaf < LEAF:
            return False
        if alignment.subject < FULL or alignment.noun < 0.5:
            return False
        if isinstance(found.mine.item, DateReading) and alignment.verb < 0.5:
            return False
        if alignment.property < _ENOUGH:
            return False
    if is_han(claim):
        return all(m.alignment.property >= FULL and m.alignment.verb >= 0.5 for m in matches)
    there |= set(claim.subject)  # `align` has looked for it
    sizes = set[str]().union(*(said_by_unit(m.mine) for m in matches))
    words = {word.stem for word in claim.words if word.stem not in STOP and word.stem not in LIGHT} - sizes
    strict = {word.stem for word in claim.words if word.stem in STRICT}
    return words <= there and bool(words) and strict <= there


_ENOUGH = 0.8
_ENDS = frozenset("birth die begin end".split())
_CLEARLY_BETTER = 0.5


def _tied(mine: Placed, theirs: Placed, alignment: Alignment) -> bool:
    return alignment.verb == 1.0 and alignment.property > 0.8


def _value(placed: Placed) -> object:
    item = placed.item
    return (item.start, item.end) if isinstance(item, DateReading) else item.in_base()


def _as_match(
    mine: Placed, found: tuple[float, Outcome, Placed, Alignment], rivals: int = 0, *, sure: bool = True
) -> Match:
    return Match(
        mine=mine,
        theirs=found[2],
        outcome=found[1],
        alignment=found[3],
        confidence=found[0],
        rivals=rivals,
        sure=sure,
    )


def confidence(alignment: Alignment, *, date: bool) -> float:
    """Return the probability that a difference refutes, as far as words tell."""
    full = float(alignment.subject >= FULL)
    parts = (
        alignment.property,
        alignment.sentence,
        full,
        (1 - full) * alignment.pronoun,
        alignment.names if alignment.others else 0.5,
        alignment.anchor,
        float(date),
    )
    return 1 / (1 + math.exp(-_BIAS - sum(weight * part for weight, part in zip(_WEIGHTS, parts, strict=True))))


def _is_more(mine: Placed, theirs: Placed) -> bool:
    here, there = mine.item, theirs.item
    counts = isinstance(here, Quantity) and isinstance(there, Quantity) and here.kind is QuantityKind.COUNT
    return counts and isinstance(here, Quantity) and isinstance(there, Quantity) and there.low > here.high


def _sure(found: Alignment, rivals: int, *, date: bool, more: bool) -> float:
    """Return the probability for a match of everything that the claim says.

    On development pairs 0.95 held for dates and 0.93 for quantities where the subject is named; a pronoun for it, or
    another value that fits as well, leaves a sign that does not decide alone; so does a greater count in a text without
    a title (`more`), because whoever won seven of them has also won five.
    """
    if found.subject < FULL or rivals > 1 or (more and found.titled == 0.5):
        return 0.84
    return (0.96 if date else 0.94) - (0.03 if rivals else 0.0)
