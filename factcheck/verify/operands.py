"""What a statement about numbers is made of: words, numbers with their units, and what calculations give."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from factcheck.text.nouns import PERCENT
from factcheck.text.numbers import NumberForm, find_numbers
from factcheck.text.units import WORDS, match_unit
from factcheck.types import Span

_LEXER = re.compile(
    r"n['’]t\b|[A-Za-z]+?(?=n['’]t\b)|[A-Za-z]+|>=|<=|==|!=|≠|大於|大于|多於|多于|高於|高于|小於|小于|少於|少于|低於|低于|等於|等于"
    r"|並不|并不|並非|并非|不是|加上|減去|减去|乘以|除以|\S"
)
_SKIPPED = frozenset('"“”‘’,，')


class Unreadable(Exception):  # noqa: N818 - it ends a reading, and no caller of the package ever sees it
    """The text is no statement about numbers alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operand:
    """A number of the statement, or what a calculation gives.

    Attributes:
        value: in base units; a percentage is divided by 100.
        step: worth of the last digit, in the same units.
        dimension: of the unit; empty for a plain number.
        text: as it is shown in a reason.
        rounded: written with decimals, as a percentage or in a unit: equality then means to the last digit.
        computed: whether anything had to be calculated.
        number: where a single number stands, so that it can be corrected.
        spelled: whether that number is written in words.
        share: a fraction or percentage, so that "of" may follow.
    """

    value: Fraction
    step: Fraction
    dimension: str
    text: str
    rounded: bool = False
    computed: bool = False
    number: Span | None = None
    spelled: bool = False
    share: bool = False
    multiplier: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case, or a number."""

    word: str
    span: Span
    operand: Operand | None = None


def lex(text: str) -> list[Token] | None:
    """Cut a text into numbers and words; None where there are no two things to compare."""
    body = text.rstrip(" .!。！")
    tokens: list[Token] = []
    at = 0
    for number in find_numbers(body):
        if number.ordinal:
            return None
        tokens += _words(body, at, number.span.start)
        end = number.span.end
        value, step, dimension, rounded, share = number.value, number.step, "", number.step < 1, False
        if number.form is NumberForm.FRACTION:
            rounded, share = False, True
        percent = PERCENT.match(body, end)
        if percent or number.magnitude == "百分之":
            end = percent.end() if percent else end
            value, step, rounded, share = value / 100, step / 100, True, True
        else:
            unit = match_unit(body, end)
            written = body[end : unit.end].strip() if unit else ""
            if unit and written not in {"x", "second"} and (len(written) > 1 or written in "m K g"):
                factor = unit.unit.factor
                value, step, dimension, rounded = unit.unit.to_base(value), step * factor, unit.unit.dimension, True
                end = unit.end
        shown = body[number.span.start : end]
        tokens.append(
            Token(
                "#",
                Span(start=number.span.start, end=end),
                Operand(
                    value=value, step=step, dimension=dimension, text=shown, rounded=rounded, number=number.span,
                    spelled=number.form is NumberForm.WORDS, share=share,
                    multiplier=number.span.of(body).lower() in {"twice", "thrice"},
                ),
            )
        )  # fmt: skip
        at = end
    tokens += _words(body, at, len(body))
    return tokens if any(token.operand for token in tokens) else None


def _words(text: str, start: int, end: int) -> list[Token]:
    """Return the words of a part of the text; "an hour" is a number."""
    found: list[Token] = []
    for match in _LEXER.finditer(text, start, end):
        word = match.group().lower().replace("’", "'")
        if word in _SKIPPED:
            continue
        span = Span(start=match.start(), end=match.end())
        unit = WORDS.get(word)
        if unit is not None and found and found[-1].word in {"a", "an"}:
            first = found.pop().span.start
            whole = Span(start=first, end=span.end)
            one = Operand(
                value=unit.to_base(Fraction(1)), step=Fraction(0), dimension=unit.dimension, text=whole.of(text),
                rounded=True,
            )  # fmt: skip
            found.append(Token("#", whole, one))
        else:
            found.append(Token(word, span))
    return found


def computed(value: Fraction, dimension: str, text: str) -> Operand:
    """Return what a calculation gave."""
    return Operand(value=value, step=Fraction(0), dimension=dimension, text=text, computed=True)


def power(base: Operand, exponent: int, text: str) -> Operand:
    """Raise a plain number of moderate size."""
    if base.dimension or abs(exponent) > 64 or abs(base.value) > 10**12:
        raise Unreadable
    return computed(base.value**exponent, "", text)


def calculate(left: Operand, sign: str, right: Operand, word: str) -> Operand:
    """Add and subtract what has one dimension; multiply and divide by plain numbers."""
    scaled = sign == "*" and not left.dimension
    if (sign in {"+", "-"} and left.dimension != right.dimension) or (
        sign in {"*", "/"} and right.dimension and not scaled
    ):
        raise Unreadable
    operations: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    }  # fmt: skip
    joint = {"multiplied": "multiplied by", "divided": "divided by", "added": "added to"}.get(word, word)
    value = operations[sign](left.value, right.value)
    return computed(value, left.dimension or right.dimension, f"{left.text} {joint} {right.text}")
