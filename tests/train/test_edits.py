from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.train import edits
from factcheck.train.fields import Field, attribute, field_pairs
from factcheck.train.rows import PairLabel

seeds = st.integers(0, 10_000)


def test_numbers_are_found_with_their_values() -> None:
    found = edits.numbers(
        "In 1904 she sold 2,381,740 books, nineteen of them for 3.5 francs; COVID-19 and 1,2 do not count."
    )
    assert [(number.value, number.is_word) for number in found] == [
        (1904.0, False), (2381740.0, False), (19.0, True), (3.5, False),
    ]  # fmt: skip
    assert [number.looks_like_year for number in found] == [True, False, False, False]


def test_names_lose_articles_and_pronouns() -> None:
    assert edits.names("The Lord of the Rings was filmed in New Zealand. She met Ada Lovelace's friend.") == [
        "Lord of the Rings",
        "New Zealand",
        "Ada Lovelace",
    ]


@given(st.integers(2, 10**10), seeds)
def test_a_reworded_number_is_the_same_to_within_rounding(value: int, seed: int) -> None:
    written = edits.reword_number(float(value), is_year=False, rng=Random(seed))
    if written is None:
        return
    sizes = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
    match = re.search(r"([\d.,]+)(?: (million|billion|trillion))?", written)
    if match is None:
        assert edits.numbers(written)[0].value == value
        return
    read = float(match.group(1).replace(",", "")) * sizes.get(match.group(2) or "", 1)
    assert abs(read - value) <= 0.06 * value


@given(st.integers(1, 10**9), seeds, st.booleans())
def test_another_value_is_another_one_that_no_rounding_hides(value: int, seed: int, year: bool) -> None:
    other = edits.other_value(float(value), is_year=year, rng=Random(seed))
    assert other != value
    if not year and value > 31:
        assert abs(other - value) >= 0.12 * value


@given(st.integers(4, 10**7), st.booleans(), seeds)
def test_a_comparison_holds_exactly_when_it_should(value: int, holds: bool, seed: int) -> None:
    phrase = edits.compare_claim(float(value), is_year=False, holds=holds, rng=Random(seed))
    words, bound = phrase.rsplit(" ", 1)
    limit = float(bound.replace(",", ""))
    truth = {
        "more than": value > limit, "over": value > limit, "at least": value >= limit, "fewer than": value < limit,
        "under": value < limit, "less than": value < limit, "at most": value <= limit,
    }  # fmt: skip
    assert truth[words] is holds


@given(st.integers(1000, 2100), st.booleans(), seeds)
def test_a_comparison_of_years_holds_exactly_when_it_should(year: int, holds: bool, seed: int) -> None:
    word, bound = edits.compare_claim(float(year), is_year=True, holds=holds, rng=Random(seed)).split(" ")
    assert (year > int(bound) if word == "after" else year < int(bound)) is holds


def test_dates_turn_and_turn_back() -> None:
    turned = edits.reword_date("She was born on March 5, 1990 in Bern.")
    assert turned == "She was born on 5 March 1990 in Bern."
    assert edits.reword_date(turned) == "She was born on March 5, 1990 in Bern."
    assert edits.reword_date("She was born in 1990.") is None


@pytest.mark.parametrize(
    ("claim", "negated"),
    [
        ("Ada Lovelace is a singer.", "Ada Lovelace is not a singer."),
        ("Ada Lovelace is not a singer.", "Ada Lovelace is a singer."),
        ("Ada Lovelace isn't a singer.", "Ada Lovelace is a singer."),
        ("Ada Lovelace won a prize.", "Ada Lovelace did not win a prize."),
        ("Ada Lovelace directed a film.", "Ada Lovelace did not direct a film."),
        ("Ada Lovelace has been a pilot.", "Ada Lovelace has not been a pilot."),
        ("Ada Lovelace is only a singer.", None),
        ("All singers are happy.", None),
        ("Ada Lovelace has three cats.", None),
        ("Ada Lovelace did not win.", None),
    ],
)
def test_negation_says_the_opposite_or_nothing(claim: str, negated: str | None) -> None:
    class Never(Random):
        def random(self) -> float:
            return 0.99

    assert edits.negate(claim, Never(1)) == negated


@given(st.sampled_from(["Ada is a singer.", "The film was made in 1990.", "It has three parts."]), seeds)
def test_a_spoken_claim_keeps_its_words(claim: str, seed: int) -> None:
    spoken = edits.as_spoken(claim, Random(seed))
    assert set(claim.lower().rstrip(".").split()) <= set(re.sub(r"[.,!?]", " ", spoken.lower()).split())


def test_sentences_do_not_end_at_initials() -> None:
    text = 'John F. Kennedy met Dr. Lee in Bern. He left. "Why?" Nobody knows.'
    assert edits.sentences(text) == ["John F. Kennedy met Dr. Lee in Bern.", "He left.", '"Why?"', "Nobody knows."]


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("Geography / Area / total", "total area"),
        ("Government / Capital / name", "capital"),
        ("People and Society / Median age / female", "female median age"),
        ("Economy / Unemployment rate / Unemployment rate 2023", "unemployment rate"),
        ("Single", None),
    ],
)
def test_a_section_names_an_attribute(section: str, name: str | None) -> None:
    assert attribute(section) == name


def test_field_pairs_state_the_value_or_another_one() -> None:
    fields = [
        Field(title=title, section=section, text=f"{value:,} {unit}")
        for place, title in enumerate(["Norland", "Sudland", "Estland", "Westmark"])
        for section, value, unit in (
            ("Geography / Area / total", 1000 * 7 ** (place + 1), "sq km"),
            ("People / Population / total", 50_000 * 3 ** (place + 1), "people"),
        )
    ]
    made = list(field_pairs(fields, 200, Random(3)))
    assert made == list(field_pairs(fields, 200, Random(3)))
    assert len(made) == 200
    assert {row.label for row in made} == {PairLabel.SUPPORTS, PairLabel.REFUTES, PairLabel.NOT_ENOUGH_INFO}
    for row in made:
        title_is_there = any(part.split("\n")[0].split(":")[0] in row.claim for part in row.evidence.split("\n\n"))
        if row.label is not PairLabel.NOT_ENOUGH_INFO:
            assert title_is_there
            assert any(word in row.evidence.lower() for word in ("area", "population") if word in row.claim.lower())
