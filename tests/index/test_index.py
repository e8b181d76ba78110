import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from factcheck import provenance
from factcheck.config import RetrieveSettings
from factcheck.errors import (
    ArtefactError,
    DocumentError,
    EncoderMismatchError,
    InputError,
    IntegrityError,
    ModelError,
    SchemaVersionError,
    StorageError,
    UsageError,
)
from factcheck.index import Index, PassageSettings, SearchMode
from factcheck.index.check import verify_index
from factcheck.index.rank import sharpness
from factcheck.protocols import Vectors
from factcheck.provenance import sha256_bytes, sha256_text
from factcheck.types import TextKind
from tests.fakes import FakeEncoder

ROWS = [
    {"_id": "curie", "title": "Marie Curie", "text": "She won the Nobel Prize in Physics in 1903.", "source": "A"},
    {"_id": "area", "title": "Algeria", "section": "Geography / Area", "text": "2,381,740 sq km", "source": "B"},
    {"_id": "radium", "title": "Radium", "text": "Radium is an element. Its number is 88. It glows.", "date": "2020"},
    {"_id": "zh", "title": "鐳", "text": "鐳是一種化學元素。", "source": "百科"},
    *({"_id": f"n{i}", "text": f"Entry {i} of the list speaks of thing {i * 7}."} for i in range(40)),
]


def corpus(path: Path, rows: Sequence[object] = ROWS) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    Index.build([corpus(folder / "c.jsonl")], folder / "index", FakeEncoder())
    return folder / "index"


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(built, tmp_path / "index"))


def test_build_reports_what_it_did(tmp_path: Path) -> None:
    rows = [*ROWS, {"_id": "curie", "text": "Again."}, {"text": "no id"}, {**ROWS[0], "_id": "copy"}]
    report = Index.build([corpus(tmp_path / "c.jsonl", rows)], tmp_path / "index", FakeEncoder())
    assert (report.documents, report.passages, report.duplicates, report.rejected) == (45, 44, 1, 2)
    assert (report.embedded, report.reused, report.generation) == (44, 0, 1)
    assert report.rejects == tmp_path / "index.rejects.jsonl"
    rejects = [json.loads(line) for line in report.rejects.read_text().splitlines()]
    assert [(row["line"], row["code"]) for row in rejects] == [(45, "duplicate_id"), (46, "missing_field")]
    raw = (tmp_path / "c.jsonl").read_bytes()
    assert all(raw[row["offset"] :].startswith(json.dumps(rows[row["line"] - 1]).encode()) for row in rejects)
    Index.build([corpus(tmp_path / "c.jsonl")], tmp_path / "index", FakeEncoder())
    assert not report.rejects.exists()


@pytest.mark.parametrize("mode", list(SearchMode))
def test_search_finds(built: Path, mode: SearchMode) -> None:
    with Index.open(built, FakeEncoder(dimensions=32)) as index:
        queries = ["Marie Curie won the Nobel Prize in Physics in 1903.", "area of Algeria: 2,381,740 sq km"]
        hits = index.search(queries, 3, mode)
        assert [row[0].passage.document_id for row in hits] == ["curie", "area"]
        assert all(len(row) <= 3 for row in hits)
        for row in hits:
            assert [hit.score for hit in row] == sorted((hit.score for hit in row), reverse=True)
        first = hits[0][0].passage
        assert (first.title, first.source, first.text) == ("Marie Curie", "A", ROWS[0]["text"])
        assert first.document_sha256 == sha256_text(first.text)
        assert index.search([], 3, mode) == []
        assert index.search(["x"], 0, mode) == [[]]


def test_lexical_needs_no_encoder(built: Path) -> None:
    with Index.open(built) as index:
        (hits,) = index.search(["化学元素"], 1, SearchMode.LEXICAL)
        assert hits[0].passage.document_id == "zh"
        assert index.search(["nothingofthekind"], 5, SearchMode.LEXICAL) == [[]]
        for mode in (SearchMode.DENSE, SearchMode.FUSED):
            with pytest.raises(UsageError, match="encoder"):
                index.search(["x"], 5, mode)


