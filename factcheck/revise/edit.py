"""Rewriting without a model: the smallest edits that make refuted claims true; everything else stays to the byte.

A refuted claim is corrected where a correction is known (from its verdict, or by substitution from the evidence), else
removed; the policy can ask for removal or for no change at once. One that is refuted on evidence which does not speak
of it (`factcheck.revise.grounds`) stays: its verdict says what was read, and nothing is taken out on that. A claim that
the evidence does not settle is kept unless the policy says otherwise. `flag` leaves the text alone: the mark is the
verdict in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from factcheck.protocols import EntailmentModel
from factcheck.revise.alignment import Alignment, changes, only_occurrence
from factcheck.revise.grammar import agree, hedge, removal
from factcheck.revise.grounds import is_grounded
from factcheck.revise.referents import keep_referents
from factcheck.revise.restraint import Restraint
from factcheck.revise.substitute import is_borne_out, substitute
from factcheck.text.sentences import split_sentences
from factcheck.types import (
    CheckedClaim,
    Claim,
    Correction,
    Draft,
    Edit,
    Label,
    OnRefuted,
    OnUnsupported,
    Refusal,
    Report,
    Revision,
    Span,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditReviser:
    """Implements the `Reviser` seam with edits.

    Attributes:
        on_refuted: what happens to refuted claims.
        on_unsupported: what happens to claims without enough information.
        entailment: lets a value from the evidence be tried in the claim; None turns substitution off.
    """

    on_refuted: OnRefuted = OnRefuted.CORRECT
    on_unsupported: OnUnsupported = OnUnsupported.KEEP
    entailment: EntailmentModel | None = None

    def revise(self, draft: Draft, report: Report, refused: Sequence[Refusal] = ()) -> Revision:
        """Return the draft with its edits; conflicting and failed claims are left as they are."""
        text = draft.text
        grounded = {c.claim.id for c in _labelled(report, Label.REFUTED) if is_grounded(c)}
        report = Restraint.after(refused).on(report)
        sentences = split_sentences(text)
        refuted = [c for c in _labelled(report, Label.REFUTED) if c.claim.id in grounded]
        open_ = _labelled(report, Label.NOT_ENOUGH_INFO)
        edits: list[Edit] = []
        removed: list[CheckedClaim] = []
        if self.on_refuted is not OnRefuted.FLAG:
            for checked in refuted:
                found = self._correct(text, checked) if self.on_refuted is OnRefuted.CORRECT else ()
                edits.extend(found)
                if not found:
                    removed.append(checked)
        edits.extend(list(keep_referents(text, report, edits)))
        if self.on_unsupported is OnUnsupported.REMOVE:
            removed.extend(open_)
        if self.on_unsupported is OnUnsupported.HEDGE:
            edits.extend(_hedges(text, open_, sentences))
        edits.extend(_removals(text, removed, [c.claim for c in report.claims], sentences))
        chosen = _trimmed(text, _without_overlaps(edits))
        return Revision(draft=replace(draft, text=apply_edits(text, chosen)), edits=tuple(chosen))

    def _correct(self, text: str, checked: CheckedClaim) -> Sequence[Edit]:
        correction = checked.verdict.correction
        if self.entailment is not None and checked.verdict.judgements:
            if correction is None:
                correction = substitute(checked, self.entailment)
            elif not is_borne_out(checked, correction, self.entailment):
                correction = None
        if correction is None:
            return ()
        return place(text, checked.claim, correction, reason=checked.verdict.reason)


def place(draft: str, claim: Claim, correction: Correction, *, reason: str = "") -> Sequence[Edit]:
    """Carry a correction of the claim's text over to the draft.

    A changed token must stand in the draft as it stands in the claim; a name that the claim only has in place of a
    pronoun has no place there.

    Args:
        draft: the text.
        claim: whose span says where in the draft it is stated.
        correction: into the claim's text.
        reason: for the edits.

    Returns:
        The edits; none where the correction has no place in the draft.
    """
    aligned = Alignment(claim, draft)
    edits = []
    for change in changes(claim.text, correction.apply(claim.text)):
        wanted = claim.text[change.start : change.end]
        span = aligned.span(change.start, change.end) or only_occurrence(draft, claim.span, wanted)
        if span is None:
            return ()
        edit = Edit(span=span, replacement=change.replacement, claim_id=claim.id, reason=reason)
        edits.append(agree(draft, edit))
    return edits


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with all edits done; they must not overlap."""
    for edit in sorted(edits, key=lambda e: e.span.start, reverse=True):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


def _labelled(report: Report, label: Label) -> list[CheckedClaim]:
    return [c for c in report.claims if isinstance(c, CheckedClaim) and c.verdict.label is label]


def _hedges(text: str, claims: Sequence[CheckedClaim], sentences: Sequence[Span]) -> list[Edit]:
    edits = {}
    for checked in claims:
        sentence = _sentence_of(checked.claim, sentences)
        if sentence is not None and sentence.start not in edits:
            edits[sentence.start] = hedge(text, sentence, checked.claim.id)
    return list(edits.values())


def _removals(
    text: str, removed: Sequence[CheckedClaim], claims: Sequence[Claim], sentences: Sequence[Span]
) -> list[Edit]:
    gone = {checked.claim.id for checked in removed}
    edits = []
    for checked in removed:
        sentence = _sentence_of(checked.claim, sentences)
        if sentence is None:
            continue
        others = [c for c in claims if c.id not in gone and c.span.overlaps(sentence)]
        edit = removal(text, checked.claim, sentence, alone=not others)
        if edit is not None:
            edits.append(replace(edit, reason=checked.verdict.reason))
    return edits


def _sentence_of(claim: Claim, sentences: Sequence[Span]) -> Span | None:
    return next((s for s in sentences if s.overlaps(claim.span)), None)


def _without_overlaps(edits: Sequence[Edit]) -> list[Edit]:
    """Keep the first of edits that touch the same place: two claims split from one sentence often share a mistake.

    Removals that only share the space between two sentences both stay.
    """
    chosen: list[Edit] = []
    for edit in edits:
        for other in chosen:
            if edit.replacement or other.replacement or not edit.span.overlaps(other.span):
                continue
            start = max(edit.span.start, other.span.end) if edit.span.end > other.span.end else edit.span.start
            end = min(edit.span.end, other.span.start) if edit.span.start < other.span.start else edit.span.end
            edit = replace(edit, span=Span(start=min(start, end), end=end))
        if not any(edit.span.overlaps(other.span) or edit.span == other.span for other in chosen):
            chosen.append(edit)
    return sorted(chosen, key=lambda e: e.span.start)


def _trimmed(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """Let removals that follow each other to the end of a line take the space before the first of them along."""
    result = list(edits)
    for i, edit in enumerate(result):
        start = edit.span.start
        end = edit.span.end
        for following in result[i + 1 :]:
            if following.replacement or following.span.start != end:
                break
            end = following.span.end
        if edit.replacement or (end < len(text) and text[end] != "\n"):
            continue
        while start > 0 and text[start - 1] in " \t" and not (i and result[i - 1].span.end >= start):
            start -= 1
        result[i] = replace(edit, span=Span(start=start, end=edit.span.end))
    return result
