from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from factcheck.errors import IntegrityError
from factcheck.graph.schema import ClassInfo, Name, PropertyInfo, Schema, best_name, union_find
from factcheck.graph.store import GraphStore, build_graph
from factcheck.types import Relation
from tests.graph.sample import build

P, C, E = "<https://example.org/p/", "<https://example.org/c/", "<https://example.org/e/"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    return GraphStore.open(build(tmp_path_factory.mktemp("graph"))).schema


def test_characteristics_and_what_follows_from_them(schema: Schema) -> None:
    capital, of = schema.relation(P + "capital>"), schema.relation(P + "capitalOf>")
    assert capital.functional and capital.inverse_functional and capital.inverse == P + "capitalOf>"
    assert of.functional and of.inverse_functional and of.inverse == P + "capital>"
    assert schema.relation(P + "borders>").symmetric
    assert schema.relation(P + "locatedIn>").transitive and not schema.relation(P + "locatedIn>").functional
    assert schema.relation(P + "area>").unit == "km^2"
    assert schema.relation(P + "director>").closed
    assert schema.relation("<https://nobody.example/birthPlace>").label == "birth place"
    assert schema.supers(P + "inCountry>") == {P + "inCountry>", P + "locatedIn>"}
    assert schema.subs(P + "locatedIn>") == {P + "locatedIn>", P + "inCountry>", P + "continent>"}


def test_classes(schema: Schema) -> None:
    assert schema.class_supers(C + "City>") == {C + "City>", C + "Place>"}
    assert schema.disjoint([C + "Rocky>"], C + "Giant>") == (C + "Rocky>", C + "Giant>")
    assert schema.disjoint([C + "City>"], C + "Work>") == (C + "City>", C + "Work>")
    assert schema.disjoint([C + "City>"], C + "Place>") is None
    assert schema.fits([C + "City>"], [C + "Place>"]) is True
    assert schema.fits([C + "City>"], [C + "Person>"]) is False
    assert schema.fits([C + "Metal>"], [C + "Person>"]) is None


def test_a_cycle_of_same_as_is_one_entity(schema: Schema) -> None:
    group = schema.equals(E + "Norland>")
    assert len(group) == 3
    assert {schema.canonical(term) for term in group} == {group[0]}
    assert schema.canonical(E + "Vess>") == E + "Vess>"


def test_cycles_do_not_hang() -> None:
    ring = ["<x:a>", "<x:b>", "<x:c>"]
    around = list(zip(ring, ring[1:] + ring[:1], strict=True))
    schema = Schema(
        {a: PropertyInfo(term=a, supers=[b], inverses=[b], functional=a == "<x:a>") for a, b in around},
        {a: ClassInfo(term=a, supers=[b], disjoint=[a, b]) for a, b in around},
        union_find(around),
    )
    assert schema.supers("<x:a>") == schema.subs("<x:b>") == schema.class_supers("<x:c>") == set(ring)
    assert all(schema.relation(term).functional for term in ring)
    assert schema.canonical("<x:c>") == "<x:a>"
    assert schema.disjoint(["<x:a>"], "<x:b>") is not None


def test_a_circular_list_of_disjoint_classes_does_not_hang(tmp_path: Path) -> None:
    text = (
        "@prefix x: <http://x/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . x:a a owl:Class . x:b a owl:Class . "
        "[] a owl:AllDisjointClasses ; owl:members _:l . _:l rdf:first x:a ; rdf:rest _:m . "
        "_:m rdf:first x:b ; rdf:rest _:l ."
    )
    schema = GraphStore.open(build(tmp_path, text)).schema
    assert schema.disjoint(["<http://x/a>"], "<http://x/b>") is not None


def test_functional_by_the_data_is_marked_and_needs_support() -> None:
    many = PropertyInfo(term="<x:p>", subjects=100, single=99, statements=101)
    few = PropertyInfo(term="<x:q>", subjects=2, single=2, statements=2)
    heights = PropertyInfo(term="<x:t>", subjects=2, single=2, statements=2, literals=2)
    spouses = PropertyInfo(term="<x:spouse>", subjects=100, single=100, statements=100)
    mixed = PropertyInfo(term="<x:r>", subjects=100, single=80, statements=120)
    infos = (many, few, mixed, heights, spouses)
    schema = Schema({p.term: p for p in infos})
    found = {info.term: (schema.relation(info.term).functional, schema.relation(info.term).derived) for info in infos}
    assert found == {
        "<x:p>": (True, True),
        "<x:q>": (False, False),
        "<x:r>": (False, False),
        "<x:t>": (True, True),
        "<x:spouse>": (False, False),
    }
    # An ontology that calls one property functional means that the others are not.
    stated = PropertyInfo(term="<x:s>", subjects=100, single=100, statements=100, functional=True)
    schema = Schema({p.term: p for p in (many, stated)})
    assert not schema.relation("<x:p>").functional
    assert schema.relation("<x:s>").functional and not schema.relation("<x:s>").derived


def test_places_of_one_level_have_one_value_by_the_data_and_nested_ones_have_not(tmp_path: Path) -> None:
    def relation(rows: str, name: str) -> Relation:
        (tmp_path / f"{name}.tsv").write_text(rows, encoding="utf-8")
        build_graph([tmp_path / f"{name}.tsv"], tmp_path / name)
        schema = GraphStore.open(tmp_path / name).schema
        return next(schema.relation(term) for term in schema.properties if "located" in term.lower())

    flat = "".join(f"Town{n}\tisLocatedIn\tLand{n % 7}\n" for n in range(30)) + "Monland\tisLocatedIn\tMonland\n"
    assert relation(flat, "flat").functional
    assert not relation(flat + "Land1\tisLocatedIn\tContinent\n", "nested").functional


def test_the_schema_survives_the_disk(schema: Schema) -> None:
    data = schema.encode()
    again = Schema.decode(data, Path("schema.json"))
    assert again.encode() == data
    assert again.relation(P + "capital>") == schema.relation(P + "capital>")
    for wrong in (b"", b"{}", b'{"properties": 1}', data[:-20]):
        with pytest.raises(IntegrityError):
            Schema.decode(wrong, Path("schema.json"))


def test_the_best_name() -> None:
    names = [Name("Wien", "de"), Name("Vienna", "en-GB"), Name("VIE", "")]
    assert best_name(names) == "Vienna"
    assert best_name(names, "zh") == "VIE"
    assert best_name([]) is None


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=20))
def test_equal_is_an_equivalence(pairs: list[tuple[str, str]]) -> None:
    groups = list(union_find(pairs))
    of = {term: index for index, group in enumerate(groups) for term in group}
    assert len(of) == sum(map(len, groups))
    assert all(a == b or of[a] == of[b] for a, b in pairs)
