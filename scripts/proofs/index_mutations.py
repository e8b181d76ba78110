"""Every file of an index, changed at random, thousands of times: always a typed refusal, and the process lives.

python scripts/proofs/index_mutations.py INDEX FILE FIRST LAST        the worker; prints a JSON object
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import orjson

from factcheck.errors import ArtefactError
from factcheck.index import Index
from proofs.corpora import HashEncoder, build, documents, write_corpus
from proofs.proof import DoesNotHoldError, Proof, Work, hold, python

MUTATIONS = 2000
_KINDS = {"flat": None, "lists of codes": "IVF4,SQ8", "product codes": "OPQ4_16,IVF2,PQ4x4"}


def prove(work: Work, *, mutations: int = MUTATIONS, kinds: Mapping[str, str | None] = _KINDS) -> Mapping[str, Any]:
    """Change each file of an index of every kind, one change at a time, and open the index."""
    for point in work.points(len(kinds)):
        index = work.folder / f"kind-{point}" / "index"
        shutil.rmtree(index.parent, ignore_errors=True)
        _make(index, list(kinds.values())[point])
        process = python(Path(__file__), index, str(mutations))
        out, errors = process.communicate(timeout=3600)
        if process.returncode:
            raise DoesNotHoldError(f"the process ended with {process.returncode}: {errors.decode()[-500:]}")
        found = orjson.loads(out)
        hold(not found["accepted"], f"opened in spite of {found['accepted'][:3]}")
        work.tally["files"] += found["files"]
        work.tally.update({f"refused with {kind}": count for kind, count in found["refused"].items()})
    return {"kinds": ", ".join(kinds), "mutations a file": mutations, **dict(work.tally)}


def mutate(data: bytes, random: Random) -> tuple[str, bytes]:
    """Return one change of some bytes, and what it was; never the same bytes."""
    size = len(data)
    while True:
        at, length = random.randrange(size + 1), random.choice((1, 2, 4, 8, 64, 1024))
        what = random.choice(("flip", "set", "cut", "insert", "append", "zero", "move", "double", "empty"))
        if what == "flip" and size:
            at %= size
            changed = data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]
        elif what == "set":
            changed = data[:at] + random.randbytes(length) + data[at + length :]
        elif what == "cut":
            changed = data[:at]
        elif what == "insert":
            changed = data[:at] + random.randbytes(length) + data[at:]
        elif what == "append":
            changed = data + random.randbytes(length)
        elif what == "zero":
            changed = data[:at] + bytes(min(length, size - at)) + data[at + length :]
        elif what == "move":
            changed = data[at:] + data[:at]
        elif what == "double":
            changed = data + data
        else:
            changed = b""
        if changed != data:
            return f"{what} at {at}", changed


def _counts(path: Path) -> bool:
    """Say whether a file belongs to the current generation."""
    return path.is_file() and (path.name == "CURRENT" or "gen-3" in path.parts)


def _make(index: Path, factory: str | None) -> None:
    folder = index.parent
    folder.mkdir(parents=True, exist_ok=True)
    texts = documents(440)
    first = dict(list(texts.items())[:400])
    build(index, write_corpus(folder / "first.jsonl", first), factory)
    Index.add([write_corpus(folder / "rest.jsonl", texts)], index, HashEncoder())
    Index.remove(["d1", "d2"], index, HashEncoder)


def _work(index: Path, mutations: int) -> None:
    refused: Counter[str] = Counter()
    accepted: list[str] = []
    files = [path for path in sorted(index.rglob("*")) if _counts(path)]
    for path in files:
        name = path.relative_to(index).as_posix()
        print(name, file=sys.stderr, flush=True)  # so that the last line tells where a process died
        whole = path.read_bytes()
        for number in range(mutations):
            what, changed = mutate(whole, Random(f"{name} {number}"))  # noqa: S311
            path.write_bytes(changed)
            try:
                with Index.open(index, HashEncoder()) as opened:
                    opened.search(["Entry 3"], 3)
                accepted.append(f"{name}, mutation {number}, {what}")
            except ArtefactError as error:
                refused[type(error).__name__] += 1
        path.write_bytes(whole)
        Index.open(index, HashEncoder()).close()
    sys.stdout.buffer.write(orjson.dumps({"files": len(files), "refused": refused, "accepted": accepted}))


PROOF = Proof(
    name="index-mutations",
    title="each file of an index of every kind changed at random: a typed refusal each time, and the process lives",
    prove=prove,
)

if __name__ == "__main__":
    _work(Path(sys.argv[1]), int(sys.argv[2]))
