"""What proofs share: points that are remembered, tallies, and how a proof says that it cannot run or does not hold."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[2]


class DoesNotHoldError(Exception):
    """The promise was broken; the message says at which point and how."""


class CannotRunError(Exception):
    """Something that the proof needs is not there; a skip, and a failure where CI is set."""


@dataclass(slots=True)
class Work:
    """A folder for one proof, and what was proved there already.

    Attributes:
        folder: stays until the proof is done, so that a killed run goes on.
        tally: figures that end up in the report.
    """

    folder: Path
    tally: Counter[str] = field(default_factory=Counter)
    _done: int = 0

    @classmethod
    def open(cls, folder: Path) -> Work:
        """Take up the work in a folder where it was left."""
        folder.mkdir(parents=True, exist_ok=True)
        state = folder / "state.json"
        if not state.is_file():
            return cls(folder)
        found = orjson.loads(state.read_bytes())
        return cls(folder, Counter(found["tally"]), found["done"])

    def points(self, total: int) -> Iterator[int]:
        """Yield the points that are not proved yet; a point counts once the loop comes back for the next."""
        for point in range(self._done, total):
            yield point
            self._done = point + 1
            self.save()
        self.tally["points"] = total

    def save(self) -> None:
        """Write down what was proved."""
        part = self.folder / "state.json.part"
        part.write_bytes(orjson.dumps({"done": self._done, "tally": dict(self.tally)}))
        part.replace(self.folder / "state.json")

    def clear(self) -> None:
        """Throw the folder away."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One promise.

    Attributes:
        name: on the command line.
        title: what is promised, for the report.
        prove: tries to break it, in full; raises `DoesNotHoldError` where that succeeds.
    """

    name: str
    title: str
    prove: Callable[[Work], Mapping[str, Any]]


def hold(condition: object, what: str) -> None:
    """Raise unless the condition holds."""
    if not condition:
        raise DoesNotHoldError(what)


def python(*arguments: str | Path, **keywords: Any) -> subprocess.Popen[bytes]:
    """Start a Python process on this tree; its output is captured."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, **keywords.pop("environment", {})}
    return subprocess.Popen(
        [*keywords.pop("before", ()), sys.executable, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
        **keywords,
    )


def finished(process: subprocess.Popen[bytes], seconds: float = 300) -> tuple[int, str]:
    """Wait for a process; return its exit code and what it said on standard error."""
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise DoesNotHoldError(f"a process did not end within {seconds:g} s") from None
    return process.returncode, errors.decode("utf-8", "replace")


def need(tool: str, package: str) -> str:
    """Return the path of a tool, or say that it is not there."""
    found = shutil.which(tool)
    if found is None:
        raise CannotRunError(f"'{tool}' is not installed (Debian package {package})")
    return found
