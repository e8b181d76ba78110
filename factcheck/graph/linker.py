"""Names in a claim to entities of the graph.

Longest match by tokens, from left to right; case, width, accents and script do not matter, possessives and plurals are
looked through. A name that several entities bear comes back with all of them: who picks one needs a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from factcheck.graph.abbreviations import OTHER_FORMS, SHORT_FORMS
from factcheck.graph.names import ARTICLES, NameToken, is_function_word, key_of, name_tokens, singulars
from factcheck.graph.romanise import canonical
from factcheck.graph.spelling import MIN_LETTERS, is_spelt
from factcheck.graph.store import GraphStore
from factcheck.graph.table import ALIAS, CAPITALISED, DERIVED, INITIALS, Named
from factcheck.types import Entity, Mention, Span

MAX_TOKENS = 12
"""Longest name that is looked for, in tokens."""
MAX_CLAIM_TOKENS = 4000
"""Beyond it the rest of a claim is not searched for names."""
MAX_CANDIDATES = 256
"""An ambiguous name is reported with up to so many entities."""


_COMPANION_WORDS = """
sir dr mr mrs ms lord lady saint st king queen emperor empress president chancellor minister prime general captain
professor pope prince princess duke count sultan mount mt lake river city town country planet element island sea ocean
mountain mountains republic kingdom state states province desert peak war treaty battle physicist chemist scientist
writer author inventor novelist poet explorer mathematician philosopher astronomer engineer novel book the a an
"""
_COMPANIONS = frozenset(_COMPANION_WORDS.split())
"""Words that may stand with a capital beside a name without making another name of it."""
_FOLLOWERS = frozenset({"river", "ocean", "sea", "mountains", "desert"})
"""Words that may follow: the Amazon River is the Amazon, but Kansas City is not Kansas."""
_OPENER_WORDS = (
    "however today tomorrow yesterday moreover furthermore thus indeed yes no also meanwhile overall instead"
)
_OPENERS = frozenset(_OPENER_WORDS.split())
_PLACES = frozenset({"city", "town", "village", "municipality", "island", "state"})
_JOINTS = frozenset({"in", "of", "at"})
_MAX_MISSPELT = 8
"""So many words of a claim are taken for misspelt names."""


@dataclass(frozen=True, slots=True)
class _Match:
    first: int
    last: int
    rows: tuple[Named, ...]
    exact: bool = True


class Linker:
    """Finds names in claims."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store

    def link(self, text: str, taken: Iterable[Span] = (), *, misspelt: bool = True) -> tuple[Mention, ...]:
        """Return the names in the text, in its order, that do not overlap.

        Args:
            text: the claim.
            taken: parts of the text that are something else, such as a date; a name may hold one, but not be one.
            misspelt: also look for names that are spelt wrongly.
        """
        blocked = list(taken)
        tokens = name_tokens(text)[:MAX_CLAIM_TOKENS]
        lower = not any(c.isupper() for c in text)
        matches = self._longest(text, tokens, blocked, lower=lower)
        if not text.isupper():
            whole = {at: match for match in matches for at in range(match.first, match.last)}
            matches = [match for match in matches if not _within_a_longer_name(text, tokens, match, whole)]
        if misspelt:
            matches = self._with_misspelt(text, tokens, matches, blocked, lower=lower)
        return tuple(self._mention(text, tokens, match) for match in matches)

    def _longest(self, text: str, tokens: Sequence[NameToken], blocked: Sequence[Span], *, lower: bool) -> list[_Match]:
        words = [token.text for token in tokens]
        places: list[tuple[int, int]] = []
        keys: list[str] = []
        respelt: set[str] = set()
        for first in range(len(words)):
            key = ""
            for last in range(first + 1, min(first + MAX_TOKENS, len(words)) + 1):
                key = f"{key} {words[last - 1]}" if key else words[first]
                places.append((first, last))
                keys.append(key)
                if key in OTHER_FORMS:
                    places.extend((first, last) for _ in OTHER_FORMS[key])
                    keys.extend(OTHER_FORMS[key])
                common = canonical(key)
                if common is not None:
                    places.append((first, last))
                    keys.append(common)
                    respelt.add(common)
                if words[last - 1] in _JOINTS and last < len(words) and last - first > 1:
                    # "Angola in Indiana" is what others call "Angola, Indiana".
                    places.append((first, last + 1))
                    keys.append(f"{key[: -len(words[last - 1]) - 1]} {words[last]}")
        found: dict[int, _Match] = {}
        for (first, last), key, rows in zip(places, keys, self._store.names.find(keys), strict=True):
            if not rows or (first in found and found[first].last >= last):
                continue
            # Of one spelling that stands for several, all are meant, however the graph spells them.
            usable = self._usable(text, tokens[first:last], key, rows, lower=lower, derived=key in respelt)
            place = Span(start=tokens[first].start, end=tokens[last - 1].end)
            if usable and last - first > 2 and self._is_kind(text, tokens, first, last):
                continue
            if usable and not any(span.contains(place) for span in blocked):
                found[first] = _Match(first, last, usable)  # longer ones come later and win
        plurals = self._plurals(text, tokens, lower=lower)
        for first, match in plurals.items():
            if first not in found or found[first].last < match.last:
                found[first] = match
        chosen: list[_Match] = []
        at = 0
        for first in sorted(found):
            if first >= at and not self._swallowed(found, first):
                chosen.append(found[first])
                at = found[first].last
        return chosen

    def _is_kind(self, text: str, tokens: Sequence[NameToken], first: int, last: int) -> bool:
        """Say whether "city of" is what a name is, not part of it: in lower case, before a name of its own."""
        kind, of = tokens[first], tokens[first + 1]
        if of.text != "of" or kind.text not in _PLACES or not text[kind.start].islower():
            return False
        return bool(self._store.names.find([" ".join(token.text for token in tokens[first + 2 : last])])[0])

    @staticmethod
    def _swallowed(found: dict[int, _Match], first: int) -> bool:
        """Say whether a name that starts inside this one is longer: "New York Times" over "in New York"."""
        match = found[first]
        length = match.last - match.first
        return any(
            inner in found and found[inner].last > match.last and found[inner].last - inner > length
            for inner in range(first + 1, match.last)
        )

    def _plurals(self, text: str, tokens: Sequence[NameToken], *, lower: bool) -> dict[int, _Match]:
        places: list[tuple[int, int]] = []
        keys: list[str] = []
        for last in range(len(tokens)):
            for singular in singulars(tokens[last].text):
                for first in range(max(0, last - 3), last + 1):
                    places.append((first, last + 1))
                    keys.append(" ".join([*(t.text for t in tokens[first:last]), singular]))
        found: dict[int, _Match] = {}
        for (first, last), key, rows in zip(places, keys, self._store.names.find(keys), strict=True):
            usable = self._usable(text, tokens[first:last], key, rows, lower=lower) if rows else ()
            if usable and (first not in found or last > found[first].last):
                found[first] = _Match(first, last, usable)
        return found

    # ------------------------------------------------------------------------------------------------- misspelt names

    def _with_misspelt(
        self, text: str, tokens: Sequence[NameToken], exact: list[_Match], blocked: Sequence[Span], *, lower: bool
    ) -> list[_Match]:
        """Add names of which one word is spelt wrongly; they give way to names that are as long and spelt right."""
        covered = {at: match for match in exact for at in range(match.first, match.last)}
        runs = [_is_nameable(text, token, lower=lower) for token in tokens]
        places: list[tuple[int, int]] = []
        keys: list[str] = []
        tried = 0
        for at, token in enumerate(tokens):
            word = token.text
            alone = not (at and runs[at - 1]) and not (at + 1 < len(runs) and runs[at + 1])
            if not runs[at] or not is_spelt(word) or at in covered or is_function_word(word):
                continue
            known = self._store.spelling.knows(word)
            if (known and alone) or tried >= _MAX_MISSPELT:
                continue
            tried += 1
            first, last = _run_around(tokens, runs, at)
            for correction in self._store.spelling.corrections(word):
                for start in range(max(first, at - MAX_TOKENS + 1), at + 1):
                    for end in range(at + 1, min(last, start + MAX_TOKENS) + 1):
                        if end - start > 1 or (not known and len(word) > MIN_LETTERS):
                            words = [t.text for t in tokens[start:at]], [t.text for t in tokens[at + 1 : end]]
                            places.append((start, end))
                            keys.append(" ".join((*words[0], correction, *words[1])))
        found: list[_Match] = []
        for (first, last), key, rows in zip(places, keys, self._store.names.find(keys), strict=True):
            usable = self._usable(text, tokens[first:last], key, rows, lower=lower) if rows else ()
            place = Span(start=tokens[first].start, end=tokens[last - 1].end)
            stated = any(not row.flags & DERIVED for row in usable)
            if usable and (stated or last - first > 1) and not any(span.overlaps(place) for span in blocked):
                found.append(_Match(first, last, usable, exact=False))
        chosen = list(exact)
        for match in sorted(found, key=lambda m: (m.first - m.last, m.first)):
            beside = [other for other in chosen if other.first < match.last and match.first < other.last]
            if all(match.first <= other.first and other.last <= match.last for other in beside if other.exact) and all(
                other.exact for other in beside
            ):
                chosen = [other for other in chosen if other not in beside] + [match]
        return sorted(chosen, key=lambda match: match.first)

    @staticmethod
    def _usable(
        text: str, tokens: Sequence[NameToken], key: str, rows: Sequence[Named], *, lower: bool, derived: bool = False
    ) -> tuple[Named, ...]:
        surface = text[tokens[0].start : tokens[-1].end]
        if not surface.isupper():
            rows = [row for row in rows if not row.flags & INITIALS]
            if key in SHORT_FORMS or (tokens[0].text in SHORT_FORMS and len(tokens) == 1):
                return ()
        if len(tokens) == 1:
            shouting = len(surface) > 1 and surface.isupper()
            if is_function_word(key) and not shouting:
                return ()
        if len(tokens) > 1 and tokens[0].text in ARTICLES and is_function_word(key.partition(" ")[2]):
            return ()
        capital = next((c for c in surface if c.isalpha()), "")
        if capital.islower() and not lower and not any(c.isupper() for c in surface):
            # A lower-case word is not the name of a film that is spelt as a common word.
            rows = [row for row in rows if not row.flags & CAPITALISED]
        stated = tuple(row for row in rows if derived or not row.flags & DERIVED)
        return stated or tuple(rows)

    def _mention(self, text: str, tokens: Sequence[NameToken], match: _Match) -> Mention:
        span = Span(start=tokens[match.first].start, end=tokens[match.last - 1].end)
        surface = span.of(text)
        if "(" in surface and ")" not in surface and text[span.end : span.end + 1] == ")":
            span = Span(start=span.start, end=span.end + 1)  # "Albany (Georgia)" is called "Albany, Georgia"
        entities: dict[str, Entity] = {}
        for row in sorted(match.rows, key=lambda row: self._rank(surface, row))[:MAX_CANDIDATES]:
            term, label = self._store.names.entity(row.entity)
            rest = label[len(surface) :]
            if 0 < len(rest) <= 2 and label.startswith(surface) and text.startswith(rest, span.end):
                span = Span(start=span.start, end=span.end + len(rest))  # Washington D.C., Saint John's
            term = self._store.schema.canonical(term)
            if term not in entities:
                entities[term] = self._store.entity(term)
        return Mention(span=span, entities=tuple(entities.values()), exact=match.exact)

    def _rank(self, surface: str, row: Named) -> tuple[bool, bool, int, int]:
        _, label = self._store.names.entity(row.entity)
        return (
            label != surface,
            bool(row.flags & ALIAS),
            -self._store.names.degree(row.entity),
            row.entity,
        )


