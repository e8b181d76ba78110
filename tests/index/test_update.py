import json
import subprocess
import sys
import textwrap
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from factcheck.errors import EncoderMismatchError, IntegrityError, ModelError, StorageError
from factcheck.index import Index, SearchMode, UpdateReport
from factcheck.index.check import verify_index
from factcheck.protocols import Encoder, Vectors
from factcheck.types import TextKind
from tests.fakes import FakeEncoder

ROWS = [
    {"_id": "a", "title": "Radium", "text": "Radium glows in the dark.", "source": "S"},
    {"_id": "b", "title": "Radium", "text": "Radium glows in the dark.", "source": "S"},
    {"_id": "c", "title": "Oslo", "text": "Oslo is the capital of Norway.", "source": "S"},
]


def corpus(path: Path, rows: Sequence[object] = ROWS) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    Index.build([corpus(tmp_path / "c.jsonl")], tmp_path / "index", FakeEncoder())
    return tmp_path / "index"


def never() -> Encoder:
    raise AssertionError("nothing had to be embedded")


def texts(path: Path) -> list[str]:
    with Index.open(path) as index:
        return sorted(passage.text for passage in index)


def found(path: Path, query: str, mode: SearchMode = SearchMode.FUSED) -> list[str]:
    with Index.open(path, FakeEncoder()) as index:
        return [hit.passage.document_id for hit in index.search([query], 10, mode)[0]]


def test_add_tells_new_changed_and_unchanged_apart(index: Path, tmp_path: Path) -> None:
    rows = [{**ROWS[0]}, {**ROWS[2], "text": "Oslo lies on a fjord."}, {"_id": "d", "text": "Basalt is a rock."}]
    report = Index.add([corpus(tmp_path / "more.jsonl", rows)], index, FakeEncoder())
    assert (report.added, report.changed, report.unchanged, report.removed) == (1, 1, 1, 0)
    assert (report.documents, report.passages, report.segments, report.embedded) == (4, 3, 2, 2)
    assert texts(index) == ["Basalt is a rock.", "Oslo lies on a fjord.", "Radium glows in the dark."]
    verify_index(index)


@pytest.mark.parametrize("field", ["title", "section", "source", "date"])
def test_a_changed_heading_or_source_is_a_change(index: Path, tmp_path: Path, field: str) -> None:
    report = Index.add([corpus(tmp_path / "more.jsonl", [{**ROWS[2], field: "2020"}])], index, FakeEncoder())
    assert report.changed == 1


def test_nothing_new_publishes_nothing(index: Path, tmp_path: Path) -> None:
    report = Index.add([tmp_path / "c.jsonl"], index, FakeEncoder())
    assert (report.generation, report.unchanged) == (1, 3)
    assert [path.name for path in index.glob("gen-*")] == ["gen-1"]


@pytest.mark.parametrize("mode", list(SearchMode))
def test_what_is_removed_is_not_found(index: Path, mode: SearchMode) -> None:
    assert "c" in found(index, "Oslo is the capital of Norway", mode)
    report = Index.remove(["c", "nobody"], index, never)
    assert (report.removed, report.missing, report.documents) == (1, ("nobody",), 2)
    assert "c" not in found(index, "Oslo is the capital of Norway", mode)
    verify_index(index)


def test_an_equal_passage_comes_back_when_its_twin_goes(index: Path) -> None:
    assert found(index, "Radium glows")[0] == "a"
    report = Index.remove(["a"], index, FakeEncoder)
    assert (report.removed, report.restored, report.passages) == (1, 1, 2)
    assert found(index, "Radium glows")[0] == "b"
    verify_index(index)


def test_a_twin_that_changes_gives_way_too(index: Path, tmp_path: Path) -> None:
    rows = [{**ROWS[0], "text": "Radium is rare."}, {**ROWS[0], "_id": "d"}]
    report = Index.add([corpus(tmp_path / "more.jsonl", rows)], index, FakeEncoder())
    assert (report.changed, report.added, report.restored) == (1, 1, 0)  # d says it now
    assert texts(index) == ["Oslo is the capital of Norway.", "Radium glows in the dark.", "Radium is rare."]
    verify_index(index)


