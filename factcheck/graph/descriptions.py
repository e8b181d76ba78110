"""Claims that need several facts: "the capital of the country where Marie Curie was born is Warsaw".

A description is taken apart from the inside: it ends in a name, the property next to the name leads to another entity,
the next property from there on, until what the sentence says of it. The forms that are read are nouns with "of",
relative clauses ("the country that invented …", "the city where … was born") and a verb behind the description ("the
author of Hamlet was born in …"); what else stands in the sentence is for the checker to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from factcheck.graph.facts import FactFinder
from factcheck.graph.relations import PREPOSITION
from factcheck.graph.schema import Name
from factcheck.graph.source import FactSource
from factcheck.graph.verbalise import Verbaliser
from factcheck.graph.vocabulary import is_literal
from factcheck.types import Description, Entity, Fact, Mention, RelationMatch, Span

MAX_HOPS = 4
_MAX_NODES = 40
_NESTED = re.compile(
    r"\b(?:the|whose)\s+(?:[\w-]+\s+){1,4}?(?:of|for|who|whom|that|which|where|whose|in\s+which)\b|'s\s+[\w-]+", re.I
)
_RELATIVE = re.compile(r"\b(?:where|whom|that|which|in which|whose)\s+(?:the\s+)?$", re.I)
_PRONOUN = re.compile(r"^\s+(?:who|whom|that|which|where|in\s+which)\b", re.I)
_OF = re.compile(r"(?:^|\s)(?:of|for)\b", re.I)
_COPULA = re.compile(r"^\s*(?:is|was|are|were)(?:n['’]t|\s+not)?\s+(?:the|an?)\b", re.I)


_MAKERS = frozenset(
    "author,written by,writer,inventor,invented by,discoverer,discovered by,discoverer or inventor,composer,composed by"
    ",director,directed by,creator,created by,painter,painted by,sculptor".split(",")
)
"""Of these the one that a graph has is whom "the author of …" means, though others are possible."""


class _Chain(NamedTuple):
    """A way from the name to an entity, whether every step leaves no other, and whether that is only likely."""

    end: Entity
    facts: tuple[Fact, ...]
    certain: bool
    derived: bool = False


class DescriptionFinder:
    """Follows descriptions from their name to what they describe."""

    def __init__(self, store: FactSource, facts: FactFinder, verbaliser: Verbaliser) -> None:
        self._store = store
        self._facts = facts
        self._verbaliser = verbaliser

    def find(
        self, text: str, mentions: Sequence[Mention], relations: Sequence[RelationMatch]
    ) -> tuple[Description, ...]:
        """Return where the claim's description leads, for claims with two names and at least two properties."""
        if any(m.ambiguous for m in mentions) or not _NESTED.search(text):
            return ()
        spans = self._phrases(mentions, relations)
        if len(spans) < 2:
            return ()
        if len(mentions) == 1:
            return self._of_values(text, mentions[0], spans, relations)
        if len(mentions) != 2:
            return ()
        first, second = mentions
        if _COPULA.match(text[first.span.end : first.span.end + 20]) and not _RELATIVE.search(text[: first.span.start]):
            name, value = second, first
        else:
            name, value = first, second
        found: dict[str, Description] = {}
        for order in _orders(text, name.span, value.span, spans):
            for chain in self._follow(text, name, order, relations):
                if len(chain.facts) > 1:
                    known = found.get(chain.end.term)
                    if known is None or len(known.facts) > len(chain.facts):
                        found[chain.end.term] = _description(chain, name.span, value.span, order)
        return tuple(found.values())

    def _of_values(
        self, text: str, name: Mention, spans: Sequence[Span], relations: Sequence[RelationMatch]
    ) -> tuple[Description, ...]:
        """Follow a description whose end has a number or date: "the author of Hamlet was born in 1564"."""
        found: list[Description] = []
        for order in _orders(text, name.span, None, spans):
            last = [m for m in relations if m.span == order[-1] and m.score > PREPOSITION and not m.inverted]
            for chain in self._follow(text, name, order[:-1], relations):
                for match in last if chain.facts else ():
                    values = list(self._facts.values(chain.end.term, match.relation.term))
                    if len(values) != 1 or not is_literal(values[0][0].object):
                        continue
                    fact = self._verbaliser.fact(values[0][0], match.relation.term, flipped=values[0][1])
                    longer = chain._replace(
                        facts=(*chain.facts, fact),
                        certain=chain.certain and match.relation.functional,
                        derived=chain.derived or match.relation.derived,
                    )
                    found.append(_description(longer, name.span, None, order))
        return tuple(found)

    @staticmethod
    def _phrases(mentions: Sequence[Mention], relations: Sequence[RelationMatch]) -> list[Span]:
        """Return the places where properties are spoken of, longest first where they overlap, in the text's order."""
        spans = {m.span for m in relations if m.span is not None and m.score > PREPOSITION}
        kept: list[Span] = []
        for span in sorted(spans, key=lambda s: (-len(s), s.start)):
            free = not any(span.overlaps(other) for other in (*kept, *(m.span for m in mentions)))
            if free:
                kept.append(span)
        return sorted(kept, key=lambda s: s.start)

    def _follow(
        self, text: str, name: Mention, order: Sequence[Span], relations: Sequence[RelationMatch]
    ) -> Iterator[_Chain]:
        chains = [_Chain(self._store.entity(name.entities[0].term), (), True)]
        for place in order:
            steps = [m for m in relations if m.span is not None and m.span == place and m.score > PREPOSITION]
            chains = [
                longer
                for chain in chains
                for match in steps
                for longer in self._step(chain, match, self._forwards(text, name.span, place, match))
            ][:_MAX_NODES]
        yield from chains

    @staticmethod
    def _forwards(text: str, name: Span, place: Span, match: RelationMatch) -> bool:
        """Say whether the property is one of where we are, rather than one of what we look for.

        "The author of Hamlet" and "where Curie was born" are properties of Hamlet and Curie; "the country that borders
        Spain" is a property of the country.
        """
        if place.start >= name.end:
            return not match.inverted
        behind = text[place.end : place.end + 12]
        noun = _OF.search(place.of(text)) or _OF.match(behind[:6]) or _PRONOUN.match(behind)
        return noun is not None or match.inverted

    def _step(self, chain: _Chain, match: RelationMatch, forwards: bool) -> Iterator[_Chain]:
        term, relation = match.relation.term, match.relation
        look = self._facts.values if forwards else self._facts.holders
        facts = [
            self._verbaliser.fact(triple, term, flipped=flipped)
            for triple, flipped in look(chain.end.term, term)
        ][:_MAX_NODES]  # fmt: skip
        declared = not relation.derived and (relation.functional if forwards else relation.inverse_functional)
        names = {relation.label.lower(), *(n.text.lower() for n in self._names(term))}
        maker = forwards and not declared and not _MAKERS.isdisjoint(names)
        ends = [fact.value if forwards else fact.subject for fact in facts]
        single = len({end.term for end in ends if end is not None}) == 1
        for fact, end in zip(facts, ends, strict=True):
            if end is not None and all(end.term != e.term for f in chain.facts for e in (f.subject, f.value) if e):
                certain = chain.certain and (declared or maker) and single
                yield _Chain(end, (*chain.facts, fact), certain, chain.derived or maker)

    def _names(self, term: str) -> Sequence[Name]:
        info = self._store.schema.properties.get(term)
        return () if info is None else (*info.labels, *info.aliases)


