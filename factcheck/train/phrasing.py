"""Small judgements about the shape of claims and sentences: their subject, their page, how two are said as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from factcheck.train import edits
from factcheck.train.neighbours import content_words

PRONOUN = re.compile(r"^(He|She|It|They|His|Her|Its|Their|The (film|series|show|band|album|song|city|book|game))\b")


def page_title(claim: str, evidence: str) -> str | None:
    """The page a sentence stands on: its own first name, or the claim's subject when a pronoun stands in its place."""
    if PRONOUN.match(evidence):
        subject = subject_of(claim)
        return subject if subject is not None else None
    found = edits.names(evidence[:80])
    return found[0] if found and evidence.startswith(found[0]) else None


def subject_of(claim: str) -> str | None:
    """The name that a claim starts with."""
    found = edits.names(claim)
    return found[0] if found and claim.startswith(found[0]) else None


def overlaps(name: str, text: str) -> bool:
    """Whether a name shares a word with a text."""
    return bool(content_words(name) & content_words(text))


def word_before(claim: str, name: str) -> str:
    """The word in front of a name: names that follow the same word ("directed by", "in") are of a kind."""
    start = claim.find(name)
    words = claim[:start].split()
    return words[-1].lower() if words and words[-1].isalpha() and words[-1].islower() else ""


def holds_value(evidence: str, value: float) -> bool:
    """Whether a number of this value stands in the evidence."""
    return any(abs(number.value - value) < 1e-9 for number in edits.numbers(evidence))


_SIZE_WORD = re.compile(r"(million|billion|trillion|thousand|hundred|st|nd|rd|th|st|century|%|percent)\b|%")


def is_bound(before: str, after: str) -> bool:
    """Whether a number already stands in a comparison, is a part of a date or is followed by a word of size."""
    words = before.split()
    last = " ".join(words[-2:])
    months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december",
    ]  # fmt: skip
    return bool(
        (words and words[-1] in {"than", "over", "under", "about", "least", "most", "around", "nearly", "number", "no"})
        or (words and words[-1] in months)
        or last.endswith(("and", "to", "$", "£", "the"))
        or _SIZE_WORD.match(after)
        or after.lower().startswith(tuple(months))
    )


def with_number(claim: str, number: edits.Number, written: str) -> str:
    """The claim with one number written otherwise."""
    return claim[: number.start] + written + claim[number.end :]


def as_passage(parts: Sequence[str], rng: Random) -> str:
    """Sentences as one passage, or, now and then, as separate passages."""
    return ("\n\n" if rng.random() < 0.15 else " ").join(part.strip() for part in parts)


def join_claims(first: str, second: str, subject: str, rng: Random) -> str:
    """Two claims as one sentence or two; the shared subject is said once where grammar allows it."""
    head = first.rstrip(" .")
    rest = second[len(subject) :].strip() if second.startswith(subject) else ""
    style = rng.random()
    if rest and not rest.startswith(("'", "’", ",", "(")) and rest[:1].islower():
        if style < 0.55:
            return f"{head} and {rest}"
        if style < 0.7:
            return f"{head}, and {rest}"
        if style < 0.8:
            return f"{head}. {rng.choice(('Furthermore', 'Also', 'In addition'))}, {second}"
    return f"{head}, and {second}" if style < 0.4 else f"{head}. {second}"


_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_SPACED = re.compile(r"\s+([,.;:!?])")


def clean_sentence(text: str) -> str:
    """A sentence without brackets and without blanks before its punctuation."""
    return _SPACED.sub(r"\1", _BRACKETS.sub("", text)).strip()


def shorten(claim: str, rng: Random) -> str:
    """Drop a last subordinate part, as a summary would, where enough is left to be a sentence."""
    if rng.random() < 0.5:
        return claim
    head = re.split(r", (?:which|who|where|and|with|including|a|an|the) ", claim, maxsplit=1)[0]
    return head.rstrip(" .") + "." if 7 <= len(head.split()) < len(claim.split()) else claim
