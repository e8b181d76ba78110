"""An index that changes: documents added, changed, removed; segments merged. Each publishes one new generation.

A document is what its id names. One whose text, title, section, source and date are as they were is left alone; one
that changed is removed and added anew. Files of segments that stay are shared with the generation before.

A new passage is left out where one of the index says the same, or nearly the same. Where a passage goes that stood for
others, those come back (`factcheck.index.restore`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from factcheck.errors import EncoderMismatchError, InputError
from factcheck.index.analysis import ANALYSIS
from factcheck.index.change import Change, publish_change, segment_name
from factcheck.index.documents import SourceDocument, SourceFile, find_files, read_documents
from factcheck.index.duplicates import SeenPassages
from factcheck.index.fill import SEEN_FILE, Embedding, Progress, id_taken, write_documents
from factcheck.index.likeness import bands_of
from factcheck.index.manifest import EncoderPart
from factcheck.index.manifest import body_of as read_body
from factcheck.index.passages import PassageSettings
from factcheck.index.rejects import RejectsFile
from factcheck.index.restore import restore
from factcheck.index.segment import SegmentWriter, document_line
from factcheck.index.table import Kept
from factcheck.index.vectors import Gather, exact_rows
from factcheck.protocols import Encoder, Vectors
from factcheck.provenance import Generation, Staging, sha256_text


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReport:
    """What a change of an index did.

    Attributes:
        generation: the current one; the number of before where nothing changed.
        added, changed, unchanged, removed: documents.
        missing: ids that were to be removed and that the index does not hold.
        duplicates, near_duplicates: passages of what was added or changed that others stand for.
        documents, passages: that the index holds now.
        restored: documents written anew because a passage that stood for one of theirs went.
        segments: of the new generation.
    """

    generation: int
    sha256: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    missing: tuple[str, ...] = ()
    duplicates: int = 0
    near_duplicates: int = 0
    restored: int = 0
    documents: int = 0
    passages: int = 0
    segments: int = 0
    rejected: int = 0
    rejects: Path | None = None
    embedded: int = 0
    seconds: float = 0.0


def add_documents(
    sources: Sequence[Path],
    out: Path,
    encoder: Encoder,
    *,
    progress: Progress | None = None,
    lock_timeout_seconds: float = 10.0,
) -> UpdateReport:
    """Add the documents of files and folders; those that changed replace what they were.

    A killed call leaves its vectors in `out`; the next one with the same encoder uses them.

    Raises:
        DocumentError: a file that was named cannot be read.
        EncoderMismatchError: the index was built with another encoder.
        IntegrityError: there is no index, or it is not what it was.
        StorageError: the disk refuses, or another process is writing.
    """
    started = time.monotonic()
    report = progress or (lambda what, done, total: None)
    files = find_files(sources)
    with RejectsFile(Path(out).absolute()) as rejects:

        def write(change: Change, staging: Staging) -> None:
            refuse_other_encoder(change.body.encoder, encoder, out)
            with Embedding(staging.scratch, encoder, change.tally, report) as embedding:
                wanted = _compare(files, change, rejects, report)
                if wanted:
                    writer = _write(files, wanted, change, staging, report)
                    change.take_in(writer, embedding.of(writer))
                restore(change, staging, embedding.of)

        try:
            published = publish_change(
                Path(out), write, rejected=lambda: rejects.count, lock_timeout_seconds=lock_timeout_seconds
            )
        except InputError:
            rejects.finish()
            raise
        rejects.finish()
    return _report(*published, started, rejects=rejects)


def remove_documents(
    identities: Sequence[str],
    out: Path,
    encoder: Callable[[], Encoder],
    *,
    lock_timeout_seconds: float = 10.0,
) -> UpdateReport:
    """Remove documents by their ids.

    Args:
        identities: of the documents; those that the index does not hold are named in the report.
        out: the index's folder.
        encoder: gives the index's encoder; asked only where a passage has to come back that another one stood for.
        lock_timeout_seconds: how long to wait for another writer.

    Raises:
        EncoderMismatchError: the encoder was needed and is another one.
        IntegrityError: there is no index, or it is not what it was.
        StorageError: the disk refuses, or another process is writing.
    """
    started = time.monotonic()
    missing: list[str] = []

    def write(change: Change, staging: Staging) -> None:
        for identity in dict.fromkeys(identities):
            found = change.find(identity)
            if found is None:
                missing.append(identity)
                continue
            change.remove(*found)
            change.removed += 1
        with ExitStack() as stack:

            def embed(writer: SegmentWriter) -> Gather:
                model = encoder()
                refuse_other_encoder(change.body.encoder, model, out)
                log = stack.enter_context(Embedding(staging.scratch, model, change.tally, _say_nothing))
                return log.of(writer)

            restore(change, staging, embed)

    published = publish_change(Path(out), write, lock_timeout_seconds=lock_timeout_seconds)
    return _report(*published, started, missing=tuple(missing))


def compact_index(out: Path, *, progress: Progress | None = None, lock_timeout_seconds: float = 10.0) -> UpdateReport:
    """Merge all segments into one, without what was removed; nothing is embedded again.

    Terms, and what near-duplicates are found by, are made anew, so that an index of an earlier version can be used
    again.

    Raises:
        IntegrityError: there is no index, or it is not what it was.
        StorageError: the disk refuses, or another process is writing.
    """
    started = time.monotonic()
    report = progress or (lambda what, done, total: None)

    def write(change: Change, staging: Staging) -> None:
        body = change.body
        near = body.passages.near_duplicates
        whole = len(body.segments) == 1 and body.segments[0].removed is None and body.lexical.analysis == ANALYSIS
        if whole and (near == 1 or change.removals[0].segment.bands() is not None):
            return
        writer = SegmentWriter(staging.path / segment_name(staging), near)
        origins: list[tuple[int, int]] = []  # segment and row of each passage
        for number, removals in enumerate(change.removals):
            segment = removals.segment
            for stored in segment.table.documents():
                if not segment.alive(stored.row):
                    continue
                kept = [
                    Kept(passage=passage, key=key, bands=bands_of(passage, near))
                    for passage, key in zip(
                        segment.table.passages(stored.rows), segment.table.keys(stored.rows), strict=True
                    )
                ]
                writer.add(stored.document, stored.sha256, kept, segment.table.collapsed(stored))
                origins.extend((number, row) for row in stored.rows)
                report("copying", len(origins), body.counts.passages)
        writer.finish()
        places = np.array(origins, dtype=np.int64).reshape(-1, 2)
        opened = [removals.segment.vectors() for removals in change.removals]

        def gather(rows: np.ndarray) -> Vectors:
            vectors = np.empty((len(rows), body.encoder.dimensions), dtype=np.float32)
            for number, segment_vectors in enumerate(opened):
                own = np.flatnonzero(places[rows, 0] == number)
                if len(own):
                    vectors[own] = exact_rows(segment_vectors, places[rows[own], 1])
            return vectors

        for removals in change.removals:
            removals.documents[:] = False
            removals.passages[:] = False
        change.take_in(writer, gather)

    published = publish_change(Path(out), write, any_analysis=True, lock_timeout_seconds=lock_timeout_seconds)
    return _report(*published, started)


def refuse_other_encoder(built: EncoderPart, encoder: Encoder, where: Path) -> None:
    """Refuse an encoder that did not make the vectors of an index.

    Raises:
        EncoderMismatchError: it is another one.
    """
    if (built.sha256, built.dimensions) != (encoder.sha256, encoder.dimensions):
        raise EncoderMismatchError(
            f"was built with the encoder '{built.name}' ({built.sha256[:12]}…, {built.dimensions} dimensions), "
            f"not with '{encoder.name}' ({encoder.sha256[:12]}…, {encoder.dimensions} dimensions)",
            where=where,
            remedy="name that encoder (setting models.encoder), or build the index again",
        )


def _compare(files: Sequence[SourceFile], change: Change, rejects: RejectsFile, report: Progress) -> set[str]:
    """Remove what the sources say anew; return the ids of what has to be written.

    Sources are read once to learn what goes and once to write what comes: a passage may only be left out for the sake
    of one that stays.
    """
    read: set[str] = set()
    wanted: set[str] = set()
    for source in read_documents(files, rejects.add):
        document = source.document
        if document.id in read:
            rejects.add(id_taken(source))
            continue
        read.add(document.id)
        report("comparing", len(read), None)
        found = change.find(document.id)
        if found is not None:
            removals, stored = found
            if document_line(stored.document, stored.sha256) == document_line(document, sha256_text(document.text)):
                change.unchanged += 1
                continue
            change.remove(removals, stored)
            change.changed += 1
        else:
            change.added += 1
        wanted.add(document.id)
    return wanted


def _write(
    files: Sequence[SourceFile], wanted: set[str], change: Change, staging: Staging, report: Progress
) -> SegmentWriter:
    """Write a segment of the wanted documents, without its vectors."""
    made = change.body.passages
    settings = PassageSettings(
        max_characters=made.max_characters,
        overlap_sentences=made.overlap_sentences,
        near_duplicates=made.near_duplicates,
    )

    def sources() -> Iterator[SourceDocument]:
        for source in read_documents(files, _pass_over):
            if source.document.id in wanted:
                wanted.discard(source.document.id)
                yield source

    writer = SegmentWriter(staging.path / segment_name(staging), made.near_duplicates)
    seen = SeenPassages(staging.scratch / SEEN_FILE, made.near_duplicates, change.left())
    write_documents(sources(), writer, seen, settings, _pass_over, report)
    change.duplicates, change.near_duplicates = writer.collapsed
    return writer


def _report(
    generation: Generation,
    change: Change,
    started: float,
    *,
    missing: tuple[str, ...] = (),
    rejects: RejectsFile | None = None,
) -> UpdateReport:
    body = read_body(generation)
    return UpdateReport(
        generation=generation.manifest.generation,
        sha256=generation.sha256,
        added=change.added,
        changed=change.changed,
        unchanged=change.unchanged,
        removed=change.removed,
        missing=missing,
        duplicates=change.duplicates,
        near_duplicates=change.near_duplicates,
        restored=change.restored,
        documents=body.counts.documents,
        passages=body.counts.passages,
        segments=len(body.segments),
        rejected=0 if rejects is None else rejects.count,
        rejects=rejects.path if rejects is not None and rejects.count else None,
        embedded=change.tally.embedded,
        seconds=time.monotonic() - started,
    )


def _pass_over(error: InputError) -> None:
    """Do nothing: rejects were written down when the sources were compared."""


def _say_nothing(what: str, done: int, total: int | None) -> None:
    """Report no progress."""
