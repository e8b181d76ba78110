"""Any Hugging Face encoder, and any sequence-classification model that was trained on entailment.

Texts are put together by length, so that no batch is padded and no row depends on its neighbours beyond rounding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.errors import MissingExtraError, ModelError
from factcheck.models.folder import Prompts
from factcheck.models.labels import label_columns, to_probabilities
from factcheck.models.onnx import too_long
from factcheck.models.pretrained import hash_folder, load_safely, load_tokenizer, load_weights, resolve, torch_for
from factcheck.models.tokenizer import TextTokenizer
from factcheck.models.windows import Window, encode_by_windows, mean_of_windows, token_windows
from factcheck.protocols import Vectors
from factcheck.types import TextKind

_BATCH = 32
# These count positions from behind the padding token's id, so that some of the table is never used.
_OFFSET_POSITIONS = frozenset({"roberta", "xlm-roberta", "camembert", "mpnet", "longformer", "xlm-roberta-xl"})
_DEFAULT_TOKENS = 512


class HuggingFaceEncoder:
    """Texts to unit vectors; pooling, prompts and length are those of the model's sentence-transformers settings.

    A model without such settings is pooled by the mean. A text longer than the model reads is cut into windows of
    tokens; its vector is the direction of their mean.
    """

    def __init__(self, model: Any, path: Path, name: str) -> None:
        self._model = model
        self._name = name
        self._sha256 = hash_folder(path)
        self._tokenizer = _text_tokenizer(model.tokenizer, path)
        self._inputs = frozenset(model.tokenizer.model_input_names)
        self._prompts = _prompts(model)
        self._lower = bool(getattr(model[0], "do_lower_case", False))
        limit = model.max_seq_length or _longest(model.tokenizer, model[0].auto_model.config)
        self._room = int(limit) - self._tokenizer.single_extra
        self._dimensions = len(self._windows([self._tokenizer.ids("a")], prompt_tokens=0)[0])

    @classmethod
    def load(cls, spec: str, *, threads: int = 0) -> HuggingFaceEncoder:
        """Load a folder, or `hf:NAME` from the hub's cache or, as the user named it, from the hub.

        Raises:
            MissingExtraError: torch or sentence-transformers is not installed.
            ModelError: there are no safe weights, or they cannot be loaded.
            ServiceError: the hub does not have it, or does not answer.
        """
        torch = torch_for("a Hugging Face encoder", threads)
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MissingExtraError("a Hugging Face encoder", "torch") from error
        path, name = resolve(spec)
        with_safe_weights = {"use_safetensors": True, "dtype": torch.float32}
        model = load_safely(
            lambda: SentenceTransformer(
                str(path),
                device=_device(torch),
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs=with_safe_weights,
            ),
            path,
        )
        return cls(model.eval(), path, name)

    @property
    def name(self) -> str:
        """The folder's name, or the name on the hub."""
        return self._name

    @property
    def sha256(self) -> str:
        """Of the names and contents of all files that are read."""
        return self._sha256

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._dimensions

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """Return a `(len(texts), dimensions)` float32 array of unit rows; equal texts are computed once."""
        prompt = self._tokenizer.ids(self._prompts.query if kind is TextKind.QUERY else self._prompts.passage)
        room = self._room - len(prompt)

        def windows(text: str) -> list[Window]:
            ids = self._tokenizer.ids(text.lower() if self._lower else text)
            return [[*prompt, *window] for window in token_windows(ids, room)]

        return encode_by_windows(
            texts,
            lambda distinct: [windows(text) for text in distinct],
            lambda all_windows: self._windows(all_windows, prompt_tokens=len(prompt)),
            self._dimensions,
        )

    def _windows(self, windows: Sequence[Sequence[int]], *, prompt_tokens: int) -> list[Vectors]:
        import torch

        inputs = [self._tokenizer.single(window) for window in windows]
        rows: list[Vectors | None] = [None] * len(inputs)
        for places in _of_equal_length(inputs):
            ids = torch.tensor([inputs[place] for place in places], device=self._model.device)
            features: dict[str, Any] = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
            if "token_type_ids" in self._inputs:
                features["token_type_ids"] = torch.zeros_like(ids)
            if prompt_tokens:  # some models leave their prompt out of the mean
                features["prompt_length"] = prompt_tokens + 1
            with torch.inference_mode():
                output = self._model(features)["sentence_embedding"].float().cpu().numpy()
            _refuse_not_numbers(output, self._name)
            for place, row in zip(places, output, strict=True):
                rows[place] = mean_of_windows([row])
        return [row for row in rows if row is not None]


