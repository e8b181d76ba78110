"""Which part of a sentence answers: the value, once the sentence is found.

Within a sentence its parts differ in what they are (a name, a figure, a phrase), how they stand among the words of the
question, and what stands around them. One linear score over such signals picks the best, its weights a JSON file
(`scripts/fit_parts.py` made them). What an entailment model reads of the question with a part put in was tried as
signals too, and picked no better.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec

from factcheck.generate.question import AnswerKind, Question
from factcheck.generate.spans import AnswerSpan, find_spans
from factcheck.text.names import find_names
from factcheck.text.stems import STOP, stem
from factcheck.text.tokens import tokens_with_spans
from factcheck.types import Span

_BEFORE = frozenset(
    "in on at to from by of for with as into about during since after before until called named".split()
)
_ARTICLES = frozenset({"the", "a", "an"})
_AUXILIARIES = frozenset(
    "is are was were do does did has have had can could will would shall should may might must be been".split()
)
_CALLED = re.compile(r"\b(?:called|named?|titled?|nicknamed|known|term)\b", re.IGNORECASE)
_STOPS = re.compile(r"[,;:()\[\]–—“”\"]")


class _WeightsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    schema: str
    signals: tuple[str, ...]
    weights: tuple[float, ...]


@cache
def part_weights() -> Mapping[str, float]:
    """Return the weights that ship with the package."""
    raw = resources.files("factcheck").joinpath("generate", "parts.json").read_bytes()
    found = msgspec.json.decode(raw, type=_WeightsFile)
    return dict(zip(found.signals, found.weights, strict=True))


def best_part(question: Question, text: str) -> Span | None:
    """Return the part of a sentence that answers; None where the whole of it does, or nothing in it could."""
    if question.kind is AnswerKind.POLAR:
        return None
    parts = find_spans(text, question, every=True)
    if not parts:
        return None
    weights = part_weights()
    scores = [sum(weights.get(k, 0.0) * v for k, v in row.items()) for row in part_signals(question, text, parts)]
    return parts[max(range(len(parts)), key=scores.__getitem__)].span


def part_signals(question: Question, text: str, parts: Sequence[AnswerSpan]) -> list[dict[str, float]]:
    """Return the signals of each part of a sentence, aligned with the parts."""
    names = [name.span for name in find_names(text)]
    tokens = [(stem(t.text), t.text, t.span) for t in tokens_with_spans(text)]
    needs = frozenset(question.needs)
    asked = [i for i, (reduced, _, _) in enumerate(tokens) if reduced in needs]
    verb, subject = _verb(question)
    verbs = [i for i, (reduced, _, _) in enumerate(tokens) if verb and reduced == verb]
    weight = max(len(needs), 1)
    named = {(name.start, name.end) for name in names}
    asks_name = bool(_CALLED.search(question.text))
    rows = []
    for part in parts:
        span, fits, complete = part.span, part.fits, part.complete
        inside = [i for i, (_, _, place) in enumerate(tokens) if place.overlaps(span)]
        if not inside:
            rows.append({"fits": fits})
            continue
        first, last = inside[0], inside[-1]
        content = [i for i in inside if tokens[i][1] not in STOP]
        before = tokens[first - 1] if first else None
        after = tokens[last + 1] if last + 1 < len(tokens) else None
        left = {tokens[i][0] for i in asked if i < first}
        right = {tokens[i][0] for i in asked if i > last}
        gap_left = min((first - i for i in asked if i < first), default=20)
        gap_right = min((i - last for i in asked if i > last), default=20)
        verb_gap = min((abs(first - i) if i < first else abs(i - last) for i in verbs), default=20)
        between_before = text[before[2].end : span.start] if before else ""
        between_after = text[span.end : after[2].start] if after else "."
        words = len(inside)
        is_name = (span.start, span.end) in named
        row = {
            "fits": fits,
            "called": float(asks_name and before is not None and _CALLED.fullmatch(before[1]) is not None),
            "complete": float(complete),
            "words": math.log1p(words),
            "one": float(words == 1),
            "many": float(words >= 5),
            "name": float(is_name),
            "holds_name": float(not is_name and any(n.start >= span.start and n.end <= span.end for n in names)),
            "cuts_name": float(
                any(
                    n.start < span.end and span.start < n.end and not (span.start <= n.start and n.end <= span.end)
                    for n in names
                )
            ),
            "capital": float(text[span.start].isupper()),
            "digit": float(any(c.isdigit() for c in text[span.start : span.end])),
            "asked_inside": sum(tokens[i][0] in needs for i in content) / max(len(content), 1),
            "near": sum(1.0 / (1 + g) ** 0.5 for g in _gaps(tokens, asked, first, last).values()) / weight,
            "left": len(left) / weight,
            "right": len(right) / weight,
            "gap_left": 1.0 / gap_left,
            "gap_right": 1.0 / gap_right,
            "verb": 1.0 / (1 + verb_gap) if verbs else 0.0,
            "side": float(bool(verbs) and (last < verbs[0] if subject else first > verbs[-1])),
            "wrong_side": float(bool(verbs) and (first > verbs[-1] if subject else last < verbs[0])),
            "focus_beside": float(
                bool(question.focus)
                and question.focus[-1]
                in {t[0] for t in tokens[max(0, first - 2) : first]} | {t[0] for t in tokens[last + 1 : last + 3]}
            ),
            "focus_ends": float(bool(question.focus) and tokens[last][0] == question.focus[-1]),
            "after_preposition": float(before is not None and before[1] in _BEFORE and between_before.isspace()),
            "after_article": float(before is not None and before[1] in _ARTICLES),
            "after_be": float(before is not None and before[1] in _AUXILIARIES),
            "after_mark": float(bool(_STOPS.search(between_before))),
            "opens": float(first == 0 or (first == 1 and before is not None and before[1] in _ARTICLES)),
            "before_light": float(after is not None and after[1] in STOP),
            "before_mark": float(not between_after.isspace()),
            "ends": float(after is None),
            "article": float(tokens[first][1] in _ARTICLES),
            "light_start": float(tokens[first][1] in STOP),
        }
        kind = question.kind.value
        if question.kind not in _BUSY:
            kind = "figure" if question.kind in _FIGURES else "clause"
        for name in _CROSSED:
            row[f"{kind}:{name}"] = row[name]
        rows.append(row)
    return rows


_BUSY = frozenset({AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.THING})
_FIGURES = frozenset({AnswerKind.TIME, AnswerKind.COUNT, AnswerKind.MEASURE, AnswerKind.SHARE})
_CROSSED = ("words", "name", "complete", "after_preposition", "capital", "digit", "light_start", "fits")


def _gaps(tokens: Sequence[tuple[str, str, Span]], asked: Sequence[int], first: int, last: int) -> Mapping[str, int]:
    gaps: dict[str, int] = {}
    for i in asked:
        if not first <= i <= last:
            gap = first - i if i < first else i - last
            gaps[tokens[i][0]] = min(gap, gaps.get(tokens[i][0], gap))
    return gaps


def _verb(question: Question) -> tuple[str, bool]:
    """Return the stem of the question's main verb, as far as can be told, and whether the answer is its subject."""
    if question.asked is None:
        return "", False
    rest = [(t.text, stem(t.text)) for t in tokens_with_spans(question.text[question.asked.end :])]
    if not rest:
        return "", False
    if rest[0][0] not in _AUXILIARIES:
        return rest[0][1], True
    content = [reduced for word, reduced in rest[1:] if word not in STOP]
    if rest[0][0] in {"do", "does", "did"} or question.kind in (AnswerKind.TIME, AnswerKind.PLACE):
        plain = [reduced for word, reduced in rest[1:] if word not in STOP and word.islower()]
        return (plain[-1] if plain else ""), False
    return (content[0] if content else ""), True
