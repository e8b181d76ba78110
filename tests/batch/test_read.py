"""Readers: places of rows, packed files, Parquet, folders of `datasets`, and what cannot be read."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from factcheck.batch.read import open_source, stream_source
from factcheck.batch.select import Selection
from factcheck.errors import InputError, RowError, UsageError
from factcheck.text.json_lines import RawRow

ROWS = [{"id": f"r{i}", "text": f"Text {i}."} for i in range(600)]
LINES = b"".join(orjson.dumps(row) + b"\n" for row in ROWS)


def packed(data: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return bytes(sink.getvalue())


def write_lines(path: Path) -> None:
    path.write_bytes(LINES)


def write_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(LINES))


def write_zstd(path: Path) -> None:
    path.write_bytes(packed(LINES))


def write_parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(ROWS), path)


def write_dataset(path: Path) -> None:
    """Write what `datasets` 5 writes with `save_to_disk`: Arrow streams, named in `state.json`."""
    path.mkdir(parents=True)
    names = []
    for number, part in enumerate((ROWS[:500], ROWS[500:])):
        names.append(f"data-{number:05}-of-00002.arrow")
        table = pa.Table.from_pylist(part)
        with pa.OSFile(str(path / names[-1]), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table, max_chunksize=300)
    state = {"_data_files": [{"filename": name} for name in names], "_split": None}
    (path / "state.json").write_bytes(orjson.dumps(state))
    (path / "dataset_info.json").write_bytes(b"{}")


def write_dataset_dict(path: Path) -> None:
    write_dataset(path / "test")
    (path / "dataset_dict.json").write_bytes(b'{"splits": ["test"]}')


def write_parquet_folder(path: Path) -> None:
    path.mkdir()
    pq.write_table(pa.Table.from_pylist(ROWS[:10]), path / "0.parquet")
    pq.write_table(pa.Table.from_pylist(ROWS[10:]), path / "1.parquet")


def rows_of(path: Path, **keywords: Any) -> list[RawRow]:
    return list(open_source(path, **keywords).rows({"id", "text"}))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("in.jsonl", write_lines),
        ("in.jsonl.gz", write_gzip),
        ("in.jsonl.zst", write_zstd),
        ("in.parquet", write_parquet),
        ("dataset", write_dataset),
        ("dict", write_dataset_dict),
        ("folder", write_parquet_folder),
    ],
)
def test_every_kind_of_input_gives_the_same_rows(tmp_path: Path, name: str, write: Callable[[Path], None]) -> None:
    write(tmp_path / name)
    source = open_source(tmp_path / name)
    for _ in range(2):
        rows = list(source.rows({"id", "text"}))
        assert [row.value for row in rows] == ROWS
        assert [row.position for row in rows] == list(range(600))
        assert source.done() == pytest.approx(1.0, abs=0.01)


def test_lines_know_their_places_and_one_bad_line_costs_no_other(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf{"text": "a"}\n\n  \n{"text": nan}\n[1]\n"\xff"\n{"text": "b"}'
    (tmp_path / "in.jsonl").write_bytes(data)
    rows = rows_of(tmp_path / "in.jsonl")
    assert [(row.position, row.line) for row in rows] == [(0, 1), (1, 4), (2, 5), (3, 6), (4, 7)]
    for row in rows[1:]:
        assert row.offset is not None
        assert data[row.offset :].startswith(data.split(b"\n")[row.line - 1])
    codes = [row.value.code if isinstance(row.value, RowError) else None for row in rows]
    assert codes == [None, "invalid_json", "invalid_row", "invalid_json", None]


def test_a_line_that_is_far_too_long_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.text.json_lines.MAX_LINE_BYTES", 64)
    (tmp_path / "in.jsonl").write_bytes(b'{"text": "a"}\n{"text": "' + b"x" * 500 + b'"}\n{"text": "b"}\n')
    rows = rows_of(tmp_path / "in.jsonl")
    assert [row.offset for row in rows] == [0, 14, 527]
    assert isinstance(rows[1].value, RowError)
    assert rows[1].value.code == "too_long"


@pytest.mark.parametrize(
    ("name", "data"), [("a.jsonl.gz", gzip.compress(LINES, mtime=0)), ("a.jsonl.zst", packed(LINES))]
)
def test_a_packed_file_that_is_cut_off_is_an_error_not_an_end(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match="cannot be read to its end"):
        rows_of(tmp_path / name)


def test_what_cannot_be_an_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        open_source(tmp_path / "no.jsonl")
    (tmp_path / "a.csv").write_text("a,b")
    with pytest.raises(InputError, match="unknown kind"):
        open_source(tmp_path / "a.csv")
    (tmp_path / "a.parquet").write_text("no")
    with pytest.raises(InputError, match="cannot be read"):
        open_source(tmp_path / "a.parquet")
    (tmp_path / "a.parquet").unlink()
    with pytest.raises(InputError, match="holds no data set"):
        open_source(tmp_path)
    (tmp_path / "state.json").write_text('{"_data_files": [{"filename": "../secret"}]}')
    with pytest.raises(InputError, match="names no data files"):
        open_source(tmp_path)


def test_splits(tmp_path: Path) -> None:
    write_dataset(tmp_path / "train")
    write_dataset(tmp_path / "test")
    (tmp_path / "dataset_dict.json").write_bytes(b'{"splits": ["train", "test"]}')
    with pytest.raises(UsageError, match="--split"):
        open_source(tmp_path)
    with pytest.raises(UsageError, match="no split 'dev'"):
        open_source(tmp_path, split="dev")
    assert len(rows_of(tmp_path, split="test")) == 600


def chosen(selection: Selection, tmp_path: Path) -> list[int]:
    write_lines(tmp_path / "in.jsonl")
    return [row.position for row in selection.rows(open_source(tmp_path / "in.jsonl"), frozenset({"text"}))]


def test_shards_are_disjoint_and_together_whole(tmp_path: Path) -> None:
    shards = [chosen(Selection(shard=(i, 7)), tmp_path) for i in range(1, 8)]
    assert sorted(place for part in shards for place in part) == list(range(600))
    assert shards[0][:2] == [0, 7]


def test_samples_are_the_same_every_time_and_limits_come_last(tmp_path: Path) -> None:
    hundred = chosen(Selection(sample=100), tmp_path)
    assert len(hundred) == 100 and hundred == sorted(hundred) and hundred == chosen(Selection(sample=100), tmp_path)
    share = chosen(Selection(sample=0.25), tmp_path)
    assert 110 < len(share) < 190
    assert chosen(Selection(sample=0.25, limit=5), tmp_path) == share[:5]
    assert chosen(Selection(sample=10_000), tmp_path) == list(range(600))
    with pytest.raises(UsageError, match="stream"):
        list(Selection(sample=3).rows(stream_source(io.BytesIO(LINES), "standard input"), frozenset()))


def test_a_text_of_parquet_that_is_not_utf8_costs_its_row_alone(tmp_path: Path) -> None:
    texts = pa.array([b"Rome is old.", b"\xff\xfe", b"Oslo is cold."], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": texts}), tmp_path / "in.parquet")
    first, bad, last = rows_of(tmp_path / "in.parquet")
    assert (first.value, last.value) == ({"text": "Rome is old."}, {"text": "Oslo is cold."})
    assert isinstance(bad.value, RowError)
    assert (bad.value.line, bad.value.code) == (2, "invalid_text")
    assert last.position == 2


def test_a_broken_page_of_parquet_is_told_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"text": [f"Text {i}." for i in range(2000)]}), path, use_dictionary=False)
    data = bytearray(path.read_bytes())
    data[100:400] = b"\x55" * 300
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"in\.parquet: cannot be read"):
        rows_of(path)


def test_a_message_about_json_counts_no_lines_of_its_own() -> None:
    lines = b'{"text": "a"}\n{"text": \n{"text": "\xff"}\n'
    found = [row.value for row in stream_source(io.BytesIO(lines), "in").rows(set())][1:]
    assert [error.what for error in found if isinstance(error, RowError)] == [
        "is not valid JSON (unexpected end of data, at character 11)",
        "is not valid JSON (not UTF-8)",
    ]
