"""The road of one claim: texts in, reports out, nothing else.

    extract ─► retrieve ─► verify ─► decide

A stage gets the claims of all texts at once. When it fails on the batch it is asked again claim by claim, so that one
bad claim costs nobody else their verdict; what fails alone becomes a `FailedClaim`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

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
from factcheck.verify.named import within_names
from factcheck.verify.small_words import within_small_words
from factcheck.verify.stated import StatedCase, gives_orders, stated

T = TypeVar("T")
R = TypeVar("R")

_MANY = 4  # cases that are worth a thread


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    stage: Stage
    code: str
    message: str


_CLAIMS_AT_A_TIME = 64
"""So many claims are verified together: enough to keep every core busy, few enough that what is held of their evidence
stays small and that progress can be told. A claim's verdict depends on no other claim."""

Watch: TypeAlias = Callable[[int, int], None]
"""Is told how many claims have a verdict, and of how many."""

_Place: TypeAlias = tuple[int | None, str]
"""A claim's text, and the number of the draft whose own retriever was asked for it (None where all share one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Drafts whose claims were extracted and whose evidence was found; `Pipeline.judge` finishes them."""

    drafts: tuple[Draft, ...]
    _own: bool
    _extractions: tuple[tuple[Extraction, _Failure | None], ...]
    _cases: Mapping[_Place, Case]
    _results: Mapping[_Place, CheckedClaim | FailedClaim]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The wired stages; `factcheck.assemble` builds one from settings.

    Attributes:
        k: pieces of evidence asked of the retriever for each claim.
        min_confidence: below it a verdict is NOT_ENOUGH_INFO; in [0, 1].
        provenance: what stands in every report: generations, models, settings and their hashes.
        warnings: what every report must say, such as that the embedded sample served.
        watch: is told of the claims that were judged, some at a time.
    """

    extractor: ClaimExtractor
    retriever: Retriever
    checkers: Sequence[Checker]
    k: int
    min_confidence: float = 0.0
    provenance: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    watch: Watch | None = None

    def check(
        self,
        drafts: Sequence[Draft],
        known: Mapping[str, CheckedClaim] | None = None,
        *,
        retrievers: Sequence[Retriever] | None = None,
    ) -> list[Report]:
        """Check each draft.

        Args:
            drafts: the texts.
            known: claims that were checked before under the same settings, by claim text; they are not checked again.
            retrievers: one for each draft, where each brings evidence of its own; the pipeline's for all unless given.

        Returns:
            One report a draft, in the same order; every extracted claim stands in it, checked or failed.
        """
        return self.judge(self.prepare(drafts, known, retrievers=retrievers))

    def prepare(
        self,
        drafts: Sequence[Draft],
        known: Mapping[str, CheckedClaim] | None = None,
        *,
        retrievers: Sequence[Retriever] | None = None,
    ) -> Prepared:
        """Extract and retrieve: the first half of `check`, so that one batch can be prepared while another is judged.

        Equal claims of drafts that share a retriever are looked up once.
        """
        known = known or {}
        extractions = [_unpack(r) for r in _each(self.extractor.extract, drafts, Stage.EXTRACT)]
        wanted: dict[_Place, Claim] = {}
        for number, (extraction, _) in enumerate(extractions):
            for claim in extraction.claims:
                wanted.setdefault((None if retrievers is None else number, claim.text), claim)
        results: dict[_Place, CheckedClaim | FailedClaim] = {}
        if retrievers is None:
            results.update((place, found) for place in wanted if (found := known.get(place[1])) is not None)
        fresh = [(place, claim) for place, claim in wanted.items() if place not in results]
        cases: dict[_Place, Case] = {}
        for retriever, group in self._by_retriever(fresh, retrievers):
            answers = _each(_look_up(retriever, self.k), [claim for _, claim in group], Stage.RETRIEVE)
            for (place, claim), evidence in zip(group, answers, strict=True):
                if isinstance(evidence, _Failure):
                    results[place] = _fail(claim, evidence)
                else:
                    cases[place] = Case(claim=claim, evidence=evidence)
        return Prepared(
            drafts=tuple(drafts),
            _own=retrievers is not None,
            _extractions=tuple(extractions),
            _cases=cases,
            _results=results,
        )

    def judge(self, prepared: Prepared) -> list[Report]:
        """Verify and decide what was prepared: the second half of `check`."""
        results = dict(prepared._results)
        results.update(zip(prepared._cases, self.check_cases(list(prepared._cases.values())), strict=True))
        reports = []
        for number, (draft, (extraction, problem)) in enumerate(
            zip(prepared.drafts, prepared._extractions, strict=True)
        ):
            scope = number if prepared._own else None
            checked = tuple(_with_claim(results[scope, claim.text], claim) for claim in extraction.claims)
            failed = extraction.failed if problem is None else (_whole_text(draft, problem),)
            reports.append(
                Report(
                    text=draft.text,
                    claims=tuple(sorted((*checked, *failed), key=lambda c: (c.claim.span.start, c.claim.span.end))),
                    warnings=(*self.warnings, *draft.warnings, *extraction.warnings, *_unread(checked)),
                    provenance=self.provenance,
                    exchanges=extraction.exchanges,
                )
            )
        return reports

    def _by_retriever(
        self, claims: Sequence[tuple[_Place, Claim]], retrievers: Sequence[Retriever] | None
    ) -> list[tuple[Retriever, list[tuple[_Place, Claim]]]]:
        if retrievers is None:
            return [(self.retriever, list(claims))]
        groups: dict[int, list[tuple[_Place, Claim]]] = {}
        for place, claim in claims:
            groups.setdefault(place[0] or 0, []).append((place, claim))
        return [(retrievers[number], group) for number, group in groups.items()]

    def check_cases(self, cases: Sequence[Case]) -> list[CheckedClaim | FailedClaim]:
        """Verify and decide where the evidence is given; aligned with the input."""
        results: list[CheckedClaim | FailedClaim] = []
        for start in range(0, len(cases), _CLAIMS_AT_A_TIME):
            part = cases[start : start + _CLAIMS_AT_A_TIME]
            read = [stated(case) for case in part]
            answers = _ask(self.checkers, [r.case for r in read])
            results.extend(
                self._decide(case, read[row], [column[row] for column in answers]) for row, case in enumerate(part)
            )
            if self.watch is not None:
                self.watch(len(results), len(cases))
        return results

    def _decide(
        self, case: Case, read: StatedCase, answers: Iterable[CheckResult | _Failure]
    ) -> CheckedClaim | FailedClaim:
        judgements: list[Judgement] = []
        brought: dict[str, Evidence] = {}
        for answer in answers:
            if isinstance(answer, _Failure):
                return _fail(case.claim, answer)
            judgements.extend(answer.judgements)
            for piece in answer.evidence:
                brought.setdefault(piece.id, piece)
        try:
            verdict = decide(
                replace(read.case, evidence=_in_order(read.case.evidence, brought)),
                within_small_words(within_names(read.case, judgements)),
                min_confidence=self.min_confidence,
            )
        except Exception as error:
            return _fail(case.claim, _failure(Stage.DECIDE, error))
        shown = _in_order(case.evidence, brought)
        verdict = replace(verdict, judgements=read.in_full(verdict.judgements))
        return CheckedClaim(claim=case.claim, verdict=verdict, evidence=shown)


def _ask(checkers: Sequence[Checker], cases: Sequence[Case]) -> list[list[CheckResult | _Failure]]:
    """Return each checker's answers; of many cases the first checker's beside those of the others.

    The first is the one that reads: native code that lets go of the interpreter, while the others compare in Python.
    """
    if len(checkers) < 2 or len(cases) < _MANY:
        return [_each(checker.check, cases, Stage.VERIFY) for checker in checkers]
    with ThreadPoolExecutor(1, thread_name_prefix="factcheck-compare") as beside:
        others = [beside.submit(_each, checker.check, cases, Stage.VERIFY) for checker in checkers[1:]]
        first = _each(checkers[0].check, cases, Stage.VERIFY)
        return [first, *(other.result() for other in others)]


def _unread(checked: Sequence[CheckedClaim | FailedClaim]) -> tuple[str, ...]:
    pieces = {e.id: e for c in checked if isinstance(c, CheckedClaim) for e in c.evidence}
    count = sum(gives_orders(piece) for piece in pieces.values())
    if not count:
        return ()
    where = "1 piece" if count == 1 else f"{count} pieces"
    return (f"{where} of evidence gave orders to whoever reads it, which were left unread",)


def _in_order(evidence: Sequence[Evidence], others: Mapping[str, Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence, and then the others that are not among it."""
    known = {e.id: e for e in evidence}
    return (*known.values(), *(e for e in others.values() if e.id not in known))


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


def _look_up(retriever: Retriever, k: int) -> Callable[[Sequence[Claim]], list[tuple[Evidence, ...]]]:
    return lambda claims: retriever.retrieve(claims, k)


def _with_claim(result: CheckedClaim | FailedClaim, claim: Claim) -> CheckedClaim | FailedClaim:
    if isinstance(result, CheckedClaim):
        return CheckedClaim(claim=claim, verdict=result.verdict, evidence=result.evidence)
    return FailedClaim(claim=claim, stage=result.stage, code=result.code, message=result.message)
