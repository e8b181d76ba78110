"""Statements are made from rows, and their verdicts are counted."""

import gzip
import json
from pathlib import Path

import orjson
import pytest

from factcheck.cli.main import run
from factcheck.errors import InputError
from factcheck.evaluation.graph import measure_graph
from factcheck.evaluation.pairs import Half
from factcheck.evaluation.statements import GraphSet, read
from factcheck.types import Label

COUNTRIES = [("Bern", "Switzerland"), ("Paris", "France"), ("Oslo", "Norway"), ("Madrid", "Spain"), ("Rome", "Italy")]


@pytest.fixture
def countries(tmp_path: Path) -> Path:
    rows = [{"name": {"common": country}, "capital": [city]} for city, country in COUNTRIES]
    path = tmp_path / "countries.json.gz"
    path.write_bytes(gzip.compress(json.dumps(rows).encode()))
    return path


def test_statements_of_cities(countries: Path) -> None:
    text, statements = read(GraphSet.CITIES, countries)
    assert text.count("p:country e:k") == len(COUNTRIES)
    assert len(statements) == 10 * len(COUNTRIES)
    labels = {s.text: s.label for s in statements}
    assert labels["The city of Bern is in Switzerland."] is Label.SUPPORTED
    assert labels["The city of Bern is not in Switzerland."] is Label.REFUTED
    assert sum(label is Label.REFUTED for label in labels.values()) == 5 * len(COUNTRIES)


def test_figures_add_up(countries: Path) -> None:
    found = measure_graph(GraphSet.CITIES, countries, half=Half.ALL, resamples=50)
    counted = [sum(said.values()) for said in found["confusion"].values()]
    assert counted == [25, 25, 0]
    assert found["macro_f1"]["value"] > 0.9
    assert found["macro_f1"]["low"] <= found["macro_f1"]["value"] <= found["macro_f1"]["high"]
    right = sum(found["confusion"][label][label] for label in ("SUPPORTED", "REFUTED"))
    assert len(found["errors"]) == 50 - right
    assert found["accuracy"]["value"] == pytest.approx(right / 50)
    assert found["rules"]["supported:fact_match"]["verdicts"] > 0
    odd, even = (measure_graph(GraphSet.CITIES, countries, half=h, resamples=5) for h in (Half.ODD, Half.EVEN))
    assert odd["statements"] + even["statements"] == 50


def test_the_command(countries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["eval", "graph", "cities", str(countries), "--half", "all", "--resamples", "20"]
    assert run([*call, "--out", str(tmp_path / "out.json")]) == 0
    assert "cities: 50 statements (all half)" in capsys.readouterr().out
    assert orjson.loads((tmp_path / "out.json").read_bytes())["schema"] == "factcheck.eval_graph/1"


def test_a_file_of_another_set_is_refused(countries: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a file of 'factbench'"):
        read(GraphSet.FACTBENCH, countries)
    with pytest.raises(InputError, match="cannot be read"):
        read(GraphSet.WEBNLG, tmp_path / "absent.jsonl.gz")


ROWS = [
    {
        "name": {"common": name}, "cca3": code, "capital": [city], "region": region, "languages": {"x": language},
        "currencies": {"y": {"name": money}}, "borders": borders, "area": area, "landlocked": landlocked,
    }
    for name, code, city, region, language, money, borders, area, landlocked in (
        ("Norland", "NOR", "Vess", "Boria", "Norse", "Norse crown", ["SUD", "VAL"], 381740, False),
        ("Sudmark", "SUD", "Toren", "Boria", "Sudish", "mark", ["NOR", "VAL"], 12000, True),
        ("Vala", "VAL", "Orla", "Austra", "Valan", "taler", ["NOR", "SUD"], 900, False),
        ("Westria", "WES", "Pell", "Austra", "Westrian", "florin", [], 77000, False),
    )
]  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Path:
    path = tmp_path / "world.json"
    path.write_text(json.dumps(ROWS))
    return path


def test_statements_of_countries(world: Path) -> None:
    text, statements = read(GraphSet.COUNTRIES, world)
    assert "c:Landlocked ; rdfs:label" in text and text.count("p:capital e:") == len(ROWS)
    assert {s.label for s in statements} == {Label.SUPPORTED, Label.REFUTED}
    assert all("{" not in s.text for s in statements) and len({s.kind for s in statements}) > 50


def test_figures_of_every_wording(world: Path) -> None:
    found = measure_graph(GraphSet.COUNTRIES, world, half=Half.ALL, resamples=5)
    assert sum(kind["statements"] for kind in found["kinds"].values()) == found["statements"]
    assert sum(kind["right"] for kind in found["kinds"].values()) == found["statements"] - len(found["errors"])
    assert found["accuracy"]["value"] > 0.95


def test_the_same_facts_in_many_wordings(tmp_path: Path) -> None:
    rows = [
        {
            "truth": True, "negative_type": None, "relation": relation, "subject": f"Ana Olsen {n}",
            "object": f"Norland {n}", "from": f"19{n:02}", "to": f"19{n:02}",
        }
        for n in range(40)
        for relation in ("birth", "award", "spouse")
    ]  # fmt: skip
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    text, statements = read(GraphSet.WORDINGS, path)
    assert text == read(GraphSet.FACTBENCH, path)[0]
    assert len({s.kind for s in statements}) > 20 and all("{" not in s.text for s in statements)
    assert {s.label for s in statements} == {Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_INFO}
