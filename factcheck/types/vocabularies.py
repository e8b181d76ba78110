"""The closed vocabularies of the road."""

from __future__ import annotations

from enum import StrEnum


class Label(StrEnum):
    """What the evidence says of a claim.

    CONFLICTING: independent sources (different document hash and different source) stand against each other.
    """

    SUPPORTED = "SUPPORTED"
    REFUTED = "REFUTED"
    NOT_ENOUGH_INFO = "NOT_ENOUGH_INFO"
    CONFLICTING = "CONFLICTING"


class Stance(StrEnum):
    """What one piece of evidence says of a claim."""

    SUPPORTS = "SUPPORTS"
    REFUTES = "REFUTES"
    NEUTRAL = "NEUTRAL"


class TextKind(StrEnum):
    """Which side of retrieval a text stands on; encoders may use another prompt for each."""

    QUERY = "query"
    PASSAGE = "passage"


class Stage(StrEnum):
    """A step of the road, as named in failures."""

    GENERATE = "generate"
    EXTRACT = "extract"
    RETRIEVE = "retrieve"
    VERIFY = "verify"
    DECIDE = "decide"
    REVISE = "revise"


class Rule(StrEnum):
    """By which rule a checker judged. `factcheck.decide` says which rules are exact and which come first."""

    ENTAILMENT = "entailment"
    FACT_MATCH = "fact_match"
    FUNCTIONAL_DIFFERS = "functional_differs"
    INVERSE_FUNCTIONAL_DIFFERS = "inverse_functional_differs"
    DERIVED_DIFFERS = "derived_differs"
    NEGATED_FACT = "negated_fact"
    DISJOINT_CLASSES = "disjoint_classes"
    CLOSED_WORLD = "closed_world"
    PATH_MATCH = "path_match"
    PATH_DIFFERS = "path_differs"
    LITERAL_MATCH = "literal_match"
    LITERAL_DIFFERS = "literal_differs"
    QUANTITY_EQUAL = "quantity_equal"
    QUANTITY_WITHIN = "quantity_within"
    QUANTITY_DIFFERS = "quantity_differs"
    DATE_EQUAL = "date_equal"
    DATE_WITHIN = "date_within"
    DATE_DIFFERS = "date_differs"
    VALUE_MISSING = "value_missing"
    VALUES_STAND = "values_stand"
    WORDS_COVERED = "words_covered"
    ARITHMETIC = "arithmetic"
    NEGATION = "negation"


class StopReason(StrEnum):
    """Why reflection ended."""

    VERIFIED = "verified"
    UNCHANGED = "unchanged"
    NO_IMPROVEMENT = "no_improvement"
    OSCILLATION = "oscillation"
    MAX_ROUNDS = "max_rounds"
    BUDGET = "budget"


class OnRefuted(StrEnum):
    """What a reviser does with a refuted claim; `correct` falls back to `remove` where no correction is known."""

    CORRECT = "correct"
    REMOVE = "remove"
    FLAG = "flag"


class OnUnsupported(StrEnum):
    """What a reviser does with a claim that the evidence does not settle."""

    KEEP = "keep"
    HEDGE = "hedge"
    FLAG = "flag"
    REMOVE = "remove"


class ExtractBy(StrEnum):
    """Who finds the claims of a text."""

    RULE = "rule"
    MODEL = "model"


class ReviseBy(StrEnum):
    """Who rewrites a text; `auto` is the writing model where there is one, else edits."""

    AUTO = "auto"
    EDIT = "edit"
    MODEL = "model"
