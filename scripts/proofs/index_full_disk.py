"""An index that changes on a disk that is too small, for many sizes, and again after the disk has grown."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from proofs.corpora import state_of
from proofs.disk import tmpfs
from proofs.forks import Forks
from proofs.index_faults import command, prepare
from proofs.proof import Proof, Work, hold

DOCUMENTS, POINTS = 60, 200


def prove(work: Work, *, count: int = DOCUMENTS, points: int = POINTS) -> Mapping[str, Any]:
    """Spread the sizes from just enough for the index to more than enough for most of the next generations."""
    base, operations = prepare(work.folder, count)
    old = state_of(base)
    taken = sum(_blocks(path) for path in base.rglob("*"))
    disk = work.folder / "disk"
    with Forks() as forks:
        for point in work.points(points):
            name, arguments = operations[point % len(operations)]
            size = taken + 16_384 + taken * (point // len(operations)) // (2 * max(1, points // len(operations)))
            with tmpfs(disk, size) as grow:
                index = Path(shutil.copytree(base, disk / "index"))
                code, errors = forks.run(command(name, index, arguments))
                told = code == 1 and errors.strip().count("\n") == 0 and errors.startswith("factcheck: error: ")
                hold(told or code == 0, f"{name}, {size} bytes: ended with {code}: {errors}")
                held = state_of(index)
                hold(not told or held == old, f"{name}, {size} bytes: said that it failed, and changed the index")
                work.tally["full, said so in one line, and the old index serves" if told else "enough"] += 1
                grow(8 * taken + 4_000_000)
                code, errors = forks.run(command(name, index, arguments))
                again = code == 0 or (code == 4 and name == "remove" and not told)
                hold(again, f"{name}, {size} bytes, then enough: ended with {code}: {errors}")
                hold(held == old or state_of(index) == held, f"{name}, {size} bytes, then enough: another index")
    return {"documents": count, "bytes of the index": taken, **dict(sorted(work.tally.items()))}


def _blocks(path: Path) -> int:
    return -(-path.stat().st_size // 4096) * 4096 if path.is_file() else 0


PROOF = Proof(
    name="index-full-disk",
    title="`factcheck index build`, `add`, `remove` and `compact` on a tmpfs of many sizes, then grown",
    prove=prove,
)
