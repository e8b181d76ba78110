"""What requests and answers look like; `/openapi.json` is made from these, so that it cannot differ."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from factcheck.report.rows import ErrorRow as ClaimErrorRow
from factcheck.report.rows import ProbabilitiesRow, ReportRow, SpanRow

MOST_CONTEXTS = 200
MOST_PAIRS = 1000
MOST_DRAFTS = 8

Text = Annotated[str, msgspec.Meta(min_length=1)]


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class ContextRow(_Body, frozen=True, kw_only=True):
    """A text to judge on, with what names it."""

    text: Text
    title: str = ""
    section: str = ""
    source: str = ""
    id: str | None = None


Contexts = Annotated[list[str | ContextRow], msgspec.Meta(max_length=MOST_CONTEXTS)]


class CheckRequest(_Body, frozen=True, kw_only=True):
    """A text whose claims are judged; with `context` on those texts alone. A question resolves pronouns."""

    text: str
    question: str | None = None
    context: Contexts | None = None


class ReviseRequest(CheckRequest, frozen=True, kw_only=True):
    """A text that is checked and, where it is refuted, put right."""


class AskRequest(_Body, frozen=True, kw_only=True):
    """A question that is answered from the evidence; the answer is checked like any text."""

    question: Text
    context: Contexts | None = None
    n: Annotated[int, msgspec.Meta(ge=1, le=MOST_DRAFTS)] = 1
    revise: bool = True


class PairRow(_Body, frozen=True, kw_only=True):
    """A claim and the evidence that it is judged on, alone."""

    claim: str
    evidence: str | list[str]


class ScoreRequest(_Body, frozen=True, kw_only=True):
    """Claims with evidence of their own."""

    pairs: Annotated[list[PairRow], msgspec.Meta(max_length=MOST_PAIRS)]


class ScoreRow(msgspec.Struct, frozen=True, kw_only=True):
    """The label with the largest probability; `span` is what decided, in the piece of evidence at `evidence`.

    Where a claim could not be checked, `label` is FAILED and `error` says why.
    """

    label: str
    probabilities: ProbabilitiesRow | None
    evidence: int | None
    span: SpanRow | None
    reason: str
    error: ClaimErrorRow | None = None


class ScoreResponse(msgspec.Struct, frozen=True, kw_only=True):
    """One score a pair, in the same order."""

    scores: list[ScoreRow]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong, for people and for programs; laid out as clients of the OpenAI API expect it."""

    message: str
    type: str
    code: str
    param: str | None = None


class ProblemResponse(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer with a status of 400 and above."""

    error: Problem


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the service lives, or takes requests."""

    status: str


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A turn of a conversation; content is text, or parts of which those of type `text` are read."""

    role: Text
    content: str | list[dict[str, Any]] | None = None


class ChatRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request of the OpenAI API; what is not named here goes to the upstream as it is."""

    model: Text
    messages: Annotated[list[MessageRow], msgspec.Meta(min_length=1)]
    stream: bool | None = None
    n: Annotated[int, msgspec.Meta(ge=1, le=MOST_DRAFTS)] | None = None
    stream_options: dict[str, Any] | None = None


class ChoiceVerification(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one choice, and done.

    `action` is `passed`, `annotated`, `rewritten`, `redacted`, `blocked`, `unchecked` or `no_text`.
    """

    index: int
    action: str
    report: ReportRow | None = None
    error: Problem | None = None


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What the proxy adds to an answer."""

    mode: str
    choices: list[ChoiceVerification]


class ChatResponse(msgspec.Struct, frozen=True, kw_only=True):
    """The upstream's answer with its texts as the mode asks, and `verification` added."""

    choices: list[dict[str, Any]]
    verification: Verification
