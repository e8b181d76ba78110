#!/usr/bin/env python3
"""Measure extraction by rule against human sentences, check-worthiness and atomic claims.

    python scripts/eval_extraction.py factcheck_gpt_a.jsonl.gz [--half dev|test] [--show]
    python scripts/eval_extraction.py --speed 10

Rows are those of FactCheck-GPT (Wang et al. 2023, arXiv:2311.09000): `{prompt, response, sentences: {…: {text,
sentence_checkworthiness, claims, claim_checkworthiness}}}`, or of FActScore (Min et al. 2023, arXiv:2305.14251):
`{input, output, annotations}`, where a sentence with a relevant human atomic fact counts as "yes". Their files were
already chosen by the parity of a SHA-1, so the halves are the next bit of the prompt's: dev 0 (rules may be written
on it), test 1 (only reported).

- Check-worthiness: a human sentence is found in the response by its characters other than white space; ours is "yes"
  where at least one extracted claim's span shares a character with it, the human one where `sentence_checkworthiness`
  is "yes". Precision, recall and F1 of "yes" over the human sentences that were found; the others are counted.
- Coverage: a human claim labelled "factual" is covered when one extracted claim of the same response holds at least
  `--threshold` of its content tokens (a set: tokens of `factcheck.text.tokens` without function words, a final "s" cut
  off); "tight" asks besides that at least half of that extracted claim's content tokens stand in the human one.
- Standing alone: an extracted claim that does not open, after an adverbial that ends with a comma, with a pronoun (he,
  she, it unless it stands for nothing, they, this, that, these, those, one, such, a possessive) nor with a bare
  definite description ("the" and one lower-case noun, then a verb).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from factcheck.extract import RuleExtractor
from factcheck.extract.lexicon import word_set
from factcheck.extract.parse import is_finite, read_words
from factcheck.text.sentences import split_sentences
from factcheck.text.tokens import tokenize
from factcheck.types import Draft, Span

STOP = word_set(
    "a an the of in on at by for with from to into as is are was were be been being has have had do does did and "
    "or but that which who whom this these those it its he she they his her their them him there such can could "
    "may might will would not also than then so if while because when s t"
)
PRONOUNS = word_set("he she it they this that these those one such his her its their him them")
EXPLETIVE = re.compile(
    r"it (?:is|was|has been|takes|remains|would be|can be|may be) \w+(?: \w+)? (?:to|that|for|whether)\b", re.I
)


@dataclass(slots=True)
class Counts:
    """What one half adds up to."""

    rows: int = 0
    sentences: int = 0
    not_found: int = 0
    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0
    human: int = 0
    covered: int = 0
    tight: int = 0
    extracted: int = 0
    alone: int = 0
    sentences_split: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", help="JSON Lines, may be gzipped")
    parser.add_argument("--half", choices=("dev", "test"), help="only one half")
    parser.add_argument("--threshold", type=float, default=0.8, help="token recall that counts as covered (0.8)")
    parser.add_argument("--show", action="store_true", help="print what went wrong (of dev only)")
    parser.add_argument("--speed", type=float, metavar="MB", help="time a made-up text of this size instead")
    arguments = parser.parse_args()
    if arguments.speed:
        print(json.dumps(measure_speed(arguments.speed), indent=2))
        return 0
    if arguments.data is None:
        parser.error("name a file of rows, or --speed")
    halves = [arguments.half] if arguments.half else ["dev", "test"]
    result = {half: summary(count(arguments.data, half, arguments.threshold, arguments.show)) for half in halves}
    print(json.dumps({"threshold": arguments.threshold, **result}, indent=2))
    return 0


def half_of(prompt: str) -> str:
    """Return "dev" or "test": the second lowest bit of the prompt's SHA-1."""
    return "test" if int(hashlib.sha1(prompt.encode(), usedforsecurity=False).hexdigest(), 16) >> 1 & 1 else "dev"


def count(path: Path, half: str, threshold: float, show: bool) -> Counts:
    """Go through the rows of one half."""
    total = Counts()
    extractor = RuleExtractor()
    for row in _rows(path):
        if half_of(row["prompt"]) != half:
            continue
        total.rows += 1
        draft = Draft(text=row["response"], question=row["prompt"].removeprefix("Question: "))
        examined = extractor.examine(draft)
        claims = extractor.extract([draft])[0].claims
        total.reasons.update(str(sentence.reason) for sentence in examined if sentence.reason is not None)
        total.sentences_split += sum(1 for sentence in examined if len(sentence.claims) > 1)
        _count_worth(total, row, [claim.span for claim in claims], show and half == "dev")
        bags = [content(claim.text) for claim in claims]
        for sentence in row["sentences"].values():
            for human, label in zip(sentence["claims"], sentence["claim_checkworthiness"], strict=True):
                if label == "factual":
                    _count_claim(total, human, bags, threshold, show and half == "dev")
        for claim in claims:
            total.extracted += 1
            total.alone += stands_alone(claim.text)
            if show and half == "dev" and not stands_alone(claim.text):
                print("leans:", claim.text, file=sys.stderr)
    return total


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            row = orjson.loads(line)
            if "sentences" in row:
                yield row
            elif row.get("annotations"):
                yield _from_factscore(row)


