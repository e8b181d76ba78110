"""How well extraction by model tells a draft's own claims from invented ones.

    python scripts/eval_stated.py OUTPUTS/factscore_*_a.jsonl.gz [--texts N] [--facts N] [--model SPEC]

FActScore's rows hold, for each sentence of a biography, the atomic facts that a model wrote of it. Each is put to the
check of `ModelExtractor` at its sentence: it should be kept. At the same place a fact of another biography, drawn at
random, is put to it: it should be dropped. Facts of other people are easier to tell than a slip in one's own; no set
of those is known.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
from pathlib import Path
from typing import Any

import orjson

from factcheck.assemble import Assembly
from factcheck.config import load_settings
from factcheck.extract.stated import is_stated
from factcheck.text.sentences import split_sentences
from factcheck.types import Draft, Span


def main() -> int:
    """Run, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("outputs", type=Path, nargs="+")
    parser.add_argument("--texts", type=int, default=6, help="of each file")
    parser.add_argument("--facts", type=int, default=10, help="of each text")
    parser.add_argument("--model", default="embedded", help="reader")
    args = parser.parse_args()
    parts = Assembly(load_settings(overrides={"models.entailment": args.model}), index=None, graph=None)
    chance = random.Random(1)  # noqa: S311 - the same draw every time
    kept = own = wrong = other = 0
    for path in args.outputs:
        with gzip.open(path, "rb") as stream:
            rows = [row for row in map(orjson.loads, stream) if row["annotations"]]
        for row in rows[: args.texts]:
            draft = Draft(text=row["output"], question=row["input"].removeprefix("Question: "))
            sentences = split_sentences(draft.text)
            for fact, place in _facts(row)[: args.facts]:
                own += 1
                kept += is_stated(parts.entailment, draft, sentences, fact, place)
                stranger = chance.choice(rows)
                facts = _facts(stranger)
                if stranger is not row and facts:
                    other += 1
                    wrong += is_stated(parts.entailment, draft, sentences, chance.choice(facts)[0], place)
    print(f"own facts kept: {kept / own:.1%} ({kept} of {own})")
    print(f"facts of other texts kept: {wrong / other:.1%} ({wrong} of {other})")
    return 0


def _facts(row: dict[str, Any]) -> list[tuple[str, Span]]:
    found = []
    for annotation in row["annotations"]:
        at = row["output"].find(annotation["text"][:40])
        if at >= 0:
            place = Span(start=at, end=min(len(row["output"]), at + len(annotation["text"])))
            found += [(fact["text"], place) for fact in annotation.get("model-atomic-facts") or ()]
    return found


if __name__ == "__main__":
    sys.exit(main())
