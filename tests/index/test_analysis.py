import pytest

from factcheck.index.analysis import ANALYSIS, analyse
from factcheck.text.tokens import TOKENIZER_VERSION


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Cities and rivers", ["city", "and", "river"]),
        ("The houses' glasses", ["the", "house", "glasse"]),
        ("bus, gas, class, status, is", ["bus", "gas", "class", "status", "is"]),
        ("shoes eyries caves", ["shoes", "eyry", "cave"]),
        ("2,381,740 km² in the 1990s", ["2381740", "km2", "in", "the", "1990s"]),
        ("化學元素", ["化学", "学元", "元素"]),
        ("", []),
    ],
)
def test_plurals_meet_their_singulars(text: str, terms: list[str]) -> None:
    assert analyse(text) == terms


def test_a_new_tokenizer_is_a_new_analysis() -> None:
    assert TOKENIZER_VERSION in ANALYSIS
