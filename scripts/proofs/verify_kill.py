"""`factcheck verify` is killed with SIGKILL at many moments, spread over the work, and started again each time."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from proofs.proof import Proof, Work, finished, hold, python
from proofs.rows import write_rows
from proofs.verify_faults import is_whole

ROWS, KILLS = 10_000, 100
MODEL_ROWS, MODEL_KILLS = 1000, 10  # each kill costs a start with models
_PROGRAM = Path(__file__).with_name("rows.py")
_DONE = "SELECT count(*) FROM rows WHERE state = 'done'"
_BEGUN = "SELECT sum(attempts) FROM rows"
_INCOMPLETE = 4  # the exit code of a run with rejects


def prove(
    work: Work,
    *,
    rows: int = ROWS,
    kills: int = KILLS,
    program: Sequence[str | Path] = (_PROGRAM,),
    delay_seconds: float = 0.1,
) -> Mapping[str, Any]:
    """Kill, start again, and compare with a run that nobody disturbed.

    Args:
        work: see there.
        rows: of the input.
        kills: how many.
        program: the command; the one in `proofs.rows` starts faster than the whole.
        delay_seconds: about as long as a batch takes.

    Each kill waits until the ledger holds its share of the rows and this very process has begun some, so that none
    falls into the start-up, and then a random part of a batch longer. After each one the ledger must be whole, and no
    row that was finished before may have been finished again.
    """
    source, calm, out = (work.folder / name for name in ("in.jsonl", "calm.jsonl", "out.jsonl"))
    ids = write_rows(source, rows, short=True)
    if not calm.exists():
        code, errors = finished(python(*program, "verify", source, "--out", calm), 3600)
        hold(code == _INCOMPLETE, f"the undisturbed run ended with {code}: {errors}")
    ledger = out.with_name("out.jsonl.ledger.sqlite")
    lot = random.Random(6)  # noqa: S311 - moments, not secrets
    delays = [lot.uniform(0.0, delay_seconds) for _ in range(kills)]
    seen = _finished_rows(ledger)
    for point in work.points(kills):
        target = (point + 1) * rows // (kills + 1)
        before, begun = len(seen), _asked(ledger, _BEGUN)
        with python(*program, "verify", source, "--out", out) as process:
            while process.poll() is None and (_asked(ledger, _DONE) < target or _asked(ledger, _BEGUN) == begun):
                time.sleep(0.02)
            time.sleep(delays[point])
            process.kill()
            process.communicate()
        work.tally["ended before the kill"] += process.returncode != -9
        now = _finished_rows(ledger)
        hold(is_whole(ledger), f"kill {point}: the ledger is damaged")
        again = [identity for identity, when in seen.items() if now.get(identity) != when]
        hold(not again, f"kill {point}: finished rows were done again: {again[:3]}")
        work.tally["kills that found new rows finished"] += len(now) > before
        seen = now
    code, errors = finished(python(*program, "verify", source, "--out", out), 3600)
    hold(code == _INCOMPLETE, f"the last run ended with {code}: {errors}")
    final = _finished_rows(ledger)
    hold(all(final[identity] == when for identity, when in seen.items()), "finished rows were done again at the end")
    lines = out.read_bytes().splitlines()
    hold(
        [orjson.loads(line)["id"] for line in lines] == ids, "the output does not hold every id exactly once, in order"
    )
    hold(out.read_bytes() == calm.read_bytes(), "the output differs from that of an undisturbed run")
    hold(_rejects(out) == _rejects(calm), "the rejects differ from those of an undisturbed run")
    with closing(sqlite3.connect(ledger)) as connection:
        (redone,) = connection.execute("SELECT count(*) FROM rows WHERE state = 'done' AND attempts > 1").fetchone()
    return {
        "rows": rows,
        "SIGKILLs": kills - work.tally["ended before the kill"],
        "kills that found new rows finished": work.tally["kills that found new rows finished"],
        "rows in flight at a kill, hence begun twice or more": redone,
        "finished rows done twice": 0,
        "bytes equal to an undisturbed run": "yes",
    }


def _asked(ledger: Path, question: str) -> int:
    """Return the number that a ledger answers with; 0 while there is none."""
    try:
        with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True, timeout=5)) as connection:
            (count,) = connection.execute(question).fetchone()
    except sqlite3.OperationalError:
        return 0
    return int(count or 0)


def _finished_rows(ledger: Path) -> dict[str, float]:
    if not ledger.exists():
        return {}
    try:
        with closing(sqlite3.connect(ledger)) as connection:
            return dict(connection.execute("SELECT id, finished_at FROM rows WHERE state = 'done'").fetchall())
    except sqlite3.OperationalError:  # killed before there was a table
        return {}


def _rejects(out: Path) -> bytes:
    return out.with_name(f"{out.name}.rejects.jsonl").read_bytes().replace(out.name.encode(), b"")


def prove_with_models(work: Work) -> Mapping[str, Any]:
    """Do the same with the shipped models, over fewer rows."""
    return prove(work, rows=MODEL_ROWS, kills=MODEL_KILLS, program=("-m", "factcheck"), delay_seconds=1.0)


PROOF = Proof(
    name="verify-kill",
    title="`factcheck verify`, judging by numbers alone, killed with SIGKILL at moments spread over the work: "
    "every id exactly once, equal bytes",
    prove=prove,
)
PROOF_WITH_MODELS = Proof(
    name="verify-kill-models",
    title="the same with the shipped models, index and graph",
    prove=prove_with_models,
)
