"""What is spent on chat models: one budget, one price table and one response cache around every stage's model."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from factcheck.errors import BudgetError, FactCheckError
from factcheck.models.chat.cache import ResponseCache
from factcheck.models.chat.prices import Prices
from factcheck.models.chat.settings import Sampling
from factcheck.models.chat.tokens import estimate_messages, estimate_usage
from factcheck.protocols import ChatModel
from factcheck.types import ChatRequest, Completion, Stage, StageUsage, Usage

DEFAULT_ANSWER = 512
"""Tokens that an answer is taken to have, for planning, where a request sets no limit."""

LONGEST_ANSWER = 2048
"""Under a budget an answer gets this limit where a request sets none: one answer must not take all that is left."""

SHORTEST_ANSWER = 32
"""An answer that could not even have so many tokens, or what the request asks for, is not begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What requests would take if none of them is in the cache; an upper bound where requests limit their answers."""

    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None

    @property
    def tokens(self) -> int:
        """Both together."""
        return self.prompt_tokens + self.completion_tokens


class Meter:
    """Counts what is spent, and refuses what would go beyond the budget.

    A request is let through only if its prompt and the longest answer it may get still fit; a request that sets no
    limit to its answer gets one. So the budget is kept, as far as the estimate of the prompt is right.
    """

    def __init__(
        self,
        *,
        prices: Prices | None = None,
        max_cost: float | None = None,
        max_tokens: int | None = None,
        cache: ResponseCache | None = None,
    ) -> None:
        """Start at nothing.

        Args:
            prices: without them cost is unknown.
            max_cost: in the currency of the prices; None for no limit.
            max_tokens: of prompts and answers together; None for no limit.
            cache: of answers; what it has costs nothing.
        """
        self.prices = prices or Prices()
        self.max_cost = max_cost
        self.max_tokens = max_tokens
        self.cache = cache
        self._lock = threading.Lock()
        self._tokens = 0
        self._cost = 0.0
        self._reserved_tokens = 0
        self._reserved_cost = 0.0
        self._stages: dict[Stage, StageUsage] = {}

    @property
    def stages(self) -> dict[Stage, StageUsage]:
        """What each stage has used so far."""
        with self._lock:
            return dict(self._stages)

    @property
    def tokens(self) -> int:
        """Spent so far, answers from the cache not counted."""
        with self._lock:
            return self._tokens

    @property
    def cost(self) -> float:
        """Spent so far, where prices are known."""
        with self._lock:
            return self._cost

    def wrap(self, model: ChatModel, stage: Stage, sampling: Sampling | None = None) -> MeteredChat:
        """Return the model as a stage shall see it."""
        return MeteredChat(model, stage, self, sampling or Sampling())

    def estimate(self, model: ChatModel, requests: Sequence[ChatRequest]) -> Estimate:
        """Say before a large batch what it would take."""
        prompt = sum(estimate_messages(r.messages) for r in requests)
        answer = sum(r.max_tokens or DEFAULT_ANSWER for r in requests)
        usage = Usage(prompt_tokens=prompt, completion_tokens=answer)
        cost = self.prices.cost(model.name, usage)
        return Estimate(calls=len(requests), prompt_tokens=prompt, completion_tokens=answer, cost=cost)

    def reserve(self, model: str, request: ChatRequest) -> tuple[ChatRequest, Usage]:
        """Set aside what a request may take, and limit its answer to what is left.

        Raises:
            BudgetError: it does not fit any more.
        """
        prompt = estimate_messages(request.messages)
        with self._lock:
            answer = request.max_tokens
            if self.max_tokens is not None:
                left = self.max_tokens - self._tokens - self._reserved_tokens - prompt
                if left < _least(request):
                    needed = prompt + _least(request)
                    what = (
                        f"the budget of {self.max_tokens:,} tokens does not cover the next request "
                        f"({self._tokens:,} used, at least {needed:,} more needed)"
                    )
                    raise BudgetError(what, remedy="raise --max-tokens-total, or go on with what is done")
                answer = min(answer or LONGEST_ANSWER, left)
            if self.max_cost is not None:
                answer = self._affordable(model, prompt, request, answer or LONGEST_ANSWER)
            usage = Usage(prompt_tokens=prompt, completion_tokens=answer or 0)
            self._reserved_tokens += usage.total
            self._reserved_cost += self.prices.cost(model, usage) or 0.0
        return replace(request, max_tokens=answer), usage

    def _affordable(self, model: str, prompt: int, request: ChatRequest, answer: int) -> int:
        """Return how long an answer the money that is left pays for, at most `answer`."""
        if self.max_cost is None:
            return answer
        if not self.prices.knows(model):
            remedy = "add it to the table of --prices, or limit tokens with --max-tokens-total"
            raise BudgetError(f"the price of '{model}' is not known, so that its cost cannot be limited", remedy=remedy)
        left = self.max_cost - self._cost - self._reserved_cost
        for_prompt = self.prices.cost(model, Usage(prompt_tokens=prompt, completion_tokens=0)) or 0.0
        for_token = self.prices.cost(model, Usage(prompt_tokens=0, completion_tokens=1)) or 0.0
        if left <= 0 or left - for_prompt < for_token * _least(request):
            what = f"the budget of {self.max_cost:g} does not cover the next request ({self._cost:g} used)"
            raise BudgetError(what, remedy="raise --max-cost, or go on with what is done")
        if for_token == 0:
            return answer
        return min(answer, int((left - for_prompt) / for_token))

    def settle(
        self, model: str, stage: Stage, reserved: Usage | None, completion: Completion | None
    ) -> Completion | None:
        """Give back what was set aside, and book what was used; a failed request has used nothing that is known."""
        with self._lock:
            if reserved is not None:
                self._reserved_tokens -= reserved.total
                self._reserved_cost -= self.prices.cost(model, reserved) or 0.0
            if completion is None:
                return None
            before = self._stages.get(stage, StageUsage())
            if completion.cached:
                self._stages[stage] = replace(before, cached=before.cached + 1)
                return completion
            usage = completion.usage
            cost = self.prices.cost(model, usage)
            self._tokens += usage.total
            self._cost += cost or 0.0
            known = cost is not None and (before.cost is not None or before.calls == 0)
            self._stages[stage] = StageUsage(
                calls=before.calls + 1,
                cached=before.cached,
                prompt_tokens=before.prompt_tokens + usage.prompt_tokens,
                completion_tokens=before.completion_tokens + usage.completion_tokens,
                cost=(before.cost or 0.0) + (cost or 0.0) if known else None,
            )
            return replace(completion, cost=cost)


class MeteredChat:
    """A chat model behind the cache and the budget, for one stage."""

    def __init__(self, model: ChatModel, stage: Stage, meter: Meter, sampling: Sampling) -> None:
        self._model = model
        self._stage = stage
        self._meter = meter
        self._sampling = sampling

    @property
    def name(self) -> str:
        """The specification string of the model behind it."""
        return self._model.name

    @property
    def identity(self) -> str:
        """Of the model behind it."""
        return self._model.identity

    def attempt(self, requests: Sequence[ChatRequest]) -> list[Completion | FactCheckError]:
        """Answer each request from the cache or by the model, or say why not."""
        filled = [self._sampling.fill(request) for request in requests]
        answers: list[Completion | FactCheckError | None] = [self._remembered(request) for request in filled]
        places, limited, reserved = [], [], []
        for place, request in enumerate(filled):
            if answers[place] is not None:
                continue
            try:
                fitting, usage = self._meter.reserve(self.name, request)
            except BudgetError as error:
                answers[place] = error
                continue
            places.append(place)
            limited.append(fitting)
            reserved.append(usage)
        pending = list(reserved)
        try:
            found = self._model.attempt(limited) if limited else []
            for place, fitting, answer in zip(places, limited, found, strict=True):
                answers[place] = self._booked(filled[place], fitting, answer, pending.pop(0))
        finally:
            for usage in pending:
                self._meter.settle(self.name, self._stage, usage, None)
        return [answer for answer in answers if answer is not None]

    def complete(self, requests: Sequence[ChatRequest]) -> list[Completion]:
        """Answer each request; the first that failed is raised."""
        return all_answered(self.attempt(requests))

    def stream(self, request: ChatRequest) -> Iterator[str]:
        """Yield the answer in pieces; what it took is estimated, since few servers say."""
        filled = self._sampling.fill(request)
        fitting, reserved = self._meter.reserve(self.name, filled)
        pieces: list[str] = []
        try:
            for piece in self._model.stream(fitting):
                pieces.append(piece)
                yield piece
        finally:
            text = "".join(pieces)
            usage = estimate_usage(filled, text)
            answer = Completion(text=text, usage=usage, finish_reason="", model=self.name, seconds=0.0)
            self._meter.settle(self.name, self._stage, reserved, answer)

    def _remembered(self, request: ChatRequest) -> Completion | None:
        found = None if self._meter.cache is None else self._meter.cache.get(self.identity, request)
        return None if found is None else self._meter.settle(self.name, self._stage, None, found)

    def _booked(
        self, request: ChatRequest, sent: ChatRequest, answer: Completion | FactCheckError, reserved: Usage
    ) -> Completion | FactCheckError:
        if isinstance(answer, FactCheckError):
            self._meter.settle(self.name, self._stage, reserved, None)
            return answer
        booked = self._meter.settle(self.name, self._stage, reserved, answer)
        # An answer that the budget cut short is not what the model says to this request.
        cut_short = answer.finish_reason == "length" and sent.max_tokens != request.max_tokens
        if self._meter.cache is not None and not cut_short:
            self._meter.cache.put(self.identity, request, answer)
        return booked or answer


def _least(request: ChatRequest) -> int:
    return min(request.max_tokens or SHORTEST_ANSWER, SHORTEST_ANSWER)


def all_answered(answers: Sequence[Completion | FactCheckError]) -> list[Completion]:
    """Return the answers if there is one to each request, else raise the first failure."""
    for answer in answers:
        if isinstance(answer, FactCheckError):
            raise answer
    return [answer for answer in answers if isinstance(answer, Completion)]
