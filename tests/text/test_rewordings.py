"""Roundabout sentences and the plain ones that they stand for."""

import pytest

from factcheck.text.connectives import Part, read_connectives
from factcheck.text.rewordings import REWORDINGS, find_rewording
from factcheck.types import Span


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("In Norland lies the city of Vess.", "the city of Vess is in Norland"),
        ("In Norland, there is a town called Vess.", "a town called Vess is in Norland"),
        ("Norland is the country where Vess is located.", "Vess is in Norland"),
        ("The country in which Vess lies is not Norland.", "not Vess is in Norland"),
        ("Norland is home to the city of Vess.", "the city of Vess is in Norland"),
        ("You can find Vess in Norland.", "Vess is in Norland"),
        ("Vess cannot be found in Norland.", "not Vess is in Norland"),
        ("Vess lies outside of Norland.", "not Vess is in Norland"),
        ("Vess is nowhere in Norland.", "not Vess is in Norland"),
        ("There is a land border between Norland and Sudmark.", "Norland borders Sudmark"),
        ("There is no border between Norland and Sudmark.", "not Norland borders Sudmark"),
        ("Norland and Sudmark share a border.", "Norland borders Sudmark"),
        ("Norland and Sudmark do not share a border.", "not Norland borders Sudmark"),
        ("Norland and Sudmark aren't neighbours.", "not Norland borders Sudmark"),
        ("Norland is next to Sudmark.", "Norland borders Sudmark"),
        ("Norland has no border with Sudmark.", "not Norland borders Sudmark"),
        ("People in Norland do not speak Norse.", "not Norland speaks Norse"),
        ("In Norland, people pay with the crown.", "the currency of Norland is the crown"),
        ("Norland has Vess as its capital.", "the capital of Norland is Vess"),
        ("Norland has Norse as an official language.", "Norse is a official language of Norland"),
        ("Vess serves as the capital of Norland.", "Vess is the capital of Norland"),
        ("In 1903, Ana Olsen won the Grand Prize.", "Ana Olsen won the Grand Prize in 1903"),
        ("Ana Olsen and Carl Berg got married in 1903.", "Ana Olsen married Carl Berg in 1903"),
        ("The Grand Prize of 1903 went to Ana Olsen.", "Ana Olsen received the Grand Prize in 1903"),
        ("Vess is the place where Ana Olsen died.", "Ana Olsen died in Vess"),
        ("Vess is not where Ana Olsen was born.", "not Ana Olsen was born in Vess"),
        ("2.5 million people live in Norland.", "Norland has a population of 2.5 million"),
    ],
)
def test_a_plain_sentence_stands_behind_it(text: str, plain: str) -> None:
    part = read_connectives(text)
    assert isinstance(part, Part)
    assert ("not " if part.denied else "") + part.text == plain


@pytest.mark.parametrize(
    "text",
    [
        "Vess is in Norland.",
        "Vess is home to 12 people.",
        "Norland has a border with Sudmark.",
        "The city that lies outside Norland is not large.",
        "People in Norland who came from Vess speak Norse.",
        "",
    ],
)
def test_plain_sentences_are_left_alone(text: str) -> None:
    assert find_rewording(text) is None


def test_a_value_keeps_its_place() -> None:
    text = "In Norland lies the city of Vess."
    part = read_connectives(text)
    assert isinstance(part, Part)
    at = part.text.index("Norland")
    assert part.place(Span(start=at, end=at + 7)) == Span(start=3, end=10)


def test_every_form_has_a_sentence_of_its_own() -> None:
    assert len({form.pattern for form, _, _ in REWORDINGS}) == len(REWORDINGS) > 20


def test_forms_do_not_run_away() -> None:
    for text in ("in " * 600, "S and " * 300 + "share a border", "there is a border between " + "a and " * 300):
        assert find_rewording(text) is None
