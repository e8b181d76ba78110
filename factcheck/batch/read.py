"""What `verify` reads: JSON Lines (also packed), Parquet, and folders that the library `datasets` saved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from factcheck.errors import InputError, RowError, UsageError
from factcheck.index.rows import arrow_rows
from factcheck.text.json_lines import RawRow, open_lines, read_lines

_BATCH_ROWS = 256
_PACKED = (".gz", ".zst", ".zstd")
_LINES = (".jsonl", ".ndjson", ".json", ".jsonlines")


@dataclass(slots=True)
class Source:
    """An input that can be read more than once.

    Attributes:
        name: for messages.
        rows: opens the input and yields its rows; it is asked for the columns that anybody looks at.
        done: the share of the input that was read so far, in [0, 1]; None where it is not known.
    """

    name: str
    rows: Callable[[Collection[str]], Iterator[RawRow]]
    done: Callable[[], float | None] = field(default=lambda: None)
    repeatable: bool = True


def open_source(path: Path, *, split: str | None = None) -> Source:
    """Look at what a path names, without reading the rows.

    Args:
        path: a file, by its suffix, or a folder that `datasets` saved, or that holds Parquet files.
        split: of a folder that holds several.

    Raises:
        InputError: nothing is there, or it is of an unknown kind.
        UsageError: a split was named where there is none, or has to be named.
    """
    if path.is_dir():
        return _folder(path, split)
    if split is not None:
        raise UsageError("--split names a part of a folder, and this is a file", where=path, remedy="leave it out")
    name = path.name.lower()
    if name.endswith(".parquet"):
        return _parquet([path], str(path))
    stem = next((name.removesuffix(packed) for packed in _PACKED if name.endswith(packed)), name)
    if not stem.endswith(_LINES) and path.exists():
        raise InputError(
            "is of an unknown kind", where=path, remedy="name .jsonl (also .gz, .zst), .parquet or a datasets folder"
        )
    if not path.exists():
        raise InputError("does not exist", where=path, remedy="check the path")
    return _lines(path)


def stream_source(stream: BinaryIO, name: str) -> Source:
    """Return JSON Lines that come once, such as standard input."""
    return Source(name, lambda _: read_lines(stream, where=name), repeatable=False)


# --------------------------------------------------------------------------------------------------------------- lines


def _lines(path: Path) -> Source:
    size = path.stat().st_size
    place = [0]

    def rows(_: Collection[str]) -> Iterator[RawRow]:
        with open_lines(path) as (stream, file):
            for row in read_lines(stream, where=str(path)):
                place[0] = file.tell()
                yield row

    return Source(str(path), rows, lambda: place[0] / size if size else None)


# --------------------------------------------------------------------------------------------------------------- arrow


def _folder(path: Path, split: str | None) -> Source:
    names = path / "dataset_dict.json"
    if names.is_file():
        splits = _json(names).get("splits")
        if not isinstance(splits, list) or not all(isinstance(name, str) for name in splits):
            raise InputError("names no splits", where=names, remedy="save the data set again")
        if split is None and len(splits) != 1:
            raise UsageError(f"holds the splits {', '.join(splits)}", where=path, remedy="name one with --split")
        chosen = splits[0] if split is None else split
        if chosen not in splits:
            raise UsageError(f"has no split '{chosen}'", where=path, remedy=f"its splits are {', '.join(splits)}")
        return _folder(path / chosen, None)
    if split is not None:
        raise UsageError(f"has no split '{split}'", where=path, remedy="leave --split out")
    state = path / "state.json"
    if state.is_file():
        entries = _json(state).get("_data_files")
        files = [e.get("filename") for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
        if not files or not all(isinstance(name, str) and Path(name).name == name for name in files):
            raise InputError("names no data files of this folder", where=state, remedy="save the data set again")
        return _arrow([path / str(name) for name in files], str(path))
    found = sorted(path.glob("*.parquet"))
    if found:
        return _parquet(found, str(path))
    raise InputError(
        "holds no data set (no state.json, dataset_dict.json or *.parquet)",
        where=path,
        remedy="save one there with datasets' save_to_disk, or name a file",
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        value = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=path) from error
    if not isinstance(value, dict):
        raise InputError("is not a JSON object", where=path)
    return value


def _parquet(files: list[Path], name: str) -> Source:
    import pyarrow.parquet as pq

    total = 0
    for file in files:
        with _arrow_errors(file), pq.ParquetFile(file) as table:
            total += table.metadata.num_rows
    place = [0]

    def rows(columns: Collection[str]) -> Iterator[RawRow]:
        def batches(file: Path) -> Iterator[Any]:
            with pq.ParquetFile(file) as table:
                wanted = [column for column in table.schema_arrow.names if column in columns]
                yield from table.iter_batches(batch_size=_BATCH_ROWS, columns=wanted)

        return _from_batches(files, batches, place)

    return Source(name, rows, lambda: place[0] / total if total else None)


def _arrow(files: list[Path], name: str) -> Source:
    sizes = {file: file.stat().st_size for file in files if file.is_file()}
    total = sum(sizes.values())
    place, read = [0], [0]  # in rows, and in bytes, since a stream does not say how many rows it holds

    def rows(columns: Collection[str]) -> Iterator[RawRow]:
        import pyarrow as pa

        def batches(file: Path) -> Iterator[Any]:
            with pa.memory_map(str(file)) as mapped, pa.ipc.open_stream(mapped) as reader:
                wanted = [column for column in reader.schema.names if column in columns]
                before = sum(sizes[other] for other in files[: files.index(file)])
                for batch in reader:
                    read[0] = before + mapped.tell()
                    narrow = batch.select(wanted)
                    for start in range(0, narrow.num_rows, _BATCH_ROWS):
                        yield narrow.slice(start, _BATCH_ROWS)

        return _from_batches(files, batches, place)

    return Source(name, rows, lambda: read[0] / total if total else None)


def _from_batches(files: list[Path], batches: Callable[[Path], Iterator[Any]], place: list[int]) -> Iterator[RawRow]:
    place[0] = 0
    for file in files:
        with _arrow_errors(file):
            for batch in batches(file):
                # A row has its number even when nobody looks at any of its columns.
                values = arrow_rows(batch) if batch.num_columns else [{}] * batch.num_rows
                for found in values:
                    line = place[0] + 1
                    value = _row_or_reject(found, file, line)
                    yield RawRow(position=place[0], line=line, offset=None, value=value)
                    place[0] += 1


def _row_or_reject(found: dict[str, Any] | UnicodeDecodeError, file: Path, line: int) -> dict[str, Any] | RowError:
    if isinstance(found, UnicodeDecodeError):
        return RowError("holds a text that is not UTF-8", where=file, line=line, code="invalid_text")
    return found


@contextmanager
def _arrow_errors(file: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:  # a page that is broken is an OSError of Arrow
        reason = (str(error).strip() or type(error).__name__).split("\n", 1)[0][:200]
        raise InputError(f"cannot be read ({reason})", where=file, remedy="write or fetch it again") from error
