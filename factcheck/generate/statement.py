"""Bare values and answers as sentences: "Algeria", "Geography / Area / total", "2,381,740 sq km" is no sentence yet."""

from __future__ import annotations

import re
from collections.abc import Collection

from factcheck.generate.question import Question
from factcheck.text.coverage import STEM
from factcheck.text.sentences import split_sentences
from factcheck.text.stems import STOP, stem
from factcheck.text.tokens import tokenize
from factcheck.types import Passage

LONGEST_VALUE = 600
"""A text beyond this many characters is prose, whatever its end looks like."""

_SENTENCE_END = re.compile(r"[.!?。！？]['\"”’)\]]*\s*$")
_MODIFIERS = frozenset(
    "total male female land water net gross overall average annual combined urban rural adult youth domestic foreign"
    " maximum minimum highest lowest estimated current".split()
)
_NARROWING = frozenset(stem(word) for word in _MODIFIERS)
_WHOLE = frozenset(map(stem, "total overall combined average gross estimated current annual".split()))
"""Words that narrow to nothing less than what is meant without them."""
_SAME = {stem(word): stem(other) for word, other in (("women", "female"), ("girls", "female"), ("men", "male"))}
_PART = re.compile(r"\s+/\s+|\s+>\s+|\s*›\s*")
_WHAT_IS = re.compile(
    r"(?i)^\s*(?:what|which|who|where|how (?:much|large|many|high|big|long|old|tall))\s+(?P<be>is|are|was|were)\s+"
    r"(?P<what>(?:the|an?)\s.+?)\s*\??\s*$"
)
_ESTIMATE_LEAD = re.compile(r"^(?P<label>[A-Za-z][\w ,()/'-]{0,60}):\s+(?=\S)")


def is_bare(passage: Passage) -> bool:
    """Say whether a passage gives a value for its title and section instead of speaking in sentences."""
    text = passage.text.strip()
    if not text or not passage.title or not passage.section or len(text) > LONGEST_VALUE:
        return False
    return _SENTENCE_END.search(text) is None and "\n" not in text and len(split_sentences(text)) == 1


def label_of(section: str) -> str:
    """Return what a path of headings calls its value.

    A last part that only narrows the one above it joins it: "Geography / Area / total" is the total area; "Geography /
    Elevation / highest point" is the highest point. A part that repeats the one above stands once.
    """
    parts = [part.strip() for part in _PART.split(section) if part.strip()]
    if not parts:
        return ""
    leaf = parts[-1]
    above = parts[-2] if len(parts) > 1 else ""
    if len(parts) > 2 or (above and len(parts) == 2):
        if leaf.casefold() in _MODIFIERS:
            return f"{_lower(leaf)} {_lower(above)}" if above else _lower(leaf)
        if above and len(parts) > 2 and leaf.casefold() != above.casefold() and not _self_contained(leaf):
            return f"{_lower(above)} ({_lower(leaf)})"
    return _lower(leaf.replace(" - ", " (", 1) + ")" if leaf.count(" - ") == 1 else leaf)


def state(passage: Passage, question: Question | None = None) -> tuple[str, int]:
    """Return the value of a bare passage as a sentence, and where in it the value begins.

    The question's own words are taken where they say what the heading says ("the total area of Algeria"); else the
    heading's, so that the sentence never claims more than the passage.
    """
    value = " ".join(passage.text.split())
    label = label_of(passage.section)
    lead = _ESTIMATE_LEAD.match(value)
    if lead and stem_set(lead["label"]) <= stem_set(passage.section):
        value = value[lead.end() :]
    subject = _title(passage.title)
    named = f"the {label} of {subject}" if label else subject
    verb = "are" if _is_plural(label) else "is"
    if question is not None:
        asked = _WHAT_IS.match(question.text)
        if asked and stem_set(asked["what"]) >= stem_set(label) | stem_set(subject):
            named, verb = asked["what"], asked["be"].lower()
    head = f"{named[:1].upper()}{named[1:]} {verb} "
    return f"{head}{value}" + ("" if _SENTENCE_END.search(value) else "."), len(head)


def is_of_something_else(passage: Passage, question: Question) -> bool:
    """Say whether a bare value is that of a neighbour of what is asked: the total area for the land area.

    It is if its heading narrows ("male") what the question does not narrow, or narrows otherwise than the question; and
    if both speak of the same noun with other words before it ("death rate", "birth rate").
    """
    label = label_of(passage.section)
    asked = _alike(frozenset(question.needs) - stem_set(_title(passage.title)))
    above, named = _alike(stem_set(passage.section)), _alike(stem_set(label))
    own = {word for word in named if not _stands(word, asked)}
    wanted = {word for word in asked if not _stands(word, above)}
    narrows = own & _NARROWING
    if narrows and (not narrows <= _WHOLE or wanted & _NARROWING):
        return True
    *before, noun = [stem(token) for token in tokenize(label.partition(" (")[0])] or [""]
    return bool(wanted) and _stands(noun, asked) and any(word in own for word in before)


def _alike(words: frozenset[str]) -> frozenset[str]:
    return frozenset(_SAME.get(word, word) for word in words)


def _stands(word: str, among: Collection[str]) -> bool:
    return word in among or (len(word) > STEM and any(other.startswith(word[:STEM]) for other in among))


def stem_set(text: str) -> frozenset[str]:
    """Return the stems of a text without grammar."""
    return frozenset(stem(token) for token in tokenize(text) if token not in STOP and stem(token) not in STOP)


def _title(title: str) -> str:
    return " ".join(title.replace("_", " ").split())


def _self_contained(leaf: str) -> bool:
    """Say whether a heading can be understood without the one above it: more than one word, the last a noun."""
    words = leaf.split()
    return len(words) > 1 and words[-1].isalpha() and not words[0][:1].isdigit()


def _lower(text: str) -> str:
    """Lower the first letter, unless the word is a name or an acronym."""
    first = text.split(" ", 1)[0]
    return text if not first[1:].islower() and len(first) > 1 else text[:1].lower() + text[1:]


def _is_plural(label: str) -> bool:
    head = re.split(r"\s+(?:of|in|by|for|from|per|with|\()|\(", label, maxsplit=1)[0].split()
    last = head[-1].lower() if head else ""
    return len(last) > 3 and last.endswith("s") and not last.endswith(("ss", "us", "is", "ics", "news"))
