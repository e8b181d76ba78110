"""What is asked of a model that writes, what it answers, and what that costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from factcheck.types.vocabularies import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a conversation; role is `system`, `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """What to ask a chat model; a parameter that is None is not sent.

    Attributes:
        top_k: no parameter of OpenAI's, like `min_p`; servers that know them take them beside the others.
        json_schema: what the answer has to look like; servers that can, enforce it.
        probabilities: ask for the probability of each token of the answer.
        sample: which of several answers to the same question; never sent, but other samples are other cache entries.
        nonce: a random string inside the messages that marks off data; it does not make a request another one.
    """

    messages: tuple[Message, ...]
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    json_schema: Mapping[str, object] | None = None
    probabilities: bool = False
    sample: int = 0
    nonce: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that a completion cost."""

    prompt_tokens: int
    completion_tokens: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenProbability:
    """A token of an answer and how sure the model was of it, in [0, 1]."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A chat model's answer.

    Attributes:
        usage: what it cost to produce; an answer from the cache costs nothing now.
        finish_reason: `stop`, or `length` where it was cut.
        tokens: with their probabilities, where they were asked for and the model gives them.
        cached: it was answered before, and comes from the cache.
        cost: in the currency of the price table; None without one.
    """

    text: str
    usage: Usage
    finish_reason: str
    model: str
    seconds: float
    tokens: tuple[TokenProbability, ...] = ()
    cached: bool = False
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question to a chat model and its answer, for the record."""

    stage: Stage
    messages: tuple[Message, ...]
    text: str
    usage: Usage
    model: str
    seconds: float = field(default=0.0, compare=False)
    cached: bool = False
    cost: float | None = None

    @classmethod
    def of(cls, stage: Stage, request: ChatRequest, completion: Completion) -> Exchange:
        """Return the record of an answered request."""
        return cls(
            stage=stage,
            messages=request.messages,
            text=completion.text,
            usage=completion.usage,
            model=completion.model,
            seconds=completion.seconds,
            cached=completion.cached,
            cost=completion.cost,
        )

    @property
    def tokens(self) -> int:
        """What it used; nothing where the answer came from the cache."""
        return 0 if self.cached else self.usage.total


@dataclass(frozen=True, slots=True, kw_only=True)
class StageUsage:
    """What one stage asked of chat models; tokens and cost count what was really asked, not what the cache had."""

    calls: int = 0
    cached: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None


def usage_by_stage(exchanges: Iterable[Exchange]) -> dict[Stage, StageUsage]:
    """Add up exchanges stage by stage; a cost is given where every answer of the stage has one."""
    grouped: dict[Stage, list[Exchange]] = {}
    for exchange in exchanges:
        grouped.setdefault(exchange.stage, []).append(exchange)
    return {stage: _added_up(grouped[stage]) for stage in Stage if stage in grouped}


def _added_up(exchanges: Sequence[Exchange]) -> StageUsage:
    asked = [e for e in exchanges if not e.cached]
    costs = [e.cost for e in asked if e.cost is not None]
    return StageUsage(
        calls=len(asked),
        cached=len(exchanges) - len(asked),
        prompt_tokens=sum(e.usage.prompt_tokens for e in asked),
        completion_tokens=sum(e.usage.completion_tokens for e in asked),
        cost=sum(costs) if costs and len(costs) == len(asked) else None,
    )
