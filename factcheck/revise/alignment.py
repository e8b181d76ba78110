"""Where the words of a decontextualised claim stand in the draft."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from factcheck.types import Claim, Span

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*|\s+|[\W_]|\w")


@dataclass(frozen=True, slots=True)
class Change:
    """Code points `start` to `end` of one text read `replacement` in the other."""

    start: int
    end: int
    replacement: str


def changes(before: str, after: str) -> list[Change]:
    """Return what differs, token by token and in order; changed words side by side are one change."""
    a, b = _tokens(before), _tokens(after)
    matcher = SequenceMatcher(None, [m.group() for m in a], [m.group() for m in b], autojunk=False)
    found: list[Change] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        start = a[i1].start() if i1 < len(a) else len(before)
        end = a[i2 - 1].end() if i2 > i1 else start
        replacement = after[b[j1].start() : b[j2 - 1].end()] if j2 > j1 else ""
        between = before[found[-1].end : start] if found else ""
        if between.isspace():
            last = found.pop()
            start, replacement = last.start, last.replacement + between + replacement
        found.append(Change(start, end, replacement))
    return found


class Alignment:
    """Which code point of a claim's text stands where in the draft.

    The claim's text is the stated text with names put for pronouns and the like; what both share is matched token by
    token, and nothing else has a place.
    """

    def __init__(self, claim: Claim, draft: str) -> None:
        self._position: dict[int, int] = {}
        a, b = _tokens(claim.text), _tokens(claim.span.of(draft))
        matcher = SequenceMatcher(None, [m.group() for m in a], [m.group() for m in b], autojunk=False)
        for block in matcher.get_matching_blocks():
            for i in range(block.size):
                left, right = a[block.a + i], b[block.b + i]
                for offset in range(right.end() - right.start()):
                    self._position[left.start() + offset] = claim.span.start + right.start() + offset

    def span(self, start: int, end: int) -> Span | None:
        """Return where code points `start` to `end` of the claim's text stand in the draft, if they do as they are."""
        if start == end:  # an insertion: behind what stands before it, or before what stands behind it
            if start - 1 in self._position:
                at = self._position[start - 1] + 1
            elif start in self._position:
                at = self._position[start]
            else:
                return None
            return Span(start=at, end=at)
        first = self._position.get(start)
        if first is None or any(self._position.get(start + i) != first + i for i in range(end - start)):
            return None
        return Span(start=first, end=first + end - start)


def only_occurrence(draft: str, within: Span, wanted: str) -> Span | None:
    """Return where `wanted` stands as whole words within a span of the draft, if it does exactly once."""
    if not wanted.strip():
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    places = [m.start() for m in pattern.finditer(draft, within.start, within.end)]
    return Span(start=places[0], end=places[0] + len(wanted)) if len(places) == 1 else None


def _tokens(text: str) -> list[re.Match[str]]:
    return list(_TOKEN.finditer(text))
