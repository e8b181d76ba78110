"""Publishing a generation: built beside, flushed, named last."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from factcheck.errors import ArtefactError, IntegrityError, StorageError
from factcheck.provenance.disk import sync_folder, sync_folders, write_synced
from factcheck.provenance.holding import unheld
from factcheck.provenance.manifest import (
    BUILDING,
    CURRENT,
    CURRENT_LINE,
    GENERATION,
    LOCK,
    MANIFEST,
    NEXT_CURRENT,
    SCRATCH,
    ArtefactKind,
    FileEntry,
    Generation,
    Manifest,
    belongs_in_root,
    regular_files,
    sha256_bytes,
    storage_error,
)
from factcheck.provenance.reading import open_generation


class Staging:
    """A generation in the making.

    Attributes:
        path: an empty folder to fill; every file in it has to be closed when the build returns.
        scratch: a folder that outlives a killed build and is removed after a successful one.
    """

    def __init__(self, path: Path, scratch: Path) -> None:
        self.path = path
        self.scratch = scratch
        self.linked: dict[str, FileEntry] = {}
        self.copied: dict[str, FileEntry] = {}

    def share(self, generation: Generation, name: str) -> None:
        """Take over a file of an earlier generation: by a hard link where the file system has them, else as a copy."""
        source, target = generation.file(name), self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            target.unlink(missing_ok=True)
            shutil.copyfile(source, target)
            self.copied[name] = generation.manifest.files[name]
        else:
            # It was hashed when the generation was opened, and is the same file still.
            self.linked[name] = generation.manifest.files[name]


def publish(
    root: Path,
    kind: ArtefactKind,
    build: Callable[[Path, Path], Mapping[str, object]],
    *,
    lock_timeout_seconds: float = 10.0,
) -> Generation:
    """Build a generation beside the current one and make it current in one step.

    Whatever goes wrong before the last step, readers go on with the old generation.

    Args:
        root: the artefact's folder; created where it does not exist.
        kind: what is built.
        build: called with an empty folder to fill and with the scratch folder, which outlives a killed build and is
            removed after a successful one; returns the manifest's body. It has to close its files.
        lock_timeout_seconds: how long to wait for another writer.

    Raises:
        StorageError: the disk refuses, another writer is at work, or `root` holds something else.
    """
    with _writing(root, kind, lock_timeout_seconds):
        return _publish(root, kind, lambda staging: build(staging.path, staging.scratch))


def publish_next(
    root: Path,
    kind: ArtefactKind,
    build: Callable[[Generation, Staging], Mapping[str, object] | None],
    *,
    lock_timeout_seconds: float = 10.0,
) -> Generation:
    """Build a generation out of the current one; no other writer can come between.

    Args:
        root: the artefact's folder, which must hold one.
        kind: what it is.
        build: called with the current generation, checked, and with what to fill; returns the manifest's body, or None
            where nothing changes: then nothing is published.
        lock_timeout_seconds: how long to wait for another writer.

    Raises:
        IntegrityError: there is no generation, or a file of it is not what it was.
        StorageError: the disk refuses, or another writer is at work.
    """
    if not (root / CURRENT).exists():
        raise IntegrityError(f"there is no {kind.name} here", where=root, remedy="check the path, or build one first")
    with _writing(root, kind, lock_timeout_seconds):
        current = open_generation(root, kind)
        try:
            published = _publish(root, kind, lambda staging: build(current, staging))
        except _NothingToPublishError:
            return current
        finally:
            current.close()
        return published


class _NothingToPublishError(Exception):
    """The build had nothing to change."""


def _publish(root: Path, kind: ArtefactKind, build: Callable[[Staging], Mapping[str, object] | None]) -> Generation:
    previous = _generation_before(root, kind)
    number = 1 + max((int(match[1]) for _, match in _generations(root)), default=0)
    staging = Staging(root / f"{BUILDING}{number}", root / SCRATCH)
    staging.path.mkdir()
    staging.scratch.mkdir(exist_ok=True)
    try:
        body = build(staging)
        if body is None:
            raise _NothingToPublishError
        manifest = _seal(staging, kind, number, body)
        raw = manifest.encode()
        write_synced(staging.path / MANIFEST, raw)
        sync_folders(staging.path)
        path = staging.path.rename(root / f"gen-{number}")
    except BaseException:
        shutil.rmtree(staging.path, ignore_errors=True)
        raise
    sync_folder(root)
    _set_current(root, number, sha256_bytes(raw))
    _collect(root, {number, previous})
    shutil.rmtree(staging.scratch, ignore_errors=True)
    return Generation(root=root, path=path, manifest=manifest, sha256=sha256_bytes(raw))


def _collect(root: Path, keep: set[int | None]) -> None:
    """Remove the generations that nothing names and nobody holds."""
    for entry, match in _generations(root):
        if int(match[1]) not in keep:
            with suppress(OSError), unheld(entry / MANIFEST) as free:
                if free:
                    shutil.rmtree(entry, ignore_errors=True)


def _seal(staging: Staging, kind: ArtefactKind, number: int, body: Mapping[str, object]) -> Manifest:
    files = {}
    for name, status in sorted(regular_files(staging.path, kind).items()):
        if name == MANIFEST:
            raise ValueError(f"a build may not write {MANIFEST} itself")
        if name in staging.linked:
            files[name] = staging.linked[name]
            continue
        with (staging.path / name).open("rb") as file:
            os.fsync(file.fileno())
            files[name] = FileEntry(size=status.st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())
        if files[name] != staging.copied.get(name, files[name]):
            raise IntegrityError("was not copied as it is", where=staging.path / name, remedy="check the disk")
    return Manifest(kind=kind.name, schema=kind.schema, generation=number, files=files, body=body)


def _set_current(root: Path, number: int, sha256: str) -> None:
    beside = root / f"{NEXT_CURRENT}next"
    beside.unlink(missing_ok=True)
    write_synced(beside, f"gen-{number} {sha256}\n".encode("ascii"))
    beside.replace(root / CURRENT)
    sync_folder(root)


def _generation_before(root: Path, kind: ArtefactKind) -> int | None:
    """Return the number that CURRENT names, if it can be read, after making sure that `root` may be written."""
    for entry in root.iterdir():
        if not belongs_in_root(entry.name):
            raise StorageError(
                f"holds '{entry.name}', which belongs to no {kind.name}", where=root, remedy="name an empty folder"
            )
        if entry.name.startswith(BUILDING):
            shutil.rmtree(entry)
        elif entry.name.startswith(NEXT_CURRENT):
            entry.unlink()
    try:
        match = CURRENT_LINE.fullmatch((root / CURRENT).read_bytes())
    except OSError:
        match = None
    if match is None:
        return None
    number = int(match[1])
    with suppress(OSError, ArtefactError, msgspec.DecodeError):
        head = msgspec.json.decode((root / f"gen-{number}" / MANIFEST).read_bytes())
        if isinstance(head, dict) and head.get("kind") != kind.name:
            raise StorageError(
                f"holds an artefact of kind {head.get('kind')!r}, not {kind.name!r}",
                where=root,
                remedy="name another folder",
            )
    return number


def _generations(root: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    for entry in sorted(root.iterdir()):
        match = GENERATION.fullmatch(entry.name)
        if match is not None:
            yield entry, match


@contextmanager
def _writing(root: Path, kind: ArtefactKind, timeout_seconds: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / LOCK, timeout=timeout_seconds):
            yield
    except Timeout:
        raise StorageError(
            f"another process is writing this {kind.name} (waited {timeout_seconds:g} s)",
            where=root,
            remedy="wait until it is done, or stop it",
        ) from None
    except OSError as error:
        raise storage_error(error, root) from error
