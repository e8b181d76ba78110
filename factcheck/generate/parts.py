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
from typing import NamedTuple

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
    sentence = _Sentence(question, text)
    return [sentence.signals(part) for part in parts]


class _Token(NamedTuple):
    stem: str
    text: str
    span: Span


class _Sentence:
    """A sentence beside a question: what all of its parts are compared with."""

    def __init__(self, question: Question, text: str) -> None:
        self._question = question
        self._text = text
        self._names = [name.span for name in find_names(text)]
        self._tokens = [_Token(stem(t.text), t.text, t.span) for t in tokens_with_spans(text)]
        self._needs = frozenset(question.needs)
        self._asked = [i for i, token in enumerate(self._tokens) if token.stem in self._needs]
        verb, self._subject = _verb(question)
        self._verbs = [i for i, token in enumerate(self._tokens) if verb and token.stem == verb]
        self._asks_name = bool(_CALLED.search(question.text))

    def signals(self, part: AnswerSpan) -> dict[str, float]:
        """Return what speaks for a part; of one that holds no word only how well it fits the kind of question."""
        inside = [i for i, token in enumerate(self._tokens) if token.span.overlaps(part.span)]
        if not inside:
            return {"fits": part.fits}
        row = {
            "fits": part.fits,
            "complete": float(part.complete),
            **self._shape(part.span, inside),
            **self._place(inside[0], inside[-1]),
            **self._surroundings(part.span, inside[0], inside[-1]),
        }
        kind = self._question.kind.value
        if self._question.kind not in _BUSY:
            kind = "figure" if self._question.kind in _FIGURES else "clause"
        return row | {f"{kind}:{name}": row[name] for name in _CROSSED}

    def _shape(self, span: Span, inside: Sequence[int]) -> dict[str, float]:
        """What a part is: a name, a figure, how many words of which kind."""
        tokens, names = self._tokens, self._names
        content = [i for i in inside if tokens[i].text not in STOP]
        is_name = span in names
        cuts = any(n.overlaps(span) and not span.contains(n) for n in names)
        return {
            "words": math.log1p(len(inside)),
            "one": float(len(inside) == 1),
            "many": float(len(inside) >= 5),
            "name": float(is_name),
            "holds_name": float(not is_name and any(span.contains(n) for n in names)),
            "cuts_name": float(cuts),
            "capital": float(self._text[span.start].isupper()),
            "digit": float(any(c.isdigit() for c in span.of(self._text))),
            "asked_inside": sum(tokens[i].stem in self._needs for i in content) / max(len(content), 1),
            "article": float(tokens[inside[0]].text in _ARTICLES),
            "light_start": float(tokens[inside[0]].text in STOP),
        }

    def _place(self, first: int, last: int) -> dict[str, float]:
        """Where a part stands among the words of the question, and on which side of its verb."""
        tokens, asked, verbs, focus = self._tokens, self._asked, self._verbs, self._question.focus
        weight = max(len(self._needs), 1)
        verb_gap = min((abs(first - i) if i < first else abs(i - last) for i in verbs), default=20)
        beside = {t.stem for t in (*tokens[max(0, first - 2) : first], *tokens[last + 1 : last + 3])}
        return {
            "near": sum(1.0 / (1 + gap) ** 0.5 for gap in self._gaps(first, last).values()) / weight,
            "left": len({tokens[i].stem for i in asked if i < first}) / weight,
            "right": len({tokens[i].stem for i in asked if i > last}) / weight,
            "gap_left": 1.0 / min((first - i for i in asked if i < first), default=20),
            "gap_right": 1.0 / min((i - last for i in asked if i > last), default=20),
            "verb": 1.0 / (1 + verb_gap) if verbs else 0.0,
            "side": float(bool(verbs) and (last < verbs[0] if self._subject else first > verbs[-1])),
            "wrong_side": float(bool(verbs) and (first > verbs[-1] if self._subject else last < verbs[0])),
            "focus_beside": float(bool(focus) and focus[-1] in beside),
            "focus_ends": float(bool(focus) and tokens[last].stem == focus[-1]),
        }

    def _surroundings(self, span: Span, first: int, last: int) -> dict[str, float]:
        """What stands right before and behind a part."""
        before = self._tokens[first - 1] if first else None
        after = self._tokens[last + 1] if last + 1 < len(self._tokens) else None
        gap_before = self._text[before.span.end : span.start] if before else ""
        gap_after = self._text[span.end : after.span.start] if after else "."
        return {
            "called": float(self._asks_name and before is not None and _CALLED.fullmatch(before.text) is not None),
            "after_preposition": float(before is not None and before.text in _BEFORE and gap_before.isspace()),
            "after_article": float(before is not None and before.text in _ARTICLES),
            "after_be": float(before is not None and before.text in _AUXILIARIES),
            "after_mark": float(bool(_STOPS.search(gap_before))),
            "opens": float(first == 0 or (first == 1 and before is not None and before.text in _ARTICLES)),
            "before_light": float(after is not None and after.text in STOP),
            "before_mark": float(not gap_after.isspace()),
            "ends": float(after is None),
        }

    def _gaps(self, first: int, last: int) -> Mapping[str, int]:
        """Return how far from a part each word of the question stands outside of it, the nearest time."""
        gaps: dict[str, int] = {}
        for i in self._asked:
            if not first <= i <= last:
                found = self._tokens[i].stem
                gap = first - i if i < first else i - last
                gaps[found] = min(gap, gaps.get(found, gap))
        return gaps


_BUSY = frozenset({AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.THING})
_FIGURES = frozenset({AnswerKind.TIME, AnswerKind.COUNT, AnswerKind.MEASURE, AnswerKind.SHARE})
_CROSSED = ("words", "name", "complete", "after_preposition", "capital", "digit", "light_start", "fits")


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
