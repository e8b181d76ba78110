"""Large public graphs in the files that they are published as: read line by line, filtered, given readable names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.errors import GraphSyntaxError

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from factcheck.graph.load import SkipLog


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFilter:
    """What of a public graph is kept.

    Attributes:
        properties: local names (`P19`, `birthPlace`, `IsA`) or whole IRIs; all where it is empty.
        languages: tags of names and texts, without their regions; all where it is empty.
    """

    properties: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def keeps_property(self, iri: str) -> bool:
        """Say whether statements of the property are wanted."""
        if not self.properties:
            return True
        return iri in self.properties or iri.rstrip("/").rpartition("/")[2].rpartition("#")[2] in self.properties

    def keeps_language(self, tag: str) -> bool:
        """Say whether texts of the language are wanted; a region is looked through."""
        return not self.languages or tag.lower().partition("-")[0] in self.languages


EVERYTHING = ImportFilter()


def read_each(
    lines: Iterable[tuple[int, bytes]], path: Path, skip: SkipLog | None, read: Callable[[bytes, int], list[Quad]]
) -> Iterator[Quad]:
    """Yield what each line says.

    Args:
        lines: with their numbers.
        path: of the file.
        skip: keeps account of lines that cannot be read; None where the first of them ends it.
        read: a line and its number to statements.

    Raises:
        GraphSyntaxError: a line cannot be read, and `skip` is None.
    """
    for number, line in lines:
        try:
            quads = read(line, number)
        except GraphSyntaxError as error:
            if skip is None:
                raise
            skip.add(error, path)
            continue
        yield from quads
