"""What the checker of quantities says: both values, their sources, and a correction where one is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from factcheck.text.dates import DateReading
from factcheck.text.numbers import NumberForm
from factcheck.text.numerals import spell_english
from factcheck.text.quantities import Quantity
from factcheck.types import Correction, Evidence, Judgement, Probabilities, Rule, Span, Stance
from factcheck.verify.clauses import Misplaced
from factcheck.verify.comparison import Outcome
from factcheck.verify.corrections import correct_date, correct_quantity
from factcheck.verify.matching import Match
from factcheck.verify.readings import Reading
from factcheck.verify.shares import Share
from factcheck.verify.signs import Sign
from factcheck.verify.spans_of_time import Elapsed
from factcheck.verify.standing import Standing

NAME = "quantities"
ABSENT_SURE = 0.8
"""From this one on it is sure, if the evidence has everything else that the claim says."""

SURE_WEIGHT = 0.92
"""What a sure absence weighs at least: enough to decide."""

SPOKEN = 0.3
"""From this probability on a sign takes a side; below it is neutral, and only its probabilities count."""

OPEN_SPOKEN = 0.5
"""The same for an amount that the evidence may have; a date that it may have is never spoken against."""

_SIGN = 0.84  # the most that a sign may claim; `decide` takes 0.85 for strong and 0.9 for sure


@dataclass(frozen=True, slots=True)
class Question:
    """A claim that is ready to be compared."""

    claim: Reading
    negated: bool
    asserted: bool


def against(question: Question, evidence: Evidence, found: Match) -> Judgement:
    """Judge a claim by a value that differs; where the claim denies its own, that supports it."""
    here, there = found.mine.item, found.theirs.item
    rule = Rule.DATE_DIFFERS if isinstance(here, DateReading) else Rule.QUANTITY_DIFFERS
    if question.negated:
        rule = Rule.DATE_WITHIN if isinstance(here, DateReading) else Rule.QUANTITY_WITHIN
        reason = _reason(question.claim, evidence, found)
        return judgement((evidence.id,), Stance.SUPPORTS, found.confidence, rule, reason, span=there.span)
    return judgement(
        (evidence.id,),
        Stance.REFUTES,
        found.confidence,
        rule,
        _reason(question.claim, evidence, found),
        span=there.span,
        correction=_correction(question, found),
        part=here.span,
    )


def _correction(question: Question, found: Match) -> Correction | None:
    """Write the evidence's value in the claim's place, where only one can be meant."""
    here, there = found.mine.item, found.theirs.item
    if found.rivals:
        return None
    if isinstance(here, Quantity) and isinstance(there, Quantity):
        return correct_quantity(question.claim.text, here, there)
    if isinstance(here, DateReading) and isinstance(there, DateReading):
        return correct_date(question.claim.text, here, there)
    return None


def weigh(question: Question, evidence: Evidence, sign: Sign, likely: Match | None) -> Judgement:
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


def over_time(question: Question, evidence: Evidence, time: Elapsed) -> Judgement:
    """Judge an age or a duration by the two dates that give it."""
    text, item = question.claim.text, time.mine.item
    there = _shown(evidence.text, time.theirs.item)
    count = f"{time.least}" if time.least == time.most else f"{time.least} to {time.most}"
    source = evidence.source or "the evidence"
    reason = f"The claim says {_shown(text, item)}; {source} says {there}, which is {count} {time.unit}s."
    span = time.theirs.item.span
    if time.equal:
        return judgement((evidence.id,), Stance.SUPPORTS, 0.85, Rule.QUANTITY_WITHIN, reason, span=span)
    correction = None
    if time.least == time.most and isinstance(item, Quantity):
        spelled = item.form is NumberForm.WORDS
        correction = Correction(span=item.number, replacement=spell_english(time.least) if spelled else str(time.least))
    return judgement(
        (evidence.id,), Stance.REFUTES, SURE_WEIGHT, Rule.QUANTITY_DIFFERS, reason, span=span, correction=correction,
        part=item.span,
    )  # fmt: skip


def of_another(question: Question, evidence: Evidence, found: Misplaced) -> Judgement:
    """Judge a value that the evidence has of another thing than the claim says."""
    here, there, right = found.mine.item, found.there.item, found.right.item
    said = _shown(question.claim.text, here)
    reason = f"The claim says {said}; {evidence.source or 'the evidence'} has that of something else, and of this "
    correction = None
    if isinstance(here, Quantity) and isinstance(right, Quantity):
        correction = correct_quantity(question.claim.text, here, right)
    elif isinstance(here, DateReading) and isinstance(right, DateReading):
        correction = correct_date(question.claim.text, here, right)
    return judgement(
        (evidence.id,),
        Stance.REFUTES,
        SURE_WEIGHT,
        Rule.DATE_DIFFERS if isinstance(here, DateReading) else Rule.QUANTITY_DIFFERS,
        f"{reason}{_shown(evidence.text, right)}.",
        span=Span(start=min(there.span.start, right.span.start), end=max(there.span.end, right.span.end)),
        correction=correction,
        part=here.span,
    )


def of_share(text: str, evidence: Evidence, share: Share) -> Judgement:
    """Judge a share, or a growth, by what the evidence counts."""
    source = evidence.source or "the evidence"
    there = " ".join(share.there.of(evidence.text).split())[:120]
    reason = f"The claim says {share.said.of(text)}; {source} says {there}: {share.worth}."
    stance, rule = (Stance.SUPPORTS, Rule.QUANTITY_WITHIN) if share.holds else (Stance.REFUTES, Rule.QUANTITY_DIFFERS)
    return judgement((evidence.id,), stance, SURE_WEIGHT, rule, reason, span=share.there, part=share.said)


def supported(question: Question, evidence: Evidence, matches: list[Match]) -> Judgement:
    """Judge a claim by values that agree; where the claim denies them, that refutes it."""
    equal = all(m.outcome is Outcome.EQUAL for m in matches)
    dates = all(isinstance(m.mine.item, DateReading) for m in matches)
    best = max(matches, key=lambda m: m.confidence)
    reason = _reason(question.claim, evidence, best, denied=question.negated)
    if question.negated:
        rule = Rule.DATE_DIFFERS if dates else Rule.QUANTITY_DIFFERS
        return judgement((evidence.id,), Stance.REFUTES, 0.88, rule, reason, span=best.theirs.item.span)
    if equal:
        rule = Rule.DATE_EQUAL if dates else Rule.QUANTITY_EQUAL
    else:
        rule = Rule.DATE_WITHIN if dates else Rule.QUANTITY_WITHIN
    weight = 0.95 if equal else 0.9
    return judgement((evidence.id,), Stance.SUPPORTS, weight, rule, reason, span=best.theirs.item.span)


def judgement(
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
