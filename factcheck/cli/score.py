"""`factcheck score`: pairs of claim and evidence in, labels with probabilities out, one row for each, in order."""

from __future__ import annotations

import argparse
import contextlib
import gzip
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import orjson

from factcheck.cli import session, streams
from factcheck.cli.options import ExitCode, Subparsers, add_source_options, share
from factcheck.errors import InputError, RowError, UsageError
from factcheck.types import FailedClaim

if TYPE_CHECKING:
    from factcheck.calibrate import Calibration
    from factcheck.checker import FactChecker
    from factcheck.scoring import Score

_BATCH = 64

_DESCRIPTION = """\
Judge claims by the evidence that stands beside them, without index or graph.

PAIRS is JSON Lines, also .gz and .zst, or '-' for standard input; a row is
{"claim": text, "evidence": text or list of texts, "id": optional}.
OUT gets a row {label, probabilities: {SUPPORTED, REFUTED, NOT_ENOUGH_INFO},
span, reason} for each, in the same order, with the id where there was one.
The label is the one with the largest probability; the span is the part of
the evidence that decided, and 'evidence' says in which of several texts.

A row that cannot be used, or a claim that cannot be checked, has no row in
OUT: it is listed in OUT.rejects.jsonl with line, offset, code and message, and
the command ends with 4. What is left keeps its order; rows with an id can be matched by it.
Blank lines are skipped."""

