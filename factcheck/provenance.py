"""What proves that a file is the one that was written: hashes, manifests, atomic publication.

An index and a graph are kept alike. Their folder, the root, holds numbered generations that never change:

    CURRENT             `gen-N <SHA-256 of its manifest>` and a newline, nothing else
    gen-N/              what readers open; gen-(N-1) stays for readers that came just before
      manifest.json     kind, schema, and size and SHA-256 of every other file of the generation
    .lock               held by the one writer
    .building-…         a generation in the making; a reader ignores it, the next writer removes it
    .scratch/           what a killed build left for the next one to go on from

A manifest proves integrity, not origin: who can write the folder can write a manifest that fits.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import msgspec

from factcheck.errors import ArtefactError, IntegrityError, SchemaVersionError, StorageError

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
LOCK = ".lock"
SCRATCH = ".scratch"
LARGE_FILE_BYTES = 64 * 1024 * 1024

_BUILDING = ".building-"
_NEXT_CURRENT = ".CURRENT-"
_GENERATION = re.compile(r"gen-([1-9][0-9]{0,17})")
_CURRENT_LINE = re.compile(rb"gen-([1-9][0-9]{0,17}) ([0-9a-f]{64})\n")
_HEX = re.compile(r"[0-9a-f]{64}")
_MAX_MANIFEST_BYTES = 64 * 1024 * 1024
_REFUSALS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than this process may write",
    errno.EACCES: "permission denied",
    errno.EPERM: "operation not permitted",
    errno.EROFS: "the file system is read-only",
    errno.EIO: "the disk reports an input/output error",
    errno.ENAMETOOLONG: "the path is too long",
}


# ------------------------------------------------------------------------------------------------------------- hashes


def sha256_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` as lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes as lower-case hex; defined for lone surrogates too."""
    return sha256_bytes(text.encode("utf-8", "surrogatepass"))


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as lower-case hex, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ------------------------------------------------------------------------------------------------------------- values


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactKind:
    """What one kind of artefact calls itself.

    Attributes:
        name: `index` or `graph`, as manifests say.
        schema: the version that this package writes; it reads no other.
        remedy: what a user does when an artefact cannot be used.
    """

    name: str
    schema: int
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One file of a generation: its length in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation consists of.

    Attributes:
        files: by path relative to the generation's folder, with `/` between the parts.
        body: what the kind itself wants to say; JSON values.
    """

    kind: str
    schema: int
    generation: int
    files: Mapping[str, FileEntry]
    body: Mapping[str, object] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the bytes of `manifest.json`: equal manifests give equal bytes."""
        return msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=1) + b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A generation whose files are all there and as they were written.

    Attributes:
        sha256: of the manifest, which names the whole generation.
    """

    root: Path
    path: Path
    manifest: Manifest
    sha256: str

    def file(self, name: str) -> Path:
        """Return the path of a file that the manifest names.

        Raises:
            IntegrityError: the manifest does not name it.
        """
        if name not in self.manifest.files:
            raise IntegrityError(f"'{name}' is not in the manifest", where=self.path / MANIFEST)
        return self.path / name


# ------------------------------------------------------------------------------------------------------------ reading


def open_generation(root: Path, kind: ArtefactKind, *, trust_stamps: bool = True) -> Generation:
    """Open the current generation of `root` after checking every file of it.

    Args:
        root: the artefact's folder.
        kind: what it has to be.
        trust_stamps: take files beyond 64 MiB as read when a stamp in the user's cache says that this very file
            (device, inode, size, times) was hashed before under this manifest.

    Raises:
        SchemaVersionError: a newer version of this package wrote it.
        IntegrityError: anything is missing, unknown, changed or of another kind.
        StorageError: the disk refuses to be read.
    """
    with _reading(root):
        for attempt in range(3):
            line = _read_current(root, kind)
            try:
                return _open(root, line, kind, trust_stamps=trust_stamps)
            except IntegrityError:
                # A writer may have published twice since CURRENT was read, and cleared what it named.
                if attempt == 2 or _read_current(root, kind) == line:
                    raise
    raise IntegrityError("changes faster than it can be opened", where=root, remedy="try again")  # pragma: no cover


def _open(root: Path, line: bytes, kind: ArtefactKind, *, trust_stamps: bool) -> Generation:
    match = _CURRENT_LINE.fullmatch(line)
    if match is None:
        raise IntegrityError("is not what a finished build writes", where=root / CURRENT, remedy=kind.remedy)
    number, expected = int(match[1]), match[2].decode("ascii")
    path = root / f"gen-{number}"
    _refuse_unknown_in_root(root, kind)
    if path.is_symlink() or not path.is_dir():
        raise IntegrityError("is missing", where=path, remedy=kind.remedy)
    raw = _read_small(path / MANIFEST, kind)
    if sha256_bytes(raw) != expected:
        raise IntegrityError(f"is not the manifest that {CURRENT} names", where=path / MANIFEST, remedy=kind.remedy)
    manifest = _decode(raw, path / MANIFEST, kind)
    if manifest.generation != number:
        raise IntegrityError(f"belongs to generation {manifest.generation}", where=path / MANIFEST, remedy=kind.remedy)
    _check_files(path, manifest, expected, kind, trust_stamps=trust_stamps)
    return Generation(root=root, path=path, manifest=manifest, sha256=expected)


def _read_current(root: Path, kind: ArtefactKind) -> bytes:
    if not root.exists():
        raise IntegrityError(f"there is no {kind.name} here", where=root, remedy=kind.remedy)
    if not root.is_dir():
        raise IntegrityError(f"is a file, not the folder of a {kind.name}", where=root, remedy=kind.remedy)
    if not (root / CURRENT).exists():
        unfinished = any(entry.name.startswith((_BUILDING, SCRATCH)) for entry in root.iterdir())
        what = "is an unfinished build" if unfinished else f"there is no {kind.name} here ({CURRENT} is missing)"
        raise IntegrityError(what, where=root, remedy=kind.remedy)
    return _read_small(root / CURRENT, kind, limit=200)


def _read_small(path: Path, kind: ArtefactKind, *, limit: int = _MAX_MANIFEST_BYTES) -> bytes:
    try:
        status = path.lstat()
    except FileNotFoundError:
        raise IntegrityError("is missing", where=path, remedy=kind.remedy) from None
    if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
        raise IntegrityError("is not what a finished build writes", where=path, remedy=kind.remedy)
    return path.read_bytes()


def _decode(raw: bytes, where: Path, kind: ArtefactKind) -> Manifest:
    try:
        head = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise IntegrityError(f"is not JSON ({error})", where=where, remedy=kind.remedy) from error
    found, schema = (head.get("kind"), head.get("schema")) if isinstance(head, dict) else (None, None)
    if found != kind.name:
        raise IntegrityError(
            f"describes {found!r}, not {kind.name!r}", where=where, remedy=f"name the folder of a {kind.name}"
        )
    # The version comes before the fields: a newer version may have other fields.
    if isinstance(schema, int) and not isinstance(schema, bool) and schema > kind.schema:
        raise SchemaVersionError(
            f"has schema {schema}, and this version of factcheck reads {kind.schema}",
            where=where,
            remedy="upgrade factcheck, or build again with this version",
        )
    if schema != kind.schema or isinstance(schema, bool):
        raise IntegrityError(f"has schema {schema!r}, which is not read any more", where=where, remedy=kind.remedy)
    try:
        manifest = msgspec.convert(head, Manifest, strict=True)
    except msgspec.ValidationError as error:
        raise IntegrityError(f"is not a manifest ({error})", where=where, remedy=kind.remedy) from error
    for name, entry in manifest.files.items():
        pure = PurePosixPath(name)
        plain = not pure.is_absolute() and ".." not in pure.parts and str(pure) == name and "\\" not in name
        if not plain or name in {MANIFEST, "."} or entry.size < 0 or not _HEX.fullmatch(entry.sha256):
            raise IntegrityError(f"names {name!r}, which no build writes", where=where, remedy=kind.remedy)
    return manifest


def _refuse_unknown_in_root(root: Path, kind: ArtefactKind) -> None:
    for entry in sorted(root.iterdir()):
        if not _belongs_in_root(entry.name):
            raise IntegrityError("is an unknown file", where=entry, remedy=f"move it out of the {kind.name}'s folder")


def _belongs_in_root(name: str) -> bool:
    if name in {CURRENT, LOCK, SCRATCH} or name.startswith((_BUILDING, _NEXT_CURRENT)):
        return True
    return _GENERATION.fullmatch(name) is not None


def _check_files(path: Path, manifest: Manifest, key: str, kind: ArtefactKind, *, trust_stamps: bool) -> None:
    present = _walk(path, kind)
    present.pop(MANIFEST, None)
    for name in sorted(manifest.files.keys() - present.keys()):
        raise IntegrityError("is missing", where=path / name, remedy=kind.remedy)
    for name in sorted(present.keys() - manifest.files.keys()):
        raise IntegrityError(
            "is an unknown file (the manifest does not name it)",
            where=path / name,
            remedy=f"move it out of the {kind.name}'s folder",
        )
    for name, entry in sorted(manifest.files.items()):
        if present[name].st_size != entry.size:
            raise IntegrityError(
                f"has {present[name].st_size} bytes, the manifest says {entry.size}",
                where=path / name,
                remedy=kind.remedy,
            )
    for name, entry in sorted(manifest.files.items()):
        if not _has_hash(path / name, entry, key, trust_stamp=trust_stamps):
            raise IntegrityError(
                "has changed since it was built (SHA-256 differs)", where=path / name, remedy=kind.remedy
            )


def _walk(path: Path, kind: ArtefactKind) -> dict[str, os.stat_result]:
    """Return the regular files below `path`; a link or a device has no business there."""
    found: dict[str, os.stat_result] = {}
    pending = [path]
    while pending:
        for entry in sorted(pending.pop().iterdir()):
            status = entry.lstat()
            if stat.S_ISDIR(status.st_mode):
                pending.append(entry)
            elif stat.S_ISREG(status.st_mode):
                found[entry.relative_to(path).as_posix()] = status
            else:
                raise IntegrityError("is neither a file nor a folder", where=entry, remedy=kind.remedy)
    return found


def _has_hash(path: Path, entry: FileEntry, key: str, *, trust_stamp: bool) -> bool:
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        large = entry.size > LARGE_FILE_BYTES
        if large and trust_stamp and _stamp_says(before, key):
            return True
        if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
            return False
        after = os.fstat(file.fileno())
    if large and _identity(before) == _identity(after):
        _stamp(after, key)
    return True


# ------------------------------------------------------------------------------------------------------------- stamps


def _identity(status: os.stat_result) -> str:
    # The change time costs nothing and cannot be set back, as the modification time can.
    return f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}\n"


def _stamp_path(status: os.stat_result, key: str) -> Path:
    from platformdirs import user_cache_path

    name = sha256_text(f"{key} {status.st_dev} {status.st_ino}")
    return user_cache_path("factcheck", appauthor=False) / "stamps" / name


def _stamp_says(status: os.stat_result, key: str) -> bool:
    try:
        return _stamp_path(status, key).read_text(encoding="ascii") == _identity(status)
    except (OSError, UnicodeDecodeError):
        return False


def _stamp(status: os.stat_result, key: str) -> None:
    with suppress(OSError):  # without a cache the file is hashed again next time
        path = _stamp_path(status, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii", delete=False) as file:
            file.write(_identity(status))
        Path(file.name).replace(path)


# ------------------------------------------------------------------------------------------------------------ writing


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
        previous = _generation_before(root, kind)
        number = 1 + max((int(match[1]) for _, match in _generations(root)), default=0)
        staging = root / f"{_BUILDING}{number}"
        staging.mkdir()
        scratch = root / SCRATCH
        scratch.mkdir(exist_ok=True)
        try:
            body = build(staging, scratch)
            manifest = _seal(staging, kind, number, body)
            raw = manifest.encode()
            _write_synced(staging / MANIFEST, raw)
            _sync_folders(staging)
            path = staging.rename(root / f"gen-{number}")
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        _sync_folder(root)
        _set_current(root, number, sha256_bytes(raw))
        keep = {number, previous}
        for entry, match in _generations(root):
            if int(match[1]) not in keep:
                shutil.rmtree(entry, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)
        return Generation(root=root, path=path, manifest=manifest, sha256=sha256_bytes(raw))


def _seal(staging: Path, kind: ArtefactKind, number: int, body: Mapping[str, object]) -> Manifest:
    files = {}
    for name, status in sorted(_walk(staging, kind).items()):
        if name == MANIFEST:
            raise ValueError(f"a build may not write {MANIFEST} itself")
        with (staging / name).open("rb") as file:
            os.fsync(file.fileno())
            files[name] = FileEntry(size=status.st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())
    return Manifest(kind=kind.name, schema=kind.schema, generation=number, files=files, body=body)


def _set_current(root: Path, number: int, sha256: str) -> None:
    beside = root / f"{_NEXT_CURRENT}{os.getpid()}"
    _write_synced(beside, f"gen-{number} {sha256}\n".encode("ascii"))
    beside.replace(root / CURRENT)
    _sync_folder(root)


def _generation_before(root: Path, kind: ArtefactKind) -> int | None:
    """Return the number that CURRENT names, if it can be read, after making sure that `root` may be written."""
    for entry in root.iterdir():
        if not _belongs_in_root(entry.name):
            raise StorageError(
                f"holds '{entry.name}', which belongs to no {kind.name}", where=root, remedy="name an empty folder"
            )
        if entry.name.startswith(_BUILDING):
            shutil.rmtree(entry)
        elif entry.name.startswith(_NEXT_CURRENT):
            entry.unlink()
    try:
        match = _CURRENT_LINE.fullmatch((root / CURRENT).read_bytes())
    except OSError:
        match = None
    if match is None:
        return None
    number = int(match[1])
    with suppress(OSError, ArtefactError, msgspec.DecodeError):
        head = msgspec.json.decode((root / f"gen-{number}" / MANIFEST).read_bytes())
        if isinstance(head, dict) and head.get("kind") != kind.name:
            raise StorageError(
                f"holds a {head.get('kind')}, not a {kind.name}", where=root, remedy="name another folder"
            )
    return number


def _generations(root: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    for entry in sorted(root.iterdir()):
        match = _GENERATION.fullmatch(entry.name)
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


@contextmanager
def _reading(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise storage_error(error, root) from error


def storage_error(error: OSError, where: Path) -> StorageError:
    """Say in words why the disk refused; what was published before still serves."""
    reason = _REFUSALS.get(error.errno or 0) or error.strerror or str(error)
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return StorageError(
        reason,
        where=error.filename if isinstance(error.filename, str) and error.filename else where,
        remedy="free some space and try again" if full else "check the path and its permissions",
    )


# ---------------------------------------------------------------------------------------------------------------- disk


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folders(top: Path) -> None:
    for folder, _, _ in os.walk(top, topdown=False):
        _sync_folder(Path(folder))


def _sync_folder(path: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there, and needs no flush
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
