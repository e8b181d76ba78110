"""Reports, revisions and the rounds of a reflection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from factcheck.types.chat import Exchange
from factcheck.types.text import Draft, FailedClaim, Span
from factcheck.types.verdict import CheckedClaim
from factcheck.types.vocabularies import Label, StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts over a report's claims."""

    claims: int
    supported: int
    refuted: int
    not_enough_info: int
    conflicting: int
    failed: int

    @property
    def supported_share(self) -> float:
        """Supported over all claims; 1.0 without claims."""
        return self.supported / self.claims if self.claims else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A text, its claims and their verdicts; `text` and `claims` describe the final text.

    Attributes:
        provenance: index generation, graph, models, settings and their hashes; JSON values only.
        revision: how the text came to be, if it was rewritten.
        candidates: the drafts that were compared before one was chosen, best first.
        exchanges: with chat models, those that belong to no round of the revision.
    """

    text: str
    claims: tuple[CheckedClaim | FailedClaim, ...]
    warnings: tuple[str, ...] = ()
    provenance: Mapping[str, object] = field(default_factory=dict)
    revision: Reflection | None = None
    candidates: tuple[Candidate, ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    @property
    def summary(self) -> Summary:
        """Count the verdicts."""
        labels = [c.verdict.label for c in self.claims if isinstance(c, CheckedClaim)]
        return Summary(
            claims=len(self.claims),
            supported=labels.count(Label.SUPPORTED),
            refuted=labels.count(Label.REFUTED),
            not_enough_info=labels.count(Label.NOT_ENOUGH_INFO),
            conflicting=labels.count(Label.CONFLICTING),
            failed=len(self.claims) - len(labels),
        )

    @property
    def all_exchanges(self) -> tuple[Exchange, ...]:
        """Everything that was asked of chat models for this report, in the order of the stages and rounds."""
        rounds = () if self.revision is None else self.revision.rounds
        of_rounds = (e for r in rounds for e in (*r.exchanges, *r.report.exchanges))
        return (*self.exchanges, *of_rounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of a text: `span` is into the text before the revision."""

    span: Span
    replacement: str
    claim_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a reviser made of a draft; `tokens` counts what a model used, 0 without one."""

    draft: Draft
    edits: tuple[Edit, ...] = ()
    tokens: int = 0
    exchanges: tuple[Exchange, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A rewrite that was not accepted, as the reviser of the next one learns of it.

    Attributes:
        text: the rewrite.
        reason: why it was not accepted.
        claim_ids: whose edits are to blame, as far as that can be told; ids of the draft that was to be revised.
        forgo: these claims are better left as they are than edited in another way.
    """

    text: str
    reason: str
    claim_ids: frozenset[str] = frozenset()
    forgo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One text that reflection looked at; round 0 is the untouched draft and always accepted.

    Attributes:
        tokens: what chat models used to write and read it.
        reason: why it was not accepted.
        exchanges: how it was written: prompts, answers, tokens, seconds; those of reading it are in the report.
        seconds: writing and checking; no part of what makes two rounds equal.
    """

    draft: Draft
    report: Report
    accepted: bool
    edits: tuple[Edit, ...] = ()
    tokens: int = 0
    reason: str = ""
    exchanges: tuple[Exchange, ...] = ()
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reflection:
    """All rounds, why they ended, and which is the best (its index)."""

    rounds: tuple[Round, ...]
    stop_reason: StopReason
    best: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of several drafts of an answer, with what it was ranked by.

    Attributes:
        draft: the draft as it was written.
        summary: of its own check.
        score: what the ranking orders by, larger is better.
        parts: the weighted terms that `score` is the sum of, by name.
        reason: one sentence on what decided.
    """

    draft: Draft
    summary: Summary
    score: float
    parts: Mapping[str, float]
    reason: str
