"""Statements made of statements: each part is judged by the checkers that calculate, and the parts by logic.

"It is the case both that A and that B" is refuted where one part is, "either A or B" where both are; "neither S nor T
is in O" denies both parts. A part that nobody can settle leaves the whole open unless the other parts decide it.

Parts are judged without passages, by facts of a graph and by arithmetic: what a reader makes of a part says little
where the words around it are gone. A checker of single statements is silent on such claims, or it would take "or" for
"and".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from factcheck.decide import is_exact
from factcheck.protocols import Checker, GraphReader
from factcheck.text.connectives import Connective, Joint, Part, Statement, parts_of, read_connectives
from factcheck.types import (
    Case,
    CheckResult,
    Claim,
    Correction,
    Evidence,
    Judgement,
    Probabilities,
    Rule,
    Span,
    Stance,
)


@dataclass(frozen=True, slots=True)
class _Truth:
    """Whether a statement holds, None where nobody knows, and the judgements that show it."""

    holds: bool | None
    shown: tuple[Judgement, ...] = ()


class LogicChecker:
    """`Checker` of claims that are made of several, by others that judge one statement."""

    def __init__(self, checkers: Sequence[Checker], reader: GraphReader | None = None) -> None:
        """Prepare; nothing is loaded.

        Args:
            checkers: judge the parts; only judgements that decide by themselves count.
            reader: knows names that have an "and" in them.
        """
        self._checkers = tuple(checkers)
        self._reader = reader

    @property
    def name(self) -> str:
        """As it stands in judgements."""
        return "logic"

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        """Judge the claims that are made of parts; nothing is said of any other."""
        return [self._check(case) for case in cases]

    def _check(self, case: Case) -> CheckResult:
        mentions = () if self._reader is None else self._reader.ask([case.claim])[0].mentions
        statement = read_connectives(case.claim.text, [mention.span for mention in mentions])
        if statement is None:
            return CheckResult(judgements=())
        if isinstance(statement, Part) and not statement.denied:
            return self._reworded(case, statement)
        brought: dict[str, Evidence] = {}
        known = {evidence.id for evidence in case.evidence}
        truths: dict[Part, _Truth] = {}
        for part in parts_of(statement):
            if part not in truths:
                truths[part] = self._truth(case, part, brought)
        found = _holds(statement, truths)
        judgements = self._open(statement, truths) if found.holds is None else (self._decided(found),)
        used = {i for judgement in judgements for i in judgement.evidence_ids}
        return CheckResult(
            judgements=judgements,
            evidence=tuple(e for e in brought.values() if e.id in used and e.id not in known),
        )

    def _reworded(self, case: Case, part: Part) -> CheckResult:
        """Judge a claim by the plain sentence that says the same."""
        claim = Claim(id=case.claim.id, text=part.text, span=Span(start=0, end=len(part.text)))
        known = {evidence.id for evidence in case.evidence}
        judgements: list[Judgement] = []
        brought: dict[str, Evidence] = {}
        for checker in self._checkers:
            (result,) = checker.check([Case(claim=claim)])
            for judgement in result.judgements:
                moved = replace(_placed(judgement, part), checker=self.name)
                if judgement.part is not None:
                    moved = replace(moved, part=part.place(judgement.part) or part.hull)
                judgements.append(moved)
            brought.update({e.id: e for e in result.evidence if e.id not in known})
        return CheckResult(judgements=tuple(judgements), evidence=tuple(brought.values()))

    def _truth(self, case: Case, part: Part, brought: dict[str, Evidence]) -> _Truth:
        """Judge one part, its denial apart, in the places that it has in the whole."""
        claim = Claim(id=case.claim.id, text=part.text, span=Span(start=0, end=len(part.text)))
        found: list[Judgement] = []
        for checker in self._checkers:
            (result,) = checker.check([Case(claim=claim)])
            found.extend(judgement for judgement in result.judgements if is_exact(judgement))
            brought.update({evidence.id: evidence for evidence in result.evidence})
        refuted = [j for j in found if j.stance is Stance.REFUTES]
        supported = [j for j in found if j.stance is Stance.SUPPORTS and j.part is None]
        if bool(refuted) is bool(supported):
            return _Truth(None)  # nothing, or sources that disagree
        chosen = (refuted or supported)[0]
        return _Truth(bool(supported), (_placed(chosen, part),))

    def _decided(self, found: _Truth) -> Judgement:
        """Return the judgement of the whole by those of the parts that decide it."""
        first = found.shown[0]
        stance = Stance.SUPPORTS if found.holds else Stance.REFUTES
        sure = min(_sureness(judgement) for judgement in found.shown)
        turned = any(judgement.stance is not stance for judgement in found.shown)
        correction = None if turned or found.holds else first.correction
        reasons = " ".join(dict.fromkeys(j.reason for j in found.shown))
        return replace(
            first,
            evidence_ids=tuple(dict.fromkeys(i for j in found.shown for i in j.evidence_ids)),
            stance=stance,
            probabilities=_probabilities(sure, supports=bool(found.holds)),
            checker=self.name,
            rule=Rule.NEGATED_FACT if turned and first.rule is not Rule.ARITHMETIC else first.rule,
            reason=("What the claim denies was looked up. " if turned else "") + reasons,
            span=first.span if len(found.shown) == 1 else None,
            correction=correction,
            part=None if found.holds else correction.span if correction is not None else None,
        )

    def _open(self, statement: Statement, truths: dict[Part, _Truth]) -> tuple[Judgement, ...]:
        """Return what supports a part of a claim that needs all of them, so that the report can show it."""
        if isinstance(statement, Part) or statement.denied or statement.connective is not Connective.ALL:
            return ()
        return tuple(
            replace(judgement, checker=self.name, part=part.hull)
            for part in statement.parts
            if isinstance(part, Part) and not part.denied and truths[part].holds
            for judgement in truths[part].shown
        )


def _holds(statement: Statement, truths: dict[Part, _Truth]) -> _Truth:
    """Put the truth of the parts together; three values, as Kleene has them."""
    if isinstance(statement, Part):
        found = truths[statement]
    else:
        found = _joined(statement, [_holds(part, truths) for part in statement.parts])
    if not statement.denied or found.holds is None:
        return found
    return _Truth(not found.holds, found.shown)


def _joined(joint: Joint, parts: Sequence[_Truth]) -> _Truth:
    """Return the truth of parts that are joined: one decides, or all together do."""
    deciding = joint.connective is Connective.ANY
    for part in parts:
        if part.holds is deciding:
            return part
    if any(part.holds is None for part in parts):
        return _Truth(None)
    return _Truth(not deciding, tuple(judgement for part in parts for judgement in part.shown))


def _placed(judgement: Judgement, part: Part) -> Judgement:
    """Return the judgement with its correction where it stands in the whole, or without one."""
    correction = judgement.correction
    place: Callable[[Span], Span | None] = part.place
    span = None if correction is None else place(correction.span)
    moved = None if correction is None or span is None else Correction(span=span, replacement=correction.replacement)
    return replace(judgement, correction=moved, part=None)


def _sureness(judgement: Judgement) -> float:
    return max(judgement.probabilities.supported, judgement.probabilities.refuted)


def _probabilities(sure: float, *, supports: bool) -> Probabilities:
    rest = (1.0 - sure) / 2
    return Probabilities(
        supported=sure if supports else rest, refuted=rest if supports else sure, not_enough_info=1.0 - sure - rest
    )
