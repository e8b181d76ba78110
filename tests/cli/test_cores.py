"""Pools of native libraries are set once; what a user says stays."""

import os
import subprocess
import sys

import pytest

from factcheck.cli.cores import share_cores


def test_pools_are_set_and_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        monkeypatch.setenv(name, "9")  # so that what is set below is taken back
        monkeypatch.delenv(name)
    monkeypatch.setenv("MKL_NUM_THREADS", "7")
    share_cores(0)
    assert (os.environ["OPENBLAS_NUM_THREADS"], os.environ["MKL_NUM_THREADS"]) == ("1", "7")
    assert "OMP_NUM_THREADS" not in os.environ
    share_cores(3)
    assert os.environ["OMP_NUM_THREADS"] == "3"


def test_numpy_is_not_loaded_before_its_pool_is_set() -> None:
    code = "import sys, factcheck.cli.main, factcheck.cli.session; print('numpy' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "False"