def _description(chain: _Chain, name: Span, value: Span | None, order: Sequence[Span]) -> Description:
    return Description(
        facts=chain.facts,
        name=name,
        value=value,
        phrases=tuple(order),
        end=chain.end,
        certain=chain.certain,
        derived=chain.derived,
    )


def _orders(text: str, name: Span, value: Span | None, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield the orders in which the phrases are followed from the name, innermost first.

    A noun before a relative pronoun may be a property or only say of what kind the thing is: both are tried.
    """
    first = value is None or value.start > name.start
    before = [s for s in spans if s.end <= name.start and (first or (value is not None and s.start >= value.end))]
    behind = [
        s for s in spans if name.end <= s.start and (value is None or s.end <= value.start or value.end <= name.start)
    ]
    inner = behind[:1] if _RELATIVE.search(text[: name.start]) else []
    outer = behind[len(inner) :]
    sequence = [*inner, *reversed(before), *outer]
    optional = [i for i, s in enumerate(sequence) if _PRONOUN.match(text[s.end : s.end + 12])]
    for keep in product((True, False), repeat=min(len(optional), 3)):
        left_out = {i for i, kept in zip(optional, keep, strict=False) if not kept}
        order = [s for i, s in enumerate(sequence) if i not in left_out]
        if 2 <= len(order) <= MAX_HOPS:
            yield order
