"""Measure `factcheck score` on written pairs about numbers, times and small words, kind by kind.

    python scripts/eval_kinds.py [tests/verify/pairs.tsv] [--half odd|even|all] [--show]

A row is `kind, label, claim, evidence`, with tabs between. Printed for each kind: how many of its labels `score` meets,
and what the checkers that calculate said by themselves, right and wrong. Halves are by the SHA-1 of the evidence; the
rules were developed on the even one, so report the odd one. `--show` prints the pairs that are missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from eval_rules import CHECKERS, is_right
from eval_swaps import in_half

from factcheck import FactChecker
from factcheck.scoring import Score, case_of
from factcheck.types import Label, Stance

_PAIRS = Path(__file__).parent.parent / "tests" / "verify" / "pairs.tsv"
_LABELS = {"SUPPORTED": "SUPPORTS", "REFUTED": "REFUTES"}


@dataclass(slots=True)
class Counted:
    """Of one kind: rows, labels met, and what the checkers said by themselves."""

    rows: int = 0
    met: int = 0
    rules: Counter[str] = field(default_factory=Counter)


def main() -> None:
    """Parse the command line, score, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, nargs="?", default=_PAIRS, help="tab-separated, with a header")
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd", help="which half, by SHA-1")
    parser.add_argument("--show", action="store_true", help="print the pairs that are missed")
    arguments = parser.parse_args()
    with arguments.pairs.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = [row for row in rows if in_half(row["evidence"], arguments.half)]
    kinds: dict[str, Counted] = defaultdict(Counted)
    scored = FactChecker.open().score([(row["claim"], row["evidence"]) for row in rows])
    for row, score in zip(rows, scored, strict=True):
        label = score.label if isinstance(score, Score) else None
        met = label is Label(row["label"])
        said = [
            j
            for checker in CHECKERS
            for j in checker.check([case_of(0, row["claim"], row["evidence"])])[0].judgements
            if j.stance is not Stance.NEUTRAL
        ]
        for name in (row["kind"], "all", "Chinese" if not row["claim"].isascii() else "English"):
            counted = kinds[name]
            counted.rows += 1
            counted.met += met
            counted.rules.update(
                "right" if is_right(j.stance, _LABELS.get(row["label"], row["label"])) else "wrong" for j in said
            )
        if arguments.show and not met:
            heard = "; ".join(f"{j.rule} {j.stance} {j.probabilities.refuted:.2f} {j.reason}" for j in said)
            missed = f"{row['kind']}: {row['label']} but {label}: {row['claim']} | {row['evidence']} | {heard}"
            print(missed, file=sys.stderr)
    for name, counted in sorted(kinds.items(), key=lambda item: item[0] in {"all", "Chinese", "English"}):
        shown = {"kind": name, "half": arguments.half, "met": f"{counted.met}/{counted.rows}", "rules": counted.rules}
        print(json.dumps(shown))


if __name__ == "__main__":
    main()
