"""An index proved from its own contents: every hash, count, span, term and vector worked out again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from factcheck.errors import IntegrityError
from factcheck.index.analysis import analyse
from factcheck.index.duplicates import key_of
from factcheck.index.likeness import BandTableBuilder, bands_of
from factcheck.index.manifest import INDEX, IndexBody, body_of
from factcheck.index.postings import PostingsBuilder
from factcheck.index.segment import LIKENESS_FOLDER, PASSAGES_FILE, POSTINGS_FOLDER, Segment, document_line
from factcheck.index.vectors import FLAT, VECTORS_FILE, norms_of
from factcheck.provenance import Generation, open_generation, sha256_text

_EXACT_NORM_TOLERANCE = 1e-3
_HALF_NORM_TOLERANCE = 5e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found to hold; documents, passages and vectors are those that are not removed."""

    path: str
    generation: int
    sha256: str
    files: int
    bytes: int
    segments: int
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
    segments: list[Segment] = []
    try:
        body = body_of(generation)
        segments.extend(Segment(generation, body, part) for part in body.segments)
        counts = np.zeros(4, dtype=np.int64)
        for segment in segments:
            counts += _check_segment(
                generation, segment, body.passages.near_duplicates, lambda key: _stands(segments, key)
            )
        _check_counts(generation, body, counts)
        _check_identities(generation, segments)
        return Verification(
            path=str(path),
            generation=generation.manifest.generation,
            sha256=generation.sha256,
            files=len(generation.manifest.files),
            bytes=sum(entry.size for entry in generation.manifest.files.values()),
            segments=len(segments),
            documents=body.counts.documents,
            passages=body.counts.passages,
            vectors=body.counts.passages,
        )
    finally:
        for segment in segments:
            segment.close()
        generation.close()


def _check_segment(
    generation: Generation, segment: Segment, near: float, stands: Callable[[bytes], bool]
) -> np.ndarray:
    """Return how many documents, passages, equal and near-equal ones are left in a segment that holds."""
    part = segment.part
    folder = generation.path / part.name
    where = folder / PASSAGES_FILE
    digest = hashlib.sha256()
    found_bands = segment.bands()
    expected, bands = PostingsBuilder(), BandTableBuilder()
    passages = iter(segment.table)
    row = 0
    for stored in segment.table.documents():
        if sha256_text(stored.document.text) != stored.sha256:
            raise _broken(f"the text of document '{stored.document.id}' has another SHA-256", where)
        digest.update(document_line(stored.document, stored.sha256))
        if stored.rows.start != row:
            raise _broken(f"the passages of document '{stored.document.id}' do not stand where they should", where)
        alive = segment.alive(stored.row)
        for key in segment.table.keys(stored.rows):
            passage = next(passages)
            if passage.document_id != stored.document.id or key_of(passage) != key:
                raise _broken(f"passage '{passage.id}' is not what its key says", where)
            if not passage.text or len(passage.text) != len(passage.span) or passage.text != passage.text.strip():
                raise _broken(f"passage '{passage.id}' is not what its span says", where)
            if segment.passages is not None and bool(segment.passages[row]) is not alive:
                raise _broken(f"passage '{passage.id}' is removed and its document is not, or the reverse", where)
            expected.add(analyse(passage.premise))
            if found_bands is not None:
                bands.add(bands_of(passage, near))
            row += 1
        for entry in segment.table.collapsed(stored) if alive else ():
            if not entry.near and key_of(entry.passage) != entry.key:
                raise _broken(f"passage '{entry.passage.id}' is not equal to the one that stands for it", where)
            if not stands(entry.key):
                raise _broken(f"no passage stands for '{entry.passage.id}'", where)
    if digest.hexdigest() != part.documents_sha256:
        raise _broken("the documents are not those that the manifest names", where)
    _check_arrays(expected.arrays(), segment.postings().arrays(), folder / POSTINGS_FOLDER)
    if found_bands is not None:
        _check_arrays(bands.arrays(), found_bands.arrays(), folder / LIKENESS_FOLDER)
    norms = norms_of(segment.vectors())
    tolerance = _EXACT_NORM_TOLERANCE if part.vectors.factory == FLAT else _HALF_NORM_TOLERANCE
    wrong = np.flatnonzero(~(np.abs(norms - 1) <= tolerance))
    if len(wrong):
        raise _broken(f"vector {wrong[0]} has length {norms[wrong[0]]:.4g}, not 1", folder / VECTORS_FILE)
    documents = part.documents if segment.documents is None else int(np.count_nonzero(segment.documents))
    living = part.passages if segment.passages is None else int(np.count_nonzero(segment.passages))
    return np.array([documents, living, *segment.table.count_collapsed(segment.documents)], dtype=np.int64)


def _check_arrays(expected: Mapping[str, np.ndarray], found: Mapping[str, np.ndarray], folder: Path) -> None:
    for name, values in expected.items():
        if not np.array_equal(values, found[name]):
            raise _broken("is not what the passages give", folder / f"{name}.npy")


def _stands(segments: list[Segment], key: bytes) -> bool:
    return any(
        segment.passages is None or bool(segment.passages[row])
        for segment in segments
        for row in segment.table.rows_of(key)
    )


def _check_counts(generation: Generation, body: IndexBody, counts: np.ndarray) -> None:
    said = body.counts
    if counts.tolist() != [said.documents, said.passages, said.duplicates, said.near_duplicates]:
        raise _broken("the counts are not those of the passages", generation.path)


def _check_identities(generation: Generation, segments: list[Segment]) -> None:
    for number, segment in enumerate(segments):
        for stored in segment.table.documents(texts=False) if number else ():
            for earlier in segments[:number] if segment.alive(stored.row) else ():
                twin = earlier.table.find_document(stored.document.id)
                if twin is not None and earlier.alive(twin.row):
                    raise _broken(f"document '{stored.document.id}' stands in it twice", generation.path)


def _broken(what: str, where: Path) -> IntegrityError:
    return IntegrityError(what, where=where, remedy=INDEX.remedy)
