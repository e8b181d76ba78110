"""The road with fakes: everything that was extracted comes out, checked or failed."""

from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.errors import ServiceError
from factcheck.pipeline import Pipeline
from factcheck.types import (
    Case,
    CheckedClaim,
    CheckResult,
    Claim,
    Draft,
    Evidence,
    Extraction,
    FailedClaim,
    Judgement,
    Label,
    Probabilities,
    Rule,
    Stage,
    Stance,
)
from tests.fakes import FakeChecker, FakeExtractor, FakeRetriever, evidence

SKY = evidence("The sky is blue.", source="a")
SEA = evidence("The sea is not sweet.", source="b")


def pipeline(**changes: object) -> Pipeline:
    parts: dict[str, object] = {
        "extractor": FakeExtractor(),
        "retriever": FakeRetriever((SKY, SEA)),
        "checkers": (FakeChecker(),),
        "k": 2,
    }
    return Pipeline(**{**parts, **changes})  # type: ignore[arg-type]


def labels(report_claims: Sequence[CheckedClaim | FailedClaim]) -> list[Label | None]:
    return [c.verdict.label if isinstance(c, CheckedClaim) else None for c in report_claims]


def test_texts_to_reports() -> None:
    reports = pipeline().check([Draft(text="The sky is blue. The sea is sweet."), Draft(text="Cats purr.")])
    assert [report.text for report in reports] == ["The sky is blue. The sea is sweet.", "Cats purr."]
    assert labels(reports[0].claims) == [Label.SUPPORTED, Label.REFUTED]
    assert labels(reports[1].claims) == [Label.NOT_ENOUGH_INFO]


def test_nothing_in_nothing_out() -> None:
    assert pipeline().check([]) == []
    report = pipeline().check([Draft(text="")])[0]
    assert report.claims == ()
    assert report.summary.supported_share == 1.0


def test_provenance_and_warnings_reach_every_report() -> None:
    report = pipeline(provenance={"index": "gen-1"}, warnings=("sample",)).check([Draft(text="The sky is blue.")])[0]
    assert report.provenance == {"index": "gen-1"}
    assert report.warnings == ("sample",)


def test_no_evidence_is_not_enough_information() -> None:
    report = pipeline(retriever=FakeRetriever(())).check([Draft(text="The sky is blue.")])[0]
    assert labels(report.claims) == [Label.NOT_ENOUGH_INFO]
    assert report.claims[0].verdict.probabilities.not_enough_info == 1.0  # type: ignore[union-attr]


class BrokenOn:
    """Fails on claims that hold a word; keeps every seam's contract otherwise."""

    name = "broken"

    def __init__(self, word: str, error: Exception) -> None:
        self.word, self.error = word, error

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        if any(self.word in claim.text for claim in claims):
            raise self.error
        return [(SKY,) for _ in claims]

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        self.retrieve([case.claim for case in cases], 1)
        return [CheckResult() for _ in cases]

    def extract(self, drafts: Sequence[Draft]) -> list[Extraction]:
        if any(self.word in draft.text for draft in drafts):
            raise self.error
        return FakeExtractor().extract(drafts)


def test_one_claim_that_cannot_be_retrieved_costs_nobody_else() -> None:
    broken = BrokenOn("sea", ServiceError("down", where="endpoint"))
    claims = pipeline(retriever=broken).check([Draft(text="The sky is blue. The sea is sweet.")])[0].claims
    assert labels(claims) == [Label.SUPPORTED, None]
    failed = claims[1]
    assert isinstance(failed, FailedClaim)
    assert (failed.stage, failed.code) == (Stage.RETRIEVE, "service")


