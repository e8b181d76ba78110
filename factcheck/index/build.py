"""One pass from sources to a published index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

import numpy as np

from factcheck.errors import InputError, RowError
from factcheck.index.analysis import ANALYSIS
from factcheck.index.documents import SourceDocument, SourceFile, find_files, read_documents
from factcheck.index.duplicates import SeenPassages
from factcheck.index.embeddings import EmbeddingLog
from factcheck.index.manifest import (
    INDEX,
    CountsPart,
    EncoderPart,
    IndexBody,
    LexicalPart,
    PassagesPart,
    VectorsPart,
    body_of,
)
from factcheck.index.passages import PassageSettings, cut
from factcheck.index.rejects import RejectsFile
from factcheck.index.segment import PASSAGES_FILE, SegmentWriter
from factcheck.index.table import PassageTable
from factcheck.index.vectors import TARGET_RECALL, Gather, build_vectors, default_factory
from factcheck.protocols import Encoder
from factcheck.provenance import publish, sha256_text

_EMBED_ROWS = 256
_LOG_FILE = "embeddings.log"
_SEEN_FILE = "seen.sqlite"

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with what is going on, how much of it is done, and how much there is in all, if that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did.

    Attributes:
        generation: its number; `sha256` is of its manifest.
        duplicates: passages left out because an equal one from the same source is in.
        near_duplicates: passages left out because one is in that says the same in nearly the same words.
        rejected: rows and files that could not be used; they stand in `rejects`.
        embedded: texts that the encoder was asked for.
        reused: texts whose vectors a killed build had left.
        seconds: of wall time.
    """

    generation: int
    sha256: str
    documents: int
    passages: int
    duplicates: int
    near_duplicates: int
    rejected: int
    rejects: Path | None
    embedded: int
    reused: int
    seconds: float


def build_index(
    sources: Sequence[Path],
    out: Path,
    encoder: Encoder,
    *,
    passages: PassageSettings | None = None,
    factory: str | None = None,
    target_recall: float = TARGET_RECALL,
    progress: Progress | None = None,
    lock_timeout_seconds: float = 10.0,
) -> BuildReport:
    """Read, cut, embed and publish.

    A killed build leaves its vectors in `out`; the next one with the same encoder uses them for the same texts.

    Args:
        sources: files and folders.
        out: the index's folder; a generation that is there serves until the new one is finished.
        encoder: what embeds passages and, later, queries.
        passages: how passages are cut, and which count as one.
        factory: a FAISS factory string; by default exact up to 100,000 passages, IVF with 8-bit codes beyond.
        target_recall: share of the ten nearest passages that a search of codes has to find.
        progress: called now and then.
        lock_timeout_seconds: how long to wait for another writer.

    Raises:
        DocumentError: a file that was named cannot be read.
        InputError: the sources hold no passage.
        ModelError: the encoder breaks its contract.
        StorageError: the disk refuses, or another process is writing.
        UsageError: a setting makes no sense.
    """
    started = time.monotonic()
    settings = passages or PassageSettings()
    report = progress or (lambda what, done, total: None)
    files = find_files(sources)
    tally = Tally()

    with RejectsFile(Path(out).absolute()) as rejects:

        def build(staging: Path, scratch: Path) -> Mapping[str, object]:
            writer = SegmentWriter(staging / "segment-1")
            _write_passages(files, writer, scratch, settings, rejects, report)
            if writer.table.passages == 0:
                raise InputError("the sources hold no passage", where=out, remedy="look at what was rejected")
            with Embedding(scratch, encoder, tally, report) as embedding:
                gather = embedding.of(writer)
                vectors = write_vectors(writer, encoder.dimensions, factory, gather, target_recall)
            return IndexBody(
                encoder=EncoderPart(name=encoder.name, sha256=encoder.sha256, dimensions=encoder.dimensions),
                factory=factory,
                target_recall=target_recall,
                lexical=LexicalPart(analysis=ANALYSIS),
                passages=PassagesPart(
                    max_characters=settings.max_characters,
                    overlap_sentences=settings.overlap_sentences,
                    near_duplicates=settings.near_duplicates,
                ),
                segments=(writer.part(vectors),),
                counts=CountsPart(
                    documents=writer.table.documents,
                    passages=writer.table.passages,
                    duplicates=writer.collapsed[0],
                    near_duplicates=writer.collapsed[1],
                    rejected=rejects.count,
                ),
            ).as_dict()

        try:
            generation = publish(Path(out), INDEX, build, lock_timeout_seconds=lock_timeout_seconds)
        except InputError:
            rejects.finish()  # they tell why
            raise
        rejects.finish()
    counts = body_of(generation).counts
    return BuildReport(
        generation=generation.manifest.generation,
        sha256=generation.sha256,
        documents=counts.documents,
        passages=counts.passages,
        duplicates=counts.duplicates,
        near_duplicates=counts.near_duplicates,
        rejected=rejects.count,
        rejects=rejects.path if rejects.count else None,
        embedded=tally.embedded,
        reused=tally.reused,
        seconds=time.monotonic() - started,
    )


