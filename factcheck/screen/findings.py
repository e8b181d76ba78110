"""What a screen found, and texts without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from factcheck.types import Span


class ScreenAction(StrEnum):
    """What becomes of a text in which something was found."""

    REPORT = "report"
    REDACT = "redact"
    BLOCK = "block"


class Source(StrEnum):
    """Which part of the screen found it."""

    TERMS = "terms"
    PERSONAL = "personal"
    CLASSIFIER = "classifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found; it never carries the words themselves, since it is logged and reported.

    Attributes:
        category: of the term list, the kind of personal data, or the classifier's label.
        span: where, in the text that was looked at.
        score: how sure; 1 for terms and for what a checksum confirms.
    """

    category: str
    source: Source
    span: Span
    score: float = 1.0


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings by place; of two by one part of the screen that overlap the longer stays."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.span.start, -len(f.span), f.category)):
        clash = next((k for k in kept if k.source is finding.source and k.span.overlaps(finding.span)), None)
        if clash is None or (clash.source is Source.CLASSIFIER and clash.category != finding.category):
            kept.append(finding)
        elif len(finding.span) > len(clash.span):
            kept[kept.index(clash)] = finding
    return sorted(kept, key=lambda f: (f.span.start, f.span.end, f.category))


def redact(text: str, findings: Sequence[Finding]) -> str:
    """Return the text with `[category]` in the place of everything that was found; overlapping places become one."""
    pieces: list[str] = []
    at = 0
    ordered = sorted(findings, key=lambda f: (f.span.start, -f.span.end))
    for finding in ordered:
        if finding.span.end <= at:
            continue
        if finding.span.start >= at:
            pieces += [text[at : finding.span.start], f"[{finding.category}]"]
        at = finding.span.end
    return "".join([*pieces, text[at:]])


def counted(findings: Sequence[Finding]) -> str:
    """Return the categories with how often each was found, as words: "email (2), phone (1)"."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.category] = counts.get(finding.category, 0) + 1
    return ", ".join(f"{category} ({count})" for category, count in sorted(counts.items()))
