"""Dense, lexical and fused retrieval on folders in BEIR's layout: corpus.jsonl.gz, queries.jsonl.gz and qrels.tsv.

The corpus is built into a real index, which later runs use again. A query belongs to the odd or the even half by the
SHA-1 of its text: what is tuned is tuned on the even half, what is reported is measured on the odd one.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from factcheck.config import RetrieveSettings
from factcheck.errors import InputError
from factcheck.evaluation.pairs import Half
from factcheck.index import Index
from factcheck.index.rank import Ranking, fuse_halves
from factcheck.metrics import ndcg_at_k, recall_at_k, reciprocal_rank
from factcheck.metrics.labels import Floats
from factcheck.metrics.resampling import draw, interval, paired_difference
from factcheck.protocols import Encoder
from factcheck.types import Passage

DEPTH = 200
_BATCH = 16

Run = dict[str, list[str]]
"""Document ids for each query, best first."""

MEASURES: dict[str, Callable[[Sequence[str], Mapping[str, float]], float]] = {
    "recall@5": lambda ranking, relevant: recall_at_k(ranking, relevant, 5),
    "recall@20": lambda ranking, relevant: recall_at_k(ranking, relevant, 20),
    "ndcg@10": lambda ranking, relevant: ndcg_at_k(ranking, relevant, 10),
    "mrr": lambda ranking, relevant: reciprocal_rank(ranking, relevant),
}
"""Of one query; rankings are 200 documents deep at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuerySet:
    """Queries with what is relevant for them, and the rankings of passages that each half of the search gave.

    Attributes:
        documents: of each passage.
    """

    name: str
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, float]]
    documents: Sequence[str]
    dense: Mapping[str, Ranking]
    lexical: Mapping[str, Ranking]

    def fused(self, settings: RetrieveSettings) -> Run:
        """Return what a fusion of both halves gives."""
        return {
            query: self.to_documents(
                row
                for row, _ in fuse_halves(
                    self.dense[query][: settings.candidates],
                    self.lexical[query][: settings.candidates],
                    dense_weight=settings.dense_weight,
                    lexical_weight=settings.lexical_weight,
                    rank_constant=settings.rank_constant,
                )
            )
            for query in self.queries
        }

    def to_documents(self, rows: Iterable[int]) -> list[str]:
        """Return the documents of passages, each where its best passage stands."""
        return list(dict.fromkeys(self.documents[row] for row in rows))

    def run(self, rankings: Mapping[str, Ranking]) -> Run:
        """Return the documents for rankings of passages."""
        return {query: self.to_documents(row for row, _ in ranking) for query, ranking in rankings.items()}

    def runs(self, settings: RetrieveSettings) -> dict[str, Run]:
        """Return the runs of both halves of the search and of their fusion."""
        return {"fused": self.fused(settings), "dense": self.run(self.dense), "lexical": self.run(self.lexical)}


def open_set(
    folder: Path,
    work: Path,
    encoder: Encoder,
    *,
    half: Half = Half.ODD,
    own_documents: bool = False,
    progress: Callable[[str], None] | None = None,
) -> QuerySet:
    """Build the folder's index unless it is there, and rank its passages for every query of one half.

    Args:
        folder: in BEIR's layout.
        work: where indexes are built and kept.
        encoder: of the dense half.
        half: of the queries.
        own_documents: whether a query may only be answered from documents whose id begins with its own, as in sets
            whose claims cite one article each.
        progress: told what is being done.

    Raises:
        InputError: the folder lacks a file, or one of them cannot be read.
    """
    tell = progress or (lambda _: None)
    for name in ("corpus.jsonl.gz", "queries.jsonl.gz", "qrels.tsv"):
        if not (folder / name).is_file():
            raise InputError(f"holds no {name}", where=folder, remedy="name a folder in BEIR's layout")
    place = work / f"{folder.name}-{encoder.sha256[:8]}"
    if not (place / "CURRENT").exists():
        tell(f"building {place}")
        Index.build([_corpus(folder, work, own_documents=own_documents)], place, encoder)
    with Index.open(place, encoder) as index:
        return rank_all(folder, index, half, own_documents=own_documents, tell=tell)


def _corpus(folder: Path, work: Path, *, own_documents: bool) -> Path:
    """Return the corpus to build from.

    Where queries may only be answered from one article, an equal sentence of another article is no duplicate: the
    article is written down as its source.
    """
    corpus = folder / "corpus.jsonl.gz"
    if not own_documents:
        return corpus
    copy = work / f"{folder.name}.jsonl"
    copy.parent.mkdir(parents=True, exist_ok=True)
    with copy.open("wb") as file:
        for row in read_rows(corpus):
            file.write(orjson.dumps({**row, "source": row["_id"].rsplit("-", 1)[0]}) + b"\n")
    return copy


