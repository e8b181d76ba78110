"""Claims that are made of several: what follows from their parts, and what does not."""

from pathlib import Path

import pytest

from factcheck.decide import decide
from factcheck.graph.reader import LocalGraphReader
from factcheck.types import Case, Label, Rule, Verdict
from factcheck.verify.facts import GraphChecker
from factcheck.verify.logic import LogicChecker
from factcheck.verify.quantities import QuantityChecker
from tests.graph.sample import claim, open_reader


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return open_reader(tmp_path_factory.mktemp("graph"))


def verdict(reader: LocalGraphReader, text: str) -> Verdict:
    graph = GraphChecker(reader)
    results = [
        checker.check([Case(claim=claim(text))])[0]
        for checker in (graph, LogicChecker((graph, QuantityChecker()), reader))
    ]
    evidence = tuple({e.id: e for result in results for e in result.evidence}.values())
    judgements = tuple(j for result in results for j in result.judgements)
    return decide(Case(claim=claim(text), evidence=evidence), judgements)


TRUE, FALSE, OPEN = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_INFO


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("It is the case both that the city of Vess is in Norland and that the city of Toren is in Sudmark.", TRUE),
        ("It is the case both that the city of Vess is in Norland and that the city of Toren is in Norland.", FALSE),
        ("It is the case both that the city of Vess is in Norland and that Atlantis is in Sudmark.", OPEN),
        ("It is the case both that the city of Vess is in Sudmark and that Atlantis is in Sudmark.", FALSE),
        ("It is the case either that the city of Vess is in Norland or that the city of Toren is in Norland.", TRUE),
        ("It is the case either that the city of Vess is in Sudmark or that the city of Toren is in Norland.", FALSE),
        ("It is the case either that Atlantis is in Sudmark or that the city of Toren is in Norland.", OPEN),
        ("It is the case either that Atlantis is in Sudmark or that the city of Toren is in Sudmark.", TRUE),
        ("Neither Vess nor Orla is in Sudmark.", TRUE),
        ("Neither Vess nor Toren is in Sudmark.", FALSE),
        ("Both Vess and Orla are in Norland.", TRUE),
        ("Both Vess and Toren are in Norland.", FALSE),
        ("Vess and Orla are in Norland.", TRUE),
        ("Vess is in either Norland or Sudmark.", TRUE),
        ("Vess is in neither Norland nor Sudmark.", FALSE),
        ("It is not the case that Vess is in Sudmark.", TRUE),
        ("It is false that Vess is in Norland.", FALSE),
        ("It is not true that neither Vess nor Orla is in Sudmark.", FALSE),
        ("Either ten is larger than eleven or Vess is in Norland.", TRUE),
        ("It is the case both that ten is larger than nine and that nine is larger than ten.", FALSE),
        ("Neither ten nor nine is larger than eight.", FALSE),
        ("Neither Vess nor Atlantis is in Sudmark.", OPEN),
        ("In Norland lies the city of Vess.", TRUE),
        ("In Norland lies the city of Toren.", FALSE),
        ("Toren lies outside Norland.", TRUE),
        ("In 1903, Ana Olsen won the Grand Prize.", TRUE),
        ("In 1904, Ana Olsen won the Grand Prize.", FALSE),
        ("The Fjord, written by Ana Olsen, was published in 1901.", TRUE),
        ("The Fjord, written by Ana Olsen, was published in 1902.", FALSE),
    ],
)  # fmt: skip
def test_what_follows_from_the_parts(reader: LocalGraphReader, text: str, label: Label) -> None:
    assert verdict(reader, text).label is label


def test_a_wrong_part_is_mended_in_its_place(reader: LocalGraphReader) -> None:
    text = "It is the case both that the city of Vess is in Norland and that the city of Toren is in Norland."
    found = verdict(reader, text)
    assert found.correction is not None
    assert found.correction.apply(text) == text.replace("Toren is in Norland", "Toren is in Sudmark")


def test_the_reason_shows_every_part_that_decides(reader: LocalGraphReader) -> None:
    found = verdict(reader, "Neither Vess nor Orla is in Sudmark.")
    assert found.reason.count("country is Norland") == 2
    (judgement,) = found.judgements
    assert judgement.rule is Rule.NEGATED_FACT and len(judgement.evidence_ids) == 2


def test_an_open_conjunction_shows_what_is_supported(reader: LocalGraphReader) -> None:
    text = "It is the case both that the city of Vess is in Norland and that Atlantis is in Sudmark."
    (judgement,) = verdict(reader, text).judgements
    assert judgement.part is not None and judgement.part.of(text) == "the city of Vess is in Norland"


def test_two_hundred_parts_are_read_in_time(reader: LocalGraphReader, tmp_path: Path) -> None:
    text = "Norland borders " + ", ".join(["Sudmark"] * 199) + " and Vess."
    assert verdict(reader, text).label in (OPEN, FALSE)
