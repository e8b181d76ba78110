"""What a claim says of kinds and of how many: "S is a landlocked country", "S borders five countries".

Membership follows from a class below, is excluded by a disjoint one, or by a list of members that is declared complete.
A number of things follows from counting them where the list of values is declared complete; where it is not, only "at
least so many" can be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from factcheck.graph.names import name_tokens
from factcheck.graph.relations import PREPOSITION, stem, stems_of
from factcheck.graph.roles import depends
from factcheck.graph.schema import TYPE_RELATION
from factcheck.graph.vocabulary import CLOSED, DISJOINT, is_literal, phrase_from_iri
from factcheck.text.dates import find_dates
from factcheck.text.numbers import NumberForm
from factcheck.text.numerals import spell_chinese, spell_english
from factcheck.text.quantities import Bound, Quantity, QuantityKind, find_quantities
from factcheck.types import Correction, Fact, GraphAnswer, Mention, RelationMatch, Rule, Span
from factcheck.verify.finding import Finding, hull, is_clean, phrases_of, terms_of, value_term
from factcheck.verify.wording import speaks_of_another_time, unaccounted, with_article

MAX_COUNTED = 50
"""Of more values the answer may not hold all, so that they are not counted."""
_EXCLUDING = {f"<{DISJOINT}>": Rule.DISJOINT_CLASSES, f"<{CLOSED}>": Rule.CLOSED_WORLD}
_COUNTED_WORDS = frozenset(
    stem(word)
    for word in (
        "country nation state territory city town language currency person people man woman child other different "
        "distinct total altogether official separate neighboring land one time"
    ).split()
)


def class_findings(text: str, answer: GraphAnswer) -> Iterator[Finding]:
    """Find that something is, or cannot be, what the claim calls it."""
    spans = [m.span for m in answer.relations if m.relation.term == TYPE_RELATION.term and m.span is not None]
    for path in answer.paths:
        if not spans or path[0].relation.term != TYPE_RELATION.term:
            continue
        subject = next((m for m in answer.mentions if path[0].subject.term in terms_of(m)), None)
        if subject is None or subject.ambiguous or depends(text, subject.span):
            continue
        said = min((s for s in spans if s.start >= subject.span.end), key=lambda s: s.start, default=None)
        if said is None:
            continue
        finding = Finding(
            supports=True,
            rule=Rule.FACT_MATCH,
            facts=path,
            said=said.of(text),
            window=hull([subject.span, said]),
            spans=(subject.span, said),
            phrase=said,
        )
        rule = _EXCLUDING.get(path[1].relation.term) if len(path) > 1 else None
        if rule is None:
            yield finding
        elif not speaks_of_another_time(text, [m.span for m in answer.mentions]) and is_clean(text, finding, path[0]):
            correction = with_article(text, said, path[0].value_text)
            yield replace(finding, supports=False, rule=rule, correction=correction)


def counted_findings(text: str, answer: GraphAnswer) -> Iterator[Finding]:
    """Count the values of a property that the claim gives a number of."""
    bearers = {m.span: m for m in answer.mentions if not m.ambiguous and m.exact}
    if len(bearers) != 1 or len(answer.mentions) != 1:
        return
    (bearer,) = bearers.values()
    dates = find_dates(text)
    numbers = [q for q in find_quantities(text, dates) if not q.number.overlaps(bearer.span)]
    if len(numbers) != 1 or dates or speaks_of_another_time(text, [bearer.span]):
        return
    said = numbers[0]
    if said.kind is not QuantityKind.COUNT or said.unit is not None or said.low != said.high:
        return
    told: set[str] = set()
    for match in answer.relations:
        if match.score > PREPOSITION and match.span is not None and match.relation.term not in told:
            told.add(match.relation.term)
            finding = _counted(text, answer, bearer, said, match)
            if finding is not None:
                yield finding
                return


def _counted(text: str, answer: GraphAnswer, bearer: Mention, said: Quantity, match: RelationMatch) -> Finding | None:
    relation = match.relation
    own = _values(answer.facts, bearer, relation.term)
    if not own or len(own) >= MAX_COUNTED or any(is_literal(f.triple.object) for f in own):
        return None
    holds = _fits(said, len(own))
    # Where others may be missing, a list can only be long enough.
    if holds is None or (not relation.closed and not (holds and said.bound in (Bound.AT_LEAST, Bound.MORE_THAN))):
        return None
    kinds = {t for f in own if f.value is not None for t in (*f.value.types, *f.value.above)}
    nouns = {word for kind in kinds for word in stems_of(phrase_from_iri(kind.strip("<>")))}
    nouns |= {*stems_of(relation.label), *stems_of(match.span.of(text) if match.span else ""), *_COUNTED_WORDS}
    counted = _with_noun(text, said, nouns)
    spans = (bearer.span, counted, *phrases_of(answer, relation.term))
    if unaccounted(text, Span(start=0, end=len(text)), spans, ("there can has not never",)):
        return None
    return Finding(
        supports=holds,
        rule=Rule.CLOSED_WORLD,
        facts=own,
        said=counted.of(text),
        window=hull(spans),
        spans=spans,
        phrase=match.span,
        fitting=True,
        correction=None if holds else _number(said, said.number.of(text), len(own)),
    )


def _values(facts: Sequence[Fact], bearer: Mention, term: str) -> tuple[Fact, ...]:
    own = [f for f in facts if f.relation.term == term and f.subject.term in terms_of(bearer)]
    return tuple({value_term(f): f for f in own}.values())


def _fits(said: Quantity, number: int) -> bool | None:
    value = Fraction(number)
    if said.bound in (Bound.AT_LEAST, Bound.MORE_THAN):
        return value > said.low if said.bound is Bound.MORE_THAN else value >= said.low
    if said.bound in (Bound.AT_MOST, Bound.LESS_THAN):
        return value < said.high if said.bound is Bound.LESS_THAN else value <= said.high
    return None if said.bound is Bound.ABOUT else value == said.low


def _with_noun(text: str, said: Quantity, nouns: set[str]) -> Span:
    """Return the number with the words behind it that say what is counted."""
    end = said.span.end
    for token in name_tokens(text):
        if token.start >= said.number.end:
            if stem(token.text) not in nouns:
                break
            end = max(end, token.end)
    return Span(start=said.span.start, end=end)


def _number(said: Quantity, written: str, number: int) -> Correction | None:
    if said.bound not in (Bound.PLAIN, Bound.EXACTLY):
        return None
    if said.form is NumberForm.WORDS:
        shown = spell_english(number)
        shown = shown.capitalize() if written[:1].isupper() else shown
    else:
        shown = spell_chinese(number) if said.form is NumberForm.CHINESE else str(number)
    return Correction(span=said.number, replacement=shown)
