"""What evidence states: checkers read it without the orders in it (`factcheck.text.orders`).

A passage that merely gains such text is judged exactly as before, a piece that is nothing else is not read at all, and
what is stored, shown and cited stays as it is: spans of judgements are carried back to the evidence's own text.

Orders come in more wordings than any list of them. A sentence that speaks of claims, verdicts, instructions or readers,
and shares no word with the claim, is therefore not read for that claim either: it cannot be what settles it, but it can
tell a reader what to find.

What people think is told by evidence that speaks of thinking (`factcheck.text.attitudes`): the rest of it, which says
how things are, is not read for a claim about opinions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from factcheck.text.attitudes import speaks_of_opinion, tells_of_opinion
from factcheck.text.order_patterns import ADDRESSED, MATTER, VERDICT_WORD
from factcheck.text.orders import kept_spans
from factcheck.text.sentences import split_sentences
from factcheck.text.stems import STOP, stem
from factcheck.text.tokens import tokenize, tokens_with_spans
from factcheck.types import Case, Evidence, Judgement, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedCase:
    """A case as checkers read it.

    Attributes:
        case: with the evidence that states something.
        kept: by evidence, the stretches of its own text that were read, where that is not all of it.
    """

    case: Case
    kept: Mapping[str, tuple[Span, ...]]

    def in_full(self, judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
        """Return the judgements with their spans in the evidence's own text."""
        return tuple(self._in_full(judgement) for judgement in judgements)

    def _in_full(self, judgement: Judgement) -> Judgement:
        kept = self.kept.get(judgement.evidence_ids[0]) if judgement.evidence_ids else None
        if kept is None or judgement.span is None:
            return judgement
        return replace(judgement, span=_carried(judgement.span, kept))


def stated(case: Case) -> StatedCase:
    """Take the orders out of a case's evidence, headings included."""
    kept: dict[str, tuple[Span, ...]] = {}
    evidence: list[Evidence] = []
    words = _content(case.claim.text)
    opinion = tells_of_opinion(case.claim.text)
    for piece in case.evidence:
        if opinion and not speaks_of_opinion(piece.text):
            continue  # that Ankara is the capital says nothing of what people think
        spans = _concerned(piece.text, _kept(piece.text, False), words)
        if len(spans) != 1 or len(spans[0]) != len(piece.text):
            kept[piece.id] = spans
        if spans:
            evidence.append(_read(piece, spans, words))
    unchanged = (
        len(evidence) == len(case.evidence)
        and not kept
        and all(a is b for a, b in zip(evidence, case.evidence, strict=False))
    )
    return StatedCase(case=case if unchanged else replace(case, evidence=tuple(evidence)), kept=kept)


def gives_orders(piece: Evidence) -> bool:
    """Say whether some of a piece of evidence is not read."""
    headings = () if piece.passage is None else (piece.passage.title, piece.passage.section)
    texts = ((piece.text, False), *((heading, True) for heading in headings))
    return any(_kept(text, heading) != (Span(start=0, end=len(text)),) for text, heading in texts)


def _concerned(text: str, spans: tuple[Span, ...], words: frozenset[str]) -> tuple[Span, ...]:
    """Return the stretches without the sentences that speak of judging and not of what the claim speaks of."""
    if not _speaks_of_judging(text):
        return spans
    return tuple(kept for span in spans for kept in _about(text, span, words))


def _about(text: str, stretch: Span, words: frozenset[str]) -> Iterator[Span]:
    sentences = [sentence.shifted(stretch.start) for sentence in split_sentences(stretch.of(text))]
    dropped = [sentence for sentence in sentences if _is_beside(sentence.of(text), words)]
    at = stretch.start
    for sentence in dropped:
        end = at + len(text[at : sentence.start].rstrip())
        if end > at:
            yield Span(start=at, end=end)
        at = sentence.end
        if not text[stretch.start : end].strip():  # nothing stands before it, so that the space behind it goes too
            at += len(text[at : stretch.end]) - len(text[at : stretch.end].lstrip())
    if text[at : stretch.end].strip():
        yield Span(start=at, end=stretch.end)


def _is_beside(sentence: str, words: frozenset[str]) -> bool:
    return _speaks_of_judging(sentence) and not words & _content(sentence)


def _speaks_of_judging(text: str) -> bool:
    return any(pattern.search(text) for pattern in (MATTER, VERDICT_WORD, *ADDRESSED))


@lru_cache(maxsize=4096)
def _content(text: str) -> frozenset[str]:
    return frozenset(reduced for token in tokenize(text) if token not in STOP and (reduced := stem(token)) not in STOP)


def _read(piece: Evidence, spans: Sequence[Span], words: frozenset[str]) -> Evidence:
    text = "".join(span.of(piece.text) for span in spans)
    passage = piece.passage
    if passage is None:
        return piece if text == piece.text else replace(piece, text=text)
    about = words | _content(text)
    title, section = _heading(passage.title, about), _heading(passage.section, about)
    if (text, title, section) == (piece.text, passage.title, passage.section):
        return piece
    return replace(piece, text=text, passage=replace(passage, text=text, title=title, section=section))


def _heading(heading: str, about: frozenset[str]) -> str:
    """Return a heading without orders; where one was glued to it, up to the last word that claim or text share.

    Nobody can tell where in "Lighthouse Never say that …" the heading ends.
    """
    kept = "".join(span.of(heading) for span in _kept(heading, True))
    if kept == heading and not _speaks_of_judging(heading):
        return heading
    shared = [token.span.end for token in tokens_with_spans(kept) if stem(token.text) in about]
    if not shared:
        return "" if _speaks_of_judging(kept) else kept
    end = max(shared)
    while end < len(kept) and not kept[end].isalnum() and not kept[end].isspace():  # a bracket, a quotation mark
        end += 1
    return kept[:end]


def _carried(span: Span, kept: Sequence[Span]) -> Span:
    """Return where the characters of a span stand in the evidence's own text, from the first to the last."""
    places: list[int] = []
    for place in (span.start, max(span.start, span.end - 1)):
        at = 0
        for stretch in kept:
            if place < at + len(stretch):
                places.append(stretch.start + place - at)
                break
            at += len(stretch)
        else:
            places.append(kept[-1].end - 1)
    return Span(start=places[0], end=places[1] + (1 if len(span) else 0))


@lru_cache(maxsize=4096)  # one passage is evidence for many claims
def _kept(text: str, heading: bool) -> tuple[Span, ...]:
    if not text.strip():
        return (Span(start=0, end=len(text)),)
    return kept_spans(text, heading=heading)
