"""Reading is for texts: a checker that reads sentences is not shown the facts of a graph.

A fact says what holds and nothing of what does not: "Bangalore" as the city of a college does not contradict "India",
nor does one prize contradict another. A reader takes it for a sentence and sees contradictions, and its neighbour for
support. Facts are judged by `factcheck.verify.facts`, which knows what a property's ontology lets follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from factcheck.protocols import Checker
from factcheck.types import Case, CheckResult, Evidence


class PassageChecker:
    """`Checker` that shows another one the evidence that is text.

    Args:
        checker: reads.
    """

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    @property
    def name(self) -> str:
        """The name of the checker that reads."""
        return self._checker.name

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        """Let the other one judge each case without its facts."""
        return self._checker.check([replace(case, evidence=_texts(case)) for case in cases])


def _texts(case: Case) -> tuple[Evidence, ...]:
    return tuple(evidence for evidence in case.evidence if not evidence.triples)
