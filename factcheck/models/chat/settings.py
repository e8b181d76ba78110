"""What can be set about a chat model: how it samples, and how patient we are with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from factcheck.types import ChatRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Parameters of every request that does not set its own; what is None is not sent.

    Source: top-p from Holtzman et al., The Curious Case of Neural Text Degeneration (2020), section 4; min-p from
    Nguyen et al., Turning Up the Heat (2024), section 3.
    """

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    max_tokens: int | None = None

    def fill(self, request: ChatRequest) -> ChatRequest:
        """Return the request with what it leaves open taken from here."""
        return replace(
            request,
            temperature=self.temperature if request.temperature is None else request.temperature,
            top_p=self.top_p if request.top_p is None else request.top_p,
            top_k=self.top_k if request.top_k is None else request.top_k,
            min_p=self.min_p if request.min_p is None else request.min_p,
            seed=self.seed if request.seed is None else request.seed,
            stop=request.stop or self.stop,
            max_tokens=self.max_tokens if request.max_tokens is None else request.max_tokens,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Patience with an endpoint.

    Attributes:
        timeout_seconds: of one try, by the clock, however slowly the answer drips.
        total_seconds: of one request, all tries and the pauses between them included.
        attempts: tries of one request.
        concurrency: requests under way at once.
        wait_seconds: pause before the second try; it doubles from try to try, with jitter.
        failures_to_open: failures running after which the endpoint is left alone.
        open_seconds: for how long.
    """

    timeout_seconds: float = 60.0
    total_seconds: float = 180.0
    attempts: int = 4
    concurrency: int = 4
    wait_seconds: float = 0.5
    failures_to_open: int = 8
    open_seconds: float = 30.0
