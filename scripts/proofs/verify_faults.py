"""The kernel refuses writes of the ledger and the output, or kills the process at one; then the command runs again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from proofs.forks import Forks
from proofs.proof import Proof, Work, hold, need
from proofs.rows import write_rows
from proofs.strikes import chosen, points_of, struck

ROWS, POINTS = 150, 300
_CALLS = "write,pwrite64,fsync,fdatasync,rename,ftruncate"
_DONE = (0, 4)  # with and without rejects


def prove(work: Work, *, rows: int = ROWS, points: int = POINTS) -> Mapping[str, Any]:
    """Spread the points over all writes of a run; after each the ledger opens, and a second run ends as if undisturbed.

    A refused write must end the command with 1 and one line, unless nothing came of it (SQLite goes on without a
    checkpoint, for one); it may never end in an output that differs.
    """
    strace = need("strace", "strace")
    source, calm = work.folder / "in.jsonl", work.folder / "calm.jsonl"
    write_rows(source, rows)
    with Forks() as forks:
        code, errors = forks.run(["verify", source, "--out", calm])
        hold(code in _DONE, f"the undisturbed run ended with {code}: {errors}")
        calls = _calls(forks, strace, source, work.folder / "counted")
        for point in work.points(points):
            fault, call, number = chosen(calls, point, points)
            out = _fresh(work.folder / "point") / "out.jsonl"
            where = f"{fault} at {call} {number}"
            inject = f"inject={call}:{fault}:when={number}"
            trace = _trace(strace, out, out.with_name("log"), inject)
            code, errors = forks.run(["verify", source, "--out", out], trace=trace)
            killed = fault == "signal=KILL" and code == -9
            told = code == 1 and errors.strip().count("\n") == 0 and errors.startswith("factcheck: error: ")
            hold(killed or told or code in _DONE, f"{where}: ended with {code}: {errors}")
            work.tally["faults that struck"] += struck(out.with_name("log"), code)
            work.tally["killed" if killed else "refused in one line" if told else "went on, with the same bytes"] += 1
            hold(told or killed or out.exists(), f"{where}: ended well without an output")
            if out.exists():
                hold(out.read_bytes() == calm.read_bytes(), f"{where}: an output appeared that differs")
            hold(is_whole(out.with_name("out.jsonl.ledger.sqlite")), f"{where}: the ledger is damaged")
            code, errors = forks.run(["verify", source, "--out", out])
            hold(code in _DONE, f"{where}: the second run ended with {code}: {errors}")
            hold(out.read_bytes() == calm.read_bytes(), f"{where}: the second run's output differs")
    return {"rows": rows, "writing system calls of a run": len(calls), **dict(sorted(work.tally.items()))}


def is_whole(ledger: Path) -> bool:
    """Say whether SQLite finds no damage; a ledger that is not there has none."""
    if not ledger.exists():
        return True
    with closing(sqlite3.connect(ledger)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))


def _trace(strace: str, out: Path, log: Path, *expressions: str) -> list[str]:
    """Return a strace that sees only calls on the ledger, the output and the rejects."""
    names = ["", ".part", ".rejects.jsonl", ".rejects.jsonl.part"]
    names += [f".ledger.sqlite{suffix}" for suffix in ("", "-wal", "-shm", "-journal")]
    paths = [part for name in names for part in ("-P", f"{out}{name}")]
    chosen = [part for expression in expressions for part in ("-e", expression)]
    return [strace, "-f", "-qq", "-o", str(log), *paths, "-e", f"trace={_CALLS}", *chosen]


def _calls(forks: Forks, strace: str, source: Path, folder: Path) -> list[tuple[str, int]]:
    out, log = _fresh(folder) / "out.jsonl", folder / "log"
    code, errors = forks.run(["verify", source, "--out", out], trace=_trace(strace, out, log))
    calls = points_of(log.read_text(errors="replace"))
    hold(calls and code in _DONE, f"the traced run made {len(calls)} calls and ended with {code}: {errors}")
    return calls


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


PROOF = Proof(
    name="verify-faults",
    title="`factcheck verify` with ENOSPC, EIO and SIGKILL injected into the ledger's and the output's system calls",
    prove=prove,
)
