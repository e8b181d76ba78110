"""One pass from sources to a published index."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from factcheck.errors import InputError
from factcheck.index.analysis import ANALYSIS
from factcheck.index.documents import find_files, read_documents
from factcheck.index.duplicates import SeenPassages
from factcheck.index.fill import SEEN_FILE, Embedding, Progress, Tally, write_documents, write_vectors
from factcheck.index.manifest import (
    INDEX,
    CountsPart,
    EncoderPart,
    IndexBody,
    LexicalPart,
    PassagesPart,
    body_of,
)
from factcheck.index.passages import PassageSettings
from factcheck.index.rejects import RejectsFile
from factcheck.index.segment import SegmentWriter
from factcheck.index.vectors import TARGET_RECALL
from factcheck.protocols import Encoder
from factcheck.provenance import publish


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
            writer = SegmentWriter(staging / "segment-1", settings.near_duplicates)
            seen = SeenPassages(scratch / SEEN_FILE, settings.near_duplicates)
            write_documents(read_documents(files, rejects.add), writer, seen, settings, rejects.add, report)
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
                passages=_passages_part(settings),
                segments=(writer.part(vectors),),
                counts=_counts_part(writer, rejected=rejects.count),
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


def _passages_part(settings: PassageSettings) -> PassagesPart:
    return PassagesPart(
        max_characters=settings.max_characters,
        overlap_sentences=settings.overlap_sentences,
        near_duplicates=settings.near_duplicates,
    )


def _counts_part(writer: SegmentWriter, *, rejected: int) -> CountsPart:
    return CountsPart(
        documents=writer.table.documents,
        passages=writer.table.passages,
        duplicates=writer.collapsed[0],
        near_duplicates=writer.collapsed[1],
        rejected=rejected,
    )
