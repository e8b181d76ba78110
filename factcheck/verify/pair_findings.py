"""What facts of two things say of a claim that compares them: which is larger, older, or whether both have the same.

"A is larger than B", "A has fewer moons than B", "A died before B" put one property of two things side by side;
"A and B are in the same country" asks whether both have one value. The words between the names decide whether a claim
has this form at all, so that none of them is left out of account; the property is found by `graph.relations`, where
the frames know which adjective speaks of which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from factcheck.graph.periods import WD_DIRECT
from factcheck.graph.relations import PREPOSITION, stems_of
from factcheck.graph.vocabulary import is_literal
from factcheck.types import Correction, Fact, GraphAnswer, Mention, Relation, Rule, Span
from factcheck.verify.finding import Finding, terms_of, value_term
from factcheck.verify.literals import dated, measured
from factcheck.verify.operators import LESS, MORE, OPPOSITE
from factcheck.verify.wording import speaks_of_another_time

_MORE, _LESS = "|".join(sorted(MORE)), "|".join(sorted(LESS))
_OPPOSITE = {**OPPOSITE, "less": "more", "before": "after", "after": "before"}
_AGE = frozenset({"older", "younger", "newer"})
"""Who is older was born earlier: with dates these words go the other way round."""
_BE = r"(?:is|are|was|were|lies|stands|runs)(?:\s+not|n['’]t)?"
_DO = r"(?:has|have|had|(?:does|do|did)(?:\s+not|n['’]t)\s+have)"
_MUCH = r"(?:(?:much|far|slightly|even|considerably|significantly|somewhat|a\s+lot|a\s+little)\s+)?"
_WORD = rf"(?P<word>{_MORE}|{_LESS})"
_NOUN = r"(?P<noun>[\w' -]+?)"
_KIND = r"(?:\s+(?:city|country|state|nation|river|mountain|lake|planet|island|building|person|place|book|film))?"
_COMPARES = re.compile(rf"(?:{_MORE}|{_LESS})\b", re.I)
_ORDERS = tuple(
    re.compile(rf"\s*{form}\s*[.!]?\s*$", re.I)
    for form in (
        rf"A\s+{_BE}\s+(?:an?\s+)?{_MUCH}{_WORD}{_KIND}\s+than\s+B(?:\s+(?:is|was|are))?",
        rf"A\s+{_BE}\s+{_MUCH}{_WORD}\s+(?P<adjective>populous|populated|massive|dense|extensive|ancient)\s+than\s+B",
        rf"A\s+{_BE}\s+{_MUCH}{_WORD}\s+in\s+{_NOUN}\s+than\s+B",
        rf"A\s+{_DO}\s+(?:an?\s+)?{_MUCH}{_WORD}\s+{_NOUN}\s+than\s+B(?:\s+(?:has|have|does|do|did))?",
        rf"the\s+{_NOUN}\s+of\s+A\s+{_BE}\s+{_MUCH}{_WORD}\s+than\s+(?:that|those|the\s+[\w' -]+?)\s+of\s+B",
        rf"A['’]s?\s+{_NOUN}\s+{_BE}\s+{_MUCH}{_WORD}\s+than\s+(?:that\s+of\s+)?B(?:['’]s?)?(?:\s+[\w-]+)?",
        r"A\s+(?P<noun>(?:was|were|is|did\s+not|was\s+not|were\s+not|wasn['’]t|didn['’]t)?\s*(?:[\w-]+\s+){1,4}?)"
        r"(?P<word>before|after|earlier|later)\s+(?:than\s+)?B(?:\s+(?:was|did|were))?",
    )
)
_SAMES = tuple(
    re.compile(rf"\s*{form}\s*[.!]?\s*$", re.I)
    for form in (
        r"(?:both\s+)?A\s+and\s+B\s+(?:[\w'’]+\s+){0,3}?(?:(?:in|on|by|of|from|at|to)\s+)?(?P<how>the\s+same|different)"
        r"\s+(?P<noun>[\w-]+(?:\s+[\w-]+)?)",
        r"A\s+(?:[\w'’]+\s+){0,4}?(?:(?:in|on|by|of|from|at|to)\s+)?(?P<how>the\s+same|a\s+different)"
        r"\s+(?P<noun>[\w-]+(?:\s+[\w-]+)?)\s+(?:as|from|than|to)\s+B(?:\s+(?:is|was|does|did|has))?",
    )
)
_WHERE = frozenset(stem for word in ("place", "spot", "location", "town", "city", "village") for stem in stems_of(word))
_WHEN = frozenset(stem for word in ("year", "date", "day") for stem in stems_of(word))
_BAND = Fraction(1, 100)
"""Measures that differ by less are not called wrong: sources round."""


class _Pair(NamedTuple):
    """Two names, and the claim with letters in their places."""

    first: Mention
    second: Mention
    masked: str


def pair_findings(text: str, answer: GraphAnswer) -> Iterator[Finding]:
    """Find what the facts of two things say of their comparison."""
    pair = _pair(text, answer.mentions)
    if pair is None:
        return
    for form in _ORDERS:
        match = form.match(pair.masked)
        if match is not None:
            yield from _ordered(text, answer, pair, match)
            return
    for form in _SAMES:
        match = form.match(pair.masked)
        if match is not None:
            yield from _same(text, answer, pair, match)
            return


def _pair(text: str, mentions: Sequence[Mention]) -> _Pair | None:
    """Return the two things that a claim names, with the claim in which A and B stand for them; None for any other."""
    if len(mentions) != 2 or not re.search(r"\b(?:than|same|different|before|after)\b", text, re.I):
        return None
    first, second = sorted(mentions, key=lambda m: m.span.start)
    if first.ambiguous or second.ambiguous or set(terms_of(first)) & set(terms_of(second)):
        return None
    parts = (text[: first.span.start], text[first.span.end : second.span.start], text[second.span.end :])
    before, between, after = (re.sub(r"\bthe\s+$", "", part, flags=re.I) for part in parts)
    return _Pair(first, second, f"{before}A{between}B{after}")


# --------------------------------------------------------------------------------------------------------------- order


def _ordered(text: str, answer: GraphAnswer, pair: _Pair, match: re.Match[str]) -> Iterator[Finding]:
    word = match["word"].lower()
    outcomes: list[tuple[bool, bool, Relation, tuple[Fact, Fact]]] = []
    named = bool(match.groupdict().get("noun"))
    for relation in _spoken(text, answer, pair, named=named):
        facts = _values_of(answer, pair, relation)
        compared = None if facts is None else _compared(facts, word)
        if facts is not None and compared is not None:
            outcomes.append((*compared, relation, facts))
    if not outcomes:
        return
    # "Larger" is first of all a matter of area; where others say the contrary, nothing is refuted.
    chosen = next((one for one in outcomes if "area" in one[2].label.lower()), outcomes[0])
    agreed = all(one[0] is chosen[0] for one in outcomes)
    holds, sure, _, facts = chosen
    opposite = _OPPOSITE.get(word)
    if not holds and (not sure or not agreed or _is_open(text, pair)):
        return
    if holds and not agreed and len(outcomes) > 1 and "area" not in chosen[2].label.lower():
        return
    at = re.search(rf"\b{word}\b", text[pair.first.span.end :], re.I)
    span = None if at is None else Span(start=pair.first.span.end + at.start(), end=pair.first.span.end + at.end())
    correction = None
    if not holds and span is not None and opposite is not None:
        correction = Correction(span=span, replacement=opposite)
    yield _finding(
        text,
        pair,
        facts,
        supports=holds,
        rule=Rule.LITERAL_MATCH if holds else Rule.LITERAL_DIFFERS,
        said=f"{pair.first.span.of(text)} {word} {'' if word in ('before', 'after') else 'than '}"
        f"{pair.second.span.of(text)}",
        correction=correction,
    )


def _is_open(text: str, pair: _Pair) -> bool:
    """Say whether the claim speaks of what was, so that values of today do not stand against it."""
    found = re.search(r"\b(?:before|after|later|earlier|older)\b", text, re.I)
    own = [] if found is None else [Span(start=found.start(), end=found.end())]
    return speaks_of_another_time(text, [pair.first.span, pair.second.span, *own])


def _spoken(text: str, answer: GraphAnswer, pair: _Pair, *, named: bool) -> list[Relation]:
    """Return the properties that words outside of the two names speak of, the surest first.

    Where a noun says which it is, "larger than" says nothing more of it.
    """
    names = (pair.first.span, pair.second.span)
    found: dict[str, Relation] = {}
    for match in answer.relations:
        free = match.span is not None and not any(match.span.overlaps(name) for name in names)
        mere = named and match.span is not None and _COMPARES.match(match.span.of(text)) is not None
        if free and not mere and match.score > PREPOSITION:
            found.setdefault(match.relation.term, match.relation)
    return list(found.values())


def _values_of(answer: GraphAnswer, pair: _Pair, relation: Relation) -> tuple[Fact, Fact] | None:
    """Return the one value that each of the two has."""
    found: list[Fact] = []
    for mention in (pair.first, pair.second):
        own = [f for f in answer.facts if f.relation.term == relation.term and f.subject.term in terms_of(mention)]
        own = [f for f in own if is_literal(f.triple.object)]
        if len({f.triple.object for f in own}) != 1:
            return None
        found.append(own[0])
    return found[0], found[1]


def _compared(facts: tuple[Fact, Fact], word: str) -> tuple[bool, bool] | None:
    """Say whether the first is more (or less, as the word says), and whether by enough to call the contrary wrong."""
    dates = [interval for fact in facts if (interval := dated(fact)) is not None]
    if len(dates) == 2:
        first, second = dates
        earlier, later = first[1] < second[0], second[1] < first[0]
        if not earlier and not later:
            return None
        wants_earlier = word in {"before", "earlier", "older"} or (word == "less")
        return (earlier if wants_earlier else later), True
    if dates or word in {"before", "after"}:
        return None
    values = [measured(fact) for fact in facts]
    if values[0] is None or values[1] is None or values[0][1] != values[1][1]:
        return None
    (a, measure), (b, _) = values[0], values[1]
    if word in _AGE:
        return None  # of numbers nobody knows whether they are years or ages
    more = word in MORE
    if a == b:
        return None if measure else (False, True)
    # Wikidata's truthy numbers have lost their units: square kilometres may stand beside hectares.
    lost = _is_without_unit(facts[0].relation)
    near = lost or (bool(measure) and abs(a - b) <= _BAND * max(abs(a), abs(b)))
    return (a > b) is more, not near


def _is_without_unit(relation: Relation) -> bool:
    counted = re.search(r"population|number|count|capacity|inhabitants", relation.label, re.I)
    return relation.term.startswith(f"<{WD_DIRECT}") and relation.unit is None and counted is None


# ---------------------------------------------------------------------------------------------------------------- same


def _same(text: str, answer: GraphAnswer, pair: _Pair, match: re.Match[str]) -> Iterator[Finding]:
    same = "same" in match["how"].lower()
    nouns = set(stems_of(match["noun"]))
    for relation in _spoken(text, answer, pair, named=True):
        label = set(stems_of(relation.label))
        years = bool(nouns & _WHEN) and not nouns & label
        if not (nouns & label or nouns & _WHERE or years):
            continue
        sides = [
            [f for f in answer.facts if f.relation.term == relation.term and f.subject.term in terms_of(mention)]
            for mention in (pair.first, pair.second)
        ]
        first, second = ({_key(f, years=years): f for f in own} for own in sides)
        if None in first or None in second or not first or not second:
            continue
        shared = sorted(k for k in first.keys() & second.keys() if k is not None)
        if not shared and not (relation.functional or relation.closed):
            continue
        if not shared and (len(first) > 1 or len(second) > 1) and not relation.closed:
            continue
        if shared and not same and not relation.functional:
            continue
        holds = bool(shared) is same
        if not holds and _is_open(text, pair):
            continue
        key = shared[0] if shared else None
        facts = (first[key], second[key]) if shared else (next(iter(first.values())), next(iter(second.values())))
        rule = Rule.DERIVED_DIFFERS if relation.derived else Rule.FUNCTIONAL_DIFFERS
        finding = _finding(
            text, pair, facts,
            supports=holds, rule=Rule.FACT_MATCH if holds else rule, said=match["how"] + " " + match["noun"],
        )  # fmt: skip
        yield replace(finding, derived=relation.derived)
        return


def _key(fact: Fact, *, years: bool) -> str | None:
    """Return what two values are compared by: a term, or a year; None where they cannot be."""
    if not is_literal(fact.triple.object):
        return None if years else value_term(fact)
    interval = dated(fact) if years else None
    return None if interval is None or interval[0][0] != interval[1][0] else str(interval[0][0])


def _finding(
    text: str,
    pair: _Pair,
    facts: tuple[Fact, Fact],
    *,
    supports: bool,
    rule: Rule,
    said: str,
    correction: Correction | None = None,
) -> Finding:
    """Return a finding that accounts for the whole claim: the form left no word out."""
    whole = Span(start=0, end=len(text))
    return Finding(
        supports=supports,
        rule=rule,
        facts=facts,
        said=" ".join(said.split()),
        window=whole,
        spans=(pair.first.span, pair.second.span, whole),
        phrase=None,
        fitting=True,
        correction=correction,
    )
