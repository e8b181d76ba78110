"""What every `Retriever` promises."""

import pytest

from factcheck.protocols import Retriever
from factcheck.retrieve.context import ContextRetriever
from factcheck.retrieve.fusion import CombinedRetriever
from factcheck.types import Claim, Span
from tests.fakes import FakeEncoder, FakeRetriever, evidence, passage

TEXTS = [f"Passage {n} speaks of the {word}." for n, word in enumerate(["sea", "sky", "sun", "snow", "sand", "salt"])]
FAKE = FakeRetriever([evidence(text, id=f"p{n}") for n, text in enumerate(TEXTS)])
CONTEXT = ContextRetriever([passage(text, id=f"p{n}") for n, text in enumerate(TEXTS)], FakeEncoder)
RETRIEVERS = [FAKE, CONTEXT, CombinedRetriever([(FAKE, 3), (FakeRetriever(FAKE.evidence[:3]), 2)])]

each = pytest.mark.parametrize("retriever", RETRIEVERS, ids=lambda r: type(r).__name__)


def claim(text: str) -> Claim:
    return Claim(id="c1", text=text, span=Span(start=0, end=len(text)))


CLAIMS = [claim("The snow speaks."), claim("Passage 2 speaks of the sun."), claim("沒有"), claim("\ufffd")]


@each
def test_it_is_one(retriever: Retriever) -> None:
    assert isinstance(retriever, Retriever)


@each
def test_answers_are_aligned_and_do_not_depend_on_neighbours(retriever: Retriever) -> None:
    together = retriever.retrieve(CLAIMS, 3)
    assert len(together) == len(CLAIMS)
    alone = [retriever.retrieve([one], 3)[0] for one in CLAIMS]
    assert [[e.id for e in found] for found in together] == [[e.id for e in found] for found in alone]
    assert retriever.retrieve([], 3) == []


@each
@pytest.mark.parametrize("k", [1, 2, 4])
def test_at_most_k_best_first_with_unique_ids(retriever: Retriever, k: int) -> None:
    for found in retriever.retrieve(CLAIMS, k):
        assert len(found) <= k
        assert len({e.id for e in found}) == len(found)
        scores = [e.score for e in found]
        assert scores == sorted(scores, reverse=True)
    assert "p2" in [e.id for e in retriever.retrieve(CLAIMS[1:2], k)[0]]


@each
def test_evidence_can_be_cited(retriever: Retriever) -> None:
    for found in retriever.retrieve(CLAIMS, 3):
        for piece in found:
            assert piece.text
            assert piece.source
            assert piece.passage is not None
            assert piece.passage.document_sha256
