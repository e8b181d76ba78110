"""What a graph is asked and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from factcheck.types.evidence import Triple
from factcheck.types.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A node of a graph.

    Attributes:
        term: in N-Triples syntax.
        label: the best one.
        types: terms of the classes that it is stated to belong to.
        above: terms of the classes above these, where somebody looked.
    """

    term: str
    label: str
    types: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name in a claim and the entities that it may mean.

    Attributes:
        span: into the claim's text.
        entities: best first. More than one means that the name is ambiguous; nobody may pick one of them silently.
        exact: whether label or alias matched as written (case and width aside), not as a misspelling.
    """

    span: Span
    entities: tuple[Entity, ...]
    exact: bool = True

    @property
    def ambiguous(self) -> bool:
        """Whether more than one entity bears the name."""
        return len(self.entities) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A property as the ontology, or the data where it is silent, describes it.

    Attributes:
        unit: of numeric values, in pint's spelling; None where none is declared.
        inverse: term of the inverse property.
        derived: the characteristics were read off the data, not declared; trust them less.
        denies: its name says that something is not so: "cannot", "does not want".
    """

    term: str
    label: str
    functional: bool = False
    inverse_functional: bool = False
    symmetric: bool = False
    transitive: bool = False
    closed: bool = False
    unit: str | None = None
    inverse: str | None = None
    derived: bool = False
    denies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationMatch:
    """Words of a claim that speak of a property.

    Attributes:
        span: into the claim's text; None where the property was inferred from the whole.
        inverted: the words express the inverse (the property's object is the claim's subject).
        score: in [0, 1].
    """

    relation: Relation
    span: Span | None
    inverted: bool
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When a fact holds, by its qualifiers.

    Attributes:
        start: first date, in the lexical form of the graph (ISO 8601); None where it is open.
        end: last date; equal to `start` for a point in time.
        triples: the statements that say so.
    """

    start: str | None
    end: str | None
    triples: tuple[Triple, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A triple with everything that is needed to speak of it.

    Attributes:
        value: the object's entity; None for a literal.
        value_text: the object's label, or the literal's lexical form with its unit.
        text: the fact as a sentence.
        periods: when it holds, where the graph says so; more than one where it held again.
    """

    triple: Triple
    subject: Entity
    relation: Relation
    value: Entity | None
    value_text: str
    text: str
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFact:
    """A fact whose subject and value both stand in the claim; whether the claim states it is for a checker to say.

    Attributes:
        subject: where the fact's subject is named.
        value: where its value is said.
        fit: how well the claim's other words speak of the property, in standard deviations above any property; None
            where nobody compared them.
    """

    fact: Fact
    subject: Span
    value: Span
    fit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Where a description in the claim leads: "the capital of the country where Marie Curie was born".

    Attributes:
        facts: the way, from the name that the description ends in.
        name: that name's place in the claim.
        value: what the claim says of the thing described; None where the last fact's value is a number or date, which
            has to be looked for among the claim's other words.
        phrases: the words of the properties, in the order of the facts.
        end: the thing described; with `value` None, what has that number or date.
        certain: every property on the way has one value only, so that nothing else can be meant.
        derived: that one of them has is only what the data, or the name of the property, show.
    """

    facts: tuple[Fact, ...]
    name: Span
    value: Span | None
    phrases: tuple[Span, ...]
    end: Entity
    certain: bool
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAnswer:
    """What a graph knows of one claim: names found, properties spoken of, facts about them.

    Attributes:
        facts: candidate facts, the most relevant first, each about at least one mentioned entity.
        stated: facts whose two ends the claim names.
        paths: chains of facts that join mentioned entities, for claims that need more than one.
        descriptions: chains of facts that a description in the claim asks for.
        graph_sha256: the generation that was asked.
    """

    mentions: tuple[Mention, ...] = ()
    relations: tuple[RelationMatch, ...] = ()
    facts: tuple[Fact, ...] = ()
    stated: tuple[StatedFact, ...] = ()
    paths: tuple[tuple[Fact, ...], ...] = ()
    descriptions: tuple[Description, ...] = ()
    graph_sha256: str | None = None
