"""A number of the claim that stands nowhere in evidence that otherwise says the same: what stands in its place.

`factcheck.verify.slots` asks by rule whether two values fill the same slot. Where its rules do not reach, because a
word is another one ("shown" for "screened") or a pronoun stands for the subject, this weighs what speaks for it: how
much of the claim the evidence's sentence has, whose name is missing, what stands right before the number. The value
itself, or anything that it could be rounded from or lie within, must stand nowhere in the evidence; then the best of
the values that could stand in its place is returned with the probability that it contradicts the claim.

The weights are in `absence.json`; `scripts/fit_absence.py` fits them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources

import msgspec

from factcheck.text.dates import DateQualifier, DateReading, Granularity
from factcheck.text.quantities import Quantity, QuantityKind
from factcheck.text.stems import BE, LIGHT, STOP
from factcheck.verify.alignment import Alignment, align
from factcheck.verify.comparison import Outcome, comparable, compare_dates
from factcheck.verify.placed_values import (
    contradicts,
    is_bounded,
    is_lifetime,
    is_named,
    number_span,
    only_theirs_is_a_range,
    plain_values,
    same_grain,
    tells,
    tells_nothing,
    value_of,
)
from factcheck.verify.readings import Placed, Reading, Word
from factcheck.verify.slots import FULL, LEAF, dates_the_value, outcome_of, same_time

_LIFE = frozenset({"birth", "die"})
_MOST_SENTENCES = 24
_MOST_ITEMS = 24
_PREFIX = 5
_CLEARLY = 0.4
_ANAPHOR = re.compile(r"\b(?:he|she|it|they|his|her|their|its)\b|\b(?:the|this|these) [a-z]", re.IGNORECASE)


_WORD_BEFORE = re.compile(r"([^\W\d_]+)[\s#.:(’'-]{0,3}$")
_WORD_AFTER = re.compile(r"[\s-]{0,2}([^\W\d_]+)")
_SUBJECT_VERBS = BE | frozenset("has had have win become begin".split())
_BARE = frozenset({QuantityKind.COUNT, QuantityKind.ORDINAL})
_NO_NAME = frozenset("the a an in of on at by from and s since until".split())


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the logistic model: log odds that the value in the place of the claim's contradicts it."""

    schema: str
    bias: float
    weights: dict[str, float]


