"""The checker that calculates: numbers, quantities and dates of a claim against those of its evidence.

It speaks where a value of the claim and a value of the evidence are about the same thing
(`factcheck.verify.matching`), and is silent everywhere else:

- REFUTES where the values differ beyond what is written. If subject, names and property of the claim all stand beside
  the value (in its sentence, the section or the title), the judgement is sure (0.9 and above) and may decide alone.
  Where a word of it is missing, or a pronoun stands for the subject, the claim's value must stand nowhere in the
  evidence (`factcheck.verify.absence`), and the judgement is a sign for `decide.combine` (below 0.85).
- SUPPORTS only where every value of the claim agrees and the sentence, title and section cover every name and every
  word of property of the claim too. Equal numbers under other words support nothing.
- Nothing where the claim names another entity than the passage's title.
- A statement of arithmetic is decided without evidence.

A negated claim turns both answers around; where the evidence is negated the checker is silent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.text.dates import DateReading
from factcheck.text.numbers import NumberForm
from factcheck.text.numerals import spell_english
from factcheck.text.quantities import Quantity
from factcheck.types import (
    Case,
    CheckResult,
    Correction,
    Evidence,
    Judgement,
    Probabilities,
    Rule,
    Span,
    Stance,
)
from factcheck.verify.absence import Absences, is_named
from factcheck.verify.arithmetic import decide_arithmetic
from factcheck.verify.comparison import Outcome
from factcheck.verify.corrections import correct_date, correct_quantity
from factcheck.verify.matching import AGREES, Match, checkable, covered, holds_then, match, named
from factcheck.verify.readings import Placed, Reading, read_claim, read_evidence
from factcheck.verify.slots import dates_the_value, indefinite
from factcheck.verify.spans_of_time import Elapsed, elapsed

NAME = "quantities"
ABSENT_LIKELY = 0.6
"""From this probability of `factcheck.verify.absence` on, what stands in the place of a value is a sign against it."""

ABSENT_SURE = 0.8
"""From this one on it is sure, if the evidence has everything else that the claim says."""

SURE_WEIGHT = 0.92
"""What a sure absence weighs at least: enough to decide."""

_SIGN = 0.84  # the most that a likely match may claim; `decide` takes 0.85 for strong and 0.9 for sure
_LONGEST_CLAIM = 4000
_MOST_ITEMS = 40
_NEGATION = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|be)(?:\s+not|n['’]t)\b|\bnever\b|\bcannot\b"
    r"|\bno longer\b|不是|並非|并非|沒有|没有|並不|并不|從未|从未|未曾",
    re.IGNORECASE,
)
_ANY_NEGATION = re.compile(
    r"\bnot\b|n['’]t\b|\bnever\b|\bno longer\b|\bno\b|\bneither\b|\bnor\b|\bwithout\b|\bfalse(?:ly)?\b"
    r"|\bdenied\b|\bmyth\b"
    r"|\brefused\b|\bunable\b|\bincapable\b|\bfailed\b|不|沒|没|未|非|無|无",
    re.IGNORECASE,
)
_NOT_A_STATEMENT = re.compile(r"\?\s*$|？\s*$|^\s*(?:if|suppose|imagine)\b", re.IGNORECASE)


_SUPPOSED = re.compile(
    r"\b(?:(?-i:may)|might|could|would|should|perhaps|probably|possibly|maybe)\b|可能|也許|也许|或許|或许",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:reportedly|allegedly|supposedly|likely|expected to|predicted|projected|estimates? that|according to)\b"
    r"|據說|据说|預計|预计",
    re.IGNORECASE,
)


def is_asserted(text: str) -> bool:
    """Say whether a claim states its numbers plainly: affirmed, not asked, supposed or predicted."""
    return not (
        _NOT_A_STATEMENT.search(text) or _ANY_NEGATION.search(text) or _SUPPOSED.search(text) or _REPORTED.search(text)
    )


class QuantityChecker:
    """Compares numbers and dates; light, needs no model and keeps no state."""

    @property
    def name(self) -> str:
        """As it stands in judgements."""
        return NAME

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        """Judge each case by its numbers and dates."""
        return [CheckResult(judgements=tuple(_judge(case))) for case in cases]


def _judge(case: Case) -> list[Judgement]:
    text = case.claim.text
    if not text.strip() or len(text) > _LONGEST_CLAIM or _NOT_A_STATEMENT.search(text):
        return []
    arithmetic = decide_arithmetic(text)
    if arithmetic is not None:
        return [
            _judgement(
                (),
                Stance.SUPPORTS if arithmetic.holds else Stance.REFUTES,
                0.99,
                Rule.ARITHMETIC,
                arithmetic.reason,
                correction=arithmetic.correction,
            )
        ]
    if _SUPPOSED.search(text):
        return []
    claim = read_claim(text)
    items = [*checkable(claim), *named(claim)]
    if not items or len(items) > _MOST_ITEMS:
        return []
    question = _Question.of(claim)
    if question is None:
        return []
    return [judgement for evidence in case.evidence for judgement in _look_at(question, evidence)]


@dataclass(frozen=True, slots=True)
class _Question:
    """A claim that is ready to be compared."""

    claim: Reading
    negated: bool
    asserted: bool

    @classmethod
    def of(cls, claim: Reading) -> _Question | None:
        """Read the polarity; None where it cannot be told what is negated."""
        negations = _ANY_NEGATION.findall(claim.text)
        plain = _NEGATION.findall(claim.text)
        if len(negations) > 1 or (negations and not plain):
            return None
        return cls(claim, bool(plain), is_asserted(claim.text))


def _look_at(question: _Question, evidence: Evidence) -> list[Judgement]:
    reading = read_evidence(evidence)
    if not reading.items:
        return []
    claim = question.claim
    items = checkable(claim)
    found = [(placed, _likely(match(claim, placed, reading))) for placed in items]
    if question.asserted and not indefinite(claim):
        absences = Absences(claim, reading)
        found = [(placed, _or_absent(placed, m, absences)) for placed, m in found]
        found += [(placed, m) for placed in named(claim) if (m := _or_absent(placed, None, absences)) is not None]
    differing = [m for _, m in found if m is not None and m.outcome is Outcome.DIFFERS and not _negated(reading, m)]
    if differing:
        return [judgement for m in differing if (judgement := _against(question, evidence, reading, m)) is not None]
    for placed in items:
        time = elapsed(claim, placed, reading)
        if time is not None and question.asserted:
            return [_over_time(question, evidence, time)]
    matches = [m for _, m in found if m is not None and m.outcome in AGREES]
    missing = [placed for placed, m in found if m is None or m.outcome not in AGREES]
    if not matches or any(_negated(reading, m) for m in matches):
        return []
    if not all(
        dates_the_value(claim, placed) and all(holds_then(claim, reading, m.theirs) for m in matches)
        for placed in missing
    ):
        return []
    if not covered(claim, reading, matches) or not _has_named_numbers(claim, reading):
        return []
    return [_for(question, evidence, matches)]


def _likely(found: Match | None) -> Match | None:
    """Drop a difference that is too doubtful to speak of."""
    doubtful = found is not None and found.outcome is Outcome.DIFFERS and not found.sure
    return None if doubtful else found


def _or_absent(placed: Placed, found: Match | None, absences: Absences) -> Match | None:
    """Where no rule is sure of what answers a value, ask what stands in its place."""
    if found is not None and (found.outcome in AGREES or found.sure):
        return found
    absence = absences.of(placed)
    if absence is None or absence.probability < ABSENT_LIKELY or not absence.close:
        return found
    sure = absence.probability >= ABSENT_SURE and absence.whole and not absence.named
    return Match(
        mine=placed,
        theirs=absence.theirs,
        outcome=Outcome.DIFFERS,
        alignment=absence.alignment,
        confidence=max(absence.probability, SURE_WEIGHT) if sure else absence.probability,
        rivals=absence.rivals,
        sure=sure,
    )


def _has_named_numbers(claim: Reading, reading: Reading) -> bool:
    """Say whether the evidence has the numbers of the claim's names: the Finals of 2012 are not those of 2014."""
    absences = Absences(claim, reading)
    return all(
        absences.stands(p) or _in_title(p, claim, reading) for p in claim.items if is_named(claim, p) and not p.edge
    )


