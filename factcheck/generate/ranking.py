"""Which of several checked drafts is the best."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck.types import Draft, Report


def best_draft(drafts: Sequence[Draft], reports: Sequence[Report]) -> Draft:
    """Return the draft with the fewest wrong claims, then the fewest failed, then the larger supported share.

    Among equals the earlier stays first: a generator gives its likeliest draft first.

    Args:
        drafts: at least one.
        reports: on each of them, in the same order.
    """

    def rank(position: int) -> tuple[int, int, float, int]:
        summary = reports[position].summary
        return summary.refuted + summary.conflicting, summary.failed, -summary.supported_share, position

    return drafts[min(range(len(drafts)), key=rank)]
