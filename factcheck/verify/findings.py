"""What facts say of a claim, as if it were not negated: one finding for each fact or chain that bears on it.

`Findings` looks at names in their places (`name_findings`), at numbers and dates (`value_findings`), at kinds
(`kinds`) and at what is stated or described, and drops refutations of words that another reading of the same words
supports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from factcheck.graph.meaning import MIN_FIT
from factcheck.graph.relations import PREPOSITION, stems_of
from factcheck.graph.roles import Reading, read_roles
from factcheck.graph.schema import TYPE_RELATION
from factcheck.graph.vocabulary import is_literal
from factcheck.types import Correction, Description, GraphAnswer, Rule, Span, StatedFact
from factcheck.verify.finding import (
    Finding,
    hull,
    is_of_kind,
    phrases_of,
    span_of,
    terms_of,
)
from factcheck.verify.kinds import class_findings, counted_findings
from factcheck.verify.literals import compare_literal, is_of_its_unit
from factcheck.verify.name_findings import NameFindings
from factcheck.verify.pair_findings import pair_findings
from factcheck.verify.times import Timing, check_time
from factcheck.verify.value_findings import event_findings, literal_findings
from factcheck.verify.wording import (
    decisive_words,
    speaks_of_another_time,
    speaks_of_the_opposite,
    unaccounted,
    with_article,
)

_COMPARES = re.compile(r"\b(?:[a-z]{2,}er|more [a-z]+|less [a-z]+)\b(?: [\w'’-]+){0,5} than\b", re.IGNORECASE)


class Findings:
    """Finds in one claim."""

    def __init__(self, text: str, answer: GraphAnswer, *, trust_derived: bool, today: date | None = None) -> None:
        self._text = text
        self._answer = answer
        self._trust_derived = trust_derived
        self._today = today or date.today()

    def all(self) -> list[Finding]:
        """Return the findings that stand together, in the order of the properties' scores."""
        found = [f for f in self._findings() if not self._is_opposite(f)]
        if _COMPARES.search(self._text) is not None:
            # That Germany borders Switzerland says nothing of which is larger.
            found = [f for f in found if is_literal(f.facts[-1].triple.object)]
        held = [timed for finding in found if (timed := self._timed(finding)) is not None]
        return _consistent([turned for finding in held if (turned := _turned(finding)) is not None])

    def _is_opposite(self, finding: Finding) -> bool:
        """Say whether the claim's words mean the contrary of the fact's property, unless that is one that denies."""
        relation = finding.facts[-1].relation
        return not relation.denies and speaks_of_the_opposite(self._text, relation.label)

    def _timed(self, finding: Finding) -> Finding | None:
        """Hold a finding against the time that the claim speaks of; None where that leaves it open.

        A value that a property had at another time neither supports a claim nor stands against it.
        """
        fact = finding.facts[-1]
        if not fact.periods or len(finding.facts) > 1:
            return finding
        check = check_time(fact, self._text, self._names(), self._today)
        if check.timing is Timing.OPEN:
            return finding
        if check.timing is Timing.UNSURE:
            return None
        spans = finding.spans if check.span is None else (*finding.spans, check.span)
        window = finding.window if check.span is None else hull([finding.window, check.span])
        if check.timing is Timing.HOLDS:
            return replace(finding, spans=spans, window=window)
        if not finding.supports or check.span is None:
            return None
        return replace(
            finding,
            supports=False,
            rule=Rule.PATH_DIFFERS,
            said=check.span.of(self._text),
            spans=spans,
            window=window,
            conflicting=False,
        )

    def _findings(self) -> Iterator[Finding]:
        names = NameFindings(self._text, self._answer, trust_derived=self._trust_derived, today=self._today)
        readings: dict[tuple[object, ...], Reading] = {}
        for match in self._answer.relations:
            if match.relation.term != TYPE_RELATION.term:
                reading = read_roles(self._text, self._answer.mentions, match)
                key = (match.relation.term, span_of(reading.subject), span_of(reading.value))
                readings.setdefault(key, reading)
        for reading in readings.values():
            yield from names.of(reading)
            yield from literal_findings(self._text, self._answer, reading, trust_derived=self._trust_derived)
            yield from names.other_values(reading)
        yield from self._stated_findings(list(readings.values()))
        yield from class_findings(self._text, self._answer)
        yield from counted_findings(self._text, self._answer)
        yield from event_findings(self._text, self._answer)
        yield from pair_findings(self._text, self._answer)
        yield from self._description_findings()

    def _description_findings(self) -> Iterator[Finding]:
        """Compare what a description leads to with what the claim says it is."""
        for one in self._answer.descriptions:
            if one.value is None:
                yield from self._described_values(one)
                continue
            said = next((m for m in self._answer.mentions if m.span == one.value), None)
            if said is None:
                continue
            supports = one.end.term in terms_of(said)
            spans = (one.name, one.value, *one.phrases)
            correction = None if supports else with_article(self._text, one.value, one.end.label)
            finding = self._described(one, spans, supports, one.value.of(self._text), correction)
            if supports or (is_of_kind(said, one.end) and said.exact and self._settles(one, spans)):
                yield finding

    def _described_values(self, one: Description) -> Iterator[Finding]:
        """Compare the number or date that a description leads to."""
        comparison = compare_literal(one.facts[-1], self._text, one.phrases[-1], self._names())
        if comparison is None:
            return
        spans = (one.name, comparison.whole, *one.phrases)
        correction = None
        if not comparison.equal and comparison.replacement is not None:
            correction = Correction(span=comparison.span, replacement=comparison.replacement)
        said = comparison.span.of(self._text)
        if comparison.equal or (comparison.rivals == 0 and self._settles(one, spans)):
            yield self._described(one, spans, comparison.equal, said, correction)

    def _described(
        self, one: Description, spans: tuple[Span, ...], supports: bool, said: str, correction: Correction | None
    ) -> Finding:
        return Finding(
            supports=supports,
            rule=Rule.PATH_MATCH if supports else Rule.PATH_DIFFERS,
            facts=one.facts,
            said=said,
            window=hull(spans),
            spans=spans,
            phrase=None,
            fitting=True,
            derived=one.derived,
            correction=correction,
        )

    def _settles(self, one: Description, spans: Sequence[Span]) -> bool:
        """Say whether nothing else can be meant, and nothing else is said."""
        labels = [label for f in one.facts for label in (f.text, f.relation.label, f.subject.label, f.value_text)]
        clean = not decisive_words(self._text, spans, labels)
        trusted = not one.derived or self._trust_derived
        return one.certain and trusted and clean and not speaks_of_another_time(self._text, [*self._names(), *spans])

    def _stated_findings(self, readings: Sequence[Reading]) -> Iterator[Finding]:
        """Find facts with both ends in the claim, where its words speak of the property or fit it."""
        for one in self._answer.stated:
            term = one.fact.relation.term
            fitting = one.fit is not None and one.fit >= MIN_FIT
            spoken = [r for r in readings if r.match.relation.term == term and r.match.score > PREPOSITION]
            turned = any(r.sure and span_of(r.subject) == one.value and span_of(r.value) == one.subject for r in spoken)
            if turned and not one.fact.relation.symmetric:
                continue
            bare = _is_bare(self._text, one.subject, one.value) or self._names_kind(one)
            if not (fitting or bare or spoken):
                continue
            if one.fact.relation.denies and not spoken:
                continue  # what something is denied needs words of its own
            literal = is_literal(one.fact.triple.object)
            if literal and not is_of_its_unit(one.fact, self._text, one.value, self._names()):
                continue
            yield Finding(
                supports=True,
                rule=Rule.LITERAL_MATCH if literal else Rule.FACT_MATCH,
                facts=(one.fact,),
                said=one.value.of(self._text),
                window=hull([one.subject, one.value]),
                spans=(one.subject, one.value, *phrases_of(self._answer, term)),
                phrase=spoken[0].match.span if spoken else None,
                fitting=fitting or bare,
            )

    def _names_kind(self, one: StatedFact) -> bool:
        """Say whether the value's own name says the property, and nothing else is said: "S is in Orange County"."""
        label = stems_of(one.fact.relation.label)
        named = set(stems_of(one.fact.value_text))
        whole = Span(start=0, end=len(self._text))
        return bool(label) and set(label) <= named and not unaccounted(self._text, whole, self._names(), ())

    def _names(self) -> list[Span]:
        return [mention.span for mention in self._answer.mentions]


