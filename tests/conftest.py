"""What every test shares: a cache directory of its own, and no settings from outside."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from proofs.disk import memory

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("default")


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in list(os.environ):
        if name.startswith("FACTCHECK_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def memory_path() -> Iterator[Path]:
    """A folder like `tmp_path`, in memory where there is some: for tests that sync files hundreds of times."""
    with tempfile.TemporaryDirectory(prefix="factcheck-test-", dir=memory()) as folder:
        yield Path(folder)