def test_fusion_is_of_ranks(built: Path) -> None:
    settings = RetrieveSettings(dense_weight=1.0, lexical_weight=2.0, rank_constant=10.0, candidates=20)
    with Index.open(built, FakeEncoder()) as index:
        lexical = 2 * sharpness([score for _, score in index.rank_lexical(["radium is an element"], 20)[0]]) ** 2
        for hit in index.search(["radium is an element"], 10, settings=settings)[0]:
            expected = sum(w / (10 + r) for w, r in ((1, hit.dense_rank), (lexical, hit.lexical_rank)) if r is not None)
            assert hit.score == pytest.approx(expected)
        only = RetrieveSettings(lexical_weight=0.0)
        assert all(hit.dense_rank for hit in index.search(["radium"], 10, settings=only)[0])


def test_k_beyond_the_size(built: Path) -> None:
    with Index.open(built, FakeEncoder()) as index:
        assert len(index) == 44
        assert len(index.search(["radium"], 10**9, SearchMode.DENSE)[0]) == 44
        assert [p.document_id for p in index.passages([3, 0, 3])] == ["zh", "curie", "zh"]
        with pytest.raises(IndexError):
            index.passages([44])


def test_a_query_does_not_depend_on_its_neighbours(built: Path) -> None:
    queries = ["radium glows", "area of Algeria", "thing 49"]
    with Index.open(built, FakeEncoder()) as index:
        together = index.search(queries, 5)
        assert together == [index.search([query], 5)[0] for query in queries]
        assert together == index.search(queries[::-1], 5)[::-1]


def test_equal_builds_are_equal(tmp_path: Path, built: Path) -> None:
    report = Index.build([corpus(tmp_path / "c.jsonl")], tmp_path / "index", FakeEncoder())
    with Index.open(built) as index:
        assert index.sha256 == report.sha256


def test_searching_from_threads_while_another_generation_is_published(tmp_path: Path) -> None:
    out = tmp_path / "index"
    Index.build([corpus(tmp_path / "c.jsonl")], out, FakeEncoder())
    failures: list[BaseException] = []
    with Index.open(out, FakeEncoder()) as index:
        expected = index.search(["radium"], 5)

        def search() -> None:
            try:
                for _ in range(20):
                    assert index.search(["radium"], 5) == expected
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for i in range(3):
            Index.build([corpus(tmp_path / "c.jsonl", ROWS[: 10 + i])], out, FakeEncoder())
        for thread in threads:
            thread.join()
    assert not failures
    with Index.open(out) as index:
        assert (len(index), index.generation) == (12, 4)


def test_long_documents_become_passages_that_point_into_them(tmp_path: Path) -> None:
    text = " ".join(f"Sentence {i} tells of matter {i}." for i in range(50))
    (tmp_path / "long.txt").write_text(text)
    settings = PassageSettings(max_characters=200, overlap_sentences=1)
    report = Index.build([tmp_path / "long.txt"], tmp_path / "index", FakeEncoder(), passages=settings)
    assert report.documents == 1 and report.passages > 5
    with Index.open(tmp_path / "index", FakeEncoder()) as index:
        for passage in index.passages(range(len(index))):
            assert passage.span.of(text) == passage.text
        (hit,) = index.search(["matter 33"], 1, SearchMode.LEXICAL)[0]
        assert "matter 33." in hit.passage.text
    verify_index(tmp_path / "index")


@pytest.mark.parametrize("factory", ["IVF4,SQ8", "SQ8", "HNSW8,Flat", "IVF4,Flat"])
def test_other_factories(tmp_path: Path, factory: str) -> None:
    rows = [*ROWS, *({"_id": f"m{i}", "text": f"Thing {i} is {i * 13}."} for i in range(200))]
    Index.build([corpus(tmp_path / "c.jsonl", rows)], tmp_path / "index", FakeEncoder(), factory=factory)
    with Index.open(tmp_path / "index", FakeEncoder()) as index:
        assert index.search(["2381740 sq km Algeria Geography Area"], 1, SearchMode.DENSE)[0][0].passage.document_id
        (part,) = index.info().body.segments
        assert part.vectors.factory == factory
        assert part.vectors.recall is not None
        assert part.vectors.recall.at_10 >= 0.98
    assert verify_index(tmp_path / "index").vectors == len(rows)


