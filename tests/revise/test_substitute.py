"""A value of the evidence in the place of one that it contradicts, read by the real model."""

from __future__ import annotations

import pytest

from factcheck import FactChecker
from factcheck.protocols import EntailmentModel
from factcheck.revise.substitute import LIKELY, is_borne_out, substitute
from factcheck.scoring import case_of
from factcheck.types import CheckedClaim, Correction, Judgement, Label, Probabilities, Rule, Span, Stance, Verdict

REFUTED = Probabilities(supported=0.02, refuted=0.95, not_enough_info=0.03)


@pytest.fixture(scope="module")
def reader() -> EntailmentModel:
    return FactChecker.open()._parts.entailment


def refuted(claim: str, evidence: str) -> CheckedClaim:
    case = case_of(0, claim, evidence)
    judgement = Judgement(
        evidence_ids=("e0",), stance=Stance.REFUTES, probabilities=REFUTED, checker="entailment",
        rule=Rule.ENTAILMENT, reason="it says otherwise",
    )  # fmt: skip
    verdict = Verdict(
        label=Label.REFUTED, confidence=0.95, probabilities=REFUTED, judgements=(judgement,), correction=None, reason=""
    )
    return CheckedClaim(claim=case.claim, verdict=verdict, evidence=case.evidence)


def corrected(claim: str, evidence: str, reader: EntailmentModel) -> str | None:
    found = substitute(refuted(claim, evidence), reader)
    return None if found is None else found.apply(claim)


def test_the_value_in_the_same_place_of_the_evidence_is_taken(reader: EntailmentModel) -> None:
    evidence = "The opera Fidelio was composed by Ludwig van Beethoven; Joseph Sonnleithner wrote its text in Vienna."
    assert corrected("The opera Fidelio was composed by Anton Bruckner.", evidence, reader) == (
        "The opera Fidelio was composed by Ludwig van Beethoven."
    )


def test_nothing_is_taken_where_no_value_stands_in_that_place(reader: EntailmentModel) -> None:
    assert corrected("The opera Fidelio was composed by Anton Bruckner.", "Nobody knows who wrote it.", reader) is None
    assert 0.5 < LIKELY < 1.0


def test_evidence_that_is_longer_than_the_model_reads_is_no_error(reader: EntailmentModel) -> None:
    long = "The opera Fidelio was composed by Ludwig van Beethoven. " + "It was sung in Vienna and in Graz. " * 80
    assert corrected("The opera Fidelio was composed by Anton Bruckner.", long, reader) is None


def test_what_the_evidence_denies_too_stays_denied(reader: EntailmentModel) -> None:
    evidence = "The message is written in a book. The key, in contrast, is not written in the book at all."
    assert corrected("The key is not written in the book.", evidence, reader) is None


def test_a_negation_goes_without_leaving_a_gap(reader: EntailmentModel) -> None:
    evidence = "The lighthouse is open to visitors on Sundays."
    assert (
        corrected("The lighthouse is not open to visitors.", evidence, reader) == "The lighthouse is open to visitors."
    )


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Nobody knew Uranus in antiquity.", None),
        ("Johann Galle found Uranus with a telescope.", "William Herschel found Uranus with a telescope."),
    ],
)
def test_a_name_is_taken_without_the_title_above_it_and_not_for_nobody(
    claim: str, expected: str | None, reader: EntailmentModel
) -> None:
    evidence = (
        "Uranus\nDiscovery\nWilliam Herschel found Uranus with a home-made telescope in 1781 and at first took it for "
        "a comet. It was the first planet discovered since antiquity."
    )
    assert corrected(claim, evidence, reader) == expected


@pytest.mark.parametrize(("subject", "expected"), [("The Castor Bridge", True), ("Harrow Mill", False)])
def test_a_year_of_something_else_is_no_correction(subject: str, expected: bool, reader: EntailmentModel) -> None:
    claim = f"{subject} was opened in 1906."
    at = claim.index("1906")
    checked = refuted(claim, "The Castor Bridge is 312 metres long. It was opened on 9 June 1931 by the mayor.")
    correction = Correction(span=Span(start=at, end=at + 4), replacement="1931")
    assert is_borne_out(checked, correction, reader) is expected
