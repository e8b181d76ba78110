"""What facts say of a claim, as if it were not negated: one finding for each fact or chain that bears on it.

`Findings` looks at names in their places, at literals, at classes and at dated events; `consistent` drops refutations
of words that another reading of the same words supports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from factcheck.graph.meaning import MIN_FIT
from factcheck.graph.relations import PREPOSITION, stems_of
from factcheck.graph.roles import Reading, depends, read_roles
from factcheck.graph.schema import TYPE_RELATION
from factcheck.graph.values import find_literal, is_measured
from factcheck.graph.vocabulary import is_literal
from factcheck.types import Correction, Fact, GraphAnswer, Mention, Rule, Span, StatedFact
from factcheck.verify.finding import (
    Finding,
    hull,
    is_clean,
    is_of_kind,
    may_be_the_same,
    phrases_of,
    same_kind,
    span_of,
    terms_of,
    value_term,
)
from factcheck.verify.kinds import class_findings, counted_findings
from factcheck.verify.literals import Comparison, compare_literal, is_of_its_unit
from factcheck.verify.times import Timing, check_time
from factcheck.verify.wording import (
    decisive_words,
    is_conjoined,
    speaks_of_another_time,
    unaccounted,
    with_article,
)

_IS_IN = re.compile(
    r"\s*(?:(?:is|lies|are)(?:n['’]t)?(?:\s+not)?(?:\s+(?:located|situated))?\s+(?:in|within)\s+(?:the\s+)?|不?在|不?位[於于])",
    re.I,
)
_WHOLE = 50
_NEAR = 30
"""A value further than so many code points from the property's words is not taken for its value."""


