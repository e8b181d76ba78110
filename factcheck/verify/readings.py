"""A text, read for comparison: its words as stems, its names, and its numbers and dates with the words near them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from factcheck.text.dates import DateReading, Granularity, find_dates
from factcheck.text.quantities import Quantity, QuantityKind, find_quantities
from factcheck.text.sentences import split_sentences
from factcheck.text.stems import BE, CONTRASTS, HAN_STOP, LIGHT, PRONOUNS, ROLES, STOP, stem
from factcheck.text.tokens import tokens_with_spans
from factcheck.types import Evidence, Span

Item: TypeAlias = Quantity | DateReading

_OFFICE = frozenset("series season film play serve president minister reign air run war".split())
_WINDOW = 1500  # characters on each side of a value that are searched for brackets and clauses
NEAR = 12

"""Words on each side of a number, within its clause, that may say what it is."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        stem: reduced and mapped to its group of synonyms.
        name: whether it is part of a name (capitalised, and not only because it begins a sentence).
        sentence: which sentence it stands in.
    """

    stem: str
    span: Span
    name: bool
    sentence: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An item in its place.

    Attributes:
        near: stems around it, within its clause; `clause` has all of them.
        after: the next stems, `before` the last ones, nearest first.
        parenthesis: it stands in brackets; `lone`: with nothing else in them.
        edge: "first" or "last" for an end of a range of dates, else empty.
    """

    item: Item
    sentence: int
    near: frozenset[str]
    after: tuple[str, ...]
    before: tuple[str, ...]
    parenthesis: bool
    clause: frozenset[str] = frozenset()
    lone: bool = False
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, read for comparison.

    Attributes:
        heading: stems of title and section (evidence only).
        title: stems of the title.
        leaf: stems of the section's last part, the name of the value where a passage is a bare value.
        offset: where the evidence's own text begins in `text`.
        names: stems of names; `subject` those of the first name, which is the subject as a rule.
        words: in order.
        section_dates: the dates of the section's name, for which its values are.
        dated: when the passage was written, as the corpus states it.
    """

    text: str
    words: tuple[Word, ...]
    items: tuple[Placed, ...]
    title: frozenset[str] = frozenset()
    heading: frozenset[str] = frozenset()
    leaf: frozenset[str] = frozenset()
    offset: int = 0
    stems: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    subject: tuple[str, ...] = ()
    runs: Mapping[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    placed: Mapping[int, tuple[Placed, ...]] = field(default_factory=dict)
    first_word: tuple[int, ...] = ()
    sentences: tuple[frozenset[str], ...] = ()
    starts_with_pronoun: tuple[bool, ...] = ()
    section_dates: tuple[DateReading, ...] = ()
    dated: DateReading | None = None
    spans: tuple[Span, ...] = ()

    def items_of(self, sentence: int) -> tuple[Placed, ...]:
        """Return the items of one sentence."""
        return self.placed.get(sentence, ())

    def runs_of(self, sentence: int) -> tuple[tuple[str, ...], ...]:
        """Return the names of one sentence, each as its stems."""
        return self.runs.get(sentence, ())

    def words_of(self, sentence: int) -> tuple[Word, ...]:
        """Return the words of one sentence."""
        last = self.first_word[sentence + 1] if sentence + 1 < len(self.first_word) else len(self.words)
        return self.words[self.first_word[sentence] : last]


# "In 1903 … and in 1911 …", "… in 1903 and …": another event begins.
_CLAUSE = re.compile(
    r";|,?\s(?:and|but|while|whereas|then)\s(?=(?:in|on|by|from|after|since|until)\s(?:\w+\s){0,2}\d)"
    r"|(?<=\d{4}),?\s(?=(?:and|but|while|whereas)\s[a-z])"
)
_WITHIN_NAME = re.compile(r"(?:[\s.'’:,&-]|'s|’s|of|the|and|in|de|la|van|von|\d|[A-Z]\b){0,24}")
_ADJACENT = re.compile(r"(?:[\s.'’-]|'s|’s){0,4}")
_SMALL = re.compile(r"of|the|and|in|de|la|van|von|a|to|for|on")
_LOWER_WORD = re.compile(r"\s([a-z]{3,})")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")


def read_claim(text: str) -> Reading:
    """Read a claim."""
    return _read(text)


def read_evidence(evidence: Evidence) -> Reading:
    """Read a piece of evidence under its title and section."""
    passage = evidence.passage
    title = passage.title if passage is not None else ""
    section = passage.section if passage is not None else ""
    leaf = re.split(r"\s/\s|/|›|»|>", section)[-1] if section else ""
    heading = _stems(title) | _stems(section)
    return _read(
        evidence.text,
        title=_stems(title),
        heading=heading,
        leaf=_leaf(leaf),
        section_dates=tuple(date for date in find_dates(section) if date.year_known and date.valid),
        dated=_dated(passage.date if passage is not None else None),
        context=f"{title}\n{section}",
    )


def _dated(date: str | None) -> DateReading | None:
    return next((d for d in find_dates((date or "")[:64]) if d.year_known and d.valid), None)


def _leaf(text: str) -> frozenset[str]:
    """Return what sets a section's last part apart: nothing where it is a total."""
    if re.search(r"\btotal\b", text, re.IGNORECASE):
        return frozenset()
    return frozenset(word for word in _stems(text) if word not in LIGHT and not word.isdigit())