_EPILOG = """\
example:
  factcheck score pairs.jsonl --out scores.jsonl"""


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "score", help="judge pairs of claim and evidence", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument("pairs", metavar="PAIRS", help="JSON Lines, also .gz and .zst; '-' reads standard input")
    parser.add_argument("--out", required=True, metavar="OUT", help="where to write; '-' is standard output")
    parser.add_argument(
        "--calibration", metavar="FILE", type=Path, help="of scripts/fit_calibration.py; scales the probabilities"
    )
    parser.add_argument(
        "--max-error", metavar="X", type=share,
        help="say which SUPPORTED verdicts are certified: at most this share of them is wrong"
        " (without --calibration by the one that ships)",
    )  # fmt: skip
    add_source_options(parser)
    parser.set_defaults(handler=score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A row of PAIRS that can be used."""

    line: int
    offset: int | None
    id: str | int | None
    claim: str
    evidence: str | tuple[str, ...]


def score(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    where = "standard input" if args.pairs == streams.STDIN else args.pairs
    if streams.STDIN not in (args.out, args.pairs) and Path(args.out).resolve() == Path(args.pairs).resolve():
        raise UsageError("PAIRS and OUT are the same file", where=args.out, remedy="write to another file")
    session.refuse_idle_writer(args)
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(_reading(args.pairs))
        checker = session.open_checker(args)
        honest = _Honest.open(args.calibration, args.max_error, checker)
        output = stack.enter_context(_Output(args.out))
        for batch in _batches(read_pairs(source, where=where)):
            for result in _score_batch(checker, batch, where=where):
                output.add(result if isinstance(result, RowError) else (*result, honest))
            streams.note(f"{output.rows:,} rows scored")
        output.publish()
    if output.rejected:
        place = "" if args.out == streams.STDIN else f", see {output.rejects_path}"
        total = output.rejected + output.rows
        print(f"factcheck: {output.rejected:,} of {total:,} rows rejected{place}", file=sys.stderr)
        return ExitCode.INCOMPLETE
    return ExitCode.DONE


def read_pairs(source: BinaryIO, *, where: str) -> Iterator[Pair | RowError]:
    """Yield every row, as a pair or as the reason why it is none; offsets count the bytes after decompression."""
    from factcheck.text.json_lines import read_lines

    for raw in read_lines(source, where=where):
        try:
            yield raw.value if isinstance(raw.value, RowError) else _pair(raw.value, raw.line, raw.offset, where)
        except RowError as error:
            yield error


def _pair(row: Mapping[str, Any], number: int, offset: int | None, where: str) -> Pair:
    def reject(what: str, code: str) -> RowError:
        return RowError(what, where=where, line=number, offset=offset, code=code)

    for field in ("claim", "evidence"):
        if field not in row:
            raise reject(f"has no '{field}'", "missing_field")
    claim, evidence, row_id = row["claim"], row["evidence"], row.get("id")
    if not isinstance(claim, str) or not claim.strip():
        raise reject("'claim' must be a text that is not empty", "invalid_field")
    if not isinstance(evidence, str | list) or not all(isinstance(item, str) for item in evidence):
        raise reject("'evidence' must be a text or a list of texts", "invalid_field")
    if isinstance(row_id, bool) or not isinstance(row_id, str | int | None):
        raise reject("'id' must be a text or a whole number", "invalid_field")
    texts = [claim, *([evidence] if isinstance(evidence, str) else evidence)]
    if any("\0" in text for text in texts):
        raise reject("holds a NUL character", "invalid_text")
    given = evidence if isinstance(evidence, str) else tuple(evidence)
    return Pair(line=number, offset=offset, id=row_id, claim=claim, evidence=given)


def _batches(rows: Iterator[Pair | RowError]) -> Iterator[list[Pair | RowError]]:
    while batch := list(itertools.islice(rows, _BATCH)):
        yield batch


def _score_batch(
    checker: FactChecker, batch: Sequence[Pair | RowError], *, where: str
) -> Iterator[tuple[Pair, Score] | RowError]:
    """Score what can be scored, in order; where a pair makes that fail, each alone, so that only it is rejected."""
    pairs = [row for row in batch if isinstance(row, Pair)]
    try:
        results = iter(checker.score([(pair.claim, pair.evidence) for pair in pairs]) if pairs else [])
    except InputError as error:
        if len(batch) > 1:
            for row in batch:
                yield from _score_batch(checker, [row], where=where)
        else:
            yield RowError(error.what, where=where, line=pairs[0].line, offset=pairs[0].offset, code=error.code)
        return
    for row in batch:
        if isinstance(row, RowError):
            yield row
            continue
        result = next(results)
        if isinstance(result, FailedClaim):
            yield RowError(result.message, where=where, line=row.line, offset=row.offset, code=result.code)
        else:
            yield row, result


class _Honest:
    """A calibration at work: scaled probabilities, and what may be promised; without one nothing changes."""

    def __init__(self, calibration: Calibration | None, max_error: float | None) -> None:
        self._calibration = calibration
        self._max_error = max_error
        self._thresholds: dict[str, float | None] = {}
        if calibration is not None and max_error is not None:
            from factcheck.calibrate import support_threshold

            fitted = calibration.settings.items()
            self._thresholds = {name: support_threshold(setting, max_error) for name, setting in fitted}

    @classmethod
    def open(cls, path: Path | None, max_error: float | None, checker: FactChecker) -> _Honest:
        """Read a calibration, and refuse one of another model; a promise without one rests on the one that ships."""
        if path is None and max_error is None:
            return cls(None, None)
        if max_error is not None and not 0.0 < max_error < 1.0:
            raise UsageError("lies between 0 and 1", where="--max-error", remedy="write 0.05 for five in a hundred")
        from factcheck.calibrate import read_calibration
        from factcheck.models.load import embedded_folder

        path = path or embedded_folder("verifier") / "calibration.json"
        found = read_calibration(path)
        if found.model_sha256 != checker.decision_sha256:
            raise InputError(
                "is of another model, or of another decision",
                where=path,
                remedy="fit one with scripts/fit_calibration.py",
            )
        return cls(found, max_error)

    def amend(self, row: dict[str, Any], pair: Pair) -> None:
        """Scale a row's probabilities, and add what the calibration promises of it."""
        if self._calibration is None:
            return
        import numpy as np

        from factcheck.calibrate import label_set
        from factcheck.evaluation.calibration import setting_of
        from factcheck.types import Probabilities

        setting = setting_of(pair.evidence)
        fitted = self._calibration.settings.get(setting)
        names = list(row["probabilities"])
        if fitted is not None:
            given = np.array([[row["probabilities"][name] for name in names]])
            supported, refuted, rest = fitted.scaling.apply(given)[0].tolist()
            scaled = Probabilities(supported=supported, refuted=refuted, not_enough_info=rest)
            row["probabilities"], row["label"] = scaled.as_dict(), scaled.label.value
        if self._max_error is None:
            return
        chances = [row["probabilities"][name] for name in names]
        row["labels"] = names if fitted is None else label_set(fitted, chances, self._max_error)
        threshold = self._thresholds.get(setting)
        sure = threshold is not None and row["probabilities"]["SUPPORTED"] >= threshold
        row["certified"] = sure and row["label"] == "SUPPORTED"


class _Output:
    """OUT and its rejects: both appear whole when all is done, or not at all."""

    def __init__(self, out: str) -> None:
        self.rows = 0
        self.rejected = 0
        self._to_stdout = out == streams.STDIN
        self._path = Path(out)
        self.rejects_path = Path(f"{out}.rejects.jsonl")
        self._files = contextlib.ExitStack()
        self._rows_file: BinaryIO | None = None
        self._rejects_file: BinaryIO | None = None

    def __enter__(self) -> _Output:
        if not self._to_stdout:
            self._rows_file = self._open(self._path)
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()
        if not self._to_stdout:
            for path in (self._path, self.rejects_path):
                with contextlib.suppress(OSError):
                    _part(path).unlink(missing_ok=True)

    def add(self, result: tuple[Pair, Score, _Honest] | RowError) -> None:
        if isinstance(result, RowError):
            self._reject(result)
        else:
            self._write(*result)

    def _write(self, pair: Pair, result: Score, honest: _Honest) -> None:
        self.rows += 1
        row: dict[str, Any] = {} if pair.id is None else {"id": pair.id}
        row["label"] = result.label.value
        row["probabilities"] = result.probabilities.as_dict()
        row["span"] = None if result.span is None else {"start": result.span.start, "end": result.span.end}
        row["evidence"] = result.evidence
        row["reason"] = result.reason
        honest.amend(row, pair)
        if self._rows_file is None:
            streams.emit_json(orjson.dumps(row))
        else:
            self._rows_file.write(orjson.dumps(row) + b"\n")

    def _reject(self, error: RowError) -> None:
        self.rejected += 1
        if self._to_stdout:
            print(f"factcheck: {error} ({error.code})", file=sys.stderr)
            return
        if self._rejects_file is None:
            self._rejects_file = self._open(self.rejects_path)
        row = {"line": error.line, "offset": error.offset, "code": error.code, "message": error.what}
        self._rejects_file.write(orjson.dumps(row) + b"\n")

    def publish(self) -> None:
        """Put the finished files in their places; rejects of an earlier run go."""
        if self._to_stdout:
            return
        self._files.close()
        try:
            if self.rejected:
                _part(self.rejects_path).replace(self.rejects_path)
            else:
                self.rejects_path.unlink(missing_ok=True)
            _part(self._path).replace(self._path)
        except OSError as error:
            raise streams.cannot_write(self._path, error) from error

    def _open(self, path: Path) -> BinaryIO:
        try:
            file = self._files.enter_context(_part(path).open("wb"))
        except OSError as error:
            raise streams.cannot_write(path, error) from error
        if path.suffix != ".gz":
            return file
        # No name and no time in the header: equal rows give equal bytes.
        return cast(BinaryIO, self._files.enter_context(gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0)))


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


@contextlib.contextmanager
def _reading(pairs: str) -> Iterator[BinaryIO]:
    from factcheck.text.json_lines import open_lines

    if pairs == streams.STDIN:
        yield streams.stdin_bytes()
        return
    with open_lines(Path(pairs)) as (stream, _):
        yield stream
