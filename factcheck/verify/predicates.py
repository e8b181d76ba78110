"""What is said of one operand of a statement about numbers: the verb, what is denied, and what it is compared with.

    relation    := verb denial* complement

Statements as a whole are `factcheck.verify.statements`, operands `factcheck.verify.terms`, what stands behind "is"
`factcheck.verify.complements`.
"""

from __future__ import annotations

from factcheck.verify.complements import Complements
from factcheck.verify.operands import Operand, Relation, Unreadable, computed
from factcheck.verify.operators import LESS, MORE
from factcheck.verify.phrases import HAS_BEEN, SEEMS

_SYMBOLS = {
    ">": ">", "<": "<", ">=": ">=", "<=": "<=", "≥": ">=", "≤": "<=", "=": "=", "==": "=",
}  # fmt: skip
BE = frozenset("is are was were be remains stays ai".split())
_AUXILIARIES = frozenset("do does did can will must could ca wo would should".split())
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


class Predicates(Complements):
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

    def _apart(self, left: Operand, right: Operand, denied: bool) -> Relation:
        """Read the rest of "Five differs from six by one"."""
        by = self.operand()
        if left.dimension != right.dimension:
            raise Unreadable
        gap = computed(abs(left.value - right.value), left.dimension, f"the difference of {left.text} and {right.text}")
        return Relation(left=gap, kind="=", rights=(by,), denied=denied)
