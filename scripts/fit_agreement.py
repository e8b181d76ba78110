"""Fit `factcheck/models/agreement.json` on development rows, and report on other ones.

    python scripts/fit_agreement.py ROWS.jsonl.gz … [--rows-per-set 300] [--trained fm2,wice,…] [--write]

Rows are `{claim, evidence, label}`. A row is tuned on if the SHA-1 of its claim is even, reported on if it is odd; of a
set whose claims are all even the next bit decides. Of the sets that the verifier was trained on (`--trained`), just
the quarter of the even half that training left out is tuned on. Every set weighs the same, within it every label.
Evidence is read in the windows of `factcheck.verify.windows`; the window that is furthest from neutral counts, as in
the checker. A part of the tuned rows is built: a sentence of the evidence as the claim, which the evidence supports by
containing it; as often as not the same with a name of another row in the place of one of its own; and claims beside the
evidence of another row, which says nothing of them: most of what is retrieved for a claim that nothing covers is such.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
from scipy.optimize import minimize

from factcheck.models.agreement import SIGNALS, signals
from factcheck.models.load import EMBEDDED
from factcheck.models.neutral import NeutralEntailment
from factcheck.models.onnx import OnnxEntailment
from factcheck.protocols import EntailmentModel
from factcheck.text.sentences import split_sentences
from factcheck.types import Evidence
from factcheck.verify.entailment import MAX_WINDOWS, WINDOW_TOKENS
from factcheck.verify.windows import Premise

Floats = npt.NDArray[np.float64]
LABELS = ("SUPPORTS", "REFUTES", "NOT_ENOUGH_INFO")
PENALTY = np.array([0.0005 if "only_names" in name else 0.01 for name in SIGNALS])  # what is rare would be held down
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")


def bits(claim: str) -> int:
    """Return the last byte of the claim's SHA-1."""
    return hashlib.sha1(claim.encode("utf-8", "replace"), usedforsecurity=False).digest()[-1]


@dataclass(slots=True)
class Rows:
    """Rows of one set and half: (evidence, claim, label), where each row's windows stand, and all pairs."""

    kept: list[tuple[str, str, str]] = field(default_factory=list)
    places: list[list[int]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    read: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 3), dtype=np.float32))

    def add(self, row: tuple[str, str, str], windows: Sequence[str]) -> None:
        """Append a row with its windows."""
        self.places.append(list(range(len(self.pairs), len(self.pairs) + len(windows))))
        self.pairs.extend((window, row[1]) for window in windows)
        self.kept.append(row)


def windows_of(evidence: str, claim: str, reader: EntailmentModel, tokens: int) -> list[str]:
    """Return what the checker would read of the evidence."""

    def count(text: str) -> int:
        return reader.count_tokens([text])[0]

    room = min(tokens, reader.max_tokens - 8 - count(claim))
    if room < 24:
        return []
    premise = Premise(
        Evidence(id="e", text=evidence, source="row"), count, heading_limit=40, piece_limit=max(1, room - 42)
    )
    return [window.text for window in premise.select(claim, room, MAX_WINDOWS).windows]


