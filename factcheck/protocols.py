"""Every seam between rooms: batch first, outputs aligned with inputs.

A fake for each stands in `tests/fakes.py`; one contract test a seam, in `tests/contracts/`, runs over every
implementation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias, TypeVar, runtime_checkable

import numpy as np
import numpy.typing as npt

from factcheck.errors import FactCheckError
from factcheck.types import (
    Case,
    ChatRequest,
    CheckResult,
    Claim,
    Completion,
    Draft,
    Evidence,
    Extraction,
    GraphAnswer,
    Refusal,
    Report,
    Revision,
    TextKind,
)

Vectors: TypeAlias = npt.NDArray[np.float32]
_Piece = TypeVar("_Piece")
_Done = TypeVar("_Done")

UNREAD = (0.0, 0.0, 1.0)
"""What an entailment model says of a pair that it cannot read."""


@runtime_checkable
class Encoder(Protocol):
    """Texts to unit vectors."""

    @property
    def name(self) -> str:
        """What the model is called in manifests and reports."""

    @property
    def sha256(self) -> str:
        """Of the weights, tokenizer and settings: two encoders with equal hashes give equal vectors."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """Return a `(len(texts), dimensions)` float32 array of unit rows; a row never depends on its neighbours."""


@runtime_checkable
class EntailmentModel(Protocol):
    """Pairs of premise and hypothesis to probabilities."""

    @property
    def name(self) -> str:
        """What the model is called in reports."""

    @property
    def sha256(self) -> str:
        """Of everything that decides its output."""

    @property
    def max_tokens(self) -> int:
        """Longest pair that it reads whole, in tokens, special ones included."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, without special ones."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Score `(premise, hypothesis)` pairs.

        Returns:
            A `(len(pairs), 3)` float32 array; columns SUPPORTED, REFUTED, NOT_ENOUGH_INFO; rows sum to 1 and never
            depend on their neighbours. Callers cut premises into windows; a pair beyond `max_tokens` raises
            `TextError` rather than being cut in silence. A pair that the model cannot read, because it is in a script
            of other languages, is exactly `UNREAD`.
        """


@runtime_checkable
class ChatModel(Protocol):
    """A model that writes."""

    @property
    def name(self) -> str:
        """The specification string that names it."""

    @property
    def identity(self) -> str:
        """What decides its answers besides the request: endpoint and model, or the hash of its files."""

    def attempt(self, requests: Sequence[ChatRequest]) -> list[Completion | FactCheckError]:
        """Answer each request, or say why not: a request that fails costs no other one its answer."""

    def complete(self, requests: Sequence[ChatRequest]) -> list[Completion]:
        """Answer each request; the first that failed is raised, after all have ended."""

    def stream(self, request: ChatRequest) -> Iterator[str]:
        """Yield the answer in pieces as they come."""


@runtime_checkable
class TextClassifier(Protocol):
    """Texts to labels: what a screen asks beside its lists and patterns."""

    @property
    def name(self) -> str:
        """What the model is called in reports."""

    @property
    def sha256(self) -> str:
        """Of everything that decides its output."""

    def classify(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return the probability of each label for each text; a text never depends on its neighbours."""


@runtime_checkable
class Generator(Protocol):
    """Questions to drafts."""

    def draft(self, questions: Sequence[str], n: int = 1) -> list[tuple[Draft, ...]]:
        """Return `n` candidate drafts for each question."""


@runtime_checkable
class ClaimExtractor(Protocol):
    """Drafts to claims."""

    def extract(self, drafts: Sequence[Draft]) -> list[Extraction]:
        """Return the claims of each draft, in the order of the text, with spans into it."""


@runtime_checkable
class Retriever(Protocol):
    """Claims to evidence."""

    def retrieve(self, claims: Sequence[Claim], k: int) -> list[tuple[Evidence, ...]]:
        """Return up to `k` pieces of evidence for each claim, best first, ids unique within a claim."""


@runtime_checkable
class GraphReader(Protocol):
    """Claims to what a graph knows of them: the one look at the graph."""

    @property
    def sha256(self) -> str:
        """Of the graph generation."""

    @property
    def source(self) -> str:
        """The graph's name, as evidence cites it."""

    def ask(self, claims: Sequence[Claim]) -> list[GraphAnswer]:
        """Link, map and look up; an answer is remembered, so that asking again for the same claim costs nothing."""


@runtime_checkable
class Checker(Protocol):
    """Claims with evidence to judgements."""

    @property
    def name(self) -> str:
        """As it stands in judgements."""

    def check(self, cases: Sequence[Case]) -> list[CheckResult]:
        """Judge each case; no judgement where the checker does not apply."""


@runtime_checkable
class Reviser(Protocol):
    """A draft and its report to a better draft."""

    def revise(self, draft: Draft, report: Report, refused: Sequence[Refusal] = ()) -> Revision:
        """Return the revision; the same text when there is nothing to do.

        Args:
            draft: the text.
            report: on it.
            refused: rewrites of this very draft that were not accepted, the oldest first.
        """


class Spread(Protocol):
    """Does a step for each piece of work, wherever; the built-in `map` is one that does it here."""

    def __call__(self, step: Callable[[_Piece], _Done], pieces: Iterable[_Piece], /) -> Iterator[_Done]:
        """Yield what the step makes of each piece, in the order of the pieces.

        Args:
            step: a function of a module, of whose calls each depends on its argument alone.
            pieces: taken a few ahead of what was yielded.

        Raises:
            FactCheckError: what the step raised.
        """
