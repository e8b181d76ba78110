import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import ArtefactError, IntegrityError, SchemaVersionError, StorageError
from factcheck.provenance import (
    ArtefactKind,
    Generation,
    Staging,
    open_generation,
    publish,
    publish_next,
    sha256_bytes,
    sha256_text,
    storage_error,
)

KIND = ArtefactKind(name="index", schema=2, remedy="build it again")
NEWER = ArtefactKind(name="index", schema=3, remedy="build it again")
OTHER = ArtefactKind(name="graph", schema=2, remedy="build it again")


def builder(content: str = "one") -> Callable[[Path, Path], Mapping[str, object]]:
    def build(staging: Path, scratch: Path) -> Mapping[str, object]:
        (staging / "part").mkdir()
        (staging / "part" / "data.bin").write_text(content)
        (staging / "empty").touch()
        return {"content": content}

    return build


def fail(error: BaseException) -> Callable[[Path, Path], Mapping[str, object]]:
    def build(staging: Path, scratch: Path) -> Mapping[str, object]:
        (staging / "half").write_text("half")
        (scratch / "kept").write_text("kept")
        raise error

    return build


@pytest.fixture
def root(tmp_path: Path) -> Path:
    publish(tmp_path / "artefact", KIND, builder())
    return tmp_path / "artefact"


def forge(root: Path, change: Callable[[dict[str, object]], None]) -> None:
    """Rewrite the manifest and make CURRENT name it, as somebody could who knows the format."""
    path = root / "gen-1" / "manifest.json"
    row = json.loads(path.read_text())
    change(row)
    raw = json.dumps(row).encode()
    path.write_bytes(raw)
    (root / "CURRENT").write_text(f"gen-1 {sha256_bytes(raw)}\n")


def test_what_is_published_can_be_opened(root: Path) -> None:
    generation = open_generation(root, KIND)
    assert generation.manifest.body == {"content": "one"}
    assert generation.file("part/data.bin").read_text() == "one"
    assert sorted(generation.manifest.files) == ["empty", "part/data.bin"]
    assert (root / "CURRENT").read_bytes() == f"gen-1 {generation.sha256}\n".encode()
    assert sha256_bytes((root / "gen-1" / "manifest.json").read_bytes()) == generation.sha256
    with pytest.raises(IntegrityError):
        generation.file("nothing")


def test_equal_builds_give_equal_bytes(tmp_path: Path) -> None:
    first = publish(tmp_path / "a", KIND, builder())
    second = publish(tmp_path / "b", KIND, builder())
    assert first.sha256 == second.sha256


def generations(root: Path) -> list[str]:
    return sorted(path.name for path in root.glob("gen-*"))


def test_the_generation_before_stays_for_readers_that_came_before(root: Path) -> None:
    open_generation(root, KIND).close()
    publish(root, KIND, builder("two"))
    publish(root, KIND, builder("three"))
    assert generations(root) == ["gen-2", "gen-3"]
    assert open_generation(root, KIND).manifest.body == {"content": "three"}


def test_a_generation_that_is_read_is_kept_until_it_is_let_go(root: Path) -> None:
    opened = open_generation(root, KIND)
    for content in ("two", "three", "four"):
        publish(root, KIND, builder(content))
    assert generations(root) == ["gen-1", "gen-3", "gen-4"]
    assert opened.file("part/data.bin").read_text() == "one"
    opened.close()
    publish(root, KIND, builder("five"))
    assert generations(root) == ["gen-4", "gen-5"]