def _from_factscore(row: dict[str, Any]) -> dict[str, Any]:
    sentences = {}
    for i, annotation in enumerate(row["annotations"]):
        facts = [fact for fact in annotation["human-atomic-facts"] or [] if fact["label"] != "IR"]
        sentences[str(i)] = {
            "text": annotation["text"],
            "sentence_checkworthiness": "yes" if facts else "no",
            "claims": [fact["text"] for fact in facts],
            "claim_checkworthiness": ["factual"] * len(facts),
        }
    return {"prompt": row["input"], "response": row["output"], "sentences": sentences}


def _count_worth(total: Counts, row: dict[str, Any], spans: list[Span], show: bool) -> None:
    response = row["response"]
    places = [i for i, c in enumerate(response) if not c.isspace()]
    squeezed = "".join(response[i] for i in places)
    begin = 0
    for sentence in row["sentences"].values():
        total.sentences += 1
        wanted = "".join(sentence["text"].split())
        at = squeezed.find(wanted, begin)
        if at < 0:
            at = squeezed.find(wanted)
        if at < 0 or not wanted:
            total.not_found += 1
            continue
        begin = at + len(wanted)
        here = Span(start=places[at], end=places[begin - 1] + 1)
        ours = any(span.overlaps(here) for span in spans)
        theirs = sentence["sentence_checkworthiness"] == "yes"
        total.true_positive += ours and theirs
        total.false_positive += ours and not theirs
        total.false_negative += theirs and not ours
        if show and ours is not theirs:
            print("missed:" if theirs else "extra:", sentence["text"], file=sys.stderr)


def _count_claim(total: Counts, human: str, bags: list[frozenset[str]], threshold: float, show: bool) -> None:
    wanted = content(human)
    total.human += 1
    holding = [bag for bag in bags if wanted and len(wanted & bag) >= threshold * len(wanted)]
    total.covered += bool(holding)
    total.tight += any(2 * len(wanted & bag) >= len(bag) for bag in holding)
    if show and not holding:
        print("uncovered:", human, file=sys.stderr)


def content(text: str) -> frozenset[str]:
    """Return the content tokens of a claim."""
    return frozenset(t[:-1] if len(t) > 3 and t.endswith("s") else t for t in tokenize(text) if t not in STOP)


def stands_alone(text: str) -> bool:
    """Say whether a claim opens with what it speaks of (see the top of this file)."""
    words = read_words(text, 0, len(text))
    start = 0
    if words.folded and words.folded[0] in (
        "in",
        "on",
        "at",
        "by",
        "during",
        "after",
        "before",
        "since",
        "from",
        "with",
    ):
        comma = next((i for i, word in enumerate(words.folded[:15]) if word == ","), None)
        start = 0 if comma is None else comma + 1
    if start >= len(words):
        return True
    first = words.folded[start]
    if words.forms[start][0].isupper() and words.forms[start + 1 : start + 2] and words.forms[start + 1][0].isupper():
        return True  # "This Mortal Coil" is a name
    if first in PRONOUNS and not EXPLETIVE.match(text, words.starts[start]):
        return first == "one" and words.folded[start + 1 : start + 2] == ["of"]
    bare = (
        first == "the" and start + 2 < len(words) and words.forms[start + 1].islower() and is_finite(words, start + 2)
    )
    return not bare


def summary(total: Counts) -> dict[str, Any]:
    """Turn counts into the figures that are reported."""
    precision = total.true_positive / max(1, total.true_positive + total.false_positive)
    recall = total.true_positive / max(1, total.true_positive + total.false_negative)
    return {
        "rows": total.rows,
        "human_sentences": total.sentences,
        "human_sentences_not_found": total.not_found,
        "worth_precision": round(precision, 3),
        "worth_recall": round(recall, 3),
        "worth_f1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
        "human_claims": total.human,
        "covered": round(total.covered / max(1, total.human), 3),
        "covered_tightly": round(total.tight / max(1, total.human), 3),
        "extracted_claims": total.extracted,
        "stand_alone": round(total.alone / max(1, total.extracted), 3),
        "sentences_split": total.sentences_split,
        "reasons": dict(total.reasons.most_common()),
    }


def measure_speed(megabytes: float) -> dict[str, float]:
    """Time the splitting of sentences and the whole extraction of a made-up text."""
    unit = (
        "Marie Curie, a Polish physicist, was born in Warsaw in 1867 and died in Passy. She won the Nobel "
        "Prize in 1903, "
        "and she won it again in 1911. The city of Paris, which is the capital of France, has 2,102,650 inhabitants. "
        "Dr. J. R. R. Tolkien wrote it (see fig. 3). What is more? However, it was not clear. The U.S. has 50 "
        "states.\n\n"
        "The planets are:\n1. Mercury\n2. Venus\n\n臺灣位於東亞，人口約2300萬。它的首都是臺北。\n\n"
    )
    text = unit * max(1, round(megabytes * 1e6 / len(unit.encode())))
    started = time.perf_counter()
    sentences = len(split_sentences(text))
    split = time.perf_counter() - started
    started, started_cpu = time.perf_counter(), time.process_time()
    claims = len(RuleExtractor().extract([Draft(text=text)])[0].claims)
    seconds, cpu = time.perf_counter() - started, time.process_time() - started_cpu
    return {
        "megabytes": round(len(text.encode()) / 1e6, 2),
        "sentences": sentences,
        "split_seconds": round(split, 2),
        "claims": claims,
        "extract_seconds": round(seconds, 2),
        "extract_cpu_seconds": round(cpu, 2),
    }


if __name__ == "__main__":
    sys.exit(main())
