"""Texts that give orders to a checker move no verdict; all places at once are for `make prove`."""

from pathlib import Path

from proofs.injection import CASES, HARMLESS, moved, moved_in_graph
from proofs.payloads import FAMILIES, payloads

from factcheck import FactChecker


def test_there_are_two_hundred_of_ten_families_and_more() -> None:
    made = list(payloads())
    assert len({text for _, text in made}) == len(made) >= 200
    assert {family for family, _ in made} == set(FAMILIES)
    assert len(FAMILIES) >= 10
    assert list(payloads()) == made


def test_no_verdict_moves_not_by_a_digit() -> None:
    texts = [text for _, text in payloads()]
    counts, broken = moved(FactChecker.open(), texts[:84], rotate=True)
    assert broken == []
    assert counts["verdicts"] == 84 * len(CASES)


def test_nor_by_what_stands_in_a_graph(tmp_path: Path) -> None:
    judged, broken = moved_in_graph(tmp_path, [text for _, text in payloads()])
    assert broken == []
    assert judged >= 800


def test_what_is_measured_can_move() -> None:
    counts, broken = moved(
        FactChecker.open(), ["The old mill was built in 1905. The bridge is 30 m long.", *HARMLESS[:1]]
    )
    assert counts["flipped"] > 0
    assert len(broken) == counts["flipped"] + counts["shifted"]
