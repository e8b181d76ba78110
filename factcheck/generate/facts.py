"""Which facts of a graph answer a question, and which part of them is the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from factcheck.generate.question import AnswerKind, Question
from factcheck.generate.statement import stem_set
from factcheck.graph.evidence import fact_evidence
from factcheck.text.dates import find_dates
from factcheck.text.tokens import CJK
from factcheck.types import Fact, GraphAnswer, Span

SAID = 0.8
"""How sure a fact is whose sentence says every word of the question though no relation was matched."""
_IDEOGRAPH = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFact:
    """A fact that answers.

    Attributes:
        score: how surely it is of the relation that is asked for, in [0, 1].
        text: the fact as a sentence, in the question's language where the graph has the words.
        answer: the side of the fact that the question does not name, in `text`.
        group: equal for facts that answer together, such as the two discoverers of one thing.
    """

    score: float
    text: str
    answer: Span | None
    group: str


def asked_facts(question: Question, known: GraphAnswer | None, source: str) -> dict[str, AskedFact]:
    """Return the facts that answer a question, by the id of their evidence."""
    if known is None:
        return {}
    scores: dict[str, float] = {}
    for match in known.relations:
        scores[match.relation.term] = max(scores.get(match.relation.term, 0.0), match.score)
    named = {entity.term for mention in known.mentions for entity in mention.entities}
    wanted = frozenset(question.terms)
    found: dict[str, AskedFact] = {}
    for fact in known.facts:
        score = scores.get(fact.relation.term, 0.0)
        if not score and fact.subject.term in named and wanted <= stem_set(fact.text):
            score = SAID
        inverted = fact.value is not None and fact.value.term in named
        if not score or (inverted and fact.subject.term in named and question.kind is not AnswerKind.POLAR):
            continue
        if not _of_kind(question.kind, fact, inverted=inverted):
            continue
        evidence = fact_evidence([fact], source=source, graph_sha256=known.graph_sha256)
        text = _text(question, fact)
        if question.kind is AnswerKind.TIME and fact.value is not None:  # the date is part of a name in it
            found[evidence.id] = AskedFact(score=score, text=text, answer=find_dates(text)[0].span, group="")
            continue
        answer = fact.subject.label if inverted else fact.value_text
        at = text.find(answer)
        held = fact.value.term if inverted and fact.value is not None else fact.subject.term
        found[evidence.id] = AskedFact(
            score=score,
            text=text,
            answer=None if at < 0 else Span(start=at, end=at + len(answer)),
            group=f"{held} {fact.relation.term} {inverted}",
        )
    return found


def _of_kind(kind: AnswerKind, fact: Fact, *, inverted: bool) -> bool:
    """Say whether a fact can be what is asked for: born where is no date, born when is no place."""
    if kind is AnswerKind.TIME:
        return bool(find_dates(fact.text))
    if kind in (AnswerKind.COUNT, AnswerKind.MEASURE, AnswerKind.SHARE):
        return fact.value is None
    return inverted or kind not in (AnswerKind.PERSON, AnswerKind.PLACE) or fact.value is not None


def _text(question: Question, fact: Fact) -> str:
    if _IDEOGRAPH.search(question.text) and _IDEOGRAPH.search(fact.relation.label):
        return f"{fact.subject.label}的{fact.relation.label}是{fact.value_text}。"
    return fact.text