class HuggingFaceEntailment:
    """Pairs of premise and hypothesis to probabilities, by a model's own names of its outputs."""

    def __init__(self, model: Any, tokenizer: Any, path: Path, name: str) -> None:
        config = model.config
        names = [str(config.id2label.get(i, f"LABEL_{i}")) for i in range(int(config.num_labels))]
        self._columns = label_columns(names, path / "config.json")
        self._model = model
        self._name = name
        self._sha256 = hash_folder(path)
        self._inputs = frozenset(tokenizer.model_input_names)
        self._tokenizer = _text_tokenizer(tokenizer, path)
        self._max_tokens = _longest(tokenizer, config)
        embedded = model.get_input_embeddings().num_embeddings
        if self._tokenizer.vocabulary_size > embedded:
            what = f"the tokenizer has {self._tokenizer.vocabulary_size} tokens, the model {embedded}"
            raise ModelError(what, where=path, remedy="put the tokenizer that the model was trained with beside it")

    @classmethod
    def load(cls, spec: str, *, threads: int = 0) -> HuggingFaceEntailment:
        """Load a folder, or `hf:NAME` from the hub's cache or, as the user named it, from the hub.

        Raises:
            MissingExtraError: torch or transformers is not installed.
            ModelError: there are no safe weights, no trained classifier, or its outputs have no telling names.
            ServiceError: the hub does not have it, or does not answer.
        """
        torch = torch_for("a Hugging Face entailment model", threads)
        path, name = resolve(spec)
        model, missing = load_weights("AutoModelForSequenceClassification", path, torch.float32)
        if missing:  # a verdict must not come from random numbers
            what = f"the weights lack {missing[0]}" + (f" and {len(missing) - 1} more" if missing[1:] else "")
            raise ModelError(what, where=path, remedy="name a model that was trained to classify entailment")
        tokenizer = load_tokenizer(path)
        return cls(model.to(_device(torch)).eval(), tokenizer, path, name)

    @property
    def name(self) -> str:
        """The folder's name, or the name on the hub."""
        return self._name

    @property
    def sha256(self) -> str:
        """Of the names and contents of all files that are read."""
        return self._sha256

    @property
    def max_tokens(self) -> int:
        """Longest pair, special tokens included."""
        return self._max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, without special ones."""
        return self._tokenizer.count(texts)

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return `(len(pairs), 3)` probabilities of SUPPORTED, REFUTED, NOT_ENOUGH_INFO; equal pairs are computed once.

        Raises:
            TextError: a pair is longer than `max_tokens`.
        """
        distinct = {pair: row for row, pair in enumerate(dict.fromkeys(pairs))}
        ids = {text: self._tokenizer.ids(text) for pair in distinct for text in pair}
        inputs = [self._tokenizer.pair(ids[premise], ids[hypothesis]) for premise, hypothesis in distinct]
        for given in inputs:
            if len(given.ids) > self._max_tokens:
                raise too_long(len(given.ids), self._max_tokens, self._name)
        if not inputs:
            return np.zeros((0, 3), dtype=np.float32)
        import torch

        rows: list[npt.NDArray[np.float32] | None] = [None] * len(inputs)
        for places in _of_equal_length([given.ids for given in inputs]):
            tokens = torch.tensor([inputs[place].ids for place in places], device=self._model.device)
            given_tensors = {"input_ids": tokens, "attention_mask": torch.ones_like(tokens)}
            if "token_type_ids" in self._inputs:
                types = [inputs[place].types for place in places]
                given_tensors["token_type_ids"] = torch.tensor(types, device=self._model.device)
            with torch.inference_mode():
                logits = self._model(**given_tensors).logits.float().cpu().numpy()
            _refuse_not_numbers(logits, self._name)
            for place, row in zip(places, logits, strict=True):
                rows[place] = row
        probabilities = to_probabilities(np.stack([row for row in rows if row is not None]), self._columns, 1.0)
        return probabilities[[distinct[pair] for pair in pairs]]


def _device(torch: Any) -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _text_tokenizer(tokenizer: Any, path: Path) -> TextTokenizer:
    if not getattr(tokenizer, "is_fast", False):
        raise ModelError(
            "has no fast tokenizer (tokenizer.json)", where=path, remedy="save its tokenizer as a fast one"
        )
    return TextTokenizer(tokenizer.backend_tokenizer)


def _prompts(model: Any) -> Prompts:
    """Return the model's prompts; its makers spell the passage's one in three ways."""
    known: dict[str, str] = {name: text for name, text in (model.prompts or {}).items() if text}
    default = known.get(model.default_prompt_name or "", "")
    passage = next((known[name] for name in ("passage", "document", "corpus") if name in known), default)
    return Prompts(query=known.get("query", default), passage=passage)


def _longest(tokenizer: Any, config: Any) -> int:
    limits = [int(tokenizer.model_max_length)] if tokenizer.model_max_length < 1_000_000 else []
    positions = getattr(config, "max_position_embeddings", None)
    if isinstance(positions, int) and positions > 0:
        offset = int(config.pad_token_id or 0) + 1 if config.model_type in _OFFSET_POSITIONS else 0
        limits.append(positions - offset)
    return min(limits, default=_DEFAULT_TOKENS)


def _of_equal_length(inputs: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    by_length: dict[int, list[int]] = defaultdict(list)
    for place, given in enumerate(inputs):
        by_length[len(given)].append(place)
    for places in by_length.values():
        for start in range(0, len(places), _BATCH):
            yield places[start : start + _BATCH]


def _refuse_not_numbers(output: npt.NDArray[np.float32], name: str) -> None:
    if not np.isfinite(output).all():
        raise ModelError(f"'{name}' gives values that are not numbers: the weights are damaged")
