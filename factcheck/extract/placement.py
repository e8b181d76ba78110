"""Where in the draft the words stand that a model says it quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from factcheck.text.tokens import tokenize
from factcheck.types import Span

_WORD = re.compile(r"\w+")
_SAME = 88.0
"""Of 100; from here on a quotation with slips (a changed ending, a lost comma) is still one of this place."""

_ABOUT = 0.5
"""Share of a claim's tokens that a sentence has to hold to be the one that states it, where no quotation is found."""


def place(quote: str, claim: str, draft: str, within: Span, sentences: Sequence[Span], after: int) -> Span | None:
    """Return the part of the draft that a quotation is of.

    Letter for letter first, then word for word, then with slips; else the sentence that holds most of the claim.

    Args:
        quote: the words that are said to stand in the draft.
        claim: what they are said to state.
        draft: the text.
        within: the stretch of it that the model was shown.
        sentences: of the draft.
        after: of several equal places the first from here on is taken, since claims come in the order of the draft.

    Returns:
        The span; None where the draft has nothing of the kind.
    """
    wanted = quote.strip()
    if wanted:
        for start in (max(after, within.start), within.start):
            at = draft.find(wanted, start, within.end)
            if at >= 0:
                return Span(start=at, end=at + len(wanted))
        found = _word_for_word(wanted, draft, within, after) or _with_slips(wanted, draft, within)
        if found is not None:
            return found
    return _sentence(claim, draft, within, sentences)


def _word_for_word(wanted: str, draft: str, within: Span, after: int) -> Span | None:
    words = _WORD.findall(wanted)
    if not words:
        return None
    pattern = re.compile(r"\W+".join(re.escape(word) for word in words), re.IGNORECASE)
    for start in (max(after, within.start), within.start):
        found = pattern.search(draft, start, within.end)
        if found is not None:
            return Span(start=found.start(), end=found.end())
    return None


def _with_slips(wanted: str, draft: str, within: Span) -> Span | None:
    text = within.of(draft)
    found = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=_SAME)
    if found is None or found.dest_end <= found.dest_start or len(wanted) > len(text):
        return None
    start, end = found.dest_start, found.dest_end
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return Span(start=start, end=end).shifted(within.start) if text[start:end].strip() else None


def _sentence(claim: str, draft: str, within: Span, sentences: Sequence[Span]) -> Span | None:
    need = set(tokenize(claim))
    best, share = None, 0.0
    for span in sentences:
        if not span.overlaps(within) or not need:
            continue
        have = len(need & set(tokenize(span.of(draft)))) / len(need)
        if have > share:
            best, share = span, have
    return best if share >= _ABOUT else None
