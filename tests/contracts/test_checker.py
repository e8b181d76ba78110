"""What every `Checker` promises."""

import pytest

from factcheck.protocols import Checker
from factcheck.types import Case, Claim, Span, Stance
from factcheck.verify.coverage import CoverageChecker
from factcheck.verify.entailment import EntailmentChecker
from factcheck.verify.facts import GraphChecker
from factcheck.verify.logic import LogicChecker
from factcheck.verify.polarity import PolarityChecker
from factcheck.verify.quantities import QuantityChecker
from tests.fakes import FakeChecker, FakeEntailment, FakeGraphReader, evidence

CHECKERS = [
    FakeChecker(),
    EntailmentChecker(FakeEntailment()),
    QuantityChecker(),
    PolarityChecker(),
    CoverageChecker(),
    GraphChecker(FakeGraphReader()),
    LogicChecker((GraphChecker(FakeGraphReader()), QuantityChecker())),
]

each = pytest.mark.parametrize("checker", CHECKERS, ids=lambda c: type(c).__name__)


def case(text: str, *evidence_texts: str) -> Case:
    found = tuple(evidence(t, source=f"source {n}", id=f"e{n}") for n, t in enumerate(evidence_texts))
    return Case(claim=Claim(id="c1", text=text, span=Span(start=0, end=len(text))), evidence=found)


CASES = [
    case("The tower is 300 m high.", "The tower is 300 m high.", "The tower was built in 1889."),
    case("The tower is 30 m high.", "The tower is 300 m high."),
    case("The tower was not built in 1889.", "The tower was built in 1889."),
    case("Nothing is known of this.", "The sea is salty."),
    case("No evidence at all."),
    case("\u202eright to left \ud83d\ude00 999999999999999999999999", "\x00 \ufffd 1e999", ""),
]


@each
def test_it_is_one(checker: Checker) -> None:
    assert isinstance(checker, Checker)
    assert checker.name


@each
def test_answers_are_aligned_and_do_not_depend_on_neighbours(checker: Checker) -> None:
    together = checker.check(CASES)
    assert len(together) == len(CASES)
    assert [checker.check([one])[0] for one in CASES] == together
    assert checker.check(CASES[::-1]) == together[::-1]
    assert checker.check([]) == []


@each
def test_judgements_cite_evidence_that_is_there(checker: Checker) -> None:
    for one, result in zip(CASES, checker.check(CASES), strict=True):
        known = {e.id: e for e in (*one.evidence, *result.evidence)}
        for judgement in result.judgements:
            assert set(judgement.evidence_ids) <= set(known)
            assert judgement.checker == checker.name
            assert judgement.reason.strip()
            if judgement.span is not None:
                assert judgement.span.end <= len(known[judgement.evidence_ids[0]].text)
            if judgement.part is not None:
                assert judgement.part.end <= len(one.claim.text)
            if judgement.correction is not None:
                assert judgement.stance is Stance.REFUTES
                assert judgement.correction.span.end <= len(one.claim.text)
                assert judgement.correction.apply(one.claim.text) != one.claim.text


@each
def test_without_evidence_there_is_nothing_to_read(checker: Checker) -> None:
    assert checker.check([case("Paris is a city.")])[0].judgements == ()
