"""Documents cut into passages: some whole sentences each, the last of them repeated at the start of the next one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from factcheck.errors import UsageError
from factcheck.index.documents import Section, SourceDocument
from factcheck.provenance import sha256_text
from factcheck.text.sentences import split_sentences
from factcheck.types import Passage, Span

# One of these says about as much as three letters, and costs an encoder about as many tokens.
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af]")
_IDEOGRAPH_WEIGHT = 3
_BREAK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSettings:
    """How long passages are.

    Attributes:
        max_characters: a passage ends before the sentence that would make it longer; an ideograph counts three times.
            The default is about what the embedded encoder reads, 256 tokens, less a title.
        overlap_sentences: how many sentences a passage repeats of the one before it, if they fill at most half of it.
        near_duplicates: from which likeness on passages may count as one (see `factcheck.index.duplicates`).
    """

    max_characters: int = 900
    overlap_sentences: int = 1
    near_duplicates: float = 0.9

    def __post_init__(self) -> None:
        if self.max_characters < 50:
            raise UsageError(
                f"a passage of {self.max_characters} characters holds no sentence", remedy="use 50 or more"
            )
        if self.overlap_sentences < 0:
            raise UsageError("the overlap of passages cannot be negative", remedy="use 0 or more sentences")
        if not 0.5 <= self.near_duplicates <= 1:
            raise UsageError(
                f"a likeness of {self.near_duplicates:g} makes no sense here",
                remedy="use 0.5 to 1; 1 collapses equal passages alone",
            )


def passage_id(document_id: str, span: Span) -> str:
    """Return the id of a passage: it stays as long as the document's id and the cut stay."""
    return f"{document_id}#{span.start}-{span.end}"


def cut(source: SourceDocument, settings: PassageSettings) -> Iterator[Passage]:
    """Yield the passages of a document in the order of its text.

    Each is a stretch of the document's text, without white space at its ends. A sentence beyond the limit becomes
    windows that begin and end at word borders.
    """
    document = source.document
    sha256 = sha256_text(document.text)
    whole = (Section(span=Span(start=0, end=len(document.text)), heading=""),)
    for section in source.sections or whole:
        for span in _spans(document.text, section.span, settings):
            yield Passage(
                id=passage_id(document.id, span),
                document_id=document.id,
                document_sha256=sha256,
                title=document.title,
                section=" / ".join(part for part in (document.section, section.heading) if part),
                text=span.of(document.text),
                span=span,
                source=document.source,
                date=document.date,
            )


def _spans(text: str, within: Span, settings: PassageSettings) -> Iterator[Span]:
    words = within.of(text)
    trimmed = words.strip()
    if not trimmed:
        return
    start = within.start + len(words) - len(words.lstrip())
    if weight(trimmed) <= settings.max_characters:
        yield Span(start=start, end=start + len(trimmed))
        return
    for span in _pack(trimmed, split_sentences(trimmed), settings):
        yield span.shifted(start)


def _pack(text: str, sentences: list[Span], settings: PassageSettings) -> Iterator[Span]:
    limit = settings.max_characters
    packed: list[tuple[Span, int]] = []  # sentences of the passage in the making, each with its weight
    fresh = 0  # how many of them no passage has held yet
    for sentence in sentences:
        size = weight(sentence.of(text))
        if packed and packed[-1][0].end < sentence.start:
            size += 1  # the white space between
        if packed and sum(w for _, w in packed) + size > limit:
            if fresh:
                yield Span(start=packed[0][0].start, end=packed[-1][0].end)
            packed, fresh = _overlap(packed, size, settings), 0
        if size > limit:
            yield from _windows(text, sentence, limit)
            packed, fresh = [], 0
        else:
            packed.append((sentence, size))
            fresh += 1
    if fresh:
        yield Span(start=packed[0][0].start, end=packed[-1][0].end)


def _overlap(packed: list[tuple[Span, int]], following: int, settings: PassageSettings) -> list[tuple[Span, int]]:
    kept = packed[len(packed) - settings.overlap_sentences :] if settings.overlap_sentences else []
    while kept:
        total = sum(w for _, w in kept)
        if total <= settings.max_characters // 2 and total + following <= settings.max_characters:
            break
        kept = kept[1:]
    return kept


def _windows(text: str, sentence: Span, limit: int) -> Iterator[Span]:
    """Cut one sentence at word borders, each window repeating about a tenth of the one before it."""
    start = sentence.start
    while start < sentence.end:
        end = _advance(text, start, sentence.end, limit)
        if end < sentence.end:
            border = _last_break(text, start + (end - start) // 2, end)
            end = end if border is None else border
        stripped = text[start:end].rstrip()
        yield Span(start=start, end=start + len(stripped))
        if end >= sentence.end:
            return
        again = _BREAK.search(text, start + len(stripped) - len(stripped) // 10, end)
        start = end if again is None else again.end()
        gap = _BREAK.match(text, start, sentence.end)
        start = start if gap is None else gap.end()


def _advance(text: str, start: int, end: int, limit: int) -> int:
    """Return where `limit` is used up; a piece of `limit` characters is the longest that needs looking at."""
    piece = text[start : min(end, start + limit)]
    if not _IDEOGRAPH.search(piece):
        return start + len(piece)
    used = 0
    for i, character in enumerate(piece):
        used += _IDEOGRAPH_WEIGHT if _IDEOGRAPH.match(character) else 1
        if used > limit:
            return start + max(i, 1)
    return start + len(piece)


def _last_break(text: str, start: int, end: int) -> int | None:
    last = None
    for match in _BREAK.finditer(text, start, min(end + 1, len(text))):
        last = match.start()
    return last


def weight(text: str) -> int:
    """Return the length of a text in characters, ideographs counted three times."""
    if text.isascii():
        return len(text)
    return len(text) + (_IDEOGRAPH_WEIGHT - 1) * len(_IDEOGRAPH.findall(text))