class Findings:
    """Finds in one claim."""

    def __init__(self, text: str, answer: GraphAnswer, *, trust_derived: bool, today: date | None = None) -> None:
        self._text = text
        self._answer = answer
        self._trust_derived = trust_derived
        self._today = today or date.today()

    def all(self) -> list[Finding]:
        """Return the findings that stand together, in the order of the properties' scores."""
        return _consistent([timed for finding in self._findings() if (timed := self._timed(finding)) is not None])

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
        readings: dict[tuple[object, ...], Reading] = {}
        for match in self._answer.relations:
            if match.relation.term != TYPE_RELATION.term:
                reading = read_roles(self._text, self._answer.mentions, match)
                key = (match.relation.term, span_of(reading.subject), span_of(reading.value))
                readings.setdefault(key, reading)
        for reading in readings.values():
            yield from self._entity_findings(reading)
            yield from self._literal_findings(reading)
            yield from self._other_value_findings(reading)
        yield from self._stated_findings(list(readings.values()))
        yield from class_findings(self._text, self._answer)
        yield from counted_findings(self._text, self._answer)
        yield from self._event_findings()
        yield from self._description_findings()

    def _description_findings(self) -> Iterator[Finding]:
        """Compare what a description leads to with what the claim says it is."""
        for one in self._answer.descriptions:
            said = next((m for m in self._answer.mentions if m.span == one.value), None)
            if said is None:
                continue
            supports = one.end.term in terms_of(said)
            finding = Finding(
                supports=supports,
                rule=Rule.PATH_MATCH if supports else Rule.PATH_DIFFERS,
                facts=one.facts,
                said=one.value.of(self._text),
                window=hull([one.name, one.value, *one.phrases]),
                spans=(one.name, one.value, *one.phrases),
                phrase=None,
                fitting=True,
                correction=None if supports else with_article(self._text, one.value, one.end.label),
            )
            alike = is_of_kind(said, one.end)
            labels = [label for f in one.facts for label in (f.text, f.relation.label, f.subject.label, f.value_text)]
            clean = not decisive_words(self._text, finding.spans, labels)
            open_to_time = speaks_of_another_time(self._text, [*self._names(), *one.phrases])
            if supports or (one.certain and alike and clean and not open_to_time and said.exact):
                yield finding

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

    def _entity_findings(self, reading: Reading) -> Iterator[Finding]:
        subject, value = reading.subject, reading.value
        if subject is None or value is None:
            return
        relation = reading.match.relation
        facts = [f for f in self._answer.facts if f.relation.term == relation.term and f.value is not None]
        own = [f for f in facts if f.subject.term in terms_of(subject)]
        if subject.ambiguous and len({f.subject.term for f in own}) > 1:
            return  # several things of that name have this property, and nobody may pick one of them
        hits = [f for f in own if value_term(f) in terms_of(value)]
        spans = (subject.span, value.span, *phrases_of(self._answer, relation.term))
        base = Finding(
            supports=True,
            rule=Rule.FACT_MATCH,
            facts=(),
            said=value.span.of(self._text),
            window=reading.window,
            spans=spans,
            phrase=reading.match.span,
        )
        one_value = relation.functional and (not relation.derived or self._trust_derived)
        others = [f for f in own if value_term(f) not in terms_of(value) and self._holds(f)] if one_value else []
        if relation.derived and not any(value_term(f) in terms_of(value) for f in facts):
            others = []  # nothing else has this value, so that it may be of another kind
        if hits:
            two = bool(others) and not relation.derived
            yield replace(base, facts=(hits[0],), conflicting=two)
            if two:
                yield replace(base, supports=False, rule=Rule.FUNCTIONAL_DIFFERS, facts=(others[0],), conflicting=True)
            return
        for path in self._answer.paths if relation.transitive else ():
            if len(path) < 2 or path[0].subject.term not in terms_of(subject):
                continue
            joined = value_term(path[-1]) in terms_of(value)
            if joined and all(f.relation.term == relation.term for f in path):
                yield replace(base, rule=Rule.PATH_MATCH, facts=path)
                return
            if not joined and self._leads_elsewhere(path, reading, subject, value):
                correction = with_article(self._text, value.span, path[-1].value_text)
                other = replace(base, supports=False, rule=Rule.PATH_DIFFERS, facts=path, correction=correction)
                if all(is_clean(self._text, other, fact) for fact in path):
                    yield other
                    return
        if not self._may_refute(reading, subject, value):
            return
        refutation = replace(base, supports=False)
        if others and not subject.ambiguous and len({value_term(f) for f in others}) == 1:
            fact = others[0]
            people = relation.derived and may_be_the_same(base.said, fact.value_text)
            if not people and same_kind(value, fact) and is_clean(self._text, refutation, fact):
                label = fact.value_text
                correction = with_article(self._text, value.span, label)
                yield replace(
                    refutation,
                    rule=Rule.DERIVED_DIFFERS if relation.derived else Rule.FUNCTIONAL_DIFFERS,
                    facts=(fact,),
                    correction=correction,
                    derived=relation.derived,
                )
                return
        holders = [f for f in facts if value_term(f) in terms_of(value)]
        if relation.inverse_functional and not value.ambiguous and len({f.subject.term for f in holders}) == 1:
            fact = holders[0]
            kind = not fact.subject.types or is_of_kind(subject, fact.subject)
            # By the data alone: only of what has a value of its own, so that both are of one kind, and is no part.
            if relation.derived:
                kind = kind and bool(own) and self._trust_derived and not self._joined(fact.subject.term, subject)
            if kind and is_clean(self._text, refutation, fact):
                yield replace(
                    refutation,
                    rule=Rule.DERIVED_DIFFERS if relation.derived else Rule.INVERSE_FUNCTIONAL_DIFFERS,
                    facts=(fact,),
                    derived=relation.derived,
                    said=subject.span.of(self._text),
                    correction=with_article(self._text, subject.span, fact.subject.label),
                )
                return
        mistaken = bool(own) and not subject.ambiguous and any(same_kind(value, fact) for fact in own)
        # Of a property with very many values the answer may not hold all.
        if relation.closed and mistaken and len(own) < _WHOLE and is_clean(self._text, refutation, own[0]):
            single = len({value_term(f) for f in own}) == 1
            mended = with_article(self._text, value.span, own[0].value_text) if single else None
            yield replace(refutation, rule=Rule.CLOSED_WORLD, facts=(own[0],), correction=mended)
            return
        yield from self._turned_round(facts, refutation, reading)

    def _joined(self, term: str, other: Mention) -> bool:
        """Say whether a statement of the answer joins the two: a state and its country."""
        ends = set(terms_of(other))
        return any(
            (f.subject.term == term and value_term(f) in ends) or (f.subject.term in ends and value_term(f) == term)
            for f in self._answer.facts
        )

    def _leads_elsewhere(self, path: Sequence[Fact], reading: Reading, subject: Mention, value: Mention) -> bool:
        """Say whether properties with one value each lead to another thing of the kind that the claim names."""
        one_value = all(f.relation.functional and not f.relation.derived and not f.periods for f in path)
        clear = not subject.ambiguous and not value.ambiguous and value.exact
        return one_value and clear and same_kind(value, path[-1]) and self._may_refute(reading, subject, value)

    def _other_value_findings(self, reading: Reading) -> Iterator[Finding]:
        """Find a value of a property with one value that others have and the claim's subject has not.

        This needs no form of sentence, but every name of the claim has to be known, and no words may be left that could
        make another claim of it.
        """
        relation, phrase = reading.match.relation, reading.match.span
        if phrase is None or not relation.functional or (relation.derived and not self._trust_derived):
            return
        facts = [f for f in self._answer.facts if f.relation.term == relation.term]
        stated = {one.fact.relation.term for one in self._answer.stated}
        if relation.term in stated or speaks_of_another_time(self._text, [*self._names(), phrase]):
            return
        for subject in self._answer.mentions:
            own = [f for f in facts if f.subject.term in terms_of(subject)]
            if subject.ambiguous or not subject.exact or len({value_term(f) for f in own}) != 1:
                continue
            rivals = list(dict.fromkeys(self._rivals(facts, own, subject, phrase)))
            if len(rivals) != 1 or rivals[0].overlaps(phrase):
                continue
            if relation.derived and may_be_the_same(rivals[0].of(self._text), own[0].value_text):
                continue
            labels = [own[0].subject.label, own[0].relation.label, own[0].text]
            spans = (subject.span, rivals[0], *phrases_of(self._answer, relation.term))
            left = decisive_words(self._text, spans, labels)
            only = reading.match.score > PREPOSITION or not unaccounted(
                self._text, Span(start=0, end=len(self._text)), spans, labels, tolerant=True
            )
            if (
                left
                or not only
                or self._speaks_of_more(reading, subject.span, rivals[0])
                or is_conjoined(self._text, rivals[0], self._names())
            ):
                continue
            yield Finding(
                supports=False,
                rule=Rule.DERIVED_DIFFERS if relation.derived else Rule.FUNCTIONAL_DIFFERS,
                facts=(own[0],),
                said=rivals[0].of(self._text),
                window=hull([subject.span, rivals[0], phrase]),
                spans=spans,
                phrase=phrase,
                correction=with_article(self._text, rivals[0], own[0].value_text),
                derived=relation.derived,
            )

    def _speaks_of_more(self, reading: Reading, subject: Span, value: Span) -> bool:
        """Say whether words between the two speak of another property: "S borders two countries in O"."""
        between, phrase = hull([subject, value]), reading.match.span
        return any(
            other.span is not None
            and phrase is not None
            and other.score > PREPOSITION
            and other.relation.term != reading.match.relation.term
            and between.contains(other.span)
            and not other.span.overlaps(phrase)
            for other in self._answer.relations
        )

    def _holds(self, fact: Fact) -> bool:
        """Say whether a fact is one of the time that the claim speaks of, as far as the graph says when it held."""
        timing = check_time(fact, self._text, self._names(), self._today).timing
        return timing in (Timing.OPEN, Timing.HOLDS)

    def _names(self) -> list[Span]:
        return [mention.span for mention in self._answer.mentions]

    def _rivals(self, facts: Sequence[Fact], own: Sequence[Fact], subject: Mention, phrase: Span) -> Iterator[Span]:
        """Yield what the claim says that is a value of the property for something else."""
        mine = {value_term(f) for f in own}
        for mention in self._answer.mentions:
            terms = set(terms_of(mention))
            bears = any(value_term(f) in terms and f.subject.term not in terms for f in facts)
            if mention.span != subject.span and bears and not terms & mine and not mention.ambiguous:
                yield mention.span
        names = [*self._names(), phrase]
        for fact in facts:
            if fact.value is None and fact.triple.object not in mine and not is_measured(fact.triple.object):
                span = find_literal(fact.triple.object, self._text, names)
                if span is not None:
                    yield span

    def _turned_round(self, facts: Sequence[Fact], refutation: Finding, reading: Reading) -> Iterator[Finding]:
        """Find the fact with the names in each other's places: Hamlet wrote Shakespeare."""
        subject, value = reading.subject, reading.value
        if subject is None or value is None or reading.match.relation.symmetric:
            return
        for fact in facts:
            swapped = fact.subject.term in terms_of(value) and value_term(fact) in terms_of(subject)
            kinds = fact.value is not None and fact.subject.types and fact.value.types
            if not swapped or not kinds or fact.value is None:
                continue
            apart = not is_of_kind(subject, fact.subject) and not is_of_kind(value, fact.value)
            if apart and is_clean(self._text, refutation, fact):
                first, second = sorted((_bare(self._text, subject), _bare(self._text, value)), key=lambda s: s.start)
                turned = second.of(self._text) + self._text[first.end : second.start] + first.of(self._text)
                yield replace(
                    refutation,
                    rule=Rule.DISJOINT_CLASSES,
                    facts=(fact,),
                    said=f"{subject.span.of(self._text)} in the place of {value.span.of(self._text)}",
                    correction=Correction(span=Span(start=first.start, end=second.end), replacement=turned),
                )
                return

    def _may_refute(self, reading: Reading, subject: Mention, value: Mention) -> bool:
        names = [mention.span for mention in self._answer.mentions]
        return (
            reading.sure
            and subject.span != value.span
            and (reading.match.score > 0.6 or self._says_no_more(subject, value))
            and not speaks_of_another_time(
                self._text, names if reading.match.span is None else [*names, reading.match.span]
            )
            and not is_conjoined(self._text, value.span, names)
            and not is_conjoined(self._text, subject.span, names)
            and not set(terms_of(subject)) & set(terms_of(value))
        )

    def _says_no_more(self, subject: Mention, value: Mention) -> bool:
        """Say whether the claim is but "S is in O", where a preposition alone speaks of the property."""
        between = self._text[subject.span.end : value.span.start]
        return _IS_IN.fullmatch(between) is not None and not re.search(r"\w", self._text[value.span.end :])

    # ----------------------------------------------------------------------------------------------------- literals

    def _literal_findings(self, reading: Reading) -> Iterator[Finding]:
        phrase = reading.match.span
        if phrase is None:
            return
        relation = reading.match.relation
        facts = [f for f in self._answer.facts if f.relation.term == relation.term and is_literal(f.triple.object)]
        bearer = self._bearer(reading, facts)
        if bearer is None:
            return
        names = [mention.span for mention in self._answer.mentions]
        if bearer.span.end <= phrase.start and depends(self._text, bearer.span):
            return  # "the mother of S was born in …" is not about S
        own = [f for f in facts if f.subject.term in terms_of(bearer)]
        compared = [(f, compare_literal(f, self._text, phrase, names)) for f in own]
        usable = [(f, c) for f, c in compared if c is not None and self._belongs(phrase, c, names, f)]
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
                said=comparison.span.of(self._text),
                window=hull([bearer.span, phrase, comparison.span]),
                spans=(bearer.span, comparison.whole, *phrases_of(self._answer, relation.term)),
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
                and (not relation.derived or self._trust_derived)
                and len({f.triple.object for f in own}) == 1
                and not bearer.ambiguous
                and comparison.rivals == 0
                and is_clean(self._text, finding, fact)
                and not is_conjoined(self._text, bearer.span, names)
                and not speaks_of_another_time(self._text, [*names, phrase, comparison.span])
            ):
                yield finding

    def _bearer(self, reading: Reading, facts: Sequence[Fact]) -> Mention | None:
        """Return whose value is spoken of: the subject, or the one name of which the graph has that property."""
        bearing = {f.subject.term for f in facts}
        if reading.subject is not None and bearing & set(terms_of(reading.subject)):
            return reading.subject
        others = [m for m in self._answer.mentions if bearing & set(terms_of(m))]
        return others[0] if len(others) == 1 else None

    def _belongs(self, phrase: Span, comparison: Comparison, names: Sequence[Span], fact: Fact) -> bool:
        """Say whether the value is the one that the property's words speak of."""
        if comparison.distance > _NEAR and not phrase.overlaps(comparison.span):
            between = Span(start=min(phrase.end, comparison.span.end), end=max(phrase.start, comparison.span.start))
            if len(between) > 3 * _NEAR:
                return False
        window = hull([phrase, comparison.span])
        accounted = [*names, phrase, comparison.whole]
        negators = re.compile(r"not|never", re.I)
        left = unaccounted(self._text, window, accounted, [fact.text, fact.relation.label], tolerant=True)
        breaks = re.search(r"[;:。；]|,\s|，", _outside_names(self._text, window, accounted))
        return breaks is None and all(negators.fullmatch(span.of(self._text)) for span in left)

    # ------------------------------------------------------------------------------------------------------ events

    def _event_findings(self) -> Iterator[Finding]:
        """Compare the claim's date with those of events that two of its names share."""
        names = [mention.span for mention in self._answer.mentions]
        found: list[tuple[tuple[Fact, ...], Comparison, Span]] = []
        for path in self._answer.paths:
            if len(path) < 3 or not is_literal(path[-1].triple.object):
                continue
            ends = {f.subject.term for f in path[:2]} | {value_term(f) for f in path[:2]}
            named = [m for m in self._answer.mentions if not m.ambiguous and set(terms_of(m)) & ends]
            if len({term for m in named for term in terms_of(m)}) < 2:
                continue
            window = hull([m.span for m in named])
            last = max((m.span for m in named), key=lambda span: span.end)
            comparison = compare_literal(path[-1], self._text, last, names)
            if comparison is not None and self._belongs(last, comparison, names, path[-1]):
                found.append((path, comparison, window))
        equal = [item for item in found if item[1].equal]
        chosen = equal[:1] if equal else found
        if not equal and (
            len(found) != 1 or found[0][1].rivals or speaks_of_another_time(self._text, [*names, found[0][1].span])
        ):
            return
        for path, comparison, window in chosen:
            yield Finding(
                supports=comparison.equal,
                rule=Rule.PATH_MATCH if comparison.equal else Rule.PATH_DIFFERS,
                facts=path,
                said=comparison.span.of(self._text),
                window=hull([window, comparison.span]),
                spans=(*names, comparison.whole, *(m.span for m in self._answer.relations if m.span is not None)),
                phrase=None,
                correction=None
                if comparison.replacement is None
                else Correction(span=comparison.span, replacement=comparison.replacement),
            )


def _is_bare(text: str, subject: Span, value: Span) -> bool:
    """Say whether the claim is but "S is a v", v being no name: what kind of thing S is, or in which state."""
    between = text[subject.end : value.start] if subject.end <= value.start else ""
    copula = re.fullmatch(r"\s*(?:is|are|was|were|has)(?:\s+(?:an?|the))?\s+", between) is not None
    return copula and value.of(text)[:1].islower() and not re.search(r"\w", text[value.end :])


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


def _bare(text: str, mention: Mention) -> Span:
    """Return a name's span without its article, unless the article belongs to the name."""
    span = mention.span
    article = re.match(r"(?:the|an?)\s+", span.of(text), re.I)
    if article is None or mention.entities[0].label.lower().startswith(article.group().lower()):
        return span
    return Span(start=span.start + article.end(), end=span.end)


def _outside_names(text: str, window: Span, names: Sequence[Span]) -> str:
    return "".join(text[i] for i in range(window.start, window.end) if not any(s.start <= i < s.end for s in names))
