from pathlib import Path

import pytest

from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.verbalise import Script, script_of
from factcheck.protocols import GraphReader
from factcheck.types import GraphAnswer
from tests.graph.sample import build, claim, open_reader


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return open_reader(tmp_path_factory.mktemp("graph"))


def ask(reader: LocalGraphReader, text: str) -> GraphAnswer:
    return reader.ask([claim(text)])[0]


def test_it_keeps_the_protocol(reader: LocalGraphReader) -> None:
    assert isinstance(reader, GraphReader)
    assert reader.source == "test graph" and len(reader.sha256) == 64
    assert reader.ask([]) == []


def test_equal_claims_are_looked_up_once(reader: LocalGraphReader) -> None:
    first, second = reader.ask([claim("Vess is old."), claim("Vess is old.")])
    assert first is second


def test_the_fact_that_is_spoken_of_comes_first(reader: LocalGraphReader) -> None:
    answer = ask(reader, "The capital of Norland is Orla.")
    assert answer.graph_sha256 == reader.sha256
    assert answer.facts[0].text == "The capital of Norland is Vess."
    assert answer.facts[0].value_text == "Vess"
    assert len({(f.relation.term, f.triple) for f in answer.facts}) == len(answer.facts)


def test_values_carry_units_and_read_well(reader: LocalGraphReader) -> None:
    (area,) = [f for f in ask(reader, "The total area of Norland is large.").facts if f.relation.unit == "km^2"]
    assert area.value_text == "2,381,740 km²"
    assert area.text == "Norland has a total area of 2,381,740 square kilometres."
    (born,) = [f for f in ask(reader, "Ana Olsen was born.").facts if f.relation.label == "date of birth"]
    assert born.text == "Ana Olsen was born on 7 November 1867."
    (melts,) = [f for f in ask(reader, "the element mercury melts at 3 °C").facts if f.relation.unit == "degC"]
    assert melts.text == "Mercury: melting point: -38.83 °C."


def test_names_come_in_the_claim_s_writing(reader: LocalGraphReader) -> None:
    assert ask(reader, "諾蘭的首都是奧拉。").facts[0].value_text == "維斯"
    assert ask(reader, "诺兰的首都是奥拉。").facts[0].value_text == "维斯"
    assert [script_of(text) for text in ("Vess", "諾蘭", "诺兰", "中文")] == [
        Script.LATIN,
        Script.TRADITIONAL,
        Script.SIMPLIFIED,
        Script.TRADITIONAL,
    ]


def test_paths_follow_transitive_properties_and_events(reader: LocalGraphReader) -> None:
    (path,) = ask(reader, "Vess is located in Boria.").paths
    assert [f.text for f in path] == ["Vess is a city in Norland.", "Norland is a country in Boria."]
    (event,) = ask(reader, "Ana Olsen won the Grand Prize in 1904.").paths
    assert event[-1].value_text == "1903"


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("Mercury orbits Sol.", ["Mercury"]),  # only a planet orbits
        ("The atomic number of mercury is 80.", ["mercury"]),
        ("The planet Mercury is small.", ["Mercury"]),
        ("Springs is a city.", ["Springs", "Springs"]),
        ("Springs lies in Norland, a country.", ["Springs"]),  # one of them does
    ],
)
def test_an_ambiguous_name_is_settled_only_where_one_reading_is_left(
    reader: LocalGraphReader, text: str, entities: list[str]
) -> None:
    assert [e.label for e in ask(reader, text).mentions[0].entities] == entities


def test_what_is_the_same_is_one_entity(reader: LocalGraphReader) -> None:
    (mention,) = ask(reader, "Northland").mentions
    assert len(mention.entities) == 1
    facts = {f.text for f in ask(reader, "Northland is a country.").facts}
    assert "Norland borders Sudmark." in facts and any("Eastern Realm" in fact for fact in facts)


def test_cycles_of_a_transitive_property_end(tmp_path: Path) -> None:
    ring = "".join(f'e:n{i} rdfs:label "Node{i:03}" ; p:in e:n{(i + 1) % 300} .\n' for i in range(300))
    text = (
        "@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'p:in a owl:TransitiveProperty ; rdfs:label "located in" . e:o rdfs:label "Outside" ; p:in e:o .\n'
    )
    reader = LocalGraphReader.open(build(tmp_path, text + ring))
    assert ask(reader, "Node001 is located in Outside.").paths == ()
    assert [len(path) for path in ask(reader, "Node001 is located in Node004.").paths] == [3]


def test_a_hub_costs_no_more_than_others(tmp_path: Path) -> None:
    lines = "".join(
        f'<http://x/{n}> <http://x/p> <http://x/hub> .\n<http://x/hub> <http://x/q> "{n}" .\n' for n in range(5000)
    )
    label = '<http://x/hub> <http://www.w3.org/2000/01/rdf-schema#label> "Hub" .\n'
    reader = LocalGraphReader.open(build(tmp_path, lines + label))
    assert 0 < len(ask(reader, "Hub is what it is.").facts) <= 60


def test_an_event_is_no_peer_of_what_it_joins_and_has_one_kind_of_date(tmp_path: Path) -> None:
    graph = """
@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix c: <http://c/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
c:Planet rdfs:subClassOf c:Body . c:Moon rdfs:subClassOf c:Body .
p:discoverer rdfs:label "discovered by" . p:orbits rdfs:label "orbits" . p:date rdfs:label "date" .
p:winner rdfs:label "winner" . p:prize rdfs:label "prize" . p:told rdfs:label "date of announcement" .
e:Herschel rdfs:label "William Herschel" . e:Uranus rdfs:label "Uranus" ; a c:Planet ; p:discoverer e:Herschel .
e:Titania rdfs:label "Titania" ; a c:Moon ; p:discoverer e:Herschel ; p:orbits e:Uranus ; p:date "1787"^^xsd:gYear .
e:Ida rdfs:label "Ida Stone" . e:Vale rdfs:label "Vale Prize" . e:Otto rdfs:label "Otto Marsh" .
e:one p:winner e:Ida ; p:prize e:Vale ; p:date "1903"^^xsd:gYear .
e:two p:winner e:Otto ; p:prize e:Vale ; p:date "1904"^^xsd:gYear ; p:told "1905"^^xsd:gYear .
"""
    reader = LocalGraphReader.open(build(tmp_path, graph))
    assert ask(reader, "William Herschel discovered Uranus in 1787.").paths == ()
    (event,) = ask(reader, "Ida Stone was the winner of the Vale Prize in 1903.").paths
    assert event[-1].value_text == "1903"
    assert ask(reader, "Otto Marsh was the winner of the Vale Prize in 1904.").paths == ()
