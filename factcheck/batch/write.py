"""What is derived from the ledger: OUT, its rejects, and a JUnit file; each whole or not at all."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from xml.sax.saxutils import quoteattr

import orjson

from factcheck.batch.ledger_file import State
from factcheck.batch.records import Records, RowCase
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


def write_output(records: Records, out: Path, *, by_completion: bool = False) -> None:
    """Write OUT.

    Raises:
        StorageError: the disk refuses.
    """
    rows = records.results(by_completion=by_completion)
    with whole_file(out) as file:
        if out.name.lower().endswith(".parquet"):
            from factcheck.batch.parquet import write_parquet

            write_parquet(rows, file)
            return
        with _packing(out, file) as packed:
            for row in rows:
                packed.write(row.encode("utf-8") + b"\n")


def write_rejects(records: Records, path: Path) -> None:
    """Write the rejects of a run; without any there is no such file."""
    rejects = records.rejects()
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


def write_junit(records: Records, path: Path, *, name: str, fail_under: float | None) -> None:
    """Write a JUnit file for CI: a test case a row.

    A row fails if less than `fail_under` of its claims are supported; without that gate, if a claim is refuted or
    disputed. A reject, and a row with claims that could not be checked, is an error. The file holds what Ant's schema
    asks for, which is the strictest in use: times, a place, and empty elements where others leave them out.
    """
    tests = failures = errors = 0
    seconds = 0.0
    for row in records.cases():
        kind, _ = _problem(row, fail_under)
        tests += 1
        failures += kind == "failure"
        errors += kind == "error"
        seconds += row.seconds
    begun = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(records.begun_at()))
    suite = _attributes(
        name=name,
        package="factcheck",
        id=0,
        timestamp=begun,
        hostname="localhost",
        tests=tests,
        failures=failures,
        errors=errors,
        time=f"{seconds:.6f}",
    )
    with whole_file(path) as file:
        file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write(f"<testsuites>\n<testsuite {suite}>\n<properties/>\n".encode())
        for row in records.cases():
            kind, message = _problem(row, fail_under)
            case = f"testcase {_attributes(classname=name, name=row.id, time=f'{row.seconds:.6f}')}"
            told = f"<{kind} {_attributes(type=f'factcheck.{kind}', message=message)}/>" if kind else ""
            file.write(f"<{case}>{told}</testcase>\n".encode())
        file.write(b"<system-out/>\n<system-err/>\n</testsuite>\n</testsuites>\n")


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


def _problem(row: RowCase, fail_under: float | None) -> tuple[str, str]:
    """Return `failure` or `error` and why; both empty where a row passes."""
    if row.state == State.REJECTED:
        return "error", f"the row was rejected: {row.message}"
    if row.failed:
        return "error", f"{row.failed} of {row.claims} claims could not be checked"
    if fail_under is not None:
        share = row.supported / row.claims if row.claims else 1.0
        return ("failure", f"{row.supported} of {row.claims} claims are supported") if share < fail_under else ("", "")
    if row.refuted:
        return "failure", f"{row.refuted} of {row.claims} claims are refuted or disputed: {row.message}"
    return "", ""


def _attributes(**values: object) -> str:
    return " ".join(f"{name}={quoteattr(_CONTROL.sub(chr(0xFFFD), str(value)))}" for name, value in values.items())
