import json
from pathlib import Path

import pytest

from factcheck.cli.main import run
from factcheck.cli.options import ExitCode
from tests.fakes import FakeEncoder

ROWS = [
    {"_id": "area", "title": "Algeria", "section": "Geography / Area", "text": "2,381,740 sq km", "source": "Factbook"},
    {"_id": "radium", "title": "Radium", "text": "Radium glows.\u001b[31m", "source": "Almanac"},
    {"_id": "other", "text": "Bananas are yellow."},
]


@pytest.fixture(autouse=True)
def _light_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    import factcheck.models

    def load(spec: str = "embedded", threads: int = 0) -> FakeEncoder:
        return FakeEncoder() if spec == "embedded" else FakeEncoder(name=spec)

    monkeypatch.setattr(factcheck.models, "load_encoder", load)


@pytest.fixture
def built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    (tmp_path / "c.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS))
    assert run(["index", "build", str(tmp_path / "c.jsonl"), "--out", str(tmp_path / "index")]) == ExitCode.DONE
    assert "3 passages of 3 documents" in capsys.readouterr().out
    return tmp_path / "index"


def test_build_with_rejects_ends_with_4(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.jsonl").write_text(json.dumps(ROWS[0]) + "\n{bad\n")
    out = tmp_path / "index"
    assert run(["index", "build", str(tmp_path / "c.jsonl"), "--out", f"{out}/", "--json"]) == ExitCode.INCOMPLETE
    printed = capsys.readouterr()
    row = json.loads(printed.out)
    assert (row["passages"], row["rejected"], row["rejects"]) == (1, 1, f"{out}.rejects.jsonl")
    assert printed.err == ""
    (reject,) = map(json.loads, Path(row["rejects"]).read_text().splitlines())
    assert sorted(reject) == ["code", "line", "message", "offset"]
    assert (reject["line"], reject["code"]) == (2, "invalid_json")


def test_build_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("One sentence is here. " * 20)
    call = ["index", "build", str(tmp_path / "notes"), "--out", str(tmp_path / "index"), "--json"]
    options = ["--max-characters-per-passage", "60", "--overlap-sentences", "0", "--factory", "SQ8", "--model", "other"]
    assert run([*call, *options]) == ExitCode.DONE
    capsys.readouterr()
    assert run(["index", "info", str(tmp_path / "index"), "--json"]) == ExitCode.DONE
    row = json.loads(capsys.readouterr().out)
    assert row["passages"] == {"max_characters": 60, "overlap_sentences": 0, "near_duplicates": 0.9}
    assert (row["segments"][0]["vectors"]["factory"], row["encoder"]["name"]) == ("SQ8", "other")
    assert row["counts"]["passages"] == 1  # the same words again and again


@pytest.mark.parametrize("mode", ["dense", "lexical", "fused"])
def test_search(built: Path, capsys: pytest.CaptureFixture[str], mode: str) -> None:
    query = "Algeria Geography Area 2381740 sq km"
    assert run(["index", "search", str(built), query, "-k", "2", "--mode", mode, "--json"]) == ExitCode.DONE
    row = json.loads(capsys.readouterr().out)
    assert (row["query"], row["mode"]) == (query, mode)
    assert len(row["hits"]) <= 2
    best = row["hits"][0]
    assert (best["title"], best["text"], best["document"]["id"]) == ("Algeria", "2,381,740 sq km", "area")
    assert best["document"]["span"] == [0, 15]


def test_search_for_people(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["index", "search", str(built), "radium", "--mode", "lexical"]) == ExitCode.DONE
    printed = capsys.readouterr().out
    assert "Radium glows." in printed and "Almanac" in printed
    assert "\x1b" not in printed
    assert run(["index", "search", str(built), "nothingofthekind", "--mode", "lexical"]) == ExitCode.DONE
    assert "nothing was found" in capsys.readouterr().out
    assert run(["index", "search", str(built), " "]) == ExitCode.USAGE
    assert "is empty; write what to look for" in capsys.readouterr().err


def test_info_and_verify(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["index", "info", str(built)]) == ExitCode.DONE
    assert "fake-encoder, 32 dimensions" in capsys.readouterr().out
    assert run(["index", "verify", str(built)]) == ExitCode.DONE
    assert "generation 1 holds" in capsys.readouterr().out
    assert run(["index", "verify", str(built), "--json"]) == ExitCode.DONE
    row = json.loads(capsys.readouterr().out)
    assert (row["ok"], row["passages"], row["vectors"]) == (True, 3, 3)


def test_what_is_spoilt_ends_with_1_and_one_line(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    victim = built / "gen-1" / "segment-1" / "vectors.faiss"
    raw = victim.read_bytes()
    victim.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    for call in (["verify", str(built)], ["info", str(built)], ["search", str(built), "x"]):
        assert run(["index", *call]) == ExitCode.FAILED
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1 and "vectors.faiss" in printed.err and "build it again" in printed.err


def test_another_encoder_ends_with_1(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["index", "search", str(built), "x", "--model", "other"]) == ExitCode.FAILED
    assert "was built with the encoder 'fake-encoder'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (["build", "nothing-here", "--out", "index"], ExitCode.USAGE),
        (["info", "nothing-here"], ExitCode.FAILED),
        (["build", "c.jsonl"], ExitCode.USAGE),
        (["build", "c.jsonl", "--out", "x", "--max-characters-per-passage", "5"], ExitCode.USAGE),
        (["build", "c.jsonl", "--out", "x", "--overlap-sentences", "-1"], ExitCode.USAGE),
        (["build", "c.jsonl", "--out", "x", "--factory", "Nonsense"], ExitCode.USAGE),
        (["search", "index", "x", "-k", "0"], ExitCode.USAGE),
        (["search", "index", "x", "--mode", "psychic"], ExitCode.USAGE),
        ([], ExitCode.USAGE),
    ],
)
def test_wrong_calls_are_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    call: list[str],
    code: ExitCode,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.jsonl").write_text(json.dumps(ROWS[0]))
    assert run(["index", *call]) == code
    printed = capsys.readouterr()
    assert printed.err.startswith("factcheck: error: ") and printed.err.count("\n") == 1
