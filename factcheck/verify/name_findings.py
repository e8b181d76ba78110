"""What facts say of a claim that puts two names into a property: "S is the capital of O"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from factcheck.graph.relations import PREPOSITION
from factcheck.graph.roles import Reading
from factcheck.graph.values import find_literal, is_measured
from factcheck.text.naming import names_in, names_it
from factcheck.types import Correction, Fact, GraphAnswer, Mention, Relation, Rule, Span
from factcheck.verify.finding import (
    Finding,
    hull,
    is_akin,
    is_clean,
    is_of_kind,
    may_be_the_same,
    phrases_of,
    same_kind,
    terms_of,
    value_term,
)
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
_LEADS_TO = re.compile(
    r"\s*(?:(?:is|was|are|were|became|remains)(?:n['’]t|\s+not)?(?:\s+called|\s+named)?|by|into|to|of|not|,)?\s*(?:the\s+|an?\s+)?",
    re.I,
)
_OF_THE = re.compile(r"\s*(?:of\s+)?(?:the\s+)?", re.I)
_IS_PLACED = re.compile(r"\b(?:in|at|near|from|on)\s+(?:the\s+)?$", re.I)
_TURNS = re.compile(r"\s+(?:with|by|through)\b", re.I)
"""What makes of a verb one that goes the other way: the war ended with the peace that ended it."""
_WHOLE = 50
"""Of a property with so many values the answer may not hold all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """A claim as one property of a subject, and what the graph has of it.

    Attributes:
        facts: of the property, with an entity as its value.
        own: those of the subject.
        found: as a finding that supports the claim, without a fact.
    """

    reading: Reading
    subject: Mention
    value: Mention
    facts: list[Fact]
    own: list[Fact]
    found: Finding

    @property
    def relation(self) -> Relation:
        """The property."""
        return self.reading.match.relation

    @property
    def refuted(self) -> Finding:
        """A finding against the claim, without a fact."""
        return replace(self.found, supports=False)

    @property
    def hits(self) -> list[Fact]:
        """What says just this."""
        return [f for f in self.own if value_term(f) in terms_of(self.value)]