def test_a_reader_in_another_process_that_dies_lets_go(root: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from factcheck.provenance import ArtefactKind, open_generation\n"
        "held = open_generation(Path(sys.argv[1]), "
        "ArtefactKind(name=sys.argv[2], schema=int(sys.argv[3]), remedy=''))\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", script, str(root), KIND.name, str(KIND.schema)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        for content in ("two", "three"):
            publish(root, KIND, builder(content))
        assert generations(root) == ["gen-1", "gen-2", "gen-3"]
        reader.kill()
    publish(root, KIND, builder("four"))
    assert generations(root) == ["gen-3", "gen-4"]


def grow(content: str) -> Callable[[Generation, Staging], Mapping[str, object]]:
    def build(current: Generation, staging: Staging) -> Mapping[str, object]:
        for name in current.manifest.files:
            staging.share(current, name)
        (staging.path / f"{content}.bin").write_text(content)
        return {"content": content}

    return build


def test_the_next_generation_shares_what_stays(root: Path) -> None:
    first = open_generation(root, KIND)
    second = publish_next(root, KIND, grow("two"))
    assert (first.path / "part" / "data.bin").stat().st_ino == (second.path / "part" / "data.bin").stat().st_ino
    assert {*second.manifest.files} == {*first.manifest.files, "two.bin"}
    assert open_generation(root, KIND, trust_stamps=False).sha256 == second.sha256


def test_without_hard_links_it_is_copied(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: object, target: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)
    first = open_generation(root, KIND)
    second = publish_next(root, KIND, grow("two"))
    assert (first.path / "part" / "data.bin").stat().st_ino != (second.path / "part" / "data.bin").stat().st_ino
    assert open_generation(root, KIND, trust_stamps=False).sha256 == second.sha256


def test_nothing_to_change_publishes_nothing(root: Path) -> None:
    before = open_generation(root, KIND)
    assert publish_next(root, KIND, lambda current, staging: None).sha256 == before.sha256
    assert generations(root) == ["gen-1"]
    assert not list(root.glob(".building-*"))


def test_there_is_no_next_one_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(IntegrityError, match="there is no index here"):
        publish_next(tmp_path / "nowhere", KIND, grow("two"))
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"gen-1",
        b"gen-01 %s\n",
        b"gen-1 %s",
        b"gen-1 %s\n\n",
        b"gen-1  %s\n",
        b"gen-1 %s\r\n",
        b" gen-1 %s\n",
        b"gen-2 %s\n",
        b"gen-0 %s\n",
        b"../gen-1 %s\n",
        b"gen-1 " + b"0" * 64 + b"\n",
        b"x" * 5000,
        b"\xff\xfe",
    ],
)
def test_current_is_compared_byte_for_byte(root: Path, line: bytes) -> None:
    sha256 = open_generation(root, KIND).sha256.encode()
    (root / "CURRENT").write_bytes(line.replace(b"%s", sha256))
    with pytest.raises(IntegrityError):
        open_generation(root, KIND)
    publish(root, KIND, builder("again"))  # a build repairs it
    assert open_generation(root, KIND).manifest.body == {"content": "again"}


def test_upper_case_hash_is_another_line(root: Path) -> None:
    generation = open_generation(root, KIND)
    (root / "CURRENT").write_text(f"gen-1 {generation.sha256.upper()}\n")
    with pytest.raises(IntegrityError):
        open_generation(root, KIND)


def spoil_missing(root: Path) -> None:
    (root / "gen-1" / "part" / "data.bin").unlink()


def spoil_missing_generation(root: Path) -> None:
    (root / "gen-1").rename(root.parent / "elsewhere")


def spoil_missing_manifest(root: Path) -> None:
    (root / "gen-1" / "manifest.json").unlink()


def spoil_unknown(root: Path) -> None:
    (root / "gen-1" / "part" / "more.bin").touch()


def spoil_unknown_in_root(root: Path) -> None:
    (root / "notes.txt").touch()


def spoil_link(root: Path) -> None:
    target = root / "gen-1" / "part" / "data.bin"
    target.rename(root.parent / "data.bin")
    target.symlink_to(root.parent / "data.bin")


def spoil_folder_link(root: Path) -> None:
    (root / "gen-1").rename(root.parent / "gen-1")
    (root / "gen-1").symlink_to(root.parent / "gen-1")


def spoil_longer(root: Path) -> None:
    (root / "gen-1" / "empty").write_text("x")


def spoil_same_size(root: Path) -> None:
    (root / "gen-1" / "part" / "data.bin").write_text("onf")


def spoil_folder_for_file(root: Path) -> None:
    (root / "gen-1" / "empty").unlink()
    (root / "gen-1" / "empty").mkdir()


SPOILERS = [value for name, value in sorted(globals().items()) if name.startswith("spoil_")]


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_what_is_spoilt_is_refused_by_name(root: Path, spoil: Callable[[Path], None]) -> None:
    spoil(root)
    with pytest.raises(IntegrityError) as caught:
        open_generation(root, KIND)
    assert caught.value.where is not None and caught.value.remedy
    assert "\n" not in str(caught.value)


@given(data=st.data())
def test_a_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "artefact"
        publish(root, KIND, builder("some content that is a little longer"))
        files = [root / "CURRENT", root / "gen-1" / "manifest.json", root / "gen-1" / "part" / "data.bin"]
        path = data.draw(st.sampled_from(files))
        raw = bytearray(path.read_bytes())
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(raw)
        with pytest.raises(ArtefactError):
            open_generation(root, KIND)


