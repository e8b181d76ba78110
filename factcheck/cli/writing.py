"""What a writing model adds to the output: estimates, rounds, spending, and rows for training."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.cli import streams
from factcheck.cli.options import ExitCode
from factcheck.cli.words import plural
from factcheck.types import CheckedClaim, Exchange, Report, Round, usage_by_stage

if TYPE_CHECKING:
    from factcheck.assemble.estimate import Forecast
    from factcheck.models.chat.meter import Estimate


def show_estimate(forecast: Forecast, args: argparse.Namespace) -> int:
    """Print what a job would ask of the writer."""
    if args.json:
        from factcheck.report import to_json

        streams.emit_json(to_json({"least": _row(forecast.least), "most": _row(forecast.most)}, indent=True))
    else:
        streams.emit(f"at least  {_line(forecast.least)}\nat most   {_line(forecast.most)}\n")
    return int(ExitCode.DONE)


def record(report: Report, args: argparse.Namespace, *, question: str | None = None) -> None:
    """Show rounds and spending, and append rows for training, where they were asked for."""
    if not args.json:
        if report.candidates:
            streams.emit(_printable(_candidates(report)))
        if args.rounds:
            streams.emit(_printable(_rounds(report)))
    spent = usage_by_stage(report.all_exchanges)
    for stage, usage in spent.items():
        cost = "" if usage.cost is None else f", cost {usage.cost:.6g}"
        tokens = f"{usage.prompt_tokens:,} + {usage.completion_tokens:,} tokens"
        said = f"factcheck: {stage}: {plural(usage.calls, 'call')}, {usage.cached} from the cache, {tokens}{cost}"
        print(said, file=sys.stderr)
    if args.preferences is not None or args.rewards is not None:
        from factcheck.report.preferences import preference_rows, reward_rows

        asked = question or getattr(args, "question", None)
        if args.preferences is not None:
            why = "no rewrite was accepted" if report.revision is not None else "nothing was rewritten; add --revise"
            _append(args.preferences, preference_rows(report), why if asked else _NO_PROMPT)
        if args.rewards is not None:
            _append(args.rewards, reward_rows(report, asked), _NO_PROMPT)


def _printable(text: str) -> str:
    """Return the text without what could steer a terminal: models write it, and evidence stands in it."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


_NO_PROMPT = "a row needs the question that the text answers; name it with --question"


def _append(path: Path, rows: Sequence[dict[str, Any]], why: str) -> None:
    """Append rows, and say how many; `why` is said where there are none."""
    from factcheck.report import to_json

    data = b"".join(to_json(row) + b"\n" for row in rows)
    try:
        with path.open("ab") as file:
            file.write(data)
    except OSError as error:
        raise streams.cannot_write(path, error) from error
    reason = "" if rows else f": {why}"
    print(f"factcheck: {plural(len(rows), 'row')} for training added to {path}{reason}", file=sys.stderr)


def _row(estimate: Estimate) -> dict[str, Any]:
    return {
        "calls": estimate.calls,
        "prompt_tokens": estimate.prompt_tokens,
        "completion_tokens": estimate.completion_tokens,
        "cost": estimate.cost,
    }


def _line(estimate: Estimate) -> str:
    cost = "" if estimate.cost is None else f", cost {estimate.cost:.6g}"
    tokens = f"about {estimate.prompt_tokens:,} + {estimate.completion_tokens:,} tokens"
    return f"{plural(estimate.calls, 'call')}, {tokens}{cost}"


def _candidates(report: Report) -> str:
    lines = ["", f"Drafts, best first ({len(report.candidates)})"]
    for place, candidate in enumerate(report.candidates, 1):
        lines.append(f"  {place}. {candidate.score:+.2f}  {candidate.reason}")
        lines.append(f"     {' '.join(candidate.draft.text.split())}")
    return "\n".join(lines) + "\n"


def _rounds(report: Report) -> str:
    if report.revision is None:
        return ""
    lines: list[str] = []
    before = report.revision.rounds[0]
    for number, now in enumerate(report.revision.rounds):
        state = "draft" if number == 0 else "accepted" if now.accepted else f"not accepted: {now.reason}"
        lines += ["", f"Round {number} ({state}), {now.tokens:,} tokens, {now.seconds:.2f} s"]
        lines += _changed(before, now) if number else [f"  {line}" for line in now.draft.text.splitlines()]
        for claim in now.report.claims:
            label = claim.verdict.label.value if isinstance(claim, CheckedClaim) else "FAILED"
            lines.append(f"  {label:16} {claim.claim.text}")
        for exchange in (*now.exchanges, *now.report.exchanges):
            lines += _exchange(exchange)
        if now.accepted:
            before = now
    lines += ["", f"Ended: {report.revision.stop_reason}; round {report.revision.best} is the result"]
    return "\n".join(lines) + "\n"


def _changed(before: Round, now: Round) -> list[str]:
    lines = [f"  - {edit.span.of(before.draft.text)!r} -> {edit.replacement!r}" for edit in now.edits]
    return lines or ["  no change"]


def _exchange(exchange: Exchange) -> list[str]:
    used = "from the cache" if exchange.cached else f"{exchange.usage.total:,} tokens, {exchange.seconds:.2f} s"
    lines = [f"  {exchange.stage} by {exchange.model} ({used})"]
    for message in exchange.messages:
        lines += [f"    {message.role}> {line}" for line in message.content.splitlines()]
    lines += [f"    answer> {line}" for line in exchange.text.splitlines()]
    return lines
