"""`factcheck verify`: many texts that other systems wrote, in one run that loses nothing."""

from __future__ import annotations

import argparse
import contextlib
import math
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from factcheck.cli import session, streams
from factcheck.cli.cores import share_cores
from factcheck.cli.options import ExitCode, Subparsers, add_screen_options, add_source_options, positive, share
from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.batch.read import Source
    from factcheck.batch.run import RunOptions

_DESCRIPTION = """\
Verify the rows of a file, each a text, and keep every result in a ledger.

IN is JSON Lines (.jsonl, also .gz and .zst; '-' reads standard input),
Parquet, or a folder that the library datasets saved. A row is {id?, text |
output | response | answer, question? | prompt?, context? | contexts? |
retrieved_contexts?}; of several names the first wins. A row with contexts is
judged on those alone.

OUT (.jsonl, .jsonl.gz, .jsonl.zst or .parquet) gets a report for each row, in
the order of the input. The truth is OUT.ledger.sqlite: start the same command
again, and it goes on from there, after a kill too; what changed since (a row,
a model, the index, a setting) is verified again, and nothing else. Rows that
cannot be used are listed in OUT.rejects.jsonl, and the command ends with 4."""

_EPILOG = """\
examples:
  factcheck verify answers.jsonl --out verdicts.jsonl --index my-index
  factcheck verify rag.parquet --out verdicts.parquet --map text=generated
  factcheck verify answers.jsonl.gz --out v.jsonl --fail-under 0.9 --junit v.xml"""


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "verify", help="verify many texts; goes on where it stopped", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument(
        "input", metavar="IN", help="JSON Lines, Parquet or a datasets folder; '-' reads standard input"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="OUT", help="where the results go")
    reading = parser.add_argument_group("what is read")
    reading.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=NAME",
        help="read a field (id, text, question, contexts) under this name; may be repeated",
    )
    reading.add_argument("--split", metavar="NAME", help="which split of a datasets folder")
    reading.add_argument("--shard", type=shard, default=(1, 1), metavar="I/N", help="every N-th row from the I-th on")
    reading.add_argument(
        "--sample", type=sample, metavar="N", help="so many rows, or with a point this share of them, by hash"
    )
    reading.add_argument("--limit", type=positive, metavar="N", help="the first N rows of what is left")
    reading.add_argument("--add-index", action="store_true", help="rows with contexts also consult index and graph")
    reading.add_argument("--max-characters", type=positive, metavar="N", help="reject longer texts (1,000,000)")
    running = parser.add_argument_group("how it runs")
    running.add_argument("--engine", choices=("local", "ray"), default="local", help="who verifies (local)")
    running.add_argument("--workers", type=positive, metavar="N", help="workers of --engine ray; one a core")
    running.add_argument("--retry-failed", action="store_true", help="verify rows with FAILED claims again")
    running.add_argument(
        "--estimate",
        action="store_true",
        help="only say what a model that finds claims would be asked; nothing is sent",
    )
    running.add_argument("--min-confidence", type=share, metavar="X", help="below it a verdict is NOT_ENOUGH_INFO")
    results = parser.add_argument_group("results")
    results.add_argument("--order", choices=("input", "completed"), default="input", help="of the rows of OUT (input)")
    results.add_argument("--group-by", metavar="NAME", help="show means by the values of this field of the rows")
    results.add_argument(
        "--fail-under", type=share, metavar="X", help="exit with 3 if less than this share of all claims is supported"
    )
    results.add_argument("--junit", type=Path, metavar="FILE", help="also write a test case for each row, for CI")
    add_screen_options(parser, report_only=True)
    add_source_options(parser)
    parser.set_defaults(handler=verify)


