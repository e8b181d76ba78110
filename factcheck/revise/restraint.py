"""What refused rewrites teach a reviser that edits about the next one from the same text.

One bad correction must not cost the good ones: the corrections that are to blame are withdrawn, and where something
else does not help either, the claim is left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from factcheck.types import CheckedClaim, FailedClaim, Label, Refusal, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Restraint:
    """What not to do again.

    Attributes:
        withdrawn: claims whose correction made things worse: something else has to be done about them.
        forgone: claims to be left as they are: that did not help either.
    """

    withdrawn: frozenset[str] = frozenset()
    forgone: frozenset[str] = frozenset()

    @classmethod
    def after(cls, refused: Sequence[Refusal]) -> Self:
        """Return the restraint that refusals add up to, the oldest first."""
        withdrawn, forgone = frozenset[str](), frozenset[str]()
        for refusal in refused:
            forgone |= refusal.claim_ids if refusal.forgo else refusal.claim_ids & withdrawn
            withdrawn |= refusal.claim_ids
        return cls(withdrawn=withdrawn, forgone=forgone)

    def on(self, report: Report) -> Report:
        """Return the report as it shall be read: nothing is known to correct a withdrawn claim by.

        A forgone one is taken for conflicting, which nobody edits.
        """
        return replace(report, claims=tuple(self._claim(c) for c in report.claims))

    def _claim(self, checked: CheckedClaim | FailedClaim) -> CheckedClaim | FailedClaim:
        if not isinstance(checked, CheckedClaim) or checked.claim.id not in self.withdrawn:
            return checked
        label = Label.CONFLICTING if checked.claim.id in self.forgone else checked.verdict.label
        return replace(checked, verdict=replace(checked.verdict, label=label, correction=None, judgements=()))
