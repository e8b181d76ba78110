"""The kernel refuses writes of an index that changes, or kills the process at one; then the command runs again."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from factcheck.errors import FactCheckError
from proofs.corpora import State, build, documents, state_of, write_corpus
from proofs.forks import Forks
from proofs.proof import Proof, Work, hold, need
from proofs.strikes import chosen, points_of, struck

DOCUMENTS, POINTS = 60, 360
_CALLS = "write,pwrite64,fsync,fdatasync,rename,ftruncate,link,mkdir"
_POSTINGS = ("terms", "term_starts", "posting_starts", "rows", "counts", "lengths")
Operation = tuple[str, list[str | Path]]


def prove(work: Work, *, count: int = DOCUMENTS, points: int = POINTS) -> Mapping[str, Any]:
    """Spread the points over all writes of building anew, adding, removing and compacting.

    After each, the index opens and is proved: it is the old one or the new one, and the same command ends as if
    undisturbed.
    """
    strace = need("strace", "strace")
    base, operations = prepare(work.folder, count)
    old = state_of(base)
    with Forks() as forks:
        plans = [(operation, *_calm(forks, strace, work.folder, base, operation)) for operation in operations]
        for point in work.points(points):
            (name, arguments), new, calls = plans[point % len(plans)]
            fault, call, number = chosen(calls, point // len(plans), -(-points // len(plans)))
            where = f"{name}, {fault} at {call} {number}"
            index = _copy(base, work.folder / "point")
            trace = _trace(strace, index, index.with_name("log"), f"inject={call}:{fault}:when={number}")
            code, errors = forks.run(command(name, index, arguments), trace=trace)
            killed = fault == "signal=KILL" and code == -9
            told = code == 1 and errors.strip().count("\n") == 0 and errors.startswith("factcheck: error: ")
            hold(killed or told or code == 0, f"{where}: ended with {code}: {errors}")
            try:
                held = state_of(index)
            except FactCheckError as error:
                hold(False, f"{where}: {error}")
            hold(held in (old, new), f"{where}: neither the old index nor the new one")
            hold(code != 0 or held == new, f"{where}: ended well with the old index")
            work.tally["faults that struck"] += struck(index.with_name("log"), code)
            work.tally["killed" if killed else "refused in one line" if told else "went on, and is the new index"] += 1
            work.tally["the new index served afterwards" if held == new else "the old index served afterwards"] += 1
            code, errors = forks.run(command(name, index, arguments))
            done = code == 0 or (code == 4 and held == new and name == "remove")  # what is gone is missing now
            hold(done and state_of(index) == new, f"{where}: the second run ended with {code}: {errors}")
    counted = {f"writing calls of {operation[0]}": len(calls) for operation, _, calls in plans}
    return {"documents": count, **counted, **dict(sorted(work.tally.items()))}


def prepare(folder: Path, count: int) -> tuple[Path, list[Operation]]:
    """Build an index of two segments, one with a bitmap; return it and what is done to copies of it."""
    base = folder / "base" / "index"
    texts = documents(count)
    some = write_corpus(folder / "some.jsonl", dict(list(texts.items())[: count // 2]))
    rest = write_corpus(folder / "rest.jsonl", dict(list(texts.items())[count // 2 :]))
    fresh = write_corpus(folder / "fresh.jsonl", documents(count // 2 + 5, version=1))
    if not (base / "CURRENT").exists():
        from factcheck.index import Index
        from proofs.corpora import HashEncoder

        shutil.rmtree(base.parent, ignore_errors=True)
        base.parent.mkdir()
        build(base, some)
        Index.add([rest], base, HashEncoder())
        Index.remove(["d3", "d8"], base, HashEncoder)
    return base, [
        ("build", [fresh]),
        ("add", [fresh]),
        ("remove", ["d0", "d1", "d13", f"d{count - 2}"]),
        ("compact", []),
    ]


def _calm(
    forks: Forks, strace: str, folder: Path, base: Path, operation: Operation
) -> tuple[State, list[tuple[str, int]]]:
    """Run an operation undisturbed; return what the index holds then, and the calls that write."""
    name, arguments = operation
    index = _copy(base, folder / f"calm-{name}")
    log = index.with_name("log")
    code, errors = forks.run(command(name, index, arguments), trace=_trace(strace, index, log))
    calls = points_of(log.read_text(errors="replace"))
    hold(calls and code == 0, f"{name}, undisturbed, made {len(calls)} calls and ended with {code}: {errors}")
    return state_of(index), calls


def command(name: str, index: Path, arguments: list[str | Path]) -> list[str | Path]:
    """Return the command line of an operation."""
    if name == "build":
        return ["index", "build", *arguments, "--out", index, "--max-characters-per-passage", "60"]
    return ["index", name, index, *arguments]


def _trace(strace: str, index: Path, log: Path, *expressions: str) -> list[str]:
    """Return a strace that sees only calls on what the next generation is made of."""
    number = 1 + max(int(path.name[4:]) for path in index.glob("gen-*"))
    staging = f".building-{number}"
    segments = ["segment-1", *(f"segment-{number}{suffix}" for suffix in ("", "-restored"))]
    names = [".CURRENT-next", "CURRENT", ".scratch", ".scratch/embeddings.log", ".scratch/seen.sqlite", "", staging]
    for segment in segments:
        files = [
            "",
            "postings",
            "likeness",
            "likeness/bands.npy",
            "likeness/rows.npy",
            "passages.sqlite",
            "passages.sqlite-journal",
            "vectors.faiss",
        ]
        files += [f"postings/{name}.npy" for name in _POSTINGS]
        names += [f"{staging}/{segment}/{name}".rstrip("/") for name in files]
    names += [f"{staging}/tombstones/segment-{n}.{kind}.npy" for n in (1, 2) for kind in ("documents", "passages")]
    names += [f"{staging}/manifest.json", f"{staging}/tombstones", f"gen-{number}"]
    paths = [part for name in names for part in ("-P", f"{index}/{name}".rstrip("/"))]
    chosen = [part for expression in expressions for part in ("-e", expression)]
    return [strace, "-f", "-qq", "-o", str(log), *paths, "-e", f"trace={_CALLS}", *chosen]


def _copy(base: Path, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Path(shutil.copytree(base, folder / "index"))


PROOF = Proof(
    name="index-faults",
    title="`factcheck index build`, `add`, `remove` and `compact` with ENOSPC, EIO and SIGKILL injected",
    prove=prove,
)
