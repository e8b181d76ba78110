"""Claims that compare two things, against the values that a graph has of both."""

from pathlib import Path

import pytest

from factcheck.decide import decide
from factcheck.graph.reader import LocalGraphReader
from factcheck.types import Case, Label, Rule, Verdict
from factcheck.verify.facts import GraphChecker
from tests.graph.sample import build, claim

_GRAPH = """
@prefix e: <https://example.org/e/> . @prefix p: <https://example.org/p/> .
@prefix fcv: <https://factcheck.example/vocabulary/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
p:area a owl:FunctionalProperty ; rdfs:label "area" ; fcv:unit "km^2" .
p:population a owl:FunctionalProperty ; rdfs:label "population" .
p:height a owl:FunctionalProperty ; rdfs:label "elevation" ; fcv:unit "m" .
p:moons a owl:FunctionalProperty ; rdfs:label "number of moons" .
p:country a owl:FunctionalProperty ; rdfs:label "country" .
p:born a owl:FunctionalProperty ; rdfs:label "birth date" .
p:place a owl:FunctionalProperty ; rdfs:label "birth place" .
p:author rdfs:label "author" .
e:Norland rdfs:label "Norland" ; p:area 2381740 ; p:population 900000 .
e:Sudmark rdfs:label "Sudmark" ; p:area 90500 ; p:population 4200000 .
e:Osmark rdfs:label "Osmark" ; p:area 90600 .
e:Kelm rdfs:label "Mount Kelm" ; p:height 4100 . e:Horn rdfs:label "Mount Horn" ; p:height 3999.5 .
e:Alv rdfs:label "Alvar" ; p:moons 2 . e:Bol rdfs:label "Bolar" ; p:moons 0 . e:Cil rdfs:label "Cilar" ; p:moons 2 .
e:Vess rdfs:label "Vess" ; p:country e:Norland . e:Orla rdfs:label "Orla" ; p:country e:Norland .
e:Toren rdfs:label "Toren" ; p:country e:Sudmark .
e:Ana rdfs:label "Ana Olsen" ; p:born "1867-11-07"^^xsd:date ; p:place e:Vess .
e:Berta rdfs:label "Berta Lund" ; p:born "1871"^^xsd:gYear ; p:place e:Toren .
e:Carl rdfs:label "Carl Berg" ; p:born "1871-05-02"^^xsd:date .
e:Fjord rdfs:label "Blue Fjord" ; p:author e:Ana . e:Reef rdfs:label "Coral Reef" ; p:author e:Ana .
e:Glade rdfs:label "Green Glade" ; p:author e:Berta .
"""
TRUE, FALSE, OPEN = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_INFO


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    folder: Path = tmp_path_factory.mktemp("pairs")
    return LocalGraphReader.open(build(folder, _GRAPH))


def verdict(reader: LocalGraphReader, text: str) -> Verdict:
    (result,) = GraphChecker(reader).check([Case(claim=claim(text))])
    return decide(Case(claim=claim(text), evidence=result.evidence), result.judgements)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Norland is larger than Sudmark.", TRUE),
        ("Sudmark is larger than Norland.", OPEN),  # it has the larger population
        ("Sudmark has a larger area than Norland.", FALSE),
        ("Osmark is larger than Sudmark.", TRUE),
        ("Sudmark is larger than Osmark.", OPEN),  # within what sources round
        ("Sudmark is more populous than Norland.", TRUE),
        ("Norland is more populous than Sudmark.", FALSE),
        ("Norland has a larger population than Sudmark.", FALSE),
        ("The population of Sudmark is larger than that of Norland.", TRUE),
        ("Mount Kelm is higher than Mount Horn.", TRUE),
        ("Mount Horn is taller than Mount Kelm.", FALSE),
        ("Mount Horn is not higher than Mount Kelm.", TRUE),
        ("Mount Kelm is not higher than Mount Horn.", FALSE),
        ("Mount Kelm is higher than Norland.", OPEN),
        ("Bolar has fewer moons than Alvar.", TRUE),
        ("Bolar has more moons than Alvar.", FALSE),
        ("Cilar has more moons than Alvar.", FALSE),
        ("Alvar has the same number of moons as Bolar.", OPEN),
        ("Ana Olsen was born before Berta Lund.", TRUE),
        ("Ana Olsen is younger than Berta Lund.", FALSE),
        ("Berta Lund is older than Carl Berg.", OPEN),  # of one year
        ("Vess and Orla are in the same country.", TRUE),
        ("Vess and Toren are in the same country.", FALSE),
        ("Vess is in the same country as Toren.", FALSE),
        ("Vess and Toren are in different countries.", TRUE),
        ("Vess and Orla are not in the same country.", FALSE),
        ("Blue Fjord and Coral Reef were written by the same author.", TRUE),
        ("Blue Fjord and Green Glade were written by the same author.", OPEN),
        ("Ana Olsen and Berta Lund were born in the same place.", FALSE),
        ("Berta Lund and Carl Berg were born in the same year.", TRUE),
        ("Ana Olsen and Carl Berg were born in the same year.", FALSE),
        ("Vess and Toren are in the same galaxy.", OPEN),
        ("Norland is larger than Sudmark and Osmark.", OPEN),
    ],
)  # fmt: skip
def test_two_things_are_compared(reader: LocalGraphReader, text: str, label: Label) -> None:
    assert verdict(reader, text).label is label


def test_the_reason_has_both_values_and_the_word_is_mended(reader: LocalGraphReader) -> None:
    text = "Mount Horn is taller than Mount Kelm."
    found = verdict(reader, text)
    assert "3999.5" in found.reason and "4100" in found.reason
    (judgement,) = found.judgements
    assert judgement.rule is Rule.LITERAL_DIFFERS
    assert found.correction is not None and found.correction.apply(text) == "Mount Horn is shorter than Mount Kelm."
