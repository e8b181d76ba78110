"""One real, working stand-in for each seam: small classes that keep the seam's contract, no mocks.

Contract tests run over them as they do over the real implementations.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from factcheck.errors import FactCheckError
from factcheck.pipeline import Pipeline
from factcheck.protocols import Checker, Retriever, Vectors
from factcheck.types import (
    Case,
    ChatRequest,
    CheckResult,
    Claim,
    Completion,
    Document,
    Draft,
    Evidence,
    Extraction,
    GraphAnswer,
    Judgement,
    Passage,
    Probabilities,
    Refusal,
    Report,
    Revision,
    Rule,
    Span,
    Stance,
    TextKind,
    Usage,
)

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class FakeEncoder:
    """Hashes each word to a direction; texts that share words point the same way."""

    dimensions: int = 32
    name: str = "fake-encoder"

    @property
    def sha256(self) -> str:
        return digest(f"{self.name}:{self.dimensions}")

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in words(text) or [""]:
                seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:8], "little")
                row += np.random.default_rng(seed).standard_normal(self.dimensions).astype(np.float32)
            row /= np.linalg.norm(row)
        return rows


@dataclass
class FakeEntailment:
    """Judges by words: all of the hypothesis in the premise supports, the same with one "not" too many refutes."""

    name: str = "fake-entailment"
    max_tokens: int = 256
    calls: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        return digest(self.name)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(words(text)) for text in texts]

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        rows = np.zeros((len(pairs), 3), dtype=np.float32)
        for row, (premise, hypothesis) in zip(rows, pairs, strict=True):
            self.calls.append((premise, hypothesis))
            have, need = set(words(premise)), set(words(hypothesis))
            covered = len(need & have - {"not"}) / max(len(need - {"not"}), 1)
            if covered < 1.0:
                row[:] = (0.1 * covered, 0.1 * covered, 1 - 0.2 * covered)
            elif ("not" in need) == ("not" in have):
                row[:] = (0.9, 0.05, 0.05)
            else:
                row[:] = (0.05, 0.9, 0.05)
        return rows


@dataclass
class FakeChat:
    """Plays back a script, then repeats its last line."""

    script: Sequence[str] = ("",)
    name: str = "fake:chat"
    requests: list[ChatRequest] = field(default_factory=list)

    @property
    def identity(self) -> str:
        return digest("\n".join(self.script))

    def attempt(self, requests: Sequence[ChatRequest]) -> list[Completion | FactCheckError]:
        return [self._answer(request) for request in requests]

    def complete(self, requests: Sequence[ChatRequest]) -> list[Completion]:
        return [self._answer(request) for request in requests]

    def stream(self, request: ChatRequest) -> Iterator[str]:
        yield from re.findall(r"\S+\s*", self._answer(request).text)

    def _answer(self, request: ChatRequest) -> Completion:
        text = self.script[min(len(self.requests), len(self.script) - 1)]
        self.requests.append(request)
        asked = sum(len(words(message.content)) for message in request.messages)
        usage = Usage(prompt_tokens=asked, completion_tokens=len(words(text)))
        return Completion(text=text, usage=usage, finish_reason="stop", model=self.name, seconds=0.0)


@dataclass
class FakeGenerator:
    """Knows some answers by heart."""

    answers: Mapping[str, str] = field(default_factory=dict)

    def draft(self, questions: Sequence[str], n: int = 1) -> list[tuple[Draft, ...]]:
        return [
            (Draft(text=self.answers.get(question, "I do not know."), question=question, model="fake"),) * n
            for question in questions
        ]


class FakeExtractor:
    """Every stretch up to a full stop is a claim."""

    def extract(self, drafts: Sequence[Draft]) -> list[Extraction]:
        return [Extraction(claims=tuple(self._claims(draft.text))) for draft in drafts]

    def _claims(self, text: str) -> Iterator[Claim]:
        for number, match in enumerate(re.finditer(r"[^.\s][^.]*\.?", text), 1):
            yield Claim(id=f"c{number}", text=match.group(), span=Span(start=match.start(), end=match.end()))


def passage(text: str, *, id: str = "", title: str = "", section: str = "", source: str = "fake corpus") -> Passage:
    return Passage(
        id=id or f"p-{digest(text)[:8]}",
        document_id=f"d-{digest(text)[:8]}",
        document_sha256=digest(text),
        title=title,
        section=section,
        text=text,
        span=Span(start=0, end=len(text)),
        source=source,
    )


def evidence(text: str, *, source: str = "fake corpus", title: str = "", score: float = 0.0, id: str = "") -> Evidence:
    found = passage(text, source=source, title=title, id=id)
    return Evidence(id=found.id, text=text, source=source, score=score, passage=found)


@dataclass
class FakeRetriever:
    """Ranks a list of passages by the words they share with the claim."""

    evidence: Sequence[Evidence] = ()

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        return [self._best(set(words(claim.text)), k) for claim in claims]

    def _best(self, need: set[str], k: int) -> tuple[Evidence, ...]:
        ranked = sorted(self.evidence, key=lambda e: (-len(need & set(words(e.premise))), e.id))
        return tuple(e for e in ranked if need & set(words(e.premise)))[:k]


@dataclass
class FakeGraphReader:
    """Answers from a dictionary of claim texts."""

    answers: Mapping[str, GraphAnswer] = field(default_factory=dict)
    source: str = "fake graph"

    @property
    def sha256(self) -> str:
        return digest(self.source)

    def ask(self, claims: Sequence[Claim]) -> list[GraphAnswer]:
        return [self.answers.get(claim.text, GraphAnswer(graph_sha256=self.sha256)) for claim in claims]


@dataclass
class FakeChecker:
    """Supports what the evidence says word for word, refutes what it says with "not" more or less."""

    name: str = "fake"

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        return [CheckResult(judgements=tuple(self._judge(case))) for case in cases]

    def _judge(self, case: Case) -> Iterator[Judgement]:
        model = FakeEntailment()
        for found in case.evidence:
            row = [float(p) for p in model.score([(found.premise, case.claim.text)])[0]]
            total = sum(row)
            probabilities = Probabilities(
                supported=row[0] / total, refuted=row[1] / total, not_enough_info=row[2] / total
            )
            stance = {"SUPPORTED": Stance.SUPPORTS, "REFUTED": Stance.REFUTES}.get(
                probabilities.label.value, Stance.NEUTRAL
            )
            yield Judgement(
                evidence_ids=(found.id,),
                stance=stance,
                probabilities=probabilities,
                checker=self.name,
                rule=Rule.ENTAILMENT,
                reason=f"compared with {found.source}",
            )


@dataclass
class FakeReviser:
    """Replaces whole texts by a table; anything else stays as it is."""

    table: Mapping[str, str] = field(default_factory=dict)

    def revise(self, draft: Draft, report: Report, refused: Sequence[Refusal] = ()) -> Revision:
        text = self.table.get(draft.text, draft.text)
        return Revision(draft=Draft(text=text, question=draft.question, model=draft.model))


@dataclass
class FakeWiring:
    """Wires the fakes for a batch; `provenance` is what verdicts rest on."""

    evidence: Sequence[Evidence] = ()
    provenance: dict[str, object] = field(default_factory=lambda: {"index": {"generation": 1}})
    checker: Checker = field(default_factory=lambda: FakeChecker())

    def pipeline(self) -> Pipeline:
        return self._wire(FakeRetriever(self.evidence), self.provenance)

    def context_pipeline(self, *, add_index: bool = False) -> Pipeline:
        return self._wire(FakeRetriever(()), self.provenance if add_index else {"index": None})

    def context_retriever(self, context: Sequence[Document], *, add_index: bool = False) -> Retriever:
        given = [evidence(document.text, source=document.source) for document in context]
        return FakeRetriever([*given, *(self.evidence if add_index else ())])

    def _wire(self, retriever: Retriever, provenance: dict[str, object]) -> Pipeline:
        return Pipeline(
            extractor=FakeExtractor(), retriever=retriever, checkers=(self.checker,), k=3, provenance=provenance
        )
