"""The index and the graph that were named, or the embedded sample's, which are built when they are first needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.assemble.sample import open_or_build, sample_artefacts
from factcheck.config import SparqlSettings
from factcheck.protocols import Encoder, GraphReader
from factcheck.provenance.sample import sample_sources

if TYPE_CHECKING:
    from factcheck.index import Index


def open_index(path: Path, encoder: Encoder, threads: int) -> Index:
    """Open a corpus index.

    Args:
        path: its folder.
        encoder: the one that it was built with.
        threads: of a search; 0 means one a core.
    """
    from factcheck.index import Index

    return Index.open(path, encoder, threads=threads)


def sample_index(encoder: Encoder) -> Index:
    """Open the corpus of the embedded sample."""
    from factcheck.index import Index

    path = sample_artefacts(encoder.sha256) / "index"
    return open_or_build(
        path,
        lambda: Index.open(path, encoder),
        lambda: Index.build([sample_sources() / "passages.jsonl"], path, encoder),
    )


def open_graph(place: Path | str, encoder: Callable[[], Encoder], remote: SparqlSettings) -> GraphReader:
    """Open a knowledge graph.

    Args:
        place: its folder, or the address of a SPARQL endpoint.
        encoder: gives the model that compares words with properties; asked for when a claim needs it.
        remote: within which bounds an endpoint is asked.
    """
    from factcheck.graph.reader import LocalGraphReader, RemoteGraphReader

    if isinstance(place, Path):
        return LocalGraphReader.open(place, encoder)
    from factcheck.graph.endpoint import EndpointLimits
    from factcheck.graph.remote import RemoteStore

    limits = EndpointLimits(
        timeout_seconds=remote.timeout_seconds, page_rows=remote.page_rows, max_rows=remote.max_rows
    )
    return RemoteGraphReader(RemoteStore(place, limits=limits, keep_seconds=remote.keep_seconds), encoder)


def sample_graph(encoder: Callable[[], Encoder], encoder_sha256: str) -> GraphReader:
    """Open the graph of the embedded sample."""
    from factcheck.graph.reader import LocalGraphReader
    from factcheck.graph.store import build_graph

    path = sample_artefacts(encoder_sha256) / "graph"
    sources = sample_sources()
    return open_or_build(
        path,
        lambda: LocalGraphReader.open(path, encoder),
        lambda: build_graph([sources / "ontology.ttl", sources / "facts"], path, name="factcheck sample"),
    )


def generation_of(place: Path | str | None) -> str:
    """Return what names the generation of an artefact, without opening it; of an endpoint, its address."""
    if isinstance(place, str):
        return place
    try:
        return "-" if place is None else (place / "CURRENT").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):  # whoever opens it says what is wrong
        return "-"
