"""Measure the extractive generator: are questions answered, by what was said, and are unanswerable ones declined?

    python scripts/eval_answers.py --xquad DATA/retrieval/xquad_en --factbook DATA/corpora/factbook.jsonl.gz --work DIR

Sets. XQuAD: questions on paragraphs with gold answers. Factbook: questions made from fields by templates (title and
section ask, the text answers), one index over all countries. `--sample`: facts of the embedded graph, asked by the
property; there it is only counted whether the value is in what is returned. Questions on passages are asked twice: as
they are, and with every passage that answers taken out of what retrieval finds, when the right answer is to decline.

Halves are made by SHA-1: of the paragraph's title for XQuAD, of the country for Factbook. `--fit` learns the weights of
`factcheck/generate/answers.json` on the even half; what is reported is measured on the odd half.

Exact match and F1 are SQuAD's: lower case, without punctuation and articles. "Sentence" counts an answer whose sentence
holds a gold answer and comes from a passage that is marked relevant.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import string
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from factcheck.assemble import Assembly
from factcheck.config import Settings
from factcheck.generate import ExtractiveGenerator
from factcheck.generate.candidates import READ, SIGNALS, Candidate, Weighing, gather, measure, read
from factcheck.generate.extractive import choose
from factcheck.index import Index
from factcheck.protocols import Retriever
from factcheck.types import Claim, Evidence, Fact, Span

BATCH = 40
GOOD = 0.6
"""A part whose F1 with a gold answer is at least this is taught as right."""

TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Geography / Area / total": ("What is the total area of {}?", "How large is {} in total?"),
    "Geography / Area / land": ("What is the land area of {}?",),
    "Geography / Area / water": ("How much of {} is water in square kilometres?",),
    "Geography / Coastline": ("How long is the coastline of {}?", "What is the length of {}'s coastline?"),
    "Geography / Land boundaries / total": ("What is the total length of the land boundaries of {}?",),
    "Geography / Elevation / highest point": ("What is the highest point of {}?",),
    "Geography / Elevation / lowest point": ("What is the lowest point in {}?",),
    "Geography / Location": ("Where is {} located?",),
    "Geography / Climate": ("What is the climate of {} like?",),
    "Geography / Natural resources": ("What natural resources does {} have?",),
    "Geography / Natural hazards": ("Which natural hazards threaten {}?",),
    "Geography / Irrigated land": ("How much irrigated land does {} have?",),
    "People and Society / Population / total": ("What is the population of {}?", "How many people live in {}?"),
    "People and Society / Population growth rate": ("What is the population growth rate of {}?",),
    "People and Society / Median age / total": ("What is the median age in {}?",),
    "People and Society / Birth rate": ("What is the birth rate of {}?",),
    "People and Society / Religions": ("What religions are practised in {}?",),
    "People and Society / Ethnic groups": ("Which ethnic groups live in {}?",),
    "People and Society / Life expectancy at birth / female": ("What is the life expectancy of women in {}?",),
    "People and Society / Total fertility rate": ("What is the total fertility rate in {}?",),
    "Government / Capital / name": ("What is the capital of {}?", "Which city is the capital of {}?"),
    "Government / Government type": ("What type of government does {} have?",),
    "Government / Executive branch / chief of state": ("Who is the chief of state of {}?",),
    "Government / Executive branch / head of government": ("Who is the head of government of {}?",),
    "Government / Independence": ("When did {} become independent?", "When did {} gain its independence?"),
    "Government / National holiday": ("When is the national holiday of {}?",),
    "Government / National anthem(s) / title": ("What is the national anthem of {} called?",),
    "Government / Suffrage": ("At what age can people vote in {}?",),
    "Government / Legislative branch / legislature name": ("What is the legislature of {} called?",),
    "Economy / Industries": ("What are the main industries of {}?",),
    "Economy / Exports - commodities": ("What commodities does {} export?",),
    "Economy / Imports - partners": ("From which countries does {} import?",),
    "Economy / Agricultural products": ("Which agricultural products does {} grow?",),
    "Communications / Internet country code": ("What is the internet country code of {}?",),
    "Transportation / Airports": ("How many airports does {} have?",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question with its gold answers and the documents that hold them."""

    text: str
    answers: tuple[str, ...]
    documents: frozenset[str]
    even: bool
    kind: str


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came out for one set of questions."""

    asked: int = 0
    answered: int = 0
    exact: float = 0.0
    f1: float = 0.0
    sentence: int = 0
    right: int = 0
    found: int = 0
    declined: int = 0
    seconds: float = 0.0

    def row(self) -> dict[str, float | int]:
        """Return the shares."""
        n = max(self.asked, 1)
        return {
            "questions": self.asked,
            "passage_found": round(self.found / n, 4),
            "answered": round(self.answered / n, 4),
            "exact_match": round(self.exact / n, 4),
            "f1": round(self.f1 / n, 4),
            "sentence_returned": round(self.sentence / n, 4),
            "precision_of_sentence": round(self.sentence / max(self.answered, 1), 4),
            "declined_without_the_passage": round(self.declined / n, 4),
            "ms_per_question": round(1000 * self.seconds / n, 1),
        }


class Without:
    """A retriever that never finds some documents."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self.left_out: Mapping[str, frozenset[str]] = {}

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        """Return evidence, save what is left out for the claim's text."""
        result = []
        for claim, found in zip(claims, self._retriever.retrieve(claims, k + 4), strict=True):
            out = self.left_out.get(claim.text, frozenset())
            kept = [e for e in found if e.passage is None or e.passage.document_id not in out]
            result.append(tuple(kept[:k]))
        return result


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--xquad", type=Path, help="folder in BEIR's layout with answers.jsonl.gz")
    parser.add_argument("--factbook", type=Path, help="corpus of fields, JSONL")
    parser.add_argument("--sample", action="store_true", help="ask the embedded sample for facts of its graph")
    parser.add_argument("--work", type=Path, required=True, help="where indexes are built and kept")
    parser.add_argument("--limit", type=int, default=0, help="questions a set and half at most; 0 for all")
    parser.add_argument("--fit", type=Path, help="learn the weights on the even half and write them to this file")
    parser.add_argument("--examples", type=int, default=0, help="print so many answers of each set")
    args = parser.parse_args()
    parts = Assembly(Settings(), index=args.work, graph=None)
    sets: dict[str, tuple[list[Item], Path]] = {}
    if args.xquad is not None:
        sets["xquad_en"] = (list(_xquad(args.xquad)), args.xquad / "corpus.jsonl.gz")
    if args.factbook is not None:
        sets["factbook"] = (list(_factbook(args.factbook)), args.factbook)
    generators = {}
    for name, (_, source) in sets.items():
        place = args.work / name
        if not (place / "CURRENT").is_file():
            Index.build([source], place, parts.encoder)
        mine = Assembly(Settings(), index=place, graph=None)
        retriever = Without(mine.retriever)
        generator = ExtractiveGenerator(
            retriever, mine.entailment, encoder=mine.encoder, k=mine.settings.retrieve.passages
        )
        generators[name] = (generator, retriever)
    weighing = Weighing.load()
    if args.fit is not None:
        weighing = _fit({n: (_limited(i, True, args.limit), *generators[n]) for n, (i, _) in sets.items()})
        _write(args.fit, weighing)
    if args.sample:
        print(json.dumps({"set": "sample graph", **_sample(args.examples)}))
    for name, (items, _) in sets.items():
        generator, retriever = generators[name]
        tally = _measure(_limited(items, False, args.limit), generator, retriever, weighing, args.examples)
        print(json.dumps({"set": name, "half": "odd", **tally.row()}))