@dataclass(slots=True)
class Tally:
    """Texts that the encoder was asked for, and those whose vectors were there."""

    embedded: int = 0
    reused: int = 0


class Embedding:
    """Embeds the passages of segments by way of a log, so that a killed build goes on from there."""

    def __init__(self, scratch: Path, encoder: Encoder, tally: Tally, report: Progress) -> None:
        self._log = EmbeddingLog(scratch / _LOG_FILE, encoder)
        self._tally = tally
        self._report = report

    def __enter__(self) -> Embedding:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._log.__exit__(kind, error, trace)

    def of(self, writer: SegmentWriter) -> Gather:
        """Embed the passages of a finished segment; return what gives their vectors by row."""
        total = writer.table.passages
        table = PassageTable(writer.folder / PASSAGES_FILE)
        try:
            positions = np.empty(total, dtype=np.int64)
            done = 0
            self._report("embedding", 0, total)
            premises: Iterator[str] = (passage.premise for passage in table)
            while texts := list(islice(premises, _EMBED_ROWS)):
                found, embedded, reused = self._log.embed(texts)
                positions[done : done + len(texts)] = found
                done += len(texts)
                self._tally.embedded += embedded
                self._tally.reused += reused
                self._report("embedding", done, total)
        finally:
            table.close()
        return lambda rows: self._log.gather(positions[rows])


def write_vectors(
    writer: SegmentWriter, dimensions: int, factory: str | None, gather: Gather, target_recall: float
) -> VectorsPart:
    """Write the vectors of a finished segment: as asked for, or as its size suggests."""
    rows = writer.table.passages
    chosen = factory or default_factory(rows)
    return build_vectors(writer.folder, rows, dimensions, chosen, gather, target_recall=target_recall)


def _write_passages(
    files: Sequence[SourceFile],
    writer: SegmentWriter,
    scratch: Path,
    settings: PassageSettings,
    rejects: RejectsFile,
    report: Progress,
) -> None:
    seen = SeenPassages(scratch / _SEEN_FILE, settings.near_duplicates)
    try:
        for source in read_documents(files, rejects.add):
            document = source.document
            kept, collapsed = seen.split(list(cut(source, settings)), writer.table)
            if not writer.add(document, sha256_text(document.text), kept, collapsed):
                seen.forget(kept)
                rejects.add(id_taken(source))
                continue
            report("reading", writer.table.passages, None)
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    finally:
        seen.close()


def id_taken(source: SourceDocument) -> RowError:
    """Say that a document's id came before in the same sources."""
    return RowError(
        f"the id '{source.document.id}' is taken",
        where=source.where,
        line=source.line,
        offset=source.offset,
        code="duplicate_id",
    )
