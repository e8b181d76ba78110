"""Single files as documents: plain text, Markdown, HTML and PDF."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from factcheck.errors import DocumentError, MissingExtraError
from factcheck.index.documents import Section, SourceDocument, SourceFile
from factcheck.types import Document, Span

MAX_FILE_BYTES = 256 * 1024 * 1024
_END = r"(?:\r\n?|\n)"
_FRONT_MATTER = re.compile(rf"---[ \t]*{_END}(?=[A-Za-z][\w-]*:)(?:[^\r\n]*{_END})*?(?:---|\.\.\.)[ \t]*(?:{_END}|$)")
_TITLE_LINE = re.compile(r"[\r\n]title:[ \t]*(?P<quote>[\"']?)(?P<title>[^\r\n]+?)(?P=quote)[ \t]*(?=[\r\n])")
# What the Markdown standard counts as the end of a line; str.splitlines knows many more.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def read_plain(file: SourceFile) -> SourceDocument:
    """Return a text file as one document: its text as it is, its name as its title.

    Raises:
        DocumentError: it is empty, too large or not UTF-8.
    """
    return SourceDocument(document=_document(file, _read_text(file.path), _title_of(file)), where=file.path)


def read_markdown(file: SourceFile) -> SourceDocument:
    """Return a Markdown file as one document: its text as it is, cut at its headings, without its code and comments.

    Raises:
        DocumentError: it is empty, too large or not UTF-8.
    """
    from markdown_it import MarkdownIt

    text = _read_text(file.path)
    lines = [match.start() for match in _LINE.finditer(text)]
    starts = [*lines, len(text)]
    front = _FRONT_MATTER.match(text)
    body = 0 if front is None else front.end()
    title = "" if front is None or (named := _TITLE_LINE.search(front.group())) is None else named["title"]
    # Front matter is blanked, not cut, so that line numbers stay.
    blanked = re.sub(r"[^\r\n]", " ", text[:body]) + text[body:]
    # The parser counts lines after normalising their ends, as `lines` does.
    headings: list[str] = []
    sections: list[Section] = []
    level_one = ""
    tokens = MarkdownIt("commonmark").enable("table").parse(blanked)
    for i, token in enumerate(tokens):
        if token.map is None or token.level != 0:
            continue
        span = _trimmed(text, starts[token.map[0]], starts[min(token.map[1], len(lines))])
        if token.type == "heading_open":
            depth = int(token.tag[1])
            words = _inline_text(tokens[i + 1].content)
            level_one = level_one or (words if depth == 1 else "")
            headings = _below(headings, depth, words)
        elif token.type not in {"fence", "code_block", "html_block", "hr"} and len(span):
            path = _joined(headings, title or level_one)
            if sections and sections[-1].heading == path and not text[sections[-1].span.end : span.start].strip():
                span = Span(start=sections.pop().span.start, end=span.end)
            sections.append(Section(span=span, heading=path))
    if not sections:
        raise DocumentError("holds no text beside code and headings", where=file.path)
    document = _document(file, text, title or level_one or _title_of(file))
    return SourceDocument(document=document, where=file.path, sections=tuple(sections))


def read_html(file: SourceFile) -> SourceDocument:
    """Return the main text of a page, without its navigation, as one document, cut at its headings.

    Its date is one that the page states in its metadata; a year in a footer dates nothing.

    Raises:
        DocumentError: it is empty or too large, or no text is found in it.
    """
    import trafilatura
    from trafilatura.settings import Document as Extracted

    raw = _read_bytes(file.path)
    loggers = [logging.getLogger(name) for name in ("trafilatura", "htmldate")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:  # they warn about pages that we report ourselves
            logger.setLevel(logging.CRITICAL)
        found = trafilatura.bare_extraction(
            raw,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            date_extraction_params={"extensive_search": False},
        )
        headings = _headings(found.body) if isinstance(found, Extracted) else []
        text = "" if not isinstance(found, Extracted) else str(found.text or "")
        if not text.strip():
            # Too short for it to tell what is main; a mere fragment has to be a page first.
            page = raw if b"<html" in raw.lower() else b"<html><body>" + raw + b"</body></html>"
            headings = []
            text = str(trafilatura.html2txt(page) or "")
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise DocumentError(f"cannot be read as HTML ({error})", where=file.path) from error
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
    text = _replace_unusable(text)
    if not text.strip():
        raise DocumentError("no text is found in this page", where=file.path)
    title = str(found.title or "") if isinstance(found, Extracted) else ""
    date = str(found.date) if isinstance(found, Extracted) and found.date else None
    document = _document(file, text, title or _title_of(file), date=date)
    return SourceDocument(document=document, where=file.path, sections=_cut_at(text, headings, document.title))


def _headings(body: Iterable[Any]) -> list[tuple[int, str]]:
    """Return depth, from 1, and words of the headings of a page that trafilatura has read, in their order."""
    return [
        (int(level) if (level := str(part.get("rend") or "")[1:]).isdigit() else 1, " ".join(part.itertext()).strip())
        for part in body
        if part.tag == "head"
    ]


def _cut_at(text: str, headings: Sequence[tuple[int, str]], title: str) -> tuple[Section, ...]:
    """Return what stands between the headings of a text, each of which is a line of its own.

    Args:
        text: of the page.
        headings: depth and words, in order; one that is not found is passed over.
        title: of the document.
    """
    path: list[str] = []
    parts: list[tuple[str, int, int]] = []
    start = 0
    for depth, words in headings:
        line = re.compile(rf"^[ \t]*{re.escape(words)}[ \t]*$", re.MULTILINE).search(text, start)
        if line is not None:
            parts.append((_joined(path, title), start, line.start()))
            path = _below(path, depth, words)
            start = line.end()
    parts.append((_joined(path, title), start, len(text)))
    spans = ((heading, _trimmed(text, start, end)) for heading, start, end in parts)
    return tuple(Section(span=span, heading=heading) for heading, span in spans if len(span))


def _below(path: Sequence[str], depth: int, words: str) -> list[str]:
    """Return the headings that hold below a new one: those above its depth (from 1), and itself."""
    return [*path[: depth - 1], *[""] * (depth - 1 - len(path)), words]


def _joined(path: Sequence[str], title: str) -> str:
    """Return headings as one; the title is the document's, so it need not stand in every section again."""
    return " / ".join(part for part in path if part and part != title)


