"""Measure the quantity checker: swapped numbers against their originals, and what it says on development sets.

    python scripts/eval_swaps.py PAIRS/train.jsonl.gz [--dev PAIRS/dev] [--half odd|even|all] [--score] [--show N]

A row of PAIRS is `{claim, evidence, label, dataset}`. A row of dataset `swap_number` is a supported claim in which one
number was replaced; its originals are the supported rows with the same evidence whose claim differs from it in that
number alone. "Sure" are judgements that may decide by themselves (0.9 and above), "any" includes the signs below that.
Rows are split by the SHA-1 of their evidence; the rules were developed on the even half, so report the odd one. With
`--score` the same rows also go the whole road of `factcheck score`, the reading of the embedded model included, and the
labels at its end are counted; that model was trained on rows of the same file, whichever half.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from factcheck import FactChecker
from factcheck.decide import SURE
from factcheck.scoring import Score
from factcheck.types import Case, Claim, Evidence, Judgement, Span, Stance
from factcheck.verify.quantities import QuantityChecker

_NUMBER = re.compile(r"\d[\d,.]*(?:st|nd|rd|th)?", re.ASCII)
DEV_SETS = ("fever", "fm2", "climate_fever", "healthver", "wice")
_CHECKER = QuantityChecker()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A pair with its label."""

    claim: str
    evidence: str
    label: str
    dataset: str = ""


@dataclass(slots=True)
class Spoken:
    """How often the checker spoke with one stance, and how often the label agreed."""

    count: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = f"{self.right / self.count:.4f}" if self.count else "-"
        return f"{self.count} spoken, precision {share}"


def read(path: Path) -> Iterator[Row]:
    """Yield the rows of a JSON Lines file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Row(claim=row["claim"], evidence=row["evidence"], label=row["label"], dataset=row.get("dataset", ""))


def in_half(text: str, half: str) -> bool:
    """Say whether a text's SHA-1 is of the half that was asked for."""
    odd = int(hashlib.sha1(text.encode("utf-8"), usedforsecurity=False).hexdigest(), 16) % 2 == 1
    return half == "all" or odd is (half == "odd")


def judge(row: Row) -> tuple[Judgement, ...]:
    """Run the checker on one pair."""
    claim = Claim(id="c", text=row.claim, span=Span(start=0, end=len(row.claim)))
    case = Case(claim=claim, evidence=(Evidence(id="e", text=row.evidence, source="pair"),))
    return _CHECKER.check([case])[0].judgements


def refutations(judgements: Iterable[Judgement], least: float) -> list[Judgement]:
    """Return the judgements that refute with at least the given probability."""
    return [j for j in judgements if j.stance is Stance.REFUTES and j.probabilities.refuted >= least]


def original_of(swap: Row, candidates: list[Row]) -> Row | None:
    """Find the supported claim that differs from a swapped one in a number alone."""
    shape = _NUMBER.sub("#", swap.claim)
    return next((row for row in candidates if _NUMBER.sub("#", row.claim) == shape and row.claim != swap.claim), None)


def final_labels(rows: list[tuple[str, str]]) -> Counter[str]:
    """Count the labels that `factcheck score` gives pairs of claim and evidence."""
    checker = FactChecker.open()
    found: Counter[str] = Counter()
    for at in range(0, len(rows), 256):
        for scored in checker.score(rows[at : at + 256]):
            found[str(scored.label) if isinstance(scored, Score) else "FAILED"] += 1
        print(f"\r{min(at + 256, len(rows))}/{len(rows)}", end="", file=sys.stderr, flush=True)
    return found


