"""How sentences speak of common properties, whatever a graph calls them.

A frame is used for a property when one of its labels, or its IRI read as words, is one of the names behind `is:`. The
phrases behind `says:` stand between subject and object, those behind `inverse:` between object and subject. They are
compared as stems without articles and auxiliaries, so "was invented by" is written `invented by`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_TABLE = """
is: birth place, place of birth, birthplace, born in, 出生地
says: born in, born at, native of, hails from, birthplace, place of birth, 出生於, 生於, 出生在
inverse: birthplace of

is: birth date, date of birth, birth year, year of birth, birthdate, born, 出生日期, 出生年份
says: born on, born in, born, date of birth, birth year, year of birth, 出生於, 生於, 出生
says: older than, younger than, born before, born after

is: death place, place of death, deathplace
says: died in, died at, passed away in, killed in, place of death, 逝世於, 死於
inverse: place of death of

is: death date, date of death, death year, year of death, deathdate, died, 逝世日期, 逝世年份
says: died on, died in, died, passed away in, passed away on, death year, year of death, 逝世於, 卒於, 死於, 逝世
says: lived until, lived to, died before, died after

is: spouse, married to, partner, 配偶
says: married, married to, wed, wife, husband, wife of, husband of, spouse of, 結婚

is: child, children, has child
says: child, son, daughter, father of, mother of, parent of
inverse: child of, son of, daughter of

is: parent, parents, father, mother
says: child of, son of, daughter of
inverse: father of, mother of, parent of

is: author, written by, writer, authors
says: written by, authored by, penned by, novel by, book by
inverse: wrote, authored, penned, author of, writer of, written

is: director, directed by, film director
says: directed by, film by
inverse: directed, director of

is: producer, produced by
says: produced by
inverse: produced, producer of

is: composer, music composer, composed by, music by
says: composed by, music by
inverse: composed, composer of

is: starring, actor, cast, cast member, stars
says: starring, stars, starred, featuring, features
inverse: starred in, star of, acted in, appeared in, stars in, played in, had role in

is: inventor, invented by, 發明者
says: invented by, devised by, created by
inverse: invented, inventor of, devised, created, 發明了, 發明

is: discoverer, discovered by, 發現者
says: discovered by, found by, isolated by
inverse: discovered, discoverer of, 發現了, 發現

is: creator, created by
says: created by, creation of
inverse: created, creator of

is: founder, founded by, founders
says: founded by, established by, set up by, started by
inverse: founded, founder of, established, co-founded

is: founding date, foundation date, founding year, year of foundation, established, foundation, date founded
is: inception
says: founded in, founded on, established in, set up in, formed in, started in, dates from
says: founding year, year of founding, foundation year, older than, younger than, founded before, founded after

is: foundation place, founding place, place of foundation
says: founded in, established in, started in

is: capital, capital city, 首都
says: capital, has capital
inverse: capital of, capital city of, serves as capital of

is: capital of
says: capital of, capital city of
inverse: capital, capital city

is: country, in country, located in country, state, nation, city of, city in, town in, country of city
says: in, within, located in, located within, city in, town in, from, based in, belongs to, found in, lies in

is: has city, contains city, cities, contains place
says: city, contains city of, city of
inverse: in, within, located in, located within, city in, town in, belongs to, found in, part of

is: location, located in, is part of, part of, is in, city, region, place, 位於
says: located in, located at, located within, in, at, within, lies in, situated in, found in, part of, based in
says: stands in, 位於, 位在, 在

is: city served, serves, served city
says: serves, serves city of

is: continent
says: continent, in, located in, lies in, country in, on continent of, belongs to, part of, country on

is: headquarters, headquarter, headquarters location
says: headquartered in, headquarters in, based in, has headquarters in
inverse: headquarters of

is: is part of, part of
says: part of, belongs to, in, located in, within

is: ethnic group, ethnic groups
says: ethnic group, home to
inverse: ethnic group of, ethnic group in, live in, found in

is: ingredient, main ingredient, main ingredients
says: ingredient, contains, includes, made with, made from, uses
inverse: ingredient of, ingredient in, used in

is: alternative name, other name, nickname, alias, full name, native name
says: known as, called, nicknamed, alternative name

is: isbn number, isbn
says: isbn, isbn number

is: leader, leader name, led by, mayor, head, chief
says: leader, led by, mayor, headed by, governed by
inverse: leads, leader of, led, mayor of, heads, governs

is: president
says: president, led by
inverse: president of

is: office, position held, leader of
says: held office in, in office in, leader of, led, president of, prime minister of, chancellor of, served as
says: leader of, governed, headed, assumed office in
says: leader in, came to office in, took office in, took office as leader of

is: currency, 貨幣
says: currency, uses, pays with, legal tender
inverse: currency of, used in, legal tender in, money of

is: official language, language, languages, spoken language
says: official language, language, speaks, people speak, people of speak, official languages include, languages include
inverse: official language of, spoken in, language of, official in

is: area, total area, area total, surface area, area of state, total area of state
says: area, total area, covers, spans, has area of, covers area of, measures
says: larger than, bigger than, smaller than, greater than

is: population, population total, total population
says: population, population of, inhabitants, people, home to, number of inhabitants, inhabited by, residents
says: more populous than, less populous than, more populated than, less populated than, larger than, bigger than
says: smaller than, inhabitants than, people than, residents than

is: elevation, height, altitude, elevation above sea level, elevation above the sea level
says: elevation, height, high, tall, rises to, above sea level, 海拔, higher than, taller than, lower than, shorter than

is: length, total length
says: length, long, runs for, stretches for, 長, longer than, shorter than

is: mass, weight
says: mass, weight, weighs, heavier than, lighter than, massive than

