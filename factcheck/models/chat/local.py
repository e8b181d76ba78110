"""A Hugging Face causal model in this process: safetensors only, its own chat template, no code of its own.

One request at a time, so that an answer never depends on its neighbours. Seeds are kept apart from the rest of the
process: sampling here does not move the random numbers of the caller.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from factcheck.errors import FactCheckError, ModelError, ServiceError, TextError, UsageError
from factcheck.models.chat.meter import all_answered
from factcheck.models.pretrained import hash_folder, load_tokenizer, load_weights, resolve, torch_for
from factcheck.types import ChatRequest, Completion, Message, TokenProbability, Usage

_DEFAULT_ANSWER = 512
_DTYPES = ("float32", "bfloat16", "float16")


class LocalChat:
    """A causal model with its tokenizer."""

    def __init__(self, model: Any, tokenizer: Any, path: Path, name: str, *, total_seconds: float = 180.0) -> None:
        """Take a loaded model; `LocalChat.load` loads one."""
        self._model = model
        self._tokenizer = tokenizer
        self._name = name
        self._identity = f"{name} {hash_folder(path)}"
        self._seconds = total_seconds
        self._lock = threading.Lock()  # the global random state of torch is one for the process
        limit = getattr(model.config, "max_position_embeddings", None)
        self._longest = limit if isinstance(limit, int) and limit > 0 else None

    @classmethod
    def load(
        cls, spec: str, *, device: str = "auto", dtype: str = "auto", threads: int = 0, total_seconds: float = 180.0
    ) -> LocalChat:
        """Load a folder, or `hf:NAME` from the hub's cache or, as the user named it, from the hub.

        Args:
            spec: the folder, or `hf:NAME`.
            device: `auto` takes a GPU where there is one.
            dtype: `auto` takes the model's own on a GPU, float32 on a CPU.
            threads: of torch; 0 for its own choice.
            total_seconds: that one answer may take.

        Raises:
            MissingExtraError: torch or transformers is not installed.
            ModelError: there are no safe weights, or they are not those of a causal model.
            ServiceError: the hub does not have it.
            UsageError: there is no such device or dtype.
        """
        torch = torch_for("a local chat model", threads)
        place = _device(torch, device)
        kind = _dtype(torch, dtype, place)
        path, _ = resolve(spec)
        model, missing = load_weights("AutoModelForCausalLM", path, kind)
        if missing:  # nobody wants to read what random numbers write
            what = f"the weights lack {missing[0]}" + (f" and {len(missing) - 1} more" if missing[1:] else "")
            raise ModelError(what, where=path, remedy="name a causal language model, with all of its weights")
        tokenizer = load_tokenizer(path)
        return cls(model.to(place).eval(), tokenizer, path, spec, total_seconds=total_seconds)

    @property
    def name(self) -> str:
        """The specification string."""
        return self._name

    @property
    def identity(self) -> str:
        """The name and the hash of all files that are read."""
        return self._identity

    def attempt(self, requests: Sequence[ChatRequest]) -> list[Completion | FactCheckError]:
        """Answer each request, or say why not."""
        answers: list[Completion | FactCheckError] = []
        for request in requests:
            try:
                answers.append(self._answer(request))
            except FactCheckError as error:
                answers.append(error)
        return answers

    def complete(self, requests: Sequence[ChatRequest]) -> list[Completion]:
        """Answer each request; the first that failed is raised."""
        return all_answered(self.attempt(requests))

    def stream(self, request: ChatRequest) -> Iterator[str]:
        """Yield the answer in pieces as they are written; leaving early ends the writing."""
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        prompt = self._prompt(request)
        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        given_up = threading.Event()
        problem: list[Exception] = []

        def write() -> None:
            try:
                stop = StoppingCriteriaList([lambda ids, scores, **_: _all(ids, given_up.is_set())])
                self._generate(prompt, request, streamer=streamer, stopping_criteria=stop)
            except Exception as error:  # handed to whoever reads
                problem.append(error)
                streamer.end()  # type: ignore[no-untyped-call]

        thread = threading.Thread(target=write, name="factcheck-stream", daemon=True)
        thread.start()
        try:
            yield from (piece for piece in streamer if piece)
        finally:
            given_up.set()
            thread.join()
        if problem:
            raise problem[0]

    def count_tokens(self, text: str) -> int:
        """Return the length of a text in tokens, without special ones."""
        return len(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    # --------------------------------------------------------------------------------------------------- generation

    def _answer(self, request: ChatRequest) -> Completion:
        start = time.monotonic()
        prompt = self._prompt(request)
        output = self._generate(prompt, request)
        length = prompt["input_ids"].shape[1]
        written = output.sequences[0][length:]
        text = self._tokenizer.decode(written, skip_special_tokens=True)
        ended = len(written) > 0 and int(written[-1]) in self._ends()
        stopped = [text.find(mark) for mark in request.stop if mark in text]
        if stopped:  # the protocol leaves the stop string out
            text = text[: min(stopped)]
        seconds = time.monotonic() - start
        if not ended and not stopped and seconds >= self._seconds:
            what = f"did not finish within {self._seconds:g} s"
            raise ServiceError(what, where=self._name, remedy="set max_tokens, or raise chat.total_seconds")
        return Completion(
            text=text,
            usage=Usage(prompt_tokens=length, completion_tokens=len(written)),
            finish_reason="stop" if ended or stopped else "length",
            model=self._name,
            seconds=seconds,
            tokens=self._probabilities(output, written) if request.probabilities else (),
        )

    def _prompt(self, request: ChatRequest) -> Any:
        """Return the token ids of the conversation, by the model's template where it has one."""
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        if self._tokenizer.chat_template:
            try:
                given = self._tokenizer.apply_chat_template(
                    messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
                )
            except Exception as error:  # templates refuse roles in their own ways
                what = f"its chat template refuses the conversation ({error})"
                raise ModelError(
                    what, where=self._name, remedy="name a model whose template takes a system turn"
                ) from error
        else:
            given = self._tokenizer(_plain(request.messages), return_tensors="pt")
        length = given["input_ids"].shape[1]
        if self._longest is not None and length >= self._longest:
            what = f"the prompt has {length:,} tokens, the model reads {self._longest:,}"
            raise TextError(what, where=self._name, remedy="give less evidence (retrieve.passages), or a shorter text")
        return {name: given[name].to(self._model.device) for name in ("input_ids", "attention_mask")}

    def _generate(self, prompt: Any, request: ChatRequest, **more: Any) -> Any:
        import torch

        sampled = request.temperature is None or request.temperature > 0
        settings: dict[str, Any] = {
            "max_new_tokens": self._room(prompt, request),
            "max_time": self._seconds,
            "return_dict_in_generate": True,
            "output_logits": request.probabilities,
            "pad_token_id": self._tokenizer.pad_token_id if self._tokenizer.pad_token_id is not None else 0,
        }
        if not sampled:
            settings |= {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        elif any(v is not None for v in (request.temperature, request.top_p, request.top_k, request.min_p)):
            settings["do_sample"] = True
            for name in ("temperature", "top_p", "top_k", "min_p"):
                value = getattr(request, name)
                if value is not None:
                    settings[name] = value
        if request.stop:
            settings |= {"stop_strings": list(request.stop), "tokenizer": self._tokenizer}
        devices = [self._model.device] if self._model.device.type == "cuda" else []
        with self._lock, torch.inference_mode(), torch.random.fork_rng(devices=devices):
            if request.seed is not None:
                torch.manual_seed(request.seed + request.sample)
            try:
                return self._model.generate(**prompt, **settings, **more)
            except (ValueError, RuntimeError) as error:  # a parameter out of range, or memory
                first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
                what = f"cannot write ({first})"
                raise UsageError(what, where=self._name, remedy="see the parameters of [chat]") from error

    def _room(self, prompt: Any, request: ChatRequest) -> int:
        wanted = request.max_tokens or _DEFAULT_ANSWER
        if self._longest is None:
            return wanted
        return max(1, min(wanted, self._longest - int(prompt["input_ids"].shape[1])))

    def _ends(self) -> frozenset[int]:
        end = self._model.generation_config.eos_token_id
        if end is None:
            end = self._tokenizer.eos_token_id
        if end is None:
            return frozenset()
        return frozenset(end if isinstance(end, list) else [int(end)])

    def _probabilities(self, output: Any, written: Any) -> tuple[TokenProbability, ...]:
        import torch

        found = []
        for token, logits in zip(written.tolist(), output.logits, strict=False):
            probability = float(torch.softmax(logits[0].float(), dim=-1)[token])
            found.append(TokenProbability(text=self._tokenizer.decode([token]), probability=probability))
        return tuple(found)


def _plain(messages: Sequence[Message]) -> str:
    """Return a conversation for a model without a template: its turns one below the other."""
    return "\n\n".join(message.content for message in messages) + "\n\n"


def _all(ids: Any, value: bool) -> Any:
    import torch

    return torch.full((ids.shape[0],), value, dtype=torch.bool, device=ids.device)


def _device(torch: Any, wanted: str) -> str:
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        place = torch.device(wanted)
        torch.empty(0, device=place)
    except (RuntimeError, AssertionError) as error:
        what = f"there is no device '{wanted}' ({str(error).splitlines()[0]})"
        raise UsageError(what, where="chat.device", remedy="name cpu, cuda, cuda:N or mps") from error
    return str(place)


def _dtype(torch: Any, wanted: str, device: str) -> Any:
    if wanted == "auto":
        return torch.float32 if device == "cpu" else "auto"
    if wanted not in _DTYPES:
        raise UsageError(
            f"there is no dtype '{wanted}'", where="chat.dtype", remedy=f"name one of {', '.join(_DTYPES)}"
        )
    return getattr(torch, wanted)
