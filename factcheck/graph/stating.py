"""Facts that a claim may state, sought from the graph's side: both ends of them are in its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from factcheck.graph.meaning import PropertyMeanings
from factcheck.graph.source import FactSource
from factcheck.graph.values import find_literal, find_name
from factcheck.graph.verbalise import Verbaliser
from factcheck.graph.vocabulary import is_literal, is_vocabulary
from factcheck.types import Entity, Fact, Mention, Span, StatedFact, Triple

_MAX_NAMES = 6
_MAX_CANDIDATES = 8
_MAX_STATEMENTS = 100
"""Of one entity; of what has more, values that are names are found by the linker."""
_MAX_STATED = 24


class StatedFinder:
    """Looks for the values of what a claim names among its other words."""

    def __init__(self, store: FactSource, verbaliser: Verbaliser, meanings: PropertyMeanings | None) -> None:
        self._store = store
        self._verbaliser = verbaliser
        self._meanings = meanings

    def with_values(self, text: str, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        """Add names that only the facts about the others point to, and settle names of which one has its value said.

        "The 1st runway is made of asphalt": no list of names would take a word in lower case for a name.
        """
        found = list(mentions)
        for mention in mentions[:_MAX_NAMES]:
            named: dict[str, list[tuple[Span, bool, Entity]]] = {}
            taken = [m.span for m in found]
            for entity in mention.entities[:_MAX_CANDIDATES]:
                for triple in self._statements(entity.term):
                    if is_literal(triple.object):
                        continue
                    value = self._store.entity(self._store.schema.canonical(triple.object))
                    hit = find_name(value.label, text, taken, entity.label)
                    if hit is not None:
                        named.setdefault(entity.term, []).append((*hit, value))
            if len(named) == 1:
                for span, exact, value in next(iter(named.values())):
                    if not any(span.overlaps(other.span) for other in found):
                        found.append(Mention(span=span, entities=(value,), exact=exact))
        return tuple(sorted(found, key=lambda m: m.span.start))

    def find(self, text: str, mentions: Sequence[Mention]) -> tuple[StatedFact, ...]:
        """Return the facts of which both ends stand in the claim, each with how well the other words fit."""
        found = list(dict.fromkeys(self._ends(text, mentions)))[:_MAX_STATED]
        if not found or self._meanings is None:
            return tuple(found)
        taken = sorted({*(m.span for m in mentions), *(one.value for one in found)}, key=lambda s: s.start)
        fits = self._meanings.fits(_without(text, taken), [one.fact.relation.term for one in found])
        return tuple(
            one if self._runs_both_ways(one.fact) else replace(one, fit=fits.get(one.fact.relation.term))
            for one in found
        )

    def _runs_both_ways(self, fact: Fact) -> bool:
        """Say whether subject and value could change places: then words must say which is which, not their drift."""
        if fact.value is None or fact.relation.symmetric:
            return False
        term, subject, value = fact.triple.predicate, fact.triple.subject, fact.triple.object
        return bool(
            set(fact.subject.types) & set(fact.value.types)
            or self._store.triples(value, term, limit=1)
            or self._store.triples(None, term, subject, limit=1)
        )

    def _ends(self, text: str, mentions: Sequence[Mention]) -> Iterator[StatedFact]:
        taken = [m.span for m in mentions]
        places: dict[str, list[Span]] = {}
        for mention in mentions:
            for entity in mention.entities[:_MAX_CANDIDATES]:
                for own in self._store.schema.equals(entity.term):
                    places.setdefault(own, []).append(mention.span)
        for mention in mentions[:_MAX_NAMES]:
            if mention.ambiguous:
                continue
            for own in self._store.schema.equals(mention.entities[0].term):
                for triple in self._statements(own):
                    for span in self._value_spans(triple, text, taken, places):
                        if span != mention.span:
                            fact = self._verbaliser.fact(triple, triple.predicate)
                            yield StatedFact(fact=fact, subject=mention.span, value=span)
                for other, spans in places.items():
                    for triple in self._store.triples(own, None, other, limit=20) if spans[0] != mention.span else ():
                        if not is_vocabulary(triple.predicate[1:-1]):
                            fact = self._verbaliser.fact(triple, triple.predicate)
                            yield StatedFact(fact=fact, subject=mention.span, value=spans[0])

    def _value_spans(
        self, triple: Triple, text: str, taken: Sequence[Span], places: dict[str, list[Span]]
    ) -> Sequence[Span]:
        if is_literal(triple.object):
            span = find_literal(triple.object, text, taken)
            return () if span is None else (span,)
        return places.get(triple.object, ())

    def _statements(self, term: str) -> Iterator[Triple]:
        for triple in self._store.triples(term, limit=_MAX_STATEMENTS):
            if not is_vocabulary(triple.predicate[1:-1]):
                yield triple


def _without(text: str, spans: Sequence[Span]) -> str:
    """Return the claim's words outside of names and values."""
    parts: list[str] = []
    at = 0
    for span in spans:
        if span.start >= at:
            parts.append(text[at : span.start])
        at = max(at, span.end)
    parts.append(text[at:])
    return " ".join(" ".join(parts).split()).strip(" .,;:'\"")
