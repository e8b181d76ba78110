"""Many tiny rows through `factcheck verify`: rows a second, and memory that does not grow with them.

    python scripts/bench_rows.py --rows 1000000
    python scripts/bench_rows.py --small

Each row has a sentence of its own and no evidence (`contexts` is empty): what is measured is the road around the
models: reading, the ledger, extraction, writing. With `--evidence` each row brings one sentence, and the shipped models
read it. Resident memory is sampled while the command runs; flat means that its largest value in the last half is no
more than a tenth above that of the half before, after a tenth of warm-up; the slope over all samples after the warm-up
stands beside it. With `--samples FILE` they are kept as they come, and a run that is stopped (`--minutes`, or Ctrl-C)
tells how far it came.
"""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import orjson


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, metavar="N", help="of the input (100,000)")
    parser.add_argument("--small", action="store_true", help="2,000 rows")
    parser.add_argument("--evidence", action="store_true", help="each row has a sentence to be judged by")
    parser.add_argument("--minutes", type=float, metavar="X", help="stop then, as Ctrl-C would")
    parser.add_argument("--samples", type=Path, metavar="FILE", help="keep seconds, rows and MB, tab-separated")
    args = parser.parse_args()
    rows = 2000 if args.small else args.rows
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        with source.open("wb") as file:
            for number in range(rows):
                contexts = [f"Town {number} lies by the sea."] if args.evidence else []
                row = {"text": f"Town {number} lies on the river.", "contexts": contexts}
                file.write(orjson.dumps(row) + b"\n")
        command = [sys.executable, "-m", "factcheck", "verify", str(source), "--out", str(out)]
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        limit = float("inf") if args.minutes is None else 60 * args.minutes
        samples = watch(
            process, out.with_name("out.jsonl.ledger.sqlite"), args.samples, limit, 0.2 if args.small else 1
        )
        seconds = time.perf_counter() - started
        if process.returncode not in (0, 130):
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        reached = done(out.with_name("out.jsonl.ledger.sqlite"))
        if process.returncode:
            print(f"stopped at {reached:,} of {rows:,} rows, after {seconds:.0f} s")
        else:
            written, size = sum(1 for _ in out.open("rb")), out.stat().st_size / 1e6
            rate = f"{rows / seconds:,.0f}/s, start included"
            print(f"{written:,} rows in {seconds:.1f} s ({rate}), {size:,.0f} MB of output")
    tell(samples, reached)
    return 0


def watch(
    process: subprocess.Popen[bytes], ledger: Path, kept: Path | None, limit_seconds: float, pause_seconds: float
) -> list[tuple[int, float]]:
    """Sample (rows done, resident MB) until the command ends; it is stopped at the limit."""
    samples: list[tuple[int, float]] = []
    started = time.perf_counter()
    with Path(os.devnull if kept is None else kept).open("w", encoding="ascii") as file:
        while process.poll() is None:
            try:
                time.sleep(pause_seconds)
            except KeyboardInterrupt:  # the command was interrupted by the same key, and finishes what is in flight
                process.wait()
                break
            samples.append((done(ledger), resident(process.pid)))
            passed = time.perf_counter() - started
            file.write(f"{passed:.1f}\t{samples[-1][0]}\t{samples[-1][1]:.1f}\n")
            file.flush()
            if passed > limit_seconds:
                process.send_signal(signal.SIGINT)
                process.wait()
    return [(count, memory) for count, memory in samples if memory]


def tell(samples: list[tuple[int, float]], reached: int) -> None:
    """Print whether memory stayed flat while the rows were done; writing the output afterwards counts too."""
    warm = [(count, memory) for count, memory in samples if count >= reached * 0.1]
    early = [memory for count, memory in warm if count < reached * 0.5]
    late = [memory for count, memory in warm if count >= reached * 0.5]
    if not early or not late:
        print("resident memory: too few samples to say")
        return
    grown = max(late) / max(early) - 1
    at_work = [sample for sample in warm if sample[0] < reached]  # what is let go at the end would tilt the line
    counts, memories = (np.array(values, dtype=float) for values in zip(*at_work, strict=True))
    slope = 1e5 * float(np.polyfit(counts, memories, 1)[0]) if counts[-1] > counts[0] else 0.0
    print(
        f"resident memory: at most {max(early):.0f} MB from 10 % to 50 % of the rows, {max(late):.0f} MB after; "
        f"{'flat' if grown <= 0.1 else 'GROWING'} ({grown:+.1%}); slope {slope:+.2f} MB for 100,000 rows"
    )


def done(ledger: Path) -> int:
    """Return how many rows are finished, by the largest number that one was given."""
    try:
        with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True, timeout=5)) as connection:
            (count,) = connection.execute("SELECT coalesce(max(rowid), 0) FROM rows WHERE state = 'done'").fetchone()
    except sqlite3.OperationalError:
        return 0
    return int(count)


def resident(pid: int) -> float:
    """Return a process's resident memory in MB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


if __name__ == "__main__":
    sys.exit(main())
