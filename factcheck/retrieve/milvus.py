"""Claims to passages of a Milvus collection: for many clients, and for more passages than one machine holds.

`push_index` fills a collection from an index that was built here: each passage with its vector and with its words,
weighed by BM25 with the statistics of the whole index, as a sparse vector. What is found is fused as a local index
fuses it. A file name opens Milvus Lite, an `http(s)://` address a server or a cluster.

`MILVUS` and an address name a collection where an index is named: `milvus:http://host:19530#collection`.

Row `#about` of a collection says which index it was filled from, with which encoder and analysis; it is written last,
so that a collection that was filled by half is refused.
"""

from __future__ import annotations

import logging
import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from factcheck.config import RetrieveSettings
from factcheck.errors import EncoderMismatchError, IntegrityError, MissingExtraError, ServiceError, UsageError
from factcheck.index import Index
from factcheck.index.analysis import ANALYSIS, analyse_query
from factcheck.index.rank import fuse_halves
from factcheck.index.vectors import FLAT_LIMIT
from factcheck.protocols import Encoder
from factcheck.types import Claim, Evidence, Passage, Span, TextKind

COLLECTION = "factcheck"
MILVUS = "milvus:"
TOKEN = "FACTCHECK_MILVUS_TOKEN"  # noqa: S105 - where it stands, not what it is
_ABOUT = "#about"
_SCHEMA = "factcheck.milvus/1"
_BATCH = 256
_MAX_ID = 512
_TALKERS = ("pymilvus", "milvus_lite", "grpc._server")
"""Loggers that print traces of what is raised too, and of a call that Milvus Lite lacks and nobody needs."""
_EXACT, _GRAPH = "FLAT", "HNSW"
_MADE: dict[str, dict[str, int]] = {_EXACT: {}, _GRAPH: {"M": 32, "efConstruction": 200}}
"""How vectors are searched: all of them up to `FLAT_LIMIT`, as in an index here, and along a graph beyond.

What Milvus chooses by itself (AUTOINDEX) looks into a few lists: in Milvus Lite it missed 4 of 100 of the ten nearest.
"""
_FIELDS = ("document_id", "document_sha256", "title", "section", "text", "source", "date")

Report = Callable[[int, int], None]
"""Called with how many passages were sent, and how many there are."""


def push_index(
    index: Index, uri: str, *, collection: str = COLLECTION, token: str = "", report: Report | None = None
) -> int:
    """Fill a collection with the passages of an open index; one that is there is replaced.

    Args:
        index: opened with its encoder.
        uri: of the server, or the path of a Milvus Lite file that ends with `.db`.
        collection: its name.
        token: `user:password` or an API key, where the server asks for one.
        report: called now and then.

    Returns:
        How many passages were sent.

    Raises:
        MissingExtraError: pymilvus is not installed.
        ServiceError: the server does not do what it is asked.
    """
    from pymilvus import DataType

    body = index.info().body
    vectors = _EXACT if len(index) <= FLAT_LIMIT else _GRAPH
    about = {
        "schema": _SCHEMA,
        "encoder": {"name": body.encoder.name, "sha256": body.encoder.sha256},
        "analysis": ANALYSIS,
        "index": index.sha256,
        "generation": index.generation,
        "passages": len(index),
        "vectors": vectors,
    }
    with _client(uri, token) as client, _asked(uri):
        if client.has_collection(collection):
            client.drop_collection(collection)
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=_MAX_ID)
        schema.add_field("meaning", DataType.FLOAT_VECTOR, dim=body.encoder.dimensions)
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_field("passage", DataType.JSON)
        indexes = client.prepare_index_params()
        indexes.add_index("meaning", metric_type="IP", index_type=vectors, params=_MADE[vectors])
        indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        client.create_collection(collection, schema=schema, index_params=indexes)
        sent = 0
        for rows in _rows(index):
            client.insert(collection, rows)
            sent += len(rows)
            if report is not None:
                report(sent, len(index))
        nothing = [0.0] * body.encoder.dimensions
        client.insert(collection, [{"id": _ABOUT, "meaning": nothing, "words": {0: 0.001}, "passage": about}])
        client.flush(collection)
    return sent


