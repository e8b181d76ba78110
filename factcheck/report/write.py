"""A report as JSON: equal reports give equal bytes, since nothing here depends on time, hashing or place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import orjson

from factcheck.report.rows import (
    SCHEMA,
    CandidateRow,
    ClaimLabel,
    ClaimRow,
    CorrectionRow,
    DocumentRow,
    EditRow,
    ErrorRow,
    EvidenceRow,
    ExchangeRow,
    JudgementRow,
    MessageRow,
    ProbabilitiesRow,
    ReportRow,
    RevisionRow,
    RoundRow,
    SpanRow,
    StageUsageRow,
    SummaryRow,
    TripleRow,
)
from factcheck.types import (
    Candidate,
    CheckedClaim,
    Correction,
    Evidence,
    Exchange,
    FailedClaim,
    Judgement,
    Probabilities,
    Reflection,
    Report,
    Span,
    Stage,
    StageUsage,
    Stance,
    Summary,
    usage_by_stage,
)

_SURROGATE = re.compile("[\ud800-\udfff]")


def report_to_dict(report: Report, *, exchanges: bool = True) -> dict[str, Any]:
    """Return the report as JSON values.

    Args:
        report: the report.
        exchanges: with what was asked of chat models, which holds seconds and so differs from run to run.
    """
    result = msgspec.to_builtins(_report_row(report if exchanges else _without_exchanges(report)))
    if not isinstance(result, dict):
        raise TypeError("a report is a JSON object")
    return _without_empty_extras(result)


def to_json(value: Report | Mapping[str, Any], *, indent: bool = False) -> bytes:
    """Return UTF-8 JSON without a newline at the end.

    Args:
        value: a report, or JSON values that hold reports.
        indent: by two spaces, for people.
    """
    data = report_to_dict(value) if isinstance(value, Report) else dict(value)
    option = orjson.OPT_INDENT_2 if indent else 0
    try:
        return orjson.dumps(data, option=option)
    except orjson.JSONEncodeError:
        # A path in the provenance may hold bytes that are not UTF-8, which Python carries as lone surrogates.
        return orjson.dumps(_without_surrogates(data), option=option)


def strongest_stance(evidence_id: str, judgements: tuple[Judgement, ...]) -> Stance:
    """Return what the judgements that rest on a piece of evidence say: the surest that is not neutral, else NEUTRAL."""
    best, certainty = Stance.NEUTRAL, -1.0
    for judgement in judgements:
        if judgement.stance is Stance.NEUTRAL or evidence_id not in judgement.evidence_ids:
            continue
        supports = judgement.stance is Stance.SUPPORTS
        probability = judgement.probabilities.supported if supports else judgement.probabilities.refuted
        if probability > certainty:
            best, certainty = judgement.stance, probability
    return best


def _report_row(report: Report, *, inner: bool = False) -> ReportRow:
    return ReportRow(
        schema=SCHEMA,
        text=report.text,
        claims=[_claim_row(claim) for claim in report.claims],
        summary=_summary_row(report.summary),
        revision=None if inner or report.revision is None else _revision_row(report.revision),
        warnings=list(report.warnings),
        provenance=dict(report.provenance),
        candidates=[_candidate_row(candidate) for candidate in report.candidates],
        usage=[] if inner else [_usage_row(s, u) for s, u in usage_by_stage(report.all_exchanges).items()],
        exchanges=[_exchange_row(exchange) for exchange in report.exchanges],
    )


def _summary_row(summary: Summary) -> SummaryRow:
    return SummaryRow(
        claims=summary.claims,
        supported=summary.supported,
        refuted=summary.refuted,
        not_enough_info=summary.not_enough_info,
        conflicting=summary.conflicting,
        failed=summary.failed,
        supported_share=summary.supported_share,
    )


def _candidate_row(candidate: Candidate) -> CandidateRow:
    return CandidateRow(
        text=candidate.draft.text,
        model=candidate.draft.model,
        score=candidate.score,
        parts=dict(candidate.parts),
        reason=candidate.reason,
        summary=_summary_row(candidate.summary),
    )


def _usage_row(stage: Stage, usage: StageUsage) -> StageUsageRow:
    return StageUsageRow(
        stage=stage,
        calls=usage.calls,
        cached=usage.cached,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        cost=usage.cost,
    )


def _exchange_row(exchange: Exchange) -> ExchangeRow:
    return ExchangeRow(
        stage=exchange.stage,
        model=exchange.model,
        messages=[MessageRow(role=message.role, content=message.content) for message in exchange.messages],
        text=exchange.text,
        prompt_tokens=exchange.usage.prompt_tokens,
        completion_tokens=exchange.usage.completion_tokens,
        seconds=exchange.seconds,
        cached=exchange.cached,
        cost=exchange.cost,
    )


def _without_empty_extras(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out what only a writing model brings, where there was none: such a report has the contract's keys alone."""
    for round_ in (row["revision"] or {}).get("rounds", ()):
        _without_empty_extras(round_["report"])
        if not round_["exchanges"]:
            del round_["exchanges"]
    for name in ("candidates", "usage", "exchanges"):
        if not row[name]:
            del row[name]
    return row


