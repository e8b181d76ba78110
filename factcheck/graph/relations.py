"""Words of a claim to properties of the graph.

A property is spoken of by its labels, its other labels, the words of its template, its inverse's words, and by the
frames of `factcheck.graph.frames`. Words are compared as stems; the longest phrase wins. That no property fits is an
answer: the list is empty then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from factcheck.graph.frames import CAPITALS, OF_CAPITALS, bare_name, frames_of
from factcheck.graph.names import NameToken, name_tokens
from factcheck.graph.schema import TYPE_RELATION, Name, PropertyInfo, Schema
from factcheck.graph.vocabulary import phrase_from_iri
from factcheck.types import RelationMatch, Span

LABEL, ALIAS, FRAME, PREPOSITION = 1.0, 0.95, 0.9, 0.5
_OVERLAP = 0.7
_MAX_PHRASE = 8

PREPOSITIONS = frozenset(
    {"of", "in", "on", "at", "by", "to", "from", "with", "for", "into", "through", "as", "around", "within"}
)
_MERE_ENDS = PREPOSITIONS - {"by"}
LIGHT = frozenset(
    {"a", "an", "the", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "does", "did", "do"}
    | {"which", "that", "who", "it", "its", "also", "s"}
)
_IRREGULAR = {
    "wrote": "write", "written": "write", "writes": "write", "won": "win", "wins": "win", "led": "lead", "took": "take",
    "taken": "take", "built": "build", "made": "make", "ran": "run", "stood": "stand", "began": "begin", "gave": "give",
    "given": "give", "spoken": "speak", "spoke": "speak", "went": "go", "goes": "go", "held": "hold", "lay": "lie",
    "lies": "lie", "died": "die", "dies": "die", "founded": "founded", "founding": "founded", "found": "found",
    "authored": "authored", "children": "child", "wives": "wife", "bought": "buy", "became": "become", "as": "as",
    "his": "his", "us": "us", "its": "its", "neighbour": "neighbor", "neighbours": "neighbor",
    "kilometres": "kilometer", "use": "use", "uses": "use", "used": "use", "neighbouring": "neighbor",
    "cannot": "can", "cant": "can",
    "metres": "meter", "centre": "center", "born": "born", "species": "species", "series": "series",
}  # fmt: skip
_DENIAL = re.compile(r"(?:\b(?:does|do|is|has)\s+)?\b(?:not|never)\b\s*|(?<=\bcan)not\b", re.I)
_SLOT = re.compile(r"\{(subject|object)\}")


@lru_cache(65_536)
def stem(token: str) -> str:
    """Return a crude stem: enough to bring the forms of a verb or noun together, and no more."""
    if token in _IRREGULAR:
        return _IRREGULAR[token]
    if not token.isascii() or len(token) < 4:
        return token
    if token.endswith("ies"):
        token = token[:-3] + "y"
    elif token.endswith("s") and not token.endswith("ss"):
        token = token[:-1]
    for ending in ("ment", "ing", "ed", "ion"):
        if ending == "ion" and len(token) < 8:
            continue
        if token.endswith(ending) and len(token) - len(ending) >= 3:
            token = token[: -len(ending)]
            if token[-1] == token[-2] and token[-1] not in "sl":
                token = token[:-1]
            break
    token = token.removesuffix("e")
    return token[:-1] + "i" if token.endswith("y") and len(token) > 3 else token


_GENERIC_WORDS = (
    "date place name number year time total id code identifier location title metre meter kilometer feet foot minute "
    "second hour type size count"
)
_GENERIC = frozenset(stem(word) for word in _GENERIC_WORDS.split())
"""What labels say beyond what sentences do: "date of retirement" is spoken of by "retired on"."""


def is_light(token: str) -> bool:
    """Say whether a word carries no meaning of its own between a subject and its property."""
    return token in LIGHT or (token.endswith("ly") and len(token) > 5)


def stems_of(text: str) -> tuple[str, ...]:
    """Return the stems of a phrase without light words."""
    return tuple(stem(token.text) for token in name_tokens(text) if not is_light(token.text))


_Found: TypeAlias = dict[tuple[str, bool, int, int], RelationMatch]


class _Phrase(NamedTuple):
    """Words of a property; `where`: only in a sentence with "where", which takes the place of their preposition."""

    term: str
    inverted: bool
    weight: float
    where: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    first: int
    last: int
    gap: bool
    phrase: _Phrase


class RelationMatcher:
    """Finds which properties a claim speaks of."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._phrases: dict[tuple[str, ...], list[_Phrase]] = {}
        self._bags: list[tuple[frozenset[str], _Phrase]] = []
        self._bag_index: dict[str, list[int]] = {}
        self._classes: dict[tuple[str, ...], list[str]] = {}
        for term in sorted(schema.properties):
            self.learn(schema.properties[term])
        if stems_of(OF_CAPITALS[0]) not in self._phrases:
            self._learn_capitals()
        for term, info in sorted(schema.classes.items()):
            for name in (*info.labels, *info.aliases) or (Name(info.label(), ""),):
                self._classes.setdefault(stems_of(name.text), []).append(term)

    # -------------------------------------------------------------------------------------------------------- lexicon

    def learn(self, info: PropertyInfo) -> None:
        """Add the phrases of a property that statements use."""
        target = self._stored(info.term)
        if target is None:
            return
        term, flipped = target
        names = [Name(info.label(), "")] if not info.labels else info.labels
        for name in names:
            self._add(name.text, _Phrase(term, flipped, LABEL))
        for name in info.aliases:
            self._add(name.text, _Phrase(term, flipped, ALIAS))
        for template in info.templates:
            for text, inverted in _template_phrases(template.text):
                self._add(text, _Phrase(term, flipped != inverted, ALIAS))
        known = frozenset(n.text.lower() for n in (*names, *info.aliases)) | {
            phrase_from_iri(info.term.strip("<>")).lower()
        }
        for frame in frames_of(known | {bare_name(name) for name in known}):
            for text in frame.forward:
                self._add(text, _Phrase(term, flipped, FRAME))
            for text in frame.inverse:
                self._add(text, _Phrase(term, not flipped, FRAME))
        for name in (*names, *info.aliases):
            verb = name.text.lower().split()
            if len(verb) == 2 and verb[1] == "by" and verb[0].endswith("ed"):
                self._add(verb[0], _Phrase(term, not flipped, FRAME))  # owned by: who owns stands before
            affirmed = _DENIAL.sub("", name.text)
            if affirmed != name.text:
                self._add(affirmed, _Phrase(term, flipped, FRAME))  # cannot: what is said to be able
        for name in names:
            self._add_bag(name.text, _Phrase(term, flipped, _OVERLAP))

    def _learn_capitals(self) -> None:
        for term, info in sorted(self._schema.properties.items()):
            target = self._stored(term)
            if target is not None and bare_name(info.label()) in CAPITALS:
                for text in OF_CAPITALS:
                    self._add(text, _Phrase(target[0], not target[1], FRAME))

    def _stored(self, term: str) -> tuple[str, bool] | None:
        """Return the property that the statements use, and whether it is the inverse of the one asked for."""
        if any(self._schema.properties[t].statements for t in self._schema.subs(term) if t in self._schema.properties):
            return term, False
        for other in sorted(self._schema.inverses(term)):
            below = self._schema.subs(other)
            if any(self._schema.properties[t].statements for t in below if t in self._schema.properties):
                return other, True
        return None

    def _add(self, text: str, phrase: _Phrase) -> None:
        if "…" in text or "..." in text:
            return
        key = stems_of(text)
        if not key or len(key) > _MAX_PHRASE:
            return
        if len(key) == 1 and key[0] in PREPOSITIONS:
            phrase = phrase._replace(weight=PREPOSITION)
        if len(key) == 2 and key[1] in ("in", "at") and key[0] not in PREPOSITIONS:
            self._phrases.setdefault(key[:1], []).append(phrase._replace(where=True))  # "the city where S was born"
        entries = self._phrases.setdefault(key, [])
        for i, known in enumerate(entries):
            if (known.term, known.inverted, known.where) == (phrase.term, phrase.inverted, phrase.where):
                if known.weight < phrase.weight:
                    entries[i] = phrase
                return
        entries.append(phrase)

    def _add_bag(self, text: str, phrase: _Phrase) -> None:
        """Learn a label as a set of words, for claims that use them apart; words such as "date" may be missing."""
        words = frozenset(stems_of(text)) - PREPOSITIONS
        bag = words - _GENERIC
        if len(bag) < 2 and len(words) == len(bag):
            return  # one word is a phrase, and was learnt as one
        if bag:
            self._bags.append((bag, phrase))
            for word in bag:
                self._bag_index.setdefault(word, []).append(len(self._bags) - 1)

    # ------------------------------------------------------------------------------------------------------- matching

    def match(self, text: str, mentions: Iterable[Span]) -> tuple[RelationMatch, ...]:
        """Return the properties that the words between the names speak of, best first.

        Args:
            text: the claim.
            mentions: where its names stand; their words speak of no property.
        """
        spans = list(mentions)
        tokens, barriers = _between_names(text, spans)
        stems = [stem(token.text) for token in tokens]
        where = re.search(r"\b(?:where|in which)\b", text, re.I) is not None
        hits = [hit for hit in self._hits(stems, barriers) if where or not hit.phrase.where]
        hits = _longest(hits, stems)
        found: _Found = {}
        for hit in hits:
            span = Span(start=tokens[hit.first].start, end=tokens[hit.last - 1].end)
            self._keep(found, hit.phrase, span, hit.phrase.weight - (0.02 if hit.gap else 0.0))
        for phrase, span in self._with_names(text, spans):
            self._keep(found, phrase, span, phrase.weight)
        for phrase, span, score in self._by_overlap(stems, tokens):
            self._keep(found, phrase, span, score)
        matches = [match for match in found.values() if match.score > PREPOSITION] or list(found.values())
        return tuple(sorted(matches, key=lambda m: (-m.score, m.span.start if m.span else 0, m.relation.term)))

    def _keep(self, found: _Found, phrase: _Phrase, span: Span, score: float) -> None:
        """Keep the match, unless the same property is already spoken of by words around these."""
        same = [key for key in found if key[:2] == (phrase.term, phrase.inverted)]
        if any(Span(start=key[2], end=key[3]).contains(span) and found[key].score >= score for key in same):
            return
        found[phrase.term, phrase.inverted, span.start, span.end] = RelationMatch(
            relation=self._schema.relation(phrase.term), span=span, inverted=phrase.inverted, score=score
        )

    def _hits(self, stems: Sequence[str], barriers: Sequence[int]) -> Iterator[_Hit]:
        for first in range(len(stems)):
            for last in range(first + 1, min(first + _MAX_PHRASE, len(stems)) + 1):
                gap = barriers[last - 1] != barriers[first]
                if gap and (stems[last - 1] not in PREPOSITIONS or barriers[last - 2] != barriers[first]):
                    break
                for phrase in self._phrases.get(tuple(stems[first:last]), ()):
                    yield _Hit(first, last, gap, phrase)

    def _with_names(self, text: str, names: Sequence[Span]) -> Iterator[tuple[_Phrase, Span]]:
        """Yield phrases that have a name in them: "planet from the Sun"."""
        tokens = [token for token in name_tokens(text) if not is_light(token.text)]
        stems = [stem(token.text) for token in tokens]
        for first in range(len(stems)):
            for last in range(min(first + _MAX_PHRASE, len(stems)), first + 1, -1):
                span = Span(start=tokens[first].start, end=tokens[last - 1].end)
                within = [name for name in names if span.contains(name)]
                if within and len(within) < len(names) and not any(name.contains(span) for name in names):
                    phrases = self._phrases.get(tuple(stems[first:last]), ())
                    yield from ((phrase, span) for phrase in phrases if not phrase.where)

    def _by_overlap(self, stems: Sequence[str], tokens: Sequence[NameToken]) -> Iterator[tuple[_Phrase, Span, float]]:
        places: dict[str, int] = {}
        for i, word in enumerate(stems):
            places.setdefault(word, i)
        numbers = {number for word in places for number in self._bag_index.get(word, ())}
        for number in sorted(numbers):
            bag, phrase = self._bags[number]
            shared = [places[word] for word in bag if word in places]
            share = len(shared) / len(bag)
            if share == 1.0 or (share >= 0.66 and len(shared) >= 2):
                yield (
                    phrase,
                    Span(start=tokens[min(shared)].start, end=tokens[max(shared)].end),
                    phrase.weight * share,
                )

    # --------------------------------------------------------------------------------------------------------- classes

    def classes(self, text: str, mentions: Iterable[Span]) -> list[tuple[str, RelationMatch]]:
        """Return the classes that something is said to belong to ("… is a rocky planet"), the longest name only.

        Returns:
            The class's term and a match of `rdf:type` whose span is the class's name.
        """
        spans = list(mentions)
        tokens = [t for t in name_tokens(text) if not any(s.start <= t.start < s.end for s in spans)]
        found: list[tuple[str, RelationMatch]] = []
        for first in range(len(tokens)):
            if not _opens_class(text, tokens[first].start):
                continue
            for last in range(min(first + 5, len(tokens)), first, -1):
                span = Span(start=tokens[first].start, end=tokens[last - 1].end)
                if any(span.overlaps(mention) for mention in spans) or not _closes_class(text, span.end):
                    continue
                terms = self._classes.get(tuple(stem(t.text) for t in tokens[first:last]))
                if terms:
                    match = RelationMatch(relation=TYPE_RELATION, span=span, inverted=False, score=LABEL)
                    found.extend((term, match) for term in terms)
                    break
        return found


