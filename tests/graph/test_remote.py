"""The same seam over a SPARQL endpoint: a real server on loopback, and servers that misbehave."""

import re
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from rdflib.term import Literal, URIRef

from factcheck import FactChecker
from factcheck.errors import ServiceError, UsageError
from factcheck.graph.endpoint import Endpoint, EndpointLimits
from factcheck.graph.reader import RemoteGraphReader
from factcheck.graph.remote import RemoteStore
from factcheck.protocols import GraphReader
from factcheck.types import Case, CheckedClaim, FailedClaim, Label
from factcheck.verify.facts import GraphChecker
from tests.graph import sparql_server as servers
from tests.graph.sample import TURTLE, claim
from tests.graph.sparql_server import SparqlServer, serving

ROWS = "SELECT ?s ?p ?o WHERE { VALUES ?o { %(value)s } ?s ?p ?o } ORDER BY ?s ?p ?o"


@pytest.fixture(scope="module")
def server() -> SparqlServer:
    return SparqlServer(TURTLE)


@pytest.fixture(scope="module")
def reader(server: SparqlServer) -> Iterator[RemoteGraphReader]:
    with serving(server.answer) as url:
        yield RemoteGraphReader(RemoteStore(url))


def label_of(reader: RemoteGraphReader, text: str) -> set[Label]:
    (result,) = GraphChecker(reader).check([Case(claim=claim(text))])
    return {judgement.probabilities.label for judgement in result.judgements}


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("The capital of Norland is Vess.", {Label.SUPPORTED}),
        ("Norland's capital is Vess.", {Label.SUPPORTED}),
        ("The capital of Norland is Orla.", {Label.REFUTED}),
        ("Vess is the capital of Sudmark.", {Label.REFUTED}),
        ("Vess is not the capital of Norland.", {Label.REFUTED}),
        ("Norland has a total area of 2,381,740 square kilometres.", {Label.SUPPORTED}),
        ("Ana Olsen was born in 1868.", {Label.REFUTED}),
        ("Sudmark borders Norland.", {Label.SUPPORTED}),
        ("Vess is located in Boria.", {Label.SUPPORTED}),
        ("諾蘭的首都是維斯。", {Label.SUPPORTED}),
        ("Springs is in Boria.", set()),  # there are two
        ("Atlantis is far away.", set()),
    ],
)
def test_claims_are_judged_as_on_disk(reader: RemoteGraphReader, text: str, labels: set[Label]) -> None:
    assert label_of(reader, text) == labels


def test_it_keeps_the_protocol(reader: RemoteGraphReader) -> None:
    assert isinstance(reader, GraphReader)
    assert reader.source.startswith("http://127.0.0.1") and len(reader.sha256) == 64


def test_answers_are_kept(server: SparqlServer, reader: RemoteGraphReader) -> None:
    reader.ask([claim("Orla is in Norland.")])
    before = len(server.queries)
    reader.ask([claim("Orla is located in Norland.")])
    assert len(server.queries) - before <= 2


@pytest.mark.parametrize(
    "name",
    [
        'Vess" } DROP ALL #',
        "Vess\\",
        'Vess\\" . ?s ?p ?o #',
        "Vess\n} #",
        "Vess' OR 1",
        "Vess> . <http://x>",
        "%(names)s %s",
    ],
)
def test_words_of_a_claim_stay_terms(server: SparqlServer, reader: RemoteGraphReader, name: str) -> None:
    before = len(server.queries)
    reader.ask([claim(f"{name} is the Capital of Norland {name}.")])
    # Without its literals a query is one of the constants, whatever the claim says.
    quoted = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"', re.S)
    for query in server.queries[before:]:
        assert "DROP" not in quoted.sub("", query) and "http://x>" not in quoted.sub("", query)
    assert server.store.query("ASK { ?s ?p ?o }")
    rows = list(reader._remote.endpoint.rows(ROWS, {"value": [Literal(name)]}))
    assert rows == []


