"""Measure an index: building with a SIGKILL half-way, size, memory, and the time of a search.

    python scripts/bench_index.py corpus.jsonl.gz --work /tmp/bench
    python scripts/bench_index.py --small

With `--small` it makes a corpus of its own, skips the kill, and sets the lexical half of a search against bm25s on the
same passages.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from factcheck.index import Index, SearchMode
from factcheck.models import load_encoder
from factcheck.types import TextKind

SMALL_ROWS = 2000
_WORDS = "river city treaty planet element mountain author capital area height year born signed won orbit mass".split()


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", type=Path, metavar="SRC", help="a corpus")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where the index goes (default: a temporary folder)")
    parser.add_argument("--model", default="embedded", metavar="SPEC", help="the encoder")
    parser.add_argument("--searches", type=int, default=200, metavar="N", help="how many searches are timed")
    parser.add_argument("--small", action="store_true", help="a quick run on a corpus that is made up")
    parser.add_argument("--no-kill", action="store_true", help="build in one go")
    parser.add_argument("--build-into", type=Path, help=argparse.SUPPRESS)  # the child's own call
    args = parser.parse_args()
    if args.build_into is not None:
        build_here(args.source, args.build_into, args.model)
        return
    if args.source is None and not args.small:
        parser.error("name a corpus, or use --small")
    with tempfile.TemporaryDirectory() as folder:
        work = args.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        source = args.source or make_corpus(work / "corpus.jsonl")
        out = work / "index"
        if out.exists():
            shutil.rmtree(out)
        if not (args.small or args.no_kill):
            killed = build_in_child(source, out, args.model, kill_at=0.5)
            print(
                f"SIGKILL after {killed['done']:,} of {killed['total']:,} passages, {killed['seconds']:.0f} s",
                flush=True,
            )
        found = build_in_child(source, out, args.model)
        print(
            f"built: {found['passages']:,} passages in {found['seconds']:.1f} s; embedded {found['embedded']:,}, "
            f"reused {found['reused']:,}; {found['embedded'] / found['seconds']:.0f} embedded passages a second; "
            f"peak memory {found['peak_mib']:.0f} MiB"
        )
        print(f"load average: {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores")
        time_searches(out, args.model, args.searches, compare=args.small)


def build_here(source: Path, out: Path, model: str) -> None:
    """Build in this process; say how far it is, and at last what it did, in lines of JSON."""
    encoder = load_encoder(model)

    def progress(what: str, done: int, total: int | None) -> None:
        if what == "embedding":
            print(json.dumps({"done": done, "total": total}), flush=True)

    report = Index.build([source], out, encoder, progress=progress)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = {name: getattr(report, name) for name in ("passages", "embedded", "reused", "seconds")}
    print(json.dumps({**row, "peak_mib": peak}), flush=True)


def build_in_child(source: Path, out: Path, model: str, *, kill_at: float | None = None) -> dict[str, Any]:
    """Build in a process of its own, which is killed when so much of it is embedded."""
    command = [sys.executable, __file__, str(source), "--build-into", str(out), "--model", model]
    started = time.monotonic()
    row: dict[str, Any] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            row = json.loads(line)
            if kill_at is not None and row["done"] >= kill_at * row["total"]:
                child.kill()
                return {**row, "seconds": time.monotonic() - started}
    if child.returncode:
        raise SystemExit(f"the build ended with {child.returncode}")
    return row


def time_searches(out: Path, model: str, count: int, *, compare: bool) -> None:
    """Print size, time to open, and percentiles of single searches in each mode."""
    encoder = load_encoder(model)
    started = time.perf_counter()
    with Index.open(out, encoder) as index:
        first = time.perf_counter() - started
        info = index.info()
        print(f"size: {info.bytes / 1e6:.1f} MB in {info.files} files, {info.bytes / len(index):.0f} bytes a passage")
        started = time.perf_counter()
        Index.open(out, encoder).close()
        print(f"opened in {1000 * first:.0f} ms, again in {1000 * (time.perf_counter() - started):.0f} ms")
        random = Random(1)  # noqa: S311
        rows = [random.randrange(len(index)) for _ in range(count)]
        queries = [passage.premise.replace("\n", " ")[:200] for passage in index.passages(rows)]
        for mode in SearchMode:
            report(f"search, {mode.value}", [timed(partial(index.search, [query], 10, mode)) for query in queries])
        encode = partial(encoder.encode, kind=TextKind.QUERY)
        report("encoding the query alone", [timed(partial(encode, [query])) for query in queries])
        if compare:
            compare_with_others(index, queries)


def compare_with_others(index: Index, queries: Sequence[str]) -> None:
    """Print how long the lexical half takes against bm25s, query by query."""
    import bm25s

    passages = index.passages(range(len(index)))
    theirs = bm25s.BM25()
    theirs.index(bm25s.tokenize([p.premise for p in passages], show_progress=False), show_progress=False)

    def search_words(query: str) -> None:
        tokens = bm25s.tokenize([query], show_progress=False, return_ids=False)
        theirs.retrieve(tokens, k=10, show_progress=False)

    ours = [timed(partial(index.search, [query], 10, SearchMode.LEXICAL)) for query in queries]
    other = [timed(partial(search_words, query)) for query in queries]
    print(f"lexical search takes {np.median(ours) / np.median(other):.2f} times what bm25s takes")


def timed(call: Callable[[], object]) -> float:
    """Return the milliseconds that a call takes."""
    started = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - started)


def report(what: str, milliseconds: Sequence[float]) -> None:
    """Print percentiles."""
    p50, p95 = np.percentile(milliseconds, [50, 95])
    print(f"{what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms ({len(milliseconds)} single queries)")


def make_corpus(path: Path) -> Path:
    """Write rows of made-up words and numbers."""
    random = Random(2)  # noqa: S311
    with path.open("w", encoding="utf-8") as file:
        for i in range(SMALL_ROWS):
            words = " ".join(random.choices(_WORDS, k=12))
            file.write(json.dumps({"_id": str(i), "text": f"Entry {i}: {words} {random.randrange(10**6)}."}) + "\n")
    return path


if __name__ == "__main__":
    main()
