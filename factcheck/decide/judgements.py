"""What a judgement counts for by its rule: exact, strong, or only a sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from factcheck.types import Judgement, Rule, Stance

SURE = 0.9
"""From this probability on a judgement of an exact rule decides by itself."""

STRONG = 0.85
"""From this probability on a judgement of any rule can stand against another source."""

EXACT: Mapping[Stance, frozenset[Rule]] = {
    Stance.SUPPORTS: frozenset(
        {
            Rule.FACT_MATCH,
            Rule.LITERAL_MATCH,
            Rule.NEGATED_FACT,
            Rule.CLOSED_WORLD,
            Rule.PATH_MATCH,
            Rule.ARITHMETIC,
        }
    ),
    Stance.REFUTES: frozenset(
        {
            Rule.FUNCTIONAL_DIFFERS,
            Rule.INVERSE_FUNCTIONAL_DIFFERS,
            Rule.DERIVED_DIFFERS,
            Rule.LITERAL_DIFFERS,
            Rule.NEGATED_FACT,
            Rule.DISJOINT_CLASSES,
            Rule.CLOSED_WORLD,
            Rule.PATH_DIFFERS,
            Rule.QUANTITY_DIFFERS,
            Rule.DATE_DIFFERS,
            Rule.ARITHMETIC,
        }
    ),
    Stance.NEUTRAL: frozenset(),
}
"""Rules that compare values instead of reading sentences. Equal numbers alone support nothing: they are a signal."""

GRAPH_RULES = frozenset(rule for rules in EXACT.values() for rule in rules) - {
    Rule.QUANTITY_DIFFERS,
    Rule.DATE_DIFFERS,
    Rule.ARITHMETIC,
}
"""Those of them that only a graph speaks by."""

SIGNS = frozenset({Rule.VALUE_MISSING, Rule.VALUES_STAND, Rule.WORDS_COVERED})
"""Rules that only tell what is likely: they count beside the reading of the same evidence, and never by themselves."""


def is_exact(judgement: Judgement) -> bool:
    """Say whether the judgement can decide by itself."""
    return judgement.rule in EXACT[judgement.stance] and certainty(judgement) >= SURE


def certainty(judgement: Judgement) -> float:
    """Return how sure the judgement is of its own stance, in [0, 1]."""
    p = judgement.probabilities
    return {Stance.SUPPORTS: p.supported, Stance.REFUTES: p.refuted, Stance.NEUTRAL: p.not_enough_info}[
        judgement.stance
    ]


def strongest(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return the judgements that can decide by themselves first, the surest first among each kind."""
    return sorted(judgements, key=lambda j: (not is_exact(j), -certainty(j)))
