"""Fit the weights of `factcheck.decide.combine` on half of the rows of labelled sets, and report on the other half.

    python scripts/fit_decision.py ROWS.jsonl.gz … [--rows-per-set 600] [--write]

Rows are `{claim, evidence, label}` with SUPPORTS, REFUTES, NOT_ENOUGH_INFO, or NOT_SUPPORTED where a set does not say
which of the last two. A row is fitted on if the SHA-1 of its claim is even, and reported on if it is odd. Each set
weighs the same. All weights but the biases are kept non-negative, which is what makes the model monotone.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import orjson
from scipy.optimize import minimize

from factcheck.assemble import Assembly
from factcheck.checker import case_of
from factcheck.config import load_settings
from factcheck.decide import Weights, combine, default_weights, is_exact, rule
from factcheck.train.rows import claim_half
from factcheck.types import Case, Judgement, Label, Stance

FITTED = ("entailment", "opposition", "symbol", "crowd_supported", "crowd_refuted", "bias_supported", "bias_refuted")
BOUNDS = ((0.05, 3.0), (0.0, 3.0), (0.0, 8.0), (0.0, 2.0), (0.0, 2.0), (-4.0, 4.0), (-4.0, 4.0))


@dataclass(frozen=True, slots=True)
class Row:
    """A judged pair: which set, its gold label, and everything that was said."""

    set: str
    even: bool
    gold: str
    case: Case
    judgements: tuple[Judgement, ...]


def read(path: Path, limit: int) -> list[tuple[str, str, str]]:
    """Return (claim, evidence, label) of at most `limit` rows, spread over the file by hash."""
    with gzip.open(path, "rb") as stream:
        rows = [orjson.loads(line) for line in stream]
    rows.sort(key=lambda r: hashlib.sha1((r["claim"] + r["evidence"]).encode()).digest())  # noqa: S324
    return [(r["claim"], r["evidence"], r["label"]) for r in rows[:limit]]


def judge(paths: Sequence[Path], limit: int, model: str) -> list[Row]:
    """Let every checker that needs no index judge the rows."""
    assembly = Assembly(load_settings(overrides={"models.entailment": model}), index=None, graph=None)
    judged = []
    for path in paths:
        rows = read(path, limit)
        cases = [case_of(n, claim, evidence) for n, (claim, evidence, _) in enumerate(rows)]
        said = [checker.check(cases) for checker in assembly.reading_checkers]
        for n, (claim, _, gold) in enumerate(rows):
            even = claim_half(claim) == 0
            judgements = tuple(j for column in said for j in column[n].judgements)
            judged.append(Row(path.name.removesuffix(".jsonl.gz"), even, gold, cases[n], judgements))
        print(f"{path.name}: {len(rows)} rows judged", file=sys.stderr, flush=True)
    return judged


def probability(row: Row, weights: Weights) -> float:
    """Return the probability that the model gives to the gold label."""
    p = combine(row.judgements, row.case.evidence, weights)
    return {
        "SUPPORTS": p.supported,
        "REFUTES": p.refuted,
        "NOT_ENOUGH_INFO": p.not_enough_info,
        "NOT_SUPPORTED": p.refuted + p.not_enough_info,
    }[row.gold]


def weights_of(values: Sequence[float]) -> Weights:
    """Return the weights that a vector stands for."""
    return Weights(
        schema=default_weights().schema, **{k: round(float(v), 4) for k, v in zip(FITTED, values, strict=True)}
    )


def fit(rows: Sequence[Row]) -> Weights:
    """Minimise the mean negative log likelihood over sets, each set and within it each label weighing the same."""
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        counts[row.set, row.gold] = counts.get((row.set, row.gold), 0) + 1
    shares = np.array([1.0 / counts[row.set, row.gold] for row in rows])
    shares /= shares.sum()

    def loss(values: npt.NDArray[np.float64]) -> float:
        weights = weights_of(values.tolist())
        return float(sum(s * -np.log(max(probability(r, weights), 1e-6)) for s, r in zip(shares, rows, strict=True)))

    start = np.array([getattr(default_weights(), name) for name in FITTED])
    found = minimize(loss, start, method="Powell", bounds=BOUNDS, options={"xtol": 1e-3, "ftol": 1e-4, "maxiter": 20})
    return weights_of(found.x)


def decided(row: Row, weights: Weights) -> Label:
    """Return the label of the whole decision, exact rules included, as `factcheck score` gives it."""
    probabilities = combine(row.judgements, row.case.evidence, weights)
    label, _, behind = rule(row.case, row.judgements, probabilities)
    if behind and label is not Label.CONFLICTING and is_exact(behind[0]):
        return behind[0].probabilities.label
    return probabilities.label


def measure(rows: Sequence[Row], weights: Weights) -> tuple[float, float]:
    """Return balanced accuracy (over the labels that the set has) and macro-F1."""
    binary = any(row.gold == "NOT_SUPPORTED" for row in rows)
    names = {Label.SUPPORTED: "SUPPORTS", Label.REFUTED: "REFUTES", Label.NOT_ENOUGH_INFO: "NOT_ENOUGH_INFO"}

    def fold(name: str) -> str:
        return name if not binary or name == "SUPPORTS" else "NOT_SUPPORTED"

    gold = [fold(row.gold) for row in rows]
    said = [fold(names[decided(row, weights)]) for row in rows]
    recalls, scores = [], []
    for label in sorted(set(gold)):
        hits = sum(g == s == label for g, s in zip(gold, said, strict=True))
        recall = hits / gold.count(label)
        precision = hits / max(said.count(label), 1)
        recalls.append(recall)
        scores.append(2 * precision * recall / (precision + recall) if hits else 0.0)
    return float(np.mean(recalls)), float(np.mean(scores))


def main() -> int:
    """Fit, report, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--rows-per-set", type=int, default=600)
    parser.add_argument("--model", default="embedded", help="which entailment model reads")
    parser.add_argument("--write", action="store_true", help="replace factcheck/decide.json")
    args = parser.parse_args()
    rows = judge(args.sets, args.rows_per_set, args.model)
    fitted = fit([row for row in rows if row.even])
    print(f"weights: {msgspec.json.encode(fitted).decode()}\n")
    print("odd half: balanced accuracy and macro-F1, before and after; exact refutations, and those that are right")
    for name in dict.fromkeys(row.set for row in rows):
        held = [row for row in rows if row.set == name and not row.even]
        before, after = measure(held, default_weights()), measure(held, fitted)
        exact = [r for r in held if any(is_exact(j) and j.stance is Stance.REFUTES for j in r.judgements)]
        right = sum(r.gold in ("REFUTES", "NOT_SUPPORTED") for r in exact)
        figures = f"{before[0]:.3f} {after[0]:.3f}   {before[1]:.3f} {after[1]:.3f}   {len(exact):4} {right:4}"
        print(f"{name:24} {len(held):5}   {figures}")
    if args.write:
        target = Path(__file__).parent.parent / "factcheck" / "decide.json"
        target.write_bytes(msgspec.json.encode(fitted) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
