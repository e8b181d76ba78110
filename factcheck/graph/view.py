"""The rdflib view: the API that RDF people know, over the same files, for reading only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from oxrdflib import OxigraphStore
from rdflib import Graph
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from factcheck.errors import UsageError

if TYPE_CHECKING:
    from pyoxigraph import Store


class _ReadOnlyStore(OxigraphStore):
    """Refuses everything that would change a published generation, and queries that would fetch."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise UsageError("a published graph is read-only", remedy="build a new generation with 'factcheck kb build'")

    add = addN = remove = update = commit = rollback = add_graph = remove_graph = _refuse  # noqa: N815


def read_only_view(store: Store) -> Graph:
    """Return rdflib's view of the default graph.

    The identifier matters: with any other one the view would be empty without a word.
    """
    return Graph(_ReadOnlyStore(store=store), identifier=DATASET_DEFAULT_GRAPH_ID)