def test_pages_hold_every_row_once() -> None:
    lines = "\n".join(f'<http://x/{n:05}> <http://x/p> "v" .' for n in range(2500))
    with serving(SparqlServer(lines).answer) as url:
        endpoint = Endpoint(url, EndpointLimits(page_rows=400))
        rows = list(endpoint.rows(ROWS, {"value": [Literal("v")]}))
        assert len(rows) == len(set(rows)) == 2500
        assert len(list(endpoint.rows(ROWS, {"value": [Literal("v")]}, limit=901))) == 901
        assert rows[0] == (URIRef("http://x/00000"), URIRef("http://x/p"), Literal("v"))
        bounded = Endpoint(url, EndpointLimits(page_rows=400, max_rows=1000))
        assert len(list(bounded.rows(ROWS, {"value": [Literal("v")]}))) == 1000


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (servers.hang, "does not answer within 0.4 s"),
        (servers.trickle, "does not answer within 0.4 s"),
        (servers.web_page, "text/html instead of SPARQL results"),
        (servers.html_as_results, "no SPARQL result"),
        (servers.million_rows, "more than|more rows"),
        (servers.busy, "status 503"),
        (servers.elsewhere, "status 307"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_server_that_misbehaves_is_an_error_and_is_let_rest(answer: Callable[..., None], message: str) -> None:
    asked = []

    def counted(handler: BaseHTTPRequestHandler, query: str) -> None:
        asked.append(query)
        answer(handler, query)

    limits = EndpointLimits(timeout_seconds=0.4, max_bytes=2_000_000, rest_seconds=300)
    with serving(counted) as url:
        endpoint = Endpoint(url, limits)
        with pytest.raises(ServiceError, match=message) as caught:
            list(endpoint.rows(ROWS, {"value": [Literal("v")]}))
        assert url in str(caught.value)
        before = len(asked)
        with pytest.raises(ServiceError, match=message):  # the next one does not ask again
            list(endpoint.rows(ROWS, {"value": [Literal("v")]}))
        assert len(asked) == before


def test_a_server_that_is_not_there_is_an_error() -> None:
    with serving(servers.busy) as url:
        pass
    with pytest.raises(ServiceError, match="cannot be reached"):
        RemoteGraphReader(RemoteStore(url))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/x", "http://", "http://user:secret@host/sparql"])
def test_only_http_addresses_without_passwords(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Endpoint(url)
    assert "secret" not in str(caught.value)


def test_an_endpoint_that_rests_is_asked_again(server: SparqlServer) -> None:
    broken = [True]

    def answer(handler: object, query: str) -> None:
        (servers.busy if broken[0] else server.answer)(handler, query)  # type: ignore[arg-type]

    with serving(answer) as url:  # type: ignore[arg-type]
        endpoint = Endpoint(url, EndpointLimits(rest_seconds=0.1))
        with pytest.raises(ServiceError):
            list(endpoint.rows(ROWS, {"value": [Literal("v")]}))
        broken[0] = False
        time.sleep(0.15)
        assert list(endpoint.rows(ROWS, {"value": [Literal("soon")]}))


def test_the_facade_takes_an_address_and_a_failure_is_a_failure(server: SparqlServer) -> None:
    broken = [False]

    def answer(handler: object, query: str) -> None:
        (servers.web_page if broken[0] else server.answer)(handler, query)  # type: ignore[arg-type]

    with serving(answer) as url:  # type: ignore[arg-type]
        checker = FactChecker.open(graph=url)
        (good,) = checker.check("The capital of Norland is Orla.").claims
        assert isinstance(good, CheckedClaim) and good.verdict.label is Label.REFUTED
        broken[0] = True
        (bad,) = checker.check("Berta Lund wrote Glade.").claims
        assert isinstance(bad, FailedClaim) and bad.code == "service" and "text/html" in bad.message
