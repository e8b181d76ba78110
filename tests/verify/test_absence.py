"""Numbers that stand nowhere in the evidence: what is refuted by what stands in their place, and what is not."""

import pytest

from factcheck.decide import SIGNS, is_exact
from factcheck.types import Case, Claim, Evidence, Judgement, Passage, Rule, Span, Stance
from factcheck.verify.absence import Absences, default_weights
from factcheck.verify.quantities import QuantityChecker
from factcheck.verify.readings import read_claim, read_evidence
from tests.growth import assert_linear, repeated


def judge(claim: str, text: str, title: str = "") -> tuple[Judgement, ...]:
    span = Span(start=0, end=len(text))
    passage = Passage(
        id="e", document_id="e", document_sha256="0" * 64, title=title, section="", text=text, span=span, source="atlas"
    )
    found = Evidence(id="e", text=text, source="atlas", passage=passage if title else None)
    case = Case(claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))), evidence=(found,))
    return QuantityChecker().check([case])[0].judgements


@pytest.mark.parametrize(
    ("claim", "text", "corrected"),
    [
        (
            "Red Heron was shown at the Florin Film Festival in 2034.",
            "The film was screened in Gormley and later at the 2014 Florin Film Festival.",
            "Red Heron was shown at the Florin Film Festival in 2014.",
        ),
        (
            "Eva Krantz was appointed harbour master of Gormley in 1961.",
            "Krantz became harbour master of Gormley in 1958 and stayed for a decade.",
            "Eva Krantz was appointed harbour master of Gormley in 1958.",
        ),
        (
            "Eva Krantz lived until the age of 59.",
            "Krantz lived in Gormley and died at the age of 57.",
            "Eva Krantz lived until the age of 57.",
        ),
        (
            "Eva Krantz was First Lady of Florin from 1989 to 1996.",
            "Eva Krantz (born 8 June 1925) is a painter who served as First Lady of Florin from 1989 to 1993.",
            "Eva Krantz was First Lady of Florin from 1989 to 1993.",
        ),
        (
            "Ida Bohl has voiced Kai in Harbour Effect 2.",
            "Ida Bohl has voiced Joel in The Marsh and Kai in Harbour Effect 3.",
            "Ida Bohl has voiced Kai in Harbour Effect 3.",
        ),
    ],
)
def test_refuted_by_what_stands_in_its_place(claim: str, text: str, corrected: str) -> None:
    (found,) = judge(claim, text)
    assert found.stance is Stance.REFUTES
    assert found.correction is not None and found.correction.apply(claim) == corrected
    assert found.reason.startswith("The claim says") and found.span is not None


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        # of another person, property, place, or one of several
        ("Eva Krantz was born on May 5, 1904.", "Ida Maria Bohl (born June 6, 1911) is a painter."),
        ("William Bohl was born in the 1840s.", "Stephen Bohl Henderson (born August 31, 1949) is an actor."),
        ("Eva Krantz released an album in 2004.", "Krantz's second album Marsh (2011) sold a million copies."),
        ("Florin has 46 rings.", "Florin has 95 moons."),
        ("Florin exports 46 tonnes of salt.", "Florin imports 95 tonnes of salt."),
        ("Harbour Station 3 is developed by Gormley.", "Harbour Station 4 is developed by Gormley."),
        ("The 2013 Florin Games were held in Gormley.", "The 2014 Florin Games were held in Gormley."),
        # what the evidence could mean, or has
        ("Eva Krantz worked in Gormley in 1991.", "Krantz worked in Gormley from 1989 to 1993."),
        ("Red Heron sold 164 copies.", "The record sold 164.4 copies a day, and 164 in Florin."),
        ("Red Heron sold about 60 million copies.", "The record sold 59.6 million copies."),
        ("The bridge of Gormley is 12.4 miles long.", "The bridge is 20 km long."),
        ("Eva Krantz won five prizes.", "Krantz was nominated for ten prizes and won five."),
        ("Eva Krantz has more than 40 medals.", "Krantz has 46 medals."),
        ("Eva Krantz has six children.", "Krantz has four children with Olaf and two with Jan."),
        # not plainly asserted
        ("Eva Krantz might have won nine titles.", "Krantz won seven titles."),
        ("Eva Krantz reportedly won nine titles.", "Krantz won seven titles."),
        ("Did Eva Krantz win nine titles?", "Krantz won seven titles."),
        ("Eva Krantz never won nine titles.", "Krantz won seven titles."),
    ],
)
def test_no_more_than_a_sign_where_a_refutation_would_be_wrong(claim: str, text: str) -> None:
    found = judge(claim, text)
    assert all(j.rule in SIGNS for j in found if j.stance is Stance.REFUTES)
    assert not any(is_exact(j) for j in found if j.stance is Stance.REFUTES)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Eva Krantz was born on May 5, 1904.", "Ida Maria Bohl (born June 6, 1911) is a painter."),
        ("Eva Krantz worked in Gormley in 1991.", "Krantz worked in Gormley from 1989 to 1993."),
        ("Eva Krantz reportedly won nine titles.", "Krantz won seven titles."),
        ("Eva Krantz never won nine titles.", "Krantz won seven titles."),
        ("Did Eva Krantz win nine titles?", "Krantz won seven titles."),
        ("The Old Mill stars Ida Bohl in 3 roles.", "The Old Mill stars Ida Bohl in three roles."),
        ("Station 3 is a play.", "It is a play by Ida Bohl."),
        # a number that is part of the subject's name, a time before it or not
        ("30 Herons of Gormley was staged in 2002.", "It was staged on August 27, 2002."),
        ("On March 16, 2012, 21 Harbour Street was staged.", "It was staged on March 16, 2012."),
        # what the evidence has in another form
        ("The race began at 6:49.", "The race began at 06:49:42."),
        ("Gormley claimed the eastern half of Florin.", "Florin's eastern half was claimed by Gormley."),
        # a life is no reign, and the year of a title no year of filming
        ("Queen Ida ruled Florin from 1837 to 1901.", "Ida (24 May 1819 – 22 January 1901) was Queen of Florin."),
    ],
)
def test_no_sign_against_what_the_evidence_has_or_tells_of_somebody_else(claim: str, text: str) -> None:
    assert [j for j in judge(claim, text) if j.stance is Stance.REFUTES] == []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Krantz released an album in 2004.", "Krantz released the album Marsh in 2011."),
        ("Station 5 is developed by Gormley.", "Station 4 is developed by Gormley."),
        ("The games began at 5:60 in Gormley.", "The games of Gormley began at 5:30."),
    ],
)
def test_a_value_that_stands_nowhere_is_a_sign(claim: str, text: str) -> None:
    (found,) = judge(claim, text)
    assert found.stance is Stance.REFUTES and found.rule is Rule.VALUE_MISSING and not is_exact(found)
    assert found.part is not None and found.part.of(claim) in found.reason


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        # a value that opens the claim and says itself what it is
        ("1995 was when the Old Mill was staged.", "The Old Mill was staged in 1986 in Gormley."),
        ("The 2014 film Old Mill stars Ida Bohl.", "Bohl is known for Old Mill (2012) and Heron (2013)."),
        # of somebody whom the claim describes
        (
            "Old Mill stars an actress born in 1996.",
            "Old Mill stars Ida Bohl. Bohl (born 15 April 1997) is an actress.",
        ),
        # a day that does not exist
        ("Ida Bohl was born on January 80.", "Ida Maria Bohl (born January 8, 1985) is a painter."),
        # a bound beyond the bound that the evidence gives
        ("Ida Bohl sold over 116 million records.", "Bohl has sold over 115 million records."),
    ],
)
def test_what_speaks_against_a_claim_at_least_as_a_sign(claim: str, text: str) -> None:
    (found,) = judge(claim, text)
    assert found.stance is Stance.REFUTES
    assert found.part is not None and found.part.of(claim) in found.reason


