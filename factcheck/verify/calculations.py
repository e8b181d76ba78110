"""Calculations that are told as something one does: "If you double 19, you get 38", "Taking 3 from 10 leaves 7".

    told     := ("if" | "when") (person action | operand passive) outcome | action "and" outcome | doing giving operand
              | operand "is what you get when you" action | operand "results from" doing | next
    action   := "double" term | "add" term "to" term | "take" term "away"? "from" term | "multiply" term "by" term | …
    outcome  := person "get" operand | "the result is" operand | operand "is left" | "it makes" operand
    next     := term "comes right after" term | "the number after" term "is" term

What follows immediately is one more, and only of whole numbers; "after" alone is an order and stands in
`factcheck.verify.predicates`.
"""

from __future__ import annotations

from fractions import Fraction

from factcheck.verify.operands import Operand, Relation, Unreadable, calculate, computed, power
from factcheck.verify.predicates import BE, Predicates

_PERSONS = frozenset("you we one i they someone".split())
_FACTORS = {
    "double": Fraction(2), "triple": Fraction(3), "treble": Fraction(3), "quadruple": Fraction(4),
    "halve": Fraction(1, 2),
}  # fmt: skip
_POWERS = {"square": 2, "cube": 3}
_FORMS = {
    "doubling": "double", "doubles": "double", "doubled": "double", "tripling": "triple", "triples": "triple",
    "tripled": "triple", "trebling": "treble", "trebled": "treble", "quadrupling": "quadruple",
    "quadrupled": "quadruple", "halving": "halve", "halves": "halve", "halved": "halve", "squaring": "square",
    "squares": "square", "squared": "square", "cubing": "cube", "cubes": "cube", "cubed": "cube", "adding": "add",
    "adds": "add", "added": "add", "subtracting": "subtract", "subtracts": "subtract", "subtracted": "subtract",
    "deducting": "subtract", "deduct": "subtract", "deducted": "subtract", "taking": "take", "takes": "take",
    "taken": "take", "multiplying": "multiply", "multiplies": "multiply", "multiplied": "multiply",
    "dividing": "divide", "divides": "divide", "divided": "divide", "increasing": "increase", "increases": "increase",
    "increased": "increase", "decreasing": "decrease", "decreases": "decrease", "decreased": "decrease",
    "reducing": "decrease", "reduce": "decrease", "reduces": "decrease", "reduced": "decrease",
}  # fmt: skip
_ACTIONS = frozenset((*_FACTORS, *_POWERS, "add", "subtract", "take", "multiply", "divide", "increase", "decrease"))
_GERUNDS = frozenset(form for form in _FORMS if form.endswith("ing"))
_PASSIVES = frozenset(form for form in _FORMS if form.endswith("ed") or form == "taken")
_GIVES = frozenset(
    "gives give yields yield makes make leaves leave equals equal produces produce returns return is totals".split()
)
_GETS = (
    ("end", "up", "with"), ("arrive", "at"), ("come", "to"), ("are", "left", "with"), ("is", "left", "with"),
    ("get", "to"), ("get",), ("gets",), ("have",), ("has",), ("obtain",), ("obtains",), ("reach",), ("receive",),
)  # fmt: skip
_RESULTS = frozenset("result answer total sum product difference quotient outcome remainder rest".split())
_LEFT = (("are", "left"), ("is", "left"), ("remains",), ("remain",), ("are", "left", "over"), ("is", "left", "over"))
_ADDS_UP = (
    ("add", "up", "to"), ("adds", "up", "to"), ("sum", "up", "to"), ("sum", "to"), ("add", "to"), ("make",),
    ("total",), ("come", "to"), ("amount", "to"),
)  # fmt: skip
_RIGHT = frozenset("right immediately directly straight just".split())


