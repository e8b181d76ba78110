"""Which parts of a sentence could answer a question, and how the question reads with one of them put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from factcheck.generate.question import AnswerKind, Question
from factcheck.text.dates import DateReading, find_dates
from factcheck.text.names import find_names
from factcheck.text.quantities import Quantity, QuantityKind, find_quantities
from factcheck.text.stems import STOP, stem
from factcheck.text.tokens import CJK, tokens_with_spans
from factcheck.types import Span

MOST_SPANS = 24
"""Of one sentence, to find the sentence that answers."""
MOST_PARTS = 64
"""Of the sentence that answers."""
_MOST_WORDS = 9

_BREAK = re.compile(r"[,;:()\[\]–—“”\"]|\.(?=\s|$)|[。，、；：（）「」]")
_WORD = re.compile(rf"[^\W_]+(?:['’.&/-][^\W_]+)*|[{CJK}]+")
_JOINS = frozenset("of and or the a an in for to with on at by de la von van du".split())
_LIGHT = frozenset(
    "the a an of in on at to for from by with and or but as is are was were be been being it its he she his her they"
    " their them this that these those which who whom whose there then than so such into onto over under about around"
    " also not no has have had having do does did will would can could may might must should while when where what how"
    " because since after before during between through until if however although though both either neither each"
    " only just even still very more most less least all any some many several within without among against toward"
    " towards upon per via like unlike along across behind below above beyond near off out up down again often always"
    " never ever already yet later early soon now today too much such other another same used called known named"
    " including made make makes became become becomes began begin took take takes gave give gives".split()
)
_NO_ADVERBS = frozenset("family assembly italy supply reply july monopoly anomaly butterfly early daily".split())
_ABOUT = re.compile(
    r"(?:\b(?:about|around|approximately|roughly|nearly|almost|over|under|up to|at least|at most|more than|less than"
    r"|fewer than|as many as|as much as|some|only|just|between|from|the|circa|c\.)\s+)+$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s+(?:ago|times(?:\s+(?:\w+\s+){0,3}\w+)?|years?\s+(?:ago|old))\b", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|—|to|and|until|or)\s*", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d.,])(?:[1-9]\d{2}|1\d{3}|20\d{2})(?:s\b)?(?![\d,]*\d)")
_FIGURE = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)")
_REASON = re.compile(r"\b(?:because(?: of)?|due to|since|so that|in order to|as a result of|owing to|thanks to|to)\s+")
_MANNER = re.compile(r"\b(?:by|through|via|using|with|in)\s+")
_PLACE = re.compile(r"\b(?:in|at|on|near|to|from|of|inside|outside|across|between|within|around)\s+(?:the\s+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSpan:
    """A part of a sentence that could be the answer.

    Attributes:
        span: into the sentence.
        fits: how well it is of the kind that is asked for, in [0, 1].
        complete: it is a whole name, date, number or phrase, nothing cut off.
    """

    span: Span
    fits: float
    complete: bool


def find_spans(text: str, question: Question, *, every: bool = False) -> list[AnswerSpan]:
    """Return what in a sentence could answer a question, the best fitting first; what the question says is left out.

    Args:
        text: the sentence.
        question: that it may answer.
        every: also values with what belongs to them, enumerations, and phrases where a figure is asked for; for the
            one sentence that answers.
    """
    known = frozenset(question.needs)
    found: dict[tuple[int, int], tuple[float, bool]] = {}
    # Nobody and nowhere is called by a date.
    kept_out = [d.span for d in find_dates(text)] if question.kind in (AnswerKind.PERSON, AnswerKind.PLACE) else []
    for start, end, fits, complete in _candidates(text, question, every):
        if kept_out and any(place.overlaps(Span(start=start, end=end)) for place in kept_out):
            continue
        words = [t for t in tokens_with_spans(text[start:end]) if t.text not in STOP]
        if not words or all(stem(t.text) in known for t in words):
            continue
        found[start, end] = max(found.get((start, end), (0.0, False)), (fits, complete))
    ranked = sorted(found.items(), key=lambda item: (-item[1][0], not item[1][1], item[0]))[
        : MOST_PARTS if every else MOST_SPANS
    ]
    return [
        AnswerSpan(span=Span(start=start, end=end), fits=fits, complete=complete)
        for (start, end), (fits, complete) in ranked
    ]


def _candidates(text: str, question: Question, every: bool) -> Iterator[tuple[int, int, float, bool]]:
    kind = question.kind
    dates = find_dates(text)
    quantities = [q for q in find_quantities(text, dates) if q.kind is not QuantityKind.NAME]
    if kind in _FIGURES:
        values = list(_values(text, question, dates, quantities, every))
        yield from values
        if every:
            yield from _widened(text, values)
            yield from ((start, end, 0.1, complete) for start, end, complete in _phrases(text))
    else:
        for name in find_names(text):
            fits = {AnswerKind.PERSON: 1.0, AnswerKind.PLACE: 0.9, AnswerKind.THING: 0.7}.get(kind, 0.4)
            yield name.span.start, name.span.end, fits, True
        yield from ((q.span.start, q.span.end, 0.3, True) for q in quantities)
        yield from ((d.span.start, d.span.end, 0.2, True) for d in dates)
        fits = {AnswerKind.PERSON: 0.3, AnswerKind.PLACE: 0.4}.get(kind, 0.6)
        yield from ((start, end, fits, complete) for start, end, complete in _phrases(text))
        if every:
            yield from ((start, end, fits, complete) for start, end, complete in _lists(text))
    cue = {AnswerKind.REASON: _REASON, AnswerKind.MANNER: _MANNER, AnswerKind.PLACE: _PLACE}.get(kind)
    if cue is not None:
        for match in cue.finditer(text):
            stop = _BREAK.search(text, match.end())
            end = stop.start() if stop else len(text)
            if 0 < len(text[match.end() : end].split()) <= 20:
                yield match.end(), len(text[:end].rstrip()), 0.8, True


_FIGURES = frozenset({AnswerKind.COUNT, AnswerKind.MEASURE, AnswerKind.SHARE, AnswerKind.TIME})


def _values(
    text: str, question: Question, dates: Sequence[DateReading], quantities: Sequence[Quantity], every: bool
) -> Iterator[tuple[int, int, float, bool]]:
    kind = question.kind
    if kind is AnswerKind.TIME:
        only_year = every and question.asked is not None and "year" in question.asked.of(question.text).lower()
        for date in dates:
            yield date.span.start, date.span.end, 0.5 if only_year else 1.0, True
        for year in _YEAR.finditer(text) if every else ():
            yield year.start(), year.end(), 1.0 if only_year else 0.9, True
    for q in quantities:
        counted = q.kind in (QuantityKind.COUNT, QuantityKind.FRACTION)
        fits = 1.0
        if kind is AnswerKind.COUNT:
            fits = 1.0 if counted else 0.4
        elif kind is AnswerKind.SHARE:
            fits = 1.0 if q.kind in (QuantityKind.PERCENT, QuantityKind.FRACTION) else 0.3
        elif kind is AnswerKind.TIME:
            fits = 0.3
        elif counted:
            fits = 0.5
        yield q.number.start, q.number.end, fits * (0.9 if q.unit is not None else 1.0), q.unit is None
        if q.unit is not None or q.kind in (QuantityKind.PERCENT, QuantityKind.CURRENCY, QuantityKind.AGE):
            yield min(q.number.start, _currency_start(text, q.number.start)), q.span.end, fits, True
    if every and kind in (AnswerKind.COUNT, AnswerKind.MEASURE):
        for figure in _FIGURE.finditer(text):
            yield figure.start(), figure.end(), 0.6, True


def _widened(text: str, values: Sequence[tuple[int, int, float, bool]]) -> Iterator[tuple[int, int, float, bool]]:
    """Yield values with what belongs to them: "*over* 5,100", "66 million years *ago*", "*between* 2005 *and 2010*"."""
    starts = {start: (end, fits) for start, end, fits, _ in values}
    for start, end, fits, _ in values:
        joint = _RANGE.match(text, end)
        if joint is not None and joint.end() in starts and joint.end() > end:
            further, other = starts[joint.end()]
            yield start, further, max(fits, other), True
            lead = _ABOUT.search(text, 0, start)
            if lead is not None:
                yield lead.start(), further, max(fits, other), True
        after = _AFTER.match(text, end)
        for last in {end, after.end() if after else end}:
            lead = _ABOUT.search(text, 0, start)
            if last != end:
                yield start, last, fits, True
            if lead is not None:
                yield lead.start(), last, fits, True


def _light(word: str) -> bool:
    return word in _LIGHT or (word.endswith("ly") and len(word) > 4 and word not in _NO_ADVERBS)


def _currency_start(text: str, start: int) -> int:
    return start - 1 if start and text[start - 1] in "$€£¥" else start


def _phrases(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield runs of words without grammar between them, and pairs of such runs joined by "of", "and" and the like."""
    stretch_start = 0
    for stop in [*(m.start() for m in _BREAK.finditer(text)), len(text)]:
        words = [(m.start(), m.end(), m.group().lower()) for m in _WORD.finditer(text, stretch_start, stop)]
        stretch_start = stop
        runs: list[tuple[int, int]] = []  # positions of the first and last word
        at = 0
        while at < len(words):
            if _light(words[at][2]):
                at += 1
                continue
            first = at
            while at + 1 < len(words) and not _light(words[at + 1][2]):
                at += 1
            runs.append((first, at))
            at += 1
        for number, (first, last) in enumerate(runs):
            for begin in range(first, last + 1):
                for end in range(begin, last + 1):
                    if end - begin < 5 and (begin == first or end == last):
                        yield words[begin][0], words[end][1], (begin, end) == (first, last)
            if number + 1 < len(runs):
                following, its_last = runs[number + 1]
                between = [words[i][2] for i in range(last + 1, following)]
                if all(word in _JOINS for word in between) and its_last - first < _MOST_WORDS:
                    yield words[first][0], words[its_last][1], True
                    yield words[last][0], words[its_last][1], False


