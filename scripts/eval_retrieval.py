"""Measure dense, lexical and fused retrieval on folders in BEIR's layout.

    python scripts/eval_retrieval.py DATA/fm2_wiki_passages DATA/wice_sentences --work /tmp/eval

A folder holds corpus.jsonl.gz, queries.jsonl.gz and qrels.tsv. Its corpus is built into a real index in the work
folder, which later runs use again. A query belongs to the odd or the even half by the SHA-1 of its text: what is tuned
is tuned on the even half (`--sweep`), what is reported is measured on the odd one. `--oracle` compares the metrics with
ranx and the lexical half with bm25s.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from factcheck.index import Index
from factcheck.index.rank import Ranking, fuse_halves
from factcheck.metrics import mean, ndcg_at_k, recall_at_k, reciprocal_rank
from factcheck.models import load_encoder
from factcheck.types import Passage

DEPTH = 200
BATCH = 16
RESTRICTED = {"wice_sentences"}
"""Sets whose queries may only be answered from the article they cite: documents whose id begins with the query's."""

WEIGHTS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
CONSTANTS = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
CANDIDATES = (50, 100, 200)

Run = dict[str, list[str]]
"""Document ids for each query, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Queries with what is relevant for them, and the rankings of passages that each half gave."""

    name: str
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, float]]
    documents: Sequence[str]  # of each passage
    dense: Mapping[str, Ranking]
    lexical: Mapping[str, Ranking]

    def fused(self, dense: float, lexical: float, constant: float, candidates: int) -> Run:
        """Return what a fusion of both halves gives."""
        return {
            query: self.to_documents(
                row
                for row, _ in fuse_halves(
                    self.dense[query][:candidates],
                    self.lexical[query][:candidates],
                    dense_weight=dense,
                    lexical_weight=lexical,
                    rank_constant=constant,
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


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="where indexes are built and kept")
    parser.add_argument("--model", default="embedded", metavar="SPEC", help="the encoder")
    parser.add_argument("--half", choices=("odd", "even", "all"), default="odd", help="of the queries (default odd)")
    parser.add_argument("--dense-weight", type=float)
    parser.add_argument("--lexical-weight", type=float)
    parser.add_argument("--rank-constant", type=float)
    parser.add_argument("--candidates", type=int)
    parser.add_argument("--sweep", action="store_true", help="try weights, constants and depths on the even half")
    parser.add_argument("--oracle", action="store_true", help="compare with ranx and bm25s")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the figures as JSON")
    args = parser.parse_args()

    encoder = load_encoder(args.model)
    sets = []
    for folder in args.sets:
        place = args.work / f"{folder.name}-{encoder.sha256[:8]}"
        if not (place / "CURRENT").exists():
            print(f"building {place} ...", flush=True)
            report = Index.build([corpus_of(folder, args.work)], place, encoder)
            print(f"  {report.passages} passages in {report.seconds:.0f} s, {report.duplicates} duplicates left out")
        with Index.open(place, encoder) as index:
            sets.append((folder, index, load(folder, index, "even" if args.sweep else args.half)))
            if args.oracle:
                compare_with_bm25s(sets[-1][2], index)
    loaded = [loaded for _, _, loaded in sets]
    if args.sweep:
        sweep(loaded)
        return
    from factcheck.config import RetrieveSettings

    defaults = RetrieveSettings()
    weights = (
        defaults.dense_weight if args.dense_weight is None else args.dense_weight,
        defaults.lexical_weight if args.lexical_weight is None else args.lexical_weight,
        defaults.rank_constant if args.rank_constant is None else args.rank_constant,
        defaults.candidates if args.candidates is None else args.candidates,
    )
    figures = {}
    for found in loaded:
        runs = {"dense": found.run(found.dense), "lexical": found.run(found.lexical), "fused": found.fused(*weights)}
        figures[found.name] = {mode: measure(run, found.relevant) for mode, run in runs.items()}
        if args.oracle:
            for run in runs.values():
                compare_with_ranx(run, found.relevant)
        print_table(found, figures[found.name], args.half)
    if args.out is not None:
        args.out.write_text(json.dumps({"half": args.half, "fusion": weights, "sets": figures}, indent=1) + "\n")


def corpus_of(folder: Path, work: Path) -> Path:
    """Return the corpus to build from.

    Where queries may only be answered from one article, an equal sentence of another article is no duplicate: the
    article is written down as its source.
    """
    corpus = folder / "corpus.jsonl.gz"
    if folder.name not in RESTRICTED:
        return corpus
    copy = work / f"{folder.name}.jsonl"
    copy.parent.mkdir(parents=True, exist_ok=True)
    with copy.open("wb") as file:
        for row in read_rows(corpus):
            file.write(orjson.dumps({**row, "source": row["_id"].rsplit("-", 1)[0]}) + b"\n")
    return copy


def load(folder: Path, index: Index, half: str) -> Set:
    """Rank the passages for every query of one half."""
    relevant: dict[str, dict[str, float]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        relevant.setdefault(query, {})[document] = float(score)
    queries = {
        row["_id"]: row["text"]
        for row in read_rows(folder / "queries.jsonl.gz")
        if row["_id"] in relevant and in_half(row["text"], half)
    }
    documents = [passage.document_id for passage in passages_of(index)]
    allowed = allowed_rows(documents, queries) if folder.name in RESTRICTED else None
    dense: dict[str, Ranking] = {}
    lexical: dict[str, Ranking] = {}
    depth = DEPTH if allowed is None else len(index)
    ids = list(queries)
    for at in range(0, len(ids), BATCH):
        some = ids[at : at + BATCH]
        texts = [queries[query] for query in some]
        for into, rankings in ((dense, index.rank_dense(texts, depth)), (lexical, index.rank_lexical(texts, depth))):
            for query, ranking in zip(some, rankings, strict=True):
                into[query] = allowed_part(ranking, None if allowed is None else allowed[query])
    return Set(
        name=folder.name,
        queries=queries,
        relevant={query: relevant[query] for query in queries},
        documents=documents,
        dense=dense,
        lexical=lexical,
    )


def allowed_part(ranking: Ranking, allowed: frozenset[int] | None) -> Ranking:
    """Return the part of a ranking that a query may be answered from."""
    return [(row, score) for row, score in ranking if allowed is None or row in allowed][:DEPTH]


def allowed_rows(documents: Sequence[str], queries: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return for each query the rows of the article that it cites."""
    by_prefix: dict[str, list[int]] = {}
    for row, document in enumerate(documents):
        by_prefix.setdefault(document.rsplit("-", 1)[0], []).append(row)
    return {query: frozenset(by_prefix.get(query, ())) for query in queries}


def in_half(text: str, half: str) -> bool:
    """Say whether a query belongs to a half."""
    odd = int(hashlib.sha1(text.encode("utf-8"), usedforsecurity=False).hexdigest(), 16) % 2 == 1
    return half == "all" or odd == (half == "odd")


def measure(run: Run, relevant: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return means over all queries; the depth of rankings is 200."""
    return {
        "recall@5": mean([recall_at_k(run[query], relevant[query], 5) for query in relevant]),
        "recall@20": mean([recall_at_k(run[query], relevant[query], 20) for query in relevant]),
        "ndcg@10": mean([ndcg_at_k(run[query], relevant[query], 10) for query in relevant]),
        "mrr": mean([reciprocal_rank(run[query], relevant[query]) for query in relevant]),
    }


def sweep(sets: Sequence[Set]) -> None:
    """Print the fusions of the even half that beat both parts on most sets, then by the mean of nDCG@10."""
    parts_best = []
    for found in sets:
        parts = {"dense": found.run(found.dense), "lexical": found.run(found.lexical)}
        shown = {mode: round(measure(run, found.relevant)["ndcg@10"], 4) for mode, run in parts.items()}
        parts_best.append(max(shown.values()))
        print(f"{found.name}: {len(found.queries)} even queries, nDCG@10 {shown}")
    results = []
    for lexical, constant, candidates in itertools.product(WEIGHTS, CONSTANTS, CANDIDATES):
        each = [measure(s.fused(1.0, lexical, constant, candidates), s.relevant)["ndcg@10"] for s in sets]
        wins = sum(value > part for value, part in zip(each, parts_best, strict=True))
        results.append((wins, mean(each), lexical, constant, candidates, [round(value, 4) for value in each]))
    for wins, total, lexical, constant, candidates, each in sorted(results, key=lambda r: (-r[0], -r[1]))[:25]:
        print(
            f"better than both parts on {wins}, mean {total:.4f}  dense 1  lexical {lexical}  constant {constant}  "
            f"candidates {candidates}  {each}"
        )


def compare_with_ranx(run: Run, relevant: Mapping[str, Mapping[str, float]]) -> None:
    """Stop if ranx computes another figure from the same run."""
    import ranx

    graded = {q: {d: round(s) for d, s in row.items()} for q, row in relevant.items()}
    scored = {q: {d: 1 / rank for rank, d in enumerate(docs, 1)} or {"-": 0.0} for q, docs in run.items()}
    names = {"recall@5": "recall@5", "recall@20": "recall@20", "ndcg@10": "ndcg@10", "mrr": "mrr"}
    theirs = ranx.evaluate(ranx.Qrels(graded), ranx.Run(scored), list(names.values()))
    for name, value in measure(run, relevant).items():
        if abs(value - float(theirs[names[name]])) > 1e-9:
            raise SystemExit(f"ranx says {theirs[names[name]]} for {name}, this package {value}")


def compare_with_bm25s(found: Set, index: Index) -> None:
    """Print bm25s' nDCG@10 beside ours, over the same passages, with its own tokenizer and its defaults."""
    import bm25s

    premises = [passage.premise for passage in passages_of(index)]
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(premises, show_progress=False), show_progress=False)
    allowed = allowed_rows(found.documents, found.queries) if found.name in RESTRICTED else None
    run: Run = {}
    for query, text in found.queries.items():
        tokens = bm25s.tokenize([text], show_progress=False, return_ids=False)[0]
        scores = retriever.get_scores(tokens) if tokens else np.zeros(len(premises))
        order = np.lexsort((np.arange(len(scores)), -scores))
        keep = (int(row) for row in order if scores[row] > 0 and (allowed is None or row in allowed[query]))
        run[query] = found.to_documents(itertools.islice(keep, DEPTH))
    theirs = measure(run, found.relevant)["ndcg@10"]
    ours = measure(found.run(found.lexical), found.relevant)["ndcg@10"]
    print(
        f"{found.name}: nDCG@10 of the lexical half {ours:.4f}, of bm25s {theirs:.4f}, difference {ours - theirs:+.4f}"
    )


def passages_of(index: Index) -> Iterator[Passage]:
    """Yield all passages in the order of their rows."""
    for at in range(0, len(index), 500):
        yield from index.passages(range(at, min(at + 500, len(index))))


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a gzipped JSON Lines file."""
    with gzip.open(path) as file:
        for line in file:
            yield orjson.loads(line)


def print_table(found: Set, figures: Mapping[str, Mapping[str, float]], half: str) -> None:
    """Print the figures as Markdown."""
    print(f"\n{found.name}: {len(found.queries)} queries ({half}), {len(found.documents)} passages")
    names = list(next(iter(figures.values())))
    print("| | " + " | ".join(names) + " |\n|---" + "|---" * len(names) + "|")
    for mode, row in figures.items():
        print(f"| {mode} | " + " | ".join(f"{row[name]:.4f}" for name in names) + " |")


if __name__ == "__main__":
    main()
