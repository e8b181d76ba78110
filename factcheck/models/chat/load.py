"""From the name of a writer to the model: `openai:MODEL`, `hf:NAME`, or the folder of a causal model."""

from __future__ import annotations

from pathlib import Path

import orjson

from factcheck.errors import UsageError
from factcheck.models.chat.settings import Limits
from factcheck.protocols import ChatModel

OPENAI = "openai:"
HUB = "hf:"


def load_chat(
    spec: str,
    *,
    base_url: str | None = None,
    key_variable: str = "OPENAI_API_KEY",
    limits: Limits | None = None,
    device: str = "auto",
    dtype: str = "auto",
    threads: int = 0,
) -> ChatModel:
    """Open a chat model.

    Args:
        spec: `openai:MODEL` behind an endpoint, `hf:NAME` from the hub, or a folder with a causal model, with or
            without `hf:` before it.
        base_url: of the endpoint, with `/v1`; only for `openai:`.
        key_variable: the environment variable that holds the endpoint's key.
        limits: patience with the endpoint, and how long a local model may write.
        device: for local models: `auto`, `cpu`, `cuda`, `cuda:1`, `mps`.
        dtype: for local models: `auto`, `float32`, `bfloat16`, `float16`.
        threads: for local models; 0 for the library's choice.

    Raises:
        UsageError: the specification is none of these.
        MissingExtraError: an endpoint needs the extra 'llm', a local model 'torch'.
        ModelError: the folder holds no causal model that can be loaded safely.
        ServiceError: the hub does not have it.
    """
    if spec.startswith(OPENAI):
        from factcheck.models.chat.endpoint import EndpointChat

        return EndpointChat(
            spec.removeprefix(OPENAI), base_url=base_url, key_variable=key_variable, limits=limits or Limits()
        )
    if spec.startswith(HUB) or (spec and Path(spec).expanduser().is_dir()):
        from factcheck.models.chat.local import LocalChat

        path = spec if spec.startswith(HUB) else str(Path(spec).expanduser())
        seconds = (limits or Limits()).total_seconds
        return LocalChat.load(path, device=device, dtype=dtype, threads=threads, total_seconds=seconds)
    remedy = f"write {OPENAI}MODEL with --base-url, {HUB}NAME, or the folder of a causal model"
    raise UsageError("names no model that writes", where=spec, remedy=remedy)


def is_writer(spec: str) -> bool:
    """Say whether a specification can only name a model that writes: an endpoint, or the folder of a causal model.

    `hf:NAME` on the hub may be either; what it means is for the command to say.
    """
    if spec.startswith(OPENAI):
        return True
    try:
        config = orjson.loads((Path(spec.removeprefix(HUB)).expanduser() / "config.json").read_bytes())
    except (OSError, ValueError):
        return False
    architectures = config.get("architectures") if isinstance(config, dict) else None
    return isinstance(architectures, list) and any(
        str(a).endswith(("ForCausalLM", "LMHeadModel")) for a in architectures
    )
