"""A shallow reading of one English sentence: its words, its subject, its finite verbs.

No tagger: closed lists and the place of a word decide, and where they do not decide the answer is None, on which every
caller leaves the sentence whole. All offsets are into the text that holds the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from factcheck.extract import lexicon as lex
from factcheck.text.names import joined_spans

# Quotations and brackets are one word each; nothing inside them is ever cut. Blanks and plain words come first, since
# they are most of a text.
_WORD = re.compile(
    r"(?=\S)(?:(?:[a-gi-z]|h(?!ttp)|[A-Z](?!\.))[^\W_]*(?:[-.&/_+#][^\W_]+)*(?:\+\+|#)?"
    r"|“[^“”]*”|\"[^\"]*\"|‘[^‘’]{2,80}’(?!\w)|\([^()]*\)|\[[^\[\]]*\]|`[^`]*`|https?://\S+"
    r"|(?:[A-Z]\.)+(?:[A-Z]\b)?|\d+(?:[.,:/]\d+)*\w*"
    r"|[^\W_]+(?:[-.&/_+#][^\W_]+)*(?:\+\+|#)?|['’]\w+|[^\w\s]|_)"
)
MAX_WORDS = 160
"""Longer sentences are not read further: they are one claim each."""
MAX_SUBJECT_WORDS = 14
_STANDING_ALONE = frozenset(
    ("this", "that", "these", "those", "all", "both", "some", "many", "most", "one", "two", "three")
)
_NEVER_BEFORE_VERB = (lex.DETERMINERS - _STANDING_ALONE) | lex.PREPOSITIONS | {"to", "-", "–"}
_NEVER_FIRST = (
    lex.PREPOSITIONS
    | (lex.ADVERBS - {"both", "either", "most", "more", "best", "only"})
    | (lex.SUBORDINATORS - {"that"})
    | {"to", "and", "or", "but", "not"}
)
_AFTER_VERB = lex.DETERMINERS | frozenset(
    ("as", "to", "that", "on", "for", "in", "not", "only", "about", "approximately", "nearly", "roughly", "over")
)
_BESIDE_NAME = lex.PREPOSITIONS - {"of"}
_PLURAL_BEFORE = frozenset(("they", "we", "you", "i", "who", "which", "these", "those", "'t", "many"))
_CACHE = 1 << 15


@dataclass(slots=True)
class Words:
    """The words of a sentence.

    Attributes:
        text: the text that holds the sentence.
        forms, folded: as written and in lower case.
        starts, ends: offsets into `text`.
        joined: per word, whether it lies inside a name such as "Bosnia and Herzegovina".
    """

    text: str
    forms: list[str]
    folded: list[str]
    starts: list[int]
    ends: list[int]
    joined: list[bool]
    finite: dict[int, bool] = field(default_factory=dict)  # what `is_finite` said; several ask the same

    def __len__(self) -> int:
        return len(self.forms)


class Subject(NamedTuple):
    """A subject and its verb, as half-open ranges of words; `simple` without a clause of its own inside."""

    start: int
    end: int
    verb: int
    simple: bool
    inserted: tuple[int, int] | None = None  # between commas, before the verb


def read_words(text: str, start: int, end: int) -> Words:
    """Cut `text[start:end]` into words, at most one more than `MAX_WORDS`."""
    part = text[start : min(end, start + 4000)]
    matches = list(islice(_WORD.finditer(text, start, end), MAX_WORDS + 1))
    forms = [match[0] for match in matches]
    starts = [match.start() for match in matches]
    ends = [match.end() for match in matches]
    folded = [form.lower() for form in forms]
    if not text.isascii() and text.find("’", start, end) >= 0:
        folded = [form.replace("’", "'") for form in folded]
    joined = [False] * len(forms)
    for a, b in joined_spans(part):
        for i, s in enumerate(starts):
            if a <= s - start < b:
                joined[i] = True
    return Words(text, forms, folded, starts, ends, joined)


def is_name(words: Words, i: int) -> bool:
    """Say whether a word is capitalised where it need not be, or is an acronym."""
    form = words.forms[i]
    return form[0].isupper() and words.folded[i] not in lex.DETERMINERS and words.folded[i] not in lex.PRONOUNS


@lru_cache(_CACHE)
def is_plural(word: str) -> bool:
    """Say whether a noun, in lower case, looks like a plural."""
    if word in ("people", "men", "women", "children", "data", "media", "criteria", "phenomena", "police", "bacteria"):
        return True
    return (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in lex.SINGULAR_IN_S
    )


@lru_cache(_CACHE)
def is_past_form(word: str) -> bool:
    """Say whether a word looks like a past or a participle in -ed."""
    return len(word) > 3 and word.endswith("ed") and word not in lex.NOT_PAST and not word.endswith("eed")


@lru_cache(_CACHE)
def is_participle(word: str) -> bool:
    """Say whether a word may be a past participle."""
    return word in lex.PARTICIPLES or is_past_form(word)


def is_finite(words: Words, i: int, *, after_plural: bool | None = None) -> bool:
    """Say whether word `i` can be a finite verb where it stands."""
    if after_plural is not None:
        return _is_finite(words, i, after_plural=after_plural)
    known = words.finite.get(i)
    if known is None:
        known = words.finite[i] = _is_finite(words, i)
    return known


def _is_finite(words: Words, i: int, *, after_plural: bool | None = None) -> bool:
    word = words.folded[i]
    if word in lex.CONTRACTED:
        return i + 1 < len(words) and words.folded[i + 1] == "'t"
    if word in lex.AUXILIARIES or word in lex.PAST_ONLY:
        return word not in ("can", "may", "will") or words.forms[i].islower()
    if word == "'s":
        return i > 0 and words.folded[i - 1] in ("it", "he", "she", "that", "there", "this")
    if i == 0 or words.forms[i][0].isupper():
        return False
    before = words.folded[i - 1]
    if before in _NEVER_BEFORE_VERB:
        return False
    if word in lex.IRREGULAR_PASTS or is_past_form(word):
        return True
    if word in lex.PRESENTS:
        if word not in lex.NOUN_LIKE:
            return True
        following = words.folded[i + 1] if i + 1 < len(words) else ""
        named = words.forms[i - 1][0].isupper() or before in ("it", "he", "she")
        return following in _AFTER_VERB or following[:1].isdigit() or (named and following in _BESIDE_NAME)
    if word in lex.BASES:
        plural = is_plural(before) or before in _PLURAL_BEFORE
        following = words.folded[i + 1] if i + 1 < len(words) else ""
        return (plural if after_plural is None else after_plural) and following not in lex.AUXILIARIES
    return False


def read_subject(words: Words, start: int, end: int) -> Subject | None:
    """Read a noun phrase and its finite verb from word `start` on.

    Returns:
        None where there is no verb before `end`, or no phrase before the verb, or where anything is in doubt.
    """
    i = start
    simple = True
    depth = 0  # verbs owed to relative clauses inside the subject
    inserted: tuple[int, int] | None = None
    subject_end = -1
    while i < end and i - start <= 40:
        word = words.folded[i]
        if word in (";", ":", "?", "!", "—", "–") or (word == "," and i == start):
            return None
        if word == ",":
            close = _insertion_end(words, start, i, end)
            if close is None:
                return None
            if subject_end < 0:
                subject_end, inserted = i, (i + 1, close)
            else:
                simple = False
            i = close + 1
            continue
        if i > start and word in ("that", "who", "which", "whose", "where") and not (word == "that" and i == start):
            simple = False
            depth += 1
        elif i > start and is_finite(
            words, i, after_plural=_has_plural(words, start, i) if words.folded[i - 1] == "," else None
        ):
            if depth:
                depth -= 1
            elif _is_reduced(words, i, end):
                simple = False
            else:
                break
        i += 1
    else:
        return None
    if i >= end or i == start:
        return None
    last = i
    while last - 1 > start and (words.folded[last - 1] in lex.ADVERBS or words.folded[last - 1].endswith("ly")):
        last -= 1
    if inserted is not None and last <= inserted[1] + 1:
        last = subject_end
    if not _is_phrase(words, start, last):
        return None
    if last - start > MAX_SUBJECT_WORDS:
        simple = False
    return Subject(start, last, i, simple, inserted if last == subject_end else None)


def _has_plural(words: Words, start: int, end: int) -> bool:
    return any(is_plural(words.folded[i]) for i in range(start, end))


def _insertion_end(words: Words, start: int, comma: int, end: int) -> int | None:
    """Return the comma that closes what `comma` opens, if a finite verb follows it."""
    plural = _has_plural(words, start, comma)
    for j in range(comma + 2, min(end - 1, comma + 40)):
        if words.folded[j] != ",":
            continue
        k = j + 1
        while k < end - 1 and (words.folded[k] in lex.ADVERBS or words.folded[k].endswith("ly")):
            k += 1
        # "; X, Y, and Z have" is a list: what follows its last comma is "and".
        if words.folded[k] in lex.AUXILIARIES or words.folded[k] in lex.PAST_ONLY:
            return j
        if is_finite(words, k, after_plural=plural):
            return j
    return None


def _is_reduced(words: Words, i: int, end: int) -> bool:
    """Say whether a form in -ed that follows a noun is a participle ("the law passed in 1990 was")."""
    word = words.folded[i]
    if word in lex.AUXILIARIES or word in lex.PAST_ONLY or not is_participle(word):
        return False
    following = words.folded[i + 1] if i + 1 < end else ""
    if following not in lex.PREPOSITIONS:
        return False
    for j in range(i + 1, min(end, i + 20)):
        later = words.folded[j]
        if later in (",", ";", ":", "and", "but", "or") or later in lex.SUBORDINATORS or later in lex.PRONOUNS:
            return False
        if later in lex.AUXILIARIES:
            return True
    return False


def _is_phrase(words: Words, start: int, end: int) -> bool:
    if start >= end:
        return False
    first = words.folded[start]
    if end - start == 1 and first in lex.PRONOUNS:
        return True
    if first in _NEVER_FIRST:
        return False
    last = words.folded[end - 1]
    if last in lex.DETERMINERS and last not in _STANDING_ALONE and end - start > 1:
        return False
    return last not in lex.PREPOSITIONS and last not in ("and", "or", "but") and any(c.isalnum() for c in first)
