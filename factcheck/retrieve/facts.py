"""Claims to facts of a graph, as evidence: what `graph.reader` found, the facts that speak to the claim first."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck.graph.evidence import fact_evidence
from factcheck.protocols import GraphReader
from factcheck.types import Claim, Evidence, Fact, GraphAnswer


class FactRetriever:
    """`Retriever` over a graph."""

    def __init__(self, reader: GraphReader) -> None:
        self._reader = reader

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        """Return up to `k` facts or chains of facts for each claim, best first, ids unique within a claim."""
        return [self._evidence(answer, k) for answer in self._reader.ask(claims)]

    def _evidence(self, answer: GraphAnswer, k: int) -> tuple[Evidence, ...]:
        found: dict[str, Evidence] = {}
        chains: list[tuple[Fact, ...]] = [
            *(one.facts for one in answer.descriptions),
            *(path for path in answer.paths if len(path) > 1),
        ]
        # A fact about one of several things of a name says nothing of a claim that may mean another.
        doubtful = {e.term for mention in answer.mentions if mention.ambiguous for e in mention.entities}
        singles: list[tuple[Fact, ...]] = [(f,) for f in answer.facts if f.subject.term not in doubtful]
        # A chain was sought because the claim asks for it; one fact is enough where there is one.
        for rank, facts in enumerate((*singles[:1], *chains, *singles[1:])):
            if len(found) == k:
                break
            evidence = fact_evidence(
                facts, source=self._reader.source, graph_sha256=answer.graph_sha256, score=1.0 / (1 + rank)
            )
            found.setdefault(evidence.id, evidence)
        return tuple(found.values())
