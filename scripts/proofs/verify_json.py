"""JSON that is hardly JSON, as one field of a row: what the grammar forbids is a reject, what it allows is answered."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from proofs.proof import CannotRunError, Proof, Work, finished, hold, python

SUITE = "FACTCHECK_JSON_SUITE"
_PROGRAM = Path(__file__).with_name("rows.py")


def prove(work: Work) -> Mapping[str, Any]:
    """Run every payload of JSONTestSuite through `verify`."""
    return check_payloads(work.folder, load_suite())


def load_suite() -> list[tuple[str, bytes]]:
    """Return the payloads of JSONTestSuite by name."""
    folder = os.environ.get(SUITE)
    if not folder:
        raise CannotRunError(f"{SUITE} does not name the folder of JSONTestSuite")
    files = sorted(Path(folder).rglob("[niy]_*.json"))
    if not files:
        raise CannotRunError(f"no JSONTestSuite in '{folder}' (set {SUITE} to its folder)")
    return [(file.stem, file.read_bytes().strip(b"\r\n")) for file in files]


def check_payloads(folder: Path, payloads: Sequence[tuple[str, bytes]]) -> dict[str, int]:
    """Verify a row for each payload whose name begins with `n_`, `y_` or `i_`, and compare what became of it.

    A payload that holds a line feed cannot stand in one line, and is left out.
    """
    lines, names, left_out = [], [], 0
    for name, payload in payloads:
        if b"\n" in payload:
            left_out += 1
            continue
        names.append(name)
        lines.append(b'{"id": ' + orjson.dumps(name) + b', "text": "The sky is blue.", "meta": ' + payload + b"}")
    source, out = folder / "json.jsonl", folder / "json-out.jsonl"
    source.write_bytes(b"\n".join([*lines, b'{"id": "last", "text": "The sky is blue."}']) + b"\n")
    for path in folder.glob("json-out.jsonl*"):
        path.unlink()
    code, errors = finished(python(_PROGRAM, "verify", source, "--out", out))
    hold(code in (0, 4), f"ended with {code}: {errors}")
    answered = {orjson.loads(line)["id"] for line in out.read_bytes().splitlines()}
    rejects = out.with_name("json-out.jsonl.rejects.jsonl")
    rejected = {}
    for line in rejects.read_bytes().splitlines() if rejects.exists() else ():
        reject = orjson.loads(line)
        rejected[names[reject["line"] - 1]] = reject["code"]
    hold("last" in answered, "the row behind them all has no answer")
    for name in names:
        hold((name in answered) != (name in rejected), f"{name}: neither answered nor rejected, or both")
        if name.startswith("n_"):
            hold(rejected.get(name) == "invalid_json", f"{name}: {rejected.get(name, 'answered')}")
        elif name.startswith("y_"):
            hold(name in answered, f"{name}: {rejected.get(name)}")
    return {
        "n_, all rejected as invalid_json": sum(name.startswith("n_") for name in names),
        "y_, all answered": sum(name.startswith("y_") for name in names),
        "i_, answered": sum(name.startswith("i_") and name in answered for name in names),
        "i_, rejected": sum(name.startswith("i_") and name in rejected for name in names),
        "left out, since they hold a line feed": left_out,
    }


PROOF = Proof(
    name="verify-json",
    title="JSONTestSuite, each payload as the field `meta` of a row, through `factcheck verify`",
    prove=prove,
)
