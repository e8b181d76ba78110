"""Build the training mixture of the verifier from public pairs. Same inputs and seed, same bytes.

python scripts/build_pairs.py PAIRS.jsonl.gz --fields FACTBOOK.jsonl.gz --out mixture.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import orjson

from factcheck.errors import FactCheckError, InputError
from factcheck.train.fields import Field
from factcheck.train.pairs import LICENCES, MixtureOptions, build_mixture, first_stage
from factcheck.train.rows import PairRow, read_rows, write_rows


def _fields(path: Path | None) -> list[Field]:
    if path is None:
        return []
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        rows = [orjson.loads(line) for line in stream]
    return [Field(title=row["title"], section=row["section"], text=row["text"]) for row in rows]


def development_rows(path: Path) -> list[PairRow]:
    """Rows of a licensed development set that may be trained on: three quarters of the half that is never reported.

    A claim is taken if the SHA-1's last bit is 0 and the next two are not both 0; the fourth quarter is for tuning.
    """
    name = "dev_" + path.name.partition(".")[0]
    if name not in LICENCES:
        raise InputError("no licence to train on this set is known", where=path)
    with gzip.open(path, "rb") as stream:
        raw = [orjson.loads(line) for line in stream]
    kept = []
    for row, data in zip(read_rows(path), raw, strict=True):
        bits = hashlib.sha1(row.claim.encode("utf-8", "replace"), usedforsecurity=False).digest()[-1]
        if bits & 1 == 0 and bits & 6:
            short = "question" in data and len(row.claim.split()) <= 6
            kept.append(replace(row, claim=f"{data['question']} {row.claim}" if short else row.claim, dataset=name))
    return kept


def main() -> int:
    """Read, build, write and print what was built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path, help="rows {claim, evidence, label, dataset}, JSONL or JSONL.gz")
    parser.add_argument("--fields", type=Path, help="passages {title, section, text} whose text is a bare value")
    parser.add_argument("--out", type=Path, required=True, help="file to write, JSONL or JSONL.gz")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every count (default 1.0)")
    parser.add_argument("--published", type=float, default=1.0, help="multiplies public rows as they are once more")
    parser.add_argument("--longest", type=int, metavar="WORDS", help="leave rows with longer evidence out")
    parser.add_argument("--first", type=Path, help="also write the rows of the first stage: short, from public sets")
    parser.add_argument("--development", type=Path, action="append", default=[], help="licensed set to take rows of")
    parser.add_argument("--repeat", type=int, default=1, help="times that rows of licensed sets are written")
    arguments = parser.parse_args()
    try:
        options = MixtureOptions(
            seed=arguments.seed, scale=arguments.scale, published=arguments.published, longest=arguments.longest
        )
        mixture = build_mixture(read_rows(arguments.pairs), options, _fields(arguments.fields))
        licensed = [row for path in arguments.development for row in development_rows(path)]
        mixture.rows.extend(licensed * arguments.repeat)
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    count = write_rows(mixture.rows, arguments.out)
    if arguments.first is not None:
        write_rows(first_stage(mixture.rows), arguments.first)
    print(json.dumps({"rows": count, "left_out": mixture.left_out, "kinds": mixture.counts()}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
