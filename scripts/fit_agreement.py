"""Fit `factcheck/models/agreement.json` on development rows of sets with a licence, and report on other ones.

    python scripts/fit_agreement.py DEV/{fever,fm2,…}.jsonl.gz RETRIEVED.jsonl … --trained fm2,wice,… [--write]

Rows are `{claim, evidence, label}`; evidence may be a list of passages. The even half of the claims, by SHA-1, is tuned
on; of the sets that the verifier was trained on (`--trained`) just the quarter of it that training left out. Every set
weighs the same, within it every label. Evidence is read in the windows of the checker; the window that supports most
and the one that refutes most count, as there.

A part of the tuned rows is built: a sentence of the evidence as the claim, which the evidence supports by containing
it; as often as not the same with a name of another row in the place of one of its own; and claims beside the evidence
of another row, which says nothing of them: most of what is retrieved for a claim that nothing covers is such.

Each set is reported on its even half as well, by weights that were fitted on the other sets: what a set that nobody
has seen can expect. `--report` prints the odd half, by the weights that were fitted on all.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
from fit_decision import unseen
from scipy.optimize import minimize

from factcheck.errors import FactCheckError
from factcheck.evaluation.pairs import Half, Kind, Pair, kind_of, read_set
from factcheck.models.agreement import SIGNALS, signals
from factcheck.models.load import embedded_folder
from factcheck.models.neutral import NeutralEntailment
from factcheck.models.onnx import OnnxEntailment
from factcheck.protocols import EntailmentModel
from factcheck.text.sentences import split_sentences
from factcheck.types import Evidence
from factcheck.verify.entailment import MAX_WINDOWS, WINDOW_TOKENS
from factcheck.verify.windows import Premise

Floats = npt.NDArray[np.float64]
START = np.array([[float(signal == own) for signal in SIGNALS] for own in ("supported", "refuted")])
PENALTY = np.array([0.0003 if "names" in name else 0.03 for name in SIGNALS])  # what is rare would be held down
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
SHORT = 800  # characters; built rows are of evidence that is no longer


@dataclass(slots=True)
class Rows:
    """Rows that are read: gold labels as in `evaluation.pairs.GOLD`, all pairs, and where each row's begin."""

    gold: list[int] = field(default_factory=list)
    begin: list[int] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    signals: Floats = field(default_factory=lambda: np.zeros((0, len(SIGNALS))))

    def add(self, gold: int, pairs: Sequence[tuple[str, str]]) -> None:
        """Append a row; one that no window was found for is left out."""
        if pairs:
            self.gold.append(gold)
            self.begin.append(len(self.pairs))
            self.pairs.extend(pairs)

    def chosen(self, weights: Floats) -> tuple[Floats, Floats]:
        """Return for each row the signals of the pair that supports most, and of the one that refutes most."""
        odds = self.signals @ weights.T
        ends = [*self.begin[1:], len(self.pairs)]
        places = [
            [begin + int(odds[begin:end, side].argmax()) for begin, end in zip(self.begin, ends, strict=True)]
            for side in (0, 1)
        ]
        return self.signals[places[0]], self.signals[places[1]]

    def probabilities(self, weights: Floats) -> Floats:
        """Return `(rows, 3)`."""
        supports, refutes = self.chosen(weights)
        return softmax(supports @ weights[0], refutes @ weights[1])


def softmax(supported: Floats, refuted: Floats) -> Floats:
    """Return probabilities from log odds against NOT_ENOUGH_INFO."""
    odds = np.column_stack([supported, refuted, np.zeros(len(supported))])
    exps = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(exps / exps.sum(axis=1, keepdims=True))


def windows_of(evidence: str, claim: str, reader: EntailmentModel) -> list[tuple[str, str]]:
    """Return the pairs that the checker would read."""

    def count(text: str) -> int:
        return reader.count_tokens([text])[0]

    room = min(WINDOW_TOKENS, reader.max_tokens - 8 - count(claim))
    if room < 24:
        return []
    piece = Evidence(id="e", text=evidence, source="row")
    premise = Premise(piece, count, heading_limit=40, piece_limit=max(1, room - 42))
    return [(window.text, claim) for window in premise.select(claim, room, MAX_WINDOWS).windows]


