"""The vocabularies that the graph room reads, and small things to say about terms.

Terms travel as strings in N-Triples syntax (`<iri>`, `_:b`, `"text"@en`), which is what `Triple` holds.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOS_XL = "http://www.w3.org/2008/05/skos-xl#"
SCHEMA_ORG = ("http://schema.org/", "https://schema.org/")
FOAF = "http://xmlns.com/foaf/0.1/"
DBO = "http://dbpedia.org/ontology/"
XSD = "http://www.w3.org/2001/XMLSchema#"
FCV = "https://factcheck.example/vocabulary/"

TYPE = RDF + "type"
FIRST, REST, NIL = RDF + "first", RDF + "rest", RDF + "nil"
SUBCLASS, SUBPROPERTY = RDFS + "subClassOf", RDFS + "subPropertyOf"
DOMAIN, RANGE = RDFS + "domain", RDFS + "range"
INVERSE, DISJOINT, SAME = OWL + "inverseOf", OWL + "disjointWith", OWL + "sameAs"
MEMBERS = OWL + "members"
SEVERAL = FCV + "several"
UNIT, TEMPLATE, CLOSED, NAME_IN_SENTENCE = FCV + "unit", FCV + "template", FCV + "closed", FCV + "nameInSentence"

LABELS = frozenset({RDFS + "label", SKOS + "prefLabel", FOAF + "name", *(s + "name" for s in SCHEMA_ORG)})
ALIASES = frozenset({SKOS + "altLabel", SKOS + "hiddenLabel", *(s + "alternateName" for s in SCHEMA_ORG)})
NOTES = frozenset({RDFS + "comment", RDFS + "seeAlso", RDFS + "isDefinedBy", SKOS + "definition", SKOS + "note"})
REDIRECT = DBO + "wikiPageRedirects"

CLASS_TYPES = frozenset({OWL + "Class", RDFS + "Class", OWL + "Restriction", RDFS + "Datatype"})
PROPERTY_TYPES = frozenset(
    {
        RDF + "Property",
        *(
            OWL + name
            for name in (
                "ObjectProperty",
                "DatatypeProperty",
                "AnnotationProperty",
                "FunctionalProperty",
                "InverseFunctionalProperty",
                "SymmetricProperty",
                "TransitiveProperty",
                "AsymmetricProperty",
                "IrreflexiveProperty",
                "ReflexiveProperty",
            )
        ),
    }
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IDENTIFIER = re.compile(r"[A-Za-z]{0,2}[._-]?\d[\w.-]*|[0-9a-fA-F-]{16,}|m\.[0-9a-z_]+|/?[mg]/[0-9a-z_]+")


def is_literal(term: str) -> bool:
    """Say whether the term is a literal."""
    return term.startswith('"')


def is_vocabulary(predicate_iri: str) -> bool:
    """Say whether a predicate belongs to RDF, RDFS, OWL, SKOS or our own vocabulary: it states no fact of the world."""
    return predicate_iri.startswith((RDF, RDFS, OWL, SKOS, SKOS_XL, FCV)) and predicate_iri != SAME


def is_naming(predicate_iri: str) -> bool:
    """Say whether the predicate gives names."""
    return predicate_iri in LABELS or predicate_iri in ALIASES


def local_name(iri: str) -> str:
    """Return what stands after the last `#` or `/`, or the last `:` of an IRI without either; percent-decoded."""
    trimmed = iri.rstrip("/#")
    cut = max(trimmed.rfind("#"), trimmed.rfind("/"))
    if cut < 0:
        cut = trimmed.rfind(":")
    return unquote(trimmed[cut + 1 :])


def name_from_iri(iri: str) -> str | None:
    """Return a readable name for an entity without a label, or None where the IRI is an identifier (Q42, m.0f8l9c)."""
    name = local_name(iri)
    if not re.search(r"[^\W\d_]{2}", name) or _IDENTIFIER.fullmatch(name):
        return None
    return " ".join(name.replace("_", " ").split())


def phrase_from_iri(iri: str) -> str:
    """Return a readable phrase for a property without a label: camelCase and underscores become words."""
    return phrase_from_name(local_name(iri))


def phrase_from_name(name: str) -> str:
    """Return `leaderName` as `leader name` and `place_of_birth` as `place of birth`."""
    words = _CAMEL.sub(" ", name.replace("_", " ").replace("-", " ")).split()
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words) or name


class LiteralParts(NamedTuple):
    """A literal taken apart: its text, its language tag if it has one, its datatype's IRI."""

    text: str
    language: str | None
    datatype: str


@lru_cache(65_536)
def parse_term(term: str) -> NamedNode | BlankNode | Literal:
    """Return the pyoxigraph value of a term in N-Triples syntax.

    Raises:
        ValueError: it is not one.
    """
    from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

    if term.startswith("<"):
        return NamedNode(term[1:-1])
    if term.startswith("_:"):
        return BlankNode(term[2:])
    try:
        quads = list(parse(f"<x:s> <x:p> {term} .", format=RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise ValueError(f"not a term: {term[:80]}") from error
    if len(quads) != 1 or not isinstance(quads[0].object, Literal):
        raise ValueError(f"not a term: {term[:80]}")
    return quads[0].object


@lru_cache(65_536)
def literal_parts(term: str) -> LiteralParts:
    """Take a literal term apart.

    Raises:
        ValueError: it is not a literal.
    """
    literal = parse_term(term)
    datatype = getattr(literal, "datatype", None)
    if datatype is None:
        raise ValueError(f"not a literal: {term[:80]}")
    return LiteralParts(literal.value, getattr(literal, "language", None), datatype.value)
