"""Claims against a graph: calculates where a fact settles the claim, and says nothing where none does.

What is looked at comes from `graph.reader`; which name stands in which place from `graph.roles`. A claim is

- supported by a fact that says the same, or by a chain along a transitive property;
- refuted where a property that has one value (or one bearer) has another, where classes are disjoint, where numbers and
  dates differ beyond their precision, or where names stand the wrong way round;
- the other way about if it is negated.

A fact that does not name all that the claim names supports none of it by itself: with others it may.

A refutation that is wrong is worse than silence. It needs unambiguous names, a form of sentence that leaves one
reading, a value of the right kind, and no words between that could change the sense. Properties with several values
refute nothing, nor do characteristics that were only read off the data, unless asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from factcheck.graph.evidence import fact_evidence
from factcheck.graph.periods import periods_in_words
from factcheck.graph.schema import TYPE_RELATION
from factcheck.protocols import GraphReader
from factcheck.text.connectives import read_connectives
from factcheck.text.naming import names_in, names_it
from factcheck.types import Case, CheckResult, Evidence, GraphAnswer, Judgement, Probabilities, Rule, Span, Stance
from factcheck.verify.finding import Finding
from factcheck.verify.findings import Findings
from factcheck.verify.wording import Polarity, decisive_words, is_hedged, polarity_of, unaccounted

_SUPPORTED = Probabilities(supported=0.97, refuted=0.01, not_enough_info=0.02)
_NEGATIONS = "not never no isnt arent wasnt werent didnt doesnt did does 不 非 並 并"
_PARTLY = Probabilities(supported=0.55, refuted=0.1, not_enough_info=0.35)
"""Where words stand between the names that the fact does not account for ("is rarely", "the smallest")."""
_FITTING = Probabilities(supported=0.92, refuted=0.02, not_enough_info=0.06)
"""Where the claim's words speak of the property by what they mean, not by a phrase of it."""
_REFUTED = Probabilities(supported=0.02, refuted=0.96, not_enough_info=0.02)
_REFUTED_BY_DATA = Probabilities(supported=0.04, refuted=0.9, not_enough_info=0.06)


class GraphChecker:
    """`Checker` by facts of a graph."""

    def __init__(self, reader: GraphReader, *, trust_derived: bool = True, today: date | None = None) -> None:
        """Prepare; nothing is loaded.

        Args:
            reader: of the graph.
            trust_derived: also refute by properties that have one value by the data only, with less confidence.
            today: what "currently" means; the day of the call unless given.
        """
        self._reader = reader
        self._trust_derived = trust_derived
        self._today = today

    @property
    def name(self) -> str:
        """As it stands in judgements."""
        return "graph"

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        """Judge each case by the facts on what its claim names."""
        answers = self._reader.ask([case.claim for case in cases])
        return [self._check(case, answer) for case, answer in zip(cases, answers, strict=True)]

    def _check(self, case: Case, answer: GraphAnswer) -> CheckResult:
        text = case.claim.text
        names = [mention.span for mention in answer.mentions]
        if not names or is_hedged(text) or read_connectives(text, names) is not None:
            return CheckResult(judgements=())  # parts are for `factcheck.verify.logic`
        polarity = polarity_of(text, names)
        if not polarity.clear:
            return CheckResult(judgements=())
        findings = Findings(text, answer, trust_derived=self._trust_derived, today=self._today).all()
        have = {evidence.id for evidence in case.evidence}
        judgements: dict[tuple[str, Stance], Judgement] = {}
        brought: dict[str, Evidence] = {}
        supporting: list[tuple[tuple[str, Stance], Finding, Evidence]] = []
        if polarity.negated:
            # "The largest city of S is not O" denies more than the fact says; so does "S is not a city in O".
            findings = [f for f in findings if not f.supports or _is_all(text, f, names)]
        for finding in findings:
            evidence = fact_evidence(finding.facts, source=self._reader.source, graph_sha256=answer.graph_sha256)
            judgement = self._judgement(text, finding, evidence, polarity, names)
            key = evidence.id, judgement.stance
            if key not in judgements or _says_more(judgement, judgements[key]):
                judgements[key] = judgement
            if judgement.stance is Stance.SUPPORTS and not polarity.negated:
                supporting.append((key, finding, evidence))
            if evidence.id not in have:
                brought.setdefault(evidence.id, evidence)
        together = self._together(text, findings, list(judgements.values()), names)
        barred = _leave_out_a_name(text, supporting)
        kept = [j for key, j in judgements.items() if key not in barred]
        if together is not None:
            kept.append(together)
        return CheckResult(judgements=tuple(kept), evidence=tuple(brought.values()))

    # --------------------------------------------------------------------------------------------------- judgements

    def _judgement(
        self, text: str, finding: Finding, evidence: Evidence, polarity: Polarity, names: Sequence[Span]
    ) -> Judgement:
        supports = finding.supports != polarity.negated
        whole = Span(start=0, end=len(text))
        words = [
            evidence.text,
            *(fact.relation.label for fact in finding.facts),
            "not never no isnt arent wasnt werent didnt doesnt 不 非 並 并",
        ]
        part: Span | None = None
        if finding.fitting and supports:
            labels = [label for fact in finding.facts for label in (fact.subject.label, fact.value_text)]
            left = bool(decisive_words(text, finding.spans, [*words, *labels]))
        else:
            beyond = any(not any(span.overlaps(name) for span in finding.spans) for name in names)
            left = beyond or bool(unaccounted(text, whole, finding.spans, words))
        if supports and not finding.conflicting and left:
            part = finding.window
        correction = finding.correction
        rule = finding.rule
        if polarity.negated:
            rule = Rule.NEGATED_FACT
            correction = polarity.removal if not supports else None
        elif finding.conflicting:
            correction = None
        if not supports and correction is not None:
            part = correction.span
        elif not supports and not finding.conflicting:
            part = finding.window
        last = finding.facts[-1]
        at = evidence.text.rfind(last.value_text)
        return Judgement(
            evidence_ids=(evidence.id,),
            stance=Stance.SUPPORTS if supports else Stance.REFUTES,
            probabilities=self._probabilities(text, finding, words, supports=supports),
            checker=self.name,
            rule=rule,
            reason=self._reason(finding, supports, polarity),
            span=Span(start=at, end=at + len(last.value_text)) if at >= 0 and last.value_text else None,
            correction=None if supports else correction,
            part=part,
        )

    @staticmethod
    def _probabilities(text: str, finding: Finding, words: Sequence[str], *, supports: bool) -> Probabilities:
        if not supports:
            return _REFUTED_BY_DATA if finding.derived else _REFUTED
        return _SUPPORTED if _accounts(text, finding, words) else _FITTING if finding.fitting else _PARTLY

    def _together(
        self, text: str, findings: Sequence[Finding], judgements: Sequence[Judgement], names: Sequence[Span]
    ) -> Judgement | None:
        """Return the support of the whole claim by facts that each support a part of it: born there, and then."""
        parts = [j for j in judgements if j.part is not None]
        if len(parts) < 2 or len(parts) < len(judgements) or any(j.stance is not Stance.SUPPORTS for j in judgements):
            return None
        if any(j.rule is Rule.NEGATED_FACT for j in judgements):
            return None
        spans = [span for finding in findings for span in finding.spans]
        words = ["and", *(w for f in findings for fact in f.facts for w in (fact.text, fact.relation.label))]
        beyond = any(not any(span.overlaps(name) for span in spans) for name in names)
        if beyond or unaccounted(text, Span(start=0, end=len(text)), spans, words):
            return None
        return replace(
            parts[0],
            evidence_ids=tuple(dict.fromkeys(i for j in parts for i in j.evidence_ids)),
            reason=" ".join(dict.fromkeys(j.reason for j in parts)),
            part=None,
        )

    def _reason(self, finding: Finding, supports: bool, polarity: Polarity) -> str:
        last = finding.facts[-1]
        shown = f"{last.subject.label} → {last.relation.label} is {last.value_text}"
        if last.periods:
            shown += f" ({periods_in_words(last.periods)})"
        if finding.facts[0].relation.term == TYPE_RELATION.term or len(finding.facts) > 1:
            shown = " ".join(fact.text for fact in finding.facts).rstrip(".")
        source = f"(graph: {self._reader.source})"
        denied = "not " if polarity.negated else ""
        if supports and not polarity.negated:
            return f"The claim says {finding.said}, and so does the graph: {shown} {source}."
        basis = " by the data, though no ontology says that there is only one" if finding.derived else ""
        return f"The claim says {denied}{finding.said}; {shown}{basis} {source}."


