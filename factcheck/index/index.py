"""The index: what was built, opened for searching."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType

import numpy as np

from factcheck.config import RetrieveSettings
from factcheck.errors import UsageError
from factcheck.index.analysis import analyse, analyse_query
from factcheck.index.bm25 import Bm25
from factcheck.index.build import BuildReport, build_index
from factcheck.index.fill import Progress
from factcheck.index.manifest import INDEX, IndexBody, body_of
from factcheck.index.passages import PassageSettings
from factcheck.index.rank import Ranking, fuse_halves
from factcheck.index.segment import Segment
from factcheck.index.update import (
    UpdateReport,
    add_documents,
    compact_index,
    refuse_other_encoder,
    remove_documents,
)
from factcheck.index.vectors import TARGET_RECALL, SegmentVectors, exact_rows
from factcheck.protocols import Encoder, Vectors
from factcheck.provenance import Generation, open_generation
from factcheck.types import Passage, TextKind


class SearchMode(StrEnum):
    """Which half of an index answers; `fused` is both, by rank."""

    DENSE = "dense"
    LEXICAL = "lexical"
    FUSED = "fused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that was found.

    Attributes:
        score: cosine, BM25 or fused, as the mode says; comparable within one query only.
        dense_rank: from 1, where the dense half found it among its candidates; `lexical_rank` likewise.
    """

    passage: Passage
    score: float
    dense_rank: int | None = None
    lexical_rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """What an index is, for people and for reports; `bytes` is of all its files."""

    path: str
    generation: int
    sha256: str
    schema: int
    bytes: int
    files: int
    body: IndexBody


