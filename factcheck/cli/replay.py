"""`factcheck replay`: verdicts that were given before, checked again."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from factcheck.cli import session, streams
from factcheck.cli.options import ExitCode, Subparsers, add_source_options
from factcheck.errors import InputError, RowError, UsageError

if TYPE_CHECKING:
    from factcheck.batch.replay import Answer, ReplayedRow

_DESCRIPTION = """\
Check verdicts again, and say what has changed.

ROW is a report ('check --json'), or what 'verify' wrote; '-' reads standard
input. Each claim is judged twice: on the evidence that the row cites, and, if
it came from an index or a graph, on what is found there today. Evidence is
compared by hash, models and settings by what the row says of them."""

_EPILOG = """\
examples:
  factcheck replay verdicts.jsonl --id 17 --index my-index
  factcheck check "Paris is in Spain." --json | factcheck replay - --fail-on-change"""


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "replay", help="check a verdict again, and say what changed", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument("row", metavar="ROW", help="a report, or the output of verify; '-' reads standard input")
    parser.add_argument("--id", metavar="ID", help="only the row with this id")
    parser.add_argument("--fail-on-change", action="store_true", help="exit with 3 if a label is not what it was")
    add_source_options(parser)
    parser.set_defaults(handler=replay)


def replay(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    from factcheck.batch import replay as again
    from factcheck.report import report_from_dict

    if args.base_url is not None:
        raise UsageError("no model that judges is reached by URL", where="--base-url", remedy="leave it out")
    wiring = session.open_parts(args)
    changed = failed = False
    seen = 0
    for where, row in _rows(args.row):
        identity = None if row.get("id") is None else str(row["id"])
        if args.id is not None and identity != args.id:
            continue
        seen += 1
        streams.note(f"replaying {identity or where}")
        result = again.replay(report_from_dict(row, where=where), wiring, row_id=identity)
        changed |= result.changed
        failed |= any(claim.again.label == "FAILED" for claim in result.claims)
        if args.json:
            streams.emit_json(orjson.dumps(again.as_dict(result)))
        else:
            streams.emit("".join(f"{line}\n" for line in _lines(result)))
    if not seen:
        what = "holds no row" if args.id is None else f"holds no row with the id '{args.id}'"
        raise InputError(what, where=args.row, remedy="check the id, or leave --id out")
    if changed and args.fail_on_change:
        return ExitCode.GATE
    return ExitCode.INCOMPLETE if failed else ExitCode.DONE


def _rows(source: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the rows of a file, or the one report that a whole file is, each with its place."""
    from factcheck.batch.read import open_source, stream_source

    path = Path(source)
    if source == streams.STDIN or path.name.lower().endswith(".json"):
        name = "standard input" if source == streams.STDIN else source
        data = streams.stdin_bytes().read() if source == streams.STDIN else _read(path)
        try:
            whole = orjson.loads(data)
        except orjson.JSONDecodeError:
            whole = None  # rows, one a line
        if isinstance(whole, dict):
            yield name, whole
            return
        opened = stream_source(io.BytesIO(data), name)
    else:
        opened = open_source(path)
    from factcheck.batch.parquet import SCHEMA, read_parquet_row

    for raw in opened.rows(SCHEMA.names):
        if isinstance(raw.value, RowError):
            raise raw.value
        packed = isinstance(raw.value.get("provenance"), str)
        yield f"{opened.name}, line {raw.line}", read_parquet_row(dict(raw.value)) if packed else raw.value


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", where=path, remedy="check the path") from error


def _lines(row: ReplayedRow) -> Iterator[str]:
    same = sum(not claim.changed for claim in row.claims)
    yield f"{row.id or 'report'}: {same} of {len(row.claims)} verdicts as they were"
    if row.differs:
        yield f"  what verdicts rest on has changed: {', '.join(row.differs)}"
    for claim in row.claims:
        sign = "changed" if claim.changed else "same"
        yield f"  {claim.id} [{sign}] {_plain(claim.text)}"
        yield f"      was                   {_short(claim.was)}"
        if claim.changed or claim.again.confidence != claim.was.confidence:
            yield f"      on the same evidence  {_short(claim.again)}"
        if claim.today is not None and (claim.changed or claim.today.confidence != claim.was.confidence):
            yield f"      on today's evidence   {_short(claim.today)}"
        states = [state.value for _, state in claim.evidence]
        counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
        new = f", {len(claim.new)} new" if claim.new else ""
        yield f"      evidence: {counts or 'none'}{new}"


def _short(answer: Answer) -> str:
    return f"{answer.label} ({answer.confidence:.3f}): {_plain(answer.reason)}"


def _plain(text: str) -> str:
    line = " ".join(text.split())
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)
