"""Lists of names, and how many they name."""

import pytest

from factcheck.text.listed import find_listed
from tests.growth import assert_linear, repeated


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Three countries border it: Gilder, Gormley and Zubrowka.", [("Gilder, Gormley and Zubrowka", 3)]),
        ("Ida Bohl, Olaf Moe and Jan Vey are the founders.", [("Ida Bohl, Olaf Moe and Jan Vey", 3)]),
        ("Formed by singer Ida Bohl, bassist and main songwriter Olaf Moe, and drummer Jan Vey.",
         [("singer Ida Bohl, bassist and main songwriter Olaf Moe, and drummer Jan Vey", 3)]),
        ("The Duke of Gormley, the Earl of Florin, and Ida Bohl met.",
         [("The Duke of Gormley, the Earl of Florin, and Ida Bohl", 3)]),
        ("It stars Ida Bohl (as Eva), Olaf Moe, Jan Vey, and Ada Lind.",
         [("Ida Bohl (as Eva), Olaf Moe, Jan Vey, and Ada Lind", 4)]),
        ("Ida and Olaf came.", []),
        ("Trinidad and Tobago", []),
        ("salt, pepper and oil", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_listed(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(f.span.of(text), f.count) for f in find_listed(text)] == expected


def test_chinese_lists_are_counted() -> None:
    assert [f.count for f in find_listed("與法國、德國和西班牙接壤")] == [3]


@pytest.mark.parametrize("text", ["Ida Bohl, ", "A ", "the drummer ", "A, and ", "甲、", "Ida (as ", "aer and "])
def test_time_is_linear(text: str) -> None:
    assert_linear(find_listed, repeated(text), 800 * len(text))
