"""What a text may be changed on: evidence that speaks of the claim, and a value that stands in the claim's place.

A reader that is asked whether a passage contradicts a claim sometimes says so of a passage that tells something else
of the same person, or something of somebody else. Such a refutation is a verdict that can be looked at; it is no ground
for taking a sentence out of a text, nor for turning it round. Text is changed where

- a rule compared facts or did arithmetic, and is sure (`factcheck.decide.is_exact`), or found every word of the claim
  and the opposite of one in its place ("rose" for "fell"), or
- a sentence of the evidence that contradicts, under its heading, names what the claim speaks of (all of its names but
  one, which is the first only where nothing else differs) and has most words of its relation, and either has another
  value of the same sort where the claim has one, or differs in nothing but a denial or one word. Where a rule has
  compared a number or date of the sentence, and is sure, it need not be told again in which value they differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from factcheck.decide import SIGNS, is_exact
from factcheck.text.coverage import NEGATIONS, STEM
from factcheck.text.dates import Day, find_dates
from factcheck.text.names import Gender, find_names
from factcheck.text.orders import without_orders
from factcheck.text.quantities import QuantityKind, find_quantities
from factcheck.text.sentences import split_sentences
from factcheck.text.stems import LIGHT, PRONOUNS, STOP, stem
from factcheck.text.tokens import tokenize
from factcheck.types import CheckedClaim, Evidence, Judgement, Rule, Span, Stance

RELATION = 0.6
"""Share of the words of a claim's relation that a sentence has to have to speak of it; in [0, 1]."""

_OF_TEXT = frozenset({Rule.QUANTITY_DIFFERS, Rule.DATE_DIFFERS})
"""Rules that compare values of sentences: whether both speak of one thing is their guess."""

_PRONOUN = re.compile(r"\b(?:he|she|they)\b", re.IGNORECASE)
_NOBODY = frozenset(
    "nobody none nothing everybody everyone everything somebody someone something anybody anyone anything nowhere"
    " everywhere somewhere people scientists historians".split()
)
"""Capitals that open a sentence and name nobody in particular: no name stands in their place."""


@dataclass(frozen=True, slots=True)
class Value:
    """A name, number or date of a text, and what sort of value it is: only values of one sort can be exchanged."""

    span: Span
    kind: str
    gender: Gender = Gender.UNKNOWN
    days: tuple[Day, Day] | None = None
    amount: Fraction | None = None

    def meets(self, other: Value) -> bool:
        """Say whether both are one value, as far as is written: six and 6; 2002 and 2001–02 have days in common."""
        if self.amount is not None and self.kind == other.kind:
            return self.amount == other.amount
        if self.days is None or other.days is None:
            return False
        return self.days[0] <= other.days[1] and other.days[0] <= self.days[1]

    def fits(self, other: Value) -> bool:
        """Say whether one may stand where the other does."""
        genders = {self.gender, other.gender} - {Gender.UNKNOWN}
        return self.kind == other.kind and (len(genders) < 2 or Gender.NEUTER not in genders)


def values(text: str) -> list[Value]:
    """Return the names, dates and quantities of a text, with the digits alone of a quantity."""
    dates = find_dates(text)
    found = [Value(d.span, f"date {d.granularity.value}", days=(d.start, d.end)) for d in dates]
    for quantity in find_quantities(text, dates):
        if quantity.kind is not QuantityKind.NAME:
            noun = f" {stem(quantity.noun)}" if quantity.noun else ""
            found.append(Value(quantity.number, quantity.dimension + noun, amount=quantity.low))
    taken = [value.span for value in found]
    found.extend(
        Value(name.span, "name", name.gender)
        for name in find_names(text)
        if name.text.casefold() not in _NOBODY and not any(name.span.overlaps(span) for span in taken)
    )
    return sorted(found, key=lambda value: value.span.start)


def refutations(checked: CheckedClaim) -> Iterator[tuple[Evidence, Span | None]]:
    """Yield the evidence that refutes a claim, with what decided in it, the surest first; signs refute nothing."""
    by_id = {e.id: e for e in checked.evidence}
    refuting = [j for j in checked.verdict.judgements if j.stance is Stance.REFUTES and j.rule not in SIGNS]
    for judgement in sorted(refuting, key=lambda j: -j.probabilities.refuted):
        for identity in judgement.evidence_ids[:1]:
            if identity in by_id:
                yield by_id[identity], judgement.span


def is_told_by_rule(judgement: Judgement) -> bool:
    """Say whether a judgement of text needs no reading beside it: it is exact, or has the one word that differs."""
    return is_exact(judgement) or (judgement.rule is Rule.NEGATION and judgement.correction is not None)


