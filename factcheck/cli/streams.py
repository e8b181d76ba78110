"""Standard streams and files: UTF-8 whatever the locale, no half-written results, no trouble with a closed pipe."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import BinaryIO

from factcheck.errors import InputError, StorageError, TextError, UsageError

STDIN = "-"
_CLEAR_LINE = "\r\x1b[2K"
_noted = False  # whether a note stands on the terminal; there is one terminal in a process
_FILE_SUFFIXES = {
    ".txt",
    ".md",
    ".markdown",
    ".rst",
    ".html",
    ".htm",
    ".json",
    ".jsonl",
    ".csv",
    ".tsv",
    ".pdf",
    ".docx",
}


def prepare() -> None:
    """Let standard output and error take any character.

    A pipe or a file gets UTF-8. A terminal keeps its own encoding, which it would garble otherwise, and shows what it
    cannot as a question mark.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:  # a test's or a notebook's stream
            continue
        if stream.isatty():
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="replace")


def speaks_unicode() -> bool:
    """Say whether standard output was set up for UTF-8, by the locale or by PYTHONIOENCODING; ask before `prepare`."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    return encoding.lower().replace("-", "").replace("_", "") in {"utf8", "utf16", "utf32", "cp65001"}


def emit(text: str) -> None:
    """Write to standard output; a reader that has gone away is no error, and the exit code stays what it would be."""
    clear_note()
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        abandon_stdout()


def emit_json(data: bytes) -> None:
    """Write JSON and a newline to standard output."""
    clear_note()
    binary: BinaryIO | None = getattr(sys.stdout, "buffer", None)
    if binary is None:
        emit(data.decode("utf-8") + "\n")
        return
    try:
        sys.stdout.flush()
        binary.write(data + b"\n")
        binary.flush()
    except BrokenPipeError:
        abandon_stdout()


def abandon_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush does not fail either."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def note(message: str) -> None:
    """Tell a person at a terminal what goes on, in a line that gives way to whatever comes next.

    Silent where standard error is a file or a pipe.
    """
    global _noted
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        print(f"{_CLEAR_LINE}{message} …", end="", file=sys.stderr, flush=True)
        _noted = True


def clear_note() -> None:
    """Wipe the last note, so that a result or an error has the line to itself."""
    global _noted
    if _noted:
        print(_CLEAR_LINE, end="", file=sys.stderr, flush=True)
        _noted = False


def is_file(argument: str) -> bool:
    """Say whether an argument names something that exists; a text may well be no valid path."""
    try:
        return argument != "" and Path(argument).exists()  # an empty path would be the current folder
    except (OSError, ValueError):
        return False


def looks_like_a_file(argument: str) -> bool:
    """Say whether an argument was surely meant as a path: one word that ends as files do."""
    return not any(character.isspace() for character in argument) and Path(argument).suffix.lower() in _FILE_SUFFIXES


def read_text(source: str | Path, *, max_characters: int) -> str:
    """Read a whole text; line ends stay as they are, since spans count them.

    Args:
        source: a file, or `-` for standard input.
        max_characters: more than this is refused, before it fills the memory.

    Raises:
        InputError: the file cannot be read.
        TextError: the text is too large, or its bytes are not UTF-8.
    """
    from factcheck.text.clean import decode_text

    where = "standard input" if source == STDIN else str(source)
    max_bytes = 4 * max_characters + 3  # a character has at most four bytes, a byte order mark three
    try:
        if source == STDIN:
            data = stdin_bytes().read(max_bytes + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(max_bytes + 1)
    except IsADirectoryError as error:
        raise InputError("is a directory", where=where, remedy="name a file") from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=where) from error
    too_large = TextError(
        f"has more than {max_characters:,} characters",
        where=where,
        remedy="split it, or raise the limit with --max-characters",
    )
    if len(data) > max_bytes:
        raise too_large
    text = decode_text(data, where=where)
    if len(text) > max_characters:
        raise too_large
    return text


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", errors="replace", newline="")
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> StorageError:
    """Return the error for a file that was asked for and cannot be written."""
    return StorageError(f"cannot be written ({error.strerror})", where=path, remedy="check folder, rights and space")


def stdin_bytes() -> BinaryIO:
    """Return standard input as bytes.

    Raises:
        UsageError: the process has none.
    """
    if sys.stdin is None:
        raise UsageError("there is no standard input", remedy="name a file, or give the text itself")
    binary: BinaryIO | None = getattr(sys.stdin, "buffer", None)
    if binary is None:
        raise UsageError("standard input has no bytes", remedy="name a file, or give the text itself")
    return binary
