"""Where documents come from: files and folders of the user, each format read by its own function.

A row or a file that cannot be used is a reject, which is written down, and the build goes on; only a file that the user
named and that cannot be read at all ends it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from factcheck.errors import DocumentError, InputError, UsageError
from factcheck.types import Document, Span


class Format(StrEnum):
    """A kind of file that documents are read from."""

    JSONL = "jsonl"
    PARQUET = "parquet"
    PLAIN = "plain text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"


_SUFFIXES = {
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".jsonl.gz": Format.JSONL,
    ".jsonl.zst": Format.JSONL,
    ".ndjson.gz": Format.JSONL,
    ".parquet": Format.PARQUET,
    ".txt": Format.PLAIN,
    ".text": Format.PLAIN,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".pdf": Format.PDF,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a document's text that is cut into passages on its own, under a heading or none."""

    span: Span
    heading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A document with the parts of its text that are worth indexing; without a word on it, that is all of it.

    Attributes:
        where: the file that it comes from, if any; `line` (from 1) and `offset` (in bytes) say where in a file of rows.
    """

    document: Document
    sections: tuple[Section, ...] = ()
    where: Path | None = None
    line: int | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file to read.

    Attributes:
        name: what stands for it in document ids and as their source: the shortest end of its path that is unique.
        named: whether the user named this file, and not a folder above it.
    """

    path: Path
    name: str
    format: Format
    named: bool


Reject: TypeAlias = Callable[[InputError], None]
"""Called with a `RowError` for a row, a `DocumentError` for a whole file."""


def find_files(sources: Sequence[Path]) -> list[SourceFile]:
    """Return the files that `sources` name, folders walked in the order of their names.

    Within a folder, files of unknown kinds and hidden ones are passed over, links to folders are not followed, and of a
    BEIR folder only the corpus is read.

    Raises:
        UsageError: a source does not exist.
        DocumentError: a source is of an unknown kind, or holds nothing that can be read.
    """
    found: dict[Path, tuple[Format, bool, tuple[str, ...]]] = {}
    for source in sources:
        if source.is_dir():
            inside = list(_walk(source))
            if not inside:
                raise DocumentError("holds no file of a known kind", where=source, remedy=_known())
            for path, kind in inside:
                found.setdefault(path, (kind, False, (source.resolve().name, *path.relative_to(source).parts)))
        elif source.is_file():
            kind_named = format_of(source)
            if kind_named is None:
                raise DocumentError("is of an unknown kind", where=source, remedy=_known())
            found[source] = (kind_named, True, source.resolve().parts)
        else:
            raise UsageError("there is no such file or folder", where=source, remedy="check the path")
    names = _shortest_unique([parts for _, _, parts in found.values()])
    return [
        SourceFile(path=path, name=name, format=kind, named=named)
        for (path, (kind, named, _)), name in zip(found.items(), names, strict=True)
    ]


def format_of(path: Path) -> Format | None:
    """Return the format that the file's name tells, if any."""
    name = path.name.lower()
    return next((kind for suffix, kind in _SUFFIXES.items() if name.endswith(suffix) and name != suffix), None)


def unknown_kinds(sources: Sequence[Path]) -> Counter[str]:
    """Count by suffix the files below the folders among `sources` that `find_files` passes over as of no known kind."""
    found: Counter[str] = Counter()
    for source in sources:
        if source.is_dir():
            found.update(path.suffix.lower() or path.name for path in _files(source) if format_of(path) is None)
    return found


def read_documents(files: Iterable[SourceFile], reject: Reject) -> Iterator[SourceDocument]:
    """Yield the documents of `files`, in order.

    Args:
        files: from `find_files`.
        reject: called for each row, and each file below a named folder, that cannot be used.

    Raises:
        DocumentError: a file that the user named cannot be read.
        MissingExtraError: what reads one of them is not installed; said before the first is read, which may be hours
            before its turn comes.
    """
    from factcheck.index.files import require_pdf

    files = list(files)
    first = next((file for file in files if file.format is Format.PDF), None)
    if first is not None:
        require_pdf(first.path)
    for file in files:
        try:
            yield from _read(file, reject)
        except DocumentError as error:
            if file.named:
                raise
            reject(error)


def _read(file: SourceFile, reject: Reject) -> Iterator[SourceDocument]:
    from factcheck.index import files, rows

    try:
        if file.format is Format.JSONL:
            yield from rows.read_jsonl(file, reject)
        elif file.format is Format.PARQUET:
            yield from rows.read_parquet(file, reject)
        elif file.format is Format.PLAIN:
            yield files.read_plain(file)
        elif file.format is Format.MARKDOWN:
            yield files.read_markdown(file)
        elif file.format is Format.HTML:
            yield files.read_html(file)
        else:
            yield from files.read_pdf(file)
    except OSError as error:
        raise DocumentError(f"cannot be read ({error.strerror or error})", where=file.path) from error


def _walk(folder: Path) -> Iterator[tuple[Path, Format]]:
    for path in _files(folder):
        if (kind := format_of(path)) is not None:
            yield path, kind


def _files(folder: Path) -> Iterator[Path]:
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    names = {entry.name for entry in entries}
    if names & {"queries.jsonl", "queries.jsonl.gz"} and names & {"corpus.jsonl", "corpus.jsonl.gz"}:
        entries = [entry for entry in entries if entry.name.startswith("corpus.jsonl")]
    for entry in entries:
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _files(entry)
        elif entry.is_file():
            yield entry


def _shortest_unique(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """Return for each path the fewest of its last parts that tell it from all others."""
    lengths = [1] * len(paths)
    while True:
        groups: dict[str, list[int]] = {}
        for i, parts in enumerate(paths):
            groups.setdefault("/".join(parts[-lengths[i] :]), []).append(i)
        clashing = [i for group in groups.values() if len(group) > 1 for i in group if lengths[i] < len(paths[i])]
        if not clashing:
            return [
                _readable("/".join(parts[-length:]).lstrip("/")) for parts, length in zip(paths, lengths, strict=True)
            ]
        for i in clashing:
            lengths[i] += 1


def _readable(name: str) -> str:
    """Return the name with U+FFFD for bytes that are not UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _known() -> str:
    return f"known are {', '.join(_SUFFIXES)}"