def _limited(items: Sequence[Item], even: bool, limit: int) -> list[Item]:
    half = [item for item in items if item.even == even]
    half.sort(key=lambda item: hashlib.sha1(item.text.encode()).digest())  # noqa: S324 - a shuffle, no secret
    return half[:limit] if limit else half


# ---------------------------------------------------------------------------------------------------------------- data


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rb") as file:
        for line in file:
            yield orjson.loads(line)


def _even(key: str) -> bool:
    return hashlib.sha1(key.encode()).digest()[0] % 2 == 0  # noqa: S324 - a split, no secret


def _xquad(folder: Path) -> Iterator[Item]:
    title = {str(row["_id"]): str(row.get("title", "")) for row in _rows(folder / "corpus.jsonl.gz")}
    answers: dict[str, tuple[str, ...]] = {}
    for row in _rows(folder / "answers.jsonl.gz"):
        given = row["answers"]
        answers[str(row["_id"])] = tuple(str(answer) for answer in given) if isinstance(given, list) else ()
    relevant: dict[str, set[str]] = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        if float(score) > 0:
            relevant[query].add(document)
    for row in _rows(folder / "queries.jsonl.gz"):
        key = str(row["_id"])
        documents = frozenset(relevant[key])
        yield Item(
            text=str(row["text"]),
            answers=answers[key],
            documents=documents,
            even=_even(min(title[d] for d in documents)),
            kind="xquad",
        )


