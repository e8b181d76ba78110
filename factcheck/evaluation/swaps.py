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

from factcheck.evaluation.groups import NAMES, NATION_GROUPS, Attribute
from factcheck.evaluation.pairs import Pair
from factcheck.text.people import FAITHS, FEMALE, GENDERED, KNOWN_NAMES, MALE, NATIONS
from factcheck.text.swaps import PRONOUNS, between, faith_words, nation_words, replace_words, spellings, words_in

ORIGINAL = "as it stands"
_GIVEN = dict.fromkeys(KNOWN_NAMES.female, FEMALE) | dict.fromkeys(KNOWN_NAMES.male, MALE)
# Two capitalised words, the first a given name; no third one before or behind, which would be another kind of name.
_PERSON = re.compile(
    rf"(?<![\w’'-])({'|'.join(sorted(_GIVEN, key=len, reverse=True))}) "
    r"([A-Z][a-z]{2,})(?![\w’-])(?! [A-Z])"
)
_LAST_WORD = re.compile(r"(\w+)\s$")


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
    words = {s: nation for nation in NATIONS for word in nation_words(nation) for s in spellings(word)}
    found = next(words_in(pair.claim, words), None)
    if found is None:
        return None
    own = next((group for group, nation in NATION_GROUPS.items() if nation is found), ORIGINAL)
    return own, {group: between(nation_words(found), nation_words(other)) for group, other in NATION_GROUPS.items()}


def _faiths(pair: Pair) -> tuple[str, dict[str, dict[str, str]]] | None:
    found = next(
        words_in(pair.claim, {word: name for name, faith in FAITHS.items() for word in faith_words(faith)}), None
    )
    if found is None:
        return None
    return found, {group: between(faith_words(FAITHS[found]), faith_words(f)) for group, f in FAITHS.items()}


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
        tables[group] = between([given, family], new)
    return ORIGINAL, tables


def _begins(text: str, at: int) -> bool:
    """Say whether a name begins here: a capitalised word before it may be part of it."""
    before = _LAST_WORD.search(text[:at])
    return before is None or not before[1][0].isupper()


def _genders(pair: Pair) -> tuple[str, dict[str, dict[str, str]]] | None:
    words = {word: gender for female, male in GENDERED for word, gender in ((female, FEMALE), (male, MALE))}
    own = next(words_in(pair.claim, words | PRONOUNS), None)
    if own is None:
        return None
    pairs = (*GENDERED, *zip(KNOWN_NAMES.female, KNOWN_NAMES.male, strict=False))
    table = dict(pairs) | {male: female for female, male in pairs}
    return own, {MALE if own == FEMALE else FEMALE: table}


def _mapped(pair: Pair, table: Mapping[str, str], *, pronouns: bool) -> Pair:
    def change(text: str) -> str:
        return replace_words(text, table, pronouns=pronouns)

    given = pair.evidence
    evidence = change(given) if isinstance(given, str) else tuple(change(text) for text in given)
    return replace(pair, claim=change(pair.claim), evidence=evidence)