@pytest.mark.parametrize("factory", ["Nonsense", "IVF4096,SQ8", "IDMap,Flat", ""])
def test_factories_that_cannot_be(tmp_path: Path, factory: str) -> None:
    path = corpus(tmp_path / "c.jsonl")
    if factory == "":
        Index.build([path], tmp_path / "index", FakeEncoder(), factory=factory)  # as if none was named
        return
    with pytest.raises(UsageError, match="FAISS"):
        Index.build([path], tmp_path / "index", FakeEncoder(), factory=factory)
    with pytest.raises(IntegrityError):
        Index.open(tmp_path / "index")


def test_the_default_factory_changes_with_size() -> None:
    from factcheck.index.vectors import default_factory

    assert default_factory(100_000) == "Flat"
    assert default_factory(100_001) == "IVF1265,SQ8"


# ------------------------------------------------------------------------------------------------------- bad sources


def test_sources_without_a_passage(tmp_path: Path) -> None:
    for rows in ([], ["not an object"]):
        with pytest.raises(InputError, match="no passage"):
            Index.build([corpus(tmp_path / "c.jsonl", rows)], tmp_path / "index", FakeEncoder())
    assert (tmp_path / "index.rejects.jsonl").exists()


def test_a_broken_source_leaves_the_old_index(tmp_path: Path) -> None:
    out = tmp_path / "index"
    Index.build([corpus(tmp_path / "c.jsonl")], out, FakeEncoder())
    (tmp_path / "bad.jsonl.gz").write_bytes(b"\x1f\x8b and no more")
    with pytest.raises(DocumentError):
        Index.build([tmp_path / "c.jsonl", tmp_path / "bad.jsonl.gz"], out, FakeEncoder())
    with Index.open(out, FakeEncoder()) as index:
        assert index.generation == 1


# ------------------------------------------------------------------------------------------------------ bad indexes


