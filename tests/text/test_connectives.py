"""Sentences that are made of sentences, and those that only look so."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from factcheck.text.connectives import Connective, Joint, Part, Statement, parts_of, read_connectives
from factcheck.types import Span


def shown(statement: Statement | None) -> str:
    """Return a statement as a formula."""
    if statement is None:
        return "-"
    sign = "!" if statement.denied else ""
    if isinstance(statement, Part):
        return f"{sign}[{statement.text.strip(' .')}]"
    joint = " & " if statement.connective is Connective.ALL else " | "
    return f"{sign}({joint.join(shown(part) for part in statement.parts)})"


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        (
            "It is the case both that the city of Vess is in Norland and that the city of Toren is in Sudmark.",
            "([the city of Vess is in Norland] & [the city of Toren is in Sudmark])",
        ),
        (
            "It is the case either that the city of Vess is in Norland or that the city of Toren is in Norland.",
            "([the city of Vess is in Norland] | [the city of Toren is in Norland])",
        ),
        ("It is not the case both that A is B and that C is D.", "!([A is B] & [C is D])"),
        ("It is neither the case that A is B nor that C is D.", "(![A is B] & ![C is D])"),
        ("Either Vess is in Norland or Toren is in Norland.", "([Vess is in Norland] | [Toren is in Norland])"),
        ("Vess is in Norland or Toren is in Norland.", "([Vess is in Norland] | [Toren is in Norland])"),
        ("Vess is in Norland, and Toren is not in Norland.", "([Vess is in Norland] & [Toren is not in Norland])"),
        ("Neither Vess nor Orla is in Sudmark.", "(![Vess is in Sudmark] & ![Orla is in Sudmark])"),
        ("Both Vess and Orla are in Norland.", "([Vess is in Norland] & [Orla is in Norland])"),
        (
            "Vess, Orla and Toren were in Norland.",
            "([Vess was in Norland] & [Orla was in Norland] & [Toren was in Norland])",
        ),
        ("Vess is in neither Sudmark nor Boria.", "(![Vess is in Sudmark] & ![Vess is in Boria])"),
        ("Vess is not in either Sudmark or Boria.", "([Vess is not in Sudmark] & [Vess is not in Boria])"),
        (
            "Norland borders Sudmark, Eastern and Vala.",
            "([Norland borders Sudmark] & [Norland borders Eastern] & [Norland borders Vala])",
        ),
        (
            "Norland does not border Sudmark or Vala.",
            "([Norland does not border Sudmark] & [Norland does not border Vala])",
        ),
        (
            "Norland borders Bosnia and Herzegovina and Vala.",
            "([Norland borders Bosnia and Herzegovina] & [Norland borders Vala])",
        ),
        (
            "Glade, written by Ana, was published in 1954.",
            "([Glade was written by Ana] & [Glade was published in 1954])",
        ),
        ("In 1990, Vess and Orla were in Norland.", "([Vess was in Norland in 1990] & [Orla was in Norland in 1990])"),
        ("It is not true that Vess is in Sudmark.", "![Vess is in Sudmark]"),
        ("It is not false that Vess is in Sudmark.", "[Vess is in Sudmark]"),
        ("It's true that Vess is in Norland.", "[Vess is in Norland]"),
        ("Either ten is larger than nine or Vess is in Sudmark.", "([ten is larger than nine] | [Vess is in Sudmark])"),
    ],
)  # fmt: skip
def test_statements_of_statements(text: str, formula: str) -> None:
    assert shown(read_connectives(text)) == formula


@pytest.mark.parametrize(
    "text",
    [
        "Bosnia and Herzegovina is in Europe.",
        "Norland borders Bosnia and Herzegovina.",
        "Ana was born in Vess and died in Toren.",
        "Vess is the capital and the largest city of Norland.",
        "Ana wrote The Fjord and became famous.",
        "The case is closed.",
        "Vess is in Norland.",
        "Ten and nine make nineteen.",
        "This is a true story.",
        "Ana wrote the book, and it was published in 1901.",
        "",
    ],
)
def test_other_sentences_are_left_alone(text: str) -> None:
    assert read_connectives(text) is None


def test_a_part_knows_its_place() -> None:
    text = "Both Vess and Orla are in Norland."
    statement = read_connectives(text)
    assert isinstance(statement, Joint)
    second = list(parts_of(statement))[1]
    at = second.text.index("Norland")
    place = second.place(Span(start=at, end=at + 7))
    assert place is not None and place.of(text) == "Norland"
    assert second.place(Span(start=0, end=len(second.text))) is None  # "is" was put in
    assert second.hull.of(text) == "Orla are in Norland."


@given(
    st.lists(
        st.sampled_from("both either neither and or nor that it is not the case Vess Norland , .".split()), max_size=40
    )
)
def test_any_order_of_words_is_read_without_an_error(words: list[str]) -> None:
    text = " ".join(words)
    for part in parts_of(read_connectives(text) or Part(text, tuple(range(len(text))))):
        assert len(part.text) == len(part.origins)
        assert all(at < 0 or text[at] == char for char, at in zip(part.text, part.origins, strict=True))


def test_a_counted_list_says_how_many_and_which() -> None:
    joint = read_connectives("Norland has two official languages: Norse and Sudric.")
    assert isinstance(joint, Joint)
    assert [part.text for part in joint.parts if isinstance(part, Part)] == [
        "Norland has two official languages",
        "the official language of Norland is Norse",
        "the official language of Norland is Sudric",
    ]
    assert read_connectives("Norland has three aims: to grow, to trade and to last.") is None