def test_one_checker_that_fails_fails_the_claim_not_the_text() -> None:
    broken = BrokenOn("sea", ZeroDivisionError("division by zero"))
    report = pipeline(checkers=(FakeChecker(), broken)).check([Draft(text="The sky is blue. The sea is sweet.")])[0]
    assert labels(report.claims) == [Label.SUPPORTED, None]
    failed = report.claims[1]
    assert isinstance(failed, FailedClaim)
    assert (failed.stage, failed.code) == (Stage.VERIFY, "internal")
    assert "ZeroDivisionError" in failed.message
    assert report.summary.failed == 1
    assert report.summary.supported_share == 0.5


def test_an_extractor_that_fails_leaves_a_failed_claim_over_the_whole_text() -> None:
    broken = BrokenOn("sea", ValueError("no"))
    reports = pipeline(extractor=broken).check([Draft(text="The sky is blue."), Draft(text="The sea is sweet.")])
    assert labels(reports[0].claims) == [Label.SUPPORTED]
    failed = reports[1].claims[0]
    assert isinstance(failed, FailedClaim)
    assert failed.stage is Stage.EXTRACT
    assert failed.claim.span.of("The sea is sweet.") == "The sea is sweet."


class Short:
    """Breaks the contract: too few answers."""

    name = "short"

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        return []


def test_a_checker_that_answers_too_little_is_a_failure_not_a_gap() -> None:
    report = pipeline(checkers=(Short(),)).check([Draft(text="The sky is blue.")])[0]
    assert isinstance(report.claims[0], FailedClaim)


@dataclass
class Counting:
    calls: int = 0
    name: str = "counting"

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        self.calls += len(cases)
        return FakeChecker().check(cases)


def test_equal_and_known_claims_are_checked_once() -> None:
    counting = Counting()
    line = pipeline(checkers=(counting,))
    first = line.check([Draft(text="The sky is blue. The sky is blue."), Draft(text="The sky is blue.")])
    assert counting.calls == 1
    assert [claim.claim.id for claim in first[0].claims] == ["c1", "c2"]
    known = {c.claim.text: c for c in first[0].claims if isinstance(c, CheckedClaim)}
    again = line.check([Draft(text="The sky is blue. Cats purr.")], known=known)[0]
    assert counting.calls == 2
    assert labels(again.claims) == [Label.SUPPORTED, Label.NOT_ENOUGH_INFO]


class BringsEvidence:
    """A checker with a path of its own."""

    name = "graph"

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        own = Evidence(id="g1", text="a path", source="graph", graph_sha256="0" * 64)
        judgement = Judgement(
            evidence_ids=("g1",),
            stance=Stance.SUPPORTS,
            probabilities=Probabilities(supported=0.98, refuted=0.01, not_enough_info=0.01),
            checker=self.name,
            rule=Rule.PATH_MATCH,
            reason="path",
        )
        return [CheckResult(judgements=(judgement,), evidence=(own,)) for _ in cases]


def test_evidence_that_a_checker_brings_stands_in_the_report() -> None:
    claim = pipeline(checkers=(BringsEvidence(),)).check([Draft(text="Cats purr.")])[0].claims[0]
    assert isinstance(claim, CheckedClaim)
    assert claim.verdict.label is Label.SUPPORTED
    assert [e.id for e in claim.evidence] == ["g1"]


@dataclass
class Watching:
    """Judges nothing, and remembers how many cases it was handed at once."""

    sizes: list[int]
    name: str = "watching"

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        self.sizes.append(len(cases))
        return [CheckResult(judgements=()) for _ in cases]


def test_a_long_text_is_judged_piece_by_piece_and_says_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    checker = Watching([])
    text = " ".join(f"The sky number {n} is blue." for n in range(150))
    watched = pipeline(checkers=(checker,), watch=lambda done, claims: told.append((done, claims)))
    report = watched.check([Draft(text=text)])[0]
    assert [claim.claim.text for claim in report.claims] == [f"The sky number {n} is blue." for n in range(150)]
    assert max(checker.sizes) <= 64
    assert told == [(64, 150), (128, 150), (150, 150)]
