from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given

from factcheck.types import Entity, Fact, Relation, Span, Triple
from factcheck.verify.literals import compare_literal, interval_of, is_of_its_unit, unit_of

XSD = "http://www.w3.org/2001/XMLSchema#"


def fact(value: str, datatype: str, *, unit: str | None = None, label: str = "property") -> Fact:
    return Fact(
        triple=Triple(subject="<x:s>", predicate="<x:p>", object=f'"{value}"^^<{XSD}{datatype}>'),
        subject=Entity(term="<x:s>", label="S"),
        relation=Relation(term="<x:p>", label=label, functional=True, unit=unit),
        value=None,
        value_text=value,
        text="",
    )


def outcome(found: Fact, text: str) -> tuple[bool, str | None] | None:
    at = text.index("of S") if "of S" in text else 0
    comparison = compare_literal(found, text, Span(start=0, end=at), [])
    if comparison is None:
        return None
    mended = comparison.replacement
    if mended is not None:
        mended = text[: comparison.span.start] + mended + text[comparison.span.end :]
    return comparison.equal, mended


@pytest.mark.parametrize(
    ("value", "datatype", "text", "expected"),
    [
        ("1867", "gYear", "It began in 1867.", (True, None)),
        ("1867", "gYear", "It began in 1868.", (False, "It began in 1867.")),
        ("1867-11-07", "date", "It began in 1867.", (True, None)),
        ("1867-11-07", "date", "It began in November 1867.", (True, None)),
        ("1867-11-07", "date", "It began in December 1867.", (False, "It began in November 1867.")),
        ("1867-11-07", "date", "It began on 7 November 1867.", (True, None)),
        ("1867-11-07", "date", "It began on 8 November 1867.", (False, "It began on 7 November 1867.")),
        ("1867-11-07", "date", "It began on 7 November 1876.", (False, "It began on 7 November 1867.")),
        ("1867-11-07", "date", "It began on November 9, 1867.", (False, "It began on November 7, 1867.")),
        ("1867-11-07", "date", "It began on 1867-11-09.", (False, "It began on 1867-11-07.")),
        ("1867-11-07", "date", "它始於1868年。", (False, "它始於1867年。")),
        ("1867", "gYear", "It began in the 1860s.", (True, None)),
        ("1867", "gYear", "It began in the 1870s.", (False, "It began in the 1860s.")),
        ("1867", "gYear", "It began before 1900.", (True, None)),
        ("1867", "gYear", "It began after 1900.", (False, None)),
        ("1867", "gYear", "It began around 1866.", (True, None)),
        ("1867", "gYear", "It began on 8 November 1867.", None),  # a year says nothing of days
        ("-0043", "gYear", "It ended in 44 BC.", (True, None)),
        ("1867-02-30", "date", "It began in 1868.", None),  # no such day
        ("soon", "date", "It began in 1868.", None),
        ("1867", "gYear", "It began.", None),
    ],
)
def test_dates(value: str, datatype: str, text: str, expected: tuple[bool, str | None] | None) -> None:
    assert outcome(fact(value, datatype), text) == expected


@pytest.mark.parametrize(
    ("value", "unit", "text", "expected"),
    [
        ("8849", "m", "It is 8,849 metres high.", (True, None)),
        ("8849", "m", "It is 8.8 km high.", (True, None)),
        ("8849", "m", "It is 8,900 metres high.", None),  # sources differ by less than one in a hundred
        ("8849", "m", "It is 9,849 metres high.", (False, "It is 8,849 metres high.")),
        ("8849", "m", "It is 884 metres high.", (False, "It is 8,849 metres high.")),
        ("8849", "m", "It is 9849 metres high.", (False, "It is 8849 metres high.")),
        ("8849", "m", "It is 98 km high.", (False, "It is 8.849 km high.")),
        ("8849", "m", "It is about 9,000 metres high.", (True, None)),
        ("8849", "m", "It is about 20,000 metres high.", (False, "It is about 8,849 metres high.")),
        ("8849", "m", "It is more than 8,000 metres high.", (True, None)),
        ("8849", "m", "It is more than 9,000 metres high.", (False, "It is more than 8,849 metres high.")),
        ("8849", "m", "It is less than 9,000 metres high.", (True, None)),
        ("8849", "m", "It weighs 12 tonnes.", None),
        ("8849", "m", "It is 8,849 high.", None),
        ("79", None, "It has 79 protons.", (True, None)),
        ("79", None, "It has 78 protons.", (False, "It has 79 protons.")),
        ("3", None, "It is the third planet.", (True, None)),
        ("3", None, "It is the fourth planet.", (False, "It is the third planet.")),
        ("3", None, "It is the 4th planet.", (False, "It is the 3rd planet.")),
        ("26000000", None, "It has 26 million people.", (True, None)),
        ("26000000", None, "It has 62 million people.", (False, "It has 26 million people.")),
        ("-38.83", "degC", "It melts at -38.8 °C.", (True, None)),
        ("-38.83", "degC", "It melts at 100 °C.", (False, "It melts at -38.83 °C.")),
        ("100", "degC", "It boils at 212 °F.", (True, None)),
        ("9" * 500, None, "It has 78 protons.", None),
        ("1e400", None, "It has 78 protons.", (False, None)),
    ],
)
def test_numbers(value: str, unit: str | None, text: str, expected: tuple[bool, str | None] | None) -> None:
    assert outcome(fact(value, "decimal", unit=unit), text) == expected