def verify(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    share_cores(session.settings_of(args).models.threads)
    from factcheck.batch.run import verify_rows
    from factcheck.batch.write import check_name
    from factcheck.cli.verify_view import progress, report_row, report_text

    session.refuse_idle_writer(args)
    if args.workers is not None and args.engine == "local":
        raise UsageError("--workers is for --engine ray", remedy="leave it out; threads are a setting (models.threads)")
    check_name(args.out)
    _refuse_same_file(args)
    options = _options(args)
    source = _source(args)
    if args.estimate:
        return _estimate(args, source, options)
    streams.note("loading models and evidence")
    road, engine = session.open_road(args)
    streams.clear_note()
    with contextlib.closing(engine), _interruptions() as interrupted, progress() as watch:
        report = verify_rows(
            source, args.out, road, engine, options, watch=watch, stopped=lambda: interrupted.signal is not None
        )
    if args.json:
        import orjson

        streams.emit_json(orjson.dumps(report_row(report, args.out), option=orjson.OPT_INDENT_2))
    else:
        streams.emit(report_text(report, args.out, unicode=args.unicode))
    if not report.finished:
        print("factcheck: stopped; start the same command again to go on", file=sys.stderr)
        return ExitCode.TERMINATED if interrupted.signal == signal.SIGTERM else ExitCode.INTERRUPTED
    if args.fail_under is not None and report.totals.supported_share < args.fail_under:
        return ExitCode.GATE
    return ExitCode.INCOMPLETE if report.totals.rejected or report.totals.failed else ExitCode.DONE


def _estimate(args: argparse.Namespace, source: Source, options: RunOptions) -> int:
    """Say what finding the claims of the rows that are to be verified would ask of the writer."""
    from factcheck.assemble.estimate import forecast
    from factcheck.batch.kept import kept_rows
    from factcheck.batch.ledger_file import ledger_path
    from factcheck.batch.rows import InputRow, read_row
    from factcheck.cli import writing

    parts = session.open_parts(args)

    def bases() -> dict[bool, str]:
        road = session.road_over(parts, args)
        return {contexts: road.basis(contexts=contexts)[0] for contexts in (False, True)}

    rows = options.selection.rows(source, frozenset(options.names.columns))
    read = (read_row(raw, options.names, where=source.name, max_characters=options.max_characters) for raw in rows)
    with kept_rows(ledger_path(args.out), bases, retry_failed=options.retry_failed) as keeps:
        drafts = [row.draft for row in read if isinstance(row, InputRow) and not keeps(row)]
    return writing.show_estimate(forecast(parts, drafts, [], 1, revise=False), args)


def shard(text: str) -> tuple[int, int]:
    """Read `I/N`, counted from 1."""
    one, _, all_ = text.partition("/")
    if not (one.isascii() and one.isdigit() and all_.isascii() and all_.isdigit()) or not 1 <= int(one) <= int(all_):
        raise argparse.ArgumentTypeError(f"'{text}' is not I/N with 1 <= I <= N, as in 1/4")
    return int(one), int(all_)


def sample(text: str) -> int | float:
    """Read a number of rows, or, with a point, a share of them."""
    try:
        if "." not in text:
            number = int(text)
            if number >= 1:
                return number
        else:
            part = float(text)
            if math.isfinite(part) and 0.0 < part <= 1.0:
                return part
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"'{text}' is neither a number of rows nor a share such as 0.1")


def _options(args: argparse.Namespace) -> RunOptions:
    from factcheck.batch.rows import FieldNames
    from factcheck.batch.run import RunOptions
    from factcheck.batch.select import Selection

    return RunOptions(
        names=FieldNames.of(args.map, args.group_by),
        selection=Selection(shard=args.shard, sample=args.sample, limit=args.limit),
        max_characters=session.settings_of(args).extract.max_characters,
        by_completion=args.order == "completed",
        retry_failed=args.retry_failed,
        junit=args.junit,
        fail_under=args.fail_under,
    )


def _source(args: argparse.Namespace) -> Source:
    from factcheck.batch.read import open_source, stream_source

    if args.input == streams.STDIN:
        if args.split is not None:
            raise UsageError("standard input has no splits", where="--split", remedy="leave it out")
        return stream_source(streams.stdin_bytes(), "standard input")
    return open_source(Path(args.input), split=args.split)


def _refuse_same_file(args: argparse.Namespace) -> None:
    if args.input != streams.STDIN and Path(args.input).resolve() == args.out.resolve():
        raise UsageError("IN and OUT are the same file", where=args.out, remedy="write to another file")


class _Interruption:
    signal: int | None = None


@contextmanager
def _interruptions() -> Iterator[_Interruption]:
    """Note SIGINT and SIGTERM instead of stopping at once; a second one stops at once."""
    found = _Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield found
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def note(number: int, _: FrameType | None) -> None:
        found.signal = number
        signal.signal(number, before[signal.Signals(number)])
        print("factcheck: finishing what is in flight", file=sys.stderr, flush=True)

    for number in before:
        signal.signal(number, note)
    try:
        yield found
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
