"""What is said of one operand of a statement about numbers: the verb, what is denied, and what it is compared with.

    relation    := verb denial* (comparison "than" operand ("by" operand)? | "twice as large as" operand | "odd" | …)

Statements as a whole are `factcheck.verify.statements`, operands `factcheck.verify.terms`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from factcheck.verify.operands import Operand, Relation, Unreadable, calculate, computed
from factcheck.verify.operators import LESS, MORE
from factcheck.verify.phrases import (
    HAS_BEEN,
    LINE,
    NOT_EQUAL,
    OR_ELSE_EQUAL,
    OR_EQUAL,
    OTHER_WORDS,
    SEEMS,
    WITHIN,
)
from factcheck.verify.terms import LARGEST, SMALLEST, Terms

_SYMBOLS = {
    ">": ">", "<": "<", ">=": ">=", "<=": "<=", "≥": ">=", "≤": "<=", "=": "=", "==": "=",
}  # fmt: skip
DENIALS = frozenset(("not", "n't", "never"))
_DENYING = (("by", "no", "means"), ("in", "no", "way"), ("under", "no", "circumstances"), ("no", "way"))
_ADVERBS = frozenset(
    "much far slightly strictly even indeed clearly also exactly precisely only just still simply definitely certainly"
    " surely obviously numerically mathematically evenly considerably significantly substantially somewhat truly really"
    " arithmetically"
    " actually always undoubtedly therefore thus itself together both all way vastly evidently plainly".split()
)
BE = frozenset("is are was were be remains stays ai".split())
_POSITIONED = frozenset("situated located positioned placed found".split())
_AUXILIARIES = frozenset("do does did can will must could ca wo would should".split())
_KINDS = frozenset("odd even prime composite positive negative whole natural".split())
_AFTER_KIND = frozenset(("", "number", "numbers", "integer", "and", "but", "nor", "is", "are"))
_LARGE = frozenset("large big great high much many long tall heavy old".split())
_SMALL = frozenset("small low little few short".split())
_VERBS = {
    "equals": "=", "equal": "=", "makes": "=", "make": "=", "means": "=", "amounts": "=", "corresponds": "=",
    "gives": "=", "give": "=", "yields": "=", "yield": "=", "totals": "=", "total": "=", "results": "=", "adds": "=",
    "comes": "", "come": "", "came": "", "exceeds": ">", "exceed": ">", "surpasses": ">", "surpass": ">",
    "outnumbers": ">", "outnumber": ">", "follows": ">", "follow": ">", "precedes": "<", "precede": "<", "has": "has",
    "have": "has", "contains": "has", "contain": "has", "lasts": "has", "last": "has", "divides": "factor",
    "divide": "factor", "lies": "lies", "lie": "lies", "falls": "lies", "fall": "lies", "differs": "differs",
    "differ": "differs", "represents": "is", "represent": "is", "ranks": "lies", "rank": "lies",
    "stands": "lies", "stand": "lies", "sits": "lies", "tops": ">", "outranks": ">", "matches": "=", "match": "=",
    "goes": "goes", "go": "goes", "fails": "fails",
}  # fmt: skip
_FOLLOWED_BY = {
    "amounts": ("to",), "amount": ("to",), "corresponds": ("to",), "results": ("in",), "adds": ("up", "to"),
    "goes": ("beyond",), "go": ("beyond",), "fails": ("to",),
}  # fmt: skip


_FAILED = frozenset((">", "<", "="))
_ORDER = frozenset((">", "<", ">=", "<=", "="))


class Predicates(Terms):
    """Reads what is said of an operand."""

    def _relations(self, left: Operand, *, follows: bool) -> list[Relation]:
        """Read what is said of one operand; "neither … nor" says two things."""
        if self._peek() in BE and self._peek(1) == "neither" and self._peek(5) != "than":
            self._at += 2
            found = [self._after_be(left, denied=True)]
            while self._take("nor"):
                found.append(self._after_be(left, denied=True))
            return found
        return [self._relation(left, follows=follows)]

    def _relation(self, left: Operand, *, follows: bool = False) -> Relation:
        denied = self._denials()
        if self._infinitive and self._sequence("to", "be"):
            return self._after_be(left, denied=denied)
        if self._one_of(SEEMS) or self._one_of(HAS_BEEN):
            return self._after_be(left, denied=denied ^ self._denials())
        if self._sequence("falls", "short", "of") or self._sequence("fall", "short", "of"):
            return self._with(left, "<", denied)
        if self._sequence("can", "be", "written", "as") or self._sequence("may", "be", "written", "as"):
            return self._with(left, "=", denied)
        word = self._peek()
        if word == "compared" and self._peek(1) in {"with", "to"}:
            return self._beside(left)
        if word in {"!=", "≠"}:
            self._at += 1
            return Relation(left=left, kind="=", rights=(self.operand(),), denied=not denied)
        if word in _SYMBOLS:
            self._at += 1
            return Relation(left=left, kind=_SYMBOLS[word], rights=(self.operand(),), denied=denied)
        if word in _AUXILIARIES:
            self._at += 1
            denied ^= self._denials()
            word = self._peek()
            if self._peek(-1) == "be":
                return self._after_be(left, denied=denied)
        elif word == "cannot":
            self._at += 1
            denied = not denied
            word = self._peek()
        if word in BE:
            self._at += 1
            denied ^= self._denials()
            return self._after_be(left, denied=denied)
        if follows and word not in _VERBS:
            if word == "#":
                raise Unreadable  # "ten is five and five" may be a sum
            return self._after_be(left, denied=denied)
        return self._after_verb(left, denied)

    def _after_verb(self, left: Operand, denied: bool) -> Relation:
        word = self._next_word()
        kind = _VERBS.get(word)
        if kind is None:
            raise Unreadable
        if word in {"comes", "come", "came"}:
            after = self._next_word()
            if after in {"earlier", "later", "sooner"}:
                self._expect("than")
            elif after == "prior":
                self._expect("to")
            kind = {
                "before": "<",
                "after": ">",
                "to": "=",
                "earlier": "<",
                "sooner": "<",
                "later": ">",
                "prior": "<",
            }.get(after, "")
            if not kind:
                raise Unreadable
        for following in _FOLLOWED_BY.get(word, ()):
            self._expect(following)
        if kind == "is":
            return self._after_be(left, denied=denied)
        if kind == "lies":
            ranked = word in {"ranks", "rank"} and self._peek() in MORE | LESS
            places = {"between", "above", "below", "under", "over", "before", "after", "beyond", "to"}
            if not ranked and self._peek() not in places:
                raise Unreadable
            return self._after_be(left, denied=denied)
        if kind == "goes":
            return self._with(left, ">", denied)
        if kind == "fails":
            # Who fails to exceed does not exceed.
            verb = self._next_word()
            failed = _VERBS.get(verb, "")
            if failed not in _FAILED:
                raise Unreadable
            return self._with(left, failed, not denied)
        if kind == "=" and word in {"amounts", "amount"} and self._peek() in MORE | LESS and self._peek(1) == "than":
            return self._comparison(left, denied, self._peek())
        if kind == "differs":
            self._expect("from")
            right = self.operand()
            if self._take("by"):
                return self._apart(left, right, denied)
            return Relation(left=left, kind="=", rights=(right,), denied=not denied)
        if kind == "has":
            return self._has(left, denied)
        return self._with(left, kind, denied)

    def _beside(self, left: Operand) -> Relation:
        """Read the rest of "Nine, compared to eight, is larger"."""
        self._at += 2
        other = self.operand()
        self._expect(*BE)
        denied = self._denials()
        self._take("a", "the")
        word = self._skip_adverbs()
        span = None if self._done else self._tokens[self._at].span
        self._at += 1
        self._take("number", "value")
        if word not in MORE | LESS:
            raise Unreadable
        return Relation(left=left, kind=">" if word in MORE else "<", rights=(other,), denied=denied, word=span)

    def _has(self, left: Operand, denied: bool) -> Relation:
        """Read "A week has seven days", "Six has a larger value than five", "Six has the same value as six"."""
        if self._sequence("the", "same", "value", "as"):
            return self._with(left, "=", denied)
        if self._take("a") or self._peek() in MORE | LESS:
            word = self._skip_adverbs()
            if word not in MORE | LESS:
                raise Unreadable
            return self._comparison(left, denied, word)
        self._skip_adverbs()
        right = self.operand()
        if not left.dimension or not right.dimension:
            raise Unreadable
        return Relation(left=left, kind="=", rights=(right,), denied=denied)

    def _after_be(self, left: Operand, *, denied: bool) -> Relation:
        word = self._skip_adverbs()
        if word == "no":
            self._at += 1
            denied = not denied
            word = self._skip_adverbs()
        if word == "at" and self._peek(1) in {"least", "most"} and self._peek(2) != "as":
            kind = ">=" if self._peek(1) == "least" else "<="
            self._at += 2
            return self._with(left, kind, denied)
        if word in _POSITIONED:
            self._at += 1
            word = self._peek()
            if word not in {"above", "below", "before", "after", "between", "to"}:
                raise Unreadable
        said = self._in_other_words(left, denied)
        if said is not None:
            return said
        if word in {"above", "over", "below", "under", "beyond", "before", "after"}:
            self._at += 1
            kind = "<" if word in {"below", "under", "before"} else ">"
            return self._with(left, kind, denied)
        if word in {"followed", "preceded", "exceeded", "surpassed", "outnumbered"}:
            self._at += 1
            self._expect("by")
            return self._with(left, ">" if word == "preceded" else "<", denied)
        if word == "between":
            self._at += 1
            low = self.operand()
            self._expect("and")
            return Relation(left=left, kind="between", rights=(low, self.operand()), denied=denied)
        if word == "as" or (word == "so" and denied):
            return self._as_large_as(left, denied)
        many = self._many_times(left, denied)
        if many is not None:
            return many
        if word == "the" and self._peek(1) in LARGEST | SMALLEST and self._peek(2) == "when":
            raise Unreadable
        if word in {"a", "an"} and self._peek(1) in (
            MORE | LESS | _KINDS | {"multiple", "factor", "divisor", "much", "perfect", "square", "cube", "integer"}
        ):
            self._at += 1
            word = self._skip_adverbs()
        if word == "worth" and self._peek(1) in MORE | LESS:
            self._at += 1
            word = self._peek()
        if word in MORE | LESS:
            return self._comparison(left, denied, word)
        kind = self._kind(word)
        if kind:
            self._take("number", "numbers", "integer")
            return Relation(left=left, kind=kind, rights=(), denied=denied)
        if word in {"divisible", "multiple", "factor", "divisor", "divided"}:
            self._at += 1
            self._skip_adverbs()
            self._expect("by" if word in {"divisible", "divided"} else "of")
            kind = "factor" if word in {"factor", "divisor"} else "divisible"
            found = self._with(left, kind, denied)
            self._one_of({("without", "a", "remainder"), ("without", "remainder")})
            return found
        if word in {"a", "an"} and self._peek(1) == "different":
            self._at += 2
            self._expect("number", "value")
            self._expect("than", "from", "to")
            return self._with(left, "=", not denied)
        if word in {"different", "unequal", "distinct"}:
            self._at += 1
            self._expect("to" if word == "unequal" else "from")
            return self._with(left, "=", not denied)
        if word in {"equal", "equivalent", "identical"}:
            self._at += 1
            self._one_of((("in", "value"), ("in", "size")))
            self._expect("to", "with")
            if self._take("or"):
                return self._comparison(left, denied, self._peek(), also_equal=True)
        elif word == "the" and self._peek(1) == "same":
            self._at += 2
            self._take("number", "value")
            self._expect("as")
        elif word == "worth":
            self._at += 1
        return self._with(left, "=", denied)

    def _in_other_words(self, left: Operand, denied: bool) -> Relation | None:
        """Read what order and equality are called besides: "in excess of", "to the left of", "nothing but"."""
        for phrases, kind in OTHER_WORDS:
            if self._one_of(phrases):
                found = self._with(left, kind, denied)
                self._one_of(LINE)
                return found
        if self._one_of(NOT_EQUAL):
            return self._with(left, "=", not denied)
        for first, joint in (("neither", "nor"), ("either", "or")):
            word, second = self._peek(1), self._peek(3)
            if self._peek() == first and self._peek(2) == joint and {word, second} <= MORE | LESS:
                if (word in MORE) is (second in MORE):
                    raise Unreadable
                self._at += 4
                self._expect("than")
                return self._with(left, "=", denied if first == "neither" else not denied)
        return None

    def _kind(self, word: str) -> str:
        """Take a property: "odd", "a perfect square"; empty where there is none."""
        if word in {"perfect", "square", "cube"}:
            at = self._at
            self._take("perfect")
            name = self._next_word()
            if name in {"square", "cube"} and self._peek() in {"", "number", "and", "but"}:
                return name
            self._at = at
            return ""
        if word == "integer" or (word in _KINDS and self._peek(1) in _AFTER_KIND):
            self._at += 1
            return "whole" if word in {"integer", "natural"} else word
        return ""

    def _many_times(self, left: Operand, denied: bool) -> Relation | None:
        """Read "two more than six", "twice as large as five", "half as much as ten"."""
        at = self._at
        factor: Fraction | None = None
        token = None if self._done else self._tokens[self._at]
        if token is not None and token.operand is not None and token.word == "#":
            self._at += 1
            self._skip_adverbs()
            if self._peek() in (MORE | LESS) - {"less", "more", "fewer", "greater"} and self._peek(1) == "than":
                more = self._next_word() in MORE
                self._at += 1
                other = self.operand()
                right = calculate(other, "+" if more else "-", token.operand, "plus" if more else "minus")
                return Relation(left=left, kind="=", rights=(right,), denied=denied)
            times = self._peek() == "times" and self._peek(1) == "as"
            if times:
                self._at += 1
            if times or token.operand.multiplier or token.operand.share:
                factor = token.operand.value
        elif self._take("half"):
            factor = Fraction(1, 2)
        if factor is None or not self._take("as") or self._peek() not in _LARGE:
            self._at = at
            return None
        self._at += 1
        self._expect("as")
        other = self.operand()
        right = computed(factor * other.value, other.dimension, f"{_shown(factor)} times {other.text}")
        return Relation(left=left, kind="=", rights=(right,), denied=denied)

    def _comparison(self, left: Operand, denied: bool, word: str, *, also_equal: bool = False) -> Relation:
        if word not in MORE | LESS:
            raise Unreadable
        span = self._tokens[self._at].span
        self._at += 1
        compared = self._sequence("in", "comparison", "with") or self._sequence("in", "comparison", "to")
        if not compared:
            self._take("in")
        self._take("number", "value", "amount", "quantity", "integer", "size", "figure")
        kind = ">" if word in MORE else "<"
        if self._one_of(OR_EQUAL):
            return self._with(left, kind + "=", denied)
        self._one_of((("when",),))
        if self._peek() in {"compared", "relative"} and self._peek(1) in {"with", "to"}:
            self._at += 2
        elif not compared:
            self._expect("than")
        if self._one_of(OR_ELSE_EQUAL):
            also_equal = True
        if also_equal:
            return self._with(left, kind + "=", denied)
        found = self._with(left, kind, denied)
        return replace(found, word=span)

    def _as_large_as(self, left: Operand, denied: bool) -> Relation:
        self._at += 1
        word = self._next_word()
        self._expect("as")
        if word in _LARGE:
            return self._with(left, ">=", denied)
        if word in _SMALL:
            return self._with(left, "<=", denied)
        raise Unreadable

    def _with(self, left: Operand, kind: str, denied: bool) -> Relation:
        """Read the right side: one operand, or both of two."""
        self._skip_adverbs()
        both = self._peek(-1) == "both"
        rights = [self.operand()]
        if both:
            self._expect("and")
            rights.append(self.operand())
        if left.dimension:
            self._one_of({("long",), ("in", "length")})
        if kind in _ORDER and self._peek() in {"is", "are", "was"} and (len(self._tokens) == self._at + 1):
            self._at += 1  # "larger than nine is"
        if kind == "=" and left.computed and self._peek() in {"to", ":"}:
            self._at += 1
            rights = [calculate(rights[0], "/", self._term(), "to")]
        if kind in {">", "<"} and not both and self._peek() == "by":
            self._at += 1
            by = self.operand()
            right = calculate(rights[0], "+" if kind == ">" else "-", by, "plus" if kind == ">" else "minus")
            return Relation(left=left, kind="=", rights=(right,), denied=denied)
        return Relation(left=left, kind=kind, rights=tuple(rights), denied=denied)

    def _apart(self, left: Operand, right: Operand, denied: bool) -> Relation:
        """Read the rest of "Five differs from six by one"."""
        by = self.operand()
        if left.dimension != right.dimension:
            raise Unreadable
        gap = computed(abs(left.value - right.value), left.dimension, f"the difference of {left.text} and {right.text}")
        return Relation(left=gap, kind="=", rights=(by,), denied=denied)

    # -------------------------------------------------------------------------------------------------------- words

    def _skip_adverbs(self) -> str:
        while True:
            if self._peek() in _ADVERBS and not self._is_property():
                self._at += 1
                continue
            if self._one_of(WITHIN):
                continue
            return self._peek()

    def _is_property(self) -> bool:
        """Say whether "even" is what the number is, and not an adverb."""
        return self._peek() == "even" and self._peek(1) in _AFTER_KIND

    def _denials(self) -> bool:
        denied = False
        while True:
            if self._one_of(_DENYING):
                denied = not denied
            elif self._peek() in DENIALS:
                denied = not denied
                self._at += 1
            elif (self._peek() in _ADVERBS and not self._is_property()) or (self._peek() == "be" and self._at):
                if self._peek() == "both":
                    return denied
                self._at += 1
            else:
                return denied


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
