"""Triples to facts: with labels, in words, and turned into the direction that a claim uses."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum

from factcheck.graph.schema import TYPE_RELATION, best_name
from factcheck.graph.source import FactSource
from factcheck.graph.vocabulary import CLOSED, DISJOINT, SUBCLASS, XSD, is_literal, literal_parts
from factcheck.text.hanzi import SIMPLIFIED, TRADITIONAL
from factcheck.text.tokens import CJK
from factcheck.types import Entity, Fact, Relation, Triple

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_UNIT_WORDS = {"degC": "°C", "degF": "°F", "km^2": "km²", "m^2": "m²", "km^3": "km³", "m^3": "m³", "g/cm^3": "g/cm³"}
_UNIT_WORDS |= {"day": "days", "year": "years", "hour": "hours", "minute": "minutes", "foot": "feet", "mile": "miles"}


class Script(StrEnum):
    """In which writing a claim is, and names for it have to be."""

    LATIN = "latin"
    TRADITIONAL = "traditional"
    SIMPLIFIED = "simplified"


_IDEOGRAPH = re.compile(f"[{CJK}]")
_TO_SIMPLIFIED = str.maketrans(TRADITIONAL, SIMPLIFIED)
_ONLY_TRADITIONAL = frozenset(TRADITIONAL)
_ONLY_SIMPLIFIED = frozenset(SIMPLIFIED) - _ONLY_TRADITIONAL


def script_of(text: str) -> Script:
    """Return the writing of a claim: Chinese is traditional unless its characters say otherwise."""
    if not _IDEOGRAPH.search(text):
        return Script.LATIN
    simplified = sum(c in _ONLY_SIMPLIFIED for c in text)
    return Script.SIMPLIFIED if simplified > sum(c in _ONLY_TRADITIONAL for c in text) else Script.TRADITIONAL


class Verbaliser:
    """Speaks of facts in English, by the property's template or plainly."""

    def __init__(self, store: FactSource) -> None:
        self._store = store

    def fact(self, triple: Triple, relation: str, *, flipped: bool = False) -> Fact:
        """Return the triple as a fact about `relation`.

        Args:
            triple: as it is stored.
            relation: the property that is spoken of: the triple's own, one above it, or an inverse.
            flipped: the triple's object is the fact's subject, because the triple states the inverse.
        """
        subject, value = (triple.object, triple.subject) if flipped else (triple.subject, triple.object)
        spoken = self._store.schema.relation(relation)
        entity = None if is_literal(value) else self._entity(value)
        return Fact(
            triple=triple,
            subject=self._entity(subject),
            relation=spoken,
            value=entity,
            value_text=entity.label if entity is not None else self.value_text(value, spoken),
            text=self.sentence(triple),
        )

    def localised(self, fact: Fact, script: Script) -> Fact:
        """Return the fact with its names in the claim's writing, where the graph has them; its sentence stays."""
        if script is Script.LATIN:
            return fact
        label = self._property_label(fact.relation.term, script) or fact.relation.label
        value = None if fact.value is None else replace(fact.value, label=self._label(fact.value.term, script))
        return replace(
            fact,
            subject=replace(fact.subject, label=self._label(fact.subject.term, script)),
            relation=replace(fact.relation, label=label),
            value=value,
            value_text=fact.value_text if value is None else value.label,
        )

    def _label(self, term: str, script: Script) -> str:
        known = self._store.schema.classes.get(term)
        label = known.label("zh") if known is not None else self._store.label(term, "zh")
        return label.translate(_TO_SIMPLIFIED) if script is Script.SIMPLIFIED else label

    def _property_label(self, term: str, script: Script) -> str | None:
        info = self._store.schema.properties.get(term)
        names = [name for name in info.labels if name.language.startswith("zh")] if info is not None else []
        if not names:
            return None
        return names[0].text.translate(_TO_SIMPLIFIED) if script is Script.SIMPLIFIED else names[0].text

    def subclass(self, own: str, above: str) -> Fact:
        """Return "every X is a Y", which may follow from several statements."""
        return self._of_classes(own, SUBCLASS, above, "every {} is also a {}")

    def disjoint(self, own: str, other: str) -> Fact:
        """Return "no X is a Y", which may follow from several statements."""
        return self._of_classes(own, DISJOINT, other, "no {} is a {}")

    def complete(self, cls: str) -> Fact:
        """Return that the members of a class are all listed."""
        entity = self._entity(cls)
        return Fact(
            triple=Triple(subject=cls, predicate=f"<{CLOSED}>", object=f'"true"^^<{XSD}boolean>'),
            subject=entity,
            relation=Relation(term=f"<{CLOSED}>", label="complete"),
            value=None,
            value_text="complete",
            text=f"The list of everything that is a {entity.label} is complete, and this is not on it.",
        )

    def _of_classes(self, own: str, predicate: str, other: str, words: str) -> Fact:
        term = f"<{predicate}>"
        first, second = self._entity(own), self._entity(other)
        return Fact(
            triple=Triple(subject=own, predicate=term, object=other),
            subject=first,
            relation=Relation(term=term, label=words.format("…", "…")),
            value=second,
            value_text=second.label,
            text=_sentence(words.format(first.label, second.label)),
        )

    def _entity(self, term: str) -> Entity:
        return self._store.entity(self._store.schema.canonical(term))

    def value_text(self, term: str, relation: Relation) -> str:
        """Return a literal as a reader wants to see it, with its unit."""
        text, _, datatype = literal_parts(term)
        shown = _plain(text, datatype)
        return f"{shown} {_UNIT_WORDS.get(relation.unit, relation.unit)}" if relation.unit else shown

    def sentence(self, triple: Triple) -> str:
        """Return a triple in words: by template, or as subject, property and object."""
        schema = self._store.schema
        relation = schema.relation(triple.predicate)
        literal = is_literal(triple.object)
        if triple.predicate == TYPE_RELATION.term:
            label = self._store.entity(triple.object).label
            article = "an" if label[:1].lower() in "aeiou" else "a"
            return _sentence(f"{self._store.name_in_sentence(triple.subject)} is {article} {label}")
        info = schema.properties.get(triple.predicate)
        template = best_name(info.templates) if info is not None else None
        if template is not None and "{subject}" in template and "{object}" in template:
            value = _plain(*_text_and_type(triple.object)) if literal else self._store.name_in_sentence(triple.object)
            subject = self._store.name_in_sentence(triple.subject)
            return _sentence(template.replace("{subject}", subject).replace("{object}", value))
        shown = self.value_text(triple.object, relation) if literal else self._store.entity(triple.object).label
        return _sentence(f"{self._store.entity(triple.subject).label}: {relation.label}: {shown}")


def _text_and_type(term: str) -> tuple[str, str]:
    text, _, datatype = literal_parts(term)
    return text, datatype


def _plain(text: str, datatype: str) -> str:
    name = datatype.removeprefix(XSD)
    if name in {"date", "dateTime"}:
        year, _, rest = text.lstrip("-").partition("-")
        month, day = rest[:2], rest[3:5]
        if year.isdigit() and month.isdigit() and day.isdigit() and 1 <= int(month) <= 12:
            era = " BC" if text.startswith("-") else ""
            return f"{int(day)} {_MONTHS[int(month) - 1]} {int(year)}{era}"
    if name in {"integer", "decimal"} and text.lstrip("+-").replace(".", "", 1).isdigit():
        whole, dot, fraction = text.lstrip("+").partition(".")
        fraction = fraction.rstrip("0")
        digits = whole.lstrip("-").lstrip("0") or "0"
        if len(digits) > 4:
            digits = f"{int(digits):,}" if len(digits) < 40 else digits
        return ("-" if whole.startswith("-") else "") + digits + (dot + fraction if fraction else "")
    return text


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")
