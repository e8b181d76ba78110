"""From the name of a model to the model: `embedded`, a folder, or `hf:NAME`."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from factcheck.errors import ModelError
from factcheck.models.folder import MANIFEST
from factcheck.protocols import Encoder, EntailmentModel, TextClassifier

EMBEDDED = "embedded"
_HUB = "hf:"


def load_encoder(spec: str = EMBEDDED, threads: int = 0) -> Encoder:
    """Load an encoder.

    Args:
        spec: `embedded`, a folder (ours with `manifest.json`, or a Hugging Face one), or `hf:NAME` from the hub.
        threads: to compute on; 0 for one on each core.

    Raises:
        ArtefactError: the model is damaged, unsafe, incomplete or of another kind.
        MissingExtraError: a Hugging Face model needs the extra 'torch'.
        ServiceError: the hub does not have it, or does not answer.
    """
    path = embedded_folder("encoder") if spec == EMBEDDED else _folder(spec)
    if path is not None and (path / MANIFEST).is_file():
        from factcheck.models.onnx import OnnxEncoder

        return OnnxEncoder.load(path, threads=threads)
    from factcheck.models.huggingface import HuggingFaceEncoder

    return HuggingFaceEncoder.load(spec if path is None else str(path), threads=threads)


def load_entailment(spec: str = EMBEDDED, threads: int = 0) -> EntailmentModel:
    """Load an entailment model.

    Args:
        spec: `embedded` (the trained verifier where the package has one, else the baseline), a folder (ours with
            `manifest.json`, or a Hugging Face one), or `hf:NAME` from the hub.
        threads: to compute on; 0 for one on each core.

    Raises:
        ArtefactError: the model is damaged, unsafe, incomplete or of another kind, or does not name its outputs.
        MissingExtraError: a Hugging Face model needs the extra 'torch'.
        ServiceError: the hub does not have it, or does not answer.
    """
    path = embedded_folder("verifier") if spec == EMBEDDED else _folder(spec)
    if spec == EMBEDDED and path is not None and not (path / MANIFEST).is_file():
        from factcheck.models.baseline import BaselineEntailment

        return BaselineEntailment.load(load_encoder(EMBEDDED, threads))
    if path is not None and (path / MANIFEST).is_file():
        from factcheck.models.onnx import OnnxEntailment

        reader = OnnxEntailment.load(path, threads=threads)
        if spec != EMBEDDED:
            return reader
        from factcheck.models.agreement import AgreementEntailment
        from factcheck.models.neutral import NeutralEntailment

        return AgreementEntailment.load(NeutralEntailment(reader))
    from factcheck.models.huggingface import HuggingFaceEntailment

    return HuggingFaceEntailment.load(spec if path is None else str(path), threads=threads)


def load_classifier(spec: str, threads: int = 0) -> TextClassifier:
    """Load a classifier of texts: a Hugging Face folder, or `hf:NAME` from the hub.

    Raises:
        ArtefactError: the model is damaged, unsafe or incomplete.
        MissingExtraError: the extra 'torch' is not installed.
        ServiceError: the hub does not have it, or does not answer.
    """
    from factcheck.models.classifier import HuggingFaceClassifier

    path = _folder(spec)
    return HuggingFaceClassifier.load(spec if path is None else str(path), threads=threads)


def embedded_folder(name: str) -> Path:
    """Return the folder of a model that ships: `encoder` or `verifier`."""
    return Path(str(resources.files("factcheck"))) / "models" / "weights" / name


def _folder(spec: str) -> Path | None:
    """Return the folder that a specification names, None for a name on the hub."""
    path = Path(spec.removeprefix(_HUB)).expanduser()
    if not path.is_dir():
        if spec.startswith(_HUB):
            return None
        remedy = f"name a folder, '{EMBEDDED}' or {_HUB}NAME"
        raise ModelError("there is no model folder of this name", where=spec, remedy=remedy)
    return path
