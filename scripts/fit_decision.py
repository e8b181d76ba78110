"""Fit the weights of `factcheck.decide.combine` on half of the rows of labelled sets, and report on the other half.

    python scripts/fit_decision.py DEV/*.jsonl.gz RETRIEVED.jsonl … --trained fm2,wice,… [--rows-per-set 200] [--write]
    python scripts/fit_decision.py … --vary bias_refuted

What ships is fitted on sets alone whose licence allows it. `--vary` fits nothing: it prints, for each value of one
weight and on the rows that would be fitted on, the mean figure and what the value does to refutations.

Rows are `{claim, evidence, label}`; evidence that is a list is taken for passages in the order in which they were found
(`scripts/build_retrieved.py`); of such sets the rows that the evidence settles count once more by themselves. The even
half of the claims, by SHA-1, is fitted on; the odd half is reported.

First the weights that can change a label: each in turn takes the value of a small grid that makes the mean of the sets'
figures largest (accuracy, balanced accuracy or macro-F1, as `factcheck eval pairs` chooses), starting from those that
ship; a value has to gain a tenth of a point to be taken. Likelihood is a bad guide there: it prefers the silence that
many sets reward. Then the two temperatures, which change none, by the mean −log p; each set and label weighs the same.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from factcheck.assemble import Assembly
from factcheck.config import load_settings
from factcheck.decide import Weights, combine, decide, default_weights
from factcheck.errors import FactCheckError
from factcheck.evaluation.pairs import Half, Kind, Pair, PairSet, read_set
from factcheck.scoring import case_of
from factcheck.types import Case, Judgement, Label

_GRID: Mapping[str, tuple[float, ...]] = {
    "opposition": (0.0, 0.1, 0.25, 0.5, 0.75, 1.0),
    "symbol": (1.0, 2.0, 3.0, 4.0),
    "sign": (0.0, 0.25, 0.5, 0.75, 1.0),
    "rank": (0.0, 0.15, 0.3, 0.5, 0.75, 1.0, 1.5),
    "crowd_supported": (0.0, 0.15, 0.3, 0.5, 0.75),
    "crowd_refuted": (0.0, 0.2, 0.4, 0.6, 0.9, 1.2),
    "bias_supported": (-0.5, -0.25, 0.0, 0.25, 0.5),
    "bias_refuted": (-0.75, -0.5, -0.25, 0.0, 0.25),
}
_SCALES = tuple(round(0.1 * n, 1) for n in range(1, 16))
_LEAST_GAIN = 0.001
_ROUNDS = 3
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and everything that was said of it."""

    gold: int
    case: Case
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Halves:
    """A set of rows: those that are fitted on, and those that are reported."""

    kind: Kind
    fitted: tuple[Judged, ...]
    reported: tuple[Judged, ...]


def judge(assembly: Assembly, rows: Sequence[Pair]) -> Iterator[Judged]:
    """Let every checker that needs no index judge the rows."""
    for at in range(0, len(rows), _BATCH):
        some = rows[at : at + _BATCH]
        cases = [in_order(case_of(n, row.claim, row.evidence)) for n, row in enumerate(some)]
        said = [checker.check(cases) for checker in assembly.reading_checkers]
        for n, row in enumerate(some):
            yield Judged(row.gold, cases[n], tuple(j for column in said for j in column[n].judgements))


def in_order(case: Case) -> Case:
    """Give evidence the scores of a search that found it in this order."""
    return replace(case, evidence=tuple(replace(e, score=1.0 / (1 + n)) for n, e in enumerate(case.evidence)))


def unseen(claim: str) -> bool:
    """Say whether `scripts/build_pairs.py --development` leaves a claim of the even half to be tuned on."""
    return hashlib.sha1(claim.encode("utf-8", "replace"), usedforsecurity=False).digest()[-1] & 6 == 0


def figure(kind: Kind, rows: Sequence[Judged], weights: Weights) -> float:
    """Return a set's figure for the whole decision, exact rules included."""
    places = {Label.SUPPORTED: 0, Label.REFUTED: 1, Label.NOT_ENOUGH_INFO: 2}
    hits: dict[int, int] = {}
    said: dict[int, int] = {}
    gold: dict[int, int] = {}
    for row in rows:
        p = decide(row.case, row.judgements, weights=weights).probabilities
        label, true = places[p.label], row.gold
        if kind is Kind.TWO_STANCES:
            label = 0 if p.supported >= p.refuted else 1
        elif kind is Kind.SUPPORT:
            label, true = min(label, 1), min(true, 1)
        gold[true] = gold.get(true, 0) + 1
        said[label] = said.get(label, 0) + 1
        hits[true] = hits.get(true, 0) + (label == true)
    if kind is Kind.TWO_STANCES:
        return sum(hits.values()) / len(rows)
    if kind is Kind.SUPPORT:
        return sum(hits[name] / gold[name] for name in gold) / len(gold)
    return sum(2 * hits[name] / (gold[name] + said.get(name, 0)) for name in gold) / len(gold)


def mean_figure(sets: Mapping[str, Halves], weights: Weights) -> float:
    """Return the mean of the sets' figures on the rows that are fitted on."""
    return sum(figure(found.kind, found.fitted, weights) for found in sets.values()) / len(sets)


def mean_loss(rows_of: Sequence[Sequence[Judged]], weights: Weights) -> float:
    """Return the mean −log p of the true label; each set, and within it each label, weighs the same."""
    losses = []
    for rows in rows_of:
        by_label: dict[int, list[float]] = {}
        for row in rows:
            p = combine(row.judgements, row.case.evidence, weights)
            chance = (p.supported, p.refuted, p.not_enough_info, 1.0 - p.supported)[row.gold]
            by_label.setdefault(row.gold, []).append(-math.log(max(chance, 1e-4)))
        losses.append(sum(sum(each) / len(each) for each in by_label.values()) / len(by_label))
    return sum(losses) / len(losses)


