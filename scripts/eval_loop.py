"""Run the loop on texts that other models wrote, and compare with what people said of them.

    python scripts/eval_loop.py OUTPUTS/factcheck_gpt_a.jsonl.gz OUTPUTS/factscore_*_a.jsonl.gz
        [--half odd|even|all] [--limit N] [--model SPEC] [--writer SPEC --base-url URL] [--json FILE] [--show N]
        [--rewrites FILE]

The texts are the first round; the evidence is what people wrote or marked, and nothing else.

* factcheck-gpt: evidence of a text is what annotators found for its claims, and the snippets that they marked as
  bearing on a claim. A claim alone is put through the loop with its own evidence: is a false one refuted, does the
  loop's text say what the annotator's `revised_claim` says? Then whole answers: is a sentence with a false claim
  refuted and changed, does one without stay to the byte?
* FActScore: people split biographies by three models into facts and said which are supported. A text is judged by the
  supported facts of the *other* models' texts on the same person; its own are left out.

A claim counts as corrected if the loop's text has the tokens that the annotator put in and none of those that the
annotator took out; as exact if all tokens are the annotator's, in order. Nothing here is tuned; `--half` is for whoever
does. Halves are made by the second bit of the prompt's SHA-1. Each share comes with its count, and there is no judge
but tokens; `--rewrites` writes every edit of every round beside the evidence that it rests on, for a person who judges.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from factcheck import FactChecker
from factcheck.config import load_settings
from factcheck.reflect import preservation
from factcheck.text.tokens import tokenize
from factcheck.types import CheckedClaim, Document, Label, Report, Span, Stance

_LINK = re.compile(r"^\s*(?:Link|Source|URL)?\s*:?\s*https?://\S+\s*$|\bLink: *\S+", re.MULTILINE)
_BEARING = frozenset({"support", "completely-support", "partially-support", "refute"})
_EMPTY = frozenset({"", "na", "n/a", "none", "nan"})
_LITTLE = frozenset("the a an of in on at to by and or is are was were be been it its that this as for with".split())


@dataclass
class Tally:
    """Counts by name, and what they cost."""

    counts: Counter[str] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    kept: list[float] = field(default_factory=list)
    seconds: float = 0.0
    tokens: int = 0
    shown: list[str] = field(default_factory=list)
    rewrites: list[str] = field(default_factory=list)

    def share(self, part: str, whole: str) -> str:
        """Return a share with its counts."""
        n, of = self.counts[part], self.counts[whole]
        return f"{n / of:.1%} ({n} of {of})" if of else "none"


def main() -> int:
    """Run, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("outputs", type=Path, nargs="+", help="factcheck_gpt*.jsonl.gz, factscore_*.jsonl.gz")
    parser.add_argument("--half", choices=("odd", "even", "all"), default="all")
    parser.add_argument("--limit", type=int, help="rows of each file")
    parser.add_argument("--model", help="reader: 'embedded', a folder, or hf:NAME")
    parser.add_argument("--writer", help="openai:MODEL, hf:NAME or a folder; edits unless given")
    parser.add_argument("--base-url")
    parser.add_argument("--json", type=Path, help="also write the counts")
    parser.add_argument("--show", type=int, default=0, help="print so many claims with what became of them")
    parser.add_argument("--rewrites", type=Path, help="write all rewrites to a text file, to be read")
    args = parser.parse_args()
    checker = FactChecker.open(
        reader=args.model, writer=args.writer, base_url=args.base_url, settings=load_settings(), index=None
    )
    gpt = [path for path in args.outputs if "factscore" not in path.name]
    scored = [path for path in args.outputs if "factscore" in path.name]
    results: dict[str, Tally] = {}
    for path in gpt:
        rows = list(_rows(path, args.half, args.limit))
        results[f"{path.name}: single claims"] = claims_alone(rows, checker, args.show)
        results[f"{path.name}: whole answers"] = whole_answers(rows, checker)
    for path in scored:
        others = [other for other in scored if other != path]
        known = _supported(others)
        results[f"{path.name}"] = biographies(list(_rows(path, args.half, args.limit)), known, checker)
    for name, tally in results.items():
        print(f"\n== {name}")
        for line in _told(tally):
            print(f"  {line}")
    if args.json is not None:
        args.json.write_bytes(orjson.dumps({name: dict(tally.counts) for name, tally in results.items()}))
    if args.rewrites is not None:
        read = [f"== {name}\n\n" + "\n".join(tally.rewrites) for name, tally in results.items()]
        args.rewrites.write_text("\n\n".join(read) + "\n", encoding="utf-8")
    checker.close()
    return 0