def _stems(text: str) -> frozenset[str]:
    return frozenset(found for token in tokens_with_spans(text) if (found := stem(token.text)) and found not in STOP)


def _read(
    text: str,
    *,
    title: frozenset[str] = frozenset(),
    heading: frozenset[str] = frozenset(),
    leaf: frozenset[str] = frozenset(),
    section_dates: tuple[DateReading, ...] = (),
    dated: DateReading | None = None,
    context: str = "",
) -> Reading:
    sentences = split_sentences(text) or [Span(start=0, end=len(text))]
    dates = find_dates(text)
    # The heading decides what "nm" is; it stands after the text, so that spans hold.
    quantities = [q for q in find_quantities(f"{text}\n{context}", dates) if q.span.end <= len(text)]
    items: list[Item] = sorted([*dates, *quantities], key=lambda item: item.span.start)
    words = _words(text, sentences, [item.span for item in items if not _is_name(item)])
    per_sentence = [set[str]() for _ in sentences]
    for word in words:
        per_sentence[word.sentence].add(word.stem)
    numbers = [word.sentence for word in words]
    first_word = tuple(bisect.bisect_left(numbers, n) for n in range(len(sentences)))
    word_starts = [word.span.start for word in words]
    sentence_starts = [sentence.start for sentence in sentences]
    placed = tuple(
        edge for item in items for edge in _edges(_place(text, item, words, sentences, word_starts, sentence_starts))
    )
    by_sentence: dict[int, list[Placed]] = {}
    for found_item in placed:
        by_sentence.setdefault(found_item.sentence, []).append(found_item)
    return Reading(
        text=text,
        words=tuple(words),
        items=placed,
        title=title,
        heading=heading,
        leaf=leaf,
        stems=frozenset(word.stem for word in words) | heading,
        names=frozenset(word.stem for word in words if word.name),
        subject=_subject(text, words),
        runs=_runs(text, words),
        placed={number: tuple(group) for number, group in by_sentence.items()},
        first_word=first_word,
        sentences=tuple(map(frozenset, per_sentence)),
        starts_with_pronoun=tuple(PRONOUNS.match(s.of(text)[:24].lower()) is not None for s in sentences),
        section_dates=section_dates,
        dated=dated,
        spans=tuple(sentences),
    )


def _words(text: str, sentences: Sequence[Span], values: Sequence[Span]) -> list[Word]:
    """Return the words of a text in order, those within its values left out."""
    words: list[Word] = []
    current = 0
    at = 0
    opens = True
    for token in tokens_with_spans(text):
        while current + 1 < len(sentences) and token.span.start >= sentences[current + 1].start:
            current += 1
            opens = True
        while at < len(values) and values[at].end <= token.span.start:
            at += 1
        if at < len(values) and values[at].start < token.span.end:
            opens = False
            continue
        found = stem(token.text)
        name = (
            _CAPITAL.match(token.span.of(text)) is not None
            and found not in STOP
            and not (opens and (found in LIGHT | CONTRASTS or _common(text, token.span.end)))
        )
        if found and (found.isascii() or not HAN_STOP.intersection(found)):
            words.append(Word(found, token.span, name, current))
        opens = False
    return words


def _common(text: str, end: int) -> bool:
    """Say whether the capitalised word that opens a sentence is a common noun: "Life expectancy in Gabon"."""
    following = _LOWER_WORD.match(text, end)
    return (
        following is not None
        and stem(following[1]) not in BE | STOP
        and len(following[1]) > 5
        and (not following[1].endswith(("ed", "s", "ly")))
    )


def _subject(text: str, words: list[Word]) -> tuple[str, ...]:
    """Return the stems of the first name: capitalised words with nothing but blanks and small words between them."""
    found: list[Word] = []
    for word in words:
        if word.name:
            if found and not _WITHIN_NAME.fullmatch(text, found[-1].span.end, word.span.start):
                break
            found.append(word)
        elif found and not _SMALL.fullmatch(word.span.of(text)):
            break
    return tuple(word.stem for word in found)


