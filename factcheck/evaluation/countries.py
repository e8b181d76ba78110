"""Statements about countries in many wordings, with the graph that they are checked against.

Rows are countries with `name.common`, `capital`, `region`, `languages`, `currencies`, `borders`, `cca3`, `area` and
`landlocked`. The graph holds them as they are, and a made-up number of inhabitants for each, since the rows have none.
Its ontology says that a city is in one country, a country on one continent, that lists of capitals, languages,
currencies and borders are complete, and that all landlocked countries are listed.

Each template makes one true and one false sentence of a row; of these a fixed sixth is kept, by SHA-1. Everything is
SUPPORTED or REFUTED: the graph knows all of it. The kind of a statement is the property and the template, so that weak
wordings can be found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from factcheck.evaluation.labelled import PREFIXES, Statement, digest, quoted
from factcheck.text.numerals import spell_english
from factcheck.types import Label

_KEPT = 6
_ONTOLOGY = """
@prefix fcv: <https://factcheck.example/vocabulary/> .
c:City a owl:Class ; rdfs:label "city" . c:Country a owl:Class ; rdfs:label "country" .
c:Continent a owl:Class ; rdfs:label "continent" . c:Language a owl:Class ; rdfs:label "language" .
c:Currency a owl:Class ; rdfs:label "currency" .
c:Landlocked a owl:Class ; rdfs:subClassOf c:Country ; rdfs:label "landlocked country" ; fcv:closed true .
p:locatedIn a owl:TransitiveProperty ; rdfs:label "located in" .
p:country a owl:FunctionalProperty ; rdfs:subPropertyOf p:locatedIn ; rdfs:label "country" ;
    rdfs:domain c:City ; rdfs:range c:Country .
p:continent a owl:FunctionalProperty ; rdfs:subPropertyOf p:locatedIn ; rdfs:label "continent" ;
    rdfs:domain c:Country ; rdfs:range c:Continent .
p:capital rdfs:label "capital" ; fcv:closed true ; rdfs:domain c:Country ; rdfs:range c:City .
p:language rdfs:label "official language" ; fcv:closed true ; rdfs:range c:Language .
p:currency rdfs:label "currency" ; fcv:closed true ; rdfs:range c:Currency .
p:borders a owl:SymmetricProperty ; rdfs:label "borders" ; fcv:closed true ; rdfs:domain c:Country ;
    rdfs:range c:Country .
