"""Rewriting by a chat model: it gets the draft, what is wrong with it and why, and returns the whole text.

What it writes is only a proposal: `reflect` checks it again and keeps it only if it is better. An answer that is no
text (cut off, empty, the prompt itself) or none at all is replaced by edits, and a warning says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from factcheck.errors import BudgetError, FactCheckError, InputError
from factcheck.protocols import ChatModel, Reviser
from factcheck.revise.alignment import changes
from factcheck.revise.prompts import (
    answer_request,
    critique_request,
    instructions,
    questions_request,
    rewrite_request,
    shown_evidence,
)
from factcheck.text.clean import clean_text
from factcheck.text.delimiters import new_nonce, unwrap, wrap
from factcheck.types import (
    ChatRequest,
    CheckedClaim,
    Draft,
    Edit,
    Exchange,
    Label,
    OnRefuted,
    OnUnsupported,
    Refusal,
    Report,
    Revision,
    Span,
    Stage,
)

_FENCE = re.compile(r"\A```\w*\n(.*)\n```\Z", re.DOTALL)
MOST_QUESTIONS = 8
_TELLTALE = 40
"""So many code points of our own instructions in a rewrite mean that the prompt leaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReviser:
    """Implements the `Reviser` seam with a chat model.

    Attributes:
        chat: the writer.
        fallback: revises where the writer fails.
        on_refuted: what shall become of refuted claims; `flag` asks for nothing.
        on_unsupported: what shall become of claims that the evidence does not settle.
        verify: let the writer ask and answer verification questions first.
        critique: let the writer review its rewrite, and write once more if it finds something.

    Source: verification questions after Dhuliawala et al., Chain-of-Verification Reduces Hallucination in Large
    Language Models (2023), section 3 (the factored variant); the critique after Madaan et al., Self-Refine (2023),
    section 2.
    """

    chat: ChatModel
    fallback: Reviser
    on_refuted: OnRefuted = OnRefuted.CORRECT
    on_unsupported: OnUnsupported = OnUnsupported.KEEP
    verify: bool = False
    critique: bool = False

    def revise(self, draft: Draft, report: Report, refused: Sequence[Refusal] = ()) -> Revision:
        """Return what the writer makes of the draft; the same text when there is nothing to put right.

        Raises:
            BudgetError: nothing may be spent any more.
        """
        findings = self._findings(report)
        if not findings:
            return Revision(draft=draft)
        exchanges: list[Exchange] = []
        try:
            text = self._rewrite(draft, findings, refused, exchanges)
        except BudgetError:
            raise
        except FactCheckError as error:
            edited = self.fallback.revise(draft, report, refused)
            warning = f"the draft was edited without the writer, which failed: {error}"
            return replace(
                edited,
                tokens=edited.tokens + sum(e.tokens for e in exchanges),
                exchanges=(*exchanges, *edited.exchanges),
                warnings=(warning, *edited.warnings),
            )
        return Revision(
            draft=replace(draft, text=text),
            edits=tuple(edits_between(draft.text, text, findings)),
            tokens=sum(e.tokens for e in exchanges),
            exchanges=tuple(exchanges),
        )

    def requests(self, draft: Draft, report: Report) -> list[ChatRequest]:
        """Return what would be asked for one rewrite, for an estimate beforehand."""
        findings = self._findings(report)
        return [self._request(draft, findings, (), "", new_nonce(draft.text))] if findings else []

    def _findings(self, report: Report) -> list[CheckedClaim]:
        wanted = set() if self.on_refuted is OnRefuted.FLAG else {Label.REFUTED, Label.CONFLICTING}
        if self.on_unsupported in (OnUnsupported.REMOVE, OnUnsupported.HEDGE):
            wanted.add(Label.NOT_ENOUGH_INFO)
        return [c for c in report.claims if isinstance(c, CheckedClaim) and c.verdict.label in wanted]

    def _rewrite(
        self, draft: Draft, findings: Sequence[CheckedClaim], refused: Sequence[Refusal], exchanges: list[Exchange]
    ) -> str:
        shown = [e.premise for finding in findings for e in finding.evidence]
        nonce = new_nonce(draft.text, draft.question or "", *shown, *(r.text for r in refused))
        notes = self._verified(findings, nonce, exchanges) if self.verify else ""
        text = self._text(draft, self._request(draft, findings, refused, notes, nonce), exchanges)
        if self.critique and text != draft.text:
            (said,) = self._ask([critique_request(draft.text, text, findings, nonce)], exchanges)
            if said.strip().strip(".").upper() != "NONE":
                review = f"A review of this rewrite found:\n{wrap('review', nonce, said)}\n"
                notes = "\n\n".join(part for part in (notes, review + wrap("rewrite", nonce, text)) if part)
                text = self._text(draft, self._request(draft, findings, refused, notes, nonce), exchanges)
        return text

    def _request(
        self, draft: Draft, findings: Sequence[CheckedClaim], refused: Sequence[Refusal], notes: str, nonce: str
    ) -> ChatRequest:
        return rewrite_request(
            draft, findings, refused, notes, nonce, on_refuted=self.on_refuted, on_unsupported=self.on_unsupported
        )

    def _verified(self, findings: Sequence[CheckedClaim], nonce: str, exchanges: list[Exchange]) -> str:
        """Let questions be asked of the statements, and each be answered from the evidence, without draft or claim."""
        (asked,) = self._ask([questions_request(findings, nonce)], exchanges)
        questions = [line.strip(" -*•\t") for line in asked.splitlines() if line.strip()][:MOST_QUESTIONS]
        evidence = list({e.id: e for finding in findings for e in shown_evidence(finding)}.values())
        answers = self._ask([answer_request(question, evidence, nonce) for question in questions], exchanges)
        pairs = [f"{question}\n{answer.strip()}" for question, answer in zip(questions, answers, strict=True)]
        return (
            "Questions that were asked of the evidence:\n" + wrap("answers", nonce, "\n\n".join(pairs)) if pairs else ""
        )

    def _ask(self, requests: Sequence[ChatRequest], exchanges: list[Exchange]) -> list[str]:
        texts = []
        for request, answer in zip(requests, self.chat.attempt(requests), strict=True):
            if isinstance(answer, FactCheckError):
                raise answer
            exchanges.append(Exchange.of(Stage.REVISE, request, answer))
            texts.append(answer.text)
        return texts

    def _text(self, draft: Draft, request: ChatRequest, exchanges: list[Exchange]) -> str:
        (answer,) = self.chat.attempt([request])
        if isinstance(answer, FactCheckError):
            raise answer
        exchanges.append(Exchange.of(Stage.REVISE, request, answer))
        if answer.finish_reason == "length":
            raise InputError("the writer's text was cut off", remedy="raise chat.max_tokens")
        return read_rewrite(answer.text, draft.text, request.nonce)