def require_pdf(path: Path) -> None:
    """See that a PDF could be read here.

    Raises:
        MissingExtraError: pypdf is not installed.
    """
    try:
        import pypdf  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("reading PDF", "pdf", where=path) from error


def read_pdf(file: SourceFile) -> Iterator[SourceDocument]:
    """Yield the pages of a PDF that hold text, each as a document of its own with the section `page N`.

    Raises:
        DocumentError: it is encrypted, broken, too large, or a scan without text.
    """
    import io

    import pypdf
    from pypdf.errors import DependencyError, PyPdfError

    raw = _read_bytes(file.path)
    pages = 0
    logger = logging.getLogger("pypdf")
    level = logger.level
    try:
        logger.setLevel(logging.CRITICAL)  # it reports each oddity of a file that it reads all the same
        reader = pypdf.PdfReader(io.BytesIO(raw), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("is encrypted", where=file.path, remedy="remove the password first")
        title = _replace_unusable(str(reader.metadata.title or "") if reader.metadata else "").strip() or _title_of(
            file
        )
        for number, page in enumerate(reader.pages, 1):
            text = _replace_unusable(page.extract_text())
            if text.strip():
                pages += 1
                document = Document(
                    id=f"{file.name}#page={number}", text=text, title=title, section=f"page {number}", source=file.name
                )
                yield SourceDocument(document=document, where=file.path)
    except DependencyError as error:
        raise DocumentError("is encrypted", where=file.path, remedy="remove the encryption first") from error
    except (PyPdfError, *_BROKEN) as error:
        raise DocumentError(f"is a broken PDF ({_first_line(error)})", where=file.path) from error
    finally:
        logger.setLevel(level)
    if pages == 0:
        raise DocumentError("holds no text", where=file.path, remedy="a scan needs character recognition first")


# pypdf lets these out of its depths when the objects of a file are not what they should be.
_BROKEN = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    NotImplementedError,
)
_LONE = re.compile("[\0\ud800-\udfff]")


def _document(file: SourceFile, text: str, title: str, *, date: str | None = None) -> Document:
    return Document(id=file.name, text=text, title=_replace_unusable(title).strip(), source=file.name, date=date)


def _read_bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size == 0:
        raise DocumentError("is empty", where=path)
    if size > MAX_FILE_BYTES:
        raise DocumentError(
            f"has {size:,} bytes, more than {MAX_FILE_BYTES:,}", where=path, remedy="split it, or make it JSON Lines"
        )
    return path.read_bytes()


def _read_text(path: Path) -> str:
    raw = _read_bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"is not UTF-8 (at byte {error.start})", where=path, remedy="convert it to UTF-8") from None
    if not text.strip():
        raise DocumentError("is empty", where=path)
    return _replace_unusable(text)


def _replace_unusable(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD, one for one, so that offsets stay."""
    return _LONE.sub("\ufffd", text)


def _title_of(file: SourceFile) -> str:
    return PurePosixPath(file.name).stem.replace("_", " ").strip()


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return (
        Span(start=start + len(piece) - len(piece.lstrip()), end=start + len(piece.rstrip()))
        if piece.strip()
        else (Span(start=start, end=start))
    )


def _inline_text(content: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[*_`]|!?\[([^\]]*)\]\([^)]*\)", r"\1", content)).strip()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0][:200]
