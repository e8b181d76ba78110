"""Terms are found as whole words, in any script, and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import InputError
from factcheck.screen import TermList, read_terms
from factcheck.screen.terms import TermMatcher, fold


def found(text: str, *terms: str) -> list[str]:
    matcher = TermMatcher([TermList(category="c", terms=terms)])
    return [finding.span.of(text) for finding in matcher.find(text)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("cat", "The cat, a CAT; scatter concatenate cats cat_x", ["cat", "CAT"]),
        ("cat*", "cats scatter Category", ["cats", "Category"]),
        ("naïve", "a NAIVE man, naïve", ["NAIVE", "naïve"]),
        ("hot dog", "hot  dog, hot-dog, hot\ndog, hotdog", ["hot  dog", "hot-dog", "hot\ndog"]),
        ("c++", "in C++ and c+++ and xc++", ["C++", "c++"]),
        ("straße", "STRASSE und Straße, Straßenbahn", ["STRASSE", "Straße"]),
        ("слово", "Слово словом", ["Слово"]),
        ("كلمة", "هذه كلمة وكلمات", ["كلمة"]),
        ("शब्द", "यह शब्द है", ["शब्द"]),
        ("壞詞", "這是個壞詞嗎", ["壞詞"]),
        ("คำ", "นี่คือคำหยาบ", ["คำ"]),
        ("bad", "ｂａｄ and b\u00ada\u200bd", ["ｂａｄ", "b\u00ada\u200bd"]),
        ("e", "cafe\u0301 e\u0301", ["e\u0301"]),
    ],
)
def test_whole_words_in_any_script(term: str, text: str, expected: list[str]) -> None:
    assert found(text, term) == expected


def test_the_longest_of_several_wins_and_categories_are_kept() -> None:
    matcher = TermMatcher(
        [TermList(category="a", terms=("red", "red tape")), TermList(category="b", terms=("red tape", ""))]
    )
    text = "red tape is red"
    assert [(f.span.of(text), f.category) for f in matcher.find(text)] == [
        ("red tape", "a"),
        ("red tape", "b"),
        ("red", "a"),
    ]
    assert list(TermMatcher([]).find(text)) == []


def test_ten_thousand_terms_cost_what_they_share() -> None:
    matcher = TermMatcher([TermList(category="c", terms=tuple(f"term{n}x" for n in range(10_000)))])
    text = "nothing here but term77x and term7 " * 500
    assert len(list(matcher.find(text))) == 500


@given(st.text(max_size=60))
def test_folding_keeps_places(text: str) -> None:
    folded, places = fold(text)
    assert len(folded) == len(places)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)


@given(
    st.lists(st.text(st.sampled_from("ab c-"), min_size=1, max_size=6), min_size=1, max_size=5),
    st.text(st.sampled_from("ab c-."), max_size=40),
)
def test_what_is_found_is_a_term_and_stands_alone(terms: list[str], text: str) -> None:
    known = {" ".join(term.replace("-", " ").split()) for term in terms}
    for said in found(text, *terms):
        assert " ".join(said.replace("-", " ").split()) in known


def test_a_file_has_categories_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "insults.txt"
    path.write_text(
        "\ufeff# what nobody likes\nfool  # mild\n\n[threats]\nwatch out\n[insults]\nass*\n", encoding="utf-8"
    )
    assert read_terms(path) == [
        TermList(category="insults", terms=("fool", "ass*")),
        TermList(category="threats", terms=("watch out",)),
    ]


def test_a_bad_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="absent"):
        read_terms(tmp_path / "absent.txt")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match="UTF-8"):
        read_terms(tmp_path / "latin.txt")
    (tmp_path / "long.txt").write_text("x" * 201)
    with pytest.raises(InputError, match="line 1"):
        read_terms(tmp_path / "long.txt")
