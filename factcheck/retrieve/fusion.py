"""Evidence from several retrievers as one list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from factcheck.errors import UsageError
from factcheck.index.rank import reciprocal_rank_fusion
from factcheck.protocols import Retriever
from factcheck.text.tokens import tokenize
from factcheck.types import Claim, Evidence

_DEPTH = 2
"""How many times its share a retriever is asked for, since some of what it finds may say the same."""

_LEANS = re.compile(r"(?:he|she|they|his|her|their|its?)\b(?!['’]s\b)", re.IGNORECASE)
_STANDS = re.compile(
    r"it(?: is| was| has been| had been)\b.*\b(?:that|who|whom|where|when|to)\b|it (?:takes|took|rains|snows)",
    re.IGNORECASE | re.DOTALL,
)


def names_its_subject(text: str) -> bool:
    """Say whether a claim stands alone; one that opens with "she" or "its" may speak of anybody and of anything."""
    return _LEANS.match(text) is None or _STANDS.match(text) is not None


class CombinedRetriever:
    """Fuses several retrievers by rank and leaves out what a better-ranked piece of evidence already says.

    Args:
        parts: retrievers, each with the most pieces of evidence that it may give for a claim; which is also the order
            among equals.
        weights: one for each; all 1 by default.
        rank_constant: of the reciprocal rank fusion.
        named_only: nothing is found for a claim that does not say of whom or what it speaks. What a whole corpus has
            that is like it speaks of another, and would refute what is true.
    """

    def __init__(
        self,
        parts: Sequence[tuple[Retriever, int]],
        weights: Sequence[float] | None = None,
        *,
        rank_constant: float = 60.0,
        named_only: bool = False,
    ) -> None:
        self._parts = tuple(parts)
        self._weights = tuple(weights) if weights is not None else (1.0,) * len(self._parts)
        if len(self._weights) != len(self._parts):
            raise UsageError(f"{len(self._parts)} retrievers need as many weights, not {len(self._weights)}")
        self._rank_constant = rank_constant
        self._named_only = named_only

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        """Return up to `k` pieces of evidence for each claim, best first, with the fused score."""
        found = [
            [collapse_near_duplicates(answer, share) for answer in retriever.retrieve(claims, share * _DEPTH)]
            for retriever, share in self._parts
        ]
        return [
            () if self._named_only and not names_its_subject(claim.text) else self._fuse([a[i] for a in found], k)
            for i, claim in enumerate(claims)
        ]

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
