"""One statement of a sentence, and the small questions that every cut asks."""

from __future__ import annotations

from typing import NamedTuple

from factcheck.extract import lexicon as lex
from factcheck.extract.parse import Subject, Words, is_name, is_past_form, is_plural

Piece = tuple[int, int] | str
"""A stretch of the text, or words that were put in."""


class Clause(NamedTuple):
    """One statement of a sentence; a tuple, since texts hold many.

    Attributes:
        pieces: what it says, in order.
        start, end: the stretch of the text that states it.
        subject: the stretch that is its subject, where it is plain.
        verb: its finite verb in lower case, where it is plain.
    """

    pieces: tuple[Piece, ...]
    start: int
    end: int
    subject: tuple[int, int] | None = None
    verb: str = ""


def copula(words: Words, subject: Subject, past: bool) -> str:
    """Return the form of "be" that agrees with a subject."""
    last = words.folded[subject.end - 1]
    coordinated = any(words.folded[i] == "and" and not words.joined[i] for i in range(subject.start, subject.end))
    plural = coordinated or (is_plural(last) and not is_name(words, subject.end - 1))
    if words.folded[subject.verb] in ("is", "was", "has"):
        plural = False
    elif words.folded[subject.verb] in ("are", "were", "have"):
        plural = True
    if past:
        return "were" if plural else "was"
    return "are" if plural else "is"


def is_past(words: Words, i: int) -> bool:
    """Say whether the verb at word `i` is in a past tense."""
    word = words.folded[i]
    return word in ("was", "were", "had", "did") or (
        word not in lex.AUXILIARIES and (word in lex.IRREGULAR_PASTS or is_past_form(word))
    )


def stretch_of(words: Words, a: int, b: int) -> tuple[int, int]:
    """Return the stretch of the text that words `a` to `b` cover."""
    return words.starts[a], words.ends[b - 1]


def plain_clause(words: Words, a: int, b: int) -> Clause:
    """Return words `a` to `b` as one clause."""
    start, end = stretch_of(words, a, b)
    return Clause(((start, end),), start, end)


def phrase(words: Words, i: int, length: int) -> str:
    """Return `length` words from word `i` on, in lower case."""
    return " ".join(words.folded[i : i + length])
