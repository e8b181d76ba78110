"""Reports, and the demonstration, as views for people at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from factcheck.cli.painter import Painter
from factcheck.cli.terminal import Terminal
from factcheck.cli.words import draft_of, revision_title, short_answer
from factcheck.types import Report


def report_view(report: Report, terminal: Terminal) -> list[RenderableType]:
    """Show a report: the text as it came in, its claims with their evidence, and the rewritten text."""
    painter = Painter(terminal)
    draft = draft_of(report)
    view: list[RenderableType] = [painter.heading("The text"), painter.marked(draft), Text()]
    answer = short_answer(report)
    if answer:
        view[:0] = [painter.heading("The answer"), painter.indented(Text(painter.safe(answer), style="bold")), Text()]
    view += [painter.legend(draft), Text()]
    if draft.claims:
        view.append(painter.heading("The claims"))
        view += painter.claims(draft)
    if report.revision is not None:
        view += [painter.heading(revision_title(report)), *painter.rewritten(report)]
    view += painter.warnings(report.warnings)
    return view


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One draft of the demonstration with what came of it."""

    id: str
    question: str | None
    report: Report


def demo_view(runs: Sequence[Run], terminal: Terminal) -> list[RenderableType]:
    """Show the demonstration: every draft checked and rewritten, then how to go on."""
    view = demo_intro(len(runs), terminal)
    for number, run in enumerate(runs, 1):
        view += [Text(), *demo_run(run, number, len(runs), terminal)]
    return [*view, Text(), *demo_end(runs, terminal)]


def demo_intro(drafts: int, terminal: Terminal) -> list[RenderableType]:
    """Say what is about to happen."""
    return [Painter(terminal).intro(drafts)]


def demo_run(run: Run, number: int, of: int, terminal: Terminal) -> list[RenderableType]:
    """Show one draft, its claims, and how it reads once it is put right."""
    painter = Painter(terminal)
    draft = draft_of(run.report)
    view = [painter.heading(run.question or run.id, f"{number} of {of}")]
    view += [painter.marked(draft), Text(), painter.legend(draft), Text()]
    view += painter.claims(draft)
    view += [painter.label(revision_title(run.report)), Text(), *painter.rewritten(run.report)]
    return view[:-1]


def demo_end(runs: Sequence[Run], terminal: Terminal) -> list[RenderableType]:
    """Sum up, and show how to go on."""
    painter = Painter(terminal)
    view = painter.totals([run.report for run in runs])
    view += painter.warnings(tuple(dict.fromkeys(w for run in runs for w in run.report.warnings)))
    return view + painter.next_steps()