def test_a_newer_schema_is_its_own_error(tmp_path: Path) -> None:
    publish(tmp_path, NEWER, builder())
    with pytest.raises(SchemaVersionError, match="schema 3"):
        open_generation(tmp_path, KIND)
    publish(tmp_path / "old", KIND, builder())
    with pytest.raises(IntegrityError, match="schema 2"):
        open_generation(tmp_path / "old", NEWER)


def test_a_graph_is_no_index(tmp_path: Path) -> None:
    publish(tmp_path, OTHER, builder())
    with pytest.raises(IntegrityError, match="'graph', not 'index'"):
        open_generation(tmp_path, KIND)
    with pytest.raises(StorageError, match="kind 'graph', not 'index'"):
        publish(tmp_path, KIND, builder())


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.update(schema=3, files="of another shape"),
        lambda row: row.update(schema=True),
        lambda row: row.update(schema="2"),
        lambda row: row.update(schema=10**30),
        lambda row: row.update(kind=None),
        lambda row: row.update(generation=2),
        lambda row: row.update(files=[]),
        lambda row: row.update(body=3),
        lambda row: row.pop("files"),
        lambda row: row["files"].update({"../../CURRENT": {"size": 1, "sha256": "0" * 64}}),
        lambda row: row["files"].update({"/etc/passwd": {"size": 1, "sha256": "0" * 64}}),
        lambda row: row["files"].update({"a//b": {"size": 1, "sha256": "0" * 64}}),
        lambda row: row["files"].update({"": {"size": 1, "sha256": "0" * 64}}),
        lambda row: row["files"].update({"manifest.json": {"size": 1, "sha256": "0" * 64}}),
        lambda row: row["files"].update({"empty": {"size": -1, "sha256": "0" * 64}}),
        lambda row: row["files"].update({"empty": {"size": 0, "sha256": "0"}}),
    ],
)
def test_a_forged_manifest_is_still_checked(root: Path, change: Callable[[dict[str, object]], None]) -> None:
    forge(root, change)
    with pytest.raises(ArtefactError):
        open_generation(root, KIND)


@pytest.mark.parametrize("raw", [b"", b"[]", b"[" * 100_000, b"\xff", b'{"kind": "index"', b"null"])
def test_a_manifest_that_is_no_manifest(root: Path, raw: bytes) -> None:
    (root / "gen-1" / "manifest.json").write_bytes(raw)
    (root / "CURRENT").write_text(f"gen-1 {sha256_bytes(raw)}\n")
    with pytest.raises(IntegrityError):
        open_generation(root, KIND)


def test_nothing_empty_or_a_file(tmp_path: Path) -> None:
    for place, words in ((tmp_path / "nothing", "no index here"), (tmp_path, "no index here")):
        with pytest.raises(IntegrityError, match=words):
            open_generation(place, KIND)
    (tmp_path / "file").touch()
    with pytest.raises(IntegrityError, match="is a file"):
        open_generation(tmp_path / "file", KIND)
    with pytest.raises(StorageError):
        publish(tmp_path / "file", KIND, builder())


def test_a_failed_build_leaves_what_was(root: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        publish(root, KIND, fail(ZeroDivisionError()))
    assert open_generation(root, KIND).manifest.body == {"content": "one"}
    assert not list(root.glob(".building-*"))
    assert (root / ".scratch" / "kept").read_text() == "kept"
    publish(root, KIND, builder("two"))
    assert not (root / ".scratch").exists()


def test_what_a_killed_build_left_is_ignored_and_then_removed(root: Path) -> None:
    (root / ".building-2").mkdir()
    (root / ".building-2" / "half").touch()
    (root / ".CURRENT-77").touch()
    (root / "gen-2").mkdir()  # renamed, but never named by CURRENT
    assert open_generation(root, KIND).manifest.generation == 1
    generation = publish(root, KIND, builder("two"))
    assert generation.manifest.generation == 3
    assert sorted(path.name for path in root.iterdir()) == [".lock", "CURRENT", "gen-1", "gen-3"]


def test_an_unfinished_first_build_says_so(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        publish(tmp_path, KIND, fail(ZeroDivisionError()))
    with pytest.raises(IntegrityError, match="unfinished"):
        open_generation(tmp_path, KIND)


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(StorageError, match=r"thesis\.tex"):
        publish(tmp_path, KIND, builder())
    assert not list(tmp_path.glob("gen-*"))


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    inside, leave = threading.Event(), threading.Event()

    def slow(staging: Path, scratch: Path) -> Mapping[str, object]:
        inside.set()
        leave.wait(20)
        return {}

    first = threading.Thread(target=publish, args=(tmp_path, KIND, slow))
    first.start()
    try:
        assert inside.wait(20)
        with pytest.raises(StorageError, match="another process"):
            publish(tmp_path, KIND, builder(), lock_timeout_seconds=0.1)
    finally:
        leave.set()
        first.join()
    assert open_generation(tmp_path, KIND).manifest.generation == 1


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "full"), (errno.EACCES, "permission"), (errno.EROFS, "read-only"), (errno.EDQUOT, "quota")],
)
def test_a_disk_that_refuses_leaves_what_was(
    root: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError, match=words):
        publish(root, KIND, builder("two"))
    assert open_generation(root, KIND).manifest.body == {"content": "one"}


