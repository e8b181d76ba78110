"""Retrieval is measured over a real index."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from factcheck.cli.main import run
from factcheck.config import RetrieveSettings
from factcheck.errors import InputError
from factcheck.evaluation.pairs import Half
from factcheck.evaluation.retrieval import in_half, measure_set, open_set
from factcheck.metrics import ndcg_at_k
from tests.fakes import FakeEncoder

TOPICS = ["harbour", "violin", "glacier", "orchard", "furnace", "lantern", "meadow", "compass"]


def beir(folder: Path, *, per_topic: int = 2) -> Path:
    folder.mkdir()
    documents = [
        {"_id": f"q{n}-{k}", "title": "", "text": f"Note {k} is about the {topic} and what the {topic} was built for."}
        for n, topic in enumerate(TOPICS)
        for k in range(per_topic)
    ]
    queries = [{"_id": f"q{n}", "text": f"what was the {topic} built for"} for n, topic in enumerate(TOPICS)]
    qrels = ["query-id\tcorpus-id\tscore", *(f"q{n}\tq{n}-0\t1" for n in range(len(TOPICS)))]
    for name, rows in (("corpus", documents), ("queries", queries)):
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(b"\n".join(map(orjson.dumps, rows))))
    (folder / "qrels.tsv").write_text("\n".join(qrels) + "\n")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return beir(tmp_path / "topics")


def test_figures_are_means_over_the_queries_of_a_half(folder: Path, tmp_path: Path) -> None:
    built: list[str] = []
    odd = open_set(folder, tmp_path / "work", FakeEncoder(), half=Half.ODD, progress=built.append)
    even = open_set(folder, tmp_path / "work", FakeEncoder(), half=Half.EVEN, progress=built.append)
    assert sum("building" in line for line in built) == 1  # the second call finds the index
    assert len(odd.queries) + len(even.queries) == len(TOPICS)
    assert all(in_half(text, Half.ODD) for text in odd.queries.values())
    settings = RetrieveSettings()
    figures = measure_set(odd, settings, resamples=50)
    by_hand = [ndcg_at_k(odd.fused(settings)[q], odd.relevant[q], 10) for q in odd.queries]
    found = figures["modes"]["fused"]["ndcg@10"]
    assert found["value"] == pytest.approx(np.mean(by_hand), abs=1e-4)
    assert found["low"] <= found["value"] <= found["high"]
    assert figures["modes"]["lexical"]["recall@5"]["value"] == 1.0
    assert [one["against"] for one in figures["differences"]] == ["dense", "lexical"]
    assert measure_set(odd, settings, resamples=50) == figures


def test_own_documents_are_the_only_ones(folder: Path, tmp_path: Path) -> None:
    found = open_set(folder, tmp_path / "work", FakeEncoder(), half=Half.ALL, own_documents=True)
    for mode in found.runs(RetrieveSettings()).values():
        for query, documents in mode.items():
            assert documents
            assert all(document.startswith(f"{query}-") for document in documents)


def break_corpus(folder: Path) -> None:
    (folder / "corpus.jsonl.gz").unlink()


def break_qrels(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq0 q0-0 1\n")


def break_queries(folder: Path) -> None:
    (folder / "queries.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a"}\n'))


def tear_queries(folder: Path) -> None:
    (folder / "queries.jsonl.gz").write_bytes((folder / "queries.jsonl.gz").read_bytes()[:-9])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (break_corpus, "holds no corpus.jsonl.gz"),
        (break_qrels, "line 2 is not query, document and score"),
        (break_queries, "line 1 has no '_id'"),
        (tear_queries, "cannot be read"),
    ],
)
def test_bad_folders(folder: Path, tmp_path: Path, damage: Any, said: str) -> None:
    damage(folder)
    with pytest.raises(InputError, match=said):
        open_set(folder, tmp_path / "work", FakeEncoder(), half=Half.ALL)


def test_the_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["eval", "retrieval", str(folder), "--work", str(tmp_path / "work"), "--half", "all", "--resamples", "20"]
    assert run([*call, "--out", str(tmp_path / "out.json")]) == 0
    assert "topics: 8 queries (all half), 16 passages" in capsys.readouterr().out
    assert run([*call, "--json"]) == 0
    record = orjson.loads(capsys.readouterr().out)
    assert record == orjson.loads((tmp_path / "out.json").read_bytes())
    assert record["sets"]["topics"]["modes"]["lexical"]["recall@20"]["value"] == 1.0
    assert run([*call, "--own-documents", "other"]) == 2
    assert "'other' is none of the folders" in capsys.readouterr().err
