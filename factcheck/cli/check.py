"""`factcheck check`: one text, one report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from factcheck.cli import session, streams, writing
from factcheck.cli.options import (
    ExitCode,
    Subparsers,
    add_screen_options,
    add_source_options,
    add_writer_options,
    positive,
    share,
)
from factcheck.errors import InputError, UsageError
from factcheck.types import Document, OnRefuted, OnUnsupported, Report

_DESCRIPTION = """\
Find the claims of a text, look each up, and say which hold. With --revise the
text is rewritten where evidence shows what is right, and checked again.

TEXT is the text itself, or a file if one of that name exists, or '-' for
standard input. Without --index and --kb the embedded sample serves."""

_EPILOG = """\
examples:
  factcheck check "The Danube flows into the Baltic Sea." --revise
  factcheck check draft.txt --index my-index --html report.html
  factcheck check answer.txt --context source1.txt source2.txt --json
  cat draft.txt | factcheck check - --kb my-graph --fail-under 0.8"""


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "check", help="check a text, and rewrite it with --revise", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument("text", nargs="?", metavar="TEXT|FILE|-", help="what to check; '-' reads standard input")
    parser.add_argument(
        "--text", dest="force_text", action="store_true", help="take TEXT as text even if a file has that name"
    )
    parser.add_argument(
        "--question", metavar="TEXT", help="what the text answers; resolves pronouns, is never evidence"
    )
    parser.add_argument(
        "--context",
        nargs="+",
        action="extend",
        type=Path,
        metavar="FILE",
        help="judge by these texts alone; needs neither index nor graph",
    )
    parser.add_argument("--min-confidence", type=share, metavar="X", help="below it a verdict is NOT_ENOUGH_INFO")
    parser.add_argument("--max-characters", type=positive, metavar="N", help="refuse longer texts (1,000,000)")
    rewriting = parser.add_argument_group("rewriting")
    rewriting.add_argument("--revise", action="store_true", help="rewrite what is refuted, and check the result again")
    rewriting.add_argument(
        "--on-refuted",
        choices=[policy.value for policy in OnRefuted],
        help="what becomes of a refuted claim (correct; removed where no correction is known)",
    )
    rewriting.add_argument(
        "--on-unsupported",
        choices=[policy.value for policy in OnUnsupported],
        help="what becomes of a claim that nothing settles (keep)",
    )
    results = parser.add_argument_group("results")
    results.add_argument("--html", type=Path, metavar="FILE", help="also write the report as one self-contained page")
    results.add_argument(
        "--fail-under", type=share, metavar="X", help="exit with 3 if less than this share of the claims is supported"
    )
    add_screen_options(parser)
    add_source_options(parser)
    add_writer_options(parser)
    parser.set_defaults(handler=check)


def check(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    if not args.revise and (args.on_refuted or args.on_unsupported):
        option = "--on-refuted" if args.on_refuted else "--on-unsupported"
        raise UsageError(f"{option} says how to rewrite", remedy="add --revise")
    settings = session.settings_of(args)
    limit = settings.extract.max_characters
    text = text_of(args, max_characters=limit)
    context = (
        None if args.context is None else [d for path in args.context for d in documents_of(path, max_characters=limit)]
    )
    streams.note("loading models and evidence")
    checker = session.open_checker(args)
    if args.estimate:
        return writing.show_estimate(checker.estimate([text], revise=args.revise), args)
    streams.note("finding the claims and what is said of them")
    report = (checker.revise if args.revise else checker.check)(
        text, context=context, question=args.question, on_claims=_tell
    )
    if args.html is not None:
        from factcheck.cli.html import render_html

        streams.write_text(args.html, render_html(report))
    show(report, args)
    writing.record(report, args)
    return int(outcome([report], fail_under=args.fail_under))


def _tell(done: int, claims: int) -> None:
    streams.note(f"checking: {done:,} of {claims:,} claims")


def text_of(args: argparse.Namespace, *, max_characters: int) -> str:
    """Return the text that the arguments name.

    Raises:
        UsageError: there is none, or it looks like a file that does not exist: no gate may pass on a misspelt name.
    """
    given: str | None = args.text
    if args.force_text:
        if given is None:
            raise UsageError("--text needs a text", remedy='write it behind, as in: factcheck check --text "…"')
        return given
    if given is None:
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError("no text given", remedy="write a text, name a file, or pipe a text in")
        piped = streams.read_text(streams.STDIN, max_characters=max_characters)
        if not piped:
            raise UsageError("no text given, and standard input is empty", remedy="write a text, or name a file")
        return piped
    if given == streams.STDIN or streams.is_file(given):
        return streams.read_text(given, max_characters=max_characters)
    if streams.looks_like_a_file(given):
        raise UsageError("no such file", where=given, remedy="if this is the text to check, add --text")
    return given


def documents_of(path: Path, *, max_characters: int) -> list[Document]:
    """Return what a context file holds, as documents that evidence can name.

    HTML, PDF, JSONL and Parquet are read as `index build` reads them; anything else is one plain text.
    """
    from factcheck.index.documents import Format, find_files, format_of, read_documents
    from factcheck.text.clean import clean_text

    if format_of(path) in (None, Format.PLAIN, Format.MARKDOWN) or not path.is_file():
        text = streams.read_text(path, max_characters=max_characters)
        return [Document(id=str(path), text=clean_text(text).text, source=path.name)]

    def refuse(error: InputError) -> NoReturn:
        raise error

    return [source.document for source in read_documents(find_files([path]), refuse)]


def show(report: Report, args: argparse.Namespace) -> None:
    """Print the report, for people or as JSON."""
    if args.json:
        from factcheck.report import to_json

        streams.emit_json(to_json(report, indent=True))
        return
    from factcheck.cli.render import report_view, terminal_here, to_text

    terminal = terminal_here(unicode=args.unicode)
    streams.emit(to_text(report_view(report, terminal), terminal))


def withheld(report: Report) -> bool:
    """Say whether the screen withheld a text."""
    screen = report.provenance.get("screen")
    return isinstance(screen, Mapping) and screen.get("action") == "block"


def outcome(reports: Sequence[Report], *, fail_under: float | None = None) -> ExitCode:
    """Return the exit code for finished reports; an unmet gate goes before claims that could not be checked."""
    if any(withheld(report) for report in reports):
        return ExitCode.GATE
    if fail_under is not None and any(report.summary.supported_share < fail_under for report in reports):
        return ExitCode.GATE
    return ExitCode.INCOMPLETE if any(report.summary.failed for report in reports) else ExitCode.DONE