def _between_names(text: str, names: Sequence[Span]) -> tuple[list[NameToken], list[int]]:
    """Return the words that are no names and not light, and how many names stand before each."""
    tokens: list[NameToken] = []
    barriers: list[int] = []
    at = 0
    for token in name_tokens(text):
        while at < len(names) and names[at].end <= token.start:
            at += 1
        inside = at < len(names) and names[at].start <= token.start < names[at].end
        if not inside and not is_light(token.text):
            tokens.append(token)
            barriers.append(at)
    return tokens, barriers


def _longest(hits: list[_Hit], stems: Sequence[str]) -> list[_Hit]:
    """Drop what lies within a longer phrase, unless the longer one merely adds a preposition's end or has a gap."""
    kept = []
    for hit in hits:
        within = any(
            other.first <= hit.first
            and hit.last <= other.last
            and other.last - other.first > hit.last - hit.first
            and not other.gap
            and not (other.first == hit.first and other.last - hit.last == 1 and stems[hit.last] in _MERE_ENDS)
            for other in hits
        )
        if not within:
            kept.append(hit)
    return kept


def _template_phrases(template: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of a template, and whether they read from the object to the subject."""
    parts = _SLOT.split(template)
    if len(parts) != 5 or parts[1] == parts[3]:
        return
    lead, first, middle = parts[0].strip(), parts[1], parts[2].strip()
    inverted = first == "object"
    if stems_of(middle):
        yield middle, inverted
    content = [word for word in stems_of(lead) if word not in PREPOSITIONS]
    if content and lead.split()[-1:] == ["of"]:
        # "The capital of {subject} is …": the words before "of" name the property of what follows.
        yield lead.rsplit(" ", 1)[0], inverted


_CLASS_BEFORE = re.compile(
    r"(?:\b(?:is|are|was|were|be)(?:n['’]t)?\s+(?:not\s+|also\s+|indeed\s+)?(?:an?\s+)|是(?:一\w)?)$|\b(?:are|were)\s+$",
    re.I,
)
_CLASS_AFTER = re.compile(
    r"\s*(?:$|[.,;:!?。，；！？)）]|(?:of|in|on|that|which|who|with|and|from|near|by|located|orbiting)\b)", re.I
)


def _opens_class(text: str, at: int) -> bool:
    return _CLASS_BEFORE.search(text[max(0, at - 40) : at]) is not None


def _closes_class(text: str, at: int) -> bool:
    return _CLASS_AFTER.match(text[at : at + 40]) is not None
