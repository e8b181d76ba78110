"""`factcheck kb`: build a knowledge graph, look into it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.cli import streams
from factcheck.cli.options import ExitCode, Subparsers, positive, words
from factcheck.errors import UsageError

if TYPE_CHECKING:
    from factcheck.graph.store import GraphStore
    from factcheck.protocols import Spread
    from factcheck.types import Entity

_BUILD = """\
Load RDF and publish it as a graph that several processes can read at once.

SRC is a file or a folder: N-Triples (.nt), N-Quads (.nq), Turtle (.ttl), TriG
(.trig), RDF/XML (.rdf, .owl, .xml), JSON-LD (.jsonld, .json; no remote
contexts), or tab-separated subject, predicate, object (.tsv, with or without a
header); all also as .gz and .bz2. Names in TSV files become entities with that
label.

Public graphs are read as they are published if --format says what they are:
wikidata (the truthy dump, N-Triples), dbpedia (its files, a triple a line),
conceptnet (the assertions), atomic (ATOMIC 2020, TSV), webnlg (its XML, or lines
subject | property | object). --property and --language keep of them what is
wanted; the rest is never parsed.

Bad input is refused with file, line and column. With --skip-bad, bad lines of
N-Triples, N-Quads and TSV are passed over, listed on standard error, and the
command ends with 4."""
_BUILD_EXAMPLE = """\
example:
  factcheck kb build ontology.ttl facts.nt.gz --out my-graph --name "our facts"
  factcheck kb build latest-truthy.nt.bz2 --format wikidata --property P19 --property P569 --language en --out wd
  factcheck check draft.txt --kb my-graph"""
_INFO = "Show what a graph holds, and what it was built from."
_LOOKUP = """\
Show the entities that bear a name, with what the graph says of them. Case,
accents and the script of Chinese do not matter."""

_LISTED = 20
_FORMATS = ("nt", "nq", "ttl", "trig", "rdf", "jsonld", "tsv", "wikidata", "dbpedia", "conceptnet", "atomic", "webnlg")


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("kb", help="build and look into a knowledge graph")
    actions = parser.add_subparsers(title="subcommands", metavar="SUBCOMMAND", dest="subcommand")

    added = actions.add_parser("build", help="build a graph", description=_BUILD, epilog=_BUILD_EXAMPLE)
    added.add_argument("sources", metavar="SRC", nargs="+", type=Path, help="files and folders")
    added.add_argument("--out", metavar="DIR", type=Path, required=True, help="the graph's folder")
    added.add_argument("--name", help="what evidence calls the graph (default: the folder's name)")
    added.add_argument("--skip-bad", action="store_true", help="pass over bad lines of N-Triples, N-Quads and TSV")
    added.add_argument(
        "--format", metavar="FORMAT", choices=_FORMATS, help="what SRC is, where its name does not say it"
    )
    added.add_argument(
        "--property",
        metavar="NAME",
        action="append",
        default=[],
        help="of a public graph, keep only this one; repeatable",
    )
    added.add_argument(
        "--language",
        metavar="TAG",
        action="append",
        default=[],
        help="of a public graph, keep only this one; repeatable",
    )
    added.add_argument("--namespace", metavar="IRI", help="under which names of TSV files become IRIs")
    added.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="who reads public graphs and finds names (local)"
    )
    added.add_argument("--workers", metavar="N", type=positive, help="workers of --engine ray; one a core")
    added.set_defaults(handler=handle_build)

    added = actions.add_parser("info", help="show what a graph holds", description=_INFO)
    added.add_argument("graph", metavar="DIR", type=Path, help="the graph's folder")
    added.set_defaults(handler=handle_info)

    added = actions.add_parser("lookup", help="look up a name", description=_LOOKUP)
    added.add_argument("graph", metavar="DIR", type=Path, help="the graph's folder")
    added.add_argument("name", metavar="NAME", type=words, help="label or alias of an entity")
    added.add_argument("--limit", metavar="N", type=positive, default=20, help="facts of an entity (default 20)")
    added.set_defaults(handler=handle_lookup)


def handle_build(args: argparse.Namespace) -> int:
    """Run `kb build`."""
    import time

    from factcheck.graph.importers import ImportFilter
    from factcheck.graph.load import DEFAULT_NAMESPACE, GraphFormat
    from factcheck.graph.store import build_graph

    start = time.perf_counter()
    with _spread_of(args) as spread:
        generation = build_graph(
            args.sources,
            args.out,
            name=args.name,
            skip_bad=args.skip_bad,
            namespace=args.namespace or DEFAULT_NAMESPACE,
            form=None if args.format is None else GraphFormat(args.format),
            keep=ImportFilter(properties=frozenset(args.property), languages=frozenset(map(str.lower, args.language))),
            spread=spread,
        )
    seconds = time.perf_counter() - start
    body: dict[str, Any] = dict(generation.manifest.body)
    skipped = sum(source["skipped"] for source in body["sources"])
    lines: list[str] = body["skipped_lines"]
    for line in lines[:_LISTED]:
        print(_printable(f"skipped {line}"), file=sys.stderr)
    if skipped > _LISTED:
        print(f"skipped {skipped - _LISTED} more; the manifest lists the first thousand", file=sys.stderr)
    if args.json:
        row = {"graph": str(args.out), "generation": generation.manifest.generation, "sha256": generation.sha256}
        _emit_json({**row, **body, "skipped": skipped, "seconds": round(seconds, 3)})
    else:
        streams.emit(
            f"{args.out}: generation {generation.manifest.generation} with {body['statements']:,} statements on "
            f"{body['entities']:,} entities in {seconds:.1f} s\n"
            + (f"  {skipped:,} bad line{' was' if skipped == 1 else 's were'} passed over\n" if skipped else "")
        )
    return ExitCode.INCOMPLETE if skipped else ExitCode.DONE


@contextmanager
def _spread_of(args: argparse.Namespace) -> Iterator[Spread | None]:
    """Start the workers that a call asks for; None where this process does it all.

    Raises:
        UsageError: workers were asked for where there are none.
    """
    if args.engine == "local":
        if args.workers is not None:
            raise UsageError("--workers is for --engine ray", remedy="leave it out")
        yield None
        return
    from factcheck.batch.ray_steps import RaySpread

    with RaySpread.start(workers=args.workers) as spread:
        yield spread


def handle_info(args: argparse.Namespace) -> int:
    """Run `kb info`."""
    from factcheck.graph.store import GraphStore

    store = GraphStore.open(args.graph)
    manifest, body = store.generation.manifest, store.body
    size = sum(entry.size for entry in manifest.files.values())
    if args.json:
        row = {"path": str(args.graph), "generation": manifest.generation, "sha256": store.sha256, "bytes": size}
        _emit_json({**row, "schema": manifest.schema, "files": len(manifest.files), **manifest.body})
        return ExitCode.DONE
    functional = sum(store.schema.relation(term).functional for term in store.schema.properties)
    rows = {
        "graph": f"{args.graph} ({body.name})",
        "generation": f"{manifest.generation} ({store.sha256[:16]}…)",
        "statements": f"{body.statements:,} ({body.named_graphs} named graphs)",
        "entities": f"{body.entities:,} with {body.names:,} names",
        "properties": f"{body.properties:,} ({functional:,} with one value)",
        "classes": f"{body.classes:,}",
        "size": f"{size / 1e6:,.1f} MB in {len(manifest.files)} files",
        "sources": ", ".join(f"{source.file} ({source.statements:,})" for source in body.sources),
        "skipped": f"{sum(source.skipped for source in body.sources):,} lines",
    }
    width = max(map(len, rows))
    streams.emit("".join(f"{name:<{width}}  {_printable(value)}\n" for name, value in rows.items()))
    return ExitCode.DONE


def handle_lookup(args: argparse.Namespace) -> int:
    """Run `kb lookup`."""
    from factcheck.graph.linker import entities_named
    from factcheck.graph.store import GraphStore

    store = GraphStore.open(args.graph)
    found = entities_named(store, args.name)
    rows = [_entity_row(store, entity, args.limit) for entity in found]
    if args.json:
        _emit_json({"name": args.name, "entities": rows})
        return ExitCode.DONE
    if not rows:
        streams.emit("nothing bears that name\n")
    for row in rows:
        types = ", ".join(row["types"])
        streams.emit(_printable(f"{row['label']}  {row['term']}" + (f"  ({types})" if types else "")) + "\n")
        for fact in row["facts"]:
            streams.emit(_printable(f"    {fact['text']}") + "\n")
    return ExitCode.DONE


def _entity_row(store: GraphStore, entity: Entity, limit: int) -> dict[str, Any]:
    from factcheck.graph.verbalise import Verbaliser
    from factcheck.graph.vocabulary import is_vocabulary

    speak = Verbaliser(store)
    triples = [t for own in store.schema.equals(entity.term) for t in store.triples(own, limit=1000)]
    facts = [t for t in triples if not is_vocabulary(t.predicate[1:-1])][:limit]
    return {
        "term": entity.term,
        "label": entity.label,
        "types": [store.entity(t).label for t in entity.types],
        "facts": [
            {
                "text": speak.sentence(triple),
                "subject": triple.subject,
                "predicate": triple.predicate,
                "object": triple.object,
            }
            for triple in facts
        ],
    }


def _printable(text: str) -> str:
    """Return the text without what could steer a terminal."""
    line = " ".join(text.split()) if not text.startswith(" ") else "    " + " ".join(text.split())
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


def _emit_json(row: dict[str, Any]) -> None:
    import orjson

    streams.emit_json(orjson.dumps(row, option=orjson.OPT_INDENT_2))
