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
from collections.abc import Callable, Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What is known of the draft already.

    Attributes:
        report: on it, where it was checked.
        origin: what preservation is counted from, where the draft is a rewrite itself; the draft unless given.
        seconds: that writing and checking it took.
    """

    report: Report | None = None
    origin: Draft | None = None
    seconds: float = 0.0


UNKNOWN = Start()


def reflect(
    draft: Draft,
    pipeline: Pipeline,
    reviser: Reviser,
    entailment: EntailmentModel,
    policy: ReflectPolicy,
    *,
    on_round: Callable[[Round], None] | None = None,
    start: Start = UNKNOWN,
) -> Report:
    """Check a draft and rewrite it until a named reason to stop.

    Args:
        draft: the text to begin with; it becomes round 0.
        pipeline: checks each text as a whole, anew; only unchanged claims keep their verdicts.
        reviser: proposes rewrites.
        entailment: tells whether a supported claim is still there.
        policy: when to stop.
        on_round: called after each round, for progress.
        start: what is known of the draft already.

    Returns:
        The report on the best text, with all rounds in `revision`.
    """
    clock = time.monotonic()
    report = pipeline.check([draft])[0] if start.report is None else start.report
    first = Round(
        draft=draft,
        report=report,
        accepted=True,
        tokens=_tokens(draft.exchanges) + _tokens(report.exchanges),
        exchanges=draft.exchanges,
        seconds=start.seconds + time.monotonic() - clock,
    )
    course = _Course(first, start.origin or draft, policy, on_round)
    while (stop := course.stop_before()) is None:
        clock = time.monotonic()
        current = course.current
        try:
            revision = reviser.revise(current.draft, current.report, course.refused)
        except BudgetError as error:
            course.warnings[str(error)] = None
            stop = StopReason.BUDGET
            break
        if (stop := course.stop_at(revision)) is not None:
            break
        report = pipeline.check([revision.draft], known=course.checked)[0]
        refusal = _objection(current, revision, report, course.origin, entailment, policy)
        taken = Round(
            draft=revision.draft,
            report=report,
            accepted=refusal is None,
            edits=revision.edits,
            tokens=revision.tokens + _tokens(report.exchanges),
            reason="" if refusal is None else refusal.reason,
            exchanges=revision.exchanges,
            seconds=time.monotonic() - clock,
        )
        if (stop := course.add(taken, refusal)) is not None:
            break
    return course.result(stop)


class _Course:
    """The rounds of one reflection, and what the next one has to know of them.

    Attributes:
        origin: what preservation is counted from.
        rounds: all of them, the draft first.
        current: the last one that was accepted.
        refused: why rewrites of it were not accepted.
        checked: claims that have a verdict, by their text.
        warnings: in the order in which they came up; a dict as a set that keeps it.
    """

    def __init__(
        self, first: Round, origin: Draft, policy: ReflectPolicy, on_round: Callable[[Round], None] | None
    ) -> None:
        self.origin = origin
        self.rounds: list[Round] = []
        self.current = first
        self.refused: list[Refusal] = []
        self.checked: dict[str, CheckedClaim] = {}
        self.warnings: dict[str, None] = {}
        self._policy = policy
        self._on_round = on_round
        self._seen: set[str] = set()
        self._tokens = 0
        self._loose: list[Exchange] = []  # of a rewrite that became no round
        self.add(first, None)

    def add(self, taken: Round, refusal: Refusal | None) -> StopReason | None:
        """Take note of a round; returns why there is no further one, if its outcome says so."""
        self.rounds.append(taken)
        self._seen.add(_hash(taken.draft.text))
        self._tokens += taken.tokens
        self.checked |= _known(taken.report)
        if self._on_round is not None:
            self._on_round(taken)
        if refusal is None:
            self.current, self.refused = taken, []
            return None
        self.refused.append(refusal)
        return StopReason.NO_IMPROVEMENT if len(self.refused) >= _PATIENCE else None

    def stop_before(self) -> StopReason | None:
        """Return why no further rewrite is asked for, if none is."""
        if is_settled(self.current.report, self._policy):
            return StopReason.VERIFIED
        if len(self.rounds) > self._policy.max_rounds:
            return StopReason.MAX_ROUNDS
        if self._policy.max_tokens is not None and self._tokens >= self._policy.max_tokens:
            return StopReason.BUDGET
        return None

    def stop_at(self, revision: Revision) -> StopReason | None:
        """Return why a rewrite is not even checked, if it is not: its text was there before."""
        self.warnings.update(dict.fromkeys(revision.warnings))
        text = revision.draft.text
        if _hash(text) not in self._seen:
            return None
        self._loose.extend(revision.exchanges)
        if text == self.current.draft.text:
            return StopReason.UNCHANGED
        again = any(refusal.text == text for refusal in self.refused)  # no way back to an older text
        return StopReason.NO_IMPROVEMENT if again else StopReason.OSCILLATION

    def result(self, stop: StopReason) -> Report:
        """Return the report on the best text that was accepted."""
        accepted = (i for i, taken in enumerate(self.rounds) if taken.accepted)
        best = max(accepted, key=lambda i: _rank(self.rounds[i], self.origin, self._policy))
        final = self.rounds[best].report
        return replace(
            final,
            warnings=tuple(dict.fromkeys((*final.warnings, *self.warnings))),
            revision=Reflection(rounds=tuple(self.rounds), stop_reason=stop, best=best),
            exchanges=tuple(self._loose),
        )


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
