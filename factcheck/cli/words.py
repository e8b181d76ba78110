"""Verdicts and stop reasons as people read them: a word and a sign for each, so that colour is never needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from factcheck.report import ClaimLabel
from factcheck.types import CheckedClaim, FailedClaim, Report, Stance, StopReason, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a verdict is shown.

    Attributes:
        sign: one character, also readable without colour.
        ascii: the sign where only ASCII can be shown.
        word: what follows a count, and stands in prose.
        style: for rich.
        rank: the higher, the more a reader should look; decides where claims overlap.
    """

    sign: str
    ascii: str
    word: str
    style: str
    rank: int


LOOKS: Mapping[ClaimLabel, Look] = MappingProxyType(
    {
        ClaimLabel.SUPPORTED: Look(sign="✓", ascii="+", word="supported", style="green", rank=0),
        ClaimLabel.NOT_ENOUGH_INFO: Look(sign="?", ascii="?", word="not enough info", style="yellow", rank=1),
        ClaimLabel.FAILED: Look(sign="!", ascii="!", word="not checked", style="bright_black", rank=2),
        ClaimLabel.CONFLICTING: Look(sign="⚡", ascii="~", word="conflicting", style="magenta", rank=3),
        ClaimLabel.REFUTED: Look(sign="✗", ascii="x", word="refuted", style="red", rank=4),
    }
)

STANCES: Mapping[Stance, str] = MappingProxyType(
    {Stance.SUPPORTS: "supports", Stance.REFUTES: "refutes", Stance.NEUTRAL: "does not settle"}
)

STOPS: Mapping[StopReason, str] = MappingProxyType(
    {
        StopReason.VERIFIED: "nothing is refuted or conflicting",
        StopReason.UNCHANGED: "nothing more could be put right",
        StopReason.NO_IMPROVEMENT: "further changes made it no better, so they were not taken",
        StopReason.OSCILLATION: "a change led back to a text that was there before",
        StopReason.MAX_ROUNDS: "the limit of rounds was reached",
        StopReason.BUDGET: "the budget was used up",
    }
)


def label_of(result: CheckedClaim | FailedClaim) -> ClaimLabel:
    """Return the verdict, FAILED where there is none."""
    return ClaimLabel.FAILED if isinstance(result, FailedClaim) else ClaimLabel(result.verdict.label.value)


def counts(summary: Summary) -> list[tuple[ClaimLabel, int]]:
    """Return the counts above zero, in the order in which labels are documented."""
    by_label = {
        ClaimLabel.SUPPORTED: summary.supported,
        ClaimLabel.REFUTED: summary.refuted,
        ClaimLabel.CONFLICTING: summary.conflicting,
        ClaimLabel.NOT_ENOUGH_INFO: summary.not_enough_info,
        ClaimLabel.FAILED: summary.failed,
    }
    return [(label, count) for label, count in by_label.items() if count]


def percent(share: float) -> str:
    """Write a share in whole percent; 100 and 0 only where they are exact, since neither is ever quite meant."""
    whole = round(share * 100)
    if whole >= 100 and share < 1.0:
        whole = 99
    if whole <= 0 and share > 0.0:
        whole = 1
    return f"{whole} %"


def plural(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def stopped(report: Report) -> str:
    """Say why rewriting ended and what it took."""
    if report.revision is None:
        return ""
    tried = len(report.revision.rounds) - 1
    taken = sum(item.accepted for item in report.revision.rounds[1:])
    effort = "nothing to rewrite" if not tried else f"{plural(tried, 'rewrite')} tried, {taken} taken"
    return f"{STOPS[report.revision.stop_reason]} ({report.revision.stop_reason.value}; {effort})"


def draft_of(report: Report) -> Report:
    """Return the report on the text as it came in."""
    return report.revision.rounds[0].report if report.revision is not None and report.revision.rounds else report


def was_rewritten(report: Report) -> bool:
    """Say whether the text is another one than came in."""
    return report.text != draft_of(report).text


def revision_title(report: Report) -> str:
    """Return what stands above the outcome of rewriting."""
    return "Rewritten" if was_rewritten(report) else "Nothing was rewritten"


def short_answer(report: Report) -> str:
    """Return the part of an answer that answers the question; empty where nobody told."""
    author = report.provenance.get("generation")
    answer = author.get("answer") if isinstance(author, Mapping) else None
    return str(answer["text"]) if isinstance(answer, Mapping) else ""