def _runs(text: str, words: list[Word]) -> dict[int, tuple[tuple[str, ...], ...]]:
    """Return the runs of capitalised words with nothing between them, each with its sentence."""
    runs: list[tuple[int, list[str]]] = []
    last: Word | None = None
    for word in words:
        if not word.name:
            continue
        if (
            last is not None
            and last.sentence == word.sentence
            and _ADJACENT.fullmatch(text, last.span.end, word.span.start)
        ):
            runs[-1][1].append(word.stem)
        else:
            runs.append((word.sentence, [word.stem]))
        last = word
    by_sentence: dict[int, list[tuple[str, ...]]] = {}
    for sentence, stems in runs:
        by_sentence.setdefault(sentence, []).append(tuple(stems))
    return {sentence: tuple(group) for sentence, group in by_sentence.items()}


def _is_name(item: Item) -> bool:
    return isinstance(item, Quantity) and item.kind is QuantityKind.NAME


def _edges(placed: Placed) -> list[Placed]:
    """Give a range of dates its two ends as items of their own.

    "(23 November 1887 – 2 February 1969)" after a name are birth and death; of any other range the ends are when
    something began and ended.
    """
    item = placed.item
    if not isinstance(item, DateReading) or item.granularity is not Granularity.RANGE or not item.valid:
        return [placed]
    days = (item.start[1:], item.end[1:]) != ((1, 1), (12, 31))
    life = placed.parenthesis and (days or item.end[0] - item.start[0] > 14) and not placed.near & _OFFICE
    grain = Granularity.DAY if days else Granularity.YEAR
    first = replace(item, end=item.start if days else (item.start[0], 12, 31), granularity=grain, form="edge")
    last = replace(item, start=item.end if days else (item.end[0], 1, 1), granularity=grain, form="edge")
    begin, end = ({"birth"}, {"die"}) if life else ({"begin"}, {"end"})
    edges = [placed, replace(placed, item=first, near=placed.near | begin, edge="first")]
    if item.form != "open":
        edges.append(replace(placed, item=last, near=placed.near | end, edge="last"))
    return edges


def _place(
    text: str,
    item: Item,
    words: list[Word],
    sentences: list[Span],
    starts: list[int],
    sentence_starts: list[int],
) -> Placed:
    left = bisect.bisect_left(starts, item.span.start)
    right = bisect.bisect_left(starts, item.span.end)
    number = max(0, bisect.bisect_right(sentence_starts, item.span.start) - 1)
    sentence = sentences[number]
    # A window keeps a sentence of fifty thousand characters linear.
    low = max(sentence.start, item.span.start - _WINDOW)
    high = min(sentence.end, item.span.end + _WINDOW)
    opened, closed = text.rfind("(", low, item.span.start), text.rfind(")", low, item.span.start)
    parenthesis = opened > closed
    edges = (low, high)
    if parenthesis:
        end = text.find(")", item.span.end, high)
        high = end if end >= 0 else high
    else:
        for mark in _CLAUSE.finditer(text, *edges):
            if mark.end() <= item.span.start:
                low = mark.end()
            elif mark.start() >= item.span.end:
                high = mark.start()
                break
    near: list[str] = []
    after: list[str] = []
    before: list[str] = []
    for index in range(left - 1, max(-1, left - NEAR - 1), -1):
        word = words[index]
        if word.span.start < low:
            break
        if not (word.name and word.stem in ROLES):
            near.append(word.stem)
        before.append(word.stem)
        if parenthesis and word.span.start < opened and len(before) >= 7:
            break
    for index in range(left, min(len(words), right + NEAR)):
        word = words[index]
        if word.span.start >= high:
            break
        if not (word.name and word.stem in ROLES):
            near.append(word.stem)  # "A Star Is Born" is nobody's birth
        if word.span.start >= item.span.start:
            after.append(word.stem)
    lone = (
        parenthesis
        and not text[opened + 1 : item.span.start].strip()
        and text[item.span.end : high].strip() in {"", ")"}
    )
    # In brackets the words before them belong to the value as well.
    first = bisect.bisect_left(starts, edges[0] if parenthesis else low)
    last = bisect.bisect_left(starts, edges[1] if parenthesis else high)
    clause = frozenset(word.stem for word in words[first:last])
    return Placed(item, number, frozenset(near), tuple(after[:6]), tuple(before[:6]), parenthesis, clause, lone)
