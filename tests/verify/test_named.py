"""What evidence cannot say for want of a name, and what another name, value or thing in the claim's place says."""

import pytest

from factcheck.provenance import sha256_text
from factcheck.text.naming import names_in
from factcheck.types import (
    Case,
    Claim,
    Evidence,
    Judgement,
    Label,
    Passage,
    Probabilities,
    Rule,
    Span,
    Stance,
)
from factcheck.verify.bearers import other_bearer
from factcheck.verify.clauses import misplaced
from factcheck.verify.denials import denial_of
from factcheck.verify.named import within_names
from factcheck.verify.polarity import PolarityChecker
from factcheck.verify.readings import read_claim, read_evidence
from factcheck.verify.stated import stated
from tests.growth import assert_linear, repeated


def evidence(text: str, title: str = "") -> Evidence:
    passage = Passage(
        id="e",
        document_id="d",
        document_sha256=sha256_text(text),
        title=title,
        section="",
        text=text,
        span=Span(start=0, end=len(text)),
        source="atlas",
    )
    return Evidence(id="e", text=text, source="atlas", passage=passage)


def case(claim: str, *pieces: Evidence) -> Case:
    return Case(claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))), evidence=pieces)


def read(supported: float, refuted: float) -> Judgement:
    p = Probabilities(supported=supported, refuted=refuted, not_enough_info=1 - supported - refuted)
    stance = Stance.SUPPORTS if p.label is Label.SUPPORTED else Stance.REFUTES
    return Judgement(
        evidence_ids=("e",),
        stance=stance,
        probabilities=p,
        checker="entailment",
        rule=Rule.ENTAILMENT,
        reason="It says so.",
    )


def bounded(claim: str, piece: Evidence, judgement: Judgement) -> Judgement:
    (found,) = within_names(case(claim, piece), [judgement])
    return found


FOUND = evidence("Ida Bohl found the comet Zubrow in 1781.", "Zubrow")


def test_evidence_without_a_name_does_not_support() -> None:
    judgement = bounded("Zubrow was visited by Eva Krantz in 1781.", FOUND, read(0.8, 0.05))
    assert judgement.probabilities.supported < 0.1
    assert judgement.stance is Stance.NEUTRAL
    assert "Eva Krantz" in judgement.reason


def test_another_name_in_the_same_role_refutes() -> None:
    judgement = bounded("Zubrow was discovered by Eva Krantz in 1781.", FOUND, read(0.8, 0.05))
    assert judgement.stance is Stance.REFUTES
    assert "Eva Krantz" in judgement.reason and "Ida Bohl" in judgement.reason


def test_evidence_about_something_else_says_nothing() -> None:
    judgement = bounded("Florin was founded in 1700.", evidence("Vess was founded in 1800.", "Vess"), read(0.1, 0.8))
    assert judgement.probabilities.label is Label.NOT_ENOUGH_INFO


@pytest.mark.parametrize(
    ("claim", "piece"),
    [
        ("Zubrow was found by Ida Bohl in 1781.", FOUND),
        ("Zubrow was not found by Eva Krantz.", FOUND),
        ("Eva Krantz painted the hall.", evidence("She painted the hall in 1900.")),  # "she" may be anybody
    ],
)
def test_what_may_be_said_stays(claim: str, piece: Evidence) -> None:
    judgement = read(0.8, 0.05)
    assert bounded(claim, piece, judgement) == judgement


@pytest.mark.parametrize(
    ("claim", "text", "title", "other"),
    [
        ("The lamp was invented by Eva Krantz.", "Ida Bohl built the lamp in 1815.", "", "Ida Bohl"),
        ("Eva Krantz wrote The Fjord.", "The Fjord was written by Ida Bohl.", "", "Ida Bohl"),
        ("The novel is set in Vess.", "It is set in Florin in the summer.", "The novel", "Florin"),
        ("The lamp was invented by Eva Krantz.", "Ida Bohl did not build the lamp.", "", None),
        ("The lamp was invented by Eva Krantz.", "Ida Bohl sold the lamp.", "", None),
    ],
)
def test_bearers(claim: str, text: str, title: str, other: str | None) -> None:
    piece = evidence(text, title)
    found = [other_bearer(claim, name, piece) for name in names_in(claim)]
    assert next((one for one in found if one), None) == other


@pytest.mark.parametrize(
    ("claim", "text", "right"),
    [
        ("The wall was built in 1989.", "The wall was built in 1961 and opened in 1989.", "1961"),
        ("The wall was opened in 1989.", "The wall was built in 1961 and opened in 1989.", None),
        (
            "Iron makes up 21 per cent of it and tin 78 per cent.",
            "About 78 per cent of it is iron and 21 per cent is tin.",
            "21 per cent",
        ),
        ("The wall was painted in 1989.", "The wall was built in 1961 and opened in 1989.", None),
        ("Ida Bohl won a prize in 1911.", "Ida Bohl won the prize in Physics in 1903 and that in Art in 1911.", None),
    ],
)
def test_values_of_something_else(claim: str, text: str, right: str | None) -> None:
    found = misplaced(read_claim(claim), read_evidence(evidence(text)))
    assert (found.right.item.span.of(text) if found else None) == right