class NameFindings:
    """Finds in one claim."""

    def __init__(self, text: str, answer: GraphAnswer, *, trust_derived: bool, today: date) -> None:
        self._text = text
        self._answer = answer
        self._trust_derived = trust_derived
        self._today = today
        self._names = [mention.span for mention in answer.mentions]

    def of(self, reading: Reading) -> Iterator[Finding]:
        """Find what supports the reading, else the first thing that stands against it."""
        said = self._statement(reading)
        if said is None:
            yield from self._unknown_value(reading)
            return
        others = self._other_facts(said)
        if said.hits:
            two = bool(others) and not said.relation.derived
            yield replace(said.found, facts=(said.hits[0],), conflicting=two)
            if two:
                yield replace(said.refuted, rule=Rule.FUNCTIONAL_DIFFERS, facts=(others[0],), conflicting=True)
            return
        found = self._along_a_path(said)
        if found is None and self._may_refute(reading, said.subject, said.value):
            found = (
                self._another_value(said, others)
                or self._another_holder(said)
                or self._not_on_the_list(said)
                or self._turned_round(said)
            )
        if found is not None:
            yield found

    def _unknown_value(self, reading: Reading) -> Iterator[Finding]:
        """Find a name that the graph does not know in the place of a value: "The capital of S is Zorblax".

        Only where the ontology says that there is no other value, and not for where something is ("born in"): what the
        graph does not know may be a part of the place that it does.
        """
        subject, relation, phrase = reading.subject, reading.match.relation, reading.match.span
        declared = (relation.functional and not relation.derived) or relation.closed
        if subject is None or phrase is None or subject.ambiguous or not declared or reading.match.score <= PREPOSITION:
            return
        own = [
            f
            for f in self._answer.facts
            if f.relation.term == relation.term and f.subject.term in terms_of(subject) and f.value is not None
        ]
        taken = (*self._names, phrase)
        unknown = [n for n in names_in(self._text) if not any(n.span.overlaps(span) for span in taken)]
        if not 0 < len(own) < _WHOLE or len(unknown) != 1:
            return
        name = unknown[0]
        last = max(subject.span.end, phrase.end)
        if name.span.end <= min(subject.span.start, phrase.start):  # "NAME invented S", "NAME is the capital of S"
            leads = (
                reading.match.inverted
                and _opens(self._text, name.span.start)
                and not self._text[name.span.end : phrase.start].strip()
                and _OF_THE.fullmatch(self._text, phrase.end, subject.span.start) is not None
            )
        else:
            leads = _LEADS_TO.fullmatch(self._text, last, name.span.start) is not None and (
                reading.sure
                or (
                    _opens(self._text, phrase.start)
                    and _OF_THE.fullmatch(self._text, phrase.end, subject.span.start) is not None
                )
            )
        known = any(names_it(f.value_text, name.text) or names_it(name.text, f.value_text) for f in own)
        time = speaks_of_another_time(self._text, [*taken, name.span])
        if not leads or known or time or _IS_PLACED.search(self._text, 0, name.span.start) is not None:
            return
        single = len({value_term(f) for f in own}) == 1
        finding = Finding(
            supports=False,
            rule=Rule.FUNCTIONAL_DIFFERS if relation.functional else Rule.CLOSED_WORLD,
            facts=(own[0],),
            said=name.text,
            window=hull([subject.span, phrase, name.span]),
            spans=(subject.span, name.span, *phrases_of(self._answer, relation.term)),
            phrase=phrase,
            correction=with_article(self._text, name.span, own[0].value_text) if single else None,
        )
        if is_clean(self._text, finding, own[0]):
            yield finding

    def _statement(self, reading: Reading) -> _Statement | None:
        subject, value = reading.subject, reading.value
        if subject is None or value is None:
            return None
        relation = reading.match.relation
        facts = [f for f in self._answer.facts if f.relation.term == relation.term and f.value is not None]
        own = [f for f in facts if f.subject.term in terms_of(subject)]
        if subject.ambiguous and len({f.subject.term for f in own}) > 1:
            return None  # several things of that name have this property, and nobody may pick one of them
        found = Finding(
            supports=True,
            rule=Rule.FACT_MATCH,
            facts=(),
            said=value.span.of(self._text),
            window=reading.window,
            spans=(subject.span, value.span, *phrases_of(self._answer, relation.term)),
            phrase=reading.match.span,
        )
        return _Statement(reading=reading, subject=subject, value=value, facts=facts, own=own, found=found)

    def _other_facts(self, said: _Statement) -> list[Fact]:
        """Return the facts that give the subject another value, of a property that has but one."""
        relation, terms = said.relation, terms_of(said.value)
        if not relation.functional or (relation.derived and not self._trust_derived):
            return []
        if relation.derived and not any(value_term(f) in terms for f in said.facts):
            return []  # nothing else has this value, so that it may be of another kind
        return [f for f in said.own if value_term(f) not in terms and self._holds(f)]

    def _along_a_path(self, said: _Statement) -> Finding | None:
        """Follow a property that passes on: what is in a city is in its country."""
        subject, value, relation = said.subject, said.value, said.relation
        for path in self._answer.paths if relation.transitive else ():
            if len(path) < 2 or path[0].subject.term not in terms_of(subject):
                continue
            joined = value_term(path[-1]) in terms_of(value)
            if joined and all(f.relation.term == relation.term for f in path):
                return replace(said.found, rule=Rule.PATH_MATCH, facts=path)
            if not joined and self._leads_elsewhere(path, said.reading, subject, value):
                correction = with_article(self._text, value.span, path[-1].value_text)
                other = replace(said.refuted, rule=Rule.PATH_DIFFERS, facts=path, correction=correction)
                if all(is_clean(self._text, other, fact) for fact in path):
                    return other
        return None

    def _another_value(self, said: _Statement, others: Sequence[Fact]) -> Finding | None:
        """Find the one value that the subject has instead."""
        subject, value, relation = said.subject, said.value, said.relation
        if not others or subject.ambiguous or len({value_term(f) for f in others}) > 1:
            return None
        fact = others[0]
        people = relation.derived and may_be_the_same(said.found.said, fact.value_text)
        if people or not same_kind(value, fact) or not is_clean(self._text, said.refuted, fact):
            return None
        return replace(
            said.refuted,
            rule=Rule.DERIVED_DIFFERS if relation.derived else Rule.FUNCTIONAL_DIFFERS,
            facts=(fact,),
            correction=with_article(self._text, value.span, fact.value_text),
            derived=relation.derived,
        )

    def _another_holder(self, said: _Statement) -> Finding | None:
        """Find the one other thing that has this value, of a property whose values belong to one thing each."""
        subject, value, relation = said.subject, said.value, said.relation
        holders = [f for f in said.facts if value_term(f) in terms_of(value)]
        if not relation.inverse_functional or value.ambiguous or len({f.subject.term for f in holders}) != 1:
            return None
        fact = holders[0]
        kind = not fact.subject.types or is_of_kind(subject, fact.subject)
        # By the data alone: only of what has a value of its own, so that both are of one kind, and is no part.
        if relation.derived:
            kind = kind and bool(said.own) and self._trust_derived and not self._joined(fact.subject.term, subject)
        if not kind or not is_clean(self._text, said.refuted, fact):
            return None
        return replace(
            said.refuted,
            rule=Rule.DERIVED_DIFFERS if relation.derived else Rule.INVERSE_FUNCTIONAL_DIFFERS,
            facts=(fact,),
            derived=relation.derived,
            said=subject.span.of(self._text),
            correction=with_article(self._text, subject.span, fact.subject.label),
        )

    def _not_on_the_list(self, said: _Statement) -> Finding | None:
        """Hold a value against a list that is declared complete."""
        own, value = said.own, said.value
        mistaken = (
            bool(own)
            and not said.subject.ambiguous
            and any(fact.value is not None and is_akin(value, fact.value) for fact in own)
        )
        whole = said.relation.closed and len(own) < _WHOLE
        if not mistaken or not whole or not is_clean(self._text, said.refuted, own[0]):
            return None
        single = len({value_term(f) for f in own}) == 1
        mended = with_article(self._text, value.span, own[0].value_text) if single else None
        return replace(said.refuted, rule=Rule.CLOSED_WORLD, facts=(own[0],), correction=mended)

    def _turned_round(self, said: _Statement) -> Finding | None:
        """Find the fact with the names in each other's places: Hamlet wrote Shakespeare."""
        subject, value, phrase = said.subject, said.value, said.reading.match.span
        turns = phrase is not None and _TURNS.match(self._text, phrase.end) is not None
        if said.relation.symmetric or turns:
            return None
        for fact in said.facts:
            swapped = fact.subject.term in terms_of(value) and value_term(fact) in terms_of(subject)
            kinds = fact.value is not None and fact.subject.types and fact.value.types
            if not swapped or not kinds or fact.value is None:
                continue
            apart = not is_of_kind(subject, fact.subject) and not is_of_kind(value, fact.value)
            if apart and is_clean(self._text, said.refuted, fact):
                first, second = sorted((_bare(self._text, subject), _bare(self._text, value)), key=lambda s: s.start)
                turned = second.of(self._text) + self._text[first.end : second.start] + first.of(self._text)
                return replace(
                    said.refuted,
                    rule=Rule.DISJOINT_CLASSES,
                    facts=(fact,),
                    said=f"{subject.span.of(self._text)} in the place of {value.span.of(self._text)}",
                    correction=Correction(span=Span(start=first.start, end=second.end), replacement=turned),
                )
        return None

    def other_values(self, reading: Reading) -> Iterator[Finding]:
        """Find a value of a property with one value that others have and the claim's subject has not.

        This needs no form of sentence, but every name of the claim has to be known, and no words may be left that could
        make another claim of it.
        """
        relation, phrase = reading.match.relation, reading.match.span
        if phrase is None or not relation.functional or (relation.derived and not self._trust_derived):
            return
        facts = [f for f in self._answer.facts if f.relation.term == relation.term]
        stated = {one.fact.relation.term for one in self._answer.stated}
        if relation.term in stated or speaks_of_another_time(self._text, [*self._names, phrase]):
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
                or is_conjoined(self._text, rivals[0], self._names)
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

    def _rivals(self, facts: Sequence[Fact], own: Sequence[Fact], subject: Mention, phrase: Span) -> Iterator[Span]:
        """Yield what the claim says that is a value of the property for something else."""
        mine = {value_term(f) for f in own}
        for mention in self._answer.mentions:
            terms = set(terms_of(mention))
            bears = any(value_term(f) in terms and f.subject.term not in terms for f in facts)
            if mention.span != subject.span and bears and not terms & mine and not mention.ambiguous:
                yield mention.span
        names = [*self._names, phrase]
        for fact in facts:
            if fact.value is None and fact.triple.object not in mine and not is_measured(fact.triple.object):
                span = find_literal(fact.triple.object, self._text, names)
                if span is not None:
                    yield span

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

    def _holds(self, fact: Fact) -> bool:
        """Say whether a fact is one of the time that the claim speaks of, as far as the graph says when it held."""
        timing = check_time(fact, self._text, self._names, self._today).timing
        return timing in (Timing.OPEN, Timing.HOLDS)

    def _may_refute(self, reading: Reading, subject: Mention, value: Mention) -> bool:
        """Say whether the claim says this property of this name and nothing else of it."""
        names = self._names
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


def _opens(text: str, start: int) -> bool:
    """Say whether nothing but an article stands before a place."""
    return text[:start].strip().casefold() in {"", "the"}


def _bare(text: str, mention: Mention) -> Span:
    """Return a name's span without its article, unless the article belongs to the name."""
    span = mention.span
    article = re.match(r"(?:the|an?)\s+", span.of(text), re.I)
    if article is None or mention.entities[0].label.lower().startswith(article.group().lower()):
        return span
    return Span(start=span.start + article.end(), end=span.end)
