"""Evidence too long for a model at once: windows of whole sentences, the likeliest first.

Nothing is cut off in silence. Evidence that fits is one window. Longer evidence is cut into windows that overlap by a
sentence, each under the evidence's heading; of these the ones that share the most, and the rarest, words with the claim
are read, and how many there were is kept, so that a judgement can say so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from factcheck.text.sentences import split_sentences
from factcheck.text.tokens import tokenize
from factcheck.types import Evidence, Span

CountTokens = Callable[[str], int]

_SPACE = re.compile(r"\s+")
# Of very long evidence only so many sentences around the likeliest are counted in tokens and packed into windows.
_CANDIDATES = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Some consecutive sentences of a premise under its heading.

    Attributes:
        text: what the model reads.
        span: the sentences' place in the evidence's text; None where they are a heading too long to repeat.
        sentences: first and last-but-one, as positions in the premise's sentences.
    """

    text: str
    span: Span | None
    sentences: range


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The windows to be read, in the order of the text, and how many sentences there are in them and in all."""

    windows: tuple[Window, ...]
    sentences_read: int
    sentences: int


class Premise:
    """A piece of evidence, its sentences and where each word stands.

    Args:
        evidence: what is read.
        count: tokens of a text, by the model that will read it.
        heading_limit: tokens; a longer heading is read as text of its own instead of before every window.
        piece_limit: tokens; a sentence longer than this is cut at white space.
    """

    def __init__(self, evidence: Evidence, count: CountTokens, *, heading_limit: int, piece_limit: int) -> None:
        self._text = evidence.text
        self._count = count
        heading = ""
        if evidence.passage is not None:
            heading = "\n".join(part for part in (evidence.passage.title, evidence.passage.section) if part)
        fits = len(heading) < 16 * heading_limit and count(heading) <= heading_limit
        self._heading = heading + "\n" if heading and fits else ""
        self._heading_tokens = count(heading) + 1 if self._heading else 0
        self._own: list[tuple[str, Span | None]] = []
        if heading and not fits:
            self._own += [(span.of(heading), None) for span in pieces(heading, count, piece_limit)]
        self._own += [(span.of(self._text), span) for span in pieces(self._text, count, piece_limit)]
        self._places: dict[str, list[int]] | None = None

    def __len__(self) -> int:
        return len(self._own)

    def select(self, claim: str, room: int, limit: int) -> Selection:
        """Choose windows for a claim.

        Args:
            claim: decides which windows are likely.
            room: tokens that a window may have, heading included.
            limit: windows that may be read.
        """
        if not self._own:
            return Selection(windows=(), sentences_read=0, sentences=0)
        room -= self._heading_tokens
        weights: dict[int, float] | None = None
        chosen: Iterable[int] = range(len(self._own))
        if len(self._own) > _CANDIDATES:
            weights = self._weights(claim)
            chosen = self._around_best(weights)
        runs = list(self._pack(chosen, room))
        if len(runs) > limit:
            weights = self._weights(claim) if weights is None else weights
            gain = {run: sum(weights.get(place, 0.0) for place in run) for run in runs}
            runs = sorted(sorted(runs, key=lambda run: (-gain[run], run.start))[:limit], key=lambda run: run.start)
        read = {place for run in runs for place in run}
        windows = tuple(self._window(run) for run in runs)
        return Selection(windows=windows, sentences_read=len(read), sentences=len(self._own))

    def closest(self, claim: str, window: Window) -> Span | None:
        """Narrow a window to the sentences that share words with the claim."""
        weights = self._weights(claim)
        placed = [(weights.get(i, 0.0), span) for i in window.sentences if (span := self._own[i][1]) is not None]
        best = max((weight for weight, _ in placed), default=0.0)
        if best <= 0.0:
            return window.span
        near = [span for weight, span in placed if weight >= best / 2]
        return Span(start=near[0].start, end=near[-1].end)

    def _window(self, run: range) -> Window:
        first, last = self._own[run[0]][1], self._own[run[-1]][1]
        if first is None or last is None:
            return Window(text=" ".join(self._own[place][0] for place in run), span=None, sentences=run)
        span = Span(start=first.start, end=last.end)
        return Window(text=self._heading + span.of(self._text), span=span, sentences=run)

    def _pack(self, places: Iterable[int], room: int) -> Iterable[range]:
        """Yield runs of consecutive sentences that fit; each begins with the last sentence of the one before it."""
        run: list[int] = []
        costs: list[int] = []
        for place in places:
            cost = self._count(self._own[place][0]) + 1  # a line break may be a token
            follows = bool(run) and place == run[-1] + 1 and self._in_heading(place) is self._in_heading(run[-1])
            if run and not (follows and sum(costs) + cost <= room):
                yield range(run[0], run[-1] + 1)
                overlaps = follows and len(run) > 1 and costs[-1] <= room // 3 and costs[-1] + cost <= room
                run, costs = (run[-1:], costs[-1:]) if overlaps else ([], [])
            run.append(place)
            costs.append(cost)
        if run:
            yield range(run[0], run[-1] + 1)

    def _in_heading(self, place: int) -> bool:
        return self._own[place][1] is None

    def _around_best(self, weights: dict[int, float]) -> list[int]:
        """Return the likeliest sentences with their neighbours, the first ones where no word is shared."""
        best = sorted(weights, key=lambda place: (-weights[place], place))[: _CANDIDATES // 3]
        near = {place + step for place in best for step in (-1, 0, 1) if 0 <= place + step < len(self._own)}
        return sorted(near) or list(range(_CANDIDATES))

    def _weights(self, claim: str) -> dict[int, float]:
        """Return by sentence the summed weights of the claim's words in it; a word weighs more the rarer it is."""
        if self._places is None:
            self._places = {}
            for place, (text, _) in enumerate(self._own):
                for token in set(tokenize(text)):
                    self._places.setdefault(token, []).append(place)
        total: dict[int, float] = {}
        for token in sorted(set(tokenize(claim))):
            found = self._places.get(token, ())
            if len(found) > max(_CANDIDATES, len(self._own) // 2):
                continue  # a word of most sentences tells none of them apart
            weight = math.log((len(self._own) + 1) / (len(found) + 0.5))
            for place in found:
                total[place] = total.get(place, 0.0) + weight
        return total


def pieces(text: str, count: CountTokens, limit: int) -> list[Span]:
    """Return the sentences of a text, those of more than `limit` tokens cut at white space, or anywhere without any."""
    result: list[Span] = []
    for sentence in split_sentences(text):
        result.extend(_cut(text, sentence, count, limit))
    return result


def _cut(text: str, span: Span, count: CountTokens, limit: int) -> Iterable[Span]:
    # A character is at most four tokens (its bytes); and what is far too long is halved before anything is counted.
    if len(span) <= max(1, limit // 4) or (len(span) <= 16 * limit and count(span.of(text)) <= limit):
        return [span]
    middle = _break_near(text, span)
    left, right = Span(start=span.start, end=middle), Span(start=middle, end=span.end)
    return [piece for half in (left, right) for piece in _cut(text, _trimmed(text, half), count, limit) if len(piece)]


def _break_near(text: str, span: Span) -> int:
    """Return the white space nearest to the middle of a span, within an eighth of its length; else the middle."""
    middle = (span.start + span.end) // 2
    reach = max(1, len(span) // 8)
    after = _SPACE.search(text, middle, min(span.end, middle + reach))
    if after is not None:
        return after.start()
    before = max(text.rfind(" ", max(span.start, middle - reach), middle), span.start)
    return before if before > span.start else middle


def _trimmed(text: str, span: Span) -> Span:
    piece = span.of(text)
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start=start, end=max(start, span.start + len(piece.rstrip())))


def claim_parts(claim: str, count: CountTokens, limit: int) -> Sequence[str]:
    """Return the parts of a claim, each of at most `limit` tokens: the claim itself where it fits, else its sentences.

    Where there are very many, neighbours are put together as far as they fit.
    """
    if len(claim) <= 16 * limit and count(claim) <= limit:
        return [claim] if claim.strip() else []
    spans = pieces(claim, count, limit)
    if len(spans) > _CANDIDATES:
        joined: list[Span] = []
        for span in spans:
            together = Span(start=joined[-1].start, end=span.end) if joined else span
            if joined and len(together) <= 16 * limit and count(together.of(claim)) <= limit:
                joined[-1] = together
            else:
                joined.append(span)
        spans = joined
    return [span.of(claim) for span in spans]
