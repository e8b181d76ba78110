r"""Find the weights of fused retrieval on the even half of the queries, and compare the parts with ranx and bm25s.

    python scripts/sweep_retrieval.py DATA/fm2_wiki_passages DATA/wice_sentences --work DIR \
        --own-documents wice_sentences
    python scripts/sweep_retrieval.py DATA/… --work DIR --oracle

`factcheck eval retrieval` reports; what is tuned is tuned here. With `--oracle` nothing is tuned: on the odd half ranx
must compute the same figures from the same runs, and bm25s is measured over the same passages.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from factcheck.config import RetrieveSettings
from factcheck.evaluation.pairs import Half
from factcheck.evaluation.retrieval import DEPTH, QuerySet, Run, open_set, passages_of, scores_of
from factcheck.index import Index
from factcheck.metrics import mean
from factcheck.models import load_encoder

WEIGHTS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
CONSTANTS = (1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)
CANDIDATES = (50, 100, 200)


def main() -> None:
    """Sweep, or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="where indexes are built and kept")
    parser.add_argument("--model", default="embedded", metavar="SPEC", help="the encoder")
    parser.add_argument("--own-documents", action="append", default=[], metavar="NAME", help="see 'eval retrieval'")
    parser.add_argument("--oracle", action="store_true", help="compare with ranx and bm25s on the odd half")
    args = parser.parse_args()
    encoder = load_encoder(args.model)
    half = Half.ODD if args.oracle else Half.EVEN
    sets = [
        open_set(folder, args.work, encoder, half=half, own_documents=folder.name in args.own_documents)
        for folder in args.sets
    ]
    if not args.oracle:
        sweep(sets)
        return
    for found in sets:
        for run in found.runs(RetrieveSettings()).values():
            compare_with_ranx(run, found.relevant)
        with Index.open(args.work / f"{found.name}-{encoder.sha256[:8]}", encoder) as index:
            compare_with_bm25s(found, index, own_documents=found.name in args.own_documents)


def ndcg(run: Run, relevant: Mapping[str, Mapping[str, float]]) -> float:
    """Return mean nDCG@10."""
    return float(scores_of(run, relevant)["ndcg@10"].mean())


def sweep(sets: Sequence[QuerySet]) -> None:
    """Print the fusions of the even half that beat both parts on most sets, then by the mean of nDCG@10."""
    parts_best = []
    for found in sets:
        parts = {"dense": found.run(found.dense), "lexical": found.run(found.lexical)}
        shown = {mode: round(ndcg(run, found.relevant), 4) for mode, run in parts.items()}
        parts_best.append(max(shown.values()))
        print(f"{found.name}: {len(found.queries)} even queries, nDCG@10 {shown}")
    results = []
    for lexical, constant, candidates in itertools.product(WEIGHTS, CONSTANTS, CANDIDATES):
        settings = replace_weights(lexical, constant, candidates)
        each = [ndcg(s.fused(settings), s.relevant) for s in sets]
        wins = sum(value > part for value, part in zip(each, parts_best, strict=True))
        results.append((wins, mean(each), lexical, constant, candidates, [round(value, 4) for value in each]))
    for wins, total, lexical, constant, candidates, each in sorted(results, key=lambda r: (-r[0], -r[1]))[:25]:
        print(
            f"better than both parts on {wins}, mean {total:.4f}  dense 1  lexical {lexical}  constant {constant}  "
            f"candidates {candidates}  {each}"
        )


def replace_weights(lexical: float, constant: float, candidates: int) -> RetrieveSettings:
    """Return the default settings with another fusion."""
    return RetrieveSettings(dense_weight=1.0, lexical_weight=lexical, rank_constant=constant, candidates=candidates)


def compare_with_ranx(run: Run, relevant: Mapping[str, Mapping[str, float]]) -> None:
    """Stop if ranx computes another figure from the same run."""
    import ranx

    graded = {q: {d: round(s) for d, s in row.items()} for q, row in relevant.items()}
    scored = {q: {d: 1 / rank for rank, d in enumerate(docs, 1)} or {"-": 0.0} for q, docs in run.items()}
    ours = {name: float(values.mean()) for name, values in scores_of(run, relevant).items()}
    theirs = ranx.evaluate(ranx.Qrels(graded), ranx.Run(scored), list(ours))
    for name, value in ours.items():
        if abs(value - float(theirs[name])) > 1e-9:
            raise SystemExit(f"ranx says {theirs[name]} for {name}, this package {value}")


def compare_with_bm25s(found: QuerySet, index: Index, *, own_documents: bool) -> None:
    """Print bm25s' nDCG@10 beside ours, over the same passages, with its own tokenizer and its defaults."""
    import bm25s

    premises = [passage.premise for passage in passages_of(index)]
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(premises, show_progress=False), show_progress=False)
    run: Run = {}
    for query, text in found.queries.items():
        tokens = bm25s.tokenize([text], show_progress=False, return_ids=False)[0]
        scores = retriever.get_scores(tokens) if tokens else np.zeros(len(premises))
        order = (int(row) for row in np.lexsort((np.arange(len(scores)), -scores)) if scores[row] > 0)
        keep = (row for row in order if not own_documents or found.documents[row].rsplit("-", 1)[0] == query)
        run[query] = found.to_documents(itertools.islice(keep, DEPTH))
    theirs, ours = ndcg(run, found.relevant), ndcg(found.run(found.lexical), found.relevant)
    print(
        f"{found.name}: nDCG@10 of the lexical half {ours:.4f}, of bm25s {theirs:.4f}, difference {ours - theirs:+.4f}"
    )


if __name__ == "__main__":
    main()
