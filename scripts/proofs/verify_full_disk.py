"""`factcheck verify` on a disk that is too small, for many sizes, and again after it has grown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proofs.disk import tmpfs
from proofs.forks import Forks
from proofs.proof import Proof, Work, hold
from proofs.rows import write_rows

ROWS, POINTS = 150, 200
_DONE = (0, 4)  # with and without rejects


def prove(work: Work, *, rows: int = ROWS, points: int = POINTS) -> Mapping[str, Any]:
    """Spread the sizes from next to nothing to more than enough."""
    source, calm = work.folder / "in.jsonl", work.folder / "calm" / "calm.jsonl"
    calm.parent.mkdir(exist_ok=True)
    write_rows(source, rows)
    disk = work.folder / "disk"
    with Forks() as forks:
        code, errors = forks.run(["verify", source, "--out", calm])
        hold(code in _DONE, f"the undisturbed run ended with {code}: {errors}")
        # The log and the temporary output stand beside the ledger for a while.
        whole = 4 * sum(path.stat().st_size for path in calm.parent.iterdir())
        for point in work.points(points):
            size = 16_384 + whole * point // points
            with tmpfs(disk, size) as grow:
                out = disk / "out.jsonl"
                code, errors = forks.run(["verify", source, "--out", out])
                told = code == 1 and errors.strip().count("\n") == 0 and errors.startswith("factcheck: error: ")
                hold(told or code in _DONE, f"{size} bytes: ended with {code}: {errors}")
                work.tally["full, and said so in one line" if told else "enough"] += 1
                hold(told or out.read_bytes() == calm.read_bytes(), f"{size} bytes: an output that differs")
                hold(not told or not out.exists(), f"{size} bytes: an output in spite of the error")
                grow(4 * whole + 1_000_000)
                code, errors = forks.run(["verify", source, "--out", out])
                hold(code in _DONE, f"{size} bytes, then enough: ended with {code}: {errors}")
                hold(out.read_bytes() == calm.read_bytes(), f"{size} bytes, then enough: the output differs")
    return {"rows": rows, "largest disk, bytes": 16_384 + whole, **dict(sorted(work.tally.items()))}


PROOF = Proof(
    name="verify-full-disk",
    title="`factcheck verify` on a tmpfs of many sizes, from next to nothing to enough, then grown",
    prove=prove,
)
