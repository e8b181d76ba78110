"""`factcheck ask`: a question, and the checked answer to it."""

from __future__ import annotations

import argparse

from factcheck.cli import reporting, session, streams, writing
from factcheck.cli.options import (
    Subparsers,
    add_screen_options,
    add_source_options,
    add_writer_options,
    positive,
    share,
)

_DESCRIPTION = """\
Answer a question from the evidence, check the answer as 'check' does, and
rewrite what is refuted. A writing model (--model openai:MODEL, hf:NAME or a
folder) drafts and rewrites. Without one the answer is what the evidence
itself says: a sentence of a passage, a value under its heading, or a fact of
the graph. Where nothing answers, it says so.

Without --index and --kb the embedded sample serves."""

_EPILOG = """\
examples:
  factcheck ask "What is the capital of Australia?"
  factcheck ask "When was the mill built?" --index my-index --json
  factcheck ask "Who built the mill?" --index my-index \\
      --model openai:my-model --base-url http://127.0.0.1:8000/v1 --n 3
  factcheck ask "What did the report say of costs?" --context report.pdf"""


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "ask",
        help="answer a question, and check the answer",
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    parser.add_argument("question", metavar="QUESTION", help="what to answer; '-' reads standard input")
    reporting.add_context_option(parser, purpose="answer from")
    parser.add_argument("--n", type=positive, default=1, metavar="N", help="drafts to check; the best is taken (1)")
    parser.add_argument("--min-confidence", type=share, metavar="X", help="below it a verdict is NOT_ENOUGH_INFO")
    reporting.add_rewriting_options(
        parser,
        action=argparse.BooleanOptionalAction,
        default=True,
        help="rewrite what is refuted, and check the result again (on; --no-revise reports the draft as it is)",
    )
    reporting.add_result_options(parser)
    add_screen_options(parser)
    add_source_options(parser)
    add_writer_options(parser)
    writer = parser.add_argument_group("drafting")
    writer.add_argument("--also", action="append", metavar="SPEC", help="another writer that drafts; may be repeated")
    writer.add_argument(
        "--active",
        action="store_true",
        default=None,
        help="look for more evidence while drafting, where the writer is not sure",
    )
    parser.set_defaults(handler=ask, asks=True)


def ask(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    reporting.refuse_idle_policy(args, remedy="leave out --no-revise")
    limit = session.settings_of(args).extract.max_characters
    question = args.question
    if question == streams.STDIN:
        question = streams.read_text(streams.STDIN, max_characters=limit)
    context = reporting.read_context(args, max_characters=limit)
    streams.note("loading models and evidence")
    checker = session.open_checker(args)
    if args.estimate:
        return writing.show_estimate(checker.estimate(questions=[question], n=args.n, revise=args.revise), args)
    streams.note("answering")
    report = checker.generate(question, context=context, n=args.n, revise=args.revise)
    return reporting.deliver(report, args, question=question)
