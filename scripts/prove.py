"""Prove in full what the tests prove in small, and write `docs/proofs.md`.

    python scripts/prove.py                  all proofs that are not done for this commit
    python scripts/prove.py verify-kill …    some of them

A proof that is interrupted goes on from its last point when it is started again. What cannot run here is skipped with
its reason, and fails where CI is set. A new proof is a module in `scripts/proofs/`, named in `PROOFS` below.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
from proofs import injection, serve_end, verify_faults, verify_full_disk, verify_json, verify_kill, verify_ray
from proofs.proof import ROOT, CannotRunError, DoesNotHoldError, Proof, Work
from proofs.stored import GRAPH_PROOFS, INDEX_PROOFS

PROOFS: tuple[Proof, ...] = (
    injection.PROOF,
    verify_kill.PROOF,
    verify_kill.PROOF_WITH_MODELS,
    verify_faults.PROOF,
    *INDEX_PROOFS,
    *GRAPH_PROOFS,
    verify_full_disk.PROOF,
    verify_json.PROOF,
    verify_ray.PROOF,
    serve_end.PROOF,
)
PAGE = ROOT / "docs" / "proofs.md"

_HEAD = """\
# Proofs

`make prove` tries to break each promise below and writes this page; `make test` does the same at a few points. A proof
that could not run where this page was written says why.
"""


def main() -> int:
    """Run the proofs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [proof.name for proof in PROOFS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}; all unless given")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "proofs", help="where proofs work")
    parser.add_argument("--again", action="store_true", help="prove what is proved for this commit too")
    args = parser.parse_args()
    unknown = sorted(set(args.names) - set(known))
    if unknown:
        parser.error(f"no proof is called {', '.join(unknown)}; there are {', '.join(known)}")
    commit = _commit()
    broken = False
    for proof in PROOFS:
        if args.names and proof.name not in args.names:
            continue
        result = _result(args.work, proof)
        if result.get("commit") == commit and result.get("state") == "holds" and not args.again:
            print(f"{proof.name}: holds, proved before for this commit")
            continue
        result = _prove(proof, args.work, commit)
        broken |= result["state"] == "broken" or (result["state"] == "skipped" and os.environ.get("CI") == "true")
        (args.work / f"{proof.name}.json").write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))
        print(f"{proof.name}: {result['state']}  {result.get('reason') or result.get('figures')}", flush=True)
    before = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    PAGE.write_text(_page(args.work, before), encoding="utf-8")
    return 1 if broken else 0


def _prove(proof: Proof, folder: Path, commit: str) -> dict[str, Any]:
    print(f"{proof.name}: {proof.title}", flush=True)
    started = time.monotonic()
    work = Work.open(folder / proof.name / commit)
    result: dict[str, Any] = {
        "commit": commit,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
    }
    try:
        figures = proof.prove(work)
    except CannotRunError as error:
        return {**result, "state": "skipped", "reason": str(error)}
    except DoesNotHoldError as error:
        return {**result, "state": "broken", "reason": str(error)}
    work.clear()
    return {**result, "state": "holds", "figures": dict(figures), "seconds": round(time.monotonic() - started)}


def _result(folder: Path, proof: Proof) -> dict[str, Any]:
    path = folder / f"{proof.name}.json"
    found = orjson.loads(path.read_bytes()) if path.is_file() else {}
    return found if isinstance(found, dict) else {}


def _page(folder: Path, before: str) -> str:
    """Return the page; what was proved elsewhere, as the page tells it, stays."""
    told = {part.split("\n", 1)[0]: part for part in before.split("\n## ")[1:]}
    parts = [_HEAD]
    for proof in PROOFS:
        result = _result(folder, proof)
        head = f"\n## {proof.name}\n\n{proof.title}.\n\n`python scripts/prove.py {proof.name}`\n"
        parts.append(head)
        if not result:
            _, _, rest = told.get(proof.name, "").partition(f"`python scripts/prove.py {proof.name}`\n")
            parts.append(f"{rest.rstrip()}\n" if rest.strip() else "\nNot run yet.\n")
            continue
        where = f"commit `{result['commit'][:12]}`, {result['date']}, {result['machine']}"
        if result["state"] != "holds":
            parts.append(f"\n**{result['state'].capitalize()}** ({where}): {result['reason']}.\n")
            continue
        parts.append(f"\n**Holds** ({where}, {result['seconds']} s of the last start).\n\n| | |\n|---|---|\n")
        parts += [f"| {name} | {_cell(value)} |\n" for name, value in result["figures"].items()]
    return "".join(parts)


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _commit() -> str:
    found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    changed = subprocess.run(
        ["git", "status", "--porcelain", "factcheck"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return (found.stdout.strip() or "unknown") + ("-changed" if changed.stdout.strip() else "")


if __name__ == "__main__":
    sys.exit(main())
