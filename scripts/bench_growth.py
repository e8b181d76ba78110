"""Time a claim takes among 10,000 and among 1,000,000 made-up passages: search and verdict, in one run.

    python scripts/bench_growth.py CLAIMS.jsonl.gz CORPUS.jsonl.gz --work DIR
    python scripts/bench_growth.py CLAIMS.jsonl.gz CORPUS.jsonl.gz --work DIR --sizes 10000 100000
    python scripts/bench_growth.py --small      # 500 and 2,000 passages, texts and claims made up too

CLAIMS are rows {claim, …}, CORPUS is BEIR-style; its first 4,000 passages are what the made-up ones come from. A
made-up passage has the length of a real one and half of its words; the others are drawn from all words of the
corpus as often as they occur there, and one in fifty of them is a new word, so that lists of terms and the
vocabulary grow as they do in a real corpus. Its vector is that of the real passage with noise (0.05 a dimension),
so that a million of them need no hours of encoding (so much noise leaves hardly any clusters, which makes dense
search harder than the passages of three real corpora do: `measure_neighbours.py`); a claim's vector comes from the
encoder. Everything else is what users have: `Index.build` and `FactChecker`, with the embedded models. An index that
stands in DIR from before is used again.

Both sizes are opened first and asked in turns, 25 claims at a time, now one first and now the other, so that other jobs
and warm caches serve both the same.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from factcheck import FactChecker
from factcheck.config import load_settings
from factcheck.index import Index, PassageSettings
from factcheck.models import load_encoder
from factcheck.protocols import Encoder, Vectors
from factcheck.types import TextKind

_SOURCES = 4000
_PART = 25
_NOISE = 0.05
_POOL = 1 << 15
_SEED = 11


def main() -> int:
    """Build what is missing, then measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claims", type=Path, nargs="?", help="rows {claim}")
    parser.add_argument("corpus", type=Path, nargs="?", help="rows {_id, title?, text}")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where indexes stay")
    parser.add_argument("--sizes", type=int, nargs=2, default=(10_000, 1_000_000), metavar="N", help="passages")
    parser.add_argument("--limit", type=int, default=200, metavar="N", help="claims (200)")
    parser.add_argument("--build-only", action="store_true", help="build the indexes and stop")
    parser.add_argument("--small", action="store_true", help="a quick run on texts and claims that are made up")
    args = parser.parse_args()
    if args.small:
        towers = [f"Tower {i} is {100 + 7 * i} metres tall and stands in the north of Vess." for i in range(100)]
        with tempfile.TemporaryDirectory() as folder:
            return run(Path(folder), (500, 2_000), towers, towers[:50])
    if args.corpus is None or args.work is None:
        parser.error("name claims, a corpus and --work, or use --small")
    texts = [row["text"] for row in _lines(args.corpus, _SOURCES)]
    claims = [] if args.build_only else [row["claim"] for row in _lines(args.claims, args.limit)]
    return run(args.work, args.sizes, texts, claims)


def run(work: Path, sizes: Sequence[int], texts: Sequence[str], claims: Sequence[str]) -> int:
    """Build what is missing, and measure if there are claims."""
    work.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        if not (work / str(size) / "CURRENT").exists():
            build(work, size, texts)
    if claims:
        measure([work / str(size) for size in sizes], claims)
    return 0


