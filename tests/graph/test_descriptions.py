"""Claims that join two or three facts."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from factcheck.decide import decide
from factcheck.graph.reader import LocalGraphReader
from factcheck.retrieve.facts import FactRetriever
from factcheck.types import Case, Judgement, Label, Rule
from factcheck.verify.facts import GraphChecker
from tests.graph.sample import build, claim

TURTLE = """
@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix c: <http://c/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
c:City a owl:Class ; rdfs:label "city" . c:Country a owl:Class ; rdfs:label "country" .
c:Person a owl:Class ; rdfs:label "person" . c:Work a owl:Class ; rdfs:label "novel" .
p:author a owl:FunctionalProperty ; rdfs:label "author" .
p:birthPlace a owl:FunctionalProperty ; rdfs:label "birth place" .
p:country a owl:FunctionalProperty ; rdfs:label "country" .
p:capital a owl:FunctionalProperty , owl:InverseFunctionalProperty ; rdfs:label "capital" .
p:inventor rdfs:label "inventor" .
p:born a owl:FunctionalProperty ; rdfs:label "birth date" .
p:border a owl:SymmetricProperty ; rdfs:label "borders" .
p:spouse a owl:SymmetricProperty ; rdfs:label "spouse" .
e:n a c:Country ; rdfs:label "Norland" ; p:capital e:v ; p:border e:s .
e:s a c:Country ; rdfs:label "Sudmark" ; p:capital e:t .
e:v a c:City ; rdfs:label "Vess" ; p:country e:n . e:o a c:City ; rdfs:label "Orla" ; p:country e:n .
e:t a c:City ; rdfs:label "Toren" ; p:country e:s .
e:a a c:Person ; rdfs:label "Ana Olsen" ; p:birthPlace e:o ; p:spouse e:b . e:b a c:Person ; rdfs:label "Bo Lund" ;
    p:birthPlace e:t .
e:w a c:Work ; rdfs:label "Coral Reef" ; p:author e:a .
e:a p:born "1867-11-07"^^<http://www.w3.org/2001/XMLSchema#date> .
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return LocalGraphReader.open(build(tmp_path_factory.mktemp("graph"), TURTLE))


def judge(reader: LocalGraphReader, text: str) -> Sequence[Judgement]:
    (result,) = GraphChecker(reader).check([Case(claim=claim(text))])
    return result.judgements


@pytest.mark.parametrize(
    ("text", "label", "facts"),
    [
        ("The author of Coral Reef was born in Orla.", Label.SUPPORTED, 2),
        ("The author of Coral Reef was born in Vess.", Label.REFUTED, 2),
        ("The capital of the country of Orla is Vess.", Label.SUPPORTED, 2),
        ("The capital of the country where Ana Olsen was born is Vess.", Label.SUPPORTED, 3),
        ("The capital of the country where Ana Olsen was born is Toren.", Label.REFUTED, 3),
        ("Vess is the capital of the country where Ana Olsen was born.", Label.SUPPORTED, 3),
        ("Toren is the capital of the country where Ana Olsen was born.", Label.REFUTED, 3),
        ("The capital of the country that borders Sudmark is Vess.", Label.SUPPORTED, 2),
        ("The spouse of the author of Coral Reef is Bo Lund.", Label.SUPPORTED, 2),
    ],
)
def test_a_description_is_followed(reader: LocalGraphReader, text: str, label: Label, facts: int) -> None:
    found = [j for j in judge(reader, text) if j.rule in (Rule.PATH_MATCH, Rule.PATH_DIFFERS)]
    assert [j.probabilities.label for j in found] == [label]
    (answer,) = reader.ask([claim(text)])
    assert [len(one.facts) for one in answer.descriptions] == [facts]
    assert not [j for j in judge(reader, text) if j.probabilities.label not in (label, Label.NOT_ENOUGH_INFO)]


@pytest.mark.parametrize(
    "text",
    [
        "The capital of the country that borders Norland is Orla.",  # several could border it
        "The spouse of the author of Coral Reef is Ana Olsen.",
        "The author of Coral Reef was born in Norland.",  # of another kind
        "The first author of Coral Reef was born in Vess.",
        "The author of Coral Reef visited Vess.",
    ],
)
def test_what_leaves_another_reading_refutes_nothing(reader: LocalGraphReader, text: str) -> None:
    assert [j for j in judge(reader, text) if j.probabilities.label is Label.REFUTED] == []


def test_the_way_is_evidence(reader: LocalGraphReader) -> None:
    said = claim("The capital of the country where Ana Olsen was born is Vess.")
    (found,) = FactRetriever(reader).retrieve([said], 5)
    assert any(len(evidence.triples) == 3 for evidence in found)
    (result,) = GraphChecker(reader).check([Case(claim=said, evidence=found)])
    (judgement,) = [j for j in result.judgements if j.rule is Rule.PATH_MATCH]
    assert "Ana Olsen" in judgement.reason and "Vess" in judgement.reason and judgement.part is None


def test_a_circle_is_not_followed(tmp_path: Path) -> None:
    turtle = TURTLE + "e:n p:capital e:n . e:x rdfs:label 'Xer' ; p:country e:x ; p:capital e:x .\n"
    reader = LocalGraphReader.open(build(tmp_path, turtle))
    found = judge(reader, "The capital of the country of Xer is Vess.")
    assert not any(j.rule in {Rule.PATH_MATCH, Rule.PATH_DIFFERS} for j in found)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The author of Coral Reef was born in 1867.", Label.SUPPORTED),
        ("The author of Coral Reef was born in 1876.", Label.REFUTED),
        ("The author of Coral Reef was born on 8 November 1867.", Label.REFUTED),
        ("The oldest author of Coral Reef was born in 1876.", Label.NOT_ENOUGH_INFO),
    ],
)
def test_a_description_may_end_in_a_date(reader: LocalGraphReader, text: str, label: Label) -> None:
    (result,) = GraphChecker(reader).check([Case(claim=claim(text))])
    assert decide(Case(claim=claim(text), evidence=result.evidence), result.judgements).label is label