LONG = (
    "The bridge over the northern river was opened in 1932 by the mayor of the town, and it carries two lanes of "
    "traffic and a footpath on its eastern side, which was closed for repairs after the flood of the next spring."
)


def add_texts(index: Path, folder: Path, texts: dict[str, str]) -> UpdateReport:
    rows = [{"_id": identity, "text": text, "source": "S"} for identity, text in texts.items()]
    return Index.add([corpus(folder / "added.jsonl", rows)], index, FakeEncoder())


def test_an_addition_that_nearly_says_what_is_there_is_left_out(index: Path, tmp_path: Path) -> None:
    add_texts(index, tmp_path, {"first": LONG})
    report = add_texts(index, tmp_path, {"near": LONG.replace("footpath", "walkway"), "equal": LONG, "new": "Basalt."})
    assert (report.added, report.duplicates, report.near_duplicates, report.embedded) == (3, 1, 1, 1)
    assert [text for text in texts(index) if "bridge" in text] == [LONG]
    verify_index(index)


def test_what_nearly_said_the_same_comes_back_once(index: Path, tmp_path: Path) -> None:
    add_texts(index, tmp_path, {"first": LONG})
    twins = {"e": LONG.replace("footpath", "walkway"), "f": LONG.replace("footpath", "pathway")}
    assert add_texts(index, tmp_path, twins).near_duplicates == 2
    report = Index.remove(["first"], index, FakeEncoder)
    assert (report.removed, report.restored) == (1, 2)
    assert [text for text in texts(index) if "bridge" in text] == [twins["e"]]
    verify_index(index)


def test_a_changed_document_gives_way_to_nobody(index: Path, tmp_path: Path) -> None:
    add_texts(index, tmp_path, {"first": LONG})
    changed = LONG.replace("footpath", "walkway")
    report = add_texts(index, tmp_path, {"first": changed})
    assert (report.changed, report.near_duplicates) == (1, 0)
    assert [text for text in texts(index) if "bridge" in text] == [changed]


def test_a_telling_difference_is_added(index: Path, tmp_path: Path) -> None:
    add_texts(index, tmp_path, {"first": LONG})
    assert add_texts(index, tmp_path, {"second": LONG.replace("1932", "1933")}).near_duplicates == 0
    assert len([text for text in texts(index) if "bridge" in text]) == 2


def test_a_segment_without_bands_still_serves_and_gets_them_when_it_is_compacted(index: Path, tmp_path: Path) -> None:
    from factcheck.provenance import sha256_bytes

    add_texts(index, tmp_path, {"first": LONG})
    Index.compact(index)
    (current,) = [path for path in index.glob("gen-*") if path.name in (index / "CURRENT").read_text()]
    manifest = json.loads((current / "manifest.json").read_text())
    for name in [name for name in manifest["files"] if "/likeness/" in name]:
        del manifest["files"][name]
        (current / name).unlink()
    raw = json.dumps(manifest).encode()
    (current / "manifest.json").write_bytes(raw)
    (index / "CURRENT").write_text(f"{current.name} {sha256_bytes(raw)}\n")
    verify_index(index)
    near = {"near": LONG.replace("footpath", "walkway")}
    assert add_texts(index, tmp_path, near).near_duplicates == 0
    Index.remove(["near"], index, never)
    Index.compact(index)
    assert add_texts(index, tmp_path, near).near_duplicates == 1
    verify_index(index)


