"""Facts with a time: RDF 1.2 reifiers and Wikidata's statement nodes; and what follows for claims with a time."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from factcheck.graph.load import read_quads
from factcheck.graph.reader import LocalGraphReader
from factcheck.types import Case, CheckResult, Judgement, Label, Stance
from factcheck.verify.facts import GraphChecker
from factcheck.verify.logic import LogicChecker
from tests.graph.sample import build, claim

XSD = "http://www.w3.org/2001/XMLSchema#"
TURTLE = f"""
@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <{XSD}> .
p:capital a owl:FunctionalProperty ; rdfs:label "capital" .
p:president rdfs:label "president" .
p:start rdfs:label "start" . p:end rdfs:label "end" .
e:n rdfs:label "Norland" ; p:capital e:v {{| p:start "1949"^^xsd:gYear ; p:end "1990-10-02"^^xsd:date |}} ;
    p:capital e:o {{| p:start "1990-10-03"^^xsd:date |}} ;
    p:president e:a {{| p:start "2001"^^xsd:gYear ; p:end "2005"^^xsd:gYear |}}
                    {{| p:start "2011"^^xsd:gYear ; p:end "2015"^^xsd:gYear |}} ;
    p:president e:b {{| p:start "soon" |}} .
e:v rdfs:label "Vess" . e:o rdfs:label "Orla" . e:a rdfs:label "Ana Olsen" . e:b rdfs:label "Berta Lund" .
"""
WIKIDATA = f"""
@prefix wd: <http://www.wikidata.org/entity/> . @prefix p: <http://www.wikidata.org/prop/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> . @prefix pq: <http://www.wikidata.org/prop/qualifier/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <{XSD}> .
wdt:P39 rdfs:label "position held" .
wd:Q900001 rdfs:label "Ana Olsen" ; p:P39 wd:s1 .
wd:s1 ps:P39 wd:Q900002 ; pq:P580 "2001-01-20T00:00:00Z"^^xsd:dateTime ; pq:P582 "2005-01-20T00:00:00Z"^^xsd:dateTime .
wd:Q900002 rdfs:label "Chancellor of Norland" .
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return LocalGraphReader.open(build(tmp_path_factory.mktemp("reifiers"), TURTLE))


@pytest.fixture(scope="module")
def wikidata(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return LocalGraphReader.open(build(tmp_path_factory.mktemp("wikidata"), WIKIDATA))


def judge(reader: LocalGraphReader, text: str) -> Sequence[Judgement]:
    return check(reader, text).judgements


def check(reader: LocalGraphReader, text: str) -> CheckResult:
    graph = GraphChecker(reader, today=date(2026, 1, 1))
    results = [checker.check([Case(claim=claim(text))])[0] for checker in (graph, LogicChecker((graph,), reader))]
    return CheckResult(
        judgements=tuple(j for result in results for j in result.judgements),
        evidence=tuple(e for result in results for e in result.evidence),
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("In 1960 the capital of Norland was Vess.", Label.SUPPORTED),
        ("In 1995 the capital of Norland was Orla.", Label.SUPPORTED),
        ("In 1995 the capital of Norland was Vess.", Label.REFUTED),
        ("The capital of Norland is currently Vess.", Label.REFUTED),
        ("The capital of Norland is currently Orla.", Label.SUPPORTED),
        ("Orla has been the capital of Norland since 1990.", Label.SUPPORTED),
        ("Orla has been the capital of Norland since 1985.", Label.REFUTED),
        ("The president of Norland in 2003 was Ana Olsen.", Label.SUPPORTED),
        ("The president of Norland in 2012 was Ana Olsen.", Label.SUPPORTED),
        ("The president of Norland in 2008 was Ana Olsen.", Label.REFUTED),
        ("The capital of Norland is Orla.", Label.SUPPORTED),
        ("The capital of Norland is Vess.", Label.REFUTED),  # it was, and another is now
        ("Ana Olsen was the president of Norland from 2001 to 2005.", Label.SUPPORTED),
        ("Ana Olsen was the president of Norland from 2001 to 2009.", Label.REFUTED),
        ("Ana Olsen was the president of Norland from 1999 to 2005.", Label.REFUTED),
        ("Vess was the capital of Norland until 1990.", Label.SUPPORTED),
        ("Vess was the capital of Norland until 1975.", Label.REFUTED),
        ("Vess is still the capital of Norland.", Label.REFUTED),
        ("As of 2020, the capital of Norland is Orla.", Label.SUPPORTED),
        ("As of 2020, the capital of Norland is Vess.", Label.REFUTED),
        ("The president of Norland is Ana Olsen.", None),
        ("The president of Norland is Berta Lund.", Label.SUPPORTED),  # "soon" is no date
    ],
)
def test_a_claim_is_held_against_the_time_of_a_fact(reader: LocalGraphReader, text: str, label: Label | None) -> None:
    judgements = judge(reader, text)
    assert {j.probabilities.label for j in judgements if j.part is None or j.stance is Stance.REFUTES} == (
        {label} if label else set()
    )