def _in_title(placed: Placed, claim: Reading, reading: Reading) -> bool:
    """Say whether the title has a number, or leaves it away ("Dunkirk (2017 film)" is titled "Dunkirk")."""
    written = placed.item.number if isinstance(placed.item, Quantity) else placed.item.span
    return written.of(claim.text) in reading.title or placed.parenthesis


def _negated(reading: Reading, found: Match) -> bool:
    """Say whether the evidence's sentence denies something."""
    span = reading.spans[found.theirs.sentence]
    return (
        _ANY_NEGATION.search(span.of(reading.text)) is not None
        if reading.text.isascii()
        else (_NEGATION.search(span.of(reading.text)) is not None)
    )


def _against(question: _Question, evidence: Evidence, reading: Reading, found: Match) -> Judgement | None:
    here, there = found.mine.item, found.theirs.item
    weight = found.confidence
    if not found.sure:
        weight = min(weight, _SIGN)
    rule = Rule.DATE_DIFFERS if isinstance(here, DateReading) else Rule.QUANTITY_DIFFERS
    if question.negated:
        if not found.sure:
            return None
        rule = Rule.DATE_WITHIN if isinstance(here, DateReading) else Rule.QUANTITY_WITHIN
        return _judgement(
            (evidence.id,), Stance.SUPPORTS, weight, rule, _reason(question.claim, evidence, found), span=there.span
        )
    correction: Correction | None = None
    if found.rivals == 0:
        if isinstance(here, Quantity) and isinstance(there, Quantity):
            correction = correct_quantity(question.claim.text, here, there)
        elif isinstance(here, DateReading) and isinstance(there, DateReading):
            correction = correct_date(question.claim.text, here, there)
    return _judgement(
        (evidence.id,),
        Stance.REFUTES,
        weight,
        rule,
        _reason(question.claim, evidence, found),
        span=there.span,
        correction=correction,
        part=here.span,
    )


