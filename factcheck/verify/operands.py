"""What a statement about numbers is made of: words, numbers with their units, and what calculations give."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from factcheck.text.nouns import PERCENT
from factcheck.text.numbers import Number, NumberForm, find_numbers
from factcheck.text.units import WORDS, currency, match_unit
from factcheck.types import Span
from factcheck.verify.operators import LESS, MORE

_LEXER = re.compile(
    r"n['’]t\b|['’]s\b|[A-Za-z]+?(?=n['’]t\b)|[A-Za-z]+|>=|<=|==|!=|≠"
    r"|\S"
)
_SHARES = {
    "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_SHARE = re.compile(rf"\ba[ -]({'|'.join(_SHARES)})\b", re.IGNORECASE)
_COMPARES = re.compile(rf"\s(?:{'|'.join(sorted(MORE | LESS))})\b", re.IGNORECASE)
_SKIPPED = frozenset('"“”‘’,，')
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_CHANGES = frozenset("increased decreased reduced more greater less fewer".split())
_JOINS = frozenset("of both between add sum and or neither either".split())


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
        multiplier: "twice".
        unit: its name; empty for a plain number.
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
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What is said of the left operand.

    Attributes:
        kind: ">", "<", ">=", "<=", "=", "between", "divisible", "factor", or a property such as "odd".
        denied: whether the relation itself is denied ("is not larger").
        word: the word that compares, if one does.
        outer_denied: whether the whole statement is denied ("It is false that …").
    """

    left: Operand
    kind: str
    rights: tuple[Operand, ...]
    denied: bool
    word: Span | None = None
    outer_denied: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case, or a number: "#", and "#th" for an ordinal."""

    word: str
    span: Span
    operand: Operand | None = None


def lex(text: str) -> list[Token] | None:
    """Cut an English text into numbers and words; None where there is no number."""
    body = text.rstrip(" .!")
    tokens: list[Token] = []
    at = 0
    for token in numbers_of(body, body):
        tokens += _words(body, at, token.span.start)
        tokens.append(token)
        at = token.span.end
    tokens += _words(body, at, len(body))
    tokens = _mixed(_romans(tokens, body), body)
    return tokens if any(token.operand for token in tokens) else None


def numbers_of(body: str, text: str) -> list[Token]:
    """Return the numbers of a statement, with the percent sign or unit that follows.

    Args:
        body: what is read.
        text: the same, character for character, as it is shown in a reason.
    """
    shares = [(Span(start=m.start(), end=m.end()), _SHARES[m[1].lower()]) for m in _SHARE.finditer(body)]
    read = find_numbers(body)
    # "seven and a quarter" is read whole.
    shares = [(span, parts) for span, parts in shares if not any(n.span.start < span.start < n.span.end for n in read)]
    numbers = [n for n in read if not any(n.span.overlaps(span) for span, _ in shares)]
    found: list[Token] = []
    for number in sorted([*numbers, *(_share(span, parts) for span, parts in shares)], key=_start):
        end = number.span.end
        value, step, dimension, name, rounded, share = number.value, number.step, "", "", number.step < 1, False
        if number.form is NumberForm.FRACTION:
            rounded, share = False, True
        percent = PERCENT.match(body, end)
        if percent or number.magnitude == "百分之":
            end = percent.end() if percent else end
            value, step, rounded, share = value / 100, step / 100, True, True
        elif not number.ordinal:
            unit = match_unit(body, end)
            written = body[end : unit.end].strip() if unit else ""
            if unit and written not in {"x", "second"} and (len(written) > 1 or written in "m K g 天 周 年"):
                factor = unit.unit.factor
                value, step, dimension, rounded = unit.unit.to_base(value), step * factor, unit.unit.dimension, True
                end, name = unit.end, unit.unit.name
        start = number.span.start
        code = _SIGNS.get(body[start - 1 : start])
        if code is not None and not dimension and not share:
            start, name, dimension = start - 1, code, currency(code).dimension
        found.append(
            Token(
                "#th" if number.ordinal else "#",
                Span(start=start, end=end),
                Operand(
                    value=value, step=step, dimension=dimension, text=text[start:end], rounded=rounded,
                    number=number.span, spelled=number.form is NumberForm.WORDS, share=share,
                    multiplier=number.span.of(body).lower() in {"twice", "thrice"}, unit=name,
                ),
            )
        )  # fmt: skip
    return found


def _romans(tokens: list[Token], body: str) -> list[Token]:
    """Read Roman numerals: of two letters only "II", "XV" and the like, for "DC", "MD" and "CD" are other things."""
    found: list[Token] = []
    for token in tokens:
        written = token.span.of(body)
        named = bool(found) and found[-1].word in {"numeral", "numerals"}
        plain = len(written) > 2 or (len(written) == 2 and set(written) <= set("IVX"))
        if token.operand is None and (named or plain) and written.isupper() and _ROMAN.fullmatch(written):
            value = Fraction(_roman(written))
            operand = Operand(value=value, step=Fraction(1), dimension="", text=written)
            found.append(Token("#", token.span, operand))
        else:
            found.append(token)
    return found


def _roman(written: str) -> int:
    digits = [_ROMAN_DIGITS[letter] for letter in written]
    following = [*digits[1:], 0]
    return sum(-digit if digit < after else digit for digit, after in zip(digits, following, strict=True))


def _mixed(tokens: list[Token], body: str) -> list[Token]:
    """Join "4 and 2/3": a whole number and a part of one are one number, unless a word before them names two."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token, joint, part = (tokens[at + n] if at + n < len(tokens) else None for n in range(3))
        whole = token.operand if token is not None else None
        rest = part.operand if part is not None else None
        if (
            token is not None and part is not None and joint is not None and joint.word == "and"
            and whole is not None and rest is not None and token.word == part.word == "#"
            and whole.number is not None and not whole.share and whole.value >= 1 and whole.value.denominator == 1
            and not whole.dimension and rest.share and not rest.dimension and 0 < rest.value < 1
            and "%" not in rest.text and "cent" not in rest.text
            and not (found and found[-1].word in _JOINS)
            and not (at + 3 < len(tokens) and tokens[at + 3].word in {"are", "were", "make", "of"})
        ):  # fmt: skip
            span = Span(start=token.span.start, end=part.span.end)
            operand = Operand(
                value=whole.value + rest.value, step=rest.step, dimension="", text=span.of(body), share=False
            )
            found.append(Token("#", span, operand))
            at += 3
        else:
            found.append(tokens[at])
            at += 1
    return found


