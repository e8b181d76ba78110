"""What numbers and dates of facts say of a claim: the subject's own, and those of events that its names share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from factcheck.graph.roles import Reading, depends
from factcheck.graph.vocabulary import is_literal
from factcheck.types import Correction, Fact, GraphAnswer, Mention, Rule, Span
from factcheck.verify.finding import Finding, hull, is_clean, phrases_of, terms_of, value_term
from factcheck.verify.literals import Comparison, compare_literal
from factcheck.verify.wording import is_conjoined, speaks_of_another_time, unaccounted

_NEAR = 30
"""A value further than so many code points from the property's words is not taken for its value."""


def literal_findings(text: str, answer: GraphAnswer, reading: Reading, *, trust_derived: bool) -> Iterator[Finding]:
    """Compare the number or date of a claim with that of a fact, where the claim's words speak of the property."""
    phrase = reading.match.span
    if phrase is None:
        return
    relation = reading.match.relation
    facts = [f for f in answer.facts if f.relation.term == relation.term and is_literal(f.triple.object)]
    bearer = _bearer(answer, reading, facts)
    if bearer is None:
        return
    names = [mention.span for mention in answer.mentions]
    if bearer.span.end <= phrase.start and depends(text, bearer.span):
        return  # "the mother of S was born in …" is not about S
    own = [f for f in facts if f.subject.term in terms_of(bearer)]
    compared = [(f, compare_literal(f, text, phrase, names)) for f in own]
    usable = [(f, c) for f, c in compared if c is not None and _belongs(text, phrase, c, names, f)]
    equal = [(f, c) for f, c in usable if c.equal]
    for fact, comparison in (equal or usable)[:1]:
        finding = Finding(
            supports=comparison.equal,
            rule=Rule.LITERAL_MATCH
            if comparison.equal
            else Rule.DERIVED_DIFFERS
            if relation.derived
            else Rule.LITERAL_DIFFERS,
            facts=(fact,),
            said=comparison.span.of(text),
            window=hull([bearer.span, phrase, comparison.span]),
            spans=(bearer.span, comparison.whole, *phrases_of(answer, relation.term)),
            phrase=phrase,
            passing=tuple(name for name in names if hull([phrase, comparison.span]).contains(name)),
            derived=relation.derived,
            correction=None
            if comparison.replacement is None
            else Correction(span=comparison.span, replacement=comparison.replacement),
        )
        if comparison.equal:
            several = len({f.triple.object for f in own}) > 1 and relation.functional and not relation.derived
            yield replace(finding, correction=None, conflicting=several and len(usable) > len(equal))
        elif (
            relation.functional
            and (not relation.derived or trust_derived)
            and len({f.triple.object for f in own}) == 1
            and not bearer.ambiguous
            and comparison.rivals == 0
            and is_clean(text, finding, fact)
            and not is_conjoined(text, bearer.span, names)
            and not speaks_of_another_time(text, [*names, phrase, comparison.span])
        ):
            yield finding


def event_findings(text: str, answer: GraphAnswer) -> Iterator[Finding]:
    """Compare the claim's date with those of events that two of its names share."""
    names = [mention.span for mention in answer.mentions]
    found: list[tuple[tuple[Fact, ...], Comparison, Span]] = []
    for path in answer.paths:
        if len(path) < 3 or not is_literal(path[-1].triple.object):
            continue
        ends = {f.subject.term for f in path[:2]} | {value_term(f) for f in path[:2]}
        named = [m for m in answer.mentions if not m.ambiguous and set(terms_of(m)) & ends]
        if len({term for m in named for term in terms_of(m)}) < 2:
            continue
        window = hull([m.span for m in named])
        last = max((m.span for m in named), key=lambda span: span.end)
        comparison = compare_literal(path[-1], text, last, names)
        if comparison is not None and _belongs(text, last, comparison, names, path[-1]):
            found.append((path, comparison, window))
    equal = [item for item in found if item[1].equal]
    chosen = equal[:1] if equal else found
    if not equal and (
        len(found) != 1 or found[0][1].rivals or speaks_of_another_time(text, [*names, found[0][1].span])
    ):
        return
    for path, comparison, window in chosen:
        yield Finding(
            supports=comparison.equal,
            rule=Rule.PATH_MATCH if comparison.equal else Rule.PATH_DIFFERS,
            facts=path,
            said=comparison.span.of(text),
            window=hull([window, comparison.span]),
            spans=(*names, comparison.whole, *(m.span for m in answer.relations if m.span is not None)),
            phrase=None,
            correction=None
            if comparison.replacement is None
            else Correction(span=comparison.span, replacement=comparison.replacement),
        )


def _bearer(answer: GraphAnswer, reading: Reading, facts: Sequence[Fact]) -> Mention | None:
    """Return whose value is spoken of: the subject, or the one name of which the graph has that property."""
    bearing = {f.subject.term for f in facts}
    if reading.subject is not None and bearing & set(terms_of(reading.subject)):
        return reading.subject
    others = [m for m in answer.mentions if bearing & set(terms_of(m))]
    return others[0] if len(others) == 1 else None


def _belongs(text: str, phrase: Span, comparison: Comparison, names: Sequence[Span], fact: Fact) -> bool:
    """Say whether the value is the one that the property's words speak of."""
    if comparison.distance > _NEAR and not phrase.overlaps(comparison.span):
        between = Span(start=min(phrase.end, comparison.span.end), end=max(phrase.start, comparison.span.start))
        if len(between) > 3 * _NEAR:
            return False
    window = hull([phrase, comparison.span])
    accounted = [*names, phrase, comparison.whole]
    negators = re.compile(r"not|never", re.I)
    left = unaccounted(text, window, accounted, [fact.text, fact.relation.label], tolerant=True)
    breaks = re.search(r"[;:。；]|,\s|，", _outside_names(text, window, accounted))
    return breaks is None and all(negators.fullmatch(span.of(text)) for span in left)


def _outside_names(text: str, window: Span, names: Sequence[Span]) -> str:
    return "".join(text[i] for i in range(window.start, window.end) if not any(s.start <= i < s.end for s in names))
