"""The kernel refuses writes of a graph that is built, or kills the process at one; then the command runs again.

RocksDB writes from threads of its own, from C++; what it does with a refusal is part of what is proved.
"""

from __future__ import annotations

import gc
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from factcheck.errors import FactCheckError
from factcheck.graph.store import GraphStore
from proofs.forks import Forks
from proofs.proof import Proof, Work, hold, need
from proofs.strikes import chosen, points_of, struck

ENTITIES, POINTS = 40, 240
_CALLS = "write,pwrite64,fsync,fdatasync,sync_file_range,fallocate,rename,ftruncate,mkdir"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
State = frozenset[tuple[str, str, str]] | None
"""What a graph holds; None where there is none."""


def prove(work: Work, *, entities: int = ENTITIES, points: int = POINTS) -> Mapping[str, Any]:
    """Spread the points over all writes of building a graph beside an old one, and of building the first one.

    After each, the graph opens: it is the old one or the new one; and the same command ends as if undisturbed.
    """
    strace = need("strace", "strace")
    base, source = prepare(work.folder, entities)
    with Forks() as forks:
        plans: list[tuple[str, State, State, list[tuple[str, int]]]] = []
        for name in ("over an old one", "the first one"):
            graph = start(base if name == "over an old one" else None, work.folder / f"calm-{len(plans)}")
            log = graph.with_name("log")
            old = graph_state(graph)
            code, errors = forks.run(command(graph, source), trace=_trace(strace, log))
            calls = points_of(log.read_text(errors="replace"), graph)
            hold(code == 0 and calls, f"{name}, undisturbed, ended with {code}: {errors}")
            plans.append((name, old, graph_state(graph), calls))
        for point in work.points(points):
            name, old, new, calls = plans[point % len(plans)]
            fault, call, number = chosen(calls, point // len(plans), -(-points // len(plans)))
            where = f"{name}, {fault} at {call} {number}"
            graph = start(base if old is not None else None, work.folder / "point")
            log = graph.with_name("log")
            code, errors = forks.run(
                command(graph, source), trace=_trace(strace, log, f"inject={call}:{fault}:when={number}")
            )
            killed = fault == "signal=KILL" and code == -9
            told = code == 1 and errors.strip().count("\n") == 0 and errors.startswith("factcheck: error: ")
            hold(killed or told or code == 0, f"{where}: ended with {code}: {errors}")
            try:
                held = graph_state(graph)
            except FactCheckError as error:
                hold(False, f"{where}: {error}")
            hold(held in (old, new), f"{where}: neither the old graph nor the new one")
            hold(code != 0 or held == new, f"{where}: ended well with the old graph")
            work.tally["faults that struck"] += struck(log, code)
            work.tally["killed" if killed else "refused in one line" if told else "went on, and is the new graph"] += 1
            code, errors = forks.run(command(graph, source))
            hold(code == 0 and graph_state(graph) == new, f"{where}: the second run ended with {code}: {errors}")
    counted = {f"writing calls, {name}": len(calls) for name, _, _, calls in plans}
    return {"statements": len(plans[0][2] or ()), **counted, **dict(sorted(work.tally.items()))}


def prepare(folder: Path, entities: int) -> tuple[Path, Path]:
    """Build a graph; return it and the file of the next one."""
    from factcheck.graph.store import build_graph

    source = folder / "next.nt"
    source.write_text(_statements(entities + 3, 1), encoding="utf-8")
    base = folder / "base" / "graph"
    if not (base / "CURRENT").exists():
        shutil.rmtree(base.parent, ignore_errors=True)
        base.parent.mkdir()
        first = folder / "first.nt"
        first.write_text(_statements(entities, 0), encoding="utf-8")
        build_graph([first], base, name="facts")
    return base, source


def start(base: Path | None, folder: Path) -> Path:
    """Return where a graph is to be built: a copy of an old one, or a place that holds none."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if base is not None:
        shutil.copytree(base, folder / "graph")
    return folder / "graph"


def command(graph: Path, source: Path) -> list[str | Path]:
    """Return the command line that builds a graph."""
    return ["kb", "build", source, "--out", graph, "--name", "facts"]


def graph_state(graph: Path) -> State:
    """Return what a graph holds, after every file of it was hashed."""
    if not (graph / "CURRENT").exists():
        return None
    store = GraphStore.open(graph, trust_stamps=False)
    found = store.triples(limit=1_000_000)
    hold(len(found) == len(store) == store.body.statements, f"{graph}: {len(found)} of {len(store)} statements")
    del store
    gc.collect()  # its maps are closed with the last reference, and only then a disk can be taken away
    return frozenset((triple.subject, triple.predicate, triple.object) for triple in found)


def _statements(entities: int, version: int) -> str:
    lines = []
    for n in range(entities):
        lines.append(f'<x:e{n}> {_LABEL} "Entity {n}"@en .')
        lines.append(f'<x:e{n}> <x:value> "{n * 7 + version}" .')
        lines.append(f"<x:e{n}> <x:next> <x:e{(n + 1) % entities}> .")
    return "\n".join(lines) + "\n"


def _trace(strace: str, log: Path, *expressions: str) -> list[str]:
    chosen_ = [part for expression in expressions for part in ("-e", expression)]
    return [strace, "-f", "-qq", "-y", "-o", str(log), "-e", f"trace={_CALLS}", *chosen_]


PROOF = Proof(
    name="graph-faults",
    title="`factcheck kb build`, over an old graph and the first one, with ENOSPC, EIO and SIGKILL injected",
    prove=prove,
)
