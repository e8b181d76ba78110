"""A graph that is built on a local Ray cluster of several nodes, a worker killed, is the one that is built here."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SCRIPT = """
    import os, signal, sys
    from pathlib import Path

    import ray
    from ray.cluster_utils import Cluster

    from factcheck.batch.ray_steps import RaySpread
    from factcheck.errors import GraphSyntaxError
    from factcheck.graph.store import GraphStore, build_graph

    folder = Path(sys.argv[1])
    sources = [folder / name for name in ("a.tsv", "b.nt", "c.tsv")]
    local = build_graph(sources, folder / "local", name="g", skip_bad=True)
    size = {"num_cpus": 1, "object_store_memory": 100 * 1024 * 1024}
    cluster = Cluster(initialize_head=True, head_node_args={**size, "include_dashboard": False})
    cluster.add_node(**size)
    ray.init(address=cluster.address, log_to_driver=False)
    killed, steps = [], set()

    class Killing(RaySpread):
        def __call__(self, step, pieces):
            steps.add(step.__name__)
            for number, done in enumerate(super().__call__(step, pieces)):
                if step.__name__ == "name_nodes" and number == 1:
                    killed.append(ray.get(self.workers[0].pid.remote()))
                    os.kill(killed[0], signal.SIGKILL)
                yield done

    with Killing.start() as spread:
        spread_out = build_graph(sources, folder / "ray", name="g", skip_bad=True, spread=spread)
        try:
            build_graph(sources, folder / "bad", name="g", spread=spread)
        except GraphSyntaxError as error:
            refused = error.line
        workers = len(spread.workers)
    ray.shutdown()
    cluster.shutdown()
    ours = lambda made: {n: e for n, e in made.manifest.files.items() if not n.startswith("store/")}
    opened = [GraphStore.open(folder / name) for name in ("local", "ray")]
    quads = [sorted(map(str, store._store)) for store in opened]  # RocksDB stamps its files: no two are equal
    print(ours(local) == ours(spread_out), local.manifest.body == spread_out.manifest.body, quads[0] == quads[1],
          len(killed), sorted(steps), refused, (folder / "bad" / "CURRENT").exists(), workers, sep="|")
"""


@pytest.mark.slow
@pytest.mark.xdist_group("ray")
def test_the_same_graph_though_a_worker_dies(tmp_path: Path) -> None:
    try:
        import ray  # noqa: F401
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("Ray is not installed (extra 'ray')")
    rows = [f"Entity {n}\thas part {n % 7}\tPart {n * 3 % 11} of Thing\n" for n in range(12_000)]
    (tmp_path / "a.tsv").write_text("".join(rows), encoding="utf-8")
    (tmp_path / "c.tsv").write_text("Entity 1\tlies in\tThing\nnothing here\nThing\tis\t'n\n", encoding="utf-8")
    (tmp_path / "b.nt").write_text("_:x <http://e.example/p> _:y .\n_:y <http://e.example/p> _:x .\n", encoding="utf-8")
    call = [sys.executable, "-c", textwrap.dedent(SCRIPT), str(tmp_path)]
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": str(Path.cwd())}
    child = subprocess.run(call, capture_output=True, text=True, timeout=280, check=False, env=environment)
    assert child.returncode == 0, child.stderr[-2000:]
    told = child.stdout.splitlines()[-1].split("|")  # Ray writes there too
    assert told == ["True", "True", "True", "1", "['name_nodes', 'parse_file']", "2", "False", "2"]
