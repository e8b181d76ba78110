"""WebNLG's triples: `subject | property | object`, in the benchmark's XML or one a line.

Names are DBpedia's with underscores, literals stand in double quotes. In XML the modified triples of each entry are
read (`mtriple`); the original ones (`otriple`) say the same in other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from factcheck.errors import GraphSyntaxError
from factcheck.graph.importers import EVERYTHING, ImportFilter, read_each
from factcheck.graph.tsv import COLUMNS_OF_THREE, TripleWriter

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from factcheck.graph.load import SkipLog

_QUOTED = re.compile(r'"(.*)"(?:\((.*)\)|\^\^(\S+)|@([A-Za-z-]+))?')
_BARE = re.compile(r"[+-]?\d+(?:\.\d+)?|-?\d{4}-\d\d-\d\d")
_TRIPLE = re.compile(rb"<mtriple>(.*?)</mtriple>", re.S)


def read_webnlg(
    file: IO[bytes], path: Path, *, namespace: str, keep: ImportFilter = EVERYTHING, skip: SkipLog | None = None
) -> Iterator[Quad]:
    """Yield the triples whose property is kept, with labels of what they name.

    Raises:
        GraphSyntaxError: a triple has not three parts, or is not UTF-8.
    """
    writer = TripleWriter(namespace)

    def read(raw: bytes, number: int) -> list[Quad]:
        cells = _cells(raw, number, path)
        return writer.quads(cells, COLUMNS_OF_THREE, number, path) if keep.keeps_property(cells[1]) else []

    yield from read_each(_triples(file), path, skip, read)


def _triples(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield each triple with its line; tags are found by pattern, so that no entity of the XML is ever expanded."""
    xml = False
    for number, line in enumerate(file, 1):
        text = line.strip().removeprefix(b"\xef\xbb\xbf")
        if not text:
            continue
        xml = xml or text.startswith((b"<?xml", b"<benchmark", b"<entries", b"<entry"))
        if not xml:
            yield number, text
            continue
        for match in _TRIPLE.finditer(text):
            yield number, match[1]


def _cells(raw: bytes, number: int, path: Path) -> list[str]:
    from html import unescape

    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise GraphSyntaxError("is not UTF-8", where=path, line=number, column=error.start + 1) from None
    parts = [part.strip() for part in unescape(text).split(" | ")]
    if len(parts) != 3 or not all(parts):
        raise GraphSyntaxError("is not subject | property | object", where=path, line=number, column=1)
    return [parts[0].strip('"'), parts[1], _value(parts[2])]


def _value(text: str) -> str:
    match = _QUOTED.fullmatch(text)
    if match is None:
        return text
    value, unit = match[1], match[2]
    if unit and _BARE.fullmatch(value):
        return f"{value} ({unit})"
    if _BARE.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' + (f"@{match[4]}" if match[4] else "")