def _is_nameable(text: str, token: NameToken, *, lower: bool) -> bool:
    """Say whether a word could belong to a name: by its capital, or as a number; in a claim without capitals, any."""
    return lower or text[token.start].isupper() or text[token.start].isdigit()


def _run_around(tokens: Sequence[NameToken], runs: Sequence[bool], at: int) -> tuple[int, int]:
    """Return the stretch of words around one that could be one name, small words between capitals included."""
    first, last = at, at + 1
    while first > 0 and (runs[first - 1] or (is_function_word(tokens[first - 1].text) and at - first < 3)):
        first -= 1
    while last < len(tokens) and (runs[last] or (is_function_word(tokens[last].text) and last - at < 4)):
        last += 1
    return first, last


def _within_a_longer_name(text: str, tokens: Sequence[NameToken], match: _Match, whole: Mapping[int, _Match]) -> bool:
    """Say whether the name is but a part of one that the graph does not know: Kristen Bell is not Bell."""
    for at, step in ((match.first - 1, -1), (match.last, 1)):
        if not 0 <= at < len(tokens):
            continue
        beside = tokens[at]
        edge = tokens[match.first] if step < 0 else tokens[match.last - 1]
        gap = text[beside.end : edge.start] if step < 0 else text[edge.end : beside.start]
        surface = text[beside.start : beside.end]
        harmless = beside.text in (_COMPANIONS if step < 0 else _FOLLOWERS) or is_function_word(beside.text)
        capital = surface[:1].isupper() and not harmless
        if gap == "-":
            return True
        if not capital or at in whole:
            continue
        opens = at == 0 and (beside.text.endswith("ly") or beside.text in _OPENERS)
        if gap == " " or (step < 0 and re.fullmatch(r"\. ", gap) and len(surface) == 1):
            return not opens
        if gap == ", " and step < 0 and not opens and (at == 0 or not text[: beside.start].rstrip().endswith(",")):
            return True
    return False


def entities_named(store: GraphStore, name: str) -> list[Entity]:
    """Return the entities that bear exactly this name, the one spelt likewise and with most statements first."""
    key = key_of(name)
    if key is None:
        return []
    rows = store.names.find([key])[0]
    stated = [row for row in rows if not row.flags & DERIVED] or rows
    ordered = sorted(
        stated,
        key=lambda row: (store.names.entity(row.entity)[1] != name, -store.names.degree(row.entity), row.entity),
    )
    terms = dict.fromkeys(store.schema.canonical(store.names.entity(row.entity)[0]) for row in ordered)
    return [store.entity(term) for term in terms]
