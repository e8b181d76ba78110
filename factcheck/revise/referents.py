"""Names for pronouns whose name is edited away.

"The telephone was invented by Thomas Edison. He also built the phonograph." Once the first sentence names Bell, the
second would speak of Bell. A supported claim keeps what it speaks of: its pronoun becomes the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from factcheck.revise.alignment import Alignment, changes
from factcheck.types import CheckedClaim, Edit, Label, Report, Span

_RELATIVE = re.compile(r"which|who|that", re.IGNORECASE)
_COMMA = re.compile(r",\s*$")


def keep_referents(draft: str, report: Report, edits: Sequence[Edit]) -> Iterator[Edit]:
    """Yield, for each name that the edits take away, the edit that states it in the next supported claim that needs it.

    Args:
        draft: the text before any edit.
        report: on that text.
        edits: corrections, into that text.
    """
    supported = [c for c in report.claims if isinstance(c, CheckedClaim) and c.verdict.label is Label.SUPPORTED]
    for edit in edits:
        name = edit.span.of(draft).strip()
        if not name[:1].isupper() or name in edit.replacement:
            continue
        for checked in supported:
            found = _explicit(draft, checked, name, edit.span) if checked.claim.span.end > edit.span.end else None
            if found is not None:
                yield found
                break


def _explicit(draft: str, checked: CheckedClaim, name: str, edited: Span) -> Edit | None:
    claim = checked.claim
    at = claim.text.find(name)
    if at < 0 or Alignment(claim, draft).span(at, at + len(name)) is not None:
        return None
    for change in changes(claim.span.of(draft), claim.text):
        if name not in change.replacement:
            continue
        span = Span(start=change.start, end=change.end).shifted(claim.span.start)
        if span.start < edited.end:
            return None
        replacement = change.replacement
        comma = _COMMA.search(draft, max(0, span.start - 8), span.start)
        if comma is not None and _RELATIVE.fullmatch(span.of(draft)):
            span = Span(start=comma.start(), end=span.end)
            replacement = f"; {replacement}"
        reason = f"speaks of {name}, which no longer stands before it"
        return Edit(span=span, replacement=replacement, claim_id=claim.id, reason=reason)
    return None
