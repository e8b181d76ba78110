"""Documents, passages, triples and the evidence that they are for a claim."""

from __future__ import annotations

from dataclasses import dataclass

from factcheck.types.text import Claim, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text as it came into a corpus, before it is cut into passages.

    Attributes:
        id: unique within a corpus.
        text: what spans and `sha256` refer to.
        title: may be empty, like section and source.
        date: as the corpus states it, ISO 8601 where it can.
    """

    id: str
    text: str
    title: str = ""
    section: str = ""
    source: str = ""
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Some whole sentences of a document.

    Attributes:
        document_sha256: of the document's text, in UTF-8, as lower-case hex.
        span: where `text` stands in the document's text.
    """

    id: str
    document_id: str
    document_sha256: str
    title: str
    section: str
    text: str
    span: Span
    source: str
    date: str | None = None

    @property
    def premise(self) -> str:
        """Title, section and text on lines of their own: what is embedded, indexed and shown to a checker."""
        return "\n".join(part for part in (self.title, self.section, self.text) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Triple:
    """A statement of a graph; each term in N-Triples syntax (`<iri>`, `_:b`, `"text"@en`)."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something that may settle a claim; it always has text.

    Attributes:
        id: unique within a case.
        text: the passage's text, or the facts in words. Document spans and `Judgement.span` refer to it.
        source: who says so; two pieces of evidence are independent only if their sources differ.
        score: of retrieval; comparable within one case only.
        passage: the passage that it is, unless it comes from a graph.
        triples: the facts that it is, unless it comes from a corpus.
        graph_sha256: which graph generation the triples come from.
    """

    id: str
    text: str
    source: str
    score: float = 0.0
    passage: Passage | None = None
    triples: tuple[Triple, ...] = ()
    graph_sha256: str | None = None

    @property
    def premise(self) -> str:
        """What a checker reads: the text under its title and section."""
        return self.text if self.passage is None else self.passage.premise

    @property
    def origin(self) -> str:
        """The document's or the graph's hash (else the id): equal origins are never independent."""
        if self.passage is not None:
            return self.passage.document_sha256
        return self.graph_sha256 or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A claim with its evidence, best first; there may be none."""

    claim: Claim
    evidence: tuple[Evidence, ...] = ()
