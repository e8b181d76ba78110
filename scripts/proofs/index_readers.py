"""Readers search while another process publishes: every answer is of one generation.

python scripts/proofs/index_readers.py INDEX STOP        a reader; searches until the file STOP is there
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from factcheck.index import Index
from proofs.corpora import HashEncoder, build, write_corpus
from proofs.proof import DoesNotHoldError, Proof, Work, hold, python

READERS, GENERATIONS, DOCUMENTS = 16, 100, 40


def prove(work: Work, *, readers: int = READERS, generations: int = GENERATIONS) -> Mapping[str, Any]:
    """Publish generations in which all documents carry one number, by adding, compacting and building in turn."""
    index, stop = work.folder / "index", work.folder / "stop"
    stop.unlink(missing_ok=True)
    source = write_corpus(work.folder / "c.jsonl", _version(0))
    build(index, source)
    processes = [python(Path(__file__), index, stop) for _ in range(readers)]
    try:
        for number in range(1, generations + 1):
            write_corpus(source, _version(number))
            if number % 10 == 0:
                build(index, source)
            else:
                Index.add([source], index, HashEncoder())
            if number % 3 == 0:
                Index.compact(index)
            for process in processes:
                if process.poll() is not None:
                    raise DoesNotHoldError(f"a reader died with {process.returncode}: {process.communicate()[1]!r}")
    finally:
        stop.touch()
        finished = [process.communicate(timeout=300) for process in processes]
    tally = {"searches": 0, "times opened": 0}
    seen: set[int] = set()
    for process, (out, errors) in zip(processes, finished, strict=True):
        hold(process.returncode == 0, f"a reader ended with {process.returncode}: {errors.decode()[-500:]}")
        found = orjson.loads(out)
        hold(not found["mixed"], f"an answer of several generations: {found['mixed'][:1]}")
        seen.update(found["versions"])
        for name in tally:
            tally[name] += found[name]
    left = len(list(index.glob("gen-*")))
    hold(left <= 3, f"{left} generations are left, though nobody reads them")
    return {"readers": readers, "generations": generations, "of which readers saw": len(seen), **tally}


def _version(number: int) -> dict[str, str]:
    return {f"d{n}": f"Entry {n} of the list is of version v{number}." for n in range(DOCUMENTS)}


def _read(index: Path, stop: Path) -> None:
    mixed: list[list[str]] = []
    versions: set[int] = set()
    searches = opened = 0
    while not stop.exists() or not opened:
        with Index.open(index, HashEncoder()) as reader:
            opened += 1
            for n in range(8):
                hits = reader.search([f"Entry {n * 5} of the list"], DOCUMENTS)[0]
                searches += 1
                told = {hit.passage.text.rsplit(" v", 1)[1] for hit in hits}
                if len(told) != 1 or len(hits) != DOCUMENTS:
                    mixed.append(sorted(told))
                else:
                    versions.add(int(told.pop().rstrip(".")))
    row = {"searches": searches, "times opened": opened, "mixed": mixed, "versions": sorted(versions)}
    sys.stdout.buffer.write(orjson.dumps(row))


PROOF = Proof(
    name="index-readers",
    title="16 processes search while another publishes 100 generations: every answer is of one of them",
    prove=prove,
)

if __name__ == "__main__":
    _read(Path(sys.argv[1]), Path(sys.argv[2]))
