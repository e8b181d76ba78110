"""Rows of training data: `{claim, evidence, label, dataset?}` in JSON Lines, read strictly.

A row that is wrong is refused with its line number, not skipped: a label that is silently dropped moves the balance of
what is learnt, and nobody sees it.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import orjson

from factcheck.errors import InputError, RowError


class PairLabel(StrEnum):
    """What the evidence says of the claim, in the vocabulary of training data."""

    SUPPORTS = "SUPPORTS"
    REFUTES = "REFUTES"
    NOT_ENOUGH_INFO = "NOT_ENOUGH_INFO"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    """REFUTES or NOT_ENOUGH_INFO: a binary set does not say which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """One labelled pair."""

    claim: str
    evidence: str
    label: PairLabel
    dataset: str


_LABELS = {
    **{label.value: label for label in PairLabel},
    # Our own verdicts, so that what `factcheck score` wrote can be corrected by hand and learnt from.
    "SUPPORTED": PairLabel.SUPPORTS,
    "REFUTED": PairLabel.REFUTES,
}


def _lines(path: Path) -> Generator[bytes, None, None]:
    """Raw lines of a file, decompressed when its name ends in .gz."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            yield from stream
    except FileNotFoundError as error:
        raise InputError("no such file of training rows", where=path) from error
    except (OSError, EOFError) as error:
        raise InputError(f"cannot be read as training rows: {error}", where=path) from error


def _text_field(data: dict[str, object], name: str, path: Path, line: int) -> str:
    value = data.get(name)
    if name == "evidence" and isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "\n\n".join(value)
    if not isinstance(value, str):
        raise RowError(
            f"field '{name}' is missing or is not text",
            where=path,
            line=line,
            code="missing_field",
            remedy="a row is {claim, evidence, label}",
        )
    if name == "claim" and not value.strip():
        raise RowError("the claim is empty", where=path, line=line, code="missing_field")
    return value


def parse_row(raw: bytes, *, path: Path, line: int) -> PairRow:
    """Read one line.

    Args:
        raw: One line of JSON.
        path: Where it came from, for the message.
        line: 1-based line number, for the message.

    Raises:
        RowError: The line is not a JSON object, a field is missing or the label is unknown.
    """
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise RowError(f"not valid JSON: {error}", where=path, line=line, code="invalid_json") from error
    if not isinstance(data, dict):
        raise RowError("a row is a JSON object", where=path, line=line, code="invalid_row")
    claim = _text_field(data, "claim", path, line)
    evidence = _text_field(data, "evidence", path, line)
    label = _LABELS.get(str(data.get("label")))
    if label is None:
        raise RowError(
            f"unknown label {data.get('label')!r}",
            where=path,
            line=line,
            code="invalid_label",
            remedy=f"use one of {', '.join(_LABELS)}",
        )
    dataset = data.get("dataset")
    return PairRow(
        claim=claim, evidence=evidence, label=label, dataset=dataset if isinstance(dataset, str) else "unnamed"
    )


def read_rows(path: Path) -> list[PairRow]:
    """Every row of a JSONL file (`.gz` allowed), in order; blank lines are skipped.

    Raises:
        InputError: The file is missing, cannot be read or holds no row.
        RowError: A line is wrong; the message names file and line.
    """
    # Closed here, and not whenever the interpreter collects it: a refused row would leave the file open.
    with closing(_lines(path)) as lines:
        rows = [parse_row(raw, path=path, line=number) for number, raw in enumerate(lines, 1) if raw.strip()]
    if not rows:
        raise InputError("holds no training rows", where=path)
    return rows


def write_rows(rows: Iterable[PairRow], path: Path) -> int:
    """Write rows as JSONL, gzipped when the name ends in .gz; equal rows give equal bytes. Returns how many."""
    count = 0
    body = bytearray()
    for row in rows:
        body += orjson.dumps(
            {"claim": row.claim, "evidence": row.evidence, "label": row.label.value, "dataset": row.dataset}
        )
        body += b"\n"
        count += 1
    # A fixed mtime: a gzip header would otherwise hold the time of day.
    path.write_bytes(gzip.compress(bytes(body), compresslevel=6, mtime=0) if path.suffix == ".gz" else bytes(body))
    return count


def claim_half(claim: str) -> int:
    """0 for the half of the claims that is tuned on, 1 for the half that is reported, by SHA-1 of the claim."""
    return hashlib.sha1(claim.encode("utf-8", "replace"), usedforsecurity=False).digest()[-1] % 2