def test_an_integer_under_a_year_s_label_is_a_year() -> None:
    found = fact("1876", "integer", label="founding year")
    assert outcome(found, "It was founded in 1877.") == (False, "It was founded in 1876.")


def test_a_bare_number_is_a_year_where_the_words_say_so() -> None:
    text = "The founding year of S is 1868."
    span = Span(start=4, end=17)
    for value, equal in (("1868", True), ("1867", False)):
        comparison = compare_literal(fact(value, "gYear", label="founding date"), text, span, [])
        assert comparison is not None and comparison.equal is equal and comparison.span.of(text) == "1868"
    assert compare_literal(fact("1867", "gYear"), "The founder of S is 1868.", Span(start=4, end=14), []) is None


def test_text_values() -> None:
    symbol = fact("Au", "string")
    assert outcome(symbol, "Its symbol is Au.") == (True, None)
    assert outcome(symbol, "Its symbol is Ag.") == (False, "Its symbol is Au.")
    assert outcome(symbol, "Its symbol is golden.") is None
    assert outcome(fact("0-670-03380-4", "string"), "Its ISBN is 0-670-03380-4.") == (True, None)


def test_a_text_that_is_a_measure_is_compared_as_one() -> None:
    area = fact("686.0 (square kilometres)", "string")
    assert outcome(area, "It measures 686 km².") == (True, None)
    assert outcome(area, "It measures 1,686 km².") == (False, "It measures 686 km².")
    assert outcome(area, "It measures 686 metres.") is None
    assert outcome(fact("1.8 g", "string"), "It has 1.8 grams.") == (True, None)


def test_an_unknown_unit_is_left_alone() -> None:
    assert unit_of("furlongish") is None
    assert outcome(fact("5", "decimal", unit="furlongish"), "It is 7 metres long.") is None


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31))
def test_days_exist_or_do_not(year: int, month: int, day: int) -> None:
    import datetime

    try:
        datetime.date(year, month, day)
        exists = True
    except ValueError:
        exists = False
    assert (interval_of(f"{year:04}-{month:02}-{day:02}") is not None) is exists


@given(st.text(max_size=20), st.sampled_from(["date", "gYear", "integer", "double", "string"]))
def test_any_lexical_form_is_compared_or_left_alone(value: str, datatype: str) -> None:
    from pyoxigraph import Literal, NamedNode

    term = str(Literal(value, datatype=NamedNode(XSD + datatype)))
    found = fact("", datatype)
    odd = replace(found, triple=replace(found.triple, object=term))
    claim = "It has 12 km in 1990."
    outcome = compare_literal(odd, claim, Span(start=0, end=2), [])
    if not any(character.isdigit() for character in value):
        assert outcome is None, "there is nothing to compare with"
    elif outcome is not None:
        assert outcome.span.of(claim) in {"12", "1990"}
        assert outcome.whole.contains(outcome.span)


@pytest.mark.parametrize(("value", "datatype", "equal"), [("12", "decimal", True), ("13", "decimal", False)])
def test_a_lexical_form_of_digits_is_compared(value: str, datatype: str, equal: bool) -> None:
    found = compare_literal(fact(value, datatype, unit="km"), "It has 12 km in 1990.", Span(start=0, end=6), [])
    assert found is not None
    assert found.equal is equal
    assert found.span.of("It has 12 km in 1990.") == "12"


@pytest.mark.parametrize(
    ("text", "unit", "same"),
    [
        ("Peak S is 5,642 metres high.", "m", True),
        ("Peak S is 5,642 kilometres high.", "m", False),
        ("Peak S is 5,642 high.", "m", True),  # no unit is no other unit
        ("Peak S is 5,642 kilometres high.", None, True),  # the graph names none
        ("Peak S covers 5,642 hectares.", "km^2", False),
    ],
)
def test_the_same_figures_in_another_unit_are_not_the_same(text: str, unit: str | None, same: bool) -> None:
    found = fact("5642", "decimal", unit=unit)
    at = text.index("5,642")
    assert is_of_its_unit(found, text, Span(start=at, end=at + 5), []) is same
