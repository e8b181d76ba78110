"""Learn which value of the evidence corrects a claim: the weights of `factcheck/revise/substitute.json`.

    python scripts/fit_substitution.py PAIRS/dev/{fever,fm2,wice}.jsonl.gz [--claims 400] [--out FILE]

A supported claim in which a name or number that its evidence has is exchanged: a name for one with as many words of
another claim, a number for one that is a little larger. The claim is judged as `score` does; where it is refuted and no
rule has a correction, each value of one sort in a sentence of the evidence that speaks of the claim is a candidate, and
the right one restores the claim to the byte. One softmax over the candidates and none; claims are halved by the SHA-1
of their text. Learned on the even half (five folds are printed), reported on the odd one.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from factcheck import FactChecker
from factcheck.revise.substitute import LIKELY, candidate_signals, default_weights, tried
from factcheck.scoring import case_of
from factcheck.text.dates import find_dates
from factcheck.text.names import find_names
from factcheck.text.quantities import QuantityKind, find_quantities
from factcheck.types import CheckedClaim, Label, Span

PENALTY = 1e-2
FOLDS = 5
THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)
FIRST_READ = 0.9
"""What the model had to read of a candidate before there were weights; for comparison."""

Swapped = tuple[str, str, list[str]]
"""The claim as it was, with something else in one place, and its evidence."""
Example = tuple[list[dict[str, float]], np.ndarray, list[float]]
"""Signals of the candidates, which of them are right, and what the model reads with each."""


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, nargs="+", help="labelled pairs, JSONL, gzipped")
    parser.add_argument("--claims", type=int, default=400, help="of each half")
    parser.add_argument("--out", type=Path, help="where the weights go")
    args = parser.parse_args()
    checker = FactChecker.open()
    halves = {odd: _examples(checker, list(_swapped(args.pairs, args.claims, odd=odd))) for odd in (False, True)}
    names = list(halves[False][0][0][0])
    even = [_matrix(example, names) for example in halves[False]]
    folds = []
    for fold in range(FOLDS):
        weights = _solve([e for i, e in enumerate(even) if i % FOLDS != fold])
        folds += [_best(e, weights) for e in even[fold::FOLDS]]
    weights = _solve(even)
    odd_half = [_best(_matrix(example, names), weights) for example in halves[True]]
    for half, scored in (("even, folds", folds), ("odd", odd_half)):
        for threshold in THRESHOLDS:
            taken = [right for share, right in scored if share >= threshold]
            print(json.dumps({"half": half, "refuted": len(scored), "from": threshold, **_counted(taken)}))
    shipped = np.array([default_weights()[name] for name in names])
    for half, examples in (("even", halves[False]), ("odd", halves[True])):
        scored = [_best(_matrix(example, names), shipped) for example in examples]
        taken = [right for share, right in scored if share >= LIKELY]
        print(json.dumps({"half": half, "by the shipped weights, from": LIKELY, **_counted(taken)}))
        taken = [bool(y[int(np.argmax(p))]) for _, y, p in examples if max(p) >= FIRST_READ]
        print(json.dumps({"half": half, "by reading alone, from": FIRST_READ, **_counted(taken)}))
    if args.out is not None:
        table = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
        document = {"schema": "factcheck.substitution/1", "weights": table}
        args.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


def _counted(taken: Sequence[bool]) -> dict[str, int]:
    return {"right": sum(taken), "wrong": len(taken) - sum(taken)}


def _swapped(paths: Sequence[Path], wanted: int, *, odd: bool) -> Iterator[Swapped]:
    rows: list[tuple[int, str, list[str]]] = []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                key = int(hashlib.sha1(row["claim"].encode(), usedforsecurity=False).hexdigest(), 16)
                if row["label"] in ("SUPPORTS", "SUPPORTED") and (key % 2 == 1) is odd:
                    evidence = row["evidence"]
                    rows.append((key, row["claim"], evidence if isinstance(evidence, list) else [evidence]))
    rows.sort()
    chance = random.Random(1)  # noqa: S311 - a sample, no secret
    others = [name.span.of(claim) for _, claim, _ in rows[:3000] for name in find_names(claim)]
    count = 0
    for _, claim, evidence in rows:
        told = " ".join(evidence)
        places = [n.span for n in find_names(claim) if n.span.start > 0 and n.span.of(claim) in told]
        places += [place for place in _numbers(claim) if place.of(claim) in told]
        if not places:
            continue
        place = chance.choice(places)
        there = place.of(claim)
        if there.replace(",", "").isdigit():
            value = str(int(there.replace(",", "")) + chance.choice([1, 2, 3, 5, 7, 11]))
        else:
            size = len(there.split())
            pool = [o for o in others if len(o.split()) == size and o != there and o not in told and o not in claim]
            if not pool:
                continue
            value = chance.choice(pool)
        yield claim, claim[: place.start] + value + claim[place.end :], evidence
        count += 1
        if count == wanted:
            return


def _numbers(claim: str) -> Iterator[Span]:
    for quantity in find_quantities(claim, find_dates(claim)):
        span = Span(start=quantity.number.start, end=quantity.number.end)
        measured = quantity.kind is QuantityKind.COUNT or quantity.unit is not None
        if measured and span.of(claim).replace(",", "").isdigit():
            yield span


def _examples(checker: FactChecker, swapped: Sequence[Swapped]) -> list[Example]:
    reader = checker._parts.entailment
    cases = [case_of(number, false, evidence) for number, (_, false, evidence) in enumerate(swapped)]
    found = []
    for (claim, false, _), result in zip(swapped, checker._parts.pipeline(context=()).check_cases(cases), strict=True):
        if not isinstance(result, CheckedClaim) or result.verdict.label is not Label.REFUTED:
            continue
        premise, candidates = tried(result, reader)
        if candidates and result.verdict.correction is None:
            supported = reader.score([(premise, c.apply(false)) for c in candidates])[:, 0].tolist()
            right = np.array([c.apply(false) == claim for c in candidates])
            found.append((candidate_signals(false, premise, candidates, supported), right, supported))
    return found


def _matrix(example: Example, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([[row[name] for name in names] for row in example[0]]), example[1]


def _best(example: tuple[np.ndarray, np.ndarray], weights: np.ndarray) -> tuple[float, bool]:
    shares = _softmax(example[0] @ weights)[:-1]
    best = int(shares.argmax())
    return float(shares[best]), bool(example[1][best])


def _softmax(scores: np.ndarray) -> np.ndarray:
    with_none = np.append(scores, 0.0)
    odds = np.exp(with_none - with_none.max())
    return np.asarray(odds / odds.sum())


def _solve(examples: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    from scipy.optimize import minimize

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = 0.0, np.zeros_like(w)
        for signals, right in examples:
            shares = _softmax(signals @ w)
            wanted = np.append(right.astype(float), float(not right.any()))
            wanted /= wanted.sum()
            value -= float(wanted @ np.log(shares + 1e-12))
            gradient += signals.T @ (shares - wanted)[:-1]
        n = len(examples)
        return value / n + PENALTY * float(w @ w), gradient / n + 2 * PENALTY * w

    start = np.zeros(examples[0][0].shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


if __name__ == "__main__":
    sys.exit(main())
