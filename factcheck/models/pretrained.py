"""Models in a Hugging Face folder, loaded safely: weights from safetensors alone, and no code of the folder is run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from factcheck.errors import FactCheckError, MissingExtraError, ModelError, ServiceError
from factcheck.models.folder import refuse_pickle
from factcheck.provenance import sha256_file, sha256_text

HUB = "hf:"
"""Begins the name of a model on the Hugging Face hub."""

_READ = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.txt", "*.model")


def resolve(spec: str) -> tuple[Path, str]:
    """Return the local folder of a model and its name.

    `hf:NAME` is fetched from the hub unless its cache has it: configuration, tokenizer and safetensors only.
    `hf:FOLDER` is the folder.

    Raises:
        ModelError: there are no safe weights.
        ServiceError: the hub does not have it, or does not answer.
    """
    name = spec.removeprefix(HUB)
    local = Path(name).expanduser()
    if not spec.startswith(HUB) or local.is_dir() or name.startswith(("/", ".", "~")):
        path, name = local, local.resolve().name
    else:
        from huggingface_hub import snapshot_download

        try:
            path = Path(snapshot_download(name, allow_patterns=list(_READ)))
        except Exception as error:  # network, names, permissions: the hub's errors have no common root
            first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise ServiceError(
                f"cannot be had from the Hugging Face hub ({first})",
                where=spec,
                remedy="check the name and the network, or name a local folder",
            ) from error
    if not path.is_dir():
        raise ModelError("is not a folder", where=path, remedy="name the folder of a model, 'embedded' or hf:NAME")
    refuse_pickle(path)
    if not any(path.rglob("*.safetensors")):
        raise ModelError("holds no safetensors", where=path, remedy="save the model with model.save_pretrained")
    return path, name


def hash_folder(path: Path) -> str:
    """Return the SHA-256 of the names and contents of all files that a model may be read from."""
    files = sorted({file for pattern in _READ for file in path.rglob(pattern) if file.is_file()})
    return sha256_text("".join(f"{file.relative_to(path).as_posix()} {sha256_file(file)}\n" for file in files))


def torch_for(feature: str, threads: int) -> Any:
    """Return the library, told how many threads it may use.

    Raises:
        MissingExtraError: it or transformers is not installed; `feature` is what needs them.
    """
    try:
        import torch
        import transformers  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(feature, "torch") from error
    if threads:
        torch.set_num_threads(threads)
    return torch


def load_weights(architecture: str, path: Path, dtype: Any) -> tuple[Any, list[str]]:
    """Load a model's weights.

    Args:
        architecture: a class of transformers, such as `AutoModelForSequenceClassification`.
        path: from `resolve`.
        dtype: of torch, or "auto".

    Returns:
        The model, and the names of those weights that the folder lacks. The library fills the gaps with random numbers,
        which nothing may come from.

    Raises:
        ModelError: the folder cannot be read.
    """
    import transformers

    auto = getattr(transformers, architecture)
    model, report = load_safely(
        lambda: auto.from_pretrained(
            path,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            dtype=dtype,
            output_loading_info=True,
        ),
        path,
    )
    return model, sorted(report.get("missing_keys", ()))


def load_tokenizer(path: Path) -> Any:
    """Load the tokenizer that lies beside the weights.

    Raises:
        ModelError: it cannot be read.
    """
    from transformers import AutoTokenizer

    return load_safely(
        lambda: AutoTokenizer.from_pretrained(path, trust_remote_code=False, local_files_only=True), path
    )


def load_safely(step: Callable[[], Any], path: Path) -> Any:
    """Run a step that reads a model folder.

    Raises:
        ModelError: the folder cannot be read, for whatever reason the libraries have.
    """
    try:
        return step()
    except FactCheckError:
        raise
    except Exception as error:  # whatever the libraries raise on a folder that they cannot read
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(
            f"cannot be loaded ({first})", where=path, remedy="see the model's own instructions"
        ) from error
