"""Documents to a segment: what building, adding and restoring share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

import numpy as np

from factcheck.errors import RowError
from factcheck.index.documents import Reject, SourceDocument
from factcheck.index.duplicates import SeenPassages
from factcheck.index.embeddings import EmbeddingLog
from factcheck.index.manifest import VectorsPart
from factcheck.index.passages import PassageSettings, cut
from factcheck.index.segment import PASSAGES_FILE, SegmentWriter
from factcheck.index.table import PassageTable
from factcheck.index.vectors import Gather, build_vectors
from factcheck.protocols import Encoder
from factcheck.provenance import sha256_text

SEEN_FILE = "seen.sqlite"
_LOG_FILE = "embeddings.log"
_EMBED_ROWS = 256

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with what is going on, how much of it is done, and how much there is in all, if that is known."""


def write_documents(
    sources: Iterable[SourceDocument],
    writer: SegmentWriter,
    seen: SeenPassages,
    settings: PassageSettings,
    reject: Reject,
    report: Progress,
) -> None:
    """Cut documents into passages and write those that none before them stands for; writer and memory end here."""
    try:
        for source in sources:
            document = source.document
            if writer.table.holds(document.id):
                reject(id_taken(source))
                continue
            kept, collapsed = seen.split(list(cut(source, settings)), writer.table)
            writer.add(document, sha256_text(document.text), kept, collapsed)
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
    return build_vectors(writer.folder, rows, dimensions, factory or None, gather, target_recall=target_recall)