@pytest.mark.parametrize(
    ("claim", "text", "title", "refuted"),
    [
        ("Vess is the largest city of Boria.", "Florin is the largest city of Boria.", "Florin", True),
        ("Vess is the largest city of Boria.", "It is the largest city of Boria and a port.", "Florin", True),
        ("Vess is the largest city of Boria.", "Florin is the largest city of Boria in the north.", "Florin", False),
        ("Vess is the largest city of Boria.", "Florin is the largest inland city of Boria.", "Florin", False),
        ("Vess is the largest city of Boria.", "Florin is one of the largest cities of Boria.", "Florin", False),
        ("Vess is the largest city of Boria.", "Vess, not Florin, is the largest city of Boria.", "Vess", False),
    ],
)
def test_the_largest_is_one(claim: str, text: str, title: str, refuted: bool) -> None:
    (result,) = PolarityChecker().check([case(claim, evidence(text, title))])
    assert any(j.stance is Stance.REFUTES for j in result.judgements) is refuted


def test_an_opinion_is_told_by_what_speaks_of_opinions() -> None:
    plain, told = evidence("Florin is the capital."), evidence("Many visitors assume that Vess is the capital.")
    claim = "Many people think that Vess is the capital."
    assert stated(case(claim, plain)).case.evidence == ()
    assert stated(case(claim, told)).case.evidence == (told,)
    assert stated(case("Vess is the capital.", plain)).case.evidence == (plain,)


@pytest.mark.parametrize(
    ("claim", "text", "title", "whole"),
    [
        ("Ida Bohl invented the lamp.", "Ida Bohl, born in Vess, did not invent the lamp, but she sold it.", "", True),
        ("The lamp was invented by Ida Bohl.", "Ida Bohl did not invent the lamp.", "", True),
        ("Ida Bohl won the prize in Physics.", "She won the prize in Chemistry, not in Physics.", "Ida Bohl", True),
        ("Mount Zub is in Boria.", "It is a volcano, although it does not stand on Borian soil.", "Mount Zub", False),
        ("Ida Bohl won the prize in Chemistry.", "She won the prize in Chemistry, not in Physics.", "Ida Bohl", None),
        ("Vess is the capital of Boria.", "Florin is larger, but it is not the capital of Boria.", "Vess", None),
        ("Ida Bohl sold the lamp.", "Ida Bohl did not invent the lamp, but she sold it.", "", None),
        ("It may have a stripe.", "It may or may not have a stripe.", "", None),
    ],
)
def test_what_is_denied(claim: str, text: str, title: str, whole: bool | None) -> None:
    found = denial_of(claim, evidence(text, title))
    assert (None if found is None else found.whole) is whole
    if found is not None:
        judgement = bounded(claim, evidence(text, title), read(0.8, 0.1))
        assert judgement.stance is not Stance.SUPPORTS


_MILL = (
    "Harrow Mill was built in 1784 by the miller Josiah Brandt. It was sold to Edmund Pike in 1851. "
    "Its director is Margaret Oyelaran, who succeeded Paul Finch in 2015."
)
_FIRM = "The company was founded in Jena in 1996 by Karin Vogt and Stefan Albers. It moved to Dresden in 2008."


@pytest.mark.parametrize(
    ("claim", "title", "text", "says"),
    [
        ("Harrow Mill was built by Edmund Pike.", "Harrow Mill", _MILL, "Josiah Brandt"),
        ("Harrow Mill was built by Josiah Brandt.", "Harrow Mill", _MILL, None),
        ("Paul Finch is the director of Harrow Mill.", "Harrow Mill", _MILL, "Margaret Oyelaran"),
        ("The director of Harrow Mill is Paul Finch.", "Harrow Mill", _MILL, "Margaret Oyelaran"),
        ("Margaret Oyelaran is the director of Harrow Mill.", "Harrow Mill", _MILL, None),
        ("Paul Finch was the director of Harrow Mill.", "Harrow Mill", _MILL, None),
        ("Ida Kell is the mayor of Calder.", "", "The mayor of Calder is Tom Brandt.", "Tom Brandt"),
        ("Ida Kell is the daughter of Tom Brandt.", "", "Ada Kell is the daughter of Tom Brandt.", None),
        ("Ida Kell is the founder of a mill.", "", "Tom Brandt is the founder of a mill.", None),
        ("Lumen Optics was founded in Dresden.", "Lumen Optics", _FIRM, "Jena"),
        ("Lumen Optics was founded in Jena.", "Lumen Optics", _FIRM, None),
        ("Lumen Optics was founded by Stefan Albers.", "Lumen Optics", _FIRM, None),
    ],
)
def test_a_name_that_stands_elsewhere_is_not_in_the_role_of_another(
    claim: str, title: str, text: str, says: str | None
) -> None:
    found = bounded(claim, evidence(text, title), read(0.7, 0.1))
    if says is None:
        assert found.stance is not Stance.REFUTES
    else:
        assert found.stance is Stance.REFUTES and says in found.reason


def test_a_reader_that_is_quite_sure_leaves_the_rest_open() -> None:
    found = bounded("Uranus was discovered by Ida Kell.", evidence("Uranus is a planet.", "Uranus"), read(1.0, 0.0))
    p = found.probabilities
    assert (p.supported, p.refuted, p.not_enough_info) == pytest.approx((0.05, 0.0, 0.95))


def test_many_names_take_time_by_their_number() -> None:
    piece = evidence("Ada Kell met Tom Brandt in Calder. " * 3, "Ada Kell and Tom Brandt")
    assert_linear(
        lambda text: within_names(case(text, piece), [read(0.5, 0.2)]), repeated("Ada Kell met Tom Brandt and "), 20_000
    )