_LIST = re.compile(
    r"(?:[\w'’.&-]+ ){0,3}[\w'’.&-]+(?:, (?:[\w'’.&-]+ ){0,3}[\w'’.&-]+)+,? (?:and|or) (?:[\w'’.&-]+ ){0,3}[\w'’.&-]+"
)


def _lists(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield enumerations: "transport, sewers, hazardous waste and water", cut to words at both ends."""
    for match in _LIST.finditer(text):
        words = [(m.start(), m.end(), m.group().lower()) for m in _WORD.finditer(text, match.start(), match.end())]
        joint = text.find(", ", match.start())
        first = [w for w in words if w[1] <= joint]
        while len(first) > 1 and _light(first[0][2]):
            first.pop(0)
        join = max(text.rfind(" and ", match.start(), match.end()), text.rfind(" or ", match.start(), match.end()))
        last = [w for w in words if w[0] > join + 3]
        for begin in first:
            if _light(begin[2]):
                continue
            for end in last:
                if _light(end[2]):
                    break
                yield begin[0], end[1], begin == first[0]


# ---------------------------------------------------------------------------------------------------------- hypothesis

_AUX = re.compile(
    r"\s+(is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b\s*", re.IGNORECASE
)
_PARTICIPLE = re.compile(
    r"\b(?:\w{2,}ed|\w{2,}ing|born|known|made|built|found|held|won|lost|written|taken|given|called|led|sold|seen|shown"
    r"|spoken|sung|chosen|driven|begun|become|come|gone|done|drawn|grown|thrown|worn|torn|kept|left|met|paid|put|read"
    r"|run|said|sent|set|shot|spent|taught|told|thought|understood)\b"
)
_COUNTED = re.compile(r"\b(?:many|number of)\b", re.IGNORECASE)
_IDEOGRAPH = re.compile(f"[{CJK}]")
_ARTICLES = ("the ", "a ", "an ", "his ", "her ", "their ", "its ")
_BE = frozenset({"is", "are", "was", "were"})
_PREPOSITIONS = frozenset("about as at by during for from in into of on since through to under until with".split())
_AT: dict[AnswerKind, str] = {AnswerKind.TIME: "in ", AnswerKind.PLACE: "in ", AnswerKind.REASON: "because of "}


def hypothesis(question: Question, answer: str) -> str:
    """Return the question as a statement with the answer in the place of what is asked.

    Word order is put right where the grammar is plain; what an entailment model reads need not be elegant.
    """
    raw = question.text
    asked = question.asked
    if asked is None:
        return f"{raw.rstrip('?？ .')}: {answer}."
    before, rest = raw[: asked.start].strip(), raw[asked.end :].rstrip("?？ .\n")
    if _IDEOGRAPH.search(raw):
        return f"{before}{answer}{rest}"
    words = asked.of(raw).split()
    preposition = _AT.get(question.kind, "")
    if len(words) > 1 and words[0].lower() in _PREPOSITIONS:
        preposition = f"{words[0].lower()} "
    answer = _counted(question, asked.of(raw), answer)
    if before:
        return f"{before} {answer} {rest.strip()}.".replace("  ", " ")
    auxiliary = _AUX.match(rest)
    if auxiliary is None:
        return f"{answer}{rest}."
    verb, clause = auxiliary[1].lower(), rest[auxiliary.end() :].strip()
    if not clause:
        return f"{answer} {verb}."
    if verb in {"do", "does", "did"}:
        return f"{clause} {preposition}{answer}."
    inner = next((m.start() for m in _PARTICIPLE.finditer(clause) if m.start() > 0), None)
    if inner is not None:
        return f"{clause[:inner]}{verb} {clause[inner:]} {preposition}{answer}."
    if verb in _BE and clause[:1].islower() and not clause.lower().startswith(_ARTICLES):
        return f"{answer} {verb} {clause}."
    return f"{clause} {verb} {preposition}{answer}."


def _counted(question: Question, asked: str, answer: str) -> str:
    """Put the noun that is counted behind a bare number: How many *points* … "308" is "308 points"."""
    if question.kind is not AnswerKind.COUNT:
        return answer
    noun = _COUNTED.split(asked, maxsplit=1)[-1].strip()
    return answer if not noun or noun.split()[-1].lower() in answer.lower() else f"{answer} {noun}"
