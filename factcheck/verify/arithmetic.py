"""Statements about numbers that need no evidence: "Fifty-one is larger than sixty-two", "3/4 is 75%".

Only a claim that consists of nothing else is decided; a number with a counted noun is a matter of fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from factcheck.text.numbers import NumberForm, find_numbers
from factcheck.text.numerals import spell_english
from factcheck.text.quantities import Bound, Quantity, QuantityKind, find_quantities
from factcheck.types import Correction, Span

_MORE = "larger|greater|bigger|more|higher|longer|taller|heavier|hotter|warmer"
_LESS = "smaller|less|fewer|lower|shorter|lighter|colder|cooler"
_OPPOSITE = {
    "larger": "smaller", "greater": "less", "bigger": "smaller", "more": "less", "higher": "lower",
    "longer": "shorter", "taller": "shorter", "heavier": "lighter", "hotter": "colder", "warmer": "colder",
    "smaller": "larger", "less": "greater", "fewer": "more", "lower": "higher", "shorter": "longer",
    "lighter": "heavier", "colder": "hotter", "cooler": "warmer",
}  # fmt: skip
_COMPARISON = re.compile(
    rf"(?:the number )?(?:is|are|was|were)(?P<not> not|n't)?(?: a)?(?: much| far)? (?P<word>{_MORE}|{_LESS})"
    r"(?: (?:number|value))? than(?: the number)?(?: only| just)?"
    r"|(?P<zhnot>不)?(?P<zh>大於|大于|小於|小于|等於|等于|多於|多于|少於|少于)|(?P<sign>>=|<=|≥|≤|>|<)",
    re.IGNORECASE,
)
_EQUALITY = re.compile(
    r"(?:is|are|=|equals?|makes?|means|amounts to|corresponds to|was)(?P<not> not|n't)?(?: exactly)?"
    r"(?: equal to| the same as| equivalent to)?|(?P<zhnot>不)?(?:等於|等于|是|即)",
    re.IGNORECASE,
)
_OPERATORS = {
    "plus": "+", "and": "+", "added to": "+", "+": "+", "minus": "-", "-": "-", "−": "-", "less": "-",
    "times": "*", "multiplied by": "*", "x": "*", "×": "*", "*": "*", "divided by": "/", "÷": "/", "over": "/",
    "加": "+", "減": "-", "减": "-", "乘": "*", "乘以": "*", "除以": "/",
}  # fmt: skip
_OPENING = re.compile(r"(?:(?:the )?numbers?|it is true that|in fact,?)?", re.IGNORECASE)
_LONGEST = 200
_CONVERTED = Fraction(2, 100)  # "5 miles is 8 km" holds, "one mile is 2 km" does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """The outcome: whether the statement holds, why, and what would make it hold."""

    holds: bool
    reason: str
    correction: Correction | None = None


def decide_arithmetic(text: str) -> Arithmetic | None:
    """Decide a claim that is nothing but a statement about numbers; None for every other claim."""
    if len(text) > _LONGEST:
        return None
    body = text.rstrip(" .!。！")
    calculation = _calculate(text, body)
    if calculation is not None:
        return calculation
    found = [q for q in find_quantities(body, dates=()) if q.kind is not QuantityKind.NAME]
    if len(found) != 2 or any(_counts(body, q, found) for q in found):
        return None
    pieces = _between(body, found)
    if pieces is None or not _OPENING.fullmatch(pieces[0]) or pieces[-1]:
        return None
    return _compare(text, body, found, pieces[1])


def _counts(body: str, quantity: Quantity, found: list[Quantity]) -> bool:
    """Say whether the number counts something that is more than the next word of the statement."""
    if quantity.kind in {QuantityKind.AGE, QuantityKind.ORDINAL, QuantityKind.MULTIPLE}:
        return True
    return quantity.low != quantity.high or quantity.bound is Bound.ABOUT


def _between(body: str, found: list[Quantity]) -> list[str] | None:
    pieces = [body[: found[0].number.start].strip(" \t\"'“”")]
    for left, right in pairwise(found):
        pieces.append(body[_end(body, left) : right.number.start].strip())
    pieces.append(body[_end(body, found[-1]) :].strip(" \t\"'“”"))
    return pieces


def _end(body: str, quantity: Quantity) -> int:
    """Where number and unit end; words of a bound behind them do not belong to a statement of arithmetic."""
    if quantity.unit is not None or quantity.kind is QuantityKind.PERCENT:
        return max(quantity.number.end, quantity.span.end)
    return quantity.number.end


def _written(text: str, quantity: Quantity) -> str:
    return text[quantity.number.start : _end(text, quantity)]


def _value(quantity: Quantity) -> Fraction:
    if quantity.kind is QuantityKind.PERCENT:
        return quantity.low / 100
    return quantity.in_base()[0]


def _same_measure(left: Quantity, right: Quantity) -> bool:
    here = left.unit.dimension if left.unit else ""
    there = right.unit.dimension if right.unit else ""
    return here == there


def _compare(text: str, body: str, found: list[Quantity], joint: str) -> Arithmetic | None:
    left, right = found
    if not _same_measure(left, right):
        return None
    match = _COMPARISON.fullmatch(joint)
    here, there = _written(text, left), _written(text, right)
    a, b = _value(left), _value(right)
    if match:
        word = (match["word"] or "").lower()
        mark = match["zh"] or match["sign"] or ""
        wants = 1 if word in _MORE.split("|") or mark[:1] in {"大", "多", ">", "≥"} else -1
        if mark[:1] in {"等"}:
            wants = 0
        order = (a > b) - (a < b)
        holds = order == wants or (mark in {">=", "≥", "<=", "≤"} and order == 0)
        negated = bool(match["not"] or match["zhnot"])
        says = "larger than" if order > 0 else "smaller than" if order < 0 else "equal to"
        holds = holds is not negated
        correction = None
        if not holds and word and order != 0 and not negated:
            at = body.lower().index(word, _end(body, left))
            correction = Correction(span=Span(start=at, end=at + len(word)), replacement=_OPPOSITE[word])
        return Arithmetic(
            holds=holds, reason=f"{_capital(here)} is {says} {there}, by arithmetic.", correction=correction
        )
    match = _EQUALITY.fullmatch(joint)
    if match is None or (
        left.unit is None
        and left.kind is right.kind is QuantityKind.COUNT
        and "=" not in joint
        and "equal" not in joint.lower()
        and "等" not in joint
    ):
        return None
    tolerance = max(_step(left), _step(right)) / 2 if left.unit is not None else _step(right) / 2
    if left.unit is None and right.kind is not QuantityKind.PERCENT:
        tolerance = Fraction(0)
    tolerance = min(tolerance, abs(b) * _CONVERTED)
    holds = (abs(a - b) <= tolerance) is not bool(match["not"] or match["zhnot"])
    says = "equal" if abs(a - b) <= tolerance else "not equal"
    return Arithmetic(
        holds=holds,
        reason=f"{_capital(here)} and {there} are {says}, by arithmetic.",
    )


def _step(quantity: Quantity) -> Fraction:
    step = quantity.step * (quantity.unit.factor if quantity.unit else 1)
    return step / 100 if quantity.kind is QuantityKind.PERCENT else step


def _calculate(text: str, body: str) -> Arithmetic | None:
    """Decide "Two plus two is five"."""
    numbers = find_numbers(body)
    if len(numbers) != 3 or any(number.ordinal for number in numbers):
        return None
    first, second, third = numbers
    if body[: first.span.start].strip() or body[third.span.end :].strip():
        return None
    joints = [body[a.span.end : b.span.start].strip() for a, b in ((first, second), (second, third))]
    operator = _OPERATORS.get(joints[0].lower())
    equality = _EQUALITY.fullmatch(joints[1])
    if operator is None or equality is None or (operator == "/" and second.value == 0):
        return None
    a, b, c = first.value, second.value, third.value
    result = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else a}[operator]
    same = abs(result - c) <= (third.step / 2 if operator == "/" and c.denominator > 1 else 0)
    negated = bool(equality["not"] or equality["zhnot"])
    correction = None
    if not same and not negated and result.denominator == 1 and 0 <= result < 10**12:
        spelled = third.form is NumberForm.WORDS
        correction = Correction(
            span=third.span, replacement=spell_english(int(result)) if spelled else str(int(result))
        )
    written = str(result) if len(str(result)) < 60 else "another number"
    return Arithmetic(
        holds=same is not negated,
        reason=f"{_capital(first.span.of(text))} {joints[0]} {second.span.of(text)} is {written}, by arithmetic.",
        correction=correction,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