def fit_labels(sets: Mapping[str, Halves], weights: Weights) -> Weights:
    """Walk over the grid, one weight after the other."""
    best, top = weights, mean_figure(sets, weights)
    for _ in range(_ROUNDS):
        before = best
        for name, values in _GRID.items():
            for value in values:
                tried = msgspec.structs.replace(best, **{name: value})
                if tried != best and (reached := mean_figure(sets, tried)) >= top + _LEAST_GAIN:
                    best, top = tried, reached
            print(f"{name} {getattr(best, name)}: {top:.4f}", file=sys.stderr, flush=True)
        if best == before:
            break
    return best


def fit_scales(sets: Mapping[str, Halves], weights: Weights) -> Weights:
    """Set the temperatures of one piece of evidence and of several."""
    for name, several in (("scale_one", False), ("scale_many", True)):
        rows = [[r for r in found.fitted if (len(r.case.evidence) > 1) is several] for found in sets.values()]
        if kept := [each for each in rows if each]:
            tried = [msgspec.structs.replace(weights, **{name: scale}) for scale in _SCALES]
            weights = min(tried, key=lambda one: mean_loss(kept, one))
    return weights


def main() -> int:
    """Fit, report, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument(
        "--trained", default="", metavar="SETS", help="names, by comma: rows that training saw are left"
    )
    parser.add_argument("--rows-per-set", type=int, default=200, help="of each half (default 200)")
    parser.add_argument("--model", default="embedded", help="which entailment model reads")
    parser.add_argument("--vary", choices=sorted(_GRID), help="show what the values of a weight do, and fit nothing")
    parser.add_argument("--write", action="store_true", help="replace factcheck/decide/weights.json")
    args = parser.parse_args()
    trained = set(filter(None, args.trained.split(",")))
    try:
        assembly = Assembly(load_settings(overrides={"models.entailment": args.model}), index=None, graph=None)
        sets: dict[str, Halves] = {}
        for path in args.sets:
            given = read_set(path, Half.EVEN)
            found = judged(assembly, given, args.rows_per_set, only_unseen=given.name in trained)
            sets[given.name] = found
            if found.kind is Kind.THREE_WAY and any(len(row.case.evidence) > 1 for row in found.fitted):
                sets[f"{given.name}, answered"] = answered(found)
            print(f"{given.name}: judged", file=sys.stderr, flush=True)
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    if args.vary:
        show_values(sets, args.vary)
        return 0
    fitted = fit_scales(sets, fit_labels(sets, default_weights()))
    print(f"weights: {msgspec.json.encode(fitted).decode()}\n")
    print("| set | fitted on | before | after | reported on | before | after |\n|---|---|---|---|---|---|---|")
    for name, found in sets.items():
        cells = []
        for rows in (found.fitted, found.reported):
            before, after = (figure(found.kind, rows, weights) for weights in (default_weights(), fitted))
            cells.append(f"{len(rows)} | {before:.3f} | {after:.3f}")
        print(f"| {name} | {' | '.join(cells)} |")
    for half in ("fitted", "reported"):
        rows_of = [getattr(found, half) for found in sets.values()]
        before, after = mean_loss(rows_of, default_weights()), mean_loss(rows_of, fitted)
        print(f"mean −log p, {half}: {before:.3f}, {after:.3f}")
    if args.write:
        target = Path(__file__).parent.parent / "factcheck" / "decide" / "weights.json"
        target.write_bytes(msgspec.json.encode(fitted) + b"\n")
    return 0


def show_values(sets: Mapping[str, Halves], name: str) -> None:
    """Print what each value of a weight does on the rows that are fitted on, the others being those that ship."""
    print(f"| `{name}` | mean figure | supported claims called REFUTED | refuted claims found |\n|---|---|---|---|")
    for value in sorted({*_GRID[name], getattr(default_weights(), name)}):
        weights = msgspec.structs.replace(default_weights(), **{name: value})
        wrong: list[float] = []
        found: list[float] = []
        for one in sets.values():
            refuted = [
                (row.gold, decide(row.case, row.judgements, weights=weights).probabilities.label is Label.REFUTED)
                for row in one.fitted
            ]
            for gold, shares in ((0, wrong), (1, found)):
                if said := [each for true, each in refuted if true == gold]:
                    shares.append(sum(said) / len(said))
        cells = [mean_figure(sets, weights), sum(wrong) / len(wrong), sum(found) / len(found)]
        print(f"| {value} | {' | '.join(f'{cell:.3f}' for cell in cells)} |")


def answered(found: Halves) -> Halves:
    """Leave the rows that the evidence settles: a decision that is silent about them must not look good."""
    fitted, reported = (tuple(row for row in rows if row.gold < 2) for rows in (found.fitted, found.reported))
    return Halves(found.kind, fitted, reported)


def judged(assembly: Assembly, found: PairSet, limit: int, *, only_unseen: bool) -> Halves:
    """Judge the rows of a set, of the even half those alone that no training saw."""
    even = [row for row in found.rows if not only_unseen or unseen(row.claim)]
    halves = [
        sorted(rows, key=lambda row: hashlib.sha1(repr((row.claim, row.evidence)).encode()).digest())[:limit]  # noqa: S324
        for rows in (even, found.other)
    ]
    fitted, reported = (tuple(judge(assembly, rows)) for rows in halves)
    return Halves(found.kind, fitted, reported)


if __name__ == "__main__":
    sys.exit(main())
