"""Claims in their text: overlapping and nested spans cut into stretches that a page or a terminal can show in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from factcheck.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a text over which the same claims hold.

    Attributes:
        span: into the text.
        claims: numbers of the claims that cover it, ascending, from 0.
        opens: those that begin here; several at once where claims share a span.
        closes: those that end at its end.
    """

    span: Span
    claims: tuple[int, ...]
    opens: tuple[int, ...] = ()
    closes: tuple[int, ...] = ()


def stretches(text: str, spans: Sequence[Span], *, within: Span | None = None) -> Iterator[Stretch]:
    """Cut a text where claims begin and end.

    Joined, the stretches are the text. A span that reaches beyond the text is cut to it; an empty one opens and closes
    on the stretch that follows it, so that no claim goes unseen.

    Args:
        text: the whole text.
        spans: of the claims.
        within: a part of the text to stay in; claims that began before it cover it without opening again, and those
            that end after it do not close.
    """
    area = Span(start=0, end=len(text)) if within is None else within
    starts: dict[int, list[int]] = {}
    ends: dict[int, list[int]] = {}
    active: set[int] = set()
    for number, span in enumerate(spans):
        start, end = min(span.start, len(text)), min(max(span.end, span.start + 1), len(text))
        if end <= area.start or start >= area.end:
            continue
        if start < area.start:
            active.add(number)
        else:
            starts.setdefault(start, []).append(number)
        if end <= area.end:  # else it goes on behind
            ends.setdefault(end, []).append(number)
    cuts = sorted({area.start, area.end, *starts, *ends})
    for start, end in pairwise(cuts):
        opens = starts.get(start, [])
        active.update(opens)
        closes = [number for number in ends.get(end, []) if number in active]
        yield Stretch(
            span=Span(start=start, end=end),
            claims=tuple(sorted(active)),
            opens=tuple(opens),
            closes=tuple(closes),
        )
        active.difference_update(closes)
