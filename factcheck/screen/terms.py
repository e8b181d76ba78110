"""Term lists with word boundaries, in any script.

A list is a text file: one term a line, `#` begins a comment, `[category]` names what follows; before the first such
line the category is the file's name. A term that ends in `*` also matches words that begin with it.

Terms and texts are compared without case, width, Latin accents and characters that show nothing, and white space or a
hyphen in a term is any of both in a text. A term is found as whole words only ("Scunthorpe" holds no other word), save
in scripts that put no spaces between words, where it is found wherever it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from factcheck.errors import InputError
from factcheck.screen.findings import Finding, Source
from factcheck.text.tokens import CJK
from factcheck.types import Span

# Ideographs, kana, Thai, Lao, Burmese, Khmer, Tibetan: words stand side by side.
_UNSPACED = re.compile(f"[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff{CJK}]")
_INVISIBLE = frozenset("\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff")
_GAP = re.compile(r"[\s\-‐-―_]+")
_SECTION = re.compile(r"\[([^\[\]]+)\]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermList:
    """Terms of one category."""

    category: str
    terms: tuple[str, ...]


class TermMatcher:
    """Finds the terms of several lists in one pass over a text."""

    def __init__(self, lists: Sequence[TermList]) -> None:
        self._categories: dict[str, list[str]] = {}
        prefixes: dict[str, list[str]] = {}
        for one in lists:
            for term in one.terms:
                stem = term.rstrip("*")
                key = _GAP.sub(" ", fold(stem)[0]).strip()
                if not key:
                    continue
                into = prefixes if term.endswith("*") else self._categories
                if one.category not in into.setdefault(key, []):
                    into[key].append(one.category)
        self._prefixes = prefixes
        self._pattern = _compile(self._categories, prefixes)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield what is found, by place."""
        if self._pattern is None:
            return
        folded, places = fold(text)
        for match in self._pattern.finditer(folded):
            said = _GAP.sub(" ", match.group())
            categories = self._categories.get(said) or self._prefix(said)
            span = Span(start=places[match.start()], end=places[match.end() - 1] + 1)
            for category in categories:
                yield Finding(category=category, source=Source.TERMS, span=_whole(text, span))

    def _prefix(self, said: str) -> list[str]:
        found = [key for key in self._prefixes if said.startswith(key)]
        return self._prefixes[max(found, key=len)] if found else []


def read_terms(path: Path) -> list[TermList]:
    """Read a file of terms.

    Raises:
        InputError: it cannot be read, is not UTF-8, or a line is longer than any term can be.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path) from error
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8", where=path, remedy="convert it to UTF-8") from error
    category = path.stem
    found: dict[str, list[str]] = {}
    for number, line in enumerate(lines, 1):
        term = line.split("#", 1)[0].strip()
        section = _SECTION.match(term)
        if section:
            category = section[1].strip()
        elif len(term) > 200:
            raise InputError("is too long for a term", where=f"{path}, line {number}", remedy="write one term a line")
        elif term:
            found.setdefault(category, []).append(term)
    return [TermList(category=name, terms=tuple(terms)) for name, terms in found.items()]


def fold(text: str) -> tuple[str, list[int]]:
    """Return the text as it is compared, and for each of its characters where it stands in the original."""
    pieces: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        if character in _INVISIBLE:
            continue
        plain = character.lower() if character.isascii() else _plain(character)
        pieces.append(plain)
        places.extend([at] * len(plain))
    return "".join(pieces), places


def _plain(character: str) -> str:
    decomposed = unicodedata.normalize("NFKD", character.casefold())
    return "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f").casefold()


def _whole(text: str, span: Span) -> Span:
    """Take accents that stand behind the last letter into a span."""
    end = span.end
    while end < len(text) and ("\u0300" <= text[end] <= "\u036f" or text[end] in _INVISIBLE):
        end += 1
    return Span(start=span.start, end=end)


def _compile(exact: Iterable[str], prefixes: Iterable[str]) -> re.Pattern[str] | None:
    """Return one pattern for all terms: a trie, so that ten thousand of them cost no more than what they share."""
    branches = [*((key, False) for key in exact), *((key, True) for key in prefixes)]
    if not branches:
        return None
    groups: dict[tuple[bool, bool, bool], list[str]] = {}
    for key, prefix in branches:
        groups.setdefault((_bounded(key[0]), not prefix and _bounded(key[-1]), prefix), []).append(key)
    parts = []
    for (before, after, prefix), keys in sorted(groups.items(), reverse=True):
        body = _trie(keys)
        parts.append((r"(?<!\w)" if before else "") + body + (r"\w*" if prefix else r"(?!\w)" if after else ""))
    return re.compile("|".join(parts))


def _bounded(character: str) -> bool:
    return (character.isalnum() or character == "_") and _UNSPACED.match(character) is None


def _trie(keys: Sequence[str]) -> str:
    """Return a pattern that matches any of the keys, the longest first."""
    ends = "" in keys
    heads: dict[str, list[str]] = {}
    for key in keys:
        if key:
            heads.setdefault(key[0], []).append(key[1:])
    branches = []
    for head, tails in sorted(heads.items()):
        common = _common(tails)
        rest = _trie([tail[len(common) :] for tail in tails])
        branches.append("".join(_letter(c) for c in head + common) + rest)
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and not ends else "(?:" + "|".join(branches) + ")"
    return body + "?" if ends else body


def _common(tails: Sequence[str]) -> str:
    first, last = min(tails), max(tails)
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]


def _letter(character: str) -> str:
    return r"[\s\-‐-―_]+" if character == " " else re.escape(character)