def is_grounded(checked: CheckedClaim) -> bool:
    """Say whether the text may be changed because of a refuted claim.

    Args:
        checked: the claim with its evidence and all of its judgements.
    """
    exact = {j.rule for j in checked.verdict.judgements if j.stance is Stance.REFUTES and is_told_by_rule(j)}
    if exact - _OF_TEXT:
        return True
    matter = Matter(checked.claim.text)
    return any(
        bool(exact) or matter.is_opposed_by(statement)
        for evidence, _ in refutations(checked)
        for statement in matter.statements(evidence)
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of evidence that speaks of a claim, and what stands above it."""

    text: str
    heading: str

    @property
    def words(self) -> frozenset[str]:
        """The stems of both."""
        return frozenset(_stems(f"{self.heading} {self.text}"))


class Matter:
    """What a claim speaks of: its values, the words between them, and its subject."""

    def __init__(self, claim: str) -> None:
        self.claim = claim
        self.values = values(claim)
        marked = set()
        for value in self.values:
            marked.update(_stems(value.span.of(claim)))
        self.stems = _stems(claim)
        self.relation = [w for w in self.stems if w not in STOP and w not in LIGHT and w not in marked]
        self.denied = _denies(claim)

    def statements(self, evidence: Evidence) -> Iterator[Statement]:
        """Yield the sentences of a piece of evidence that speak of the claim."""
        heading = "" if evidence.passage is None else f"{evidence.passage.title}\n{evidence.passage.section}".strip()
        text = without_orders(evidence.text)
        before = heading
        for span in split_sentences(text):
            statement = Statement(span.of(text), heading)
            if self._names(statement, before) and self._relates(statement):
                yield statement
            before = f"{before}\n{statement.text}"

    def is_opposed_by(self, statement: Statement) -> bool:
        """Say whether a sentence that speaks of the claim says something else in its place."""
        if self.is_denied_by(statement) or any(self.others(value, statement) for value in self.values):
            return True
        return self.denied is _denies(statement.text) and self._differs_in_a_word(statement)

    def is_denied_by(self, statement: Statement) -> bool:
        """Say whether a sentence has all of the claim's values and words, and one of both is denied."""
        denied = self.denied is not _denies(statement.text)
        return denied and not self._missing(statement) and self._has_values(statement)

    def others(self, value: Value, statement: Statement) -> list[str]:
        """Return the values of the same sort that a sentence has where it does not have this value of the claim."""
        mine = value.span.of(self.claim)
        if mine.casefold() in f"{statement.heading} {statement.text}".casefold():
            return []
        found = []
        there = values(statement.text)
        if any(value.meets(other) for other in there):
            return []
        for other in there:
            theirs = other.span.of(statement.text)
            if any(other.meets(one) for one in self.values):
                continue
            if other.fits(value) and theirs.casefold() not in self.claim.casefold() and not _same(mine, theirs):
                found.append(theirs)
        return found

    def _missing(self, statement: Statement) -> list[str]:
        words = statement.words
        return [w for w in self.relation if not _has(w, words)]

    def _has_values(self, statement: Statement) -> bool:
        """Say whether the numbers and dates of the claim all stand in a sentence."""
        words = statement.words
        return all(w in words for v in self.values if v.kind != "name" for w in _stems(v.span.of(self.claim)))

    def _differs_in_a_word(self, statement: Statement) -> bool:
        """Say whether a sentence has all of the claim but one word, and another behind the one before that."""
        missing = self._missing(statement)
        if len(missing) != 1 or len(self.relation) < 2 or not self._has_values(statement):
            return False
        here = [w for w in self.stems if w not in STOP]
        there = [w for w in _stems(statement.text) if w not in STOP]
        at = here.index(missing[0])
        return at > 0 and any(w == here[at - 1] and after not in self.stems for w, after in pairwise(there))

    def _names(self, statement: Statement, before: str) -> bool:
        names = [_stems(v.span.of(self.claim)) for v in self.values if v.kind == "name"]
        known = statement.words
        if _PRONOUN.search(statement.text) or PRONOUNS.match(statement.text[:1].lower() + statement.text[1:]):
            known |= frozenset(_stems(before))
            if not find_names(before):  # cut out of a text: it speaks of what it was found or given for
                names = names[1:]
        absent = [i for i, name in enumerate(names) if not _is_named(name, known)]
        if len(absent) != 1 or absent[0] > 0:
            return not absent or len(absent) == 1
        # The first name, mostly the subject: nothing else may differ. Somebody else's age contradicts nobody.
        return len(self.relation) > 1 and not self._missing(statement) and self._has_values(statement)

    def _relates(self, statement: Statement) -> bool:
        allowed = (1 - RELATION) * len(self.relation)
        return len(self._missing(statement)) <= allowed or self._differs_in_a_word(statement)


def _same(one: str, other: str) -> bool:
    """Say whether one of two values is a longer form of the other: Dacre Kayd Montgomery-Harvey, Dacre Montgomery."""
    a, b = set(_stems(one)), set(_stems(other))
    return a <= b or b <= a


def _is_named(name: Sequence[str], words: frozenset[str]) -> bool:
    return name[-1] in words or sum(w in words for w in name) * 2 > len(name)


def _has(word: str, words: frozenset[str]) -> bool:
    if word in words:
        return True
    return len(word) > STEM and word.isalpha() and any(w.startswith(word[:STEM]) for w in words)


def _denies(text: str) -> bool:
    return any(token in NEGATIONS for token in tokenize(text))


def _stems(text: str) -> list[str]:
    return [stem(token) for token in tokenize(text)]
