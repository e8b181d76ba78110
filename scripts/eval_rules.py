"""Measure what the checkers that calculate say, rule by rule: how often, and how often the labels agree.

    python scripts/eval_rules.py ROWS.jsonl.gz … [--dataset NAME …] [--half odd|even|all] [--show N]

Rows are `{claim, evidence, label, dataset}`; with `--dataset` only those rows of the files are read, and each data set
has figures of its own. No model reads. Halves are by the SHA-1 of the evidence; the rules were developed on the even
one. A label NOT_SUPPORTED is met by everything but SUPPORTS. What a rule says surely enough to decide by itself is
counted once more as "sure". Signs (`value_missing`, `values_stand`) decide nothing and are listed beside the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from eval_swaps import Row, Spoken, in_half, read

from factcheck.decide import is_exact
from factcheck.scoring import case_of
from factcheck.types import Stance
from factcheck.verify.polarity import PolarityChecker
from factcheck.verify.quantities import QuantityChecker

CHECKERS = (QuantityChecker(), PolarityChecker())


def is_right(stance: Stance, label: str) -> bool:
    """Say whether what was said agrees with the label that people gave."""
    if stance is Stance.SUPPORTS:
        return label == "SUPPORTS"
    return label == "REFUTES" or (label == "NOT_SUPPORTED" and stance is Stance.REFUTES)


def measure(rows: list[Row], show: int) -> dict[str, object]:
    """Let every checker judge every row."""
    found: dict[str, Spoken] = defaultdict(Spoken)
    silent = 0
    for row in rows:
        case = case_of(0, row.claim, row.evidence)
        said = [j for checker in CHECKERS for j in checker.check([case])[0].judgements]
        said = [j for j in said if j.stance is not Stance.NEUTRAL]
        silent += not said
        spoken_by = {f"{j.stance.value} {j.rule}": j for j in said}
        spoken_by |= {f"{j.stance.value} {j.rule} sure": j for j in said if is_exact(j)}
        for name, judgement in spoken_by.items():
            spoken = found[name]
            right = is_right(judgement.stance, row.label)
            spoken.count += 1
            spoken.right += right
            if not right and len(spoken.wrong) < show:
                spoken.wrong.append(f"{name} but {row.label}: {row.claim} | {row.evidence[:300]} | {judgement.reason}")
    for spoken in found.values():
        for line in spoken.wrong:
            print(line, file=sys.stderr)
    return {"rows": len(rows), "silent": silent, **{name: str(spoken) for name, spoken in sorted(found.items())}}


def main() -> None:
    """Parse the command line, measure, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path, nargs="+", help="labelled sets")
    parser.add_argument("--dataset", action="append", default=[], metavar="NAME", help="only rows of this data set")
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd", help="which half, by SHA-1")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print up to N wrong judgements a rule")
    arguments = parser.parse_args()
    for path in arguments.rows:
        sets: dict[str, list[Row]] = defaultdict(list)
        for row in read(path):
            if in_half(row.evidence, arguments.half) and (not arguments.dataset or row.dataset in arguments.dataset):
                sets[row.dataset if arguments.dataset else path.name.removesuffix(".jsonl.gz")].append(row)
        for name, rows in sorted(sets.items()):
            print(json.dumps({"set": name, "half": arguments.half} | measure(rows, arguments.show)))


if __name__ == "__main__":
    main()
