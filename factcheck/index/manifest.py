"""What an index says of itself, in the body of its manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from factcheck.errors import IntegrityError
from factcheck.index.analysis import ANALYSIS
from factcheck.provenance import ArtefactKind, Generation

INDEX = ArtefactKind(name="index", schema=2, remedy="build it again with: factcheck index build")


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class EncoderPart(_Part, frozen=True, kw_only=True):
    """Which encoder made the vectors."""

    name: str
    sha256: str
    dimensions: int


class RecallPart(_Part, frozen=True, kw_only=True):
    """What a search of coded vectors finds of what an exact one finds.

    Attributes:
        at_10: mean share of the ten nearest passages that are found.
        target: what was asked for.
        queries: how many passages were sought the neighbours of.
    """

    at_10: float
    target: float
    queries: int


class VectorsPart(_Part, frozen=True, kw_only=True):
    """How the vectors of a segment are kept.

    Attributes:
        factory: as `faiss.index_factory` reads it.
        probes: how many inverted lists a search looks into.
        exact: whether the vectors also stand beside the codes, in 16 bits, and what the codes find is ranked by them.
        candidates: how many rows the codes propose for each one that is wanted.
        recall: as measured when it was built; None where the search is exact.
    """

    factory: str
    probes: int | None = None
    exact: bool = False
    candidates: int = 1
    recall: RecallPart | None = None


class LexicalPart(_Part, frozen=True, kw_only=True):
    """Which analysis made the terms."""

    analysis: str


class PassagesPart(_Part, frozen=True, kw_only=True):
    """How passages are cut, and from which likeness on two count as one."""

    max_characters: int
    overlap_sentences: int
    near_duplicates: float = 1.0


class RemovedPart(_Part, frozen=True, kw_only=True):
    """How much of a segment was removed; which rows says the bitmap in `tombstones/`."""

    documents: int
    passages: int


class SegmentPart(_Part, frozen=True, kw_only=True):
    """A part of the index that was written in one go and does not change any more.

    Attributes:
        documents_sha256: of ids, hashes and headings of all its documents in order, the removed ones too.
        removed: None where nothing was.
    """

    name: str
    documents: int
    passages: int
    vectors: VectorsPart
    documents_sha256: str
    removed: RemovedPart | None = None


class CountsPart(_Part, frozen=True, kw_only=True):
    """What can be found, and what cannot.

    Attributes:
        documents, passages: that are not removed.
        duplicates: passages that an equal one of the same source stands for.
        near_duplicates: passages that one stands for which says the same in nearly the same words.
        rejected: rows and files that the last build or addition could not use.
    """

    documents: int
    passages: int
    duplicates: int
    near_duplicates: int
    rejected: int


class IndexBody(_Part, frozen=True, kw_only=True):
    """The body."""

    encoder: EncoderPart
    metric: str = "inner_product"
    factory: str | None = None
    target_recall: float = 0.98
    lexical: LexicalPart
    passages: PassagesPart
    segments: tuple[SegmentPart, ...]
    counts: CountsPart

    def as_dict(self) -> Mapping[str, object]:
        """Return the body as JSON values."""
        result = msgspec.to_builtins(self)
        if not isinstance(result, dict):
            raise TypeError("the body of a manifest is an object")
        return result

    @property
    def documents_sha256(self) -> str:
        """Of the documents of all segments; equal sources built in one go have equal ones."""
        return hashlib.sha256("".join(part.documents_sha256 for part in self.segments).encode()).hexdigest()


def body_of(generation: Generation, *, any_analysis: bool = False) -> IndexBody:
    """Return the body of an index's manifest.

    Args:
        generation: a checked one.
        any_analysis: whether terms of another analysis will do, because they are about to be made anew.

    Raises:
        IntegrityError: it is not one that this version writes.
    """
    where = generation.path
    try:
        body = msgspec.convert(generation.manifest.body, IndexBody, strict=True)
    except msgspec.ValidationError as error:
        raise IntegrityError(f"the manifest describes no index ({error})", where=where, remedy=INDEX.remedy) from error
    if body.lexical.analysis != ANALYSIS and not any_analysis:
        raise IntegrityError(
            f"was built with the analysis '{body.lexical.analysis}', this version has '{ANALYSIS}'",
            where=where,
            remedy=f"make its terms anew, without embedding again: factcheck index compact {generation.root}",
        )
    names = [segment.name for segment in body.segments]
    if not names or len({*names}) < len(names):
        raise IntegrityError("has segments that this version cannot read", where=where, remedy=INDEX.remedy)
    if body.metric != "inner_product" or body.encoder.dimensions < 1:
        raise IntegrityError("has vectors that this version cannot read", where=where, remedy=INDEX.remedy)
    living = [
        (part.documents - part.removed.documents, part.passages - part.removed.passages)
        if part.removed is not None
        else (part.documents, part.passages)
        for part in body.segments
    ]
    if [body.counts.documents, body.counts.passages] != [sum(column) for column in zip(*living, strict=True)]:
        raise IntegrityError("has counts that do not add up", where=where, remedy=INDEX.remedy)
    return body
