"""Does a text name what a claim names? Names are compared as people write them: in short, in full, by their people.

"Rutherford" is named by "Ernest Rutherford", "Switzerland" by "the Swiss government", "the United Kingdom" by "UK" and
"World War I" by "the First World War". "World War I" is not named by "World War II", nor "Louis Pasteur" by "Louis
Braille": a number belongs to its name, and a person's last name has to be there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from factcheck.text.names import COUNTRIES, Name, find_names, guess_gender
from factcheck.text.names import Gender as _Gender
from factcheck.text.people import NATIONS
from factcheck.types import Span

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_ROMAN = {
    word: number for number, word in enumerate("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi".split(), start=1)
}
_ORDINALS = {
    word: number
    for number, words in enumerate(
        ("first one", "second two", "third three", "fourth four", "fifth five", "sixth six", "seventh seven",
         "eighth eight", "ninth nine", "tenth ten"),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_SUFFIXED = re.compile(r"(\d{1,4})(?:st|nd|rd|th)?")
_GENERIC = frozenset(
    "the of and de la le du des del di da van von der den mount mt mountain mountains lake river sea ocean island "
    "islands "
    "city town state states county province region kingdom republic empire union world war wars battle treaty peace "
    "university college school institute academy prize prizes award awards cup league club party church street north "
    "south east west northern southern eastern western new old great saint st san santa united national international "
    "king queen prince princess emperor empress pope sir lord lady president minister general captain dr mr mrs ms "
    "professor prof jr sr company inc corp co ltd group film movie series season show band album song novel book "
    "trust foundation society association council committee commission agency authority bank museum hospital library "
    "theatre theater federation alliance corporation organisation organization department ministry bureau "
    "first second third in on at for to".split()
)
_CONTINENTS = frozenset(
    "europe asia africa america oceania european asian african western eastern northern southern north south east west "
    "christian catholic protestant muslim jewish islamic".split()
)
_GLUED = re.compile(r"['’]s?$")
_PREFIX = 5

_NATIONS: dict[str, frozenset[str]] = {}
for _nation in NATIONS:
    _words = frozenset(
        word.casefold().removeprefix("the ") for word in (_nation.country, _nation.adjective, _nation.people)
    )
    for _word in _words:
        _NATIONS[_word] = _NATIONS.get(_word, frozenset()) | _words
_OTHER_NAMES: dict[str, frozenset[str]] = {
    word: frozenset(line.split("|"))
    for line in (
        "united states|united states of america|usa|us|u.s|america|american|americans",
        "united kingdom|uk|u.k|great britain|britain|british|britons",
        "soviet union|ussr|soviet|soviets",
        "turkey|turkish|turks|türkiye",
        "netherlands|dutch|holland|the netherlands",
        "czechia|czech republic|czech|czechs",
    )
    for word in line.split("|")
}


_NO_PART = re.compile(
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul"
    r"|Aug|Sept?|Oct|Nov|Dec)\b\.?(?:\s+\d{1,4}\b)*|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Christmas|Easter"
    r"|(?:About|Around|Nearly|Almost|Roughly|Approximately|Over|Under|Some|Only|Exactly|Up|Just|More|At|By)"
    r"(?:\s+\d[\d,.]*)?)(?:\s+|$)"
)
_SAYS_SOMETHING = re.compile(
    r"['’]s?\s|\s(?:is|was|are|were|has|had|did|does|do|never|can|could|will|became|wrote|won|found|made|led|gave|took|began|"
    r"lies|lay|stands|stood|holds|held|covers|flows|[a-z]{3,}ed)\b"
)
_NO_NAME = frozenset("nobody somebody everybody anyone everyone nothing something people none neither someone".split())


def names_in(text: str) -> list[Name]:
    """Return the names of a claim: no months and days, and no word that only opens the sentence.

    A single word at the beginning counts where a verb follows: it is what the sentence is about.
    """
    names = (_without_time(name) for name in find_names(text))
    return [name for name in names if name is not None and _is_a_name(text, name)]


def _without_time(name: Name) -> Name | None:
    """Cut a month or an amount off: "In May 1953 Hermann Buhl" begins with no name."""
    while (match := _NO_PART.match(name.text)) is not None:
        cut = match.end()
        if cut == len(name.text):
            return None
        span = Span(start=name.span.start + cut, end=name.span.end)
        name = name._replace(text=name.text[cut:], span=span, gender=guess_gender(name.text[cut:]))
    return name


def _is_a_name(text: str, name: Name) -> bool:
    if name.certain or name.gender is not _Gender.UNKNOWN or name.text in COUNTRIES:
        return True
    if name.text.casefold() in _NATIONS:
        return True
    return name.text.casefold() not in _NO_NAME and _SAYS_SOMETHING.match(text, name.span.end) is not None


def is_people(name: str) -> bool:
    """Say whether a name is a word for a nation's people or language, or a continent: what others imply."""
    plain = name.casefold()
    return plain in _CONTINENTS or any(plain in (n.adjective.casefold(), n.people.casefold()) for n in NATIONS)


