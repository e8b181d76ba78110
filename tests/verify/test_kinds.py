"""Classes with complete lists of members, numbers of listed things, and chains of facts with one value each."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from factcheck.graph.reader import LocalGraphReader
from factcheck.types import Case, Judgement, Label, Rule, Stance
from factcheck.verify.facts import GraphChecker
from tests.graph.sample import build, claim

TURTLE = """
@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix c: <http://c/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix fcv: <https://factcheck.example/vocabulary/> .
c:Place a owl:Class ; rdfs:label "place" .
c:Country a owl:Class ; rdfs:subClassOf c:Place ; rdfs:label "country" .
c:City a owl:Class ; rdfs:subClassOf c:Place ; rdfs:label "city" .
c:Continent a owl:Class ; rdfs:subClassOf c:Place ; rdfs:label "continent" .
c:Landlocked a owl:Class ; rdfs:subClassOf c:Country ; rdfs:label "landlocked country" ; fcv:closed true .
c:Monarchy a owl:Class ; rdfs:subClassOf c:Country ; rdfs:label "monarchy" .
p:locatedIn a owl:TransitiveProperty ; rdfs:label "located in" .
p:country a owl:FunctionalProperty ; rdfs:subPropertyOf p:locatedIn ; rdfs:label "country" ; rdfs:range c:Country .
p:continent a owl:FunctionalProperty ; rdfs:subPropertyOf p:locatedIn ; rdfs:label "continent" ;
    rdfs:range c:Continent .
p:borders a owl:SymmetricProperty ; rdfs:label "borders" ; fcv:closed true .
p:child rdfs:label "child" ; fcv:closed true .
p:friend rdfs:label "friend" .
e:n a c:Country ; rdfs:label "Norland" ; p:borders e:s , e:v ; p:continent e:b .
e:s a c:Landlocked ; rdfs:label "Sudmark" ; p:borders e:v ; p:continent e:b .
e:v a c:Monarchy ; rdfs:label "Vala" ; p:borders e:w ; p:continent e:a .
e:w a c:Country ; rdfs:label "Westria" .
e:b a c:Continent ; rdfs:label "Boria" . e:a a c:Continent ; rdfs:label "Austra" .
e:o a c:City ; rdfs:label "Orla" ; p:country e:s .
e:k rdfs:label "Ana Olsen" ; p:child e:k1 , e:k2 , e:k3 ; p:friend e:k1 , e:k2 .
e:k1 rdfs:label "Berta Olsen" . e:k2 rdfs:label "Carl Olsen" . e:k3 rdfs:label "Dora Olsen" .
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return LocalGraphReader.open(build(tmp_path_factory.mktemp("graph"), TURTLE))


def judge(reader: LocalGraphReader, text: str) -> Sequence[Judgement]:
    (result,) = GraphChecker(reader).check([Case(claim=claim(text))])
    return [j for j in result.judgements if j.part is None or j.stance is Stance.REFUTES]


TRUE, FALSE = Label.SUPPORTED, Label.REFUTED


@pytest.mark.parametrize(
    ("text", "label", "rule"),
    [
        ("Sudmark is a landlocked country.", TRUE, Rule.FACT_MATCH),
        ("Norland is a landlocked country.", FALSE, Rule.CLOSED_WORLD),
        ("Norland is not a landlocked country.", TRUE, Rule.NEGATED_FACT),
        ("Sudmark isn't a landlocked country.", FALSE, Rule.NEGATED_FACT),
        ("Norland borders two countries.", TRUE, Rule.CLOSED_WORLD),
        ("Norland borders 3 countries.", FALSE, Rule.CLOSED_WORLD),
        ("Vala shares a border with three other countries.", TRUE, Rule.CLOSED_WORLD),
        ("Norland borders at least two countries.", TRUE, Rule.CLOSED_WORLD),
        ("Norland borders more than two countries.", FALSE, Rule.CLOSED_WORLD),
        ("Norland does not border three countries.", TRUE, Rule.NEGATED_FACT),
        ("Ana Olsen has three children.", TRUE, Rule.CLOSED_WORLD),
        ("Ana Olsen has four children.", FALSE, Rule.CLOSED_WORLD),
        ("Ana Olsen has at least two friends.", TRUE, Rule.CLOSED_WORLD),
        ("Orla is located in Boria.", TRUE, Rule.PATH_MATCH),
        ("Orla is located in Austra.", FALSE, Rule.PATH_DIFFERS),
        ("The city of Orla is in Austra.", FALSE, Rule.PATH_DIFFERS),
        ("Orla is a city in Austra.", FALSE, Rule.PATH_DIFFERS),
        ("Orla is not located in Austra.", TRUE, Rule.NEGATED_FACT),
    ],
)
def test_decided(reader: LocalGraphReader, text: str, label: Label, rule: Rule) -> None:
    assert {(j.probabilities.label, j.rule) for j in judge(reader, text)} == {(label, rule)}


@pytest.mark.parametrize(
    "text",
    [
        "Norland is a monarchy.",  # that list is not declared complete
        "Ana Olsen has three friends.",  # nor is this one
        "Ana Olsen has two friends.",
        "Norland borders two rich countries.",
        "Norland borders two countries in Austra.",
        "In 1990 Norland bordered two countries.",
        "Norland once bordered three countries.",
        "Ana Olsen has about three children.",
        "Ana Olsen's three children live in Norland.",
        "Westria is located in Austra.",  # nothing says where Westria is
    ],
)
def test_left_open(reader: LocalGraphReader, text: str) -> None:
    assert judge(reader, text) == []


def test_a_wrong_number_is_put_right_in_its_own_words(reader: LocalGraphReader) -> None:
    for text, mended in (
        ("Ana Olsen has four children.", "Ana Olsen has three children."),
        ("Norland borders 3 countries.", "Norland borders 2 countries."),
        ("Orla is located in Austra.", "Orla is located in Boria."),
    ):
        (judgement,) = judge(reader, text)
        assert judgement.correction is not None and judgement.correction.apply(text) == mended


def test_what_was_counted_is_evidence(reader: LocalGraphReader) -> None:
    (result,) = GraphChecker(reader).check([Case(claim=claim("Ana Olsen has four children."))])
    shown = {e.id: e for e in result.evidence}[result.judgements[0].evidence_ids[0]]
    assert all(name in shown.text for name in ("Berta Olsen", "Carl Olsen", "Dora Olsen"))
    assert len(shown.triples) == 3


def test_denying_a_class_and_a_place_is_not_denying_the_class(reader: LocalGraphReader) -> None:
    assert {j.stance for j in judge(reader, "Orla is not a city in Norland.")} == {Stance.SUPPORTS}
    assert {j.stance for j in judge(reader, "Orla is not a city in Sudmark.")} == {Stance.REFUTES}


def test_a_complete_class_survives_the_disk(reader: LocalGraphReader) -> None:
    schema = reader.store.schema
    assert schema.is_outside(["<http://c/Country>"], "<http://c/Landlocked>")
    assert not schema.is_outside(["<http://c/Landlocked>"], "<http://c/Landlocked>")
    assert not schema.is_outside(["<http://c/Country>"], "<http://c/Monarchy>")
    assert schema.properties.get("<http://c/Landlocked>") is None


def test_properties_that_lead_in_a_ring_do_not_hang(tmp_path: Path) -> None:
    ring = "".join(f'e:r{i} a c:City ; rdfs:label "Ring {i}" ; p:country e:r{(i + 1) % 5} .\n' for i in range(5))
    reader = LocalGraphReader.open(build(tmp_path, TURTLE + ring))
    assert judge(reader, "Ring 1 is located in Austra.") == []
