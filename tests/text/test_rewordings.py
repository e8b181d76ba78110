"""Roundabout sentences and the plain ones that they stand for."""

import pytest

from factcheck.text.connectives import Joint, Part, read_connectives
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
        ("Vess is in Norland, isn't it?", "Vess is in Norland"),
        ("Vess is in Norland, right?", "Vess is in Norland"),
        ("The claim that Vess is in Norland is false.", "not Vess is in Norland"),
        ("The statement that Vess is in Norland is correct.", "Vess is in Norland"),
        ("Contrary to popular belief, Vess is in Norland.", "Vess is in Norland"),
        ("Vess is by no means the capital of Sudmark.", "not Vess is the capital of Sudmark."),
        ("Vess cannot be said to be in Norland.", "not Vess is in Norland."),
        ("No city named Vess is in Norland.", "not Vess is in Norland"),
        ("Nobody called Ana Olsen was born in Vess.", "not Ana Olsen was born in Vess"),
        ("There is no town called Vess in Norland.", "not Vess is in Norland"),
        ("It isn't in Norland that Vess lies.", "not Vess is in Norland"),
        ("Ana Olsen was born somewhere other than Vess.", "not Ana Olsen was born in Vess"),
        ("Vess is in a country other than Norland.", "not Vess is in Norland"),
        ("The capital of Norland is a city other than Vess.", "not the capital of Norland is Vess"),
    ],
)
def test_a_plain_sentence_stands_behind_it(text: str, plain: str) -> None:
    part = read_connectives(text)
    assert isinstance(part, Part)
    assert ("not " if part.denied else "") + part.text == plain


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Vess, unlike Toren, is in Norland.", "Vess is in Norland", "not Toren is in Norland"),
        ("Unlike Toren, Vess is in Norland.", "Vess is in Norland", "not Toren is in Norland"),
        ("Vess is in Norland, in contrast to Toren.", "Vess is in Norland", "not Toren is in Norland"),
        ("Vess is in Norland, whereas Toren is not.", "Vess is in Norland", "not Toren is in Norland"),
        ("Vess is in Norland, and so is Orla.", "Vess is in Norland", "Orla is in Norland"),
        ("Vess is in Norland and Orla is too.", "Vess is in Norland", "Orla is in Norland"),
        ("Vess is in Norland rather than in Sudmark.", "Vess is in Norland", "not Vess is in Sudmark"),
        ("Vess is in Norland, not Sudmark.", "Vess is in Norland", "not Vess is in Sudmark"),
        ("Vess is not in Sudmark but in Norland.", "Vess is in Norland", "not Vess is in Sudmark"),
        ("Vess, not Orla, is in Norland.", "Vess is in Norland", "not Orla is in Norland"),
        ("It is in Norland, not in Sudmark, that Vess lies.", "Vess is in Norland", "not Vess is in Sudmark"),
    ],
)  # fmt: skip
def test_two_plain_sentences_stand_behind_it(text: str, first: str, second: str) -> None:
    joint = read_connectives(text)
    assert isinstance(joint, Joint) and not joint.denied
    said = [("not " if part.denied else "") + part.text for part in joint.parts if isinstance(part, Part)]
    assert said == [first, second]


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
    assert len({form.pattern for form, _ in REWORDINGS}) == len(REWORDINGS) > 20


def test_forms_do_not_run_away() -> None:
    for text in ("in " * 600, "S and " * 300 + "share a border", "there is a border between " + "a and " * 300):
        assert find_rewording(text) is None
