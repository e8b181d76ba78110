"""`factcheck index add|remove|compact|push`: an index that changes, or moves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.cli import streams
from factcheck.cli.index_parts import (
    add_encoder,
    add_lock_timeout,
    emit_row,
    encoder_of,
    printable,
    show_progress,
    tell_unknown_kinds,
)
from factcheck.cli.options import ExitCode

if TYPE_CHECKING:
    from factcheck.index import UpdateReport

_ADD = """\
Add the documents of files and folders to an index. A document whose id is in
the index replaces what it was, if anything of it changed. Readers that are
open keep the generation that they opened."""
_REMOVE = """\
Remove documents by their ids. Ends with 4 when an id is not in the index."""
_COMPACT = """\
Merge all segments of an index into one, without what was removed. Nothing is
embedded again."""

_PUSH = """\
Fill a collection of a Milvus server, or of a Milvus Lite file, with the passages
of an index, their vectors and their BM25 weights; what is there under its name
is replaced. A server's token is read from FACTCHECK_MILVUS_TOKEN."""


def register(actions: Any) -> None:
    """Add the subcommands."""
    added = actions.add_parser("add", help="add documents, or new versions of them", description=_ADD)
    added.add_argument("index", metavar="DIR", type=Path, help="the index's folder")
    added.add_argument("sources", metavar="SRC", nargs="+", type=Path, help="files and folders")
    add_encoder(added)
    add_lock_timeout(added)
    added.set_defaults(handler=add)

    added = actions.add_parser("remove", help="remove documents", description=_REMOVE)
    added.add_argument("index", metavar="DIR", type=Path, help="the index's folder")
    added.add_argument("identities", metavar="ID", nargs="+", help="ids of documents; '-' reads them line by line")
    add_encoder(added)
    add_lock_timeout(added)
    added.set_defaults(handler=remove)

    added = actions.add_parser("compact", help="merge what additions and removals left", description=_COMPACT)
    added.add_argument("index", metavar="DIR", type=Path, help="the index's folder")
    add_lock_timeout(added)
    added.set_defaults(handler=compact)

    added = actions.add_parser("push", help="fill a Milvus collection from an index", description=_PUSH)
    added.add_argument("index", metavar="DIR", type=Path, help="the index's folder")
    added.add_argument("uri", metavar="URI", help="of a Milvus server, or a Milvus Lite file that ends with .db")
    added.add_argument("--collection", metavar="NAME", default="factcheck", help="to fill anew (default factcheck)")
    add_encoder(added)
    added.set_defaults(handler=push)


def add(args: argparse.Namespace) -> int:
    """Run `index add`."""
    from factcheck.index import Index

    tell_unknown_kinds(args.sources)
    with show_progress() as progress:
        report = Index.add(
            args.sources, args.index, encoder_of(args), progress=progress, lock_timeout_seconds=args.lock_timeout
        )
    _show_update(args, report)
    return ExitCode.INCOMPLETE if report.rejected else ExitCode.DONE


def remove(args: argparse.Namespace) -> int:
    """Run `index remove`; ids that the index does not hold are told, and end it with 4."""
    from factcheck.index import Index

    identities = [
        identity for given in args.identities for identity in (_lines() if given == "-" else [given]) if identity
    ]
    report = Index.remove(identities, args.index, lambda: encoder_of(args), lock_timeout_seconds=args.lock_timeout)
    _show_update(args, report)
    return ExitCode.INCOMPLETE if report.missing else ExitCode.DONE


def compact(args: argparse.Namespace) -> int:
    """Run `index compact`."""
    from factcheck.index import Index

    with show_progress() as progress:
        report = Index.compact(args.index, progress=progress, lock_timeout_seconds=args.lock_timeout)
    _show_update(args, report, otherwise="compact")
    return ExitCode.DONE


def push(args: argparse.Namespace) -> int:
    """Run `index push`."""
    import os

    from factcheck.index import Index
    from factcheck.retrieve.milvus import TOKEN, push_index

    token = os.environ.get(TOKEN, "")
    with show_progress() as progress, Index.open(args.index, encoder_of(args)) as index:
        sent = push_index(
            index,
            args.uri,
            collection=args.collection,
            token=token,
            report=None if progress is None else lambda done, total: progress("sending", done, total),
        )
    if args.json:
        emit_row({"index": str(args.index), "uri": args.uri, "collection": args.collection, "passages": sent})
    else:
        streams.emit(f"{args.uri}: collection '{printable(args.collection)}' holds {sent:,} passages of {args.index}\n")
    return ExitCode.DONE


def _lines() -> list[str]:
    return streams.stdin_bytes().read().decode("utf-8", "surrogateescape").splitlines()


def _show_update(args: argparse.Namespace, report: UpdateReport, otherwise: str = "nothing to change") -> None:
    if args.json:
        from dataclasses import asdict

        row = {"index": str(args.index), **asdict(report)}
        row.update(rejects=None if report.rejects is None else str(report.rejects), seconds=round(report.seconds, 3))
        emit_row(row)
        return
    done = [
        f"{count:,} {what}"
        for what, count in (
            ("added", report.added),
            ("changed", report.changed),
            ("unchanged", report.unchanged),
            ("removed", report.removed),
            ("passages left out, equal to one that is there", report.duplicates),
            ("passages left out, nearly equal to one", report.near_duplicates),
            ("written anew, because what stood for them went", report.restored),
        )
        if count
    ]
    lines = [
        f"{args.index}: generation {report.generation} with {report.passages:,} passages of {report.documents:,} "
        f"documents in {report.segments} {'segment' if report.segments == 1 else 'segments'} "
        f"({', '.join(done) or otherwise})"
    ]
    if report.missing:
        lines.append(f"  not in the index: {', '.join(map(printable, report.missing))}")
    if report.rejected:
        lines.append(f"  {report.rejected:,} rows or files could not be used; see {report.rejects}")
    streams.emit("\n".join(lines) + "\n")
