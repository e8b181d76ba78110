"""Values in lists: one of several is not contradicted by evidence that gives another of them."""

import pytest

from factcheck.types import Case, Claim, Evidence, Judgement, Span, Stance
from factcheck.verify.coordination import joint_of
from factcheck.verify.quantities import QuantityChecker
from factcheck.verify.readings import read_claim


def judge(claim: str, text: str) -> tuple[Judgement, ...]:
    case = Case(
        claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))),
        evidence=(Evidence(id="e", text=text, source="atlas"),),
    )
    return QuantityChecker().check([case])[0].judgements


def refuted_surely(claim: str, text: str) -> bool:
    return any(j.stance is Stance.REFUTES and j.probabilities.refuted >= 0.9 for j in judge(claim, text))


@pytest.mark.parametrize(
    ("text", "joints"),
    [
        ("The play was filmed in 1949 and 1987.", ["and", "and"]),
        ("Ida Bohl was born in 1971 or 1972.", ["or", "or"]),
        ("It opens after 1, 10 or 30 days.", ["and", "or", "or"]),
        ("A genus of one or twelve species.", ["or", "or"]),
        ("Ida Bohl was born on 5 May 1904 and died on 6 June 1980.", ["", ""]),
        ("It aired from 2009 to 2015.", [""]),
        ("Florin has 46 moons.", [""]),
    ],
)
def test_what_joins_values(text: str, joints: list[str]) -> None:
    reading = read_claim(text)
    assert [joint_of(reading, p) for p in reading.items if not p.edge] == joints


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("The Old Mill was filmed in 1949 and 1987.", "The Old Mill was filmed in 1987."),
        ("Ida Bohl was born in 1971 or 1972.", "Ida Bohl was born in 1972."),
        ("Ida Bohl was born in 1971.", "Ida Bohl was born in 1972 or 1973."),
        ("Florin won the cup in 2007 and 2009.", "Florin won the cup in 2009."),
        ("Gormley had a population of 2315 in 2001, and 2360 in 2011.", "Gormley had a population of 2315 in 2001."),
        ("The mill of Gormley closes after either 10 or 30 days.", "The mill of Gormley closes after 10 days."),
        ("There are three children.", "Two children play, while another watches."),
    ],
)
def test_a_part_of_a_list_refutes_nothing(claim: str, text: str) -> None:
    assert not refuted_surely(claim, text)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Ida Bohl was born in 1971.", "Ida Bohl was born in 1972."),
        ("The Old Mill was released in 1949.", "The Old Mill was released in 1987."),
        ("Ida Bohl was born on 5 May 1904 and died in 1980.", "Ida Bohl was born on 5 May 1905."),
    ],
)
def test_a_value_alone_is_still_refuted(claim: str, text: str) -> None:
    assert refuted_surely(claim, text)
