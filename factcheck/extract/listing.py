"""List items that stand alone: what leads in to a list says what its items are.

"The four moons are:" and "Io" make "Io is one of the four moons"; under the heading "France", "Capital: Paris" makes
"The capital of France is Paris". Where neither fits, an item that is no sentence is no claim.
"""

from __future__ import annotations

import re

from factcheck.extract.parse import is_plural

_ARE = re.compile(
    r"^(?P<subject>.{3,160}?)\s+(?P<verb>are|were|is|was)(?:\s+as follows|\s+the following)?\s*[:：]$", re.S
)
_INCLUDE = re.compile(
    r"^(?P<subject>.{3,200}?\b(?:includes?|included|are|were|is|was|such as|contains?|comprises?|has|have|of|by|"
    r"in|with|for))"
    r"(?:\s+the following)?\s*[:：]$",
    re.S,
)
_LABEL = re.compile(r"^\W{0,3}(?P<label>[^:：.!?\n]{2,60}?)\W{0,3}\s*[:：]\W{0,3}\s+(?P<value>\S.*)$", re.S)
_VAGUE = re.compile(
    r"\b(?:this|these|that|those|it|they|following|below|some|you|your|I|we|here|steps?|ways?|tips?)\b", re.I
)


def split_label(item: str) -> tuple[str, int] | None:
    """Return the label of "Label: value" and the offset of the value; None where there is none."""
    match = _LABEL.match(item[:2000]) if ":" in item or "：" in item else None
    if match is None or len(match.group("label").split()) > 8:
        return None
    return match.group("label").strip("*_ "), match.start("value")


def item_claim(lead: str, item: str) -> str | None:
    """Return a statement made of a lead-in (with its colon) and an item that is no sentence."""
    lead = " ".join(lead.split())
    item = " ".join(item.split()).rstrip(".,;")
    if not item or len(item) > 300:
        return None
    if match := _ARE.match(lead):
        subject, verb = match.group("subject"), match.group("verb")
        if _VAGUE.search(subject):
            return None
        if verb in ("are", "were"):
            if not any(is_plural(word.lower().strip(",")) for word in subject.split()):
                return None
            return f"{item} {'is' if verb == 'are' else 'was'} one of {_lowered(subject)}."
        return f"{subject} {verb} {item}."
    match = _INCLUDE.match(lead)
    if match is None or _VAGUE.search(match.group("subject")):
        return None
    return f"{match.group('subject')} {item}."


def asked_lead(question: str) -> str | None:
    """Return "The five pillars of X are:" for "What are the five pillars of X?", which a bare list then answers."""
    match = re.match(r"(?i)what (are|were) (the .{3,150}?)\s*\??\s*$", question.strip())
    return f"The{match.group(2)[3:]} {match.group(1).lower()}:" if match else None


def attribute_claim(entity: str, label: str, value: str) -> str | None:
    """Return "The LABEL of ENTITY is VALUE." for a short label and a short value."""
    value = " ".join(value.split()).rstrip(".,;")
    if len(label.split()) > 4 or len(value.split()) > 12 or not value or _VAGUE.search(label):
        return None
    verb = "are" if is_plural(label.split()[-1].lower()) else "is"
    return f"The {label if label.isupper() else label[:1].lower() + label[1:]} of {entity} {verb} {value}."


def _lowered(subject: str) -> str:
    first = subject.split(None, 1)[0]
    known = first in ("The", "A", "An", "Some", "All", "Its", "Their", "His", "Her")
    if not known:
        return subject
    lowered = subject[:1].lower() + subject[1:]
    return re.sub(r"^all (?=\w)", "all ", lowered)
