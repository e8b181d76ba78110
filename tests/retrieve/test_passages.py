import json
from collections.abc import Iterator

import pytest

from factcheck.config import RetrieveSettings
from factcheck.errors import UsageError
from factcheck.index import Index, SearchMode
from factcheck.protocols import Retriever
from factcheck.retrieve.passages import PassageRetriever
from factcheck.types import Claim, Span
from tests.fakes import FakeEncoder

ROWS = [
    {"_id": "a", "title": "Radium", "text": "It was discovered in 1898.", "source": "Almanac"},
    {"_id": "b", "title": "Polonium", "text": "It was discovered in 1898.", "source": ""},
    {"_id": "c", "text": "Bananas are yellow."},
]


def claim(text: str) -> Claim:
    return Claim(id="c1", text=text, span=Span(start=0, end=len(text)))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("index")
    (folder / "c.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS))
    Index.build([folder / "c.jsonl"], folder / "index", FakeEncoder())
    with Index.open(folder / "index", FakeEncoder()) as opened:
        yield opened


def test_evidence_is_the_passage(index: Index) -> None:
    retriever: Retriever = PassageRetriever(index)
    assert isinstance(retriever, Retriever)
    ((best, *_), (other, *_)) = retriever.retrieve([claim("Radium was discovered in 1898."), claim("Bananas")], 2)
    assert best.passage is not None
    assert (best.id, best.text, best.source) == (best.passage.id, "It was discovered in 1898.", "Almanac")
    assert best.premise == "Radium\nIt was discovered in 1898."
    assert best.score > 0 and best.triples == ()
    assert other.text == "Bananas are yellow."


def test_without_a_source_of_its_own_a_row_is_the_files(index: Index) -> None:
    ((best, *_),) = PassageRetriever(index).retrieve([claim("Polonium")], 1)
    assert best.source == "c.jsonl"


def test_equal_claims_get_equal_evidence(index: Index) -> None:
    one, two, three = PassageRetriever(index).retrieve([claim("Radium"), claim("Bananas"), claim("Radium")], 3)
    assert one == three != two
    assert PassageRetriever(index).retrieve([], 3) == []


def test_modes_and_settings(index: Index) -> None:
    settings = RetrieveSettings(lexical_weight=0.0)
    for retriever in (PassageRetriever(index, settings), PassageRetriever(index, mode=SearchMode.DENSE)):
        ((best, *_),) = retriever.retrieve([claim("Bananas are yellow.")], 1)
        assert best.text == "Bananas are yellow."
    with Index.open(index.path) as without, pytest.raises(UsageError):
        PassageRetriever(without).retrieve([claim("x")], 1)
