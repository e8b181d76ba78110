"""A claim in the figures of its evidence, for the model that reads: "0.21 kilograms" is read as "210 grams".

A reading model compares numbers as words: it takes two kilometres for something else than 2,000 metres, and 31,450 for
no "more than 30,000". Where the evidence has one value of the claim's kind, and calculating says that the claim's value
is that one or bounds it closely, the model reads the claim with the evidence's own figures. What the values are of, it
has to judge as before; where calculating says that they differ, or cannot tell, nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from factcheck.text.quantities import Bound, Quantity, QuantityKind, find_quantities
from factcheck.verify.comparison import CLEARLY_OFF, Outcome, comparable, compare_quantities

_KINDS = frozenset({QuantityKind.COUNT, QuantityKind.MEASURE, QuantityKind.PERCENT, QuantityKind.CURRENCY})
_BOUNDS = frozenset({Bound.AT_LEAST, Bound.MORE_THAN, Bound.AT_MOST, Bound.LESS_THAN})
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|dozen|hundred|thousand|\w+llion|half"
    r"|third|quarter)s?\b|[一二三四五六七八九十百千萬万億亿兩两]",
    re.IGNORECASE,
)
_MOST = 40
_LONGEST = 20_000  # characters of a piece of evidence: longer ones have many values


@dataclass(frozen=True, slots=True)
class _Figure:
    """A quantity and how it is written."""

    quantity: Quantity
    written: str


def in_figures_of(claim: str, evidence: str) -> str:
    """Return a claim with each value written as the evidence writes it, where it is the same or holds of it."""
    # A figure that stands there as it is needs no other; of most claims all do, and the evidence need not be read.
    if _NUMBER.search(claim) is None or len(evidence) > _LONGEST:
        return claim
    mine = [f for f in _figures(claim) if _is_said(f.quantity) and not _stands(f.quantity.number.of(claim), evidence)]
    if not mine:
        return claim
    theirs = _figures(evidence)
    for figure in reversed(mine):
        written = _as_written(figure, theirs)
        if written is not None:
            span = figure.quantity.span
            if span.start == 0:
                written = written[:1].upper() + written[1:]
            claim = claim[: span.start] + written + claim[span.end :]
    return claim


def _stands(number: str, text: str) -> bool:
    """Say whether a text has a number as it is written, and not as a part of another."""
    return re.search(rf"(?<![\w.,]){re.escape(number)}(?![.,]?\w)", text) is not None


@lru_cache(4096)
def _figures(text: str) -> tuple[_Figure, ...]:
    return tuple(_Figure(q, q.span.of(text)) for q in find_quantities(text) if q.kind in _KINDS)[:_MOST]


def _is_said(quantity: Quantity) -> bool:
    """Say whether a value is measured, or a count with a noun: a bare "one" is not compared."""
    return quantity.unit is not None or quantity.kind is not QuantityKind.COUNT or bool(quantity.noun)


def _as_written(mine: _Figure, theirs: Sequence[_Figure]) -> str | None:
    """Return how the only value of that kind is written, if it is the claim's; None where nothing has to change."""
    rivals = [
        f for f in theirs if comparable(mine.quantity, f.quantity) and _counts_the_same(mine.quantity, f.quantity)
    ]
    values = {f.quantity.in_base() for f in rivals}
    if len(values) != 1:
        return None
    other = rivals[0]
    if _figure_and_unit(other) == _figure_and_unit(mine):
        return None
    outcome = compare_quantities(mine.quantity, other.quantity)
    if outcome is Outcome.EQUAL or (outcome is Outcome.WITHIN and _bounds_closely(mine.quantity, other.quantity)):
        return other.written
    return None


def _bounds_closely(mine: Quantity, theirs: Quantity) -> bool:
    """Say whether a bound lies near the value: "over 500" says something else of 873 than "873" does."""
    here, there = mine.in_base()[0], theirs.in_base()[0]
    return mine.bound in _BOUNDS and abs(here - there) <= CLEARLY_OFF * abs(there)


def _figure_and_unit(figure: _Figure) -> str:
    """Return what is left without "about" and "an estimated"."""
    within = figure.quantity.number.start - figure.quantity.span.start
    return "".join(figure.written[within:].lower().split())


def _counts_the_same(mine: Quantity, theirs: Quantity) -> bool:
    return mine.unit is not None or mine.kind is not QuantityKind.COUNT or mine.noun == theirs.noun
