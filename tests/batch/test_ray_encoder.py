"""An index that is built on a local Ray cluster of several nodes, a worker killed, is the one that is built here."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import orjson
import pytest

SCRIPT = """
    import os, signal, sys
    from functools import partial
    from pathlib import Path

    import ray
    from ray.cluster_utils import Cluster

    from factcheck.batch.ray_encoder import RayEncoder
    from factcheck.index import Index
    from factcheck.models import load_encoder

    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    local = Index.build([source], folder / "local", load_encoder())
    size = {"num_cpus": 1, "object_store_memory": 100 * 1024 * 1024}
    cluster = Cluster(initialize_head=True, head_node_args={**size, "include_dashboard": False})
    cluster.add_node(**size)
    ray.init(address=cluster.address, log_to_driver=False)
    encoder = RayEncoder.start(load_encoder(), partial(load_encoder, threads=1))
    killed = []

    def watch(what, done, total):
        if what == "embedding" and done and not killed:
            killed.append(ray.get(encoder.workers[0].pid.remote()))
            os.kill(killed[0], signal.SIGKILL)

    with encoder:
        spread = Index.build([source], folder / "ray", encoder, progress=watch)
    ray.shutdown()
    cluster.shutdown()
    print(local.sha256 == spread.sha256, len(killed), len(encoder.workers))
"""


@pytest.mark.slow
@pytest.mark.xdist_group("ray")
def test_the_same_index_though_a_worker_dies(tmp_path: Path) -> None:
    try:
        import ray  # noqa: F401
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("Ray is not installed (extra 'ray')")
    source = tmp_path / "c.jsonl"
    rows = [
        {"_id": str(n), "text": f"Entry {n} has the value {n * 7}, and stands in row {n % 13}."} for n in range(600)
    ]
    source.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    call = [sys.executable, "-c", textwrap.dedent(SCRIPT), str(source), str(tmp_path)]
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": str(Path.cwd())}
    child = subprocess.run(call, capture_output=True, text=True, timeout=280, check=False, env=environment)
    assert child.returncode == 0, child.stderr[-2000:]
    assert child.stdout.splitlines()[-1].split() == ["True", "1", "2"]  # Ray writes there too