class Calculations(Predicates):
    """Reads what comes out of something that is done with numbers."""

    def calculated(self) -> list[Relation]:
        """Read one such statement; nothing is taken where there is none."""
        for read in (
            self._supposed,
            self._ordered,
            self._doing,
            self._explained,
            self._neighbour,
            self._added_up,
            self._leaving,
        ):
            at = self._at
            try:
                found = read()
                if found is not None and self._ends():
                    return [found]
            except Unreadable:
                pass
            self._at = at
        return []

    def _ends(self) -> bool:
        return self._done or self._peek() in BE

    # ------------------------------------------------------------------------------------------------------ sentences

    def _supposed(self) -> Relation | None:
        """Read "If you add 3 to 4, you get 7", "When 4 is doubled, the result is 8"."""
        if not self._take("if", "when", "whenever"):
            return None
        left = self._action(self._form(_ACTIONS)) if self._take(*_PERSONS) else self._passive()
        self._take("then")
        return self._outcome(left)

    def _ordered(self) -> Relation | None:
        """Read "Double 19 and you get 38"."""
        if self._peek() not in _ACTIONS:
            return None
        left = self._action(self._form(_ACTIONS))
        self._expect("and", "then")
        self._take("then")
        return self._outcome(left)

    def _doing(self) -> Relation | None:
        """Read "Doubling 19 gives 38", "The result of adding 3 and 4 is 7", "By adding 3 to 4 you get 7"."""
        named = self._sequence("the", "result", "of") or self._sequence("the", "outcome", "of")
        by = self._take("by", "when")
        if self._peek() not in _GERUNDS:
            return None
        left = self._action(self._form(_GERUNDS))
        if by or (not named and self._peek() in _PERSONS):
            return self._outcome(left)
        return self._gives(left)

    def _explained(self) -> Relation | None:
        """Read "38 is what you get when you double 19", "7 results from adding 3 and 4"."""
        right = self._term()
        denied = False
        if self._sequence("results", "from") or self._sequence("comes", "from"):
            left = self._action(self._form(_GERUNDS))
        else:
            if not self._take("is"):
                return None
            denied = self._denials()
            if self._sequence("the", "result", "of") or self._sequence("the", "outcome", "of"):
                left = self._action(self._form(_GERUNDS))
            else:
                self._expect("what")
                self._expect(*_PERSONS)
                self._expect("get", "obtain", "have")
                if self._take("by"):
                    left = self._action(self._form(_GERUNDS))
                else:
                    self._expect("when", "if")
                    left = self._action(self._form(_ACTIONS)) if self._take(*_PERSONS) else self._passive()
        return Relation(left=left, kind="=", rights=(right,), denied=denied)

    def _added_up(self) -> Relation | None:
        """Read "Together, 3 and 4 make 7", "3 and 4 add up to 7"."""
        self._take("together")
        terms = self._list()
        if len(terms) < 2:
            return None
        self._take("together")
        denied = self._take("do") and self._denials()
        if not self._one_of(_ADDS_UP):
            return None
        return Relation(left=self._sum(terms), kind="=", rights=(self.operand(),), denied=denied)

    def _leaving(self) -> Relation | None:
        """Read "Ten minus three leaves seven", "Ten take away three leaves seven"."""
        left = self._term()
        if self._sequence("take", "away") or self._take("minus"):
            left = calculate(left, "-", self._term(), "minus")
        elif self._take("from") or self._sequence("taken", "from") or self._sequence("taken", "away", "from"):
            left = calculate(self._term(), "-", left, "minus")
        else:
            return None
        return self._gives(left)

    def _neighbour(self) -> Relation | None:
        """Read "30 comes right after 29", "The number before 30 is 29", "30 is the successor of 29"."""
        if self._sequence("the", "next", "number", "after") or self._sequence("the", "number", "that", "comes"):
            step = 1 if self._peek(-1) == "after" else self._side()
            return self._is_next(self._term(), step)
        if self._peek() == "the" and self._peek(1) in {"number", "integer"} and self._peek(2) in {
            "after", "before", "following", "preceding", "right", "immediately", "directly",
        }:  # fmt: skip
            self._at += 2
            step = self._side()
            return self._is_next(self._term(), step)
        left = self._term()
        if self._take("comes", "come", "follows", "stands"):
            passed = self._peek(-1) == "follows"
            self._expect(*_RIGHT)
            step = 1 if passed else self._side()
            return self._stepped(self._term(), step, left, denied=False)
        if not self._take("is"):
            return None
        denied = self._denials()
        if self._take("the"):
            word = self._next_word()
            step = {"successor": 1, "predecessor": -1, "next": 1}.get(word, 0)
            if not step:
                return None
            self._expect(*(("number",) if word == "next" else ("of",)))
            if word == "next":
                self._expect("after")
            return self._stepped(self._term(), step, left, denied)
        if self._take(*_RIGHT):
            if self._take("followed", "preceded"):
                step = -1 if self._peek(-1) == "followed" else 1
                self._expect("by")
            else:
                step = self._side()
            return self._stepped(self._term(), step, left, denied)
        return None

    def _side(self) -> int:
        self._take(*_RIGHT)
        word = self._next_word()
        if word not in {"after", "before", "following", "preceding"}:
            raise Unreadable
        return 1 if word in {"after", "following"} else -1

    def _is_next(self, other: Operand, step: int) -> Relation:
        self._expect("is")
        denied = self._denials()
        return self._stepped(other, step, self._term(), denied)

    def _stepped(self, other: Operand, step: int, said: Operand, denied: bool) -> Relation:
        if other.dimension or other.value.denominator != 1 or said.dimension:
            raise Unreadable
        words = f"the number {'after' if step > 0 else 'before'} {other.text}"
        return Relation(left=computed(other.value + step, "", words), kind="=", rights=(said,), denied=denied)

    # -------------------------------------------------------------------------------------------------------- actions

    def _form(self, allowed: frozenset[str]) -> str:
        word = self._next_word()
        if word not in allowed:
            raise Unreadable
        return _FORMS.get(word, word)

    def _action(self, verb: str) -> Operand:
        """Read what the verb is done to, and return what comes out."""
        if verb in _FACTORS or verb in _POWERS:
            return self._changed(verb, self._term())
        if verb == "take" and self._take("away"):
            verb = "subtract"
        first = self._term()
        if verb == "add":
            if self._take("to"):
                return calculate(self._term(), "+", first, "plus")
            terms = [first]
            while self._peek() == "#":
                terms.append(self._term())
            self._expect("and")
            terms.append(self._term())
            self._take("together", "up")
            return self._sum(terms)
        if verb in {"subtract", "take"}:
            self._take("away")
            self._expect("from")
            return calculate(self._term(), "-", first, "minus")
        return self._by(verb, first)

    def _by(self, verb: str, first: Operand) -> Operand:
        if verb == "multiply":
            self._expect("by", "with", "and")
            return calculate(first, "*", self._term(), "times")
        if verb == "divide":
            self._expect("by")
            return calculate(first, "/", self._term(), "divided")
        if verb in {"increase", "decrease"}:
            self._expect("by")
            return calculate(first, "+" if verb == "increase" else "-", self._term(), f"{verb}d")
        raise Unreadable

    def _passive(self) -> Operand:
        """Read "3 is added to 4", "3 and 4 are added"."""
        terms = self._list()
        self._expect("is", "are")
        verb = self._form(_PASSIVES)
        if len(terms) > 1:
            self._take("together", "up", "with")
            if verb == "add":
                return self._sum(terms)
            if verb == "multiply" and len(terms) == 2:
                return calculate(terms[0], "*", terms[1], "times")
            raise Unreadable
        first = terms[0]
        if verb in _FACTORS or verb in _POWERS:
            return self._changed(verb, first)
        if verb == "add":
            self._expect("to")
            return calculate(self._term(), "+", first, "plus")
        if verb in {"subtract", "take"}:
            self._take("away")
            self._expect("from")
            return calculate(self._term(), "-", first, "minus")
        return self._by(verb, first)

    def _changed(self, verb: str, term: Operand) -> Operand:
        if verb in _POWERS:
            return power(term, _POWERS[verb], f"{term.text} {verb}d")
        return computed(term.value * _FACTORS[verb], term.dimension, f"{term.text} {verb}d")

    def _sum(self, terms: list[Operand]) -> Operand:
        total = terms[0]
        for term in terms[1:]:
            total = calculate(total, "+", term, "plus")
        return total

    # -------------------------------------------------------------------------------------------------------- outcome

    def _outcome(self, left: Operand) -> Relation:
        """Read what comes out."""
        if self._take(*_PERSONS):
            denied = self._auxiliary()
            if not self._one_of(_GETS):
                raise Unreadable
            return self._equal(left, denied)
        if self._peek() == "the" and self._peek(1) in _RESULTS:
            self._at += 2
            denied = self._auxiliary()
            if self._take("is", "equals", "will"):
                self._take("be")
                denied ^= self._denials()
            elif not (self._sequence("comes", "to") or self._sequence("amounts", "to")):
                raise Unreadable
            return self._equal(left, denied)
        if self._take("it", "that", "this"):
            return self._gives(left)
        right = self.operand()
        if not self._one_of(_LEFT):
            raise Unreadable
        return Relation(left=left, kind="=", rights=(right,), denied=False)

    def _gives(self, left: Operand) -> Relation:
        denied = self._auxiliary()
        if self._sequence("comes", "to") or self._sequence("results", "in") or self._sequence("amounts", "to"):
            return self._equal(left, denied)
        self._expect(*_GIVES)
        if self._peek(-1) == "is":
            denied ^= self._denials()
        self._take(*_PERSONS, "us")
        return self._equal(left, denied)

    def _auxiliary(self) -> bool:
        denied = self._denials()
        if self._take("do", "does", "will", "would"):
            denied ^= self._denials()
        return denied

    def _equal(self, left: Operand, denied: bool) -> Relation:
        self._skip_adverbs()
        return Relation(left=left, kind="=", rights=(self.operand(),), denied=denied)
