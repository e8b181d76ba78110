"""Compare the two halves alone and together: what calculates, what reads, and both, on the same claims and evidence.

    python scripts/eval_together.py KG PAIRS/train.jsonl.gz [--half odd|even] [--limit 300]

KG holds factbench_train.jsonl.gz, webnlg_train.jsonl.gz and countries.json.gz. Where a claim is checked against a
graph, each fact lies, by its SHA-1, in the graph, in prose, or in both (a third each): prose is the fact in words, and
of the facts that rank first for a claim six are its passages. So neither half sees all that is known, as with a corpus
and a graph of one's own. Labels are those of `factcheck eval graph`, which knows all facts. `numbers` are comparisons
of spelled-out numbers without any evidence; `swaps` are supported claims of PAIRS with one number replaced, and their
originals.

    calculating   graph rules, logic, quantities, small words
    reading       the embedded verifier
    together      all of them, as `factcheck.assemble` wires them

All go through the same decision. The sign test compares "together" with the better of the other two, claim by claim.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from eval_checkers import sign_test
from eval_swaps import Row, in_half, original_of
from eval_swaps import read as read_pairs

from factcheck.decide import decide
from factcheck.evaluation.labelled import Statement, digest
from factcheck.evaluation.statements import GraphSet, read
from factcheck.graph.load import read_quads
from factcheck.graph.reader import LocalGraphReader
from factcheck.graph.store import build_graph
from factcheck.graph.vocabulary import is_naming, is_vocabulary
from factcheck.metrics.labels import accuracy, confusion, macro_f1
from factcheck.models import load_encoder, load_entailment
from factcheck.protocols import Checker
from factcheck.retrieve.facts import FactRetriever
from factcheck.scoring import case_of
from factcheck.text.numerals import spell_english
from factcheck.types import Case, Claim, Evidence, Judgement, Label, Rule, Span
from factcheck.verify.entailment import EntailmentChecker
from factcheck.verify.facts import GraphChecker
from factcheck.verify.logic import LogicChecker
from factcheck.verify.passages import PassageChecker
from factcheck.verify.polarity import PolarityChecker
from factcheck.verify.quantities import QuantityChecker

_SAID = (Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_INFO, Label.CONFLICTING)
_FILES = {
    GraphSet.FACTBENCH: "factbench_train.jsonl.gz",
    GraphSet.WEBNLG: "webnlg_train.jsonl.gz",
    GraphSet.CITIES: "countries.json.gz",
    GraphSet.COUNTRIES: "countries.json.gz",
}
_PASSAGES = 6
_SYSTEMS = ("calculating", "reading", "together")


@dataclass(frozen=True, slots=True)
class Question:
    """A claim with the passages that are shown, and its label."""

    case: Case
    label: Label


def place(triple: Sequence[str]) -> int:
    """Return where a fact lies: 0 graph, 1 prose, 2 both."""
    return digest("place", *triple) % 3


def graph_questions(
    name: GraphSet, path: Path, half: str, limit: int, folder: Path
) -> tuple[LocalGraphReader, list[Question]]:
    """Build the graph without what lies in prose alone, and give each statement its passages."""
    text, statements = read(name, path)
    chosen = sorted((s for s in statements if in_half(s.text, half)), key=lambda s: digest("order", s.text))[:limit]
    source = folder / f"facts{name.suffix}"
    source.write_text(text, encoding="utf-8")
    build_graph([source], folder / "all")
    lines = []
    for quad in read_quads(source):
        triple = (str(quad.subject), str(quad.predicate), str(quad.object))
        told = is_vocabulary(quad.predicate.value) or is_naming(quad.predicate.value)
        if told or place(triple) != 1:
            lines.append(" ".join(triple) + " .\n")
    rest = folder / "rest.nt"
    rest.write_text("".join(lines), encoding="utf-8")
    build_graph([rest], folder / "rest")
    encoder = load_encoder("embedded")
    everything = FactRetriever(LocalGraphReader.open(folder / "all", lambda: encoder))
    return LocalGraphReader.open(folder / "rest", lambda: encoder), [_question(s, everything) for s in chosen]


def _question(statement: Statement, everything: FactRetriever) -> Question:
    claim = _claim(statement.text)
    (found,) = everything.retrieve([claim], 4 * _PASSAGES)
    prose = [
        Evidence(id=f"p{number}", text=evidence.text, source="prose")
        for number, evidence in enumerate(found)
        if len(evidence.triples) == 1 and place(_terms(evidence)) != 0
    ]
    return Question(Case(claim=claim, evidence=tuple(prose[:_PASSAGES])), statement.label)


def _terms(evidence: Evidence) -> tuple[str, str, str]:
    triple = evidence.triples[0]
    return triple.subject, triple.predicate, triple.object


def _claim(text: str) -> Claim:
    return Claim(id="c", text=text, span=Span(start=0, end=len(text)))


def number_questions(half: str, limit: int) -> list[Question]:
    """Make comparisons of spelled-out numbers, true and false."""
    chance = random.Random(11)  # noqa: S311
    found: dict[str, Label] = {}
    while len(found) < 3 * limit:
        a, b = chance.randrange(1, 100), chance.randrange(1, 100)
        word = chance.choice(("larger", "smaller"))
        if a != b:
            true = (a > b) is (word == "larger")
            text = f"{spell_english(a).capitalize()} is {word} than {spell_english(b)}."
            found[text] = Label.SUPPORTED if true else Label.REFUTED
    chosen = [text for text in found if in_half(text, half)][:limit]
    return [Question(Case(claim=_claim(text)), found[text]) for text in chosen]


def swap_questions(path: Path, half: str, limit: int) -> list[Question]:
    """Return claims with one number replaced, and the originals of those that have one."""
    supported: dict[str, list[Row]] = {}
    swaps = []
    for row in read_pairs(path):
        if in_half(row.evidence, half):
            if row.label == "SUPPORTS":
                supported.setdefault(row.evidence, []).append(row)
            elif row.dataset == "swap_number":
                swaps.append(row)
    swaps.sort(key=lambda row: digest("order", row.claim))
    return list(_pairs(swaps, supported))[:limit]


def _pairs(swaps: Sequence[Row], supported: dict[str, list[Row]]) -> Iterator[Question]:
    for swap in swaps:
        original = original_of(swap, supported.get(swap.evidence, []))
        if original is not None:
            yield Question(case_of(0, swap.claim, swap.evidence), Label.REFUTED)
            yield Question(case_of(0, original.claim, original.evidence), Label.SUPPORTED)


def measure(questions: Sequence[Question], reader: LocalGraphReader | None, reading: Checker) -> dict[str, object]:
    """Let all checkers judge each claim once, and decide on the judgements of each system."""
    calculating: list[Checker] = [PassageChecker(QuantityChecker()), PassageChecker(PolarityChecker())]
    if reader is None:
        calculating.append(LogicChecker((QuantityChecker(),)))
    else:
        graph = GraphChecker(reader)
        calculating += [graph, LogicChecker((graph, QuantityChecker()), reader)]
    said: dict[str, list[Label]] = {system: [] for system in _SYSTEMS}
    refuted: dict[Rule, list[int]] = {}
    for question in questions:
        results = [checker.check([question.case])[0] for checker in calculating]
        evidence = {e.id: e for e in (*question.case.evidence, *(e for r in results for e in r.evidence))}
        case = Case(claim=question.case.claim, evidence=tuple(evidence.values()))
        symbols = [j for r in results for j in r.judgements]
        words = list(reading.check([question.case])[0].judgements)
        for system, judgements in zip(_SYSTEMS, (symbols, words, words + symbols), strict=True):
            verdict = decide(case, judgements)
            said[system].append(verdict.label)
            if system == "together" and verdict.label is Label.REFUTED:
                counted = refuted.setdefault(_rule(verdict.reason, judgements), [0, 0])
                counted[0] += 1
                counted[1] += question.label is Label.REFUTED
    gold = [q.label for q in questions]
    figures: dict[str, object] = {"claims": len(gold)}
    for system, labels in said.items():
        rows, columns = (np.array([_SAID.index(label) for label in found], dtype=np.int64) for found in (gold, labels))
        table = confusion(rows, columns, classes=3, columns=4)
        figures[system] = {"macro_f1": round(float(macro_f1(table)), 3), "accuracy": round(float(accuracy(table)), 3)}
    right = {system: [a is b for a, b in zip(labels, gold, strict=True)] for system, labels in said.items()}
    best = max(_SYSTEMS[:2], key=lambda system: sum(right[system]))
    wins = sum(a and not b for a, b in zip(right["together"], right[best], strict=True))
    losses = sum(b and not a for a, b in zip(right["together"], right[best], strict=True))
    figures |= {"best_alone": best, "better": wins, "worse": losses, "p": round(sign_test(wins, losses), 4)}
    figures["refuted_by"] = {
        rule.value: f"{right_} of {count}" for rule, (count, right_) in sorted(refuted.items(), key=lambda kv: kv[0])
    }
    return figures


def _rule(reason: str, judgements: Sequence[Judgement]) -> Rule:
    """Return the rule whose judgement gave the verdict's reason."""
    return next((j.rule for j in judgements if j.reason == reason), Rule.ENTAILMENT)


