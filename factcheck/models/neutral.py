"""Reading in neutral words: who somebody is must not change what the evidence says of them.

A small reader is unsteady under a change of names: the same pair about Ngozi Okafor instead of Emily Walker, or about
Nigerians instead of Canadians, was judged otherwise once in twenty times. So claim and evidence are put into the same
words before they are read: the claim's first gender becomes the male one, its persons get fixed names, the nations and
religions that both texts name become fixed ones, each in the order of the claim. Every change goes both ways and
through both texts (`text.swaps`), so that what was equal stays equal and what was different stays different.

What only one of the texts names is left alone: that somebody from Chicago is an American is knowledge of that very
nation. Only the reader sees the neutral words; spans, numbers and names are compared in the texts as they are.

Source: counterfactual token fairness, Garg et al., "Counterfactual Fairness in Text Classification through Robustness",
2019, section 4.1 (blindness).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from factcheck.protocols import EntailmentModel, Vectors
from factcheck.provenance import sha256_bytes
from factcheck.text.people import FAITHS, FEMALE, GENDERED, KNOWN_NAMES, MALE, NATIONS, Faith, Nation
from factcheck.text.swaps import PRONOUNS, between, faith_words, nation_words, replace_words, spellings, words_in

_VERSION = b"neutral/1"

_GENDERS = {word: gender for female, male in GENDERED for word, gender in ((female, FEMALE), (male, MALE))} | PRONOUNS
_OTHER_GENDER = {
    one: other
    for female, male in (*GENDERED, *zip(KNOWN_NAMES.female, KNOWN_NAMES.male, strict=False))
    for one, other in ((female, male), (male, female))
}
_GIVEN = frozenset((*KNOWN_NAMES.female, *KNOWN_NAMES.male))
_NATION_WORDS = {s: nation for nation in NATIONS for word in nation_words(nation) for s in spellings(word)}
_FAITH_WORDS = {word: faith for faith in FAITHS.values() for word in faith_words(faith)}

# Given names that go with any gender, so that a name that no list knows needs none.
_PERSONS = (("Alex", "Walker"), ("Robin", "Bennett"), ("Sam", "Cooper"), ("Jamie", "Fletcher"))
_PLACES = tuple(nation for nation in NATIONS if nation.country in ("Sweden", "Brazil", "Kenya", "Egypt", "Poland"))
_CREEDS = tuple(FAITHS[name] for name in ("christian", "hindu", "buddhist", "jewish"))

# Two capitalised words, no third one behind: what stands so in both texts is a person if a given name is known, or if
# either text speaks of somebody.
_NAME = re.compile(r"(?<![\w’'-])([A-Z][a-z]+) ([A-Z][a-z]{2,})(?![\w’-])(?! [A-Z])")
_SOMEBODY = re.compile(r"\b(?:he|she|his|her|him|who|born)\b", re.IGNORECASE)
_LAST_WORD = re.compile(r"(\w+)\s$")
_NO_GIVEN_NAME = frozenset(
    "The A An In On At As By For From To With And But Of New Old North South East West Northern Southern Eastern "
    "Western United Great Saint San Los Las Mount Lake River Fort Port Cape First Second World Super Grand This That "
    "These Those His Her Its Their January February March April May June July August September October November "
    "December Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)

T = TypeVar("T", Nation, Faith)


class NeutralEntailment:
    """Implements the `EntailmentModel` seam around another one, which reads in neutral words.

    Args:
        reader: what reads.
    """

    def __init__(self, reader: EntailmentModel) -> None:
        self._reader = reader

    @property
    def name(self) -> str:
        """The reader's name."""
        return self._reader.name

    @property
    def sha256(self) -> str:
        """Of the reader, and that it reads in neutral words."""
        return sha256_bytes(_VERSION + self._reader.sha256.encode("ascii"))

    @property
    def max_tokens(self) -> int:
        """The reader's."""
        return self._reader.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the reader's counts, of the texts as they are."""
        return self._reader.count_tokens(texts)

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return `(len(pairs), 3)` probabilities of SUPPORTED, REFUTED, NOT_ENOUGH_INFO."""
        return self._reader.score([neutral(premise, hypothesis) for premise, hypothesis in pairs])


def neutral(premise: str, hypothesis: str) -> tuple[str, str]:
    """Return both texts in neutral words."""
    texts = (premise, hypothesis)
    if (_first_gender(hypothesis) or _first_gender(premise)) == FEMALE:
        texts = _both(texts, _OTHER_GENDER, pronouns=True)
    if names := _names(*texts):
        texts = _both(texts, names)
    texts = _settled(texts, _nations(texts[1]), _PLACES, nation_words)
    return _settled(texts, _faiths(texts[1]), _CREEDS, faith_words)


def _both(texts: tuple[str, str], table: Mapping[str, str], *, pronouns: bool = False) -> tuple[str, str]:
    premise, hypothesis = (replace_words(text, table, pronouns=pronouns) for text in texts)
    return premise, hypothesis


@lru_cache(maxsize=4096)  # a claim is read against many windows
def _first_gender(text: str) -> str | None:
    return next(words_in(text, _GENDERS), None)


@lru_cache(maxsize=4096)
def _nations(hypothesis: str) -> tuple[Nation, ...]:
    return tuple(dict.fromkeys(words_in(hypothesis, _NATION_WORDS)))


@lru_cache(maxsize=4096)
def _faiths(hypothesis: str) -> tuple[Faith, ...]:
    return tuple(dict.fromkeys(words_in(hypothesis, _FAITH_WORDS)))


def _names(premise: str, hypothesis: str) -> dict[str, str]:
    """Return the table that gives the persons of both texts fixed names."""
    table: dict[str, str] = {}
    for (given, family), fixed in zip(_persons(premise, hypothesis), _PERSONS, strict=False):
        for old, new in ((given, fixed[0]), (family, fixed[1])):
            if old not in table and new not in table:
                table |= {old: new, new: old}
    return table


def _persons(premise: str, hypothesis: str) -> Iterator[tuple[str, str]]:
    somebody: bool | None = None
    for found in _NAME.finditer(hypothesis):
        given, family = found[1], found[2]
        before = _LAST_WORD.search(hypothesis[: found.start()])
        if given in _NO_GIVEN_NAME or (before is not None and before[1][0].isupper()):
            continue
        if not _stands(family, premise):
            continue
        if given not in _GIVEN:
            if somebody is None:
                somebody = any(_SOMEBODY.search(text) for text in (hypothesis, premise))
            if not somebody:
                continue
        yield given, family


def _settled(
    texts: tuple[str, str], found: Sequence[T], fixed: Sequence[T], words: Callable[[T], Sequence[str]]
) -> tuple[str, str]:
    """Put the first things of the claim that both texts name into the words of fixed ones, each in its turn."""
    now = [one for one in found if any(_stands(word.removeprefix("the "), texts[0]) for word in words(one))]
    for place, new in enumerate(fixed[: len(now)]):
        old = now[place]
        if old is not new:
            texts = _both(texts, between(words(old), words(new)))
            now = [new if one is old else old if one is new else one for one in now]
    return texts


def _stands(word: str, text: str) -> bool:
    """Say whether a word, or words, stand whole in a text."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            return True
        at = text.find(word, at + 1)
    return False
