"""Sets and systems that are easy to work out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from factcheck.evaluation.pairs import Pair, PairSet, kind_of
from factcheck.evaluation.systems import Answer
from factcheck.metrics.labels import Floats
from factcheck.types import Probabilities


def pair_set(gold: Sequence[int], *, name: str = "set", claims: Sequence[str] | None = None) -> PairSet:
    rows = tuple(
        Pair(claim=claims[n] if claims else f"c{n}", evidence=f"e{n}", gold=label, line=n + 1)
        for n, label in enumerate(gold)
    )
    return PairSet(
        name=name, path=Path(f"{name}.jsonl"), sha256="0" * 64, kind=kind_of(set(gold)), rows=rows, other=rows
    )


def answer(supported: float, refuted: float) -> Answer:
    rest = 1 - supported - refuted
    return Answer(probabilities=Probabilities(supported=supported, refuted=refuted, not_enough_info=rest), reason="so")


FAILED = Answer(probabilities=None, reason="it broke")


@dataclass(frozen=True)
class ListedSystem:
    """Answers by the evidence's number."""

    answers: Sequence[Answer]
    name: str = "listed"
    identity: dict[str, object] = field(default_factory=dict)

    def judge(self, rows: Sequence[Pair]) -> list[Answer]:
        return [self.answers[row.line - 1] for row in rows]


@dataclass(frozen=True)
class NumberSystem:
    """Gives one number by the claim."""

    numbers: Mapping[str, float]
    name: str = "numbers"
    identity: dict[str, object] = field(default_factory=dict)

    def support(self, rows: Sequence[Pair]) -> Floats:
        return np.array([self.numbers[row.claim] for row in rows])
