"""Fit `factcheck/verify/signs.json`: what the places of a claim's values make likely.

    python scripts/fit_signs.py PAIRS/train.jsonl.gz PAIRS/dev [--write]

Rows are `{claim, evidence, label, dataset}`. Only rows are used of which both claim and evidence have an even SHA-1, so
that odd halves by either may be reported. Rows labelled NOT_SUPPORTED count as NOT_ENOUGH_INFO. Mined rows weigh less,
because many of them are in truth settled by the sentence that was mined for them. Prints how the fitted half is judged,
five-fold: for each set the mean probabilities beside the shares of the labels, and how many rows are spoken against.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator, Mapping
from multiprocessing import Pool
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
from eval_swaps import Row, in_half, read
from scipy.optimize import minimize

from factcheck.types import Evidence
from factcheck.verify.absence import Absences
from factcheck.verify.asserted import polarity_of_claim
from factcheck.verify.readings import read_claim, read_evidence
from factcheck.verify.signs import Signs, Softmax, Weights
from factcheck.verify.value_judgements import SPOKEN

WEIGHT = {"fever": 1.0, "swap_number": 0.5, "fever_nei": 0.5, "fever_nearmiss": 0.33}
DEV = 1.0
NOT_FITTED = ("halueval_qa_sample",)  # its claims are phrases
PENALTY = 1.0
Matrix = npt.NDArray[np.float64]
Line = tuple[str, Row, str, Mapping[str, float]]


def rows(train: Path, dev: Path) -> Iterator[tuple[str, Row]]:
    """Yield (set, row) of the fitted half."""
    sets = [("", train), *((f"dev/{p.name.removesuffix('.jsonl.gz')}", p) for p in sorted(dev.glob("*.jsonl.gz")))]
    for name, path in sets:
        if name.removeprefix("dev/") in NOT_FITTED:
            continue
        for row in read(path):
            fitted = bool(name) or row.dataset in WEIGHT
            if fitted and in_half(row.evidence, "even") and in_half(row.claim, "even") and len(row.claim) <= 1000:
                yield name or row.dataset, row


def look(named: tuple[str, Row]) -> Line | None:
    """Return the features of a row; None where it has none."""
    name, row = named
    polarity = polarity_of_claim(row.claim)
    if polarity is None:
        return None
    claim, evidence = read_claim(row.claim), read_evidence(Evidence(id="e", text=row.evidence, source="pair"))
    signs = Signs(claim, evidence, Absences(claim, evidence), asserted=polarity.asserted, negated=polarity.negated)
    found = signs.features()
    return None if found is None else (name, row, found[0], found[1])


def fit(x: Matrix, y: npt.NDArray[np.int64], weight: Matrix) -> Matrix:
    """Fit a softmax with a penalty on scaled weights; returns (features, 2) log odds against the third class."""
    scale = np.maximum(x.std(0), 0.05)
    scale[x.std(0) < 1e-9] = 1.0
    z = x / scale
    gold = np.eye(3)[y]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        p = softmax(z, flat.reshape(-1, 2))
        value = -(weight * np.log(p[np.arange(len(y)), y] + 1e-12)).sum() + PENALTY * (flat**2).sum()
        slope = z.T @ ((p - gold) * weight[:, None])
        return float(value), (slope[:, :2] + 2 * PENALTY * flat.reshape(-1, 2)).ravel()

    found = minimize(loss, np.zeros(2 * x.shape[1]), jac=True, method="L-BFGS-B").x.reshape(-1, 2)
    return np.asarray(found / scale[:, None])


def softmax(x: Matrix, weights: Matrix) -> Matrix:
    """Return (rows, 3) probabilities."""
    logits = np.c_[x @ weights, np.zeros(len(x))]
    logits -= logits.max(1, keepdims=True)
    parts = np.exp(logits)
    return np.asarray(parts / parts.sum(1, keepdims=True))


def model_of(lines: list[Line], name: str) -> Softmax:
    """Fit one of the two models, and print how its rows are judged, five-fold."""
    lines = [line for line in lines if line[2] == name]
    names = sorted({feature for line in lines for feature in line[3]})
    x = np.array([[line[3].get(feature, 0.0) for feature in names] for line in lines])
    y = np.array([{"SUPPORTS": 0, "REFUTES": 1}.get(line[1].label, 2) for line in lines])
    weight = np.array([WEIGHT.get(line[0], DEV) for line in lines])
    sets = np.array([line[0] for line in lines])
    fold = np.array(
        [int(hashlib.sha1(line[1].evidence.encode(), usedforsecurity=False).hexdigest(), 16) // 2 % 5 for line in lines]
    )
    p = np.zeros((len(y), 3))
    for number in range(5):
        p[fold == number] = softmax(
            x[fold == number], fit(x[fold != number], y[fold != number], weight[fold != number])
        )
    print(f"{name}: {len(y)} rows")
    for kind in sorted(set(sets)):
        rows_ = sets == kind
        spoken = rows_ & (p[:, 1] >= SPOKEN) & (p[:, 1] > p[:, 0])
        shares = np.bincount(y[rows_], minlength=3) / rows_.sum()
        against = f"{int((spoken & (y == 1)).sum())} of {int(spoken.sum())} right"
        print(f"  {kind:24} {rows_.sum():5} said {p[rows_].mean(0).round(2)} are {shares.round(2)} against: {against}")
    found = fit(x, y, weight)
    supported, refuted = ({n: round(float(v), 4) for n, v in zip(names, found[:, k], strict=True)} for k in (0, 1))
    return Softmax(supported=supported, refuted=refuted)


def main() -> None:
    """Parse the command line, fit, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, help="training pairs")
    parser.add_argument("dev", type=Path, help="folder of development sets NAME.jsonl.gz")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    with Pool(2) as pool:
        found = pool.imap(look, rows(arguments.pairs, arguments.dev), chunksize=200)
        lines = [line for line in found if line is not None]
    fitted = Weights(
        schema="factcheck.signs/1", missing=model_of(lines, "missing"), complete=model_of(lines, "complete")
    )
    if arguments.write:
        text = msgspec.json.format(msgspec.json.encode(fitted), indent=2).decode()
        Path("factcheck/verify/signs.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
