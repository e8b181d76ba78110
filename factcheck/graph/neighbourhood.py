"""The surroundings of an entity as a networkx graph: for paths, centrality and pictures with the tools people know."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from factcheck.graph.store import GraphStore

if TYPE_CHECKING:
    import networkx


def neighbourhood(store: GraphStore, term: str, *, hops: int = 1, limit: int = 1000) -> networkx.MultiDiGraph:
    """Return the entities within some hops of one, and the facts between them.

    Args:
        store: an open graph.
        term: the entity, in N-Triples syntax.
        hops: how far to go, against the direction of facts too.
        limit: facts at most; nearer ones come first, so what is cut off is farthest away.

    Returns:
        Nodes are terms with a `label`; edges carry the property's term as key and its `label`. Literals are left out.
    """
    import networkx

    graph = networkx.MultiDiGraph()
    graph.add_node(term, label=store.label(term))
    waiting = deque([(term, 0)])
    seen = {term}
    while waiting:
        here, distance = waiting.popleft()
        if distance == hops:
            continue
        for triple in (*store.triples(subject=here, limit=limit), *store.triples(value=here, limit=limit)):
            if triple.object.startswith('"') or graph.has_edge(triple.subject, triple.object, key=triple.predicate):
                continue
            if graph.number_of_edges() >= limit:
                return graph
            for node in (triple.subject, triple.object):
                if node not in seen:
                    seen.add(node)
                    graph.add_node(node, label=store.label(node))
                    waiting.append((node, distance + 1))
            graph.add_edge(triple.subject, triple.object, key=triple.predicate, label=store.label(triple.predicate))
    return graph
