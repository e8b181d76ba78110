"""Objects that each have their own year: "won A in 1903 and B in 1911" says two things of which one may be wrong."""

from __future__ import annotations

import re

from factcheck.extract import lexicon as lex
from factcheck.extract.parse import Words, is_finite, is_participle

_YEAR = re.compile(r"1\d{3}|20\d\d")

_DENYING = lex.NEGATIONS | (lex.SUBORDINATORS - {"as"})
_BEFORE_YEAR = ("in", "since", "until", "of", "from", "by", "to")


def dated_objects(words: Words, verb: int, b: int) -> tuple[tuple[int, int], list[tuple[int, int]]] | None:
    """Cut a predicate whose objects each end in a year.

    Args:
        words: of the sentence.
        verb: the predicate's finite verb.
        b: the word after the predicate.

    Returns:
        The words that all objects share (the verb, its participle, a preposition), and the stretches of words of the
        objects, the first one beginning right after what is shared; None where not all of them end in a year.
    """
    if not _YEAR.fullmatch(words.folded[b - 1]) or b - verb < 7:
        return None
    joints = [i for i in range(verb + 3, b - 3) if _YEAR.fullmatch(words.folded[i - 1]) and _joins(words, i)]
    if not joints or (words.folded[joints[-1]] == "," and words.folded[joints[-1] + 1] != "and"):
        return None
    if any(words.folded[i] in _DENYING for i in range(verb, b)):
        return None
    shared = verb + 1
    while shared < joints[0] and (words.folded[shared] in lex.ADVERBS or words.folded[shared] in ("been", "be")):
        shared += 1
    if words.folded[verb] in lex.AUXILIARIES and is_participle(words.folded[shared]):
        shared += 1
    if words.folded[joints[0] - 2] not in _BEFORE_YEAR:
        return None
    segments: list[tuple[int, int]] = []
    for joint, until in zip(joints, [*joints[1:], b], strict=True):
        start = joint + 1
        if words.folded[start] == "and":
            start += 1
        if until - start < 3 or any(is_finite(words, i) for i in range(start + 1, until)):
            return None
        # "in 1903 and 1911", "in 1903 and later in 1911": no object, only another time.
        if (
            words.forms[start][0].isdigit()
            or words.folded[start] in lex.ADVERBS
            or words.folded[start] in ("in", "again")
        ):
            return None
        if words.folded[until - 2] not in _BEFORE_YEAR or until - 2 <= start:
            return None
        segments.append((start, until))
    # "played for the Reds in 1904 and the Blues in 1911": the preposition is shared, unless each has its own.
    if words.folded[shared] in lex.PREPOSITIONS and not all(words.folded[a] in lex.PREPOSITIONS for a, _ in segments):
        shared += 1
    if any(words.folded[a] in lex.PREPOSITIONS for a, _ in segments) and words.folded[shared] not in lex.PREPOSITIONS:
        return None
    return (verb, shared), [(shared, joints[0]), *segments]


def _joins(words: Words, i: int) -> bool:
    return not words.joined[i] and words.folded[i] in ("and", ",")
