"""`factcheck demo`: the main job on the embedded sample."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.cli import session, streams
from factcheck.cli.options import Subparsers, add_source_options
from factcheck.cli.reporting import outcome
from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.assemble.sample import SampleDraft
    from factcheck.checker import FactChecker
    from factcheck.cli.render import Run
    from factcheck.cli.terminal import Terminal

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
    from factcheck.cli.render import demo_view
    from factcheck.cli.terminal import Terminal, terminal_here, to_svg

    drafts = _chosen(session.sample_drafts(), args.draft)
    streams.note("loading models and the embedded sample")
    checker = session.open_checker(args)
    if args.json or args.svg is not None:
        runs = list(_runs(checker, drafts))
    else:
        runs = _show(checker, drafts, terminal_here(unicode=args.unicode))
    if args.svg is not None:
        picture = to_svg(demo_view(runs, Terminal(color=True)), title="factcheck demo")
        streams.write_text(args.svg, picture)
    if args.json:
        _emit_json(runs)
    return int(outcome([run.report for run in runs]))


def _chosen(drafts: Sequence[SampleDraft], wanted: Sequence[str] | None) -> list[SampleDraft]:
    if not wanted:
        return list(drafts)
    known = [draft.id for draft in drafts]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(f"no draft is called '{unknown[0]}'", remedy=f"there are {', '.join(known)}")
    return [draft for draft in drafts if draft.id in wanted]


def _runs(checker: FactChecker, drafts: Sequence[SampleDraft]) -> Iterator[Run]:
    from factcheck.cli.render import Run

    for draft in drafts:
        streams.note(f"checking {draft.id}")
        report = checker.revise(draft.text, question=draft.question)
        yield Run(id=draft.id, question=draft.question, report=report)


def _show(checker: FactChecker, drafts: Sequence[SampleDraft], terminal: Terminal) -> list[Run]:
    """Show each draft as soon as it is done: reading takes longer than checking."""
    from factcheck.cli.render import demo_end, demo_intro, demo_run
    from factcheck.cli.terminal import to_text

    streams.emit(to_text(demo_intro(len(drafts), terminal), terminal))
    runs: list[Run] = []
    for run in _runs(checker, drafts):
        runs.append(run)
        streams.emit("\n" + to_text(demo_run(run, len(runs), len(drafts), terminal), terminal))
    streams.emit("\n" + to_text(demo_end(runs, terminal), terminal))
    return runs


def _emit_json(runs: Sequence[Run]) -> None:
    from factcheck.report import report_to_dict, to_json

    rows: list[dict[str, Any]] = [
        {**report_to_dict(run.report), "id": run.id, "question": run.question} for run in runs
    ]
    streams.emit_json(to_json({"runs": rows}, indent=True))
