"""What evidence cannot say of a claim: it supports none of which it leaves out a name.

A reader that finds four of five words finds them without the fifth: "Uranus was discovered by Galileo Galilei in 1781"
beside a sentence on Uranus, its discovery and 1781. So, of evidence that is text:

- Under a title it does not support a claim that names a person, place or organisation which title, section and text do
  not name (`factcheck.text.naming` says what names what).
- It contradicts it where it has everything else and another name in that one's role (`factcheck.verify.bearers`).
- It neither supports nor refutes a claim whose first name it does not have, if it stands under a title, which then says
  what it is about.
- Under a title, a reading that finds a contradiction in text without what the claim says of its names ("died" beside
  "born in 1778") is not sure enough to stand against another source.
- What it denies it does not support (`factcheck.verify.denials`), and of a denial it does not say the contrary.
- Text without a title may speak of "he" and "the film", or leave its subject out, and who that is stands elsewhere:
  there, only another name in the role counts.

Denials and choices ("or") are left alone: what is not the case need not be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from factcheck.text.names import Name
from factcheck.text.naming import is_people, names_in, names_it
from factcheck.text.stems import BE, LIGHT, STOP, stem
from factcheck.text.tokens import tokenize, tokens_with_spans
from factcheck.types import Case, Evidence, Judgement, Label, Probabilities, Rule, Stance
from factcheck.verify.bearers import is_alike, other_bearer, other_holder
from factcheck.verify.denials import denial_of

_DENIES_OR_CHOOSES = re.compile(
    r"\b(?:not|never|no|nobody|none|neither|nor|without|cannot|or|either|unlike|except)\b|n['’]t\b", re.IGNORECASE
)
_OTHER = 0.92  # that a sentence with all other words, and another name in the same role, contradicts the claim
_DOUBTFUL = 0.8  # below what `decide` takes for strong
_PREFIX = 5
_MOST = 0.05  # that is left for what cannot be so
_STANCE = {Label.SUPPORTED: Stance.SUPPORTS, Label.REFUTED: Stance.REFUTES, Label.NOT_ENOUGH_INFO: Stance.NEUTRAL}


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What a piece of evidence can say, the name that it lacks, and the one that it has instead."""

    supports: bool = True
    refutes: bool = True
    lacks: str = ""
    instead: str = ""
    doubtful: bool = False
    denied: bool = False


def within_names(case: Case, judgements: Iterable[Judgement]) -> list[Judgement]:
    """Take back what evidence cannot say for want of a name; judgements of facts are the graph's and stay."""
    names = names_in(case.claim.text)
    denies = _DENIES_OR_CHOOSES.search(case.claim.text) is not None
    texts = {evidence.id: evidence for evidence in case.evidence if not evidence.triples}
    bounds: dict[str, _Bounds] = {}
    kept = []
    for judgement in judgements:
        evidence = texts.get(judgement.evidence_ids[0]) if len(judgement.evidence_ids) == 1 else None
        if evidence is None:
            kept.append(judgement)
            continue
        if evidence.id not in bounds:
            bounds[evidence.id] = _bounds(case.claim.text, names, evidence, denies=denies)
        kept.extend(_bounded(judgement, bounds[evidence.id], evidence))
    return kept


def _bounds(claim: str, names: list[Name], evidence: Evidence, *, denies: bool) -> _Bounds:
    denial = denial_of(claim, evidence)
    if denial is not None and not denial.claim_denies:
        return _Bounds(False, True, denied=denial.whole)
    if denial is not None:
        return _Bounds(True, False, denied=denial.whole)
    if not names:
        return _Bounds()
    holder = None if denies else other_holder(claim, evidence)
    if holder is not None:
        return _Bounds(False, True, *holder)
    text = evidence.premise
    missing = [name for name in names if not names_it(text, name.text)]
    titled = evidence.passage is not None and evidence.passage.title.strip() != ""
    if not missing:
        elsewhere = None if denies else _of_another(claim, names, evidence)
        return elsewhere or _Bounds(doubtful=titled and not _tells_of(claim, names, text))
    if titled and missing[0] is names[0]:
        return _Bounds(False, False, missing[0].text)
    told = [name for name in missing if _must_stand(name.text)]
    if denies or not told:
        return _Bounds()
    another = next((other for name in told if (other := other_bearer(claim, name, evidence)) is not None), "")
    return _Bounds(False, True, told[0].text, another) if titled or another else _Bounds()


