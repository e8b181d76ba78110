"""Names in other alphabets and in other spellings reach the same entity."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from factcheck.graph.names import key_of
from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.romanise import canonical, romanised
from tests.graph.sample import build, claim

TURTLE = """
@prefix e: <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix p: <http://p/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
e:a rdfs:label "Владимир Орлов" ; p:of e:z . e:b rdfs:label "Łódź" ; p:of e:z .
e:c rdfs:label "Jürgen Müller" ; p:of e:z .
e:d rdfs:label "Muhammad Hussein Rashid" ; p:of e:z . e:f rdfs:label "Omar al-Khalid" ; p:of e:z .
e:g rdfs:label "Mohammed Ali" ; p:of e:z . e:h rdfs:label "Muhammad Ali" ; p:of e:z .
e:i rdfs:label "Αθήνα" ; p:of e:z . e:j rdfs:label "서울" ; p:of e:z . e:z rdfs:label "Zed" .
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return LocalGraphReader.open(build(tmp_path_factory.mktemp("graph"), TURTLE))


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Vladimir Orlov", "a"),
        ("Wladimir Orlov", "a"),
        ("Владимир Орлов", "a"),
        ("Lodz", "b"),
        ("Łódź", "b"),
        ("Jurgen Muller", "c"),
        ("Juergen Mueller", "c"),
        ("Mohammed Husayn Rashid", "d"),
        ("Mohamed Hossein Rasheed", "d"),
        ("Umar Khaled", "f"),
        ("Omar el-Khalid", "f"),
        ("Mohammed Ali", "g"),  # what a name states goes before what it may stand for
        ("Muhammad Ali", "h"),
        ("Athina", "i"),
    ],
)
def test_other_spellings_reach_the_entity(reader: LocalGraphReader, name: str, entity: str) -> None:
    (answer,) = reader.ask([claim(f"{name} is of Zed.")])
    assert [e.term for e in answer.mentions[0].entities] == [f"<http://e/{entity}>"]
    assert answer.mentions[0].span.of(f"{name} is of Zed.") == name


def test_a_spelling_that_two_may_have_is_ambiguous(reader: LocalGraphReader) -> None:
    (answer,) = reader.ask([claim("Mohamed Ali is of Zed.")])
    assert {e.term for e in answer.mentions[0].entities} == {"<http://e/g>", "<http://e/h>"}


@pytest.mark.parametrize("name", ["Vess", "القاهرة", "北京", "תל אביב", "…", ""])
def test_what_has_no_latin_form(name: str) -> None:
    assert list(romanised(name)) == []


@pytest.mark.parametrize("key", ["vess", "al", "al pacino", "muhammad ali", "bin"])
def test_what_is_spelt_so_already(key: str) -> None:
    assert canonical(key) is None


@given(st.text(max_size=60))
def test_any_text_is_spelt_without_an_error(text: str) -> None:
    for form in romanised(text):
        assert form.isascii() and form != text
    key = key_of(text)
    if key:
        again = canonical(key)
        assert again is None or canonical(again) is None


def test_an_arabic_particle_is_left_out_within_a_name_only(tmp_path: Path) -> None:
    assert canonical("bashar al assad") == "bashar assad"
    assert canonical("ali bin") is None
