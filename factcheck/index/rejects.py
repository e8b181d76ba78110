"""What a build could not use, written beside the index."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import IO

import orjson

from factcheck.errors import InputError, RowError


class RejectsFile:
    """Writes `OUT.rejects.jsonl`, a line `{line, offset, code, message}` for each reject; absent when there is none.

    The file gets its name when the reading is done, so that a killed build leaves the last one as it was.
    """

    def __init__(self, out: Path) -> None:
        self.path = out.with_name(f"{out.name}.rejects.jsonl")
        self.count = 0
        self._part = self.path.with_name(f"{self.path.name}.part")
        self._file: IO[bytes] | None = None

    def add(self, error: InputError) -> None:
        """Write a reject down."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("wb")
        row = {
            "line": error.line if isinstance(error, RowError) else None,
            "offset": error.offset if isinstance(error, RowError) else None,
            "code": error.code,
            "message": str(error).encode("utf-8", "replace").decode("utf-8"),
        }
        self._file.write(orjson.dumps(row) + b"\n")
        self.count += 1

    def finish(self) -> None:
        """Give the file its name, or remove the one of an earlier build."""
        if self._file is None:
            self.path.unlink(missing_ok=True)
        else:
            self._file.close()
            self._file = None
            self._part.replace(self.path)

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)