def test_another_encoder_is_refused_before_faiss_is_called(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import faiss

    monkeypatch.setattr(faiss, "read_index", lambda *_: pytest.fail("FAISS was called"))
    for other in (FakeEncoder(name="other"), FakeEncoder(dimensions=16)):
        with pytest.raises(EncoderMismatchError, match="was built with the encoder 'fake-encoder'"):
            Index.open(built, other)
    victim = next(built.glob("gen-1/*/vectors.faiss"))
    raw = victim.read_bytes()
    try:
        victim.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
        with pytest.raises(IntegrityError, match=r"vectors\.faiss"):
            Index.open(built, FakeEncoder())
    finally:
        victim.write_bytes(raw)


def test_two_hundred_mutations_are_all_refused(copied: Path) -> None:
    """Flip, cut, grow, empty or remove any file of an index: always a typed error with the file's name."""
    random = Random(5)
    files = sorted(path for path in copied.rglob("*") if path.is_file() and path.name != ".lock")
    assert len(files) >= 10
    for number in range(200):
        path = files[number % len(files)]
        raw = path.read_bytes()
        kind = random.choice(["flip", "flip", "flip", "cut", "grow", "empty", "remove"])
        at = random.randrange(len(raw))
        changed = {
            "flip": raw[:at] + bytes([raw[at] ^ (1 << random.randrange(8))]) + raw[at + 1 :],
            "cut": raw[:at],
            "grow": raw + b"\0",
            "empty": b"",
            "remove": b"",
        }[kind]
        try:
            if kind == "remove":
                path.unlink()
            else:
                path.write_bytes(changed)
            for attempt in (lambda: Index.open(copied, FakeEncoder()), lambda: verify_index(copied)):
                with pytest.raises(ArtefactError) as caught:
                    attempt()
                assert str(copied) in str(caught.value), (path, kind)
        finally:
            path.write_bytes(raw)
    with Index.open(copied, FakeEncoder()) as index:
        assert index.search(["radium"], 1)


def reseal(root: Path) -> None:
    """Make manifest and CURRENT fit whatever the files are now, as somebody could who knows the format."""
    generation = root / "gen-1"
    manifest = json.loads((generation / "manifest.json").read_text())
    for name in manifest["files"]:
        raw = (generation / name).read_bytes()
        manifest["files"][name] = {"size": len(raw), "sha256": sha256_bytes(raw)}
    write_manifest(root, manifest)


def write_manifest(root: Path, manifest: dict[str, object]) -> None:
    raw = json.dumps(manifest).encode()
    (root / "gen-1" / "manifest.json").write_bytes(raw)
    (root / "CURRENT").write_text(f"gen-1 {sha256_bytes(raw)}\n")


def test_a_newer_schema(copied: Path) -> None:
    manifest = json.loads((copied / "gen-1" / "manifest.json").read_text())
    write_manifest(copied, {**manifest, "schema": 99, "body": {"of": "another shape"}})
    with pytest.raises(SchemaVersionError, match="upgrade"):
        Index.open(copied, FakeEncoder())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("lexical", "analysis"), "tokens-0"),
        (("encoder", "dimensions"), 31),
        (("encoder", "dimensions"), "32"),
        (("metric",), "l2"),
        (("counts", "passages"), 43),
        (("segments",), []),
        (("segments", 0, "passages"), 43),
        (("segments", 0, "documents"), 43),
        (("segments", 0, "name"), "../segment-1"),
        (("segments", 0, "name"), "segment-2"),
        (("segments", 0, "removed"), {"documents": 1, "passages": 1}),
        (("unheard",), 1),
    ],
)
def test_a_body_that_does_not_fit(copied: Path, path: tuple[str | int, ...], value: object) -> None:
    manifest = json.loads((copied / "gen-1" / "manifest.json").read_text())
    part = manifest["body"]
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    write_manifest(copied, manifest)
    with pytest.raises(ArtefactError):
        Index.open(copied, FakeEncoder()).close()


@pytest.mark.parametrize("change", ["text", "heading", "postings", "norm"])
def test_verify_proves_more_than_hashes(copied: Path, change: str) -> None:
    import sqlite3

    import faiss

    segment = copied / "gen-1" / "segment-1"
    if change in {"text", "heading"}:
        connection = sqlite3.connect(segment / "passages.sqlite")
        if change == "text":
            connection.execute("UPDATE pieces SET text = replace(text, '1903', '1904')")
        else:
            connection.execute("UPDATE documents SET title = 'Pierre Curie' WHERE id = 'curie'")
        connection.commit()
        connection.close()
    elif change == "postings":
        counts = np.load(segment / "postings" / "counts.npy")
        counts[3] += 1
        np.save(segment / "postings" / "counts.npy", counts)
    else:
        index = faiss.read_index(str(segment / "vectors.faiss"))
        vectors = index.reconstruct_n(0, index.ntotal)
        vectors[7] *= 1.5
        index.reset()
        index.add(vectors)
        faiss.write_index(index, str(segment / "vectors.faiss"))
    reseal(copied)
    Index.open(copied, FakeEncoder()).close()
    with pytest.raises(IntegrityError):
        verify_index(copied)


@pytest.mark.parametrize("name", ["passages.sqlite", "vectors.faiss", "postings/rows.npy"])
def test_a_forged_file_is_still_no_crash(copied: Path, name: str) -> None:
    for raw in (b"", b"nothing of the kind" * 20):
        (copied / "gen-1" / "segment-1" / name).write_bytes(raw)
        reseal(copied)
        with pytest.raises(ArtefactError):
            Index.open(copied, FakeEncoder()).close()


