"""Check a text while it is still being written: each sentence when it is complete, and never a word taken back.

What was handed on stays as it is. A sentence is read together with everything before it, so that its pronouns find
their names; what later sentences would have said of it comes too late. A rewrite is kept under the same conditions as
in `factcheck.reflect`. Where one was refused only because too much of the little that is there would be gone, the
sentence waits for the next, and what is not decided by the last is handed on as it was.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from factcheck.pipeline import Pipeline
from factcheck.protocols import EntailmentModel, Reviser
from factcheck.reflect import ReflectPolicy, Start, is_settled, preservation, reflect
from factcheck.revise.edit import apply_edits
from factcheck.revise.model import edits_between
from factcheck.screen import Guard
from factcheck.text.clean import clean_text
from factcheck.text.sentences import split_sentences
from factcheck.types import (
    CheckedClaim,
    Draft,
    Edit,
    Exchange,
    FailedClaim,
    Label,
    Reflection,
    Refusal,
    Report,
    Revision,
    Round,
    Span,
    StopReason,
)

_WRONG = frozenset({Label.REFUTED, Label.CONFLICTING})


class Mode(StrEnum):
    """What becomes of an answer: it is told of, put right, or withheld where the evidence contradicts it."""

    ANNOTATE = "annotate"
    REWRITE = "rewrite"
    BLOCK = "block"


class Follower:
    """Takes a text sentence by sentence, and says what of it may be handed on.

    `annotate` hands on everything that the screen lets through, and checks at the end. `rewrite` hands on each
    sentence as it survives. `block` ends the text before the first sentence that is refuted, conflicting or could not
    be checked.

    Args:
        mode: what becomes of the text.
        pipeline: checks it.
        reviser: puts it right.
        entailment: tells whether a supported claim is still there.
        policy: of rewriting.
        guard: the screen, if there is one.
        question: what the text answers; it resolves pronouns and is never evidence.
        max_characters: of the text; None for no limit.
    """

    def __init__(
        self,
        mode: Mode,
        *,
        pipeline: Pipeline,
        reviser: Reviser,
        entailment: EntailmentModel,
        policy: ReflectPolicy,
        guard: Guard | None = None,
        question: str | None = None,
        max_characters: int | None = None,
    ) -> None:
        self._mode = mode
        self._pipeline = pipeline
        self._reviser = reviser
        self._entailment = entailment
        self._policy = policy
        self._guard = guard
        self._sieve = None if guard is None else guard.sieve()
        self._question = question
        self._max_characters = max_characters
        self._came = ""
        self._first = ""  # everything as it came through the screen
        self._handed = ""
        self._waiting = ""  # came through the screen, and is not decided
        self._stopped = False
        self._withheld: Report | None = None
        self._known: dict[str, CheckedClaim] = {}
        self._exchanges: list[Exchange] = []
        self._warnings: dict[str, None] = {}
        self._seconds = 0.0

    @property
    def stopped(self) -> bool:
        """Whether nothing more is handed on."""
        return self._stopped

    @property
    def text(self) -> str:
        """What has been handed on."""
        return self._handed

    @property
    def changed(self) -> bool:
        """Whether what was handed on differs from what came."""
        return self._handed != self._came

    def take(self, piece: str, *, last: bool = False) -> str:
        """Take the next sentences, and return what may be handed on: part of them, something else, or nothing yet.

        Args:
            piece: one or more whole sentences, with the white space behind them; as they come, together the text.
            last: no other follows; nothing waits any longer.

        Raises:
            TextError: the text has become too long.
        """
        if self._stopped:
            return ""
        cleaned = clean_text(self._came + piece, max_characters=self._max_characters, where="text")
        piece = cleaned.text[len(self._came) :]
        self._came = cleaned.text
        self._warnings |= dict.fromkeys(cleaned.warnings)
        if self._sieve is not None:
            sifted = self._sieve.sift(piece, last=last)
            piece, self._stopped = sifted.text, sifted.stopped
        self._first += piece
        if self._mode is Mode.ANNOTATE:
            said = piece
        elif self._mode is Mode.BLOCK:
            said = self._until_wrong(piece)
        else:
            said = self._put_right(piece, last=last or self._stopped)
        self._handed += said
        return said

    def report(self) -> Report:
        """Return the report on what was handed on; on `block`, also on what was withheld; checked as a whole.

        A rewritten text has two rounds: as it came, and as it was handed on.
        """
        if self._withheld is not None:
            report = self._withheld
        else:
            report = self._check(self._handed)
            if self._mode is Mode.REWRITE:
                report = self._with_rounds(report)
        if self._mode is not Mode.REWRITE:
            report = replace(report, exchanges=tuple(self._exchanges))
        if self._guard is None or self._sieve is None:
            return report
        if self._stopped and self._withheld is None:
            return self._guard.withheld(self._sieve.findings, report)
        return self._guard.sign(report, self._sieve.findings)

    # ---------------------------------------------------------------------------------------------------------- block

    def _until_wrong(self, piece: str) -> str:
        if not piece:
            return ""
        before = len(self._handed)
        text = self._handed + piece
        claims = self._check(text).claims
        places = [c.claim.span.start for c in claims if _is_wrong(c) or isinstance(c, FailedClaim)]
        if not places:
            return piece
        sentences = [s for s in split_sentences(text) if s.end > before]
        first = next((s for s in sentences if s.end > min(places)), Span(start=before, end=len(text)))
        # Of what came together with it, the sentences after the first that is wrong are nobody's business any more.
        self._stopped, self._withheld = True, self._check(text[: first.end])
        return text[before : max(first.start, before)]

    # -------------------------------------------------------------------------------------------------------- rewrite

    def _put_right(self, piece: str, *, last: bool) -> str:
        pending = self._waiting + piece
        self._waiting = ""
        if not pending:
            return ""
        began = time.monotonic()
        settled = len(self._handed)
        draft = Draft(text=self._handed + pending, question=self._question)
        report = self._check(draft.text)
        said = pending
        if any(self._is_open(claim) for claim in report.claims if claim.claim.span.end > settled):
            reviser = _Tail(inner=self._reviser, start=settled)
            first = replace(draft, text=self._first)
            start = Start(report=report, origin=first)
            report = reflect(draft, self._pipeline, reviser, self._entailment, self._policy, start=start)
            self._exchanges += report.all_exchanges
            self._warnings |= dict.fromkeys(report.warnings)
            said = report.text[settled:]
            if not last and self._too_little(report, first.text):
                self._waiting, said = pending, ""
        if self._sieve is not None and said != pending:
            sifted = self._sieve.clean(said)
            said, self._stopped = sifted.text, sifted.stopped
        self._seconds += time.monotonic() - began
        return said

    def _is_open(self, claim: CheckedClaim | FailedClaim) -> bool:
        return not is_settled(Report(text="", claims=(claim,)), self._policy)

    def _too_little(self, report: Report, first: str) -> bool:
        """Say whether a rewrite was refused because too much of what is there so far would be gone."""
        rounds = () if report.revision is None else report.revision.rounds
        return any(
            not r.accepted and preservation(first, r.draft.text) <= self._policy.min_preservation for r in rounds
        ) and any(map(_is_wrong, report.claims))

    def _with_rounds(self, report: Report) -> Report:
        first = self._check(self._first)
        exchanges = tuple(self._exchanges)  # of this last check too
        rounds = [Round(draft=Draft(text=self._first, question=self._question), report=first, accepted=True)]
        if self._handed != self._first:
            findings = [c for c in first.claims if isinstance(c, CheckedClaim)]
            rounds.append(
                Round(
                    draft=Draft(text=self._handed, question=self._question),
                    report=report,
                    accepted=True,
                    edits=tuple(edits_between(self._first, self._handed, findings)) if findings else (),
                    tokens=sum(exchange.tokens for exchange in exchanges),
                    exchanges=exchanges,
                    seconds=self._seconds,
                )
            )
        stop = StopReason.UNCHANGED if len(rounds) == 1 else StopReason.NO_IMPROVEMENT
        if is_settled(report, self._policy):
            stop = StopReason.VERIFIED
        return replace(
            report,
            warnings=tuple(dict.fromkeys((*report.warnings, *self._warnings))),
            revision=Reflection(rounds=tuple(rounds), stop_reason=stop, best=len(rounds) - 1),
            exchanges=() if len(rounds) > 1 else exchanges,
        )

    def _check(self, text: str) -> Report:
        """Check the text so far; what a model was asked to find its claims is kept for the report at the end."""
        (report,) = self._pipeline.check([Draft(text=text, question=self._question)], known=self._known)
        self._known.update((c.claim.text, c) for c in report.claims if isinstance(c, CheckedClaim))
        self._exchanges += report.exchanges
        return replace(report, exchanges=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tail:
    """A reviser that only touches what stands from `start` on, since the rest is out of the house."""

    inner: Reviser
    start: int

    def revise(self, draft: Draft, report: Report, refused: Sequence[Refusal] = ()) -> Revision:
        """Return the inner reviser's revision without what it did before `start`."""
        kept = [c for c in report.claims if c.claim.span.end > self.start or _is_supported(c)]
        revision = self.inner.revise(draft, replace(report, claims=tuple(kept)), refused)
        if revision.draft.text.startswith(draft.text[: self.start]):
            return revision
        edits = [edit for edit in map(self._clipped, revision.edits) if edit is not None]
        return replace(revision, draft=replace(draft, text=apply_edits(draft.text, edits)), edits=tuple(edits))

    def _clipped(self, edit: Edit) -> Edit | None:
        if edit.span.start >= self.start:
            return edit
        if edit.replacement or edit.span.end <= self.start:
            return None
        return replace(edit, span=Span(start=self.start, end=edit.span.end))


def _is_supported(claim: CheckedClaim | FailedClaim) -> bool:
    return isinstance(claim, CheckedClaim) and claim.verdict.label is Label.SUPPORTED


def _is_wrong(claim: CheckedClaim | FailedClaim) -> bool:
    return isinstance(claim, CheckedClaim) and claim.verdict.label in _WRONG
