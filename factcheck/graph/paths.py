"""Chains of facts that join what a claim names: along a transitive property, and through an event with a date."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from factcheck.graph.relations import PREPOSITION, PREPOSITIONS, stem, stems_of
from factcheck.graph.roles import Reading
from factcheck.graph.source import FactSource
from factcheck.graph.verbalise import Verbaliser
from factcheck.graph.vocabulary import XSD, is_literal, is_vocabulary, literal_parts
from factcheck.text.dates import find_dates
from factcheck.types import Entity, Fact, Mention, Triple

MAX_EXPANDED = 500
MAX_LENGTH = 8
_MAX_NEIGHBOURS = 400
_DATE_TYPES = frozenset({XSD + name for name in ("gYear", "gYearMonth", "date", "dateTime")})


_DATE_WORDS = "date year month day time point start end begin beginning until when since"
_DATE_STEMS = frozenset(stem(word) for word in _DATE_WORDS.split()) | PREPOSITIONS


class PathFinder:
    """Searches with a bound on how many nodes are opened, so that hubs cost no more than others."""

    def __init__(self, store: FactSource, verbaliser: Verbaliser) -> None:
        self._store = store
        self._verbaliser = verbaliser

    def find(self, text: str, readings: Sequence[Reading], mentions: Sequence[Mention]) -> Iterator[tuple[Fact, ...]]:
        """Yield the chains, shortest first."""
        for reading in readings:
            subject, value = reading.subject, reading.value
            if reading.match.relation.transitive and subject is not None and value is not None:
                if subject.ambiguous or value.ambiguous:
                    continue
                path = self._along(reading.match.relation.term, subject.entities[0].term, value.entities[0].term)
                if len(path) > 1:
                    yield path
                elif not path:
                    chain = self._to_kind(reading.match.relation.term, subject.entities[0], value.entities[0])
                    if len(chain) > 1:
                        yield chain
        if len(mentions) > 1 and find_dates(text):
            yield from self._events(text, readings, mentions)

    def _to_kind(self, predicate: str, start: Entity, goal: Entity) -> tuple[Fact, ...]:
        """Follow properties below a transitive one that have one value, to something of the kind of `goal`.

        A city is in one country, and that on one continent: then it is on no other.
        """
        schema = self._store.schema
        kinds = {above for own in goal.types for above in schema.class_supers(own)} if goal.types else set()
        facts: list[Fact] = []
        node, seen = start.term, {start.term}
        while kinds and len(facts) < MAX_LENGTH:
            steps = [
                (triple, following, below)
                for below in sorted(schema.subs(predicate) - {predicate})
                if schema.relation(below).functional and not schema.relation(below).derived
                for triple, following, flipped in self._steps(node, below)
                if not flipped
            ]
            if len({following for _, following, _ in steps}) != 1 or steps[0][1] in seen:
                return ()
            triple, node, below = steps[0]
            seen.add(node)
            facts.append(self._verbaliser.fact(triple, below))
            own = set(self._store.entity(node).types)
            if own & kinds:
                return tuple(facts)
        return ()

    def _along(self, predicate: str, start: str, goal: str) -> tuple[Fact, ...]:
        """Search breadth first from `start` along one property and those below it, to `goal`."""
        schema = self._store.schema
        came: dict[str, tuple[str, Triple, bool]] = {}
        seen = {start}
        queue = deque([(start, 0)])
        while queue and len(seen) < MAX_EXPANDED:
            node, depth = queue.popleft()
            if node == goal and depth:
                return self._trace(predicate, came, goal, start)
            if depth == MAX_LENGTH:
                continue
            for triple, following, flipped in self._steps(node, predicate):
                following = schema.canonical(following)
                if following not in seen:
                    seen.add(following)
                    came[following] = (node, triple, flipped)
                    queue.append((following, depth + 1))
        return ()

    def _steps(self, node: str, predicate: str) -> Iterator[tuple[Triple, str, bool]]:
        schema = self._store.schema
        for own in schema.equals(node):
            for below in sorted(schema.subs(predicate)):
                for triple in self._store.triples(own, below, None, limit=_MAX_NEIGHBOURS):
                    if not is_literal(triple.object):
                        yield triple, triple.object, False
                for mirror in sorted(schema.inverses(below)):
                    for triple in self._store.triples(None, mirror, own, limit=_MAX_NEIGHBOURS):
                        yield triple, triple.subject, True

    def _trace(
        self, predicate: str, came: dict[str, tuple[str, Triple, bool]], goal: str, start: str
    ) -> tuple[Fact, ...]:
        facts: list[Fact] = []
        node = goal
        while node != start:
            node, triple, flipped = came[node]
            facts.append(self._verbaliser.fact(triple, predicate, flipped=flipped))
        return tuple(reversed(facts))

    # --------------------------------------------------------------------------------------------------------- events

    def _events(
        self, text: str, readings: Sequence[Reading], mentions: Sequence[Mention]
    ) -> Iterator[tuple[Fact, ...]]:
        """Yield event nodes that two named entities share, with the event's date: an award of a year, a marriage."""
        spoken = {reading.match.relation.term for reading in readings if reading.match.score > PREPOSITION}
        said = frozenset(s for reading in readings for s in stems_of(reading.match.relation.label))
        said |= frozenset(stems_of(text))
        clear = list(dict.fromkeys(m.entities[0].term for m in mentions if not m.ambiguous))[:6]
        for i, first in enumerate(clear):
            for second in clear[i + 1 :]:
                around = {node: triple for triple, node in self._neighbours(first)}
                for triple, node in self._neighbours(second):
                    if node in around and node not in (first, second) and not self._is_peer(node, first, second):
                        yield from self._dated(around[node], triple, node, spoken, said)

    def _is_peer(self, node: str, *ends: str) -> bool:
        """Say whether a node is of a kind with what it joins, and so no event.

        Herschel discovered Uranus, and Titania too, which orbits Uranus: the year of Titania is not the year of Uranus.
        """
        mine, *others = (
            {above for own in self._store.entity(term).types for above in self._store.schema.class_supers(own)}
            for term in (node, *ends)
        )
        return any(mine & other for other in others)

    def _neighbours(self, term: str) -> Iterator[tuple[Triple, str]]:
        for triple in self._store.triples(None, None, term, limit=_MAX_NEIGHBOURS):
            if not is_vocabulary(triple.predicate[1:-1]):
                yield triple, triple.subject
        for triple in self._store.triples(term, limit=_MAX_NEIGHBOURS):
            if not is_literal(triple.object) and not is_vocabulary(triple.predicate[1:-1]):
                yield triple, triple.object

    def _dated(
        self, first: Triple, second: Triple, node: str, spoken: set[str], said: frozenset[str]
    ) -> Iterator[tuple[Fact, ...]]:
        schema = self._store.schema
        words = {first.predicate, second.predicate}
        words |= {mirror for predicate in words for mirror in schema.inverses(predicate)}
        if not words & spoken:
            return
        dated = [
            triple
            for triple in self._store.triples(node, limit=64)
            if is_literal(triple.object) and literal_parts(triple.object).datatype in _DATE_TYPES
        ]
        # A node with several kinds of dates is a person or a thing, not an event.
        if len({triple.predicate for triple in dated}) != 1:
            return
        # "Year of independence" dates a country, not what two of its cities have to do with each other.
        kinds = [schema.classes[t].label() for t in self._store.entity(node).types if t in schema.classes]
        known = said | frozenset(s for label in kinds for s in stems_of(label)) | _DATE_STEMS
        if frozenset(stems_of(schema.relation(dated[0].predicate).label)) <= known:
            for triple in dated:
                yield tuple(self._verbaliser.fact(t, t.predicate) for t in (first, second, triple))
