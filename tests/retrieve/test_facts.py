from pathlib import Path

import pytest

from factcheck.graph.evidence import fact_evidence
from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.store import build_graph
from factcheck.protocols import Retriever
from factcheck.retrieve.facts import FactRetriever
from factcheck.types import Case
from factcheck.verify.facts import GraphChecker
from tests.fakes import FakeGraphReader
from tests.graph.sample import claim, open_reader


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return open_reader(tmp_path_factory.mktemp("graph"))


def test_facts_become_evidence(reader: LocalGraphReader) -> None:
    retriever = FactRetriever(reader)
    assert isinstance(retriever, Retriever)
    found, nothing = retriever.retrieve([claim("The capital of Norland is Orla."), claim("Nothing known.")], 4)
    assert nothing == ()
    assert len(found) == 4 and len({e.id for e in found}) == 4
    first = found[0]
    assert first.text == "The capital of Norland is Vess." and first.source == "test graph"
    assert first.graph_sha256 == reader.sha256 and first.passage is None
    assert first.triples[0].predicate == "<https://example.org/p/capital>"
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    assert found == retriever.retrieve([claim("The capital of Norland is Orla.")], 4)[0]


def test_chains_come_before_the_facts_beside_them(reader: LocalGraphReader) -> None:
    (found,) = FactRetriever(reader).retrieve([claim("Vess is located in Boria.")], 5)
    assert any(
        len(e.triples) == 2 and e.text == "Vess is a city in Norland. Norland is a country in Boria." for e in found
    )


def test_k_bounds(reader: LocalGraphReader) -> None:
    retriever = FactRetriever(reader)
    assert retriever.retrieve([claim("Norland")], 0) == [()]
    assert len(retriever.retrieve([claim("Norland")], 2)[0]) == 2
    assert retriever.retrieve([], 3) == []
    assert FactRetriever(FakeGraphReader()).retrieve([claim("x")], 3) == [()]


def test_the_id_is_of_the_triples(reader: LocalGraphReader, tmp_path: Path) -> None:
    facts = reader.ask([claim("The capital of Norland is Orla.")])[0].facts
    one = fact_evidence(facts[:1], source="a", graph_sha256=None)
    assert one.id == fact_evidence(facts[:1], source="b", graph_sha256="x").id
    assert one.id.startswith("g:") and len(one.id) == 18
    assert one.id != fact_evidence(facts[1:2], source="a", graph_sha256=None).id


def test_facts_about_one_of_several_namesakes_are_no_evidence(tmp_path: Path) -> None:
    lines = ["@prefix : <https://a.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."]
    lines += [':capital rdfs:label "capital"@en . :q rdfs:label "Quillon" . :p rdfs:label "Parnell" .']
    lines += [f':s{i} rdfs:label "Springfield" ; :capital :{"pq"[i % 2]} .' for i in range(100)]
    (tmp_path / "g.ttl").write_text("\n".join(lines), encoding="utf-8")
    build_graph([tmp_path / "g.ttl"], tmp_path / "graph")
    asked = claim("The capital of Springfield is Quillon.")
    reader = LocalGraphReader.open(tmp_path / "graph")
    assert FactRetriever(reader).retrieve([asked], 8) == [()]
    assert GraphChecker(reader).check([Case(claim=asked)])[0].judgements == ()
