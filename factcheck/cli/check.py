"""`factcheck check`: one text, one report."""

from __future__ import annotations

import argparse
import sys

from factcheck.cli import reporting, session, streams, writing
from factcheck.cli.options import (
    Subparsers,
    add_screen_options,
    add_source_options,
    add_writer_options,
    positive,
    share,
)
from factcheck.errors import UsageError

_DESCRIPTION = """\
Find the claims of a text, look each up, and say which hold. With --revise the
text is rewritten where evidence shows what is right, and checked again.

TEXT is the text itself, or a file if one of that name exists (of HTML and PDF
the words are checked), or '-' for standard input. Without --index and --kb the
embedded sample serves."""

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
    reporting.add_context_option(parser, purpose="judge by")
    parser.add_argument("--min-confidence", type=share, metavar="X", help="below it a verdict is NOT_ENOUGH_INFO")
    parser.add_argument("--max-characters", type=positive, metavar="N", help="refuse longer texts (1,000,000)")
    reporting.add_rewriting_options(
        parser, action="store_true", help="rewrite what is refuted, and check the result again"
    )
    reporting.add_result_options(parser)
    add_screen_options(parser)
    add_source_options(parser)
    add_writer_options(parser)
    parser.set_defaults(handler=check)


def check(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    reporting.refuse_idle_policy(args, remedy="add --revise")
    limit = session.settings_of(args).extract.max_characters
    text = _text_of(args, max_characters=limit)
    context = reporting.read_context(args, max_characters=limit)
    streams.note("loading models and evidence")
    checker = session.open_checker(args)
    if args.estimate:
        return writing.show_estimate(checker.estimate([text], revise=args.revise), args)
    streams.note("finding the claims and what is said of them")
    report = (checker.revise if args.revise else checker.check)(
        text, context=context, question=args.question, on_claims=_tell
    )
    return reporting.deliver(report, args)


def _tell(done: int, claims: int) -> None:
    streams.note(f"checking: {done:,} of {claims:,} claims")


def _text_of(args: argparse.Namespace, *, max_characters: int) -> str:
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
        return reporting.read_text(given, max_characters=max_characters)
    if streams.looks_like_a_file(given):
        raise UsageError("no such file", where=given, remedy="if this is the text to check, add --text")
    return given
