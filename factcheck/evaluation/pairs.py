"""Labelled pairs to measure on: read, halved, and the rule by which a file's figure is chosen.

The labels that occur in a file decide what is measured:

    kind         labels in the file                           classes                      headline
    two_stances  SUPPORTS and REFUTES alone                   SUPPORTED, REFUTED           accuracy
    three_way    REFUTES and NOT_ENOUGH_INFO among them       all three                    macro-F1
    support      NOT_SUPPORTED, or no REFUTES                 SUPPORTED, NOT_SUPPORTED     balanced accuracy

In `two_stances` the larger of the probabilities of SUPPORTED and REFUTED decides, because no row is open. In `support`
the label SUPPORTED stands against the other two.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import orjson

from factcheck.errors import InputError
from factcheck.metrics.labels import Ints
from factcheck.train.rows import PairLabel, claim_half, parse_row

GOLD = ("SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO", "NOT_SUPPORTED")
"""True labels, in the order of their numbers; the last says only that the first is wrong."""

SAID = ("SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO", "FAILED")
"""Answers, in the order of their numbers."""

FAILED = 3
_NUMBER = {
    PairLabel.SUPPORTS: 0,
    PairLabel.REFUTES: 1,
    PairLabel.NOT_ENOUGH_INFO: 2,
    PairLabel.NOT_SUPPORTED: 3,
}
_SHORT_ANSWER = 6  # words; beside a question such a "claim" is an answer, and says nothing without the question


class Half(StrEnum):
    """Which claims, by their SHA-1: even ones are tuned on, odd ones are reported."""

    EVEN = "even"
    ODD = "odd"
    ALL = "all"


class Kind(StrEnum):
    """What can be measured on a file, by the labels in it."""

    TWO_STANCES = "two_stances"
    THREE_WAY = "three_way"
    SUPPORT = "support"

    @property
    def headline(self) -> str:
        """The figure that stands for the file."""
        return {Kind.TWO_STANCES: "accuracy", Kind.THREE_WAY: "macro_f1", Kind.SUPPORT: "balanced_accuracy"}[self]

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that are told apart."""
        return {
            Kind.TWO_STANCES: ("SUPPORTED", "REFUTED"),
            Kind.THREE_WAY: ("SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"),
            Kind.SUPPORT: ("SUPPORTED", "NOT_SUPPORTED"),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One labelled row.

    Attributes:
        gold: position in `GOLD`.
        line: in its file, from 1.
    """

    claim: str
    evidence: str | tuple[str, ...]
    gold: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSet:
    """The rows of one file that are measured.

    Attributes:
        rows: of the half that was asked for.
        other: of the other half, where thresholds are chosen; the same rows where all were asked for.
        sha256: of the file.
    """

    name: str
    path: Path
    sha256: str
    kind: Kind
    rows: tuple[Pair, ...]
    other: tuple[Pair, ...]

    @property
    def gold(self) -> Ints:
        """True labels of `rows`, `(n,)`."""
        return gold_of(self.rows)


def gold_of(rows: Sequence[Pair]) -> Ints:
    """Return the true labels, `(n,)`, as positions in `GOLD`."""
    return np.fromiter((row.gold for row in rows), dtype=np.int64, count=len(rows))


def kind_of(gold: set[int]) -> Kind:
    """Return what can be measured where these labels occur; see the table above."""
    if 3 in gold or 1 not in gold:
        return Kind.SUPPORT
    return Kind.THREE_WAY if 2 in gold else Kind.TWO_STANCES


def read_set(path: Path, half: Half = Half.ODD, limit: int | None = None) -> PairSet:
    """Read a file of rows `{claim, evidence, label, question?}`.

    A claim of at most six words that stands beside a question is an answer: question and answer are judged as one text.

    Args:
        path: JSON Lines, gzipped if the name ends in .gz.
        half: which claims are measured. Where all claims of a file are of one half, because somebody keeps the other
            aside, the next bit of the SHA-1 makes two of it.
        limit: at most so many rows of each half: those with the smallest SHA-1 of claim and evidence, in the order of
            the file. The choice depends on nothing else, so that everybody measures on the same rows.

    Raises:
        InputError: the file is missing, cannot be read or holds no row.
        RowError: a line is wrong; the message names file and line.
    """
    rows = list(_rows(path))
    if not rows:
        raise InputError("holds no rows", where=path, remedy="name a file of rows {claim, evidence, label}")
    halves = _halves(rows)
    chosen = [row for row, one in zip(rows, halves, strict=True) if half is Half.ALL or one is half]
    other = [row for row, one in zip(rows, halves, strict=True) if half is Half.ALL or one is not half]
    if not chosen:
        raise InputError(f"holds no claim of the {half} half", where=path, remedy="measure on --half all")
    return PairSet(
        name=path.name.removesuffix(".gz").removesuffix(".jsonl"),
        path=path,
        sha256=_sha256(path),
        kind=kind_of({row.gold for row in rows}),
        rows=tuple(_some(chosen, limit)),
        other=tuple(_some(other, limit)),
    )


def half_of(claim: str) -> Half:
    """Return the half of a claim."""
    return Half.EVEN if claim_half(claim) == 0 else Half.ODD


def _halves(rows: Sequence[Pair]) -> list[Half]:
    halves = [half_of(row.claim) for row in rows]
    if len(set(halves)) == 1:
        last = (hashlib.sha1(row.claim.encode("utf-8", "replace"), usedforsecurity=False).digest()[-1] for row in rows)
        return [Half.EVEN if byte // 2 % 2 == 0 else Half.ODD for byte in last]
    return halves


def _rows(path: Path) -> Iterator[Pair]:
    with closing(_lines(path)) as lines:
        for number, raw in enumerate(lines, 1):
            if raw.strip():
                row = parse_row(raw, path=path, line=number)  # refuses what is wrong
                data = orjson.loads(raw)
                question, claim, evidence = data.get("question"), row.claim, data["evidence"]
                if isinstance(question, str) and question.strip() and len(claim.split()) <= _SHORT_ANSWER:
                    claim = f"{question} {claim}"
                given = evidence if isinstance(evidence, str) else tuple(evidence)
                yield Pair(claim=claim, evidence=given, gold=_NUMBER[row.label], line=number)


def _lines(path: Path) -> Generator[bytes, None, None]:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            yield from stream
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=path) from error
    except (OSError, EOFError) as error:
        raise InputError(f"cannot be read to its end ({error})", where=path) from error


def _some(rows: Sequence[Pair], limit: int | None) -> list[Pair]:
    if limit is None or len(rows) <= limit:
        return list(rows)
    return sorted(sorted(rows, key=_order)[:limit], key=lambda row: row.line)


def _order(row: Pair) -> bytes:
    text = row.claim + "".join([row.evidence] if isinstance(row.evidence, str) else row.evidence)
    return hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False).digest()


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
