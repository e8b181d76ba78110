"""One pass over a loaded store: what its properties, classes and entities are, and what they are called.

pyoxigraph hands out the statements of a graph ordered by subject, so everything about one subject comes together and
nothing has to be kept but the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice, tee
from typing import TYPE_CHECKING

from factcheck.graph.frames import PLACES, bare_name
from factcheck.graph.periods import REIFIES, WD_PROP
from factcheck.graph.schema import ClassInfo, Name, PropertyInfo, Schema, union_find
from factcheck.graph.spelling import SpellingBuilder
from factcheck.graph.statements import StatementTableBuilder
from factcheck.graph.steps import Named, Unnamed, name_nodes
from factcheck.graph.table import NameTableBuilder
from factcheck.graph.vocabulary import (
    ALIASES,
    CLASS_TYPES,
    CLOSED,
    DISJOINT,
    DOMAIN,
    FIRST,
    INVERSE,
    LABELS,
    MEMBERS,
    NIL,
    NOTES,
    OWL,
    PROPERTY_TYPES,
    RANGE,
    REDIRECT,
    REST,
    SAME,
    SEVERAL,
    SUBCLASS,
    SUBPROPERTY,
    TEMPLATE,
    TYPE,
    UNIT,
    is_vocabulary,
    name_from_iri,
    phrase_from_iri,
)
from factcheck.protocols import Spread

if TYPE_CHECKING:
    from pyoxigraph import Quad, Store

_CHARACTERISTICS = {
    OWL + "FunctionalProperty": "functional",
    OWL + "InverseFunctionalProperty": "inverse_functional",
    OWL + "SymmetricProperty": "symmetric",
    OWL + "TransitiveProperty": "transitive",
}
_EQUIVALENT_CLASS, _EQUIVALENT_PROPERTY = OWL + "equivalentClass", OWL + "equivalentProperty"
_ALL_DISJOINT, _DISJOINT_UNION = OWL + "AllDisjointClasses", OWL + "disjointUnionOf"
_TRUE = {"true", "1"}
_NAMED_AT_ONCE = 2000  # entities of a piece of work


class Scan:
    """Collects while it reads; `schema` and `names` are complete after `run`.

    Args:
        spread: who finds the names of entities; this process unless given.
    """

    def __init__(self, spread: Spread = map) -> None:
        self._spread = spread
        self.statements = 0
        self.names = NameTableBuilder()
        self.words = SpellingBuilder()
        self.table = StatementTableBuilder()
        self.named = 0
        self._properties: dict[str, PropertyInfo] = {}
        self._classes: dict[str, ClassInfo] = {}
        self._same: list[tuple[str, str]] = []
        self._first: dict[str, str] = {}
        self._rest: dict[str, str] = {}
        self._disjoint_lists: list[str] = []
        self._redirects: list[tuple[str, Name]] = []
        self._redirected: set[str] = set()
        self._qualified = False
        self._complete: dict[str, bool] = {}
        self._owners: dict[str, tuple[str, str]] = {}
        self._stated: list[tuple[str, str, str]] = []
        self._degrees: dict[str, int] = {}
        self._subjects: set[str] = set()
        self._inside: dict[str, set[str]] = {}
        self._around: dict[str, set[str]] = {}
        self._labels: dict[str, tuple[list[Name], list[Name]]] = {}

    def run(self, store: Store) -> Schema:
        """Read every statement of the store, named graphs included."""
        for subject, quads in groupby(_ordered(store), key=lambda quad: str(quad.subject)):
            self._subject(subject, list(quads))
        self._resolve_lists()
        self._resolve_statement_nodes()
        self._write_names()
        self._find_flat()
        return Schema(self._properties, self._classes, union_find(self._same), qualified=self._qualified)

    # -------------------------------------------------------------------------------------------------- one subject

    def _subject(self, subject: str, quads: list[Quad]) -> None:
        from pyoxigraph import BlankNode, Literal, NamedNode, Triple

        self.statements += len(quads)
        labels: list[Name] = []
        aliases: list[Name] = []
        values: dict[str, int] = {}
        kinds: set[str] = set()
        for quad in quads:
            predicate, value = quad.predicate.value, quad.object
            term = f"<<( {value} )>>" if isinstance(value, Triple) else str(value)
            self.table.add(subject, f"<{predicate}>", term)
            if predicate == REIFIES:
                self._qualified = True
            elif predicate.startswith(WD_PROP):
                self._of_wikidata(subject, predicate.removeprefix(WD_PROP), term)
            if isinstance(value, Literal):
                if predicate in LABELS:
                    labels.append(Name(value.value, value.language or ""))
                elif predicate in ALIASES:
                    aliases.append(Name(value.value, value.language or ""))
                elif predicate in NOTES:
                    continue
                elif is_vocabulary(predicate):
                    self._annotation(subject, predicate, value)
                else:
                    values[predicate] = values.get(predicate, 0) + 1
                    self._literal(predicate, value.datatype.value)
            elif isinstance(value, (NamedNode, BlankNode)):
                if predicate == TYPE:
                    kinds.add(value.value)
                elif is_vocabulary(predicate) or predicate in (SAME, REDIRECT):
                    self._axiom(subject, predicate, str(value))
                else:
                    values[predicate] = values.get(predicate, 0) + 1
                    term = str(value)
                    self._degrees[term] = self._degrees.get(term, 0) + 1
                    if term != subject and _is_of_place(predicate):  # a city state is in itself
                        self._place(subject, f"<{predicate}>", term)
        self._count(values)
        self._classify(subject, kinds, labels, aliases, bool(values))

    def _count(self, values: dict[str, int]) -> None:
        for predicate, count in values.items():
            info = self._property(f"<{predicate}>")
            info.statements += count
            info.subjects += 1
            info.single += count == 1

    def _find_flat(self) -> None:
        """Note which properties tell of places of one level: nothing that has something in it is in something."""
        for term, inside in self._inside.items():
            self._property(term).flat = inside.isdisjoint(self._around[term])

    def _place(self, subject: str, term: str, value: str) -> None:
        self._inside.setdefault(term, set()).add(subject)
        self._around.setdefault(term, set()).add(value)

    def _literal(self, predicate: str, datatype: str) -> None:
        info = self._property(f"<{predicate}>")
        info.literals += 1
        info.datatypes[datatype] = info.datatypes.get(datatype, 0) + 1

    def _classify(
        self, subject: str, kinds: set[str], labels: list[Name], aliases: list[Name], has_facts: bool
    ) -> None:
        if kinds & PROPERTY_TYPES or (subject in self._properties and not has_facts):
            info = self._property(subject)
            for kind in kinds & _CHARACTERISTICS.keys():
                setattr(info, _CHARACTERISTICS[kind], True)
            info.labels, info.aliases = labels, aliases
            info.closed = self._complete.get(subject, False)
        elif kinds & CLASS_TYPES:
            known = self._class(subject)
            known.labels, known.aliases, known.closed = labels, aliases, self._complete.get(subject, False)
        elif _ALL_DISJOINT in kinds or any(kind.startswith(OWL) for kind in kinds - {OWL + "NamedIndividual"}):
            return
        elif subject in self._first:
            return  # a cell of a list
        else:
            self._subjects.add(subject)
            self._degrees[subject] = self._degrees.get(subject, 0) + 1
            if labels or aliases:
                self._labels[subject] = (labels, aliases)
            for kind in kinds:
                self._class(f"<{kind}>" if ":" in kind else f"_:{kind}")

    # ------------------------------------------------------------------------------------------------------- axioms

    def _annotation(self, subject: str, predicate: str, value: object) -> None:
        text, language = getattr(value, "value", ""), getattr(value, "language", None) or ""
        if predicate == UNIT:
            self._property(subject).unit = text
        elif predicate == TEMPLATE:
            self._property(subject).templates.append(Name(text, language))
        elif predicate == CLOSED:
            self._complete[subject] = text in _TRUE
        elif predicate == SEVERAL:
            self._property(subject).several = text in _TRUE

    def _axiom(self, subject: str, predicate: str, value: str) -> None:
        if predicate == SUBCLASS:
            self._class(subject).supers.append(value)
            self._class(value)
        elif predicate == SUBPROPERTY:
            self._property(subject).supers.append(value)
        elif predicate == _EQUIVALENT_CLASS:
            self._class(subject).supers.append(value)
            self._class(value).supers.append(subject)
        elif predicate == _EQUIVALENT_PROPERTY:
            self._property(subject).supers.append(value)
            self._property(value).supers.append(subject)
        elif predicate == INVERSE:
            self._property(subject).inverses.append(value)
        elif predicate == DISJOINT:
            self._class(subject).disjoint.append(value)
        elif predicate == DOMAIN:
            self._property(subject).domain.append(value)
        elif predicate == RANGE:
            self._property(subject).range.append(value)
        elif predicate == SAME:
            self._same.append((subject, value))
        elif predicate == REDIRECT:
            name = name_from_iri(subject.strip("<>"))
            if name is not None:
                self._redirects.append((value, Name(name, "")))
                self._redirected.add(subject)
        elif predicate == FIRST:
            self._first[subject] = value
        elif predicate == REST:
            self._rest[subject] = value
        elif predicate in (MEMBERS, _DISJOINT_UNION):
            self._disjoint_lists.append(value)

    def _resolve_lists(self) -> None:
        for head in self._disjoint_lists:
            members = list(self._list(head))
            for member in members:
                self._class(member).disjoint.extend(other for other in members if other != member)

    def _list(self, head: str) -> Iterator[str]:
        seen: set[str] = set()
        while head in self._first and head not in seen and head != f"<{NIL}>":
            seen.add(head)
            yield self._first[head]
            head = self._rest.get(head, f"<{NIL}>")

    def _property(self, term: str) -> PropertyInfo:
        info = self._properties.get(term)
        if info is None:
            info = self._properties[term] = PropertyInfo(term=term)
        return info

    def _class(self, term: str) -> ClassInfo:
        info = self._classes.get(term)
        if info is None:
            info = self._classes[term] = ClassInfo(term=term)
        return info

    # ----------------------------------------------------------------------------------------------- statement nodes

    def _of_wikidata(self, subject: str, name: str, value: str) -> None:
        """Note who a statement node belongs to, and what it states."""
        kind, _, local = name.rpartition("/")
        if not kind:
            self._owners[value] = (subject, local)
        elif kind == "statement":
            self._stated.append((subject, local, value))

    def _resolve_statement_nodes(self) -> None:
        """Add the direct statement of each node: the entity has the value, whatever qualifies it."""
        for node, name, value in self._stated:
            owner = self._owners.get(node)
            if owner is not None and owner[1] == name:
                self._qualified = True
                self.table.add(owner[0], f"<{WD_PROP}direct/{name}>", value)
                self._property(f"<{WD_PROP}direct/{name}>").statements += 1

    # -------------------------------------------------------------------------------------------------------- names

    def _write_names(self) -> None:
        # A property that is used before it is described was taken for an entity: its labels are the property's.
        for term in self._subjects & self._properties.keys():
            info = self._properties[term]
            info.labels, info.aliases = self._labels.pop(term, (info.labels, info.aliases))
        for term in self._subjects & self._classes.keys():
            kept = self._classes[term]
            kept.labels, kept.aliases = self._labels.pop(term, (kept.labels, kept.aliases))
        for term, name in self._redirects:
            self._labels.setdefault(term, ([], []))[1].append(name)
        hidden = self._properties.keys() | self._classes.keys() | self._first.keys() | self._redirected
        nodes = iter(sorted(self._degrees.keys() - hidden))
        # A spread runs ahead of what has come back.
        asked, waiting = tee(iter(lambda: list(islice(nodes, _NAMED_AT_ONCE)), []))
        wanted = ([self._unnamed(node) for node in piece] for piece in asked)
        for nodes_named, found in zip(waiting, self._spread(name_nodes, wanted), strict=True):
            self._add_names(nodes_named, found)

    def _unnamed(self, term: str) -> Unnamed:
        labels, aliases = self._labels.get(term, ((), ()))
        return Unnamed(term=term, labels=labels, aliases=aliases)

    def _add_names(self, terms: Sequence[str], found: Named) -> None:
        start = 0
        for term, label, count in zip(terms, found.labels, found.counts, strict=True):
            number = self.names.add_entity(term, label, self._degrees[term])
            end = start + count
            self.names.add_hashes(number, found.hashes[start:end], found.flags[start:end])
            start = end
        self.named += found.names
        self.words.add_counts(found.words)


@lru_cache(4096)
def _is_of_place(predicate: str) -> bool:
    return bare_name(phrase_from_iri(predicate)) in PLACES


def _ordered(store: Store) -> Iterable[Quad]:
    from pyoxigraph import DefaultGraph

    yield from store.quads_for_pattern(None, None, None, DefaultGraph())
    for graph in store.named_graphs():
        yield from store.quads_for_pattern(None, None, None, graph)