def _over_time(question: _Question, evidence: Evidence, time: Elapsed) -> Judgement:
    """Judge an age or a duration by the two dates that give it."""
    text, item = question.claim.text, time.mine.item
    there = _shown(evidence.text, time.theirs.item)
    years = f"{time.least}" if time.least == time.most else f"{time.least} to {time.most}"
    source = evidence.source or "the evidence"
    reason = f"The claim says {_shown(text, item)}; {source} says {there}, which is {years} years."
    span = time.theirs.item.span
    if time.equal:
        return _judgement((evidence.id,), Stance.SUPPORTS, 0.85, Rule.QUANTITY_WITHIN, reason, span=span)
    correction = None
    if time.least == time.most and isinstance(item, Quantity):
        spelled = item.form is NumberForm.WORDS
        correction = Correction(span=item.number, replacement=spell_english(time.least) if spelled else str(time.least))
    return _judgement(
        (evidence.id,), Stance.REFUTES, SURE_WEIGHT, Rule.QUANTITY_DIFFERS, reason, span=span, correction=correction,
        part=item.span,
    )  # fmt: skip


def _for(question: _Question, evidence: Evidence, matches: list[Match]) -> Judgement:
    equal = all(m.outcome is Outcome.EQUAL for m in matches)
    dates = all(isinstance(m.mine.item, DateReading) for m in matches)
    best = max(matches, key=lambda m: m.confidence)
    reason = _reason(question.claim, evidence, best, denied=question.negated)
    if question.negated:
        rule = Rule.DATE_DIFFERS if dates else Rule.QUANTITY_DIFFERS
        return _judgement((evidence.id,), Stance.REFUTES, 0.88, rule, reason, span=best.theirs.item.span)
    if equal:
        rule = Rule.DATE_EQUAL if dates else Rule.QUANTITY_EQUAL
    else:
        rule = Rule.DATE_WITHIN if dates else Rule.QUANTITY_WITHIN
    weight = 0.95 if equal else 0.9
    return _judgement((evidence.id,), Stance.SUPPORTS, weight, rule, reason, span=best.theirs.item.span)


def _judgement(
    evidence_ids: tuple[str, ...],
    stance: Stance,
    weight: float,
    rule: Rule,
    reason: str,
    *,
    span: Span | None = None,
    correction: Correction | None = None,
    part: Span | None = None,
) -> Judgement:
    """Give the stance its weight; of the rest a fifth goes to its opposite."""
    rest = 1 - weight
    for_it = weight if stance is Stance.SUPPORTS else rest * 0.2
    against = weight if stance is Stance.REFUTES else rest * 0.2
    return Judgement(
        evidence_ids=evidence_ids,
        stance=stance,
        probabilities=Probabilities(supported=for_it, refuted=against, not_enough_info=1 - for_it - against),
        checker=NAME,
        rule=rule,
        reason=reason,
        span=span,
        correction=correction,
        part=part,
    )


def _reason(claim: Reading, evidence: Evidence, found: Match, *, denied: bool = False) -> str:
    here = f"{'not ' if denied else ''}{_shown(claim.text, found.mine.item)}"
    there = _shown(evidence.text, found.theirs.item)
    passage = evidence.passage
    place = " › ".join(part.strip() for part in (passage.title, passage.section) if part.strip()) if passage else ""
    source = evidence.source or "the evidence"
    if place:
        return f"The claim says {here}; {place} says {there} ({source})."
    return f"The claim says {here}; {source} says {there}."


def _shown(text: str, item: Quantity | DateReading) -> str:
    """Quote a value with the noun that it counts, on one line and not too long."""
    shown = item.span.of(text)
    if isinstance(item, Quantity) and item.noun and item.unit is None:
        following = re.match(
            rf"[\s-]?(?:[\w’'-]+\s){{0,3}}{re.escape(item.noun)}",
            text[item.span.end : item.span.end + 60],
            re.IGNORECASE,
        )
        shown += following.group() if following else ""
    shown = " ".join(shown.split())
    return shown if len(shown) <= 80 else f"{shown[:79]}…"
