"""The networkx view: bounded, labelled, both directions."""

from pathlib import Path

import networkx
import pytest

from factcheck.graph.neighbourhood import neighbourhood
from factcheck.graph.store import GraphStore, build_graph

CHAIN = "".join(f"<https://a.example/{i}> <https://a.example/next> <https://a.example/{i + 1}> .\n" for i in range(10))
LITERAL = '<https://a.example/0> <https://a.example/size> "5" .\n'


@pytest.fixture
def store(tmp_path: Path) -> GraphStore:
    source = tmp_path / "chain.nt"
    source.write_text(CHAIN + LITERAL, encoding="utf-8")
    build_graph([source], tmp_path / "graph")
    return GraphStore.open(tmp_path / "graph")


def term(i: int) -> str:
    return f"<https://a.example/{i}>"


@pytest.mark.parametrize(("hops", "nodes"), [(0, 1), (1, 3), (2, 5), (50, 11)])
def test_as_far_as_asked_in_both_directions(store: GraphStore, hops: int, nodes: int) -> None:
    found = neighbourhood(store, term(5), hops=hops)
    assert found.number_of_nodes() == nodes
    assert found.number_of_edges() == nodes - 1
    assert all(label for _, label in found.nodes(data="label"))


def test_paths_are_found_with_networkx(store: GraphStore) -> None:
    found = neighbourhood(store, term(2), hops=5)
    assert networkx.shortest_path(found, term(0), term(7)) == [term(i) for i in range(8)]


def test_bounded(store: GraphStore) -> None:
    assert neighbourhood(store, term(0), hops=50, limit=4).number_of_edges() == 4
