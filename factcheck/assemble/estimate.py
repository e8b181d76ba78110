"""What checking texts would ask of the writing model, before it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from factcheck.types import ChatRequest, Claim, Draft, Message, Span, Stage

if TYPE_CHECKING:
    from factcheck.assemble import Assembly
    from factcheck.models.chat.meter import Estimate


_SHORT = 200
"""Tokens of a verification question's answer, or of a review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Bounds of what a job takes: drafting and extraction alone, and with every round of rewriting that is allowed."""

    least: Estimate
    most: Estimate


def forecast(parts: Assembly, drafts: Sequence[Draft], questions: Sequence[str], n: int, *, revise: bool) -> Forecast:
    """Estimate a job by the requests that it would send; nothing is sent.

    Args:
        parts: of the checker.
        drafts: to check.
        questions: to answer.
        n: drafts for each question.
        revise: with rewriting; each round is taken to rewrite every claim that the rules find, with the evidence found
            for it.
    """
    from factcheck.extract.model import ModelExtractor
    from factcheck.extract.rules import RuleExtractor
    from factcheck.generate.chat import ChatGenerator, SeveralGenerator
    from factcheck.models.chat.meter import DEFAULT_ANSWER
    from factcheck.revise.model import MOST_QUESTIONS, ModelReviser
    from factcheck.screen.guard import ScreenedReviser

    policy = parts.settings.revise
    chat = parts.writers.chat(Stage.GENERATE)
    limit = parts.settings.chat.max_tokens
    least: list[ChatRequest] = []
    generator = parts.generator() if questions else None
    if isinstance(generator, ChatGenerator | SeveralGenerator):
        least += generator.requests(questions, n)
    unknown = " ".join(["word"] * (limit or DEFAULT_ANSWER))
    texts = [*drafts, *(Draft(text=unknown, question=q) for q in questions for _ in range(n))]
    extractor = parts.extractor
    if isinstance(extractor, ModelExtractor):
        least += extractor.requests(texts)
    most = list(least)
    reviser = parts.reviser.inner if isinstance(parts.reviser, ScreenedReviser) else parts.reviser
    if revise and isinstance(reviser, ModelReviser):
        claims = [extraction.claims for extraction in RuleExtractor().extract(texts)]
        for draft, found in zip(texts, claims, strict=True):
            k = parts.settings.retrieve.passages
            shown = [f"{c.text} " + " ".join("x" * 900 for _ in range(min(k, 4))) for c in found or (_whole(draft),)]
            prompt = Message(role="user", content=draft.text + "\n".join(shown))
            answer = max(1, len(draft.text) // 3)
            request = ChatRequest(messages=(prompt,), max_tokens=answer if limit is None else min(answer, limit))
            a_round = [request]
            if policy.verification_questions:
                a_round += [replace(request, max_tokens=_SHORT)] * (1 + MOST_QUESTIONS)
            if policy.critique:
                a_round += [replace(request, max_tokens=_SHORT), request]
            if isinstance(extractor, ModelExtractor):  # the whole text is read anew
                a_round += extractor.requests([draft])
            most += a_round * parts.settings.reflect.max_rounds
    estimate = parts.writers.meter.estimate
    filled = parts.writers.sampling.fill
    return Forecast(least=estimate(chat, [filled(r) for r in least]), most=estimate(chat, [filled(r) for r in most]))


def _whole(draft: Draft) -> Claim:
    return Claim(id="c1", text=draft.text, span=Span(start=0, end=len(draft.text)))
