"""What every `Retriever` promises."""

import importlib.util
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from factcheck.errors import EncoderMismatchError, IntegrityError
from factcheck.index import Index
from factcheck.protocols import Retriever
from factcheck.retrieve.context import ContextRetriever
from factcheck.retrieve.fusion import CombinedRetriever
from factcheck.retrieve.passages import PassageRetriever
from factcheck.types import Claim, Span
from tests.fakes import FakeEncoder, FakeRetriever, evidence, passage

TEXTS = [f"Passage {n} speaks of the {word}." for n, word in enumerate(["sea", "sky", "sun", "snow", "sand", "salt"])]
FAKE = FakeRetriever([evidence(text, id=f"p{n}") for n, text in enumerate(TEXTS)])
CONTEXT = ContextRetriever([passage(text, id=f"p{n}") for n, text in enumerate(TEXTS)], FakeEncoder)
RETRIEVERS: dict[str, Retriever] = {
    "fake": FAKE,
    "context": CONTEXT,
    "combined": CombinedRetriever([(FAKE, 3), (FakeRetriever(FAKE.evidence[:3]), 2)]),
}
STORED = ["index", "milvus"]

each = pytest.mark.parametrize("retriever", [*RETRIEVERS, *STORED], indirect=True)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("retriever")
    rows = [{"_id": f"p{n}", "text": text, "source": "S"} for n, text in enumerate(TEXTS)]
    (folder / "c.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    Index.build([folder / "c.jsonl"], folder / "index", FakeEncoder())
    with Index.open(folder / "index", FakeEncoder()) as opened:
        yield opened


@pytest.fixture(scope="module")
def milvus_file(index: Index, tmp_path_factory: pytest.TempPathFactory) -> str:
    if importlib.util.find_spec("pymilvus") is None or importlib.util.find_spec("milvus_lite") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("pymilvus and milvus-lite have to be installed where CI=true")
        pytest.skip("pymilvus and milvus-lite are not installed (extra 'milvus')")
    from factcheck.retrieve.milvus import push_index

    path = str(tmp_path_factory.mktemp("milvus") / "lite.db")
    assert push_index(index, path) == len(TEXTS)
    return path


@pytest.fixture(scope="module")
def stored(index: Index) -> Iterator[dict[str, Retriever]]:
    found: dict[str, Retriever] = {"index": PassageRetriever(index)}
    yield found
    opened = found.get("milvus")
    if opened is not None:
        opened.close()  # type: ignore[attr-defined]


@pytest.fixture
def retriever(request: pytest.FixtureRequest, stored: dict[str, Retriever]) -> Retriever:
    if request.param in RETRIEVERS:
        return RETRIEVERS[request.param]
    if request.param == "milvus" and "milvus" not in stored:
        from factcheck.retrieve.milvus import MilvusRetriever

        stored["milvus"] = MilvusRetriever.open(request.getfixturevalue("milvus_file"), FakeEncoder())
    return stored[request.param]


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
    assert "p2" in [e.id.split("#")[0] for e in retriever.retrieve(CLAIMS[1:2], k)[0]]


@each
def test_evidence_can_be_cited(retriever: Retriever) -> None:
    for found in retriever.retrieve(CLAIMS, 3):
        for piece in found:
            assert piece.text
            assert piece.source
            assert piece.passage is not None
            assert piece.passage.document_sha256


def test_milvus_finds_what_the_local_index_finds(index: Index, milvus_file: str) -> None:
    from factcheck.retrieve.milvus import MilvusRetriever

    local = PassageRetriever(index).retrieve(CLAIMS[:2], 4)
    with MilvusRetriever.open(milvus_file, FakeEncoder()) as remote:
        assert remote.about["index"] == index.sha256
        for here, there in zip(local, remote.retrieve(CLAIMS[:2], 4), strict=True):
            assert [e.id for e in here] == [e.id for e in there]
            assert [e.score for e in here] == pytest.approx([e.score for e in there], rel=1e-3)
            assert [e.passage for e in here] == [e.passage for e in there]


def test_milvus_refuses_another_encoder_and_a_collection_that_is_not_there(milvus_file: str) -> None:
    from factcheck.retrieve.milvus import MilvusRetriever

    with pytest.raises(EncoderMismatchError):
        MilvusRetriever.open(milvus_file, FakeEncoder(dimensions=16))
    with pytest.raises(IntegrityError, match="index push"):
        MilvusRetriever.open(milvus_file, FakeEncoder(), collection="other")


def test_milvus_is_filled_anew(index: Index, tmp_path: Path, milvus_file: str) -> None:
    from factcheck.retrieve.milvus import MilvusRetriever, push_index

    told: list[tuple[int, int]] = []
    for _ in range(2):
        path = str(tmp_path / "again.db")
        push_index(index, path, collection="c", report=lambda *progress: told.append(progress))
    assert told == [(len(TEXTS), len(TEXTS))] * 2
    with MilvusRetriever.open(str(tmp_path / "again.db"), FakeEncoder(), collection="c") as remote:
        assert len(remote.retrieve(CLAIMS[:1], 50)[0]) == len(TEXTS)
