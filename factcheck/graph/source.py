"""What the room asks a graph, wherever it lies: on disk, or behind a SPARQL endpoint."""

from __future__ import annotations

from typing import Protocol

from factcheck.graph.schema import Schema
from factcheck.types import Entity, Triple


class FactSource(Protocol):
    """Statements, entities with their labels, and the schema."""

    @property
    def schema(self) -> Schema:
        """What is known of properties and classes."""

    @property
    def sha256(self) -> str:
        """Of what is asked."""

    @property
    def source(self) -> str:
        """How evidence cites the graph."""

    def triples(
        self, subject: str | None = None, predicate: str | None = None, value: str | None = None, *, limit: int = 1000
    ) -> list[Triple]:
        """Return up to `limit` statements that fit; each once, terms in N-Triples syntax."""

    def entity(self, term: str) -> Entity:
        """Return a node with its best label and its classes."""

    def label(self, term: str, language: str = "en") -> str:
        """Return the entity's best name in a language, else its best label."""

    def name_in_sentence(self, term: str) -> str:
        """Return the name as running English text writes it, else the label."""
