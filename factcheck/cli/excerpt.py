"""Evidence in few words: where it comes from, and the part of it that decided."""

from __future__ import annotations

from factcheck.types import Evidence, Span

MORE = "…"


def source_line(evidence: Evidence) -> str:
    """Name the source, then the place within it."""
    return " · ".join(dict.fromkeys(part for part in (evidence.source, place_of(evidence)) if part)) or evidence.id


def place_of(evidence: Evidence) -> str:
    """Name title and section of a passage; a fact of a graph says that it is one."""
    if evidence.passage is None:
        return "fact" if evidence.triples else ""
    return " › ".join(part for part in (evidence.passage.title, evidence.passage.section) if part)


def excerpt(text: str, span: Span | None, *, limit: int) -> tuple[str, str, str]:
    """Cut a text to what surrounds a span.

    Args:
        text: of the evidence.
        span: what decided; None shows the beginning.
        limit: characters to show, about; words are not cut.

    Returns:
        What stands before the span, the span, what stands after it; left-out text is shown as an ellipsis, and line
        breaks as spaces.
    """
    start, end = (0, 0) if span is None else (min(span.start, len(text)), min(span.end, len(text)))
    context = max(limit - (end - start), limit // 4)
    left = max(0, start - context // 2)
    right = min(len(text), end + context - (start - left))
    left = max(0, min(left, right - context)) if right == len(text) else left
    before, middle, after = text[left:start], text[start:end], text[end:right]
    if left > 0:
        before = MORE + _from_word(before)
    if right < len(text):
        after = _to_word(after) + MORE
    return _flat(before), _flat(middle), _flat(after)


def _from_word(text: str) -> str:
    _, space, rest = text.partition(" ")
    return rest if space and len(rest) > len(text) // 2 else text


def _to_word(text: str) -> str:
    kept, space, _ = text.rpartition(" ")
    return kept if space and len(kept) > len(text) // 2 else text


def _flat(text: str) -> str:
    return "".join(" " if character in "\r\n\t" else character for character in text)
