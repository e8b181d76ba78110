"""Claims to passages of an index."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck.config import RetrieveSettings
from factcheck.index.index import Hit, Index, SearchMode
from factcheck.types import Claim, Evidence


class PassageRetriever:
    """Finds passages by meaning and by words, and fuses both by rank.

    Args:
        index: an open one, with its encoder unless `mode` is lexical.
        settings: weights, rank constant and number of candidates.
        mode: both halves, or one of them alone.
    """

    def __init__(
        self, index: Index, settings: RetrieveSettings | None = None, *, mode: SearchMode = SearchMode.FUSED
    ) -> None:
        self._index = index
        self._settings = settings or RetrieveSettings()
        self._mode = mode

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        """Return up to `k` passages for each claim, best first; equal claims are searched once."""
        texts = list(dict.fromkeys(claim.text for claim in claims))
        hits = dict(zip(texts, self._index.search(texts, k, self._mode, self._settings), strict=True))
        return [tuple(_evidence(hit) for hit in hits[claim.text]) for claim in claims]


def _evidence(hit: Hit) -> Evidence:
    passage = hit.passage
    return Evidence(
        id=passage.id,
        text=passage.text,
        # Who says so falls back to the document: two documents of unknown source are two voices.
        source=passage.source or passage.document_id,
        score=hit.score,
        passage=passage,
    )
