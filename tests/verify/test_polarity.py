"""Small words that turn a sentence: a table of claims and evidence, double negation, and silences."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.types import Case, Claim, Evidence, Judgement, Passage, Rule, Span
from factcheck.verify.operators import Force, force, negators, tokens_of
from factcheck.verify.polarity import PolarityChecker
from tests.growth import assert_linear, repeated

TABLE = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "polarity.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


def judge(claim: str, *evidence: str) -> tuple[Judgement, ...]:
    found = tuple(Evidence(id=f"e{n}", text=text, source="atlas") for n, text in enumerate(evidence))
    case = Case(claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))), evidence=found)
    return PolarityChecker().check([case])[0].judgements


@pytest.mark.parametrize(("claim", "text", "stance"), TABLE, ids=[f"{row[0]} | {row[1]}" for row in TABLE])
def test_table(claim: str, text: str, stance: str) -> None:
    judgements = judge(claim, text)
    assert [j.stance.value for j in judgements] == ([] if stance == "-" else [stance])
    for found in judgements:
        assert found.rule is Rule.NEGATION and found.checker == "polarity"
        assert found.reason.startswith("Of the same words the claim says") and "atlas" in found.reason
        assert found.span is not None and found.span.of(text) == text


@pytest.mark.parametrize("denials", range(5))
def test_denials_are_counted(denials: int) -> None:
    words = " ".join(["not"] * denials)
    tokens = tokens_of(f"The heron does {words} nest here")
    assert force(tokens, 0, len(tokens)) is (Force.PLAIN if denials % 2 == 0 else Force.DENIED)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It is not only wide.", 0), ("There are no fewer than nine.", 0), ("It is no longer there.", 1),
        ("He failed the exam.", 0), ("He failed to come.", 1), ("The engine is No. 5.", 0), ("It can't swim.", 1),
        ("Ida saw Never Land.", 0), ("Neither came.", 1),
    ],
)  # fmt: skip
def test_what_denies(text: str, count: int) -> None:
    tokens = tokens_of(text)
    assert len(negators(tokens, 0, len(tokens))) == count


def test_sentences_that_disagree_settle_nothing() -> None:
    text = "Florin is a member of the League. Florin is not a member of the League."
    assert judge("Florin is not a member of the League.", text) == ()


def test_each_piece_of_evidence_is_judged_by_itself() -> None:
    claim = "Florin is not a member of the League."
    found = judge(claim, "The sea is salty.", "Florin is a member of the League.")
    assert [j.evidence_ids for j in found] == [("e1",)]


@given(st.lists(st.sampled_from("not no all some none of only the heron nests is larger than Gormley , and".split())))
def test_any_order_of_its_own_words_raises_nothing(words: list[str]) -> None:
    text = " ".join(words)
    for found in judge(text, text):
        assert found.reason


def test_long_texts_take_linear_time() -> None:
    text = repeated("Florin is not a harbour of the old League. ")
    assert_linear(lambda text: judge("Florin is a member of the League.", text), text, 2_000)


def test_a_heading_may_hold_what_the_sentence_leaves_out() -> None:
    text = "Revenue rose by 12 % in 2023."
    passage = Passage(
        id="e", document_id="d", document_sha256="0" * 64, title="Lumen Optics", section="", text=text,
        span=Span(start=0, end=len(text)), source="report",
    )  # fmt: skip
    claim = "The revenue of Lumen Optics fell by 12 % in 2023."
    for title, expected in (("Lumen Optics", 1), ("Harrow Mill", 0)):
        found = Evidence(id="e", text=text, source="report", passage=replace(passage, title=title))
        case = Case(claim=Claim(id="c", text=claim, span=Span(start=0, end=len(claim))), evidence=(found,))
        assert len(PolarityChecker().check([case])[0].judgements) == expected


@pytest.mark.parametrize(
    ("claim", "text", "mended"),
    [
        ("The margin rose in 2023.", "The margin fell in 2023.", "The margin fell in 2023."),
        ("Wet sand increases the risk of a fall.", "Wet sand reduces the risk of a fall.",
         "Wet sand reduces the risk of a fall."),
        ("Gormley lies south of Calder.", "Gormley lies north of Calder.", "Gormley lies north of Calder."),
        ("The margin has fallen in 2023.", "The margin rose in 2023.", None),
    ],
)  # fmt: skip
def test_an_opposite_is_corrected_where_it_has_the_same_form(claim: str, text: str, mended: str | None) -> None:
    (found,) = judge(claim, text)
    assert (None if found.correction is None else found.correction.apply(claim)) == mended
