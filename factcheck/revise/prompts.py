"""What a writing model is told when it has to put a draft right."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck.text.delimiters import RULE, wrap
from factcheck.types import (
    ChatRequest,
    CheckedClaim,
    Draft,
    Evidence,
    Label,
    Message,
    OnRefuted,
    OnUnsupported,
    Refusal,
)

_REWRITE = """\
You put right a draft that has been checked against evidence. Change what the findings call for and nothing else: \
every other word, mark and line break stays as it is. Write only what the evidence says; where it gives the right \
value, put it in place of the wrong one. Do not explain, do not add sources or notes, do not mention the check.

Answer with the whole text of the draft as it shall read, between <revised-{nonce}> and </revised-{nonce}>, and \
nothing else."""

_QUESTIONS = """\
You plan how to verify statements. For each of the statements write one short question whose answer shows whether it \
is true, that can be answered without knowing the statement. One question on each line, nothing else."""

_ANSWER = """\
You answer a question from evidence alone. Answer in one short sentence; if the evidence does not say, answer: \
The evidence does not say."""

_CRITIQUE = """\
You review a rewrite of a draft. Name each place where the rewrite says what the evidence does not say, keeps what a \
finding calls wrong, or changes what no finding speaks of. One place on each line. If there is none, answer: NONE"""

_ADVICE = {
    Label.REFUTED: "The evidence contradicts it.",
    Label.CONFLICTING: "Sources contradict each other. Say so, or leave it out.",
    Label.NOT_ENOUGH_INFO: "The evidence does not settle it.",
}
_EVIDENCE = 4
"""Pieces of evidence that are shown with a finding: those that decided first, then the best found."""


def instructions() -> tuple[str, ...]:
    """Return everything that a writer is told, for recognising it in what it writes."""
    return (_REWRITE, _QUESTIONS, _ANSWER, _CRITIQUE, RULE)


def rewrite_request(
    draft: Draft,
    findings: Sequence[CheckedClaim],
    refused: Sequence[Refusal],
    notes: str,
    nonce: str,
    *,
    on_refuted: OnRefuted,
    on_unsupported: OnUnsupported,
) -> ChatRequest:
    """Return the request for a rewrite.

    Args:
        draft: to put right.
        findings: the claims that cannot stay as they are.
        refused: rewrites of this draft that were not accepted.
        notes: what verification questions or a critique brought up; may be empty.
        nonce: random, for the marks.
        on_refuted: what shall become of refuted claims.
        on_unsupported: what shall become of claims that nothing settles.
    """
    parts = []
    if draft.question:
        parts.append("The draft answers this question:\n" + wrap("question", nonce, draft.question))
    parts.append("The draft:\n" + wrap("draft", nonce, draft.text))
    for number, finding in enumerate(findings, 1):
        parts.append(_finding(number, finding, nonce, on_refuted=on_refuted, on_unsupported=on_unsupported))
    if notes:
        parts.append(notes)
    for refusal in refused:
        said = f"This rewrite was not accepted, because {refusal.reason}"
        parts.append(wrap("refused", nonce, f"{said}\n\n{refusal.text}"))
    return _request(_REWRITE.format(nonce=nonce), "\n\n".join(parts), nonce)


def questions_request(findings: Sequence[CheckedClaim], nonce: str) -> ChatRequest:
    """Return the request for verification questions."""
    claims = "\n".join(finding.claim.text for finding in findings)
    return _request(_QUESTIONS, "The statements:\n" + wrap("statements", nonce, claims), nonce)


def answer_request(question: str, evidence: Sequence[Evidence], nonce: str) -> ChatRequest:
    """Return the request to answer one verification question, which shows neither draft nor claim."""
    shown = "\n\n".join(wrap("evidence", nonce, e.premise) for e in evidence)
    return _request(_ANSWER, f"{shown}\n\nThe question:\n{wrap('question', nonce, question)}", nonce)


def critique_request(before: str, after: str, findings: Sequence[CheckedClaim], nonce: str) -> ChatRequest:
    """Return the request to review a rewrite."""
    parts = ["The draft:\n" + wrap("draft", nonce, before), "The rewrite:\n" + wrap("rewrite", nonce, after)]
    for number, finding in enumerate(findings, 1):
        parts.append(_finding(number, finding, nonce, on_refuted=OnRefuted.CORRECT, on_unsupported=OnUnsupported.KEEP))
    return _request(_CRITIQUE, "\n\n".join(parts), nonce)


def shown_evidence(finding: CheckedClaim) -> list[Evidence]:
    """Return the evidence that a writer gets to see, what decided first."""
    by_id = {e.id: e for e in finding.evidence}
    telling = [i for j in finding.verdict.judgements if j.probabilities.label is not Label.NOT_ENOUGH_INFO
               for i in j.evidence_ids]  # fmt: skip
    ranked = dict.fromkeys([*(i for i in telling if i in by_id), *by_id])
    return [by_id[i] for i in ranked][:_EVIDENCE]


def _finding(
    number: int, finding: CheckedClaim, nonce: str, *, on_refuted: OnRefuted, on_unsupported: OnUnsupported
) -> str:
    verdict = finding.verdict
    lines = [f"Finding {number}. {_ADVICE.get(verdict.label, '')} {_wish(verdict.label, on_refuted, on_unsupported)}"]
    lines.append(wrap("claim", nonce, finding.claim.text))
    lines.append("Why:\n" + wrap("reason", nonce, verdict.reason))
    if verdict.correction is not None and on_refuted is OnRefuted.CORRECT:
        lines.append("It would be true as:\n" + wrap("correct", nonce, verdict.correction.apply(finding.claim.text)))
    lines.extend(wrap("evidence", nonce, e.premise) for e in shown_evidence(finding))
    return "\n".join(lines)


def _wish(label: Label, on_refuted: OnRefuted, on_unsupported: OnUnsupported) -> str:
    if label is Label.REFUTED:
        return "Put it right." if on_refuted is OnRefuted.CORRECT else "Take it out."
    if label is Label.NOT_ENOUGH_INFO:
        return "Take it out." if on_unsupported is OnUnsupported.REMOVE else "Say that it is uncertain."
    return ""


def _request(instruction: str, content: str, nonce: str) -> ChatRequest:
    system = f"{instruction}\n\n{RULE.format(nonce=nonce)}"
    messages = (Message(role="system", content=system), Message(role="user", content=content))
    return ChatRequest(messages=messages, nonce=nonce)
