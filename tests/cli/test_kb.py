import json
from pathlib import Path

import pytest

from factcheck.cli.main import run
from tests.graph.sample import TURTLE


@pytest.fixture
def graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    source = tmp_path / "facts.ttl"
    source.write_text(TURTLE, encoding="utf-8")
    assert run(["kb", "build", str(source), "--out", str(tmp_path / "graph"), "--name", "tests"]) == 0
    assert "statements on" in capsys.readouterr().out
    return tmp_path / "graph"


def test_info(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["kb", "info", str(graph)]) == 0
    assert "(tests)" in capsys.readouterr().out
    assert run(["kb", "info", str(graph), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["name"] == "tests" and row["generation"] == 1 and row["statements"] > 200
    assert row["sources"][0]["file"] == "facts.ttl"


def test_lookup(graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["kb", "lookup", str(graph), "norland"]) == 0
    assert "The capital of Norland is Vess." in capsys.readouterr().out
    assert run(["kb", "lookup", str(graph), "維斯", "--json"]) == 0
    (entity,) = json.loads(capsys.readouterr().out)["entities"]
    assert entity["label"] == "Vess" and entity["types"] == ["city"]
    assert entity["facts"][0]["predicate"].startswith("<https://example.org/p/")
    assert run(["kb", "lookup", str(graph), "nobody"]) == 0
    assert "nothing bears that name" in capsys.readouterr().out
    assert run(["kb", "lookup", str(graph), ""]) == 2
    assert "is empty" in capsys.readouterr().err


def test_bad_lines_end_with_4_when_skipped_and_1_when_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "facts.tsv"
    source.write_text("Vess\tcapital of\tNorland\n" + "broken line\n" * 30, encoding="utf-8")
    command = ["kb", "build", str(source), "--out", str(tmp_path / "graph")]
    assert run(command) == 1
    assert f"{source}:2:1: has 1 tab-separated cells instead of 3" in capsys.readouterr().err
    assert not (tmp_path / "graph" / "CURRENT").exists()
    assert run([*command, "--skip-bad", "--json"]) == 4
    out, err = capsys.readouterr()
    assert json.loads(out)["skipped"] == 30
    assert err.count("skipped") == 21 and "skipped 10 more" in err


def test_wrong_usage_and_a_missing_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["kb", "build", str(tmp_path / "absent.nt"), "--out", str(tmp_path / "graph")]) == 2
    assert "no such file" in capsys.readouterr().err
    assert run(["kb", "info", str(tmp_path / "absent")]) == 1
    assert "no graph here" in capsys.readouterr().err
    assert run(["kb", "lookup", str(tmp_path)]) == 2