def rank_all(folder: Path, index: Index, half: Half, *, own_documents: bool, tell: Callable[[str], None]) -> QuerySet:
    """Rank the passages for every query of one half."""
    relevant = _qrels(folder / "qrels.tsv")
    queries = {
        row["_id"]: row["text"]
        for row in read_rows(folder / "queries.jsonl.gz")
        if row["_id"] in relevant and in_half(row["text"], half)
    }
    if not queries:
        raise InputError(f"holds no judged query of the {half} half", where=folder)
    documents = [passage.document_id for passage in passages_of(index)]
    allowed = _allowed_rows(documents, queries) if own_documents else None
    dense: dict[str, Ranking] = {}
    lexical: dict[str, Ranking] = {}
    depth = DEPTH if allowed is None else len(index)
    ids = list(queries)
    for at in range(0, len(ids), _BATCH):
        some = ids[at : at + _BATCH]
        texts = [queries[query] for query in some]
        for into, rankings in ((dense, index.rank_dense(texts, depth)), (lexical, index.rank_lexical(texts, depth))):
            for query, ranking in zip(some, rankings, strict=True):
                into[query] = _allowed_part(ranking, None if allowed is None else allowed[query])
        tell(f"{folder.name}: {len(dense):,} of {len(ids):,} queries")
    return QuerySet(
        name=folder.name,
        queries=queries,
        relevant={query: relevant[query] for query in queries},
        documents=documents,
        dense=dense,
        lexical=lexical,
    )


def measure_set(found: QuerySet, settings: RetrieveSettings, *, resamples: int = 1000, seed: int = 7) -> dict[str, Any]:
    """Return the figures of the three ways of searching as JSON values, with intervals over queries."""
    scores = {mode: scores_of(run, found.relevant) for mode, run in found.runs(settings).items()}
    weights = draw(list(found.relevant), resamples, seed)
    total = weights.sum(axis=1)
    drawn = {
        mode: {name: (weights @ values) / total for name, values in measures.items()}
        for mode, measures in scores.items()
    }
    figures: dict[str, Any] = {"queries": len(found.queries), "passages": len(found.documents)}
    figures["modes"] = {}
    for mode, measures in scores.items():
        intervals = {name: interval(float(v.mean()), drawn[mode][name]) for name, v in measures.items()}
        figures["modes"][mode] = {
            name: {"value": round(i.value, 4), "low": round(i.low, 4), "high": round(i.high, 4)}
            for name, i in intervals.items()
        }
    figures["differences"] = []
    for other in ("dense", "lexical"):
        value = float((scores["fused"]["ndcg@10"] - scores[other]["ndcg@10"]).mean())
        apart = paired_difference(value, drawn["fused"]["ndcg@10"], drawn[other]["ndcg@10"])
        row = {"value": apart.value, "low": apart.low, "high": apart.high, "p": apart.p}
        figures["differences"].append(
            {"against": other, "metric": "ndcg@10", **{key: round(number, 4) for key, number in row.items()}}
        )
    return figures


def scores_of(run: Run, relevant: Mapping[str, Mapping[str, float]]) -> dict[str, Floats]:
    """Return every measure of every query, `(queries,)` each, in the order of `relevant`."""
    return {
        name: np.array([measure(run[query], relevant[query]) for query in relevant])
        for name, measure in MEASURES.items()
    }


def in_half(text: str, half: Half) -> bool:
    """Say whether a query belongs to a half."""
    odd = int(hashlib.sha1(text.encode("utf-8"), usedforsecurity=False).hexdigest(), 16) % 2 == 1
    return half is Half.ALL or odd == (half is Half.ODD)


def passages_of(index: Index) -> Iterator[Passage]:
    """Yield all passages in the order of their rows."""
    for at in range(0, len(index), 500):
        yield from index.passages(range(at, min(at + 500, len(index))))


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a gzipped JSON Lines file.

    Raises:
        InputError: it cannot be read, or a row lacks `_id`.
    """
    try:
        with gzip.open(path) as file:
            for number, line in enumerate(file, 1):
                row = orjson.loads(line)
                if not isinstance(row, dict) or not isinstance(row.get("_id"), str):
                    raise InputError(f"line {number} has no '_id'", where=path)
                yield row
    except (OSError, EOFError, orjson.JSONDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=path) from error


def _qrels(path: Path) -> dict[str, dict[str, float]]:
    relevant: dict[str, dict[str, float]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        try:
            query, document, score = line.split("\t")
            relevant.setdefault(query, {})[document] = float(score)
        except ValueError as error:
            raise InputError(f"line {number} is not query, document and score", where=path) from error
    return relevant


def _allowed_part(ranking: Ranking, allowed: Collection[int] | None) -> Ranking:
    """Return the part of a ranking that a query may be answered from."""
    return [(row, score) for row, score in ranking if allowed is None or row in allowed][:DEPTH]


def _allowed_rows(documents: Sequence[str], queries: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return for each query the rows of the article that it cites."""
    by_prefix: dict[str, list[int]] = {}
    for row, document in enumerate(documents):
        by_prefix.setdefault(document.rsplit("-", 1)[0], []).append(row)
    return {query: frozenset(by_prefix.get(query, ())) for query in queries}
