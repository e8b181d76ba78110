"""Opening a generation: nothing of it is used before all of it has been checked."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

import msgspec

from factcheck.errors import IntegrityError, SchemaVersionError
from factcheck.provenance.holding import Hold
from factcheck.provenance.manifest import (
    BUILDING,
    CURRENT,
    CURRENT_LINE,
    LARGE_FILE_BYTES,
    MANIFEST,
    SCRATCH,
    ArtefactKind,
    FileEntry,
    Generation,
    Manifest,
    belongs_in_root,
    regular_files,
    sha256_bytes,
    sha256_text,
    storage_error,
)

_HEX = re.compile(r"[0-9a-f]{64}")
_ATTEMPTS = 50
_MAX_MANIFEST_BYTES = 64 * 1024 * 1024


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
        for attempt in range(_ATTEMPTS):
            line = _read_current(root, kind)
            try:
                return _open(root, line, kind, trust_stamps=trust_stamps)
            except IntegrityError:
                # A writer may have published twice since CURRENT was read, and cleared what it named.
                if attempt == _ATTEMPTS - 1 or _read_current(root, kind) == line:
                    raise
    raise IntegrityError("changes faster than it can be opened", where=root, remedy="try again")  # pragma: no cover


def _open(root: Path, line: bytes, kind: ArtefactKind, *, trust_stamps: bool) -> Generation:
    match = CURRENT_LINE.fullmatch(line)
    if match is None:
        raise IntegrityError("is not what a finished build writes", where=root / CURRENT, remedy=kind.remedy)
    number, expected = int(match[1]), match[2].decode("ascii")
    path = root / f"gen-{number}"
    _refuse_unknown_in_root(root, kind)
    if path.is_symlink() or not path.is_dir():
        raise IntegrityError("is missing", where=path, remedy=kind.remedy)
    hold = _take_hold(path / MANIFEST, kind)
    try:
        return _open_held(root, path, number, expected, hold, kind, trust_stamps=trust_stamps)
    except BaseException:
        hold.release()
        raise


def _take_hold(manifest: Path, kind: ArtefactKind) -> Hold:
    try:
        return Hold.take(manifest)
    except FileNotFoundError:
        raise IntegrityError("is missing", where=manifest, remedy=kind.remedy) from None


def _open_held(
    root: Path, path: Path, number: int, expected: str, hold: Hold, kind: ArtefactKind, *, trust_stamps: bool
) -> Generation:
    raw = _read_small(path / MANIFEST, kind)
    if sha256_bytes(raw) != expected:
        raise IntegrityError(f"is not the manifest that {CURRENT} names", where=path / MANIFEST, remedy=kind.remedy)
    manifest = _decode(raw, path / MANIFEST, kind)
    if manifest.generation != number:
        raise IntegrityError(f"belongs to generation {manifest.generation}", where=path / MANIFEST, remedy=kind.remedy)
    _check_files(path, manifest, expected, kind, trust_stamps=trust_stamps)
    return Generation(root=root, path=path, manifest=manifest, sha256=expected, hold=hold)


def _read_current(root: Path, kind: ArtefactKind) -> bytes:
    if not root.exists():
        raise IntegrityError(f"there is no {kind.name} here", where=root, remedy="check the path")
    if not root.is_dir():
        raise IntegrityError(f"is a file, not a folder that holds the {kind.name}", where=root, remedy="check the path")
    if not (root / CURRENT).exists():
        unfinished = any(entry.name.startswith((BUILDING, SCRATCH)) for entry in root.iterdir())
        if unfinished:
            raise IntegrityError("is an unfinished build", where=root, remedy=kind.remedy)
        raise IntegrityError(
            f"there is no {kind.name} here ({CURRENT} is missing)", where=root, remedy="check the path"
        )
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
            f"describes {found!r}, not {kind.name!r}",
            where=where,
            remedy="name another folder",
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
        if not belongs_in_root(entry.name):
            raise IntegrityError("is an unknown file", where=entry, remedy=f"move it out of the {kind.name}'s folder")


def _check_files(path: Path, manifest: Manifest, key: str, kind: ArtefactKind, *, trust_stamps: bool) -> None:
    present = regular_files(path, kind)
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


@contextmanager
def _reading(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise storage_error(error, root) from error


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