def test_statistics_are_of_the_whole_generation(tmp_path: Path) -> None:
    rows = [
        {"_id": str(i), "text": f"The {word} stands by the {word} river.", "source": "S"}
        for i, word in enumerate("abcabdabe")
    ]
    whole, grown = tmp_path / "whole", tmp_path / "grown"
    Index.build([corpus(tmp_path / "all.jsonl", rows)], whole, FakeEncoder())
    Index.build(
        [corpus(tmp_path / "some.jsonl", [*rows[:4], {"_id": "x", "text": "The a by the b."}])], grown, FakeEncoder()
    )
    Index.add([corpus(tmp_path / "rest.jsonl", rows[4:])], grown, FakeEncoder())
    Index.remove(["x"], grown, FakeEncoder)

    def scores(path: Path) -> list[tuple[str, float]]:
        with Index.open(path) as index:
            hits = index.search(["a river"], 9, SearchMode.LEXICAL)[0]
        return sorted((hit.passage.document_id, hit.score) for hit in hits)

    for _ in range(2):
        assert [name for name, _ in scores(grown)] == [name for name, _ in scores(whole)]
        assert [score for _, score in scores(grown)] == pytest.approx([score for _, score in scores(whole)])
        Index.compact(grown)
    with Index.open(grown) as index:
        assert len(index.info().body.segments) == 1


def test_compact_embeds_nothing_and_keeps_vectors(index: Path, tmp_path: Path) -> None:
    Index.add([corpus(tmp_path / "more.jsonl", [{"_id": "d", "text": "Basalt is a rock."}])], index, FakeEncoder())
    Index.remove(["c"], index, never)
    with Index.open(index, FakeEncoder()) as before:
        expected = {hit.passage.id: hit.score for hit in before.search(["a rock"], 5, SearchMode.DENSE)[0]}
    report = Index.compact(index)
    assert (report.segments, report.documents, report.passages) == (1, 3, 2)
    with Index.open(index, FakeEncoder()) as after:
        assert {hit.passage.id: hit.score for hit in after.search(["a rock"], 5, SearchMode.DENSE)[0]} == expected
    assert Index.compact(index).generation == report.generation
    verify_index(index)


@pytest.mark.parametrize("factory", ["IVF4,SQ8", "OPQ4_16,IVF2,PQ4x4"])
def test_coded_segments_change_too(tmp_path: Path, factory: str) -> None:
    rows = [{"_id": f"m{i}", "text": f"Thing {i} is {i * 13} and no other."} for i in range(300)]
    path = tmp_path / "index"
    Index.build([corpus(tmp_path / "c.jsonl", rows)], path, FakeEncoder(), factory=factory)
    Index.remove([f"m{i}" for i in range(0, 300, 2)], path, never)
    Index.add([corpus(tmp_path / "d.jsonl", [{"_id": "new", "text": "A new thing."}])], path, FakeEncoder())
    with Index.open(path, FakeEncoder()) as index:
        assert index.info().body.segments[0].vectors.factory == factory
        hits = index.search([f"Thing {n}" for n in range(20)], 40, SearchMode.DENSE)
    assert all(int(hit.passage.document_id[1:]) % 2 for row in hits for hit in row if hit.passage.document_id != "new")
    assert all(len(row) == 40 for row in hits)
    Index.compact(path)
    assert verify_index(path).passages == 151
    with Index.open(path, FakeEncoder()) as index:
        again = index.search(["Thing 7"], 1, SearchMode.DENSE)[0]
    assert again[0].score == pytest.approx(hits[7][0].score, abs=2e-3)


def test_everything_can_go_and_come_back(index: Path, tmp_path: Path) -> None:
    assert Index.remove(["a", "b", "c"], index, never).documents == 0
    assert found(index, "Radium") == []
    verify_index(index)
    Index.compact(index)
    assert Index.add([tmp_path / "c.jsonl"], index, FakeEncoder()).documents == 3
    assert "c" in found(index, "Oslo")
    verify_index(index)


def test_readers_keep_what_they_opened(index: Path, tmp_path: Path) -> None:
    with Index.open(index, FakeEncoder()) as reader:
        for number in range(4):
            rows = [{"_id": "n", "text": f"Version {number} of the note."}]
            Index.add([corpus(tmp_path / "more.jsonl", rows)], index, FakeEncoder())
        Index.remove(["a", "b", "c"], index, FakeEncoder)
        assert {hit.passage.document_id for hit in reader.search(["Oslo"], 9)[0]} == {"a", "c"}
        assert (index / "gen-1").is_dir()
    Index.add([corpus(tmp_path / "more.jsonl", [{"_id": "n", "text": "The last note."}])], index, FakeEncoder())
    assert not (index / "gen-1").exists()