def read_rewrite(answer: str, before: str, nonce: str) -> str:
    """Return the text that an answer holds, with the space around it that the draft has.

    Raises:
        InputError: it holds none, or repeats what the writer was told.
    """
    text = unwrap("revised", nonce, answer)
    if text is None:
        fenced = _FENCE.match(answer.strip())
        text = answer if fenced is None else fenced[1]
    text = clean_text(text).text.strip()
    if not text:
        raise InputError("the writer's answer is empty")
    if nonce in text or _leaks(answer, before):
        raise InputError("the writer's answer repeats what it was told")
    lead = before[: len(before) - len(before.lstrip())]
    tail = before[len(before.rstrip()) :]
    return lead + text + tail


def edits_between(before: str, after: str, findings: Sequence[CheckedClaim]) -> list[Edit]:
    """Return what a rewrite changed, token by token, each change with the finding whose place it touches.

    A change at no such place is put down to the nearest finding: somebody has to answer for it.
    """
    edits = []
    for change in changes(before, after):
        span = Span(start=change.start, end=change.end)
        nearest = min(findings, key=lambda f: _distance(f.claim.span, span))
        edits.append(
            Edit(
                span=span,
                replacement=change.replacement,
                claim_id=nearest.claim.id,
                reason=nearest.verdict.reason,
            )
        )
    return edits


def _distance(a: Span, b: Span) -> int:
    if a.overlaps(b):
        return 0
    return max(b.start - a.end, a.start - b.end, 0)


def _leaks(answer: str, before: str) -> bool:
    """Say whether a stretch of our instructions stands in an answer to a draft that does not have it."""
    flat, old = " ".join(answer.split()), " ".join(before.split())
    for instruction in instructions():
        for sentence in re.split(r"(?<=[.:;])\s+", instruction):
            if len(sentence) >= _TELLTALE and "{" not in sentence and sentence in flat and sentence not in old:
                return True
    return False
