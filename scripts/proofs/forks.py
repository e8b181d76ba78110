"""Commands in forks of a process that has imported everything: a run costs a tenth of a second, not one.

    python scripts/proofs/forks.py        reads jobs, a JSON line each, and answers each with a line

A fork that is to be traced stops itself until strace holds it. What a fork had to import, the next one finds imported.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import orjson

from proofs.proof import DoesNotHoldError, python


class Forks:
    """Runs `factcheck` on the wiring of `proofs.rows`, each time in a fork of one warm process."""

    def __init__(self) -> None:
        self._server = python(Path(__file__), stdin=subprocess.PIPE)

    def __enter__(self) -> Forks:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.kill()
        self._server.communicate()

    def run(self, arguments: Sequence[str | Path], *, trace: Sequence[str] = ()) -> tuple[int, str]:
        """Run one command, under strace where `trace` holds its command line; return exit code and standard error."""
        if self._server.stdin is None or self._server.stdout is None:
            raise RuntimeError("the server has no pipes")
        job = {"arguments": [str(part) for part in arguments], "trace": list(trace)}
        self._server.stdin.write(orjson.dumps(job) + b"\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        if not answer:
            _, errors = self._server.communicate()
            raise DoesNotHoldError(f"the process that forks has died: {errors.decode(errors='replace')[-500:]}")
        code, said = orjson.loads(answer)
        return code, said


def _serve() -> None:
    import pyarrow.parquet  # noqa: F401 - so that no fork imports it

    import proofs.rows  # noqa: F401

    errors = Path(os.environ.get("TMPDIR", "/tmp")) / f"factcheck-forks-{os.getpid()}"  # noqa: S108 - our own pid
    modules = errors.with_suffix(".modules")
    answers = os.dup(1)
    for line in sys.stdin.buffer:
        job = orjson.loads(line)
        code = _fork(job["arguments"], job["trace"], errors, modules)
        _import(modules)
        said = errors.read_text(encoding="utf-8", errors="replace")
        os.write(answers, orjson.dumps([code, said]) + b"\n")
        errors.unlink(missing_ok=True)


def _import(modules: Path) -> None:
    """Import what the last fork imported, unless it was killed before it could tell."""
    if modules.exists():
        for name in modules.read_text(encoding="utf-8").split():
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        modules.unlink()


def _fork(arguments: list[str], trace: list[str], errors: Path, modules: Path) -> int:
    from proofs.rows import main

    known = set(sys.modules)
    child = os.fork()
    if child == 0:
        code = 70
        try:
            for stream, target in ((1, os.devnull), (2, errors)):
                os.dup2(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream)
            if trace:
                os.kill(os.getpid(), signal.SIGSTOP)
            code = main(arguments)
            sys.stdout.flush()
            sys.stderr.flush()
            if new := sys.modules.keys() - known:
                modules.write_text("\n".join(sorted(new)), encoding="utf-8")
        finally:
            os._exit(code)
    tracer = None
    if trace:
        os.waitpid(child, os.WUNTRACED)
        tracer = subprocess.Popen([*trace, "-p", str(child)], stdin=subprocess.DEVNULL)
        while "TracerPid:\t0" in Path(f"/proc/{child}/status").read_text() and tracer.poll() is None:
            time.sleep(0.002)
        os.kill(child, signal.SIGCONT)
    _, status = os.waitpid(child, 0)
    if tracer is not None:
        tracer.wait()
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    _serve()
