"""JSON as a report: what was written is checked field by field, and a message names the place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from factcheck.errors import InputError, SchemaVersionError
from factcheck.report.rows import (
    SCHEMA,
    CandidateRow,
    ClaimLabel,
    ClaimRow,
    CorrectionRow,
    EvidenceRow,
    ExchangeRow,
    JudgementRow,
    ProbabilitiesRow,
    ReportRow,
    RoundRow,
    SpanRow,
)
from factcheck.types import (
    Candidate,
    CheckedClaim,
    Claim,
    Correction,
    Draft,
    Edit,
    Evidence,
    Exchange,
    FailedClaim,
    Judgement,
    Label,
    Message,
    Passage,
    Probabilities,
    Reflection,
    Report,
    Round,
    Span,
    Summary,
    Triple,
    Usage,
    Verdict,
)


def report_from_dict(data: Mapping[str, Any], *, where: str | None = None) -> Report:
    """Return the report that `data` describes.

    Args:
        data: JSON values as `report_to_dict` gives them; unknown keys, such as the `id` of a batch row, are ignored.
        where: file or row, for messages.

    Raises:
        InputError: a field is missing, of the wrong type or out of range.
        SchemaVersionError: the report was written to another schema.
    """
    schema = data.get("schema")
    if isinstance(schema, str) and schema.startswith("factcheck.report/") and schema != SCHEMA:
        raise SchemaVersionError(
            f"is written in '{schema}', this version reads '{SCHEMA}'", where=where, remedy="update factcheck-rag"
        )
    try:
        return _report(msgspec.convert(data, ReportRow, strict=True))
    except ValueError as error:  # msgspec.ValidationError is one; so are spans and probabilities out of range
        raise InputError(f"is not a report ({error})", where=where, remedy="see docs/report.schema.json") from error


def _report(row: ReportRow) -> Report:
    revision = None
    if row.revision is not None:
        if row.revision.best >= len(row.revision.rounds):
            raise ValueError(f"revision.best is {row.revision.best} of {len(row.revision.rounds)} rounds")
        revision = Reflection(
            rounds=tuple(_round(item) for item in row.revision.rounds),
            stop_reason=row.revision.stop_reason,
            best=row.revision.best,
        )
    return Report(
        text=row.text,
        claims=tuple(_claim(item) for item in row.claims),
        warnings=tuple(row.warnings),
        provenance=row.provenance,
        revision=revision,
        candidates=tuple(_candidate(item) for item in row.candidates),
        exchanges=tuple(_exchange(item) for item in row.exchanges),
    )


def _candidate(row: CandidateRow) -> Candidate:
    counts = row.summary
    return Candidate(
        draft=Draft(text=row.text, model=row.model),
        summary=Summary(
            claims=counts.claims,
            supported=counts.supported,
            refuted=counts.refuted,
            not_enough_info=counts.not_enough_info,
            conflicting=counts.conflicting,
            failed=counts.failed,
        ),
        score=row.score,
        parts=row.parts,
        reason=row.reason,
    )


def _exchange(row: ExchangeRow) -> Exchange:
    return Exchange(
        stage=row.stage,
        messages=tuple(Message(role=message.role, content=message.content) for message in row.messages),
        text=row.text,
        usage=Usage(prompt_tokens=row.prompt_tokens, completion_tokens=row.completion_tokens),
        model=row.model,
        seconds=row.seconds,
        cached=row.cached,
        cost=row.cost,
    )


def _round(row: RoundRow) -> Round:
    return Round(
        draft=Draft(text=row.text, question=row.question, model=row.model),
        report=_report(row.report),
        accepted=row.accepted,
        edits=tuple(
            Edit(span=_span(edit.span), replacement=edit.replacement, claim_id=edit.claim_id, reason=edit.reason)
            for edit in row.edits
        ),
        tokens=row.tokens,
        reason=row.reason,
        exchanges=tuple(_exchange(item) for item in row.exchanges),
    )


def _claim(row: ClaimRow) -> CheckedClaim | FailedClaim:
    claim = Claim(id=row.id, text=row.text, span=_span(row.span))
    if row.error is not None:
        return FailedClaim(claim=claim, stage=row.error.stage, code=row.error.code, message=row.error.message)
    if row.label is ClaimLabel.FAILED or row.probabilities is None:
        raise ValueError(f"claim '{row.id}' has label {row.label} and neither error nor probabilities")
    verdict = Verdict(
        label=Label(row.label.value),
        confidence=row.confidence,
        probabilities=_probabilities(row.probabilities),
        judgements=tuple(_judgement(item) for item in row.judgements),
        correction=_correction(row.correction),
        reason=row.reason,
    )
    return CheckedClaim(claim=claim, verdict=verdict, evidence=tuple(_evidence(item) for item in row.evidence))


def _evidence(row: EvidenceRow) -> Evidence:
    passage = None
    if row.document is not None:
        passage = Passage(
            id=row.document.passage,
            document_id=row.document.id,
            document_sha256=row.document.sha256,
            title=row.title or "",
            section=row.section or "",
            text=row.text,
            span=_span(row.document.span),
            source=row.document.source,
            date=row.date,
        )
    return Evidence(
        id=row.id,
        text=row.text,
        source=row.source,
        score=row.score,
        passage=passage,
        triples=tuple(Triple(subject=t.subject, predicate=t.predicate, object=t.object) for t in row.triples),
        graph_sha256=row.graph_sha256,
    )


def _judgement(row: JudgementRow) -> Judgement:
    return Judgement(
        evidence_ids=tuple(row.evidence_ids),
        stance=row.stance,
        probabilities=_probabilities(row.probabilities),
        checker=row.checker,
        rule=row.rule,
        reason=row.reason,
        span=None if row.span is None else _span(row.span),
        correction=_correction(row.correction),
        part=None if row.part is None else _span(row.part),
    )


def _correction(row: CorrectionRow | None) -> Correction | None:
    return None if row is None else Correction(span=_span(row.span), replacement=row.replacement)


def _probabilities(row: ProbabilitiesRow) -> Probabilities:
    return Probabilities(supported=row.SUPPORTED, refuted=row.REFUTED, not_enough_info=row.NOT_ENOUGH_INFO)


def _span(row: SpanRow) -> Span:
    return Span(start=row.start, end=row.end)