def test_a_library_that_tells_a_full_disk_in_words_alone() -> None:
    told = storage_error(OSError("IO error: While appending to file: /g/1.log: No space left on device"), Path("g"))
    assert str(told) == "g: the disk is full; free some space and try again"


def as_somebody_else(action: Callable[[], str]) -> str:
    """Run `action` without root's power over permissions, and return what it says."""
    if os.geteuid() != 0:
        return action()
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child only opens files, threads do not matter
        child = os.fork()
    if child == 0:
        try:
            os.setuid(65534)
            said = action()
        except BaseException as error:
            said = repr(error)
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def test_a_read_only_folder_can_be_read_and_not_written() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "artefact"
        publish(root, KIND, builder())
        (root / ".lock").unlink(missing_ok=True)
        for path in [Path(folder), *Path(folder).rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)

        def action() -> str:
            said = [str(open_generation(root, KIND).manifest.body["content"])]
            for place in (root, root / "below"):
                try:
                    publish(place, KIND, builder())
                except StorageError as error:
                    said.append(str(error))
            return "\n".join(said)

        try:
            said = as_somebody_else(action).splitlines()
        finally:
            for path in [Path(folder), root, *(path for path in root.rglob("*") if path.is_dir())]:
                path.chmod(0o755)
    assert said[0] == "one"
    assert [line.split(": ")[1].split(";")[0] for line in said[1:]] == ["permission denied"] * 2


def large(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every file count as large, and note which are hashed."""
    from factcheck.provenance import reading

    hashed: list[str] = []
    original = reading.hashlib.file_digest

    def note(file: object, name: str) -> object:
        hashed.append(Path(file.name).name)  # type: ignore[attr-defined]
        return original(file, name)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "LARGE_FILE_BYTES", 1)
    monkeypatch.setattr(reading.hashlib, "file_digest", note)
    return hashed


def test_a_large_file_is_hashed_once_and_then_trusted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = large(monkeypatch)
    open_generation(root, KIND)
    assert "data.bin" in hashed
    hashed.clear()
    open_generation(root, KIND)
    assert "data.bin" not in hashed
    open_generation(root, KIND, trust_stamps=False)
    assert "data.bin" in hashed


def test_a_stamp_is_for_this_very_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large(monkeypatch)
    open_generation(root, KIND)
    path = root / "gen-1" / "part" / "data.bin"
    before = path.stat()
    path.write_text("onf")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # even with its old time of modification
    with pytest.raises(IntegrityError, match="SHA-256"):
        open_generation(root, KIND)


def test_without_a_cache_files_are_hashed_each_time(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "cache").touch()  # a file where the folder should be
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    hashed = large(monkeypatch)
    for _ in range(2):
        hashed.clear()
        assert isinstance(open_generation(root, KIND), Generation)
        assert "data.bin" in hashed


@given(st.text())
def test_text_hashes_are_those_of_utf8(text: str) -> None:
    assert sha256_text(text) == sha256_bytes(text.encode("utf-8", "surrogatepass"))


def test_lone_surrogates_have_a_hash() -> None:
    assert sha256_text("\ud800") != sha256_text("\ud801")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("rows", [1, 100_000])
def test_an_array_on_a_full_disk_is_an_error(rows: int) -> None:
    import numpy as np

    from factcheck.provenance import save_array

    with pytest.raises(OSError, match="No space left"):
        save_array(Path("/dev/full"), np.zeros(rows, dtype=np.int32))


def test_an_array_is_read_as_it_was_written(tmp_path: Path) -> None:
    import numpy as np

    from factcheck.provenance import save_array

    for values in (np.arange(300_000, dtype=np.int64), np.empty(0, dtype=np.uint8)):
        save_array(tmp_path / "a.npy", values)
        assert np.array_equal(np.load(tmp_path / "a.npy", allow_pickle=False), values)
