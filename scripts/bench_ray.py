"""`verify` on a local Ray cluster of one and of two workers against the local engine: rows a second, start-up apart.

    python scripts/bench_ray.py --rows 3000
    python scripts/bench_ray.py --small

Each row has a sentence of its own and one to judge it by, and the shipped models read it. Every side verifies the same
rows with a new ledger, in this process; what is timed goes from the first row that is read to the last byte of the
output. Starting Ray and loading the models in its workers is timed apart. The output has to be the same to the byte.

The serial share is the processor time of this process (reading, the ledger, writing, talking to workers) beside one
worker, divided by the time that the run took there. What it would let more workers gain is Amdahl's law and no
measurement.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import orjson

from factcheck.assemble import Assembly
from factcheck.batch.engine import Engine, LocalEngine
from factcheck.batch.ray_cluster import fetch
from factcheck.batch.ray_engine import RayEngine
from factcheck.batch.read import open_source
from factcheck.batch.road import Road
from factcheck.batch.run import RunOptions, verify_rows
from factcheck.config import load_settings


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=3000, metavar="N", help="of the input (3,000)")
    parser.add_argument("--small", action="store_true", help="300 rows")
    args = parser.parse_args()
    rows = 300 if args.small else args.rows
    wire = partial(Assembly, load_settings(environment={}, overrides={"models.threads": 1}), index=None, graph=None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_rows(folder / "in.jsonl", rows)
        write_rows(folder / "warm.jsonl", 20)
        road = Road(Assembly(load_settings(environment={}), index=None, graph=None))
        timed(folder / "warm.jsonl", folder / "warm-local.jsonl", road, LocalEngine(road))
        local, _ = timed(folder / "in.jsonl", folder / "local.jsonl", road, LocalEngine(road))
        print(f"{rows:,} rows, {os.cpu_count()} cores")
        print("| | start, s | work, s | rows/s | of local |\n|---|---|---|---|---|")
        print(f"| local | | {local:.1f} | {rows / local:.0f} | 1.00 |", flush=True)
        shares = []
        for workers in (1, 2):
            started = time.perf_counter()
            engine = RayEngine.start(road, wire, workers=workers)
            try:
                fetch([worker.pid.remote() for worker in engine.workers])
                start = time.perf_counter() - started
                timed(folder / "warm.jsonl", folder / f"warm-{workers}.jsonl", road, engine)
                out = folder / f"ray-{workers}.jsonl"
                seconds, here = timed(folder / "in.jsonl", out, road, engine)
            finally:
                engine.close()
            if out.read_bytes() != (folder / "local.jsonl").read_bytes():
                raise SystemExit("the output differs from that of the local engine")
            shares.append(here / seconds)
            rate = f"{rows / seconds:.0f} | {local / seconds:.2f}"
            print(f"| Ray, {workers} | {start:.1f} | {seconds:.1f} | {rate} |", flush=True)
    serial = shares[0]
    paper = ", ".join(f"{n} workers {1 / (serial + (1 - serial) / n):.1f} ×" for n in (2, 4, 8, 16))
    print(f"serial share {serial:.3f}; on paper, of one worker: {paper}")
    return 0


def write_rows(path: Path, count: int) -> None:
    """Write rows of a sentence and what it is judged by."""
    with path.open("wb") as file:
        for number in range(count):
            context = f"Town {number} lies {'on the river' if number % 2 else 'by the sea'} and has a market."
            file.write(orjson.dumps({"text": f"Town {number} lies on the river.", "contexts": [context]}) + b"\n")


def timed(source: Path, out: Path, road: Road, engine: Engine) -> tuple[float, float]:
    """Verify a file; return the seconds it took, and those of this process's processor time."""
    started, used = time.perf_counter(), time.process_time()
    report = verify_rows(open_source(source), out, road, engine, RunOptions())
    if not report.finished or report.totals.failed or report.totals.rejected:
        raise SystemExit(f"{source} was not verified to its end")
    return time.perf_counter() - started, time.process_time() - used


if __name__ == "__main__":
    sys.exit(main())
