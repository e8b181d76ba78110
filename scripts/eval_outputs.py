"""Check and revise texts that other systems wrote, and count what becomes of their claims.

    python scripts/eval_outputs.py OUTPUTS.jsonl.gz --index DIR --kb DIR [--verdicts FILE]

Rows have the text as `response`, `output`, `answer` or `text`, and the question as `prompt` or `question`. Printed are
the labels, the share of claims that the evidence does not settle, what rewriting did, and seconds; `--verdicts` gets
one readable line for each claim, for reading them oneself.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import time
from collections import Counter
from pathlib import Path

import orjson

from factcheck import FactChecker
from factcheck.reflect import preservation
from factcheck.types import CheckedClaim


def main() -> int:
    """Run, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("outputs", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--kb", type=Path)
    parser.add_argument("--verdicts", type=Path, help="one line for each claim of the drafts")
    parser.add_argument("--limit", type=int, default=None)
    args = parser.parse_args()
    checker = FactChecker.open(index=args.index, graph=args.kb)
    with gzip.open(args.outputs, "rb") as stream:
        rows = [orjson.loads(line) for line in stream][: args.limit]
    labels: Counter[str] = Counter()
    stops: Counter[str] = Counter()
    lines, kept, rewritten, seconds = [], [], 0, 0.0
    for number, row in enumerate(rows):
        text = next(row[name] for name in ("response", "output", "answer", "text") if row.get(name))
        question = row.get("prompt") or row.get("question")
        start = time.perf_counter()
        report = checker.revise(text, question=question)
        seconds += time.perf_counter() - start
        if report.revision is None:
            raise RuntimeError("a revision without rounds")
        stops[report.revision.stop_reason.value] += 1
        rewritten += report.text != text
        kept.append(preservation(text, report.text))
        for claim in report.revision.rounds[0].report.claims:
            if isinstance(claim, CheckedClaim):
                verdict = claim.verdict
                labels[verdict.label.value] += 1
                lines.append(
                    f"{number}\t{verdict.label}\t{verdict.confidence:.2f}\t{claim.claim.text}\t{verdict.reason}"
                )
            else:
                labels["FAILED"] += 1
                lines.append(f"{number}\tFAILED\t0\t{claim.claim.text}\t{claim.stage} {claim.code} {claim.message}")
        print(f"\r{number + 1}/{len(rows)}", end="", file=sys.stderr, flush=True)
    total = sum(labels.values())
    print(f"\ntexts {len(rows)}, claims {total}, seconds {seconds:.1f}, seconds a text {seconds / len(rows):.2f}")
    for label, count in labels.most_common():
        print(f"  {label:16} {count:5}  {count / total:.3f}")
    print(f"rewritten {rewritten}, tokens kept on average {sum(kept) / len(kept):.3f}, least {min(kept):.3f}")
    print("stop reasons", dict(stops))
    if args.verdicts is not None:
        args.verdicts.write_text("\n".join(line.replace("\n", " ") for line in lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
