"""The road of one claim: texts in, reports out, nothing else.

    extract ─► retrieve ─► verify ─► decide

A stage gets the claims of all texts at once. When it fails on the batch it is asked again claim by claim, so that one
bad claim costs nobody else their verdict; what fails alone becomes a `FailedClaim`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from factcheck.decide import decide
from factcheck.errors import FactCheckError
from factcheck.protocols import Checker, ClaimExtractor, Retriever
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
    Report,
    Span,
    Stage,
)

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    stage: Stage
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The wired stages; `factcheck.assemble` builds one from settings.

    Attributes:
        k: pieces of evidence asked of the retriever for each claim.
        min_confidence: below it a verdict is NOT_ENOUGH_INFO; in [0, 1].
        provenance: what stands in every report: generations, models, settings and their hashes.
        warnings: what every report must say, such as that the embedded sample served.
    """

    extractor: ClaimExtractor
    retriever: Retriever
    checkers: Sequence[Checker]
    k: int
    min_confidence: float = 0.0
    provenance: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def check(self, drafts: Sequence[Draft], known: Mapping[str, CheckedClaim] | None = None) -> list[Report]:
        """Check each draft.

        Args:
            drafts: the texts.
            known: claims that were checked before under the same settings, by claim text; they are not checked again.

        Returns:
            One report a draft, in the same order; every extracted claim stands in it, checked or failed.
        """
        known = known or {}
        extractions = [_unpack(r) for r in _each(self.extractor.extract, drafts, Stage.EXTRACT)]
        claims = [claim for extraction, _ in extractions for claim in extraction.claims]
        fresh = [claim for claim in _unique(claims) if claim.text not in known]
        results = {claim.text: result for claim, result in zip(fresh, self.check_claims(fresh), strict=True)}
        results.update(known)
        reports = []
        for draft, (extraction, problem) in zip(drafts, extractions, strict=True):
            checked = tuple(_with_claim(results[claim.text], claim) for claim in extraction.claims)
            failed = extraction.failed if problem is None else (_whole_text(draft, problem),)
            reports.append(
                Report(
                    text=draft.text,
                    claims=tuple(sorted((*checked, *failed), key=lambda c: (c.claim.span.start, c.claim.span.end))),
                    warnings=(*self.warnings, *draft.warnings, *extraction.warnings),
                    provenance=self.provenance,
                    exchanges=extraction.exchanges,
                )
            )
        return reports

    def check_claims(self, claims: Sequence[Claim]) -> list[CheckedClaim | FailedClaim]:
        """Retrieve, verify and decide for claims that are extracted already; aligned with the input."""
        found = _each(lambda batch: self.retriever.retrieve(batch, self.k), claims, Stage.RETRIEVE)
        pairs = list(zip(claims, found, strict=True))
        checked = iter(self.check_cases([Case(claim=c, evidence=f) for c, f in pairs if not isinstance(f, _Failure)]))
        return [_fail(c, f) if isinstance(f, _Failure) else next(checked) for c, f in pairs]

    def check_cases(self, cases: Sequence[Case]) -> list[CheckedClaim | FailedClaim]:
        """Verify and decide where the evidence is given; aligned with the input."""
        answers = [_each(checker.check, cases, Stage.VERIFY) for checker in self.checkers]
        return [self._decide(case, [column[row] for column in answers]) for row, case in enumerate(cases)]

    def _decide(self, case: Case, answers: Iterable[CheckResult | _Failure]) -> CheckedClaim | FailedClaim:
        judgements: list[Judgement] = []
        evidence: dict[str, Evidence] = {e.id: e for e in case.evidence}
        for answer in answers:
            if isinstance(answer, _Failure):
                return _fail(case.claim, answer)
            judgements.extend(answer.judgements)
            for brought in answer.evidence:
                evidence.setdefault(brought.id, brought)
        case = Case(claim=case.claim, evidence=tuple(evidence.values()))
        try:
            verdict = decide(case, judgements, min_confidence=self.min_confidence)
        except Exception as error:
            return _fail(case.claim, _failure(Stage.DECIDE, error))
        return CheckedClaim(claim=case.claim, verdict=verdict, evidence=case.evidence)


def _each(step: Callable[[Sequence[T]], list[R]], items: Sequence[T], stage: Stage) -> list[R | _Failure]:
    """Run a batch step; where it raises, run it item by item and keep what fails as a failure."""
    if not items:
        return []
    try:
        results: list[R | _Failure] = list(step(items))
        if len(results) == len(items):
            return results
        problem: Exception = RuntimeError(f"{len(results)} results for {len(items)} inputs")
    except Exception as error:
        problem = error
    if len(items) == 1:
        return [_failure(stage, problem)]
    return [result for item in items for result in _each(step, [item], stage)]


def _failure(stage: Stage, error: Exception) -> _Failure:
    if isinstance(error, FactCheckError):
        return _Failure(stage=stage, code=error.code, message=str(error))
    return _Failure(stage=stage, code="internal", message=f"{type(error).__name__}: {error}")


def _fail(claim: Claim, failure: _Failure) -> FailedClaim:
    return FailedClaim(claim=claim, stage=failure.stage, code=failure.code, message=failure.message)


def _whole_text(draft: Draft, failure: _Failure) -> FailedClaim:
    claim = Claim(id="c1", text=draft.text, span=Span(start=0, end=len(draft.text)))
    return _fail(claim, failure)


def _unpack(result: Extraction | _Failure) -> tuple[Extraction, _Failure | None]:
    return (Extraction(claims=()), result) if isinstance(result, _Failure) else (result, None)


def _unique(claims: Iterable[Claim]) -> list[Claim]:
    """Drop claims whose text came before: equal claims have equal verdicts."""
    return list({claim.text: claim for claim in reversed(list(claims))}.values())[::-1]


def _with_claim(result: CheckedClaim | FailedClaim, claim: Claim) -> CheckedClaim | FailedClaim:
    if isinstance(result, CheckedClaim):
        return CheckedClaim(claim=claim, verdict=result.verdict, evidence=result.evidence)
    return FailedClaim(claim=claim, stage=result.stage, code=result.code, message=result.message)
