"""Whether two values stand for one and the same thing, so that only one of them can be right: the rules.

First what may be compared at all (`outcome_of`), then what must be the same for a difference to refute (`same_slot`),
and what is enough for a sign of it (`likely_slot`).
"""

from __future__ import annotations

import re

from factcheck.text.dates import DateQualifier, DateReading, Granularity
from factcheck.text.numbers import NumberForm
from factcheck.text.quantities import Quantity, QuantityKind
from factcheck.text.stems import BE, LIGHT, RELATIONS, STOP, stem
from factcheck.verify.alignment import Alignment
from factcheck.verify.comparison import Outcome, comparable, compare_dates, compare_quantities
from factcheck.verify.han_alignment import is_han
from factcheck.verify.readings import Placed, Reading

_NO_AMOUNT = frozenset({QuantityKind.NAME, QuantityKind.ORDINAL, QuantityKind.FRACTION})
_WORKS = frozenset("film series album song novel book game season episode play record single show comic".split())


def dates_the_value(claim: Reading, mine: Placed) -> bool:
    """Say whether a date of the claim only tells when its numbers hold ("10 people in 2000")."""
    return isinstance(mine.item, DateReading) and any(
        isinstance(p.item, Quantity) and p.item.kind not in _NO_AMOUNT and not _is_weak(p.item) for p in claim.items
    )


def _is_weak(item: Quantity) -> bool:
    return item.kind is QuantityKind.COUNT and item.low == 1


_NOW = re.compile(
    r"\b(?:currently|now|today|nowadays|presently|at present|at the moment|these days)\b|目前|現在|现在|如今|當前|当前",
    re.IGNORECASE,
)
_SHORT = 25  # words of a claim that says one thing
_FEW = 40  # items of one sentence that are looked at together
FULL = 0.99
ONCE = frozenset("birth die found".split())
_WORK_ONCE = frozenset("release publish premiere".split())


def same_title(claim: Reading, mine: Placed, theirs: Placed) -> bool:
    """Say whether both are the year in brackets after the same title."""
    if mine.before[:1] and mine.before[0] in claim.subject:
        return False  # "Royal Rumble (2002)" is another event than "Royal Rumble (2003)"
    if not (mine.lone and theirs.lone):
        return False
    title = _title_before(claim, mine) or mine.before[:2]
    return bool(title) and title == theirs.before[: len(title)]


def _title_before(claim: Reading, mine: Placed) -> tuple[str, ...]:
    """Return the stems of the name that a year in brackets follows, the nearest first; empty for a single word.

    A single word may be the end of any title: "A Room with a View (1986)".
    """
    found: list[str] = []
    for word in reversed([w for w in claim.words if w.span.end <= mine.item.span.start]):
        if not word.name:
            break
        found.append(word.stem)
    alone = len(found) == 1 and mine.before[1:2] and mine.before[1] in {"a", "an", "the", "of", "and"}
    return () if alone else tuple(found)


def in_full(alignment: Alignment) -> bool:
    """Say whether the evidence speaks of everything that the claim names."""
    if alignment.names < FULL:
        return False
    if alignment.subject >= FULL:
        return True
    # Without a title a pronoun may stand for the subject, if enough else is the same.
    return alignment.titled == 0.5 and alignment.pronoun == 1.0 and alignment.words + alignment.others >= 3


def same_slot(claim: Reading, mine: Placed, evidence: Reading, theirs: Placed, alignment: Alignment) -> bool:
    """Say whether two differing values stand for one and the same thing, so that only one of them can be right.

    The subject and every other name of the claim must be there; so must its words of property, all of them unless
    the event is one that happens once ("born", "founded", "released").
    """
    if not in_full(alignment) or alignment.contrast == 0.0 or alignment.titled == 0.0:
        return False
    if evidence.leaf and alignment.leaf < LEAF:
        return False
    if isinstance(mine.item, DateReading):
        return _same_event(claim, mine, evidence, theirs, alignment)
    if alignment.noun < 0.5 or (not claim.subject and alignment.words < 2):
        return False
    enough = _HAN_ENOUGH if is_han(claim) else FULL
    return alignment.property >= enough