def test_two_writers_come_one_after_the_other(index: Path, tmp_path: Path) -> None:
    def add(number: int) -> None:
        rows = [{"_id": f"w{number}", "text": f"Writer {number} was here."}]
        Index.add([corpus(tmp_path / f"w{number}.jsonl", rows)], index, FakeEncoder(), lock_timeout_seconds=60)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Index.open(index) as opened:
        assert opened.info().body.counts.documents == 9
    verify_index(index)


def test_a_writer_that_will_not_wait_is_refused(index: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    with FileLock(index / ".lock"), pytest.raises(StorageError, match="another process is writing"):
        Index.remove(["a"], index, never, lock_timeout_seconds=0.05)
    assert len(texts(index)) == 2


def test_another_encoder_is_refused(index: Path, tmp_path: Path) -> None:
    other = FakeEncoder(dimensions=16)
    with pytest.raises(EncoderMismatchError):
        Index.add([corpus(tmp_path / "more.jsonl", [{"_id": "d", "text": "Basalt."}])], index, other)
    with pytest.raises(EncoderMismatchError):
        Index.remove(["a"], index, lambda: other)
    assert len(texts(index)) == 2


def test_there_has_to_be_an_index(tmp_path: Path) -> None:
    with pytest.raises(IntegrityError, match="no index here"):
        Index.compact(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_an_addition_that_fails_changes_nothing(index: Path, tmp_path: Path) -> None:
    class Broken(FakeEncoder):
        def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
            return np.zeros((len(texts), 32), dtype=np.float32)

    with pytest.raises(ModelError):
        Index.add([corpus(tmp_path / "more.jsonl", [{"_id": "c", "text": "Basalt."}])], index, Broken())
    assert len(texts(index)) == 2
    verify_index(index)


def test_rejects_are_told_once(index: Path, tmp_path: Path) -> None:
    rows = [{"_id": "d", "text": "Basalt."}, {"_id": "d", "text": "Again."}, {"text": "no id"}]
    report = Index.add([corpus(tmp_path / "more.jsonl", rows)], index, FakeEncoder())
    assert report.rejected == 2
    assert report.rejects is not None
    codes = [json.loads(line)["code"] for line in report.rejects.read_text().splitlines()]
    assert codes == ["duplicate_id", "missing_field"]


def test_terms_of_another_analysis_are_made_anew(index: Path) -> None:
    from factcheck.provenance import sha256_bytes

    manifest = json.loads((index / "gen-1" / "manifest.json").read_text())
    manifest["body"]["lexical"]["analysis"] = "tokens-0"
    raw = json.dumps(manifest).encode()
    (index / "gen-1" / "manifest.json").write_bytes(raw)
    (index / "CURRENT").write_text(f"gen-1 {sha256_bytes(raw)}\n")
    with pytest.raises(IntegrityError, match="index compact"):
        Index.open(index)
    Index.compact(index)
    assert "c" in found(index, "Oslo")
    verify_index(index)


def test_a_killed_addition_goes_on_from_what_it_embedded(index: Path, tmp_path: Path) -> None:
    rows = [{"_id": f"k{i}", "text": f"Entry {i} speaks of thing {i * 7}."} for i in range(600)]
    script = """
        import os, signal, sys
        from pathlib import Path
        from factcheck.index import Index
        from tests.fakes import FakeEncoder

        class Mortal(FakeEncoder):
            calls = 0
            def encode(self, texts, kind):
                type(self).calls += 1
                if self.calls == 3:
                    os.kill(os.getpid(), signal.SIGKILL)
                return super().encode(texts, kind)

        Index.add([Path(sys.argv[1])], Path(sys.argv[2]), Mortal())
    """
    source = corpus(tmp_path / "more.jsonl", rows)
    call = [sys.executable, "-c", textwrap.dedent(script), str(source), str(index)]
    assert subprocess.run(call, cwd=Path(__file__).parents[2], check=False).returncode == -9
    assert len(texts(index)) == 2
    report = Index.add([source], index, FakeEncoder())
    assert (report.added, report.embedded) == (600, 600 - 512)
    verify_index(index)
