"""The checker that reads: does the evidence entail the claim, contradict it, or neither?

One judgement for each piece of evidence, by these rules:

- Evidence is read in windows of whole sentences under its title and section (`factcheck.verify.windows`), at most
  `max_windows` of them for each part of the claim.
- For the claim counts the window that supports it most, against it the one that refutes it most, each by its odds
  against neutral; they may be two. Of equal ones the earlier. One window that is furthest from neutral would hide the
  support of a second one behind a refutation by an unrelated sentence.
- A claim is read in the figures of its evidence where both say the same (`factcheck.verify.notation`).
- A denial is refuted as far as what it denies is supported: a small reader finds the words of "S does not lie in O"
  in a text that denies it too, and takes the one for the other.
- A claim is judged whole wherever it fits beside a window. A longer one is judged by its parts: it is supported as far
  as its least supported part is, refuted as far as its most refuted one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from factcheck.protocols import EntailmentModel, Vectors
from factcheck.text.denial import denied
from factcheck.types import Case, CheckResult, Evidence, Judgement, Label, Probabilities, Rule, Span, Stance
from factcheck.verify.notation import in_figures_of
from factcheck.verify.windows import Premise, Selection, Window, claim_parts

MAX_WINDOWS = 6
"""Windows of one piece of evidence that are read for each part of a claim."""

WINDOW_TOKENS = 128
"""Longest window, its heading included: on development rows, sentences are found more surely among few than among many
(`scripts/measure_windows.py`), though the model could read more."""

_MAX_PAIRS = 384  # of one claim with one piece of evidence; very long claims get fewer windows a part
_SPECIAL_TOKENS = 8  # more than any known model puts around a pair
_QUOTE_CHARACTERS = 160
_LEAST = 1e-6  # probability of neutral, for odds
_READ_FIRST = 2  # pieces of evidence that are read before anything can stop early
_OPPOSITE = 0.5  # a piece that says the opposite with this probability keeps the reading going
_STANCE = {Label.SUPPORTED: Stance.SUPPORTS, Label.REFUTED: Stance.REFUTES, Label.NOT_ENOUGH_INFO: Stance.NEUTRAL}
_SAYS = {Stance.SUPPORTS: "which supports the claim", Stance.REFUTES: "which contradicts the claim"}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one part of a claim is compared with, and which rows of the scores that is.

    Attributes:
        denied: the rows of what the part denies, where it is a plain denial.
    """

    part: str
    selection: Selection
    rows: tuple[int, ...]
    denied: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Question:
    """A piece of evidence and the readings of all parts of the claim."""

    evidence: Evidence
    premise: Premise
    readings: tuple[_Reading, ...]


@dataclass(frozen=True, slots=True)
class _Decided:
    """What one part of a claim comes to, and the windows that support and refute it most."""

    probabilities: Probabilities
    supports: Window
    refutes: Window

    def window(self, stance: Stance) -> Window:
        """Return the one that speaks for a stance; of a neutral answer the one that comes closest to another."""
        if stance is Stance.NEUTRAL:
            stance = Stance.REFUTES if self.probabilities.refuted > self.probabilities.supported else Stance.SUPPORTS
        return self.refutes if stance is Stance.REFUTES else self.supports