class MilvusRetriever:
    """`Retriever` over a collection that `push_index` filled."""

    def __init__(
        self,
        client: Any,
        where: str,
        collection: str,
        encoder: Encoder,
        about: dict[str, Any],
        settings: RetrieveSettings,
    ) -> None:
        """Keep an open client; `MilvusRetriever.open` is the way in."""
        self._client = client
        self._where = where
        self._collection = collection
        self._encoder = encoder
        self._settings = settings
        self.about = about

    @classmethod
    def open(
        cls,
        uri: str,
        encoder: Encoder,
        *,
        collection: str = COLLECTION,
        token: str = "",
        settings: RetrieveSettings | None = None,
    ) -> MilvusRetriever:
        """Connect, and see that the collection is one that this encoder can search.

        Raises:
            MissingExtraError: pymilvus is not installed.
            ServiceError: there is no such server.
            IntegrityError: the collection is not there, not filled to the end, or of another analysis.
            EncoderMismatchError: it was filled from an index of another encoder.
        """
        if "://" not in uri and not Path(uri).exists():  # Milvus Lite would make one
            raise IntegrityError("there is no such file", where=uri, remedy="fill it with: factcheck index push")
        client = _connect(uri, token)
        try:
            with _asked(uri):
                rows = []
                if client.has_collection(collection):
                    client.load_collection(collection)  # only the process that filled it finds it loaded
                    rows = client.query(collection, filter=f'id == "{_ABOUT}"', output_fields=["passage"])
            about = rows[0]["passage"] if rows else {}
            where = f"{uri}, collection '{collection}'"
            if about.get("schema") != _SCHEMA or about.get("analysis") != ANALYSIS:
                raise IntegrityError(
                    "is no collection that this version filled to the end",
                    where=where,
                    remedy="fill it with: factcheck index push",
                )
            if about["encoder"]["sha256"] != encoder.sha256:
                raise EncoderMismatchError(
                    f"was filled with the encoder '{about['encoder']['name']}', not with '{encoder.name}'",
                    where=where,
                    remedy="name that encoder (setting models.encoder), or push an index of this one",
                )
        except BaseException:
            client.close()
            raise
        return cls(client, uri, collection, encoder, about, settings or RetrieveSettings())

    @classmethod
    def named(cls, place: str, encoder: Encoder, *, settings: RetrieveSettings | None = None) -> MilvusRetriever:
        """Open what `milvus:URI` or `milvus:URI#COLLECTION` names; a token comes from FACTCHECK_MILVUS_TOKEN.

        Raises:
            UsageError: no address is named.
            FactCheckError: see `open`.
        """
        uri, _, collection = place.removeprefix(MILVUS).partition("#")
        if not uri:
            raise UsageError(
                "names no address", where=place, remedy="write milvus:URI, as in milvus:http://localhost:19530"
            )
        token = os.environ.get(TOKEN, "")
        return cls.open(uri, encoder, collection=collection or COLLECTION, token=token, settings=settings)

    @property
    def provenance(self) -> dict[str, object]:
        """Name the index that the collection was filled from, and that it was searched in Milvus."""
        return {"generation": self.about.get("generation"), "sha256": self.about["index"], "served": "milvus"}

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        """Return up to `k` passages for each claim, best first; equal claims are sought once."""
        texts = list(dict.fromkeys(claim.text for claim in claims))
        if not texts or k < 1:
            return [() for _ in claims]
        depth = max(k, self._settings.candidates)
        vectors = self._encoder.encode(texts, TextKind.QUERY)
        found = dict(zip(texts, self._search(texts, vectors, depth, k), strict=True))
        return [found[claim.text] for claim in claims]

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def __enter__(self) -> MilvusRetriever:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _search(self, texts: Sequence[str], vectors: np.ndarray, depth: int, k: int) -> Iterator[tuple[Evidence, ...]]:
        with _asked(self._where):
            dense = self._ask("meaning", vectors.tolist(), depth)
        for text, by_meaning in zip(texts, dense, strict=True):
            words = _query_words(text)
            with _asked(self._where):
                by_words = self._ask("words", [words], depth)[0] if words else []
            shown = {hit["id"]: hit["entity"]["passage"] for hit in (*by_meaning, *by_words)}
            # The same order among equals wherever the search runs: by id.
            numbers = {identity: number for number, identity in enumerate(sorted(shown))}
            halves = [
                sorted(((numbers[hit["id"]], float(hit["distance"])) for hit in hits), key=lambda p: (-p[1], p[0]))
                for hits in (by_meaning, by_words)
            ]
            fused = fuse_halves(
                *halves,
                dense_weight=self._settings.dense_weight,
                lexical_weight=self._settings.lexical_weight,
                rank_constant=self._settings.rank_constant,
            )[:k]
            identities = list(numbers)
            yield tuple(_evidence(identities[number], shown[identities[number]], score) for number, score in fused)

    def _ask(self, field: str, data: Sequence[Any], depth: int) -> list[list[dict[str, Any]]]:
        wide = field == "meaning" and self.about.get("vectors") == _GRAPH
        answers = self._client.search(
            self._collection,
            data=list(data),
            anns_field=field,
            limit=depth,
            search_params={"params": {"ef": max(256, 2 * depth)}} if wide else {},
            filter=f'id != "{_ABOUT}"',
            output_fields=["passage"],
            consistency_level="Strong",
        )
        return [[hit for hit in hits if field == "meaning" or hit["distance"] > 0] for hits in answers]


