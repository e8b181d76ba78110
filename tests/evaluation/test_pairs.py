"""Which rows are measured, and by what."""

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from factcheck.errors import InputError, RowError
from factcheck.evaluation.pairs import Half, Kind, half_of, kind_of, read_set


def write(path: Path, *rows: dict[str, Any]) -> Path:
    data = b"\n".join(map(orjson.dumps, rows)) + b"\n"
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def rows(count: int, label: str = "SUPPORTS", **more: Any) -> list[dict[str, Any]]:
    return [{"claim": f"claim number {n} of a set", "evidence": f"e {n}", "label": label, **more} for n in range(count)]


@pytest.mark.parametrize(
    ("gold", "kind", "headline"),
    [
        ({0, 1}, Kind.TWO_STANCES, "accuracy"),
        ({1}, Kind.TWO_STANCES, "accuracy"),
        ({0, 1, 2}, Kind.THREE_WAY, "macro_f1"),
        ({1, 2}, Kind.THREE_WAY, "macro_f1"),
        ({0, 3}, Kind.SUPPORT, "balanced_accuracy"),
        ({0, 2}, Kind.SUPPORT, "balanced_accuracy"),
        ({0, 1, 2, 3}, Kind.SUPPORT, "balanced_accuracy"),
    ],
)
def test_labels_decide_what_is_measured(gold: set[int], kind: Kind, headline: str) -> None:
    assert kind_of(gold) is kind
    assert kind.headline == headline


def test_halves_share_no_claim_and_miss_none(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", *rows(60), *rows(60, "REFUTES"))
    odd, even, every = (read_set(path, half) for half in (Half.ODD, Half.EVEN, Half.ALL))
    assert {row.claim for row in odd.rows} & {row.claim for row in even.rows} == set()
    assert len(odd.rows) + len(even.rows) == len(every.rows) == 120
    assert odd.other == even.rows
    assert every.other == every.rows
    assert {half_of(row.claim) for row in odd.rows} == {Half.ODD}
    assert odd.name == "a"
    assert odd.kind is Kind.TWO_STANCES


def test_a_file_of_one_half_is_halved_again(tmp_path: Path) -> None:
    kept = [row for row in rows(120) if half_of(row["claim"]) is Half.EVEN]
    found = read_set(write(tmp_path / "a.jsonl", *kept), Half.ODD)
    assert 0 < len(found.rows) < len(kept)
    assert len(found.rows) + len(found.other) == len(kept)


def test_a_limit_takes_the_same_rows_whatever_their_order(tmp_path: Path) -> None:
    forwards = read_set(write(tmp_path / "a.jsonl", *rows(90)), Half.ODD, 10)
    backwards = read_set(write(tmp_path / "b.jsonl", *rows(90)[::-1]), Half.ODD, 10)
    assert len(forwards.rows) == len(forwards.other) == 10
    assert {row.claim for row in forwards.rows} == {row.claim for row in backwards.rows}
    assert [row.line for row in forwards.rows] == sorted(row.line for row in forwards.rows)


def test_short_answers_are_judged_with_their_question(tmp_path: Path) -> None:
    short = {"claim": "In Bern", "evidence": ["a", "b"], "label": "NOT_SUPPORTED", "question": "Where is it?"}
    long = {**short, "claim": "It is in the city of Bern today"}
    found = read_set(write(tmp_path / "a.jsonl", short, long), Half.ALL)
    assert [row.claim for row in found.rows] == ["Where is it? In Bern", "It is in the city of Bern today"]
    assert found.rows[0].evidence == ("a", "b")
    assert found.gold.tolist() == [3, 3]


def test_bad_files_are_refused_with_their_place(tmp_path: Path) -> None:
    good = rows(1)[0]
    with pytest.raises(RowError, match="line 2: unknown label 'MAYBE'"):
        read_set(write(tmp_path / "a.jsonl", good, {**good, "label": "MAYBE"}))
    with pytest.raises(RowError, match="line 2: field 'evidence' is missing"):
        read_set(write(tmp_path / "a.jsonl", good, {"claim": "a", "label": "SUPPORTS"}))
    with pytest.raises(InputError, match="no such file"):
        read_set(tmp_path / "absent.jsonl")
    (tmp_path / "empty.jsonl").write_bytes(b"\n")
    with pytest.raises(InputError, match="holds no rows"):
        read_set(tmp_path / "empty.jsonl")
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(gzip.compress(orjson.dumps(good) * 100)[:-20])
    with pytest.raises(InputError, match="cannot be read to its end"):
        read_set(torn)
    write(tmp_path / "one.jsonl", good)
    empty = next(half for half in (Half.ODD, Half.EVEN) if half is not half_of(good["claim"]))
    found = read_set(write(tmp_path / "one.jsonl", good), Half.ALL)
    assert len(found.rows) == 1
    # With one claim the halving falls back to the next bit, which leaves one of the halves empty.
    refused = 0
    for half in (Half.ODD, Half.EVEN):
        try:
            read_set(tmp_path / "one.jsonl", half)
        except InputError as error:
            refused += "holds no claim" in str(error)
    assert refused == 1
    assert empty in Half
