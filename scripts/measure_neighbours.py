"""How the vectors of a corpus lie: cosines to their nearest neighbours, and lists that a search has to look into.

    python scripts/measure_neighbours.py CORPUS.jsonl.gz … --work DIR [--limit 50000]
    python scripts/measure_neighbours.py CORPUS.jsonl.gz --work DIR --made-up 17562 44626

CORPUS is BEIR-style; title, section and text are encoded by the embedded encoder, and the vectors kept in DIR. With
--made-up the vectors of `bench_growth.py` are described as well, so many of them from the first corpus. Lists are four
times the square root of the vectors, as `index build` has them; how many of them a search looks into is chosen as
`index build` chooses it, for `--target-recall`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
import tempfile
from itertools import islice
from pathlib import Path

import numpy as np

from factcheck.index.vectors import TARGET_RECALL, build_vectors
from factcheck.models import load_encoder
from factcheck.protocols import Vectors
from factcheck.types import TextKind

_RANKS = (1, 2, 5, 10, 50, 100)
_SAMPLE = 300


def main() -> int:
    """Describe each corpus, and made-up vectors if they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="+", metavar="CORPUS", help="rows {title?, section?, text}")
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="where vectors stay")
    parser.add_argument("--limit", type=int, metavar="N", help="passages of each corpus (all)")
    parser.add_argument("--made-up", type=int, nargs="+", default=(), metavar="N", help="so many made-up vectors")
    parser.add_argument("--target-recall", type=float, default=TARGET_RECALL, metavar="X", help="as of `index build`")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    print(
        f"| vectors | number | median cosine to neighbour {', '.join(map(str, _RANKS))} | lists | looked into | share |"
    )
    print("|---|---|---|---|---|---|")
    for corpus in args.corpora:
        describe(_name(corpus), encoded(corpus, args.work, args.limit), args.target_recall)
    for count in args.made_up:
        from bench_growth import MadeUp

        sources = encoded(args.corpora[0], args.work, args.limit)[:4000]
        made = MadeUp(load_encoder(), sources).encode([f"Page {number}" for number in range(count)], TextKind.PASSAGE)
        describe("made up", made, args.target_recall)
    return 0


def encoded(corpus: Path, work: Path, limit: int | None) -> Vectors:
    """Return the vectors of a corpus, those that stand in a folder if they do."""
    path = work / f"{_name(corpus)}.npy"
    if not path.exists():
        with gzip.open(corpus, "rb") as file:
            rows = [json.loads(line) for line in islice(file, limit)]
        texts = ["\n".join(row[name] for name in ("title", "section", "text") if row.get(name)) for row in rows]
        np.save(path, load_encoder().encode(texts, TextKind.PASSAGE))
    found: Vectors = np.load(path)[:limit]
    return found


def describe(name: str, vectors: Vectors, target: float) -> None:
    """Print a row."""
    sample = np.random.default_rng(0).permutation(len(vectors))[:_SAMPLE]
    cosines = vectors[sample] @ vectors.T
    cosines[np.arange(len(sample)), sample] = -np.inf
    nearest = -np.sort(np.partition(-cosines, max(_RANKS), axis=1)[:, : max(_RANKS)], axis=1)
    medians = ", ".join(f"{np.median(nearest[:, rank - 1]):.2f}" for rank in _RANKS)
    lists = round(4 * math.sqrt(len(vectors)))
    with tempfile.TemporaryDirectory() as folder:
        part = build_vectors(
            Path(folder),
            len(vectors),
            vectors.shape[1],
            f"IVF{lists},SQ8",
            lambda some: vectors[some],
            target_recall=target,
        )
    probes = part.probes or 0
    print(f"| {name} | {len(vectors):,} | {medians} | {lists:,} | {probes:,} | {probes / lists:.3f} |", flush=True)


def _name(corpus: Path) -> str:
    return corpus.parent.name if corpus.name.startswith("corpus.") else corpus.name.partition(".")[0]


if __name__ == "__main__":
    sys.exit(main())
