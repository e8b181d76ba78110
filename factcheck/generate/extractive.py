"""Answers without a writing model: the sentence, value or fact of the evidence that answers a question.

For each question evidence is retrieved as it is for a claim, and cut into statements: sentences of prose, facts of a
graph, and bare values under their title and section, put as sentences. Within each, the parts that could be the answer
are found by the kind of the question; the question with such a part put in is read against the evidence by the
entailment model. A small softmax over all parts and "nothing of this" decides, its weights a JSON file
(`scripts/eval_answers.py --fit` made them). What it writes is what the evidence says, or that it does not say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from factcheck.generate.candidates import Candidate, Weighing, gather, measure, read
from factcheck.generate.parts import best_part
from factcheck.protocols import Encoder, EntailmentModel, GraphReader, Retriever
from factcheck.text.tokens import tokenize
from factcheck.types import Claim, Draft, Evidence, Span

NAME = "extractive"
_MOST_FACTS = 8
"""So many facts that answer together are said."""
DECLINED = "The evidence does not say."
DECLINED_CHINESE = "證據沒有說明。"
DECLINES = frozenset({DECLINED, DECLINED_CHINESE})
"""What a draft says that answers nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A statement that answers a question.

    Attributes:
        text: what the draft says.
        span: the answer itself, into `text`; None where the whole of it is.
        confidence: that it answers the question, in [0, 1]; not that it is true.
        evidence: where it stands.
    """

    text: str
    span: Span | None
    confidence: float
    evidence: Evidence


class ExtractiveGenerator:
    """Implements the `Generator` seam over evidence alone.

    Args:
        retriever: finds the evidence; questions are given to it as claims.
        encoder: compares questions with statements by meaning; None leaves that out.
        entailment: reads whether the evidence says what an answer would make of the question.
        reader: the graph among the evidence, to know which facts are about what is asked.
        k: pieces of evidence for each question.
        weighing: of the signals; what ships with the package unless given.
    """

    def __init__(
        self,
        retriever: Retriever,
        entailment: EntailmentModel,
        *,
        encoder: Encoder | None,
        reader: GraphReader | None = None,
        k: int,
        weighing: Weighing | None = None,
    ) -> None:
        self._retriever = retriever
        self._entailment = entailment
        self._encoder = encoder
        self._reader = reader
        self._k = k
        self._weighing = weighing or Weighing.load()

    @property
    def name(self) -> str:
        """As drafts name their author."""
        return NAME

    def draft(self, questions: Sequence[str], n: int = 1) -> list[tuple[Draft, ...]]:
        """Return up to `n` drafts for each question, the likeliest first; one that says so where nothing answers."""
        return [
            tuple(Draft(text=a.text, question=question, model=NAME, answer=a.span) for a in answers)
            or (Draft(text=declined(question), question=question, model=NAME),)
            for question, answers in zip(questions, self.answers(questions, n), strict=True)
        ]

    def answers(self, questions: Sequence[str], n: int = 1) -> list[tuple[Answer, ...]]:
        """Return up to `n` different answers for each question, best first; none where the evidence does not say."""
        return [choose(found, self._weighing, n) for found in self.candidates(questions)]

    def candidates(self, questions: Sequence[str]) -> list[list[Candidate]]:
        """Return everything that could be an answer, with its signals; aligned with the questions."""
        if not questions:
            return []
        claims = [Claim(id=f"q{i}", text=q, span=Span(start=0, end=len(q))) for i, q in enumerate(questions)]
        found = self._retriever.retrieve(claims, self._k)
        known = [None] * len(claims) if self._reader is None else self._reader.ask(claims)
        source = "" if self._reader is None else self._reader.source
        gathered = [
            gather(question, evidence, answer, source)
            for question, evidence, answer in zip(questions, found, known, strict=True)
        ]
        measured = measure(gathered, self._encoder, self._weighing)
        return read(measured, self._entailment)


def declined(question: str) -> str:
    """Return what is said where the evidence does not answer."""
    chinese = any("\u4e00" <= character <= "\u9fff" for character in question)
    return DECLINED_CHINESE if chinese else DECLINED


def choose(candidates: Sequence[Candidate], weighing: Weighing, n: int) -> tuple[Answer, ...]:
    """Return the `n` best statements that are likelier than the threshold.

    The share of a statement is that of its parts in a softmax over all parts and "nothing of this". Its confidence is
    the share of all statements that give the same answer, since agreement is no reason for doubt. Facts that answer
    together are said together.
    """
    if not candidates:
        return ()
    scores = np.array([weighing.score(c.signals) for c in candidates])
    top = max(float(scores.max()), 0.0)
    weights = np.exp(scores - top)
    total = float(weights.sum()) + math.exp(-top)
    shares: dict[str, float] = {}
    best: dict[str, tuple[tuple[bool, float], Candidate]] = {}
    for candidate, weight in zip(candidates, weights.tolist(), strict=True):
        key = candidate.statement.text
        shares[key] = shares.get(key, 0.0) + weight / total
        # A part says more plainly what the answer is than the whole statement does, which stands around it anyway.
        rank = (candidate.span is not None, weight)
        if key not in best or rank > best[key][0]:
            best[key] = (rank, candidate)
    same = {key: _same(chosen) for key, (_, chosen) in best.items()}
    together: dict[str, float] = {}
    for key, share in shares.items():
        together[same[key]] = together.get(same[key], 0.0) + share
    ranked = sorted(shares, key=lambda key: (-together[same[key]], -shares[key], key))
    answers: dict[str, Answer] = {}
    for key in ranked:
        confidence = min(together[same[key]], 1.0)
        group = best[key][1].statement.group or key
        if confidence >= weighing.threshold and group not in answers and len(answers) < n:
            answers[group] = _answer(best[key][1], candidates, confidence)
    return tuple(answers.values())


def _same(candidate: Candidate) -> str:
    """Return what is equal for candidates that give the same answer."""
    if candidate.statement.group:
        return candidate.statement.group
    return " ".join(tokenize(candidate.words)) or candidate.statement.text


def _answer(candidate: Candidate, candidates: Sequence[Candidate], confidence: float) -> Answer:
    statement = candidate.statement
    text = statement.shown
    if statement.group:
        others = {c.statement.text: c.statement.rank for c in candidates if c.statement.group == statement.group}
        others.pop(statement.text, None)
        if others:  # the answer is all of them
            text = " ".join([text, *sorted(others, key=lambda other: others[other])[: _MOST_FACTS - 1]])
            return Answer(text=text, span=None, confidence=confidence, evidence=statement.evidence)
    span = candidate.shown_span
    if statement.value_at is None and statement.answer is None:
        part = best_part(candidate.question, statement.text)
        span = span if part is None else part.shifted(statement.offset)
    return Answer(text=text, span=span, confidence=confidence, evidence=statement.evidence)
