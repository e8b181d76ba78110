"""Small grammar for edits: articles, capitals, hedges, and how to take a clause out of a sentence."""

from __future__ import annotations

import re
from dataclasses import replace

from factcheck.types import Claim, Edit, Span

_ARTICLE = re.compile(r"(?<!\w)(an?)(\s+)$", re.IGNORECASE)
_SOUNDS_VOWEL = re.compile(r"[aeiou]|hour|honest|honou?r|heir|8|1[18](?!\d)", re.IGNORECASE)
_SOUNDS_CONSONANT = re.compile(r"eu|uni(?!n|m)|us[ae]|usu|ut[ei]|u[ks]\b|one\b|once\b|ubiq", re.IGNORECASE)
_CONNECTOR = re.compile(
    r"(?:,\s*(?:and|but|while|whereas|which|who|where|whose)\s+|\s+(?:and|but|while|whereas)\s+|[,;]\s*|[，；]\s*)$"
)
_OPENERS = re.compile(
    r"(?:the|an?|it|he|she|they|we|th(?:is|at|ese|ose)|its|his|her|their|there|in|on|at|by|from|during|after|before"
    r"|since|until|when|while|although|as|for|of|with|under|over|both|all|some|many|most|several|one)",
    re.IGNORECASE,
)
_CJK = re.compile(r"[㐀-鿿豈-﫿]")
_CLOSING = "\"'”’»)]」』）"
_FIRST_WORD = re.compile(r"(?:[-*+•]\s+|\(?\d{1,3}[.)]\s+)?\W*(\w+)")


def agree(text: str, edit: Edit) -> Edit:
    """Make the words around an edit fit: `a` or `an` before it, a capital where a sentence began with one."""
    old = edit.span.of(text)
    replacement = edit.replacement
    if replacement and old[:1].isupper() and replacement[:1].islower() and _begins_sentence(text, edit.span.start):
        replacement = replacement[0].upper() + replacement[1:]
    span = edit.span
    article = _ARTICLE.search(text[max(0, span.start - 8) : span.start])
    if article is not None and replacement[:1].isalnum():
        right = "an" if starts_with_vowel_sound(replacement) else "a"
        if article.group(1).lower() != right:
            written = right.capitalize() if article.group(1)[0].isupper() else right
            replacement = written + article.group(2) + replacement
            span = Span(start=span.start - len(article.group()), end=span.end)
    if not replacement and span.start > 0 and text[span.start - 1 : span.start].isspace():
        following = text[span.end : span.end + 1]
        if following.isspace() or following in {".", ",", ";", ":", "?", "!"}:
            span = Span(start=span.start - 1, end=span.end)
    return replace(edit, span=span, replacement=replacement)


def starts_with_vowel_sound(words: str) -> bool:
    """Say whether English puts `an` before these words; by spelling, with the common exceptions."""
    return bool(_SOUNDS_VOWEL.match(words)) and not _SOUNDS_CONSONANT.match(words)


def hedge(text: str, sentence: Span, claim_id: str) -> Edit:
    """Return the edit that turns a statement into a report."""
    stated = sentence.of(text)
    reason = "the evidence found does not settle this"
    if _CJK.search(stated[:8]):
        at = Span(start=sentence.start, end=sentence.start)
        return Edit(span=at, replacement="據稱，", claim_id=claim_id, reason=reason)
    first = _FIRST_WORD.match(stated)
    word = first.group(1) if first else ""
    lead = stated[: first.start(1)] if first else ""
    lowered = word[:1].lower() + word[1:] if _OPENERS.fullmatch(word) else word
    span = Span(start=sentence.start, end=sentence.start + len(lead) + len(word))
    return Edit(span=span, replacement=f"{lead}Reportedly, {lowered}", claim_id=claim_id, reason=reason)


def removal(text: str, claim: Claim, sentence: Span, *, alone: bool) -> Edit | None:
    """Return the edit that takes a claim out, or None where grammar would not survive it.

    Args:
        text: the draft.
        claim: what goes.
        sentence: that states it.
        alone: nothing else in the sentence is to stay, so that it goes as a whole.
    """
    if alone:
        return Edit(span=_with_space(text, sentence), replacement="", claim_id=claim.id, reason="")
    if not sentence.contains(claim.span):
        return None
    end = claim.span.end
    while end > claim.span.start and (text[end - 1] in ".!?。！？" or text[end - 1].isspace()):
        end -= 1
    rest = text[end : sentence.end].strip()
    connector = _CONNECTOR.search(text[sentence.start : claim.span.start])
    if connector is None or (rest and rest[0] not in ".!?。！？,;" + _CLOSING):
        return None
    return Edit(
        span=Span(start=sentence.start + connector.start(), end=end), replacement="", claim_id=claim.id, reason=""
    )


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t\"'“‘([*_#>-")
    return not before or before[-1] in ".!?:\n。！？："


def _with_space(text: str, sentence: Span) -> Span:
    """Widen a sentence by the space that goes with it; one that fills its lines takes its line break along."""
    start, end = sentence.start, sentence.end
    line = text.rfind("\n", 0, start) + 1
    if not text[line:start].strip() and (end >= len(text) or text[end] == "\n"):
        return Span(start=line, end=min(end + 1, len(text)))
    while end < len(text) and text[end] in " \t":
        end += 1
    if end >= len(text) or text[end] == "\n":
        end = sentence.end
        while start > 0 and text[start - 1] in " \t":
            start -= 1
    return Span(start=start, end=end)