# -------------------------------------------------------------------------------------------------------- factcheck-gpt


def claims_alone(rows: Sequence[Mapping[str, Any]], checker: FactChecker, show: int) -> Tally:
    """Put each annotated claim through the loop with the evidence that was found for it."""
    tally = Tally()
    for row in rows:
        for sentence in row["sentences"].values():
            for number, claim in enumerate(sentence["claims"]):
                evidence = _evidence(sentence, number)
                label = _at(sentence["claims_factuality_label"], number)
                if label not in (True, False) or _at(sentence["claim_checkworthiness"], number) != "factual":
                    continue
                if not evidence:
                    tally.counts["without evidence"] += 1
                    continue
                report = _revised(checker, claim, evidence, row["prompt"], tally)
                first = _rounds(report)[0].report
                truth = "true" if label else "false"
                tally.counts[truth] += 1
                for verdict in (Label.REFUTED, Label.SUPPORTED, Label.CONFLICTING):
                    if any(isinstance(c, CheckedClaim) and c.verdict.label is verdict for c in first.claims):
                        tally.counts[f"{truth} {verdict.value}"] += 1
                if not first.claims:
                    tally.counts[f"{truth} no claim"] += 1
                wanted = _at(sentence["revised_claims"], number) or ""
                _count_correction(tally, truth, claim, report, wanted)
                if len(tally.shown) < show:
                    labels = [c.verdict.label.value if isinstance(c, CheckedClaim) else "FAILED" for c in first.claims]
                    said = f"{truth} {labels} {claim!r} -> {report.text!r}; wanted {wanted!r}"
                    tally.shown.append(said)
        _progress(row)
    return tally


def _count_correction(tally: Tally, truth: str, claim: str, report: Report, wanted: str) -> None:
    changed = report.text != claim
    tally.counts[f"{truth} changed"] += changed
    if truth == "true":
        tally.counts["true untouched"] += not changed
        return
    refuted = any(
        isinstance(c, CheckedClaim) and c.verdict.label is Label.REFUTED for c in _rounds(report)[0].report.claims
    )
    before, after, gold = tokenize(claim), tokenize(report.text), tokenize(wanted)
    if gold == before:
        return
    tally.counts["false with a correction"] += 1
    added = set(gold) - set(before) - _LITTLE
    taken = set(before) - set(gold) - _LITTLE
    right = changed and added <= set(after) and not taken & set(after)
    tally.counts["corrected"] += right
    tally.counts["exact"] += after == gold
    if refuted:
        tally.counts["refuted with a correction"] += 1
        tally.counts["refuted and corrected"] += right
        tally.counts["refuted and taken out"] += not report.text.strip()
    small = len(added) <= 3 and len(taken) <= 3
    if small:
        tally.counts["small correction"] += 1
        tally.counts["small corrected"] += right


def whole_answers(rows: Sequence[Mapping[str, Any]], checker: FactChecker) -> Tally:
    """Put whole answers through the loop with all evidence that was found for them."""
    tally = Tally()
    for row in rows:
        text = row["response"]
        evidence = [
            document
            for sentence in row["sentences"].values()
            for number in range(len(sentence["claims"]))
            for document in _evidence(sentence, number)
        ]
        if not evidence:
            tally.counts["answers without evidence"] += 1
            continue
        report = _revised(checker, text, evidence, row["prompt"], tally)
        tally.counts["answers"] += 1
        tally.counts["answers rewritten"] += report.text != text
        tally.kept.append(preservation(text, report.text))
        for sentence in row["sentences"].values():
            _count_sentence(tally, sentence, text, report)
        _progress(row)
    return tally


