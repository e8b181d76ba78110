"""Rows for proofs, and a `verify` that judges them by numbers alone, so that a process starts in a moment.

Everything but the models is real: the command, the extractor, contexts as evidence, the ledger, the writers.

    python scripts/proofs/rows.py verify IN --out OUT …
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson

from factcheck import models
from factcheck.batch.engine import Engine, LocalEngine
from factcheck.batch.road import Road
from factcheck.cli import session
from factcheck.cli.main import run
from factcheck.extract.rules import RuleExtractor
from factcheck.index.documents import SourceDocument
from factcheck.index.passages import PassageSettings, cut
from factcheck.models import load_encoder
from factcheck.pipeline import Pipeline
from factcheck.protocols import Retriever
from factcheck.retrieve.context import ContextRetriever
from factcheck.types import Document
from factcheck.verify.quantities import QuantityChecker
from proofs.corpora import HashEncoder

_THINGS = ("tower", "bridge", "lake", "tunnel", "dam", "road", "canal", "wall", "mast", "pier")
_NAMES = ("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan", "Yew")


def write_rows(path: Path, count: int, *, short: bool = False) -> list[str]:
    """Write rows with contexts, a third of them false, some of them rejects.

    Args:
        path: of the input.
        count: good rows.
        short: one claim and one context each, not two.

    Returns:
        The ids of the good rows, in order.
    """
    ids = []
    with path.open("wb") as file:
        for number in range(count):
            thing = f"The {_NAMES[number % 12]} {_THINGS[number % 10]} number {number}"
            true = 100 + number % 997
            told = true if number % 3 else true + 11
            claims = [f"{thing} is {told} metres long.", f"It was opened in {1900 + number % 100}."]
            contexts = [f"{thing} is {true} metres long.", f"{thing} was opened in {1900 + number % 90}."]
            most = 1 if short else 2
            row = {"id": f"row-{number}", "response": " ".join(claims[:most]), "contexts": contexts[:most]}
            if number % 500 == 250:
                file.write(b'{"id": "broken", "text": \n')
            file.write(orjson.dumps(row) + b"\n")
            ids.append(str(row["id"]))
    return ids


class NumbersWiring:
    """The road of rows with contexts, judged by comparing numbers and dates."""

    def pipeline(self) -> Pipeline:
        """Without evidence: the rows here all bring theirs."""
        return self.context_pipeline()

    def context_pipeline(self, *, add_index: bool = False) -> Pipeline:
        """Numbers alone."""
        return Pipeline(
            extractor=RuleExtractor(),
            retriever=ContextRetriever((), load_encoder),
            checkers=(QuantityChecker(),),
            k=5,
            provenance={"checkers": ["quantities"]},
        )

    def context_retriever(self, context: Sequence[Document], *, add_index: bool = False) -> Retriever:
        """The texts of the row."""
        passages = [p for document in context for p in cut(SourceDocument(document=document), PassageSettings())]
        return ContextRetriever(passages, load_encoder)


def open_road(args: argparse.Namespace) -> tuple[Road, Engine]:
    """Stand in for the session's."""
    road = Road(NumbersWiring(), add_index=args.add_index)
    return road, LocalEngine(road)


def _load_encoder(spec: str = "embedded", threads: int = 0) -> HashEncoder:
    """Stand in for the models'."""
    return HashEncoder()


def main(arguments: list[str]) -> int:
    """Run the command on this wiring."""
    session.open_road = open_road
    models.load_encoder = _load_encoder
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
