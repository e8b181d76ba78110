"""A small graph of our own for the tests of this room, and of those that build on it."""

from pathlib import Path

from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.store import build_graph
from factcheck.types import Claim, Span

TURTLE = """
@prefix e: <https://example.org/e/> . @prefix p: <https://example.org/p/> . @prefix c: <https://example.org/c/> .
@prefix fcv: <https://factcheck.example/vocabulary/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

c:Place a owl:Class ; rdfs:label "place"@en .
c:Country a owl:Class ; rdfs:subClassOf c:Place ; rdfs:label "country"@en , "國家"@zh-Hant .
c:City a owl:Class ; rdfs:subClassOf c:Place ; rdfs:label "city"@en .
c:Continent a owl:Class ; rdfs:subClassOf c:Place ; rdfs:label "continent"@en .
c:Person a owl:Class ; rdfs:label "person"@en .
c:Body a owl:Class ; rdfs:label "celestial body"@en .
c:Rocky a owl:Class ; rdfs:subClassOf c:Body ; rdfs:label "rocky planet"@en .
c:Giant a owl:Class ; rdfs:subClassOf c:Body ; rdfs:label "ice giant"@en ; skos:altLabel "icy giant"@en .
c:Metal a owl:Class ; rdfs:label "metal"@en .
c:Work a owl:Class ; rdfs:label "book"@en .
c:Prize a owl:Class ; rdfs:label "prize"@en .
c:Edition a owl:Class ; rdfs:label "edition"@en .
[] a owl:AllDisjointClasses ; owl:members ( c:Country c:City c:Continent ) .
[] a owl:AllDisjointClasses ; owl:members ( c:Rocky c:Giant ) .
[] a owl:AllDisjointClasses ; owl:members ( c:Place c:Person c:Body c:Work ) .

p:locatedIn a owl:TransitiveProperty ; rdfs:label "located in"@en , "位於"@zh-Hant ; skos:altLabel "is in"@en .
p:inCountry a owl:FunctionalProperty ; rdfs:subPropertyOf p:locatedIn ; rdfs:domain c:City ; rdfs:range c:Country ;
    rdfs:label "country"@en ; fcv:template "{subject} is a city in {object}"@en .
p:continent a owl:FunctionalProperty ; rdfs:subPropertyOf p:locatedIn ; rdfs:domain c:Country ;
    rdfs:range c:Continent ; rdfs:label "continent"@en ; fcv:template "{subject} is a country in {object}"@en .
p:capital a owl:FunctionalProperty , owl:InverseFunctionalProperty ; rdfs:domain c:Country ; rdfs:range c:City ;
    rdfs:label "capital"@en , "首都"@zh-Hant ; fcv:template "The capital of {subject} is {object}"@en .
p:capitalOf owl:inverseOf p:capital ; rdfs:label "capital of"@en .
p:borders a owl:SymmetricProperty ; rdfs:label "borders"@en ; fcv:template "{subject} borders {object}"@en .
p:area a owl:FunctionalProperty ; rdfs:label "total area"@en ; fcv:unit "km^2" ;
    fcv:template "{subject} has a total area of {object} square kilometres"@en .
p:born a owl:FunctionalProperty ; rdfs:domain c:Person ; rdfs:label "date of birth"@en , "出生日期"@zh-Hant ;
    fcv:template "{subject} was born on {object}"@en .
p:wrote rdfs:domain c:Person ; rdfs:range c:Work ; rdfs:label "wrote"@en ; fcv:template "{subject} wrote {object}"@en .
p:published a owl:FunctionalProperty ; rdfs:label "published in"@en ;
    fcv:template "{subject} was published in {object}"@en .
p:number a owl:FunctionalProperty ; rdfs:label "atomic number"@en ;
    fcv:template "The atomic number of {subject} is {object}"@en .
p:melts a owl:FunctionalProperty ; rdfs:label "melting point"@en ; skos:altLabel "melts at"@en ; fcv:unit "degC" .
p:symbol a owl:FunctionalProperty ; rdfs:label "symbol"@en .
p:orbits a owl:FunctionalProperty ; rdfs:label "orbits"@en ; fcv:template "{subject} orbits {object}"@en .
p:director fcv:closed true ; rdfs:label "director"@en ; skos:altLabel "directed by"@en .
p:laureate rdfs:label "laureate"@en .
p:editionOf a owl:FunctionalProperty ; rdfs:label "edition of"@en .
p:year a owl:FunctionalProperty ; rdfs:label "year"@en .
p:won owl:inverseOf p:laureate ; rdfs:label "won"@en .
p:mayor a owl:FunctionalProperty ; rdfs:label "mayor"@en .

e:Norland a c:Country ; rdfs:label "Norland"@en , "諾蘭"@zh-Hant ; skos:altLabel "Kingdom of Norland"@en ;
    p:capital e:Vess ; p:continent e:Boria ; p:borders e:Sudmark ; p:area 2381740 .
e:Sudmark a c:Country ; rdfs:label "Sudmark"@en ; p:capital e:Toren ; p:continent e:Boria .
e:Boria a c:Continent ; rdfs:label "Boria"@en .
e:Austra a c:Continent ; rdfs:label "Austra"@en .
e:Vess a c:City ; rdfs:label "Vess"@en , "維斯"@zh-Hant ; p:inCountry e:Norland ; p:mayor e:Ana , e:Berta .
e:Orla a c:City ; rdfs:label "Orla"@en , "奧拉"@zh-Hant ; p:inCountry e:Norland .
e:Toren a c:City ; rdfs:label "Toren"@en ; p:inCountry e:Sudmark .
e:Springs1 a c:City ; rdfs:label "Springs"@en ; p:inCountry e:Norland .
e:Springs2 a c:City ; rdfs:label "Springs"@en ; p:inCountry e:Sudmark .
e:Ana a c:Person ; rdfs:label "Ana Olsen"@en ; p:born "1867-11-07"^^xsd:date ; p:wrote e:Fjord , e:Reef .
e:Berta a c:Person ; rdfs:label "Berta Lund"@en ; p:wrote e:Glade .
e:Fjord a c:Work ; rdfs:label "The Fjord"@en ; p:published "1901"^^xsd:gYear ; p:director e:Ana .
e:Reef a c:Work ; rdfs:label "Coral Reef"@en ; p:published "1999-02-30"^^xsd:date .
e:Glade a c:Work ; rdfs:label "Glade"@en ; p:published "soon" .
e:Mercury a c:Rocky ; rdfs:label "Mercury"@en ; p:orbits e:Sol .
e:Quicksilver a c:Metal ; rdfs:label "mercury"@en ; p:number 80 ; p:melts -38.83 ; p:symbol "Hg" .
e:Sol a c:Body ; rdfs:label "Sol"@en .
e:Moon a c:Body ; rdfs:label "Moon"@en ; p:orbits e:Tellus .
e:Tellus a c:Rocky ; rdfs:label "Tellus"@en ; p:orbits e:Sol .
e:Grand a c:Prize ; rdfs:label "Grand Prize"@en .
e:Grand1903 a c:Edition ; rdfs:label "1903 Grand Prize"@en ; p:editionOf e:Grand ; p:year "1903"^^xsd:gYear ;
    p:laureate e:Ana .
e:Norlandia owl:sameAs e:Norland . e:Norland owl:sameAs e:Northland . e:Northland owl:sameAs e:Norlandia .
e:Northland rdfs:label "Northland"@en ; p:borders e:Eastern .
e:Eastern a c:Country ; rdfs:label "Eastern Realm"@en .
"""


def build(folder: Path, text: str = TURTLE, *, name: str = "test graph") -> Path:
    """Publish a Turtle text as a graph below `folder` and return the graph's folder."""
    source = folder / "source.ttl"
    source.write_text(text, encoding="utf-8")
    build_graph([source], folder / "graph", name=name)
    return folder / "graph"


def open_reader(folder: Path) -> LocalGraphReader:
    """Return a reader of the sample."""
    return LocalGraphReader.open(build(folder))


def claim(text: str) -> Claim:
    """Return a claim that is its own draft."""
    return Claim(id="c1", text=text, span=Span(start=0, end=len(text)))
