"""In small what `make prove` does in full: kills, faults of the kernel, a full disk, and JSON that is hardly JSON."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from proofs import verify_faults, verify_full_disk, verify_json, verify_kill
from proofs.proof import CannotRunError, DoesNotHoldError, Work


def proved(prove: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return prove()
    except CannotRunError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


def test_kills(memory_path: Path) -> None:
    figures = proved(lambda: verify_kill.prove(Work.open(memory_path), rows=400, kills=4))
    assert figures["SIGKILLs"] == 4


def test_faults(memory_path: Path) -> None:
    figures = proved(lambda: verify_faults.prove(Work.open(memory_path), rows=12, points=21))
    assert figures["killed"] and figures["refused in one line"]


def test_full_disk(tmp_path: Path) -> None:
    figures = proved(lambda: verify_full_disk.prove(Work.open(tmp_path), rows=12, points=6))
    assert figures["full, and said so in one line"] and figures["enough"]


PAYLOADS = {
    "n_nan": b"nan",
    "n_nothing": b"",
    "n_comma": b"[1,]",
    "n_plus": b"+1",
    "n_open": b'{"a": ',
    "n_two": b"[][]",
    "n_closed_too_often": b"{}}",
    "n_quotes": b"'a'",
    "n_not_utf8": b'"\xff"',
    "n_control": b'"a\tb"',
    "n_deep": b"[" * 100_000,
    "n_nul": b"123\x00",
    "y_null": b"null",
    "y_duplicate": b'{"a": 1, "a": 2}',
    "y_nul_escape": b'"\\u0000"',
    "y_pair": b'"\\ud834\\udd1e"',
    "y_number": b"-123.456e78",
    "y_space": b"[ \t]",
    "i_deep": b"[" * 500 + b"]" * 500,
    "i_huge": b"1e9999",
    "i_lone": b'"\\ud800"',
    "y_line": b"[\n]",
}


def test_json_that_is_hardly_json(tmp_path: Path) -> None:
    figures = verify_json.check_payloads(tmp_path, list(PAYLOADS.items()))
    assert figures["n_, all rejected as invalid_json"] == 12
    assert figures["y_, all answered"] == 6
    assert figures["left out, since they hold a line feed"] == 1


def test_a_proof_that_does_not_hold_says_so(tmp_path: Path) -> None:
    with pytest.raises(DoesNotHoldError, match="n_good"):
        verify_json.check_payloads(tmp_path, [("n_good", b"1")])


def test_points_are_remembered(tmp_path: Path) -> None:
    work = Work.open(tmp_path / "w")
    for point in work.points(5):
        work.tally["seen"] += 1
        if point == 2:
            break
    assert list(Work.open(tmp_path / "w").points(5)) == [2, 3, 4]
