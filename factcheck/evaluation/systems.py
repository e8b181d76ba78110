"""What can be measured on pairs: the whole decision, a model alone, word overlap, likeness of meaning.

Systems of the first two kinds give three probabilities. The other two give one number, which decides nothing by itself:
their threshold is chosen on the half of the claims that is not reported, by balanced accuracy of SUPPORTED, and they
never say REFUTED.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from factcheck.evaluation.pairs import Pair
from factcheck.metrics.labels import Floats
from factcheck.protocols import Encoder, EntailmentModel
from factcheck.text.sentences import split_sentences
from factcheck.train.neighbours import coverage
from factcheck.types import Case, Claim, Evidence, Probabilities, Span, TextKind
from factcheck.verify.entailment import EntailmentChecker

BATCH = 64
_WINDOW_CHARACTERS = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a system says of one pair.

    Attributes:
        probabilities: None where the pair could not be judged.
        reason: why, in words, if the system gives reasons; of a failure, what failed.
        evidence: which of several pieces of evidence decided, and `span` what in it.
    """

    probabilities: Probabilities | None
    reason: str = ""
    evidence: int | None = None
    span: Span | None = None


@runtime_checkable
class ProbabilitySystem(Protocol):
    """Pairs to three probabilities each."""

    @property
    def name(self) -> str:
        """As it stands in tables; distinct in a run."""

    @property
    def identity(self) -> dict[str, object]:
        """What is measured: specification, name and hash of the model."""

    def judge(self, rows: Sequence[Pair]) -> list[Answer]:
        """Answer each row, in order."""


@runtime_checkable
class ScoringSystem(Protocol):
    """Pairs to one number each: the larger, the likelier supported."""

    @property
    def name(self) -> str:
        """As it stands in tables; distinct in a run."""

    @property
    def identity(self) -> dict[str, object]:
        """What is measured: specification, name and hash of the model."""

    def support(self, rows: Sequence[Pair]) -> Floats:
        """Return `(len(rows),)` finite numbers."""


System = ProbabilitySystem | ScoringSystem


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingSystem:
    """The whole road of `factcheck score`.

    Attributes:
        score: answers pairs of claim and evidence, in order.
        identity: what is measured: specification, name and hash of the model.
    """

    name: str
    score: Callable[[Sequence[tuple[str, str | Sequence[str]]]], list[Answer]]
    identity: dict[str, object]

    def judge(self, rows: Sequence[Pair]) -> list[Answer]:
        """Answer each row, in order."""
        return self.score([(row.claim, row.evidence) for row in rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSystem:
    """An entailment model alone, over windows as the checker reads them; no numbers, no decision."""

    name: str
    model: EntailmentModel
    identity: dict[str, object]

    def judge(self, rows: Sequence[Pair]) -> list[Answer]:
        """Answer each row; of several pieces of evidence the one that is furthest from neutral counts."""
        answers = []
        for result in EntailmentChecker(self.model).check([_case(row) for row in rows]):
            best = max(result.judgements, key=lambda j: 1 - j.probabilities.not_enough_info, default=None)
            if best is None:
                none = Probabilities(supported=0.0, refuted=0.0, not_enough_info=1.0)
                answers.append(Answer(probabilities=none, reason="There is no evidence."))
                continue
            place = int(best.evidence_ids[0].removeprefix("e"))
            answers.append(Answer(probabilities=best.probabilities, reason=best.reason, evidence=place, span=best.span))
        return answers


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapSystem:
    """Share of the claim's content words that stand in the best window of the evidence."""

    name: str
    identity: dict[str, object]

    def support(self, rows: Sequence[Pair]) -> Floats:
        """Return `(len(rows),)` shares in [0, 1]."""
        return np.array([max((coverage(row.claim, text) for text in windows(row)), default=0.0) for row in rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class CosineSystem:
    """Likeness of claim and evidence to an encoder: the cosine of the claim with the best window."""

    name: str
    encoder: Encoder
    identity: dict[str, object]

    def support(self, rows: Sequence[Pair]) -> Floats:
        """Return `(len(rows),)` cosines in [-1, 1]."""
        parts = [windows(row) for row in rows]
        claims = self.encoder.encode([row.claim for row in rows], TextKind.QUERY)
        texts = list(dict.fromkeys(text for part in parts for text in part))
        vectors = self.encoder.encode(texts, TextKind.PASSAGE)
        place = {text: number for number, text in enumerate(texts)}
        return np.array(
            [
                max((float(claim @ vectors[place[text]]) for text in part), default=-1.0)
                for claim, part in zip(claims, parts, strict=True)
            ],
            dtype=np.float64,
        )


def windows(row: Pair) -> list[str]:
    """Return runs of whole sentences of about 110 words, each piece of evidence for itself; neighbours share one."""
    texts = []
    for text in [row.evidence] if isinstance(row.evidence, str) else row.evidence:
        run: list[Span] = []
        for span in split_sentences(text):
            if run and span.end - run[0].start > _WINDOW_CHARACTERS:
                texts.append(text[run[0].start : run[-1].end])
                run = run[-1:] if span.end - run[-1].start <= _WINDOW_CHARACTERS else []
            run.append(span)
        if run:
            texts.append(text[run[0].start : run[-1].end])
    return texts


def batches(rows: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    """Yield the rows in pieces, so that progress can be told and memory stays small."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _case(row: Pair) -> Case:
    several = [row.evidence] if isinstance(row.evidence, str) else row.evidence
    return Case(
        claim=Claim(id="c", text=row.claim, span=Span(start=0, end=len(row.claim))),
        evidence=tuple(
            Evidence(id=f"e{place}", text=text, source="given evidence")
            for place, text in enumerate(several)
            if text.strip()
        ),
    )
