"""Fit `factcheck/models/agreement.json` on half of the rows of labelled sets, and report on the other half.

    python scripts/fit_agreement.py ROWS.jsonl.gz … [--rows-per-set 300] [--write]

Rows are `{claim, evidence, label}`; those that the reader reads whole are used. A row belongs to the fitted half if the
SHA-1 of its claim is even; of a set whose rows are all even, the next bit decides. Every set weighs the same. A tenth
of the fitted rows is built: a sentence of the evidence as the claim, which the evidence supports by containing it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
from scipy.optimize import minimize

from factcheck.models.agreement import SIGNALS, signals
from factcheck.models.load import EMBEDDED
from factcheck.models.onnx import OnnxEntailment
from factcheck.text.sentences import split_sentences

LABELS = ("SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO")
PENALTY = 0.02


def half_of(claim: str, bit: int) -> int:
    """Return a bit of the claim's SHA-1."""
    return (hashlib.sha1(claim.encode(), usedforsecurity=False).digest()[-1] >> bit) & 1


def read(path: Path, limit: int, reader: OnnxEntailment) -> tuple[list[tuple[str, str, str]], list[int]]:
    """Return (evidence, claim, label) rows, at most `limit` a half, and their halves."""
    with gzip.open(path, "rb") as stream:
        rows = [orjson.loads(line) for line in stream]
    rows.sort(key=lambda r: hashlib.sha1((r["claim"] + r["evidence"]).encode(), usedforsecurity=False).digest())
    bit = 0 if len({half_of(r["claim"], 0) for r in rows}) == 2 else 1
    kept: list[tuple[str, str, str]] = []
    halves: list[int] = []
    for row in rows:
        half = half_of(row["claim"], bit)
        if (
            halves.count(half) < limit
            and sum(reader.count_tokens([row["evidence"], row["claim"]])) < reader.max_tokens - 8
        ):
            kept.append((row["evidence"], row["claim"], row["label"]))
            halves.append(half)
    return kept, halves


def contained(rows: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Build rows whose claim stands in the evidence."""
    built = []
    for evidence, _, _ in rows[::8]:
        sentences = [s.of(evidence) for s in split_sentences(evidence) if 30 < len(s) < 200 and len(evidence) < 600]
        if sentences:
            built.append((evidence, sentences[len(evidence) % len(sentences)], "SUPPORTS"))
    return built


def gold_mass(probabilities: npt.NDArray[np.float64], labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the probability of each gold label; of NOT_SUPPORTED both of the others together."""
    masks = np.array([[x == g or (g == "NOT_SUPPORTED" and x != "SUPPORTS") for x in LABELS] for g in labels])
    return np.asarray((probabilities * masks).sum(axis=1))


def softmax(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return rows that sum to 1."""
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exps / exps.sum(axis=1, keepdims=True))


def balanced(probabilities: npt.NDArray[np.float64], labels: Sequence[str]) -> float:
    """Return balanced accuracy over the labels that the set has, stances only where it has no third."""
    kinds = sorted(set(labels))
    said = []
    for row in probabilities:
        if "NOT_SUPPORTED" in kinds:
            said.append("SUPPORTS" if row.argmax() == 0 else "NOT_SUPPORTED")
        else:
            allowed = [i for i, name in enumerate(LABELS) if name in kinds]
            said.append(LABELS[max(allowed, key=lambda i: row[i])])
    return float(np.mean([np.mean([s == k for s, g in zip(said, labels, strict=True) if g == k]) for k in kinds]))


def main() -> int:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--rows-per-set", type=int, default=300)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    models = Path(__file__).parent.parent / "factcheck" / "models"
    reader = OnnxEntailment.load(models / "weights" / "verifier", threads=0)
    fitted: list[tuple[npt.NDArray[np.float64], list[str], float]] = []
    held: dict[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], list[str]]] = {}
    for path in args.sets:
        rows, halves = read(path, args.rows_per_set, reader)
        for half in (0, 1):
            part = [r for r, h in zip(rows, halves, strict=True) if h == half]
            part = part + contained(part) if half == 0 else part
            pairs = [(evidence, claim) for evidence, claim, _ in part]
            said = reader.score(pairs)
            features, gold = signals(pairs, said), [label for _, _, label in part]
            if half == 0:
                fitted.append((features, gold, 1.0 / len(part)))
            else:
                held[path.name.removesuffix(".jsonl.gz")] = (features, said.astype(np.float64), gold)
        print(f"{path.name}: {len(rows)} rows read", file=sys.stderr, flush=True)
    x = np.vstack([features for features, _, _ in fitted])
    labels = [label for _, part_labels, _ in fitted for label in part_labels]
    weight = np.concatenate([np.full(len(part_labels), share) for _, part_labels, share in fitted])
    weight /= weight.sum()
    start = np.zeros((3, len(SIGNALS)))
    start[:, :3] = np.eye(3)

    def loss(values: npt.NDArray[np.float64]) -> float:
        w = values.reshape(start.shape)
        mass = gold_mass(softmax(x @ w.T), labels)
        return float(-(weight * np.log(np.maximum(mass, 1e-9))).sum() + PENALTY * ((w - start) ** 2).sum())

    found = minimize(loss, start.ravel(), method="L-BFGS-B").x.reshape(start.shape)
    print(f"{'set (other half)':22} rows  reader: bal.acc, -log p   with agreement: bal.acc, -log p")
    for name, (features, scores, gold) in held.items():
        new = softmax(features @ found.T)
        before = -np.log(np.maximum(gold_mass(scores, gold), 1e-4)).mean()
        after = -np.log(np.maximum(gold_mass(new, gold), 1e-4)).mean()
        figures = f"{balanced(scores, gold):.3f} {before:.3f}   {balanced(new, gold):.3f} {after:.3f}"
        print(f"{name:22} {len(gold):4}  {figures}")
    if args.write:
        rows_of = dict(zip(("supported", "refuted", "not_enough_info"), np.round(found, 4).tolist(), strict=True))
        text = orjson.dumps(
            {"schema": "factcheck.agreement/1", "signals": SIGNALS, **rows_of}, option=orjson.OPT_INDENT_2
        )
        (models / "agreement.json").write_bytes(text + b"\n")
        print(f"written: {models / 'agreement.json'} (used by {EMBEDDED!r})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
