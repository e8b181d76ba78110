"""A segment: the part of an index that one build or addition writes, and that never changes once it is published."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson

from factcheck.errors import IntegrityError
from factcheck.index.analysis import analyse
from factcheck.index.duplicates import WrittenPassages
from factcheck.index.likeness import BAND_FILES, BandTable, BandTableBuilder
from factcheck.index.manifest import IndexBody, SegmentPart, VectorsPart
from factcheck.index.postings import Postings, PostingsBuilder
from factcheck.index.table import Collapsed, Kept, PassageTable, PassageTableWriter
from factcheck.index.tombstones import Mask, read_tombstones
from factcheck.index.vectors import EXACT_FILE, VECTORS_FILE, SegmentVectors, exact_rows, open_vectors
from factcheck.protocols import Vectors
from factcheck.provenance import Generation
from factcheck.types import Document

PASSAGES_FILE = "passages.sqlite"
POSTINGS_FOLDER = "postings"
LIKENESS_FOLDER = "likeness"


class SegmentWriter:
    """Writes the passages and the postings of a segment; its vectors come after, when their number is known.

    Args:
        folder: of the segment; made here.
        near: from which likeness on passages count as one; below 1 what near ones are found by is written too.
    """

    def __init__(self, folder: Path, near: float) -> None:
        (folder / POSTINGS_FOLDER).mkdir(parents=True)
        self.folder = folder
        self.table = PassageTableWriter(folder / PASSAGES_FILE)
        self._postings = PostingsBuilder()
        self._bands = BandTableBuilder() if near < 1 else None
        self._digest = hashlib.sha256()
        self.collapsed = (0, 0)  # passages that equal ones, and near ones, stand for

    def add(self, document: Document, sha256: str, kept: Sequence[Kept], collapsed: Sequence[Collapsed]) -> None:
        """Add the next document; its id may not be taken."""
        self.table.add(document, sha256, kept, collapsed)
        self._digest.update(document_line(document, sha256))
        near = sum(entry.near for entry in collapsed)
        self.collapsed = (self.collapsed[0] + len(collapsed) - near, self.collapsed[1] + near)
        for entry in kept:
            self._postings.add(analyse(entry.passage.premise))
            if self._bands is not None:
                self._bands.add(entry.bands)

    def finish(self) -> None:
        """Write everything out."""
        self.table.close()
        self._postings.write(self.folder / POSTINGS_FOLDER)
        if self._bands is not None:
            (self.folder / LIKENESS_FOLDER).mkdir()
            self._bands.write(self.folder / LIKENESS_FOLDER)

    def written(self) -> WrittenPassages:
        """Open what was finished, for what is written after it; its table has to be closed."""
        bands = None if self._bands is None else BandTable(self.folder / LIKENESS_FOLDER)
        return WrittenPassages(table=PassageTable(self.folder / PASSAGES_FILE), bands=bands, alive=None)

    def abandon(self) -> None:
        """Let go of files that nobody will read."""
        self.table.abandon()

    def part(self, vectors: VectorsPart) -> SegmentPart:
        """Say what the segment is, once its vectors are written."""
        return SegmentPart(
            name=self.folder.name,
            documents=self.table.documents,
            passages=self.table.passages,
            vectors=vectors,
            documents_sha256=self._digest.hexdigest(),
        )


class Segment:
    """A published segment, with what a later generation removed of it.

    Attributes:
        documents, passages: which rows are left; None for all.
    """

    def __init__(self, generation: Generation, body: IndexBody, part: SegmentPart) -> None:
        """Open the passages; postings and vectors are opened when they are asked for.

        Raises:
            IntegrityError: something is not what the manifest says.
        """
        self._generation = generation
        self._body = body
        self.part = part
        self.documents, self.passages = read_tombstones(generation, part)
        path = generation.file(f"{part.name}/{PASSAGES_FILE}")
        self.table = PassageTable(path)
        try:
            if self.table.count() != (part.documents, part.passages):
                raise IntegrityError("holds another number of passages than the manifest says", where=path)
        except BaseException:
            self.table.close()
            raise

    def postings(self) -> Postings:
        """Open the postings.

        Raises:
            IntegrityError: they are not those of as many passages as the manifest says.
        """
        folder = self._generation.path / self.part.name / POSTINGS_FOLDER
        postings = Postings(folder)
        if len(postings.lengths) != self.part.passages:
            raise IntegrityError("holds another number of passages than the manifest says", where=folder)
        return postings

    def bands(self) -> BandTable | None:
        """Open what near-duplicates are found by; None where the segment was written without."""
        if any(
            f"{self.part.name}/{LIKENESS_FOLDER}/{name}" not in self._generation.manifest.files for name in BAND_FILES
        ):
            return None
        return BandTable(self._generation.path / self.part.name / LIKENESS_FOLDER)

    def vectors(self) -> SegmentVectors:
        """Read the vectors that are searched."""
        return open_vectors(
            self._generation.file(f"{self.part.name}/{VECTORS_FILE}"),
            self._exact_path(),
            self.part.vectors,
            rows=self.part.passages,
            dimensions=self._body.encoder.dimensions,
            alive=self.passages,
        )

    def gather(self, rows: Sequence[int]) -> Vectors:
        """Return the vectors of some rows as exactly as they are kept, to be written into another segment."""
        return exact_rows(self.vectors(), np.asarray(rows, dtype=np.int64))

    def alive(self, document: int) -> bool:
        """Say whether a document is not removed."""
        return self.documents is None or bool(self.documents[document])

    def files(self) -> list[str]:
        """Return the names of its files in the manifest, without those of its tombstones."""
        return [name for name in self._generation.manifest.files if name.startswith(f"{self.part.name}/")]

    def close(self) -> None:
        """Let go of the passages."""
        self.table.close()

    def _exact_path(self) -> Path | None:
        name = f"{self.part.name}/{EXACT_FILE}"
        return self._generation.file(name) if self.part.vectors.exact else None


class Removals:
    """What is about to be removed of a segment.

    Attributes:
        documents, passages: which rows are left.
    """

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        part = segment.part
        self.documents: Mask = _mask(segment.documents, part.documents)
        self.passages: Mask = _mask(segment.passages, part.passages)

    def remove(self, row: int, rows: range) -> None:
        """Mark a document and its passages."""
        self.documents[row] = False
        self.passages[rows.start : rows.stop] = False

    def written(self) -> WrittenPassages:
        """Return the passages, of which those count that are left whenever they are asked for."""
        return WrittenPassages(table=self.segment.table, bands=self.segment.bands(), alive=self.passages)

    @property
    def changed(self) -> bool:
        """Whether anything was marked that was not before."""
        before = self.segment.documents
        return int(np.count_nonzero(self.documents)) < (
            self.segment.part.documents if before is None else int(np.count_nonzero(before))
        )


def document_line(document: Document, sha256: str) -> bytes:
    """Return what makes a document the one it is: equal lines, equal documents."""
    shown = [document.id, sha256, document.title, document.section, document.source, document.date]
    return orjson.dumps(shown) + b"\n"


def _mask(alive: Mask | None, rows: int) -> Mask:
    return np.ones(rows, dtype=bool) if alive is None else alive.copy()