def measure_swaps(path: Path, half: str, show: int, *, score: bool) -> dict[str, object]:
    """Measure swapped rows and their originals."""
    supported: dict[str, list[Row]] = defaultdict(list)
    swaps: list[Row] = []
    for row in read(path):
        if not in_half(row.evidence, half):
            continue
        if row.label == "SUPPORTS":
            supported[row.evidence].append(row)
        elif row.dataset == "swap_number":
            swaps.append(row)
    counts = dict.fromkeys(
        ("swaps", "swaps_refuted_sure", "swaps_refuted_any", "corrected", "restored", "restored_elsewhere"), 0
    )
    originals: set[tuple[str, str]] = set()
    for swap in swaps:
        counts["swaps"] += 1
        spoken = judge(swap)
        sure, likely = refutations(spoken, SURE), refutations(spoken, 0.0)
        counts["swaps_refuted_sure"] += bool(sure)
        counts["swaps_refuted_any"] += bool(likely)
        original = original_of(swap, supported[swap.evidence])
        if original is not None:
            originals.add((original.claim, original.evidence))
        corrections = [j.correction for j in likely if j.correction is not None]
        if corrections and original is not None:
            counts["corrected"] += 1
            text = corrections[0].apply(swap.claim)
            counts["restored"] += text == original.claim
            counts["restored_elsewhere"] += any(text == row.claim for row in supported[swap.evidence])
    false = {"originals": len(originals), "originals_refuted_sure": 0, "originals_refuted_any": 0}
    for claim, evidence in sorted(originals):
        row = Row(claim=claim, evidence=evidence, label="SUPPORTS")
        spoken = judge(row)
        false["originals_refuted_sure"] += bool(refutations(spoken, SURE))
        if refutations(spoken, 0.0):
            false["originals_refuted_any"] += 1
            if false["originals_refuted_any"] <= show:
                print(f"original refuted: {claim} | {evidence[:200]}", file=sys.stderr)
    found: dict[str, object] = {**counts, **false}
    if score:
        found["swaps_scored"] = final_labels([(swap.claim, swap.evidence) for swap in swaps])
        found["originals_scored"] = final_labels(sorted(originals))
    return found


def measure_set(path: Path, half: str, show: int) -> dict[str, object]:
    """Measure how often the checker speaks on a set, and how often it is right."""
    stances = {"refutes sure": Spoken(), "refutes any": Spoken(), "supports": Spoken()}
    rows = 0
    by_rule: dict[str, Spoken] = defaultdict(Spoken)
    for row in read(path):
        if not in_half(row.evidence, half):
            continue
        rows += 1
        spoken = judge(row)
        against, sure = refutations(spoken, 0.0), refutations(spoken, SURE)
        for name, said, right in (
            ("refutes any", against, row.label == "REFUTES"),
            ("refutes sure", sure, row.label == "REFUTES"),
            ("supports", [j for j in spoken if j.stance is Stance.SUPPORTS], row.label == "SUPPORTS"),
        ):
            if not said:
                continue
            stances[name].count += 1
            stances[name].right += right
            if not right and name != "refutes any":
                stances[name].wrong.append(f"{row.label}: {row.claim} | {said[0].reason}")
            if name != "refutes any":
                by_rule[f"{said[0].rule}"].count += 1
                by_rule[f"{said[0].rule}"].right += right
    for name, spoken_ in stances.items():
        for line in spoken_.wrong[:show]:
            print(f"{path.name} {name} wrong: {line}", file=sys.stderr)
    return {
        "rows": rows,
        **{name: str(s) for name, s in stances.items()},
        "rules": {rule: str(s) for rule, s in sorted(by_rule.items())},
    }


def main() -> None:
    """Parse the command line, measure, print JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, help="training pairs with rows of dataset swap_number")
    parser.add_argument("--dev", type=Path, help="folder with development sets NAME.jsonl.gz")
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd", help="which half, by SHA-1")
    parser.add_argument("--score", action="store_true", help="also count the labels of `factcheck score`; minutes")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print up to N wrong judgements of each kind")
    arguments = parser.parse_args()
    result: dict[str, object] = {"half": arguments.half}
    result["swap_number"] = measure_swaps(arguments.pairs, arguments.half, arguments.show, score=arguments.score)
    if arguments.dev is not None:
        for name in DEV_SETS:
            path = arguments.dev / f"{name}.jsonl.gz"
            if path.exists():
                result[name] = measure_set(path, arguments.half, arguments.show)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
