"""A disk of any size, and one in memory."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from proofs.proof import CannotRunError, need

_MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there has a random name
_ENOUGH_BYTES = 256 * 1024 * 1024


def memory() -> Path | None:
    """Return a folder in memory, where waiting for a disk costs nothing; None where there is none with some room.

    The calls are the same there, and so is what a process that is killed leaves behind.
    """
    usable = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH_BYTES
    return _MEMORY if usable else None


@contextmanager
def tmpfs(folder: Path, size: int) -> Iterator[Callable[[int], None]]:
    """Mount a tmpfs of so many bytes; yield what makes it larger."""
    mount, umount = need("mount", "mount"), need("umount", "mount")
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise CannotRunError("only root can mount a small tmpfs")
    folder.mkdir(exist_ok=True)

    def call(*arguments: str) -> None:
        made = subprocess.run([mount, *arguments, str(folder)], capture_output=True, check=False)
        if made.returncode:
            raise CannotRunError(f"no tmpfs can be mounted here ({made.stderr.decode(errors='replace').strip()})")

    call("-t", "tmpfs", "-o", f"size={size}", "tmpfs")
    try:
        yield lambda larger: call("-o", f"remount,size={larger}")
    finally:
        subprocess.run([umount, str(folder)], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)
