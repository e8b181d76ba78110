"""An index that changes: documents added, changed, removed; segments merged. Each publishes one new generation.

A document is what its id names. One whose text, title, section, source and date are as they were is left alone; one
that changed is removed and added anew. Files of segments that stay are shared with the generation before.

Where a passage goes that stood for equal or near-equal ones of other documents, those come back: their documents are
written anew, without it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from factcheck.errors import EncoderMismatchError, InputError, UsageError
from factcheck.index.analysis import ANALYSIS
from factcheck.index.build import Embedding, Progress, Tally, id_taken, write_vectors
from factcheck.index.documents import SourceFile, find_files, read_documents
from factcheck.index.duplicates import SeenPassages, key_of
from factcheck.index.manifest import INDEX, CountsPart, EncoderPart, IndexBody, LexicalPart, RemovedPart, SegmentPart
from factcheck.index.manifest import body_of as read_body
from factcheck.index.passages import PassageSettings, cut
from factcheck.index.rejects import RejectsFile
from factcheck.index.segment import PASSAGES_FILE, Removals, Segment, SegmentWriter, document_line
from factcheck.index.table import Collapsed, Kept, PassageTable, StoredDocument
from factcheck.index.tombstones import names_of, write_tombstones
from factcheck.index.vectors import FLAT, Gather, exact_rows
from factcheck.protocols import Encoder, Vectors
from factcheck.provenance import Generation, Staging, publish_next, sha256_text
from factcheck.types import Passage

_SEEN_FILE = "seen.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReport:
    """What a change of an index did.

    Attributes:
        generation: the current one; the number of before where nothing changed.
        added, changed, unchanged, removed: documents.
        missing: ids that were to be removed and that the index does not hold.
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
    restored: int = 0
    documents: int = 0
    passages: int = 0
    segments: int = 0
    rejected: int = 0
    rejects: Path | None = None
    embedded: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class _Change:
    """A generation on its way to the next one."""

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

    def find(self, identity: str) -> tuple[Removals, StoredDocument] | None:
        """Return where a document stands that is not removed."""
        for removals in self.removals:
            stored = removals.segment.table.find_document(identity)
            if stored is not None and removals.documents[stored.row]:
                return removals, stored
        return None

    def holds(self, key: bytes) -> bool:
        """Say whether a passage of this key stands in a segment of before and is not removed."""
        return any(removals.passages[row] for removals in self.removals for row in removals.segment.table.rows_of(key))

    def remove(self, removals: Removals, stored: StoredDocument) -> None:
        """Remove a document; what its passages stood for is lost until something else stands for it."""
        removals.remove(stored.row, stored.rows)
        self.lost.update(removals.segment.table.keys(stored.rows))


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

        def write(change: _Change, staging: Staging) -> None:
            refuse_other_encoder(change.body.encoder, encoder, out)
            with Embedding(staging.scratch, encoder, change.tally, report) as embedding:
                wanted = _compare(files, change, rejects, report)
                if wanted:
                    writer = SegmentWriter(staging.path / _segment_name(staging))
                    _write_sources(files, wanted, writer, staging.scratch, change, report)
                    _finish(change, writer, embedding.of(writer))
                _restore(change, staging, embedding.of)

        try:
            outcome = _update(out, write, rejects, lock_timeout_seconds)
        except InputError:
            rejects.finish()
            raise
        rejects.finish()
    return outcome(started, ())


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

    def write(change: _Change, staging: Staging) -> None:
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

            _restore(change, staging, embed)

    return _update(out, write, None, lock_timeout_seconds)(started, tuple(missing))


def compact_index(out: Path, *, progress: Progress | None = None, lock_timeout_seconds: float = 10.0) -> UpdateReport:
    """Merge all segments into one, without what was removed; nothing is embedded again.

    Terms are made anew, so that an index of an earlier analysis can be used again.

    Raises:
        IntegrityError: there is no index, or it is not what it was.
        StorageError: the disk refuses, or another process is writing.
    """
    started = time.monotonic()
    report = progress or (lambda what, done, total: None)

    def write(change: _Change, staging: Staging) -> None:
        body = change.body
        if len(body.segments) == 1 and body.segments[0].removed is None and body.lexical.analysis == ANALYSIS:
            return
        writer = SegmentWriter(staging.path / _segment_name(staging))
        origins: list[tuple[int, int]] = []  # segment and row of each passage
        for number, removals in enumerate(change.removals):
            segment = removals.segment
            for stored in segment.table.documents():
                if not segment.alive(stored.row):
                    continue
                kept = [
                    Kept(passage=passage, key=key)
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
        _finish(change, writer, gather)

    return _update(out, write, None, lock_timeout_seconds, any_analysis=True)(started, ())


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
            remedy="name that encoder, or build the index again",
        )


# --------------------------------------------------------------------------------------------------- one generation


