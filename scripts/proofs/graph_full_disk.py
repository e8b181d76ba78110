"""A graph that is built on a disk that is too small, for many sizes, and again after the disk has grown."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from proofs.disk import tmpfs
from proofs.forks import Forks
from proofs.graph_faults import command, graph_state, prepare
from proofs.proof import Proof, Work, hold

ENTITIES, POINTS = 40, 200


def prove(work: Work, *, entities: int = ENTITIES, points: int = POINTS) -> Mapping[str, Any]:
    """Spread the sizes from just enough for the old graph to more than enough for the next one."""
    base, source = prepare(work.folder, entities)
    old = graph_state(base)
    taken = sum(-(-path.stat().st_size // 4096) * 4096 for path in base.rglob("*") if path.is_file())
    disk = work.folder / "disk"
    with Forks() as forks:
        for point in work.points(points):
            size = taken + 16_384 + 3 * taken * point // points
            with tmpfs(disk, size) as grow:
                graph = Path(shutil.copytree(base, disk / "graph"))
                code, errors = forks.run(command(graph, source))
                told = code == 1 and errors.strip().count("\n") == 0 and errors.startswith("factcheck: error: ")
                hold(told or code == 0, f"{size} bytes: ended with {code}: {errors}")
                held = graph_state(graph)
                hold((held == old) is told, f"{size} bytes: ended with {code}, and holds another graph than that says")
                work.tally["full, said so in one line, and the old graph serves" if told else "enough"] += 1
                grow(16 * taken + 64_000_000)
                code, errors = forks.run(command(graph, source))
                hold(code == 0, f"{size} bytes, then enough: ended with {code}: {errors}")
                hold(graph_state(graph) != old, f"{size} bytes, then enough: the old graph")
    return {"bytes of the graph": taken, **dict(sorted(work.tally.items()))}


PROOF = Proof(
    name="graph-full-disk",
    title="`factcheck kb build` over an old graph on a tmpfs of many sizes, then grown",
    prove=prove,
)
