"""`factcheck index`: build a corpus index, look into it, prove it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.cli import index_changes, session, streams
from factcheck.cli.index_parts import (
    add_encoder,
    add_lock_timeout,
    emit_row,
    encoder_of,
    encoder_on,
    printable,
    show_progress,
    tell_unknown_kinds,
)
from factcheck.cli.options import ExitCode, Subparsers, positive, share, words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from factcheck.index import Hit
    from factcheck.index.build import BuildReport
    from factcheck.index.manifest import SegmentPart

_BUILD = """\
Read documents, cut them into passages, and publish an index of them.

SRC is a file or a folder: JSON Lines rows {_id, title?, section?, text,
source?, date?} (.jsonl, .jsonl.gz), .parquet with the same columns, .txt,
.md, .html, .pdf (extra pdf). Rows that cannot be used are listed in OUT.rejects.jsonl
with line, offset, code and message, and the command ends with 4.

A build that is interrupted, even killed, goes on from what it has embedded
when it is started again; until it is finished the old index serves."""
_BUILD_EXAMPLE = """\
example:
  factcheck index build notes/ corpus.jsonl.gz --out my-index
  factcheck check draft.txt --index my-index"""
_SEARCH = "Show the passages that are found for a query, best first."
_INFO = "Show what an index holds, and how it was built."
_VERIFY = """\
Recompute every hash, count, span, term and vector length of an index from its
own contents. Ends with 1 at the first thing that does not hold."""


def register(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("index", help="build, search and verify a corpus index")
    actions = parser.add_subparsers(title="subcommands", metavar="SUBCOMMAND", dest="subcommand")

    added = actions.add_parser("build", help="build an index", description=_BUILD, epilog=_BUILD_EXAMPLE)
    added.add_argument("sources", metavar="SRC", nargs="+", type=Path, help="files and folders")
    added.add_argument("--out", metavar="DIR", type=Path, required=True, help="the index's folder")
    add_encoder(added)
    added.add_argument(
        "--max-characters-per-passage", metavar="N", type=positive, help="length of passages (default 900)"
    )
    added.add_argument("--overlap-sentences", metavar="N", type=int, help="sentences that passages share (default 1)")
    added.add_argument(
        "--factory",
        metavar="STR",
        help="FAISS factory (default Flat, beyond 100,000 passages IVF with SQ8 or shorter codes)",
    )
    add_lock_timeout(added)
    added.add_argument(
        "--near-duplicates",
        metavar="X",
        type=float,
        help="likeness from which passages may count as one, 0.5 to 1 (default 0.9; 1 for equal ones alone)",
    )
    added.add_argument(
        "--target-recall",
        metavar="X",
        type=share,
        help="share of the nearest passages that a search of a large index finds (default 0.98)",
    )
    added.add_argument("--engine", choices=("local", "ray"), default="local", help="who embeds (local)")
    added.add_argument("--workers", metavar="N", type=positive, help="workers of --engine ray; one a core")
    added.set_defaults(handler=build)

    index_changes.register(actions)

    added = actions.add_parser("search", help="search an index", description=_SEARCH)
    added.add_argument("index", metavar="DIR", type=Path, help="the index's folder")
    added.add_argument("query", metavar="QUERY", type=words, help="a claim, a question, or words")
    added.add_argument("-k", metavar="N", type=positive, default=5, help="how many passages (default 5)")
    added.add_argument(
        "--mode",
        choices=("dense", "lexical", "fused"),
        default="fused",
        help="by meaning, by words, or both (default fused)",
    )
    add_encoder(added)
    added.set_defaults(handler=search)

    for name, text, handler in (("info", _INFO, info), ("verify", _VERIFY, verify)):
        added = actions.add_parser(name, help=f"{'describe' if name == 'info' else 'prove'} an index", description=text)
        added.add_argument("index", metavar="DIR", type=Path, help="the index's folder")
        added.set_defaults(handler=handler)


def build(args: argparse.Namespace) -> int:
    """Run `index build`."""
    from factcheck.index import Index, PassageSettings
    from factcheck.index.vectors import TARGET_RECALL

    chosen = {
        "max_characters": args.max_characters_per_passage,
        "overlap_sentences": args.overlap_sentences,
        "near_duplicates": args.near_duplicates,
    }
    settings = PassageSettings(**{name: value for name, value in chosen.items() if value is not None})
    tell_unknown_kinds(args.sources)
    with encoder_on(args) as encoder, show_progress() as progress:
        report = Index.build(
            args.sources,
            args.out,
            encoder,
            passages=settings,
            factory=args.factory,
            target_recall=TARGET_RECALL if args.target_recall is None else args.target_recall,
            progress=progress,
            lock_timeout_seconds=args.lock_timeout,
        )
    if args.json:
        emit_row(_build_row(args.out, report))
    else:
        streams.emit(_build_text(args.out, report))
    return ExitCode.INCOMPLETE if report.rejected else ExitCode.DONE


def search(args: argparse.Namespace) -> int:
    """Run `index search`."""
    from factcheck.index import Index, SearchMode

    mode = SearchMode(args.mode)
    settings = session.settings_of(args)
    encoder = None if mode is SearchMode.LEXICAL else encoder_of(args)
    with Index.open(args.index, encoder, threads=settings.models.threads) as index:
        (hits,) = index.search([args.query], args.k, mode, settings.retrieve)
    if args.json:
        emit_row({"query": args.query, "mode": mode.value, "hits": [_hit_row(hit) for hit in hits]})
    else:
        from factcheck.cli.terminal import terminal_here, to_text

        streams.emit(to_text(list(_hits_view(hits)), terminal_here(unicode=args.unicode)))
    return ExitCode.DONE


def info(args: argparse.Namespace) -> int:
    """Run `index info`."""
    from factcheck.index import Index

    with Index.open(args.index) as index:
        found = index.info()
    body = found.body.as_dict()
    if args.json:
        row = {name: getattr(found, name) for name in ("path", "generation", "sha256", "schema", "bytes", "files")}
        emit_row({**row, **body})
        return ExitCode.DONE
    counts, encoder, passages = found.body.counts, found.body.encoder, found.body.passages
    rows = {
        "index": found.path,
        "generation": f"{found.generation} ({found.sha256[:16]}…)",
        "documents": f"{counts.documents:,}",
        "passages": f"{counts.passages:,} (left out: {counts.duplicates:,} duplicates and "
        f"{counts.near_duplicates:,} near-duplicates; rejected: {counts.rejected:,})",
        "size": f"{found.bytes / 1e6:,.1f} MB in {found.files} files",
        "encoder": f"{encoder.name}, {encoder.dimensions} dimensions ({encoder.sha256[:16]}…)",
        "words": found.body.lexical.analysis,
        "cut": f"{passages.max_characters} characters, {passages.overlap_sentences} shared sentences",
    }
    for part in found.body.segments:
        rows[part.name] = _segment_text(part)
    streams.emit(_table(rows))
    return ExitCode.DONE


def verify(args: argparse.Namespace) -> int:
    """Run `index verify`; what does not hold is raised, and ends the command with 1."""
    from dataclasses import asdict

    from factcheck.index.check import verify_index

    found = verify_index(args.index)
    if args.json:
        emit_row({"ok": True, **asdict(found)})
    else:
        streams.emit(
            f"{found.path}: generation {found.generation} holds: {found.files} files, {found.documents:,} documents, "
            f"{found.passages:,} passages and their vectors\n"
            "(this proves that nothing has changed since it was built, not who built it)\n"
        )
    return ExitCode.DONE


def _segment_text(part: SegmentPart) -> str:
    vectors = part.vectors
    said = f"{part.passages:,} passages of {part.documents:,} documents, vectors {vectors.factory}"
    if vectors.probes is not None:
        said += f", {vectors.probes} lists looked into"
    if vectors.recall is not None:
        said += f", recall@10 {vectors.recall.at_10:.3f} of exact search ({vectors.recall.queries} passages sought)"
    if part.removed is not None:
        said += f"; {part.removed.passages:,} passages of {part.removed.documents:,} documents removed"
    return said


def _build_row(out: Path, report: BuildReport) -> dict[str, Any]:
    return {
        "index": str(out),
        "generation": report.generation,
        "sha256": report.sha256,
        "documents": report.documents,
        "passages": report.passages,
        "duplicates": report.duplicates,
        "near_duplicates": report.near_duplicates,
        "rejected": report.rejected,
        "rejects": None if report.rejects is None else str(report.rejects),
        "embedded": report.embedded,
        "reused": report.reused,
        "seconds": round(report.seconds, 3),
    }


def _build_text(out: Path, report: BuildReport) -> str:
    rate = report.passages / max(report.seconds, 1e-9)
    lines = [
        f"{out}: generation {report.generation} with {report.passages:,} passages of {report.documents:,} documents "
        f"in {report.seconds:.1f} s ({rate:,.0f} a second)"
    ]
    if report.reused:
        lines.append(f"  {report.reused:,} were embedded by a build that did not finish, and reused")
    if report.duplicates:
        lines.append(f"  {report.duplicates:,} exact duplicates left out")
    if report.near_duplicates:
        lines.append(f"  {report.near_duplicates:,} near-duplicates left out (--near-duplicates 1 keeps them)")
    if report.rejected:
        lines.append(f"  {report.rejected:,} rows or files could not be used; see {report.rejects}")
    return "\n".join(lines) + "\n"


def _hit_row(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "id": passage.id,
        "score": hit.score,
        "dense_rank": hit.dense_rank,
        "lexical_rank": hit.lexical_rank,
        "title": passage.title,
        "section": passage.section,
        "text": passage.text,
        "source": passage.source,
        "date": passage.date,
        "document": {
            "id": passage.document_id,
            "sha256": passage.document_sha256,
            "span": [passage.span.start, passage.span.end],
        },
    }


def _hits_view(hits: list[Hit]) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    if not hits:
        yield Text("nothing was found")
    for rank, hit in enumerate(hits, 1):
        passage = hit.passage
        heading = " / ".join(part for part in (passage.title, passage.section) if part) or passage.document_id
        yield Text.assemble((f"{rank:>2}  ", "bold"), (printable(heading), "bold"), (f"  {hit.score:.4f}", "dim"))
        yield Padding(Text(printable(passage.text)), (0, 0, 0, 4))
        yield Padding(Text(printable(f"{passage.source} ({passage.id})"), style="dim"), (0, 0, 1, 4))


def _table(rows: dict[str, str]) -> str:
    width = max(map(len, rows))
    return "".join(f"{name:<{width}}  {printable(value)}\n" for name, value in rows.items())
