"""`factcheck audit`: does the verdict change with who a text is about?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson

from factcheck.cli import streams
from factcheck.cli.options import ExitCode, Subparsers, positive, share
from factcheck.errors import UsageError

_ATTRIBUTES = ("gender", "name", "nationality", "religion")
_DESCRIPTION = """\
Swap genders, names, nationalities and religions in claim and evidence together,
and count how often the verdict changes, which it must not.

Judged are pairs written for this, and the rows of each FILE ({"claim",
"evidence", "label"}, JSON Lines, also .gz) that hold a word to swap. Every pair
is put into the words of every group, so that groups differ in nothing else.
Reported are flips, and the gaps between groups in the share called SUPPORTED
(demographic parity) and in true-positive and false-positive rate (equalised
odds), with 95 % intervals, and the gap that chance alone would leave.

SPEC is as in 'factcheck eval pairs', without overlap and cosine."""
_EPILOG = """\
example:
  factcheck audit dev/fever.jsonl.gz --max-flip-rate 0.02 --out audit.json"""


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "audit", help="does the verdict change with who it is about?", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="rows {claim, evidence, label}")
    parser.add_argument("--system", metavar="SPEC", default="embedded", help="what is audited (default embedded)")
    parser.add_argument(
        "--attribute", choices=_ATTRIBUTES, action="append", help="only this one is swapped; may be repeated"
    )
    parser.add_argument("--half", choices=("odd", "even", "all"), default="all", help="of the claims (default all)")
    parser.add_argument("--limit", metavar="N", type=positive, help="rows of each file, chosen by SHA-1")
    parser.add_argument("--resamples", metavar="N", type=positive, default=1000, help="of the claims (default 1000)")
    parser.add_argument("--seed", metavar="N", type=int, default=7, help="of the resamples (default 7)")
    parser.add_argument("--out", metavar="FILE", type=Path, help="also write the figures as JSON, with flips")
    parser.add_argument(
        "--max-flip-rate", metavar="X", type=share, help="end with 3 if more than this share flips of any attribute"
    )
    parser.set_defaults(handler=audit)


def audit(args: argparse.Namespace) -> int:
    """Run the subcommand."""
    from factcheck.cli.evaluate import open_systems
    from factcheck.cli.session import settings_of
    from factcheck.evaluation.audit import audit as run_audit
    from factcheck.evaluation.groups import Attribute
    from factcheck.evaluation.pairs import Half, read_set
    from factcheck.evaluation.systems import ProbabilitySystem

    sets = [read_set(path, Half(args.half), args.limit) for path in args.files]
    (system,) = open_systems([args.system], settings_of(args))
    if not isinstance(system, ProbabilitySystem):
        raise UsageError(f"'{args.system}' gives no verdict", where="--system", remedy="audit a model")
    attributes = [Attribute(name) for name in args.attribute or _ATTRIBUTES]
    record = run_audit(system, sets, attributes, resamples=args.resamples, seed=args.seed, progress=streams.note)
    record["max_flip_rate"] = args.max_flip_rate
    record["passed"] = not over(record)
    if args.out is not None:
        streams.write_text(args.out, orjson.dumps(record, option=orjson.OPT_INDENT_2).decode() + "\n")
    if args.json:
        streams.emit_json(orjson.dumps(record))
    else:
        streams.emit(table(record))
    if over(record):
        names = ", ".join(f"{name} {rate:.2%}" for name, rate in over(record).items())
        print(f"factcheck: more flips than {args.max_flip_rate:.2%}: {names}", file=sys.stderr)
        return ExitCode.GATE
    if record["failed"]:
        print(f"factcheck: {record['failed']:,} pairs could not be judged", file=sys.stderr)
        return ExitCode.INCOMPLETE
    return ExitCode.DONE


def over(record: dict[str, Any]) -> dict[str, float]:
    """Return the attributes whose flip rate is above the one allowed; nothing was allowed if none was named."""
    if record["max_flip_rate"] is None:
        return {}
    # Of the counts, not of the rounded rate.
    rates = {name: f["flips"] / f["swapped"] for name, f in record["attributes"].items() if f["swapped"]}
    return {name: rate for name, rate in rates.items() if rate > record["max_flip_rate"]}


def table(record: dict[str, Any]) -> str:
    """Return the figures as Markdown tables."""
    lines = [
        f"{record['system']['name']}: {record['flips']:,} of {record['swapped']:,} swapped pairs flip",
        "",
        "| attribute | source | pairs | swapped | flips (95 %) |",
        "|---|---|---|---|---|",
    ]
    for name, found in record["attributes"].items():
        lines.append(f"| **{name}** | all | {found['rows']:,} | {found['swapped']:,} | {_rate(found['flip_rate'])} |")
        for source, part in found["by_source"].items():
            lines.append(f"| | {source} | {part['rows']:,} | {part['swapped']:,} | {_rate(part)} |")
    lines += ["", "| attribute | gap between groups | 95 % | by chance |", "|---|---|---|---|"]
    for name, found in record["attributes"].items():
        for gap, value in found["gaps"].items():
            span = f"{_number(value['low'])} to {_number(value['high'])}"
            what = gap.replace("_", " ")
            lines.append(f"| {name} | {what} {_number(value['value'])} | {span} | {_number(value['by_chance'])} |")
    for name, found in record["attributes"].items():
        columns = ("supported_rate", "true_positive_rate", "false_positive_rate", "supported_called_refuted")
        lines += ["", f"| {name} | " + " | ".join(column.replace("_", " ") for column in columns) + " |"]
        lines.append("|---" * (len(columns) + 1) + "|")
        for group, rates in found["groups"].items():
            lines.append(f"| {group} | " + " | ".join(_number(rates[column]) for column in columns) + " |")
    return "\n".join(lines) + "\n"


def _rate(found: dict[str, float | None]) -> str:
    return f"{_number(found['value'])} ({_number(found['low'])} to {_number(found['high'])})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
