"""Measure how windows of long evidence are best cut and combined, for an entailment model.

    python scripts/measure_windows.py PAIRS.jsonl.gz... --model embedded --rows 200 --tokens 96 160 248

Rows are `{claim, evidence, label}`. For every window size and every rule it prints the area under the ROC curve of the
probability of support (supported against the rest) and the balanced accuracy of the most probable label (REFUTED and
NOT_ENOUGH_INFO count as one where a row only says NOT_SUPPORTED). Rules are chosen on claims whose SHA-1 is even
(`--half even`, the default) and reported on the odd ones.

    furthest   the window with the largest probability of support or refutation
    support    the window with the largest probability of support
    settled    that window where it supports (0.5 and more), else the furthest
    ordered    the window that supports most if it does (0.5 and more), else the one that refutes most if it does, else
               the one that supports most
    extremes   the largest support and the largest refutation, whichever windows they are from
    mean       the mean over windows
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from factcheck.models import load_entailment
from factcheck.protocols import EntailmentModel
from factcheck.types import Evidence
from factcheck.verify.windows import Premise, claim_parts

Floats = npt.NDArray[np.float64]
LABELS = ("SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO", "NOT_SUPPORTED")
SPECIAL = 8


def furthest(p: Floats) -> Floats:
    """Take the window furthest from neutral."""
    return np.asarray(p[p[:, :2].max(axis=1).argmax()])


def support(p: Floats) -> Floats:
    """Take the window that supports most."""
    return np.asarray(p[p[:, 0].argmax()])


def settled(p: Floats) -> Floats:
    """Take the window that supports, if one does."""
    return support(p) if p[:, 0].max() >= 0.5 else furthest(p)


def ordered(p: Floats) -> Floats:
    """Take the window that supports, else one that refutes, else the one nearest to support."""
    if p[:, 0].max() < 0.5 <= p[:, 1].max():
        return np.asarray(p[p[:, 1].argmax()])
    return support(p)


def extremes(p: Floats) -> Floats:
    """Take the largest support and the largest refutation."""
    s, r = p[:, 0].max(), p[:, 1].max()
    rest = p[:, 2].min()
    return np.asarray(np.array([s, r, rest]) / (s + r + rest), dtype=np.float64)


def average(p: Floats) -> Floats:
    """Take the mean."""
    return np.asarray(p.mean(axis=0))


RULES: dict[str, Callable[[Floats], Floats]] = {
    "furthest": furthest,
    "support": support,
    "settled": settled,
    "ordered": ordered,
    "extremes": extremes,
    "mean": average,
}


def windows_of(row: dict[str, Any], model: EntailmentModel, tokens: int, limit: int) -> list[tuple[str, str]]:
    """Return the pairs that are read for a row; of a claim of several parts, the pairs of all parts."""
    counts: dict[str, int] = {}

    def count(text: str) -> int:
        if text not in counts:
            counts[text] = model.count_tokens([text])[0]
        return counts[text]

    budget = model.max_tokens - SPECIAL
    pairs = []
    for part in claim_parts(row["claim"], count, budget // 2):
        room = min(tokens, budget - count(part))
        evidence = Evidence(id="e", text=row["evidence"], source="s")
        premise = Premise(evidence, count, heading_limit=budget // 8, piece_limit=max(1, room - 2))
        pairs += [(window.text, part) for window in premise.select(part, room, limit).windows]
    return pairs


def auc(positive: Floats, negative: Floats) -> float:
    """Return the share of pairs that stand in the right order; equal ones count half."""
    if not len(positive) or not len(negative):
        return float("nan")
    order = positive[:, None] - negative[None, :]
    return float(np.mean((order > 0) + 0.5 * (order == 0)))


def balanced(labels: npt.NDArray[np.int64], p: Floats) -> float:
    """Return the mean over labels of the share of their rows that are called so."""
    called = p.argmax(axis=1)
    kinds = sorted(set(labels.tolist()))
    if 3 in kinds:
        called = np.where(called == 0, 0, 3)
    elif kinds == [0, 1]:
        called = np.where(p[:, 0] >= p[:, 1], 0, 1)
    elif kinds == [0, 2]:
        called = np.where(called == 0, 0, 2)
    return float(np.mean([np.mean(called[labels == kind] == kind) for kind in kinds]))


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--rows", type=int, default=200, help="of each file, the first by SHA-1")
    parser.add_argument("--tokens", type=int, nargs="+", default=[96, 160, 248], help="of a window")
    parser.add_argument("--limit", type=int, default=6, help="windows of a row")
    parser.add_argument("--half", choices=("even", "odd"), default="even")
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    model = load_entailment(arguments.model, arguments.threads)
    for path in arguments.files:
        with gzip.open(path) as lines:
            rows = [orjson.loads(line) for line in lines]
        keyed = [(hashlib.sha1(row["claim"].encode(), usedforsecurity=False).digest(), row) for row in rows]
        wanted = 0 if arguments.half == "even" else 1
        half = [row for key, row in sorted(keyed, key=lambda pair: pair[0]) if key[-1] % 2 == wanted]
        half = half[: arguments.rows]
        labels = np.array([LABELS.index(row["label"]) for row in half], dtype=np.int64)
        for tokens in arguments.tokens:
            asked = [windows_of(row, model, tokens, arguments.limit) for row in half]
            scores = iter(np.asarray(model.score([pair for pairs in asked for pair in pairs]), dtype=np.float64))
            found = [np.array([next(scores) for _ in pairs]) for pairs in asked]
            for name, rule in RULES.items():
                p = np.array([rule(one) if len(one) else np.array([0.0, 0.0, 1.0]) for one in found])
                area = auc(p[labels == 0, 0], p[labels != 0, 0])
                share = balanced(labels, p)
                cut = f"tokens {tokens:3d} windows {np.mean([len(one) for one in found]):4.1f}"
                what = f"{path.name.split('.')[0]:16s} rows {len(half):4d} {cut} {name:9s}"
                print(f"{what} AUC {area:.3f} balanced {share:.3f}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