class Index:
    """One generation of an index; it stays what it was when it was opened, whatever is published later.

    Searching from several threads is safe. Close it, or use it as a context manager, to let go of its files.
    """

    def __init__(self, generation: Generation, body: IndexBody, encoder: Encoder | None, threads: int = 0) -> None:
        """Take a generation that was checked; `Index.open` is the way in."""
        self._threads = threads
        self._generation = generation
        self._body = body
        self._encoder = encoder
        self._segments: list[Segment] = []
        self._vectors: list[SegmentVectors] = []
        self._bm25 = Bm25(())

    @classmethod
    def build(
        cls,
        sources: Sequence[Path],
        out: Path,
        encoder: Encoder,
        *,
        passages: PassageSettings | None = None,
        factory: str | None = None,
        target_recall: float = TARGET_RECALL,
        progress: Progress | None = None,
        lock_timeout_seconds: float = 10.0,
    ) -> BuildReport:
        """Build an index from files and folders; `factcheck.index.build.build_index` tells all."""
        return build_index(
            sources,
            out,
            encoder,
            passages=passages,
            factory=factory,
            target_recall=target_recall,
            progress=progress,
            lock_timeout_seconds=lock_timeout_seconds,
        )

    @classmethod
    def add(
        cls,
        sources: Sequence[Path],
        path: Path,
        encoder: Encoder,
        *,
        progress: Progress | None = None,
        lock_timeout_seconds: float = 10.0,
    ) -> UpdateReport:
        """Add documents, and those that changed anew; `factcheck.index.update.add_documents` tells all."""
        return add_documents(sources, path, encoder, progress=progress, lock_timeout_seconds=lock_timeout_seconds)

    @classmethod
    def remove(
        cls,
        identities: Sequence[str],
        path: Path,
        encoder: Callable[[], Encoder],
        *,
        lock_timeout_seconds: float = 10.0,
    ) -> UpdateReport:
        """Remove documents by id; `factcheck.index.update.remove_documents` tells all."""
        return remove_documents(identities, path, encoder, lock_timeout_seconds=lock_timeout_seconds)

    @classmethod
    def compact(
        cls, path: Path, *, progress: Progress | None = None, lock_timeout_seconds: float = 10.0
    ) -> UpdateReport:
        """Merge all segments into one; `factcheck.index.update.compact_index` tells all."""
        return compact_index(path, progress=progress, lock_timeout_seconds=lock_timeout_seconds)

    @classmethod
    def open(cls, path: Path | str, encoder: Encoder | None = None, *, threads: int = 0) -> Index:
        """Check and open the current generation.

        Args:
            path: the index's folder.
            encoder: the one that it was built with; without one only the lexical half answers.
            threads: for FAISS, when many queries are searched at once; 0 for as many as it takes by itself.

        Raises:
            IntegrityError: a file is missing, unknown or changed.
            SchemaVersionError: a newer version wrote it.
            EncoderMismatchError: it was built with another encoder; FAISS has not been called then.
        """
        generation = open_generation(Path(path), INDEX)
        try:
            body = body_of(generation)
            if encoder is not None:
                refuse_other_encoder(body.encoder, encoder, generation.root)
        except BaseException:
            generation.close()
            raise
        index = cls(generation, body, encoder, threads)
        try:
            index._load()
        except BaseException:
            index.close()
            raise
        return index

    @property
    def sha256(self) -> str:
        """Of the manifest: it names this very generation."""
        return self._generation.sha256

    @property
    def generation(self) -> int:
        """The number of the generation."""
        return self._generation.manifest.generation

    @property
    def path(self) -> Path:
        """The index's folder."""
        return self._generation.root

    def __len__(self) -> int:
        return self._body.counts.passages

    def info(self) -> IndexInfo:
        """Say what the index is."""
        return info_of(self._generation, self._body)

    def search(
        self,
        texts: Sequence[str],
        k: int,
        mode: SearchMode = SearchMode.FUSED,
        settings: RetrieveSettings | None = None,
    ) -> list[list[Hit]]:
        """Return up to `k` passages for each text, best first; the lower row stands first among equals.

        Args:
            texts: queries, encoded in one batch.
            k: how many passages each gets.
            mode: which half answers.
            settings: weights, rank constant and number of candidates of the fusion.

        Raises:
            UsageError: a dense search without an encoder.
        """
        settings = settings or RetrieveSettings()
        k = max(0, min(k, len(self)))
        depth = max(k, settings.candidates) if mode is SearchMode.FUSED else k
        nothing: list[Ranking] = [[] for _ in texts]
        dense = nothing if mode is SearchMode.LEXICAL else self.rank_dense(texts, depth)
        lexical = nothing if mode is SearchMode.DENSE else self.rank_lexical(texts, depth)
        return [self._hits(*pair, k, mode, settings) for pair in zip(dense, lexical, strict=True)]

    def rank_dense(self, texts: Sequence[str], k: int) -> list[Ranking]:
        """Return up to `k` rows for each text with their cosines.

        Raises:
            UsageError: the index was opened without an encoder.
        """
        if self._encoder is None:
            raise UsageError("a dense search needs the encoder of the index", remedy="open the index with it")
        if not texts or k < 1:
            return [[] for _ in texts]
        queries = self._encoder.encode(list(texts), TextKind.QUERY)
        found: list[Ranking] = [[] for _ in texts]
        offset = 0
        for vectors in self._vectors:
            rows, scores = vectors.search(queries, k, self._threads)
            for ranking, its_rows, its_scores in zip(found, rows.tolist(), scores.tolist(), strict=True):
                ranking.extend((offset + r, s) for r, s in zip(its_rows, its_scores, strict=True) if r >= 0)
            offset += len(vectors)
        return [sorted(ranking, key=lambda pair: (-pair[1], pair[0]))[:k] for ranking in found]

    def rank_lexical(self, texts: Sequence[str], k: int) -> list[Ranking]:
        """Return up to `k` rows for each text with their BM25 scores, all above 0."""
        rankings = []
        for text in texts:
            rows, scores = self._bm25.rank(analyse_query(text), k)
            rankings.append(list(zip(rows.tolist(), scores.tolist(), strict=True)))
        return rankings

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of `rows`, in their order; rows run on from segment to segment, removed ones included."""
        found: dict[int, Passage] = {}
        offset = 0
        for segment in self._segments:
            own = [row for row in dict.fromkeys(rows) if offset <= row < offset + segment.part.passages]
            found.update(zip(own, segment.table.passages([row - offset for row in own]), strict=True))
            offset += segment.part.passages
        try:
            return [found[row] for row in rows]
        except KeyError as error:
            raise IndexError(f"the index has {offset} rows, and no row {error}") from None

    def __iter__(self) -> Iterator[Passage]:
        """Yield all passages that are not removed, in the order of their rows."""
        for segment in self._segments:
            for row, passage in enumerate(segment.table):
                if segment.passages is None or segment.passages[row]:
                    yield passage

    def export(self) -> Iterator[tuple[Passage, Vectors, dict[str, float]]]:
        """Yield all passages that are not removed, each with its vector and the BM25 weight of each of its terms.

        A weight holds the statistics of the whole generation, so that the sum over the terms of a query is the score.

        Raises:
            UsageError: the index was opened without an encoder, and so without vectors.
        """
        if self._encoder is None:
            raise UsageError("vectors are only read with the encoder of the index", remedy="open the index with it")
        for number, segment in enumerate(self._segments):
            for row, passage in enumerate(segment.table):
                if segment.passages is None or segment.passages[row]:
                    vector = exact_rows(self._vectors[number], np.array([row], dtype=np.int64))[0]
                    yield passage, vector, self._bm25.weights(number, row, analyse(passage.premise))

    def close(self) -> None:
        """Let go of all files."""
        for segment in self._segments:
            segment.close()
        self._segments, self._vectors, self._bm25 = [], [], Bm25(())
        self._generation.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _load(self) -> None:
        for part in self._body.segments:
            self._segments.append(Segment(self._generation, self._body, part))
        self._bm25 = Bm25(
            [segment.postings() for segment in self._segments], [segment.passages for segment in self._segments]
        )
        if self._encoder is not None:
            self._vectors = [segment.vectors() for segment in self._segments]

    def _hits(
        self, dense: Ranking, lexical: Ranking, k: int, mode: SearchMode, settings: RetrieveSettings
    ) -> list[Hit]:
        if mode is SearchMode.FUSED:
            fused = fuse_halves(
                dense,
                lexical,
                dense_weight=settings.dense_weight,
                lexical_weight=settings.lexical_weight,
                rank_constant=settings.rank_constant,
            )[:k]
        else:
            fused = (dense or lexical)[:k]
        dense_ranks = {row: rank for rank, (row, _) in enumerate(dense, 1)}
        lexical_ranks = {row: rank for rank, (row, _) in enumerate(lexical, 1)}
        return [
            Hit(passage=passage, score=score, dense_rank=dense_ranks.get(row), lexical_rank=lexical_ranks.get(row))
            for (row, score), passage in zip(fused, self.passages([row for row, _ in fused]), strict=True)
        ]


def info_of(generation: Generation, body: IndexBody) -> IndexInfo:
    """Say what a generation is."""
    files = generation.manifest.files
    return IndexInfo(
        path=str(generation.root),
        generation=generation.manifest.generation,
        sha256=generation.sha256,
        schema=generation.manifest.schema,
        bytes=sum(entry.size for entry in files.values()),
        files=len(files),
        body=body,
    )
