"""Numbers that hold at a time: "currently", "as of 2022", "since 2022" against passages that are dated."""

import pytest

from factcheck.types import Case, Claim, Evidence, Judgement, Passage, Span, Stance
from factcheck.verify.quantities import QuantityChecker


def judge(claim: str, text: str, date: str | None = None, title: str = "Florin") -> tuple[Judgement, ...]:
    passage = Passage(
        id="e", document_id="e", document_sha256="0" * 64, title=title, section="", text=text,
        span=Span(start=0, end=len(text)), source="atlas", date=date,
    )  # fmt: skip
    case = Case(
        claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))),
        evidence=(Evidence(id="e", text=text, source="atlas", passage=passage),),
    )
    return QuantityChecker().check([case])[0].judgements


def sure(found: tuple[Judgement, ...]) -> list[Stance]:
    return [j.stance for j in found if max(j.probabilities.supported, j.probabilities.refuted) >= 0.9]


@pytest.mark.parametrize(
    ("claim", "text", "date", "stances"),
    [
        # the year of the passage is that of the claim
        ("As of 2022, Florin has 46 bridges.", "Florin has 95 bridges.", "2022-05-01", [Stance.REFUTES]),
        ("In 2022, Florin had 46 bridges.", "Florin has 46 bridges.", "2022", [Stance.SUPPORTS]),
        # another year says nothing
        ("As of 2022, Florin has 46 bridges.", "Florin has 95 bridges.", "2015-05-01", []),
        ("As of 2022, Florin has 46 bridges.", "Florin has 95 bridges.", None, []),
        # since a year on: later passages count, earlier ones do not
        ("Since 2020, Florin has 46 bridges.", "Florin has 95 bridges.", "2022-05-01", [Stance.REFUTES]),
        ("Since 2020, Florin has 46 bridges.", "Florin has 95 bridges.", "2011-05-01", []),
        # what is so now is not told by what was
        ("Florin currently has 46 bridges.", "In 1990 Florin had 95 bridges.", "2022-05-01", []),
        ("Florin currently has 46 bridges.", "Florin has 95 bridges.", "2022-05-01", [Stance.REFUTES]),
        (
            "Florin now has 46 bridges.",
            "In 2021 Florin had 95 bridges. It had 12 ships in 1990.",
            None,
            [Stance.REFUTES],
        ),
        ("Florin now has 46 bridges.", "In 1990 Florin had 95 bridges. It had 12 ships in 2021.", None, []),
    ],
)
def test_a_number_is_compared_with_what_holds_then(
    claim: str, text: str, date: str | None, stances: list[Stance]
) -> None:
    assert sure(judge(claim, text, date)) == stances


def test_the_date_of_the_evidence_is_shown() -> None:
    (found,) = judge("Florin has 46 bridges.", "Florin has 95 bridges.", "2022-05-01")
    assert found.reason == "The claim says 46 bridges; Florin says 95 bridges (atlas, dated 2022-05-01)."
    (found,) = judge("Florin has 46 bridges.", "Florin has 95 bridges.", "2022-05-01", title="")
    assert found.reason == "The claim says 46 bridges; atlas says 95 bridges (dated 2022-05-01)."
