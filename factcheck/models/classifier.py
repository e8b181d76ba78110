"""Any Hugging Face classifier of texts: labels and how likely each is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from factcheck.errors import ModelError
from factcheck.models.pretrained import hash_folder, load_tokenizer, load_weights, resolve, torch_for

_DEFAULT_TOKENS = 512


class HuggingFaceClassifier:
    """Implements the `TextClassifier` seam.

    A model that was trained for several labels at once gives each its own probability; any other one distribution. A
    text longer than the model reads is read in windows, and each label gets its largest probability.
    """

    def __init__(self, model: Any, tokenizer: Any, path: Path, name: str) -> None:
        config = model.config
        self._model = model
        self._tokenizer = tokenizer
        self._name = name
        self._sha256 = hash_folder(path)
        self._labels = [str(config.id2label.get(i, f"LABEL_{i}")) for i in range(int(config.num_labels))]
        self._independent = config.problem_type == "multi_label_classification" or len(self._labels) == 1
        limit = int(getattr(config, "max_position_embeddings", _DEFAULT_TOKENS))
        self._longest = max(8, min(limit - 2, int(min(tokenizer.model_max_length, 10**6))))

    @classmethod
    def load(cls, spec: str, *, threads: int = 0) -> HuggingFaceClassifier:
        """Load a folder, or `hf:NAME` from the hub's cache or, as the user named it, from the hub.

        Raises:
            MissingExtraError: torch or transformers is not installed.
            ModelError: there are no safe weights, or no trained classifier.
            ServiceError: the hub does not have it, or does not answer.
        """
        torch = torch_for("a classifier", threads)
        path, name = resolve(spec)
        model, missing = load_weights("AutoModelForSequenceClassification", path, torch.float32)
        if missing:
            raise ModelError(f"the weights lack {missing[0]}", where=path, remedy="name a trained classifier")
        tokenizer = load_tokenizer(path)
        return cls(model.eval(), tokenizer, path, name)

    @property
    def name(self) -> str:
        """The folder's name, or the name on the hub."""
        return self._name

    @property
    def sha256(self) -> str:
        """Of the names and contents of all files that are read."""
        return self._sha256

    def classify(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return the probability of each label for each text; equal texts are read once."""
        distinct = list(dict.fromkeys(texts))
        read = {text: self._one(text) for text in distinct}
        return [dict(read[text]) for text in texts]

    def _one(self, text: str) -> dict[str, float]:
        import torch

        # One text a call, without padding: what a text gets must not depend on its neighbours.
        encoded = self._tokenizer(
            text,
            truncation=True,
            max_length=self._longest,
            stride=min(32, self._longest // 4),
            return_overflowing_tokens=True,
        )
        rows = []
        for number in range(len(encoded["input_ids"])):
            given = {
                key: torch.tensor([encoded[key][number]])
                for key in ("input_ids", "attention_mask", "token_type_ids")
                if key in encoded
            }
            with torch.inference_mode():
                logits = self._model(**given).logits[0].float().cpu().numpy().astype(np.float64)
            if not np.isfinite(logits).all():
                raise ModelError("gives numbers that are none", where=self._name, remedy="use other weights")
            if self._independent:
                rows.append(1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0))))
            else:
                e = np.exp(logits - logits.max())
                rows.append(e / e.sum())
        best = np.max(np.stack(rows), axis=0)
        return {label: float(value) for label, value in zip(self._labels, best, strict=True)}
