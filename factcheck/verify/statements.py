"""The grammar of statements about numbers alone: what is said of operands, and what is denied.

    statement   := opening* (compared | clause (("and" | "but") (clause | relation))*) ending?
    compared    := ("of" | "between" | "compared with") list operand "is" "the larger" | …
    clause      := subjects relation
    subjects    := "both" operand "and" operand | "neither" operand "nor" operand | list | operand

Everything is read left to right, going back by one subject at most, so that the time is linear in the number of words.
The reader raises `Unreadable` for everything that is more than such a statement. What is said of an
operand is `factcheck.verify.predicates`;
Chinese has a reader of its own, `factcheck.verify.han_statements`.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from factcheck.verify.operands import Operand, Relation, Unreadable, computed
from factcheck.verify.operators import LESS, MORE
from factcheck.verify.predicates import BE, DENIALS, Predicates
from factcheck.verify.terms import LARGEST, SMALLEST

_OPENINGS = (
    ("in", "fact"), ("mathematically",), ("clearly",), ("of", "course"), ("obviously",), ("numerically",), ("indeed",),
    ("in", "value"), ("certainly",), ("arithmetically",), ("in", "mathematics"), ("in", "arithmetic"), ("surely",),
    ("definitely",), ("evidently",), ("we", "know", "that"), ("by", "definition"), ("undoubtedly",),
    ("there", "is", "no", "doubt", "that"), ("no", "doubt"), ("as", "a", "number"), ("as", "numbers"),
)  # fmt: skip
_FALSE = frozenset("false untrue wrong incorrect lie myth mistaken error mistake".split())
_TRUE = frozenset("true correct case fact right certain clear obvious known".split())
_STATEMENTS = frozenset("statement claim assertion sentence idea proposition fact".split())
_SAYING = frozenset("say claim state assert think believe".split())
_ORDERS = frozenset((">", "<", ">=", "<="))
_MOST = 8  # clauses of a statement
Subjects = tuple[list[Operand], bool]


class Reader(Predicates):
    """Reads the tokens of one statement from left to right."""

    # ---------------------------------------------------------------------------------------------------- statement

    def statement(self) -> list[Relation]:
        """Read all of it; every relation must hold for the statement to hold."""
        outer = self._opening()
        if self._take("there"):
            if not self._take("are", "is"):
                raise Unreadable
            relations = [self._amount()]
        else:
            relations = self._compared() or self._clauses()
        self._take("number", "numbers")
        if self._peek() in {"is", "are"} and self._peek(1) in _TRUE | _FALSE | DENIALS:
            outer ^= self._ending()
        if not self._done:
            raise Unreadable
        return [replace(relation, outer_denied=outer) for relation in relations]

    def _opening(self) -> bool:
        """Read "It is not true that"; say whether it denies."""
        denied = False
        while True:
            if self._one_of(_OPENINGS):
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
            self._take("the")
            self._take("a", "an")
            word = self._next_word()
            if word in _FALSE:
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
        self._take("a", "the")
        word = self._next_word()
        if word not in _TRUE | _FALSE:
            raise Unreadable
        return denied ^ (word in _FALSE)

    def _amount(self) -> Relation:
        """Read "There are sixty minutes in an hour"."""
        denied = self._denials()
        left = self.operand()
        self._expect("in")
        return Relation(left=left, kind="=", rights=(self.operand(),), denied=denied)

    def _compared(self) -> list[Relation]:
        """Read "Of four and five, five is the larger" and "Compared with four, five is larger"."""
        if self._peek() not in {"compared", "of", "between", "among", "relative"}:
            return []
        if self._take("compared", "relative"):
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
        left = self.operand()
        self._expect(*BE)
        denied = self._denials()
        self._take("the")
        self._skip_adverbs()
        word = self._next_word()
        if word not in LARGEST | SMALLEST:
            raise Unreadable
        self._take("number", "one", "value")
        best = max(terms, key=_value) if word in LARGEST else min(terms, key=_value)
        named = computed(best.value, best.dimension, f"the {word} of {' and '.join(t.text for t in terms)}")
        return [Relation(left=left, kind="=", rights=(named,), denied=denied)]

    def _clauses(self) -> list[Relation]:
        subjects = self._subjects()
        relations = self._said_of(subjects)
        while self._take("but", "and", "while") and len(relations) < _MOST:
            self._take("it")
            at = self._at
            try:
                other = self._subjects()
                if self._done and len(relations) == len(subjects[0]) and relations[-1].kind in _ORDERS:
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
                if self._peek() in {"are", "were", "do", "differ", "ai"}:
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
        if len(operands) < 2 or not self._take("are", "were"):
            self._at = start
            return None
        denied = self._denials()
        word = self._skip_adverbs()
        if self._sequence("the", "same"):
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
        if denied and len(operands) > 2:
            raise Unreadable
        denied ^= word in {"different", "unequal"}
        return [Relation(left=operands[0], kind="=", rights=(o,), denied=denied) for o in operands[1:]]


def _value(operand: Operand) -> Fraction:
    return operand.value
