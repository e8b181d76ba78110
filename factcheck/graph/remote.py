"""A graph behind a SPARQL endpoint, read like one on disk: names by their labels, facts by an entity's statements.

What is asked, and nothing else: the ontology when the graph is opened; the labels that are spelt like a name in the
claim; all statements of what bears them; who has a value of a property. Answers are kept for a while. There is no
misspelling path, no derived functionality and no sameAs, since they need the whole graph.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from threading import Lock
from typing import TypeVar

from rdflib.term import BNode, Identifier, Literal, URIRef

from factcheck.graph.abbreviations import OTHER_FORMS
from factcheck.graph.endpoint import Endpoint, EndpointLimits
from factcheck.graph.names import NameToken, is_function_word, key_of, name_tokens
from factcheck.graph.scan import Scan
from factcheck.graph.schema import Name, PropertyInfo, Schema, best_name
from factcheck.graph.vocabulary import (
    ALIASES,
    CLOSED,
    DISJOINT,
    DOMAIN,
    INVERSE,
    LABELS,
    OWL,
    RANGE,
    SUBCLASS,
    SUBPROPERTY,
    TEMPLATE,
    TYPE,
    UNIT,
    is_vocabulary,
    name_from_iri,
)
from factcheck.types import Entity, Mention, Span, Triple

T = TypeVar("T")

MAX_ONTOLOGY = 50_000
"""Statements about properties and classes that are read when the graph is opened."""
MAX_NAME_TOKENS = 6
MAX_NAMES = 60
"""So many stretches of a claim are taken for possible names."""
_MAX_STATEMENTS = 2000
_REMEMBERED = 20_000

_PROPERTIES = """
SELECT ?s ?p ?o WHERE { VALUES ?t { %(types)s } ?s a ?t . VALUES ?p { %(predicates)s } ?s ?p ?o } ORDER BY ?s ?p ?o
"""
_CLASSES = "SELECT ?s ?p ?o WHERE { VALUES ?p { %(predicates)s } ?s ?p ?o } ORDER BY ?s ?p ?o"
_NAMED = """
SELECT ?name ?p ?s WHERE { VALUES ?name { %(names)s } VALUES ?p { %(predicates)s } ?s ?p ?name } ORDER BY ?name ?p ?s
"""
_OF_SUBJECT = "SELECT ?p ?o WHERE { VALUES ?s { %(subject)s } ?s ?p ?o } ORDER BY ?p ?o"
_OF_VALUE = "SELECT ?s WHERE { VALUES ?p { %(predicate)s } VALUES ?o { %(value)s } ?s ?p ?o } ORDER BY ?s"
_TO_VALUE = "SELECT ?s ?p WHERE { VALUES ?o { %(value)s } ?s ?p ?o } ORDER BY ?s ?p"
_LABELS = "SELECT ?s ?p ?o WHERE { VALUES ?s { %(subjects)s } VALUES ?p { %(predicates)s } ?s ?p ?o } ORDER BY ?s ?p ?o"

_NAMING = [URIRef(iri) for iri in sorted(LABELS | ALIASES)]
_PROPERTY_TYPES = [
    URIRef(OWL + name)
    for name in ("ObjectProperty", "DatatypeProperty", "FunctionalProperty", "InverseFunctionalProperty",
                 "SymmetricProperty", "TransitiveProperty")
]  # fmt: skip
_ABOUT_PROPERTIES = [
    *(URIRef(iri) for iri in (TYPE, SUBPROPERTY, INVERSE, DOMAIN, RANGE, UNIT, TEMPLATE, CLOSED)),
    *_NAMING,
]
_ABOUT_CLASSES = [URIRef(iri) for iri in (SUBCLASS, DISJOINT)]


class RemoteStore:
    """`FactSource` over an endpoint; safe to share between threads."""

    def __init__(
        self,
        url: str,
        *,
        limits: EndpointLimits | None = None,
        languages: Sequence[str] = ("en", "zh", "zh-Hant"),
        keep_seconds: float = 3600.0,
    ) -> None:
        """Take the address; nothing is fetched.

        Args:
            url: of the query service.
            limits: of every question.
            languages: tags with which labels are sought, beside those without a tag.
            keep_seconds: how long an answer is kept.
        """
        self.endpoint = Endpoint(url, limits)
        self.languages = tuple(languages)
        self._keep_seconds = keep_seconds
        self._kept: OrderedDict[Hashable, tuple[float, object]] = OrderedDict()
        self._lock = Lock()
        self._ontology: list[Schema] = []

    @property
    def source(self) -> str:
        """The endpoint's address."""
        return self.endpoint.url

    @property
    def sha256(self) -> str:
        """Of the address: an endpoint has no generation, and may say something else tomorrow."""
        return hashlib.sha256(f"sparql {self.endpoint.url}".encode()).hexdigest()

    @property
    def schema(self) -> Schema:
        """What the endpoint's ontology says; fetched once."""
        if not self._ontology:
            fetched = self._fetch_schema()
            with self._lock:
                self._ontology[:] = self._ontology[:1] or [fetched]
        return self._ontology[0]

    def _fetch_schema(self) -> Schema:
        from pyoxigraph import Quad, Store

        from factcheck.graph.vocabulary import parse_term

        ask = self.endpoint.rows
        rows = [
            *ask(_PROPERTIES, {"types": _PROPERTY_TYPES, "predicates": _ABOUT_PROPERTIES}, limit=MAX_ONTOLOGY),
            *ask(_CLASSES, {"predicates": _ABOUT_CLASSES}, limit=MAX_ONTOLOGY),
        ]
        classes = {row[place] for row in rows if str(row[1]) in (SUBCLASS, DISJOINT) for place in (0, 2)}
        found = [URIRef(str(c)) for c in classes if isinstance(c, URIRef)]
        rows.extend(row for part in _parts(found, 200) for row in self._labels_of(part))
        store = Store()
        store.extend(
            Quad(parse_term(s), parse_term(p), parse_term(o))  # type: ignore[arg-type]
            for s, p, o in (tuple(map(_term, row)) for row in rows)
            if s.startswith("<")
        )
        store.extend(Quad(parse_term(_term(c)), parse_term(f"<{TYPE}>"), parse_term(f"<{OWL}Class>")) for c in found)  # type: ignore[arg-type]
        schema = Scan().run(store)
        for info in schema.properties.values():
            info.statements = max(info.statements, 1)  # whether it is used is not asked of the endpoint
        return schema

    def _labels_of(self, subjects: Sequence[URIRef]) -> list[tuple[Identifier | None, ...]]:
        return list(self.endpoint.rows(_LABELS, {"subjects": subjects, "predicates": _NAMING}))

    def describe(self, predicates: Iterable[str]) -> list[PropertyInfo]:
        """Return what labels say of properties that the ontology did not name, and add them to the schema."""
        schema = self.schema
        unknown = sorted({p for p in predicates if p not in schema.properties and not is_vocabulary(p[1:-1])})
        if not unknown:
            return []
        infos = {term: PropertyInfo(term=term, statements=1) for term in unknown}
        for part in _parts([URIRef(term[1:-1]) for term in unknown], 200):
            for s, p, o in self._labels_of(part):
                if isinstance(o, Literal):
                    info = infos[_term(s)]
                    (info.labels if str(p) in LABELS else info.aliases).append(Name(str(o), o.language or ""))
        with self._lock:
            for info in infos.values():
                schema.add(info)
        return list(infos.values())

    # -------------------------------------------------------------------------------------------------- statements

    def triples(
        self, subject: str | None = None, predicate: str | None = None, value: str | None = None, *, limit: int = 1000
    ) -> list[Triple]:
        """Return up to `limit` statements that fit; a subject's are fetched together, since more will be asked of it.

        Raises:
            ServiceError: the endpoint does not answer as it should.
        """
        if any(term is not None and term.startswith("_:") for term in (subject, predicate, value)):
            return []  # a blank node has no name that could be asked for
        if subject is not None:
            found = self._kept_or(("s", subject), lambda: self._of_subject(subject))
            return [t for t in found if predicate in (None, t.predicate) and value in (None, t.object)][:limit]
        if value is None:
            return []
        if predicate is not None:
            return self._kept_or(("po", predicate, value), lambda: self._of_value(predicate, value))[:limit]
        return self._kept_or(("o", value), lambda: self._to_value(value))[:limit]

    def _of_subject(self, subject: str) -> list[Triple]:
        rows = self.endpoint.rows(_OF_SUBJECT, {"subject": [_node(subject)]}, limit=_MAX_STATEMENTS)
        return [Triple(subject=subject, predicate=_term(p), object=_term(o)) for p, o in rows]

    def _of_value(self, predicate: str, value: str) -> list[Triple]:
        values = {"predicate": [_node(predicate)], "value": [_node(value)]}
        rows = self.endpoint.rows(_OF_VALUE, values, limit=_MAX_STATEMENTS)
        return [Triple(subject=_term(s), predicate=predicate, object=value) for (s,) in rows]

    def _to_value(self, value: str) -> list[Triple]:
        rows = self.endpoint.rows(_TO_VALUE, {"value": [_node(value)]}, limit=_MAX_STATEMENTS)
        return [Triple(subject=_term(s), predicate=_term(p), object=value) for s, p in rows]

    def _kept_or(self, key: Hashable, ask: Callable[[], T]) -> T:
        kept = self._kept_of(key)
        if kept is not None:
            return kept  # type: ignore[return-value]
        answer = ask()
        self._keep(key, answer)
        return answer

    def _kept_of(self, key: Hashable) -> object | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or time.monotonic() - kept[0] >= self._keep_seconds:
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def _keep(self, key: Hashable, answer: object) -> None:
        with self._lock:
            self._kept[key] = (time.monotonic(), answer)
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)

    # ---------------------------------------------------------------------------------------------------- entities

    def entity(self, term: str) -> Entity:
        """Return a node with its best label and its classes."""
        if term in self.schema.classes:
            return Entity(term=term, label=self.schema.classes[term].label())
        types = sorted(t.object for t in self.triples(term, f"<{TYPE}>") if t.object.startswith("<"))
        return Entity(term=term, label=self.label(term), types=tuple(types))

    def label(self, term: str, language: str = "en") -> str:
        """Return the entity's best name in a language, else its best label, else what its IRI says."""
        names = [
            Name(str(node), node.language or "")
            for t in self.triples(term)
            if t.predicate[1:-1] in LABELS and isinstance(node := _node(t.object), Literal)
        ]
        return best_name(names, language) or name_from_iri(term[1:-1]) or term.strip("<>")

    def name_in_sentence(self, term: str) -> str:
        """Return the label."""
        return self.label(term)

    def named(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Return the entities that bear each name, spelt exactly so, those whose label it is first."""
        found: dict[str, list[str]] = {}
        unknown: list[str] = []
        for name in names:
            kept = self._kept_of(("name", name))
            if isinstance(kept, tuple):
                found[name] = list(kept)
            else:
                unknown.append(name)
        for part in _parts(unknown, 20):
            literals = [Literal(name, lang=tag) for name in part for tag in (None, *self.languages)]
            rows = self.endpoint.rows(_NAMED, {"names": literals, "predicates": _NAMING}, limit=_MAX_STATEMENTS)
            ranked = sorted((str(p) not in LABELS, str(name), _term(s)) for name, p, s in rows)
            for name in part:
                found[name] = list(dict.fromkeys(term for _, said, term in ranked if said == name))
                self._keep(("name", name), tuple(found[name]))
        return found


class RemoteLinker:
    """Finds names in claims that some label at the endpoint is spelt like; longest first, from left to right."""

    def __init__(self, store: RemoteStore) -> None:
        self._store = store

    def link(self, text: str, taken: Iterable[Span] = ()) -> tuple[Mention, ...]:
        """Return the names in the text, in its order, that do not overlap.

        Args:
            text: the claim.
            taken: parts of the text that are something else.
        """
        blocked = list(taken)
        spans = [s for s in _possible_names(text) if not any(b.contains(s) for b in blocked)][:MAX_NAMES]
        forms = {span: _forms(span.of(text)) for span in spans}
        named = self._store.named(list(dict.fromkeys(form for of_span in forms.values() for form in of_span)))
        mentions: list[Mention] = []
        for span in sorted(spans, key=lambda s: (-len(s), s.start)):
            terms = list(dict.fromkeys(term for form in forms[span] for term in named.get(form, ())))
            terms = [term for term in terms if term.startswith("<") and term not in self._store.schema.properties]
            if terms and not any(span.overlaps(mention.span) for mention in mentions):
                entities = tuple(self._store.entity(term) for term in terms[:16])
                mentions.append(Mention(span=span, entities=entities))
        return tuple(sorted(mentions, key=lambda mention: mention.span.start))


def _possible_names(text: str) -> list[Span]:
    """Return the stretches that could be names: of words in capitals with small ones between, and of ideographs."""
    tokens = name_tokens(text)
    found = []
    for first in range(len(tokens)):
        for last in range(first + 1, min(first + MAX_NAME_TOKENS, len(tokens)) + 1):
            part = tokens[first:last]
            if _could_name(text, part):
                found.append(Span(start=part[0].start, end=part[-1].end))
    return sorted(found, key=lambda span: -len(span))


def _could_name(text: str, tokens: Sequence[NameToken]) -> bool:
    edges = [text[token.start] for token in (tokens[0], tokens[-1])]
    if len(tokens) == 1 and is_function_word(tokens[0].text):
        return False
    if all(character.isupper() or character.isdigit() for character in edges):
        return any(character.isupper() for character in edges)
    return all(character > "\u2e80" for character in edges) and len(tokens) > 1


def _forms(surface: str) -> list[str]:
    """Return how the graph may spell a name: as it is, without a possessive, and in full."""
    forms = [surface]
    forms.extend(surface.removesuffix(end) for end in ("'s", "’s", "'", "’") if surface.endswith(end))
    key = key_of(surface)
    forms.extend(other.title() for other in OTHER_FORMS.get(key or "", ()))
    return forms


def _parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _term(node: Identifier | None) -> str:
    """Return a node of rdflib as a term in N-Triples syntax."""
    if isinstance(node, BNode):
        return f"_:{node}"
    if isinstance(node, Literal):
        from pyoxigraph import Literal as OxLiteral
        from pyoxigraph import NamedNode

        if node.language:
            return str(OxLiteral(str(node), language=node.language))
        return str(
            OxLiteral(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else OxLiteral(str(node))
        )
    return f"<{node}>"


def _node(term: str) -> Identifier:
    """Return a term in N-Triples syntax as a node of rdflib."""
    if term.startswith("<"):
        return URIRef(term[1:-1])
    from factcheck.graph.vocabulary import literal_parts

    value = literal_parts(term)
    if value.language:
        return Literal(value.text, lang=value.language, normalize=False)
    return Literal(value.text, datatype=URIRef(value.datatype), normalize=False)
