"""What an ontology, or the data where it is silent, says of properties and classes.

Everything is read once, when a graph is built, and kept as JSON; closures are taken over cycles without hanging. A
property inherits being functional from the properties above it, and its inverse mirrors it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from factcheck.errors import IntegrityError
from factcheck.graph.frames import CAPITALS, PLACES, SEVERAL, bare_name
from factcheck.graph.vocabulary import TYPE, phrase_from_iri
from factcheck.types import Relation

MIN_SUPPORT = 3
"""A property needs so many subjects before anything is read off its data."""
MIN_LITERAL_SUPPORT = 2
"""The same where all values are numbers, dates or codes: few things have two heights."""
MIN_FLAT_SUPPORT = 20
"""The same of a property that tells where things are: few of them could be of one level by chance."""
MIN_SINGLE_SHARE = 0.95
"""A property counts as functional from the data when at least this share of its subjects has one value."""

TYPE_RELATION = Relation(term=f"<{TYPE}>", label="is a")
"""What membership in a class looks like as a relation."""


class Name(msgspec.Struct, frozen=True, array_like=True):
    """A name with its language tag, which may be empty."""

    text: str
    language: str


class PropertyInfo(msgspec.Struct, kw_only=True):
    """A property as stated; `Schema.relation` adds what follows."""

    term: str
    labels: list[Name] = []
    aliases: list[Name] = []
    templates: list[Name] = []
    functional: bool = False
    inverse_functional: bool = False
    symmetric: bool = False
    transitive: bool = False
    closed: bool = False
    several: bool = False
    unit: str | None = None
    inverses: list[str] = []
    supers: list[str] = []
    domain: list[str] = []
    range: list[str] = []
    statements: int = 0
    subjects: int = 0
    single: int = 0
    literals: int = 0
    datatypes: dict[str, int] = {}
    flat: bool = False

    @property
    def single_share(self) -> float:
        """Share of the subjects that have one value."""
        return self.single / self.subjects if self.subjects else 0.0

    def label(self, language: str = "en") -> str:
        """Return the best label in a language, else any, else what the IRI says."""
        return best_name(self.labels, language) or phrase_from_iri(self.term.strip("<>"))


class ClassInfo(msgspec.Struct, kw_only=True):
    """A class as stated."""

    term: str
    labels: list[Name] = []
    aliases: list[Name] = []
    supers: list[str] = []
    disjoint: list[str] = []
    closed: bool = False

    def label(self, language: str = "en") -> str:
        """Return the best label in a language, else any, else what the IRI says."""
        return best_name(self.labels, language) or phrase_from_iri(self.term.strip("<>"))


class _Stored(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    properties: list[PropertyInfo]
    classes: list[ClassInfo]
    same: list[list[str]]
    qualified: bool = False


def best_name(names: Iterable[Name], language: str = "en") -> str | None:
    """Return the first name in a language or one of its regions, else one without a tag, else any."""
    ranked = sorted(names, key=lambda name: _distance(name.language, language))
    return ranked[0].text if ranked else None


def _distance(have: str, want: str) -> int:
    have = have.lower()
    if have == want or have.startswith(want + "-"):
        return 0
    return 1 if not have else 2 if have.startswith("en") else 3


class Schema:
    """Questions about properties, classes and equal entities, answered from memory."""

    def __init__(
        self,
        properties: Mapping[str, PropertyInfo] | None = None,
        classes: Mapping[str, ClassInfo] | None = None,
        same: Iterable[Iterable[str]] = (),
        *,
        qualified: bool = False,
    ) -> None:
        """Keep what was read.

        Args:
            properties: by their terms.
            classes: by their terms.
            same: groups of equal entities.
            qualified: whether statements are spoken of by others (reifiers, Wikidata's statement nodes).
        """
        self.qualified = qualified
        self.properties = dict(properties or {})
        self.classes = dict(classes or {})
        self._groups = [sorted(group) for group in same]
        self._group_of = {term: group for group in self._groups for term in group}

    # ------------------------------------------------------------------------------------------------------ on disk

    def encode(self) -> bytes:
        """Return the schema as JSON; equal schemas give equal bytes."""
        stored = _Stored(
            properties=[self.properties[term] for term in sorted(self.properties)],
            classes=[self.classes[term] for term in sorted(self.classes)],
            same=sorted(self._groups),
            qualified=self.qualified,
        )
        return msgspec.json.format(msgspec.json.encode(stored, order="deterministic"), indent=1) + b"\n"

    @classmethod
    def decode(cls, data: bytes, where: Path) -> Schema:
        """Read what `encode` wrote.

        Raises:
            IntegrityError: it is something else.
        """
        try:
            stored = msgspec.json.decode(data, type=_Stored)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise IntegrityError(f"is not a schema ({error})", where=where) from error
        return cls(
            {p.term: p for p in stored.properties},
            {c.term: c for c in stored.classes},
            stored.same,
            qualified=stored.qualified,
        )

    # --------------------------------------------------------------------------------------------------- properties

    def relation(self, term: str) -> Relation:
        """Return the property with everything that follows for it; an unknown one has no characteristics."""
        if term == TYPE_RELATION.term:
            return TYPE_RELATION
        cached = self._relations.get(term)
        if cached is None:
            cached = self._relations[term] = self._relation(term)
        return cached

    @cached_property
    def _relations(self) -> dict[str, Relation]:
        return {}

    def _relation(self, term: str) -> Relation:
        info = self.properties.get(term)
        if info is None:
            return Relation(term=term, label=phrase_from_iri(term.strip("<>")))
        above = [self.properties[t] for t in self.supers(term) if t in self.properties]
        mirrors = [self.properties[t] for t in self.inverses(term) if t in self.properties]
        functional = any(p.functional for p in above) or any(p.inverse_functional for p in mirrors)
        backwards = any(p.inverse_functional for p in above) or any(p.functional for p in mirrors)
        symmetric = info.symmetric or term in self.inverses(term)
        if symmetric:
            functional = backwards = functional or backwards
        derived = not functional and self._looks_functional(info)
        capital = not backwards and self._looks_like_capital(info)
        inverses = sorted(self.inverses(term) - {term})
        return Relation(
            term=term,
            label=info.label(),
            functional=functional or derived,
            inverse_functional=backwards or capital,
            symmetric=symmetric,
            transitive=info.transitive or any(p.transitive for p in mirrors),
            closed=info.closed,
            denies=_DENIES.search(info.label()) is not None,
            unit=info.unit or next((p.unit for p in above if p.unit), None) or _unit_in(info),
            inverse=inverses[0] if inverses else None,
            derived=derived or (capital and not functional),
        )

    def _looks_functional(self, info: PropertyInfo) -> bool:
        """Say whether the data show one value where the ontology says nothing.

        An ontology that calls any property functional has thought about it: then what it does not call so is not. Nor
        is what can hold several values by its name, such as a spouse, however few the graph has.
        """
        if self._declares_functional or info.symmetric or info.transitive or info.several:
            return False
        values = info.statements
        measured = values > 0 and info.literals >= MIN_SINGLE_SHARE * values
        enough = info.subjects >= (MIN_LITERAL_SUPPORT if measured else MIN_SUPPORT)
        if not enough or info.single_share < MIN_SINGLE_SHARE:
            return False
        names = _names_of(info)
        if info.flat and info.subjects >= MIN_FLAT_SUPPORT and not PLACES.isdisjoint(names):
            return True
        return names.isdisjoint(SEVERAL)

    def _looks_like_capital(self, info: PropertyInfo) -> bool:
        """Say whether a value of the property belongs to one subject by what the property is called."""
        if self._declares_functional or info.subjects < MIN_SUPPORT:
            return False
        return not CAPITALS.isdisjoint(_names_of(info))

    @cached_property
    def _declares_functional(self) -> bool:
        return any(info.functional or info.inverse_functional for info in self.properties.values())

    def add(self, info: PropertyInfo) -> None:
        """Add a property that became known later."""
        self.properties[info.term] = info
        self._relations.pop(info.term, None)

    def supers(self, term: str) -> frozenset[str]:
        """Return the property and all above it."""
        return _closure(term, lambda t: self.properties[t].supers if t in self.properties else ())

    def subs(self, term: str) -> frozenset[str]:
        """Return the property and all below it."""
        return _closure(term, lambda t: self._below.get(t, ()))

    def inverses(self, term: str) -> frozenset[str]:
        """Return the properties that say the same the other way round."""
        return frozenset(self._inverse_of.get(term, ()))

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        below: dict[str, list[str]] = {}
        for info in self.properties.values():
            for above in info.supers:
                below.setdefault(above, []).append(info.term)
        return below

    @cached_property
    def _inverse_of(self) -> dict[str, set[str]]:
        inverse: dict[str, set[str]] = {}
        for info in self.properties.values():
            for other in info.inverses:
                inverse.setdefault(info.term, set()).add(other)
                inverse.setdefault(other, set()).add(info.term)
            if info.symmetric:
                inverse.setdefault(info.term, set()).add(info.term)
        return inverse

    def domain(self, term: str) -> frozenset[str]:
        """Return the classes that subjects of the property belong to, by its own statement or its inverse's."""
        return self._side(term, "domain", "range")

    def range(self, term: str) -> frozenset[str]:
        """Return the classes that its values belong to; datatypes of literals among them."""
        return self._side(term, "range", "domain")

    def _side(self, term: str, own: str, mirrored: str) -> frozenset[str]:
        found: set[str] = set()
        for above in self.supers(term):
            found.update(getattr(self.properties.get(above), own, ()))
        for mirror in self.inverses(term):
            found.update(getattr(self.properties.get(mirror), mirrored, ()))
        return frozenset(found)

    # ------------------------------------------------------------------------------------------------------ classes

    def class_supers(self, term: str) -> frozenset[str]:
        """Return the class and all above it."""
        return _closure(term, lambda t: self.classes[t].supers if t in self.classes else ())

    def is_outside(self, types: Iterable[str], cls: str) -> bool:
        """Say whether something of these classes is no member of a class whose list of members is complete."""
        info = self.classes.get(cls)
        return info is not None and info.closed and not any(cls in self.class_supers(own) for own in types)

    def disjoint(self, types: Iterable[str], cls: str) -> tuple[str, str] | None:
        """Return a pair of classes that keeps members of `types` out of `cls`, or None where nothing does.

        Returns:
            The first of `types` that is kept out, and the class (`cls` or one above it) that it is disjoint with.
        """
        above = self.class_supers(cls)
        for own in sorted(types):
            for mine in sorted(self.class_supers(own)):
                for other in sorted(above):
                    if other in self._apart.get(mine, ()):
                        return own, other
        return None

    def fits(self, types: Iterable[str], wanted: Iterable[str]) -> bool | None:
        """Say whether something of these classes can be where the wanted ones are asked for.

        Returns:
            True if one of its classes is below a wanted one, False if it is kept out of one, None if nothing is known.
        """
        types, wanted = list(types), list(wanted)
        above = {t for own in types for t in self.class_supers(own)}
        if any(w in above for w in wanted):
            return True
        if any(self.disjoint(types, w) is not None for w in wanted):
            return False
        return None

    @cached_property
    def _apart(self) -> dict[str, set[str]]:
        apart: dict[str, set[str]] = {}
        for info in self.classes.values():
            for other in info.disjoint:
                if other != info.term:
                    apart.setdefault(info.term, set()).add(other)
                    apart.setdefault(other, set()).add(info.term)
        return apart

    # -------------------------------------------------------------------------------------------------------- equals

    def canonical(self, term: str) -> str:
        """Return the one term that stands for all that are owl:sameAs it."""
        group = self._group_of.get(term)
        return group[0] if group else term

    def equals(self, term: str) -> list[str]:
        """Return the term with all that are owl:sameAs it."""
        return list(self._group_of.get(term, (term,)))


_DENIES = re.compile(r"\b(?:not|cannot|never)\b", re.I)
_UNIT_WORDS = {
    "metres": "m", "meters": "m", "metre": "m", "meter": "m", "feet": "foot", "kilometres": "km", "kilometers": "km",
    "km": "km", "sqkm": "km^2", "miles": "mile", "kg": "kg", "kilograms": "kg", "grams": "g", "minutes": "minute",
    "hours": "hour", "days": "day", "celsius": "degC", "km2": "km^2",
}  # fmt: skip


def _names_of(info: PropertyInfo) -> set[str]:
    """Return what a property is called, in lower case, with and without the auxiliary in front."""
    names = {phrase_from_iri(info.term.strip("<>")).lower(), *(n.text.lower() for n in info.labels)}
    return names | {bare_name(name) for name in names}


def _unit_in(info: PropertyInfo) -> str | None:
    """Return the unit that a property's own name ends in, such as `runwayLengthFeet` or `height (in metres)`."""
    if not info.literals:
        return None
    words = re.findall(r"[a-z]+\d?", phrase_from_iri(info.term.strip("<>")).lower())
    return _UNIT_WORDS.get(words[-1]) if len(words) > 1 else None


def _closure(start: str, step: Callable[[str], Iterable[str]]) -> frozenset[str]:
    seen = {start}
    pending = [start]
    while pending:
        for term in step(pending.pop()):
            if term not in seen:
                seen.add(term)
                pending.append(term)
    return frozenset(seen)


def union_find(pairs: Iterable[tuple[str, str]]) -> Iterator[list[str]]:
    """Yield the groups that equalities make, each sorted; cycles and repetitions do no harm."""
    parent: dict[str, str] = {}

    def root(term: str) -> str:
        while parent[term] != term:
            parent[term] = parent[parent[term]]
            term = parent[term]
        return term

    for a, b in pairs:
        parent.setdefault(a, a)
        parent.setdefault(b, b)
        first, second = sorted((root(a), root(b)))
        parent[second] = first
    groups: dict[str, list[str]] = {}
    for term in parent:
        groups.setdefault(root(term), []).append(term)
    for key in sorted(groups):
        if len(groups[key]) > 1:
            yield sorted(groups[key])