def _update(
    out: Path,
    write: Callable[[_Change, Staging], None],
    rejects: RejectsFile | None,
    lock_timeout_seconds: float,
    *,
    any_analysis: bool = False,
) -> Callable[[float, tuple[str, ...]], UpdateReport]:
    """Publish what `write` makes of the current generation; return what composes the report."""
    changes: list[_Change] = []

    def build(current: Generation, staging: Staging) -> Mapping[str, object] | None:
        body = read_body(current, any_analysis=any_analysis)
        segments: list[Segment] = []
        try:
            segments.extend(Segment(current, body, part) for part in body.segments)
            change = _Change(body=body, removals=[Removals(segment) for segment in segments])
            changes.append(change)
            write(change, staging)
            return _next_body(current, staging, change, rejects.count if rejects is not None else 0)
        finally:
            for segment in segments:
                segment.close()

    generation = publish_next(Path(out), INDEX, build, lock_timeout_seconds=lock_timeout_seconds)
    (change,) = changes
    body = read_body(generation)

    def compose(started: float, missing: tuple[str, ...]) -> UpdateReport:
        return UpdateReport(
            generation=generation.manifest.generation,
            sha256=generation.sha256,
            added=change.added,
            changed=change.changed,
            unchanged=change.unchanged,
            removed=change.removed,
            missing=missing,
            restored=change.restored,
            documents=body.counts.documents,
            passages=body.counts.passages,
            segments=len(body.segments),
            rejected=0 if rejects is None else rejects.count,
            rejects=rejects.path if rejects is not None and rejects.count else None,
            embedded=change.tally.embedded,
            seconds=time.monotonic() - started,
        )

    return compose


def _next_body(current: Generation, staging: Staging, change: _Change, rejected: int) -> Mapping[str, object] | None:
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
        writer = SegmentWriter(staging.path / _segment_name(staging))
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


# ------------------------------------------------------------------------------------------------------------- segments


def _segment_name(staging: Staging) -> str:
    """Name a segment by the number of the generation in the making, which tells it from all before."""
    return f"segment-{staging.path.name.rsplit('-', 1)[1]}"


def _compare(files: Sequence[SourceFile], change: _Change, rejects: RejectsFile, report: Progress) -> set[str]:
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


def _write_sources(
    files: Sequence[SourceFile],
    wanted: set[str],
    writer: SegmentWriter,
    scratch: Path,
    change: _Change,
    report: Progress,
) -> None:
    made = change.body.passages
    settings = PassageSettings(
        max_characters=made.max_characters,
        overlap_sentences=made.overlap_sentences,
        near_duplicates=made.near_duplicates,
    )
    seen = SeenPassages(scratch / _SEEN_FILE, settings.near_duplicates)
    try:
        for source in read_documents(files, lambda error: None):  # rejects were written down when it was compared
            document = source.document
            if document.id not in wanted:
                continue
            wanted.discard(document.id)
            fresh: list[Passage] = []
            known: list[Collapsed] = []
            for passage in cut(source, settings):
                key = key_of(passage)
                if change.holds(key):
                    known.append(Collapsed(passage=passage, key=key, near=False))
                else:
                    fresh.append(passage)
            kept, collapsed = seen.split(fresh, writer.table)
            writer.add(document, sha256_text(document.text), kept, [*known, *collapsed])
            report("reading", writer.table.passages, None)
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    finally:
        seen.close()


def _restore(change: _Change, staging: Staging, embed: Callable[[SegmentWriter], Gather]) -> None:
    """Write the documents anew that lost a passage which stood for one of theirs."""
    tables = [PassageTable(writer.folder / PASSAGES_FILE) for writer, _ in change.written]
    writer: SegmentWriter | None = None
    try:

        def holds(key: bytes) -> bool:
            return change.holds(key) or any(table.rows_of(key) for table in tables)

        lost = {key for key in change.lost if not holds(key)}
        affected: list[tuple[StoredDocument, list[Passage], list[Collapsed]]] = []
        for removals in change.removals if lost else ():
            table = removals.segment.table
            for row in table.collapsed_into(lost):
                if removals.documents[row]:
                    stored = table.document(row)
                    affected.append((stored, table.passages(stored.rows), table.collapsed(stored)))
                    removals.remove(stored.row, stored.rows)
        if not affected:
            return
        writer = SegmentWriter(staging.path / f"{_segment_name(staging)}-restored")
        known: set[bytes] = set()
        for stored, passages, collapsed in affected:
            kept: list[Kept] = []
            others = [entry for entry in collapsed if entry.key not in lost]
            for passage in (*passages, *(entry.passage for entry in collapsed if entry.key in lost)):
                key = key_of(passage)
                if key in known or holds(key):
                    others.append(Collapsed(passage=passage, key=key, near=False))
                else:
                    known.add(key)
                    kept.append(Kept(passage=passage, key=key))
            writer.add(stored.document, stored.sha256, kept, others)
        writer.finish()
    except BaseException:
        if writer is not None:
            writer.abandon()
        raise
    finally:
        for table in tables:
            table.close()
    change.restored += len(affected)
    _finish(change, writer, embed(writer))


def _finish(change: _Change, writer: SegmentWriter, gather: Gather) -> None:
    """Write the vectors of a segment, and take it in."""
    body = change.body
    try:
        vectors = write_vectors(writer, body.encoder.dimensions, body.factory, gather, body.target_recall)
    except UsageError:
        if body.factory is None:
            raise
        # Too few rows to train what the whole index was built with.
        vectors = write_vectors(writer, body.encoder.dimensions, FLAT, gather, body.target_recall)
    change.written.append((writer, writer.part(vectors)))


def _nothing(rows: np.ndarray) -> Vectors:
    raise ValueError("an empty segment has no vectors")


def _say_nothing(what: str, done: int, total: int | None) -> None:
    """Report no progress."""
