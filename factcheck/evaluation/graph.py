"""Figures of the graph checker on labelled statements: macro-F1, and how often each rule that decided was right."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np

from factcheck.decide import decide
from factcheck.errors import InputError
from factcheck.evaluation.labelled import Statement, digest
from factcheck.evaluation.pairs import Half
from factcheck.evaluation.statements import GraphSet, read
from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.store import build_graph
from factcheck.metrics.labels import accuracy, confusion, f1, macro_f1, precision, recall
from factcheck.metrics.resampling import draw, interval
from factcheck.protocols import Checker, Encoder
from factcheck.types import Case, Claim, Judgement, Label, Span, Stance
from factcheck.verify.facts import GraphChecker
from factcheck.verify.logic import LogicChecker
from factcheck.verify.quantities import QuantityChecker

LABELS = (Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_INFO)
_SAID = (*LABELS, Label.CONFLICTING)
_STANCES = {Label.SUPPORTED: Stance.SUPPORTS, Label.REFUTED: Stance.REFUTES}


def measure_graph(
    name: GraphSet,
    path: Path,
    *,
    half: Half = Half.ODD,
    limit: int | None = None,
    trust_derived: bool = True,
    encoder: Encoder | None = None,
    resamples: int = 1000,
    seed: int = 7,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Build the set's graph, check the statements of one half, and count.

    Args:
        name: of the set.
        path: of its file.
        half: of the statements, by the SHA-1 of their text. The rules were written looking at the even half.
        limit: so many statements of the half, chosen by SHA-1; all of them unless given.
        trust_derived: whether characteristics that were read off the data may refute.
        encoder: compares words with properties where no phrase of a property is said.
        resamples: of the statements.
        seed: of the resamples.
        progress: told what is being done.

    Returns:
        The figures as JSON values; `errors` holds every statement that was judged wrong.
    """
    text, statements = read(name, path)
    chosen = [s for s in statements if half is Half.ALL or (digest(s.text) % 2 == 1) == (half is Half.ODD)]
    if limit is not None:
        chosen = sorted(chosen, key=lambda s: digest("chosen", s.text))[:limit]
    if not chosen:
        raise InputError(f"holds no statement of the {half} half", where=path)
    with tempfile.TemporaryDirectory(prefix="factcheck-eval-") as folder:
        source = Path(folder) / f"facts{name.suffix}"
        source.write_text(text, encoding="utf-8")
        build_graph([source], Path(folder) / "graph")
        reader = LocalGraphReader.open(Path(folder) / "graph", None if encoder is None else lambda: encoder)
        graph = GraphChecker(reader, trust_derived=trust_derived)
        checkers = (graph, LogicChecker((graph, QuantityChecker()), reader))
        return {
            "set": name.value,
            "half": half.value,
            "trust_derived": trust_derived,
            "encoder": None if encoder is None else encoder.name,
            **_check(chosen, checkers, resamples, seed, progress),
        }


def _check(
    statements: Sequence[Statement],
    checkers: Sequence[Checker],
    resamples: int,
    seed: int,
    progress: Callable[[str], None] | None,
) -> dict[str, Any]:
    said: list[Label] = []
    rules: Counter[tuple[str, bool]] = Counter()
    kinds: Counter[tuple[str, bool]] = Counter()
    errors = []
    start = time.perf_counter()
    for number, statement in enumerate(statements):
        claim = Claim(id="1", text=statement.text, span=Span(start=0, end=len(statement.text)))
        results = [checker.check([Case(claim=claim)])[0] for checker in checkers]
        evidence = {one.id: one for result in results for one in result.evidence}
        judgements = [judgement for result in results for judgement in result.judgements]
        verdict = decide(Case(claim=claim, evidence=tuple(evidence.values())), judgements)
        said.append(verdict.label)
        right = verdict.label is statement.label
        kinds[statement.kind, right] += 1
        for rule in rules_behind(judgements, verdict.label):
            rules[rule, right] += 1
        if not right:
            errors.append(
                {
                    "text": statement.text,
                    "kind": statement.kind,
                    "is": statement.label.value,
                    "said": verdict.label.value,
                    "reason": verdict.reason,
                }
            )
        if progress is not None and number % 200 == 0:
            progress(f"{number:,} of {len(statements):,} statements")
    seconds = time.perf_counter() - start
    gold = np.array([LABELS.index(s.label) for s in statements], dtype=np.int64)
    answers = np.array([_SAID.index(label) for label in said], dtype=np.int64)
    table = confusion(gold, answers, classes=3, columns=4)
    tables = confusion(gold, answers, classes=3, columns=4, weights=draw(range(len(gold)), resamples, seed))
    figures: dict[str, Any] = {"statements": len(statements), "milliseconds": round(1000 * seconds / len(gold), 3)}
    for figure in (macro_f1, accuracy):
        found = interval(float(figure(table)), figure(tables))
        figures[figure.__name__] = {k: round(v, 4) for k, v in zip(_ENDS, astuple(found), strict=True)}
    figures["classes"] = {
        label.value: {
            "statements": int(table[place].sum()),
            **{f.__name__: _number(float(f(table)[place])) for f in (precision, recall, f1)},
        }
        for place, label in enumerate(LABELS)
    }
    figures["confusion"] = {
        label.value: {other.value: int(table[row, column]) for column, other in enumerate(_SAID)}
        for row, label in enumerate(LABELS)
    }
    figures["rules"] = {
        rule: {"verdicts": rules[rule, True] + rules[rule, False], "right": rules[rule, True]}
        for rule in sorted({rule for rule, _ in rules})
    }
    figures["kinds"] = {
        kind: {"statements": kinds[kind, True] + kinds[kind, False], "right": kinds[kind, True]}
        for kind in sorted({kind for kind, _ in kinds})
    }
    figures["errors"] = errors
    return figures


_ENDS = ("value", "low", "high")


def rules_behind(judgements: Iterable[Judgement], said: Label) -> set[str]:
    """Return the rules that speak for the verdict."""
    return {f"{said.value.lower()}:{j.rule.value}" for j in judgements if j.stance is _STANCES.get(said)}


def _number(value: float) -> float | None:
    return None if value != value else round(value, 4)  # NaN alone differs from itself