def test_all_values_and_words_are_a_sign_for_a_claim() -> None:
    (found,) = judge("Krantz was a smith in Gormley in 1958.", "In 1958 she was a smith in Gormley.")
    assert found.stance is Stance.SUPPORTS and found.rule is Rule.VALUES_STAND


def test_a_name_and_a_pronoun_are_no_more_than_signs() -> None:
    for claim, text in (
        ("Ida Bohl flew on Heron 12.", "Ida Bohl flew on Heron 11."),
        ("Eva Krantz joined the harbour committee in 1961.", "She joined the harbour committee in 1958."),
    ):
        assert all(j.probabilities.refuted < 0.85 for j in judge(claim, text))


def test_more_of_the_claim_in_the_evidence_never_weighs_against_a_difference() -> None:
    weights = default_weights().weights
    assert all(weights[name] <= 0 for name in ("words_missing", "names_missing", "other_differs", "life_apart"))
    assert all(weights[name] >= 0 for name in ("before", "anchor", "life", "subject_whole"))


def test_time_is_linear_in_the_evidence() -> None:
    claim = read_claim("The harbour of Gormley had 17 cranes, 19 ships and 23 pilots in 1961.")

    def judge_all(text: str) -> None:
        absences = Absences(claim, read_evidence(Evidence(id="e", text=text, source="atlas")))
        for placed in claim.items:
            absences.of(placed)

    assert_linear(judge_all, repeated("In 1958 the harbour had 12 cranes and 14 ships. "), 3_000)
