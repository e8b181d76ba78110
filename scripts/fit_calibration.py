"""Fit a calibration for `factcheck score --calibration` on the even half of labelled pairs, and report on the odd half.

    python scripts/fit_calibration.py DEV/*.jsonl.gz --out calibration.json [--trained SETS] [--vector] [--limit N]

Each setting (one sentence, a passage, several texts) is fitted by itself where both halves have 100 rows of it. What
ships is fitted on sets alone whose licence allows it; of those that training saw, on the rows that it did not see, and
as many are reported, so that both halves are mixed alike.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from fit_decision import unseen

from factcheck.cli.evaluate import open_systems
from factcheck.config import load_settings
from factcheck.errors import FactCheckError
from factcheck.evaluation.calibration import fit_calibration
from factcheck.evaluation.pairs import Half, PairSet, read_set
from factcheck.evaluation.systems import ProbabilitySystem


def main() -> int:
    """Fit, print the report, write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, help="rows {claim, evidence, label}")
    parser.add_argument("--out", type=Path, required=True, help="calibration to write")
    parser.add_argument("--model", default="embedded", help="as of 'factcheck score'")
    parser.add_argument(
        "--trained", default="", metavar="SETS", help="names, by comma: rows that training saw are left"
    )
    parser.add_argument("--limit", type=int, help="rows of each half of a file")
    parser.add_argument("--vector", action="store_true", help="scale each class by itself; labels may change")
    args = parser.parse_args()
    try:
        trained = set(filter(None, args.trained.split(",")))
        sets = [rows_of(path, args.limit, trained) for path in args.files]
        (system,) = open_systems([args.model], load_settings())
        if not isinstance(system, ProbabilitySystem) or "decision" not in system.identity:
            parser.error("--model names no model that 'factcheck score' takes")
        decision = str(system.identity["decision"])
        found, report = fit_calibration(system, sets, decision, vector=args.vector, progress=tell)
        args.out.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    print(table(report))
    return 0


def rows_of(path: Path, limit: int | None, trained: set[str]) -> PairSet:
    """Read a set; of one that training saw, the rows of the even half that were left out of it, and as many others."""
    found = read_set(path, Half.EVEN, limit)
    if found.name not in trained:
        return found
    rows = tuple(row for row in read_set(path, Half.EVEN).rows if unseen(row.claim))[:limit]
    return replace(found, rows=rows, other=read_set(path, Half.EVEN, len(rows)).other)


def tell(line: str) -> None:
    """Show progress on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{line}", end="", file=sys.stderr, flush=True)


def table(report: dict[str, Any]) -> str:
    """Return the report as Markdown."""
    lines = ["| setting | fitted on | reported on | ECE | −log p | same label |", "|---|---|---|---|---|---|"]
    for name, found in report.items():
        ece, loss = found["ece"], found["log_loss"]
        lines.append(
            f"| {name} | {found['fitted_on']:,} | {found['reported_on']:,} | {ece['before']:.3f} → {ece['after']:.3f} "
            f"| {loss['before']:.3f} → {loss['after']:.3f} | {found['same_label']:.3f} |"
        )
    lines += [
        "",
        "| setting | at most | threshold | SUPPORTED kept | wrong of all | wrong of kept | sets hold | labels |",
    ]
    lines.append("|---" * 8 + "|")
    for name, found in report.items():
        for error, one in found["promises"].items():
            threshold = "none" if one["threshold"] is None else f"{one['threshold']:.3f}"
            shares = [one["error_of_all"], one["error_of_kept"]]
            shown = " | ".join("–" if share is None else f"{share:.3f}" for share in shares)
            lines.append(
                f"| {name} | {float(error):.0%} | {threshold} | {one['kept']:,} of {one['supported']:,} | {shown} "
                f"| {one['sets_hold']:.3f} | {one['labels_in_a_set']:.2f} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