def likely_slot(claim: Reading, mine: Placed, alignment: Alignment) -> bool:
    """Say whether two values may stand for one and the same thing: enough to count as a sign, not as a proof."""
    if alignment.contrast == 0.0 or alignment.titled == 0.0 or alignment.leaf < LEAF or alignment.noun < 0.5:
        return False
    if len(claim.words) > _SHORT:
        return False
    item = mine.item
    if isinstance(item, DateReading):
        if item.qualifier not in {DateQualifier.NONE, DateQualifier.AROUND} or item.part:
            return False
    elif item.kind is QuantityKind.COUNT and not item.noun:
        return False
    return alignment.titled == 0.5 or alignment.subject >= FULL


def _same_event(claim: Reading, mine: Placed, evidence: Reading, theirs: Placed, alignment: Alignment) -> bool:
    if not _same_edge(mine, theirs):
        return False
    if ONCE & mine.near & theirs.near and not claim.stems & RELATIONS:
        return alignment.property >= 0.5
    near = theirs.near | evidence.heading
    if defines(theirs) or defines(mine) or _work_once(claim, mine):
        # "Home Alone is a 1990 film": the year belongs to the sentence's subject, which must be the claim's, whole.
        if not (defines(mine) or _work_once(claim, mine)):
            return False
        if not (defines(theirs) or _WORK_ONCE & theirs.near) or theirs.lone:
            return False
        rest = {word.stem for word in claim.words if not word.name} - STOP - LIGHT - _WORK_ONCE - _WORKS
        return len(rest & near) >= len(rest) / 3 and _exact_subject(claim, evidence, theirs, first=defines(theirs))
    if indefinite(claim) and alignment.words < 3:
        return False  # "starred in a film from 1999": there may be another
    return alignment.property >= FULL and alignment.verb >= 0.5 and alignment.words >= 1


def _same_edge(mine: Placed, theirs: Placed) -> bool:
    """Since and until are about the ends of a time."""
    here, there = mine.item, theirs.item
    if not (isinstance(here, DateReading) and isinstance(there, DateReading)):
        return False
    if here.qualifier is DateQualifier.UNTIL:
        return theirs.edge == "last" or there.qualifier is DateQualifier.UNTIL or "end" in theirs.near
    if here.qualifier is DateQualifier.SINCE:
        return theirs.edge == "first" or there.qualifier is DateQualifier.SINCE or bool({"begin", "join"} & theirs.near)
    return True


def indefinite(claim: Reading) -> bool:
    """Say whether the claim speaks of any one of several things: "starred in a film from 1999"."""
    return (
        re.search(r"\b(?:in|released|won|received|made|wrote|directed|produced|had|hosted|starred in) an? ", claim.text)
        is not None
    )


def defines(placed: Placed) -> bool:
    """Recognise "is a 1990 film"."""
    return len(placed.before) > 1 and placed.before[0] in {"a", "an"} and placed.before[1] in BE


def _work_once(claim: Reading, mine: Placed) -> bool:
    """Recognise "was released in", "first published", "a film from 1990": what happens to a work once."""
    stems = [word.stem for word in claim.words]
    for at, found in enumerate(stems):
        lead = set(stems[max(0, at - 3) : at])
        if found in _WORK_ONCE and found in mine.near and (BE & lead or _WORKS & lead or found == "premiere"):
            return True
    if mine.before[:1] == ("from",) and BE & set(stems):
        return True
    return re.search(r"\band (?:released|published|premiered)\b|\b(?:came out|put out)\b", claim.text) is not None


