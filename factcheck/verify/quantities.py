"""The checker that calculates: numbers, quantities and dates of a claim against those of its evidence.

It speaks where a value of the claim and a value of the evidence are about the same thing
(`factcheck.verify.matching`), and is silent everywhere else:

- REFUTES where the values differ beyond what is written, and subject, names and property of the claim all stand beside
  the value (in its sentence, the section or the title): `quantity_differs` and `date_differs`, sure and exact.
- SUPPORTS only where every value of the claim agrees and the sentence, title and section cover every name and every
  word of property of the claim too. Equal numbers under other words support nothing.
- Where neither can be told, a sign (`factcheck.verify.signs`): `value_missing` where a value of the claim stands
  nowhere in the evidence, `values_stand` where all do. Signs decide nothing; `decide.combine` weighs them beside
  the reading.
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
from factcheck.verify.coordination import leaves_open
from factcheck.verify.corrections import correct_date, correct_quantity
from factcheck.verify.matching import AGREES, Match, checkable, covered, holds_then, match, named
from factcheck.verify.readings import Placed, Reading, read_claim, read_evidence
from factcheck.verify.signs import Sign, Signs
from factcheck.verify.slots import dates_the_value, indefinite
from factcheck.verify.spans_of_time import Elapsed, elapsed
from factcheck.verify.standing import Standing

NAME = "quantities"
ABSENT_LIKELY = 0.6
"""From this probability of `factcheck.verify.absence` on, what stands in the place of a value is shown."""

ABSENT_SURE = 0.8
"""From this one on it is sure, if the evidence has everything else that the claim says."""

SURE_WEIGHT = 0.92
"""What a sure absence weighs at least: enough to decide."""

FIRM = 0.9
"""From this confidence on a match decides; `decide.SURE` is the same."""

SPOKEN = 0.3
"""From this probability on a sign takes a side; below it is neutral, and only its probabilities count."""

OPEN_SPOKEN = 0.5
"""The same for an amount that the evidence may have; a date that it may have is never spoken against."""

_SIGN = 0.84  # the most that a sign may claim; `decide` takes 0.85 for strong and 0.9 for sure
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
# "All That You Can't Leave Behind", "The Night Never Ends": within a sentence small words have no capital.
_IN_TITLE = re.compile(r"(?<=[\w,;:)] )(?:No|Not|Never|Without|[A-Z][a-z]+n['’]t)(?= [A-Z])")
_CHOICE = re.compile(r"\b(?:or|either)\b|或", re.IGNORECASE)
_THERE_ARE = re.compile(r"there (?:is|are|was|were)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d", re.ASCII)
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
    text = _IN_TITLE.sub(" ", text)
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
    polarity = polarity_of_claim(text)
    if polarity is None:
        return []
    claim = read_claim(text)
    if not (claim.items or _DIGIT.search(text)) or len(claim.items) > _MOST_ITEMS:
        return []
    question = _Question(claim, polarity.negated, polarity.asserted)
    return [judgement for evidence in case.evidence for judgement in _look_at(question, evidence)]


@dataclass(frozen=True, slots=True)
class ClaimPolarity:
    """Whether a claim denies, and whether it states its values plainly."""

    negated: bool
    asserted: bool


def polarity_of_claim(text: str) -> ClaimPolarity | None:
    """Read the polarity; None for what states nothing, or where it cannot be told what is denied."""
    if _NOT_A_STATEMENT.search(text) or _SUPPOSED.search(text):
        return None
    text = _IN_TITLE.sub(" ", text)
    negations, plain = _ANY_NEGATION.findall(text), _NEGATION.findall(text)
    if len(negations) > 1 or (negations and not plain):
        return None
    return ClaimPolarity(negated=bool(plain), asserted=is_asserted(text))


@dataclass(frozen=True, slots=True)
class _Question:
    """A claim that is ready to be compared."""

    claim: Reading
    negated: bool
    asserted: bool


def _look_at(question: _Question, evidence: Evidence) -> list[Judgement]:
    reading = read_evidence(evidence)
    claim = question.claim
    items = checkable(claim)
    absences = Absences(claim, reading)
    found = [(placed, _likely(match(claim, placed, reading))) for placed in items]
    if question.asserted and not indefinite(claim):
        found = [(placed, _or_absent(placed, m, absences)) for placed, m in found]
        found += [(placed, m) for placed in named(claim) if (m := _or_absent(placed, None, absences)) is not None]
    differing = [m for _, m in found if m is not None and m.outcome is Outcome.DIFFERS and not _negated(reading, m)]
    vague = _THERE_ARE.match(claim.text) is not None and not claim.names
    firm = [
        m
        for m in differing
        if m.sure
        and m.confidence >= FIRM
        and not vague
        and not leaves_open(claim, m.mine, reading, m.theirs)
        and _is_of_one_thing(claim, m)
    ]
    if firm:
        return [_against(question, evidence, m) for m in firm]
    for placed in items:
        time = elapsed(claim, placed, reading)
        if time is not None and question.asserted:
            return [_over_time(question, evidence, time)]
    support = _support(question, evidence, reading, found)
    if support is not None:
        return [support]
    if reading.title and not reading.title & claim.stems:
        return []  # it tells of something else
    sign = Signs(claim, reading, absences, asserted=question.asserted, negated=question.negated).sign()
    if sign is None:
        return []
    other = sign.value.other if sign.value is not None else None
    if other is not None and claim.subject and absences.is_foreign(other.placed) and not _is_here(claim, reading):
        return []  # it is about somebody else
    return [_weigh(question, evidence, sign, max(differing, key=_confidence, default=None))]


def _is_of_one_thing(claim: Reading, found: Match) -> bool:
    """Say whether a differing value is surely of what the claim speaks of: it offers no choice, a number's is named.

    "Two dogs play" is not contradicted by three dogs, which may be others, and "a third or fourth" by neither.
    """
    if _CHOICE.search(claim.text) is not None:
        return False
    if isinstance(found.mine.item, DateReading):
        return True
    # Chinese marks no names: there the words of the subject are compared as all others.
    return bool(claim.subject) or (not claim.text.isascii() and not claim.names)


def _is_here(claim: Reading, reading: Reading) -> bool:
    """Say whether the evidence names the claim's subject, or may call it by a pronoun."""
    return claim.subject[-1] in reading.names or any(reading.starts_with_pronoun)


