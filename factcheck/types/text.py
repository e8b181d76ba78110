"""Texts, spans and claims."""

from __future__ import annotations

from dataclasses import dataclass, field

from factcheck.types.chat import Exchange
from factcheck.types.vocabularies import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open range of Unicode code points, `0 <= start <= end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span needs 0 <= start <= end, not [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the part of `text` that the span names."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Say whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def shifted(self, offset: int) -> Span:
        """Return the span moved by `offset` code points."""
        return Span(start=self.start + offset, end=self.end + offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text to be checked.

    Attributes:
        text: the text itself; spans of claims point into it.
        question: what was asked, if known. It resolves pronouns; it is never evidence.
        model: who wrote it, for the record.
        exchanges: what was asked of a chat model to get it.
        warnings: what its reader must know of how it came to be.
        answer: the part of the text that answers the question, where its author can tell; no part of what makes two
            drafts equal.
    """

    text: str
    question: str | None = None
    model: str | None = None
    exchanges: tuple[Exchange, ...] = ()
    warnings: tuple[str, ...] = ()
    answer: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One checkable statement of a draft.

    Attributes:
        id: unique within the draft.
        text: decontextualised, so that it can be judged on its own.
        span: the part of the draft that states it.
    """

    id: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedClaim:
    """A claim that could not be checked: neither a pass nor a gap."""

    claim: Claim
    stage: Stage
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What an extractor found in one draft, claims in the order of the text; `exchanges` with a chat model, if any."""

    claims: tuple[Claim, ...]
    failed: tuple[FailedClaim, ...] = ()
    warnings: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
