"""Answers by a chat model that is shown the evidence, and that is shown more where it becomes uncertain.

Evidence is found for the question, marked off as data, and given with it. With active retrieval the draft is read as it
stands: at the first sentence with an uncertain token evidence is looked for anew, by that sentence without its doubtful
words, and the model writes on from there. It needs token probabilities, which not every endpoint gives.

Source: Jiang et al., Active Retrieval Augmented Generation (2023), section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from factcheck.errors import FactCheckError, InputError
from factcheck.protocols import ChatModel, Retriever
from factcheck.text.clean import clean_text
from factcheck.text.delimiters import RULE, new_nonce, wrap
from factcheck.text.sentences import split_sentences
from factcheck.types import (
    ChatRequest,
    Claim,
    Completion,
    Draft,
    Evidence,
    Exchange,
    Message,
    Span,
    Stage,
    TokenProbability,
)

_INSTRUCTIONS = """\
You answer a question. Use the evidence that is given; where it says nothing of the matter, say so instead of \
guessing. State facts plainly, in whole sentences, without headings, sources or remarks about the evidence."""

_CONTINUE = """\
Continue this answer. Write only what follows it, beginning with the next sentence; if it is complete, write nothing."""

_MOST_LOST = 16
"""So many characters further on at most a token is looked for."""

NO_PROBABILITIES = "no evidence was looked for while drafting: the writer gives no token probabilities"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivePolicy:
    """When to look for more evidence while drafting.

    Attributes:
        uncertain_below: probability of a token below which its sentence is in doubt; in [0, 1].
        max_lookups: for one draft.
    """

    uncertain_below: float = 0.4
    max_lookups: int = 3


class ChatGenerator:
    """Implements the `Generator` seam with a chat model."""

    def __init__(
        self,
        chat: ChatModel,
        retriever: Retriever | None,
        *,
        k: int,
        active: ActivePolicy | None = None,
    ) -> None:
        """Take the parts.

        Args:
            chat: the writer.
            retriever: finds the evidence; questions and sentences are given to it as claims. None lets the writer
                answer from memory alone.
            k: pieces of evidence for each question.
            active: looks for more while drafting; None does not.
        """
        self._chat = chat
        self._retriever = retriever
        self._k = k
        self._active = active if retriever is not None else None

    @property
    def name(self) -> str:
        """The writer's."""
        return self._chat.name

    def draft(self, questions: Sequence[str], n: int = 1) -> list[tuple[Draft, ...]]:
        """Return `n` samples for each question, fewer where the writer failed.

        Raises:
            FactCheckError: a question got no draft at all.
        """
        evidence = [() for _ in questions] if self._retriever is None else self._find(questions)
        jobs = [(number, sample) for number in range(len(questions)) for sample in range(n)]
        requests = [self._request(questions[number], evidence[number], sample) for number, sample in jobs]
        answers = self._chat.attempt(requests) if requests else []
        drafts: list[list[Draft]] = [[] for _ in questions]
        failures: list[list[FactCheckError]] = [[] for _ in questions]
        for (number, _), request, answer in zip(jobs, requests, answers, strict=True):
            try:
                drafts[number].append(self._draft(questions[number], evidence[number], request, answer))
            except FactCheckError as error:
                failures[number].append(error)
        return [_or_raise(found, failed) for found, failed in zip(drafts, failures, strict=True)]

    def requests(self, questions: Sequence[str], n: int = 1) -> list[ChatRequest]:
        """Return what would be asked, for an estimate beforehand."""
        evidence = [() for _ in questions] if self._retriever is None else self._find(questions)
        return [self._request(q, e, s) for q, e in zip(questions, evidence, strict=True) for s in range(n)]

    def _find(self, texts: Sequence[str]) -> list[tuple[Evidence, ...]]:
        if self._retriever is None:
            return [() for _ in texts]
        claims = [Claim(id=f"q{n}", text=text, span=Span(start=0, end=len(text))) for n, text in enumerate(texts)]
        return self._retriever.retrieve(claims, self._k)

    def _request(self, question: str, evidence: Sequence[Evidence], sample: int, begun: str = "") -> ChatRequest:
        nonce = new_nonce(question, begun, *(e.premise for e in evidence))
        parts = [wrap("evidence", nonce, e.premise) for e in evidence]
        parts.append("The question:\n" + wrap("question", nonce, question))
        if begun:
            parts.append(_CONTINUE + "\n" + wrap("answer", nonce, begun))
        system = f"{_INSTRUCTIONS}\n\n{RULE.format(nonce=nonce)}"
        return ChatRequest(
            messages=(Message(role="system", content=system), Message(role="user", content="\n\n".join(parts))),
            probabilities=self._active is not None,
            sample=sample,
            nonce=nonce,
        )

    def _draft(
        self,
        question: str,
        evidence: tuple[Evidence, ...],
        request: ChatRequest,
        answer: Completion | FactCheckError,
    ) -> Draft:
        exchanges: list[Exchange] = []
        warnings: list[str] = []
        text = _read(request, answer)
        if isinstance(answer, Completion):
            exchanges.append(Exchange.of(Stage.GENERATE, request, answer))
            if answer.finish_reason == "length":
                warnings.append("the draft was cut off: it is longer than the writer may write (chat.max_tokens)")
            if self._active is not None:
                if answer.tokens:
                    text = self._actively(question, evidence, request.sample, answer, text, exchanges, warnings)
                else:
                    warnings.append(NO_PROBABILITIES)
        if not text:
            raise InputError("the writer's draft is empty", where=self.name)
        return Draft(
            text=text, question=question, model=self.name, exchanges=tuple(exchanges), warnings=tuple(warnings)
        )

    def _actively(
        self,
        question: str,
        evidence: tuple[Evidence, ...],
        sample: int,
        answer: Completion,
        text: str,
        exchanges: list[Exchange],
        warnings: list[str],
    ) -> str:
        """Look for evidence at each sentence in doubt, and let the writer go on from there.

        A sentence for which nothing is found that the writer has not seen stays; the next one in doubt is looked at.
        """
        if self._active is None:
            return text
        sure, settled = "", 0  # what stands, and how far the rest has been looked at
        unanswered = None
        for _ in range(self._active.max_lookups):
            doubt = first_doubt(text, answer.tokens, self._active.uncertain_below, after=settled)
            if doubt is None:
                break
            found = self._find([doubt.query])[0]
            known = {e.id for e in evidence}
            new = [e for e in found if e.id not in known]
            if not new:  # the writer has seen all that there is on it
                settled, unanswered = doubt.end, unanswered or text[doubt.start : doubt.end]
                continue
            evidence = (*new, *evidence)[: 2 * self._k]
            begun = (sure + text[: doubt.start]).strip()
            request = self._request(question, evidence, sample, begun)
            (more,) = self._chat.attempt([request])
            try:
                rest = _read(request, more)
            except FactCheckError as error:
                warnings.append(f"the writer did not write on with what was found for its doubts: {error}")
                break  # what was written before stands
            if not isinstance(more, Completion):
                break
            exchanges.append(Exchange.of(Stage.GENERATE, request, more))
            sure, text, answer, settled = (begun + " " if begun else ""), rest, more, 0
        if unanswered is not None:
            warnings.append(f"the writer was not sure of this, and nothing new was found for it: {unanswered}")
        return (sure + text).strip()


