"""One `factcheck check` of one sentence on the embedded sample: time and memory of the whole process.

    python scripts/bench_check.py
    python scripts/bench_check.py --small

The first run, which builds the sample where it is not built, is not counted. Goal: 1.5 s and 600 MB.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time

SENTENCE = "Sydney is the capital of Australia."


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11, metavar="N", help="timed runs (11)")
    parser.add_argument("--small", action="store_true", help="three runs")
    args = parser.parse_args()
    command = [sys.executable, "-m", "factcheck", "check", SENTENCE, "--json"]
    once(command)
    found = [once(command) for _ in range(3 if args.small else args.runs)]
    seconds, processor, memory = (sorted(column) for column in zip(*found, strict=True))
    print(
        f"factcheck check, whole process: median {statistics.median(seconds):.2f} s (best {seconds[0]:.2f}), "
        f"{statistics.median(processor):.2f} s of processor time, {memory[-1]:.0f} MB at most; "
        f"load {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores"
    )
    return 0


def once(command: list[str]) -> tuple[float, float, float]:
    """Return seconds, processor seconds and the largest resident memory in MB of one run."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