def _factbook(path: Path) -> Iterator[Item]:
    rows = list(_rows(path))
    by_country: dict[str, dict[str, dict[str, object]]] = defaultdict(dict)
    same: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        title, section, text = str(row["title"]), str(row["section"]).strip(), str(row["text"])
        by_country[title].setdefault(section, row)
        same[title, text].add(str(row["id"]))
    for title, fields in sorted(by_country.items()):
        if "Government / Capital / name" not in fields:
            continue
        for section, templates in TEMPLATES.items():
            row = fields.get(section, {})
            if not row or len(str(row["text"])) > 300:
                continue
            pick = hashlib.sha1(f"{title}{section}".encode()).digest()  # noqa: S324
            if pick[1] % 4:  # a quarter of the fields is enough
                continue
            yield Item(
                text=templates[pick[0] % len(templates)].format(title),
                answers=(str(row["text"]),),
                documents=frozenset(same[title, str(row["text"])]),
                even=_even(title),
                kind=section,
            )


# ------------------------------------------------------------------------------------------------------------ measures

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def _normal(text: str) -> str:
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def f1(said: str, gold: str) -> float:
    """Return SQuAD's F1 of two answers, in [0, 1]."""
    a, b = _normal(said).split(), _normal(gold).split()
    if not a or not b:
        return float(a == b)
    common = sum((Counter(a) & Counter(b)).values())
    return 2 * common / (len(a) + len(b))


def _measure(
    items: Sequence[Item], generator: ExtractiveGenerator, retriever: Without, weighing: Weighing, examples: int
) -> Tally:
    tally = Tally()
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        retriever.left_out = {}
        began = time.perf_counter()
        answerable = _candidates(batch, generator, weighing)
        tally.seconds += time.perf_counter() - began
        retriever.left_out = {item.text: item.documents for item in batch}
        unanswerable = _candidates(batch, generator, weighing)
        for item, found, without in zip(batch, answerable, unanswerable, strict=True):
            answers = choose(found, weighing, 1)
            tally.asked += 1
            tally.found += any(_document(c.statement.evidence) in item.documents for c in found)
            tally.declined += not choose(without, weighing, 1)
            if not answers:
                continue
            answer = answers[0]
            said = answer.text if answer.span is None else answer.span.of(answer.text)
            tally.answered += 1
            tally.exact += max(float(_normal(said) == _normal(gold)) for gold in item.answers)
            tally.f1 += max(f1(said, gold) for gold in item.answers)
            holds = any(_normal(gold) in _normal(answer.text) for gold in item.answers)
            tally.sentence += holds and _document(answer.evidence) in item.documents
            if tally.asked <= examples:
                shown = f"{answer.text[:120]} | gold {item.answers[0][:80]} | {answer.confidence:.2f}"
                print(f"{item.text} | {said} | {shown}")
    return tally


def _document(evidence: Evidence) -> str:
    return "" if evidence.passage is None else evidence.passage.document_id


def _candidates(items: Sequence[Item], generator: ExtractiveGenerator, weighing: Weighing) -> list[list[Candidate]]:
    return read(_measured(items, generator, weighing), generator._entailment)


def _measured(items: Sequence[Item], generator: ExtractiveGenerator, weighing: Weighing) -> list[list[Candidate]]:
    claims = [Claim(id="q", text=item.text, span=Span(start=0, end=len(item.text))) for item in items]
    found = generator._retriever.retrieve(claims, generator._k)
    gathered = [gather(item.text, evidence, None, "") for item, evidence in zip(items, found, strict=True)]
    return measure(gathered, generator._encoder, weighing)


# ----------------------------------------------------------------------------------------------------------------- fit

