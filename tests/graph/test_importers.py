"""Public graphs in the format that they are published in; the files in `public/` were made up for these tests."""

import bz2
from pathlib import Path

import pytest

from factcheck.errors import DocumentError, GraphSyntaxError
from factcheck.graph.importers import ImportFilter
from factcheck.graph.linker import entities_named
from factcheck.graph.load import GraphFormat, SkipLog, read_quads
from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.store import GraphStore, build_graph
from factcheck.types import Case, Label, Stance
from factcheck.verify.facts import GraphChecker
from tests.graph.sample import claim

PUBLIC = Path(__file__).parent / "public"
WD = "http://www.wikidata.org/"
FILES = {
    GraphFormat.CONCEPTNET: "conceptnet-assertions.csv",
    GraphFormat.ATOMIC: "atomic.tsv",
    GraphFormat.WIKIDATA: "truthy.nt",
    GraphFormat.DBPEDIA: "dbpedia.ttl",
    GraphFormat.WEBNLG: "webnlg.xml",
}


def built(tmp_path: Path, form: GraphFormat, **keep: frozenset[str]) -> GraphStore:
    build_graph([PUBLIC / FILES[form]], tmp_path / "graph", form=form, keep=ImportFilter(**keep))
    return GraphStore.open(tmp_path / "graph")


def facts(store: GraphStore, name: str) -> set[tuple[str, str]]:
    (entity,) = entities_named(store, name)
    return {
        (store.schema.relation(t.predicate).label, store.entity(t.object).label)
        for t in store.triples(entity.term)
        if "#label" not in t.predicate
    }


def test_conceptnet(tmp_path: Path) -> None:
    store = built(tmp_path, GraphFormat.CONCEPTNET, languages=frozenset({"en"}))
    assert facts(store, "kettle") == {("is found at", "kitchen"), ("is used for", "boil water")}
    assert entities_named(store, "bouilloire") == []
    assert store.schema.relation("<http://conceptnet.io/r/Antonym>").symmetric
    assert facts(store, "quiet tune") == {("genre", "folk music")}
    checker = GraphChecker(LocalGraphReader(store))
    (result,) = checker.check([Case(claim=claim("A kettle is used for boil water."))])
    assert [j.stance for j in result.judgements] == [Stance.SUPPORTS]


def test_conceptnet_keeps_what_is_asked_for(tmp_path: Path) -> None:
    store = built(tmp_path, GraphFormat.CONCEPTNET, properties=frozenset({"UsedFor", "Synonym"}))
    assert facts(store, "kettle") == {("is used for", "boil water")}
    assert facts(store, "bouilloire") == {("means the same as", "kettle")}


def test_atomic(tmp_path: Path) -> None:
    store = built(tmp_path, GraphFormat.ATOMIC)
    assert facts(store, "PersonX waters the roses") == {
        ("was intended by PersonX", "to keep them alive"),
        ("is hindered by", "The hose is broken"),
    }
    assert facts(store, "watering can") == {("is used for", "water plants")}


def test_wikidata(tmp_path: Path) -> None:
    keep = {"properties": frozenset({"P17", "P1082"}), "languages": frozenset({"en"})}
    store = built(tmp_path, GraphFormat.WIKIDATA, **keep)
    (city,) = entities_named(store, "city of kelmor")
    assert city.label == "Kelmor" and [store.label(t) for t in city.types] == ["city"]
    assert entities_named(store, "Kelmour") == []
    country = store.schema.relation("<http://www.wikidata.org/prop/direct/P17>")
    assert country.label == "country" and country.functional and not country.derived
    assert store.schema.relation(f"<{WD}prop/direct/P22>").inverse == f"<{WD}prop/direct/P40>"
    assert not store.triples(city.term, "<http://www.wikidata.org/prop/direct/P571>")
    checker = GraphChecker(LocalGraphReader(store))
    said = {
        text: [j.probabilities.label for j in checker.check([Case(claim=claim(text))])[0].judgements]
        for text in ("Kelmor is in the country of Norland.", "Kelmor is in Sudmark.", "Kelmor has 51,200 inhabitants.")
    }
    assert list(said.values()) == [[Label.SUPPORTED], [Label.REFUTED], [Label.SUPPORTED]]


