"""In small what `make prove` does in full for indexes."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from proofs import index_faults, index_full_disk, index_json, index_mutations, index_readers
from proofs.index_machine import IndexMachine
from proofs.proof import CannotRunError, DoesNotHoldError, Work


def proved(prove: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return prove()
    except CannotRunError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


def test_faults(memory_path: Path) -> None:
    figures = proved(lambda: index_faults.prove(Work.open(memory_path), count=20, points=24))
    assert figures["killed"] and figures["refused in one line"]


def test_full_disk(tmp_path: Path) -> None:
    figures = proved(lambda: index_full_disk.prove(Work.open(tmp_path), count=20, points=12))
    assert figures["full, said so in one line, and the old index serves"] and figures["enough"]


def test_mutations(tmp_path: Path) -> None:
    kinds = {"lists of codes": "IVF4,SQ8"}
    figures = proved(lambda: index_mutations.prove(Work.open(tmp_path), mutations=5, kinds=kinds))
    assert figures["files"] >= 20
    assert figures["refused with IntegrityError"] >= 95


def test_a_mutation_changes_something() -> None:
    assert all(index_mutations.mutate(b"abc", Random(n))[1] != b"abc" for n in range(300))


def test_readers(tmp_path: Path) -> None:
    figures = proved(lambda: index_readers.prove(Work.open(tmp_path), readers=3, generations=12))
    assert figures["searches"] >= 24


TestIndexMachine = IndexMachine.TestCase
TestIndexMachine.settings = settings(
    max_examples=50, stateful_step_count=4, deadline=None, suppress_health_check=list(HealthCheck)
)

PAYLOADS = {
    "n_nan": b"nan",
    "n_nothing": b"",
    "n_two": b"[][]",
    "n_not_utf8": b'"\xff"',
    "n_control": b'"a\tb"',
    "n_deep": b"[" * 100_000,
    "y_duplicate": b'{"a": 1, "a": 2}',
    "y_nul_escape": b'"\\u0000"',
    "y_number": b"-123.456e78",
    "i_huge": b"1e9999",
    "i_lone": b'"\\ud800"',
    "y_line": b"[\n]",
}


def test_json_that_is_hardly_json(tmp_path: Path) -> None:
    figures = index_json.check_payloads(tmp_path, list(PAYLOADS.items()))
    assert figures["n_, all rejected as invalid_json"] == 6
    assert figures["y_, all indexed"] == 3
    assert figures["left out, since they hold a line feed"] == 1


def test_a_proof_that_does_not_hold_says_so(tmp_path: Path) -> None:
    with pytest.raises(DoesNotHoldError, match="n_good"):
        index_json.check_payloads(tmp_path, [("n_good", b"1")])
