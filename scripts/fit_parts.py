"""Learn which part of a sentence answers: the weights of `factcheck/generate/parts.json`.

    python scripts/fit_parts.py --xquad DATA/retrieval/xquad_en --out factcheck/generate/parts.json

Each question of the even half (as in `scripts/eval_answers.py`, by the SHA-1 of the paragraph's title) is asked of the
sentence of its own paragraph that holds a gold answer. Right is the part that is a gold answer; where none is, the
ones whose F1 is best and at least one half. One softmax over the parts of a sentence, with a penalty on the weights
that five folds of the same half chose; the folds' exact match and F1 are printed. `eval_answers.py` measures the odd
half.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from eval_answers import Item, _normal, _rows, _xquad, f1

from factcheck.generate.parts import part_signals
from factcheck.generate.question import read_question
from factcheck.generate.spans import find_spans
from factcheck.text.sentences import split_sentences

PENALTY = 1e-2
HALF = 0.5
FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The parts of one sentence: signals by name, exact match and F1 of each, and the fold."""

    signals: list[dict[str, float]]
    exact: np.ndarray
    f1: np.ndarray
    fold: int

    @property
    def wanted(self) -> np.ndarray:
        """How right each part is; sums to 1, or to 0 where none is."""
        right = self.exact
        if not right.any():
            right = self.f1 * (self.f1 >= max(HALF, float(self.f1.max()) - 0.05))
        total = float(right.sum())
        return right / total if total else right


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--xquad", type=Path, required=True, help="folder in BEIR's layout with answers.jsonl.gz")
    parser.add_argument("--out", type=Path, help="where the weights go; only the folds are measured unless given")
    args = parser.parse_args()
    texts = {str(row["_id"]): str(row["text"]) for row in _rows(args.xquad / "corpus.jsonl.gz")}
    examples = [e for item in _xquad(args.xquad) if item.even and (e := _example(item, texts)) is not None]
    names = sorted({name for example in examples for row in example.signals for name in row})
    scored = []
    for fold in range(FOLDS):
        weights = _solve([e for e in examples if e.fold != fold], names)
        for example in examples:
            if example.fold == fold:
                best = int((_matrix(example, names) @ weights).argmax())
                scored.append((example.exact[best], example.f1[best], example.exact.max()))
    exact, overlap, most = np.mean(scored, axis=0).round(3).tolist()
    print(json.dumps({"sentences": len(examples), "exact_match": exact, "f1": overlap, "exact_match_possible": most}))
    if args.out is not None:
        weights = _solve(examples, names)
        document = {"schema": "factcheck.parts/1", "signals": names, "weights": weights.round(4).tolist()}
        args.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _example(item: Item, texts: dict[str, str]) -> Example | None:
    question = read_question(item.text)
    for document in sorted(item.documents):
        text = texts[document]
        for span in split_sentences(text):
            sentence = " ".join(span.of(text).split())
            if not any(_normal(gold) in _normal(sentence) for gold in item.answers):
                continue
            parts = find_spans(sentence, question, every=True)
            if not parts:
                continue
            said = [part.span.of(sentence) for part in parts]
            return Example(
                signals=part_signals(question, sentence, parts),
                exact=np.array([max(float(_normal(s) == _normal(gold)) for gold in item.answers) for s in said]),
                f1=np.array([max(f1(s, gold) for gold in item.answers) for s in said]),
                fold=hashlib.sha1(document.encode()).digest()[1] % FOLDS,  # noqa: S324 - a split, no secret
            )
    return None


def _matrix(example: Example, names: Sequence[str]) -> np.ndarray:
    return np.array([[row.get(name, 0.0) for name in names] for row in example.signals])


def _solve(examples: Sequence[Example], names: Sequence[str]) -> np.ndarray:
    from scipy.optimize import minimize

    sentences = [(_matrix(e, names), e.wanted) for e in examples if e.wanted.any()]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = 0.0, np.zeros_like(w)
        for signals, wanted in sentences:
            scores = signals @ w
            share = np.exp(scores - scores.max())
            share /= share.sum()
            value -= float(wanted @ np.log(share + 1e-12))
            gradient += signals.T @ (share - wanted)
        n = len(sentences)
        return value / n + PENALTY * float(w @ w), gradient / n + 2 * PENALTY * w

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x)


if __name__ == "__main__":
    main()
