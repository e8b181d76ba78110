"""`factcheck verify --engine ray` on a local cluster of several nodes, workers killed in the middle.

python scripts/proofs/verify_ray.py IN OUT NODES KILLS        the child that the proof starts
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from proofs.proof import CannotRunError, Proof, Work, finished, hold, python
from proofs.rows import NumbersWiring, write_rows

ROWS, NODES, KILLS = 10_000, 3, 10
_PROGRAM = Path(__file__).with_name("rows.py")


def prove(work: Work, *, rows: int = ROWS, nodes: int = NODES, kills: int = KILLS) -> Mapping[str, Any]:
    """Compare with the local engine, byte for byte, while workers die."""
    try:
        import ray  # noqa: F401 - the child uses it
    except ImportError:
        raise CannotRunError("Ray is not installed (extra 'ray')") from None
    source, calm, out = (work.folder / name for name in ("in.jsonl", "calm.jsonl", "out.jsonl"))
    for path in work.folder.glob("*.jsonl*"):
        path.unlink()
    write_rows(source, rows)
    code, errors = finished(python(_PROGRAM, "verify", source, "--out", calm), 3600)
    hold(code in (0, 4), f"the local run ended with {code}: {errors}")
    child = python(Path(__file__), source, out, str(nodes), str(kills), environment={"RAY_USAGE_STATS_ENABLED": "0"})
    said, errors_raw = child.communicate(timeout=3600)
    hold(child.returncode == 0, f"the run on Ray ended with {child.returncode}: {errors_raw.decode()[-2000:]}")
    killed = int(said.splitlines()[-1])  # Ray writes there too
    hold(killed == kills, f"{killed} of {kills} workers were killed")
    hold(out.read_bytes() == calm.read_bytes(), "the output differs from that of the local engine")
    return {"rows": rows, "nodes": nodes, "workers killed": kills, "bytes equal to the local engine's": "yes"}


@contextmanager
def cluster(nodes: int) -> Iterator[None]:
    """Start a Ray cluster of several nodes with a core each on this machine, and join it."""
    import ray
    from ray.cluster_utils import Cluster

    size: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 100 * 1024 * 1024}
    # Ray gives its workers way to everything else; on a busy machine they would wait for minutes.
    system = {"worker_niceness": 0}
    head = {**size, "include_dashboard": False, "_system_config": system}
    started: Any = Cluster(initialize_head=True, head_node_args=head)
    for _ in range(nodes - 1):
        started.add_node(**size)
    ray.init(address=started.address, log_to_driver=False)
    yield
    ray.shutdown()
    started.shutdown()


def kill(worker: Any) -> None:
    """End the process of an actor with SIGKILL."""
    import ray

    os.kill(ray.get(worker.pid.remote()), signal.SIGKILL)


def verify_killing(source: Path, out: Path, workers: int, kills: int) -> int:
    """Verify on the cluster that was joined, and kill workers meanwhile; return how many were killed."""
    from factcheck.batch.ray_engine import RayEngine
    from factcheck.batch.read import open_source
    from factcheck.batch.road import Road
    from factcheck.batch.run import Progress, RunOptions, verify_rows

    road = Road(NumbersWiring())
    killed = 0

    def watch(progress: Progress) -> None:
        nonlocal killed
        if killed < kills and progress.verified > 0:
            kill(engine.workers[killed % workers])
            killed += 1

    with RayEngine.start(road, NumbersWiring, workers=workers) as engine:
        report = verify_rows(open_source(source), out, road, engine, RunOptions(), watch=_now_and_then(watch, kills))
    hold(report.finished, "the run on Ray did not finish")
    return killed


def _now_and_then(watch: Callable[[Any], None], kills: int) -> Callable[[Any], None]:
    """Let some batches pass between two kills, so that a worker has time to come back."""
    calls = [0]

    def passing(progress: Any) -> None:
        calls[0] += 1
        if kills == 1 or calls[0] % 8 == 0:
            watch(progress)

    return passing


PROOF = Proof(
    name="verify-ray",
    title="`factcheck verify` on a local Ray cluster of several nodes, workers killed: equal bytes",
    prove=prove,
)

if __name__ == "__main__":
    with cluster(int(sys.argv[3])):
        print(verify_killing(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])), flush=True)
