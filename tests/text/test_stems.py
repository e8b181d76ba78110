import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.stems import stem


@pytest.mark.parametrize(
    "words",
    [
        ("city", "cities"),
        ("country", "countries"),
        ("church", "churches"),
        ("fox", "foxes"),
        ("class", "classes"),
        ("kilometre", "kilometres"),
        ("invent", "invented", "inventing", "invents"),
        ("locate", "located", "locating", "locates"),
        ("planned", "planning"),
        ("travelled", "travelling"),
    ],
)
def test_inflections_share_a_stem(words: tuple[str, ...]) -> None:
    assert len({stem(word) for word in words}) == 1


@pytest.mark.parametrize(
    "word", ["gas", "is", "bus", "status", "basis", "1990s", "20th", "3.14", "king", "red", "台湾", "us", "h2os"]
)
def test_what_is_left_alone(word: str) -> None:
    assert stem(word) == word


def test_derivations_are_other_words() -> None:
    assert len({stem("nation"), stem("national"), stem("nationality")}) == 3


@given(st.text(alphabet="abdegilnostxyz", min_size=1, max_size=14) | st.text(max_size=10))
def test_a_stem_is_its_own_stem(word: str) -> None:
    assert stem(stem(word)) == stem(word)