def read(rows: Sequence[Pair], reader: EntailmentModel, *, build: bool) -> Rows:
    """Read rows, and some that are built of them."""
    found = Rows()
    texts = [(row.evidence,) if isinstance(row.evidence, str) else row.evidence for row in rows]
    for row, passages in zip(rows, texts, strict=True):
        found.add(row.gold, [pair for text in passages for pair in windows_of(text, row.claim, reader)])
    others = [name for row in rows for name in NAME.findall(row.claim)]
    for number in range(0, len(rows) if build else 0, 5):
        text = texts[number][0]
        sentences = [s.of(text) for s in split_sentences(text) if 30 < len(s) < 200]
        if not sentences or len(text) > SHORT:
            continue
        claim = sentences[len(text) % len(sentences)]
        names, other = NAME.findall(claim), others[(7 * number) % len(others)] if others else ""
        if names and other and other not in text:
            wrong = claim.replace(names[number % len(names)], other, 1)
            found.add(3, windows_of(text, wrong, reader))
        found.add(0, windows_of(text, claim, reader))
    for number in range(0, len(rows) if build else 0, 4):
        elsewhere = (7 * number + len(rows) // 2) % len(rows)
        if rows[elsewhere].claim != rows[number].claim and len(texts[elsewhere][0]) < SHORT:
            found.add(2, windows_of(texts[elsewhere][0], rows[number].claim, reader)[:1])
    found.signals = signals(found.pairs, reader.score(found.pairs))
    return found


def masks(gold: Sequence[int]) -> Floats:
    """Return `(rows, 3)`: 1 where an answer is right; all but SUPPORTED is where only that is known to be wrong."""
    return np.array([[g == answer or (g == 3 and answer > 0) for answer in range(3)] for g in gold], dtype=np.float64)


def fit(parts: Sequence[Rows]) -> Floats:
    """Return weights `(2, len(SIGNALS))` with the smallest mean loss over sets; windows are chosen anew thrice."""
    shares = [[1.0 / (len(set(part.gold)) * part.gold.count(g)) for g in part.gold] for part in parts]
    weight = np.concatenate([np.array(share) for share in shares]) / len(parts)
    right = np.vstack([masks(part.gold) for part in parts])
    found = START
    for _ in range(3):
        both = [part.chosen(found) for part in parts]
        x, y = (np.vstack([one[side] for one in both]) for side in (0, 1))

        def loss(values: Floats, x: Floats = x, y: Floats = y) -> tuple[float, Floats]:
            w = values.reshape(START.shape)
            p = softmax(x @ w[0], y @ w[1])
            mass = np.maximum((p * right).sum(axis=1), 1e-9)
            slope = weight[:, None] * (p - p * right / mass[:, None])
            pull = 2 * PENALTY * (w - START) + np.vstack([slope[:, 0] @ x, slope[:, 1] @ y])
            return float(-(weight * np.log(mass)).sum() + (PENALTY * (w - START) ** 2).sum()), pull.ravel()

        found = np.asarray(minimize(loss, found.ravel(), jac=True, method="L-BFGS-B").x.reshape(START.shape))
    return found


def figures(rows: Rows, kind: Kind, weights: Floats) -> tuple[float, float]:
    """Return the figure of a set, as `factcheck eval pairs` chooses it, and the mean -log p."""
    p, gold = rows.probabilities(weights), np.array(rows.gold)
    loss = float(-np.log(np.maximum((p * masks(rows.gold)).sum(axis=1), 1e-4)).mean())
    if kind is Kind.TWO_STANCES:
        return float(np.mean((p[:, 1] > p[:, 0]) == (gold == 1))), loss
    said = p.argmax(axis=1)
    if kind is Kind.SUPPORT:
        return float(np.mean([np.mean((said[(gold == 0) == side] == 0) == side) for side in (True, False)])), loss
    scores = [2 * np.sum((gold == k) & (said == k)) / max(np.sum(gold == k) + np.sum(said == k), 1) for k in range(3)]
    return float(np.mean(scores)), loss


def report(title: str, rows_of: Mapping[str, Rows], kinds: Mapping[str, Kind], weights: Mapping[str, Floats]) -> None:
    """Print a table of sets."""
    print(f"\n| {title} | rows | reader alone, figure and -log p | with agreement |\n|---|---|---|---|")
    for name, rows in rows_of.items():
        cells = [", ".join(f"{x:.3f}" for x in figures(rows, kinds[name], w)) for w in (START, weights[name])]
        print(f"| {name} | {len(rows.gold)} | {' | '.join(cells)} |")


def main() -> int:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--rows-per-set", type=int, default=300)
    parser.add_argument("--model", type=Path, help="folder of the reader (default: the one that ships)")
    parser.add_argument("--trained", default="", help="names of sets that training saw the even half of, with commas")
    parser.add_argument("--report", action="store_true", help="print the odd half too")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    try:
        reader = NeutralEntailment(OnnxEntailment.load(args.model or embedded_folder("verifier"), threads=0))
        tuned: dict[str, Rows] = {}
        plain: dict[str, Rows] = {}
        odd: dict[str, Rows] = {}
        kinds: dict[str, Kind] = {}
        for path in args.sets:
            found = read_set(path, Half.EVEN)
            rows = [row for row in found.rows if found.name not in args.trained.split(",") or unseen(row.claim)]
            rows = sorted(rows, key=order)[: args.rows_per_set]
            kinds[found.name] = kind_of({row.gold for row in (*found.rows, *found.other)})
            tuned[found.name] = read(rows, reader, build=True)
            plain[found.name] = read(rows, reader, build=False)
            if args.report:
                odd[found.name] = read(sorted(found.other, key=order)[: args.rows_per_set], reader, build=False)
            print(f"{found.name}: {len(rows)} rows, {len(tuned[found.name].gold)} with those built", file=sys.stderr)
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    weights = fit(list(tuned.values()))
    print(f"weights of {', '.join(SIGNALS)}: {np.round(weights, 3).tolist()}")
    others = {name: fit([rows for one, rows in tuned.items() if one[:4] != name[:4]]) for name in tuned}
    report("even half, fitted on other sets", plain, kinds, others)
    if args.report:
        report("odd half", odd, kinds, dict.fromkeys(odd, weights))
    if args.write:
        rounded = dict(zip(("supported", "refuted"), np.round(weights, 4).tolist(), strict=True))
        text = {"schema": "factcheck.agreement/2", "signals": SIGNALS, **rounded}
        target = Path(__file__).parent.parent / "factcheck" / "models" / "agreement.json"
        target.write_bytes(orjson.dumps(text, option=orjson.OPT_INDENT_2) + b"\n")
    return 0


def order(row: Pair) -> bytes:
    """Return what rows are drawn by."""
    return hashlib.sha1(repr((row.claim, row.evidence)).encode(), usedforsecurity=False).digest()


if __name__ == "__main__":
    sys.exit(main())
