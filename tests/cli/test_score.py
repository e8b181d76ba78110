"""`score`: a row for a row, in order; what cannot be used is listed and counted."""

import gzip
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest

from factcheck.cli.main import run
from tests.cli.conftest import FakeFactChecker

SUPPORTED = {"SUPPORTED": 1.0, "REFUTED": 0.0, "NOT_ENOUGH_INFO": 0.0}
NONE = {"SUPPORTED": 0.0, "REFUTED": 0.0, "NOT_ENOUGH_INFO": 1.0}


def write(path: Path, *rows: bytes | dict[str, Any]) -> Path:
    data = b"\n".join(row if isinstance(row, bytes) else orjson.dumps(row) for row in rows) + b"\n"
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    return [orjson.loads(line) for line in (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()]


def test_rows_in_order(checker: FakeFactChecker, tmp_path: Path) -> None:
    pairs = write(
        tmp_path / "pairs.jsonl",
        {"id": "a", "claim": "snow is white", "evidence": "they say snow is white"},
        b"   ",
        {"claim": "snow is black", "evidence": []},
        {"id": 7, "claim": "snow", "evidence": ["rain", "snow"], "more": 1},
    )
    out = tmp_path / "out.jsonl"
    assert run(["score", str(pairs), "--out", str(out)]) == 0
    assert read(out) == [
        {"id": "a", "label": "SUPPORTED", "probabilities": SUPPORTED, "span": {"start": 9, "end": 22}, "evidence": 0,
         "reason": "said so"},
        {"label": "NOT_ENOUGH_INFO", "probabilities": NONE, "span": None, "evidence": None,
         "reason": "nothing says so"},
        {"id": 7, "label": "SUPPORTED", "probabilities": SUPPORTED, "span": {"start": 0, "end": 4}, "evidence": 1,
         "reason": "said so"},
    ]  # fmt: skip
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "pairs.jsonl"]


BAD: list[tuple[bytes | dict[str, Any], str]] = [
    (b'{"claim": "a", "evidence": ', "invalid_json"),
    (b'{"claim": "a\\ud800", "evidence": "b"}', "invalid_json"),
    (b'{"claim": "\xff", "evidence": "b"}', "invalid_json"),
    (b'{"claim": NaN, "evidence": "b"}', "invalid_json"),
    (b"[1, 2]", "invalid_row"),
    ({"claim": "a"}, "missing_field"),
    ({"evidence": "a"}, "missing_field"),
    ({"claim": 1, "evidence": "a"}, "invalid_field"),
    ({"claim": " ", "evidence": "a"}, "invalid_field"),
    ({"claim": "a", "evidence": {"text": "b"}}, "invalid_field"),
    ({"claim": "a", "evidence": ["b", 1]}, "invalid_field"),
    ({"claim": "a", "evidence": None}, "invalid_field"),
    ({"id": 1.5, "claim": "a", "evidence": "b"}, "invalid_field"),
    ({"id": True, "claim": "a", "evidence": "b"}, "invalid_field"),
    ({"claim": "a\0", "evidence": "b"}, "invalid_text"),
    ({"claim": "too long", "evidence": "b"}, "invalid_text"),
    ({"claim": "fails", "evidence": "b"}, "service"),
]


def test_bad_rows_are_listed_with_their_place(
    checker: FakeFactChecker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {"claim": "snow", "evidence": "snow"}
    rows = [row for bad, _ in BAD for row in (bad, good)]
    pairs = write(tmp_path / "pairs.jsonl", *rows)
    out = tmp_path / "out.jsonl"
    assert run(["score", str(pairs), "--out", str(out)]) == 4
    assert len(read(out)) == len(BAD)
    rejects = read(tmp_path / "out.jsonl.rejects.jsonl")
    assert [reject["code"] for reject in rejects] == [code for _, code in BAD]
    assert [reject["line"] for reject in rejects] == list(range(1, 2 * len(BAD), 2))
    data = pairs.read_bytes()
    for reject, (bad, _) in zip(rejects, BAD, strict=True):
        line = bad if isinstance(bad, bytes) else orjson.dumps(bad)
        assert data[reject["offset"] :].startswith(line + b"\n")
        assert reject["message"]
    assert capsys.readouterr().err == (
        f"factcheck: {len(BAD)} of {2 * len(BAD)} rows rejected, see {tmp_path / 'out.jsonl.rejects.jsonl'}\n"
    )
    write(pairs, good)
    assert run(["score", str(pairs), "--out", str(out)]) == 0
    assert not (tmp_path / "out.jsonl.rejects.jsonl").exists()


def test_gzip_both_ways_gives_equal_bytes(checker: FakeFactChecker, tmp_path: Path) -> None:
    rows = [{"id": n, "claim": f"claim {n}", "evidence": f"claim {n} is so"} for n in range(150)]
    pairs = write(tmp_path / "pairs.jsonl.gz", *rows)
    first, second = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    assert run(["score", str(pairs), "--out", str(first)]) == 0
    assert run(["score", str(pairs), "--out", str(second)]) == 0
    assert [row["id"] for row in read(first)] == list(range(150))
    assert first.read_bytes() == second.read_bytes()


def test_standard_streams(checker: FakeFactChecker, stdin: Any, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    stdin(b'\xef\xbb\xbf{"claim": "snow", "evidence": "snow"}\nnonsense\n')
    assert run(["score", "-", "--out", "-"]) == 4
    out, err = capfdbinary.readouterr()
    assert orjson.loads(out)["label"] == "SUPPORTED"
    lines = err.decode().splitlines()
    assert lines[0].startswith("factcheck: standard input, line 2: is not valid JSON (")
    assert lines[0].endswith("(invalid_json)")
    assert lines[1] == "factcheck: 1 of 2 rows rejected"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("missing.jsonl", None, "cannot be read (No such file or directory)"),
        ("broken.jsonl.gz", b"no gzip", "cannot be read to its end (Not a gzipped file"),
        (
            "cut.jsonl.gz",
            gzip.compress(b'{"claim": "a", "evidence": "a"}\n' * 9, mtime=0)[:-9],
            "cannot be read to its end",
        ),
    ],
)
def test_a_bad_file_leaves_nothing_behind(
    checker: FakeFactChecker,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    data: bytes | None,
    said: str,
) -> None:
    pairs = tmp_path / name
    if data is not None:
        pairs.write_bytes(data)
    assert run(["score", str(pairs), "--out", str(tmp_path / "out.jsonl")]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"factcheck: error: {pairs}: {said}")
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ([name] if data is not None else [])


