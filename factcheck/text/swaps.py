"""Words swapped by a table, both ways and all at once, with capitals, articles and pronouns kept in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from factcheck.text.people import FEMALE, MALE, Faith, Nation

_ARTICLE = re.compile(r"(?<!\w)(an?)(\s+)$", re.IGNORECASE)
# Behind these, "her" is an object; behind anything else that is a word, it says whose something is.
_NO_NOUN = frozenset(
    "a an the and or but to in on at of for from with by as when while after before because that who which is was were "
    "has had will would into about over under again back out up down off not if so than then".split()
)
_NEXT_WORD = re.compile(r"\s+(\w+)")

PRONOUNS = {"her": FEMALE, "hers": FEMALE, "his": MALE, "him": MALE}
"""Those that need grammar to be swapped."""

T = TypeVar("T")


def replace_words(text: str, table: Mapping[str, str], *, pronouns: bool = False) -> str:
    """Replace whole words by a table, all at once.

    A word of the table in lower case is found in any case, and capitals follow the text (`Woman` becomes `Man`, `WOMAN`
    becomes `MAN`); one with a capital, such as a name, is found as it is. `a` and `an` follow the new word.

    Args:
        text: to be changed.
        table: words as they are written inside a sentence.
        pronouns: whether `her`, `hers`, `his` and `him` are swapped too; which is which depends on what follows.
    """
    words: Mapping[str, object] = {**table, **(PRONOUNS if pronouns else {})}
    parts: list[str] = []
    done = 0
    for match in _pattern(frozenset(words)).finditer(text):
        key = _key(match[0], words)
        if key is None:
            continue
        new = table[key] if key in table else _pronoun(key, text, match.end())
        if key.islower() and match[0] != key:
            new = new.upper() if match[0].isupper() and len(key) > 1 else new[0].upper() + new[1:]
        before = text[done : match.start()]
        if _vowel(match[0]) != _vowel(new):
            before = _ARTICLE.sub(lambda found: found[1][0] + ("n" if len(found[1]) == 1 else "") + found[2], before)
        parts += [before, new]
        done = match.end()
    return "".join([*parts, text[done:]])


def _pronoun(word: str, text: str, end: int) -> str:
    following = _NEXT_WORD.match(text, end)
    owns = following is not None and following[1].lower() not in _NO_NOUN
    if word == "her":
        return "his" if owns else "him"
    if word == "his":
        return "her" if owns else "hers"
    return {"hers": "his", "him": "her"}[word]


def _vowel(word: str) -> bool:
    return word[0].lower() in "aeiou" and not word.startswith("Uk")


def between(old: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """Pair the words of two groups, both ways; where a group has one word for two things, the first counts."""
    table: dict[str, str] = {}
    for one, other in [*zip(old, new, strict=True), *zip(new, old, strict=True)]:
        for spelling in spellings(one):
            table.setdefault(spelling, other)
    return table


def spellings(word: str) -> Sequence[str]:
    """Return a word, and one with an article also as it begins a sentence and as part of a longer name."""
    bare = word.removeprefix("the ")
    return [word] if bare == word else [word, f"The {bare}", bare]


def nation_words(nation: Nation) -> list[str]:
    """Return the words of a nation."""
    return [nation.country, nation.adjective, nation.people]


def faith_words(faith: Faith) -> list[str]:
    """Return the words of a religion."""
    return [faith.name, faith.adjective, faith.follower, faith.followers, faith.building, faith.buildings]


def words_in(text: str, words: Mapping[str, T]) -> Iterator[T]:
    """Yield what belongs to each word of a text that is one of these, in the order of the text."""
    for match in _pattern(frozenset(words)).finditer(text):
        key = _key(match[0], words)
        if key is not None:
            yield words[key]


def _key(word: str, words: Mapping[str, object]) -> str | None:
    if word in words:
        return word
    return word.lower() if word.lower() in words else None


@lru_cache(maxsize=256)
def _pattern(words: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