def _exact_subject(claim: Reading, evidence: Reading, theirs: Placed, *, first: bool) -> bool:
    """Say whether the claim's subject is a whole name of the sentence, not a part of a longer one.

    With `first` it must be the sentence's first name, the one that is defined.
    """
    subject = set(claim.subject) - LIGHT
    if evidence.title:
        return subject <= evidence.title or evidence.title <= set(claim.subject)
    if evidence.starts_with_pronoun[theirs.sentence]:
        return True
    for run in evidence.runs_of(theirs.sentence):
        if set(run) - LIGHT == subject or _covers(evidence, theirs, claim):
            return True
        if first:
            return False
    return False


def _covers(evidence: Reading, theirs: Placed, claim: Reading) -> bool:
    """Say whether the sentence begins with the subject, small words included ("Gone with the Wind")."""
    subject = [word for word in claim.subject if word not in LIGHT]
    opening = [word.stem for word in evidence.words_of(theirs.sentence)[: 2 * len(subject) + 2]]
    at = -1
    for word in subject:
        if word not in opening[at + 1 :]:
            return False
        at = opening.index(word, at + 1)
    following = opening[at + 1 : at + 2]
    return bool(subject) and (not following or following[0] in BE | {"also", "or"})


LEAF = 0.6
_HAN_ENOUGH = 0.8  # of the characters: another word for the same is common


def outcome_of(claim: Reading, mine: Placed, evidence: Reading, theirs: Placed) -> Outcome | None:
    """Compare two items, or return None where they cannot be about the same thing."""
    here, there = mine.item, theirs.item
    if isinstance(here, Quantity) and isinstance(there, Quantity):
        if _is_cut(evidence.text, there) or not comparable(here, there):
            return None
        if not _same_kind_of_count(mine, theirs, evidence):
            return None
        outcome = compare_quantities(here, there)
        if outcome is Outcome.DIFFERS and not same_time(claim, evidence, theirs, mine):
            return None
        return outcome
    if isinstance(here, DateReading) and isinstance(there, DateReading):
        if not _same_kind_of_date(claim, mine, theirs, there):
            return None
        return compare_dates(here, there)
    return None


def _is_cut(text: str, there: Quantity) -> bool:
    """Say whether a number may be the end of a larger one that was cut at its comma: "3, 500 soldiers"."""
    start = there.number.start
    return (
        _HUNDREDS.match(there.number.of(text)) is not None and _CUT.search(text[max(0, start - 8) : start]) is not None
    )


_HUNDREDS = re.compile(r"\d{3}(?!\d)", re.ASCII)
_CUT = re.compile(r"(?<![\d,.])\d{1,3}, $", re.ASCII)


def _same_kind_of_count(mine: Placed, theirs: Placed, evidence: Reading) -> bool:
    here, there = mine.item, theirs.item
    if not (isinstance(here, Quantity) and isinstance(there, Quantity)):
        return False
    if here.kind is QuantityKind.ORDINAL:
        # "the 14th Prime Minister": what follows must agree.
        mine_after, their_after = mine.after[:2], theirs.after[:4]
        return bool(mine_after) and mine_after[0] in their_after and there.low != 1
    if here.kind is QuantityKind.COUNT:
        if evidence.text.startswith(" of ", there.number.end):
            return False  # "all but two of his films"
        if (there.low == 1 and there.form is NumberForm.WORDS) or _is_part(here, theirs, evidence):
            return False
        if here.noun and there.noun:
            phrase = {stem(word) for word in there.noun_phrase}
            return stem(here.noun) in phrase or stem(there.noun) in {stem(word) for word in here.noun_phrase}
        if here.noun and not there.noun:
            noun = stem(here.noun)
            said = theirs.before[1:2] == (noun,) and theirs.before[0] in {"of", "is", "was", "at", "to"}
            if not said and noun not in evidence.heading:
                return False
        if there.noun and stem(there.noun) not in mine.near:
            return False
    return True


