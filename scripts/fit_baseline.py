"""Fit the baseline's weights on one half of labelled pairs and measure them on the other.

    python scripts/fit_baseline.py PAIRS.jsonl.gz... --write factcheck/models/baseline.json

Rows are `{claim, evidence, label}`; a claim whose SHA-1 is even is fitted on, an odd one is measured. A label
NOT_SUPPORTED counts through the sum of REFUTED and NOT_ENOUGH_INFO. Files after `--measure-only` are not fitted on. Of
long evidence the window of sentences with the most words of the claim is read. Each file also gives rows that pair a
claim with the evidence of the next, as NOT_ENOUGH_INFO, since most of what a retriever finds is about something else.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.models import load_encoder
from factcheck.models.baseline import FEATURES, agreement
from factcheck.text.sentences import split_sentences
from factcheck.text.tokens import tokenize

LABELS = ("SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO", "NOT_SUPPORTED")
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def even(claim: str) -> bool:
    """Say whether the SHA-1 of the claim is an even number."""
    return hashlib.sha1(claim.encode(), usedforsecurity=False).digest()[-1] % 2 == 0


def window(evidence: str, claim: str, limit: int) -> str:
    """Return the run of whole sentences, up to `limit` tokens, that has the most words of the claim."""
    need = set(tokenize(claim))
    sentences = [span.of(evidence) for span in split_sentences(evidence)]
    best, most = "", -1
    for start in range(len(sentences)):
        words: list[str] = []
        end = start
        while end < len(sentences) and len(words) + len(more := tokenize(sentences[end])) <= limit:
            words.extend(more)
            end += 1
        if (shared := len(need.intersection(words))) > most:
            best, most = " ".join(sentences[start:end]), shared
    return best


def read(path: Path, limit: int) -> list[dict[str, Any]]:
    """Read rows, at most `limit` of each label, the first ones by SHA-1."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows.sort(key=lambda row: hashlib.sha1(row["claim"].encode(), usedforsecurity=False).digest())
    kept, counts = [], dict.fromkeys(LABELS, 0)
    for row in rows:
        if counts[row["label"]] < limit:
            counts[row["label"]] += 1
            kept.append(row)
    moved = [row["evidence"] for row in kept[1:]]
    strangers = [
        row | {"evidence": other, "label": "NOT_ENOUGH_INFO", "stranger": True}
        for row, other in zip(kept, moved, strict=False)
        if other != row["evidence"]
    ]
    return kept + strangers[: limit // 2]


def fit(features: Floats, labels: Ints, weights: Floats, *, penalty: float = 1e-3, steps: int = 3000) -> Floats:
    """Minimise the weighted log loss with an L2 penalty, by gradient descent with momentum."""
    w, velocity = np.zeros((3, features.shape[1])), np.zeros((3, features.shape[1]))
    allowed = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1]], dtype=np.float64)[labels]
    for _ in range(steps):
        p = probabilities(features, w)
        target = p * allowed
        target /= target.sum(axis=1, keepdims=True)
        gradient = ((p - target) * weights[:, None]).T @ features / weights.sum() + penalty * w
        velocity = 0.9 * velocity - 0.5 * gradient
        w = w + velocity
    return w


def probabilities(features: Floats, w: Floats) -> Floats:
    """Softmax of the weighted features."""
    logits = features @ w.T
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exps / exps.sum(axis=1, keepdims=True))


def report(name: str, labels: Ints, p: Floats) -> None:
    """Print for each label that occurs which share of its rows is called supported, refuted, not enough information."""
    for label in sorted(set(labels.tolist())):
        called = p[labels == label].argmax(axis=1)
        shares = " ".join(f"{np.mean(called == column):.2f}" for column in range(3))
        print(f"{name:28s} {LABELS[label]:16s} rows {len(called):4d}  S R N {shares}")


def main() -> int:
    """Fit, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--measure-only", nargs="*", type=Path, default=[])
    parser.add_argument("--rows", type=int, default=300, help="of each label of each file")
    parser.add_argument("--caution", type=float, default=2.0, help="weight of rows that settle nothing")
    parser.add_argument("--refutation", type=float, default=0.5, help="weight of rows that refute")
    parser.add_argument("--write", type=Path, help="where to put the weights")
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    encoder = load_encoder("embedded", arguments.threads)
    x_parts, y_parts, w_parts, held_out = [], [], [], []
    for path in [*arguments.files, *arguments.measure_only]:
        rows = read(path, arguments.rows)
        claims = [" ".join(row["claim"].split()[:100]) for row in rows]
        room = [240 - len(tokenize(claim)) for claim in claims]
        pairs = [(window(r["evidence"], c, n), c) for r, c, n in zip(rows, claims, room, strict=True)]
        x = agreement(pairs, encoder)
        y = np.array([LABELS.index(row["label"]) for row in rows], dtype=np.int64)
        fitted_on = np.array([even(row["claim"]) for row in rows]) & (path in arguments.files)
        odd = ~np.array([even(row["claim"]) for row in rows])
        stranger = np.array([row.get("stranger", False) for row in rows])
        held_out.append((path.name.split(".")[0], x, y, odd & ~stranger))
        held_out.append((path.name.split(".")[0] + ", strangers", x, y, odd & stranger))
        # Every label of every file weighs the same, but for caution: a false "refuted" deletes what was right.
        weigh = {1: arguments.refutation, 2: arguments.caution}
        share = np.array([weigh.get(int(label), 1.0) / np.sum(y == label) for label in y])
        x_parts.append(x[fitted_on])
        y_parts.append(y[fitted_on])
        w_parts.append(share[fitted_on])
        print(f"{path.name}: {len(rows)} rows", file=sys.stderr)
    w = fit(np.concatenate(x_parts), np.concatenate(y_parts), np.concatenate(w_parts))
    for name, x, y, odd in held_out:
        report(name, y[odd], probabilities(x[odd], w))
    if arguments.write:
        names = ("supported", "refuted", "not_enough_info")
        body: dict[str, Any] = {"schema": "factcheck.baseline/1", "features": list(FEATURES)}
        body |= {name: [round(float(v), 4) for v in row] for name, row in zip(names, w, strict=True)}
        arguments.write.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
