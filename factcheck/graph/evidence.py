"""Facts as evidence: retrieval and verification make the same piece of evidence of the same facts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from factcheck.types import Evidence, Fact


def fact_evidence(facts: Sequence[Fact], *, source: str, graph_sha256: str | None, score: float = 0.0) -> Evidence:
    """Return a fact, or a chain of facts, as evidence.

    Args:
        facts: at least one; a chain in its order.
        source: the graph's name.
        graph_sha256: the generation that was asked.
        score: of retrieval.

    Returns:
        Evidence whose id is a hash of its triples, `g:` and 16 hex digits.
    """
    triples = tuple(
        dict.fromkeys(t for fact in facts for t in (fact.triple, *(t for p in fact.periods for t in p.triples)))
    )
    joined = "\n".join(f"{t.subject} {t.predicate} {t.object}" for t in triples)
    digest = hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()
    return Evidence(
        id=f"g:{digest[:16]}",
        text=" ".join(fact.text for fact in facts),
        source=source,
        score=score,
        triples=triples,
        graph_sha256=graph_sha256,
    )
