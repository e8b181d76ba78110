"""What `factcheck verify` shows: progress while it runs, and what the run came to."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from factcheck.cli.terminal import terminal_here, to_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from factcheck.batch.run import Progress, RunReport

Watch = Callable[["Progress"], None]

_LINE_SECONDS = 10.0
"""Where standard error is no terminal, so much time lies between two lines of progress."""


@contextmanager
def progress() -> Iterator[Watch]:
    """Show rate, time left and verdicts on standard error: a bar at a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(bar_width=10), TextColumn("{task.fields[state]}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("verifying", total=None, state="")
        pace = _Pace()

        def watch(run: Progress) -> None:
            share = run.done_share
            bar.update(task, total=None if share is None else 1.0, completed=share or 0.0, state=pace.tell(run))

        yield watch


def report_row(report: RunReport, out: Path) -> dict[str, Any]:
    """Return what a run came to as JSON values; it holds no times."""
    totals = report.totals
    rejects = out.with_name(f"{out.name}.rejects.jsonl")
    return {
        "out": str(out),
        "ledger": str(out.with_name(f"{out.name}.ledger.sqlite")),
        "rejects": str(rejects) if report.finished and totals.rejected else None,
        "finished": report.finished,
        "rows": totals.rows,
        "verified": report.verified,
        "kept": report.kept,
        "again": dict(report.again),
        "rejected": totals.rejected,
        "summary": {
            "claims": totals.claims,
            "supported": totals.supported,
            "refuted": totals.refuted,
            "not_enough_info": totals.not_enough_info,
            "conflicting": totals.conflicting,
            "failed": totals.failed,
            "supported_share": totals.supported_share,
        },
        "groups": [asdict(group) for group in report.groups],
        "worst": [asdict(offender) for offender in report.offenders],
        "passed_over": dict(report.passed_over),
    }


def report_text(report: RunReport, out: Path, *, unicode: bool) -> str:
    """Return what a run came to, for people."""
    terminal = terminal_here(unicode=unicode)
    text = to_text(list(_view(report, out)), terminal)
    return text if terminal.unicode else text.encode("ascii", "replace").decode("ascii")


def _view(report: RunReport, out: Path) -> Iterator[RenderableType]:
    totals = report.totals
    verb = "done" if report.finished else "so far"
    yield Text.assemble(
        (f"{totals.rows:,} rows {verb}", "bold"), f": {report.verified:,} verified now, {report.kept:,} kept"
    )
    for reason, count in report.again.items():
        yield Text(f"  {count:,} verified again, because of: {reason}")
    if totals.rejected:
        yield Text(f"  {totals.rejected:,} rejected, see {_plain(f'{out}.rejects.jsonl')}", style="yellow")
    for warning, count in report.passed_over.items():
        yield Text(f"  in {count:,} rows {_plain(warning)}")
    yield _table(
        ("claims", "supported", "refuted", "not enough info", "conflicting", "failed", "supported share"),
        [
            (
                totals.claims,
                totals.supported,
                totals.refuted,
                totals.not_enough_info,
                totals.conflicting,
                totals.failed,
                f"{totals.supported_share:.3f}",
            )
        ],
    )
    if report.groups:
        yield Text("\nby group", style="bold")
        rows = [
            (g.group if g.group is not None else "(none)", g.rows, g.claims, g.refuted, f"{g.mean_supported_share:.3f}")
            for g in report.groups
        ]
        yield _table(("group", "rows", "claims", "refuted", "mean supported share"), rows)
    if report.offenders:
        yield Text("\nworst rows", style="bold")
        worst = [
            (o.id, f"{o.refuted + o.conflicting} of {o.claims}", o.failed, o.first_problem or "")
            for o in report.offenders
        ]
        yield _table(("id", "refuted", "failed", "first"), worst)


def _table(heads: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for place, head in enumerate(heads):
        numeric = all(isinstance(row[place], int) for row in rows)
        table.add_column(head, justify="right" if numeric else "left", overflow="ellipsis", no_wrap=place != 3)
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else Text(_plain(str(cell))) for cell in row))
    return table


def _plain(text: str) -> str:
    """Return the text in one line, without what could steer a terminal."""
    line = " ".join(text.split())
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


class _Pace:
    """Rows a second, and the time left, from when the first rows came in: what was loaded before is not their time."""

    def __init__(self) -> None:
        self._started: float | None = None
        self._from = (0, 0.0)

    def tell(self, run: Progress) -> str:
        """Return one line."""
        now = time.monotonic()
        parts = [f"{run.verified:,} rows"]
        if run.verified and self._started is None:
            self._started, self._from = now, (run.verified, run.done_share or 0.0)
        rows, share = self._from
        if self._started is not None and run.verified > rows:
            seconds = max(now - self._started, 1e-9)
            parts.append(f"{(run.verified - rows) / seconds:,.1f}/s")
            if run.done_share is not None and run.done_share > share:
                parts.append(f"{_duration((1.0 - run.done_share) * seconds / (run.done_share - share))} left")
        if run.kept:
            parts.append(f"{run.kept:,} kept")
        parts.append(
            f"{run.supported:,} supported, {run.refuted:,} refuted, {run.not_enough_info:,} not enough info"
            + (f", {run.conflicting:,} conflicting" if run.conflicting else "")
            + (f", {run.failed:,} failed" if run.failed else "")
        )
        return " | ".join(parts)


class _Lines:
    """A line of progress now and then, for logs."""

    def __init__(self) -> None:
        self._pace = _Pace()
        self._next = time.monotonic() + _LINE_SECONDS

    def __call__(self, run: Progress) -> None:
        if time.monotonic() >= self._next:
            print(f"factcheck: {self._pace.tell(run)}", file=sys.stderr, flush=True)
            self._next = time.monotonic() + _LINE_SECONDS


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