ASKED: Mapping[str, str] = {
    "capital": "What is the capital of {}?", "invented by": "Who invented the {}?",
    "place of birth": "Where was {} born?", "date of birth": "When was {} born?",
    "discovered by": "Who discovered {}?", "author": "Who wrote {}?",
    "currency": "What is the currency of {}?", "chemical symbol": "What is the chemical symbol of {}?",
    "atomic number": "What is the atomic number of {}?", "highest point": "What is the highest mountain of {}?",
    "length": "How long is the {}?", "diameter": "What is the diameter of {}?", "spouse": "Who was {} married to?",
    "year of invention": "When was the {} invented?", "flows into": "Where does the {} flow?",
    "melting point": "At what temperature does {} melt?", "year of discovery": "In which year was {} discovered?",
    "continent": "On which continent is {}?", "child": "Who is a child of {}?",
}  # fmt: skip


def _sample(examples: int) -> dict[str, float | int]:
    """Ask for a fact of each property and subject; a value is found if the answer holds its first word."""
    from factcheck.graph.reader import LocalGraphReader
    from factcheck.graph.verbalise import Verbaliser

    parts = Assembly(Settings(), index=None, graph=None)
    if not isinstance(parts.reader, LocalGraphReader):
        raise SystemExit("the sample has no graph")
    verbaliser = Verbaliser(parts.reader.store)
    facts: dict[tuple[str, str], Fact] = {}
    for triple in parts.reader.store.triples(None, None, None, limit=100_000):
        fact = verbaliser.fact(triple, triple.predicate)
        if fact.relation.label in ASKED:
            facts.setdefault((fact.relation.label, fact.subject.term), fact)
    chosen = [f for key, f in sorted(facts.items()) if hashlib.sha1("".join(key).encode()).digest()[0] % 4 == 0]  # noqa: S324
    generator = parts.generator()
    if not isinstance(generator, ExtractiveGenerator):
        raise SystemExit("the extractive generator is not the one in use")
    said = generator.answers([ASKED[f.relation.label].format(f.subject.label) for f in chosen])
    good = [bool(a) and f.value_text.split()[0].strip(",") in a[0].text for a, f in zip(said, chosen, strict=True)]
    for fact, answers, right in list(zip(chosen, said, good, strict=True)):
        if examples and not right:
            print(f"{fact.text} | {answers[0].text if answers else 'declined'}")
    return {"questions": len(chosen), "value_returned": round(sum(good) / len(good), 4)}


Rows = list[tuple[np.ndarray, np.ndarray]]
"""For each question: signals of its candidates, and which of them are right (none: decline)."""


def _fit(sets: Mapping[str, tuple[Sequence[Item], ExtractiveGenerator, Without]]) -> Weighing:
    first = Weighing.load()
    names = list(SIGNALS)
    cheap = [name for name in names if name not in ("says", "denies")]
    everything: list[tuple[Item, bool, list[Candidate]]] = []
    for name, (items, generator, retriever) in sets.items():
        began = time.perf_counter()
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            for hidden in (False, True):
                retriever.left_out = {i.text: i.documents for i in batch} if hidden else {}
                for item, row in zip(batch, _measured(batch, generator, first), strict=True):
                    everything.append((item, hidden, row))
        print(f"{name}: {len(items)} questions measured in {time.perf_counter() - began:.0f} s", flush=True)
    rows = [_rows_of(item, hidden, candidates, cheap) for item, hidden, candidates in everything]
    weights = _solve(rows, len(cheap), np.array([first.first.get(n, 0.0) for n in cheap]))
    stage = Weighing(first=dict(zip(cheap, weights.tolist(), strict=True)), weights={}, threshold=0.0)
    print("first", {k: round(v, 2) for k, v in stage.first.items()}, flush=True)
    for _, _, candidates in everything:
        candidates.sort(key=lambda c: -stage.first_score(c.signals))
        del candidates[READ:]
    generator = next(iter(sets.values()))[1]
    done: list[list[Candidate]] = []
    for start in range(0, len(everything), BATCH):
        done += read([c for _, _, c in everything[start : start + BATCH]], generator._entailment)
    rows = [_rows_of(item, hidden, c, names) for (item, hidden, _), c in zip(everything, done, strict=True)]
    weights = _solve(rows, len(names), np.array([stage.first.get(n, 0.2) for n in names]))
    full = Weighing(first=stage.first, weights=dict(zip(names, weights.tolist(), strict=True)), threshold=0.0)
    print("weights", {k: round(v, 2) for k, v in full.weights.items()}, flush=True)
    return Weighing(first=full.first, weights=full.weights, threshold=_threshold(everything, done, full))


