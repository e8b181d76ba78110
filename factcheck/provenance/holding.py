"""Generations that somebody still reads are not collected: a shared lock on the manifest says so.

The lock is the kernel's, so that a reader that dies lets go. It lies on an open file, not on a name: on a read-only
disk it costs nothing, and where the system has no such locks (Windows) files in use cannot be removed anyway.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]


class Hold:
    """Keeps a generation from being collected until it is released, or the process ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, manifest: Path) -> Hold:
        """Hold the generation of this manifest.

        Raises:
            FileNotFoundError: it is gone, or is being removed this moment.
        """
        descriptor = os.open(manifest, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        try:
            if fcntl is not None:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if os.fstat(descriptor).st_nlink == 0:
                raise BlockingIOError
        except BlockingIOError:
            os.close(descriptor)
            raise FileNotFoundError(manifest) from None
        except OSError:
            # A file system without locks: the generation before the current one is kept for readers all the same.
            return cls(descriptor)
        return cls(descriptor)

    def release(self) -> None:
        """Let go; more than once does no harm."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def __del__(self) -> None:
        with suppress(OSError, AttributeError):
            self.release()


@contextmanager
def unheld(manifest: Path) -> Iterator[bool]:
    """Say whether nobody holds the generation of this manifest, and let nobody take hold of it meanwhile."""
    try:
        descriptor = os.open(manifest, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except FileNotFoundError:
        yield True  # what is left of a generation whose removal was interrupted
        return
    try:
        free = True
        if fcntl is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                free = False
            except OSError:
                free = True
        yield free
    finally:
        os.close(descriptor)
