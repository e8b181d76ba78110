"""What is said of one operand behind "is": "larger than six", "between two and six", "odd", "twice as large as six".

    complement  := comparison "than" operand ("by" operand)? | "twice as large as" operand | "odd"
                 | "between" operand "and" operand | "divisible by" operand | "equal to" operand | …

The verbs before it are `factcheck.verify.predicates`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from factcheck.verify.operands import Operand, Relation, Unreadable, calculate, computed
from factcheck.verify.operators import LESS, MORE
from factcheck.verify.phrases import LINE, NOT_EQUAL, OR_ELSE_EQUAL, OR_EQUAL, OTHER_WORDS, WITHIN
from factcheck.verify.terms import LARGEST, SMALLEST, Terms

DENIALS = frozenset(("not", "n't", "never"))
_DENYING = (("by", "no", "means"), ("in", "no", "way"), ("under", "no", "circumstances"), ("no", "way"))
_ADVERBS = frozenset(
    "much far slightly strictly even indeed clearly also exactly precisely only just still simply definitely certainly"
    " surely obviously numerically mathematically evenly considerably significantly substantially somewhat truly really"
    " arithmetically"
    " actually always undoubtedly therefore thus itself together both all way vastly evidently plainly".split()
)
_POSITIONED = frozenset("situated located positioned placed found".split())
_KINDS = frozenset("odd even prime composite positive negative whole natural".split())
_AFTER_KIND = frozenset(("", "number", "numbers", "integer", "and", "but", "nor", "is", "are"))
_LARGE = frozenset("large big great high much many long tall heavy old".split())
_SMALL = frozenset("small low little few short".split())
_AFTER_ARTICLE = MORE | LESS | _KINDS | frozenset("multiple factor divisor much perfect square cube integer".split())
_ORDER = frozenset((">", "<", ">=", "<=", "="))


class Complements(Terms):
    """Reads what stands behind "is"."""

    def _after_be(self, left: Operand, *, denied: bool) -> Relation:
        """Read what follows "is"; each way to say it is tried in turn, and takes no word that it cannot use."""
        if self._skip_adverbs() == "no":
            self._at += 1
            denied = not denied
            self._skip_adverbs()
        for read in (self._bounded, self._placed, self._as_large_as, self._many_times):
            found = read(left, denied)
            if found is not None:
                return found
        if self._peek() == "the" and self._peek(1) in LARGEST | SMALLEST and self._peek(2) == "when":
            raise Unreadable
        if self._peek() in {"a", "an"} and self._peek(1) in _AFTER_ARTICLE:
            self._at += 1
            self._skip_adverbs()
        for read in (self._larger, self._of_kind, self._divisible, self._unlike):
            found = read(left, denied)
            if found is not None:
                return found
        return self._same_as(left, denied)

    def _bounded(self, left: Operand, denied: bool) -> Relation | None:
        """Read "at least six"."""
        if self._peek() != "at" or self._peek(1) not in {"least", "most"} or self._peek(2) == "as":
            return None
        kind = ">=" if self._peek(1) == "least" else "<="
        self._at += 2
        return self._with(left, kind, denied)

    def _placed(self, left: Operand, denied: bool) -> Relation | None:
        """Read "situated between two and six", "above six", "followed by seven"."""
        if self._peek() in _POSITIONED:
            self._at += 1
            if self._peek() not in {"above", "below", "before", "after", "between", "to"}:
                raise Unreadable
        said = self._in_other_words(left, denied)
        if said is not None:
            return said
        word = self._peek()
        if word in {"above", "over", "below", "under", "beyond", "before", "after"}:
            self._at += 1
            return self._with(left, "<" if word in {"below", "under", "before"} else ">", denied)
        if word in {"followed", "preceded", "exceeded", "surpassed", "outnumbered"}:
            self._at += 1
            self._expect("by")
            return self._with(left, ">" if word == "preceded" else "<", denied)
        if word == "between":
            self._at += 1
            low = self.operand()
            self._expect("and")
            return Relation(left=left, kind="between", rights=(low, self.operand()), denied=denied)
        return None

    def _larger(self, left: Operand, denied: bool) -> Relation | None:
        """Read "larger than six", "worth less than six"."""
        if self._peek() == "worth" and self._peek(1) in MORE | LESS:
            self._at += 1
        word = self._peek()
        return self._comparison(left, denied, word) if word in MORE | LESS else None

    def _of_kind(self, left: Operand, denied: bool) -> Relation | None:
        """Read "odd", "a perfect square"."""
        kind = self._kind(self._peek())
        if not kind:
            return None
        self._take("number", "numbers", "integer")
        return Relation(left=left, kind=kind, rights=(), denied=denied)

    def _divisible(self, left: Operand, denied: bool) -> Relation | None:
        """Read "divisible by six without a remainder", "a factor of six"."""
        word = self._peek()
        if word not in {"divisible", "multiple", "factor", "divisor", "divided"}:
            return None
        self._at += 1
        self._skip_adverbs()
        self._expect("by" if word in {"divisible", "divided"} else "of")
        found = self._with(left, "factor" if word in {"factor", "divisor"} else "divisible", denied)
        self._one_of({("without", "a", "remainder"), ("without", "remainder")})
        return found

    def _unlike(self, left: Operand, denied: bool) -> Relation | None:
        """Read "a different number than six", "unequal to six"."""
        word = self._peek()
        if word in {"a", "an"} and self._peek(1) == "different":
            self._at += 2
            self._expect("number", "value")
            self._expect("than", "from", "to")
            return self._with(left, "=", not denied)
        if word in {"different", "unequal", "distinct"}:
            self._at += 1
            self._expect("to" if word == "unequal" else "from")
            return self._with(left, "=", not denied)
        return None

    def _same_as(self, left: Operand, denied: bool) -> Relation:
        """Read "equal to six", "the same number as six", "worth six", or "six" alone."""
        word = self._peek()
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

    def _as_large_as(self, left: Operand, denied: bool) -> Relation | None:
        """Read "as large as six", and after a denial "so large as six"."""
        if self._peek() != "as" and not (self._peek() == "so" and denied):
            return None
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
