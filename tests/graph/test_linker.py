from pathlib import Path

import pytest

from factcheck.graph.linker import Linker, entities_named
from factcheck.graph.store import GraphStore
from factcheck.types import Span
from tests.graph.sample import build


@pytest.fixture(scope="module")
def linker(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    return Linker(GraphStore.open(build(tmp_path_factory.mktemp("graph"))))


def found(linker: Linker, text: str) -> list[tuple[str, list[str]]]:
    return [(m.span.of(text), [e.label for e in m.entities]) for m in linker.link(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vess lies north of Toren.", [("Vess", ["Vess"]), ("Toren", ["Toren"])]),
        ("Norland's towns", [("Norland", ["Norland"])]),
        ("the Kingdom of Norland", [("Kingdom of Norland", ["Norland"])]),
        ("VESS", [("VESS", ["Vess"])]),
        ("vess is in norland", [("vess", ["Vess"]), ("norland", ["Norland"])]),
        ("諾蘭與維斯", [("諾蘭", ["Norland"]), ("維斯", ["Vess"])]),
        ("诺兰与维斯", [("诺兰", ["Norland"]), ("维斯", ["Vess"])]),
        ("Ｖｅｓｓ", [("Ｖｅｓｓ", ["Vess"])]),
        ("The two Mercurys", [("Mercurys", ["Mercury", "mercury"])]),
        ("Northland", [("Northland", ["Norland"])]),
        ("It is a fine day.", []),
        ("He read the coral reef atlas.", []),  # the book's name has capitals
        ("", []),
    ],
)
def test_names_are_found(linker: Linker, text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert found(linker, text) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Kristen Vess sings.", []),
        ("The Vess Agreement was signed.", []),
        ("Franklin D. Toren was elected.", []),
        ("Stratton, Norland is a town.", []),
        ("A Vess-based firm.", []),
        ("Mount Vess is high.", ["Vess"]),
        ("However, Vess is a city.", ["Vess"]),
        ("Famously Vess is a city.", ["Vess"]),
        ("In Vess, Norland has a port.", ["Vess", "Norland"]),
        ("NEW VESS", ["VESS"]),
    ],
)
def test_a_part_of_a_longer_name_is_another_name(linker: Linker, text: str, names: list[str]) -> None:
    assert [name for name, _ in found(linker, text)] == names


def test_a_date_is_no_name_but_a_name_may_hold_one(linker: Linker) -> None:
    text = "The 1903 Grand Prize"
    year = [Span(start=4, end=8)]
    assert [m.span.of(text) for m in linker.link(text, year)] == ["1903 Grand Prize"]


def test_a_label_that_a_hundred_share_is_ambiguous(tmp_path: Path) -> None:
    lines = "".join(
        f'<http://x/{n:03}> <http://www.w3.org/2000/01/rdf-schema#label> "John Smith" .\n' for n in range(100)
    )
    linker = Linker(GraphStore.open(build(tmp_path, lines)))
    (mention,) = linker.link("John Smith was born.")
    assert mention.ambiguous and len(mention.entities) == 100
    assert linker.link("John Smith was born.") == (mention,)


def test_a_stated_name_comes_before_one_that_was_cut_short(tmp_path: Path) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    names = ("Paris", "Paris, Texas", "Reno, Nevada")
    lines = "".join(f'<http://x/{n}> {label} "{name}" .\n' for n, name in enumerate(names))
    linker = Linker(GraphStore.open(build(tmp_path, lines)))
    assert found(linker, "Paris and Reno") == [("Paris", ["Paris"]), ("Reno", ["Reno, Nevada"])]


def test_names_that_end_in_a_mark(tmp_path: Path) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    names = ("Washington D.C.", "Saint John's", "Albany, Georgia")
    lines = "".join(f'<http://x/{number}> {label} "{name}" .\n' for number, name in enumerate(names))
    linker = Linker(GraphStore.open(build(tmp_path, lines)))
    assert found(linker, "Washington D.C. isn't Saint John's.") == [(name, [name]) for name in names[:2]]
    assert found(linker, "Albany (Georgia) is a city.") == [("Albany (Georgia)", ["Albany, Georgia"])]


def test_entities_without_a_label_are_named_by_their_iri(tmp_path: Path) -> None:
    lines = "<http://x/New_Vess> <http://x/p> <http://x/Q42> .\n"
    store = GraphStore.open(build(tmp_path, lines))
    assert [e.label for e in entities_named(store, "new vess")] == ["New Vess"]
    assert entities_named(store, "Q42") == []
    assert entities_named(store, "…") == []


def test_a_long_claim_is_read_in_time(linker: Linker) -> None:
    assert len(linker.link("Vess and " * 500)) == 500
    assert linker.link("word " * 20_000) == ()


def test_city_of_is_a_kind_in_lower_case_and_a_name_in_capitals(tmp_path: Path) -> None:
    text = """
    @prefix e: <http://e/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix p: <http://p/> .
    e:a rdfs:label "City of Vess" ; p:in e:n . e:b rdfs:label "Vess" ; p:in e:m .
    e:c rdfs:label "City of Orla" ; p:in e:n .
    """
    linker = Linker(GraphStore.open(build(tmp_path, text)))
    named = {said: linker.link(f"The {said} is old.")[0] for said in ("city of Vess", "City of Vess", "city of Orla")}
    assert [m.entities[0].term for m in named.values()] == ["<http://e/b>", "<http://e/a>", "<http://e/c>"]
