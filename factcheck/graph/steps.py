"""The steps of a build that depend on nothing but their input, so that they can be done in any process.

Reading a file whose format is parsed in Python, and finding the names that an entity is known by. What stays where the
graph is published: RDF that pyoxigraph parses itself (its statements would have to be parsed again on arrival), loading
the store, and the pass over all statements, which goes subject by subject.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from factcheck.graph.abbreviations import initials_of
from factcheck.graph.importers import EVERYTHING, ImportFilter
from factcheck.graph.load import DEFAULT_NAMESPACE, PUBLIC_FORMATS, GraphFormat, SkipLog, read_quads
from factcheck.graph.names import derived_names, key_of
from factcheck.graph.romanise import canonical, romanised
from factcheck.graph.schema import Name, best_name
from factcheck.graph.spelling import is_spelt
from factcheck.graph.table import ALIAS, CAPITALISED, DERIVED, INITIALS, hash_of
from factcheck.graph.vocabulary import name_from_iri
from factcheck.provenance import sha256_file

_WHOLE_BYTES = 256 * 1024 * 1024
_WHOLE_PACKED_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTask:
    """A file to be read whole, and how."""

    path: Path
    form: GraphFormat
    skip_bad: bool = False
    namespace: str = DEFAULT_NAMESPACE
    blank_prefix: str = "b"
    keep: ImportFilter = EVERYTHING

    @property
    def pays_elsewhere(self) -> bool:
        """Whether reading it takes longer than reading what comes of it, and that fits into memory."""
        packed = self.path.suffix.lower() in (".gz", ".bz2")
        largest = _WHOLE_PACKED_BYTES if packed else _WHOLE_BYTES
        return self.form in PUBLIC_FORMATS | {GraphFormat.TSV} and self.path.stat().st_size <= largest


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """What a file held.

    Attributes:
        quads: in N-Quads, in the order of the file.
        statements: how many, repeated ones included.
        sha256: of the file that was read.
    """

    quads: bytes
    statements: int
    sha256: str
    skipped: SkipLog | None


def parse_file(task: FileTask) -> ParsedFile:
    """Read a file.

    Raises:
        GraphSyntaxError: it breaks its grammar; names file, line and column.
        DocumentError: its compression is broken.
        StorageError: it cannot be read.
    """
    from pyoxigraph import RdfFormat, serialize

    log = SkipLog() if task.skip_bad else None
    found = read_quads(
        task.path,
        form=task.form,
        skip=log,
        namespace=task.namespace,
        blank_prefix=task.blank_prefix,
        keep=task.keep,
    )
    quads = list(found)
    return ParsedFile(
        quads=serialize(quads, format=RdfFormat.N_QUADS) or b"",
        statements=len(quads),
        sha256=sha256_file(task.path),
        skipped=log,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """A node whose names are wanted: its term, and what the graph calls it."""

    term: str
    labels: Sequence[Name] = ()
    aliases: Sequence[Name] = ()


@dataclass(slots=True)
class Named:
    """Names of some nodes.

    Attributes:
        labels: the best name of each.
        counts: how many rows of the name table each has.
        hashes: of the keys of those rows, node by node.
        flags: of those rows.
        words: how often the words of stated names occur.
        names: how many names there are, spelling variants apart.
    """

    labels: list[str] = field(default_factory=list)
    counts: array[int] = field(default_factory=lambda: array("I"))
    hashes: array[int] = field(default_factory=lambda: array("Q"))
    flags: array[int] = field(default_factory=lambda: array("B"))
    words: Counter[str] = field(default_factory=Counter)
    names: int = 0

    def _add(self, name: str, flags: int) -> None:
        key = key_of(name)
        if key is None:
            return
        first = next((c for c in name if c.isalpha()), "")
        capital = CAPITALISED if first.isupper() else 0
        self._row(key, flags | capital)
        self.names += 1
        if not flags & DERIVED:
            self.words.update(word for word in key.split() if is_spelt(word))
        common = canonical(key)
        if common is not None:
            self._row(common, flags | DERIVED | capital)

    def _row(self, key: str, flags: int) -> None:
        self.hashes.append(hash_of(key))
        self.flags.append(flags)

    def name(self, node: Unnamed) -> None:
        """Add a node with every name that it is known by."""
        before = len(self.flags)
        term, labels, aliases = node.term, node.labels, node.aliases
        bare = term[1:-1] if term.startswith("<") else term
        from_iri = name_from_iri(bare) if term.startswith("<") else None
        self.labels.append(best_name(labels) or from_iri or best_name(aliases) or bare)
        stated = [*((n.text, 0) for n in labels), *((n.text, ALIAS) for n in aliases)]
        if not labels and from_iri is not None:
            stated.append((from_iri, 0))
        for name, flags in stated:
            self._add(name, flags)
            for shorter in derived_names(name):
                self._add(shorter, flags | DERIVED)
            for other in romanised(name):
                self._add(other, flags | DERIVED)
            initials = initials_of(name)
            if initials is not None:
                self._add(initials, ALIAS | DERIVED | INITIALS)
        self.counts.append(len(self.flags) - before)


def name_nodes(nodes: Sequence[Unnamed]) -> Named:
    """Return the names of some nodes."""
    found = Named()
    for node in nodes:
        found.name(node)
    return found
