"""Lines of JSON with their places, from plain, gzipped and zstd files.

A line is read as bytes, so that its offset is exact; offsets count the bytes after decompression. One line that is
broken or far too long is told to the caller, and reading goes on behind it.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from factcheck.errors import InputError, RowError

MAX_LINE_BYTES = 64 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """One row as it was read.

    Attributes:
        position: 0-based among the rows; blank lines are none.
        line: 1-based; of Parquet and Arrow the number of the row.
        offset: in bytes; None where the format has no offsets.
        value: the row's fields, or why there are none.
    """

    position: int
    line: int
    offset: int | None
    value: Mapping[str, Any] | RowError


@contextmanager
def open_lines(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a file of lines, unpacked if its name ends with `.gz` or `.zst`.

    Returns:
        What to read, and the file as it lies on disk, whose position says how far that is.

    Raises:
        InputError: it cannot be opened.
    """
    with ExitStack() as stack:
        try:
            file: BinaryIO = stack.enter_context(path.open("rb"))
        except IsADirectoryError as error:
            raise InputError("is a directory", where=path, remedy="name a file") from error
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})", where=path) from error
        name = path.name.lower()
        if name.endswith(".gz"):
            yield cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=file))), file
        elif name.endswith((".zst", ".zstd")):
            import pyarrow as pa

            unpacked = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")
            yield cast(BinaryIO, stack.enter_context(io.BufferedReader(unpacked, 1 << 16))), file
        else:
            yield file, file


def read_lines(stream: BinaryIO, *, where: str) -> Iterator[RawRow]:
    """Yield every row of JSON Lines; `where` names the file in messages.

    Raises:
        InputError: the file cannot be read to its end.
    """
    position, line, offset = 0, 0, 0
    while raw := _next(stream, where):
        line += 1
        here, offset = offset, offset + len(raw)
        if len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n"):
            offset += _skip(stream, where)
            problem = RowError("is longer than 64 MiB", where=where, line=line, offset=here, code="too_long")
            yield RawRow(position=position, line=line, offset=here, value=problem)
            position += 1
            continue
        data = raw.removeprefix(_BOM) if line == 1 else raw
        if not data.strip():
            continue
        yield RawRow(position=position, line=line, offset=here, value=_parse(data, where, line, here))
        position += 1


def _parse(data: bytes, where: str, line: int, offset: int) -> Mapping[str, Any] | RowError:
    try:
        row = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return RowError(
            f"is not valid JSON ({_fault(error)})", where=where, line=line, offset=offset, code="invalid_json"
        )
    if not isinstance(row, dict):
        return RowError("is not a JSON object", where=where, line=line, offset=offset, code="invalid_row")
    return row


def _fault(error: orjson.JSONDecodeError) -> str:
    """Return what the parser says, with the character of the line where it stopped.

    The parser's own message counts lines within what it was given: "line 1", whichever line of the file that was.
    Bytes that are no UTF-8 have no place in it, since it gives the first character for all of them.
    """
    if error.msg.startswith("str is not valid UTF-8"):
        return "not UTF-8"
    return f"{error.msg}, at character {error.pos + 1}"


def _next(stream: BinaryIO, where: str) -> bytes:
    try:
        return stream.readline(MAX_LINE_BYTES + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:  # packed data that is broken, or cut off
        raise InputError(
            f"cannot be read to its end ({error})", where=where, remedy="fetch or pack it again, then run again"
        ) from error


def _skip(stream: BinaryIO, where: str) -> int:
    skipped = 0
    while piece := _next(stream, where):
        skipped += len(piece)
        if piece.endswith(b"\n"):
            break
    return skipped
