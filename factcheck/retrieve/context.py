"""Evidence from texts that come with the question: nothing is built, nothing is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from factcheck.protocols import Encoder, Vectors
from factcheck.text.tokens import tokenize
from factcheck.types import Claim, Evidence, Passage, TextKind

_RANK_CONSTANT = 60.0


class ContextRetriever:
    """Implements the `Retriever` seam over a handful of passages.

    Up to `k` passages are all evidence, in their own order. Beyond that the best are taken, by the reciprocal ranks
    (Cormack, Clarke and Büttcher 2009) of the encoder's cosine and of the share of the claim's tokens, the rare ones
    weighing more.
    """

    def __init__(self, passages: Sequence[Passage], encoder: Callable[[], Encoder]) -> None:
        """Keep the passages; the encoder is only asked for when there are more of them than evidence is wanted."""
        self._passages = list({passage.id: passage for passage in passages}.values())
        self._encoder = encoder
        self._vectors: Vectors | None = None
        self._tokens = [frozenset(tokenize(passage.premise)) for passage in self._passages]
        self._frequency = Counter(token for tokens in self._tokens for token in tokens)

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        """Return up to `k` passages for each claim, best first."""
        if len(self._passages) <= k:
            everything = tuple(_evidence(passage, 1.0) for passage in self._passages)
            return [everything for _ in claims]
        if not claims:
            return []
        encoder = self._encoder()
        if self._vectors is None:
            self._vectors = encoder.encode([passage.premise for passage in self._passages], TextKind.PASSAGE)
        queries = encoder.encode([claim.text for claim in claims], TextKind.QUERY)
        # Vector by vector: one product for all would round a claim's cosines by how many claims there are.
        return [self._best(claim.text, self._vectors @ query, k) for claim, query in zip(claims, queries, strict=True)]

    def _best(self, claim: str, cosines: np.ndarray[tuple[int], np.dtype[np.float32]], k: int) -> tuple[Evidence, ...]:
        need = set(tokenize(claim))
        rarity = {token: np.log1p(len(self._passages) / self._frequency[token]) for token in need & {*self._frequency}}
        overlap = np.array([sum(rarity[token] for token in need & tokens) for tokens in self._tokens])
        scores = _reciprocal_ranks(np.asarray(cosines)) + _reciprocal_ranks(overlap)
        best = np.argsort(-scores, kind="stable")[:k]
        return tuple(_evidence(self._passages[i], float(scores[i])) for i in best)


def _reciprocal_ranks(scores: np.ndarray[tuple[int], np.dtype[np.floating]]) -> np.ndarray:
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return 1.0 / (_RANK_CONSTANT + ranks)


def _evidence(passage: Passage, score: float) -> Evidence:
    return Evidence(id=passage.id, text=passage.text, source=passage.source, score=score, passage=passage)
