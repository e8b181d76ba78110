"""What an index says of itself, in the body of its manifest."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from factcheck.errors import IntegrityError
from factcheck.index.analysis import ANALYSIS
from factcheck.provenance import ArtefactKind, Generation

INDEX = ArtefactKind(name="index", schema=1, remedy="build it again with: factcheck index build")
PASSAGES_FILE = "passages.sqlite"
VECTORS_FILE = "vectors.faiss"
POSTINGS_FOLDER = "postings"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class EncoderPart(_Part, frozen=True, kw_only=True):
    """Which encoder made the vectors."""

    name: str
    sha256: str
    dimensions: int


class VectorsPart(_Part, frozen=True, kw_only=True):
    """How the vectors are kept; `probes` is how many inverted lists a search looks into."""

    factory: str
    metric: str
    probes: int | None = None


class LexicalPart(_Part, frozen=True, kw_only=True):
    """Which analysis made the terms."""

    analysis: str


class PassagesPart(_Part, frozen=True, kw_only=True):
    """How passages were cut."""

    max_characters: int
    overlap_sentences: int


class SegmentPart(_Part, frozen=True, kw_only=True):
    """A part of the index that was built in one go; `tombstones` will name a bitmap of removed rows."""

    name: str
    documents: int
    passages: int
    tombstones: str | None = None


class CountsPart(_Part, frozen=True, kw_only=True):
    """What a build saw: `duplicates` are passages that an equal one stands for."""

    documents: int
    passages: int
    duplicates: int
    rejected: int


class IndexBody(_Part, frozen=True, kw_only=True):
    """The body; `documents_sha256` is of the ids, hashes and headings of all documents in order."""

    encoder: EncoderPart
    vectors: VectorsPart
    lexical: LexicalPart
    passages: PassagesPart
    segments: tuple[SegmentPart, ...]
    counts: CountsPart
    documents_sha256: str

    def as_dict(self) -> Mapping[str, object]:
        """Return the body as JSON values."""
        result = msgspec.to_builtins(self)
        if not isinstance(result, dict):
            raise TypeError("the body of a manifest is an object")
        return result


def body_of(generation: Generation) -> IndexBody:
    """Return the body of an index's manifest.

    Raises:
        IntegrityError: it is not one that this version writes.
    """
    where = generation.path
    try:
        body = msgspec.convert(generation.manifest.body, IndexBody, strict=True)
    except msgspec.ValidationError as error:
        raise IntegrityError(f"the manifest describes no index ({error})", where=where, remedy=INDEX.remedy) from error
    if body.lexical.analysis != ANALYSIS:
        raise IntegrityError(
            f"was built with the analysis '{body.lexical.analysis}', this version has '{ANALYSIS}'",
            where=where,
            remedy=INDEX.remedy,
        )
    if not body.segments or any(segment.tombstones is not None for segment in body.segments):
        raise IntegrityError("has segments that this version cannot read", where=where, remedy=INDEX.remedy)
    if body.vectors.metric != "inner_product" or body.encoder.dimensions < 1:
        raise IntegrityError("has vectors that this version cannot read", where=where, remedy=INDEX.remedy)
    if body.counts.passages != sum(segment.passages for segment in body.segments):
        raise IntegrityError("has counts that do not add up", where=where, remedy=INDEX.remedy)
    return body
