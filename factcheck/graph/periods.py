"""When a fact holds: start, end or point in time, as RDF 1.2 reifiers and Wikidata's statement nodes say it.

    << :bonn :seatOf :germany >> :start "1949" ; :end "1990" .      a reifier, which pyoxigraph gives as rdf:reifies
    wd:Q1 p:P39 s:a . s:a ps:P39 wd:Q2 ; pq:P580 "1949" .           a statement node with qualifiers

Events (a node of its own that names who, what and when) are chains of facts; `factcheck.graph.paths` finds those. Where
a claim asks what holds now, since or until some time, their start and end bound the fact that they are about.

Source: RDF 1.2 Concepts, section 1.5 (triple terms and reification); "Wikibase/Indexing/RDF Dump Format", statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from factcheck.graph.source import FactSource
from factcheck.graph.vocabulary import RDF, XSD, is_literal, is_vocabulary, literal_parts, phrase_from_iri
from factcheck.types import Fact, Period, Triple

REIFIES = RDF + "reifies"
WD_PROP = "http://www.wikidata.org/prop/"
WD_DIRECT, WD_STATEMENT = WD_PROP + "direct/", WD_PROP + "statement/"
_MAX_STATEMENTS = 50
_MAX_NODES = 200
NOW = re.compile(
    r"\b(?:currently|now|today|at present|presently|still|incumbent|is the current)\b|目前|現在|现在|現任|现任", re.I
)
"""Words that speak of the day on which a claim is read."""
_SINCE = re.compile(r"\b(?:since|until|till)\b|以來|以来|直到|至今", re.I)
_DATES = frozenset(XSD + name for name in ("gYear", "gYearMonth", "date", "dateTime", "string", "integer"))
_START = frozenset(
    "start,start time,start date,start year,from,since,begin,began,beginning,begin date,begin year,valid from,"
    "in office from,starting year,p580,起始,開始時間".split(",")
)
_END = frozenset(
    "end,end time,end date,end year,to,until,till,ended,ending,finish,valid to,valid until,in office until,"
    "ending year,p582,結束時間".split(",")
)
_POINT = frozenset("point in time,date,year,when,at time,on date,in year,p585,時間點".split(","))


def term_of(triple: Triple) -> str:
    """Return a triple as a term, the way the statement table writes it."""
    return f"<<( {triple.subject} {triple.predicate} {triple.object} )>>"


class PeriodFinder:
    """Finds the periods of facts; asks nothing of a graph that has none."""

    def __init__(self, store: FactSource) -> None:
        self._store = store

    def dated(self, fact: Fact, *, events: bool = False) -> Fact:
        """Return the fact with its periods, in words too.

        Args:
            fact: as it is stored.
            events: also look for nodes that name its two ends with a start or an end.
        """
        found: list[Period] = []
        if self._store.schema.qualified:
            found += (*self._reified(fact.triple), *self._stated(fact.triple))
        if events and not found and not is_literal(fact.triple.object):
            found += self._events(fact.triple)
        periods = tuple(dict.fromkeys(found))
        if not periods:
            return fact
        return replace(fact, periods=periods, text=f"{fact.text.rstrip('.')} ({periods_in_words(periods)}).")

    def _events(self, triple: Triple) -> Iterator[Period]:
        for link in self._store.triples(None, None, triple.subject, limit=_MAX_NODES):
            node = link.subject
            if node in (triple.subject, triple.object) or is_vocabulary(link.predicate[1:-1]):
                continue
            value = self._store.triples(node, None, triple.object, limit=1)
            period = self._period(node, (link, *value)) if value else None
            # A single date is when something happened, not how long it held.
            if period is not None and (period.start is None or period.start != period.end):
                yield period

    def _reified(self, triple: Triple) -> Iterator[Period]:
        reifies = f"<{REIFIES}>"
        for statement in self._store.triples(None, reifies, term_of(triple), limit=_MAX_STATEMENTS):
            period = self._period(statement.subject, (statement,))
            if period is not None:
                yield period

    def _stated(self, triple: Triple) -> Iterator[Period]:
        name = triple.predicate[1:-1].removeprefix(WD_DIRECT)
        if name == triple.predicate[1:-1]:
            return
        for link in self._store.triples(triple.subject, f"<{WD_PROP}{name}>", limit=_MAX_STATEMENTS):
            value = self._store.triples(link.object, f"<{WD_STATEMENT}{name}>", triple.object, limit=1)
            period = self._period(link.object, (link, *value)) if value else None
            if period is not None:
                yield period

    def _period(self, node: str, triples: tuple[Triple, ...]) -> Period | None:
        found: dict[str, Triple] = {}
        for triple in self._store.triples(node, limit=_MAX_STATEMENTS):
            kind = self._kind(triple.predicate) if is_literal(triple.object) else None
            if kind is not None and literal_parts(triple.object).datatype in _DATES:
                found.setdefault(kind, triple)
        if not found:
            return None
        first = found.get("start") or found.get("point")
        last = found.get("end") or found.get("point")
        used = tuple(dict.fromkeys(t for t in (first, last) if t is not None))
        return Period(
            start=None if first is None else literal_parts(first.object).text,
            end=None if last is None else literal_parts(last.object).text,
            triples=(*triples, *used),
        )

    def _kind(self, predicate: str) -> str | None:
        names = {phrase_from_iri(predicate[1:-1]).lower(), self._store.schema.relation(predicate).label.lower()}
        for kind, words in (("start", _START), ("end", _END), ("point", _POINT)):
            if not names.isdisjoint(words):
                return kind
        return None


def asks_of_time(text: str) -> bool:
    """Say whether a claim is about what holds now, since or until some time."""
    return NOW.search(text) is not None or _SINCE.search(text) is not None


def periods_in_words(periods: Iterable[Period]) -> str:
    """Return when a fact holds, as a reader wants to see it."""
    return "; ".join(_words(period) for period in periods)


def _words(period: Period) -> str:
    start, end = (_shown(value) for value in (period.start, period.end))
    if start and start == end:
        return f"in {start}"
    return " ".join(part for part in (f"from {start}" if start else "", f"until {end}" if end else "") if part)


def _shown(value: str | None) -> str:
    """Return a date without a time of day."""
    return "" if value is None else value.partition("T")[0]