def read_set(path: Path, limit: int, trained: bool, reader: EntailmentModel, tokens: int) -> tuple[Rows, Rows]:
    """Return the tuned and the reported rows of a set, at most `limit` each."""
    with gzip.open(path, "rb") as stream:
        rows = [orjson.loads(line) for line in stream]
    rows.sort(key=lambda r: hashlib.sha1((r["claim"] + r["evidence"]).encode(), usedforsecurity=False).digest())
    one_half = len({bits(r["claim"]) & 1 for r in rows}) == 1
    found = (Rows(), Rows())
    for row in rows:
        claim = row["claim"]
        last = bits(claim)
        half = (last >> 1) & 1 if one_half else last & 1
        if (trained and half == 0 and (last >> 1) & 3) or len(found[half].kept) >= limit:
            continue
        if "question" in row and len(claim.split()) <= 6:
            claim = f"{row['question']} {claim}"
        windows = windows_of(row["evidence"], claim, reader, tokens)
        if windows:
            found[half].add((row["evidence"], claim, row["label"]), windows)
    others = [name for _, claim, _ in found[0].kept for name in NAME.findall(claim)]
    for number, (evidence, _, _) in enumerate(found[0].kept[::5]):
        sentences = [s.of(evidence) for s in split_sentences(evidence) if 30 < len(s) < 200]
        if not sentences or len(evidence) > 600:
            continue
        claim = sentences[len(evidence) % len(sentences)]
        names, other = NAME.findall(claim), others[(7 * number) % len(others)] if others else ""
        if number % 2 and names and other and other not in evidence:
            wrong = claim.replace(names[number % len(names)], other, 1)
            found[0].add((evidence, wrong, "NOT_SUPPORTED"), [evidence])
        found[0].add((evidence, claim, "SUPPORTS"), [evidence])
    plain = found[0].kept[:limit]
    for number, (_, claim, _) in enumerate(plain[::4]):
        elsewhere = plain[(7 * number + len(plain) // 2) % len(plain)]
        if elsewhere[1] != claim and len(elsewhere[0]) < 800:
            found[0].add((elsewhere[0], claim, "NOT_ENOUGH_INFO"), windows_of(elsewhere[0], claim, reader, tokens)[:1])
    for part in found:
        part.read = reader.score(part.pairs)
    return found


def gold_mass(probabilities: Floats, labels: Sequence[str]) -> Floats:
    """Return the probability of each gold label; of NOT_SUPPORTED both of the others together."""
    masks = np.array([[x == g or (g == "NOT_SUPPORTED" and x != "SUPPORTS") for x in LABELS] for g in labels])
    return np.asarray((probabilities * masks).sum(axis=1))


def softmax(scores: Floats) -> Floats:
    """Return rows that sum to 1."""
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exps / exps.sum(axis=1, keepdims=True))


def chosen(scores: Floats, places: Sequence[Sequence[int]]) -> npt.NDArray[np.int64]:
    """Return for each row the window that is furthest from neutral."""
    probabilities = softmax(scores)
    far = probabilities[:, :2].max(axis=1)
    return np.array([max(place, key=lambda i: far[i]) for place in places], dtype=np.int64)


def figures(probabilities: Floats, labels: Sequence[str]) -> tuple[float, float, float]:
    """Return the figure of a set, macro-F1 of three labels, and -log p.

    The figure: accuracy of two stances, balanced accuracy of supported or not, or macro-F1, by the labels of the set.
    """
    kinds = sorted(set(labels))
    gold = np.array(labels)
    said = np.array(LABELS)[probabilities.argmax(axis=1)]
    loss = float(-np.log(np.maximum(gold_mass(probabilities, labels), 1e-4)).mean())
    scores = []
    for kind in kinds:
        hits = float(np.sum((gold == kind) & (said == kind)))
        scores.append(2 * hits / max(2 * hits + np.sum((gold == kind) != (said == kind)), 1e-9))
    three = float(np.mean(scores))
    if set(kinds) == {"SUPPORTS", "REFUTES"}:
        stance = np.where(probabilities[:, 0] >= probabilities[:, 1], "SUPPORTS", "REFUTES")
        return float(np.mean(stance == gold)), three, loss
    if "REFUTES" not in kinds or "NOT_SUPPORTED" in kinds:
        supported = said == "SUPPORTS"
        sides = [np.mean(supported[(gold == "SUPPORTS") == side] == side) for side in (True, False)]
        return float(np.mean(sides)), three, loss
    return three, three, loss


def fit(parts: Sequence[Rows]) -> Floats:
    """Return weights `(3, len(SIGNALS))` with the smallest mean loss over sets; windows are chosen anew thrice."""
    start = np.zeros((3, len(SIGNALS)))
    start[:, :3] = np.eye(3)
    features = [signals(part.pairs, part.read) for part in parts]
    labels = [label for part in parts for _, _, label in part.kept]
    shares = []
    for part in parts:
        own = [label for _, _, label in part.kept]
        kinds = sorted(set(own))
        shares.append(np.array([1.0 / (len(kinds) * own.count(label)) for label in own]))
    weight = np.concatenate(shares) / len(parts)
    masks = np.array([[x == g or (g == "NOT_SUPPORTED" and x != "SUPPORTS") for x in LABELS] for g in labels], float)
    found = start
    for _ in range(3):
        x = np.vstack([f[chosen(f @ found.T, part.places)] for f, part in zip(features, parts, strict=True)])

        def loss(values: Floats, x: Floats = x) -> tuple[float, Floats]:
            w = values.reshape(start.shape)
            p = softmax(x @ w.T)
            mass = np.maximum((p * masks).sum(axis=1), 1e-9)
            slope = (weight[:, None] * (p - p * masks / mass[:, None])).T @ x + 2 * PENALTY * (w - start)
            return float(-(weight * np.log(mass)).sum() + (PENALTY * (w - start) ** 2).sum()), slope.ravel()

        found = np.asarray(minimize(loss, found.ravel(), jac=True, method="L-BFGS-B").x.reshape(start.shape))
    return found


def main() -> int:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--rows-per-set", type=int, default=300)
    parser.add_argument("--model", type=Path, help="folder of the reader (default: the one that ships)")
    parser.add_argument("--trained", default="", help="names of sets that training saw the even half of, with commas")
    parser.add_argument("--window-tokens", type=int, default=WINDOW_TOKENS)
    parser.add_argument("--report", action="store_true", help="print the reported half; else the tuned rows alone")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    models = Path(__file__).parent.parent / "factcheck" / "models"
    reader = NeutralEntailment(OnnxEntailment.load(args.model or models / "weights" / "verifier", threads=0))
    data: dict[str, tuple[Rows, Rows]] = {}
    for path in args.sets:
        name = path.name.removesuffix(".jsonl.gz")
        data[name] = read_set(path, args.rows_per_set, name in args.trained.split(","), reader, args.window_tokens)
        print(f"{name}: {[len(part.kept) for part in data[name]]} rows read", file=sys.stderr, flush=True)
    weights = fit([tuned for tuned, _ in data.values()])
    half = 1 if args.report else 0
    print(f"{'set':22} rows  figure, macro-F1, -log p of the reader      with agreement")
    means = []
    for name, parts in data.items():
        rows = parts[half]
        labels = [label for _, _, label in rows.kept]
        logs = signals(rows.pairs, rows.read)
        before = figures(softmax(logs[:, :3][chosen(logs[:, :3], rows.places)]), labels)
        scores = logs @ weights.T
        after = figures(softmax(scores[chosen(scores, rows.places)]), labels)
        means.append((before, after))
        print(
            f"{name:22} {len(labels):4}  "
            + "     ".join(" ".join(f"{x:.3f}" for x in part) for part in (before, after))
        )
    mean = np.array(means).mean(axis=0)
    print(f"{'mean':22}       " + "     ".join(" ".join(f"{x:.3f}" for x in part) for part in mean))
    if args.write:
        names = ("supported", "refuted", "not_enough_info")
        rows_of = dict(zip(names, np.round(weights, 4).tolist(), strict=True))
        text = orjson.dumps(
            {"schema": "factcheck.agreement/1", "signals": SIGNALS, **rows_of}, option=orjson.OPT_INDENT_2
        )
        (models / "agreement.json").write_bytes(text + b"\n")
        print(f"written: {models / 'agreement.json'} (used by {EMBEDDED!r})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
