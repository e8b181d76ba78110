"""Statements about numbers alone: thousands of comparisons and calculations, written cases, and silences."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.numerals import spell_chinese, spell_english
from factcheck.verify.arithmetic import Arithmetic, decide_arithmetic
from tests.verify.wordings import statements

TABLE = Path(__file__).with_name("arithmetic.tsv")


def holds(text: str) -> bool | None:
    found = decide_arithmetic(text)
    return None if found is None else found.holds


@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_statements_in_many_wordings(seed: int) -> None:
    wrong = [text for text, truth in statements(3000, seed) if holds(text) is not truth]
    assert wrong == []


def test_both_truths_are_drawn_about_equally_often() -> None:
    truths = [truth for _, truth in statements(3000, 5)]
    assert 0.4 < sum(truths) / len(truths) < 0.65


def test_every_line_of_the_table() -> None:
    lines = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    wrong = [claim for truth, claim in lines if holds(claim) is not (truth == "true")]
    assert len(lines) > 350
    assert wrong == []


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from("+-*"))
def test_calculations(a: int, b: int, sign: str) -> None:
    result = {"+": a + b, "-": a - b, "*": a * b}[sign]
    word = {"+": "plus", "-": "minus", "*": "times"}[sign]
    for left, right in ((str(a), str(b)), (spell_english(a), spell_english(b))):
        assert holds(f"{left} {word} {right} is {result}.") is True
        assert holds(f"{left} {word} {right} is {result + 1}.") is False
        assert holds(f"{left} {word} {right} is not {result + 1}.") is True


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_chinese_comparisons(a: int, b: int) -> None:
    here, there = spell_chinese(a), spell_chinese(b)
    assert holds(f"{here}比{there}大。") is (a > b)
    assert holds(f"{here}不小於{there}。") is (a >= b)
    assert holds(f"{here}等於{there}") is (a == b)


@pytest.mark.parametrize(
    ("claim", "truth"),
    [
        ("Nine exceeds eight.", True), ("Nine does not exceed eight.", False), ("Three equals four.", False),
        ("Seven is the same as seven.", True), ("Four is not equal to five.", True),
        ("Four doesn't equal four.", False),
        ("Twelve is twice six.", True), ("Twelve is half of twenty-four.", True), ("Twelve is half of twenty.",
        False),
        ("Fifteen is three times five.", True), ("Seven is between five and nine.", True),
        ("Seven is not between five and nine.", False), ("Seven is even.", False), ("Five is an odd number.", True),
        ("8 is prime.", False), ("91 is a prime number.", False), ("97 is prime.", True),
        ("Twelve is divisible by five.", False), ("Twelve is a multiple of four.", True),
        ("Nine comes after eight.", True), ("1999 came after 2001.", False), ("1999 is earlier than 2001.", True),
        ("Two is at least three.", False), ("Two is at most three.", True),
        ("Six is not smaller than or equal to six.", False), ("Six is not as large as seven.", True),
        ("20 percent of 50 is 12.", False), ("20% of 50 is 10.", True), ("A quarter of 100 is 25.", True),
        ("3/4 is not 75%", False), ("0.5 is one half", True), ("75% equals 0.75", True), ("One third is 33%.", True),
        ("1/3 is larger than 1/4.", True), ("Two thirds is less than three quarters.", True),
        ("Minus five is smaller than minus four.", True), ("-5 is larger than -4.", False),
        ("The sum of two and three is six.", False), ("The difference between nine and four is five.", True),
        ("Five squared is 25.", True), ("The square root of 16 is 4.", True),
        ("Two to the power of three is nine.", False),
        ("2+2=5", False), ("10 - 3 = 7", True), ("10/4 = 2.5", True), ("2 != 3", True),
        ("A dozen is 13.", False), ("An hour is 60 minutes.", True), ("There are 60 minutes in an hour.", True),
        ("There are not 61 minutes in an hour.", True), ("There are eight days in a week.", False),
        ("A century is 100 years.", True), ("One kilogram is lighter than one pound.", False),
        ("100 °C is hotter than 100 °F.", True), ("Both five and six are larger than four.", True),
        ("Both five and three are larger than four.", False), ("Neither five nor six is larger than four.", False),
        ("Neither two nor three is larger than four.", True), ("Eight is less than nine but more than six.", True),
        ("Eight is less than seven but more than six.", False), ("Ten is larger than both five and eleven.", False),
        ("The fifth comes before the sixth.", True), ("The 113th comes before the 73rd.", False),
        ("Two and a half is less than four and two thirds.", True), ("4 and 2/3 is larger than 5.", False),
        ("Seven and a quarter equals 7.25.", True), ("Point seven five is three quarters.", True),
        ("XIV is larger than thirteen.", True), ("The Roman numeral X is smaller than the Roman numeral V.", False),
        ("$297 is smaller than $76.", False), ("Fifty increased by five is fifty-six.", False),
        ("三加四等於八。", False), ("五十一比六十二大。", False), ("九不大於八。", False),
    ],
)  # fmt: skip
def test_written_cases(claim: str, truth: bool) -> None:
    assert holds(claim) is truth


@pytest.mark.parametrize(
    "claim",
    [
        "Fifty-one sheep are larger than sixty-two goats.", "Florin has 46 moons.", "24 is a 2016 film.",
        "Ten is larger than a house.", "The population of Florin is larger than 5 million.",
        "5 km is larger than 3 kg.",
        "Seven is larger than", "is larger than nine", "Two is company and three is a crowd.", "1 is 1 is 1",
        "x is 5",
        "Ten divided by zero is five.", "2.5 is odd.", "Half is.", "It is true that",
        "Nine Inch Nails is larger than two.",
        "First is larger than second.", "20% of voters is 10.", "", "...", "- - -", "of of of", "五十一比六十二好。",
        "Two to the power of nine hundred is 5.", "A month has 31 days.", "Ten is five and five.",
        "A score has twenty.",
        "Three more than ten.", "Half of the members are 15.", "The larger of five is five.", "Six has seven.",
        "Compared with five, six is.", "Of four, five is the larger.", "五是好數。", "十的孩子是五。",
        "三和四的朋友是七。",
        "一年有五個月亮。", "He is larger than five and smaller than six.",
        "Five is larger than four and he is tall.", "MD is not equal to DC.", "Saying that five is larger than four.",
        "A score is less than 57.", "Five is perhaps larger than four.",
    ],
)  # fmt: skip
def test_silence_where_it_is_no_arithmetic(claim: str) -> None:
    assert decide_arithmetic(claim) is None


@given(
    st.lists(
        st.sampled_from("2 five is are not than larger the number of sum and half 20% minutes a = + 不 比 大".split())
    )
)
def test_any_order_of_its_own_words_raises_nothing(words: list[str]) -> None:
    found = decide_arithmetic(" ".join(words))
    assert found is None or (isinstance(found, Arithmetic) and found.reason.endswith("."))


def test_the_reason_has_both_values() -> None:
    found = decide_arithmetic("20% of 50 is 12.")
    assert found is not None and found.reason == "20% of 50 is 10, not 12, by arithmetic."
    assert found.correction is not None and found.correction.apply("20% of 50 is 12.") == "20% of 50 is 10."


def test_numbers_of_four_hundred_digits() -> None:
    big = "9" * 130
    assert holds(f"{big} is larger than 1{'0' * 130}.") is False
    assert decide_arithmetic("7" * 400 + " is prime.") is None
