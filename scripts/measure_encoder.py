"""Measure encoders: how near to float32, how good at finding, how fast.

    python scripts/measure_encoder.py embedded /tmp/float32 /tmp/int8 --retrieval sets/xquad_en ...
    python scripts/measure_encoder.py embedded --speed corpus.jsonl.gz

Retrieval folders are BEIR's (`corpus`, `queries`, `qrels.tsv`); title, section and text are embedded; nDCG@10 of exact
search over all queries that have a judgement. With more than one encoder the mean and smallest cosine between each
corpus vector and that of the last encoder named is printed too. Speed is of 200 rows spread over a corpus, the best of
three runs, in passages a second of wall-clock time and of processor time.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import time
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from factcheck.metrics import mean, ndcg_at_k
from factcheck.models import load_encoder
from factcheck.protocols import Encoder, Vectors
from factcheck.types import TextKind


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Read gzipped JSON Lines."""
    with gzip.open(path) as lines:
        return [orjson.loads(line) for line in lines]


def text_of(row: dict[str, Any]) -> str:
    """Return what is embedded."""
    return "\n".join(part for part in (row.get("title", ""), row.get("section", ""), row["text"]) if part)


def measure_retrieval(encoder: Encoder, folder: Path) -> tuple[float, Vectors]:
    """Return nDCG@10 of exact search and the corpus vectors."""
    corpus, queries = rows_of(folder / "corpus.jsonl.gz"), rows_of(folder / "queries.jsonl.gz")
    relevant: dict[str, dict[str, float]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            relevant.setdefault(row["query-id"], {})[row["corpus-id"]] = float(row["score"])
    queries = [query for query in queries if query["_id"] in relevant]
    passages = encoder.encode([text_of(row) for row in corpus], TextKind.PASSAGE)
    asked = encoder.encode([query["text"] for query in queries], TextKind.QUERY)
    values = []
    for query, vector in zip(queries, asked, strict=True):
        best = np.argsort(-(passages @ vector), kind="stable")[:10]
        values.append(ndcg_at_k([str(corpus[place]["_id"]) for place in best], relevant[query["_id"]], 10))
    return mean(values), passages


def measure_speed(encoder: Encoder, corpus: Path) -> tuple[float, float]:
    """Return passages a second: wall clock, and processor time of all threads."""
    rows = rows_of(corpus)
    texts = [text_of(row) for row in rows[:: max(1, len(rows) // 200)][:200]]
    wall, busy = 0.0, 0.0
    for _ in range(3):
        started, used = time.perf_counter(), time.process_time()
        encoder.encode(texts, TextKind.PASSAGE)
        wall = max(wall, len(texts) / (time.perf_counter() - started))
        busy = max(busy, len(texts) / (time.process_time() - used))
    return wall, busy


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoders", nargs="+", help="'embedded', a folder or hf:NAME")
    parser.add_argument("--retrieval", nargs="*", type=Path, default=[])
    parser.add_argument("--speed", type=Path, help="a corpus, gzipped JSON Lines")
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    loaded = []
    for spec in arguments.encoders:
        started = time.perf_counter()
        loaded.append(load_encoder(spec, arguments.threads))
        print(f"{spec}: loaded in {time.perf_counter() - started:.2f} s")
    if arguments.speed:
        for spec, encoder in zip(arguments.encoders, loaded, strict=True):
            wall, busy = measure_speed(encoder, arguments.speed)
            print(f"{spec}: {wall:.0f} passages/s, {busy:.0f} for each second of processor time")
    for folder in arguments.retrieval:
        reference: Vectors | None = None
        for spec, encoder in reversed(list(zip(arguments.encoders, loaded, strict=True))):
            value, vectors = measure_retrieval(encoder, folder)
            reference = vectors if reference is None else reference
            cosines = (vectors * reference).sum(axis=1)
            print(
                f"{folder.name} {spec}: nDCG@10 {value:.4f}, cosine mean {cosines.mean():.5f} min {cosines.min():.5f}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
