"""Says which extra is missing, before half an hour of work is lost to an ImportError."""

from __future__ import annotations

from importlib.util import find_spec

from factcheck.errors import MissingExtraError


def require_torch() -> None:
    """Raise when torch, transformers, safetensors or tokenizers are not installed.

    Raises:
        MissingExtraError: Names what is missing and the extra that brings it.
    """
    for name in ("torch", "transformers", "safetensors", "tokenizers"):
        if find_spec(name) is None:
            raise MissingExtraError(name, extra="torch")