class SeveralGenerator:
    """Implements the `Generator` seam with several writers: each drafts, and the ranking chooses."""

    def __init__(self, generators: Sequence[ChatGenerator]) -> None:
        self._generators = generators

    def requests(self, questions: Sequence[str], n: int = 1) -> list[ChatRequest]:
        """Return what would be asked of all of them, for an estimate beforehand."""
        return [request for generator in self._generators for request in generator.requests(questions, n)]

    def draft(self, questions: Sequence[str], n: int = 1) -> list[tuple[Draft, ...]]:
        """Return up to `n` drafts of each writer for each question; a writer that fails is left out, with a warning.

        Raises:
            FactCheckError: none of them had a draft.
        """
        return [self._one(question, n) for question in questions]

    def _one(self, question: str, n: int) -> tuple[Draft, ...]:
        drafts: list[Draft] = []
        failures: list[FactCheckError] = []
        for generator in self._generators:
            try:
                drafts.extend(generator.draft([question], n)[0])
            except FactCheckError as error:
                failures.append(error)
        return _or_raise(drafts, failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A sentence in doubt: where it begins and ends, and its words without the doubtful ones."""

    start: int
    end: int
    query: str


def first_doubt(text: str, tokens: Sequence[TokenProbability], below: float, *, after: int = 0) -> Doubt | None:
    """Return the first sentence of a draft that holds a token less probable than `below`.

    Args:
        text: the draft.
        tokens: in order, as the writer's tokenizer names them (`_placed`).
        below: in [0, 1].
        after: sentences that begin before this place are passed over.
    """
    doubtful = [
        span
        for span, probability in _placed(text, tokens)
        if probability < below and any(c.isalnum() for c in span.of(text))
    ]
    for sentence in split_sentences(text):
        inside = [span for span in doubtful if span.overlaps(sentence)]
        if not inside or sentence.start < after:
            continue
        kept, position = [], sentence.start
        for span in inside:
            kept.append(text[position : max(span.start, position)])
            position = max(span.end, position)
        kept.append(text[position : sentence.end])
        query = " ".join("".join(kept).split())
        if not any(c.isalnum() for c in query):
            query = sentence.of(text)
        return Doubt(start=sentence.start, end=sentence.end, query=query)
    return None


def _placed(text: str, tokens: Sequence[TokenProbability]) -> Iterator[tuple[Span, float]]:
    """Yield where tokens stand in a draft, with their probabilities.

    What tokenizers call their tokens is not always what they write: some leave out the space before a word, a
    character of several bytes comes in pieces that are none, and special tokens are not in the text at all. So a token
    stands where its letters are found next, and what lies before it belongs to those that were not found, with the
    least of their probabilities.
    """
    at, lost = 0, 1.0
    some_lost = False
    for token in tokens:
        letters = token.text.strip()
        if not letters:
            continue
        start = text.find(letters, at, at + len(letters) + _MOST_LOST) if letters.isprintable() else -1
        if start < 0:
            lost, some_lost = min(lost, token.probability), True
            continue
        if some_lost and (gap := text[at:start].rstrip()):
            yield Span(start=at, end=at + len(gap)), lost
        at, lost, some_lost = start + len(letters), 1.0, False
        yield Span(start=start, end=at), token.probability
    if some_lost and text[at:].strip():
        yield Span(start=at, end=min(len(text), at + _MOST_LOST)), lost


def _read(request: ChatRequest, answer: Completion | FactCheckError) -> str:
    """Return the text of an answer.

    Raises:
        FactCheckError: the one that stands in its place, or that it repeats the marks of the prompt.
    """
    if isinstance(answer, FactCheckError):
        raise answer
    text = clean_text(answer.text).text.strip()
    if request.nonce and request.nonce in text:
        raise InputError("the writer's draft repeats what it was told", where=answer.model)
    return text


def _or_raise(drafts: Sequence[Draft], failures: Sequence[FactCheckError]) -> tuple[Draft, ...]:
    if not drafts and failures:
        raise failures[0]
    if not failures or not drafts:
        return tuple(drafts)
    noun = "draft" if len(failures) == 1 else "drafts"
    warning = f"{len(failures)} {noun} could not be had: {failures[0]}"
    return (replace(drafts[0], warnings=(*drafts[0].warnings, warning)), *drafts[1:])
