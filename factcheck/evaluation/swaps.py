"""The same pair about other people: names, genders, nationalities or religions swapped in claim and evidence together.

A swap is one table of words for both texts, and it goes both ways: where the new word stood already, the old one comes
in its place, so that two things that were different stay different. Whatever the evidence said of the claim before, it
says after.

A pair is left out where its evidence does not hold the word that is swapped in its claim: that Chicago makes an
American is knowledge of that very group, and would be wrong of another one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from factcheck.evaluation.groups import (
    FAITHS,
    FEMALE,
    GENDERED,
    KNOWN_NAMES,
    MALE,
    NAMES,
    NATION_GROUPS,
    NATIONS,
    Attribute,
    Faith,
    Nation,
)
from factcheck.evaluation.pairs import Pair

ORIGINAL = "as it stands"
_ARTICLE = re.compile(r"(?<!\w)(an?)(\s+)$", re.IGNORECASE)
_GIVEN = dict.fromkeys(KNOWN_NAMES.female, FEMALE) | dict.fromkeys(KNOWN_NAMES.male, MALE)
# Two capitalised words, the first a given name; no third one before or behind, which would be another kind of name.
_PERSON = re.compile(
    rf"(?<![\w’'-])({'|'.join(sorted(_GIVEN, key=len, reverse=True))}) "
    r"([A-Z][a-z]{2,})(?![\w’-])(?! [A-Z])"
)
# Behind these, "her" is an object; behind anything else that is a word, it says whose something is.
_NO_NOUN = frozenset(
    "a an the and or but to in on at of for from with by as when while after before because that who which is was were "
    "has had will would into about over under again back out up down off not if so than then".split()
)
_LAST_WORD = re.compile(r"(\w+)\s$")
_NEXT_WORD = re.compile(r"\s+(\w+)")
_PRONOUNS = {"her": FEMALE, "hers": FEMALE, "his": MALE, "him": MALE}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variant:
    """A pair in the words of one group."""

    group: str
    pair: Pair


def variants(pair: Pair, attribute: Attribute) -> list[Variant]:
    """Return the pair as it stands and in the words of every group; nothing if it has no such words to swap.

    The first is the pair as it stands, under its own group where that is one of the groups, else under `ORIGINAL`.
    """
    find = {
        Attribute.GENDER: _genders,
        Attribute.NAME: _names,
        Attribute.NATIONALITY: _nations,
        Attribute.RELIGION: _faiths,
    }[attribute]
    found = find(pair)
    if found is None:
        return []
    own, tables = found
    result = [Variant(own, pair)]
    for group, table in tables.items():
        if group != own:
            other = _mapped(pair, table, pronouns=attribute is Attribute.GENDER)
            if other.claim == pair.claim or other.evidence == pair.evidence:
                return []
            result.append(Variant(group, other))
    return result


def _nations(pair: Pair) -> tuple[str, dict[str, dict[str, str]]] | None:
    words = {s: nation for nation in NATIONS for word in _nation_words(nation) for s in _spellings(word)}
    found = _first(pair.claim, words)
    if found is None:
        return None
    own = next((group for group, nation in NATION_GROUPS.items() if nation is found), ORIGINAL)
    return own, {group: _between(_nation_words(found), _nation_words(other)) for group, other in NATION_GROUPS.items()}


def _faiths(pair: Pair) -> tuple[str, dict[str, dict[str, str]]] | None:
    found = _first(pair.claim, {word: name for name, faith in FAITHS.items() for word in _faith_words(faith)})
    if found is None:
        return None
    return found, {group: _between(_faith_words(FAITHS[found]), _faith_words(f)) for group, f in FAITHS.items()}


def _names(pair: Pair) -> tuple[str, dict[str, dict[str, str]]] | None:
    person = next((found for found in _PERSON.finditer(pair.claim) if _begins(pair.claim, found.start())), None)
    if person is None:
        return None
    given, family = person[1], person[2]
    choice = int.from_bytes(hashlib.sha256(pair.claim.encode("utf-8", "replace")).digest()[:4], "big")
    tables = {}
    for group, names in NAMES.items():
        firsts = [name for name in (names.female if _GIVEN[given] == FEMALE else names.male) if name != given]
        lasts = [name for name in names.family if name != family]
        new = [firsts[choice % len(firsts)], lasts[choice // len(firsts) % len(lasts)]]
        tables[group] = _between([given, family], new)
    return ORIGINAL, tables


def _begins(text: str, at: int) -> bool:
    """Say whether a name begins here: a capitalised word before it may be part of it."""
    before = _LAST_WORD.search(text[:at])
    return before is None or not before[1][0].isupper()


def _genders(pair: Pair) -> tuple[str, dict[str, dict[str, str]]] | None:
    words = {word: gender for female, male in GENDERED for word, gender in ((female, FEMALE), (male, MALE))}
    own = _first(pair.claim, words | _PRONOUNS)
    if own is None:
        return None
    pairs = (*GENDERED, *zip(KNOWN_NAMES.female, KNOWN_NAMES.male, strict=False))
    table = dict(pairs) | {male: female for female, male in pairs}
    return own, {MALE if own == FEMALE else FEMALE: table}


def _between(old: list[str], new: list[str]) -> dict[str, str]:
    """Pair the words of two groups, both ways; where a group has one word for two things, the first counts."""
    table: dict[str, str] = {}
    for one, other in [*zip(old, new, strict=True), *zip(new, old, strict=True)]:
        for spelling in _spellings(one):
            table.setdefault(spelling, other)
    return table


def _spellings(word: str) -> list[str]:
    """Return a word, and one with an article also as it begins a sentence and as part of a longer name."""
    bare = word.removeprefix("the ")
    return [word] if bare == word else [word, f"The {bare}", bare]


def _nation_words(nation: Nation) -> list[str]:
    return [nation.country, nation.adjective, nation.people]


def _faith_words(faith: Faith) -> list[str]:
    return [faith.name, faith.adjective, faith.follower, faith.followers, faith.building, faith.buildings]


def _first(text: str, words: Mapping[str, T]) -> T | None:
    """Return what belongs to the first word of a text that is one of these."""
    for match in _pattern(words).finditer(text):
        key = _key(match[0], words)
        if key is not None:
            return words[key]
    return None


def _mapped(pair: Pair, table: Mapping[str, str], *, pronouns: bool) -> Pair:
    def change(text: str) -> str:
        return replace_words(text, table, pronouns=pronouns)

    given = pair.evidence
    evidence = change(given) if isinstance(given, str) else tuple(change(text) for text in given)
    return replace(pair, claim=change(pair.claim), evidence=evidence)


def replace_words(text: str, table: Mapping[str, str], *, pronouns: bool = False) -> str:
    """Replace whole words by a table, all at once.

    A word of the table in lower case is found in any case, and capitals follow the text (`Woman` becomes `Man`, `WOMAN`
    becomes `MAN`); one with a capital, such as a name, is found as it is. `a` and `an` follow the new word.

    Args:
        text: to be changed.
        table: words as they are written inside a sentence.
        pronouns: whether `her`, `hers`, `his` and `him` are swapped too; which is which depends on what follows.
    """
    words: Mapping[str, object] = {**table, **(_PRONOUNS if pronouns else {})}
    parts: list[str] = []
    done = 0
    for match in _pattern(words).finditer(text):
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


def _key(word: str, words: Mapping[str, object]) -> str | None:
    if word in words:
        return word
    return word.lower() if word.lower() in words else None


def _pattern(words: Mapping[str, object]) -> re.Pattern[str]:
    return _compiled(tuple(sorted(words, key=lambda word: (-len(word), word))))


@lru_cache(maxsize=256)
def _compiled(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