is: depth, maximum depth
says: depth, deep, deeper than, shallower than

is: width
says: width, wide, wider than, narrower than, broader than

is: diameter, mean diameter, equatorial diameter
says: diameter, across, wide, larger than, bigger than, smaller than, wider than, narrower than

is: density
says: density, denser than

is: temperature, mean temperature, average temperature, surface temperature
says: temperature, hotter than, colder than, warmer than, cooler than

is: country of origin, origin
says: originated in, comes from, from, invented in, originates in, has origins in
inverse: birthplace of, home of

is: border, borders, shares border with, neighbour, 接壤
says: borders, borders on, shares border with, shares land border with, neighbours, adjoins, adjacent to, 接壤
says: touches, neighbours include, has land border with, has border with
says: bordered by, neighbour of, neighbouring country of, next to, has common border with

is: award, awards, received award, won award, award received
says: won, received, awarded, honoured with, took home, earned, recipient of, winner of, laureate of, was given, got
inverse: won by, awarded to, went to, given to

is: team, played team, plays for, club, current club
says: plays for, played for, played basketball for, began playing for, joined, member of
says: played with, player of, plays in, part of, signed with, signed for
inverse: team of, signed

is: publication date, date of publication, year of publication, published, publication year
says: published in, published on, appeared in, came out in, first published in, published, newer than, released in

is: release date, released, date of release, year of release, premiere date
says: released in, released on, came out in, premiered in, premiered on, released, premiered, newer than

is: publisher, published by
says: published by
inverse: published, publisher of

is: subsidiary, subsidiaries, acquired, owns, acquisition
says: acquired, bought, took over, owns, owner of, purchased, parent company of
inverse: acquired by, owned by, bought by, subsidiary of, taken over by, purchased by

is: owner, owned by, parent company
says: owned by, belongs to, property of
inverse: owns, owner of, owned

is: nationality, citizenship
says: national of, citizen of, nationality

is: occupation, profession
says: occupation, profession, worked as, works as, by profession

is: manufacturer, manufactured by
says: manufactured by, made by, built by, produced by
inverse: manufactures, makes, built, produces

is: operator, operated by, operating organisation
says: operated by, run by
inverse: operates, runs

is: architect, designer, designed by
says: designed by, architect
inverse: designed, architect of

is: genre, music genre
says: genre, played genre

is: alma mater, education, educated at
says: studied at, graduated from, attended, educated at, alma mater
inverse: alma mater of

is: flows into, mouth, outflow, river mouth, mouth of watercourse, mouth of the watercourse
says: flows into, empties into, drains into, 注入

is: flows through, crosses
says: flows through, runs through, passes through, crosses, 流經

is: orbits
says: orbits, revolves around, circles, goes around, moon of, satellite of
inverse: orbited by
"""


_SEVERAL = """
spouse, married to, partner, child, children, parent, parents, sibling, relative, author, authors, writer, director
producer, composer, starring, actor, cast, cast member, stars, inventor, discoverer, creator, founder, founded by
founders, award, awards, award received, was awarded, won award, team, club, played team, member of, member
occupation, profession, genre, music genre, alma mater, education, educated at, affiliation, ingredient, main ingredient
main ingredients, ethnic group, ethnic groups, official language, language, languages, spoken language, spoken in
alternative name, alternative names, other name, nickname, alias, full name, fullname, native name, former name
subsidiary, subsidiaries, acquired, owns, owner, owned by, office, position held, leader, leader name, leader title
key person, headquarter
border, borders, neighbour, location, located in, is part of, part of, region, place, tenant, tenants, current tenants
architect, designer, developer, publisher, manufacturer, architectural style, material, league, sport, sports offered
influenced by, influenced, notable work, works, product, products, participant, battles, significant building
significant project, residence, foundation place, associated band, instrument, record label, doctoral student
national team, political party, religion, field, known for, has part, industry, partner in
"""
SEVERAL = frozenset(name.strip() for line in _SEVERAL.strip().splitlines() for name in line.split(","))
"""Names of properties that can hold several values, however few a graph happens to have."""

PLACES = frozenset({"location", "located in", "in", "situated in", "lies in", "place", "found in"})
"""Names of properties that can tell of places within each other; they have one value if all are of one level."""
CAPITALS = frozenset({"capital", "capital city"})
"""Names of properties whose value is the capital of one thing of a kind."""
OF_CAPITALS = ("city in", "in", "located in", "within")
"""What such a property also says where no other tells in which country a city is; the city stands before."""


def bare_name(name: str) -> str:
    """Return a property's name without the auxiliary that it may begin with: "is located in", "has capital"."""
    head, _, rest = name.lower().partition(" ")
    return rest if rest and head in _AUXILIARIES else name.lower()


_AUXILIARIES = frozenset({"is", "was", "has", "are", "had", "be"})


class Frame(NamedTuple):
    """Names of a property; phrases between subject and object; phrases between object and subject."""

    names: tuple[str, ...]
    forward: tuple[str, ...]
    inverse: tuple[str, ...]


def _frames() -> Iterator[Frame]:
    for block in _TABLE.strip().split("\n\n"):
        parts: dict[str, list[str]] = {"is": [], "says": [], "inverse": []}
        for line in block.splitlines():
            kind, _, phrases = line.partition(": ")
            parts[kind].extend(phrase.strip() for phrase in phrases.split(","))
        yield Frame(tuple(parts["is"]), tuple(parts["says"]), tuple(parts["inverse"]))


FRAMES: tuple[Frame, ...] = tuple(_frames())


def frames_of(names: frozenset[str]) -> Iterator[Frame]:
    """Yield the frames of a property that goes by these names (lower case)."""
    for frame in FRAMES:
        if not names.isdisjoint(frame.names):
            yield frame
