"""Rewriting without a model: the smallest edits that make refuted claims true; everything else stays to the byte.

A refuted claim is corrected where a correction is known (from its verdict, or by substitution from the evidence), else
removed; the policy can ask for removal or for no change at once. A claim that the evidence does not settle is kept
unless the policy says otherwise. `flag` leaves the text alone: the mark is the verdict in the report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from factcheck.protocols import EntailmentModel
from factcheck.revise.grammar import agree, hedge, removal
from factcheck.revise.substitute import substitute
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
    Report,
    Revision,
    Span,
)

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*|\s+|[\W_]|\w")


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

    def revise(self, draft: Draft, report: Report) -> Revision:
        """Return the draft with its edits; conflicting and failed claims are left as they are."""
        text = draft.text
        sentences = split_sentences(text)
        refuted = [c for c in report.claims if _is(c, Label.REFUTED)]
        open_ = [c for c in report.claims if _is(c, Label.NOT_ENOUGH_INFO)]
        edits: list[Edit] = []
        removed: list[CheckedClaim] = []
        if self.on_refuted is not OnRefuted.FLAG:
            for checked in refuted:
                found = self._correct(text, checked) if self.on_refuted is OnRefuted.CORRECT else ()
                edits.extend(found)
                if not found:
                    removed.append(checked)
        if self.on_unsupported is OnUnsupported.REMOVE:
            removed.extend(open_)
        if self.on_unsupported is OnUnsupported.HEDGE:
            edits.extend(_hedges(text, open_, sentences))
        edits.extend(_removals(text, removed, [c.claim for c in report.claims], sentences))
        chosen = _without_overlaps(edits)
        return Revision(draft=replace(draft, text=apply_edits(text, chosen)), edits=tuple(chosen))

    def _correct(self, text: str, checked: CheckedClaim) -> Sequence[Edit]:
        correction = checked.verdict.correction
        if correction is None and self.entailment is not None and checked.verdict.judgements:
            correction = substitute(checked, self.entailment)
        if correction is None:
            return ()
        return place(text, checked.claim, correction, reason=checked.verdict.reason)


def place(text: str, claim: Claim, correction: Correction, *, reason: str = "") -> Sequence[Edit]:
    """Carry a correction of the claim's text over to the draft.

    The claim's text is the draft's with names put for pronouns and the like, so the two are aligned token by token; a
    changed token must stand in the draft as it stands in the claim.

    Args:
        text: the draft's text.
        claim: whose span says where in the draft it is stated.
        correction: into the claim's text.
        reason: for the edits.

    Returns:
        The edits; none where the correction has no place in the draft.
    """
    stated = claim.span.of(text)
    aligned = _alignment(claim.text, stated)
    edits = []
    for start, end, replacement in _changes(claim.text, correction.apply(claim.text)):
        span = aligned.span(start, end)
        if span is None:
            span = _only_occurrence(stated, claim.text[start:end])
        if span is None:
            return ()
        edit = Edit(span=span.shifted(claim.span.start), replacement=replacement, claim_id=claim.id, reason=reason)
        edits.append(agree(text, edit))
    return edits


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with all edits done; they must not overlap."""
    for edit in sorted(edits, key=lambda e: e.span.start, reverse=True):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


def _is(claim: object, label: Label) -> bool:
    return isinstance(claim, CheckedClaim) and claim.verdict.label is label


def _tokens(text: str) -> list[re.Match[str]]:
    return list(_TOKEN.finditer(text))


def _changes(before: str, after: str) -> list[tuple[int, int, str]]:
    """Return what differs, token by token, as (start, end, replacement) in `before`."""
    a, b = _tokens(before), _tokens(after)
    matcher = SequenceMatcher(None, [m.group() for m in a], [m.group() for m in b], autojunk=False)
    changes: list[tuple[int, int, str]] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        start = a[i1].start() if i1 < len(a) else len(before)
        end = a[i2 - 1].end() if i2 > i1 else start
        replacement = after[b[j1].start() : b[j2 - 1].end()] if j2 > j1 else ""
        between = before[changes[-1][1] : start] if changes else None
        if between is not None and between.isspace():  # two changed words side by side are one change
            start, replacement = changes[-1][0], changes[-1][2] + between + replacement
            changes.pop()
        changes.append((start, end, replacement))
    return changes


@dataclass(frozen=True, slots=True)
class _Alignment:
    """Which code point of the claim's text stands where in the stated text."""

    position: dict[int, int]

    def span(self, start: int, end: int) -> Span | None:
        if start == end:  # an insertion: behind what stands before it, or before what stands behind it
            if start - 1 in self.position:
                at = self.position[start - 1] + 1
            elif start in self.position:
                at = self.position[start]
            else:
                return None
            return Span(start=at, end=at)
        places = [self.position.get(i) for i in range(start, end)]
        first = places[0]
        if first is None or any(place != first + i for i, place in enumerate(places)):
            return None
        return Span(start=first, end=first + len(places))


def _alignment(claim: str, stated: str) -> _Alignment:
    a, b = _tokens(claim), _tokens(stated)
    matcher = SequenceMatcher(None, [m.group() for m in a], [m.group() for m in b], autojunk=False)
    position = {}
    for block in matcher.get_matching_blocks():
        for i in range(block.size):
            left, right = a[block.a + i], b[block.b + i]
            position.update(zip(range(left.start(), left.end()), range(right.start(), right.end()), strict=True))
    return _Alignment(position)


def _only_occurrence(stated: str, wanted: str) -> Span | None:
    if not wanted.strip():
        return None
    places = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", stated)]
    return Span(start=places[0], end=places[0] + len(wanted)) if len(places) == 1 else None


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
    """Keep the first of edits that touch the same place: two claims split from one sentence often share a mistake."""
    chosen: list[Edit] = []
    for edit in edits:
        if not any(edit.span.overlaps(other.span) or edit.span == other.span for other in chosen):
            chosen.append(edit)
    return sorted(chosen, key=lambda e: e.span.start)
