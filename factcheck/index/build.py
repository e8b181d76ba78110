"""One pass from sources to a published index."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np
import orjson

from factcheck.errors import InputError, RowError
from factcheck.index.analysis import ANALYSIS, analyse
from factcheck.index.documents import SourceFile, find_files, read_documents
from factcheck.index.embeddings import EmbeddingLog
from factcheck.index.manifest import (
    INDEX,
    PASSAGES_FILE,
    POSTINGS_FOLDER,
    VECTORS_FILE,
    CountsPart,
    EncoderPart,
    IndexBody,
    LexicalPart,
    PassagesPart,
    SegmentPart,
    VectorsPart,
)
from factcheck.index.passages import PassageSettings, cut
from factcheck.index.postings import PostingsBuilder
from factcheck.index.rejects import RejectsFile
from factcheck.index.table import PassageTable, PassageTableWriter
from factcheck.index.vectors import build_vectors, default_factory
from factcheck.protocols import Encoder
from factcheck.provenance import publish, sha256_text
from factcheck.types import Document, Passage

SEGMENT = "segment-1"
_EMBED_ROWS = 256
_LOG_FILE = "embeddings.log"

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with what is going on, how much of it is done, and how much there is in all, if that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did.

    Attributes:
        generation: its number; `sha256` is of its manifest.
        duplicates: passages left out because an equal one from the same source is in.
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
    rejected: int
    rejects: Path | None
    embedded: int
    reused: int
    seconds: float


@dataclass(slots=True)
class _Tally:
    documents: int = 0
    passages: int = 0
    duplicates: int = 0
    embedded: int = 0
    reused: int = 0


def build_index(
    sources: Sequence[Path],
    out: Path,
    encoder: Encoder,
    *,
    passages: PassageSettings | None = None,
    factory: str | None = None,
    progress: Progress | None = None,
    lock_timeout_seconds: float = 10.0,
) -> BuildReport:
    """Read, cut, embed and publish.

    A killed build leaves its vectors in `out`; the next one with the same encoder uses them for the same texts.

    Args:
        sources: files and folders.
        out: the index's folder; a generation that is there serves until the new one is finished.
        encoder: what embeds passages and, later, queries.
        passages: how passages are cut.
        factory: a FAISS factory string; by default exact up to 100,000 passages, IVF with 8-bit codes beyond.
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
    tally = _Tally()

    with RejectsFile(Path(out).absolute()) as rejects:

        def build(staging: Path, scratch: Path) -> Mapping[str, object]:
            segment = staging / SEGMENT
            (segment / POSTINGS_FOLDER).mkdir(parents=True)
            digest = _write_passages(files, segment, settings, rejects, tally, report)
            if tally.passages == 0:
                raise InputError("the sources hold no passage", where=out, remedy="look at what was rejected")
            kept = _write_vectors(segment, scratch / _LOG_FILE, encoder, factory, tally, report)
            return _body(encoder, settings, kept, rejects.count, digest, tally).as_dict()

        try:
            generation = publish(Path(out), INDEX, build, lock_timeout_seconds=lock_timeout_seconds)
        except InputError:
            rejects.finish()  # they tell why
            raise
        rejects.finish()
    return BuildReport(
        generation=generation.manifest.generation,
        sha256=generation.sha256,
        documents=tally.documents,
        passages=tally.passages,
        duplicates=tally.duplicates,
        rejected=rejects.count,
        rejects=rejects.path if rejects.count else None,
        embedded=tally.embedded,
        reused=tally.reused,
        seconds=time.monotonic() - started,
    )


def documents_sha256(documents: Iterator[tuple[Document, str]]) -> str:
    """Return one hash for ids, text hashes and headings of documents in their order."""
    digest = hashlib.sha256()
    for document, sha256 in documents:
        digest.update(_document_line(document, sha256))
    return digest.hexdigest()


def postings_of(passages: Iterator[Passage]) -> PostingsBuilder:
    """Return the postings of passages in the order of their rows."""
    postings = PostingsBuilder()
    for passage in passages:
        postings.add(analyse(passage.premise))
    return postings


