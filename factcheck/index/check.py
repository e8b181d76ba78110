"""An index proved from its own contents: every hash, count, span, term and vector worked out again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from factcheck.errors import IntegrityError
from factcheck.index.build import documents_sha256, postings_of
from factcheck.index.index import open_postings, open_table, open_vectors
from factcheck.index.manifest import INDEX, PASSAGES_FILE, POSTINGS_FOLDER, VECTORS_FILE, IndexBody, body_of
from factcheck.index.table import PassageTable
from factcheck.index.vectors import norms_of
from factcheck.provenance import Generation, open_generation, sha256_text
from factcheck.types import Document

_EXACT_NORM_TOLERANCE = 1e-3
_CODED_NORM_TOLERANCE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found to hold."""

    path: str
    generation: int
    sha256: str
    files: int
    bytes: int
    documents: int
    passages: int
    vectors: int


def verify_index(path: Path) -> Verification:
    """Recompute everything; no stamp is trusted.

    Raises:
        IntegrityError: something does not hold; the first such thing is named.
        SchemaVersionError: a newer version wrote it.
    """
    generation = open_generation(path, INDEX, trust_stamps=False)
    body = body_of(generation)
    vectors = 0
    hashed: list[tuple[Document, str]] = []
    for segment in body.segments:
        table = open_table(generation, segment)
        try:
            where = generation.path / segment.name
            hashed.extend(_check_documents(table, where / PASSAGES_FILE))
            _check_passages(table, where / PASSAGES_FILE)
            postings = open_postings(generation, segment)
            expected = postings_of(iter(table)).arrays()
        finally:
            table.close()
        for name, values in postings.arrays().items():
            if not np.array_equal(values, expected[name]):
                raise IntegrityError(
                    "is not what the passages give", where=where / POSTINGS_FOLDER / f"{name}.npy", remedy=INDEX.remedy
                )
        norms = norms_of(open_vectors(generation, body, segment))
        tolerance = _EXACT_NORM_TOLERANCE if body.vectors.factory == "Flat" else _CODED_NORM_TOLERANCE
        wrong = np.flatnonzero(~(np.abs(norms - 1) <= tolerance))
        if len(wrong):
            raise IntegrityError(
                f"vector {wrong[0]} has length {norms[wrong[0]]:.4g}, not 1",
                where=where / VECTORS_FILE,
                remedy=INDEX.remedy,
            )
        vectors += len(norms)
    _check_counts(generation, body, hashed)
    return Verification(
        path=str(path),
        generation=generation.manifest.generation,
        sha256=generation.sha256,
        files=len(generation.manifest.files),
        bytes=sum(entry.size for entry in generation.manifest.files.values()),
        documents=body.counts.documents,
        passages=body.counts.passages,
        vectors=vectors,
    )


def _check_documents(table: PassageTable, where: Path) -> Iterator[tuple[Document, str]]:
    for document, sha256 in table.documents():
        if sha256_text(document.text) != sha256:
            raise IntegrityError(
                f"the text of document '{document.id}' has another SHA-256", where=where, remedy=INDEX.remedy
            )
        # The text has done its work; what is kept is what the manifest's hash is made of.
        yield (
            Document(
                id=document.id,
                text="",
                title=document.title,
                section=document.section,
                source=document.source,
                date=document.date,
            ),
            sha256,
        )


def _check_passages(table: PassageTable, where: Path) -> None:
    for passage in table:
        if not passage.text or len(passage.text) != len(passage.span) or passage.text != passage.text.strip():
            raise IntegrityError(f"passage '{passage.id}' is not what its span says", where=where, remedy=INDEX.remedy)


def _check_counts(generation: Generation, body: IndexBody, hashed: list[tuple[Document, str]]) -> None:
    if len(hashed) != body.counts.documents or documents_sha256(iter(hashed)) != body.documents_sha256:
        raise IntegrityError(
            "the documents are not those that the manifest names", where=generation.path, remedy=INDEX.remedy
        )
