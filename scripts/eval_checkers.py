"""Compare `factcheck score` with and without the checkers that calculate, pair by pair.

    python scripts/eval_checkers.py ROWS.jsonl.gz … [--half odd|even|all] [--limit N] [--show N]

Rows are `{claim, evidence, label}`. The model reads only the pairs on which a calculating checker speaks: on all others
both answers are the same. Prints, for each file, how many pairs that is, how many got another label, how many of those
are right now and were wrong before, the other way round, and the two-sided sign test. A label NOT_SUPPORTED is met by
everything but SUPPORTED.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

from eval_swaps import Row, in_half, read

from factcheck.decide import decide
from factcheck.models import load_entailment
from factcheck.scoring import case_of
from factcheck.types import Judgement, Label
from factcheck.verify.entailment import EntailmentChecker
from factcheck.verify.polarity import PolarityChecker
from factcheck.verify.quantities import QuantityChecker

_LABELS = {"SUPPORTS": Label.SUPPORTED, "REFUTES": Label.REFUTED, "NOT_ENOUGH_INFO": Label.NOT_ENOUGH_INFO}


def is_right(label: Label, gold: str) -> bool:
    """Say whether a label meets the one that people gave."""
    return label is not Label.SUPPORTED if gold == "NOT_SUPPORTED" else label is _LABELS[gold]


def sign_test(wins: int, losses: int) -> float:
    """Return the two-sided probability of a difference at least as large, if both were equally likely."""
    n = wins + losses
    tail = sum(math.comb(n, k) for k in range(min(wins, losses) + 1)) / 2**n if n else 1.0
    return min(1.0, 2 * tail)


def measure(path: Path, half: str, limit: int, show: int, reader: EntailmentChecker) -> dict[str, object]:
    """Compare both ways on one file."""
    calculating = (QuantityChecker(), PolarityChecker())
    spoken: list[tuple[Row, tuple[Judgement, ...]]] = []
    total = 0
    for row in read(path):
        if not in_half(row.evidence, half) or row.label not in {*_LABELS, "NOT_SUPPORTED"}:
            continue
        total += 1
        if limit and total > limit:
            break
        case = case_of(0, row.claim, row.evidence)
        found = tuple(j for checker in calculating for j in checker.check([case])[0].judgements)
        if found:
            spoken.append((row, found))
    changed = wins = losses = 0
    for row, found in spoken:
        case = case_of(0, row.claim, row.evidence)
        read_only = reader.check([case])[0].judgements
        before = decide(case, read_only).probabilities.label
        after = decide(case, (*read_only, *found)).probabilities.label
        changed += before is not after
        better, worse = is_right(after, row.label), is_right(before, row.label)
        wins += better and not worse
        losses += worse and not better
        if worse and not better and losses <= show:
            print(f"{path.name} lost: {row.label} {before}→{after}: {row.claim} | {found[0].reason}", file=sys.stderr)
    return {
        "rows": total, "spoken": len(spoken), "changed": changed, "better": wins, "worse": losses,
        "p": round(sign_test(wins, losses), 4),
    }  # fmt: skip


def main() -> None:
    """Parse the command line, compare, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="+", help="labelled sets")
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd", help="which half, by SHA-1")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="read at most N rows of each set (0: all)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print up to N pairs that got worse")
    parser.add_argument("--model", default="embedded", help="the model that reads, as in `factcheck score --model`")
    arguments = parser.parse_args()
    reader = EntailmentChecker(load_entailment(arguments.model))
    for path in arguments.rows:
        print(json.dumps({"set": path.name.removesuffix(".jsonl.gz"), "half": arguments.half} | measure(
            path, arguments.half, arguments.limit, arguments.show, reader)))  # fmt: skip


if __name__ == "__main__":
    main()
