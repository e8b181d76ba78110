"""From bytes, or from whatever a caller calls text, to text that every later step can handle.

A lone surrogate cannot be encoded and a NUL ends strings in C; each becomes U+FFFD, one for one, so that offsets stay
what they were.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from factcheck.errors import TextError

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffd]+")
_UNUSABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanText:
    """A text that can be encoded, as long as the one it came from, and what had to be done."""

    text: str
    warnings: tuple[str, ...] = ()


def clean_text(text: str, *, max_characters: int | None = None, where: str | Path | None = None) -> CleanText:
    """Replace what cannot be stored or shown, and refuse what is too large.

    Args:
        text: as it came.
        max_characters: code points allowed; None for no limit.
        where: file or row, for the message.

    Raises:
        TextError: the text is longer than `max_characters`.
    """
    if max_characters is not None and len(text) > max_characters:
        raise TextError(
            f"the text has {len(text):,} characters, more than the limit of {max_characters:,}",
            where=where,
            remedy="check it in parts, or raise the limit (extract.max_characters, --max-characters)",
        )
    found = _UNUSABLE.findall(text)
    if not found:
        return CleanText(text=text)
    nuls = found.count("\x00")
    first = _UNUSABLE.search(text)
    position = first.start() if first else 0
    parts = [_count(nuls, "NUL character"), _count(len(found) - nuls, "lone surrogate")]
    warning = f"{' and '.join(p for p in parts if p)} replaced by U+FFFD, the first at character {position}"
    return CleanText(text=_UNUSABLE.sub("\ufffd", text), warnings=(warning,))


def visible_text(text: str) -> str:
    """Return the text without characters that show nothing and only keep names from being recognised.

    Soft hyphens, zero-width spaces and joiners, marks of direction (Unicode's general category Cf) and U+FFFD.
    """
    return text if text.isascii() else _INVISIBLE.sub("", text)


def decode_text(data: bytes, *, where: str | Path | None = None) -> str:
    """Read UTF-8, with or without a byte order mark.

    Raises:
        TextError: the bytes are not UTF-8; the message names the first bad byte and its offset.
    """
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        skipped = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
        raise TextError(
            f"is not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start + skipped:,}",
            where=where,
            remedy=_guess_remedy(data),
        ) from error


def _guess_remedy(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it looks like UTF-16: convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8"
    if data.startswith(b"%PDF-"):
        return "it is a PDF: give the file itself, with a name that ends with .pdf"
    if data.startswith(b"PK\3\4"):
        return "it looks like an office document or an archive: save it as plain text"
    return "convert it to UTF-8, for example with iconv -t UTF-8"


def _count(number: int, name: str) -> str:
    if not number:
        return ""
    return f"1 {name}" if number == 1 else f"{number:,} {name}s"