def _count_sentence(tally: Tally, sentence: Mapping[str, Any], text: str, report: Report) -> None:
    stated = sentence["text"].strip()
    start = text.find(stated)
    labels = [x for x in sentence["claims_factuality_label"] if x in (True, False)]
    if start < 0 or not labels:
        return
    span = Span(start=start, end=start + len(stated))
    first = [c for c in _rounds(report)[0].report.claims if isinstance(c, CheckedClaim) and c.claim.span.overlaps(span)]
    refuted = any(c.verdict.label is Label.REFUTED for c in first)
    kind = "sound" if all(labels) else "false"
    tally.counts[f"{kind} sentences"] += 1
    tally.counts[f"{kind} sentences refuted"] += refuted
    tally.counts[f"{kind} sentences untouched"] += stated in report.text
    tally.counts[f"{kind} sentences refuted and changed"] += refuted and stated not in report.text


def _evidence(sentence: Mapping[str, Any], number: int) -> list[Document]:
    """Return what a person wrote down for a claim, and the snippets that a person marked as bearing on it."""
    found = []
    human = _LINK.sub("", str(_at(sentence["human_evidence"], number) or "")).strip()
    if human.casefold() not in _EMPTY:
        found.append(human)
    snippets = _at(sentence["auto_evidence"], number)
    stances = _at(sentence["stance_claim_autoEvid"], number)
    if isinstance(snippets, list) and isinstance(stances, list):
        found += [s for s, stance in zip(snippets, stances, strict=False) if stance in _BEARING and str(s).strip()]
    return [
        Document(id=hashlib.sha256(text.encode()).hexdigest()[:12], text=text, source=f"annotation {place}")
        for place, text in enumerate(dict.fromkeys(found))
    ]


# ------------------------------------------------------------------------------------------------------------ FActScore


def biographies(
    rows: Sequence[Mapping[str, Any]], known: Mapping[str, list[tuple[str, str]]], checker: FactChecker
) -> Tally:
    """Put biographies through the loop with what people confirmed of other models' texts on the same person."""
    tally = Tally()
    for row in rows:
        facts = known.get(row["topic"], [])
        if not row["annotations"] or not facts:
            tally.counts["texts left out"] += 1
            continue
        by_model: dict[str, list[str]] = defaultdict(list)
        for model, fact in facts:
            by_model[model].append(fact)
        evidence = [
            Document(id=f"{model}-{row['topic']}", title=row["topic"], text="\n".join(facts_of), source=model)
            for model, facts_of in by_model.items()
        ]
        text = row["output"]
        report = _revised(checker, text, evidence, row["input"].removeprefix("Question: "), tally)
        tally.counts["texts"] += 1
        tally.counts["texts rewritten"] += report.text != text
        tally.kept.append(preservation(text, report.text))
        first = [c for c in _rounds(report)[0].report.claims if isinstance(c, CheckedClaim)]
        for annotation in row["annotations"]:
            labels = {fact["label"] for fact in annotation.get("human-atomic-facts") or ()}
            stated = annotation["text"].strip()
            start = text.find(stated)
            if start < 0 or not labels & {"S", "NS"}:
                continue
            span = Span(start=start, end=start + len(stated))
            refuted = any(c.verdict.label is Label.REFUTED and c.claim.span.overlaps(span) for c in first)
            kind = "false" if "NS" in labels else "sound"
            tally.counts[f"{kind} sentences"] += 1
            tally.counts[f"{kind} sentences refuted"] += refuted
            tally.counts[f"{kind} sentences untouched"] += stated in report.text
            tally.counts[f"{kind} sentences refuted and changed"] += refuted and stated not in report.text
        _progress(row)
    return tally


