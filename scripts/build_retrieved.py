"""Build labelled rows whose evidence is what a search finds: the setting that users are in.

    python scripts/build_retrieved.py BEIR_FOLDER PAIRS.jsonl.gz --work DIR --out ROWS.jsonl.gz

A claim of PAIRS that is a query of the folder gives two rows at most. One has the first passages that the index finds,
and the label of the pair, if a judged passage is among them. The other has the first passages that are left when the
judged ones, and near copies of them, are taken out, and is NOT_ENOUGH_INFO. Same inputs, same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import orjson

from factcheck.assemble import Assembly
from factcheck.config import load_settings
from factcheck.errors import FactCheckError
from factcheck.evaluation.pairs import Half, read_set
from factcheck.evaluation.retrieval import QuerySet, open_set, read_rows
from factcheck.text.tokens import tokenize
from factcheck.train.rows import PairLabel

_COPY = 0.6  # share of a judged passage's tokens; a passage that holds more of them may settle the claim too
_LABELS = (PairLabel.SUPPORTS, PairLabel.REFUTES, PairLabel.NOT_ENOUGH_INFO, PairLabel.NOT_SUPPORTED)


def rows_of(found: QuerySet, texts: dict[str, str], gold: dict[str, int], count: int) -> Iterator[dict[str, object]]:
    """Yield the rows of every query that is a labelled claim."""
    ranked = found.fused(load_settings().retrieve)
    for query, claim in found.queries.items():
        if claim not in gold:
            continue
        judged = found.relevant[query]
        first = ranked[query][:count]
        if any(document in judged for document in first):
            yield row(claim, [texts[document] for document in first], _LABELS[gold[claim]])
        known = [frozenset(tokenize(texts[document])) for document in judged]
        others = [
            document for document in ranked[query] if document not in judged and not is_copy(texts[document], known)
        ]
        if len(others) >= count:
            yield row(claim, [texts[document] for document in others[:count]], PairLabel.NOT_ENOUGH_INFO)


def is_copy(text: str, known: Sequence[Collection[str]]) -> bool:
    """Say whether a text holds most of a judged one."""
    tokens = frozenset(tokenize(text))
    return any(len(tokens & frozenset(one)) > _COPY * len(one) for one in known)


def row(claim: str, evidence: list[str], label: PairLabel) -> dict[str, object]:
    """Return a row as `factcheck score` and `factcheck eval pairs` read it."""
    return {"claim": claim, "evidence": evidence, "label": label.value}


def main() -> int:
    """Search, build, write, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="corpus.jsonl.gz, queries.jsonl.gz, qrels.tsv")
    parser.add_argument("pairs", type=Path, help="labelled claims, of which some are queries of the folder")
    parser.add_argument("--work", type=Path, required=True, help="where the index is built and kept")
    parser.add_argument("--passages", type=int, default=5)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        settings = load_settings()
        gold = {pair.claim: pair.gold for pair in read_set(arguments.pairs, Half.ALL).rows}
        encoder = Assembly(settings, index=None, graph=None).encoder
        found = open_set(arguments.folder, arguments.work, encoder, half=Half.ALL, progress=tell)
        texts = {
            r["_id"]: f"{r.get('title') or ''}. {r['text']}".removeprefix(". ")
            for r in read_rows(arguments.folder / "corpus.jsonl.gz")
        }
        rows = list(rows_of(found, texts, gold, arguments.passages))
    except FactCheckError as error:
        print(error, file=sys.stderr)
        return 1
    arguments.out.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in rows))
    counts = {label.value: sum(one["label"] == label.value for one in rows) for label in _LABELS}
    print(f"{len(rows)} rows: {counts}")
    return 0


def tell(line: str) -> None:
    """Show progress on a terminal."""
    if sys.stderr.isatty():
        print(f"\r{line}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
