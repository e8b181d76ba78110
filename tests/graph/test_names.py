import hypothesis.strategies as st
import pytest
from hypothesis import given

from factcheck.graph.names import derived_names, is_function_word, key_of, name_tokens, singulars
from factcheck.graph.table import hash_of
from factcheck.graph.vocabulary import literal_parts, name_from_iri, parse_term, phrase_from_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Curaçao", "curacao"),
        ("Marie Curie's", "MARIE CURIE"),
        ("瑪麗·居禮", "玛丽·居礼"),
        ("Ｖｅｓｓ", "Vess"),
        ("U.S.", "US"),
        ("O'Brien", "O’Brien"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert key_of(one) == key_of(other) is not None


def test_what_has_no_key() -> None:
    assert key_of("…") is None
    assert key_of("") is None
    assert key_of("word " * 100) is None


def test_ideographs_are_tokens_of_their_own() -> None:
    text = "居禮夫人 was Curie, 1867年"
    tokens = name_tokens(text)
    assert [token.text for token in tokens] == ["居", "礼", "夫", "人", "was", "curie", "1867", "年"]
    assert [text[token.start : token.end] for token in tokens][:4] == ["居", "禮", "夫", "人"]


@given(st.text())
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    tokens = name_tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)


@given(st.text(alphabet="abcdefgh XYZ.,'-", max_size=40))
def test_a_key_is_its_own_key(text: str) -> None:
    key = key_of(text)
    assert key is None or key_of(key) == key


def test_shorter_forms() -> None:
    assert list(derived_names("Springfield, Illinois")) == ["Springfield"]
    assert list(derived_names("Mercury (planet)")) == ["Mercury"]
    assert list(derived_names("The Hague")) == ["Hague"]
    assert list(derived_names("Vess")) == []
    assert set(singulars("cities")) >= {"city"} and list(singulars("glass")) == []
    assert is_function_word("the") and is_function_word("20") and not is_function_word("vess")


def test_names_from_iris() -> None:
    assert name_from_iri("http://dbpedia.org/resource/New_Haven,_Connecticut") == "New Haven, Connecticut"
    assert name_from_iri("http://x.org/S%C3%A3o_Tom%C3%A9") == "São Tomé"
    for identifier in ("http://wikidata.org/entity/Q42", "http://rdf.freebase.com/ns/m.0966l", "http://x.org/12"):
        assert name_from_iri(identifier) is None
    assert phrase_from_name("leaderName") == "leader name"
    assert phrase_from_name("place_of_birth") == "place of birth"
    assert phrase_from_name("ISBN_number") == "ISBN number"


@given(st.text(max_size=30))
def test_literals_survive_their_term(text: str) -> None:
    from pyoxigraph import Literal

    assert literal_parts(str(Literal(text, language="en"))) == (
        text,
        "en",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    )
    assert str(parse_term(str(Literal(text)))) == str(Literal(text))


def test_what_is_no_term() -> None:
    for wrong in ('"open', '"a" . <x:s> <x:p> "b"', "plain"):
        with pytest.raises(ValueError):
            literal_parts(wrong)
    with pytest.raises(ValueError):
        literal_parts("<http://example.org/>")


def test_the_hash_never_changes() -> None:
    assert hash_of("marie curie") == 3129613713172507504  # stored graphs depend on it
    assert hash_of("marie curi") != hash_of("marie curie")