def _supported(paths: Sequence[Path]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in paths:
        for row in _rows(path, "all", None):
            for annotation in row["annotations"] or ():
                for fact in annotation.get("human-atomic-facts") or ():
                    if fact["label"] == "S":
                        found[row["topic"]].append((path.name.split("_")[1], fact["text"]))
    return found


# --------------------------------------------------------------------------------------------------------------- common


def _revised(checker: FactChecker, text: str, evidence: Sequence[Document], question: str, tally: Tally) -> Report:
    start = time.perf_counter()
    report = checker.revise(text, context=list(evidence), question=question)
    tally.seconds += time.perf_counter() - start
    tally.tokens += sum(exchange.tokens for exchange in report.all_exchanges)
    tally.counts["runs"] += 1
    tally.counts["failed claims"] += _rounds(report)[0].report.summary.failed
    if report.revision is not None:
        tally.stops[report.revision.stop_reason.value] += 1
    tally.rewrites.extend(_readable(report, question))
    return report


def _readable(report: Report, question: str) -> Iterator[str]:
    """Yield one block for each round that rewrites: each edit with its sentence, its claim and what it rests on."""
    before = _rounds(report)[0]
    for number, after in enumerate(_rounds(report)[1:], 1):
        outcome = "ACCEPTED" if after.accepted else f"refused: {after.reason}"
        lines = [f"--- round {number}, {outcome}; asked: {' '.join(question.split())[:100]}"]
        claims = {c.claim.id: c for c in before.report.claims if isinstance(c, CheckedClaim)}
        for edit in after.edits:
            text, span = before.draft.text, edit.span
            left, right = text[max(0, span.start - 80) : span.start], text[span.end : span.end + 80]
            lines.append(f"edit: …{left}[-{span.of(text)}-]{{+{edit.replacement}+}}{right}…".replace("\n", " / "))
            checked = claims.get(edit.claim_id)
            if checked is None:
                continue
            lines.append(f"  claim: {checked.claim.text} ({checked.verdict.confidence:.2f})")
            for judgement in checked.verdict.judgements:
                if judgement.stance is Stance.REFUTES:
                    sure = judgement.probabilities.refuted
                    lines.append(f"  {judgement.rule.value} {sure:.2f}: {judgement.reason}")
        yield "\n".join(lines) + "\n"
        before = after if after.accepted else before


def _rounds(report: Report) -> tuple[Any, ...]:
    if report.revision is None:
        raise RuntimeError("a revision without rounds")
    return report.revision.rounds


def _told(tally: Tally) -> Iterator[str]:
    c = tally.counts
    if c["true"] or c["false"]:
        yield f"false claims refuted: {tally.share('false REFUTED', 'false')}"
        yield f"true claims refuted (wrongly): {tally.share('true REFUTED', 'true')}"
        yield f"true claims supported: {tally.share('true SUPPORTED', 'true')}"
        yield f"false claims supported (wrongly): {tally.share('false SUPPORTED', 'false')}"
        yield f"of refuted false claims, corrected as the annotator did: {_of(tally, 'refuted and corrected')}"
        yield f"  taken out instead: {tally.share('refuted and taken out', 'refuted with a correction')}"
        yield f"of all false claims, corrected: {tally.share('corrected', 'false with a correction')}"
        yield f"  token for token: {tally.share('exact', 'false with a correction')}"
        yield f"  where the annotator changed at most three words: {tally.share('small corrected', 'small correction')}"
        yield f"true claims untouched to the byte: {tally.share('true untouched', 'true')}"
    if c["sound sentences"] or c["false sentences"]:
        yield f"sentences with a false claim refuted: {tally.share('false sentences refuted', 'false sentences')}"
        changed = tally.share("false sentences refuted and changed", "false sentences refuted")
        yield f"  of those changed in the result: {changed}"
        yield f"sound sentences refuted (wrongly): {tally.share('sound sentences refuted', 'sound sentences')}"
        yield f"sound sentences untouched to the byte: {tally.share('sound sentences untouched', 'sound sentences')}"
    if tally.kept:
        yield f"tokens kept: {sum(tally.kept) / len(tally.kept):.3f} on average, {min(tally.kept):.3f} at least"
    yield f"stop reasons: {dict(tally.stops)}; failed claims: {c['failed claims']}"
    runs = max(c["runs"], 1)
    yield f"{c['runs']} runs, {tally.seconds / runs:.2f} s and {tally.tokens / runs:.0f} writer tokens each"
    yield from tally.shown


def _of(tally: Tally, name: str) -> str:
    return tally.share(name, "refuted with a correction")


def _rows(path: Path, half: str, limit: int | None) -> Iterator[Mapping[str, Any]]:
    with gzip.open(path, "rb") as stream:
        rows = [orjson.loads(line) for line in stream]
    kept = [row for row in rows if half == "all" or _is_odd(row.get("prompt") or row["input"]) is (half == "odd")]
    yield from kept[:limit]


def _is_odd(text: str) -> bool:
    # The lowest bit says which rows stand in a file at all; the one above it halves them.
    return (int(hashlib.sha1(text.encode("utf-8"), usedforsecurity=False).hexdigest(), 16) >> 1) % 2 == 1


def _at(values: Any, number: int) -> Any:
    return values[number] if isinstance(values, list) and number < len(values) else None


def _progress(row: Mapping[str, Any]) -> None:
    print(".", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
