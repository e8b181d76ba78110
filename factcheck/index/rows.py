"""Corpora of rows: BEIR-style JSON Lines, also packed, and Parquet.

A row is `{_id | id, title?, section?, text, source?, date?}`; other fields are passed over. The message of a reject
names file and line; `line` counts from 1 and `offset` is in bytes of the unpacked file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from factcheck.errors import DocumentError, InputError, RowError
from factcheck.index.documents import Reject, SourceDocument, SourceFile
from factcheck.text.json_lines import open_lines, read_lines
from factcheck.types import Document

if TYPE_CHECKING:
    from pyarrow import RecordBatch

_FIELDS = ("_id", "id", "title", "section", "text", "source", "date")


def read_jsonl(file: SourceFile, reject: Reject) -> Iterator[SourceDocument]:
    """Yield the documents of a JSON Lines file.

    Raises:
        DocumentError: the file cannot be opened, or is packed by its name and not by its bytes, or ends too early.
    """
    try:
        with open_lines(file.path) as (stream, _):
            for raw in read_lines(stream, where=str(file.path)):
                if isinstance(raw.value, RowError):
                    reject(raw.value)
                    continue
                try:
                    document = _document(raw.value, file)
                except _UnusableRowError as error:
                    reject(RowError(error.what, where=file.path, line=raw.line, offset=raw.offset, code=error.code))
                    continue
                yield SourceDocument(document=document, where=file.path, line=raw.line, offset=raw.offset)
    except InputError as error:
        raise DocumentError(error.what, where=file.path, remedy=error.remedy) from error


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
