from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from factcheck.errors import InputError, RowError
from factcheck.train.rows import PairLabel, PairRow, claim_half, read_rows, write_rows

GOOD = b'{"claim":"a","evidence":"b","label":"SUPPORTS"}\n'


def test_rows_are_read_in_order_with_their_set(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(GOOD + b"\n" + b'{"claim":"c","evidence":["d","e"],"label":"REFUTED","dataset":"own"}\n')
    assert read_rows(path) == [
        PairRow(claim="a", evidence="b", label=PairLabel.SUPPORTS, dataset="unnamed"),
        PairRow(claim="c", evidence="d\n\ne", label=PairLabel.REFUTES, dataset="own"),
    ]


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        (b"{nonsense", "invalid_json", "not valid JSON"),
        (b"[1, 2]", "invalid_row", "JSON object"),
        (b'{"claim":"a","label":"SUPPORTS"}', "missing_field", "'evidence'"),
        (b'{"evidence":"a","label":"SUPPORTS"}', "missing_field", "'claim'"),
        (b'{"claim":7,"evidence":"a","label":"SUPPORTS"}', "missing_field", "'claim'"),
        (b'{"claim":" ","evidence":"a","label":"SUPPORTS"}', "missing_field", "empty"),
        (b'{"claim":"a","evidence":"b"}', "invalid_label", "None"),
        (b'{"claim":"a","evidence":"b","label":"MAYBE"}', "invalid_label", "MAYBE"),
        (b'{"claim":"a","evidence":"b","label":NaN}', "invalid_json", "not valid JSON"),
    ],
)
def test_a_bad_row_is_refused_with_its_line(tmp_path: Path, line: bytes, code: str, message: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(GOOD + GOOD + line + b"\n" + GOOD)
    with pytest.raises(RowError) as caught:
        read_rows(path)
    assert caught.value.line == 3
    assert caught.value.code == code
    assert "line 3" in str(caught.value)
    assert message in str(caught.value)


def test_an_empty_missing_or_torn_file_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"\n\n")
    with pytest.raises(InputError, match="no training rows"):
        read_rows(empty)
    with pytest.raises(InputError, match="no such file"):
        read_rows(tmp_path / "absent.jsonl")
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(gzip.compress(GOOD * 100)[:-20])
    with pytest.raises(InputError, match="cannot be read"):
        read_rows(torn)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_written_rows_come_back_and_equal_rows_give_equal_bytes(tmp_path: Path, name: str) -> None:
    rows = [PairRow(claim="é", evidence="x\ny", label=PairLabel.NOT_SUPPORTED, dataset="d")] * 3
    assert write_rows(rows, tmp_path / name) == 3
    first = (tmp_path / name).read_bytes()
    assert read_rows(tmp_path / name) == rows
    write_rows(rows, tmp_path / name)
    assert (tmp_path / name).read_bytes() == first


def test_halves_follow_the_sha1_of_the_claim() -> None:
    # SHA-1 of "abc" ends in 0x9d, that of "" in 0x09, that of "The quick brown fox jumps over the lazy dog" in 0x12.
    assert claim_half("abc") == 1
    assert claim_half("") == 1
    assert claim_half("The quick brown fox jumps over the lazy dog") == 0
