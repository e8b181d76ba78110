"""Evidence from several retrievers as one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from factcheck.errors import UsageError
from factcheck.index.rank import reciprocal_rank_fusion
from factcheck.protocols import Retriever
from factcheck.text.tokens import tokenize
from factcheck.types import Claim, Evidence

_DEPTH = 2
"""How many times its share a retriever is asked for, since some of what it finds may say the same."""


class CombinedRetriever:
    """Fuses several retrievers by rank and leaves out what a better-ranked piece of evidence already says.

    Args:
        parts: retrievers, each with the most pieces of evidence that it may give for a claim; which is also the order
            among equals.
        weights: one for each; all 1 by default.
        rank_constant: of the reciprocal rank fusion.
    """

    def __init__(
        self,
        parts: Sequence[tuple[Retriever, int]],
        weights: Sequence[float] | None = None,
        *,
        rank_constant: float = 60.0,
    ) -> None:
        self._parts = tuple(parts)
        self._weights = tuple(weights) if weights is not None else (1.0,) * len(self._parts)
        if len(self._weights) != len(self._parts):
            raise UsageError(f"{len(self._parts)} retrievers need as many weights, not {len(self._weights)}")
        self._rank_constant = rank_constant

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        """Return up to `k` pieces of evidence for each claim, best first, with the fused score."""
        found = [
            [collapse_near_duplicates(answer, share) for answer in retriever.retrieve(claims, share * _DEPTH)]
            for retriever, share in self._parts
        ]
        return [self._fuse([answers[i] for answers in found], k) for i in range(len(claims))]

    def _fuse(self, answers: Sequence[tuple[Evidence, ...]], k: int) -> tuple[Evidence, ...]:
        by_id = {evidence.id: evidence for answer in reversed(answers) for evidence in answer}
        rankings = [[evidence.id for evidence in answer] for answer in answers]
        fused = reciprocal_rank_fusion(rankings, self._weights, self._rank_constant)
        ranked = [replace(by_id[identity], score=score) for identity, score in fused]
        return collapse_near_duplicates(ranked, k)


def collapse_near_duplicates(evidence: Sequence[Evidence], k: int) -> tuple[Evidence, ...]:
    """Return the first `k` pieces of evidence of which none only repeats a better one.

    A piece repeats another if its words stand there in one stretch and the words of its title and section stand there
    too: then nothing is lost. Texts that are merely alike stay both, since one word can be the whole difference. Facts
    of a graph are only compared with facts, since checkers read them in another way than text.
    """
    kept: list[Evidence] = []
    shown: list[tuple[str, frozenset[str]]] = []
    for candidate in evidence:
        if len(kept) >= k:
            break
        words = _stretch(candidate.text)
        heading = _heading(candidate)
        known = any(
            words in other_words and heading <= other_all and bool(candidate.triples) == bool(other.triples)
            for other, (other_words, other_all) in zip(kept, shown, strict=True)
        )
        if not known:
            kept.append(candidate)
            shown.append((words, frozenset(tokenize(candidate.premise))))
    return tuple(kept)


def _stretch(text: str) -> str:
    # Blanks at both ends, so that a word is never found inside of another.
    return f" {' '.join(tokenize(text))} "


def _heading(evidence: Evidence) -> frozenset[str]:
    passage = evidence.passage
    return frozenset() if passage is None else frozenset(tokenize(f"{passage.title} {passage.section}"))