class EntailmentChecker:
    """Judges by what the evidence says.

    Args:
        model: scores pairs of premise and hypothesis.
        max_windows: of one piece of evidence that are read for each part of a claim.
        window_tokens: longest window; less where the model, or the claim, leaves less room.
        early_stop: evidence is read best first, and no further once one piece supports or refutes the claim with this
            probability and none says the opposite; 0 reads all of it.
    """

    def __init__(
        self,
        model: EntailmentModel,
        *,
        max_windows: int = MAX_WINDOWS,
        window_tokens: int = WINDOW_TOKENS,
        early_stop: float = 0.0,
    ) -> None:
        self._model = model
        self._early_stop = early_stop
        self._max_windows = max_windows
        self._window_tokens = window_tokens

    @property
    def name(self) -> str:
        """`entailment`."""
        return "entailment"

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        """Judge each case; all pairs of the batch are scored in one call, or one for each step of an early stop."""
        counter = _TokenCounter(self._model)
        judged: list[list[Judgement]] = [[] for _ in cases]
        longest = max((len(case.evidence) for case in cases), default=0)
        steps = [0, *range(_READ_FIRST, longest, 1)] if self._early_stop else [0]
        unsettled = list(range(len(cases)))
        for step, start in enumerate(steps):
            end = steps[step + 1] if step + 1 < len(steps) else longest
            rows: dict[tuple[str, str], int] = {}
            asked = [(i, self._ask(_part(cases[i], start, end), counter, rows)) for i in unsettled]
            scores = self._model.score(list(rows))
            for i, questions in asked:
                judged[i].extend(self._judge(question, scores) for question in questions)
            unsettled = [i for i in unsettled if len(cases[i].evidence) > end and not self._settled(judged[i])]
        return [CheckResult(judgements=tuple(judgements)) for judgements in judged]

    def _settled(self, judgements: Sequence[Judgement]) -> bool:
        supported = max((j.probabilities.supported for j in judgements), default=0.0)
        refuted = max((j.probabilities.refuted for j in judgements), default=0.0)
        return max(supported, refuted) >= self._early_stop and min(supported, refuted) < _OPPOSITE

    def _ask(self, case: Case, counter: _TokenCounter, rows: dict[tuple[str, str], int]) -> list[_Question]:
        budget = self._model.max_tokens - _SPECIAL_TOKENS
        heading_limit = min(budget // 8, self._window_tokens // 3)
        questions = []
        cut: dict[str, Sequence[str]] = {}
        for evidence in case.evidence:
            claim = in_figures_of(case.claim.text, evidence.text)
            parts = cut[claim] if claim in cut else cut.setdefault(claim, claim_parts(claim, counter, budget // 2))
            if not parts:
                continue
            longest = max(counter(part) for part in parts)
            limit = max(1, min(self._max_windows, _MAX_PAIRS // len(parts)))
            piece_limit = max(1, min(self._window_tokens, budget - longest) - heading_limit - 2)
            premise = Premise(evidence, counter, heading_limit=heading_limit, piece_limit=piece_limit)
            readings = []
            for part in parts:
                selection = premise.select(part, min(self._window_tokens, budget - counter(part)), limit)
                places = [rows.setdefault((window.text, part), len(rows)) for window in selection.windows]
                affirmed = denied(part)
                turned = [] if affirmed is None else [(window.text, affirmed) for window in selection.windows]
                denials = tuple(rows.setdefault(pair, len(rows)) for pair in turned)
                readings.append(_Reading(part, selection, tuple(places), denials))
            if len(premise):
                questions.append(_Question(evidence, premise, tuple(readings)))
        return questions

    def _judge(self, question: _Question, scores: Vectors) -> Judgement:
        decided = [_decide(reading, scores) for reading in question.readings]
        probabilities = _combine([one.probabilities for one in decided])
        stance = _STANCE[probabilities.label]
        # The part of the claim that the answer hangs on: the least supported, or the most refuted.
        order = sorted(
            range(len(decided)),
            key=lambda i: (
                -decided[i].probabilities.refuted if stance is Stance.REFUTES else decided[i].probabilities.supported
            ),
        )
        reading, window = question.readings[order[0]], decided[order[0]].window(stance)
        span = question.premise.closest(reading.part, window)
        return Judgement(
            evidence_ids=(question.evidence.id,),
            stance=stance,
            probabilities=probabilities,
            checker=self.name,
            rule=Rule.ENTAILMENT,
            reason=_reason(question.evidence, stance, span, reading.selection, len(decided)),
            span=span,
        )


def _part(case: Case, start: int, end: int) -> Case:
    return Case(claim=case.claim, evidence=case.evidence[start:end])


class _TokenCounter:
    """Counts tokens, each text once."""

    def __init__(self, model: EntailmentModel) -> None:
        self._model = model
        self._known: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._model.count_tokens([text])[0]
        return found


def _decide(reading: _Reading, scores: Vectors) -> _Decided:
    """Return what the windows come to, the one that supports most and the one that refutes most."""
    read = [_probabilities(scores[row]) for row in reading.rows]
    if reading.denied:
        read = [_of_denial(p, _probabilities(scores[row])) for p, row in zip(read, reading.denied, strict=True)]
    for_it = max(range(len(read)), key=lambda i: _odds(read[i].supported, read[i]))
    against = max(range(len(read)), key=lambda i: _odds(read[i].refuted, read[i]))
    windows = reading.selection.windows
    if for_it == against:
        return _Decided(read[for_it], windows[for_it], windows[for_it])
    supported, refuted = _odds(read[for_it].supported, read[for_it]), _odds(read[against].refuted, read[against])
    total = 1.0 + supported + refuted
    both = Probabilities(supported=supported / total, refuted=refuted / total, not_enough_info=1.0 / total)
    return _Decided(both, windows[for_it], windows[against])


def _odds(of: float, window: Probabilities) -> float:
    return of / max(window.not_enough_info, _LEAST)


def _of_denial(read: Probabilities, affirmed: Probabilities) -> Probabilities:
    """Return the probabilities of a denial: it is refuted no further than what it denies is supported.

    That what it denies is read as refuted does not support it: a reader refutes much that a text does not speak of.
    """
    refuted = min(read.refuted, math.sqrt(read.refuted * affirmed.supported))
    rest = max(0.0, 1.0 - read.supported - refuted)
    return Probabilities(supported=read.supported, refuted=refuted, not_enough_info=rest)


def _probabilities(row: Vectors) -> Probabilities:
    supported, refuted, rest = (float(value) for value in row)
    total = supported + refuted + rest
    return Probabilities(supported=supported / total, refuted=refuted / total, not_enough_info=rest / total)


def _combine(parts: Sequence[Probabilities]) -> Probabilities:
    """Return the probabilities of a whole claim: all parts must be supported, one that is refuted refutes it."""
    if len(parts) == 1:
        return parts[0]
    refuted = max(part.refuted for part in parts)
    supported = min(min(part.supported for part in parts), 1.0 - refuted)
    return Probabilities(supported=supported, refuted=refuted, not_enough_info=max(0.0, 1.0 - supported - refuted))


def _reason(evidence: Evidence, stance: Stance, span: Span | None, selection: Selection, parts: int) -> str:
    title = evidence.passage.title if evidence.passage is not None else ""
    where = f"{title} ({evidence.source})" if title and title != evidence.source else evidence.source
    notes = []
    if selection.sentences_read < selection.sentences:
        notes.append(f"read: the {selection.sentences_read} likeliest of {selection.sentences} sentences")
    if parts > 1:
        notes.append(f"the claim was judged in {parts} parts")
    note = f" ({'; '.join(notes)})" if notes else ""
    if stance is Stance.NEUTRAL:
        return f"{where} does not settle the claim{note}."
    return f"{where} says “{_quote(evidence, span)}”, {_SAYS[stance]}{note}."


def _quote(evidence: Evidence, span: Span | None) -> str:
    words = " ".join((evidence.text if span is None else span.of(evidence.text)).split())
    words = words.removesuffix(".")
    if len(words) <= _QUOTE_CHARACTERS:
        return words
    return words[:_QUOTE_CHARACTERS].rsplit(" ", 1)[0] + " …"
