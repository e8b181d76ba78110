"""`eval`: the command from files to table, JSON, page and picture, with the models that ship."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.cli.errors_page import render_errors
from factcheck.cli.main import run
from factcheck.evaluation.pairs import Half
from factcheck.evaluation.run import run_pairs
from tests.evaluation.builders import FAILED, ListedSystem, answer, pair_set

FACTS = [("Bern", "Switzerland"), ("Paris", "France"), ("Rome", "Italy"), ("Oslo", "Norway"), ("Madrid", "Spain"),
         ("Lisbon", "Portugal"), ("Vienna", "Austria"), ("Warsaw", "Poland")]  # fmt: skip


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    rows = []
    for n, (city, country) in enumerate(FACTS):
        evidence = f"{city} is the capital of {country}. It lies on a river."
        rows.append({"claim": f"{city} is the capital of {country}.", "evidence": evidence, "label": "SUPPORTS"})
        other = FACTS[(n + 1) % len(FACTS)][1]
        rows.append({"claim": f"{city} is the capital of {other}.", "evidence": evidence, "label": "NOT_SUPPORTED"})
    path = tmp_path / "capitals.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    return path


def test_several_systems_in_one_run(pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, page = tmp_path / "out.json", tmp_path / "errors.html"
    call = ["eval", "pairs", str(pairs), "--half", "all", "--resamples", "50", "--out", str(out), "--html", str(page)]
    systems = ["embedded", "alone=reader:embedded", "overlap", "cosine"]
    picture = tmp_path / "figures.png"
    if find_spec("matplotlib") is not None:
        call += ["--plot", str(picture)]
    assert run([*call, *(part for system in systems for part in ("--system", system))]) == 0
    record = orjson.loads(out.read_bytes())
    assert record["schema"] == "factcheck.eval_pairs/1"
    assert list(record["results"]) == ["embedded", "alone", "overlap", "cosine"]
    ours = record["results"]["embedded"]["capitals"]
    assert ours["rows"] == 16
    assert ours["auc"]["value"] > 0.9
    assert len(record["differences"]) == 3
    assert all(len(system.get("sha256", "0" * 64)) == 64 for system in record["systems"])
    table = capsys.readouterr().out
    assert "capitals: 16 rows" in table
    assert "| overlap | **" in table
    assert "embedded − cosine" in table
    assert "<h1>Worst errors</h1>" in page.read_text()
    assert picture.exists() == (find_spec("matplotlib") is not None)


def test_equal_calls_give_equal_figures(pairs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["eval", "pairs", str(pairs), "--system", "overlap", "--resamples", "50", "--json"]
    said = []
    for _ in range(2):
        assert run(call) == 0
        record = orjson.loads(capsys.readouterr().out)
        del record["results"]["overlap"]["capitals"]["seconds"]
        said.append(record)
    assert said[0] == said[1]


@pytest.mark.torch
def test_any_model_of_hugging_face(pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("transformers")
    from tests.models.builders import tiny_bert

    folder = tiny_bert(tmp_path / "bert", ["CONTRADICTION", "entailment", "Neutral"])
    call = ["eval", "pairs", str(pairs), "--half", "all", "--resamples", "20", "--json"]
    assert run([*call, "--system", f"tiny={folder}", "--system", f"reader:{folder}"]) == 0
    record = orjson.loads(capsys.readouterr().out)
    assert [system["name"] for system in record["systems"]] == ["tiny", f"reader:{folder}"]
    assert record["results"]["tiny"]["capitals"]["failed"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--system", "overlap", "--system", "overlap"], 2, "two systems are called 'overlap'"),
        (["--system", "absent-folder"], 1, "there is no model folder of this name"),
        (["--plot", "figures.txt"], 2, "figures.txt: is no name for a picture"),
        (["--half", "third"], 2, "invalid choice"),
        (["--limit", "0"], 2, "not a whole number of at least 1"),
    ],
)
def test_bad_calls(pairs: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str) -> None:
    assert run(["eval", "pairs", str(pairs), *arguments]) == code
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_two_files_of_one_name_are_told_apart(pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other" / pairs.name
    other.parent.mkdir()
    other.write_bytes(pairs.read_bytes())
    assert run(["eval", "pairs", str(pairs), str(other), "--system", "overlap"]) == 2
    assert "two files have the same name" in capsys.readouterr().err


def test_a_picture_without_matplotlib_names_the_extra(
    pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factcheck.evaluation.plot.find_spec", lambda name: None)
    assert run(["eval", "pairs", str(pairs), "--plot", str(tmp_path / "a.png")]) == 1
    assert "pip install 'factcheck-rag[plot]'" in capsys.readouterr().err


def errors_page(claim: str, answers: list[Any], **more: Any) -> str:
    given = pair_set([0, 1, 2], claims=[claim, "b", "c"])
    return render_errors(run_pairs([given], [ListedSystem(answers)], half=Half.ODD, resamples=10, **more), 10)


def test_errors_are_shown_surest_first_and_escaped() -> None:
    page = errors_page("<script>alert(1)</script>", [answer(0.1, 0.6), answer(0.9, 0.05), FAILED])
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src &#x27;none&#x27;" in page
    failed, surest, other = (page.index(text) for text in ("said failed", "(0.90)", "(0.60)"))
    assert failed < surest < other
    assert "it broke" in page


def test_pairs_that_fail_are_told(
    monkeypatch: pytest.MonkeyPatch, pairs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("factcheck.cli.evaluate.open_systems", lambda *_: [ListedSystem([FAILED] * 16)])
    assert run(["eval", "pairs", str(pairs), "--half", "all"]) == 4
    assert "16 pairs could not be judged" in capsys.readouterr().err
