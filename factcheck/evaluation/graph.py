"""Figures of the graph checker on labelled statements: macro-F1, and how often each rule that decided was right."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, field
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
            **_figures(chosen, _judge(chosen, checkers, progress), resamples, seed),
        }


@dataclass(slots=True)
class _Judged:
    """What was said of the statements.

    Attributes:
        said: the verdict of each.
        rules: how often a rule spoke for a verdict, by whether the verdict was right.
        kinds: how many statements of a kind, by the same.
        errors: the statements that were judged wrong, as JSON values.
        seconds: of wall time.
    """

    said: list[Label] = field(default_factory=list)
    rules: Counter[tuple[str, bool]] = field(default_factory=Counter)
    kinds: Counter[tuple[str, bool]] = field(default_factory=Counter)
    errors: list[dict[str, str]] = field(default_factory=list)
    seconds: float = 0.0


def _judge(
    statements: Sequence[Statement], checkers: Sequence[Checker], progress: Callable[[str], None] | None
) -> _Judged:
    judged = _Judged()
    start = time.perf_counter()
    for number, statement in enumerate(statements):
        claim = Claim(id="1", text=statement.text, span=Span(start=0, end=len(statement.text)))
        results = [checker.check([Case(claim=claim)])[0] for checker in checkers]
        evidence = {one.id: one for result in results for one in result.evidence}
        judgements = [judgement for result in results for judgement in result.judgements]
        verdict = decide(Case(claim=claim, evidence=tuple(evidence.values())), judgements)
        right = verdict.label is statement.label
        judged.said.append(verdict.label)
        judged.kinds[statement.kind, right] += 1
        for rule in rules_behind(judgements, verdict.label):
            judged.rules[rule, right] += 1
        if not right:
            judged.errors.append(
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
    judged.seconds = time.perf_counter() - start
    return judged


def _figures(statements: Sequence[Statement], judged: _Judged, resamples: int, seed: int) -> dict[str, Any]:
    gold = np.array([LABELS.index(s.label) for s in statements], dtype=np.int64)
    answers = np.array([_SAID.index(label) for label in judged.said], dtype=np.int64)
    table = confusion(gold, answers, classes=3, columns=4)
    tables = confusion(gold, answers, classes=3, columns=4, weights=draw(range(len(gold)), resamples, seed))
    figures: dict[str, Any] = {
        "statements": len(statements),
        "milliseconds": round(1000 * judged.seconds / len(gold), 3),
    }
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
    figures["rules"] = _shares(judged.rules, "verdicts")
    figures["kinds"] = _shares(judged.kinds, "statements")
    figures["errors"] = judged.errors
    return figures


def _shares(counted: Counter[tuple[str, bool]], of: str) -> dict[str, dict[str, int]]:
    """Return for each name how many there are, and how many of them are right."""
    return {
        name: {of: counted[name, True] + counted[name, False], "right": counted[name, True]}
        for name in sorted({name for name, _ in counted})
    }


_ENDS = ("value", "low", "high")


def rules_behind(judgements: Iterable[Judgement], said: Label) -> set[str]:
    """Return the rules that speak for the verdict."""
    return {f"{said.value.lower()}:{j.rule.value}" for j in judgements if j.stance is _STANCES.get(said)}


def _number(value: float) -> float | None:
    return None if value != value else round(value, 4)  # NaN alone differs from itself
