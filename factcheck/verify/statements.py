"""The grammar of statements about numbers alone: operands, what is said of them, and what is denied.

    statement   := opening* ("both" operand "and" operand | "neither" operand "nor" operand | operand) relation
                   (("and" | "but") relation)*
    relation    := verb denial* (comparison "than" operand | "between" operand "and" operand | "odd" | …)
    operand     := term (("plus" | "minus" | "times" | …) term)*
    term        := number | fraction "of" term | "the sum of" operand "and" operand | "the square of" term | …

Everything is read left to right without going back, so that the time is linear in the number of words. The reader
raises `Unreadable` for everything that is more than such a statement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from factcheck.types import Span
from factcheck.verify.operands import Operand, Token, Unreadable, calculate, computed, power

MORE = frozenset(
    "larger greater bigger more higher longer taller heavier hotter warmer later wider deeper older faster".split()
)
LESS = frozenset(
    "smaller less fewer lower shorter lighter colder cooler earlier narrower shallower younger slower".split()
)
OPPOSITE = {
    "larger": "smaller", "greater": "less", "bigger": "smaller", "more": "less", "higher": "lower",
    "longer": "shorter", "taller": "shorter", "heavier": "lighter", "hotter": "colder", "warmer": "colder",
    "later": "earlier", "wider": "narrower", "deeper": "shallower", "older": "younger", "faster": "slower",
    "smaller": "larger", "less": "greater", "fewer": "more", "lower": "higher", "shorter": "longer",
    "lighter": "heavier", "colder": "hotter", "cooler": "warmer", "earlier": "later", "narrower": "wider",
    "shallower": "deeper", "younger": "older", "slower": "faster",
}  # fmt: skip
_SYMBOLS = {
    ">": ">", "<": "<", ">=": ">=", "<=": "<=", "≥": ">=", "≤": "<=", "=": "=", "==": "=", "大於": ">", "大于": ">",
    "多於": ">", "多于": ">", "高於": ">", "高于": ">", "小於": "<", "小于": "<", "少於": "<", "少于": "<", "低於": "<",
    "低于": "<", "等於": "=", "等于": "=", "是": "=", "即": "=", "為": "=", "为": "=",
}  # fmt: skip
_OPERATORS = {
    "plus": "+", "+": "+", "加": "+", "加上": "+", "minus": "-", "-": "-", "−": "-", "減": "-", "减": "-", "減去": "-",
    "减去": "-", "times": "*", "x": "*", "×": "*", "*": "*", "·": "*", "乘": "*", "乘以": "*", "divided": "/", "÷": "/",
    "/": "/", "over": "/", "除以": "/", "multiplied": "*", "added": "+",
}  # fmt: skip
_HANZI_MORE, _HANZI_LESS = frozenset("大多高"), frozenset("小少低")
_DENIALS = frozenset(("not", "n't", "never", "不", "並不", "并不", "並非", "并非", "不是"))
_ADVERBS = frozenset(
    "much far slightly strictly even indeed clearly also exactly precisely only just still simply".split()
)
_BE = frozenset("is are was were be remains stays".split())


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


class Reader:
    """Reads the tokens of one statement from left to right."""

    def __init__(self, tokens: list[Token]) -> None:
        """Begin at the first token."""
        self._tokens = tokens
        self._at = 0

    # ---------------------------------------------------------------------------------------------------- statement

    def statement(self) -> list[Relation]:
        """Read all of it; every relation must hold for the statement to hold."""
        outer = self._opening()
        if self._take("there"):
            if not (self._take("are") or self._take("is")):
                raise Unreadable
            relations = [self._amount()]
        else:
            relations = self._relations()
        self._take("number")
        if self._at != len(self._tokens):
            raise Unreadable
        return [replace(relation, outer_denied=outer) for relation in relations]

    def _amount(self) -> Relation:
        """Read "There are sixty minutes in an hour"."""
        denied = self._denials()
        left = self.operand()
        if not self._take("in"):
            raise Unreadable
        return Relation(left=left, kind="=", rights=(self.operand(),), denied=denied)

    def _relations(self) -> list[Relation]:
        if self._take("both"):
            subjects, neither = [self.operand()], False
            self._expect("and")
            subjects.append(self.operand())
        elif self._take("neither"):
            subjects, neither = [self.operand()], True
            self._expect("nor")
            subjects.append(self.operand())
        else:
            subjects, neither = [self.operand()], False
        start = self._at
        relations: list[Relation] = []
        for subject in subjects:
            self._at = start
            found = [self._relation(subject)]
            while self._take("but") or self._take("and"):
                self._take("it")
                found.append(self._relation(subject, follows=True))
            relations += [replace(r, denied=r.denied is not neither) for r in found]
        return relations

    def _opening(self) -> bool:
        """Read "It is not true that"; say whether it denies."""
        denied = False
        while True:
            if self._sequence("in", "fact") or self._sequence("mathematically") or self._sequence("clearly"):
                continue
            if not (self._peek(0) == "it" and self._peek(1) in {"is", "'s"}):
                return denied
            self._at += 2
            denied ^= self._denials()
            self._take("the")
            self._take("a")
            word = self._next_word()
            if word in {"false", "untrue", "wrong", "incorrect", "lie", "myth"}:
                denied = not denied
            elif word not in {"true", "correct", "case", "fact", "right"}:
                raise Unreadable
            self._expect("that")

    # ----------------------------------------------------------------------------------------------------- relation

    def _relation(self, left: Operand, *, follows: bool = False) -> Relation:
        hanzi = self._hanzi_relation(left)
        if hanzi is not None:
            return hanzi
        denied = self._denials()
        word = self._peek(0)
        if word in {"!=", "≠"}:
            self._at += 1
            return Relation(left=left, kind="=", rights=(self.operand(),), denied=not denied)
        if word in _SYMBOLS:
            self._at += 1
            return Relation(left=left, kind=_SYMBOLS[word], rights=(self.operand(),), denied=denied)
        if word in {"do", "does", "did", "can", "will", "must", "could"}:
            self._at += 1
            denied ^= self._denials()
            word = self._peek(0)
        elif word == "cannot":
            self._at += 1
            denied = not denied
            word = self._peek(0)
        if word in _BE:
            self._at += 1
            denied ^= self._denials()
            return self._after_be(left, denied)
        if follows and word not in _VERBS:
            return self._after_be(left, denied)
        verb = _VERBS.get(word)
        if verb is None:
            raise Unreadable
        self._at += 1
        if word in {"comes", "come", "came"}:
            verb = {"before": "<", "after": ">"}.get(self._next_word(), "")
            if not verb:
                raise Unreadable
        elif word in {"amounts", "corresponds"}:
            self._expect("to")
        return Relation(left=left, kind=verb, rights=(self.operand(),), denied=denied)

    def _after_be(self, left: Operand, denied: bool) -> Relation:
        word = self._skip_adverbs()
        if word == "no":
            self._at += 1
            denied = not denied
            word = self._skip_adverbs()
        if word == "at" and self._peek(1) in {"least", "most"}:
            kind = ">=" if self._peek(1) == "least" else "<="
            self._at += 2
            return self._with(left, kind, denied)
        if word in {"above", "over", "below", "under", "beyond", "before", "after"}:
            self._at += 1
            kind = "<" if word in {"below", "under", "before"} else ">"
            return self._with(left, kind, denied)
        if word == "between":
            self._at += 1
            low = self.operand()
            self._expect("and")
            return Relation(left=left, kind="between", rights=(low, self.operand()), denied=denied)
        if word == "as":
            return self._as_large_as(left, denied)
        if word in {"a", "an"} and self._peek(1) in (
            MORE | LESS | {"odd", "even", "prime", "multiple", "factor", "divisor", "positive", "negative", "much"}
        ):
            self._at += 1
            word = self._skip_adverbs()
        if word in MORE | LESS:
            return self._comparison(left, denied, word)
        if word in {"odd", "even", "prime", "positive", "negative"}:
            self._at += 1
            self._take("number")
            return Relation(left=left, kind=word, rights=(), denied=denied)
        if word in {"divisible", "multiple", "factor", "divisor"}:
            self._at += 1
            self._expect("by" if word == "divisible" else "of")
            kind = "divisible" if word in {"divisible", "multiple"} else "factor"
            return self._with(left, kind, denied)
        if word == "different":
            self._at += 1
            self._expect("from")
            return self._with(left, "=", not denied)
        if word in {"equal", "equivalent", "identical"}:
            self._at += 1
            self._expect("to")
        elif word == "the" and self._peek(1) == "same":
            self._at += 2
            self._take("number")
            self._expect("as")
        elif word == "worth":
            self._at += 1
        return self._with(left, "=", denied)

    def _comparison(self, left: Operand, denied: bool, word: str) -> Relation:
        span = self._tokens[self._at].span
        self._at += 1
        for noun in ("number", "value", "amount", "quantity"):
            self._take(noun)
        self._expect("than")
        kind = ">" if word in MORE else "<"
        if self._sequence("or", "equal", "to"):
            return self._with(left, kind + "=", denied)
        return replace(self._with(left, kind, denied), word=span)

    def _as_large_as(self, left: Operand, denied: bool) -> Relation:
        self._at += 1
        word = self._next_word()
        self._expect("as")
        if word in {"large", "big", "great", "high", "much", "many", "long"}:
            return self._with(left, ">=", denied)
        if word in {"small", "low", "little", "few", "short"}:
            return self._with(left, "<=", denied)
        raise Unreadable

    def _with(self, left: Operand, kind: str, denied: bool) -> Relation:
        """Read the right side: one operand, or both of two."""
        self._skip_adverbs()
        both = self._take("both")
        rights = [self.operand()]
        if both:
            self._expect("and")
            rights.append(self.operand())
        return Relation(left=left, kind=kind, rights=tuple(rights), denied=denied)

    def _hanzi_relation(self, left: Operand) -> Relation | None:
        """Read "五十一比六十二大"."""
        start = self._at
        denied = self._denials()
        if not self._take("比"):
            self._at = start
            return None
        right = self.operand()
        denied ^= self._denials()
        word = self._next_word()
        if word not in _HANZI_MORE | _HANZI_LESS:
            raise Unreadable
        return Relation(left=left, kind=">" if word in _HANZI_MORE else "<", rights=(right,), denied=denied)

    # ------------------------------------------------------------------------------------------------------ operand

    def operand(self) -> Operand:
        """Read a number or a calculation."""
        value = self._term()
        while True:
            word = self._peek(0)
            sign = _OPERATORS.get(word)
            # "ten over two" is ten halves, and nothing but a number may follow an operator.
            if sign is None or (word in {"multiplied", "divided"} and self._peek(1) != "by"):
                break
            if word == "added" and self._peek(1) != "to":
                break
            self._at += 2 if word in {"multiplied", "divided", "added"} else 1
            value = calculate(value, sign, self._term(), word)
        if self._peek(0) == "and" and self._peek(1) == "#" and self._peek(2) in {"make", "makes", "equals", "equal"}:
            self._at += 1
            value = calculate(value, "+", self._term(), "and")
        return value

    def _term(self) -> Operand:
        if self._peek(0) == "the" and self._peek(1) in {"number", "value"}:
            self._at += 2
        elif self._peek(0) in {"number", "numbers", "value"}:
            self._at += 1
        if self._peek(0) == "the" and self._peek(1) in _NAMED:
            return self._named()
        if self._peek(0) in {"minus", "negative"}:
            self._at += 1
            inner = self._term()
            return replace(inner, value=-inner.value, text=f"minus {inner.text}", number=None)
        if self._peek(0) in {"double", "triple"}:
            factor = 2 if self._next_word() == "double" else 3
            inner = self._term()
            return computed(
                inner.value * factor, inner.dimension, f"{'twice' if factor == 2 else 'thrice'} {inner.text}"
            )
        if self._peek(0) == "half" and (self._peek(1) == "of" or self._peek(1) == "#"):
            self._at += 1
            self._take("of")
            inner = self._term()
            return computed(inner.value / 2, inner.dimension, f"half of {inner.text}")
        if self._peek(0) in {"one", "a"} and self._peek(1) == "half":
            self._at += 1
        if self._peek(0) == "half":
            self._at += 1
            return Operand(value=Fraction(1, 2), step=Fraction(1, 2), dimension="", text="half", share=True)
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if token is None or token.operand is None:
            raise Unreadable
        self._at += 1
        found = token.operand
        if found.share and self._take("of"):
            inner = self._term()
            return computed(found.value * inner.value, inner.dimension, f"{found.text} of {inner.text}")
        if found.multiplier:
            inner = self._term()
            return computed(found.value * inner.value, inner.dimension, f"{found.text} {inner.text}")
        return self._powered(found)

    def _powered(self, found: Operand) -> Operand:
        if self._take("squared"):
            return power(found, 2, f"{found.text} squared")
        if self._take("cubed"):
            return power(found, 3, f"{found.text} cubed")
        if self._take("^") or self._sequence("to", "the", "power", "of"):
            exponent = self._term()
            if exponent.value.denominator != 1:
                raise Unreadable
            return power(found, int(exponent.value), f"{found.text} to the power of {exponent.text}")
        return found

    def _named(self) -> Operand:
        """Read "the sum of two and three", "the square root of 16"."""
        self._at += 1
        name = self._next_word()
        if name == "square" and self._take("root"):
            self._expect("of")
            inner = self._term()
            root = math.isqrt(int(inner.value)) if inner.value.denominator == 1 and inner.value >= 0 else -1
            if root < 0 or root * root != inner.value:
                raise Unreadable
            return computed(Fraction(root), "", f"the square root of {inner.text}")
        if name in {"square", "cube", "half", "double"}:
            self._expect("of")
            inner = self._term()
            if name in {"half", "double"}:
                factor = Fraction(1, 2) if name == "half" else Fraction(2)
                return computed(inner.value * factor, inner.dimension, f"the {name} of {inner.text}")
            return power(inner, 2 if name == "square" else 3, f"the {name} of {inner.text}")
        if not (self._take("of") or self._take("between")):
            raise Unreadable
        first = self._term()
        self._expect("and")
        second = self._term()
        sign = {"sum": "+", "product": "*", "difference": "-", "quotient": "/"}[name]
        result = calculate(first, sign, second, "and")
        value = abs(result.value) if name == "difference" else result.value
        return replace(result, value=value, text=f"the {name} of {first.text} and {second.text}")

    # -------------------------------------------------------------------------------------------------------- words

    def _peek(self, ahead: int) -> str:
        at = self._at + ahead
        return self._tokens[at].word if at < len(self._tokens) else ""

    def _take(self, word: str) -> bool:
        if self._peek(0) != word:
            return False
        self._at += 1
        return True

    def _sequence(self, *words: str) -> bool:
        if any(self._peek(n) != word for n, word in enumerate(words)):
            return False
        self._at += len(words)
        return True

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise Unreadable

    def _next_word(self) -> str:
        word = self._peek(0)
        self._at += 1
        return word

    def _skip_adverbs(self) -> str:
        while self._peek(0) in _ADVERBS and not (self._peek(0) == "even" and self._peek(1) in {"", "number"}):
            self._at += 1
        return self._peek(0)

    def _denials(self) -> bool:
        denied = False
        while self._peek(0) in _DENIALS or self._peek(0) in _ADVERBS or (self._peek(0) == "be" and self._at):
            if self._peek(0) == "even" and self._peek(1) in {"", "number"}:
                break
            if self._peek(0) == "不是":
                self._tokens[self._at] = replace(self._tokens[self._at], word="是")
                return not denied
            denied ^= self._peek(0) in _DENIALS
            self._at += 1
        return denied


_NAMED = frozenset("sum product difference quotient square cube half double".split())
_VERBS = {
    "equals": "=", "equal": "=", "makes": "=", "make": "=", "means": "=", "amounts": "=", "corresponds": "=",
    "exceeds": ">", "exceed": ">", "surpasses": ">", "follows": ">", "precedes": "<",
    "comes": "", "come": "", "came": "",
}  # fmt: skip
