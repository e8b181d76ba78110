"""Ages and durations that the evidence gives two dates of."""

import pytest

from factcheck.decide import SIGNS
from factcheck.types import Case, Claim, Evidence, Span, Stance
from factcheck.verify.quantities import QuantityChecker

BORN = "Ida Bohl (23 November 1887 – 2 February 1969) was a painter."
YEARS = "Ida Bohl (1887–1969) was a painter."
STRIKE = "The strike began on 1 March 1984 and ended on 19 April 1984."
WAR = "The war of Florin lasted from 1939 to 1944."


@pytest.mark.parametrize(
    ("claim", "text", "stance", "corrected"),
    [
        ("Ida Bohl died at the age of 81.", BORN, Stance.SUPPORTS, None),
        ("Ida Bohl died at the age of 83.", BORN, Stance.REFUTES, "Ida Bohl died at the age of 81."),
        ("Ida Bohl was eighty-two years old when she died.", YEARS, Stance.SUPPORTS, None),
        ("Ida Bohl was eighty years old when she died.", YEARS, Stance.REFUTES, None),
        ("The war of Florin lasted five years.", WAR, Stance.SUPPORTS, None),
        ("The war of Florin lasted nine years.", WAR, Stance.REFUTES, None),
        ("The strike lasted seven weeks.", STRIKE, Stance.SUPPORTS, None),
        ("The strike lasted three days.", STRIKE, Stance.REFUTES, None),
        ("The strike lasted ten years.", "The strike began in 1984 and ended in 1986.", Stance.REFUTES, None),
    ],
)
def test_judged_by_two_dates(claim: str, text: str, stance: Stance, corrected: str | None) -> None:
    case = Case(
        claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))),
        evidence=(Evidence(id="e", text=text, source="atlas"),),
    )
    (found,) = QuantityChecker().check([case])[0].judgements
    assert found.stance is stance
    assert (found.correction.apply(claim) if found.correction else None) == corrected
    assert "which is" in found.reason


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Ida Bohl was aged 30.", BORN),  # when?
        ("Eva Krantz died at the age of 83.", BORN),
        ("Ida Bohl died at the age of about 83.", BORN),
        ("The siege of Gormley lasted nine years.", WAR),
        ("The war of Florin lasted nine years.", "The war of Florin began in 1939."),
        ("The trial lasted three days.", STRIKE),
        ("The strike lasted three weeks.", "The strike began in 1984 and ended in 1985."),
    ],
)
def test_silent_where_the_dates_do_not_tell(claim: str, text: str) -> None:
    case = Case(
        claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))),
        evidence=(Evidence(id="e", text=text, source="atlas"),),
    )
    assert all(j.rule in SIGNS for j in QuantityChecker().check([case])[0].judgements)
