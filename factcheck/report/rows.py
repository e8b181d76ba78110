"""The contract `factcheck.report/1`, field for field and in its order; `docs/report.schema.json` is made from it.

A field with a default is an extension: we always write it, and read reports that lack it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from factcheck.types import Rule, Stage, Stance, StopReason

SCHEMA: Literal["factcheck.report/1"] = "factcheck.report/1"

Count = Annotated[int, msgspec.Meta(ge=0)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]


class ClaimLabel(StrEnum):
    """What stands in a report: a label, or FAILED for a claim that could not be checked."""

    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"
    NOT_ENOUGH_INFO = "NOT_ENOUGH_INFO"
    CONFLICTING = "CONFLICTING"
    FAILED = "FAILED"


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    pass


class SpanRow(_Row, frozen=True, kw_only=True):
    """Half-open, in Unicode code points."""

    start: Count
    end: Count


class TripleRow(_Row, frozen=True, kw_only=True):
    """Terms in N-Triples syntax."""

    subject: str
    predicate: str
    object: str


class DocumentRow(_Row, frozen=True, kw_only=True):
    """Where a passage stands: the evidence's text is the document's text at `span`."""

    id: str
    sha256: str
    span: SpanRow
    passage: str = ""
    source: str = ""


class CorrectionRow(_Row, frozen=True, kw_only=True):
    """`span` is into the claim's text; `text` is the claim as corrected."""

    span: SpanRow
    replacement: str
    text: str


class ProbabilitiesRow(_Row, frozen=True, kw_only=True):
    """Sums to 1."""

    SUPPORTED: float
    REFUTED: float
    NOT_ENOUGH_INFO: float


class EvidenceRow(_Row, frozen=True, kw_only=True):
    """A passage (then `document` is given) or facts of a graph (then `triples` are)."""

    id: str
    source: str
    text: str
    document: DocumentRow | None
    triples: list[TripleRow]
    graph_sha256: str | None
    stance: Stance
    score: float
    title: str | None = None
    section: str | None = None
    date: str | None = None


class JudgementRow(_Row, frozen=True, kw_only=True):
    """What one checker said; `span` is into the text of the first evidence, `part` into the claim's."""

    checker: str
    rule: Rule
    stance: Stance
    probabilities: ProbabilitiesRow
    evidence_ids: list[str]
    reason: str
    span: SpanRow | None
    correction: CorrectionRow | None = None
    part: SpanRow | None = None


class ErrorRow(_Row, frozen=True, kw_only=True):
    """Why a claim could not be checked."""

    stage: Stage
    code: str
    message: str


class ClaimRow(_Row, frozen=True, kw_only=True):
    """A claim with its verdict; `error` is given exactly when the label is FAILED."""

    id: str
    text: str
    span: SpanRow
    label: ClaimLabel
    confidence: float
    probabilities: ProbabilitiesRow | None
    evidence: list[EvidenceRow]
    correction: CorrectionRow | None
    reason: str
    error: ErrorRow | None
    judgements: list[JudgementRow] = []


class SummaryRow(_Row, frozen=True, kw_only=True):
    """Counts over the claims; the share is 1.0 without claims."""

    claims: Count
    supported: Count
    refuted: Count
    not_enough_info: Count
    conflicting: Count
    failed: Count
    supported_share: Share


class EditRow(_Row, frozen=True, kw_only=True):
    """`span` is into the text of the round before."""

    span: SpanRow
    replacement: str
    claim_id: str
    reason: str


class MessageRow(_Row, frozen=True, kw_only=True):
    """One turn of a prompt."""

    role: str
    content: str


class ExchangeRow(_Row, frozen=True, kw_only=True):
    """What a chat model was asked and what it answered; an answer from the cache used no tokens now."""

    stage: Stage
    model: str
    messages: list[MessageRow]
    text: str
    prompt_tokens: Count
    completion_tokens: Count
    seconds: float
    cached: bool
    cost: float | None = None


class StageUsageRow(_Row, frozen=True, kw_only=True):
    """What one stage asked of chat models; tokens and cost count what was really asked."""

    stage: Stage
    calls: Count
    cached: Count
    prompt_tokens: Count
    completion_tokens: Count
    cost: float | None


class CandidateRow(_Row, frozen=True, kw_only=True):
    """A draft that was compared with others; `parts` add up to `score`, and the first candidate was taken."""

    text: str
    model: str | None
    score: float
    parts: dict[str, float]
    reason: str
    summary: SummaryRow


class RoundRow(_Row, frozen=True, kw_only=True):
    """A text that reflection looked at; round 0 is the untouched draft."""

    text: str
    report: ReportRow
    accepted: bool
    edits: list[EditRow]
    tokens: Count
    reason: str = ""
    question: str | None = None
    model: str | None = None
    exchanges: list[ExchangeRow] = []


class RevisionRow(_Row, frozen=True, kw_only=True):
    """All rounds, why they ended and which is the best (its index)."""

    rounds: list[RoundRow]
    stop_reason: StopReason
    best: Count


class ReportRow(_Row, frozen=True, kw_only=True):
    """Text and claims describe the final text; reports of rounds have no revision."""

    schema: Literal["factcheck.report/1"]
    text: str
    claims: list[ClaimRow]
    summary: SummaryRow
    revision: RevisionRow | None
    warnings: list[str]
    provenance: dict[str, Any]
    candidates: list[CandidateRow] = []
    usage: list[StageUsageRow] = []
    exchanges: list[ExchangeRow] = []


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a report, as in `docs/report.schema.json`."""
    (reference,), definitions = msgspec.json.schema_components([ReportRow])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **reference,
        "$defs": definitions,
    }
