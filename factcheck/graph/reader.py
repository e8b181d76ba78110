"""The one look at the graph: claims to the entities, properties, facts and paths that they speak of.

For each claim: names are linked, what is spoken of is mapped to properties, ambiguous names are settled where the
graph leaves one reading, and the facts that can decide come out, turned into the direction of the property that the
claim uses. Facts that do not bear on it follow as context. Answers are remembered by the claim's text.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from factcheck.graph.descriptions import DescriptionFinder
from factcheck.graph.disambiguation import Disambiguator
from factcheck.graph.facts import MAX_FACTS, FactFinder
from factcheck.graph.linker import Linker
from factcheck.graph.meaning import PropertyMeanings
from factcheck.graph.paths import PathFinder
from factcheck.graph.periods import PeriodFinder, asks_of_time
from factcheck.graph.relations import RelationMatcher
from factcheck.graph.roles import Reading, read_roles
from factcheck.graph.schema import TYPE_RELATION
from factcheck.graph.source import FactSource
from factcheck.graph.stating import StatedFinder
from factcheck.graph.store import GraphStore
from factcheck.graph.verbalise import Script, Verbaliser, script_of
from factcheck.graph.vocabulary import is_literal
from factcheck.protocols import Encoder
from factcheck.text.dates import find_dates
from factcheck.types import Claim, Entity, Fact, GraphAnswer, Mention, RelationMatch, Span, Triple

if TYPE_CHECKING:
    from factcheck.graph.remote import RemoteStore

MAX_CLAIM_CHARACTERS = 3000
"""A longer claim states too much to be settled by a fact: its names are linked, its properties are not read."""
MAX_RELATIONS = 24
"""Of the properties that a claim speaks of, so many are looked up, the surest first."""
_REMEMBERED = 4096
_DESCRIBED = 8


class LinkerOfNames(Protocol):
    """Finds the names of entities in a claim."""

    def link(self, text: str, taken: Iterable[Span] = ()) -> tuple[Mention, ...]:
        """Return the names in the text, in its order, that do not overlap."""


class FactReader:
    """`GraphReader` over statements, wherever they lie; safe to share between threads."""

    def __init__(self, store: FactSource, linker: LinkerOfNames, encoder: Callable[[], Encoder] | None = None) -> None:
        """Prepare; nothing is loaded.

        Args:
            store: the graph.
            linker: of names to its entities.
            encoder: loads what compares words with properties where no phrase of one is said; phrases alone without it.
        """
        self._store = store
        self._linker = linker
        self._matcher = RelationMatcher(store.schema)
        self._verbaliser = Verbaliser(store)
        self._facts = FactFinder(store, self._verbaliser)
        self._disambiguator = Disambiguator(store, self._facts)
        meanings = PropertyMeanings(store.schema, encoder) if encoder is not None else None
        self._stated = StatedFinder(store, self._verbaliser, meanings)
        self._paths = PathFinder(store, self._verbaliser)
        self._periods = PeriodFinder(store)
        self._descriptions = DescriptionFinder(store, self._facts, self._verbaliser)
        self._answers: OrderedDict[str, GraphAnswer] = OrderedDict()
        self._lock = Lock()

    @property
    def sha256(self) -> str:
        """Of the graph's generation."""
        return self._store.sha256

    @property
    def source(self) -> str:
        """The graph's name, as evidence cites it."""
        return self._store.source

    def ask(self, claims: Sequence[Claim]) -> list[GraphAnswer]:
        """Return what the graph knows of each claim; equal texts are looked up once."""
        return [self._remembered(claim.text) for claim in claims]

    def _remembered(self, text: str) -> GraphAnswer:
        with self._lock:
            if text in self._answers:
                self._answers.move_to_end(text)
                return self._answers[text]
        answer = self._answer(text)
        with self._lock:
            self._answers[text] = answer
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return answer

    # -------------------------------------------------------------------------------------------------------- answers

    def _answer(self, text: str) -> GraphAnswer:
        dates = [reading.span for reading in find_dates(text)]
        mentions = self._linker.link(text, dates)
        self._prepare(mentions)
        if not mentions:
            return GraphAnswer(graph_sha256=self.sha256)
        readable = len(text) <= MAX_CLAIM_CHARACTERS
        if readable:
            mentions = self._stated.with_values(text, mentions)
        spans = [mention.span for mention in mentions]
        relations = self._matcher.match(text, spans)[:MAX_RELATIONS] if readable else ()
        classes = self._matcher.classes(text, spans) if readable else []
        said = [term for term, _ in classes]
        readings = [read_roles(text, mentions, match) for match in relations]
        settle = self._disambiguator.settle
        mentions = tuple(settle(mention, mentions, readings, said, text) for mention in mentions)
        mentions = tuple(self._with_classes(mention) for mention in mentions)
        readings = [read_roles(text, mentions, match) for match in relations]
        known = {(match.relation.term, match.inverted) for match in relations}
        others = [m for r in readings for m in (*self._facts.narrower(r), *self._facts.broader(r))]
        others = [match for match in others if (match.relation.term, match.inverted) not in known]
        relations = (*relations, *others)
        readings.extend(read_roles(text, mentions, match) for match in others)
        stated = self._stated.find(text, mentions) if readable else ()
        of_time = asks_of_time(text)
        stated = tuple(replace(one, fact=self._periods.dated(one.fact, events=of_time)) for one in stated)
        facts: dict[tuple[str, str, str, str], Fact] = {}
        for fact in self._gathered(text, mentions, readings):
            key = fact.relation.term, *_key(fact.triple)
            if key not in facts:
                facts[key] = self._periods.dated(fact, events=of_time)
        paths = [*self._class_paths(mentions, classes, spans), *self._paths.find(text, readings, mentions)]
        for path in paths:
            for fact in path[:1]:
                facts.setdefault((fact.relation.term, *_key(fact.triple)), fact)
        for one in stated:
            facts.setdefault((one.fact.relation.term, *_key(one.fact.triple)), one.fact)
        for fact in self._facts.context(mentions, len(facts)):
            facts.setdefault((fact.relation.term, *_key(fact.triple)), fact)
        descriptions = self._descriptions.find(text, mentions, relations) if readable else ()
        ranked = _ranked(list(facts.values()), readings, mentions)
        script = script_of(text)

        def local(fact: Fact, script: Script) -> Fact:
            return self._of_all_kinds(self._verbaliser.localised(fact, script))

        return GraphAnswer(
            mentions=mentions,
            relations=(*relations, *(match for _, match in classes)),
            facts=tuple(local(fact, script) for fact in ranked[:MAX_FACTS]),
            stated=tuple(replace(one, fact=local(one.fact, script)) for one in stated),
            paths=tuple(tuple(local(fact, script) for fact in path) for path in paths),
            descriptions=descriptions,
            graph_sha256=self.sha256,
        )

    def _prepare(self, mentions: Sequence[Mention]) -> None:
        """Learn what has to be known of the properties before words are mapped to them."""

    def _gathered(self, text: str, mentions: Sequence[Mention], readings: Sequence[Reading]) -> Iterator[Fact]:
        for reading in readings:
            yield from self._facts.decisive(reading, mentions)
            yield from self._facts.rivals(text, reading, mentions)
        yield from self._facts.connecting(mentions)

    def _with_classes(self, mention: Mention) -> Mention:
        """Give entities all their classes, those above included: who compares kinds needs them."""
        entities = tuple(self._widened(entity) for entity in mention.entities)
        return replace(mention, entities=entities)

    def _widened(self, entity: Entity) -> Entity:
        above = {t for own in entity.types for t in self._store.schema.class_supers(own)}
        return replace(entity, above=tuple(sorted(above - set(entity.types)))) if above else entity

    def _of_all_kinds(self, fact: Fact) -> Fact:
        value = None if fact.value is None else self._widened(fact.value)
        return replace(fact, subject=self._widened(fact.subject), value=value)

    # -------------------------------------------------------------------------------------------------------- classes

    def _class_paths(
        self, mentions: Sequence[Mention], classes: Sequence[tuple[str, RelationMatch]], spans: Sequence[Span]
    ) -> Iterator[tuple[Fact, ...]]:
        """Yield why an entity is, or cannot be, a member of a class that the claim names."""
        schema = self._store.schema
        for cls, match in classes:
            before = [m for m in mentions if match.span is not None and m.span.end <= match.span.start]
            if not before or before[-1].ambiguous:
                continue
            entity = self._store.entity(before[-1].entities[0].term)
            for own in entity.types:
                member = Triple(subject=entity.term, predicate=TYPE_RELATION.term, object=own)
                if cls in schema.class_supers(own):
                    path = (self._verbaliser.fact(member, TYPE_RELATION.term),)
                    yield path if own == cls else (*path, self._verbaliser.subclass(own, cls))
                    break
            else:
                if entity.types and schema.is_outside(entity.types, cls):
                    member = Triple(subject=entity.term, predicate=TYPE_RELATION.term, object=entity.types[0])
                    yield self._verbaliser.fact(member, TYPE_RELATION.term), self._verbaliser.complete(cls)
                    continue
                apart = schema.disjoint(entity.types, cls)
                if apart is not None:
                    member = Triple(subject=entity.term, predicate=TYPE_RELATION.term, object=apart[0])
                    yield (
                        self._verbaliser.fact(member, TYPE_RELATION.term),
                        self._verbaliser.disjoint(apart[0], cls),
                    )