def check_months(tokens: Sequence[Token]) -> None:
    """Refuse months beside days: no month has a fixed number of them.

    Raises:
        Unreadable: where both stand.
    """
    units = {token.operand.unit for token in tokens if token.operand is not None}
    if "month" in units and units & {"day", "week", "hour", "minute", "second"}:
        raise Unreadable


def _share(span: Span, parts: int) -> Number:
    """Return "a quarter" as the number that it is."""
    part = Fraction(1, parts)
    return Number(span=span, value=part, step=part, form=NumberForm.FRACTION)


def _start(number: Number) -> int:
    return number.span.start


def _words(text: str, start: int, end: int) -> list[Token]:
    """Return the words of a part of the text; "an hour" is a number."""
    found: list[Token] = []
    for match in _LEXER.finditer(text, start, end):
        word = match.group().lower().replace("’", "'")
        if word in _SKIPPED:
            continue
        span = Span(start=match.start(), end=match.end())
        unit = WORDS.get(word)
        if word == "bit" and _COMPARES.match(text, match.end()):
            unit = None  # "a bit larger"
        if unit is not None and found and found[-1].word in {"a", "an"}:
            first = found.pop().span.start
            whole = Span(start=first, end=span.end)
            one = Operand(
                value=unit.to_base(Fraction(1)), step=Fraction(0), dimension=unit.dimension, text=whole.of(text),
                rounded=True, unit=unit.name,
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


def _is_percent(operand: Operand) -> bool:
    return "%" in operand.text or "cent" in operand.text


def calculate(left: Operand, sign: str, right: Operand, word: str) -> Operand:
    """Add and subtract what has one dimension; multiply and divide by plain numbers.

    Raises:
        Unreadable: where dimensions differ, or it cannot be told whether a part is one of the other number.
    """
    if sign in {"+", "-"} and right.share and not left.share:
        if word in _CHANGES and _is_percent(right):
            # "50 reduced by 20%" is 40.
            part = computed(left.value * right.value, left.dimension, right.text)
            return calculate(left, sign, part, word)
        if word in _CHANGES or _is_percent(right):
            raise Unreadable  # "50 plus 20%", "three increased by a half"
    scaled = sign == "*" and not left.dimension
    if (sign in {"+", "-"} and left.dimension != right.dimension) or (
        sign in {"*", "/", "%"} and right.dimension and not scaled
    ):
        raise Unreadable
    operations: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
        "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
        "%": lambda a, b: a % b,
    }  # fmt: skip
    joint = {
        "multiplied": "multiplied by", "divided": "divided by", "added": "added to", "increased": "increased by",
        "decreased": "decreased by", "reduced": "reduced by",
    }.get(word, word)  # fmt: skip
    value = operations[sign](left.value, right.value)
    return computed(value, left.dimension or right.dimension, f"{left.text} {joint} {right.text}")
