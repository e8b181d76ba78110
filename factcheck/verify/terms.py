"""The operands of a statement about numbers in English: numbers, parts of them, and what calculations give.

operand     := term (("plus" | "minus" | "times" | …) term | ("more" | "less") "than" term | "taken from" term)*
term        := number | share "of" term | "twice" term | number "times" term | "the sum of" list
             | "the square of" term | "the larger of" list | "the average of" list | "the ratio of" term "to" term
list        := term+ "and" term        (commas are not read)
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from factcheck.verify.cursor import Cursor
from factcheck.verify.operands import Operand, Unreadable, calculate, computed, power

LARGEST = frozenset("larger greater bigger higher largest greatest biggest highest maximum".split())
SMALLEST = frozenset("smaller lesser lower smallest least lowest minimum".split())
_OPERATORS = {
    "plus": "+", "+": "+", "minus": "-", "-": "-", "−": "-", "times": "*", "x": "*", "×": "*", "*": "*", "·": "*",
    "divided": "/", "÷": "/", "/": "/", "over": "/", "multiplied": "*", "added": "+", "increased": "+",
    "decreased": "-", "reduced": "-", "mod": "%", "modulo": "%",
}  # fmt: skip
_NEEDS = {"divided": "by", "multiplied": "by", "added": "to", "increased": "by", "decreased": "by", "reduced": "by"}
_MORE_THAN = frozenset(("more", "greater"))
_LESS_THAN = frozenset(("less", "fewer"))
_NOUNS = frozenset("numerals number integer figure numeral digit value amount quantity fraction".split())
_MAKES = frozenset("make makes equals equal give gives are is".split())
_POWERS = {"squared": 2, "cubed": 3}
_NAMED_POWERS = {"square": 2, "cube": 3}
_FACTORS = {"half": Fraction(1, 2), "double": Fraction(2), "triple": Fraction(3), "quadruple": Fraction(4)}
_LISTED = frozenset(("sum", "total", "product", "average", "mean")) | LARGEST | SMALLEST
_NAMED = _LISTED | frozenset("difference quotient ratio square cube half double triple remainder result".split())
_SCALES = {
    "hundreds": 100, "thousand": 1000, "thousands": 1000, "million": 10**6, "millions": 10**6, "billion": 10**9,
    "billions": 10**9, "trillion": 10**12,
}  # fmt: skip
_MOST = 64  # terms of a list


class Terms(Cursor):
    """Reads operands."""

    def operand(self) -> Operand:
        """Read a number or a calculation."""
        value = self._term()
        while True:
            word = self._peek()
            if self._peek(1) == "than" and word in _MORE_THAN | _LESS_THAN:
                # "three less than ten" is seven.
                self._at += 2
                other = self._term()
                text = f"{value.text} {word} than {other.text}"
                value = replace(calculate(other, "+" if word in _MORE_THAN else "-", value, word), text=text)
                continue
            if self._one_of({("subtracted", "from"), ("taken", "from"), ("taken", "away", "from")}):
                value = calculate(self._term(), "-", value, "minus")
                continue
            sign = _OPERATORS.get(word)
            # "ten over two" is ten halves, and nothing but a number may follow an operator.
            if sign is None or (word in _NEEDS and self._peek(1) != _NEEDS[word]):
                break
            if word == "times" and self._peek(1) == "as":
                break
            self._at += 2 if word in _NEEDS else 1
            value = calculate(value, sign, self._term(), word)
        if self._peek() == "and" and self._peek(1) == "#" and self._peek(2) in {"make", "makes", "give", "gives"}:
            self._at += 1
            value = calculate(value, "+", self._term(), "and")
        return value

    def _list(self, *joints: str) -> list[Operand]:
        """Read "3, 4 and 5"; a single term where nothing joins another."""
        terms = [self._term()]
        while self._peek() == "#" and len(terms) < _MOST:
            terms.append(self._term())
        while self._take(*(joints or ("and",))):
            self._take("also")
            terms.append(self._term())
        return terms

    def _nouns(self) -> None:
        """Skip "the number", "the value of", "that of"."""
        if self._sequence("that", "of"):
            return
        if self._peek() == "roman" or self._peek(1) == "roman":
            self._take("the")
            self._take("roman")
        the = self._peek() in {"the", "a", "an"} and self._peek(1) in _NOUNS
        if the or self._peek() in _NOUNS | {"numbers", "values"}:
            self._at += 1 + the
            if self._peek() == "of":
                self._at += 1

    def _term(self) -> Operand:
        self._nouns()
        word = self._peek()
        if word in {"the", "a", "an"} and self._peek(1) in _NAMED and self._peek(1) not in {"half", "double"}:
            return self._named()
        if word == "the" and self._peek(1) in {"half", "double"}:
            return self._named()
        if word in {"minus", "negative"}:
            self._at += 1
            inner = self._term()
            return replace(inner, value=-inner.value, text=f"minus {inner.text}", number=None)
        if word == "point" and self._peek(1) == "#":
            return self._decimals()
        if word in {"double", "triple", "quadruple"}:
            self._at += 1
            self._take("of")
            inner = self._term()
            return computed(inner.value * _FACTORS[word], inner.dimension, f"{word} {inner.text}")
        if word == "half" and (self._peek(1) == "of" or self._peek(1) == "#"):
            self._at += 1
            self._take("of")
            inner = self._term()
            return computed(inner.value / 2, inner.dimension, f"half of {inner.text}")
        if word in {"one", "a"} and self._peek(1) == "half":
            self._at += 1
        if self._peek() == "half":
            self._at += 1
            if self._take("of"):
                inner = self._term()
                return computed(inner.value / 2, inner.dimension, f"half of {inner.text}")
            return Operand(value=Fraction(1, 2), step=Fraction(1, 2), dimension="", text="half", share=True)
        token = self._number()
        found = token.operand
        if found is None or token.word != "#":
            raise Unreadable
        if self._sequence("'s", "value"):
            return found  # "five's value"
        if self._peek() == "'s" and self._at + 1 == len(self._tokens):
            self._at += 1  # "… is larger than five's"
            return found
        if found.share and self._take("of"):
            inner = self._term()
            return computed(found.value * inner.value, inner.dimension, f"{found.text} of {inner.text}")
        if found.multiplier and self._peek() != "as":
            inner = self._term()
            return computed(found.value * inner.value, inner.dimension, f"{found.text} {inner.text}")
        return self._powered(self._scaled(found))

    def _decimals(self) -> Operand:
        """Read "point eight seven"."""
        self._at += 1
        digits: list[int] = []
        while self._peek() == "#":
            operand = self._tokens[self._at].operand
            if operand is None or not operand.spelled or operand.dimension or not 0 <= operand.value <= 9:
                raise Unreadable
            digits.append(int(operand.value))
            self._at += 1
        step = Fraction(1, 10 ** len(digits))
        value = sum((digit * Fraction(1, 10**n) for n, digit in enumerate(digits, 1)), Fraction(0))
        words = " ".join(["point", *("zero one two three four five six seven eight nine".split()[d] for d in digits)])
        return Operand(value=value, step=step, dimension="", text=words, rounded=True)

    def _scaled(self, found: Operand) -> Operand:
        """Read "a thousand million"."""
        scale = _SCALES.get(self._peek())
        if scale is None or not found.spelled or found.dimension:
            return found
        word = self._next_word()
        return computed(found.value * scale, "", f"{found.text} {word}")

    def _powered(self, found: Operand) -> Operand:
        for word, exponent in _POWERS.items():
            if self._take(word):
                return power(found, exponent, f"{found.text} {word}")
        if self._sequence("to", "the", "power", "of") or self._take("^"):
            raised = self._term()
            if raised.value.denominator != 1:
                raise Unreadable
            return power(found, int(raised.value), f"{found.text} to the power of {raised.text}")
        if self._peek() == "to" and self._peek(1) == "the" and self._peek(2) == "#th":
            self._at += 2
            nth = self._number().operand
            self._take("power")
            if nth is None:
                raise Unreadable
            return power(found, int(nth.value), f"{found.text} to the {nth.text} power")
        return found

    def _named(self) -> Operand:
        """Read "the sum of two and three", "the square root of 16"."""
        self._at += 1
        name = self._next_word()
        if name in {"square", "cube"} and self._take("root"):
            return self._root(2 if name == "square" else 3)
        if name in {"maximum", "minimum"} | LARGEST | SMALLEST:
            self._take("number", "value", "one")
        if name in {"sum", "total", "product", "difference", "quotient", "ratio"} and self._take("between"):
            pass
        else:
            self._expect(*(("of", "when") if name == "remainder" else ("of",)))
        if name in _NAMED_POWERS:
            inner = self._term()
            return power(inner, _NAMED_POWERS[name], f"the {name} of {inner.text}")
        if name in _FACTORS:
            inner = self._term()
            return computed(inner.value * _FACTORS[name], inner.dimension, f"the {name} of {inner.text}")
        if name == "result":
            return self.operand()
        if name == "remainder":
            return self._remainder()
        terms = self._list("and", "to") if name == "ratio" else self._list()
        return _over_list(name, terms)

    def _remainder(self) -> Operand:
        """Read "the remainder of ten divided by three", "the remainder when ten is divided by three"."""
        first = self._term()
        self._take("is")
        self._expect("divided")
        self._expect("by")
        second = self._term()
        return calculate(first, "%", second, "mod")

    def _root(self, degree: int) -> Operand:
        self._expect("of")
        inner = self._term()
        name = "square" if degree == 2 else "cube"
        if inner.value.denominator != 1 or not 0 <= inner.value <= 10**24:
            raise Unreadable
        value = int(inner.value)
        root = math.isqrt(value) if degree == 2 else round(value ** (1 / 3))
        if root**degree != value:
            raise Unreadable
        return computed(Fraction(root), "", f"the {name} root of {inner.text}")


def _over_list(name: str, terms: list[Operand]) -> Operand:
    """Calculate what "the sum of", "the larger of" … give for a list."""
    if len(terms) < 2 or any(term.dimension != terms[0].dimension for term in terms):
        raise Unreadable
    text = f"the {name} of {' and '.join(term.text for term in terms)}"
    values = [term.value for term in terms]
    dimension = terms[0].dimension
    if name in LARGEST | SMALLEST:
        return computed(max(values) if name in LARGEST else min(values), dimension, text)
    if name in {"sum", "total"}:
        return computed(sum(values, Fraction(0)), dimension, text)
    if name in {"average", "mean"}:
        return computed(sum(values, Fraction(0)) / len(values), dimension, text)
    if name == "product":
        if dimension:
            raise Unreadable
        return computed(math.prod(values, start=Fraction(1)), dimension, text)
    if len(terms) != 2:
        raise Unreadable
    if name == "difference":
        return computed(abs(values[0] - values[1]), dimension, text)
    return computed(values[0] / values[1], "", text)  # of one dimension: a plain number
