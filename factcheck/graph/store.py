"""A graph as one published generation: built once, opened read-only by as many processes as like.

    store/…             pyoxigraph's files         names.*, terms.*, entities.*    see `factcheck.graph.table`
    schema.json         see `factcheck.graph.schema`      words.*                  see `factcheck.graph.spelling`
    statements.*        see `factcheck.graph.statements`

The rules of publication and what is checked at opening are those of `factcheck.provenance`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from factcheck.errors import IntegrityError, UsageError
from factcheck.graph.importers import EVERYTHING, ImportFilter
from factcheck.graph.load import DEFAULT_NAMESPACE, LINE_FORMATS, GraphFormat, SkipLog, format_of, read_quads
from factcheck.graph.schema import Name, Schema, best_name
from factcheck.graph.spelling import SpellingIndex
from factcheck.graph.statements import StatementTable
from factcheck.graph.steps import FileTask, parse_file
from factcheck.graph.table import NameTable
from factcheck.graph.vocabulary import LABELS, NAME_IN_SENTENCE, TYPE, is_literal, parse_term
from factcheck.protocols import Spread
from factcheck.provenance import ArtefactKind, Generation, open_generation, publish, sha256_file
from factcheck.types import Entity, Triple

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import NamedNode, Quad, Store

GRAPH = ArtefactKind(name="graph", schema=2, remedy="build it again with 'factcheck kb build'")
"""What graphs call themselves in manifests."""

_CACHED_ENTITIES = 65_536


class GraphSource(msgspec.Struct, frozen=True, kw_only=True):
    """One file that went into a graph."""

    file: str
    format: str
    sha256: str
    statements: int
    skipped: int


class GraphBody(msgspec.Struct, frozen=True, kw_only=True):
    """What a graph's manifest says beyond its files.

    Attributes:
        name: how evidence cites the graph.
        namespace: of names in TSV files.
        statements: distinct ones, over all named graphs.
        skipped_lines: `file:line:column: message` of bad lines that were passed over, the first thousand.
    """

    name: str
    namespace: str
    statements: int
    named_graphs: int
    entities: int
    names: int
    properties: int
    classes: int
    sources: list[GraphSource]
    skipped_lines: list[str] = []


def build_graph(
    sources: Sequence[Path],
    out: Path,
    *,
    name: str | None = None,
    skip_bad: bool = False,
    namespace: str = DEFAULT_NAMESPACE,
    form: GraphFormat | None = None,
    keep: ImportFilter = EVERYTHING,
    spread: Spread | None = None,
) -> Generation:
    """Load RDF files and publish them as the next generation of `out`.

    Args:
        sources: files, and folders of which every file of a known format is taken, in the order of their names.
        out: the graph's folder.
        name: how evidence cites the graph; the folder's name unless given.
        skip_bad: pass over bad lines of N-Triples, N-Quads and TSV; they are counted and listed in the manifest.
        namespace: where names of TSV files get their IRIs.
        form: what the files are, where their names do not say it.
        keep: what of a public graph is kept.
        spread: who reads files and finds names, where that pays (see `factcheck.graph.steps`); this process unless
            given. What is published is the same.

    Returns:
        The published generation; its body is a `GraphBody`.

    Raises:
        UsageError: there is nothing to load, or a file is of no known format.
        GraphSyntaxError: a file breaks its grammar.
        StorageError: the disk refuses, or another process writes the same graph.
    """
    files = _expand(sources, form)
    title = name or out.absolute().name
    if not title.strip() or any(ord(c) < 32 for c in title):
        raise UsageError("a graph's name is one line of text", where=repr(title))

    def build(staging: Path, scratch: Path) -> Mapping[str, object]:
        return _build(files, staging, title, _Reading(skip_bad, namespace, form, keep), spread)

    return publish(out, GRAPH, build)


class _Reading(NamedTuple):
    """How the files are read."""

    skip_bad: bool
    namespace: str
    form: GraphFormat | None
    keep: ImportFilter


def _expand(sources: Sequence[Path], form: GraphFormat | None) -> list[Path]:
    files: list[Path] = []
    for source in sources:
        if source.is_dir():
            found = sorted(path for path in source.rglob("*") if path.is_file() and (form or _known(path)))
            if not found:
                raise UsageError("holds no file of a known graph format", where=source)
            files.extend(found)
        elif source.exists():
            if form is None:
                format_of(source)
            files.append(source)
        else:
            raise UsageError("there is no such file", where=source)
    if not files:
        raise UsageError("a graph needs at least one source")
    return files


def _known(path: Path) -> bool:
    try:
        format_of(path)
    except UsageError:
        return False
    return True


def _build(
    files: Sequence[Path], staging: Path, title: str, how: _Reading, spread: Spread | None
) -> Mapping[str, object]:
    from pyoxigraph import Store

    from factcheck.graph.scan import Scan

    folder = staging / "store"
    store = Store(str(folder))
    sources: list[GraphSource] = []
    skipped: list[str] = []
    for task, count, log in _loaded(store, [_task(n, path, how) for n, path in enumerate(files)], spread):
        if log is not None:
            skipped.extend(f"{line.file}:{line.line}:{line.column or 1}: {line.message}" for line in log.lines)
        sources.append(
            GraphSource(
                file=task.path.name,
                format=task.form.value,
                sha256=sha256_file(task.path),
                statements=count,
                skipped=log.count if log else 0,
            )
        )
    if len(store) == 0:
        raise UsageError("the sources hold no statement", where=files[0], remedy="name files with triples")
    store.optimize()
    store.flush()
    scan = Scan(spread or map)
    schema = scan.run(store)
    named_graphs = sum(1 for _ in store.named_graphs())
    statements = len(store)
    del store
    gc.collect()  # the files are closed with the last reference
    for log_file in folder.glob("LOG*"):
        log_file.unlink()  # a diary of the building machine, not needed for reading
    entities, names = scan.names.write(staging)
    scan.words.write(staging)
    scan.table.write(staging)
    (staging / "schema.json").write_bytes(schema.encode())
    body = GraphBody(
        name=title,
        namespace=how.namespace,
        statements=statements,
        named_graphs=named_graphs,
        entities=entities,
        names=names,
        properties=len(schema.properties),
        classes=len(schema.classes),
        sources=sources,
        skipped_lines=skipped[:1000],
    )
    built: dict[str, object] = msgspec.to_builtins(body)
    return built


def _task(number: int, path: Path, how: _Reading) -> FileTask:
    form = how.form or format_of(path)
    return FileTask(
        path=path,
        form=form,
        skip_bad=how.skip_bad and form in LINE_FORMATS,
        namespace=how.namespace,
        blank_prefix=f"f{number}b",
        keep=how.keep,
    )


def _loaded(
    store: Store, tasks: Sequence[FileTask], spread: Spread | None
) -> Iterator[tuple[FileTask, int, SkipLog | None]]:
    """Load the files in their order; yield of each how many statements it held, and which lines were passed over.

    Raises:
        IntegrityError: a worker read another file under the same path.
    """
    from pyoxigraph import RdfFormat

    away = [task for task in tasks if spread is not None and task.pays_elsewhere]
    if spread is None or len(away) < 2:
        away = []  # one file alone would only be waited for
    parsed = (
        spread(parse_file, [replace(task, path=task.path.absolute()) for task in away]) if spread and away else None
    )
    for task in tasks:
        if parsed is None or task not in away:
            log = SkipLog() if task.skip_bad else None
            counter = _Counter(
                read_quads(
                    task.path,
                    form=task.form,
                    skip=log,
                    namespace=task.namespace,
                    blank_prefix=task.blank_prefix,
                    keep=task.keep,
                )
            )
            store.bulk_extend(counter)
            yield task, counter.count, log
            continue
        found = next(parsed)
        if found.sha256 != sha256_file(task.path):
            raise IntegrityError(
                "is another file where a worker runs", where=task.path, remedy="mount the same on every node"
            )
        store.bulk_load(found.quads, format=RdfFormat.N_QUADS, lenient=True)  # it was checked when it was read
        yield task, found.statements, found.skipped


class _Counter:
    """Counts what passes through, and lets errors of the source through pyoxigraph unchanged."""

    def __init__(self, quads: Iterator[Quad]) -> None:
        self._quads = quads
        self.count = 0

    def __iter__(self) -> Iterator[Quad]:
        return self

    def __next__(self) -> Quad:
        quad = next(self._quads)
        self.count += 1
        return quad


class GraphStore:
    """An open generation: statements, names and schema; nothing here writes."""

    def __init__(
        self,
        generation: Generation,
        store: Store,
        names: NameTable,
        spelling: SpellingIndex,
        statements: StatementTable,
        schema: Schema,
        body: GraphBody,
    ) -> None:
        self.generation = generation
        self.names = names
        self.spelling = spelling
        self._statements = statements
        self.schema = schema
        self.body = body
        self._store = store
        self._cached_entity = lru_cache(_CACHED_ENTITIES)(self._entity)
        self._cached_names = lru_cache(_CACHED_ENTITIES)(self._labels_of)

    @classmethod
    def open(cls, root: Path, *, trust_stamps: bool = True) -> GraphStore:
        """Open the current generation of a graph, after every file of it was checked.

        Raises:
            IntegrityError: a file is missing, unknown or changed.
            SchemaVersionError: a newer version wrote it.
            StorageError: the disk refuses.
        """
        from pyoxigraph import Store

        generation = open_generation(root, GRAPH, trust_stamps=trust_stamps)
        try:
            body = msgspec.convert(generation.manifest.body, GraphBody, strict=True)
            schema = Schema.decode(generation.file("schema.json").read_bytes(), generation.path / "schema.json")
            names = NameTable(generation.path)
            spelling = SpellingIndex(generation.path)
            statements = StatementTable(generation.path)
            store = Store.read_only(str(generation.path / "store"))
        except (msgspec.ValidationError, ValueError, OSError) as error:
            raise IntegrityError(f"cannot be opened ({error})", where=generation.path, remedy=GRAPH.remedy) from error
        return cls(generation, store, names, spelling, statements, schema, body)

    @property
    def sha256(self) -> str:
        """Of the generation's manifest."""
        return self.generation.sha256

    @property
    def source(self) -> str:
        """How evidence cites the graph."""
        return self.body.name

    def __len__(self) -> int:
        return len(self._store)

    # -------------------------------------------------------------------------------------------------- statements

    def triples(
        self, subject: str | None = None, predicate: str | None = None, value: str | None = None, *, limit: int = 1000
    ) -> list[Triple]:
        """Return up to `limit` statements of any named graph that fit; each once, terms in N-Triples syntax."""
        return self._statements.find(subject, predicate, value, limit)

    # ---------------------------------------------------------------------------------------------------- entities

    def entity(self, term: str) -> Entity:
        """Return a node with its best label and its classes; remembered."""
        return self._cached_entity(term)

    def _entity(self, term: str) -> Entity:
        number = self.names.number_of(term)
        if number is not None:
            label = self.names.entity(number)[1]
        elif term in self.schema.classes:
            label = self.schema.classes[term].label()
        elif term in self.schema.properties:
            label = self.schema.properties[term].label()
        else:
            label = term.strip("<>")
        types = [t.object for t in self.triples(term, f"<{TYPE}>", limit=64) if not is_literal(t.object)]
        return Entity(term=term, label=label, types=tuple(sorted(types)))

    def label(self, term: str, language: str = "en") -> str:
        """Return the entity's best name in a language, else its best label."""
        if language == "en":
            return self.entity(term).label
        names = [name for name in self._cached_names(term)[0] if name.language.lower().startswith(language)]
        return best_name(names, language) or self.entity(term).label

    def name_in_sentence(self, term: str) -> str:
        """Return the name as running English text writes it (the Nile), else the label."""
        return best_name(self._cached_names(term)[1]) or self.entity(term).label

    def _labels_of(self, term: str) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
        labels: list[Name] = []
        running: list[Name] = []
        for quad in self._store.quads_for_pattern(_node(term), None, None, None):
            predicate = quad.predicate.value
            if predicate in LABELS or predicate == NAME_IN_SENTENCE:
                text = getattr(quad.object, "value", "")
                name = Name(text, getattr(quad.object, "language", None) or "")
                (running if predicate == NAME_IN_SENTENCE else labels).append(name)
        return tuple(labels), tuple(running)

    # -------------------------------------------------------------------------------------------------------- views

    def rdflib_view(self) -> rdflib.Graph:
        """Return the default graph as an rdflib graph that refuses to be written."""
        from factcheck.graph.view import read_only_view

        return read_only_view(self._store)


def _node(term: str) -> NamedNode:
    node: Any = parse_term(term)
    return node  # type: ignore[no-any-return]
