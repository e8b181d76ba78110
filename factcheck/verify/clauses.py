"""Two values in one sentence, each of something else: the claim gives one thing the value of the other.

"The Berlin Wall was built in August 1961 and opened on 9 November 1989" has all the words and values of "The Berlin
Wall was built in 1989", and contradicts it. Where a sentence of the evidence falls into clauses with one value each,
a value of the claim is misplaced if it stands in one clause, and what the claim says of it, beyond what both clauses
share, stands in another alone. The claim is cut in the same way, so that two values that are swapped are both found.

Nothing is said unless the sentence, under its heading, has every word of the claim's clause. What a clause may have
left out, since the one before it said it, is no difference: the subject, and the verb where it has none of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from factcheck.text.dates import DateReading
from factcheck.text.quantities import Quantity, QuantityKind
from factcheck.text.stems import BE, LIGHT, STOP, STRICT
from factcheck.types import Span
from factcheck.verify.comparison import Outcome, comparable, compare_dates, compare_quantities
from factcheck.verify.matching import AGREES, checkable
from factcheck.verify.readings import Item, Placed, Reading, Word

_BOUNDARY = re.compile(r";|,?\s(?:and|but|while|whereas|then)\s|,\s")
_VERB = re.compile(r"[a-z]{3,}ed")
_VERBS = BE | frozenset(
    "came went became had has have did took gave won made found fell rose led left held began ran stood"
    " won wrote met sold sang rose lost kept knew sent spent bought brought taught built grew flew fought drew chose"
    " broke spoke left paid drove wore threw beat".split()
)
_STANDS_FOR = re.compile(
    r"\s*(?:that|those|the (?:one|other|latter|former|second|same)|another|one|again)\b", re.IGNORECASE
)
_PREFIX = 5
_MOST_CLAUSES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Misplaced:
    """A value of the claim that the evidence has of something else.

    Attributes:
        mine: in the claim.
        there: the same value in the evidence.
        right: the value that the evidence has of what the claim speaks of.
    """

    mine: Placed
    there: Placed
    right: Placed


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause with one value.

    Attributes:
        words: stems of its words of content.
        after: those behind its first verb, all if it has none.
        verb: whether it has a verb of its own.
    """

    start: int
    value: Placed
    words: frozenset[str]
    after: frozenset[str]
    verb: bool


def misplaced(claim: Reading, evidence: Reading) -> Misplaced | None:
    """Find a value of the claim in the clause of another thing; None where each stands where it belongs."""
    mine = [placed for placed in checkable(claim) if not placed.parenthesis]
    if not mine:
        return None
    for parts in (_clauses(claim, 0, mine), *(_clauses(claim, n, mine) for n in range(1, len(claim.spans)))):
        for part in parts:
            for number in range(len(evidence.spans)):
                found = _in_sentence(claim, part, evidence, number)
                if found is not None:
                    return found
    return None


def _in_sentence(claim: Reading, part: _Clause, evidence: Reading, number: int) -> Misplaced | None:
    here = part.value.item
    alike = [p for p in evidence.items_of(number) if not p.edge and _alike(here, p.item)]
    if not 1 < len(alike) <= _MOST_CLAUSES or any(p.parenthesis for p in alike):
        return None
    clauses = _clauses(evidence, number, alike)
    if len(clauses) != len(alike):
        return None
    same = [at for at, clause in enumerate(clauses) if _compare(here, clause.value.item) in AGREES]
    if len(same) != 1 or any(
        _compare(here, c.value.item) is not Outcome.DIFFERS for at, c in enumerate(clauses) if at != same[0]
    ):
        return None
    heading = _prefixes(evidence.heading)
    everything = frozenset().union(*(clause.words for clause in clauses)) | heading
    if not part.words or part.words - everything:
        return None
    own = clauses[same[0]]
    for at, other in enumerate(clauses):
        if at == same[0]:
            continue
        shared = heading | _prefixes(frozenset(claim.subject)) if heading else _prefixes(frozenset(claim.subject))
        if _STANDS_FOR.match(evidence.text, max(own, other, key=_start).start) is not None:
            continue  # "and that in 1911": its noun stands in the clause before
        # What the later of both clauses may have left out is no difference.
        left_out = frozenset[str]() if max(own, other, key=_start).verb else None
        its = other.words if left_out is not None else other.after
        mine = own.words if left_out is not None else own.after
        if (part.words & its) - mine - shared and not (part.words & mine) - its - shared:
            return Misplaced(mine=part.value, there=own.value, right=other.value)
    return None


def _clauses(reading: Reading, number: int, values: list[Placed]) -> list[_Clause]:
    """Cut a sentence into stretches with one of the values each; nothing where that cannot be done."""
    sentence = reading.spans[number]
    inside = [p for p in values if p.sentence == number]
    ends = [sentence.end]
    starts = [sentence.start]
    for mark in _BOUNDARY.finditer(reading.text, sentence.start, sentence.end):
        if not any(p.item.span.start < mark.end() and mark.start() < p.item.span.end for p in inside):
            ends.insert(-1, mark.start())
            starts.append(mark.end())
    stretches: list[tuple[int, int, Placed]] = []
    begun: int | None = None
    for start, end in zip(starts, ends, strict=True):
        begun = start if begun is None else begun
        held = [p for p in inside if begun <= p.item.span.start < end]
        if len(held) > 1:
            return []
        if held:
            stretches.append((begun, end, held[0]))
            begun = None
    if begun is not None and stretches:
        first, _, placed = stretches[-1]
        stretches[-1] = (first, sentence.end, placed)
    return [_clause(reading, Span(start=a, end=b), placed) for a, b, placed in stretches]


def _clause(reading: Reading, span: Span, value: Placed) -> _Clause:
    words = [w for w in reading.words if span.contains(w.span) and not w.span.overlaps(value.item.span)]
    written = [w.span.of(reading.text) for w in words]
    verb = next((at for at, text in enumerate(written) if text in _VERBS or _VERB.fullmatch(text)), None)
    return _Clause(
        start=span.start,
        value=value,
        words=_content(words),
        after=_content(words if verb is None else words[verb + 1 :]),
        verb=verb is not None,
    )


def _start(clause: _Clause) -> int:
    return clause.start


def _content(words: list[Word]) -> frozenset[str]:
    return _prefixes(
        frozenset(
            w.stem for w in words if w.stem not in STOP | LIGHT | STRICT and not w.stem.isdigit() and w.stem not in BE
        )
    )


def _prefixes(stems: frozenset[str]) -> frozenset[str]:
    return frozenset(stem[:_PREFIX] if stem.isascii() else stem for stem in stems)


def _alike(here: Item, there: Item) -> bool:
    if isinstance(here, Quantity) and isinstance(there, Quantity):
        return there.kind is not QuantityKind.NAME and comparable(here, there)
    return isinstance(here, DateReading) and isinstance(there, DateReading) and there.year_known


def _compare(here: Item, there: Item) -> Outcome:
    if isinstance(here, Quantity) and isinstance(there, Quantity):
        return compare_quantities(here, there)
    if isinstance(here, DateReading) and isinstance(there, DateReading):
        return compare_dates(here, there)
    return Outcome.UNKNOWN