class MadeUp:
    """The embedded encoder, but for passages, whose vector is a real passage's with noise."""

    def __init__(self, encoder: Encoder, sources: Vectors) -> None:
        self._encoder = encoder
        self._sources = sources
        random = np.random.default_rng(_SEED)
        self._noise = random.standard_normal((_POOL, encoder.dimensions), dtype=np.float32) * np.float32(_NOISE)
        self.name, self.sha256, self.dimensions = encoder.name, encoder.sha256, encoder.dimensions

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """Return unit rows; a passage's first line ends with its number."""
        if kind is not TextKind.PASSAGE:
            return self._encoder.encode(texts, kind)
        numbers = np.array([int(text.partition("\n")[0].rpartition(" ")[2]) for text in texts])
        # Sources come round every few thousand numbers and noise with a stride of its own, so that no two are equal.
        vectors = self._sources[numbers % len(self._sources)] + self._noise[numbers * 7919 % _POOL]
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def build(work: Path, size: int, texts: Sequence[str]) -> None:
    """Build an index of so many passages."""
    started = time.perf_counter()
    encoder = load_encoder()
    made = MadeUp(encoder, encoder.encode(texts, TextKind.PASSAGE))
    corpus = work / f"{size}.jsonl"
    with corpus.open("w", encoding="utf-8") as file:
        for number, text in enumerate(passages(texts, size)):
            file.write(json.dumps({"_id": str(number), "title": f"Page {number}", "text": text}) + "\n")
    Index.build([corpus], work / str(size), made, passages=PassageSettings(near_duplicates=1.0))
    corpus.unlink()
    print(f"built {size:,} passages in {time.perf_counter() - started:.0f} s", flush=True)


def passages(texts: Sequence[str], count: int) -> Iterator[str]:
    """Yield made-up passages, the same ones every time."""
    random = np.random.default_rng(_SEED)
    words = [text.split() for text in texts]
    every = np.array([word for some in words for word in some], dtype=object)
    for number in range(count):
        own = words[number % len(words)]
        other = random.random(len(own))
        drawn = every[random.integers(0, len(every), len(own))]
        yield " ".join(
            word if chance >= 0.5 else f"{re.sub('[^a-z]', '', word.lower())[:4]}{number}x" if chance < 0.01 else new
            for word, new, chance in zip(own, drawn, other, strict=True)
        )


def measure(folders: Sequence[Path], claims: Sequence[str]) -> None:
    """Print what a claim takes at each size, and by how much it grew."""
    settings = load_settings(environment={})
    checkers = [FactChecker.open(index=folder, settings=settings) for folder in folders]
    indexes = [Index.open(folder, load_encoder()) for folder in folders]
    whole: list[list[float]] = [[] for _ in folders]
    halves: dict[str, list[list[float]]] = {name: [[] for _ in folders] for name in ("dense", "lexical")}
    used = [0.0 for _ in folders]
    for checker in checkers:
        checker.check_many(list(claims[:_PART]))
    rest = claims[_PART:]
    for start in range(0, len(rest), _PART):
        part = list(rest[start : start + _PART])
        turn = list(enumerate(zip(checkers, indexes, strict=True)))
        for place, (checker, index) in turn if start // _PART % 2 else turn[::-1]:
            before = time.process_time()
            whole[place].append(timed(partial(checker.check_many, part)) / len(part))
            used[place] += time.process_time() - before
            for name, ranked in (("dense", index.rank_dense), ("lexical", index.rank_lexical)):
                halves[name][place] += [timed(partial(ranked, [claim], 50)) for claim in part]
    print(f"{len(rest)} claims, {len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    print("| passages | a claim, ms | of processor time | dense search, p50 | lexical search, p50 | mean |")
    print("|---|---|---|---|---|---|")
    for place, folder in enumerate(folders):
        dense, lexical = (np.array(halves[name][place]) for name in ("dense", "lexical"))
        print(
            f"| {int(folder.name):,} | {np.median(whole[place]):.1f} | {1e3 * used[place] / len(rest):.1f} | "
            f"{np.median(dense):.2f} | {np.median(lexical):.2f} | {lexical.mean():.2f} |"
        )
    growth = np.median(whole[1]) / np.median(whole[0])
    print(f"a claim takes {growth:.2f} × the time, {used[1] / used[0]:.2f} × the processor time")


def timed(call: Callable[[], Any]) -> float:
    """Return the milliseconds that a call takes."""
    started = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - started)


def _lines(path: Path, count: int) -> list[dict[str, Any]]:
    found = []
    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as file:
        for line in file:
            if line.strip():
                found.append(json.loads(line))
            if len(found) == count:
                break
    return found


if __name__ == "__main__":
    sys.exit(main())
