"""Graphs that say what is not so, and properties that hold several values whatever the data show."""

from pathlib import Path

import pytest

from factcheck.decide import decide
from factcheck.graph.reader import LocalGraphReader
from factcheck.types import Case, Label
from factcheck.verify.facts import GraphChecker
from tests.graph.sample import build, claim

_GRAPH = """
@prefix e: <https://example.org/e/> . @prefix p: <https://example.org/p/> .
@prefix fcv: <https://factcheck.example/vocabulary/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
p:can rdfs:label "can" ; fcv:several true . p:cannot rdfs:label "cannot" ; fcv:several true .
p:wants rdfs:label "wants" ; fcv:several true . p:unwilling rdfs:label "does not want" ; fcv:several true .
p:made rdfs:label "is made of" ; fcv:several true . p:found rdfs:label "is found at" .
e:dog rdfs:label "dog" ; p:can e:bark ; p:made e:fur ; p:found e:yard . e:bark rdfs:label "bark" .
e:hen rdfs:label "hen" ; p:cannot e:swim ; p:unwilling e:bath ; p:made e:down ; p:found e:coop .
e:swim rdfs:label "swim" . e:bath rdfs:label "bath" .
e:cow rdfs:label "cow" ; p:made e:hide ; p:found e:barn ; p:can e:moo .
e:fur rdfs:label "fur" . e:down rdfs:label "down" . e:hide rdfs:label "hide" . e:moo rdfs:label "moo" .
e:yard rdfs:label "yard" . e:coop rdfs:label "coop" . e:barn rdfs:label "barn" .
"""
TRUE, FALSE, OPEN = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_INFO


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> LocalGraphReader:
    folder: Path = tmp_path_factory.mktemp("denying")
    return LocalGraphReader.open(build(folder, _GRAPH))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("A dog can bark.", TRUE),
        ("A dog cannot bark.", FALSE),
        ("A hen cannot swim.", TRUE),
        ("A hen can swim.", FALSE),
        ("A hen does not want a bath.", TRUE),
        ("A hen wants a bath.", FALSE),
        ("A dog can swim.", OPEN),
        ("A dog is made of hide.", OPEN),  # it may hold several values
        ("A dog is found at the barn.", FALSE),  # nothing says so, and the data show one
    ],
)
def test_what_is_denied_stands_against_what_is_said(reader: LocalGraphReader, text: str, label: Label) -> None:
    (result,) = GraphChecker(reader).check([Case(claim=claim(text))])
    assert decide(Case(claim=claim(text), evidence=result.evidence), result.judgements).label is label
