"""Any endpoint that speaks OpenAI's chat protocol: vLLM, Ollama, llama.cpp, TGI, the OpenAI API itself.

The key comes from the environment alone and appears in no message. The SDK's own retries are off: ours know
Retry-After, a budget of time over all tries, and a circuit breaker.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
import weakref
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from typing import Any

from factcheck.errors import FactCheckError, MissingExtraError, ServiceError, UsageError
from factcheck.models.chat.answers import read_answer, read_pieces
from factcheck.models.chat.breaker import CircuitBreaker
from factcheck.models.chat.loop import LoopThread
from factcheck.models.chat.meter import all_answered
from factcheck.models.chat.refusals import Refusals, pause_before_retry, refused_parameter
from factcheck.models.chat.settings import Limits
from factcheck.types import ChatRequest, Completion

PREFIX = "openai:"
DEFAULT_URL = "https://api.openai.com/v1"
KEY_VARIABLE = "OPENAI_API_KEY"
URL_VARIABLE = "OPENAI_BASE_URL"

_LOG = logging.getLogger("factcheck.models")


class EndpointChat:
    """A model behind a URL; requests of one call run side by side, up to the limit."""

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        key_variable: str = KEY_VARIABLE,
        limits: Limits | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        """Name the model; nothing is sent yet.

        Args:
            model: as the endpoint calls it.
            base_url: up to and with `/v1`; OPENAI_BASE_URL, else OpenAI's, unless given.
            key_variable: the environment variable that holds the key.
            limits: patience.
            breaker: shared by several models of one endpoint, if wished.

        Raises:
            MissingExtraError: the extra 'llm' is not installed.
            UsageError: the URL is none, or OpenAI's own endpoint is meant and there is no key.
        """
        if not model:
            raise UsageError("names no model", where=PREFIX, remedy=f"write {PREFIX}MODEL")
        _require()
        self._model = model
        self._url = (base_url or os.environ.get(URL_VARIABLE) or DEFAULT_URL).rstrip("/")
        if not self._url.startswith(("http://", "https://")):
            remedy = "write it with http:// or https:// and, as a rule, /v1 at its end"
            raise UsageError("is not the URL of an endpoint", where=self._url, remedy=remedy)
        self._key = os.environ.get(key_variable, "").strip()
        if not self._key and self._url == DEFAULT_URL:
            remedy = f"set {key_variable}, or name your own endpoint with --base-url"
            raise UsageError("needs a key", where=self._url, remedy=remedy)
        self._limits = limits or Limits()
        self._breaker = breaker or CircuitBreaker(
            failures=self._limits.failures_to_open, seconds=self._limits.open_seconds
        )
        self._refusals = Refusals(url=self._url, model=model, key=self._key, key_variable=key_variable)
        self._schemas = True  # until the endpoint says that it does not know them
        self._loop: LoopThread | None = None
        self._client: Any = None
        self._gate: asyncio.Semaphore | None = None
        self._process = os.getpid()
        self._finalizer: weakref.finalize[..., Any] | None = None

    @property
    def name(self) -> str:
        """The specification string."""
        return PREFIX + self._model

    @property
    def identity(self) -> str:
        """The endpoint and the model."""
        return f"{self._url} {self._model}"

    @property
    def url(self) -> str:
        """The endpoint."""
        return self._url

    def attempt(self, requests: Sequence[ChatRequest]) -> list[Completion | FactCheckError]:
        """Answer each request, or say why not."""
        if not requests:
            return []
        return self._running().run(self._attempt_all(requests))

    def complete(self, requests: Sequence[ChatRequest]) -> list[Completion]:
        """Answer each request; the first that failed is raised, after all have ended."""
        return all_answered(self.attempt(requests))

    async def acomplete(self, requests: Sequence[ChatRequest]) -> list[Completion]:
        """Do as `complete` does, from within any event loop; cancelling it cancels the requests."""
        if not requests:
            return []
        return all_answered(await asyncio.wrap_future(self._running().submit(self._attempt_all(requests))))

    def stream(self, request: ChatRequest) -> Iterator[str]:
        """Yield the answer in pieces as they come; it is asked again only as long as nothing has come."""
        return self._running().iterate(self._stream(request))

    def close(self) -> None:
        """Close the connections and end the thread; a later call opens them anew."""
        if self._finalizer is not None:
            self._finalizer()
        self._loop = self._client = self._gate = self._finalizer = None

    # -------------------------------------------------------------------------------------------------- connections

    def _running(self) -> LoopThread:
        if self._process != os.getpid():  # a fork has neither the thread nor a right to the connections
            self._loop = self._client = self._gate = self._finalizer = None
            self._process = os.getpid()
        if self._loop is None:
            self._loop = LoopThread()
            self._client = self._loop.run(self._open())
            self._finalizer = weakref.finalize(self, _close, self._loop, self._client)
        return self._loop

    async def _open(self) -> Any:
        import openai

        self._gate = asyncio.Semaphore(self._limits.concurrency)
        client = openai.AsyncOpenAI(
            api_key=self._key or "none",
            base_url=self._url,
            max_retries=0,
            timeout=self._limits.timeout_seconds,
        )
        _ = client.chat.completions  # imported at its first use: now, since no request's clock is running yet
        return client

    # ----------------------------------------------------------------------------------------------------- requests

    async def _attempt_all(self, requests: Sequence[ChatRequest]) -> list[Completion | FactCheckError]:
        tasks = [asyncio.create_task(self._attempt(request)) for request in requests]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()

    async def _attempt(self, request: ChatRequest) -> Completion | FactCheckError:
        if self._gate is None:
            raise RuntimeError("the endpoint is not open")
        async with self._gate:
            try:
                return await self._patiently(request)
            except FactCheckError as error:
                return error

    async def _patiently(self, request: ChatRequest) -> Completion:
        """Try until there is an answer, a refusal, or no time left."""
        import stamina

        limits = self._limits
        deadline = time.monotonic() + limits.total_seconds
        try:
            async with asyncio.timeout(limits.total_seconds):
                async for attempt in stamina.retry_context(
                    on=lambda error: self._again(error, deadline - time.monotonic()),
                    attempts=limits.attempts,
                    timeout=None,
                    wait_initial=limits.wait_seconds,
                    wait_max=16 * limits.wait_seconds,
                    wait_jitter=limits.wait_seconds / 2,
                ):
                    with attempt:
                        return await self._try(request)
        except TimeoutError as error:
            raise self._refusals.too_slow(limits) from error
        except FactCheckError:
            raise
        except Exception as error:  # whatever client and transport raise; they have no common root
            cause = self._refusals.cause(error)
            raise self._refusals.explain(error, _parameters(request, schemas=self._schemas), limits) from cause
        raise RuntimeError("unreachable: the last attempt returns or raises")

    async def _try(self, request: ChatRequest) -> Completion:
        self._admit()
        start = time.monotonic()
        try:
            async with asyncio.timeout(self._limits.timeout_seconds):
                response = await self._client.chat.completions.create(**self._arguments(request))
                completion = read_answer(response, request, self.name, time.monotonic() - start)
        except asyncio.CancelledError:
            self._breaker.abandoned()
            raise
        except Exception as error:
            self._note(error)
            if self._schemas and request.json_schema is not None and refused_parameter(error, ["response_format"]):
                self._schemas = False  # the schema stands in the prompt as well
                return await self._try(request)
            raise
        self._breaker.succeeded()
        return completion

    async def _stream(self, request: ChatRequest) -> AsyncIterator[str]:
        import stamina

        limits = self._limits
        deadline = time.monotonic() + limits.total_seconds
        begun = False

        def again(error: Exception) -> bool | float:
            return False if begun else self._again(error, deadline - time.monotonic())

        try:
            async with asyncio.timeout(limits.total_seconds):
                async for attempt in stamina.retry_context(
                    on=again,
                    attempts=limits.attempts,
                    timeout=None,
                    wait_initial=limits.wait_seconds,
                ):
                    with attempt:
                        self._admit()
                        try:
                            chunks = await self._client.chat.completions.create(**self._arguments(request), stream=True)
                            async with aclosing(read_pieces(chunks)) as pieces:
                                async for piece in pieces:
                                    begun = True
                                    yield piece
                        except Exception as error:
                            self._note(error)
                            raise
                        self._breaker.succeeded()
        except TimeoutError as error:
            raise self._refusals.too_slow(limits) from error
        except FactCheckError:
            raise
        except Exception as error:
            cause = self._refusals.cause(error)
            raise self._refusals.explain(error, _parameters(request, schemas=self._schemas), limits) from cause

    def _again(self, error: Exception, left: float) -> bool | float:
        """Say whether and when to ask again, and let the log tell why an answer takes longer."""
        pause = pause_before_retry(error, left)
        if pause is not False:
            when = "shortly" if pause is True else f"after the {pause:.0f} s that it asks for"
            _LOG.warning("%s %s; asked again %s, if a try is left", self._url, self._refusals.brief(error), when)
        return pause

    def _admit(self) -> None:
        wait = self._breaker.closed_for()
        if wait > 0:
            what = f"failed {self._limits.failures_to_open} times running and is left alone for {wait:.0f} s more"
            raise ServiceError(what, where=self._url, remedy="see whether it is up")

    def _note(self, error: Exception) -> None:
        """Tell the breaker; an endpoint that refuses a request is up."""
        if pause_before_retry(error, None) is False or getattr(error, "status_code", None) == 429:
            self._breaker.succeeded()
        else:
            self._breaker.failed()

    def _arguments(self, request: ChatRequest) -> dict[str, Any]:
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        given = _parameters(request, schemas=self._schemas)
        extra = {name: given.pop(name) for name in ("top_k", "min_p") if name in given}
        if extra:
            given["extra_body"] = extra
        if not self._key:
            import openai

            given["extra_headers"] = {"Authorization": openai.Omit()}
        return {"model": self._model, "messages": messages, **given}


def _parameters(request: ChatRequest, *, schemas: bool) -> dict[str, Any]:
    """Return what is set, by the names of the protocol."""
    named: dict[str, Any] = {
        "temperature": request.temperature,
        "top_p": request.top_p,
        "top_k": request.top_k,
        "min_p": request.min_p,
        "seed": None if request.seed is None else request.seed + request.sample,
        "max_tokens": request.max_tokens,
        "stop": list(request.stop) or None,
        "logprobs": request.probabilities or None,
    }
    if request.json_schema is not None and schemas:
        schema = {"name": "answer", "schema": dict(request.json_schema), "strict": True}
        named["response_format"] = {"type": "json_schema", "json_schema": schema}
    return {name: value for name, value in named.items() if value is not None}


def _require() -> None:
    try:
        import openai
        import stamina
    except ImportError as error:
        raise MissingExtraError("a model behind an endpoint", "llm") from error
    del openai, stamina


def _close(loop: LoopThread, client: Any) -> None:
    loop.stop(client.close())
