"""Claims by a chat model: atomic, standing alone, worth checking, and each tied to the words of the draft.

A model also invents. A claim that the draft does not state, by the reading of the entailment model, is dropped and
counted. An answer that cannot be read, or none at all, costs nothing: that stretch is read by rule, and a warning says
so.

A text that is still being written is asked about sentence by sentence (`by_sentence`), and about none twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from factcheck.errors import FactCheckError, InputError
from factcheck.extract.placement import place
from factcheck.extract.prompt import ExtractionPrompt, FoundClaim, read_claims
from factcheck.extract.stated import is_stated
from factcheck.protocols import ChatModel, ClaimExtractor, EntailmentModel
from factcheck.text.clean import visible_text
from factcheck.text.delimiters import new_nonce
from factcheck.text.sentences import split_sentences
from factcheck.types import ChatRequest, Claim, Completion, Draft, Exchange, Extraction, Span, Stage

_STRETCH = 3_000  # code points of a draft that are asked about at once
_BEFORE = 600  # code points before a stretch that are shown with it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Part of a draft, with its own request."""

    draft: int
    span: Span
    request: ChatRequest
    key: tuple[str, str, str | None]


class _Read(NamedTuple):
    """A stretch with what the model says of it, now or earlier."""

    stretch: _Stretch
    answer: Completion | FactCheckError
    remembered: bool


class ModelExtractor:
    """Implements the `ClaimExtractor` seam with a chat model."""

    def __init__(
        self,
        chat: ChatModel,
        entailment: EntailmentModel,
        fallback: ClaimExtractor,
        prompt: ExtractionPrompt | None = None,
        *,
        stretch: int = _STRETCH,
        remember: bool = False,
    ) -> None:
        """Take the parts.

        Args:
            chat: lists claims.
            entailment: reads whether the draft states them.
            fallback: reads what the model's answer cannot be used for.
            prompt: instructions and examples; those of the package unless given.
            stretch: code points of a draft that are asked about at once; a sentence at least.
            remember: ask about no stretch twice that stands behind the same words.
        """
        self._chat = chat
        self._stretch = stretch
        self._answers: dict[tuple[str, str, str | None], Completion] | None = {} if remember else None
        self._entailment = entailment
        self._fallback = fallback
        self._prompt = prompt or ExtractionPrompt.load()

    def extract(self, drafts: Sequence[Draft]) -> list[Extraction]:
        """Return the claims of each draft, numbered c1, c2, … in the order of the text."""
        stretches = [s for n, draft in enumerate(drafts) for s in self._stretches(n, draft)]
        known = {} if self._answers is None else self._answers
        asked = [s for s in stretches if s.key not in known]
        answers = iter(self._chat.attempt([s.request for s in asked]) if asked else ())
        found: list[list[_Read]] = [[] for _ in drafts]
        for stretch in stretches:
            told = stretch.key not in known
            found[stretch.draft].append(_Read(stretch, next(answers) if told else known[stretch.key], not told))
        if self._answers is not None:
            read = [r for part in found for r in part]
            self._answers.update((r.stretch.key, r.answer) for r in read if isinstance(r.answer, Completion))
        return [self._extraction(draft, parts) for draft, parts in zip(drafts, found, strict=True)]

    def by_sentence(self) -> ModelExtractor:
        """Return one for a text that grows: it asks about each sentence by itself, and about none twice."""
        return ModelExtractor(self._chat, self._entailment, self._fallback, self._prompt, stretch=0, remember=True)

    def requests(self, drafts: Sequence[Draft]) -> list[ChatRequest]:
        """Return what would be asked about the drafts, for an estimate beforehand."""
        return [s.request for n, draft in enumerate(drafts) for s in self._stretches(n, draft)]

    def _stretches(self, number: int, draft: Draft) -> list[_Stretch]:
        nonce = new_nonce(draft.text, draft.question or "")
        found = []
        for span in _cut(draft.text, self._stretch):
            before = draft.text[max(0, span.start - _BEFORE) : span.start].strip()
            key = (span.of(draft.text), before, draft.question)
            found.append(_Stretch(draft=number, span=span, request=self._prompt.request(*key, nonce), key=key))
        return found

    def _extraction(self, draft: Draft, parts: Sequence[_Read]) -> Extraction:
        sentences = split_sentences(draft.text)
        claims: list[tuple[str, Span]] = []
        exchanges: list[Exchange] = []
        unread: list[Span] = []
        problems: dict[str, None] = {}
        dropped = 0
        for stretch, answer, remembered in parts:
            try:
                if isinstance(answer, FactCheckError):
                    raise answer
                if not remembered:
                    exchanges.append(Exchange.of(Stage.EXTRACT, stretch.request, answer))
                if answer.finish_reason == "length":
                    raise InputError("the answer was cut off")
                stated, invented = self._stated(draft, stretch.span, sentences, read_claims(answer.text))
            except FactCheckError as error:
                unread.append(stretch.span)
                problems[str(error)] = None
                continue
            claims.extend(stated)
            dropped += invented
        warnings = []
        if unread:
            ruled = self._fallback.extract([draft])[0]
            claims.extend((c.text, c.span) for c in ruled.claims if any(_begins_in(c.span, s) for s in unread))
            warnings.append(f"claims were found by rule, since the writer failed: {'; '.join(problems)}")
            warnings.extend(ruled.warnings)
        if dropped:
            noun = "claim of the writer's list was" if dropped == 1 else "claims of the writer's list were"
            warnings.append(f"{dropped} {noun} dropped: the draft does not say so")
        ordered = sorted(dict.fromkeys(claims), key=lambda claim: (claim[1].start, claim[1].end))
        return Extraction(
            claims=tuple(Claim(id=f"c{n}", text=text, span=span) for n, (text, span) in enumerate(ordered, 1)),
            warnings=tuple(warnings),
            exchanges=tuple(exchanges),
        )

    def _stated(
        self, draft: Draft, within: Span, sentences: Sequence[Span], found: Sequence[FoundClaim]
    ) -> tuple[list[tuple[str, Span]], int]:
        """Return the claims that the draft states with their places, and how many it does not."""
        placed: list[tuple[str, Span]] = []
        dropped, after = 0, within.start
        for item in found:
            text = visible_text(" ".join(item.claim.split()))
            if not item.check_worthy or not text:
                continue
            span = place(item.quote, text, draft.text, within, sentences, after)
            if span is None:
                dropped += 1
                continue
            after = span.start
            placed.append((text, span))
        sure = [is_stated(self._entailment, draft, sentences, text, span) for text, span in placed]
        kept = [claim for claim, stated in zip(placed, sure, strict=True) if stated]
        return kept, dropped + len(placed) - len(kept)


def _cut(text: str, longest: int) -> list[Span]:
    """Cut a draft into stretches of whole sentences, of one each where no more are short enough together."""
    stretches: list[Span] = []
    for sentence in split_sentences(text):
        if not sentence.of(text).strip():
            continue
        if stretches and sentence.end - stretches[-1].start <= longest:
            stretches[-1] = Span(start=stretches[-1].start, end=sentence.end)
        else:
            stretches.append(sentence)
    return stretches


def _begins_in(span: Span, stretch: Span) -> bool:
    return stretch.start <= span.start < stretch.end
