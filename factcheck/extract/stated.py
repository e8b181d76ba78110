"""Whether a draft states a claim that somebody says it states."""

from __future__ import annotations

from collections.abc import Sequence

from factcheck.protocols import UNREAD, EntailmentModel
from factcheck.text.tokens import tokenize
from factcheck.types import Draft, Span

STATED = 0.5
"""A claim is the draft's own if what stands around its place entails it with at least this probability."""

_SPECIAL = 8  # tokens that a model may put around a pair
_COVERED = 0.9


def is_stated(entailment: EntailmentModel, draft: Draft, sentences: Sequence[Span], text: str, span: Span) -> bool:
    """Say whether a draft states a claim at a place.

    The sentences of the place are read alone, with the two before them and the first one, and under the question, as
    far as the model reads so much; one reading that entails the claim is enough. Of a sentence that is longer than the
    model reads, or in a script that it does not read, the words have to do.

    Args:
        entailment: reads.
        draft: the text.
        sentences: of it.
        text: the claim.
        span: its place.
    """
    here = [n for n, sentence in enumerate(sentences) if sentence.overlaps(span)]
    whole = " ".join(sentences[n].of(draft.text) for n in here) or span.of(draft.text)
    if tokenize(text) in (tokenize(whole), tokenize(span.of(draft.text))):
        return True
    first = here[0] if here else 0
    around = [sentences[n].of(draft.text) for n in sorted({0, max(first - 2, 0), max(first - 1, 0)} - set(here))]
    asked = [draft.question] if draft.question else []
    readings = list(dict.fromkeys((" ".join([*asked, *around, whole]), " ".join([*around, whole]), whole)))
    room = entailment.max_tokens - _SPECIAL - entailment.count_tokens([text])[0]
    fitting = [p for p, n in zip(readings, entailment.count_tokens(readings), strict=True) if n <= room]
    read = [row for row in entailment.score([(premise, text) for premise in fitting]) if tuple(row) != UNREAD]
    if not read:
        need = set(tokenize(text))
        return len(need & set(tokenize(whole))) >= _COVERED * len(need)
    return any(row[0] >= STATED for row in read)
