"""Fit `factcheck/verify/absence.json`: when a number in the place of the claim's contradicts it.

    python scripts/fit_absence.py PAIRS/train.jsonl.gz PAIRS/dev [--write]

Rows are `{claim, evidence, label, dataset}`. Only rows whose evidence has an even SHA-1 are used, so that
`scripts/eval_swaps.py --half odd` reports rows that nothing was fitted on. Of the training pairs those of `fever`,
`swap_number`, `fever_nei` and `fever_nearmiss` are read; the last two at a third of the weight, because many of their
rows are in truth settled by the sentence that was mined for them. Prints how the fitted half is judged, five-fold.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from eval_swaps import Row, in_half, read
from scipy.optimize import minimize

from factcheck.types import Evidence
from factcheck.verify.absence import Absences, Weights
from factcheck.verify.asserted import is_asserted
from factcheck.verify.matching import checkable, named
from factcheck.verify.readings import read_claim, read_evidence

TRAIN = {"fever": 1.0, "swap_number": 0.5, "fever_nei": 0.33, "fever_nearmiss": 0.33}
DEV = {"fever": 1.0, "fm2": 1.0, "climate_fever": 1.0, "healthver": 1.0, "wice": 2.0}
PENALTY = 0.3
NEVER_LESS = ("subject_whole", "subject_surname", "subject_anaphor", "names_near", "words_complete", "words_near",
              "before", "after", "anchor", "life", "same_grain", "noun", "contrast")  # fmt: skip
NEVER_MORE = ("subject_foreign", "subject_missing", "names_missing", "words_missing", "words_away", "life_apart",
              "other_differs", "time_apart", "bound")  # fmt: skip
THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.93, 0.95, 0.97)


def rows(train: Path, dev: Path) -> Iterator[tuple[str, float, Row]]:
    """Yield (set, weight, row) of the fitted half."""
    for row in read(train):
        if row.dataset in TRAIN:
            yield row.dataset, TRAIN[row.dataset], row
    for name, weight in DEV.items():
        for row in read(dev / f"{name}.jsonl.gz"):
            yield f"dev/{name}", weight, row


def measure(
    train: Path, dev: Path, share: int
) -> tuple[list[str], npt.NDArray[np.float64], list[tuple[str, float, Row]]]:
    """Return the features' names, their matrix, and (set, weight, row) of each line."""
    names: list[str] = []
    lines: list[list[float]] = []
    kept: list[tuple[str, float, Row]] = []
    for name, weight, row in rows(train, dev):
        digest = int(hashlib.sha1(row.claim.encode(), usedforsecurity=False).hexdigest(), 16) // 2
        if not in_half(row.evidence, "even") or digest % share or len(row.claim) > 1000:
            continue
        claim = read_claim(row.claim)
        items = [*checkable(claim), *named(claim)]
        if not items or not is_asserted(row.claim):
            continue
        absences = Absences(claim, read_evidence(Evidence(id="e", text=row.evidence, source="pair")))
        for placed in items:
            found = absences.features(placed)
            if found is not None:
                names = list(found)
                lines.append(list(found.values()))
                kept.append((name, weight, row))
    return names, np.array(lines), kept


def bounds(names: list[str]) -> list[tuple[float | None, float | None]]:
    """Hold signs to what they mean: more of the claim in the evidence never speaks against a difference."""
    return [(None, None)] + [
        (0.0, None) if name in NEVER_LESS else (None, 0.0) if name in NEVER_MORE else (None, None) for name in names
    ]


def fit(
    names: list[str], x: npt.NDArray[np.float64], y: npt.NDArray[np.bool_], weight: npt.NDArray[np.float64]
) -> tuple[float, npt.NDArray[np.float64]]:
    """Fit a logistic model with a penalty on standardised weights; return bias and weights for raw features."""
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    z = (x - mean) / deviation
    sign = np.where(y, 1.0, -1.0)

    def loss(parameters: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margin = sign * (z @ parameters[1:] + parameters[0])
        slope = -weight * sign / (1 + np.exp(margin))
        value = float((weight * np.logaddexp(0, -margin)).sum() + PENALTY * (parameters[1:] ** 2).sum())
        return value, np.concatenate([[slope.sum()], z.T @ slope + 2 * PENALTY * parameters[1:]])

    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds(names)).x
    raw = found[1:] / deviation
    return float(found[0] - (raw * mean).sum()), raw


def main() -> None:
    """Parse the command line, fit, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, help="training pairs")
    parser.add_argument("dev", type=Path, help="folder of development sets NAME.jsonl.gz")
    parser.add_argument("--share", type=int, default=1, metavar="N", help="use one claim of N (default: all)")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    names, x, kept = measure(arguments.pairs, arguments.dev, arguments.share)
    y = np.array([row.label == "REFUTES" for _, _, row in kept])
    weight = np.array([w for _, w, _ in kept])
    sets = np.array([name for name, _, _ in kept])
    fold = np.array(
        [int(hashlib.sha1(r.evidence.encode(), usedforsecurity=False).hexdigest(), 16) // 2 % 5 for *_, r in kept]
    )
    p = np.zeros(len(y))
    for number in range(5):
        bias, weights = fit(names, x[fold != number], y[fold != number], weight[fold != number])
        p[fold == number] = 1 / (1 + np.exp(-(x[fold == number] @ weights + bias)))
    for threshold in THRESHOLDS:
        line: dict[str, str] = defaultdict(str)
        for name in sorted(set(sets)):
            said = (sets == name) & (p >= threshold)
            line[name] = f"{int((said & y).sum())}/{int(said.sum())}"
        print(threshold, dict(line), f"of {int((sets == 'swap_number').sum())} swaps")
    bias, weights = fit(names, x, y, weight)
    fitted = Weights(
        schema="factcheck.absence/1",
        bias=round(bias, 4),
        weights={name: round(float(value), 4) for name, value in zip(names, weights, strict=True)},
    )
    text = msgspec.json.format(msgspec.json.encode(fitted), indent=2).decode()
    print(text)
    if arguments.write:
        Path("factcheck/verify/absence.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
