"""Evidence to candidate answers with their signals: what `extractive` weighs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import msgspec

from factcheck.generate.facts import AskedFact, asked_facts
from factcheck.generate.question import AnswerKind, Question, read_question
from factcheck.generate.spans import find_spans, hypothesis
from factcheck.generate.statement import is_bare, is_of_something_else, state, stem_set
from factcheck.protocols import Encoder, EntailmentModel
from factcheck.text.orders import without_orders
from factcheck.text.sentences import split_sentences
from factcheck.text.stems import stem
from factcheck.text.tokens import tokens_with_spans
from factcheck.types import Evidence, GraphAnswer, Span, TextKind

SIGNALS = (
    "bias",
    "covered",  # share of the question's words that the statement says, the rare ones weighing more
    "covered_around",  # the same of title, section and the whole passage
    "names_missing",  # share of the question's names that neither says
    "cosine",
    "rank",
    "fits",
    "complete",  # a whole name, date, number or phrase
    "whole",  # the whole statement is the candidate
    "near",  # how close the part stands to the question's words
    "focus",  # the noun that is asked for stands beside the part
    "length",
    "fact",  # a fact of the relation that the question speaks of
    "value",  # the value of a title and section, put as a sentence
    "heading",  # share of the heading's words that the question says
    "says",  # what the entailment model reads, in log odds
    "denies",
    "polar",
)
READ = 10
"""Of all candidates of a question so many are read by the entailment model, the likeliest by the other signals."""
_CLIP = 4.0
_MOST_STATEMENTS = 60


class _WeightsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    schema: str
    signals: tuple[str, ...]
    first: tuple[float, ...]
    weights: tuple[float, ...]
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """Weights of the signals.

    Attributes:
        first: before the entailment model has read; they choose what it reads.
        weights: after.
        threshold: a statement that is less likely is not given as an answer.
    """

    first: Mapping[str, float]
    weights: Mapping[str, float]
    threshold: float

    @classmethod
    @cache
    def load(cls) -> Weighing:
        """Return the weights that ship with the package."""
        raw = resources.files("factcheck").joinpath("generate", "answers.json").read_bytes()
        found = msgspec.json.decode(raw, type=_WeightsFile)
        return cls(
            first=dict(zip(found.signals, found.first, strict=True)),
            weights=dict(zip(found.signals, found.weights, strict=True)),
            threshold=found.threshold,
        )

    def score(self, signals: Mapping[str, float]) -> float:
        """Return the log odds against "nothing of this"."""
        return sum(self.weights.get(name, 0.0) * value for name, value in signals.items())

    def first_score(self, signals: Mapping[str, float]) -> float:
        """Return the same before anything is read."""
        return sum(self.first.get(name, 0.0) * value for name, value in signals.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence that evidence says or stands for.

    Attributes:
        text: the sentence.
        before: the sentence before it, where this one needs it to be understood.
        around: all that the evidence says, with its headings.
        value_at: where the value of a title and section begins in `text`; None for prose and facts.
        rank: of the evidence, from 0.
        fact: how surely it is a fact of the relation that is asked for, in [0, 1].
        answer: the part that answers, where that is known.
        group: what answers together; empty where a statement answers alone.
    """

    text: str
    before: str
    around: str
    evidence: Evidence
    rank: int
    value_at: int | None = None
    fact: float = 0.0
    answer: Span | None = None
    group: str = ""
    heading: str = ""

    @property
    def shown(self) -> str:
        """What a draft says."""
        return f"{self.before} {self.text}" if self.before else self.text

    @property
    def offset(self) -> int:
        """Where the sentence itself begins in `shown`."""
        return len(self.before) + 1 if self.before else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A part of a statement that could be the answer; `span` None means the whole."""

    question: Question
    statement: Statement
    span: Span | None
    signals: Mapping[str, float]

    @property
    def shown_span(self) -> Span | None:
        """The part, in what is shown."""
        return None if self.span is None else self.span.shifted(self.statement.offset)

    @property
    def words(self) -> str:
        """The answer itself."""
        return self.statement.text if self.span is None else self.span.of(self.statement.text)


Gathered = tuple[Question, list[Statement]]

_UNCLEAR = frozenset("he she it they this these that those his her its their such both".split())


def gather(text: str, evidence: Sequence[Evidence], known: GraphAnswer | None, source: str) -> Gathered:
    """Cut the evidence of one question into statements."""
    question = read_question(text)
    if not question.needs:  # "Why?" names nothing that evidence could be about
        return question, []
    facts = asked_facts(question, known, source)
    statements: list[Statement] = []
    for rank, found in enumerate(evidence):
        passage = found.passage
        text = without_orders(found.text)
        if passage is None:
            statements.append(_of_graph(found, rank, facts.get(found.id)))
        elif not text:  # nothing but orders
            continue
        elif is_bare(passage):
            if is_of_something_else(passage, question):
                continue
            sentence, at = state(passage, question)
            heading = f"{passage.title} {passage.section}"
            statements.append(
                Statement(
                    text=sentence,
                    before="",
                    around=found.premise,
                    evidence=found,
                    rank=rank,
                    value_at=at,
                    heading=heading,
                )
            )
        else:
            previous = ""
            for span in split_sentences(text):
                sentence = " ".join(span.of(text).split())
                first = sentence.split(" ", 1)[0].lower().strip("\"'“‘(")
                statements.append(
                    Statement(
                        text=sentence,
                        before=previous if first in _UNCLEAR else "",
                        around=found.premise,
                        evidence=found,
                        rank=rank,
                    )
                )
                previous = sentence
    return question, statements[:_MOST_STATEMENTS]


def _of_graph(found: Evidence, rank: int, fact: AskedFact | None) -> Statement:
    if fact is None:
        return Statement(text=found.text, before="", around=found.text, evidence=found, rank=rank)
    return Statement(
        text=fact.text,
        before="",
        around=f"{fact.text} {found.text}",
        evidence=found,
        rank=rank,
        fact=fact.score,
        answer=fact.answer,
        group=fact.group,
    )


def measure(gathered: Sequence[Gathered], encoder: Encoder | None, weighing: Weighing) -> list[list[Candidate]]:
    """Give every part of every statement its signals, save those of the entailment model, the likeliest first."""
    cosines = _cosines(gathered, encoder)
    result = []
    for (question, statements), row in zip(gathered, cosines, strict=True):
        stems = [frozenset(_stems(s.text)) for s in statements]
        around = [stem_set(s.around) for s in statements]
        rarity = _rarity(question, [a | s for a, s in zip(around, stems, strict=True)])
        candidates = [
            candidate
            for statement, own, wide, cosine in zip(statements, stems, around, row, strict=True)
            for candidate in _parts(question, statement, own, wide | own, cosine, rarity)
        ]
        candidates.sort(key=lambda c: -weighing.first_score(c.signals))
        result.append(candidates)
    return result


def read(measured: Sequence[list[Candidate]], entailment: EntailmentModel) -> list[list[Candidate]]:
    """Let the entailment model read the first `READ` candidates of each question; the others count as unread."""
    chosen = [candidates[:READ] for candidates in measured]
    pairs = [(_premise(c, entailment), _statement(c)) for candidates in chosen for c in candidates]
    fits = entailment.count_tokens([f"{a} {b}" for a, b in pairs])
    readable = [count + 4 <= entailment.max_tokens for count in fits]
    scores = iter(entailment.score([pair for pair, good in zip(pairs, readable, strict=True) if good]))
    good = iter(readable)
    result = []
    for candidates in chosen:
        row = []
        for candidate in candidates:
            signals = dict(candidate.signals)
            if next(good):
                supported, refuted, nothing = (float(p) for p in next(scores))
                signals["says"] = _log_odds(supported, nothing)
                signals["denies"] = _log_odds(refuted, nothing)
            else:
                signals["says"], signals["denies"] = 0.0, -_CLIP
            row.append(replace(candidate, signals=signals))
        result.append(row)
    return result


# -------------------------------------------------------------------------------------------------------------- signals


def _cosines(gathered: Sequence[Gathered], encoder: Encoder | None) -> list[list[float]]:
    if encoder is None:
        return [[0.0] * len(statements) for _, statements in gathered]
    texts = list(dict.fromkeys(_titled(s) for _, statements in gathered for s in statements))
    if not texts:
        return [[] for _ in gathered]
    vectors = dict(zip(texts, encoder.encode(texts, TextKind.PASSAGE), strict=True))
    asked = encoder.encode([question.text for question, _ in gathered], TextKind.QUERY)
    return [
        [float(vectors[_titled(s)] @ row) for s in statements]
        for (_, statements), row in zip(gathered, asked, strict=True)
    ]


def _titled(statement: Statement) -> str:
    passage = statement.evidence.passage
    title = "" if passage is None else passage.title.replace("_", " ")
    return f"{title}: {statement.text}" if title and title not in statement.text else statement.text


def _rarity(question: Question, texts: Sequence[frozenset[str]]) -> dict[str, float]:
    count = Counter(word for text in texts for word in text)
    return {word: math.log(1 + (len(texts) + 1) / (1 + count[word])) for word in question.needs}


def _parts(
    question: Question,
    statement: Statement,
    own: frozenset[str],
    wide: frozenset[str],
    cosine: float,
    rarity: Mapping[str, float],
) -> list[Candidate]:
    total = sum(rarity.values()) or 1.0
    names = question.names
    heading = stem_set(statement.heading) if statement.heading else frozenset()
    if statement.fact:  # the graph has found whom and what the question names, in whatever words it does
        own = wide = own | frozenset(question.needs)
    shared = {
        "bias": 1.0,
        "covered": sum(weight for word, weight in rarity.items() if word in own) / total,
        "covered_around": sum(weight for word, weight in rarity.items() if word in wide) / total,
        "names_missing": len(names - wide) / len(names) if names else 0.0,
        "cosine": cosine,
        "rank": 1.0 / (1 + statement.rank),
        "fact": statement.fact,
        "value": float(statement.value_at is not None),
        "heading": len(heading & frozenset(question.needs)) / len(heading) if heading else 0.0,
        "polar": float(question.kind is AnswerKind.POLAR),
    }
    parts: list[Candidate] = []
    if statement.value_at is not None:
        value = Span(start=statement.value_at, end=len(statement.text.rstrip(".")))
        parts.append(_candidate(question, statement, value, {**shared, "fits": 1.0, "complete": 1.0}))
    elif statement.answer is not None:
        parts.append(_candidate(question, statement, statement.answer, {**shared, "fits": 1.0, "complete": 1.0}))
    elif question.kind is not AnswerKind.POLAR:
        parts += [
            _candidate(
                question, statement, found.span, {**shared, "fits": found.fits, "complete": float(found.complete)}
            )
            for found in find_spans(statement.text, question)
        ]
    if statement.value_at is None:
        fits = max((part.signals["fits"] for part in parts), default=0.0)
        whole = {**shared, "whole": 1.0, "fits": fits}
        parts.append(Candidate(question=question, statement=statement, span=None, signals=whole))
    return parts


def _candidate(question: Question, statement: Statement, span: Span, shared: Mapping[str, float]) -> Candidate:
    tokens = [(stem(t.text), t.span) for t in tokens_with_spans(statement.text)]
    needs = frozenset(question.needs)
    inside = [i for i, (_, place) in enumerate(tokens) if place.overlaps(span)]
    near = 0.0
    focus = 0.0
    if inside:
        first, last = inside[0], inside[-1]
        gaps: dict[str, int] = {}
        for i, (word, _) in enumerate(tokens):
            if word in needs and not first <= i <= last:
                gap = first - i if i < first else i - last
                gaps[word] = min(gap, gaps.get(word, gap))
        near = sum(1.0 / (1 + gap) ** 0.5 for gap in gaps.values()) / max(len(needs), 1)
        beside = {word for word, _ in tokens[max(0, first - 2) : last + 4]}
        focus = float(bool(question.focus) and question.focus[-1] in beside)
    words = len(span.of(statement.text).split())
    signals = {**shared, "near": near, "focus": focus, "length": math.log1p(words)}
    return Candidate(question=question, statement=statement, span=span, signals=signals)


def _premise(candidate: Candidate, entailment: EntailmentModel) -> str:
    statement = candidate.statement
    passage = statement.evidence.passage
    if passage is None:
        return statement.text
    if statement.value_at is not None:
        return passage.premise
    heading = "\n".join(part for part in (passage.title.replace("_", " "), passage.section) if part)
    text = f"{statement.before} {statement.text}".strip()
    return f"{heading}\n{text}" if heading else text


def _statement(candidate: Candidate) -> str:
    if candidate.question.kind is AnswerKind.POLAR or candidate.span is None:
        return candidate.question.text.rstrip("?？ ") + "."
    return hypothesis(candidate.question, candidate.words)


def _stems(text: str) -> list[str]:
    return [stem(token.text) for token in tokens_with_spans(text)]


def _log_odds(of: float, against: float) -> float:
    return max(-_CLIP, min(_CLIP, math.log(max(of, 1e-6) / max(against, 1e-6))))
