"""What is derived from the ledger: OUT, its rejects, and a JUnit file; each whole or not at all."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from xml.sax.saxutils import quoteattr

import orjson

from factcheck.batch.ledger import Ledger, State
from factcheck.errors import UsageError
from factcheck.provenance import storage_error, whole_file

_FORMATS = (".jsonl", ".ndjson", ".json", ".parquet")
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_name(out: Path) -> None:
    """Refuse an output whose format is unknown.

    Raises:
        UsageError: its name ends with none of the known suffixes.
    """
    name = out.name.lower()
    for packed in (".gz", ".zst", ".zstd"):
        name = name.removesuffix(packed)
    if not name.endswith(_FORMATS) or (name.endswith(".parquet") and name != out.name.lower()):
        raise UsageError(
            "is of an unknown kind", where=out, remedy="let OUT end with .jsonl, .jsonl.gz, .jsonl.zst or .parquet"
        )


def write_output(ledger: Ledger, out: Path, *, by_completion: bool = False) -> None:
    """Write OUT from the ledger.

    Raises:
        StorageError: the disk refuses.
    """
    rows = ledger.results(by_completion=by_completion)
    with whole_file(out) as file:
        if out.name.lower().endswith(".parquet"):
            from factcheck.batch.parquet import write_parquet

            write_parquet(rows, file)
            return
        with _packing(out, file) as packed:
            for row in rows:
                packed.write(row.encode("utf-8") + b"\n")


def write_rejects(ledger: Ledger, path: Path) -> None:
    """Write the rejects of a run; without any there is no such file."""
    rejects = ledger.rejects()
    first = next(rejects, None)
    if first is None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(error, path) from error
        return
    with whole_file(path) as file:
        for line, offset, code, message in (first, *rejects):
            row = {"line": line, "offset": offset, "code": code, "message": message}
            file.write(orjson.dumps(row) + b"\n")


def write_junit(ledger: Ledger, path: Path, *, name: str, fail_under: float | None) -> None:
    """Write a JUnit file for CI: a test case a row.

    A row fails if less than `fail_under` of its claims are supported; without that gate, if a claim is refuted or
    disputed. A reject, and a row with claims that could not be checked, is an error.
    """
    tests = failures = errors = 0
    for row in ledger.counts():
        kind, _ = _case(row, fail_under)
        tests += 1
        failures += kind == "failure"
        errors += kind == "error"
    with whole_file(path) as file:
        head = f"tests={quoteattr(str(tests))} failures={quoteattr(str(failures))} errors={quoteattr(str(errors))}"
        file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write(f"<testsuites {head}>\n<testsuite name={_quoted(name)} {head}>\n".encode())
        for row in ledger.counts():
            kind, message = _case(row, fail_under)
            case = f"<testcase classname={_quoted(name)} name={_quoted(row[0])}"
            if kind:
                case += f"><{kind} message={_quoted(message)}/></testcase>\n"
            else:
                case += "/>\n"
            file.write(case.encode("utf-8"))
        file.write(b"</testsuite>\n</testsuites>\n")


@contextmanager
def _packing(out: Path, file: BinaryIO) -> Iterator[BinaryIO]:
    name = out.name.lower()
    if name.endswith(".gz"):
        # No name and no time in the header: equal rows give equal bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as packed:
            yield cast(BinaryIO, packed)
    elif name.endswith((".zst", ".zstd")):
        import pyarrow as pa

        with pa.CompressedOutputStream(pa.PythonFile(_Unclosed(file), mode="w"), "zstd") as packed:
            yield cast(BinaryIO, packed)
    else:
        yield file


class _Unclosed:
    """A file that whoever is handed it cannot close: it is still to be flushed to the disk."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self.write = file.write
        self.flush = file.flush

    def close(self) -> None:
        """Leave the file open."""


def _case(row: tuple[str, str, int, int, int, int, str | None], fail_under: float | None) -> tuple[str, str]:
    _, state, claims, supported, bad, failed, message = row
    if state == State.REJECTED:
        return "error", f"the row was rejected: {message}"
    if failed:
        return "error", f"{failed} of {claims} claims could not be checked"
    share = supported / claims if claims else 1.0
    if fail_under is not None:
        return ("failure", f"{supported} of {claims} claims are supported") if share < fail_under else ("", "")
    return ("failure", f"{bad} of {claims} claims are refuted or disputed: {message}") if bad else ("", "")


def _quoted(text: str) -> str:
    return quoteattr(_CONTROL.sub("\ufffd", text))
