"""A text is changed on evidence that speaks of the claim, and by values that stand in the same place."""

from __future__ import annotations

import pytest

from factcheck.revise.grounds import Matter, is_grounded, values
from factcheck.scoring import case_of
from factcheck.types import CheckedClaim, Judgement, Label, Probabilities, Rule, Stance, Verdict

REFUTED = Probabilities(supported=0.02, refuted=0.95, not_enough_info=0.03)


def refuted(claim: str, evidence: str, rule: Rule = Rule.ENTAILMENT) -> CheckedClaim:
    case = case_of(0, claim, evidence)
    judgement = Judgement(
        evidence_ids=("e0",), stance=Stance.REFUTES, probabilities=REFUTED, checker="test", rule=rule, reason=""
    )
    verdict = Verdict(
        label=Label.REFUTED, confidence=0.95, probabilities=REFUTED, judgements=(judgement,), correction=None, reason=""
    )
    return CheckedClaim(claim=case.claim, verdict=verdict, evidence=case.evidence)


SPEAKS = [
    ("Nora Vell died at the age of 72.", "Nora Vell died in 1966. She died at the age of 73."),
    ("Nora Vell was born in Oslo.", "Vell was born in Bergen to a family of bakers."),
    ("Nora Vell wrote six novels.", "Between 1989 and 2005 Nora Vell wrote five novels."),
    ("Ivo Marr invented the steam loom.", "The steam loom was invented by Nora Vell in Bergen."),
    ("The lighthouse is open to visitors.", "The lighthouse is not open to visitors."),
    ("The bridge is made of steel.", "The bridge is made of stone and was opened in 1904."),
    ("The museum opened in 1904.", "The museum was opened in 1911 by the mayor."),
    # cut out of a text: the pronoun speaks of what the piece was given for
    ("Nora Vell won the cup in 1966.", "She won the cup in 1969, and retired."),
]
SILENT = [
    # the same person, and a value of something else
    ("Nora Vell retired in 2018.", "Nora Vell was drafted in 2009. She played for Bergen."),
    ("Nora Vell was born in Oslo in 1980.", "Nora Vell was born in Oslo. Her film City of Salt came out in 2002."),
    ("Nora Vell made her film debut in 1966.", "Salt is a film. Nora Vell received a medal in 2000."),
    ("Nora Vell made her film debut in 1966.", "Nora Vell is a film producer. City of Salt came out in 2000."),
    ("The club won the title in 2002.", "The club won the title in 2001-02."),
    ("Nora Vell began at the age of six and won at the age of 13.", "Nora Vell began at the age of 6."),
    # nothing of the matter, though the reader sees a contradiction
    ("Nora Vell was always denied a response.", "Nora Vell is a campaigner. Nora Vell is based in Oslo."),
    ("There is no detailed life of Nora Vell in the results.", "Nora Vell is an author. She was born in Oslo."),
    ("Nora Vell never won at that level.", "Nora Vell is a former player. She played in the top league."),
    ("There are others named Nora Vell who are not the actor.", "Nora Vell is an actor. Nora Vell is Norwegian."),
    # somebody else
    ("Nora Vell died at the age of 72.", "Ivo Marr died at the age of 73."),
    # a longer form of the same name
    ("Nora Inge Vell-Marr is a baker.", "Nora Vell is a baker."),
]


@pytest.mark.parametrize(("claim", "evidence"), SPEAKS)
def test_a_sentence_that_says_something_else_in_the_same_place_is_a_ground(claim: str, evidence: str) -> None:
    assert is_grounded(refuted(claim, evidence))


@pytest.mark.parametrize(("claim", "evidence"), SILENT)
def test_evidence_that_does_not_speak_of_the_claim_is_none(claim: str, evidence: str) -> None:
    assert not is_grounded(refuted(claim, evidence))


def test_rules_that_compare_facts_need_no_sentence_and_those_that_read_values_do() -> None:
    claim, evidence = SILENT[0]
    assert is_grounded(refuted(claim, evidence, Rule.FUNCTIONAL_DIFFERS))
    assert not is_grounded(refuted(claim, evidence, Rule.DATE_DIFFERS))
    assert is_grounded(refuted(*SPEAKS[0], Rule.QUANTITY_DIFFERS))
    assert not is_grounded(refuted(*SPEAKS[0], Rule.VALUE_MISSING))  # a sign refutes nothing


def test_only_values_of_one_sort_stand_for_each_other() -> None:
    text = "In 2001-02 the club won its third title in 2002 with 26 goals and 3 cups in London."
    claim = "The club won the title in 2003."
    (year,) = [value for value in values(claim) if value.kind == "date year"]
    fitting = {value.span.of(text) for value in values(text) if value.fits(year)}
    assert fitting == {"2002"}  # no part of a range, no count, no name
    (statement,) = Matter(claim).statements(case_of(0, claim, text).evidence[0])
    assert Matter(claim).others(year, statement) == ["2002"]
