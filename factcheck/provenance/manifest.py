"""The values of an artefact on disk, its hashes and the names in its folder."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from factcheck.errors import IntegrityError, StorageError
from factcheck.provenance.holding import Hold

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
LOCK = ".lock"
SCRATCH = ".scratch"
LARGE_FILE_BYTES = 64 * 1024 * 1024

BUILDING = ".building-"
NEXT_CURRENT = ".CURRENT-"
GENERATION = re.compile(r"gen-([1-9][0-9]{0,17})")
CURRENT_LINE = re.compile(rb"gen-([1-9][0-9]{0,17}) ([0-9a-f]{64})\n")
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
        hold: keeps its files on disk; released with the last reference to this value, or by `close`.
    """

    root: Path
    path: Path
    manifest: Manifest
    sha256: str
    hold: Hold | None = field(default=None, repr=False, compare=False)

    def close(self) -> None:
        """Let go of the generation: a writer may remove it once it is no longer the current one."""
        if self.hold is not None:
            self.hold.release()

    def file(self, name: str) -> Path:
        """Return the path of a file that the manifest names.

        Raises:
            IntegrityError: the manifest does not name it.
        """
        if name not in self.manifest.files:
            raise IntegrityError(f"'{name}' is not in the manifest", where=self.path / MANIFEST)
        return self.path / name


def belongs_in_root(name: str) -> bool:
    """Say whether a name in an artefact's folder is one of those that writers give."""
    if name in {CURRENT, LOCK, SCRATCH} or name.startswith((BUILDING, NEXT_CURRENT)):
        return True
    return GENERATION.fullmatch(name) is not None


def regular_files(path: Path, kind: ArtefactKind) -> dict[str, os.stat_result]:
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


def storage_error(error: OSError, where: Path) -> StorageError:
    """Say in words why the disk refused; what was published before still serves."""
    number = error.errno or 0
    if not number and os.strerror(errno.ENOSPC) in str(error):  # RocksDB tells it in words alone, and in many
        number = errno.ENOSPC
    reason = _REFUSALS.get(number) or error.strerror or str(error)
    full = number in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return StorageError(
        reason,
        where=error.filename if isinstance(error.filename, str) and error.filename else where,
        remedy="free some space and try again" if full else "check the path and its permissions",
    )
