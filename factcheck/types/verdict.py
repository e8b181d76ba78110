"""What checkers say, and what is decided."""

from __future__ import annotations

import math
from dataclasses import dataclass

from factcheck.types.evidence import Evidence
from factcheck.types.text import Claim, Span
from factcheck.types.vocabularies import Label, Rule, Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Probabilities:
    """A distribution over the three labels that a single source can give; sums to 1 within 1e-6."""

    supported: float
    refuted: float
    not_enough_info: float

    def __post_init__(self) -> None:
        values = (self.supported, self.refuted, self.not_enough_info)
        if not all(math.isfinite(v) and -1e-9 <= v <= 1 + 1e-6 for v in values) or abs(sum(values) - 1) > 1e-6:
            raise ValueError(f"probabilities must lie in [0, 1] and sum to 1, not {values}")

    @property
    def label(self) -> Label:
        """The largest; ties go to the more cautious label."""
        best = max(self.not_enough_info, self.refuted, self.supported)
        if self.not_enough_info == best:
            return Label.NOT_ENOUGH_INFO
        return Label.REFUTED if self.refuted == best else Label.SUPPORTED

    def of(self, label: Label) -> float:
        """Return the probability of a label; of CONFLICTING the smaller of the two sides."""
        if label is Label.SUPPORTED:
            return self.supported
        if label is Label.REFUTED:
            return self.refuted
        return self.not_enough_info if label is Label.NOT_ENOUGH_INFO else min(self.supported, self.refuted)

    def as_dict(self) -> dict[str, float]:
        """Return the probabilities by label name."""
        return {
            Label.SUPPORTED.value: self.supported,
            Label.REFUTED.value: self.refuted,
            Label.NOT_ENOUGH_INFO.value: self.not_enough_info,
        }


NO_EVIDENCE = Probabilities(supported=0.0, refuted=0.0, not_enough_info=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What to write instead: `span` is into the claim's text."""

    span: Span
    replacement: str

    def apply(self, text: str) -> str:
        """Return `text` with the span replaced."""
        return text[: self.span.start] + self.replacement + text[self.span.end :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one checker says of a claim, seen from one or more pieces of evidence.

    Attributes:
        evidence_ids: what it rests on, the deciding one first; empty for what needs no evidence (arithmetic).
        checker: the checker's name.
        reason: one sentence with both values and both sources.
        span: what decided, within the text of the first evidence.
        correction: what would make the claim true.
        part: which part of the claim's text was judged; None means the whole claim.
    """

    evidence_ids: tuple[str, ...]
    stance: Stance
    probabilities: Probabilities
    checker: str
    rule: Rule
    reason: str
    span: Span | None = None
    correction: Correction | None = None
    part: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """A checker's answer to one case; no judgement means that it does not apply.

    Attributes:
        evidence: evidence that the checker itself brought, such as a path in the graph.
    """

    judgements: tuple[Judgement, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision on a claim; `confidence` is the probability of `label`."""

    label: Label
    confidence: float
    probabilities: Probabilities
    judgements: tuple[Judgement, ...]
    correction: Correction | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim with its verdict and everything that it was judged on."""

    claim: Claim
    verdict: Verdict
    evidence: tuple[Evidence, ...]
