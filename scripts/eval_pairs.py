"""Measure verifiers on labelled pairs: tuned on one half of the claims, reported on the other (by SHA-1 of the claim).

    python scripts/eval_pairs.py DEV/*.jsonl.gz --model int8=factcheck/models/weights/verifier --baselines

What is chosen on the tuned half: the temperature, how windows of long evidence are combined, and, for the column
"tuned", the threshold of support. Word overlap gets a threshold in the same way.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from factcheck.errors import FactCheckError
from factcheck.models.load import load_encoder
from factcheck.models.onnx import OnnxEntailment
from factcheck.protocols import EntailmentModel
from factcheck.train.neighbours import content_words, coverage
from factcheck.train.rows import PairLabel, PairRow, claim_half, read_rows

Floats = npt.NDArray[np.float64]

_LABEL = {
    PairLabel.SUPPORTS: 0,
    PairLabel.REFUTES: 1,
    PairLabel.NOT_ENOUGH_INFO: 2,
    PairLabel.NOT_SUPPORTED: 3,
}
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”)\]]*\s+|\n+")
_WINDOW_WORDS = 110
_MOST_WINDOWS = 6


def windows(evidence: str, claim: str) -> list[str]:
    """Runs of whole sentences of up to 110 words, each starting with the last sentence of the one before.

    Of more than six, those that share most words with the claim are kept.
    """
    if len(evidence.split()) <= _WINDOW_WORDS:
        return [evidence]
    parts: list[list[str]] = [[]]
    for sentence in (text.strip() for text in _SENTENCE.split(evidence)):
        words = sentence.split()
        # A sentence that is longer than a window is cut by words: there is no better place.
        for start in range(0, len(words), _WINDOW_WORDS):
            piece = " ".join(words[start : start + _WINDOW_WORDS])
            held = sum(len(text.split()) for text in parts[-1])
            if parts[-1] and held + len(piece.split()) > _WINDOW_WORDS:
                last = parts[-1][-1]
                parts.append([last] if len(last.split()) + len(piece.split()) <= _WINDOW_WORDS else [])
            parts[-1].append(piece)
    texts = [" ".join(part) for part in parts if part]
    if len(texts) > _MOST_WINDOWS:
        wanted = content_words(claim)
        order = sorted(range(len(texts)), key=lambda i: (-len(wanted & content_words(texts[i])), i))
        texts = [texts[i] for i in sorted(order[:_MOST_WINDOWS])]
    return texts


def fit(model: EntailmentModel, claim: str, evidence: str) -> tuple[str, str]:
    """The pair, its texts cut by words until the model can read it."""
    limit = model.max_tokens - 3
    while sum(model.count_tokens([evidence, claim])) > limit:
        left, right = evidence.split(), claim.split()
        if len(left) >= len(right):
            evidence = " ".join(left[: int(len(left) * 0.9)])
        else:
            claim = " ".join(right[: int(len(right) * 0.9)])
    return evidence, claim


def score(model: EntailmentModel, rows: Sequence[PairRow]) -> list[Floats]:
    """Log-probabilities of every window of every row, (windows, 3) each."""
    pairs: list[tuple[str, str]] = []
    bounds = [0]
    for row in rows:
        pairs.extend(fit(model, row.claim, text) for text in windows(row.evidence, row.claim))
        bounds.append(len(pairs))
    probabilities = np.asarray(model.score(pairs), dtype=np.float64)
    logs = np.log(np.clip(probabilities, 1e-9, 1.0))
    return [logs[start:end] for start, end in pairwise(bounds)]


def soften(logs: Floats, temperature: float) -> Floats:
    """Probabilities at a temperature."""
    scaled = np.exp((logs - logs.max(axis=-1, keepdims=True)) / temperature)
    return np.asarray(scaled / scaled.sum(axis=-1, keepdims=True))


def best_support(part: Floats) -> Floats:
    """The window that supports most."""
    return np.asarray(part[part[:, 0].argmax()])


def least_open(part: Floats) -> Floats:
    """The window that leaves the least open."""
    return np.asarray(part[part[:, 2].argmin()])


def largest(part: Floats) -> Floats:
    """The largest support and the largest refutation over the windows, scaled to one."""
    joined = np.array([part[:, 0].max(), part[:, 1].max(), part[:, 2].min()])
    return np.asarray(joined / joined.sum())


COMBINE: dict[str, Callable[[Floats], Floats]] = {
    "best_support": best_support,
    "least_open": least_open,
    "largest": largest,
}


def macro_f1(gold: npt.NDArray[np.int64], guess: npt.NDArray[np.int64]) -> float:
    """Mean F1 of the classes that occur."""
    scores = []
    for label in np.unique(gold):
        hits = float(np.sum((gold == label) & (guess == label)))
        scores.append(2 * hits / max(2 * hits + np.sum((gold == label) != (guess == label)), 1e-9))
    return float(np.mean(scores))


def balanced_accuracy(gold: npt.NDArray[np.bool_], guess: npt.NDArray[np.bool_]) -> float:
    """Mean recall of the two classes."""
    return float(np.mean([np.mean(guess[gold == side] == side) for side in (True, False) if np.any(gold == side)]))


def auc(gold: npt.NDArray[np.bool_], values: Floats) -> float:
    """Chance that a true one has a larger value than a false one; ties count half."""
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    for value in np.unique(values):
        same = values == value
        ranks[same] = ranks[same].mean()
    positive = int(gold.sum())
    negative = len(gold) - positive
    if not positive or not negative:
        return float("nan")
    return float((ranks[gold].sum() - positive * (positive + 1) / 2) / (positive * negative))


def best_threshold(gold: npt.NDArray[np.bool_], values: Floats) -> float:
    """The threshold with the best balanced accuracy on these rows."""
    cuts = np.unique(np.quantile(values, np.linspace(0, 1, 101)))
    return float(max(cuts, key=lambda cut: balanced_accuracy(gold, values >= cut)))


def expected_calibration_error(right: npt.NDArray[np.bool_], confidence: Floats, bins: int = 10) -> float:
    """Mean gap of confidence and accuracy over equally wide bins, weighted by rows."""
    place = np.clip((confidence * bins).astype(int), 0, bins - 1)
    total = 0.0
    for one in range(bins):
        inside = place == one
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return float(total)


def interval(metric: Callable[[npt.NDArray[np.int64]], float], rows: int) -> tuple[float, float]:
    """95 % bootstrap interval of a metric of row numbers."""
    chance = np.random.default_rng(7)
    values = [metric(chance.integers(0, rows, rows)) for _ in range(500)]
    low, high = np.nanquantile(values, [0.025, 0.975])
    return float(low), float(high)


def kind(labels: npt.NDArray[np.int64]) -> str:
    """What is measured: "accuracy" (two stances), "balanced" (supported or not) or "macro_f1" (three classes)."""
    present = set(labels.tolist())
    if present <= {0, 1}:
        return "accuracy"
    return "balanced" if 3 in present or 1 not in present else "macro_f1"


def main_metric(what: str, gold: npt.NDArray[np.int64], probabilities: Floats) -> float:
    """The figure of a set at the largest probability, without any threshold."""
    if what == "accuracy":
        return float(np.mean((probabilities[:, 0] < probabilities[:, 1]) == (gold == 1)))
    if what == "balanced":
        return balanced_accuracy(gold == 0, probabilities.argmax(axis=1) == 0)
    return macro_f1(gold, probabilities.argmax(axis=1))


def negative_log_likelihood(logs: list[Floats], gold: npt.NDArray[np.int64], how: str, temperature: float) -> float:
    """Mean over rows; label 3 counts p(1) + p(2)."""
    probabilities = np.stack([COMBINE[how](soften(part, temperature)) for part in logs])
    chosen = np.where(
        gold == 3, probabilities[:, 1:].sum(axis=1), probabilities[np.arange(len(gold)), np.minimum(gold, 2)]
    )
    return float(-np.log(np.clip(chosen, 1e-9, 1)).mean())


def recast(row: dict[str, object]) -> str:
    """A claim from a row of question and short answer; other claims as they are."""
    claim = str(row["claim"])
    return f"{row['question']} {claim}" if "question" in row and len(claim.split()) <= 6 else claim


def read_set(path: Path, limit: int) -> tuple[list[PairRow], npt.NDArray[np.int64]]:
    """At most `limit` rows of each half, chosen by a fixed draw, and each row's half."""
    rows = read_rows(path)
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        raw = [orjson.loads(line) for line in stream if line.strip()]
    halves = np.array([claim_half(row.claim) for row in rows])
    if len(set(halves.tolist())) == 1:
        # A file may hold one half only, its other one kept for a final check: then the next bit of the SHA-1 splits it.
        digests = (hashlib.sha1(row.claim.encode(), usedforsecurity=False).digest() for row in rows)
        halves = np.array([digest[-1] // 2 % 2 for digest in digests])
    chance = np.random.default_rng(11)
    kept: list[int] = []
    for half in (0, 1):
        found = np.flatnonzero(halves == half)
        kept.extend(sorted(chance.permutation(found)[:limit].tolist()))
    chosen = [
        PairRow(claim=recast(raw[i]), evidence=rows[i].evidence, label=rows[i].label, dataset=path.stem) for i in kept
    ]
    return chosen, halves[kept]


def overlap(rows: Sequence[PairRow]) -> Floats:
    """Share of the claim's content words that stand in the best window."""
    return np.array([max(coverage(row.claim, text) for text in windows(row.evidence, row.claim)) for row in rows])


def measure(
    logs: list[Floats], gold: npt.NDArray[np.int64], half: npt.NDArray[np.int64], temperature: float, how: str
) -> dict[str, object]:
    """Every figure of one system on one set, on the reported half."""
    what = kind(gold)
    probabilities = np.stack([COMBINE[how](soften(part, temperature)) for part in logs])
    tuned, reported = half == 0, half == 1
    g, p = gold[reported], probabilities[reported]
    guess = p.argmax(axis=1)
    supported = probabilities[:, 0] / (probabilities[:, :2].sum(axis=1) if what == "accuracy" else 1.0)
    cut = best_threshold(gold[tuned] == 0, supported[tuned])
    right = np.where(g == 3, guess != 0, guess == g)
    low, high = interval(lambda pick: main_metric(what, g[pick], p[pick]), len(g))
    return {
        "metric": what,
        "rows": len(g),
        "value": round(main_metric(what, g, p), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "tuned_half": round(main_metric(what, gold[tuned], probabilities[tuned]), 4),
        "balanced_accuracy_tuned": round(balanced_accuracy(g == 0, supported[reported] >= cut), 4),
        "auc": round(auc(g == 0, supported[reported]), 4),
        "ece": round(expected_calibration_error(right, p.max(axis=1)), 4),
        "three_way_accuracy": round(float(right.mean()), 4),
    }


def main() -> int:
    """Score every set with every system and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+", help="files of rows {claim, evidence, label}")
    parser.add_argument("--model", action="append", default=[], metavar="NAME=DIR", help="model folder; repeatable")
    parser.add_argument("--baselines", action="store_true", help="also word overlap and the untrained baseline")
    parser.add_argument("--limit", type=int, default=500, help="rows of each half of each set (default 500)")
    parser.add_argument("--out", type=Path, help="JSON file of all figures")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    try:
        result = run(arguments)
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.out is not None:
        arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Load, score, choose on one half, report on the other."""
    models: dict[str, EntailmentModel] = {}
    for spec in arguments.model:
        name, _, folder = spec.partition("=")
        models[name] = OnnxEntailment.load(Path(folder), threads=arguments.threads)
    if arguments.baselines:
        from factcheck.models.baseline import BaselineEntailment

        models["baseline"] = BaselineEntailment.load(load_encoder("embedded", arguments.threads))
    data = {path.name.partition(".")[0]: read_set(path, arguments.limit) for path in arguments.sets}
    gold = {name: np.array([_LABEL[row.label] for row in rows]) for name, (rows, _) in data.items()}
    report: dict[str, object] = {"limit_per_half": arguments.limit, "systems": {}}
    systems: dict[str, object] = {}
    logs: dict[str, dict[str, list[Floats]]] = {}
    for name, model in models.items():
        logs[name] = {}
        for one, (rows, _) in data.items():
            started = time.monotonic()
            logs[name][one] = score(model, rows)
            pairs = sum(len(part) for part in logs[name][one])
            print(f"{name} {one}: {pairs / (time.monotonic() - started):.0f} pairs/s", file=sys.stderr, flush=True)
        how, temperature = choose(logs[name], gold, data)
        figures = {one: measure(logs[name][one], gold[one], data[one][1], temperature, how) for one in data}
        systems[name] = {"windows": how, "temperature": round(temperature, 4), "sets": figures}
        print(f"\n{name}: windows {how}, temperature {temperature:.3f}")
        for one, figure in figures.items():
            print(f"  {one:22}", "  ".join(f"{key} {value}" for key, value in figure.items()))
    if arguments.baselines:
        systems["overlap"] = {"sets": {one: _overlap_figures(*data[one], gold[one]) for one in data}}
        print("\nword overlap, threshold from the tuned half")
        for one, figure in systems["overlap"]["sets"].items():  # type: ignore[index]
            print(f"  {one:22}", "  ".join(f"{key} {value}" for key, value in figure.items()))
    report["systems"] = systems
    names = list(models)
    if {"int8", "float32"} <= set(names):
        report["int8_against_float32"] = _agreement(logs, data)
        print("\nint8 against float32", json.dumps(report["int8_against_float32"]))
    return report


def choose(
    logs: dict[str, list[Floats]],
    gold: dict[str, npt.NDArray[np.int64]],
    data: dict[str, tuple[list[PairRow], npt.NDArray[np.int64]]],
) -> tuple[str, float]:
    """Way of windows and temperature with the smallest mean loss over the tuned halves of all sets."""
    grid = [0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.25, 2.5, 3.0, 3.5, 4.0]

    def loss(how: str, temperature: float) -> float:
        values = []
        for name, parts in logs.items():
            tuned = np.flatnonzero(data[name][1] == 0)
            values.append(negative_log_likelihood([parts[i] for i in tuned], gold[name][tuned], how, temperature))
        return float(np.mean(values))

    def figure(how: str) -> float:
        values = []
        for name, parts in logs.items():
            tuned = np.flatnonzero(data[name][1] == 0)
            probabilities = np.stack([COMBINE[how](soften(parts[i], 1.0)) for i in tuned])
            values.append(main_metric(kind(gold[name]), gold[name][tuned], probabilities))
        return float(np.mean(values))

    how = max(COMBINE, key=figure)
    return how, min(grid, key=lambda temperature: loss(how, temperature))


def _overlap_figures(
    rows: list[PairRow], half: npt.NDArray[np.int64], gold: npt.NDArray[np.int64]
) -> dict[str, object]:
    values = overlap(rows)
    tuned, reported = half == 0, half == 1
    cut = best_threshold(gold[tuned] == 0, values[tuned])
    guess = values[reported] >= cut
    truth = gold[reported] == 0
    return {
        "rows": int(reported.sum()),
        "balanced_accuracy_tuned": round(balanced_accuracy(truth, guess), 4),
        "accuracy": round(float(np.mean(truth == guess)), 4),
        "auc": round(auc(truth, values[reported]), 4),
    }


def _agreement(logs: dict[str, dict[str, list[Floats]]], data: Iterable[str]) -> dict[str, object]:
    """Share of windows whose label is the same, and the largest difference of a probability."""
    table: dict[str, object] = {}
    for name in data:
        small, full = np.concatenate(logs["int8"][name]), np.concatenate(logs["float32"][name])
        table[name] = {
            "same_label": round(float(np.mean(small.argmax(axis=1) == full.argmax(axis=1))), 4),
            "largest_difference": round(float(np.abs(np.exp(small) - np.exp(full)).max()), 4),
        }
    return table


if __name__ == "__main__":
    sys.exit(main())
