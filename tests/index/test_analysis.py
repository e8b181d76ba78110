from concurrent.futures import ThreadPoolExecutor

import pytest
import Stemmer

from factcheck.index.analysis import ANALYSIS, analyse
from factcheck.text.tokens import TOKENIZER_VERSION


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Cities and rivers", ["citi", "and", "river"]),
        ("The house's glasses", ["the", "hous", "glass"]),
        ("bus, gas, class, is", ["bus", "gas", "class", "is"]),
        ("2,381,740 km² in the 1990s", ["2381740", "km2", "in", "the", "1990s"]),
        ("化學元素", ["化学", "学元", "元素"]),
        ("", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert analyse(text) == terms


@pytest.mark.parametrize(
    "words", ["found founded", "heating heated heats", "derivative derivatives", "national nation nations"]
)
def test_inflections_meet(words: str) -> None:
    first, *others = analyse(words)
    assert set(others) == {first}


def test_what_is_not_plain_letters_stays() -> None:
    assert analyse("Москвы 1990s b2b é") == ["москвы", "1990s", "b2b", "e"]


def test_a_new_tokenizer_or_stemmer_is_a_new_analysis() -> None:
    assert TOKENIZER_VERSION in ANALYSIS
    assert Stemmer.version() in ANALYSIS


def test_threads_stem_alike() -> None:
    text = " ".join(f"running{'s' * (n % 3)} nations{'al' * (n % 2)} heating" for n in range(500))
    with ThreadPoolExecutor(8) as pool:
        assert {tuple(terms) for terms in pool.map(analyse, [text] * 64)} == {tuple(analyse(text))}
