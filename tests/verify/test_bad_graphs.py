"""Graphs and claims that are wrong in themselves: each is answered, in time, and nothing false follows."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from factcheck.decide import decide
from factcheck.errors import ServiceError
from factcheck.graph.endpoint import EndpointLimits
from factcheck.graph.reader import FactReader, LocalGraphReader, RemoteGraphReader
from factcheck.graph.remote import RemoteStore
from factcheck.types import Case, Judgement, Label, Stance, Verdict
from factcheck.verify.facts import GraphChecker
from factcheck.verify.logic import LogicChecker
from factcheck.verify.quantities import QuantityChecker
from tests.graph import sparql_server as servers
from tests.graph.sample import build, claim, open_reader
from tests.graph.sparql_server import SparqlServer, serving

PREFIXES = """
@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix c: <http://c/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix fcv: <https://factcheck.example/vocabulary/> .
"""


def verdict(reader: FactReader, text: str) -> Verdict:
    graph = GraphChecker(reader)
    checkers = (graph, LogicChecker((graph, QuantityChecker()), reader))
    results = [checker.check([Case(claim=claim(text))])[0] for checker in checkers]
    evidence = tuple({e.id: e for result in results for e in result.evidence}.values())
    return decide(Case(claim=claim(text), evidence=evidence), [j for r in results for j in r.judgements])


def opened(folder: Path, text: str) -> LocalGraphReader:
    return LocalGraphReader.open(build(folder, PREFIXES + text))


def judgements(reader: FactReader, text: str) -> Sequence[Judgement]:
    return verdict(reader, text).judgements


def test_a_cycle_in_a_transitive_property(tmp_path: Path) -> None:
    ring = "".join(f'e:r{i} rdfs:label "Ring {i:04}" ; p:within e:r{(i + 1) % 2000} .\n' for i in range(2000))
    text = f'p:within a owl:TransitiveProperty ; rdfs:label "located in" .\n{ring}e:x rdfs:label "Elsewhere" .\n'
    reader = opened(tmp_path, text)
    assert verdict(reader, "Ring 0001 is located in Ring 0004.").label is Label.SUPPORTED
    assert verdict(reader, "Ring 0001 is located in Ring 0000.").label is Label.NOT_ENOUGH_INFO  # beyond the bound
    assert verdict(reader, "Ring 0001 is located in Elsewhere.").label is Label.NOT_ENOUGH_INFO


def test_an_ontology_that_contradicts_itself(tmp_path: Path) -> None:
    reader = opened(
        tmp_path,
        """
        c:A a owl:Class ; rdfs:label "alpha" ; rdfs:subClassOf c:B ; owl:disjointWith c:B , c:A .
        c:B a owl:Class ; rdfs:label "beta" ; rdfs:subClassOf c:A .
        p:q a owl:FunctionalProperty , owl:SymmetricProperty , owl:TransitiveProperty , owl:InverseFunctionalProperty ;
            owl:inverseOf p:q ; rdfs:subPropertyOf p:q ; rdfs:label "rules" ; fcv:closed true .
        e:x a c:A , c:B ; rdfs:label "Xanthe" ; p:q e:y , e:z . e:y a c:A ; rdfs:label "Yole" .
        e:z a c:B ; rdfs:label "Zoe" ; p:q e:x .
        """,
    )
    # It is an alpha, and every alpha is a beta: that both exclude each other refutes nothing that is stated.
    assert verdict(reader, "Xanthe is a beta.").label is Label.SUPPORTED
    assert verdict(reader, "Yole is an alpha.").label is Label.SUPPORTED
    assert verdict(reader, "Xanthe rules Yole.").label is Label.CONFLICTING
    assert verdict(reader, "Yole rules Zoe.").label in (Label.NOT_ENOUGH_INFO, Label.REFUTED, Label.SUPPORTED)


def test_two_values_of_a_functional_property_conflict_and_both_are_shown(tmp_path: Path) -> None:
    found = verdict(open_reader(tmp_path), "Ana Olsen is the mayor of Vess.")
    assert found.label is Label.CONFLICTING and found.correction is None
    assert "Ana Olsen" in found.reason and "Berta Lund" in found.reason


@pytest.mark.parametrize(
    "value", ['"soon"', '"1999-02-30"^^xsd:date', '"tall"^^xsd:integer', '"NaN"^^xsd:double', "true"]
)
def test_literals_of_the_wrong_type(tmp_path: Path, value: str) -> None:
    reader = opened(
        tmp_path,
        f"""
        p:height a owl:FunctionalProperty ; rdfs:label "height" ; fcv:unit "m" .
        p:born a owl:FunctionalProperty ; rdfs:label "date of birth" .
        e:a rdfs:label "Ana Olsen" ; p:height {value} ; p:born {value} .
        """,
    )
    for text in ("The height of Ana Olsen is 12 m.", "Ana Olsen was born in 1867.", "Ana Olsen is not 12 m high."):
        assert verdict(reader, text).label is Label.NOT_ENOUGH_INFO


def test_a_literal_where_a_thing_belongs_and_the_other_way_round(tmp_path: Path) -> None:
    reader = opened(
        tmp_path,
        """
        p:capital a owl:FunctionalProperty ; rdfs:label "capital" .
        p:area a owl:FunctionalProperty ; rdfs:label "area" .
        e:n rdfs:label "Norland" ; p:capital "Vess" ; p:area e:v . e:v rdfs:label "Vess" . e:o rdfs:label "Orla" .
        """,
    )
    assert verdict(reader, "The capital of Norland is Orla.").label is not Label.SUPPORTED
    assert verdict(reader, "The area of Norland is 12 square kilometres.").label is Label.NOT_ENOUGH_INFO


def test_units_that_cannot_be_compared(tmp_path: Path) -> None:
    assert verdict(open_reader(tmp_path), "Norland has a total area of 12 kilograms.").label is Label.NOT_ENOUGH_INFO


def test_a_number_of_400_digits(tmp_path: Path) -> None:
    reader = opened(
        tmp_path,
        f'p:n a owl:FunctionalProperty ; rdfs:label "number of stones" . e:a rdfs:label "Vess" ; p:n {"9" * 400} .',
    )
    for number in ("9" * 400, "8" * 400, "12"):
        assert verdict(reader, f"The number of stones of Vess is {number}.").label is not Label.CONFLICTING


def test_a_claim_with_200_entities(tmp_path: Path) -> None:
    places = "".join(f'e:p{i} rdfs:label "Place {i:03}" ; p:country e:n .\n' for i in range(200))
    country = 'p:country a owl:FunctionalProperty ; rdfs:label "country" . e:n rdfs:label "Norland" .\n'
    reader = opened(tmp_path, country + places)
    names = [f"Place {i:03}" for i in range(200)]
    for text in (
        f"{', '.join(names)} and Norland are in Norland.",
        f"Norland is the country of {', '.join(names)}.",
        " or ".join(f"{name} is in Norland" for name in names) + ".",
        " ".join(names) + " lies in Norland.",
    ):
        assert all(j.stance is not Stance.REFUTES for j in judgements(reader, text))


@pytest.mark.parametrize("answer", [servers.hang, servers.web_page, servers.million_rows], ids=lambda a: a.__name__)
@pytest.mark.timeout(60)
def test_an_endpoint_that_hangs_sends_html_or_a_million_rows_fails(answer: object) -> None:
    ontology = SparqlServer(PREFIXES + 'p:q rdfs:label "rules" . e:a rdfs:label "Ana Olsen" ; p:q e:b .')
    misbehaves = [False]

    def serve(handler: object, query: str) -> None:
        (answer if misbehaves[0] else ontology.answer)(handler, query)  # type: ignore[operator, arg-type]

    with serving(serve) as url:  # type: ignore[arg-type]
        limits = EndpointLimits(timeout_seconds=0.4, max_bytes=2_000_000, rest_seconds=5)
        reader = RemoteGraphReader(RemoteStore(url, limits=limits))
        misbehaves[0] = True
        with pytest.raises(ServiceError):
            verdict(reader, "Ana Olsen rules Norland.")
