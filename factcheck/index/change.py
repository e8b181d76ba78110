"""A generation on its way to the next one: what goes, what is written, and what is published of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from factcheck.errors import UsageError
from factcheck.index.analysis import ANALYSIS
from factcheck.index.duplicates import WrittenPassages
from factcheck.index.fill import Tally, write_vectors
from factcheck.index.manifest import INDEX, CountsPart, IndexBody, LexicalPart, RemovedPart, SegmentPart
from factcheck.index.manifest import body_of as read_body
from factcheck.index.segment import Removals, Segment, SegmentWriter
from factcheck.index.table import StoredDocument
from factcheck.index.tombstones import names_of, write_tombstones
from factcheck.index.vectors import FLAT, Gather
from factcheck.protocols import Vectors
from factcheck.provenance import Generation, Staging, publish_next


@dataclass(slots=True)
class Change:
    """What is about to become of a generation.

    Attributes:
        removals: what goes of each segment that is there.
        written: segments that are new.
        lost: keys of passages that went; those that they stood for come back unless something else says the same.
        added, changed, unchanged, removed, restored: documents.
        duplicates, near_duplicates: passages of new and changed documents that others stand for.
    """

    body: IndexBody
    removals: list[Removals]
    tally: Tally = field(default_factory=Tally)
    written: list[tuple[SegmentWriter, SegmentPart]] = field(default_factory=list)
    lost: set[bytes] = field(default_factory=set)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    restored: int = 0
    duplicates: int = 0
    near_duplicates: int = 0

    def find(self, identity: str) -> tuple[Removals, StoredDocument] | None:
        """Return where a document stands that is not removed."""
        for removals in self.removals:
            stored = removals.segment.table.find_document(identity)
            if stored is not None and removals.documents[stored.row]:
                return removals, stored
        return None

    def left(self) -> list[WrittenPassages]:
        """Return the passages of the segments that are there, as far as they are not removed."""
        return [removals.written() for removals in self.removals]

    def remove(self, removals: Removals, stored: StoredDocument) -> None:
        """Remove a document; what its passages stood for is lost until something else stands for it."""
        removals.remove(stored.row, stored.rows)
        self.lost.update(removals.segment.table.keys(stored.rows))

    def take_in(self, writer: SegmentWriter, gather: Gather) -> None:
        """Write the vectors of a finished segment, and make it one of the generation's."""
        body = self.body
        try:
            vectors = write_vectors(writer, body.encoder.dimensions, body.factory, gather, body.target_recall)
        except UsageError:
            if body.factory is None:
                raise
            # Too few rows to train what the whole index was built with.
            vectors = write_vectors(writer, body.encoder.dimensions, FLAT, gather, body.target_recall)
        self.written.append((writer, writer.part(vectors)))


def publish_change(
    out: Path,
    write: Callable[[Change, Staging], None],
    *,
    rejected: Callable[[], int] = lambda: 0,
    any_analysis: bool = False,
    lock_timeout_seconds: float = 10.0,
) -> tuple[Generation, Change]:
    """Publish what `write` makes of the current generation; nothing where it changes nothing.

    Args:
        out: the index's folder.
        write: says what goes and writes what comes.
        rejected: how many rows and files could not be used, once it is written.
        any_analysis: whether terms of another analysis will do, because they are made anew.
        lock_timeout_seconds: how long to wait for another writer.
    """
    changes: list[Change] = []

    def build(current: Generation, staging: Staging) -> Mapping[str, object] | None:
        body = read_body(current, any_analysis=any_analysis)
        segments: list[Segment] = []
        try:
            segments.extend(Segment(current, body, part) for part in body.segments)
            change = Change(body=body, removals=[Removals(segment) for segment in segments])
            changes.append(change)
            write(change, staging)
            return _next_body(current, staging, change, rejected())
        finally:
            for segment in segments:
                segment.close()

    generation = publish_next(out, INDEX, build, lock_timeout_seconds=lock_timeout_seconds)
    return generation, changes[-1]


def segment_name(staging: Staging) -> str:
    """Name a segment by the number of the generation in the making, which tells it from all before."""
    return f"segment-{staging.path.name.rsplit('-', 1)[1]}"


def _next_body(current: Generation, staging: Staging, change: Change, rejected: int) -> Mapping[str, object] | None:
    """Share what stays, write the bitmaps, and say what the new generation is; None where nothing changed."""
    changed = [removals.changed for removals in change.removals]
    if not change.written and not any(changed):
        return None
    parts: list[SegmentPart] = []
    counts = [0, 0, 0, 0]
    for removals, fresh in zip(change.removals, changed, strict=True):
        part = removals.segment.part
        if not removals.documents.any():
            continue  # nothing is left of it
        for name in removals.segment.files():
            staging.share(current, name)
        if fresh:
            write_tombstones(staging.path, part.name, removals.documents, removals.passages)
            part = _with_removed(part, removals)
        elif part.removed is not None:
            for name in names_of(part):
                staging.share(current, name)
        equal, near = removals.segment.table.count_collapsed(removals.documents)
        living = (int(np.count_nonzero(removals.documents)), int(np.count_nonzero(removals.passages)))
        counts = [a + b for a, b in zip(counts, (*living, equal, near), strict=True)]
        parts.append(part)
    for writer, part in change.written:
        parts.append(part)
        equal, near = writer.collapsed
        counts = [a + b for a, b in zip(counts, (part.documents, part.passages, equal, near), strict=True)]
    body = change.body
    if not parts:  # everything was removed: an empty segment keeps the place
        writer = SegmentWriter(staging.path / segment_name(staging), body.passages.near_duplicates)
        writer.finish()
        parts.append(writer.part(write_vectors(writer, body.encoder.dimensions, FLAT, _nothing, body.target_recall)))
    documents, passages, duplicates, near_duplicates = counts
    return IndexBody(
        encoder=body.encoder,
        factory=body.factory,
        target_recall=body.target_recall,
        lexical=LexicalPart(analysis=ANALYSIS),
        passages=body.passages,
        segments=tuple(parts),
        counts=CountsPart(
            documents=documents,
            passages=passages,
            duplicates=duplicates,
            near_duplicates=near_duplicates,
            rejected=rejected,
        ),
    ).as_dict()


def _with_removed(part: SegmentPart, removals: Removals) -> SegmentPart:
    return SegmentPart(
        name=part.name,
        documents=part.documents,
        passages=part.passages,
        vectors=part.vectors,
        documents_sha256=part.documents_sha256,
        removed=RemovedPart(
            documents=part.documents - int(np.count_nonzero(removals.documents)),
            passages=part.passages - int(np.count_nonzero(removals.passages)),
        ),
    )


def _nothing(rows: np.ndarray) -> Vectors:
    raise ValueError("an empty segment has no vectors")
