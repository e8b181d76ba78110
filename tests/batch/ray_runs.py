"""A batch, an index and a graph on one Ray cluster of two nodes, a worker killed in each: what `test_ray` looks at.

python tests/batch/ray_runs.py FOLDER       prints what came of it, a line of JSON
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from proofs.rows import NumbersWiring, write_rows
from proofs.verify_ray import cluster, kill, verify_killing

from factcheck.batch.engine import LocalEngine
from factcheck.batch.ray_encoder import RayEncoder
from factcheck.batch.ray_steps import RaySpread
from factcheck.batch.read import open_source
from factcheck.batch.road import Road
from factcheck.batch.run import RunOptions, verify_rows
from factcheck.errors import GraphSyntaxError
from factcheck.graph.store import GraphStore, build_graph
from factcheck.index import Index
from factcheck.models import load_encoder

NODES = 2


def verify(folder: Path) -> dict[str, Any]:
    """Verify rows on the cluster and here."""
    source, calm, out = (folder / name for name in ("in.jsonl", "calm.jsonl", "out.jsonl"))
    write_rows(source, 300)
    road = Road(NumbersWiring())
    verify_rows(open_source(source), calm, road, LocalEngine(road), RunOptions())
    killed = verify_killing(source, out, NODES, 1)
    return {"killed": killed, "rows": out.read_bytes().count(b"\n"), "same": out.read_bytes() == calm.read_bytes()}


def build_index(folder: Path) -> dict[str, Any]:
    """Build an index on the cluster and here."""
    source = folder / "corpus.jsonl"
    texts = [f"Entry {n} has the value {n * 7}, and stands in row {n % 13}." for n in range(600)]
    source.write_bytes(b"".join(orjson.dumps({"_id": str(n), "text": text}) + b"\n" for n, text in enumerate(texts)))
    local = Index.build([source], folder / "index", load_encoder())
    killed = 0

    def watch(what: str, done: int, total: int) -> None:
        nonlocal killed
        if what == "embedding" and done and not killed:
            kill(encoder.workers[0])
            killed += 1

    with RayEncoder.start(load_encoder(), partial(load_encoder, threads=1)) as encoder:
        spread = Index.build([source], folder / "index-ray", encoder, progress=watch)
        return {"killed": killed, "workers": len(encoder.workers), "same": local.sha256 == spread.sha256}


class KillingSpread(RaySpread):
    """Loses a worker in the middle of finding names."""

    steps: set[str]
    killed = 0

    def __call__(self, step: Callable[[Any], Any], pieces: Iterable[Any], /) -> Iterator[Any]:
        self.steps = {*getattr(self, "steps", ()), step.__name__}
        for number, done in enumerate(super().__call__(step, pieces)):
            if step.__name__ == "name_nodes" and number == 1:
                kill(self.workers[0])
                self.killed += 1
            yield done


def build_knowledge(folder: Path) -> dict[str, Any]:
    """Build a graph on the cluster and here, and one whose file is bad."""
    rows = [f"Entity {n}\thas part {n % 7}\tPart {n * 3 % 11} of Thing\n" for n in range(12_000)]
    (folder / "a.tsv").write_text("".join(rows), encoding="utf-8")
    (folder / "c.tsv").write_text("Entity 1\tlies in\tThing\nnothing here\nThing\tis\t'n\n", encoding="utf-8")
    (folder / "b.nt").write_text("_:x <http://e.example/p> _:y .\n_:y <http://e.example/p> _:x .\n", encoding="utf-8")
    sources = [folder / name for name in ("a.tsv", "b.nt", "c.tsv")]
    local = build_graph(sources, folder / "graph", name="g", skip_bad=True)
    with KillingSpread.start() as spread:
        made = build_graph(sources, folder / "graph-ray", name="g", skip_bad=True, spread=spread)
        killed, refused = spread.killed, None
        try:
            build_graph(sources, folder / "graph-bad", name="g", spread=spread)
        except GraphSyntaxError as error:
            refused = error.line
    stores = [GraphStore.open(folder / name) for name in ("graph", "graph-ray")]
    quads = [sorted(map(str, store._store)) for store in stores]  # RocksDB stamps its files: no two are equal
    return {
        "killed": killed,
        "steps": sorted(spread.steps),
        "same files": _tables(local) == _tables(made),
        "same manifest": local.manifest.body == made.manifest.body,
        "same statements": quads[0] == quads[1],
        "refused at line": refused,
        "published in spite of it": (folder / "graph-bad" / "CURRENT").exists(),
    }


def _tables(made: Any) -> dict[str, Any]:
    return {name: entry for name, entry in made.manifest.files.items() if not name.startswith("store/")}


if __name__ == "__main__":
    with cluster(NODES):
        came = {run.__name__: run(Path(sys.argv[1])) for run in (verify, build_index, build_knowledge)}
    print(orjson.dumps(came).decode(), flush=True)  # noqa: T201 - to the test
