"""JSON that is hardly JSON, as one field of a row of a corpus: what the grammar forbids is a reject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from factcheck.index import Index
from proofs.corpora import HashEncoder
from proofs.proof import Proof, Work, hold
from proofs.verify_json import load_suite


def prove(work: Work) -> Mapping[str, Any]:
    """Run every payload of JSONTestSuite through `index build`."""
    return check_payloads(work.folder, load_suite())


def check_payloads(folder: Path, payloads: Sequence[tuple[str, bytes]]) -> dict[str, int]:
    """Index a document for each payload whose name begins with `n_`, `y_` or `i_`, and compare what became of it.

    A payload that holds a line feed cannot stand in one line, and is left out.
    """
    chosen = [(name, payload) for name, payload in payloads if b"\n" not in payload]
    lines = [
        b"".join([orjson.dumps({"_id": name, "text": f"About {name}."})[:-1], b', "meta": ', payload, b"}"])
        for name, payload in chosen
    ]
    source = folder / "json.jsonl"
    source.write_bytes(b"\n".join([*lines, b'{"_id": "last", "text": "The last one."}']) + b"\n")
    report = Index.build([source], folder / "json-index", HashEncoder())
    with Index.open(folder / "json-index", HashEncoder()) as index:
        held = {passage.document_id for passage in index}
    rejected = {}
    for line in report.rejects.read_bytes().splitlines() if report.rejects is not None else ():
        reject = orjson.loads(line)
        rejected[chosen[reject["line"] - 1][0]] = reject["code"]
    hold("last" in held, "the row behind them all is not in the index")
    for name, _ in chosen:
        hold((name in held) != (name in rejected), f"{name}: neither indexed nor rejected, or both")
        if name.startswith("n_"):
            hold(rejected.get(name) == "invalid_json", f"{name}: {rejected.get(name, 'indexed')}")
        elif name.startswith("y_"):
            hold(name in held, f"{name}: {rejected.get(name)}")
    return {
        "n_, all rejected as invalid_json": sum(name.startswith("n_") for name, _ in chosen),
        "y_, all indexed": sum(name.startswith("y_") for name, _ in chosen),
        "i_, indexed": sum(name.startswith("i_") and name in held for name, _ in chosen),
        "i_, rejected": sum(name.startswith("i_") and name in rejected for name, _ in chosen),
        "left out, since they hold a line feed": len(payloads) - len(chosen),
    }


PROOF = Proof(
    name="index-json",
    title="JSONTestSuite, each payload as the field `meta` of a row, through `factcheck index build`",
    prove=prove,
)