def _leave_out_a_name(
    text: str, supporting: Sequence[tuple[tuple[str, Stance], Finding, Evidence]]
) -> set[tuple[str, Stance]]:
    """Return which facts support nothing, since the claim names what none of them does.

    That Uranus was found in 1781 says nothing of Galileo; that Turkey lies partly in Europe is one half of a claim
    whose other half another fact supports.
    """
    missing = [(key, _not_named(text, finding, evidence)) for key, finding, evidence in supporting]
    together = frozenset.intersection(*(names for _, names in missing)) if missing else frozenset()
    return {key for key, names in missing if names & together} - {key for key, names in missing if not names}


def _not_named(text: str, finding: Finding, evidence: Evidence) -> frozenset[Span]:
    """Return where the claim names what a fact does not."""
    accounted = (*finding.spans, *finding.passing)
    labels = [label for fact in finding.facts for label in (fact.subject.label, fact.value_text)]
    told = " . ".join((evidence.text, *labels))
    return frozenset(
        name.span
        for name in names_in(text)
        if not any(name.span.overlaps(span) for span in accounted) and not names_it(told, name.text)
    )


def _says_more(judgement: Judgement, other: Judgement) -> bool:
    """Say whether a judgement is of the whole claim where the other is of a part, or is surer."""
    mine, its = (j.probabilities.supported + j.probabilities.refuted for j in (judgement, other))
    return (judgement.part is None, mine) > (other.part is None, its)


def _is_all(text: str, finding: Finding, names: Sequence[Span]) -> bool:
    """Say whether the finding is of all that a claim says, so that who denies the claim denies the fact."""
    beyond = any(not any(span.overlaps(name) for span in finding.spans) for name in names)
    words = [w for f in finding.facts for w in (f.text, f.relation.label, f.subject.label, f.value_text)]
    # "S did not win O in 1974" may be true of one who won it in 1973.
    more = decisive_words(text, (*finding.spans, *finding.passing), [*words, _NEGATIONS])
    return not beyond and not more and _accounts(text, finding, [finding.facts[-1].text])


def _accounts(text: str, finding: Finding, words: Sequence[str]) -> bool:
    """Say whether nothing stands between the finding's words that the fact does not account for."""
    spans = (*finding.spans, *finding.passing)
    labels = [fact.relation.label for fact in finding.facts]
    return not unaccounted(text, finding.window, spans, [*words, *labels, _NEGATIONS], tolerant=True)