def folded(text: str) -> str:
    """Return a text without case and accents, with straight apostrophes."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(_GLUED.sub("", word) for word in _WORD.findall(folded(text)))


@lru_cache(maxsize=4096)
def _vocabulary(text: str) -> tuple[frozenset[str], frozenset[str], str]:
    words = _words_of(text)
    return frozenset(words), frozenset(word[:_PREFIX] for word in words), " ".join(words)


def number_of(name: str) -> tuple[frozenset[str], int] | None:
    """Return the words and the number of a name that has one: "World War II", "the Second World War"; None without."""
    words = _words_of(name)
    if len(words) < 2:
        return None
    for at, word in enumerate(words):
        rest = frozenset(w for i, w in enumerate(words) if i != at and w not in {"the", "of"})
        if word in _ROMAN and at == len(words) - 1:
            return rest, _ROMAN[word]
        if word in _ORDINALS and at in (0, len(words) - 1):
            return rest, _ORDINALS[word]
        digits = _SUFFIXED.fullmatch(word)
        if digits is not None and int(digits[1]) < 1000:
            return rest, int(digits[1])
    return None


def names_it(text: str, name: str, others: Iterable[str] = ()) -> bool:
    """Say whether a text names what a name stands for.

    Args:
        text: to be searched, with the headings that it stands under.
        name: of a claim.
        others: other names of the same thing.
    """
    return any(_names(text, one) for one in (name, *others))


def _names(text: str, name: str) -> bool:
    words, prefixes, line = _vocabulary(text)
    plain = " ".join(_words_of(name))
    padded = f" {line} "
    numbered = number_of(name)
    if numbered is not None:
        if f" {plain} " in padded:
            return True
        return any(found == numbered for found in _numbered(text))
    if f" {plain} " in padded:
        return True
    alike = _OTHER_NAMES.get(plain) or _NATIONS.get(plain)
    if alike is not None:
        return any(f" {other} " in padded for other in alike) or plain[:_PREFIX] in prefixes
    mine = [word for word in _words_of(name) if word not in _GENERIC and len(word) > 1]
    if not mine:
        return all(word[:_PREFIX] in prefixes for word in _words_of(name))
    if _initials(name) in words:
        return True
    if name.isupper() and 2 <= len(name) <= 6 and _spelled_out(name, text):
        return True
    if len(mine) > 1 and guess_gender(name) in (_Gender.MALE, _Gender.FEMALE):
        return mine[-1][:_PREFIX] in prefixes
    return any(word[:_PREFIX] in prefixes for word in mine)


@lru_cache(maxsize=4096)
def _numbered(text: str) -> tuple[tuple[frozenset[str], int], ...]:
    lines = text.split("\n")
    return tuple(found for line in lines for name in find_names(line) if (found := number_of(name.text)) is not None)


def _initials(name: str) -> str:
    parts = [word for word in _words_of(name) if word not in {"the", "of", "and", "for"}]
    return "".join(word[0] for word in parts) if len(parts) > 1 else "\0"


def _spelled_out(acronym: str, text: str) -> bool:
    return any(_initials(name.text).startswith(acronym.casefold()) for name in find_names(text))
