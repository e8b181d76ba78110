"""Numbers, dates and units that nobody should write: the checker stays quick, and says nothing that is not so."""

import pytest

from factcheck.types import Case, Claim, Evidence, Judgement, Span, Stance
from factcheck.verify.arithmetic import decide_arithmetic
from factcheck.verify.quantities import QuantityChecker


def judge(claim: str, text: str) -> tuple[Judgement, ...]:
    case = Case(
        claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))),
        evidence=(Evidence(id="e", text=text, source="atlas"),),
    )
    return QuantityChecker().check([case])[0].judgements


def test_numbers_of_four_hundred_digits_are_compared() -> None:
    big = "9" * 400
    same = judge(f"Florin has {big} herons.", f"Florin has {big} herons.")
    other = judge(f"Florin has {big} herons.", f"Florin has {big[:-1]}8 herons.")
    assert [j.stance for j in same] == [Stance.SUPPORTS]
    assert all(j.stance is not Stance.SUPPORTS for j in other)
    assert all(len(j.reason) < 400 for j in (*same, *other))


def test_four_hundred_number_words_are_no_statement() -> None:
    words = "nine hundred " * 400
    assert decide_arithmetic(words + "is larger than two.") is None
    assert judge(f"Florin has {words} herons.", "Florin has two herons.") is not None


@pytest.mark.parametrize("day", ["February 30, 1985", "31 April 1985", "January 80, 1985", "May 0, 1985"])
def test_a_day_that_does_not_exist_is_never_supported(day: str) -> None:
    found = judge(f"Ida Bohl was born on {day}.", "Ida Bohl was born on January 8, 1985.")
    assert all(j.stance is not Stance.SUPPORTS for j in found)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The bell of Gormley weighs 46 kg.", "The bell of Gormley is 95 km away."),
        ("The bell of Gormley costs 46 euros.", "The bell of Gormley costs 95 yen."),
        ("The bell of Gormley is 46 °C warm.", "The bell of Gormley is 95 % copper."),
        ("The rate of Florin rose by 2 percentage points.", "The rate of Florin rose by 5 %."),
        ("The ratio of salt to sand in Florin is 3:1.", "Florin has 5 mines of salt and sand."),
    ],
)
def test_units_that_cannot_be_compared_refute_nothing_surely(claim: str, text: str) -> None:
    assert all(j.probabilities.refuted < 0.9 and j.probabilities.supported < 0.9 for j in judge(claim, text))


def test_a_number_divided_by_nothing_is_undecided() -> None:
    assert decide_arithmetic("Five divided by zero is five.") is None
    assert decide_arithmetic("The ratio of five to zero is five.") is None
    assert decide_arithmetic("五除以零等於五。") is None
