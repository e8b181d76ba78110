"""What `check` and `ask` share: a text goes in with its context, one report comes out."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from factcheck.cli import streams, writing
from factcheck.cli.options import ExitCode, share
from factcheck.errors import InputError, UsageError
from factcheck.types import Document, OnRefuted, OnUnsupported, Report


def add_context_option(parser: argparse.ArgumentParser, *, purpose: str) -> None:
    """Add `--context`; `purpose` is what is done with the texts."""
    parser.add_argument(
        "--context",
        nargs="+",
        action="extend",
        type=Path,
        metavar="FILE",
        help=f"{purpose} these texts alone; needs neither index nor graph",
    )


def add_rewriting_options(parser: argparse.ArgumentParser, **revise: Any) -> None:
    """Add `--revise`, with the given keywords, and what becomes of claims that do not hold."""
    group = parser.add_argument_group("rewriting")
    group.add_argument("--revise", **revise)
    group.add_argument(
        "--on-refuted",
        choices=[policy.value for policy in OnRefuted],
        help="what becomes of a refuted claim (correct; removed where no correction is known)",
    )
    group.add_argument(
        "--on-unsupported",
        choices=[policy.value for policy in OnUnsupported],
        help="what becomes of a claim that nothing settles (keep)",
    )


def add_result_options(parser: argparse.ArgumentParser) -> None:
    """Add `--html` and `--fail-under`."""
    group = parser.add_argument_group("results")
    group.add_argument("--html", type=Path, metavar="FILE", help="also write the report as one self-contained page")
    group.add_argument(
        "--fail-under", type=share, metavar="X", help="exit with 3 if less than this share of the claims is supported"
    )


def refuse_idle_policy(args: argparse.Namespace, *, remedy: str) -> None:
    """Refuse to be told how to rewrite where nothing will be rewritten.

    Raises:
        UsageError: `--on-refuted` or `--on-unsupported` was given without rewriting.
    """
    if not args.revise and (args.on_refuted or args.on_unsupported):
        option = "--on-refuted" if args.on_refuted else "--on-unsupported"
        raise UsageError(f"{option} says how to rewrite", remedy=remedy)


def read_context(args: argparse.Namespace, *, max_characters: int) -> list[Document] | None:
    """Return what the files of `--context` hold, as documents that evidence can name; None where none was named."""
    if args.context is None:
        return None
    return [document for path in args.context for document in _documents(path, max_characters)]


def read_text(source: str, *, max_characters: int) -> str:
    """Return the text of a file, or of standard input as `-`; of a page or a PDF it is the words alone."""
    from factcheck.index.documents import Format, format_of

    path = Path(source)
    if source == streams.STDIN or not path.is_file() or format_of(path) not in (Format.HTML, Format.PDF):
        return streams.read_text(source, max_characters=max_characters)
    return "\n\n".join(document.text for document in _read_as_corpus(path))


def _documents(path: Path, max_characters: int) -> list[Document]:
    """Read HTML, PDF, JSONL and Parquet as `index build` does; anything else is one plain text."""
    from factcheck.index.documents import Format, format_of
    from factcheck.text.clean import clean_text

    if format_of(path) in (None, Format.PLAIN, Format.MARKDOWN) or not path.is_file():
        text = streams.read_text(path, max_characters=max_characters)
        return [Document(id=str(path), text=clean_text(text).text, source=path.name)]
    return _read_as_corpus(path)


def _read_as_corpus(path: Path) -> list[Document]:
    from factcheck.index.documents import find_files, read_documents

    def refuse(error: InputError) -> NoReturn:
        raise error

    return [source.document for source in read_documents(find_files([path]), refuse)]


def deliver(report: Report, args: argparse.Namespace, *, question: str | None = None) -> int:
    """Print the report, for people or as JSON, write what else was asked for, and return the exit code.

    Args:
        report: the result.
        args: of the command.
        question: what the text answers, where it is no option.
    """
    if args.html is not None:
        from factcheck.cli.html import render_html

        streams.write_text(args.html, render_html(report))
    _show(report, args)
    writing.record(report, args, question=question)
    return int(outcome([report], fail_under=args.fail_under))


def _show(report: Report, args: argparse.Namespace) -> None:
    if args.json:
        from factcheck.report import to_json

        streams.emit_json(to_json(report, indent=True))
        return
    from factcheck.cli.render import report_view
    from factcheck.cli.terminal import terminal_here, to_text

    terminal = terminal_here(unicode=args.unicode)
    streams.emit(to_text(report_view(report, terminal), terminal))


def outcome(reports: Sequence[Report], *, fail_under: float | None = None) -> ExitCode:
    """Return the exit code for finished reports; an unmet gate goes before claims that could not be checked."""
    if any(_withheld(report) for report in reports):
        return ExitCode.GATE
    if fail_under is not None and any(report.summary.supported_share < fail_under for report in reports):
        return ExitCode.GATE
    return ExitCode.INCOMPLETE if any(report.summary.failed for report in reports) else ExitCode.DONE


def _withheld(report: Report) -> bool:
    """Say whether the screen withheld a text."""
    screen = report.provenance.get("screen")
    return isinstance(screen, Mapping) and screen.get("action") == "block"