def _without_exchanges(report: Report) -> Report:
    revision = report.revision
    if revision is not None:
        rounds = tuple(replace(r, exchanges=(), report=_without_exchanges(r.report)) for r in revision.rounds)
        revision = replace(revision, rounds=rounds)
    return replace(report, exchanges=(), revision=revision)


def _revision_row(reflection: Reflection) -> RevisionRow:
    return RevisionRow(
        rounds=[
            RoundRow(
                text=item.draft.text,
                report=_report_row(item.report, inner=True),
                accepted=item.accepted,
                edits=[
                    EditRow(
                        span=_span_row(edit.span),
                        replacement=edit.replacement,
                        claim_id=edit.claim_id,
                        reason=edit.reason,
                    )
                    for edit in item.edits
                ],
                tokens=item.tokens,
                reason=item.reason,
                question=item.draft.question,
                model=item.draft.model,
                exchanges=[_exchange_row(exchange) for exchange in item.exchanges],
            )
            for item in reflection.rounds
        ],
        stop_reason=reflection.stop_reason,
        best=reflection.best,
    )


def _claim_row(result: CheckedClaim | FailedClaim) -> ClaimRow:
    claim = result.claim
    if isinstance(result, FailedClaim):
        return ClaimRow(
            id=claim.id,
            text=claim.text,
            span=_span_row(claim.span),
            label=ClaimLabel.FAILED,
            confidence=0.0,
            probabilities=None,
            evidence=[],
            correction=None,
            reason=result.message,
            error=ErrorRow(stage=result.stage, code=result.code, message=result.message),
        )
    verdict = result.verdict
    return ClaimRow(
        id=claim.id,
        text=claim.text,
        span=_span_row(claim.span),
        label=ClaimLabel(verdict.label.value),
        confidence=verdict.confidence,
        probabilities=_probabilities_row(verdict.probabilities),
        evidence=[_evidence_row(item, strongest_stance(item.id, verdict.judgements)) for item in result.evidence],
        correction=_correction_row(verdict.correction, claim.text),
        reason=verdict.reason,
        error=None,
        judgements=[_judgement_row(item, claim.text) for item in verdict.judgements],
    )


def _evidence_row(evidence: Evidence, stance: Stance) -> EvidenceRow:
    passage = evidence.passage
    document = None
    if passage is not None:
        document = DocumentRow(
            id=passage.document_id,
            sha256=passage.document_sha256,
            span=_span_row(passage.span),
            passage=passage.id,
            source=passage.source,
        )
    return EvidenceRow(
        id=evidence.id,
        source=evidence.source,
        text=evidence.text,
        document=document,
        triples=[
            TripleRow(subject=triple.subject, predicate=triple.predicate, object=triple.object)
            for triple in evidence.triples
        ],
        graph_sha256=evidence.graph_sha256,
        stance=stance,
        score=evidence.score,
        title=None if passage is None else passage.title,
        section=None if passage is None else passage.section,
        date=None if passage is None else passage.date,
    )


def _judgement_row(judgement: Judgement, claim_text: str) -> JudgementRow:
    return JudgementRow(
        checker=judgement.checker,
        rule=judgement.rule,
        stance=judgement.stance,
        probabilities=_probabilities_row(judgement.probabilities),
        evidence_ids=list(judgement.evidence_ids),
        reason=judgement.reason,
        span=None if judgement.span is None else _span_row(judgement.span),
        correction=_correction_row(judgement.correction, claim_text),
        part=None if judgement.part is None else _span_row(judgement.part),
    )


def _correction_row(correction: Correction | None, claim_text: str) -> CorrectionRow | None:
    if correction is None:
        return None
    return CorrectionRow(
        span=_span_row(correction.span), replacement=correction.replacement, text=correction.apply(claim_text)
    )


def _probabilities_row(probabilities: Probabilities) -> ProbabilitiesRow:
    return ProbabilitiesRow(**probabilities.as_dict())


def _span_row(span: Span) -> SpanRow:
    return SpanRow(start=span.start, end=span.end)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value