def test_dbpedia(tmp_path: Path) -> None:
    store = built(tmp_path, GraphFormat.DBPEDIA, languages=frozenset({"en"}))
    (city,) = entities_named(store, "Kelmore")
    assert city.label == "Kelmor"
    area = "<http://dbpedia.org/ontology/areaTotal>"
    assert store.schema.relation(area).unit == "km^2"
    assert [t.object for t in store.triples(city.term, area)] == ['"124.5"^^<http://www.w3.org/2001/XMLSchema#decimal>']
    assert not store.triples(city.term, "<http://dbpedia.org/ontology/wikiPageWikiLink>")
    assert not store.triples(city.term, "<http://dbpedia.org/ontology/abstract>")


def test_webnlg(tmp_path: Path) -> None:
    store = built(tmp_path, GraphFormat.WEBNLG)
    (airport,) = entities_named(store, "Kelmor Airport")
    values = {t.predicate.rpartition("/")[2].rstrip(">"): t.object for t in store.triples(airport.term)}
    assert values["cityServed"] == '"Kelmor & Vess"'
    assert values["runwayLength"] == '"2743"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    assert values["openingDate"] == '"1931-05-06"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert store.entity(values["operator"]).label == "Norland Air Board"
    assert "city" not in values  # of the original triples


def test_webnlg_lines(tmp_path: Path) -> None:
    source = tmp_path / "triples.txt"
    source.write_text('Kelmor | leaderName | Ana_Olsen\nKelmor | areaCode | "236, 320"\n', encoding="utf-8")
    assert len(list(read_quads(source, form=GraphFormat.WEBNLG))) == 6  # two statements, four names


@pytest.mark.parametrize("form", list(FILES))
def test_bzip2_and_what_is_left_of_it(tmp_path: Path, form: GraphFormat) -> None:
    data = (PUBLIC / FILES[form]).read_bytes()
    packed = tmp_path / "file.bz2"
    packed.write_bytes(bz2.compress(data))
    assert list(read_quads(packed, form=form)) == list(read_quads(PUBLIC / FILES[form], form=form))
    packed.write_bytes(bz2.compress(data)[:-20])
    with pytest.raises(DocumentError, match=r"packed|bzip2"):
        list(read_quads(packed, form=form))


@pytest.mark.parametrize(
    ("form", "line"),
    [
        (GraphFormat.CONCEPTNET, "/a/x\t/r/IsA\t/c/en/dog\n"),
        (GraphFormat.CONCEPTNET, "/a/x\tIsA\t/c/en/dog\t/c/en/animal\t{}\n"),
        (GraphFormat.ATOMIC, "PersonX runs\txIntent\n"),
        (
            GraphFormat.WIKIDATA,
            "<http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/direct/P17> nothing .\n",
        ),
        (GraphFormat.DBPEDIA, "no triple at all\n"),
        (GraphFormat.WEBNLG, "Kelmor | leaderName\n"),
    ],
)
def test_a_bad_line_is_named_or_passed_over(tmp_path: Path, form: GraphFormat, line: str) -> None:
    source = tmp_path / "source"
    good = (PUBLIC / FILES[form]).read_text(encoding="utf-8") if form is not GraphFormat.WEBNLG else "a | b | c\n"
    source.write_text(good + line, encoding="utf-8")
    number = good.count("\n") + 1
    with pytest.raises(GraphSyntaxError, match=f":{number}:"):
        list(read_quads(source, form=form))
    log = SkipLog()
    kept = list(read_quads(source, form=form, skip=log))
    assert log.count == 1 and log.lines[0].line == number and kept


def test_what_is_not_wanted_is_not_parsed(tmp_path: Path) -> None:
    source = tmp_path / "truthy.nt"
    bad = "<http://www.wikidata.org/entity/Q1> <http://www.wikidata.org/prop/direct/P9> bad .\n"
    source.write_text(bad * 10_000 + (PUBLIC / "truthy.nt").read_text(encoding="utf-8"), encoding="utf-8")
    keep = ImportFilter(properties=frozenset({"P17"}))
    assert list(read_quads(source, form=GraphFormat.WIKIDATA, keep=keep))
