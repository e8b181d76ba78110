"""Corpora of rows: BEIR-style JSON Lines, plain or gzipped, and Parquet.

A row is `{_id | id, title?, section?, text, source?, date?}`; other fields are passed over. The message of a reject
names file and line; `line` counts from 1 and `offset` is in bytes of the unpacked file.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import orjson

from factcheck.errors import DocumentError, RowError
from factcheck.index.documents import Reject, SourceDocument, SourceFile
from factcheck.text.json_fault import json_fault
from factcheck.types import Document

if TYPE_CHECKING:
    from pyarrow import RecordBatch

MAX_LINE_BYTES = 64 * 1024 * 1024
_FIELDS = ("_id", "id", "title", "section", "text", "source", "date")
_BOM = b"\xef\xbb\xbf"


def read_jsonl(file: SourceFile, reject: Reject) -> Iterator[SourceDocument]:
    """Yield the documents of a JSON Lines file.

    Raises:
        DocumentError: the file is gzip by its name and not by its bytes, or ends too early.
    """
    with _open(file.path) as stream:
        line, offset = 0, 0
        while raw := _next_line(stream, file.path):
            line += 1
            here, offset = offset, offset + len(raw)
            if len(raw) > MAX_LINE_BYTES:
                offset += _skip_line(stream, file.path)
                reject(RowError("is longer than 64 MiB", where=file.path, line=line, offset=here, code="too_long"))
                continue
            if line == 1:
                raw = raw.removeprefix(_BOM)
            if not raw.strip():
                continue
            try:
                document = _document(_parse(raw), file)
            except _UnusableRowError as error:
                reject(RowError(error.what, where=file.path, line=line, offset=here, code=error.code))
                continue
            yield SourceDocument(document=document, where=file.path, line=line, offset=here)


def read_parquet(file: SourceFile, reject: Reject) -> Iterator[SourceDocument]:
    """Yield the documents of a Parquet file; `line` of a reject is the number of the row.

    Raises:
        DocumentError: it is no Parquet file, or has no column for id or text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file.path) as table:
            columns = [name for name in _FIELDS if name in table.schema_arrow.names]
            if "text" not in columns or not {"_id", "id"} & set(columns):
                raise DocumentError(
                    f"has the columns {', '.join(table.schema_arrow.names)}",
                    where=file.path,
                    remedy="it needs _id (or id) and text",
                )
            line = 0
            for batch in table.iter_batches(batch_size=1024, columns=columns):
                for row in arrow_rows(batch):
                    line += 1
                    try:
                        document = _document(row, file)
                    except _UnusableRowError as error:
                        reject(RowError(error.what, where=file.path, line=line, code=error.code))
                        continue
                    yield SourceDocument(document=document, where=file.path, line=line)
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:  # a page that is broken is an OSError of Arrow
        raise DocumentError(
            f"is not a Parquet file that can be read ({_first_line(error)})", where=file.path
        ) from error


def arrow_rows(batch: RecordBatch) -> Iterator[dict[str, Any] | UnicodeDecodeError]:
    """Yield the rows of a batch; in the place of one that holds a text that is not UTF-8 stands what is wrong with it.

    Arrow takes the bytes of a text as they are, and finds out only when a Python text is made of them.
    """
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        for place in range(batch.num_rows):
            try:
                yield from batch.slice(place, 1).to_pylist()
            except UnicodeDecodeError as error:
                yield error


class _UnusableRowError(Exception):
    def __init__(self, what: str, code: str) -> None:
        super().__init__(what)
        self.what = what
        self.code = code


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.name.lower().endswith(".gz") else path.open("rb")


def _next_line(stream: IO[bytes], path: Path) -> bytes:
    try:
        return stream.readline(MAX_LINE_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DocumentError(
            f"is not a whole gzip file ({error})", where=path, remedy="fetch or pack it again"
        ) from error


def _skip_line(stream: IO[bytes], path: Path) -> int:
    skipped = 0
    while piece := _next_line(stream, path):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
    return skipped


def _parse(raw: bytes) -> Mapping[str, object]:
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _UnusableRowError(f"is not valid JSON ({json_fault(error)})", "invalid_json") from None
    if not isinstance(row, dict):
        raise _UnusableRowError("is not a JSON object", "invalid_row")
    return row


def _document(row: Mapping[str, object] | UnicodeDecodeError, file: SourceFile) -> Document:
    if isinstance(row, UnicodeDecodeError):
        raise _UnusableRowError("holds a text that is not UTF-8", "invalid_text")
    identity = row.get("_id") if row.get("_id") is not None else row.get("id")
    if isinstance(identity, int) and not isinstance(identity, bool):
        identity = str(identity)
    if identity is None or identity == "":
        raise _UnusableRowError("has no _id (or id)", "missing_field")
    if not isinstance(identity, str):
        raise _UnusableRowError("has an _id that is neither text nor a whole number", "invalid_field")
    text = row.get("text")
    if text is None:
        raise _UnusableRowError("has no text", "missing_field")
    if isinstance(text, str) and not text.strip():
        raise _UnusableRowError("has an empty text", "empty_text")
    date = row.get("date")
    return Document(
        id=_clean(identity, "_id"),
        text=_clean(text, "text"),
        title=_optional(row, "title"),
        section=_optional(row, "section"),
        source=_optional(row, "source") or file.name,
        date=None if date is None or date == "" else _clean(date if isinstance(date, str) else str(date), "date"),
    )


def _optional(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return "" if value is None else _clean(value, name)


def _clean(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _UnusableRowError(f"has a {name} that is not text", "invalid_field")
    if "\0" in value:
        raise _UnusableRowError(f"has a NUL character in {name}", "invalid_text")
    return value


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:200]
