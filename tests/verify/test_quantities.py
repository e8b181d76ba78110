"""The checker that calculates: a table of claims and evidence, arithmetic, corrections and its silences."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.decide import SIGNS, is_exact
from factcheck.protocols import Checker
from factcheck.text.dates import DateReading, find_dates
from factcheck.text.quantities import find_quantities
from factcheck.types import Case, Claim, Evidence, Judgement, Label, Passage, Rule, Span, Stance
from factcheck.verify.apart import of_the_claim
from factcheck.verify.arithmetic import decide_arithmetic
from factcheck.verify.comparison import Outcome, compare_dates, compare_quantities
from factcheck.verify.corrections import correct_date, correct_quantity
from factcheck.verify.quantities import QuantityChecker
from factcheck.verify.readings import read_claim, read_evidence
from tests.growth import assert_linear, repeated

TABLE = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "comparisons.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


def evidence(text: str, title: str = "", section: str = "", id: str = "e") -> Evidence:
    span = Span(start=0, end=len(text))
    found = Passage(
        id=id, document_id=id, document_sha256="0" * 64, title=title, section=section, text=text, span=span,
        source="atlas",
    )  # fmt: skip
    return Evidence(id=id, text=text, source="atlas", passage=found if title else None)


def judge(claim: str, *found: Evidence) -> tuple[Judgement, ...]:
    """Return what is decided, signs aside."""
    return tuple(j for j in everything(claim, *found) if j.rule not in SIGNS)


def everything(claim: str, *found: Evidence) -> tuple[Judgement, ...]:
    case = Case(claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))), evidence=found)
    return QuantityChecker().check([case])[0].judgements


def test_it_is_a_checker() -> None:
    checker = QuantityChecker()
    assert isinstance(checker, Checker) and checker.name == "quantities"
    assert checker.check([]) == []


@pytest.mark.parametrize(
    ("claim", "title", "section", "text", "stance", "rule", "corrected"),
    TABLE,
    ids=[f"{row[0]} | {row[3]}" for row in TABLE],
)
def test_table(claim: str, title: str, section: str, text: str, stance: str, rule: str, corrected: str) -> None:
    judgements = judge(claim, evidence(text, title, section))
    if stance == "-":
        assert judgements == ()
        return
    (found,) = judgements
    assert (found.stance.value, found.rule.value) == (stance, rule)
    assert found.evidence_ids == ("e",) and found.checker == "quantities"
    assert found.span is not None and found.span.of(text)
    assert (found.correction.apply(claim) if found.correction else "-") == corrected
    assert found.probabilities.label is (Label.SUPPORTED if found.stance is Stance.SUPPORTS else Label.REFUTED)
    assert "atlas" in found.reason and found.reason.endswith(".")


def test_the_reason_has_both_values_and_both_sources() -> None:
    (found,) = judge(
        "Zubrowka has a total area of 381,740 square kilometres.",
        evidence("2,381,740 sq km", "Zubrowka", "Geography / Area / total"),
    )
    assert found.reason == (
        "The claim says 381,740 square kilometres; Zubrowka › Geography / Area / total says 2,381,740 sq km (atlas)."
    )
    assert found.part is not None and found.correction is not None and found.correction.replacement == "2,381,740"


def test_each_piece_of_evidence_is_judged_by_itself() -> None:
    right = evidence("The planet Florin has 46 moons.", "Florin", id="a")
    wrong = evidence("The planet Florin has 95 moons.", "Florin", id="b")
    for found in ((right, wrong), (wrong, right)):
        judgements = judge("The planet Florin has 46 moons.", *found)
        assert {(j.evidence_ids, j.stance) for j in judgements} == {(("a",), Stance.SUPPORTS), (("b",), Stance.REFUTES)}


def test_a_pronoun_for_the_subject_is_no_more_than_a_sign() -> None:
    (found,) = everything(
        "Ida Bohl joined the harbour committee of Florin in 1950.",
        evidence("She joined the harbour committee of Florin in 1949."),
    )
    assert found.stance is Stance.REFUTES and found.probabilities.refuted < 0.85


@pytest.mark.parametrize(
    ("claim", "text", "title"),
    [
        (
            "The mill at Harrow Bridge closed in 1961.",
            "The mill was built in 1742 by a miller.",
            "The mill at Harrow Bridge",
        ),
        ("Rome fell in 476.", "Rome was founded in 753 BC.", ""),
    ],
)
def test_the_year_of_another_deed_is_no_more_than_a_sign(claim: str, text: str, title: str) -> None:
    assert {j.rule for j in everything(claim, evidence(text, title=title))} <= {Rule.VALUE_MISSING}


def test_without_evidence_nothing_is_said() -> None:
    assert judge("The planet Florin has 46 moons.") == ()
    assert judge("The planet Florin has 46 moons.", evidence("It is blue.", "Florin")) == ()
    assert judge("", evidence("It has 5 km.", "Florin")) == ()


def test_negated_evidence_is_left_to_those_who_read() -> None:
    assert (
        judge("The planet Florin has 46 moons.", evidence("The planet Florin does not have 95 moons.", "Florin")) == ()
    )


# ----------------------------------------------------------------------------------------------------------- arithmetic


@pytest.mark.parametrize(
    ("claim", "holds", "corrected"),
    [
        ("Fifty-one is larger than sixty-two.", False, "Fifty-one is smaller than sixty-two."),
        ("Forty-two is smaller than nine.", False, "Forty-two is larger than nine."),
        ("Ninety is bigger than eighty-nine.", True, None),
        ("Ten is not smaller than nine.", True, None),
        ("Twelve is not greater than eleven.", False, None),
        ("3/4 is 75%", True, None),
        ("3/4 is 57%", False, None),
        ("Half is 50 percent.", True, None),
        ("One third is 33%.", True, None),
        ("Two plus two is five.", False, "Two plus two is four."),
        ("12 times 12 equals 144.", True, None),
        ("12 x 12 = 145", False, "12 x 12 = 144"),
        ("Ten divided by four equals 2.5", True, None),
        ("Seven minus nine is not zero.", True, None),
        ("5 miles is longer than 7 kilometers.", True, None),
        ("1 km is 1000 m.", True, None),
        ("One mile is 1.609 kilometres.", True, None),
        ("One mile is 2 kilometres.", False, None),
        ("100 °C is 212 °F.", True, None),
        ("2000 is larger than 1000", True, None),
        ("3 > 2", True, None),
        ("2 >= 3", False, None),
        ("五十一大於六十二。", False, None),
        ("五十一小於六十二。", True, None),
    ],
)
def test_arithmetic_needs_no_evidence(claim: str, holds: bool, corrected: str | None) -> None:
    (found,) = judge(claim)
    assert found.rule is Rule.ARITHMETIC and found.evidence_ids == ()
    assert found.stance is (Stance.SUPPORTS if holds else Stance.REFUTES)
    assert (found.correction.apply(claim) if found.correction else None) == corrected


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["larger", "smaller"]))
def test_order_is_order(a: int, b: int, word: str) -> None:
    from factcheck.text.numerals import spell_english

    found = decide_arithmetic(f"{spell_english(a)} is {word} than {spell_english(b)}.")
    assert found is not None and found.holds is (a > b if word == "larger" else a < b)


@pytest.mark.parametrize(
    "claim",
    [
        "Three people are more than two people in a boat.",
        "Florin has 46 moons.",
        "5 km is heavier than 3 kg.",
        "Two and two",
        "Ten divided by zero is five.",
        "Apollo 11 is larger than Apollo 12.",
    ],
)
def test_what_is_not_arithmetic_is_left_alone(claim: str) -> None:
    assert decide_arithmetic(claim) is None


# ----------------------------------------------------------------------------------------------------------- comparison


@pytest.mark.parametrize(
    ("claim", "found", "outcome"),
    [
        ("60 million people", "59.6 million people", Outcome.WITHIN),
        ("exactly 60 million people", "59.6 million people", Outcome.DIFFERS),
        ("about 60 million people", "63 million people", Outcome.WITHIN),
        ("about 60 million people", "70 million people", Outcome.UNKNOWN),
        ("about 60 million people", "90 million people", Outcome.DIFFERS),
        ("380,000 km", "381,740 km", Outcome.WITHIN),
        ("381,741 km", "381,740 km", Outcome.DIFFERS),
        ("90,005 copies", "90,000 copies", Outcome.DIFFERS),
        ("20 moons", "21 moons", Outcome.DIFFERS),
        ("at least 20 moons", "21 moons", Outcome.WITHIN),
        ("at least 22 moons", "21 moons", Outcome.DIFFERS),
        ("at most 20 moons", "21 moons", Outcome.DIFFERS),
        ("20 moons", "at least 30 moons", Outcome.DIFFERS),
        ("40 moons", "at least 30 moons", Outcome.UNKNOWN),
        ("more than 2 million copies", "over 3 million copies", Outcome.WITHIN),
        ("more than 4 million copies", "over 3 million copies", Outcome.UNKNOWN),
        ("between 10 and 20 km", "15 km", Outcome.WITHIN),
        ("between 10 and 20 km", "25 km", Outcome.DIFFERS),
        ("10 miles", "16 km", Outcome.EQUAL),
        ("10 miles", "16.09 km", Outcome.EQUAL),
        ("10 tons", "9.1 tonnes", Outcome.WITHIN),
        ("10 km", "10 kg", Outcome.UNKNOWN),
        ("$5", "€5", Outcome.UNKNOWN),
        ("half of the people", "50% of the people", Outcome.EQUAL),
        ("half of the people", "30% of the people", Outcome.DIFFERS),
        ("the 14th season", "the 15th season", Outcome.DIFFERS),
        ("0 km", "0 km", Outcome.EQUAL),
    ],
)
def test_quantities_compare(claim: str, found: str, outcome: Outcome) -> None:
    (here,), (there,) = find_quantities(claim), find_quantities(found)
    assert compare_quantities(here, there) is outcome


@pytest.mark.parametrize(
    ("claim", "found", "outcome"),
    [
        ("1,000 people", "1,040 people", Outcome.WITHIN),
        ("1,000 people", "1,400 people", Outcome.DIFFERS),  # one figure alone is no rounding to itself
        ("more than 300 km", "less than 200 km", Outcome.DIFFERS),
        ("more than 300 km", "at most 299.8 km", Outcome.UNKNOWN),
        ("more than 300 km", "less than 400 km", Outcome.UNKNOWN),
        ("more than 300 km", "at least 300 km", Outcome.EQUAL),
        ("more than 300 km", "300 km", Outcome.UNKNOWN),
        ("at least 300 km", "300 km", Outcome.WITHIN),
        ("less than 300 km", "more than 400 km", Outcome.DIFFERS),
        ("less than 300 km", "at least 300.2 km", Outcome.UNKNOWN),
        ("less than 300 km", "less than 200 km", Outcome.WITHIN),
        ("less than 300 km", "less than 400 km", Outcome.UNKNOWN),
        ("less than 300 km", "300 km", Outcome.UNKNOWN),
        ("at most 300 km", "300 km", Outcome.WITHIN),
        ("400 km", "less than 300 km", Outcome.DIFFERS),
        ("200 km", "less than 300 km", Outcome.UNKNOWN),
        ("between 10 and 20 km", "between 10 and 30 km", Outcome.DIFFERS),
        ("between 10 and 20 km", "between 12 and 18 km", Outcome.WITHIN),
        ("15 km", "between 10 and 20 km", Outcome.WITHIN),
    ],
)
def test_bounds_compare(claim: str, found: str, outcome: Outcome) -> None:
    (here,), (there,) = find_quantities(claim), find_quantities(found)
    assert compare_quantities(here, there) is outcome


@pytest.mark.parametrize(
    ("claim", "found", "outcome"),
    [
        ("in 1904", "in 1904", Outcome.EQUAL),
        ("in 1904", "on 5 May 1904", Outcome.WITHIN),
        ("on 5 May 1904", "in 1904", Outcome.UNKNOWN),
        ("on 5 May 1904", "in 1905", Outcome.DIFFERS),
        ("in the 1990s", "in 1995", Outcome.WITHIN),
        ("in the 1990s", "in 1985", Outcome.DIFFERS),
        ("before 1950", "in 1949", Outcome.WITHIN),
        ("before 1950", "in 1950", Outcome.DIFFERS),
        ("after 1950", "in 1949", Outcome.DIFFERS),
        ("by 1950", "in 1950", Outcome.WITHIN),
        ("around 1950", "in 1952", Outcome.WITHIN),
        ("around 1950", "in 1990", Outcome.DIFFERS),
        ("in 44 BC", "in AD 44", Outcome.DIFFERS),
        ("1939–1945", "1939–1945", Outcome.EQUAL),
        ("1939–1945", "1914–1918", Outcome.DIFFERS),
        ("1940–1944", "1939–1945", Outcome.UNKNOWN),
        ("in 1940", "1939–1945", Outcome.UNKNOWN),
        ("in 1950", "1939–1945", Outcome.DIFFERS),
        ("on 26 October", "October 26, 2014", Outcome.EQUAL),
        ("on 26 October", "October 17, 2014", Outcome.DIFFERS),
        ("in 1996", "民國85年", Outcome.EQUAL),
        ("30 February 1999", "1 March 1999", Outcome.DIFFERS),
        ("1 March 1999", "30 February 1999", Outcome.UNKNOWN),
    ],
)
def test_dates_compare(claim: str, found: str, outcome: Outcome) -> None:
    (here,), (there,) = find_dates(claim), find_dates(found)
    assert compare_dates(here, there) is outcome


# ---------------------------------------------------------------------------------------------------------- corrections


@pytest.mark.parametrize(
    ("claim", "found", "corrected"),
    [
        ("It is 381,740 square kilometres.", "2,381,740 sq km", "It is 2,381,740 square kilometres."),
        ("It is 100 miles long.", "200 km", "It is 124 miles long."),
        ("It has nine main games.", "seven main games", "It has seven main games."),
        ("Nine main games came out.", "seven main games", "Seven main games came out."),
        ("It has more than 5 million people.", "3.2 million people", "It has 3.2 million people."),
        ("It cost about $5 billion.", "$3.4 billion", "It cost about $3.4 billion."),
        ("It cost more than $5 billion.", "$3.4 billion", "It cost $3.4 billion."),
        ("a 5-mile race", "an 8-mile race", "an 8-mile race"),
        ("an 8-mile race", "a 5-mile race", "a 5-mile race"),
        ("It earned 1.2 billion.", "970 million", "It earned 970 million."),
        ("the 15th mayor", "the 22nd mayor", "the 22nd mayor"),
        ("the fifth mayor", "the 22nd mayor", "the twenty-second mayor"),
        ("有三十個國家", "有五十四個國家", "有五十四個國家"),
        ("人口60萬人", "85萬人", "人口85萬人"),
        ("第三屆", "第5屆", "第五屆"),
        ("5 or more people", "3 people", None),
        ("46 moons", "1 moon", None),
    ],
)
def test_quantities_are_corrected_in_the_claims_own_style(claim: str, found: str, corrected: str | None) -> None:
    correction = correct_quantity(claim, find_quantities(claim)[0], find_quantities(found)[0])
    assert (correction.apply(claim) if correction else None) == corrected


@pytest.mark.parametrize(
    ("claim", "found", "corrected"),
    [
        ("She won in 1904.", "in 1903", "She won in 1903."),
        ("born on May 5, 1904", "7 June 1903", "born on June 7, 1903"),
        ("born on 5th of May 1904", "June 7, 1903", "born on 7th of June 1903"),
        ("on 5 May 1904", "in 1903", "in 1903"),
        ("On 5 May 1904 it rained", "in 1903", "In 1903 it rained"),
        ("in May 1904", "on 3 June 1905", "in June 1905"),
        ("April of 1997", "on 4 March 1999", "March of 1999"),
        ("in the 1990s", "in 1985", "in the 1980s"),
        ("in the 19th century", "in 1750", "in the 18th century"),
        ("民國85年", "1997年", "民國86年"),
        ("1996年8月12日", "1997年9月1日", "1997年9月1日"),
        ("2024-05-06", "2023-04-05", "2023-04-05"),
        ("1939–1945", "1914–1918", "1914–1918"),
        ("from 1939 to 1945", "from 1914 to 1918", "from 1914 to 1918"),
        ("in 44 BC", "in 45 BC", "in 45 BC"),
        ("on October 26th", "October 17, 2014", "on October 17th"),
        ("Sept. 5, 2001", "October 6, 2001", "Oct. 6, 2001"),
        ("in 1904", "in the 1890s", None),
        ("in the late 1990s", "in 1985", None),
    ],
)
def test_dates_are_corrected_in_the_claims_own_style(claim: str, found: str, corrected: str | None) -> None:
    correction = correct_date(claim, find_dates(claim)[0], find_dates(found)[0])
    assert (correction.apply(claim) if correction else None) == corrected


@given(st.integers(1000, 10**7), st.integers(1000, 10**7))
def test_a_corrected_claim_agrees(wrong: int, right: int) -> None:
    claim = f"The lake of Florin covers {wrong:,} hectares."
    (here,), (there,) = find_quantities(claim), find_quantities(f"{right:,} hectares")
    correction = correct_quantity(claim, here, there)
    if correction is None:
        assert wrong == right
        return
    (again,) = find_quantities(correction.apply(claim))
    assert compare_quantities(again, there) is Outcome.EQUAL


# ------------------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    "text",
    ["\x00", "\ud800 5 km", "5" * 5000, "5 km " * 3000, "(" * 500, "1999 " * 2000, "‮5 km", "百分之" * 400, "\n\n5\n"],
)
def test_naughty_strings_settle_nothing(text: str) -> None:
    road = "The road of Florin is 7 km long."
    assert not any(found.stance is Stance.REFUTES for found in judge(road, evidence(text, "Elsewhere")))
    assert not any(
        found.stance is Stance.REFUTES for found in judge(text, evidence(text))
    )  # nothing contradicts itself
    for claim, piece in ((text, "It is 5 km."), (road, text)):
        for found in judge(claim, evidence(piece, "Florin")):
            assert found.probabilities.of(Label.NOT_ENOUGH_INFO) < 1.0
            assert found.span is None or found.span.of(piece)


@given(
    st.text(alphabet=st.sampled_from("0123456789.,%() \nFlorin has km moons in 1904 not born May 年個"), max_size=80),
    st.text(alphabet=st.sampled_from("0123456789.,%() \nFlorin has km moons in 1904 not born May 年個"), max_size=80),
)
def test_judgements_are_well_formed(claim: str, text: str) -> None:
    for found in judge(claim, evidence(text, "Florin")):
        assert found.stance in {Stance.SUPPORTS, Stance.REFUTES}
        if found.span is not None:
            assert found.span.end <= len(text)
        if found.correction is not None:
            assert found.correction.span.end <= len(claim)
            assert found.correction.apply(claim) != claim


def test_time_is_linear_in_the_evidence() -> None:
    text = repeated("The road of Florin is 5 km long and has 3 bridges. ")
    assert_linear(lambda text: judge("The road of Florin is 7 km long.", evidence(text, "Florin")), text, 10_000, 1)


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("Two dogs chase a red ball.", "Three dogs chase a red ball."),  # they may be others
        ("Florin is the third or fourth largest town.", "Florin is the sixth or fourth largest town."),
        ("Players born on or after 1 January 1994 were eligible.", "Players born on 1 January 1994 were eligible."),
        ("Florin sold over 9,000 ships.", "Florin sold over 8,000 ships."),
        ("Florin has 3,500 soldiers.", "Florin has 3 , 500 soldiers."),
    ],
)
def test_what_may_differ_and_be_right_decides_nothing(claim: str, text: str) -> None:
    case = Case(
        claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))),
        evidence=(Evidence(id="e", text=text, source="atlas"),),
    )
    found = QuantityChecker().check([case])[0].judgements
    assert not any(j.stance is Stance.REFUTES and is_exact(j) for j in found)


_CHANGED = "It employed 412 people at the end of 2023, up from 380 a year earlier."
_FELL = "The margin of the mill fell from 14.1 % to 11.8 %."
_TWO = "The L40 costs 4,900 euros; the older L20 costs 3,150 euros."


@pytest.mark.parametrize(
    ("claim", "text", "stance"),
    [
        ("The L20 costs 4,900 euros.", _TWO, Stance.REFUTES),
        ("The L20 costs 3,150 euros.", _TWO, Stance.SUPPORTS),
        ("The L40 costs less than 4,000 euros.", _TWO, Stance.REFUTES),
        ("Lumen Optics employed 380 people at the end of 2023.", _CHANGED, Stance.REFUTES),
        ("Lumen Optics employed fewer than 400 people at the end of 2023.", _CHANGED, Stance.REFUTES),
        ("Lumen Optics employed 380 people at the end of 2022.", _CHANGED, Stance.SUPPORTS),
        ("Lumen Optics employed 412 people at the end of 2023.", _CHANGED, Stance.SUPPORTS),
        ("The margin of the mill fell to 14.1 %.", _FELL, Stance.REFUTES),
        ("The margin of the mill fell from 14.1 %.", _FELL, Stance.SUPPORTS),
    ],
)  # fmt: skip
def test_values_of_another_time_or_name_are_set_aside(claim: str, text: str, stance: Stance) -> None:
    found = everything(
        claim, evidence(text, title="" if "L20" in text else "Lumen Optics" if "412" in text else "Mill")
    )
    assert {j.stance for j in found} == {stance}


def test_the_year_before_a_leap_day_has_a_day_too_and_years_are_not_moved() -> None:
    claim = "Lumen Optics employed 380 people in 2019."
    leap = "It employed 412 people on 29 February 2020, up from 380 a year earlier."
    assert {j.stance for j in everything(claim, evidence(leap, title="Lumen Optics"))} == {Stance.SUPPORTS}
    range_ = "It employed 412 people from 29 February 2020 to 3 March 2023, up from 380 a year earlier."
    reading = read_evidence(evidence(range_, title="Lumen Optics"))
    assert [p.item for p in of_the_claim(read_claim(claim), reading).items if isinstance(p.item, DateReading)] == [
        p.item for p in reading.items if isinstance(p.item, DateReading)
    ]


def test_many_values_of_another_name_take_time_by_their_number() -> None:
    claim = read_claim("Calder has 40 bridges in 2023.")
    part = "Calder had 40 bridges while Gorse had 42 mills, up from 41 a year earlier; "
    assert_linear(lambda text: of_the_claim(claim, read_evidence(evidence(text))), repeated(part), 15_000)