def _is_bare(text: str, subject: Span, value: Span) -> bool:
    """Say whether the claim is but "S is a v", v being no name: what kind of thing S is, or in which state."""
    between = text[subject.end : value.start] if subject.end <= value.start else ""
    copula = re.fullmatch(r"\s*(?:is|are|was|were|has)(?:\s+not|n['’]t)?(?:\s+(?:an?|the))?\s+", between) is not None
    return copula and value.of(text)[:1].islower() and not re.search(r"\w", text[value.end :])


def _turned(finding: Finding) -> Finding | None:
    """Turn what a fact of "cannot" or "does not want" says round: it stands against that something can, or wants.

    Findings are about the claim as if it were not negated; who says "cannot" with the graph is right by that.
    """
    if len(finding.facts) != 1 or not finding.facts[0].relation.denies:
        return finding
    return replace(finding, supports=False, rule=Rule.NEGATED_FACT) if finding.supports else None


def _consistent(findings: list[Finding]) -> list[Finding]:
    """Drop refutations of words that another reading of the same words supports."""
    supported = [f for f in findings if f.supports]
    kept = []
    for finding in findings:
        answered = any(
            not finding.supports
            and not finding.conflicting
            and (_overlap(finding.phrase, other.phrase) or set(finding.spans[:2]) == set(other.spans[:2]))
            and other.facts[0].relation.term != TYPE_RELATION.term
            and (finding.correction is None or any(finding.correction.span.overlaps(s) for s in other.spans))
            for other in supported
        )
        if not answered:
            kept.append(finding)
    return kept


def _overlap(a: Span | None, b: Span | None) -> bool:
    return a is not None and b is not None and a.overlaps(b)