p:area a owl:FunctionalProperty ; rdfs:label "area" ; fcv:unit "km^2" .
p:population a owl:FunctionalProperty ; rdfs:label "population" .
"""
# Sentences by what they speak of; those of 'not' deny it. {c} is the country, {v} the value, {k} the city.
_SENTENCES = """
city: The city of {k} is in {c}. / {k} is located in {c}. / {k} is a city in {c}. / {k} lies in {c}.
city: {k} can be found in {c}.
city: {k} is situated in {c}. / The city of {k} is located in {c}. / The country in which {k} is located is {c}.
city: {c} is the country where {k} is located. / {c} is home to the city of {k}. / The city {k} belongs to {c}.
city: In {c} lies the city of {k}. / It is true that the city of {k} is in {c}.
city not: The city of {k} is not in {c}. / {k} isn't in {c}. / {k} is not located in {c}. / {k} does not lie in {c}.
city not: {k} is not a city in {c}. / {k} lies outside {c}. / The city of {k} is not part of {c}.
city not: {k} cannot be found in {c}.
city not: It is not the case that the city of {k} is in {c}. / It is false that {k} is in {c}. / {k} is nowhere in {c}.
capital: The capital of {c} is {v}. / {v} is the capital of {c}. / {c}'s capital is {v}. / {c} has {v} as its capital.
capital: The capital city of {c} is {v}. / {v} serves as the capital of {c}. / {v} is {c}'s capital city.
capital: {v} is the capital city of {c}. / {c} has its capital in {v}.
capital not: {v} is not the capital of {c}. / The capital of {c} is not {v}. / The capital of {c} isn't {v}.
capital not: {c}'s capital is not {v}. / It is not the case that {v} is the capital of {c}.
continent: {c} is in {v}. / {c} is located in {v}. / {c} is a country in {v}. / {c} is on the continent of {v}.
continent: The continent of {c} is {v}. / {c} lies in {v}. / {c} belongs to {v}. / {c} is part of {v}.
continent not: {c} is not in {v}. / {c} is not a country in {v}. / {c} isn't located in {v}. / {c} is not part of {v}.
city continent: The city of {k} is in {v}. / {k} is located in {v}. / {k} is a city in {v}.
city continent not: The city of {k} is not in {v}. / {k} is not located in {v}.
language: {v} is an official language of {c}. / {v} is spoken in {c}. / People in {c} speak {v}.
language: {v} is a language of {c}.
language: One of the official languages of {c} is {v}. / In {c}, people speak {v}.
language: {c} has {v} as an official language.
language not: {v} is not an official language of {c}. / {v} is not spoken in {c}. / People in {c} do not speak {v}.
currency: The currency of {c} is the {v}. / {c} uses the {v} as its currency. / The {v} is the currency of {c}.
currency: {c}'s currency is the {v}. / In {c}, people pay with the {v}. / The {v} is used in {c}.
currency not: The {v} is not the currency of {c}. / {c} does not use the {v}. / The currency of {c} is not the {v}.
border: {c} borders {v}. / {c} shares a border with {v}. / {c} is bordered by {v}. / {c} has a border with {v}.
border: {v} is a neighbour of {c}. / {c} and {v} share a border. / {c} is adjacent to {v}. / {c} is next to {v}.
border: There is a border between {c} and {v}. / {c} and {v} are neighbours. / {c} is a neighbouring country of {v}.
border not: {c} does not border {v}. / {c} doesn't share a border with {v}. / {c} and {v} do not share a border.
border not: {v} is not a neighbour of {c}. / {c} has no border with {v}. / {c} is not bordered by {v}.
area: {c} has an area of {v} square kilometres. / The area of {c} is {v} square kilometres. / {c} covers {v} km².
area: {c} is {v} square kilometres in area. / {c} covers an area of {v} square kilometres.
area not: The area of {c} is not {v} square kilometres. / {c} does not have an area of {v} square kilometres.
population: {c} has a population of {v}. / The population of {c} is {v}. / {c} has {v} inhabitants.
population: {v} people live in {c}. / {c} is home to {v} people. / {c}'s population is {v}.
population not: The population of {c} is not {v}. / {c} does not have {v} inhabitants.
borders counted: {c} borders {v} countries. / {c} shares borders with {v} countries. / {c} has {v} neighbours.
borders counted: {c} has borders with {v} other countries. / There are {v} countries that border {c}.
languages counted: {c} has {v} official languages. / There are {v} official languages in {c}.
landlocked: {c} is a landlocked country.
landlocked not: {c} is not a landlocked country. / {c} isn't a landlocked country.
"""
_BOTH = "It is the case both that the city of {a} is in {b} and that the city of {c} is in {d}."
_EITHER = "It is the case either that the city of {a} is in {b} or that the city of {c} is in {d}."
_JOINED = (
    ("both", _BOTH), ("both", "The city of {a} is in {b} and the city of {c} is in {d}."),
    ("either", _EITHER), ("either", "Either {a} is in {b} or {c} is in {d}."),
    ("neither", "Neither {a} nor {c} is in {b}."),
    ("neither", "It is neither the case that {a} is in {b} nor that {c} is in {d}."),
)  # fmt: skip
_ARTICLE = ("United ", "British ", "Falkland", "Cook ", "Marshall ", "Solomon ", "Czech Rep", "Dominican Rep", "Faroe ")
_THE = frozenset("Netherlands Philippines Gambia Bahamas Maldives Comoros Americas".split())


class _Country(NamedTuple):
    name: str
    term: str
    values: Mapping[str, tuple[str, ...]]
    cities: tuple[str, ...]


def countries(rows: Iterable[Mapping[str, Any]]) -> tuple[str, list[Statement]]:
    """Return the graph as Turtle and the statements."""
    known = [_country(number, row) for number, row in enumerate(rows)]
    codes = {row["cca3"]: country for row, country in zip(rows, known, strict=True)}
    neighbours = {c.term: tuple(codes[code].name for code in c.values["border"]) for c in known}
    known = [c._replace(values={**c.values, "border": neighbours[c.term]}) for c in known]
    statements = [s for c in known for s in _statements(c, known)]
    statements += list(_joined(known))
    return PREFIXES + _ONTOLOGY + "\n".join(_facts(known)), statements


def _country(number: int, row: Mapping[str, Any]) -> _Country:
    name = row["name"]["common"]
    people = 20_000 + digest("people", name) % 90_000_000
    values = {
        "capital": tuple(row.get("capital") or ()),
        "continent": (row["region"],),
        "language": tuple((row.get("languages") or {}).values()),
        "currency": tuple(one["name"] for one in (row.get("currencies") or {}).values()),
        "border": tuple(row.get("borders") or ()),
        "area": (f"{row['area']:,.0f}",) if row["area"] >= 1 else (),
        "population": (f"{people:,}",),
        "landlocked": ("yes",) if row["landlocked"] else (),
    }
    return _Country(name, f"e:k{number}", values, values["capital"])


class _Terms:
    """Names to terms, each stated once."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._terms: dict[tuple[str, str], str] = {}

    def of(self, cls: str, name: str, apart: str = "") -> str:
        """Return the term of a name; `apart` keeps two things of one name apart."""
        key = cls, f"{name}\t{apart}"
        if key not in self._terms:
            self._terms[key] = f"e:v{len(self._terms)}"
            self.lines.append(f"{self._terms[key]} a {cls} ; rdfs:label {quoted(name)} .")
        return self._terms[key]


