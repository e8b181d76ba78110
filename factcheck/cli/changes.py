"""What changed between two texts, in words: sentences first, then words within those that differ.

Sentences keep it fast: two megabytes that differ in a word are compared as thousands of equal pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from factcheck.types import Span

_PIECE = re.compile(r"[^.!?。！？\n]*[.!?。！？\n]+\s*|[^.!?。！？\n]+", re.DOTALL)
_TOKEN = re.compile(r"\s+|[\u3400-\u9fff\uf900-\ufaff]|\d+(?:[.,:]\d+)*|\w+|[^\w\s]")
_MAX_CELLS = 4_000_000  # of the table that a comparison by words may fill; beyond it, a passage counts as replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A part of the old text and what stands for it in the new; equal where nothing changed.

    Attributes:
        old: into the old text; empty for an insertion.
        new: into the new text; empty for a removal.
    """

    old: Span
    new: Span
    equal: bool


def changes(old: str, new: str) -> list[Change]:
    """Return the changes in order; their spans cover both texts whole."""
    return list(_joined(_by_sentence(old, new), old))


def _by_sentence(old: str, new: str) -> Iterator[Change]:
    for change in _compare(_PIECE.findall(old), _PIECE.findall(new), 0, 0):
        if change.equal:
            yield change
            continue
        old_tokens, new_tokens = _TOKEN.findall(change.old.of(old)), _TOKEN.findall(change.new.of(new))
        if len(old_tokens) * len(new_tokens) > _MAX_CELLS:
            yield change
        else:
            yield from _compare(old_tokens, new_tokens, change.old.start, change.new.start)


def _compare(old: Sequence[str], new: Sequence[str], old_at: int, new_at: int) -> Iterator[Change]:
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) > 20_000)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        old_length = sum(map(len, old[old_from:old_to]))
        new_length = sum(map(len, new[new_from:new_to]))
        yield Change(
            old=Span(start=old_at, end=old_at + old_length),
            new=Span(start=new_at, end=new_at + new_length),
            equal=kind == "equal",
        )
        old_at, new_at = old_at + old_length, new_at + new_length


def _joined(parts: Iterator[Change], old: str) -> Iterator[Change]:
    """Join neighbours of a kind, so that a reader sees one replacement and not its pieces.

    A space that two changes have between them is no reason to part them: whole names change, not each of their words.
    """
    last: Change | None = None
    space: Change | None = None
    for part in parts:
        if last is not None and not last.equal and space is None and part.equal and part.old.of(old) == " ":
            space = part
            continue
        if last is not None and (space is not None or last.equal is part.equal):
            if part.equal and space is not None:
                yield last
                last = _both(space, part)
            else:
                last = _both(last, part)
            space = None
            continue
        if last is not None:
            yield last
        last = part
    yield from (part for part in (last, space) if part is not None)


def _both(first: Change, second: Change) -> Change:
    return Change(
        old=Span(start=first.old.start, end=second.old.end),
        new=Span(start=first.new.start, end=second.new.end),
        equal=second.equal,
    )
