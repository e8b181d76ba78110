"""A screen for a text that comes piece by piece, and is handed on before its end is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from factcheck.screen.findings import Finding, ScreenAction, redact
from factcheck.screen.screen import Screen
from factcheck.text.sentences import split_sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """What may be handed on now.

    Attributes:
        text: what stands for the pieces that are settled; may be empty.
        stopped: something was found that ends the text here; nothing after it is handed on.
    """

    text: str
    stopped: bool = False


class Sieve:
    """Lets through what holds nothing that the screen finds.

    A listed term may begin in one sentence and end in the next, so the last sentence always waits; two that share a
    finding are settled together. With `report` nothing is changed, so that nothing waits.
    """

    def __init__(self, screen: Screen, action: ScreenAction) -> None:
        self._screen = screen
        self._action = action
        self._held = ""
        self._before = 0  # how long what has been let through was, as it came in
        self.findings: list[Finding] = []

    def sift(self, piece: str, *, last: bool) -> Sifted:
        """Take a piece; return what may be handed on.

        Args:
            piece: the next sentences.
            last: no other follows.
        """
        if self._action is ScreenAction.REPORT:
            return Sifted(text=piece)
        whole = self._held + piece
        (found,) = self._screen.look([whole])
        edge = len(whole) if last else _edge(whole, found)
        settled, self._held = whole[:edge], whole[edge:]
        inside = [f for f in found if f.span.end <= len(settled)]
        self.findings += [replace(f, span=f.span.shifted(self._before)) for f in inside]
        self._before += len(settled)
        if inside and self._action is ScreenAction.BLOCK:
            starts = [s.start for s in split_sentences(settled) if s.start <= inside[0].span.start]
            return Sifted(text=settled[: max(starts, default=0)], stopped=True)
        return Sifted(text=redact(settled, inside))

    def clean(self, text: str) -> Sifted:
        """Look at a text that stands for itself, such as a rewritten sentence."""
        if self._action is ScreenAction.REPORT:
            return Sifted(text=text)
        (found,) = self._screen.look([text])
        self.findings += found
        if found and self._action is ScreenAction.BLOCK:
            return Sifted(text="", stopped=True)
        return Sifted(text=redact(text, found))


def _edge(text: str, found: Sequence[Finding]) -> int:
    """Return where the last sentence begins, or an earlier one if a finding reaches across."""
    starts = [0, *(sentence.start for sentence in split_sentences(text))]
    return max(s for s in starts if not any(f.span.start < s < f.span.end for f in found))
