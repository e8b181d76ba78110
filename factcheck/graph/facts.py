"""The statements of a graph that can decide a claim: values, bearers, what joins two names, what surrounds them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from factcheck.graph.roles import Reading
from factcheck.graph.source import FactSource
from factcheck.graph.verbalise import Verbaliser
from factcheck.graph.vocabulary import RDF, XSD, is_vocabulary
from factcheck.types import Fact, Mention, RelationMatch, Span, Triple

MAX_FACTS = 60
"""A claim is answered with up to so many facts."""
MAX_VALUES = 200
"""Values of one property of one entity beyond this are not looked at."""
_CONTEXT_PER_ENTITY = 12
_CANDIDATES = 24
_MAX_RIVALS = 8
_MAX_STRETCHES = 200
_TEXTS = frozenset({XSD + "string", RDF + "langString"})


class FactFinder:
    """Looks statements up, over equal entities, properties below and inverses."""

    def __init__(self, store: FactSource, verbaliser: Verbaliser) -> None:
        self._store = store
        self._verbaliser = verbaliser

    def decisive(self, reading: Reading, mentions: Sequence[Mention]) -> Iterator[Fact]:
        """Yield the values of the property for its subject, and who else has its value."""
        term = reading.match.relation.term
        subjects = [reading.subject] if reading.subject is not None else list(mentions)
        for mention in [*subjects, *(m for m in mentions if m not in subjects)][:4]:
            for entity in mention.entities[:_CANDIDATES]:
                for triple, flipped in self.values(entity.term, term):
                    yield self._verbaliser.fact(triple, term, flipped=flipped)
        values = [reading.value] if reading.value is not None else list(mentions)
        for mention in values[:4]:
            for entity in mention.entities[:_CANDIDATES]:
                for triple, flipped in self.holders(entity.term, term):
                    yield self._verbaliser.fact(triple, term, flipped=flipped)

    def rivals(self, text: str, reading: Reading, mentions: Sequence[Mention]) -> Iterator[Fact]:
        """Yield facts that show other words of the claim to be values of the property: names, and texts word for word.

        Of a property with one value, a value that others have is what makes a claim of it wrong.
        """
        relation = reading.match.relation
        if not relation.functional:
            return
        for mention in mentions[:_MAX_RIVALS]:
            for entity in mention.entities[:2]:
                for triple, flipped in islice(self.holders(entity.term, relation.term), 2):
                    yield self._verbaliser.fact(triple, relation.term, flipped=flipped)
        info = self._store.schema.properties.get(relation.term)
        if info is None or not info.datatypes.keys() & _TEXTS:
            return
        names = [mention.span for mention in mentions]
        for words in _stretches(text, names):
            for triple in self._store.triples(None, relation.term, _literal(words), limit=1):
                yield self._verbaliser.fact(triple, relation.term)

    def narrower(self, reading: Reading) -> Iterator[RelationMatch]:
        """Yield functional properties below one that is not, whose values are of the kind that the claim names.

        "Paris is located in Germany": being located in has many values, being a city in a country has one.
        """
        schema = self._store.schema
        match = reading.match
        if match.relation.functional or reading.value is None or reading.subject is None:
            return
        for below in sorted(schema.subs(match.relation.term) - {match.relation.term}):
            if (
                schema.relation(below).functional
                and all(schema.fits(entity.types, schema.range(below)) for entity in reading.value.entities)
                and all(schema.fits(entity.types, schema.domain(below)) for entity in reading.subject.entities)
            ):
                yield RelationMatch(
                    relation=schema.relation(below),
                    span=match.span,
                    inverted=match.inverted,
                    score=round(match.score - 0.05, 6),
                )

    def broader(self, reading: Reading) -> Iterator[RelationMatch]:
        """Yield transitive properties above one whose values are of another kind than what the claim names.

        "Paris is a city in Europe": cities are in countries, and by way of these on a continent.
        """
        schema = self._store.schema
        match = reading.match
        wanted = schema.range(match.relation.term)
        if reading.value is None or reading.subject is None or not wanted:
            return
        if any(schema.fits(entity.types, wanted) for entity in reading.value.entities):
            return
        for above in sorted(schema.supers(match.relation.term) - {match.relation.term}):
            relation = schema.relation(above)
            if relation.transitive:
                yield replace(match, relation=relation, score=round(match.score - 0.05, 6))

    def values(self, subject: str, predicate: str) -> Iterator[tuple[Triple, bool]]:
        """Yield the statements that give the subject a value, with whether they stand the other way round."""
        schema = self._store.schema
        for own in schema.equals(subject):
            for below in sorted(schema.subs(predicate)):
                for triple in self._store.triples(own, below, None, limit=MAX_VALUES):
                    yield triple, False
                for mirror in sorted(schema.inverses(below)):
                    for triple in self._store.triples(None, mirror, own, limit=MAX_VALUES):
                        yield triple, True

    def holders(self, value: str, predicate: str) -> Iterator[tuple[Triple, bool]]:
        """Yield the statements that give something this value, with whether they stand the other way round."""
        schema = self._store.schema
        for own in schema.equals(value):
            for below in sorted(schema.subs(predicate)):
                for triple in self._store.triples(None, below, own, limit=MAX_VALUES):
                    yield triple, False
                for mirror in sorted(schema.inverses(below)):
                    for triple in self._store.triples(own, mirror, None, limit=MAX_VALUES):
                        yield triple, True

    def connecting(self, mentions: Sequence[Mention]) -> Iterator[Fact]:
        """Yield what joins two names of the claim directly, whatever the property."""
        terms = [own for m in mentions[:12] for e in m.entities[:2] for own in self._store.schema.equals(e.term)][:24]
        for a in terms:
            for b in terms:
                if a != b:
                    for triple in self._store.triples(a, None, b, limit=20):
                        yield self._verbaliser.fact(triple, triple.predicate)

    def context(self, mentions: Sequence[Mention], have: int) -> Iterator[Fact]:
        """Yield other statements about what the claim names, while there is room."""
        room = max(0, min(MAX_FACTS - have, 40))
        for mention in mentions:
            if mention.ambiguous:
                continue
            given = 0
            for own in self._store.schema.equals(mention.entities[0].term):
                for triple in self._store.triples(own, limit=MAX_VALUES):
                    if room <= 0 or given >= _CONTEXT_PER_ENTITY:
                        break
                    if not is_vocabulary(triple.predicate[1:-1]):
                        room, given = room - 1, given + 1
                        yield self._verbaliser.fact(triple, triple.predicate)


def _stretches(text: str, names: Sequence[Span]) -> Iterator[str]:
    """Yield the stretches of up to six words outside of names, as they are written."""
    words = [m for m in re.finditer(r"[^\s\"'“”‘’(),;]+", text) if not any(s.start <= m.start() < s.end for s in names)]
    given = 0
    for first in range(len(words)):
        for last in range(first, min(first + 6, len(words))):
            stretch = text[words[first].start() : words[last].end()].rstrip("?!")
            for shown in dict.fromkeys((stretch, stretch.rstrip("."))):
                given += 1
                if given > _MAX_STRETCHES:
                    return
                if shown:
                    yield shown


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
