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

from factcheck.text.dates import DateReading
from factcheck.text.quantities import Quantity
from factcheck.text.stems import STOP
from factcheck.types import Case, CheckResult, Evidence, Judgement, Rule, Stance
from factcheck.verify.absence import Absences
from factcheck.verify.apart import of_the_claim
from factcheck.verify.arithmetic import decide_arithmetic
from factcheck.verify.asserted import NOT_A_STATEMENT, is_denied, polarity_of_claim
from factcheck.verify.clauses import misplaced
from factcheck.verify.comparison import Outcome
from factcheck.verify.coordination import leaves_open
from factcheck.verify.han_alignment import is_han
from factcheck.verify.matching import AGREES, Match, checkable, covered, holds_then, match, named
from factcheck.verify.placed_values import is_named
from factcheck.verify.readings import Placed, Reading, read_claim, read_evidence
from factcheck.verify.shares import compare_shares
from factcheck.verify.signs import Signs
from factcheck.verify.slots import dates_the_value, indefinite
from factcheck.verify.spans_of_time import elapsed
from factcheck.verify.value_judgements import (
    ABSENT_SURE,
    NAME,
    SURE_WEIGHT,
    Question,
    against,
    judgement,
    of_another,
    of_share,
    over_time,
    supported,
    weigh,
)

ABSENT_LIKELY = 0.6
"""From this probability of `factcheck.verify.absence` on, what stands in the place of a value is shown."""

FIRM = 0.9
"""From this confidence on a match decides; `decide.SURE` is the same."""

_LONGEST_CLAIM = 4000
_MOST_ITEMS = 40
_LASTING = re.compile(r"\b(?:since|until|till)\W+(?:\w+\s)?$", re.IGNORECASE)
_CHOICE = re.compile(r"\b(?:or|either)\b|或", re.IGNORECASE)
_THERE_ARE = re.compile(r"there (?:is|are|was|were)\b", re.IGNORECASE)
# "In 2015, she had roles in"
_PRONOUN_LATER = re.compile(r"[A-Z][^,.;]{0,60},\s(?:he|she|it|they|his|her|their|its)\b")
_DIGIT = re.compile(r"\d", re.ASCII)


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
    if not text.strip() or len(text) > _LONGEST_CLAIM or NOT_A_STATEMENT.search(text):
        return []
    arithmetic = decide_arithmetic(text)
    if arithmetic is not None:
        return [
            judgement(
                (),
                Stance.SUPPORTS if arithmetic.holds else Stance.REFUTES,
                0.99,
                Rule.ARITHMETIC,
                arithmetic.reason,
                correction=arithmetic.correction,
            )
        ]
    shared = {e.id: found for e in case.evidence if (found := compare_shares(text, e)) is not None}
    if shared:
        return [of_share(text, e, shared[e.id]) for e in case.evidence if e.id in shared]
    polarity = polarity_of_claim(text)
    if polarity is None:
        return []
    claim = read_claim(text)
    if not (claim.items or _DIGIT.search(text)) or len(claim.items) > _MOST_ITEMS:
        return []
    question = Question(claim, polarity.negated, polarity.asserted)
    return [found for evidence in case.evidence for found in _look_at(question, evidence)]


def _look_at(question: Question, evidence: Evidence) -> list[Judgement]:
    claim = question.claim
    reading = of_the_claim(claim, read_evidence(evidence))
    items = checkable(claim)
    absences = Absences(claim, reading)
    found = [(placed, _likely(match(claim, placed, reading))) for placed in items]
    if question.asserted and not indefinite(claim):
        found = [(placed, _or_absent(claim.text, placed, m, absences)) for placed, m in found]
        found += [
            (placed, m) for placed in named(claim) if (m := _or_absent(claim.text, placed, None, absences)) is not None
        ]
    differing = [m for _, m in found if m is not None and m.outcome is Outcome.DIFFERS and not _is_denied(reading, m)]
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
        return [against(question, evidence, m) for m in firm]
    for placed in items:
        time = elapsed(claim, placed, reading)
        if time is not None and question.asserted:
            return [over_time(question, evidence, time)]
    wrong = misplaced(claim, reading) if question.asserted else None
    if wrong is not None:
        return [of_another(question, evidence, wrong)]
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
    return [weigh(question, evidence, sign, max(differing, key=_confidence, default=None))]


def _is_of_one_thing(claim: Reading, found: Match) -> bool:
    """Say whether a differing value is surely of what the claim speaks of: it offers no choice, a number's is named.

    "Two dogs play" is not contradicted by three dogs, which may be others, and "a third or fourth" by neither.
    """
    if _CHOICE.search(claim.text) is not None:
        return False
    if isinstance(found.mine.item, DateReading):
        return True
    # Chinese marks no names: there the words of the subject are compared as all others.
    return bool(claim.subject) or is_han(claim)


def _is_here(claim: Reading, reading: Reading) -> bool:
    """Say whether the evidence names the claim's subject, or may call it by a pronoun."""
    if claim.subject[-1] in reading.names or any(reading.starts_with_pronoun):
        return True
    return any(_PRONOUN_LATER.match(reading.text, span.start, span.end) for span in reading.spans) or any(
        name in reading.names for name in _abbreviations(claim.subject)
    )


def _abbreviations(subject: Sequence[str]) -> set[str]:
    """Return what a name may be shortened to: "EPA" for "United States Environmental Protection Agency"."""
    initials = "".join(word[0] for word in subject if word not in STOP)
    return {initials[at:] for at in range(len(initials) - 2)}


def _confidence(found: Match) -> float:
    return found.confidence


def _support(
    question: Question, evidence: Evidence, reading: Reading, found: Sequence[tuple[Placed, Match | None]]
) -> Judgement | None:
    """Judge a claim of which every value agrees, and all else stands there too."""
    claim = question.claim
    matches = [m for _, m in found if m is not None and m.outcome in AGREES]
    missing = [placed for placed, m in found if m is None or m.outcome not in AGREES]
    if not matches or any(_is_denied(reading, m) for m in matches):
        return None
    if not all(
        dates_the_value(claim, placed) and all(holds_then(claim, reading, m.theirs) for m in matches)
        for placed in missing
    ):
        return None
    if not covered(claim, reading, matches) or not _has_named_numbers(claim, reading):
        return None
    return supported(question, evidence, matches)


def _likely(found: Match | None) -> Match | None:
    """Drop a difference that is too doubtful to speak of."""
    doubtful = found is not None and found.outcome is Outcome.DIFFERS and not found.sure
    return None if doubtful else found


def _or_absent(text: str, placed: Placed, found: Match | None, absences: Absences) -> Match | None:
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
    # "A member since 1960" is not answered by "its head since 1979": a state has to be told of in full.
    lasting = _LASTING.search(text[max(0, placed.item.span.start - 24) : placed.item.span.start]) is not None
    whole = absence.whole and not absence.named and not other_deed and not titled and not lasting
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


def _is_denied(reading: Reading, found: Match) -> bool:
    """Say whether the evidence's sentence denies something."""
    return is_denied(reading.spans[found.theirs.sentence].of(reading.text))