def _rows(index: Index) -> Iterator[list[dict[str, Any]]]:
    """Yield the passages in batches, each with its vector and its weighed words."""
    batch: list[dict[str, Any]] = []
    for passage, vector, words in index.export():
        if len(passage.id.encode()) > _MAX_ID:
            raise UsageError(f"the id of passage '{passage.id[:40]}…' is longer than {_MAX_ID} bytes")
        shown = {name: getattr(passage, name) for name in _FIELDS}
        batch.append(
            {
                "id": passage.id,
                "meaning": vector.tolist(),
                "words": {_place(term): weight for term, weight in words.items()} or {0: 0.001},
                "passage": {**shown, "span": [passage.span.start, passage.span.end]},
            }
        )
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _query_words(text: str) -> dict[int, float]:
    found: Counter[int] = Counter()
    for term, count in Counter(analyse_query(text)).items():
        found[_place(term)] += count
    return {place: float(count) for place, count in found.items()}


def _place(term: str) -> int:
    """Return where a term stands in a sparse vector; place 0 is nobody's."""
    return 1 + zlib.crc32(term.encode("utf-8", "surrogatepass")) % (2**32 - 3)


def _evidence(identity: str, shown: dict[str, Any], score: float) -> Evidence:
    start, end = shown["span"]
    passage = Passage(id=identity, span=Span(start=start, end=end), **{name: shown[name] for name in _FIELDS})
    return Evidence(
        id=identity,
        text=passage.text,
        source=passage.source or passage.document_id,
        score=score,
        passage=passage,
    )


def _connect(uri: str, token: str) -> Any:
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise MissingExtraError("a Milvus collection", "milvus") from error
    for name in _TALKERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with _asked(uri):
        return MilvusClient(uri, token=token)


@contextmanager
def _client(uri: str, token: str) -> Iterator[Any]:
    client = _connect(uri, token)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def _asked(uri: str) -> Iterator[None]:
    """Say in our own words what a server did not do."""
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except (MilvusException, ConnectionError, TimeoutError) as error:
        said = str(error).strip().split("\n", 1)[0][:200]
        remedy = "check the address" if "://" in uri else "check the path, its rights and the free space"
        raise ServiceError(f"Milvus refuses ({said})", where=uri, remedy=remedy) from error