def _of_another(claim: str, names: list[Name], evidence: Evidence) -> _Bounds | None:
    """Look for another name in the place of one that the evidence has too, but elsewhere."""
    for name in names:
        # A subject may do the same as others do; what was done by one, or in one place, was not by another.
        other = other_bearer(claim, name, evidence) if name.span.start > 0 and _must_stand(name.text) else None
        if other is not None and is_alike(name.text, other):
            return _Bounds(False, True, name.text, other)
    return None


def _tells_of(claim: str, names: list[Name], text: str) -> bool:
    """Say whether a text has a word of what the claim says of its names; one is enough, others may be paraphrased."""
    inside = {at for name in names for at in range(name.span.start, name.span.end)}
    words = {
        stem(token.text)
        for token in tokens_with_spans(claim)
        if not token.text[0].isdigit() and token.span.start not in inside
    }
    said = {word[:_PREFIX] for word in words - STOP - LIGHT - BE}
    return not said or any(stem(token)[:_PREFIX] in said for token in tokenize(text))


def _must_stand(name: str) -> bool:
    """Say whether a name is of something that can only be told of by naming it."""
    return not is_people(name) and not (name.isupper() and len(name) < 4)


def _bounded(judgement: Judgement, bounds: _Bounds, evidence: Evidence) -> Iterable[Judgement]:
    p = judgement.probabilities
    if bounds.doubtful and judgement.rule is Rule.ENTAILMENT and p.refuted > _DOUBTFUL:
        less = Probabilities(
            supported=p.supported, refuted=_DOUBTFUL, not_enough_info=max(0.0, 1 - p.supported - _DOUBTFUL)
        )
        return (replace(judgement, probabilities=less),)
    if bounds.supports and bounds.refutes:
        return (judgement,)
    if judgement.rule is Rule.NEGATION:
        return (judgement,)  # it has found all the words of the claim, or that another thing is the largest
    if judgement.rule is not Rule.ENTAILMENT:
        barred = {Stance.SUPPORTS: not bounds.supports, Stance.REFUTES: not bounds.refutes}
        return () if barred.get(judgement.stance, False) else (judgement,)
    supported = p.supported if bounds.supports else min(p.supported, _MOST)
    refuted = p.refuted if bounds.refutes else min(p.refuted, _MOST)
    if bounds.denied and bounds.refutes:
        refuted, supported = max(refuted, _OTHER), min(supported, (1 - _OTHER) / 4)
    elif bounds.denied:
        supported, refuted = max(supported, _OTHER), min(refuted, (1 - _OTHER) / 4)
    elif bounds.instead:
        refuted = max(refuted, _OTHER)
        supported = min(supported, 1 - refuted)
    elif bounds.refutes and bounds.lacks:  # the reading of the rest stays as it is
        free = refuted + p.not_enough_info
        refuted = (1 - supported) * refuted / free if free else 0.0
    probabilities = Probabilities(
        supported=supported, refuted=refuted, not_enough_info=max(0.0, 1 - supported - refuted)
    )
    if probabilities.label is p.label:
        return (replace(judgement, probabilities=probabilities),)
    where = evidence.passage.title if evidence.passage is not None and evidence.passage.title else evidence.source
    stance = _STANCE[probabilities.label]
    if stance is Stance.REFUTES and bounds.instead:
        reason = f"The claim says {bounds.lacks}; {where or 'the evidence'} says {bounds.instead}."
        return (replace(judgement, probabilities=probabilities, stance=stance, reason=reason),)
    if not bounds.lacks:
        says = "denies that" if bounds.denied else "does not say so"
        return (
            replace(judgement, probabilities=probabilities, stance=stance, reason=f"{where or 'The evidence'} {says}."),
        )
    reason = f"{where or 'The evidence'} does not name {bounds.lacks}, so that it does not settle the claim."
    return (replace(judgement, probabilities=probabilities, stance=stance, reason=reason),)
