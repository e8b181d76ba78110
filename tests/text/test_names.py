import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.names import Gender, find_names, guess_gender, joined_spans

CASES = [
    ("Marie Curie was born in Warsaw.", ["Marie Curie", "Warsaw"]),
    ("In 1911 the Nobel Prize went to her.", ["Nobel Prize"]),
    ("It was written by J. R. R. Tolkien.", ["J. R. R. Tolkien"]),
    ("Dr. John Smith and Mrs. Jones left.", ["Dr. John Smith", "Mrs. Jones"]),
    ("He plays Ludwig van Beethoven's Ninth.", ["Ludwig van Beethoven", "Ninth"]),
    ("the Bank of England and the River Thames", ["Bank of England", "River Thames"]),
    ("Bosnia and Herzegovina is a country.", ["Bosnia and Herzegovina"]),
    ("The Securities and Exchange Commission sued IBM.", ["Securities and Exchange Commission", "IBM"]),
    ("He landed with Apollo 11 in July.", ["Apollo 11", "July"]),
    ("However, Charles de Gaulle returned.", ["Charles de Gaulle"]),
    ("He wrote C# and C++ code.", ["C#", "C++"]),
    ("Ångström and Émile Zola met Škoda.", ["Ångström", "Émile Zola", "Škoda"]),
    ("他寫了《紅樓夢》和《西遊記》。", ["《紅樓夢》", "《西遊記》"]),
    ("nothing here", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_names(text: str, expected: list[str]) -> None:
    assert [name.text for name in find_names(text)] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Marie Curie", Gender.FEMALE),
        ("Albert Einstein", Gender.MALE),
        ("Queen Victoria", Gender.FEMALE),
        ("Sir Tim", Gender.MALE),
        ("President Barack Obama", Gender.MALE),
        ("University of Oxford", Gender.NEUTER),
        ("NASA", Gender.NEUTER),
        ("France", Gender.NEUTER),
        ("Bosnia and Herzegovina", Gender.NEUTER),
        ("Chaim Malinowitz", Gender.UNKNOWN),
        ("", Gender.UNKNOWN),
    ],
)
def test_gender(name: str, expected: Gender) -> None:
    assert guess_gender(name) is expected


def test_one_word_at_the_start_of_a_sentence_is_uncertain() -> None:
    names = find_names("Genes matter. Genes matter to Darwin.")
    assert [(name.text, name.certain) for name in names] == [("Genes", False), ("Genes", False), ("Darwin", True)]


def test_joined_names() -> None:
    assert joined_spans("in Trinidad and Tobago") == [(3, 22)]
    assert joined_spans("France and Germany") == []
    assert joined_spans("Romeo and Juliet") == [(0, 16)]


@given(st.text(max_size=120))
def test_names_are_where_they_say(text: str) -> None:
    last = 0
    for name in find_names(text):
        assert last <= name.span.start < name.span.end <= len(text)
        assert " ".join(name.span.of(text).split()) == name.text
        last = name.span.end