def _write_passages(
    files: Sequence[SourceFile],
    segment: Path,
    settings: PassageSettings,
    rejects: RejectsFile,
    tally: _Tally,
    report: Progress,
) -> str:
    postings = PostingsBuilder()
    digest = hashlib.sha256()
    seen: set[bytes] = set()
    table = PassageTableWriter(segment / PASSAGES_FILE)
    try:
        for source in read_documents(files, rejects.add):
            document = source.document
            sha256 = sha256_text(document.text)
            cuts = list(cut(source, settings))
            fresh = _without_duplicates(cuts, seen)
            if not table.add(document, sha256, list(fresh.values())):
                rejects.add(
                    RowError(
                        f"the id '{document.id}' is taken",
                        where=source.where,
                        line=source.line,
                        offset=source.offset,
                        code="duplicate_id",
                    )
                )
                continue
            digest.update(_document_line(document, sha256))
            seen.update(fresh)
            for passage in fresh.values():
                postings.add(analyse(passage.premise))
            tally.documents += 1
            tally.passages += len(fresh)
            tally.duplicates += len(cuts) - len(fresh)
            report("reading", tally.passages, None)
    finally:
        table.close()
    postings.write(segment / POSTINGS_FOLDER)
    return digest.hexdigest()


def _without_duplicates(passages: Sequence[Passage], seen: set[bytes]) -> dict[bytes, Passage]:
    fresh: dict[bytes, Passage] = {}
    for passage in passages:
        shown = orjson.dumps([passage.title, passage.section, passage.text, passage.source, passage.date])
        key = hashlib.sha256(shown).digest()[:16]
        if key not in seen:
            fresh.setdefault(key, passage)
    return fresh


def _write_vectors(
    segment: Path, log_path: Path, encoder: Encoder, factory: str | None, tally: _Tally, report: Progress
) -> dict[str, object]:
    table = PassageTable(segment / PASSAGES_FILE)
    try:
        with EmbeddingLog(log_path, encoder) as log:
            positions = np.empty(tally.passages, dtype=np.int64)
            done = 0
            report("embedding", 0, tally.passages)
            premises = (passage.premise for passage in table)
            while texts := list(islice(premises, _EMBED_ROWS)):
                found, embedded, reused = log.embed(texts)
                positions[done : done + len(texts)] = found
                done += len(texts)
                tally.embedded += embedded
                tally.reused += reused
                report("embedding", done, tally.passages)
            chosen = factory or default_factory(tally.passages)
            return build_vectors(
                segment / VECTORS_FILE,
                tally.passages,
                encoder.dimensions,
                chosen,
                lambda rows: log.gather(positions[rows]),
            )
    finally:
        table.close()


def _body(
    encoder: Encoder,
    settings: PassageSettings,
    vectors: Mapping[str, object],
    rejected: int,
    digest: str,
    tally: _Tally,
) -> IndexBody:
    probes = vectors.get("probes")
    return IndexBody(
        encoder=EncoderPart(name=encoder.name, sha256=encoder.sha256, dimensions=encoder.dimensions),
        vectors=VectorsPart(
            factory=str(vectors["factory"]),
            metric=str(vectors["metric"]),
            probes=probes if isinstance(probes, int) else None,
        ),
        lexical=LexicalPart(analysis=ANALYSIS),
        passages=PassagesPart(max_characters=settings.max_characters, overlap_sentences=settings.overlap_sentences),
        segments=(SegmentPart(name=SEGMENT, documents=tally.documents, passages=tally.passages),),
        counts=CountsPart(
            documents=tally.documents, passages=tally.passages, duplicates=tally.duplicates, rejected=rejected
        ),
        documents_sha256=digest,
    )


def _document_line(document: Document, sha256: str) -> bytes:
    shown = [document.id, sha256, document.title, document.section, document.source, document.date]
    return orjson.dumps(shown) + b"\n"
