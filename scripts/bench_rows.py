"""Many tiny rows through `factcheck verify`: rows a second, and memory that does not grow with them.

    python scripts/bench_rows.py --rows 1000000
    python scripts/bench_rows.py --small

Each row has a sentence of its own and no evidence (`contexts` is empty): what is measured is the road around the
models: reading, the ledger, extraction, writing. Resident memory is sampled while the command runs; flat means that its
largest value in the last half is no more than a tenth above that of the half before, after a tenth of warm-up.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import orjson


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, metavar="N", help="of the input (100,000)")
    parser.add_argument("--small", action="store_true", help="2,000 rows")
    args = parser.parse_args()
    rows = 2000 if args.small else args.rows
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        with source.open("wb") as file:
            for number in range(rows):
                file.write(orjson.dumps({"text": f"Town {number} lies on the river.", "contexts": []}) + b"\n")
        command = [sys.executable, "-m", "factcheck", "verify", str(source), "--out", str(out)]
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        samples = []  # rows done, resident MB
        while process.poll() is None:
            samples.append((done(out.with_name("out.jsonl.ledger.sqlite")), resident(process.pid)))
            time.sleep(0.5)
        seconds = time.perf_counter() - started
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        written = sum(1 for _ in out.open("rb"))
        size = out.stat().st_size / 1e6
    early = [memory for count, memory in samples if rows * 0.1 <= count < rows * 0.5]
    late = [memory for count, memory in samples if count >= rows * 0.5]
    print(f"{written:,} rows in {seconds:.1f} s ({rows / seconds:,.0f}/s, start included), {size:,.0f} MB of output")
    if early and late:
        grown = max(late) / max(early) - 1
        print(
            f"resident memory: at most {max(early):.0f} MB from 10 % to 50 % of the rows, {max(late):.0f} MB after; "
            f"{'flat' if grown <= 0.1 else 'GROWING'} ({grown:+.1%})"
        )
    return 0


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
