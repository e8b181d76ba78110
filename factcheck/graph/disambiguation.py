"""Which of several things of one name a claim means, where its words and the graph leave one reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from factcheck.graph.facts import FactFinder
from factcheck.graph.roles import Reading
from factcheck.graph.source import FactSource
from factcheck.types import Entity, Mention

_CANDIDATES = 24


class Disambiguator:
    """Settles ambiguous names; what stays open is reported as it is."""

    def __init__(self, store: FactSource, facts: FactFinder) -> None:
        self._store = store
        self._facts = facts

    def settle(
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
            lambda: self._by_neighbour(mention, mentions),
            lambda: self._by_relation(mention, readings),
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
            for entity in mention.entities[:_CANDIDATES]:
                as_subject = reading.subject is not None and reading.subject.span == mention.span
                as_value = reading.value is not None and reading.value.span == mention.span
                found = as_subject and next(self._facts.values(entity.term, term), None) is not None
                if found or (as_value and next(self._facts.holders(entity.term, term), None) is not None):
                    left[entity.term] = entity
        return list(left.values())

    def _by_neighbour(self, mention: Mention, mentions: Sequence[Mention]) -> list[Entity]:
        """Candidates that one statement joins to another name of the claim."""
        others = [e.term for m in mentions if m is not mention for e in m.entities[:4]][:16]
        return [
            entity
            for entity in mention.entities[:_CANDIDATES]
            if any(
                self._store.triples(entity.term, None, other, limit=1)
                or self._store.triples(other, None, entity.term, limit=1)
                for other in others
            )
        ]
