"""What one fact or chain says of a claim, and small questions about names and facts in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.graph.vocabulary import is_literal
from factcheck.types import Correction, Entity, Fact, GraphAnswer, Mention, Rule, Span
from factcheck.verify.wording import is_past, tells_past, unaccounted


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one fact or chain says of the claim.

    Attributes:
        facts: a fact, or a chain.
        said: the words of the claim that it was compared with.
        window: from the first to the last word that it accounts for.
        spans: all that it accounts for.
        passing: names between the property's words and the value, such as the place before a year.
        phrase: the words of the property.
        derived: rests on a characteristic that was read off the data.
        fitting: the claim's words as a whole speak of the property, so that none of them needs to be accounted for
            but those that make another claim of it.
        conflicting: the graph itself has another value that must not be there.
    """

    supports: bool
    rule: Rule
    facts: tuple[Fact, ...]
    said: str
    window: Span
    spans: tuple[Span, ...]
    phrase: Span | None
    passing: tuple[Span, ...] = ()
    correction: Correction | None = None
    derived: bool = False
    conflicting: bool = False
    fitting: bool = False


def phrases_of(answer: GraphAnswer, relation: str) -> tuple[Span, ...]:
    """Return all the words of the claim that speak of a property."""
    return tuple(m.span for m in answer.relations if m.relation.term == relation and m.span is not None)


def span_of(mention: Mention | None) -> Span | None:
    """Return where a name stands, if there is one."""
    return None if mention is None else mention.span


def terms_of(mention: Mention) -> tuple[str, ...]:
    """Return the terms of all that a name may mean."""
    return tuple(entity.term for entity in mention.entities)


def value_term(fact: Fact) -> str:
    """Return the term of a fact's value, literals included."""
    return fact.triple.object if fact.value is None else fact.value.term


def same_kind(value: Mention, fact: Fact) -> bool:
    """Say whether what the claim names is of the kind of what the graph has there."""
    return is_of_kind(value, fact.value) if fact.value is not None else not _classes(value, above=False)


def is_of_kind(mention: Mention, entity: Entity) -> bool:
    """Say whether one of both belongs to a class that the other is stated to belong to, or neither to any."""
    if not entity.types:
        return not _classes(mention, above=False)
    mine, its = _classes(mention, above=False), set(entity.types)
    return bool(its & _classes(mention, above=True) or mine & {*its, *entity.above})


def is_akin(mention: Mention, entity: Entity) -> bool:
    """Say whether both belong to a class, be it one above their own: an inventor and a scientist are persons."""
    return is_of_kind(mention, entity) or bool({*entity.types, *entity.above} & _classes(mention, above=True))


def _classes(mention: Mention, *, above: bool) -> set[str]:
    return {t for entity in mention.entities for t in (*entity.types, *(entity.above if above else ()))}


_DEMONYM = re.compile(r"(?:i?ans?|ns?|ese|i|ish)$")


def may_be_the_same(said: str, known: str) -> bool:
    """Say whether one name is the other's people: data that no ontology governs have "Australians" for Australia."""
    shorter, longer = sorted((said.casefold(), known.casefold()), key=len)
    rest = longer.removeprefix(shorter)
    return len(shorter) > 3 and rest != longer and _DEMONYM.fullmatch(rest) is not None


def hull(spans: Sequence[Span]) -> Span:
    """Return the stretch from the first to the last of them."""
    return Span(start=min(s.start for s in spans), end=max(s.end for s in spans))


def is_clean(text: str, finding: Finding, fact: Fact) -> bool:
    """Say whether nothing between the names could change the sense, tense included."""
    entity = not is_literal(fact.triple.object)
    if entity and is_past(text, finding.window) and not tells_past(fact.text):
        return False
    negators = re.compile(r"not|n['’]t|never|不|並|并|非", re.I)
    left = unaccounted(
        text,
        finding.window,
        (*finding.spans, *finding.passing),
        [fact.text, fact.relation.label],
        tolerant=True,
    )
    return all(negators.fullmatch(span.of(text)) or re.search(r"n['’]t$", span.of(text)) for span in left)