@cache
def default_weights() -> Weights:
    """Return the weights that ship with the package."""
    text = resources.files("factcheck.verify").joinpath("absence.json").read_text(encoding="utf-8")
    return msgspec.json.decode(text, type=Weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A value of the claim that the evidence does not have, and the one in its place.

    Attributes:
        probability: that it contradicts the claim.
        rivals: how many other values could stand there nearly as well.
        named: the number is part of a name.
        whole: the evidence's sentence has everything else that the claim says, its subject included, a word aside.
        close: the evidence has every name of the claim, its subject aside, and at least two thirds of its words.
    """

    mine: Placed
    theirs: Placed
    alignment: Alignment
    probability: float
    rivals: int
    named: bool
    whole: bool
    close: bool


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What a sentence of the evidence has of the claim."""

    stems: frozenset[str]
    prefixes: frozenset[str]
    plain: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    placed: Placed
    alignment: Alignment
    score: float
    near: float


@dataclass(frozen=True, slots=True)
class _Found:
    """The best candidate, how many values there are beside its own, and how many of them fit nearly as well."""

    best: _Candidate
    others: int
    rivals: int


class Absences:
    """One claim beside one piece of evidence; light, and built once for all values of the claim."""

    def __init__(self, claim: Reading, evidence: Reading) -> None:
        """Prepare what every value of the claim needs."""
        self._claim = claim
        self._evidence = evidence
        self._values = frozenset(plain_values(evidence))
        words = [w for w in claim.words if w.stem not in STOP and not w.stem.isdigit()]
        self._names = [w for w in words if w.name]
        self._plain = [w for w in words if not w.name]
        self._heavy = [w for w in self._plain if w.stem not in LIGHT]
        self._sentences: dict[int, _Sentence] = {}
        self._all = _prefixes(evidence.stems)
        held = sorted(evidence.placed, key=lambda n: (-self._sentence(n).plain, n))
        self._held = held[:_MOST_SENTENCES]

    def of(self, mine: Placed, weights: Weights | None = None) -> Absence | None:
        """Weigh one value; None where the evidence may have it, or has nothing in its place."""
        found = self._find(mine)
        if found is None:
            return None
        best = found.best
        features = self._features(mine, best, found.others)
        w = weights or default_weights()
        odds = w.bias + sum(w.weights.get(name, 0.0) * value for name, value in features.items())
        return Absence(
            mine=mine,
            theirs=best.placed,
            alignment=best.alignment,
            probability=1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))),
            rivals=found.rivals,
            named=is_named(self._claim, mine),
            whole=best.alignment.subject >= FULL
            and features["names_missing"] == 0
            and features["words_missing"] + features["words_away"] <= (1 if self._claim.subject else 0),
            close=features["names_missing"] == 0 and self._missing() <= max(1.0, len(self._heavy) * self._spare(best)),
        )

    def features(self, mine: Placed) -> Mapping[str, float] | None:
        """Return what the model weighs, for fitting."""
        found = self._find(mine)
        return None if found is None else self._features(mine, found.best, found.others)

    # ------------------------------------------------------------------------------------------------------- search

    def stands(self, mine: Placed) -> bool:
        """Say whether the evidence has the value, or one that it cannot be told from."""
        here = mine.item
        if isinstance(here, Quantity):
            if here.low in self._values or here.high in self._values:
                return True
            return here.kind is not QuantityKind.NAME and any(
                isinstance(p.item, Quantity) and comparable(here, p.item) and not contradicts(here, p.item)
                for p in self._evidence.items
            )
        if self._has_year(here):
            return True
        return any(
            isinstance(p.item, DateReading)
            and not tells_nothing(here, p)
            and compare_dates(here, p.item) is not Outcome.DIFFERS
            for p in self._evidence.items
        )

    def _spare(self, best: _Candidate) -> float:
        """Return the share of the claim's words that may be missing: more where its subject is named."""
        return 2 / 3 if self._claim.subject and best.alignment.subject >= FULL else 1 / 3

    def _missing(self) -> int:
        return sum(_prefix(w.stem) not in self._all for w in self._heavy)

    def _has_year(self, here: DateReading) -> bool:
        plain = here.qualifier in {DateQualifier.NONE, DateQualifier.AROUND}
        return here.granularity is Granularity.YEAR and plain and Fraction(here.year) in self._values

    def _find(self, mine: Placed) -> _Found | None:
        if self.stands(mine):
            return None
        named = is_named(self._claim, mine)
        scores: dict[object, _Candidate] = {}
        for number in self._held:
            for theirs in self._evidence.items_of(number)[:_MOST_ITEMS]:
                if not (self.could_name(mine, theirs) if named else self._could_stand(mine, theirs)):
                    continue
                candidate = self._weigh(mine, theirs)
                if not self._allowed(theirs, candidate.alignment):
                    continue
                value = value_of(theirs)
                if value not in scores or candidate.score > scores[value].score:
                    scores[value] = candidate
        if not scores:
            return None
        best = max(scores.values(), key=lambda c: c.score)
        rivals = sum(c.score > best.score - _CLEARLY for c in scores.values()) - 1
        return _Found(best, len(scores) - 1, rivals)

    def could_name(self, mine: Placed, theirs: Placed) -> bool:
        """Say whether the evidence has the same name with another number: "Batman #121" for "Batman #122"."""
        here, there = number_span(mine), number_span(theirs)
        claim, evidence = self._claim.text, self._evidence.text
        if theirs.lone and not mine.parenthesis:
            return False  # "Portal 2" and "Portal (2007)"
        if here.of(claim) == there.of(evidence) or not there.of(evidence)[:1].isdigit():
            return False
        before, before_there = (
            _WORD_BEFORE.search(claim, max(0, here.start - 32), here.start),
            _word_before(evidence, there.start),
        )
        if before is not None and before[1].casefold() not in _NO_NAME:
            return before[1].casefold() == before_there
        after, after_there = _WORD_AFTER.match(claim, here.end), _WORD_AFTER.match(evidence, there.end)
        return after is not None and after_there is not None and after[1].casefold() == after_there[1].casefold()

    def _could_stand(self, mine: Placed, theirs: Placed) -> bool:
        """Say whether a value of the evidence could stand in the place of the claim's, and is another one."""
        here, there = mine.item, theirs.item
        if isinstance(here, Quantity) and isinstance(there, Quantity):
            if not comparable(here, there) or not contradicts(here, there):
                return False
            if here.kind is QuantityKind.ORDINAL:
                near = {*theirs.after[:3], *theirs.near}
                return bool(mine.after[:1]) and mine.after[0] in near and there.low != 1
        if isinstance(here, DateReading) and isinstance(there, DateReading) and dates_the_value(self._claim, mine):
            # "Five prizes in 2014" is answered by "five prizes in 2015", not by another year alone.
            return compare_dates(here, there) is Outcome.DIFFERS and self._has_the_numbers(mine)
        return outcome_of(self._claim, mine, self._evidence, theirs) in {Outcome.DIFFERS, Outcome.UNKNOWN}

    def _has_the_numbers(self, mine: Placed) -> bool:
        return all(self.stands(p) for p in self._claim.items if p is not mine and isinstance(p.item, Quantity))

    def _allowed(self, theirs: Placed, alignment: Alignment) -> bool:
        """Say whether nothing shows that the value is of something else.

        The title is not of the claim's subject, the section is another one, the value is of the men and not of the
        women, or the sentence is about another name.
        """
        if alignment.titled == 0.0 or alignment.contrast == 0.0 or alignment.leaf < LEAF:
            return False
        if is_lifetime(theirs) and not _LIFE & self._claim.stems:
            return False  # a reign is not a life
        return self._evidence.title != frozenset() or not self._claim.subject or not self.is_foreign(theirs)

    def is_foreign(self, theirs: Placed) -> bool:
        """Say whether the sentence begins with a name that the claim does not have, and lacks the claim's subject."""
        claim, evidence = self._claim, self._evidence
        sentence = self._sentence(theirs.sentence)
        if all(_prefix(s) in sentence.prefixes for s in claim.subject):
            return False
        runs = evidence.runs_of(theirs.sentence)
        if any(run == claim.subject[-1:] or _is_same_person(claim.subject, run) for run in runs):
            return False
        words = evidence.words_of(theirs.sentence)[:8]
        if not words or not words[0].name or not runs or set(runs[0]) & (claim.stems - {claim.subject[-1]}):
            return False
        # A single capital that opens a sentence may be any word: "Though", "Premiering".
        return len(runs[0]) > 1 or (len(words) > 1 and words[1].stem in _SUBJECT_VERBS)

    def has(self, word: str) -> bool:
        """Say whether the evidence has a word, in whatever form."""
        return _prefix(word) in self._all

    def _weigh(self, mine: Placed, theirs: Placed) -> _Candidate:
        alignment = align(self._claim, mine, self._evidence, theirs)
        return _Candidate(theirs, alignment, self.fit(mine, theirs, alignment), self._near(theirs))

    def _near(self, theirs: Placed) -> float:
        return _share(self._plain, _prefixes(theirs.near | self._evidence.heading))

    def fit(self, mine: Placed, theirs: Placed, alignment: Alignment) -> float:
        """Say how well all that surrounds two values fits, the values themselves aside."""
        sentence = self._sentence(theirs.sentence)
        return (
            sentence.plain
            + self._near(theirs)
            + _share(self._names, sentence.prefixes)
            + 0.5 * _follows(mine.before, theirs.before)
            + 0.5 * _follows(mine.after, theirs.after)
            + alignment.anchor
            + alignment.noun
            + float(bool(_LIFE & mine.near & theirs.near))
            + 0.3 * same_grain(mine, theirs)
            - 0.5 * only_theirs_is_a_range(mine, theirs)
        )

    def _sentence(self, number: int) -> _Sentence:
        found = self._sentences.get(number)
        if found is None:
            stems = self._evidence.sentences[number] | self._evidence.heading
            prefixes = _prefixes(stems)
            found = self._sentences[number] = _Sentence(stems, prefixes, _share(self._plain, prefixes))
        return found

    # ----------------------------------------------------------------------------------------------------- features

    def _features(self, mine: Placed, best: _Candidate, others_there: int) -> dict[str, float]:
        claim, evidence, here, theirs = self._claim, self._evidence, mine.item, best.placed
        alignment = best.alignment
        sentence = self._sentence(theirs.sentence)
        date = isinstance(here, DateReading)
        missing_names = [w for w in self._names if _prefix(w.stem) not in self._all]
        missing = [w for w in self._heavy if _prefix(w.stem) not in self._all]
        away = [w for w in self._heavy if _prefix(w.stem) in self._all and _prefix(w.stem) not in sentence.prefixes]
        subject = set(claim.subject)
        whole = all(_prefix(stem) in sentence.prefixes for stem in claim.subject)
        surname = not whole and bool(claim.subject) and claim.subject[-1] in sentence.stems
        words = evidence.words_of(theirs.sentence)
        foreign = bool(claim.subject) and self.is_foreign(theirs)
        written = evidence.spans[theirs.sentence].of(evidence.text)[:4000]
        anaphor = not whole and not surname and not foreign and _ANAPHOR.search(written) is not None
        others = [p for p in claim.items if p is not mine and not p.edge and tells(p)]
        agreeing = sum(self.stands(p) for p in others)
        life = bool(_LIFE & mine.near & theirs.near)
        return {
            "subject_whole": float(whole),
            "subject_surname": float(surname),
            "subject_anaphor": float(anaphor),
            "subject_foreign": float(foreign),
            "subject_missing": float(min(sum(w.stem in subject for w in missing_names), 2)),
            "names_missing": float(min(sum(w.stem not in subject for w in missing_names), 2)),
            "names_near": alignment.names if alignment.others else 0.5,
            "words_missing": float(min(len(missing), 3)),
            "words_complete": float(not missing),
            "words_away": float(min(len(away), 3)),
            "words_near": best.near,
            "words": min(len(self._heavy), 5) / 5,
            "before": _follows(mine.before, theirs.before),
            "after": _follows(mine.after, theirs.after),
            "anchor": alignment.anchor,
            "sentences": math.log(len(evidence.sentences)),
            "length": math.log(len(words) + 1),
            "rivals": math.log(others_there + 1),
            "date": float(date),
            "life": float(life),
            "life_apart": float(bool(_LIFE & claim.stems) and not life),
            "same_grain": same_grain(mine, theirs),
            "other_agrees": float(agreeing > 0),
            "other_differs": float(len(others) > agreeing),
            "brackets": float(mine.parenthesis),
            "bound": float(is_bounded(here)),
            "measured": float(
                isinstance(here, Quantity) and here.kind not in {QuantityKind.COUNT, QuantityKind.ORDINAL}
            ),
            "noun": alignment.noun,
            "time_apart": float(not date and not same_time(claim, evidence, theirs)),
            "contrast": alignment.contrast,
            "named": float(is_named(claim, mine)),
        }


# ------------------------------------------------------------------------------------------------------------- pieces


def _word_before(text: str, end: int) -> str:
    found = _WORD_BEFORE.search(text, max(0, end - 32), end)
    return found[1].casefold() if found is not None else ""


def _is_same_person(subject: tuple[str, ...], run: tuple[str, ...]) -> bool:
    """Recognise "Christopher Ryan Bohl" for "Chris Bohl"."""
    return len(run) > 1 and run[-1] == subject[-1] and run[0][:3] == subject[0][:3]


def _prefix(word: str) -> str:
    """Return what two forms of a word share that the stemmer keeps apart ("discovery", "discover")."""
    return word[:_PREFIX] if len(word) > _PREFIX and word.isascii() else word


def _prefixes(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_prefix, words))


def _share(words: list[Word], prefixes: frozenset[str]) -> float:
    total = sum(0.3 if w.stem in LIGHT else 1.0 for w in words)
    if not total:
        return 1.0
    return sum(0.3 if w.stem in LIGHT else 1.0 for w in words if _prefix(w.stem) in prefixes) / total


def _follows(mine: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    return float(bool(mine[:1]) and mine[0] in theirs[:3])