def test_the_input_is_not_overwritten(checker: FakeFactChecker, tmp_path: Path) -> None:
    pairs = write(tmp_path / "pairs.jsonl", {"claim": "snow", "evidence": "snow"})
    assert run(["score", str(pairs), "--out", str(tmp_path / "." / "pairs.jsonl")]) == 2
    assert read(pairs) == [{"claim": "snow", "evidence": "snow"}]


def calibration(path: Path, decision: str = "d" * 64) -> Path:
    from factcheck.calibrate import SCHEMA, Calibration, Scaling, Setting

    fitted = Setting(
        rows=200, scaling=Scaling(weights=(0.5, 0.5, 0.5)), support=[(0.9, True)] * 60, wrongness=[0.001] * 60
    )
    found = Calibration(schema=SCHEMA, model_sha256=decision, settings={"sentence": fitted})
    path.write_bytes(msgspec.json.encode(found))
    return path


def test_a_calibration_scales_and_certifies(checker: FakeFactChecker, tmp_path: Path) -> None:
    pairs = write(
        tmp_path / "pairs.jsonl",
        {"claim": "snow", "evidence": "snow"},
        {"claim": "snow", "evidence": "rain"},
        {"claim": "snow", "evidence": ["snow", "rain"]},
    )
    out, fitted = tmp_path / "out.jsonl", calibration(tmp_path / "calibration.json")
    call = ["score", str(pairs), "--out", str(out), "--calibration", str(fitted)]
    assert run([*call, "--max-error", "0.05"]) == 0
    one, none, several = read(out)
    assert 0.99 < one["probabilities"]["SUPPORTED"] < 1.0  # no longer certain
    assert (one["label"], one["labels"], one["certified"]) == ("SUPPORTED", ["SUPPORTED"], True)
    assert (none["label"], none["labels"], none["certified"]) == ("NOT_ENOUGH_INFO", ["NOT_ENOUGH_INFO"], False)
    assert none["probabilities"] == NONE
    # Nothing was fitted for several texts, so nothing is promised of them.
    assert (several["probabilities"], several["certified"]) == (SUPPORTED, False)
    assert several["labels"] == ["SUPPORTED", "REFUTED", "NOT_ENOUGH_INFO"]
    assert run([*call, "--max-error", "0.01"]) == 0  # too few rows to promise that
    assert [row["certified"] for row in read(out)] == [False, False, False]
    assert run(call) == 0
    assert "certified" not in read(out)[0]


@pytest.mark.parametrize(
    ("decision", "more", "code", "said"),
    [
        ("e" * 64, [], 1, "is of another model, or of another decision"),
        ("d" * 64, ["--max-error", "0"], 2, "lies between 0 and 1"),
        (None, ["--max-error", "0.1"], 1, "is of another model"),
    ],
)
def test_a_calibration_that_promises_nothing_is_refused(
    checker: FakeFactChecker,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    decision: str | None,
    more: list[str],
    code: int,
    said: str,
) -> None:
    pairs = write(tmp_path / "pairs.jsonl", {"claim": "snow", "evidence": "snow"})
    if decision is not None:
        more = [*more, "--calibration", str(calibration(tmp_path / "calibration.json", decision))]
    assert run(["score", str(pairs), "--out", str(tmp_path / "out.jsonl"), *more]) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()
