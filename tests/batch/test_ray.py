"""What a local Ray cluster of several nodes makes is what is made here, though a worker is killed in the middle."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.batch.ray_cluster import Actors
from factcheck.errors import ServiceError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("ray")]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All on one cluster, since starting one takes longer than the work."""
    try:
        import ray  # noqa: F401
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("Ray is not installed (extra 'ray')")
    folder = tmp_path_factory.mktemp("ray")
    path = os.pathsep.join([str(ROOT), str(ROOT / "scripts")])
    child = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("ray_runs.py")), str(folder)],
        capture_output=True,
        text=True,
        timeout=570,
        check=False,
        env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": path, "XDG_CACHE_HOME": str(folder)},
    )
    assert child.returncode == 0, child.stderr[-2000:]
    found: dict[str, Any] = orjson.loads(child.stdout.splitlines()[-1])  # Ray writes there too
    return found


def test_the_same_verdicts(runs: dict[str, Any]) -> None:
    assert runs["verify"] == {"killed": 1, "rows": 300, "same": True}


def test_the_same_index(runs: dict[str, Any]) -> None:
    assert runs["build_index"] == {"killed": 1, "workers": 2, "same": True}


def test_the_same_graph(runs: dict[str, Any]) -> None:
    assert runs["build_knowledge"] == {
        "killed": 1,
        "steps": ["name_nodes", "parse_file"],
        "same files": True,
        "same manifest": True,
        "same statements": True,
        "refused at line": 2,
        "published in spite of it": False,
    }


def test_a_cluster_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("RAY_ADDRESS", address)
    with pytest.raises(ServiceError, match=f"^{address}: the cluster cannot be reached .*RAY_ADDRESS"):
        Actors.start_workers(object, 1)
