"""Rewrite, check again, and keep a rewrite only when re-checking shows that it is better.

A rewrite is accepted if and only if

1. fewer claims are refuted or conflicting than before (or, where the policy also acts on unsupported claims, equally
   many are, and fewer unsupported ones break the policy);
2. every claim that was supported is entailed by the new text;
3. no claim is newly refuted, and none newly failed;
4. the share of tokens kept, counted from the first draft, stays above the threshold.

Rounds are ordered by fewer refuted or conflicting, fewer failed, fewer unsupported claims that break the policy (none
does under `keep` and `flag`), more supported, more kept; the best accepted one is the result. The stop reasons are
those of `StopReason`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from factcheck.errors import BudgetError
from factcheck.pipeline import Pipeline
from factcheck.protocols import UNREAD, EntailmentModel, Reviser, Vectors
from factcheck.text.sentences import split_sentences
from factcheck.text.tokens import tokenize
from factcheck.types import (
    CheckedClaim,
    Draft,
    Edit,
    Exchange,
    FailedClaim,
    Label,
    OnUnsupported,
    Reflection,
    Refusal,
    Report,
    Revision,
    Round,
    StopReason,
)

ENTAILED = 0.5
"""A supported claim survives a rewrite if the new text entails it with at least this probability."""

_WRONG = frozenset({Label.REFUTED, Label.CONFLICTING})
_PATIENCE = 2  # rewrites that are not accepted, running


@dataclass(frozen=True, slots=True, kw_only=True)
class ReflectPolicy:
    """When to stop and what to keep.

    Attributes:
        max_rounds: rewrites at most.
        min_preservation: share of the first draft's tokens that must stay; in [0, 1].
        on_unsupported: what the reviser does with unsupported claims, to know when the policy is met.
        max_tokens: what models may spend on one text, drafting and extraction included; None for no limit.
    """

    max_rounds: int = 4
    min_preservation: float = 0.6
    on_unsupported: OnUnsupported = OnUnsupported.KEEP
    max_tokens: int | None = None


def reflect(
    draft: Draft,
    pipeline: Pipeline,
    reviser: Reviser,
    entailment: EntailmentModel,
    policy: ReflectPolicy,
    *,
    on_round: Callable[[Round], None] | None = None,
    report: Report | None = None,
    origin: Draft | None = None,
    seconds: float = 0.0,
) -> Report:
    """Check a draft and rewrite it until a named reason to stop.

    Args:
        draft: the text to begin with; it becomes round 0.
        pipeline: checks each text as a whole, anew; only unchanged claims keep their verdicts.
        reviser: proposes rewrites.
        entailment: tells whether a supported claim is still there.
        policy: when to stop.
        on_round: called after each round, for progress.
        report: on the draft, where it was checked already.
        origin: what preservation is counted from, where the draft itself is a rewrite; the draft unless given.
        seconds: what writing and checking the draft took before.

    Returns:
        The report on the best text, with all rounds in `revision`.
    """
    clock = time.monotonic()
    origin = origin or draft
    report = pipeline.check([draft])[0] if report is None else report
    tokens = _tokens(draft.exchanges) + _tokens(report.exchanges)
    rounds = [
        Round(
            draft=draft,
            report=report,
            accepted=True,
            tokens=tokens,
            exchanges=draft.exchanges,
            seconds=seconds + time.monotonic() - clock,
        )
    ]
    current = rounds[0]
    seen = {_hash(draft.text)}
    refused: list[Refusal] = []
    warnings: dict[str, None] = {}
    loose: list[Exchange] = []  # of a rewrite that became no round
    checked = _known(report)
    if on_round is not None:
        on_round(current)
    while (stop := _stop_before(current, len(rounds), tokens, policy)) is None:
        clock = time.monotonic()
        try:
            revision = reviser.revise(current.draft, current.report, refused)
        except BudgetError as error:
            warnings[str(error)] = None
            stop = StopReason.BUDGET
            break
        warnings.update(dict.fromkeys(revision.warnings))
        stop = _stop_at(revision.draft.text, current.draft.text, seen, refused)
        if stop is not None:
            loose.extend(revision.exchanges)
            break
        seen.add(_hash(revision.draft.text))
        new_report = pipeline.check([revision.draft], known=checked)[0]
        checked |= _known(new_report)
        refusal = _objection(current, revision, new_report, origin, entailment, policy)
        spent = revision.tokens + _tokens(new_report.exchanges)
        tokens += spent
        rounds.append(
            Round(
                draft=revision.draft,
                report=new_report,
                accepted=refusal is None,
                edits=revision.edits,
                tokens=spent,
                reason="" if refusal is None else refusal.reason,
                exchanges=revision.exchanges,
                seconds=time.monotonic() - clock,
            )
        )
        if on_round is not None:
            on_round(rounds[-1])
        if refusal is None:
            current, refused = rounds[-1], []
            continue
        refused.append(refusal)
        if len(refused) >= _PATIENCE:
            stop = StopReason.NO_IMPROVEMENT
            break
    best = max((i for i, r in enumerate(rounds) if r.accepted), key=lambda i: _rank(rounds[i], origin, policy))
    final = rounds[best].report
    return replace(
        final,
        warnings=tuple(dict.fromkeys((*final.warnings, *warnings))),
        revision=Reflection(rounds=tuple(rounds), stop_reason=stop, best=best),
        exchanges=tuple(loose),
    )


def _stop_before(current: Round, rounds: int, tokens: int, policy: ReflectPolicy) -> StopReason | None:
    """Return why no further rewrite is asked for, if none is."""
    if is_settled(current.report, policy):
        return StopReason.VERIFIED
    if rounds > policy.max_rounds:
        return StopReason.MAX_ROUNDS
    if policy.max_tokens is not None and tokens >= policy.max_tokens:
        return StopReason.BUDGET
    return None


def _stop_at(text: str, current: str, seen: Collection[str], refused: Sequence[Refusal]) -> StopReason | None:
    """Return why a rewrite is not even checked, if it is not: its text was there before."""
    if text == current:
        return StopReason.UNCHANGED
    if _hash(text) not in seen:
        return None
    again = any(refusal.text == text for refusal in refused)  # no way back to an older text
    return StopReason.NO_IMPROVEMENT if again else StopReason.OSCILLATION


def preservation(before: str, after: str) -> float:
    """Return the share of the first text's tokens that the second keeps in order, in [0, 1].

    The longest common subsequence of tokens over the number of tokens before; 1.0 for a text without any.
    """
    from rapidfuzz.distance import LCSseq

    tokens = tokenize(before)
    return LCSseq.similarity(tokens, tokenize(after)) / len(tokens) if tokens else 1.0


# ----------------------------------------------------------------------------------------------------------- acceptance


def _objection(
    current: Round,
    revision: Revision,
    report: Report,
    first: Draft,
    entailment: EntailmentModel,
    policy: ReflectPolicy,
) -> Refusal | None:
    text = revision.draft.text
    edited = frozenset(edit.claim_id for edit in revision.edits)
    known = {c.claim.text: c for c in current.report.claims}
    for claim in report.claims:
        before = known.get(claim.claim.text)
        newly_failed = isinstance(claim, FailedClaim) and not isinstance(before, FailedClaim)
        newly_refuted = _label(claim) is Label.REFUTED and (before is None or _label(before) is not Label.REFUTED)
        if newly_failed or newly_refuted:
            what = "failed" if newly_failed else "refuted"
            blamed = _blame(revision.edits, claim.claim.span.start, claim.claim.span.end)
            reason = f"the rewrite brings a claim that is {what}: {claim.claim.text}"
            return Refusal(text=text, reason=reason, claim_ids=blamed or edited)
    lost = _lost(current.report, revision, report, entailment)
    if lost is not None:
        near = frozenset(
            edit.claim_id for edit in revision.edits if edit.span.overlaps(lost.claim.span) or not len(edit.span)
        )
        return Refusal(text=text, reason=f"a supported claim is gone: {lost.claim.text}", claim_ids=near or edited)
    wrong_before, wrong_after = _count(current.report, _WRONG), _count(report, _WRONG)
    breaking_before, breaking_after = _breaking(current.report, policy), _breaking(report, policy)
    if not (wrong_after < wrong_before or (wrong_after == wrong_before and breaking_after < breaking_before)):
        return Refusal(text=text, reason=f"as many claims are wrong as before ({wrong_after})", claim_ids=edited)
    kept = preservation(first.text, revision.draft.text)
    if kept <= policy.min_preservation:
        return Refusal(
            text=text,
            reason=f"only {kept:.0%} of the draft is kept, not more than {policy.min_preservation:.0%}",
            claim_ids=_too_much(current.draft.text, revision.edits, first, policy) or edited,
            forgo=True,
        )
    return None


def _too_much(text: str, edits: Sequence[Edit], first: Draft, policy: ReflectPolicy) -> frozenset[str]:
    """Return the claims whose removal has to be forgone so that enough is kept, the later ones in the text first."""
    removals = sorted((e for e in edits if not e.replacement), key=lambda e: e.span.start)
    others = [e for e in edits if e.replacement]
    forgone = set()
    while removals:
        if preservation(first.text, _applied(text, [*others, *removals])) > policy.min_preservation:
            break
        forgone.add(removals.pop().claim_id)
    return frozenset(forgone)


def _applied(text: str, edits: Sequence[Edit]) -> str:
    for edit in sorted(edits, key=lambda e: e.span.start, reverse=True):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


def _blame(edits: Sequence[Edit], start: int, end: int) -> frozenset[str]:
    """Return the claims whose edits lie in [start, end) of the new text."""
    blamed = set()
    shift = 0
    for edit in sorted(edits, key=lambda e: e.span.start):
        new_start = edit.span.start + shift
        new_end = new_start + len(edit.replacement)
        if new_start < end and start <= new_end:
            blamed.add(edit.claim_id)
        shift += len(edit.replacement) - len(edit.span)
    return frozenset(blamed)


def _lost(before: Report, revision: Revision, after: Report, entailment: EntailmentModel) -> CheckedClaim | None:
    """Return the first supported claim that the new text no longer states."""
    still = {c.claim.text for c in after.claims if _label(c) is Label.SUPPORTED}
    doubtful = [
        c
        for c in before.claims
        if isinstance(c, CheckedClaim) and c.verdict.label is Label.SUPPORTED and c.claim.text not in still
    ]
    if not doubtful:
        return None
    sentences = [span.of(revision.draft.text) for span in split_sentences(revision.draft.text)]
    pairs = [(_nearest(c.claim.text, sentences), c.claim.text) for c in doubtful]
    scores = entailment.score(pairs)
    return next((c for c, pair, row in zip(doubtful, pairs, scores, strict=True) if not _entailed(pair, row)), None)


def _entailed(pair: tuple[str, str], row: Vectors) -> bool:
    """Say whether a supported claim is still there; what the model cannot read has to have all its words there."""
    if tuple(row) == UNREAD:
        return set(tokenize(pair[1])) <= set(tokenize(pair[0]))
    return bool(row[0] >= ENTAILED)


def _nearest(claim: str, sentences: Sequence[str], n: int = 3) -> str:
    """Join the sentences, in order, that share most tokens with the claim: those that could still state it."""
    need = set(tokenize(claim))
    ranked = sorted(range(len(sentences)), key=lambda i: (-len(need & set(tokenize(sentences[i]))), i))[:n]
    return " ".join(sentences[i] for i in sorted(ranked))


def is_settled(report: Report, policy: ReflectPolicy) -> bool:
    """Say whether nothing is refuted or conflicting, and the policy for unsupported claims is met."""
    return _count(report, _WRONG) == 0 and _breaking(report, policy) == 0


def _breaking(report: Report, policy: ReflectPolicy) -> int:
    """Count the unsupported claims that the policy wants changed; flagged ones stay in the text, marked."""
    if policy.on_unsupported in (OnUnsupported.KEEP, OnUnsupported.FLAG):
        return 0
    return _count(report, frozenset({Label.NOT_ENOUGH_INFO}))


# ---------------------------------------------------------------------------------------------------------------- order


def _rank(round_: Round, first: Draft, policy: ReflectPolicy) -> tuple[float, ...]:
    summary = round_.report.summary
    return (
        -(summary.refuted + summary.conflicting),
        -summary.failed,
        -_breaking(round_.report, policy),
        summary.supported,
        preservation(first.text, round_.draft.text),
    )


def _label(claim: CheckedClaim | FailedClaim) -> Label | None:
    return claim.verdict.label if isinstance(claim, CheckedClaim) else None


def _count(report: Report, labels: frozenset[Label]) -> int:
    return sum(_label(claim) in labels for claim in report.claims)


def _tokens(exchanges: Sequence[Exchange]) -> int:
    return sum(exchange.tokens for exchange in exchanges)


def _known(report: Report) -> dict[str, CheckedClaim]:
    return {c.claim.text: c for c in report.claims if isinstance(c, CheckedClaim)}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
