"""Shares and growth that the evidence gives the counts of."""

import pytest

from factcheck.scoring import case_of
from factcheck.types import Rule, Stance
from factcheck.verify.quantities import QuantityChecker

SENATE = "Of the 40 senators, 38 voted for the bill and two against it."
CLUB = "Of the 90 members, 30 are women."
PRICE = "The price rose from 40 dollars in 2001 to 80 dollars in 2011."


@pytest.mark.parametrize(
    ("claim", "text", "holds"),
    [
        ("All but two of the senators voted for the bill.", SENATE, True),
        ("All but five of the senators voted for the bill.", SENATE, False),
        ("All senators voted for the bill.", SENATE, False),
        ("Not every senator voted for the bill.", SENATE, True),
        ("None of the senators voted for the bill.", SENATE, False),
        ("Most of the senators voted for the bill.", SENATE, True),
        ("A third of the members are women.", CLUB, True),
        ("Half of the members are women.", CLUB, False),
        ("One in three members is a woman.", CLUB, True),
        ("Two out of three members are women.", CLUB, False),
        ("About 35% of the members are women.", CLUB, True),
        ("40 percent of the members are women.", "30 of the 90 members are women.", False),
        ("The price doubled between 2001 and 2011.", PRICE, True),
        ("The price tripled between 2001 and 2011.", PRICE, False),
        ("The price rose by 40 dollars.", PRICE, True),
        ("The price rose by 60 dollars.", PRICE, False),
        ("The price rose by 100 percent.", PRICE, True),
        ("The price rose by 40 percent.", PRICE, False),
        ("The rate fell by three percentage points.", "The rate fell from 8 percent to 5 percent.", True),
        ("The rate fell by two percentage points.", "The rate fell from 8 percent to 5 percent.", False),
    ],
)
def test_compared_with_what_is_counted(claim: str, text: str, holds: bool) -> None:
    (found,) = QuantityChecker().check([case_of(0, claim, text)])[0].judgements
    assert found.rule is (Rule.QUANTITY_WITHIN if holds else Rule.QUANTITY_DIFFERS)
    assert found.stance is (Stance.SUPPORTS if holds else Stance.REFUTES)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("All senators voted against the bill.", SENATE),  # the part is of another deed
        ("All deputies voted for the bill.", SENATE),
        ("Half of the members are women.", "Of the 90 members, 30 are not women."),
        ("Half of the members are no women.", CLUB),
        ("The fare doubled between 2001 and 2011.", PRICE),
        ("The price fell by 60 dollars.", PRICE),
        ("The rate fell by 3 percent.", "The rate fell from 8 percent to 5 percent."),
        ("The price doubled between 1991 and 2011.", PRICE),
        ("Half of the members are women.", "Of the 90 members, 30 are women. Of the 10 members, 5 are women."),
    ],
)
def test_silent_where_something_else_is_counted(claim: str, text: str) -> None:
    rules = {j.rule for j in QuantityChecker().check([case_of(0, claim, text)])[0].judgements}
    assert not rules & {Rule.QUANTITY_WITHIN, Rule.QUANTITY_DIFFERS}
