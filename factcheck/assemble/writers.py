"""The models that write: opened once, and metered together for all stages of one checker."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from factcheck.config import Settings
from factcheck.errors import UsageError
from factcheck.protocols import ChatModel
from factcheck.types import Stage

if TYPE_CHECKING:
    from factcheck.models.chat import Meter, Sampling


class Writers:
    """Opens writing models by their specification and puts the budget, the prices and the cache around them."""

    def __init__(self, settings: Settings, *, generation: str) -> None:
        """Keep what was asked for; nothing is opened yet.

        Args:
            settings: all of them.
            generation: of the evidence, for the response cache.
        """
        self._settings = settings
        self._generation = generation
        self._opened: dict[str, ChatModel] = {}

    @property
    def spec(self) -> str | None:
        """Of the writer; None where there is none."""
        return self._settings.models.chat or None

    @property
    def specs(self) -> tuple[str, ...]:
        """Of all writers that draft."""
        return tuple(
            dict.fromkeys(spec for spec in (self._settings.models.chat, *self._settings.generate.also) if spec)
        )

    def chat(self, stage: Stage, spec: str | None = None) -> ChatModel:
        """Return a writer as a stage shall use it.

        Args:
            stage: that its use is booked to.
            spec: of another writer than the usual one.

        Raises:
            UsageError: no writer was named.
        """
        wanted = spec or self.spec
        if wanted is None:
            remedy = "name one with --writer or models.chat, as in openai:MODEL"
            raise UsageError(f"the stage '{stage}' needs a model that writes", remedy=remedy)
        return self.meter.wrap(self._model(wanted), stage, self.sampling)

    @property
    def sampling(self) -> Sampling:
        """The parameters of every request that sets none of its own."""
        from factcheck.models.chat import Sampling

        chat = self._settings.chat
        return Sampling(
            temperature=chat.temperature,
            top_p=chat.top_p,
            top_k=chat.top_k,
            min_p=chat.min_p,
            seed=chat.seed,
            stop=chat.stop,
            max_tokens=chat.max_tokens,
        )

    @cached_property
    def meter(self) -> Meter:
        """What is spent, over the life of the checker."""
        from factcheck.models.chat import Meter, Prices
        from factcheck.models.chat.cache import ResponseCache

        chat = self._settings.chat
        if chat.max_cost is not None and not chat.prices:
            remedy = "name a price table with --prices, or limit tokens with --max-tokens-total"
            raise UsageError("a limit on cost needs prices", where="chat.max_cost", remedy=remedy)
        return Meter(
            prices=Prices.read(Path(chat.prices)) if chat.prices else None,
            max_cost=chat.max_cost,
            max_tokens=chat.max_tokens_total,
            cache=ResponseCache(Path(chat.cache), generation=self._generation) if chat.cache else None,
        )

    def close(self) -> None:
        """Close connections and the cache."""
        for model in self._opened.values():
            close = getattr(model, "close", None)
            if close is not None:
                close()
        self._opened.clear()
        if "meter" in self.__dict__ and self.meter.cache is not None:
            self.meter.cache.close()
            del self.__dict__["meter"]

    def provenance(self) -> dict[str, str] | None:
        """Name the writer, without opening it."""
        return None if self.spec is None else {"name": self.spec, "base_url": self._settings.chat.base_url}

    def _model(self, spec: str) -> ChatModel:
        if spec not in self._opened:
            from factcheck.models.chat import Limits, load_chat

            chat = self._settings.chat
            self._opened[spec] = load_chat(
                spec,
                base_url=chat.base_url or None,
                key_variable=chat.key_variable,
                limits=Limits(
                    timeout_seconds=chat.timeout_seconds,
                    total_seconds=chat.total_seconds,
                    attempts=chat.attempts,
                    concurrency=chat.concurrency,
                ),
                device=chat.device,
                dtype=chat.dtype,
                threads=self._settings.models.threads,
            )
        return self._opened[spec]