def test_two_values_of_two_times_are_no_conflict(reader: LocalGraphReader) -> None:
    stances = {j.stance for j in judge(reader, "The capital of Norland is Orla.")}
    assert stances == {Stance.SUPPORTS}


def test_the_period_is_evidence_and_is_said(reader: LocalGraphReader) -> None:
    result = check(reader, "In 1960 the capital of Norland was Vess.")
    (evidence,) = [e for e in result.evidence if e.id == result.judgements[0].evidence_ids[0]]
    assert "(from 1949 until 1990-10-02)" in evidence.text
    assert {t.predicate for t in evidence.triples} >= {"<http://p/capital>", "<http://p/start>", "<http://p/end>"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Ana Olsen served as Chancellor of Norland in 2003.", Label.SUPPORTED),
        ("Ana Olsen served as Chancellor of Norland in 1999.", Label.REFUTED),
    ],
)
def test_wikidata_s_statement_nodes(wikidata: LocalGraphReader, text: str, label: Label) -> None:
    assert {j.probabilities.label for j in judge(wikidata, text)} == {label}


def test_blank_nodes_within_triple_terms_are_called_alike(tmp_path: Path) -> None:
    source = tmp_path / "a.ttl"
    source.write_text("@prefix : <http://x/> . _:a :p _:b {| :start 1 |} .", encoding="utf-8")
    first, second = (sorted(map(str, read_quads(source))) for _ in range(2))
    assert first == second and any("<<( _:b" in line for line in first)


NODES = f"""
@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <{XSD}> .
p:leads rdfs:label "leader of" . p:start rdfs:label "start year" . p:end rdfs:label "end year" .
e:a rdfs:label "Ana Olsen" ; p:leads e:n . e:b rdfs:label "Berta Lund" ; p:leads e:n . e:n rdfs:label "Norland" .
e:c rdfs:label "Carl Berg" ; p:leads e:n .
e:t1 p:who e:a ; p:what e:n ; p:start "2001"^^xsd:gYear ; p:end "2009"^^xsd:gYear .
e:t2 p:who e:b ; p:what e:n ; p:start "2009"^^xsd:gYear .
"""


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Berta Lund is currently the leader of Norland.", Label.SUPPORTED),
        ("Ana Olsen is currently the leader of Norland.", Label.REFUTED),
        ("Ana Olsen is still the leader of Norland.", Label.REFUTED),
        ("Berta Lund has been the leader of Norland since 2009.", Label.SUPPORTED),
        ("Berta Lund has been the leader of Norland since 2022.", Label.REFUTED),
        ("Ana Olsen was the leader of Norland until 2009.", Label.SUPPORTED),
    ],
)
def test_nodes_that_bound_a_fact_count_where_a_claim_asks_of_time(tmp_path: Path, text: str, label: Label) -> None:
    judgements = judge(LocalGraphReader.open(build(tmp_path, NODES)), text)
    assert {j.probabilities.label for j in judgements if j.part is None or j.stance is Stance.REFUTES} == {label}


def test_what_has_no_time_is_not_taken_for_another_time(tmp_path: Path) -> None:
    reader = LocalGraphReader.open(build(tmp_path, NODES))
    assert [
        j for j in judge(reader, "Carl Berg is currently the leader of Norland.") if j.stance is Stance.REFUTES
    ] == []


def test_the_reason_shows_when_a_fact_held(reader: LocalGraphReader) -> None:
    (judgement,) = judge(reader, "In 1960 the capital of Norland was Vess.")
    assert "capital is Vess (from 1949 until 1990-10-02)" in judgement.reason
    reasons = " ".join(j.reason for j in judge(reader, "The capital of Norland is currently Vess."))
    assert "capital is Vess (from 1949 until 1990-10-02)" in reasons and "Orla (from 1990-10-03)" in reasons


SINGLE_DATES = f"""
@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <{XSD}> .
p:capital a owl:FunctionalProperty ; rdfs:label "capital" . p:date rdfs:label "date" .
e:n rdfs:label "Norland" ; p:capital e:v {{| p:date "1960"^^xsd:gYear |}} .
e:s rdfs:label "Sudland" ; p:capital e:o .
e:deed p:place e:o ; p:state e:s ; p:date "1930"^^xsd:gYear .
e:v rdfs:label "Vess" . e:o rdfs:label "Orla" .
"""


def test_a_single_date_of_a_statement_is_all_of_its_period_and_that_of_an_event_none(tmp_path: Path) -> None:
    reader = LocalGraphReader.open(build(tmp_path, SINGLE_DATES))
    for text, stances in (
        ("In 1960 the capital of Norland was Vess.", [Stance.SUPPORTS]),
        ("In 1950 the capital of Norland was Vess.", [Stance.REFUTES]),
        ("The capital of Sudland is currently Orla.", [Stance.SUPPORTS]),  # something happened there in 1930
    ):
        assert [j.stance for j in judge(reader, text)] == stances, text
