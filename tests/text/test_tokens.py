import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.tokens import TOKENIZER_VERSION, tokenize, tokens_with_spans
from tests.growth import assert_linear

CASES = [
    ("", []),
    ("Algeria", ["algeria"]),
    ("2,381,740 sq km", ["2381740", "sq", "km"]),
    ("in 1,234 and 2019,381", ["in", "1234", "and", "2019", "381"]),
    ("pi is 3.14, v10.0.1", ["pi", "is", "3.14", "v10", "0.1"]),
    ("vitamin C and Henry V", ["vitamin", "c", "and", "henry", "v"]),
    ("the 20th and the 1990s", ["the", "20th", "and", "the", "1990s"]),
    ("5km or 5 km", ["5", "km", "or", "5", "km"]),
    ("H2O and CO2", ["h2o", "and", "co2"]),
    ("Curie's, the Curies', don't", ["curie", "the", "curies", "dont"]),
    ("O’Brien and O'Brien", ["obrien", "and", "obrien"]),
    ("the U.S. and the US", ["the", "us", "and", "the", "us"]),
    ("foo_bar-baz", ["foo", "bar", "baz"]),
    ("Curaçao Straße İstanbul", ["curacao", "strasse", "istanbul"]),
    ("São Tomé", ["sao", "tome"]),
    ("ﬁne ①", ["fine", "1"]),
    ("４５％", ["45"]),
    ("٣٤ ३४", ["34", "34"]),
    ("हिन्दी", ["हिन्दी"]),
    ("日本", ["日本"]),
    ("法", ["法"]),
    ("法國首都", ["法国", "国首", "首都"]),
    ("臺灣", ["台湾"]),
    ("台湾", ["台湾"]),
    ("DNA複製", ["dna", "复制"]),
    ("2019年1月", ["2019", "年", "1", "月"]),
    ("第3章 物理", ["第", "3", "章", "物理"]),
    ("カタカナ", ["カタ", "タカ", "カナ"]),
    ("한국어 서울", ["한국어", "서울"]),
    ("!?… — 。", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokenize(text) == expected


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_spans_give_the_same_tokens(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokens_with_spans(text)] == expected


def test_spans_point_at_what_was_written() -> None:
    text = "Curaçao’s area is 2,381,740 km² in 臺灣島."
    found = {token.text: token.span.of(text) for token in tokens_with_spans(text)}
    assert found["2381740"] == "2,381,740"
    assert found["curacao"] == "Curaçao"
    assert found["台湾"] == "臺灣"
    assert found["湾岛"] == "灣島"


def test_version_is_a_name_that_manifests_can_hold() -> None:
    assert TOKENIZER_VERSION == "1"


@given(st.text(max_size=80))
def test_spans_lie_within_the_text_and_agree(text: str) -> None:
    tokens = tokens_with_spans(text)
    assert [token.text for token in tokens] == tokenize(text)
    for token in tokens:
        assert 0 <= token.span.start < token.span.end <= len(text)
    assert [t.span.start for t in tokens] == sorted(t.span.start for t in tokens)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_tokens_are_tokens_of_themselves(text: str) -> None:
    once = tokenize(text)
    assert tokenize(" ".join(once)) == once


def test_time_grows_with_length() -> None:
    unit = "Algeria's area is 2,381,740 km, 臺灣 is smaller; the U.S. is not. "
    assert_linear(tokenize, lambda size: unit * (size // len(unit)), size=250_000)
