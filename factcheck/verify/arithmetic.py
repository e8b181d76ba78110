"""Statements about numbers that need no evidence: "Fifty-one is larger than sixty-two", "20% of 50 is 10".

A claim is cut into numbers and words and read by a small grammar; only one that is used up to its last word is
decided, so that a number with a counted noun stays a matter of fact. Denials are counted, not guessed: "It is not true
that ten is not larger than nine" denies twice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from factcheck.text.numerals import spell_english
from factcheck.types import Correction
from factcheck.verify.han_statements import HanReader, is_han, lex_han
from factcheck.verify.operands import Operand, Relation, Unreadable, check_months, lex
from factcheck.verify.operators import OPPOSITE
from factcheck.verify.statements import Reader

_LONGEST = 300
_CONVERTED = Fraction(2, 100)  # "5 miles is 8 km" holds, "one mile is 2 km" does not
_LARGEST_PRIME = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """The outcome: whether the statement holds, why, and what would make it hold."""

    holds: bool
    reason: str
    correction: Correction | None = None


def decide_arithmetic(text: str) -> Arithmetic | None:
    """Decide a claim that is nothing but a statement about numbers; None for every other claim."""
    if len(text) > _LONGEST or not re.search(r"\w", text):
        return None
    try:
        relations = _read(text)
        parts = [(relation, _holds(relation)) for relation in relations]
    except (Unreadable, ZeroDivisionError, OverflowError):
        return None
    outer = relations[0].outer_denied
    holds = all(found is not relation.denied for relation, found in parts)
    shown = next(((r, h) for r, h in parts if h is r.denied), parts[0])
    correction = None if outer or holds or len(parts) > 1 else _correct(text, *shown)
    return Arithmetic(holds=holds is not outer, reason=_reason(*shown), correction=correction)


def _read(text: str) -> list[Relation]:
    tokens = lex_han(text) if is_han(text) else lex(text)
    if tokens is None:
        raise Unreadable
    check_months(tokens)
    return HanReader(tokens).statement() if is_han(text) else Reader(tokens).statement()


# --------------------------------------------------------------------------------------------------------------- truth


def _holds(relation: Relation) -> bool:
    """Say whether the relation holds, its denial aside."""
    left, kind = relation.left, relation.kind
    if kind in _PROPERTIES:
        if kind == "whole" and not left.dimension:
            return left.value.denominator == 1
        if left.dimension or (left.value.denominator != 1 and kind not in {"positive", "negative"}):
            raise Unreadable
        return _PROPERTIES[kind](left.value.numerator)
    for right in relation.rights:
        if left.dimension != right.dimension:
            raise Unreadable
    first = relation.rights[0]
    if kind == "between":
        low, high = sorted(right.value for right in relation.rights)
        return low <= left.value <= high
    if kind in {"divisible", "factor"}:
        above, below = (left, first) if kind == "divisible" else (first, left)
        if below.value == 0 or above.value.denominator != 1 or below.value.denominator != 1:
            raise Unreadable
        return above.value % below.value == 0
    return all(_compare(left, right, kind) for right in relation.rights)


def _compare(left: Operand, right: Operand, kind: str) -> bool:
    if kind == "=":
        return _equal(left, right)
    order = (left.value > right.value) - (left.value < right.value)
    return {">": order > 0, "<": order < 0, ">=": order >= 0, "<=": order <= 0}[kind]


def _equal(left: Operand, right: Operand) -> bool:
    """Compare as exactly as the right side is written: whole numbers to the unit, "33%" to the percent."""
    gap = abs(left.value - right.value)
    if gap == 0:
        return True
    if not (right.rounded or left.rounded):
        return False
    tolerance = max(right.step if right.rounded else 0, left.step if left.rounded else 0) / 2
    return gap <= min(Fraction(tolerance), abs(right.value) * _CONVERTED)


def _is_prime(value: int) -> bool:
    if value > _LARGEST_PRIME:
        raise Unreadable
    return value > 1 and all(value % n for n in range(2, math.isqrt(value) + 1))


def _is_composite(value: int) -> bool:
    return value > 3 and not _is_prime(value)


def _is_cube(value: int) -> bool:
    if abs(value) > _LARGEST_PRIME:
        raise Unreadable
    return bool(round(abs(value) ** (1 / 3)) ** 3 == abs(value))


_PROPERTIES: dict[str, Callable[[int], bool]] = {
    "odd": lambda value: value % 2 == 1,
    "even": lambda value: value % 2 == 0,
    "prime": _is_prime,
    "composite": _is_composite,
    "square": lambda value: value >= 0 and math.isqrt(value) ** 2 == value,
    "cube": _is_cube,
    "whole": lambda _: True,
    "positive": lambda value: value > 0,
    "negative": lambda value: value < 0,
}


# ----------------------------------------------------------------------------------------------------------- in words


def _reason(relation: Relation, holds: bool) -> str:
    left = relation.left
    here = f"{left.text[:1].upper()}{left.text[1:]}"
    if relation.kind in _PROPERTIES:
        return f"{here} is {'' if holds else 'not '}{relation.kind}, by arithmetic."
    there = " and ".join(right.text for right in relation.rights)
    if relation.kind == "between":
        return f"{here} is {'' if holds else 'not '}between {there}, by arithmetic."
    if relation.kind in {"divisible", "factor"}:
        words = "divisible by" if relation.kind == "divisible" else "a factor of"
        return f"{here} is {'' if holds else 'not '}{words} {there}, by arithmetic."
    if left.computed:
        return f"{here} is {_written(left.value)}{'' if holds else f', not {there}'}, by arithmetic."
    if relation.rights[0].computed:
        value = _written(relation.rights[0].value)
        return f"{there[:1].upper()}{there[1:]} is {value}, and the claim says {left.text}, by arithmetic."
    if relation.kind == "=":
        return f"{here} and {there} are {'equal' if holds else 'not equal'}, by arithmetic."
    order = (left.value > relation.rights[0].value) - (left.value < relation.rights[0].value)
    says = "larger than" if order > 0 else "smaller than" if order < 0 else "equal to"
    return f"{here} is {says} {there}, by arithmetic."


def _written(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator) if abs(value) < 10**40 else "another number"
    short = round(float(value), 6) if abs(value) < 10**12 else None
    return "another number" if short is None else f"{short:g}"


def _correct(text: str, relation: Relation, holds: bool) -> Correction | None:
    """Turn the word that compares, or write the right result."""
    if relation.denied:
        return None
    if relation.word is not None and relation.kind in {">", "<"}:
        word = relation.word.of(text).lower()
        equal = relation.left.value == relation.rights[0].value
        other = OPPOSITE.get(word)
        return None if other is None or equal else Correction(span=relation.word, replacement=other)
    right = relation.rights[0] if relation.rights else None
    if relation.kind != "=" or right is None or right.number is None or not relation.left.computed:
        return None
    value = relation.left.value
    if value.denominator != 1 or not 0 <= value < 10**12 or right.dimension:
        return None
    written = spell_english(int(value)) if right.spelled else str(int(value))
    return Correction(span=right.number, replacement=written)
