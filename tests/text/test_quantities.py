"""What numbers count and measure: the table, round trips, and texts that try to break the grammar."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.numbers import LONGEST_RUN, find_numbers
from factcheck.text.numerals import (
    ordinal_suffix,
    read_chinese,
    read_english,
    spell_chinese,
    spell_english,
    spell_english_ordinal,
)
from factcheck.text.quantities import Quantity, QuantityKind, find_quantities
from factcheck.text.units import OWN_UNITS, SYMBOLS, TABLE_UNITS, WORDS, ask_pint, dimension_name, match_unit
from tests.growth import assert_linear, repeated

TABLE = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "quantities.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


def written(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def shown(text: str, quantity: Quantity) -> str:
    low, high = written(quantity.low), written(quantity.high)
    return "|".join(
        (
            quantity.span.of(text),
            low if low == high else f"{low}..{high}",
            quantity.kind.value,
            quantity.bound.value,
            quantity.unit.name if quantity.unit else "-",
            quantity.noun or "-",
        )
    )


def test_the_table_is_as_large_as_it_should_be() -> None:
    assert len(TABLE) >= 300
    assert len({text for text, _ in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_table(text: str, expected: str) -> None:
    assert (" ;; ".join(shown(text, q) for q in find_quantities(text)) or "-") == expected


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_surroundings_change_no_value(text: str, expected: str) -> None:
    inside = f"It said so ({text})."
    values = [(q.low, q.high, q.kind) for q in find_quantities(text)]
    if expected != "-" and "|name|" not in expected:
        assert [(q.low, q.high, q.kind) for q in find_quantities(inside)] == values


# ---------------------------------------------------------------------------------------------------------- round trips


@given(st.integers(0, 10**18 - 1))
def test_english_words_round_trip(value: int) -> None:
    reading = read_english(spell_english(value).replace("-", " ").split())
    assert reading is not None and reading.value == value and not reading.ordinal
    (found,) = find_numbers(f"see {spell_english(value)}.")
    assert found.value == value


@given(st.integers(1, 10**9))
def test_english_ordinals_round_trip(value: int) -> None:
    words = spell_english_ordinal(value).replace("-", " ").split()
    reading = read_english(words)
    assert reading is not None and reading.value == value and reading.ordinal and reading.used == len(words)
    (found,) = find_numbers(f"the {value}{ordinal_suffix(value)} time")
    assert found.value == value and found.ordinal


@given(st.integers(0, 10**16 - 1), st.booleans())
def test_chinese_numerals_round_trip(value: int, simplified: bool) -> None:
    reading = read_chinese(spell_chinese(value, simplified=simplified))
    assert reading is not None and reading[0] == value


@given(st.integers(0, 10**30))
def test_separators_change_nothing(value: int) -> None:
    for text in (f"{value}", f"{value:,}"):
        (found,) = find_numbers(f"it is {text} here")
        assert found.value == value and found.span.of(f"it is {text} here") == text


@given(st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False))
def test_decimals_keep_value_and_precision(value: object) -> None:
    (found,) = find_numbers(f"it is {value} here")
    assert found.value == Fraction(str(value)) and found.step == Fraction(1, 1000)


# "5千克" is read as 5,000 grams, which is the same; one letter needs more of a context than "it is 5 s here".
# "5世紀" is the fifth century, a date.
NOT_ALONE = {"degrees c", "degrees f", "s", "h", "l", "世紀", "世纪"} | {word for word in WORDS if word[0] in "千百"}


@given(st.integers(1, 999), st.sampled_from(sorted({*WORDS, *SYMBOLS} - NOT_ALONE)))
def test_every_unit_is_read(value: int, unit: str) -> None:
    joint = "" if not unit[0].isascii() else " "
    (found, *_) = find_quantities(f"it is {value}{joint}{unit} here")
    expected = WORDS.get(unit) or SYMBOLS[unit]
    assert found.low == value
    assert found.unit is not None and found.unit.dimension == expected.dimension


# ---------------------------------------------------------------------------------------------------------------- units


def test_our_units_are_those_of_pint() -> None:
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    for unit in TABLE_UNITS:
        if unit.name in OWN_UNITS:
            continue
        one = registry.Quantity(1, registry.Unit(unit.name))
        if unit.offset:
            twenty = registry.Quantity(20, registry.Unit(unit.name)).to("kelvin").magnitude
            assert float(unit.to_base(Fraction(20))) == pytest.approx(float(twenty), rel=1e-12)
            continue
        if unit.dimension == "[data]":
            assert float(unit.factor) == pytest.approx(float(one.to("bit").magnitude), rel=1e-12)
            continue
        if unit.dimension == "[angle]":
            continue
        powers = {str(base): int(float(str(power))) for base, power in one.dimensionality.items()}
        assert dimension_name(powers) == unit.dimension, unit.name
        assert float(unit.factor) == pytest.approx(float(one.to_base_units().magnitude), rel=1e-12), unit.name


def test_units_of_our_own_are_near_those_of_pint() -> None:
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    assert float(WORDS["acre"].factor) == pytest.approx(registry.Quantity(1, "acre").to("m**2").magnitude, rel=1e-4)
    assert WORDS["ton"].loose


def test_rare_units_are_asked_of_pint() -> None:
    found = match_unit("5 kg/m^3", 1)
    assert found is not None and found.unit.dimension == "[mass] / [length] ** 3" and found.unit.factor == 1
    assert ask_pint("nonsense/units") is None
    assert ask_pint("a^b") is None


def test_nautical_miles_by_their_surroundings() -> None:
    (sea,) = find_quantities("The territorial sea extends 12 nm.")
    (light,) = find_quantities("The wavelength is 400 nm.")
    assert sea.unit is not None and sea.unit.name == "nautical_mile"
    assert light.unit is not None and light.unit.name == "nanometer"


# ----------------------------------------------------------------------------------------------------------- properties

NAUGHTY = [
    "", " ", "\x00", "\ud800", "½" * 50, "1" * 5000,
    "1," * 5000, "1." * 5000, "-" * 500, "$" * 500, "1e999999999",
    "10^99999999", "1/0", "0/0", "9" * 400 + " atoms",
    "分之" * 200, "百分之", "第", "一" * 2000, "萬億兆" * 300, "和" * 300,
    "twenty " * 500, "and and and", "a hundred hundred hundred",
    "half half half", "point five", "٣٤٥", "𝟓𝟔", "Ⅳ",
    "1\u200b000", "١٢٣ km", "5 \u202e km", "🇹🇼 5 個",
    "<b>5</b> km", "5 km/km/km", "5 m^-1", "%%%", "between and 5",
    "from 5 to", "±", "5 ±", "3 x 10^", "1:2:3:4", "1/2/3/4",
    "--5", "+-5", "NT$", "more than more than 5", "twice thrice",
    "1st2nd3rd", "th", "5 ſq", "5 K", "5 sq\xa0mi", "İ5", "ß5 km",
]  # fmt: skip


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings_raise_nothing(text: str) -> None:
    for quantity in find_quantities(text):
        assert quantity.span.contains(quantity.number) or quantity.kind is QuantityKind.NAME
        assert quantity.span.end <= len(text)


@given(
    st.text(
        alphabet=st.sampled_from("0123456789.,-/%$ \nabkmKMo×^½三萬億百分之第年月日個多half two hundred and of km"),
        max_size=60,
    )
)
def test_spans_are_in_order_and_exact(text: str) -> None:
    last = 0
    for number in find_numbers(text):
        assert last <= number.span.start < number.span.end <= len(text)
        last = number.span.end
    for quantity in find_quantities(text):
        assert 0 <= quantity.span.start < quantity.span.end <= len(text)
        assert quantity.number.start < quantity.number.end
        assert quantity.low <= quantity.high
        assert quantity.step > 0


def test_four_hundred_digits_are_a_number_and_a_hundred_thousand_are_not() -> None:
    (number,) = find_numbers("it has " + "9" * 400 + " atoms")
    assert number.value == int("9" * 400)
    assert find_numbers("9" * (LONGEST_RUN + 1)) == []
    assert find_numbers("9" * 100_000) == []


@pytest.mark.parametrize(
    "unit",
    ["9", "1,000,", "5 ", "five ", "5 km ", "三", "1/", "a1", "about ", "1.1.", "1999 ", "1萬", "$1 ", "one and "],
)
def test_long_texts_take_linear_time(unit: str) -> None:
    assert_linear(find_quantities, repeated(unit), 400 * len(unit), runs=2)


@given(st.integers(1000, 10**12), st.sampled_from(" \u00a0\u2009\u202f"))
def test_thousands_with_blanks_come_back(value: int, blank: str) -> None:
    text = f"There are {value:,} herons.".replace(",", blank)
    assert [n.value for n in find_numbers(text)] == [value]


@given(st.integers(1, 99), st.integers(1, 99))
def test_ratios_come_back(top: int, bottom: int) -> None:
    for text in (f"a ratio of {top} to {bottom}", f"in a {top}-to-{bottom} ratio"):
        (found,) = find_quantities(text)
        assert found.kind is QuantityKind.RATIO and found.low == Fraction(top, bottom)
