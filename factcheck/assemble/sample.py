"""The embedded sample: where its sources lie, and where what is built from them goes."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import orjson

from factcheck.errors import ArtefactError
from factcheck.provenance.sample import sample_sources

T = TypeVar("T")

_PACKAGE = Path(__file__).resolve().parent.parent

WARNING = (
    "no index and no graph were named: the embedded sample served, which knows a few hundred facts; "
    "name your own with --index and --kb"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDraft:
    """A draft of the demonstration."""

    id: str
    question: str
    text: str


def sample_artefacts(encoder_sha256: str) -> Path:
    """Return the folder for the built index and graph.

    A checkout keeps them in `indexes/`, an installed package in the user's cache. The name holds a hash of the sources
    and of the encoder, so that what is stale is never opened.
    """
    sources = sample_sources()
    digest = hashlib.sha256(encoder_sha256.encode())
    for file in sorted(path for path in sources.rglob("*") if path.suffix in {".ttl", ".jsonl"}):
        digest.update(str(file.relative_to(sources)).encode())
        digest.update(file.read_bytes())
    name = f"sample-{digest.hexdigest()[:12]}"
    if sources.parent == _PACKAGE.parent:
        return _PACKAGE.parent / "indexes" / name
    import platformdirs

    return Path(platformdirs.user_cache_dir("factcheck")) / name


def open_or_build(path: Path, open_: Callable[[], T], build: Callable[[], object]) -> T:
    """Open an artefact of the sample; one that is missing, damaged or of another version is built from its sources.

    What lies there is a cache of files that the package carries, so throwing it away loses nothing.
    """
    if (path / "CURRENT").is_file():
        try:
            return open_()
        except ArtefactError:
            shutil.rmtree(path, ignore_errors=True)
    build()
    return open_()


def sample_drafts() -> list[SampleDraft]:
    """Return the drafts of the demonstration, in the order of the file."""
    return list(_read_drafts(sample_sources() / "drafts.jsonl"))


def _read_drafts(file: Path) -> Iterator[SampleDraft]:
    for line in file.read_bytes().splitlines():
        if line.strip():
            row = orjson.loads(line)
            yield SampleDraft(id=row["id"], question=row["question"], text=row["text"])
