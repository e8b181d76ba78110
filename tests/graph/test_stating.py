"""Facts that a claim states: both ends in its words, by phrase or by meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from factcheck.graph.abbreviations import initials_of
from factcheck.graph.meaning import PropertyMeanings
from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.schema import Name, PropertyInfo, Schema
from factcheck.graph.values import find_literal, find_name
from factcheck.protocols import Vectors
from factcheck.types import Case, Judgement, Label, Rule, Stance, TextKind
from factcheck.verify.facts import GraphChecker
from tests.fakes import FakeEncoder
from tests.graph.sample import build, claim

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("value", "text", "said"),
    [
        (f'"3800.0"^^<{XSD}decimal>', "It is 3,800 metres long.", "3,800"),
        (f'"600"^^<{XSD}integer>', "Six hundred students attend it.", "Six hundred"),
        (f'"1907-07-11"^^<{XSD}date>', "It was opened on 11 July 1907.", "11 July 1907"),
        (f'"1907-07-11"^^<{XSD}date>', "It was opened on 12 July 1907.", None),
        ('"18L/36R"', "Its name is 18L/36R.", "18L/36R"),
        ('"18L/36R"', "Its name is 18R/36L.", None),
        ('"686.0 (square kilometres)"', "It covers 686 square kilometers.", "686"),
        ('"The Fylde Coasters"', "They are called the Fylde coasters.", "the Fylde coasters"),
        ('""', "Nothing.", None),
        (f'"{"9" * 400}"^^<{XSD}integer>', "9" * 400, None),
    ],
)
def test_literals_are_found_as_texts_write_them(value: str, text: str, said: str | None) -> None:
    span = find_literal(value, text, ())
    assert (None if span is None else span.of(text)) == said


@pytest.mark.parametrize(
    ("label", "owner", "text", "said", "exact"),
    [
        ("Asphalt", "", "made of asphalt", "asphalt", True),
        ("Noodle", "", "It contains noodles.", "noodles", True),
        ("English language", "", "written in English", "English", True),
        ("Prime Minister of Romania", "Romania", "Romania's prime minister", "prime minister", True),
        (
            "Stadio Marc'Antonio Bentegodi",
            "",
            "the Stadio Marc Antonio Bentegodi",
            "Stadio Marc Antonio Bentegodi",
            False,
        ),
        ("Boeing 747-200", "", "a Boeing 747-300", None, False),
        ("Ice", "", "an icy thing", None, False),
    ],
)
def test_values_are_found_under_shorter_names(label: str, owner: str, text: str, said: str | None, exact: bool) -> None:
    found = find_name(label, text, (), owner)
    assert (None if found is None else (found[0].of(text), found[1])) == (None if said is None else (said, exact))


def test_initials_are_those_that_people_use() -> None:
    assert initials_of("United Nations Educational, Scientific and Cultural Organization") == "UNESCO"
    assert initials_of("Two Words") is None and initials_of("the end of the long road") is None


@dataclass
class TopicEncoder(FakeEncoder):
    """Knows which words are about the same thing."""

    topics: Sequence[frozenset[str]] = (frozenset({"surface", "made", "paved"}), frozenset({"born", "birth", "place"}))

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        named = [" ".join(self._topic(word) for word in text.lower().split()) for text in texts]
        return super().encode(named, kind)

    def _topic(self, word: str) -> str:
        return next((min(topic) for topic in self.topics if word in topic), word)


def meanings(*labels: str) -> PropertyMeanings:
    infos = [PropertyInfo(term=f"<x:{label}>", labels=[Name(label, "en")]) for label in labels]
    return PropertyMeanings(Schema({info.term: info for info in infos}), TopicEncoder)


def test_words_fit_a_property_or_none() -> None:
    found = meanings("surface", "height").fits("paved", ["<x:surface>", "<x:height>"])
    assert found["<x:surface>"] > 1.9 > found["<x:height>"]
    assert meanings("surface").fits("  ", ["<x:surface>"]) == {}
    assert meanings("surface").fits("paved", []) == {}


def test_words_that_are_known_to_say_another_property_do_not_fit() -> None:
    assert meanings("death place").fits("was born in", ["<x:death place>"]) == {}
    assert "<x:birth place>" in meanings("birth place").fits("was born in", ["<x:birth place>"])


GRAPH = """
@prefix e: <http://e/> . @prefix p: <http://p/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:a rdfs:label "Kelmor Airport" ; p:runwaySurface e:asphalt ; p:runwayName "07/25" ; p:director e:x .
e:asphalt rdfs:label "Asphalt" . e:x rdfs:label "Xenia Olsen" .
e:b rdfs:label "Vess Airport" ; p:runwayName "16/34" ; p:precededBy e:a .
e:c rdfs:label "Albany, Norland" ; p:country e:n . e:n rdfs:label "Norland" .
e:d rdfs:label "Albany, Sudmark" ; p:county e:o . e:o rdfs:label "Orange County" .
p:runwaySurface rdfs:label "runway surface" .
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return LocalGraphReader.open(build(tmp_path_factory.mktemp("graph"), GRAPH), TopicEncoder)


def judge(reader: LocalGraphReader, text: str) -> Sequence[Judgement]:
    (result,) = GraphChecker(reader).check([Case(claim=claim(text))])
    return result.judgements


@pytest.mark.parametrize(
    "text",
    [
        "The runway surface of Kelmor Airport is asphalt.",
        "Kelmor Airport is paved asphalt.",
        "07/25 is the runway name of Kelmor Airport.",
        "Albany is in Orange County.",
        "Vess Airport was preceded by Kelmor Airport.",
    ],
)
def test_what_the_graph_holds_is_supported(reader: LocalGraphReader, text: str) -> None:
    supported = [j for j in judge(reader, text) if j.stance is Stance.SUPPORTS]
    assert supported and supported[0].rule in (Rule.FACT_MATCH, Rule.LITERAL_MATCH)


@pytest.mark.parametrize(
    "text",
    [
        "Kelmor Airport forgot asphalt.",  # no property fits
        "Only Kelmor Airport is paved asphalt in 1990.",
        "Kelmor Airport was preceded by Vess Airport.",
    ],
)
def test_a_fact_whose_ends_are_named_is_not_therefore_stated(reader: LocalGraphReader, text: str) -> None:
    assert [j for j in judge(reader, text) if j.part is None and j.probabilities.label is Label.SUPPORTED] == []


def test_without_an_encoder_phrases_still_count(tmp_path: Path) -> None:
    reader = LocalGraphReader.open(build(tmp_path, GRAPH))
    assert judge(reader, "Kelmor Airport is paved asphalt.") == ()
    assert judge(reader, "The runway surface of Kelmor Airport is asphalt.")
    (answer,) = reader.ask([claim("Kelmor Airport is paved asphalt.")])
    assert [one.fit for one in answer.stated] == [None]


def test_fits_are_numbers(reader: LocalGraphReader) -> None:
    (answer,) = reader.ask([claim("Kelmor Airport is paved asphalt.")])
    assert [one.fact.relation.label for one in answer.stated] == ["runway surface"]
    assert answer.stated[0].fit is not None and np.isfinite(answer.stated[0].fit)