def _is_part(here: Quantity, theirs: Placed, evidence: Reading) -> bool:
    """Say whether the claim's count is a sum of the sentence's ("four children with him and two with her")."""
    counts = [
        p.item.low
        for p in evidence.items_of(theirs.sentence)[:_FEW]
        if isinstance(p.item, Quantity) and p.item.kind is QuantityKind.COUNT
    ]
    return here.low not in counts and any(a + b == here.low for at, a in enumerate(counts) for b in counts[at + 1 :])


def same_time(claim: Reading, evidence: Reading, theirs: Placed, mine: Placed | None = None) -> bool:
    """Say whether the year that a claim gives for its number is the one that the evidence's number is for.

    Args:
        claim: read.
        evidence: read.
        theirs: the number of the evidence.
        mine: that of the claim, if it has several, each with a year of its own: the nearest counts.
    """
    years = [
        p.item
        for p in claim.items
        if isinstance(p.item, DateReading) and p.item.year_known and p.item.valid and not p.edge
    ]
    there = [
        p.item
        for p in evidence.items_of(theirs.sentence)[:_FEW]
        if isinstance(p.item, DateReading) and p.item.year_known
    ] or list(evidence.section_dates)
    if not years:
        return not _NOW.search(claim.text) or _is_newest(evidence, there)
    if mine is not None:
        at = mine.item.span.start
        years = [min(years, key=lambda year: abs(year.span.start - at))]
    if not there and evidence.dated is not None:
        there = [evidence.dated]
    return any(_holds_at(a, b) for a in years for b in there)


def _holds_at(year: DateReading, there: DateReading) -> bool:
    """Say whether what is so at one time is what a claim says of another: since 2022 it is so in 2023."""
    if year.qualifier in {DateQualifier.SINCE, DateQualifier.AFTER}:
        return there.end >= year.start
    return year.overlaps(there)


def _is_newest(evidence: Reading, there: list[DateReading]) -> bool:
    """Say whether a number may be of today: it has no year, or the last one that the evidence has."""
    if not there:
        return True
    known = [p.item for p in evidence.items if isinstance(p.item, DateReading) and p.item.year_known and not p.edge]
    last = max(date.end[0] for date in [*known, *there, *([evidence.dated] if evidence.dated else [])])
    return any(date.end[0] >= last or date.form == "open" for date in there)


def _same_kind_of_date(claim: Reading, mine: Placed, theirs: Placed, there: DateReading) -> bool:
    here = mine.item
    if not isinstance(here, DateReading):
        return False
    life = {"birth", "die"}
    needs = claim.stems & life
    if theirs.edge and theirs.parenthesis and theirs.near & life and not needs:
        return False
    if needs and not (mine.near & needs & theirs.near):
        return False
    if not needs and theirs.near & life and not (mine.near & theirs.near & life):
        born_here = theirs.parenthesis and bool(theirs.near & life)
        if born_here:
            return False
    if DateQualifier.AS_OF in {here.qualifier, there.qualifier} and here.qualifier is not there.qualifier:
        return False
    if theirs.lone and not theirs.edge and theirs.before and theirs.before[0] not in claim.stems:
        return False  # the year of another title
    if dates_the_value(claim, mine):
        return False  # "10 people in 2000": the year says when the number holds
    work = mine.parenthesis and bool(set(mine.after[:2]) & _WORKS)
    if work:
        # "(1963 film)" in the claim is part of a title: only "is a 1963 … film" answers it.
        return bool(set(mine.after[:2]) & set(theirs.after)) and not theirs.edge and defines(theirs)
    if here.granularity is Granularity.RANGE:
        return there.granularity is Granularity.RANGE and not theirs.edge
    if (
        theirs.edge == "last"
        and here.qualifier is not DateQualifier.UNTIL
        and "die" not in needs
        and "end" not in mine.near
    ):
        return False
    if here.qualifier is DateQualifier.SINCE and theirs.edge != "first":
        return there.qualifier is DateQualifier.SINCE or there.granularity is not Granularity.RANGE
    return True
