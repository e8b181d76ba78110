"""A sentence that denies what the claim says has all of its words, and a small reader finds them.

Two forms are read. A clause with one negation, whose words behind it are what the claim says of its subject ("Galilei
did not invent the telescope"), and a contrast ("in Chemistry, not in Physics"). Where the denied clause says more than
the claim ("not with the naked eye"), it settles nothing, but it does not support the claim either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from factcheck.text.denial import denied
from factcheck.text.names import find_names
from factcheck.text.naming import names_in
from factcheck.text.sentences import split_sentences
from factcheck.types import Evidence
from factcheck.verify.bearers import content

_NEGATOR = r"(?:not|never|no longer)\b|n['’]t\b"
_NEGATION = re.compile(rf"\b(?:{_NEGATOR})|n['’]t\b", re.IGNORECASE)
_ANY = re.compile(r"\b(?:not|never|no|neither|nor|none|nobody|without|hardly)\b|n['’]t\b", re.IGNORECASE)
_UNCLEAR = re.compile(
    r"\bnot (?:only|just|merely|until|all|every|always|necessarily)\b|\bor (?:\w+ )?not\b|\?", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"[;:,]|\s(?:but|and|although|though|because|while|whereas|which|who|when|if|until|before|so that)\s"
)
_CONTRAST = re.compile(
    r"(?P<before>\w[\w’'-]*)(?:,|\s(?:and|but))?\s+not\s+(?P<not>(?:(?:in|by|to|at|from|on|of|with|the|an?)\s+)*"
    r"(?:[A-Z][\w’'-]*|[\w’'-]+)(?:\s+(?:[a-z]{2,3}\s+)?[A-Z][\w’'-]+)*)\s*(?=[,.;]|but\b|$)"
)
_AUXILIARY = frozenset(
    "is are was were be been do does did has have had can could will would should may might must it".split()
)
_CLASSES = frozenset(word[:5] for word in "count consider regard class call itself true really actually ever".split())
_RELATIVE = re.compile(r"[,\s]*(?:who|which)\b")
_PRONOUN = re.compile(r"\s*(?:he|she|it|they|his|her|its|their)\b", re.IGNORECASE)
_MOST_SENTENCES = 24
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Denial:
    """What the evidence denies: all of the claim, or the same with more words around it.

    Attributes:
        whole: nothing but what the claim says is denied.
        claim_denies: the claim is a denial itself, so that both agree.
    """

    whole: bool
    claim_denies: bool


def denial_of(claim: str, evidence: Evidence) -> Denial | None:
    """Find what the evidence denies of a claim; None where it denies nothing of it."""
    if _ANY.search(evidence.text) is None:
        return None
    asked = _asked(claim)
    if asked is None:
        return None
    words, names, claim_denies = asked
    title = content("" if evidence.passage is None else evidence.passage.title)
    found: Denial | None = None
    for span in split_sentences(evidence.text)[:_MOST_SENTENCES]:
        sentence = span.of(evidence.text)
        if len(sentence) > _LONGEST or _ANY.search(sentence) is None or _UNCLEAR.search(sentence):
            continue
        known = title | content(sentence)
        if any(
            contrast <= words and before not in words and words <= known for before, contrast in _contrasts(sentence)
        ):
            return Denial(True, claim_denies)
        for what, subject in _denied(sentence):
            rest = words - what
            if not words & what or not (not rest or any(rest <= name for name in names)) or not rest <= known:
                continue
            if rest and not rest & (title if subject is None else subject):
                continue  # somebody else is denied it
            whole = not what - words - _CLASSES
            found = Denial(whole or (found is not None and found.whole), claim_denies)
    return found


@lru_cache(maxsize=256)
def _asked(claim: str) -> tuple[frozenset[str], tuple[frozenset[str], ...], bool] | None:
    """Return the words of what a claim says or denies, those of its names, and whether it denies; None if unclear."""
    if len(claim) > _LONGEST or _UNCLEAR.search(claim):
        return None
    affirmed = denied(claim)
    if affirmed is None and _ANY.search(claim) is not None:
        return None
    said = claim if affirmed is None else affirmed
    words = content(said)
    if not words or re.search(r"\d", said):
        return None
    return words, tuple(content(name.text) for name in names_in(said)), affirmed is not None


def _denied(sentence: str) -> Iterator[tuple[frozenset[str], frozenset[str] | None]]:
    """Yield the words behind the negation of each clause that has one, and the names that it may be said of.

    These are None where no name stands there, or a pronoun opens the sentence: then the title says who is meant.
    """
    at = 0
    names = find_names(sentence)
    anaphor = _PRONOUN.match(sentence) is not None
    for end in (*(mark.start() for mark in _CLAUSE.finditer(sentence)), len(sentence)):
        # The joint stays at the head of the clause that it opens.
        clause = sentence[at:end]
        marks = list(_NEGATION.finditer(clause))
        if len(marks) == 1 and len(_ANY.findall(clause)) == 1:
            before = re.findall(r"[\w’']+", clause[: marks[0].start()])[-1:]
            if marks[0].group().casefold() != "not" or (before and before[0].casefold() in _AUXILIARY):
                before_it = [name for name in names if name.span.end <= at + marks[0].start()]
                # "Ada, born in Pisa, did not …": the first or the last; "Ada met Ida, who did not …": the last.
                bearers = before_it[-1:] if _RELATIVE.match(clause) else [*before_it[:1], *before_it[-1:]]
                subject = None if anaphor or not bearers else frozenset().union(*(content(n.text) for n in bearers))
                yield content(clause[marks[0].end() :]), subject
        at = end


def _contrasts(sentence: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what is said, and what is said not to be: "in Chemistry, not in Physics"."""
    for mark in _CONTRAST.finditer(sentence):
        if mark["before"].casefold() in _AUXILIARY:
            continue
        said = content(mark["before"])
        wrong = content(mark["not"])
        if said and wrong:
            yield next(iter(said)), wrong