def main() -> None:
    """Parse the command line, compare, print a line of JSON for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kg", type=Path, help="folder of the graph sets")
    parser.add_argument("pairs", type=Path, help="training pairs with rows of dataset swap_number")
    parser.add_argument("--half", choices=("odd", "even"), default="odd", help="which half, by SHA-1")
    parser.add_argument("--limit", type=int, default=300, metavar="N", help="claims of each set, chosen by SHA-1")
    parser.add_argument("--only", action="append", metavar="SET", help="measure this set only; may be repeated")
    arguments = parser.parse_args()
    reading = PassageChecker(EntailmentChecker(load_entailment("embedded")))
    wanted = arguments.only or [*(name.value for name in _FILES), "numbers", "swaps"]
    for name in wanted:
        with tempfile.TemporaryDirectory(prefix="eval-together-") as folder:
            reader = None
            if name == "numbers":
                questions = number_questions(arguments.half, arguments.limit)
            elif name == "swaps":
                questions = swap_questions(arguments.pairs, arguments.half, arguments.limit)
            else:
                path = arguments.kg / _FILES[GraphSet(name)]
                reader, questions = graph_questions(GraphSet(name), path, arguments.half, arguments.limit, Path(folder))
            print(json.dumps({"set": name, "half": arguments.half, **measure(questions, reader, reading)}), flush=True)


if __name__ == "__main__":
    main()