def _rows_of(
    item: Item, hidden: bool, candidates: Sequence[Candidate], names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    signals = np.array([[c.signals.get(n, 0.0) for n in names] for c in candidates]).reshape(
        len(candidates), len(names)
    )
    right = np.zeros(len(candidates), dtype=bool)
    if not hidden:
        scores = [
            max(f1(c.words, gold) for gold in item.answers)
            if _document(c.statement.evidence) in item.documents
            else 0.0
            for c in candidates
        ]
        if item.kind != "xquad":  # the whole field is the answer
            scores = [
                float(s > 0 and c.statement.value_at is not None) or s for s, c in zip(scores, candidates, strict=True)
            ]
        best = max(scores, default=0.0)
        if best >= GOOD:
            right = np.array([s >= max(GOOD, best - 0.15) for s in scores])
        else:  # no part fits: the sentence that holds the answer is right as a whole
            right = np.array(
                [
                    c.span is None
                    and _document(c.statement.evidence) in item.documents
                    and any(_normal(gold) in _normal(c.statement.text) for gold in item.answers)
                    for c in candidates
                ]
            )
    return signals, right


def _solve(rows: Rows, size: int, start: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize

    rows = [row for row in rows if len(row[0])]
    lengths = np.array([len(x) for x, _ in rows])
    stacked = np.vstack([x for x, _ in rows])
    right = np.concatenate([y for _, y in rows]).astype(bool)
    owner = np.repeat(np.arange(len(rows)), lengths)
    answerable = np.bincount(owner, weights=right, minlength=len(rows)) > 0

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        scores = stacked @ w
        top = np.zeros(len(rows))
        np.maximum.at(top, owner, scores)
        e = np.exp(scores - top[owner])
        null = np.exp(-top)
        total = np.bincount(owner, weights=e, minlength=len(rows)) + null
        good = np.bincount(owner, weights=e * right, minlength=len(rows))
        wanted = np.where(answerable, good, null)
        share = e / total[owner]
        target = np.where(right, e / np.maximum(good[owner], 1e-12), 0.0) * answerable[owner]
        gradient = stacked.T @ (share - target)
        value = float(-np.log(np.maximum(wanted / total, 1e-12)).sum())
        return value / len(rows) + 1e-3 * float(w @ w), gradient / len(rows) + 2e-3 * w

    found = np.asarray(minimize(loss, start[:size], jac=True, method="L-BFGS-B", options={"maxiter": 300}).x)
    return np.where(stacked.any(axis=0), found, start[:size])  # what never occurs (facts) keeps its weight


def _threshold(
    everything: Sequence[tuple[Item, bool, list[Candidate]]], done: Sequence[Sequence[Candidate]], weighing: Weighing
) -> float:
    """Return the threshold with the best mean of sentences returned and unanswerable questions declined."""
    good: list[tuple[float, bool]] = []
    bad: list[float] = []
    for (item, hidden, _), candidates in zip(everything, done, strict=True):
        answers = choose(candidates, weighing, 1)
        confidence = answers[0].confidence if answers else 0.0
        if hidden:
            bad.append(confidence)
        else:
            holds = bool(answers) and _document(answers[0].evidence) in item.documents
            holds = holds and any(_normal(gold) in _normal(answers[0].text) for gold in item.answers)
            good.append((confidence, holds))
    best = max(
        np.arange(0.02, 0.9, 0.02),
        key=lambda t: sum(c >= t and h for c, h in good) / len(good) + sum(c < t for c in bad) / len(bad),
    )
    return round(float(best), 2)


def _write(path: Path, weighing: Weighing) -> None:
    document = {
        "schema": "factcheck.answers/1",
        "signals": SIGNALS,
        "first": [round(weighing.first.get(n, 0.0), 4) for n in SIGNALS],
        "weights": [round(weighing.weights.get(n, 0.0), 4) for n in SIGNALS],
        "threshold": weighing.threshold,
    }
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
