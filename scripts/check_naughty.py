"""Run a list of naughty strings through extraction, `check` and `index build`: none may break anything.

Needs a local copy of the list (https://github.com/minimaxir/big-list-of-naughty-strings, file blns.json), an array of
strings:

    python scripts/check_naughty.py PATH/TO/blns.json

- Extraction: each string alone and as its own question; every claim has words, and its span lies within the text, in
  order.
- Check, against the embedded sample: each string alone and under a sentence that the sample supports. No claim fails,
  the text stays as long as it was, the sentence stays SUPPORTED, and report and page can be written; the page holds
  the string as text and nothing that runs.
- Index: each string as the text of a document. Every document is found again with its text unchanged, or stands among
  the rejects; every string can be searched for.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

import orjson

from factcheck import FactChecker, Label
from factcheck.cli.html import render_html
from factcheck.extract import RuleExtractor
from factcheck.index import Index
from factcheck.models import load_encoder
from factcheck.report import report_to_dict
from factcheck.types import CheckedClaim, Draft, Report

SENTENCE = "Canberra is the capital of Australia."
_RUNS = re.compile(r"<(?:script|iframe|object|embed|link|img)\b|<[^>]*\son\w+\s*=|javascript:[^<]*\"", re.I)


def main() -> int:
    """Run the three and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("strings", type=Path, help="JSON array of strings")
    arguments = parser.parse_args()
    strings: list[str] = orjson.loads(arguments.strings.read_bytes())
    wrong: list[str] = []
    claims = check_extraction(strings, wrong)
    print(f"extraction: {len(strings)} strings, {claims} claims")
    print("check: " + ", ".join(f"{count} {what}" for what, count in check_texts(strings, wrong).items()))
    with tempfile.TemporaryDirectory() as folder:
        print("index: " + ", ".join(f"{n} {what}" for what, n in check_index(strings, Path(folder), wrong).items()))
    for line in wrong:
        print(f"  wrong: {line}")
    return 1 if wrong else 0


def check_extraction(strings: list[str], wrong: list[str]) -> int:
    """Extract from each string; return how many claims there are."""
    found = 0
    for number, text in enumerate(strings):
        for question in (None, text):
            claims = RuleExtractor().extract([Draft(text=text, question=question)])[0].claims
            starts = [claim.span.start for claim in claims]
            if starts != sorted(starts) or any(not c.text.strip() or c.span.end > len(text) for c in claims):
                wrong.append(f"string {number}: claims out of place")
            found += len(claims)
    return found


def check_texts(strings: list[str], wrong: list[str]) -> dict[str, int]:
    """Check each string alone and under a sentence; return what there was."""
    checker = FactChecker.open()
    texts = [*strings, *(f"{SENTENCE}\n\n{text}" for text in strings)]
    labels: dict[str, int] = {"texts": len(texts)}
    for number, (text, report) in enumerate(zip(texts, checker.check_many(texts), strict=True)):
        name = f"string {number % len(strings)}{' under a sentence' if number >= len(strings) else ''}"
        if len(report.text) != len(text):
            wrong.append(f"{name}: the text has another length")
        for claim in report.claims:
            label = str(claim.verdict.label) if isinstance(claim, CheckedClaim) else f"FAILED ({claim.code})"
            labels[label] = labels.get(label, 0) + 1
            if not isinstance(claim, CheckedClaim):
                wrong.append(f"{name}: {claim.stage} {claim.code} {claim.message}")
        if number >= len(strings) and not _still_supported(report):
            wrong.append(f"{name}: the sentence is no longer supported")
        orjson.dumps(report_to_dict(report))
        if _RUNS.search(render_html(report)):
            wrong.append(f"{name}: something in the page runs")
    return labels


def _still_supported(report: Report) -> bool:
    first = report.claims[0] if report.claims else None
    return isinstance(first, CheckedClaim) and first.verdict.label is Label.SUPPORTED


def check_index(strings: list[str], folder: Path, wrong: list[str]) -> dict[str, int]:
    """Index each string as a document, look for all of them, and search for each."""
    source = folder / "strings.jsonl"
    rows = [orjson.dumps({"_id": f"s{number}", "text": text}) for number, text in enumerate(strings)]
    source.write_bytes(b"\n".join(rows) + b"\n")
    encoder = load_encoder("embedded")
    built = Index.build([source], folder / "index", encoder)
    rejected = built.rejects.read_bytes().splitlines() if built.rejects is not None else []
    codes = {orjson.loads(line)["code"] for line in rejected}
    with Index.open(folder / "index", encoder) as index:
        held: dict[str, list[str]] = {}
        for passage in index:
            held.setdefault(passage.document_id, []).append(passage.text)
        for text in strings:
            index.search([text], 5)
    lost = len(strings) - len(held) - len(rejected) - built.duplicates - built.near_duplicates
    if lost:
        wrong.append(f"{lost} documents are neither in the index nor rejected")
    for name, pieces in held.items():
        text = strings[int(name[1:])]
        if not all(piece in text for piece in pieces):
            wrong.append(f"document {name}: its text has changed")
    return {
        "documents held": len(held),
        "rejected": len(rejected),
        "of them with a code other than empty_text": sum(code != "empty_text" for code in codes),
        "repeated": built.duplicates + built.near_duplicates,
        "searches": len(strings),
    }


if __name__ == "__main__":
    sys.exit(main())
