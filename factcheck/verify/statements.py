"""The grammar of statements about numbers alone: what is said of operands, and what is denied.

    statement   := opening* (told | compared | clause (("and" | "but") (clause | relation))*) ending?
    compared    := ("of" | "between" | "compared with") list operand "is" "the larger" | …
    clause      := subjects relation
    subjects    := "both" operand "and" operand | "neither" operand "nor" operand | list | operand

Everything is read left to right, going back by one subject at most, so that the time is linear in the number of words.
The reader raises `Unreadable` for everything that is more than such a statement. What is said of an
operand is `factcheck.verify.predicates`, what comes out of something done `factcheck.verify.calculations`.
Chinese has a reader of its own, `factcheck.verify.han_statements`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from factcheck.verify.calculations import Calculations
from factcheck.verify.complements import DENIALS
from factcheck.verify.operands import Operand, Relation, Unreadable, computed
from factcheck.verify.operators import LESS, MORE
from factcheck.verify.phrases import CLAIMED, ENDINGS, OPENINGS
from factcheck.verify.predicates import BE
from factcheck.verify.terms import LARGEST, SMALLEST

_FALSE = frozenset("false untrue wrong incorrect lie myth mistaken error mistake".split())
_TRUE = frozenset("true correct case fact right certain clear obvious known evident so truth".split())
_STATEMENTS = frozenset("statement claim assertion sentence idea proposition fact".split())
_SAYING = frozenset("say claim state assert think believe".split())
_PLAINLY = frozenset("simply plainly just clearly obviously certainly definitely indeed always quite".split())
_ORDERS = frozenset((">", "<", ">=", "<="))
_MOST = 8  # clauses of a statement
Subjects = tuple[list[Operand], bool]


class Reader(Calculations):
    """Reads the tokens of one statement from left to right."""

    # ---------------------------------------------------------------------------------------------------- statement

    def statement(self) -> list[Relation]:
        """Read all of it; every relation must hold for the statement to hold."""
        outer = self._opening()
        if self._take("there"):
            if not self._take("are", "is"):
                raise Unreadable
            relations = [self._difference() or self._amount()]
        else:
            relations = self.calculated() or self._ordinals() or self._compared() or self._clauses()
        self._take("number", "numbers")
        if self._peek() in BE and (self._peek(1) in _TRUE | _FALSE | DENIALS | {"a", "an", "the"} | _PLAINLY):
            outer ^= self._ending()
            self._judged = True
        while self._one_of(ENDINGS):
            pass
        if not self._done or not self._judged:
            raise Unreadable
        return [replace(relation, outer_denied=outer) for relation in relations]

    def _opening(self) -> bool:
        """Read "It is not true that"; say whether it denies."""
        denied = False
        while True:
            if self._one_of(OPENINGS):
                continue
            if self._one_of(CLAIMED):
                self._judged = False
                continue
            if self._peek() == "the" and self._peek(1) in _STATEMENTS and self._peek(2) == "that":
                self._at += 3
                continue
            if self._peek() == "that" and not denied:
                self._at += 1
                continue
            if not (self._peek() == "it" and self._peek(1) in {"is", "'s", "was"}):
                return denied
            self._at += 2
            denied ^= self._denials()
            if self._peek() in _PLAINLY:
                self._at += 1
            self._take("the")
            self._take("a", "an")
            word = self._next_word()
            if word in {"possible", "impossible"} and self._take("for"):
                # "It is impossible for six to be larger than seven": numbers are what they are.
                self._infinitive = True
                return denied ^ (word == "impossible")
            if word in _FALSE or word == "impossible":
                denied = not denied
            elif word not in _TRUE:
                raise Unreadable
            if self._take("to"):
                self._expect(*_SAYING)
            self._expect("that")

    def _ending(self) -> bool:
        """Read "is false" after a whole statement; say whether it denies."""
        self._at += 1
        denied = self._denials()
        if self._peek() in _PLAINLY:
            self._at += 1
        self._take("a", "an", "the")
        word = self._next_word()
        if word not in _TRUE | _FALSE:
            raise Unreadable
        return denied ^ (word in _FALSE)

    def _difference(self) -> Relation | None:
        """Read "There is no difference between four and four"."""
        at = self._at
        denied = self._denials()
        if self._take("no"):
            denied = not denied
        else:
            self._take("a", "any")
        if not self._sequence("difference", "between"):
            self._at = at
            return None
        left = self.operand()
        self._expect("and")
        return Relation(left=left, kind="=", rights=(self.operand(),), denied=not denied)

    def _ordinals(self) -> list[Relation]:
        """Read "The fifth comes before the sixth"; nothing else can be said of places in an order."""
        at = self._at
        self._take("the")
        if self._peek() != "#th":
            self._at = at
            return []
        left = self._place()
        denied = self._denials()
        if self._take("does", "do", "did"):
            denied ^= self._denials()
        word = self._next_word()
        if word in BE:
            denied ^= self._denials()
            kind = {"before": "<", "after": ">"}.get(self._next_word(), "")
        elif word in {"comes", "come", "came"}:
            kind = {"before": "<", "after": ">"}.get(self._next_word(), "")
        else:
            kind = {"precedes": "<", "precede": "<", "follows": ">", "follow": ">"}.get(word, "")
        if not kind:
            raise Unreadable
        self._take("the")
        return [Relation(left=left, kind=kind, rights=(self._place(),), denied=denied)]

    def _place(self) -> Operand:
        token = self._number()
        if token.word != "#th" or token.operand is None:
            raise Unreadable
        self._take("place", "position", "one", "number", "item")
        return token.operand

    def _amount(self) -> Relation:
        """Read "There are sixty minutes in an hour"."""
        denied = self._denials()
        left = self.operand()
        self._expect("in")
        return Relation(left=left, kind="=", rights=(self.operand(),), denied=denied)

    def _compared(self) -> list[Relation]:
        """Read "Of four and five, five is the larger" and "Compared with four, five is larger"."""
        if self._peek() == "comparing" or self._peek(2) in {"compare", "compares"}:
            return self._when_compared()
        if self._sequence("out", "of"):
            self._at -= 1
        if self._peek() not in {"compared", "of", "between", "among", "relative"} and not (
            self._peek() == "in" and self._peek(1) in {"comparison", "relation"}
        ):
            return []
        if self._take("compared", "relative", "in"):
            self._take("comparison", "relation")
            self._expect("with", "to")
            other = self.operand()
            left = self.operand()
            self._expect("is", "are", "was")
            denied = self._denials()
            self._take("the", "a")
            word = self._skip_adverbs()
            span = None if self._done else self._tokens[self._at].span
            self._at += 1
            if word not in MORE | LESS:
                raise Unreadable
            return [Relation(left=left, kind=">" if word in MORE else "<", rights=(other,), denied=denied, word=span)]
        self._at += 1
        self._take("the")
        if self._peek(1) == "numbers":
            self._at += 1
        self._take("numbers")
        terms = self._list()
        if len(terms) < 2:
            raise Unreadable
        left, denied, word = self._called()
        if word not in LARGEST | SMALLEST:
            raise Unreadable
        best = max(terms, key=_value) if word in LARGEST else min(terms, key=_value)
        named = computed(best.value, best.dimension, f"the {word} of {' and '.join(t.text for t in terms)}")
        return [Relation(left=left, kind="=", rights=(named,), denied=denied)]

    def _called(self) -> tuple[Operand, bool, str]:
        """Read what one of several is said to be, "five is not the largest number": who, whether denied, the word."""
        left = self.operand()
        self._expect(*BE)
        denied = self._denials()
        self._take("the")
        self._skip_adverbs()
        word = self._next_word()
        self._noun()
        return left, denied, word

    def _noun(self) -> None:
        """Skip what "the larger" stands before: "number", "one"."""
        operand = None if self._done else self._tokens[self._at].operand
        if not self._take("number", "value") and operand is not None and operand.text == "one":
            self._at += 1

    def _when_compared(self) -> list[Relation]:
        """Read "Comparing nine with ten, ten is the larger one", "If you compare nine and ten, ten is larger"."""
        if not (self._take("comparing") or (self._take("if", "when") and self._take("you", "we", "one"))):
            raise Unreadable
        self._take("compare", "compares")
        first = self.operand()
        self._expect("with", "to", "and")
        terms = [first, self.operand()]
        left, denied, word = self._called()
        others = [term for term in terms if term.value != left.value or term.dimension != left.dimension]
        if word not in MORE | LESS or len(others) != 1:
            raise Unreadable
        return [Relation(left=left, kind=">" if word in MORE else "<", rights=(others[0],), denied=denied)]

    def _clauses(self) -> list[Relation]:
        subjects = self._subjects()
        relations = self._said_of(subjects)
        while self._take("but", "and", "while") and len(relations) < _MOST:
            self._take("it")
            at = self._at
            try:
                other = self._subjects()
                if self._done and len(relations) == len(subjects[0]) and relations[-1].kind in _ORDERS:
                    if other[0][0].share and not relations[-1].rights[0].share:
                        raise Unreadable  # "four and two thirds" may be one number
                    # "Ten is larger than five and six."
                    relations += [replace(r, rights=(*other[0],)) for r in relations]
                    break
                relations += self._said_of(other)
                subjects = other
            except Unreadable:
                self._at = at
                relations += self._said_of(subjects, follows=True)
        return relations

    def _subjects(self) -> Subjects:
        """Read whom a relation is said of, and whether it is denied of each."""
        if self._take("neither"):
            found = [self.operand()]
            self._expect("nor")
            return [*found, self.operand()], True
        if self._take("both"):
            found = [self.operand()]
            self._expect("and")
            return [*found, self.operand()], False
        found = [self.operand()]
        at = self._at
        try:
            while self._peek() == "#" and len(found) < _MOST:
                found.append(self._term())
            if self._take("and"):
                found.append(self.operand())
                if self._peek() in {"are", "were", "do", "differ", "ai", "have", "never"}:
                    return found, False
        except Unreadable:
            pass
        self._at = at
        return found[:1], False

    def _said_of(self, subjects: Subjects, *, follows: bool = False) -> list[Relation]:
        """Read one relation, of every subject."""
        operands, neither = subjects
        start = self._at
        mutual = self._mutual(operands)
        if mutual is not None:
            return mutual
        relations: list[Relation] = []
        for subject in operands:
            self._at = start
            found = self._relations(subject, follows=follows)
            relations += [replace(r, denied=r.denied is not neither) for r in found]
        return relations

    def _mutual(self, operands: list[Operand]) -> list[Relation] | None:
        """Read "Five and six are not equal"."""
        start = self._at
        if len(operands) < 2:
            return None
        alike = self._alike(operands)
        if alike is not None:
            return alike
        if not self._take("are", "were"):
            self._at = start
            return None
        denied = self._denials()
        word = self._skip_adverbs()
        if self._sequence("one", "and", "the", "same") or self._sequence("#", "and", "the", "same"):
            word = "same"
        elif self._peek() == "#" and self._peek(1) == "different" and len(operands) == 2:
            # "two different numbers"
            count = self._number().operand
            if count is None or count.value != 2:
                raise Unreadable
            word = self._next_word()
        elif self._sequence("the", "same"):
            word = "same"
        elif word in {"equal", "identical", "different", "unequal", "equivalent"}:
            self._at += 1
        else:
            self._at = start
            return None
        several = len(operands) > 2 and word in {"different", "unequal"}
        if self._peek() in {"to", "from", "as"} or several:
            self._at = start
            return None
        self._take("number", "numbers", "value", "values")
        self._one_of((("in", "value"), ("in", "size")))
        if denied and len(operands) > 2:
            raise Unreadable
        denied ^= word in {"different", "unequal"}
        return [Relation(left=operands[0], kind="=", rights=(o,), denied=denied) for o in operands[1:]]

    def _alike(self, operands: list[Operand]) -> list[Relation] | None:
        """Read "Four and five have the same value", "Four and five differ"."""
        start = self._at
        denied = self._denials()
        if self._take("do", "did"):
            denied ^= self._denials()
        if self._sequence("have", "the", "same", "value") or self._sequence("have", "equal", "values"):
            pass
        elif self._peek() == "differ" and self._peek(1) != "from" and len(operands) == 2:
            self._at += 1
            denied = not denied
        else:
            self._at = start
            return None
        if len(operands) > 2 and denied:
            raise Unreadable
        return [Relation(left=operands[0], kind="=", rights=(o,), denied=denied) for o in operands[1:]]


def _value(operand: Operand) -> Fraction:
    return operand.value
