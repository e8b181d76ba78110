"""A question to a checked answer: draft, check, take the best draft, and put right what is refuted in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from factcheck.assemble import Assembly
from factcheck.errors import UsageError
from factcheck.generate import DECLINES, rank_drafts
from factcheck.reflect import Start, reflect
from factcheck.types import Document, Draft, Report, Round


def answer(
    question: str,
    parts: Assembly,
    context: Sequence[Document] | None = None,
    *,
    n: int = 1,
    revise: bool = True,
    on_round: Callable[[Round], None] | None = None,
) -> Report:
    """Answer a question.

    Args:
        question: not empty.
        parts: what drafts, checks and rewrites.
        context: answer from these texts and judge on them alone.
        n: how many drafts to check.
        revise: rewrite what is refuted; without it the best draft is reported as it is.
        on_round: called after each round.

    Raises:
        UsageError: no draft was written.
    """
    started = time.monotonic()
    drafts = parts.generator(context).draft([question], n)[0]
    pipeline = parts.pipeline(context)
    if not drafts:
        raise UsageError("got no draft", where="question", remedy="ask it in other words")
    guard = parts.guard
    entries = [] if guard is None else guard.admit(drafts)
    if guard is not None:
        admitted = [entry for entry in entries if entry.draft is not None]
        if not admitted:
            return guard.withheld(entries[0].findings)
        entries, drafts = admitted, tuple(entry.draft for entry in admitted if entry.draft is not None)
    reports = pipeline.check(drafts)
    ranked = rank_drafts(drafts, reports, parts.entailment, declines=DECLINES) if len(drafts) > 1 else []
    best = next(i for i, draft in enumerate(drafts) if draft is ranked[0].draft) if ranked else 0
    report = reports[best]
    if revise:
        report = reflect(
            drafts[best],
            pipeline,
            parts.reviser,
            parts.entailment,
            parts.policy,
            on_round=on_round,
            start=Start(report=report, seconds=time.monotonic() - started),
        )
    else:
        report = replace(report, exchanges=(*drafts[best].exchanges, *report.exchanges))
    others = [e for i, draft in enumerate(drafts) if i != best for e in (*draft.exchanges, *reports[i].exchanges)]
    report = replace(report, candidates=tuple(ranked), exchanges=(*others, *report.exchanges))
    if guard is not None:
        report = guard.sign(report, entries[best].findings)
    return _told(report, question, drafts[best], len(drafts))


def _told(report: Report, question: str, draft: Draft, drafts: int) -> Report:
    """Say in the report what was asked, who wrote the draft, and whether it answers."""
    author: dict[str, object] = {"question": question, "generator": draft.model, "drafts": drafts}
    if draft.answer is not None and report.text == draft.text:
        author["answer"] = {"text": draft.answer.of(draft.text), "span": asdict(draft.answer)}
    warnings = ("nothing that was found answers the question",) if draft.text in DECLINES else ()
    return replace(
        report,
        warnings=(*warnings, *report.warnings),
        provenance={**report.provenance, "generation": author},
    )
