"""Measure dense search at a million made-up vectors against bare FAISS: time, recall, resident memory.

    python scripts/bench_search.py                   1,000,000 vectors of 384, clustered
    python scripts/bench_search.py --small           50,000

Our side is a segment as `factcheck index build` writes it: inverted lists of 8-bit codes propose, vectors in 16 bits on
disk decide, and the number of lists was chosen at build for `--target-recall`. The other side is the same FAISS index
with the same number of lists and no ranking after it, and a flat index. All on one thread, one query at a time.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import orjson

from factcheck.index.manifest import VectorsPart
from factcheck.index.vectors import EXACT_FILE, VECTORS_FILE, build_vectors, default_factory, open_vectors
from factcheck.protocols import Vectors

DIMENSIONS = 384
_SEED = 3


def main() -> None:
    """Build, then measure each side in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, metavar="N", help="vectors (default 1,000,000)")
    parser.add_argument("--small", action="store_true", help="50,000 vectors")
    parser.add_argument("--queries", type=int, default=500, metavar="N", help="single queries (default 500)")
    parser.add_argument("--target-recall", type=float, default=0.98, metavar="X", help="as of `index build`")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where files go (default: a temporary folder)")
    parser.add_argument("--side", choices=("ours", "bare", "flat"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.side:
        sys.stdout.buffer.write(orjson.dumps(measure(args.side, args.work, args.queries)))
        return
    rows = 50_000 if args.small else args.rows
    work = args.work or Path(tempfile.mkdtemp(prefix="bench-search-"))
    try:
        compare(work, rows, args.queries, args.target_recall)
    finally:
        if args.work is None:
            shutil.rmtree(work, ignore_errors=True)


def compare(work: Path, rows: int, queries: int, target: float) -> None:
    """Build the index and print what each side takes."""
    work.mkdir(parents=True, exist_ok=True)
    centres = _unit(np.random.default_rng(_SEED).standard_normal((max(64, rows // 250), DIMENSIONS), dtype=np.float32))
    vectors = np.lib.format.open_memmap(work / "all.npy", "w+", np.float32, (rows, DIMENSIONS))
    for start in range(0, rows, 50_000):
        vectors[start : start + 50_000] = clustered(centres, min(50_000, rows - start), _SEED + 1 + start)
    np.save(work / "queries.npy", clustered(centres, queries, _SEED - 1))
    started = time.perf_counter()
    part = build_vectors(
        work, rows, DIMENSIONS, default_factory(max(rows, 100_001)), lambda some: vectors[some], target_recall=target
    )
    print(f"built {rows:,} vectors as {part.factory} in {time.perf_counter() - started:.0f} s")
    (work / "part.json").write_bytes(
        orjson.dumps({"factory": part.factory, "probes": part.probes, "candidates": part.candidates, "n": rows})
    )
    found = {side: _in_a_process(side, work, queries) for side in ("flat", "bare", "ours")}
    exact = [set(ids) for ids in found["flat"]["found"]]
    print(f"{part.probes} lists looked into; recall@10 at build {part.recall.at_10 if part.recall else 1:.3f}")
    print("| | p50 ms | p95 ms | recall@10 | resident MiB of the vectors |\n|---|---|---|---|---|")
    for side, row in found.items():
        recall = float(np.mean([len(set(ids) & best) / 10 for ids, best in zip(row["found"], exact, strict=True)]))
        print(f"| {side} | {row['p50']:.2f} | {row['p95']:.2f} | {recall:.4f} | {row['resident'] / 2**20:.0f} |")
    flat = rows * DIMENSIONS * 4
    print(f"p50 of ours is {found['ours']['p50'] / found['bare']['p50']:.2f} × bare FAISS;", end=" ")
    print(f"resident {found['ours']['resident'] / flat:.3f} of flat float32")


def measure(side: str, work: Path, count: int) -> dict[str, Any]:
    """Open one side, search, and return times, memory and what was found."""
    faiss.omp_set_num_threads(1)
    part = orjson.loads((work / "part.json").read_bytes())
    queries: Vectors = np.load(work / "queries.npy")[:count]
    before = _resident()
    search: Callable[[Vectors], np.ndarray]
    if side == "ours":
        opened = open_vectors(
            work / VECTORS_FILE,
            work / EXACT_FILE,
            VectorsPart(factory=part["factory"], probes=part["probes"], exact=True, candidates=part["candidates"]),
            rows=part["n"],
            dimensions=DIMENSIONS,
        )

        def search(query: Vectors) -> np.ndarray:
            nearest: np.ndarray = opened.search(query, 10)[0][0]
            return nearest
    else:
        index: Any
        if side == "bare":
            index = faiss.read_index(str(work / VECTORS_FILE))
            faiss.extract_index_ivf(index).nprobe = part["probes"]
        else:
            index = faiss.IndexFlatIP(DIMENSIONS)
            stored = np.load(work / "all.npy", mmap_mode="r")
            for start in range(0, part["n"], 50_000):
                index.add(np.ascontiguousarray(stored[start : start + 50_000]))
            del stored

        def search(query: Vectors) -> np.ndarray:
            found: np.ndarray = index.search(query, 10)[1][0]
            return found

    for query in queries[:20]:
        search(query[None])
    times, found = [], []
    for query in queries:
        started = time.perf_counter()
        rows = search(query[None])
        times.append(1000 * (time.perf_counter() - started))
        found.append(rows.tolist())
    p50, p95 = np.percentile(times, [50, 95]).tolist()
    return {"p50": p50, "p95": p95, "resident": _resident() - before, "found": found}


def clustered(centres: Vectors, count: int, seed: int) -> Vectors:
    """Return unit vectors around centres, about as close to them as passages of one subject are."""
    random = np.random.default_rng(seed)
    chosen = centres[random.integers(0, len(centres), count)]
    return _unit(chosen + random.standard_normal((count, DIMENSIONS), dtype=np.float32) * np.float32(0.05))


def _unit(vectors: Vectors) -> Vectors:
    scaled: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def _in_a_process(side: str, work: Path, queries: int) -> dict[str, Any]:
    call = [sys.executable, __file__, "--side", side, "--work", str(work), "--queries", str(queries)]
    found: dict[str, Any] = orjson.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE).stdout)
    return found


def _resident() -> int:
    """Return the bytes of memory that this process holds, mapped pages that were touched included."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    main()