def test_a_folder_that_is_empty_or_half_written(tmp_path: Path, copied: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(IntegrityError, match="no index here"):
        Index.open(tmp_path / "empty")
    (copied / "CURRENT").unlink()
    (copied / "gen-1").rename(copied / ".building-1")
    with pytest.raises(IntegrityError, match="unfinished"):
        Index.open(copied)


# ----------------------------------------------------------------------------------- killed, refused, second builds


class Interrupted(FakeEncoder):
    """Fails after so many batches."""

    batches = 0

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        self.batches += 1
        if self.batches > 1:
            raise ModelError("stopped by the test")
        return super().encode(texts, kind)


def test_an_interrupted_build_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from factcheck.index import fill

    monkeypatch.setattr(fill, "_EMBED_ROWS", 20)
    path, out = corpus(tmp_path / "c.jsonl"), tmp_path / "index"
    with pytest.raises(ModelError):
        Index.build([path], out, Interrupted())
    # Another first row moves every batch; the texts are what counts.
    rows = [{"_id": "new", "text": "Something new."}, *ROWS]
    report = Index.build([corpus(path, rows)], out, FakeEncoder())
    assert (report.reused, report.embedded) == (20, 25)
    with Index.open(out, FakeEncoder()) as index:
        sha256 = index.sha256
    assert sha256 == Index.build([path], tmp_path / "fresh", FakeEncoder()).sha256
    assert not (out / ".scratch").exists()


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from factcheck.index import Index, fill
    from tests.fakes import FakeEncoder

    class Killed(FakeEncoder):
        batches = 0
        def encode(self, texts, kind):
            self.batches += 1
            if self.batches == 3:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().encode(texts, kind)

    fill._EMBED_ROWS = 10
    Index.build([Path(sys.argv[1])], Path(sys.argv[2]), Killed())
"""
LIMITED = """
    import resource, sys
    from pathlib import Path
    from factcheck.errors import StorageError
    from factcheck.index import Index
    from tests.fakes import FakeEncoder

    for limit in (100, 3000, 8000, 20000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        try:
            Index.build([Path(sys.argv[1])], Path(sys.argv[2]), FakeEncoder(dimensions=256))
        except StorageError as error:
            print(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        with Index.open(Path(sys.argv[2])) as index:
            print(index.generation)
"""


def run(script: str, *args: Path) -> subprocess.CompletedProcess[str]:
    place = Path(provenance.__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(script), *map(str, args)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(place)},
        check=False,
    )


def test_a_killed_build_goes_on(tmp_path: Path) -> None:
    path, out = corpus(tmp_path / "c.jsonl"), tmp_path / "index"
    killed = run(KILLED, path, out)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with pytest.raises(IntegrityError, match="unfinished"):
        Index.open(out)
    report = Index.build([path], out, FakeEncoder())
    assert (report.reused, report.embedded) == (20, 24)
    verify_index(out)
    assert sorted(entry.name for entry in out.iterdir() if entry.name != ".lock") == ["CURRENT", "gen-1"]


def test_a_full_disk_leaves_the_old_index(tmp_path: Path) -> None:
    path, out = corpus(tmp_path / "c.jsonl"), tmp_path / "index"
    Index.build([path], out, FakeEncoder(dimensions=256))
    limited = run(LIMITED, path, out)
    assert limited.returncode == 0, limited.stderr
    lines = limited.stdout.splitlines()
    assert lines[1::2] == ["1"] * 4, lines
    assert all(str(tmp_path) in line for line in lines[::2])


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    inside, leave = threading.Event(), threading.Event()

    class Slow(FakeEncoder):
        def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
            inside.set()
            leave.wait(30)
            return super().encode(texts, kind)

    path, out = corpus(tmp_path / "c.jsonl"), tmp_path / "index"
    first = threading.Thread(target=Index.build, args=([path], out, Slow()))
    first.start()
    try:
        assert inside.wait(30)
        with pytest.raises(StorageError, match="another process is writing this index"):
            Index.build([path], out, FakeEncoder(), lock_timeout_seconds=0.05)
    finally:
        leave.set()
        first.join()
    with Index.open(out) as index:
        assert index.generation == 1
