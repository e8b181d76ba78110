"""What the periods of a fact say of the time that a claim speaks of."""

from datetime import date

import pytest

from factcheck.types import Entity, Fact, Period, Relation, Triple
from factcheck.verify.times import Timing, check_time

TODAY = date(2020, 6, 1)


def fact(*periods: tuple[str | None, str | None]) -> Fact:
    triple = Triple(subject="<e:Ida>", predicate="<p:mayor>", object="<e:Vess>")
    return Fact(
        triple=triple,
        subject=Entity(term="<e:Ida>", label="Ida Stone"),
        relation=Relation(term="<p:mayor>", label="mayor of"),
        value=Entity(term="<e:Vess>", label="Vess"),
        value_text="Vess",
        text="Ida Stone is mayor of Vess.",
        periods=tuple(Period(start=start, end=end, triples=(triple,)) for start, end in periods),
    )


HELD, OPEN, ENDLESS = ("1995", "2005"), (None, "2005"), ("1995", None)


@pytest.mark.parametrize(
    ("period", "claim", "timing"),
    [
        (HELD, "Ida Stone was mayor of Vess in 2001.", Timing.HOLDS),
        (HELD, "Ida Stone was mayor of Vess in 2006.", Timing.NOT_THEN),
        (HELD, "Ida Stone was mayor of Vess since 1995.", Timing.HOLDS),
        (HELD, "Ida Stone was mayor of Vess since 1996.", Timing.NOT_THEN),
        (OPEN, "Ida Stone was mayor of Vess since 1995.", Timing.UNSURE),
        (HELD, "Ida Stone was mayor of Vess until 2005.", Timing.HOLDS),
        (HELD, "Ida Stone was mayor of Vess until 2004.", Timing.NOT_THEN),
        (ENDLESS, "Ida Stone was mayor of Vess until 2004.", Timing.UNSURE),
        (HELD, "Ida Stone was mayor of Vess before 1996.", Timing.HOLDS),
        (HELD, "Ida Stone was mayor of Vess before 1995.", Timing.NOT_THEN),
        (HELD, "Ida Stone was mayor of Vess after 2004.", Timing.HOLDS),
        (HELD, "Ida Stone was mayor of Vess after 2005.", Timing.NOT_THEN),
        (HELD, "Ida Stone was mayor of Vess from 1995 to 2005.", Timing.HOLDS),
        (HELD, "Ida Stone was mayor of Vess from 1995 to 2004.", Timing.NOT_THEN),
        (ENDLESS, "Ida Stone was mayor of Vess from 1995 to 2004.", Timing.UNSURE),
        (HELD, "Ida Stone is currently mayor of Vess.", Timing.NOT_THEN),
        (ENDLESS, "Ida Stone is currently mayor of Vess.", Timing.HOLDS),
        (HELD, "Ida Stone is mayor of Vess.", Timing.UNSURE),
        (ENDLESS, "Ida Stone is mayor of Vess.", Timing.OPEN),
        (HELD, "Ida Stone was mayor of Vess.", Timing.OPEN),
        (HELD, "Ida Stone was mayor of Vess in 2001 and in 2003.", Timing.UNSURE),
        (("2005", "1995"), "Ida Stone was mayor of Vess in 2001.", Timing.OPEN),  # no period at all
    ],
)
def test_a_claim_is_held_against_the_period(period: tuple[str | None, str | None], claim: str, timing: Timing) -> None:
    assert check_time(fact(period), claim, (), TODAY).timing is timing


def test_one_of_several_periods_is_enough() -> None:
    claim = "Ida Stone was mayor of Vess in 2001."
    assert check_time(fact(("1980", "1985"), HELD), claim, (), TODAY).timing is Timing.HOLDS
    assert check_time(fact(("1980", "1985"), ("2010", "2015")), claim, (), TODAY).timing is Timing.NOT_THEN
    assert check_time(fact(), claim, (), TODAY).timing is Timing.OPEN


def test_the_words_that_it_rests_on_are_named() -> None:
    claim = "Ida Stone was mayor of Vess until 2005."
    found = check_time(fact(HELD), claim, (), TODAY)
    assert found.span is not None and found.span.of(claim) == "until 2005"