def _facts(known: Sequence[_Country]) -> Iterator[str]:
    terms = _Terms()
    by_name = {country.name: country.term for country in known}
    for country in known:
        cls = "c:Landlocked" if country.values["landlocked"] else "c:Country"
        yield f"{country.term} a {cls} ; rdfs:label {quoted(country.name)} ."
        for city in country.cities:
            term = terms.of("c:City", city, country.name)
            yield f"{country.term} p:capital {term} . {term} p:country {country.term} ."
        for predicate, cls in (("continent", "c:Continent"), ("language", "c:Language"), ("currency", "c:Currency")):
            for value in country.values[predicate]:
                yield f"{country.term} p:{predicate} {terms.of(cls, value)} ."
        for other in country.values["border"]:
            yield f"{country.term} p:borders {by_name[other]} ."
        for predicate in ("area", "population"):
            for value in country.values[predicate]:
                yield f"{country.term} p:{predicate} {value.replace(',', '')} ."
    yield from terms.lines


def _statements(country: _Country, known: Sequence[_Country]) -> Iterator[Statement]:
    for line in _SENTENCES.strip().splitlines():
        what, _, sentences = line.partition(": ")
        denies = what.endswith(" not")
        about = what.removesuffix(" not")
        for template in sentences.split(" / "):
            for true, city, shown, value in _choices(about, country, known, template):
                text = template.format(c=_the(shown), v=value, k=city)
                if digest("kept", text) % _KEPT == 0:  # whatever half it is of
                    label = Label.SUPPORTED if true is not denies else Label.REFUTED
                    yield Statement(text[0].upper() + text[1:], label, f"{what}: {template}")


def _choices(
    about: str, country: _Country, known: Sequence[_Country], template: str
) -> Iterator[tuple[bool, str, str, str]]:
    """Yield whether a sentence is true, and city, country and value to put into it: one that is, one that is not."""
    values = country.values
    chance = digest(template, country.name)
    if about in ("city", "city continent"):
        unique = [k for k in country.cities if sum(k in other.cities for other in known) == 1]
        for city in unique[:1]:
            own = values["continent"][0]
            others = [c for c in known if city not in c.cities] if about == "city" else known
            wrong = [c for c in others if about == "city" or c.values["continent"][0] != own]
            other = wrong[chance % len(wrong)]
            yield True, city, country.name, _the(own)
            yield False, city, other.name, _the(other.values["continent"][0])
        return
    if about == "landlocked":
        yield bool(values["landlocked"]), "", country.name, ""
        return
    if about.endswith(" counted"):
        have = values[about.split()[0].removesuffix("s")]
        if len(have) > 1:
            wrong_number = len(have) + (1, -1, 2)[chance % 3]
            for true, number in ((True, len(have)), (False, wrong_number)):
                if number > 1:
                    yield true, "", country.name, spell_english(number) if chance % 2 else str(number)
        return
    own_values = values[about]
    if not own_values:
        return
    yield True, "", country.name, _shown(about, own_values[chance % len(own_values)])
    pool = sorted({v for other in known for v in other.values[about] if v not in own_values and v != country.name})
    if about == "continent" or about in ("area", "population"):
        pool = [v for v in pool if not _near(v, own_values[0])]
    if pool:
        yield False, "", country.name, _shown(about, pool[chance % len(pool)])


def _near(value: str, own: str) -> bool:
    """Say whether two numbers differ by less than a fifth: such may be called the same."""
    a, b = (text.replace(",", "") for text in (value, own))
    return a.isdigit() and b.isdigit() and abs(int(a) - int(b)) < 0.2 * max(int(a), int(b))


def _shown(about: str, value: str) -> str:
    return _the(value) if about in ("border", "continent") else value


def _the(name: str) -> str:
    return f"the {name}" if name in _THE or name.startswith(_ARTICLE) or name.endswith("Islands") else name


def _joined(known: Sequence[_Country]) -> Iterator[Statement]:
    """Yield sentences about two cities each."""
    usable = [c for c in known if c.cities and sum(c.cities[0] in other.cities for other in known) == 1]
    for number, first in enumerate(usable):
        second = usable[(number * 7 + 3) % len(usable)]
        if first is second:
            continue
        for name, template in _JOINED:
            chance = digest(template, first.name)
            right = bool(chance & 1), bool(chance & 2)
            places = [
                own if ok else usable[(chance + step) % len(usable)]
                for own, ok, step in ((first, right[0], 5), (second, right[1], 11))
            ]
            holds = tuple(place is own for place, own in zip(places, (first, second), strict=True))
            text = template.format(
                a=first.cities[0], b=_the(places[0].name), c=second.cities[0], d=_the(places[1].name)
            )
            if "{d}" not in template:
                holds = holds[0], places[0] is second
            true = {"both": all(holds), "either": any(holds), "neither": not any(holds)}[name]
            yield Statement(text, Label.SUPPORTED if true else Label.REFUTED, f"{name}: {template}")
