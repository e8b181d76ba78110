"""Bare values as sentences."""

import pytest

from factcheck.generate.question import read_question
from factcheck.generate.statement import is_bare, is_of_something_else, label_of, state
from tests.fakes import passage


@pytest.mark.parametrize(
    ("title", "section", "text", "question", "sentence"),
    [
        ("Algeria", "Geography / Area / total ", "2 sq km", None, "The total area of Algeria is 2 sq km."),
        (
            "Algeria",
            "Geography / Area / total",
            "2,381,740 sq km",
            "What is the total area of Algeria?",
            "The total area of Algeria is 2,381,740 sq km.",
        ),
        ("Freedonia", "Geography / Elevation / highest point", "Mount Marx 2,908 m", None,
         "The highest point of Freedonia is Mount Marx 2,908 m."),
        ("Freedonia", "People / Languages", "Marxian, Duck", None, "The languages of Freedonia are Marxian, Duck."),
        ("Freedonia", "People / Age structure / 0-14 years", "30.8%", None,
         "The age structure (0-14 years) of Freedonia is 30.8%."),
        ("Freedonia", "Energy / GDP (official exchange rate)", "$3 billion", None,
         "The GDP (official exchange rate) of Freedonia is $3 billion."),
        ("Duck_Soup", "Director", "Leo McCarey", "Who is the director of Duck Soup?",
         "The director of Duck Soup is Leo McCarey."),
    ],
)  # fmt: skip
def test_a_value_becomes_a_sentence(title: str, section: str, text: str, question: str | None, sentence: str) -> None:
    found = passage(text, title=title, section=section)
    assert is_bare(found)
    said, at = state(found, None if question is None else read_question(question))
    assert said == sentence
    assert said[at:].startswith(text)


def test_the_question_is_not_believed_beyond_the_heading() -> None:
    found = passage("12 sq km", title="Freedonia", section="Geography / Area / land")
    said, _ = state(found, read_question("What is the total area of Freedonia?"))
    assert said == "The land area of Freedonia is 12 sq km."


@pytest.mark.parametrize(
    ("title", "section", "text"),
    [
        ("Algeria", "Background", "Algeria won its independence in 1962."),
        ("", "Area", "12 sq km"),
        ("Algeria", "", "12 sq km"),
        ("Algeria", "Area", ""),
        ("Algeria", "Notes", "first line\nsecond line"),
        ("Algeria", "Notes", "x" * 601),
    ],
)
def test_prose_is_left_alone(title: str, section: str, text: str) -> None:
    assert not is_bare(passage(text or " ", title=title, section=section))


def test_labels() -> None:
    assert label_of("") == ""
    assert label_of("Geography / Land boundaries / total") == "total land boundaries"
    assert label_of("Geography / Coastline") == "coastline"
    assert label_of("People / Population / Population") == "population"


@pytest.mark.parametrize(
    ("question", "section", "other"),
    [
        ("What is the land area of Freedonia?", "Geography / Area / land", "Geography / Area / total"),
        ("How large is Freedonia in total?", "Geography / Area / total", "Geography / Area / land"),
        ("What is the population of Freedonia?", "People / Population / total", "People / Population / male"),
        ("How long do women live in Freedonia?", "People / Life / female", "People / Life / male"),
        ("What is the birth rate of Freedonia?", "People / Birth rate", "People / Death rate"),
        (
            "What is the highest point of Freedonia?",
            "Land / Elevation / highest point",
            "Land / Elevation / lowest point",
        ),
        ("At what age can people vote in Freedonia?", "Government / Suffrage", ""),
        ("When did Freedonia become independent?", "Government / Independence", ""),
        (
            "How much of Freedonia is water in square kilometres?",
            "Geography / Area / water",
            "Geography / Area / total",
        ),
        ("From which countries does Freedonia import?", "Economy / Imports - partners", ""),
    ],
)
def test_the_value_of_a_neighbour_is_no_answer(question: str, section: str, other: str) -> None:
    asked = read_question(question)
    assert not is_of_something_else(passage("12", title="Freedonia", section=section), asked)
    assert not other or is_of_something_else(passage("12", title="Freedonia", section=other), asked)
