"""`factcheck demo`: the main job on the embedded sample."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.cli import session, streams
from factcheck.cli.check import outcome
from factcheck.cli.options import Subparsers, add_source_options
from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.cli.render import Run

_DESCRIPTION = """\
Check and rewrite a few drafts with realistic mistakes, by a small corpus and
knowledge graph that come with the package. Nothing is fetched."""


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("demo", help="see it work on the embedded sample", description=_DESCRIPTION)
    parser.add_argument("--draft", action="append", metavar="ID", help="only this draft; may be repeated")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a picture of the output instead of printing it")
    add_source_options(parser)
    parser.set_defaults(handler=demo)


def demo(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    from factcheck.cli.render import Run

    drafts = session.sample_drafts()
    if args.draft:
        known = [draft.id for draft in drafts]
        unknown = [draft_id for draft_id in args.draft if draft_id not in known]
        if unknown:
            raise UsageError(f"no draft is called '{unknown[0]}'", remedy=f"there are {', '.join(known)}")
        drafts = [draft for draft in drafts if draft.id in args.draft]
    streams.note("loading models and the embedded sample")
    checker = session.open_checker(args)
    runs = []
    for draft in drafts:
        streams.note(f"checking {draft.id}")
        report = checker.revise(draft.text, question=draft.question)
        runs.append(Run(id=draft.id, question=draft.question, report=report))
    _show(runs, args)
    return int(outcome([run.report for run in runs]))


def _show(runs: list[Run], args: argparse.Namespace) -> None:
    if args.json:
        from factcheck.report import report_to_dict, to_json

        rows: list[dict[str, Any]] = [
            {**report_to_dict(run.report), "id": run.id, "question": run.question} for run in runs
        ]
        streams.emit_json(to_json({"runs": rows}, indent=True))
        return
    from factcheck.cli.render import Terminal, demo_view, terminal_here, to_svg, to_text

    if args.svg is not None:
        picture = to_svg(demo_view(runs, Terminal(color=True)), title="factcheck demo")
        streams.write_text(args.svg, picture)
        return
    terminal = terminal_here(unicode=args.unicode)
    streams.emit(to_text(demo_view(runs, terminal), terminal))
