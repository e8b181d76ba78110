"""A Milvus collection in the place of an index, from the façade down."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from factcheck import FactChecker
from factcheck.errors import IntegrityError, UsageError
from factcheck.index import Index, SearchMode
from factcheck.models import load_encoder
from factcheck.types import TextKind

ROWS = b"""{"_id": "mill", "title": "Mill", "text": "The old mill was built in 1850.", "source": "A"}
{"_id": "bridge", "title": "Bridge", "text": "The bridge is 300 m long.", "source": "B"}
"""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    if importlib.util.find_spec("pymilvus") is None or importlib.util.find_spec("milvus_lite") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("pymilvus and milvus-lite have to be installed where CI=true")
        pytest.skip("pymilvus and milvus-lite are not installed (extra 'milvus')")
    folder = tmp_path_factory.mktemp("served")
    (folder / "c.jsonl").write_bytes(ROWS)
    encoder = load_encoder()
    Index.build([folder / "c.jsonl"], folder / "index", encoder)
    # By another process, as users do: in the one that filled it a collection is loaded already.
    command = ["index", "push", str(folder / "index"), str(folder / "lite.db"), "--collection", "mine"]
    pushed = subprocess.run([sys.executable, "-m", "factcheck", *command], capture_output=True, text=True, check=False)
    assert pushed.returncode == 0 and not pushed.stderr, pushed.stderr
    return folder / "index", f"milvus:{folder / 'lite.db'}"


def test_a_collection_serves_as_the_index_does(places: tuple[Path, str]) -> None:
    path, place = places
    text = "The old mill was built in 1905. The bridge is 300 m long."
    local = FactChecker.open(index=path).check(text)
    served = FactChecker.open(index=f"{place}#mine").check(text)
    for here, there in zip(local.claims, served.claims, strict=True):
        assert here.verdict.label is there.verdict.label  # type: ignore[union-attr]
        assert {e.id for e in here.evidence} == {e.id for e in there.evidence}  # type: ignore[union-attr]
    assert served.provenance["index"] == {**local.provenance["index"], "served": "milvus"}  # type: ignore[dict-item]
    assert served.provenance["sample"] is False


@pytest.mark.parametrize(("limit", "kind"), [(100, "FLAT"), (1, "HNSW")])
def test_vectors_are_searched_exactly_or_along_a_graph(
    places: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, kind: str
) -> None:
    """What Milvus chooses by itself looks into a few lists, and misses the nearest now and then."""
    from factcheck.retrieve import milvus

    monkeypatch.setattr(milvus, "FLAT_LIMIT", limit)
    encoder = load_encoder()
    with Index.open(places[0], encoder) as index:
        milvus.push_index(index, str(tmp_path / "own.db"))
        expected = {hit.passage.id for hit in index.search(["the mill"], 3, SearchMode.DENSE)[0]}
    with milvus.MilvusRetriever.open(str(tmp_path / "own.db"), encoder) as served:
        assert served._client.describe_index(milvus.COLLECTION, "meaning")["index_type"] == kind
        found = served._ask("meaning", encoder.encode(["the mill"], TextKind.QUERY).tolist(), 3)[0]
    assert {hit["id"] for hit in found} == expected


def test_a_collection_that_is_not_there(places: tuple[Path, str]) -> None:
    with pytest.raises(IntegrityError, match="index push"):
        FactChecker.open(index=f"{places[1]}#other")
    missing = places[0].with_name("none.db")
    with pytest.raises(IntegrityError, match="no such file"):
        FactChecker.open(index=f"milvus:{missing}")
    assert not missing.exists()
    with pytest.raises(UsageError, match="names no address"):
        FactChecker.open(index="milvus:")
