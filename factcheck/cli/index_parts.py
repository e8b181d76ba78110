"""What the subcommands of `factcheck index` share: the encoder, the lock, progress, and plain lines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factcheck.cli import session, streams

if TYPE_CHECKING:
    from factcheck.index.fill import Progress
    from factcheck.protocols import Encoder


def add_encoder(parser: argparse.ArgumentParser) -> None:
    """Add `--model`."""
    parser.add_argument("--model", metavar="SPEC", help="the encoder: 'embedded', a folder, or hf:NAME")


def encoder_of(args: argparse.Namespace) -> Encoder:
    """Load the encoder that a call names."""
    from factcheck.models import load_encoder

    models = session.settings_of(args).models
    return load_encoder(args.model or models.encoder, threads=models.threads)


@contextmanager
def encoder_on(args: argparse.Namespace) -> Iterator[Encoder]:
    """Load the encoder that a call names, and with `--engine ray` spread its work over a cluster.

    Raises:
        UsageError: workers were asked for where there are none.
    """
    from factcheck.errors import UsageError

    if args.engine == "local":
        if args.workers is not None:
            raise UsageError("--workers is for --engine ray", remedy="leave it out; threads are a setting")
        yield encoder_of(args)
        return
    from functools import partial

    from factcheck.batch.ray_encoder import RayEncoder
    from factcheck.models import load_encoder

    spec: str = args.model or session.settings_of(args).models.encoder
    # Workers stand in other folders.
    place = str(Path(spec).resolve()) if Path(spec).exists() else spec
    with RayEncoder.start(encoder_of(args), partial(load_encoder, place, threads=1), workers=args.workers) as encoder:
        yield encoder


def tell_unknown_kinds(sources: Sequence[Path]) -> None:
    """Say on standard error which files of folders are passed over, so that nobody takes them for indexed."""
    from factcheck.index.documents import unknown_kinds

    kinds = unknown_kinds(sources)
    if kinds:
        named = ", ".join(printable(kind) for kind, _ in kinds.most_common(5))
        more = ", …" if len(kinds) > 5 else ""
        total = kinds.total()
        files = "file" if total == 1 else "files"
        print(f"factcheck: {total:,} {files} of unknown kind passed over ({named}{more})", file=sys.stderr)


def add_lock_timeout(parser: argparse.ArgumentParser) -> None:
    """Add `--lock-timeout`."""
    parser.add_argument(
        "--lock-timeout",
        metavar="SECONDS",
        type=float,
        default=10.0,
        help="how long to wait for another writer (default 10)",
    )


def emit_row(row: dict[str, Any]) -> None:
    """Print one JSON object."""
    import orjson

    streams.emit_json(orjson.dumps(row, option=orjson.OPT_INDENT_2))


def printable(text: str) -> str:
    """Return the text without what could steer a terminal."""
    line = " ".join(text.split())
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


@contextmanager
def show_progress() -> Iterator[Progress | None]:
    """Show progress on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield report
