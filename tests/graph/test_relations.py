from collections.abc import Sequence

import pytest

from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.relations import RelationMatcher, stem, stems_of
from factcheck.graph.roles import read_roles
from factcheck.graph.schema import Name, PropertyInfo, Schema
from factcheck.types import GraphAnswer, Mention
from tests.graph.sample import claim, open_reader

P = "<https://example.org/p/"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    return open_reader(tmp_path_factory.mktemp("graph"))


def answer(reader: LocalGraphReader, text: str) -> GraphAnswer:
    return reader.ask([claim(text)])[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("wrote", "written"),
        ("invented", "invents"),
        ("borders", "bordered"),
        ("starring", "stars"),
        ("countries", "country"),
        ("retirement", "retired"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_stems_keep_apart_what_means_something_else() -> None:
    assert stem("founded") != stem("found")
    assert stem("author") != stem("authored")
    assert stems_of("is the capital of") == ("capital", "of")


@pytest.mark.parametrize(
    ("text", "best", "inverted"),
    [
        ("The capital of Norland is Vess.", "capital", False),
        ("Vess is the capital of Norland.", "capital", False),
        ("諾蘭的首都是維斯", "capital", False),
        ("Ana Olsen wrote Coral Reef.", "wrote", False),
        ("Ana Olsen is the author of Coral Reef.", None, False),  # no label says so
        ("Norland shares a border with Sudmark.", "borders", False),
        ("Ana Olsen was born in Vess.", "born", False),
        ("The Moon is made of cheese.", None, False),
    ],
)
def test_properties_are_recognised(reader: LocalGraphReader, text: str, best: str | None, inverted: bool) -> None:
    relations = [m for m in answer(reader, text).relations if m.score > 0.5]
    if best is None:
        assert relations == []
    else:
        assert (relations[0].relation.term, relations[0].inverted) == (f"{P}{best}>", inverted)
        assert relations[0].span is not None and relations[0].score <= 1.0


@pytest.mark.parametrize(
    ("text", "subject", "value", "sure"),
    [
        ("The capital of Norland is Vess.", "Norland", "Vess", True),
        ("Vess is the capital of Norland.", "Norland", "Vess", True),
        ("Norland's capital is Vess.", "Norland", "Vess", True),
        ("Vess is Norland's capital.", "Norland", "Vess", True),
        ("Norland has its capital in Vess.", "Norland", "Vess", True),
        ("諾蘭的首都是維斯。", "Norland", "Vess", True),
        ("維斯是諾蘭的首都。", "Norland", "Vess", True),
        ("Vess, the capital of Norland, is old.", "Norland", "Vess", True),
        ("Between Vess and Toren lies a capital.", None, None, False),
    ],
)
def test_roles(reader: LocalGraphReader, text: str, subject: str | None, value: str | None, sure: bool) -> None:
    found = answer(reader, text)
    match = next((m for m in found.relations if m.relation.term == f"{P}capital>"), None)
    assert match is not None
    reading = read_roles(text, found.mentions, match)
    if sure:
        assert (_label(reading.subject), _label(reading.value), reading.sure) == (subject, value, True)
    else:
        assert reading.subject is None or reading.value is None


def _label(mention: Mention | None) -> str | None:
    return None if mention is None else mention.entities[0].label


def matcher(*names: str, statements: int = 3) -> RelationMatcher:
    infos = [
        PropertyInfo(term=f"<x:{i}>", labels=[Name(name, "")], statements=statements) for i, name in enumerate(names)
    ]
    return RelationMatcher(Schema({info.term: info for info in infos}))


def terms(found: Sequence[object]) -> list[str]:
    return [match.relation.label for match in found]  # type: ignore[attr-defined]


def test_frames_serve_properties_of_any_graph() -> None:
    some = matcher("birth place", "author", "elevation")
    assert terms(some.match("X was born in Y", [])) == ["birth place"]
    assert terms(some.match("X was written by Y", [])) == ["author"]
    (wrote,) = some.match("Y wrote X", [])
    assert wrote.inverted
    assert terms(some.match("X is 300 metres high", [])) == ["elevation"]
    assert some.match("X admires Y", []) == ()


def test_the_longer_phrase_wins() -> None:
    assert (
        terms(matcher("language", "official language").match("the official language of X", []))[0]
        == "official language"
    )


def test_words_of_a_label_may_stand_apart() -> None:
    some = matcher("date of retirement", "runway surface type")
    assert terms(some.match("X retired in 1974", [])) == ["date of retirement"]
    assert terms(some.match("the surface of the runway is asphalt", [])) == ["runway surface type"]


def test_a_property_without_statements_is_not_spoken_of() -> None:
    assert matcher("capital", statements=0).match("the capital of X", []) == ()
