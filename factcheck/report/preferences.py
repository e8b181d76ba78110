"""What a report teaches a generator: rows for training by preference and by reward.

Layouts are those of TRL: a conversational preference row with an explicit prompt (`DPOTrainer`), and prompt, completion
and a number (`reward`) for what learns from rewards. Only texts that answer a question have a prompt.
"""

from __future__ import annotations

from typing import Any

from factcheck.types import Report, Summary


def preference_rows(report: Report) -> list[dict[str, Any]]:
    """Return a row for each accepted rewrite: the rewrite is chosen, the text that it replaced is rejected."""
    if report.revision is None:
        return []
    rows = []
    before = report.revision.rounds[0]
    for now in report.revision.rounds[1:]:
        if not now.accepted:
            continue
        question = now.draft.question
        if question:
            chosen, rejected = _said("assistant", now.draft.text), _said("assistant", before.draft.text)
            rows.append({"prompt": _said("user", question), "chosen": chosen, "rejected": rejected})
        before = now
    return rows


def reward_rows(report: Report, question: str | None = None) -> list[dict[str, Any]]:
    """Return a row for each text that was checked: candidates, the draft and its rewrites, accepted or not.

    Args:
        report: of an answer.
        question: that it answers, for reports without rounds.
    """
    checked: dict[str, tuple[str | None, Summary]] = {}
    for candidate in report.candidates:
        checked.setdefault(candidate.draft.text, (candidate.draft.question, candidate.summary))
    for round_ in () if report.revision is None else report.revision.rounds:
        checked.setdefault(round_.draft.text, (round_.draft.question, round_.report.summary))
    checked.setdefault(report.text, (question, report.summary))
    rows = []
    for text, (asked, summary) in checked.items():
        prompt = asked or question
        if prompt:
            row = {"prompt": _said("user", prompt), "completion": _said("assistant", text), "reward": reward(summary)}
            rows.append(row)
    return rows


def reward(summary: Summary) -> float:
    """Return (supported - refuted - conflicting) / claims, in [-1, 1]; 0.0 without claims."""
    wrong = summary.refuted + summary.conflicting
    return (summary.supported - wrong) / summary.claims if summary.claims else 0.0


def _said(role: str, content: str) -> list[dict[str, str]]:
    return [{"role": role, "content": content}]
