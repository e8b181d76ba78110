"""A correction that nobody calculated: a name or number of the evidence tried in the claim's place for it.

A refuted claim often differs from its evidence in one slot. Each candidate claim is read again by the entailment model,
and each value is looked at where it stands in the evidence: among the claim's other words, or elsewhere. A softmax over
all candidates and "none of them" decides, its weights a JSON file (`scripts/fit_substitution.py` made them); what the
model reads alone is right in half of the cases, since any name makes the claim fit better than the wrong one did.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

import msgspec

from factcheck.protocols import EntailmentModel
from factcheck.revise.grounds import Matter, Statement, is_told_by_rule, refutations
from factcheck.text.orders import without_orders
from factcheck.text.sentences import split_sentences
from factcheck.text.stems import STOP, stem
from factcheck.text.tokens import tokenize
from factcheck.types import CheckedClaim, Correction, Evidence, Span

LIKELY = 0.6
"""What a candidate must reach; in [0, 1]."""

BORNE_OUT = 0.5
"""What the evidence must give to a claim that was corrected by a value nobody compared exactly; in [0, 1]."""

MAX_CANDIDATES = 32
_ROOM = 24
"""Tokens that a pair takes beside its texts, and what a longer name takes."""

_DENIED = re.compile(r"\s?(?:not|never)\s+\w+")
_NEGATION = re.compile(r"\s(?:not|never|n't)\b|\b(?:not|never)\s", re.IGNORECASE)


Signals = list[dict[str, float]]


def substitute(checked: CheckedClaim, entailment: EntailmentModel) -> Correction | None:
    """Return the likeliest substitution, or None where none is clearly right.

    Args:
        checked: a refuted claim with its evidence and judgements.
        entailment: reads each candidate against the evidence that refuted the claim.
    """
    text = checked.claim.text
    premise, candidates = tried(checked, entailment)
    if not candidates:
        return None
    scores = entailment.score([(premise, candidate.apply(text)) for candidate in candidates])
    shares = _shares(candidate_signals(text, premise, candidates, scores[:, 0].tolist()))
    best = max(range(len(candidates)), key=shares.__getitem__)
    return candidates[best] if shares[best] >= LIKELY else None


def tried(checked: CheckedClaim, entailment: EntailmentModel) -> tuple[str, list[Correction]]:
    """Return what is read of the first evidence that refutes a claim and speaks of it, and the corrections to try.

    Args:
        checked: a refuted claim with its evidence and judgements.
        entailment: will read; says how much that can be.
    """
    matter = Matter(checked.claim.text)
    for evidence, span in refutations(checked):
        statements = list(matter.statements(evidence))
        if statements:
            premise = _readable(evidence, span, matter.claim, entailment)
            return premise, list(_candidates(matter, statements, premise))[:MAX_CANDIDATES]
    return "", []


def is_borne_out(checked: CheckedClaim, correction: Correction, entailment: EntailmentModel) -> bool:
    """Say whether a claim may be corrected so: by an exact rule, or by what the evidence that refutes it entails.

    A date or number that a passage has in another place is no correction of a claim that it does not speak of.

    Args:
        checked: a refuted claim with its evidence and judgements.
        correction: of its text.
        entailment: reads the corrected claim against that evidence.
    """
    refuting = list(refutations(checked))
    if not refuting or any(is_told_by_rule(j) and j.correction is not None for j in checked.verdict.judgements):
        return True
    text = correction.apply(checked.claim.text)
    matter = Matter(checked.claim.text)
    told = [refutation for refutation in refuting if any(matter.statements(refutation[0]))]
    premise = _readable(*told[0], text, entailment) if told else ""
    return bool(premise) and float(entailment.score([(premise, text)])[0, 0]) >= BORNE_OUT


class _WeightsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    schema: str
    weights: dict[str, float]


@cache
def default_weights() -> dict[str, float]:
    """Return the weights that ship with the package, by the name of the signal."""
    raw = resources.files("factcheck").joinpath("revise", "substitute.json").read_bytes()
    return msgspec.json.decode(raw, type=_WeightsFile).weights


def _shares(rows: Signals) -> list[float]:
    """Return the share of each candidate in a softmax over all of them and none."""
    weights = default_weights()
    scores = [sum(weights[name] * value for name, value in row.items()) for row in rows]
    top = max(*scores, 0.0)
    odds = [math.exp(score - top) for score in scores]
    total = sum(odds) + math.exp(-top)
    return [value / total for value in odds]


def _readable(evidence: Evidence, span: Span | None, claim: str, entailment: EntailmentModel) -> str:
    """Return what the evidence says, or what decided in it where the whole is more than the model reads at once."""
    premise = without_orders(evidence.premise)
    longest = entailment.max_tokens - _ROOM
    told, asked = entailment.count_tokens([premise, claim])
    if told + 2 * asked <= longest:  # a value that is put in may be longer than the one it stands for
        return premise
    if span is None:
        return ""
    decided = without_orders(span.of(evidence.text))
    (told,) = entailment.count_tokens([decided])
    return decided if told + 2 * asked <= longest else ""


def candidate_signals(text: str, premise: str, candidates: Sequence[Correction], supported: Sequence[float]) -> Signals:
    """Return what tells the right value from the others, for each candidate.

    Args:
        text: of the refuted claim.
        premise: what is read.
        candidates: corrections of the claim.
        supported: what the model gives to SUPPORTED with each of them, in [0, 1].
    """
    sentences = [_tokens(span.of(premise)) for span in split_sentences(premise)]
    rows = []
    for number, (correction, probability) in enumerate(zip(candidates, supported, strict=True)):
        rivals = [p for i, p in enumerate(supported) if i != number and candidates[i].span == correction.span]
        slot = _tokens(correction.span.of(text))
        around = _tokens(text[: correction.span.start] + " " + text[correction.span.end :])
        needs = frozenset(word for word in around if word not in STOP) - frozenset(slot)
        value = _tokens(correction.replacement)
        before, after = _tokens(text[: correction.span.start])[-1:], _tokens(text[correction.span.end :])[:1]
        best = {"near": 0.0, "covered": 0.0, "before": 0.0, "after": 0.0}
        for words in sentences:
            for at in range(len(words) - len(value) + 1):
                if not value or words[at : at + len(value)] != value:
                    continue
                end = at + len(value) - 1
                gaps: dict[str, int] = {}
                for i, word in enumerate(words):
                    if word in needs and not at <= i <= end:
                        gap = at - i if i < at else i - end
                        gaps[word] = min(gap, gaps.get(word, gap))
                near = sum(1.0 / (1 + gap) ** 0.5 for gap in gaps.values()) / max(len(needs), 1)
                if near >= best["near"]:
                    best = {
                        "near": near,
                        "covered": len(gaps) / max(len(needs), 1),
                        "before": float(bool(before) and words[at - 1 : at] == before),
                        "after": float(bool(after) and words[end + 1 : end + 2] == after),
                    }
        rows.append(
            {
                "bias": 1.0,
                "reads": _log_odds(probability),
                "margin": _log_odds(probability) - _log_odds(max(rivals, default=0.02)),
                "alone": float(not rivals),
                "number": float(any(c.isdigit() for c in correction.replacement)),
                "negation": float(not value),
                **best,
            }
        )
    return rows


def _tokens(text: str) -> list[str]:
    return [stem(token) for token in tokenize(text)]


def _log_odds(p: float) -> float:
    p = min(max(p, 0.02), 0.98)
    return math.log(p / (1.0 - p))


def _candidates(matter: Matter, statements: Sequence[Statement], premise: str) -> Iterator[Correction]:
    """Yield what sentences that speak of a claim could correct it to: a value of the same sort, or no denial."""
    text = matter.claim
    for match in _NEGATION.finditer(text) if any(matter.is_denied_by(s) for s in statements) else ():
        denied = _DENIED.match(text.casefold(), match.start())
        if denied is None or denied[0].strip() not in premise.casefold():  # what the evidence denies too stays denied
            yield Correction(span=Span(start=match.start(), end=match.end()), replacement="")
    for slot in matter.values:
        there = dict.fromkeys(new for s in statements for new in matter.others(slot, s))
        for new in there:
            if new in premise:
                yield Correction(span=slot.span, replacement=new)
