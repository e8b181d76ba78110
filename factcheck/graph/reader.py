"""The one look at the graph: claims to the entities, properties, facts and paths that they speak of.

For each claim: names are linked, what is spoken of is mapped to properties, ambiguous names are settled where the
graph leaves one reading, and the facts that can decide come out, turned into the direction of the property that the
claim uses. Facts that do not bear on it follow as context. Answers are remembered by the claim's text.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock

from factcheck.graph.linker import Linker
from factcheck.graph.paths import PathFinder
from factcheck.graph.relations import RelationMatcher
from factcheck.graph.roles import Reading, read_roles
from factcheck.graph.schema import TYPE_RELATION
from factcheck.graph.store import GraphStore
from factcheck.graph.verbalise import Verbaliser, script_of
from factcheck.graph.vocabulary import is_literal, is_vocabulary
from factcheck.text.dates import find_dates
from factcheck.types import Claim, Entity, Fact, GraphAnswer, Mention, RelationMatch, Span, Triple

MAX_FACTS = 60
"""A claim is answered with up to so many facts."""
MAX_CLAIM_CHARACTERS = 3000
"""A longer claim states too much to be settled by a fact: its names are linked, its properties are not read."""
MAX_RELATIONS = 24
"""Of the properties that a claim speaks of, so many are looked up, the surest first."""
MAX_VALUES = 200
"""Values of one property of one entity beyond this are not looked at."""
_CONTEXT_PER_ENTITY = 12
_LINKED_CANDIDATES = 24
_REMEMBERED = 4096


class LocalGraphReader:
    """`GraphReader` over a published generation; safe to share between threads."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._linker = Linker(store)
        self._matcher = RelationMatcher(store.schema)
        self._verbaliser = Verbaliser(store)
        self._paths = PathFinder(store, self._verbaliser)
        self._answers: OrderedDict[str, GraphAnswer] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def open(cls, root: Path) -> LocalGraphReader:
        """Open the current generation of a graph.

        Raises:
            IntegrityError: a file is missing, unknown or changed.
            SchemaVersionError: a newer version wrote it.
            StorageError: the disk refuses.
        """
        return cls(GraphStore.open(root))

    @property
    def store(self) -> GraphStore:
        """The graph itself."""
        return self._store

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
        if not mentions:
            return GraphAnswer(graph_sha256=self.sha256)
        spans = [mention.span for mention in mentions]
        readable = len(text) <= MAX_CLAIM_CHARACTERS
        relations = self._matcher.match(text, spans)[:MAX_RELATIONS] if readable else ()
        classes = self._matcher.classes(text, spans) if readable else []
        said = [term for term, _ in classes]
        readings = [read_roles(text, mentions, match) for match in relations]
        mentions = tuple(self._settle(mention, mentions, readings, said, text) for mention in mentions)
        mentions = tuple(self._with_classes(mention) for mention in mentions)
        readings = [read_roles(text, mentions, match) for match in relations]
        known = {(match.relation.term, match.inverted) for match in relations}
        narrower = [m for r in readings for m in self._narrower(r) if (m.relation.term, m.inverted) not in known]
        relations = (*relations, *narrower)
        readings.extend(read_roles(text, mentions, match) for match in narrower)
        facts: dict[tuple[str, str, str, str], Fact] = {}
        for reading in readings:
            for fact in self._decisive(reading, mentions):
                facts.setdefault((fact.relation.term, *_key(fact.triple)), fact)
        for fact in self._connecting(mentions):
            facts.setdefault((fact.relation.term, *_key(fact.triple)), fact)
        paths = [*self._class_paths(mentions, classes, spans), *self._paths.find(text, readings, mentions)]
        for path in paths:
            for fact in path[:1]:
                facts.setdefault((fact.relation.term, *_key(fact.triple)), fact)
        for fact in self._context(mentions, len(facts)):
            facts.setdefault((fact.relation.term, *_key(fact.triple)), fact)
        ranked = _ranked(list(facts.values()), readings, mentions)
        script = script_of(text)
        return GraphAnswer(
            mentions=mentions,
            relations=(*relations, *(match for _, match in classes)),
            facts=tuple(self._verbaliser.localised(fact, script) for fact in ranked[:MAX_FACTS]),
            paths=tuple(tuple(self._verbaliser.localised(fact, script) for fact in path) for path in paths),
            graph_sha256=self.sha256,
        )

    def _with_classes(self, mention: Mention) -> Mention:
        """Give entities all their classes, those above included: who compares kinds needs them."""
        entities = tuple(self._widened(entity) for entity in mention.entities)
        return Mention(span=mention.span, entities=entities, exact=mention.exact)

    def _widened(self, entity: Entity) -> Entity:
        above = {t for own in entity.types for t in self._store.schema.class_supers(own)}
        return Entity(term=entity.term, label=entity.label, types=(*entity.types, *sorted(above - set(entity.types))))

    # ------------------------------------------------------------------------------------------------ ambiguous names

    def _settle(
        self,
        mention: Mention,
        mentions: Sequence[Mention],
        readings: Sequence[Reading],
        classes: Sequence[str],
        text: str,
    ) -> Mention:
        """Keep of an ambiguous name what the claim's words leave; all of it, unless one candidate remains."""
        if not mention.ambiguous:
            return mention
        ways: tuple[Callable[[], list[Entity]], ...] = (
            lambda: self._by_case(mention, text),
            lambda: self._by_class_word(mention, text),
            lambda: self._by_class_claim(mention, classes),
            lambda: self._by_relation(mention, readings),
            lambda: self._by_neighbour(mention, mentions),
        )
        for way in ways:
            left = way()
            if len(left) == 1:
                return Mention(span=mention.span, entities=tuple(left), exact=mention.exact)
        return mention

    @staticmethod
    def _by_case(mention: Mention, text: str) -> list[Entity]:
        """Compare capitals where names differ by nothing else, and the claim does not begin with them."""
        surface = mention.span.of(text)
        if mention.span.start == 0 or len({entity.label.lower() for entity in mention.entities}) > 1:
            return []
        return [entity for entity in mention.entities if entity.label == surface]

    def _by_class_claim(self, mention: Mention, classes: Sequence[str]) -> list[Entity]:
        """Keep what is at all of the sort that the claim says it is: "Mercury is an ice giant" is no metal."""
        schema = self._store.schema
        above = {t for cls in classes for t in schema.class_supers(cls)}
        return [e for e in mention.entities if any(above & schema.class_supers(own) for own in e.types)]

    def _by_class_word(self, mention: Mention, text: str) -> list[Entity]:
        """Read what stands before the name: the planet Mercury, the element mercury, the city of Paris."""
        schema = self._store.schema
        words = text[max(0, mention.span.start - 40) : mention.span.start].lower().split()
        words = [word for word in words[-2:] if word != "of"]
        if not words:
            return []
        left = []
        for entity in mention.entities:
            labels = {
                schema.classes[above].label().lower()
                for own in entity.types
                for above in schema.class_supers(own)
                if above in schema.classes
            }
            if any(label == words[-1] or label.split()[-1] == words[-1] for label in labels):
                left.append(entity)
        return left

    def _by_relation(self, mention: Mention, readings: Sequence[Reading]) -> list[Entity]:
        """Keep candidates that have the property, or bear it, as their place in the claim asks."""
        left: dict[str, Entity] = {}
        for reading in readings:
            term = reading.match.relation.term
            for entity in mention.entities[:_LINKED_CANDIDATES]:
                as_subject = reading.subject is not None and reading.subject.span == mention.span
                as_value = reading.value is not None and reading.value.span == mention.span
                found = as_subject and next(self._values(entity.term, term), None) is not None
                if found or (as_value and next(self._holders(entity.term, term), None) is not None):
                    left[entity.term] = entity
        return list(left.values())

    def _by_neighbour(self, mention: Mention, mentions: Sequence[Mention]) -> list[Entity]:
        """Candidates that one statement joins to another name of the claim."""
        others = [e.term for m in mentions if m is not mention for e in m.entities[:4]][:16]
        return [
            entity
            for entity in mention.entities[:_LINKED_CANDIDATES]
            if any(
                self._store.triples(entity.term, None, other, limit=1)
                or self._store.triples(other, None, entity.term, limit=1)
                for other in others
            )
        ]

    # ---------------------------------------------------------------------------------------------------------- facts

    def _decisive(self, reading: Reading, mentions: Sequence[Mention]) -> Iterator[Fact]:
        """Yield the values of the property for its subject, and who else has its value."""
        term = reading.match.relation.term
        subjects = [reading.subject] if reading.subject is not None else list(mentions)
        for mention in [*subjects, *(m for m in mentions if m not in subjects)][:4]:
            for entity in mention.entities[:_LINKED_CANDIDATES]:
                for triple, flipped in self._values(entity.term, term):
                    yield self._verbaliser.fact(triple, term, flipped=flipped)
        values = [reading.value] if reading.value is not None else list(mentions)
        for mention in values[:4]:
            for entity in mention.entities[:_LINKED_CANDIDATES]:
                for triple, flipped in self._holders(entity.term, term):
                    yield self._verbaliser.fact(triple, term, flipped=flipped)

    def _narrower(self, reading: Reading) -> Iterator[RelationMatch]:
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

    def _values(self, subject: str, predicate: str) -> Iterator[tuple[Triple, bool]]:
        """Yield the statements that give the subject a value, with whether they stand the other way round."""
        schema = self._store.schema
        for own in schema.equals(subject):
            for below in sorted(schema.subs(predicate)):
                for triple in self._store.triples(own, below, None, limit=MAX_VALUES):
                    yield triple, False
                for mirror in sorted(schema.inverses(below)):
                    for triple in self._store.triples(None, mirror, own, limit=MAX_VALUES):
                        yield triple, True

    def _holders(self, value: str, predicate: str) -> Iterator[tuple[Triple, bool]]:
        schema = self._store.schema
        for own in schema.equals(value):
            for below in sorted(schema.subs(predicate)):
                for triple in self._store.triples(None, below, own, limit=MAX_VALUES):
                    yield triple, False
                for mirror in sorted(schema.inverses(below)):
                    for triple in self._store.triples(own, mirror, None, limit=MAX_VALUES):
                        yield triple, True

    def _connecting(self, mentions: Sequence[Mention]) -> Iterator[Fact]:
        """Yield what joins two names of the claim directly, whatever the property."""
        terms = [own for m in mentions[:12] for e in m.entities[:2] for own in self._store.schema.equals(e.term)][:24]
        for a in terms:
            for b in terms:
                if a != b:
                    for triple in self._store.triples(a, None, b, limit=20):
                        yield self._verbaliser.fact(triple, triple.predicate)

    def _context(self, mentions: Sequence[Mention], have: int) -> Iterator[Fact]:
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
                apart = schema.disjoint(entity.types, cls)
                if apart is not None:
                    member = Triple(subject=entity.term, predicate=TYPE_RELATION.term, object=apart[0])
                    yield (
                        self._verbaliser.fact(member, TYPE_RELATION.term),
                        self._verbaliser.disjoint(apart[0], cls),
                    )


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