class LocalGraphReader(FactReader):
    """`GraphReader` over a published generation."""

    def __init__(self, store: GraphStore, encoder: Callable[[], Encoder] | None = None) -> None:
        """Prepare; nothing is loaded.

        Args:
            store: an open graph.
            encoder: loads what compares words with properties where no phrase of one is said; phrases alone without it.
        """
        super().__init__(store, Linker(store), encoder)
        self._generation = store

    @classmethod
    def open(cls, root: Path, encoder: Callable[[], Encoder] | None = None) -> LocalGraphReader:
        """Open the current generation of a graph.

        Args:
            root: the graph's folder.
            encoder: see the class.

        Raises:
            IntegrityError: a file is missing, unknown or changed.
            SchemaVersionError: a newer version wrote it.
            StorageError: the disk refuses.
        """
        return cls(GraphStore.open(root), encoder)

    @property
    def store(self) -> GraphStore:
        """The graph itself."""
        return self._generation


class RemoteGraphReader(FactReader):
    """`GraphReader` over a SPARQL endpoint; its ontology is fetched at once, everything else when it is asked for."""

    def __init__(self, store: RemoteStore, encoder: Callable[[], Encoder] | None = None) -> None:
        """Fetch the ontology.

        Args:
            store: the endpoint.
            encoder: loads what compares words with properties where no phrase of one is said; phrases alone without it.

        Raises:
            ServiceError: the endpoint does not answer as it should.
        """
        from factcheck.graph.remote import RemoteLinker

        super().__init__(store, RemoteLinker(store), encoder)
        self._remote = store

    def _prepare(self, mentions: Sequence[Mention]) -> None:
        terms = list(dict.fromkeys(e.term for m in mentions for e in m.entities[:_DESCRIBED]))
        used = {t.predicate for term in terms for t in self._remote.triples(term)}
        for info in self._remote.describe(used):
            self._matcher.learn(info)


def _key(triple: Triple) -> tuple[str, str, str]:
    return triple.subject, triple.predicate, triple.object


def _ranked(facts: list[Fact], readings: Sequence[Reading], mentions: Sequence[Mention]) -> list[Fact]:
    """Order facts: spoken of and between names, spoken of the subject, between names, spoken of at all, the rest."""
    score: dict[str, float] = {}
    subjects: dict[str, set[str]] = {}
    for reading in readings:
        term = reading.match.relation.term
        score[term] = max(score.get(term, 0.0), reading.match.score)
        if reading.subject is not None:
            subjects.setdefault(term, set()).update(entity.term for entity in reading.subject.entities)
    named = {entity.term for mention in mentions for entity in mention.entities}

    def rank(fact: Fact) -> tuple[float, bool, str, str, str]:
        points = score.get(fact.relation.term, 0.0)
        points += 0.6 if fact.subject.term in subjects.get(fact.relation.term, ()) else 0.0
        points += 0.6 if fact.subject.term in named and fact.value is not None and fact.value.term in named else 0.0
        return (-round(points, 6), is_literal(fact.triple.object), *_key(fact.triple))

    return sorted(facts, key=rank)
