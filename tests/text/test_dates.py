"""Dates as intervals: the table, round trips, and texts that try to break the grammar."""

import calendar
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.text.dates import DateQualifier, DateReading, Day, Granularity, find_dates
from factcheck.text.numerals import ordinal_suffix, spell_chinese
from tests.growth import assert_linear, repeated

TABLE = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "dates.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


def day(value: Day) -> str:
    return f"{value[0]}-{value[1]:02d}-{value[2]:02d}"


def shown(text: str, reading: DateReading) -> str:
    interval = day(reading.start) if reading.start == reading.end else f"{day(reading.start)}..{day(reading.end)}"
    flags = ["" if reading.valid else "invalid", "" if reading.year_known else "no year", reading.part]
    return "|".join(
        (
            reading.span.of(text),
            interval,
            reading.granularity.value,
            reading.qualifier.value,
            ",".join(filter(None, flags)) or "-",
        )
    )


def test_the_table_is_as_large_as_it_should_be() -> None:
    assert len(TABLE) >= 200
    assert len({text for text, _ in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("text", "expected"), TABLE, ids=[text for text, _ in TABLE])
def test_table(text: str, expected: str) -> None:
    assert (" ;; ".join(shown(text, d) for d in find_dates(text)) or "-") == expected


# ---------------------------------------------------------------------------------------------------------- round trips

DAYS = st.dates(date(1000, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(0, 7))
def test_days_round_trip_in_every_format(value: date, style: int) -> None:
    month = calendar.month_name[value.month]
    short = month[:3]
    written = (
        value.isoformat(),
        f"{value.day} {month} {value.year}",
        f"{month} {value.day}, {value.year}",
        f"the {value.day}{ordinal_suffix(value.day)} of {month}, {value.year}",
        f"{short}. {value.day}, {value.year}" if short != "May" else f"May {value.day}, {value.year}",
        f"{value.year}年{value.month}月{value.day}日",
        f"{value.year}年{spell_chinese(value.month)}月{spell_chinese(value.day)}日",
        f"{value.year:04d}/{value.month:02d}/{value.day:02d}",
    )[style]
    (found,) = find_dates(f"It was on {written} there.")
    assert found.start == found.end == (value.year, value.month, value.day)
    assert found.valid and found.granularity is Granularity.DAY


@given(st.integers(1, 3000))
def test_years_before_our_era_order(year: int) -> None:
    (before,) = find_dates(f"in {year} BC")
    (later,) = find_dates(f"in AD {year}")
    assert before.year == 1 - year
    assert before.end < later.start


@given(st.integers(1, 120), st.integers(1, 31), st.integers(0, 14))
def test_days_that_do_not_exist_are_never_moved(year: int, number: int, month: int) -> None:
    (found,) = find_dates(f"民國{year}年{month}月{number}日")
    exists = 1 <= month <= 12 and number <= calendar.monthrange(year + 1911, month)[1]
    assert found.valid is exists
    if exists:
        assert found.start == (year + 1911, month, number)


def test_a_range_contains_what_lies_in_it() -> None:
    war, battle, decade = (find_dates(text)[0] for text in ("1939–1945", "6 June 1944", "the 1940s"))
    assert war.contains(battle) and decade.contains(battle) and war.overlaps(decade)
    assert not battle.overlaps(find_dates("in 1950")[0])


def test_qualifiers_are_outside_the_span() -> None:
    text = "It stood there until 1908."
    (found,) = find_dates(text)
    assert found.span.of(text) == "1908" and found.qualifier is DateQualifier.UNTIL


# ----------------------------------------------------------------------------------------------------------- properties

NAUGHTY = [
    "", "\x00", "\ud800", "1999" * 500, "1999-" * 500,
    "99/99/9999", "0000-00-00", "0年0月0日", "民國0年", "昭和年", "世紀",
    "0th century", "99th century", "s", "'s", "the '", "Mayday",
    "May May May", "31 31 31", "May 99999", "1999–", "–1999",
    "(–)", "BC", "5 BC BC", "0 BC", "AD", "between 1999",
    "between 1999 and", "from 1999 to", "公元前年", "前年", "二〇年",
    "千年", "9999年99月99日", "1٩99", "١٩٩٩", "\u202e1999",
    "1999\u200b年", "1e1999", "#1999", "1999°",
]  # fmt: skip


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings_raise_nothing(text: str) -> None:
    for found in find_dates(text):
        assert found.span.end <= len(text) and found.start <= found.end


@given(
    st.text(
        alphabet=st.sampled_from(
            "0123456789-–/.,()' stndrhofMayJuneBCAD年月日世紀前公元民國昭和century 1990s to and between"
        ),
        max_size=60,
    )
)
def test_spans_are_in_order_and_exact(text: str) -> None:
    last = 0
    for found in find_dates(text):
        assert last <= found.span.start < found.span.end <= len(text)
        assert found.start <= found.end
        last = found.span.end


@pytest.mark.parametrize(
    "unit", ["9", "1999 ", "1999-", "May ", "1 May ", "三", "1999年", "the 1990s ", "from 1999 to "]
)
def test_long_texts_take_linear_time(unit: str) -> None:
    assert_linear(find_dates, repeated(unit), 400 * len(unit), runs=2)