def _confidence(found: Match) -> float:
    return found.confidence


def _support(
    question: _Question, evidence: Evidence, reading: Reading, found: Sequence[tuple[Placed, Match | None]]
) -> Judgement | None:
    """Judge a claim of which every value agrees, and all else stands there too."""
    claim = question.claim
    matches = [m for _, m in found if m is not None and m.outcome in AGREES]
    missing = [placed for placed, m in found if m is None or m.outcome not in AGREES]
    if not matches or any(_negated(reading, m) for m in matches):
        return None
    if not all(
        dates_the_value(claim, placed) and all(holds_then(claim, reading, m.theirs) for m in matches)
        for placed in missing
    ):
        return None
    if not covered(claim, reading, matches) or not _has_named_numbers(claim, reading):
        return None
    return _for(question, evidence, matches)


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
    # "closed in 1961" is not answered by "built in 1742": what was done then has to be told of both.
    other_deed = isinstance(placed.item, DateReading) and absence.alignment.verb == 0.0
    # The year in brackets after a title is answered by another such year, not by that of an event.
    titled = placed.parenthesis and not absence.theirs.parenthesis
    whole = absence.whole and not absence.named and not other_deed and not titled
    # What a number counts is told by a rule or not at all: on development pairs one of five such numbers was another's.
    sure = absence.probability >= ABSENT_SURE and whole and isinstance(placed.item, DateReading)
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


def _against(question: _Question, evidence: Evidence, found: Match) -> Judgement:
    here, there = found.mine.item, found.theirs.item
    rule = Rule.DATE_DIFFERS if isinstance(here, DateReading) else Rule.QUANTITY_DIFFERS
    if question.negated:
        rule = Rule.DATE_WITHIN if isinstance(here, DateReading) else Rule.QUANTITY_WITHIN
        reason = _reason(question.claim, evidence, found)
        return _judgement((evidence.id,), Stance.SUPPORTS, found.confidence, rule, reason, span=there.span)
    return _judgement(
        (evidence.id,),
        Stance.REFUTES,
        found.confidence,
        rule,
        _reason(question.claim, evidence, found),
        span=there.span,
        correction=_correction(question, found),
        part=here.span,
    )


def _correction(question: _Question, found: Match) -> Correction | None:
    """Write the evidence's value in the claim's place, where only one can be meant."""
    here, there = found.mine.item, found.theirs.item
    if found.rivals:
        return None
    if isinstance(here, Quantity) and isinstance(there, Quantity):
        return correct_quantity(question.claim.text, here, there)
    if isinstance(here, DateReading) and isinstance(there, DateReading):
        return correct_date(question.claim.text, here, there)
    return None


def _weigh(question: _Question, evidence: Evidence, sign: Sign, likely: Match | None) -> Judgement:
    """Say what the places of the values make likely, and with `likely` what stands in the place of one."""
    p = _at_most(sign.probabilities, _SIGN)
    text = question.claim.text
    source = evidence.source or "the evidence"
    if sign.value is None:
        side = p.supported >= SPOKEN and p.supported > p.refuted
        return Judgement(
            evidence_ids=(evidence.id,),
            stance=Stance.SUPPORTS if side else Stance.NEUTRAL,
            probabilities=p,
            checker=NAME,
            rule=Rule.VALUES_STAND,
            reason=f"Every number of the claim stands in {source}; that alone settles nothing.",
        )
    # Where a value of the evidence may agree after all, more has to speak against the claim.
    placed = sign.value.placed
    amount = placed is not None and isinstance(placed.item, Quantity)
    least = SPOKEN if sign.value.standing is Standing.MISSING else OPEN_SPOKEN if amount else 1.0
    if likely is not None and likely.confidence >= ABSENT_SURE:
        least = SPOKEN  # what stands in the value's place nearly decided
    against = question.asserted and p.refuted >= least and p.refuted > p.supported
    if likely is not None:
        reason, part = _reason(question.claim, evidence, likely), likely.mine.item.span
    else:
        part = sign.value.span
        reason = f"The claim says {' '.join(part.of(text).split())[:80]}; {source} has no such value."
    return Judgement(
        evidence_ids=(evidence.id,),
        stance=Stance.REFUTES if against else Stance.NEUTRAL,
        probabilities=p,
        checker=NAME,
        rule=Rule.VALUE_MISSING,
        reason=reason,
        span=likely.theirs.item.span if likely is not None else None,
        correction=_correction(question, likely) if likely is not None and against else None,
        part=part,
    )


def _at_most(p: Probabilities, limit: float) -> Probabilities:
    """Return the distribution with neither side above a limit."""
    supported, refuted = min(p.supported, limit), min(p.refuted, limit)
    return Probabilities(supported=supported, refuted=refuted, not_enough_info=1 - supported - refuted)


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
    dated = f", dated {passage.date}" if passage is not None and passage.date else ""
    if place:
        return f"The claim says {here}; {place} says {there} ({source}{dated})."
    return f"The claim says {here}; {source} says {there}{f' ({dated[2:]})' if dated else ''}."


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
