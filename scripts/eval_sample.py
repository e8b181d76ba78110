"""Check simple sentences over the embedded sample, and count the right verdicts by kind.

    python scripts/eval_sample.py [ROWS.tsv] [--half even|odd|all] [--show] [--kind KIND …]

ROWS (`tests/kb/sample_claims.tsv` unless given) has a line `kind, label, claim` for each sentence, labels that are
both right joined by `|`. Each goes the road of `factcheck check --text`, alone; a sentence in which the extractor
sees no claim counts as NOT_ENOUGH_INFO, and of one that it cuts into several claims the worst verdict counts. Rules
were developed on the even half by the SHA-1 of the claim, so report the odd one. `--show` prints what is wrong, with
its reason.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from factcheck import FactChecker
from factcheck.types import CheckedClaim, Label, Report

_ROWS = Path(__file__).resolve().parent.parent / "tests" / "kb" / "sample_claims.tsv"
_WORST = (Label.REFUTED, Label.CONFLICTING, Label.NOT_ENOUGH_INFO, Label.SUPPORTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sentence with the labels that are right for it."""

    kind: str
    labels: frozenset[str]
    claim: str

    @property
    def odd(self) -> bool:
        """Say whether it is of the half that is reported."""
        return hashlib.sha1(self.claim.encode("utf-8"), usedforsecurity=False).digest()[-1] % 2 == 1


def read(path: Path) -> list[Row]:
    """Read the table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Row(kind=line["kind"], labels=frozenset(line["label"].split("|")), claim=line["claim"])
            for line in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def verdict_of(report: Report) -> tuple[str, float, str]:
    """Return the label of a sentence, its confidence and its reason."""
    found = [claim.verdict for claim in report.claims if isinstance(claim, CheckedClaim)]
    if len(found) < len(report.claims):
        return "FAILED", 0.0, "a claim could not be checked"
    worst = min(found, key=lambda verdict: _WORST.index(verdict.label), default=None)
    if worst is None:
        return Label.NOT_ENOUGH_INFO.value, 0.0, "no claim was found"
    return worst.label.value, worst.confidence, worst.reason


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="?", default=_ROWS)
    parser.add_argument("--half", choices=("even", "odd", "all"), default="odd")
    parser.add_argument("--kind", nargs="+", default=None, help="only these kinds")
    parser.add_argument("--show", action="store_true", help="print what is wrong")
    args = parser.parse_args(arguments)
    rows = [
        row
        for row in read(args.rows)
        if args.half == "all" or row.odd is (args.half == "odd")
        if args.kind is None or row.kind in args.kind
    ]
    checker = FactChecker.open()
    answers = [verdict_of(checker.check(row.claim)) for row in rows]
    right: Counter[str] = Counter()
    given: dict[str, Counter[str]] = defaultdict(Counter)
    for row, (label, _, _) in zip(rows, answers, strict=True):
        right[row.kind] += label in row.labels
        given[row.kind][label] += 1
    print(f"{'kind':18} {'rows':>5} {'right':>5}   labels given")
    for kind, labels in given.items():
        shown = ", ".join(f"{label} {count}" for label, count in labels.most_common())
        print(f"{kind:18} {labels.total():5} {right[kind]:5}   {shown}")
    print(f"{'all':18} {len(rows):5} {right.total():5}   {right.total() / max(1, len(rows)):.3f}")
    wrong = [(row, answer) for row, answer in zip(rows, answers, strict=True) if answer[0] not in row.labels]
    turned = [row for row, answer in wrong if {answer[0], *row.labels} == {"SUPPORTED", "REFUTED"}]
    print(f"supported though false, or refuted though true: {len(turned)}")
    for row, (label, confidence, reason) in wrong if args.show else ():
        print(f"{row.kind}\t{label} {confidence:.2f}\t{row.claim}\t{reason[:140]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
