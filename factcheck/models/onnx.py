"""Encoder and entailment model on ONNX Runtime, without torch.

One text, or pair, a call and without padding, one single-threaded call on each core. A batch with padding would be
neither faster on a processor nor exact: with one activation scale a batch, a pair's probabilities would move with its
neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.errors import ModelError, TextError
from factcheck.models.folder import ModelFolder, ModelKind, Pooling, open_model_folder
from factcheck.models.labels import label_columns, to_probabilities
from factcheck.models.tokenizer import TextTokenizer
from factcheck.models.windows import Window, encode_by_windows, mean_of_windows, token_windows
from factcheck.models.workers import spread, thread_count
from factcheck.protocols import UNREAD, Vectors
from factcheck.text.scripts import can_read
from factcheck.types import TextKind

WEIGHTS = "model.onnx"
TOKENIZER = "tokenizer.json"
_KNOWN_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})


class OnnxEncoder:
    """Texts to unit vectors.

    A text longer than the model reads is cut into windows of tokens; its vector is the direction of their mean.
    """

    def __init__(self, folder: ModelFolder, tokenizer: TextTokenizer, graph: OnnxGraph, *, threads: int = 0) -> None:
        manifest = folder.manifest
        if manifest.dimensions is None or manifest.dimensions < 1:
            raise ModelError("names no dimensions", where=folder.path)
        self._sha256 = folder.sha256
        self._name = manifest.name
        self._dimensions = manifest.dimensions
        self._pooling = manifest.pooling
        self._prompts = {TextKind.QUERY: manifest.prompts.query, TextKind.PASSAGE: manifest.prompts.passage}
        self._room = manifest.max_tokens - tokenizer.single_extra
        self._tokenizer = tokenizer
        self._graph = graph
        self._threads = thread_count(threads)

    @classmethod
    def load(cls, path: Path, *, threads: int = 0) -> OnnxEncoder:
        """Load an encoder's folder; `threads` is 0 for one on each core.

        Raises:
            ArtefactError: the folder is damaged, incomplete or of another kind.
        """
        folder = open_model_folder(path, ModelKind.ENCODER)
        return cls(folder, _tokenizer(folder), OnnxGraph(folder), threads=threads)

    @property
    def name(self) -> str:
        """What the manifest calls the model."""
        return self._name

    @property
    def sha256(self) -> str:
        """Of the manifest, which names weights and tokenizer by hash."""
        return self._sha256

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._dimensions

    def encode(self, texts: Sequence[str], kind: TextKind) -> Vectors:
        """Return a `(len(texts), dimensions)` float32 array of unit rows; equal texts are computed once."""
        prompt = self._tokenizer.ids(self._prompts[kind])
        room = self._room - len(prompt)

        def windows(text: str) -> list[Window]:
            return [[*prompt, *window] for window in token_windows(self._tokenizer.ids(text), room)]

        return encode_by_windows(
            texts,
            lambda distinct: spread(windows, list(distinct), self._threads),
            lambda all_windows: spread(self._window, list(all_windows), self._threads),
            self._dimensions,
        )

    def _window(self, ids: Sequence[int]) -> Vectors:
        output = self._graph.run(self._tokenizer.single(ids))
        if output.ndim == 2:  # a vector for each token
            output = output[0] if self._pooling is Pooling.CLS else output.mean(axis=0)
        if output.shape != (self._dimensions,):
            raise ModelError(f"'{self._name}' gives {output.shape}, its manifest says {self._dimensions} dimensions")
        return mean_of_windows([output])


class OnnxEntailment:
    """Pairs of premise and hypothesis to calibrated probabilities."""

    def __init__(self, folder: ModelFolder, tokenizer: TextTokenizer, graph: OnnxGraph, *, threads: int = 0) -> None:
        manifest = folder.manifest
        temperature = manifest.calibration.temperature
        if not 0.01 <= temperature <= 100.0:
            raise ModelError(f"has a temperature of {temperature}, not one in [0.01, 100]", where=folder.path)
        self._columns = label_columns(manifest.labels, folder.path)
        self._outputs = len(manifest.labels)
        self._temperature = temperature
        self._sha256 = folder.sha256
        self._name = manifest.name
        self._max_tokens = manifest.max_tokens
        self._languages = tuple(manifest.languages)
        self._tokenizer = tokenizer
        self._graph = graph
        self._threads = thread_count(threads)

    @classmethod
    def load(cls, path: Path, *, threads: int = 0) -> OnnxEntailment:
        """Load an entailment model's folder; `threads` is 0 for one on each core.

        Raises:
            ArtefactError: the folder is damaged, incomplete or of another kind, or does not say what its outputs mean.
        """
        folder = open_model_folder(path, ModelKind.ENTAILMENT)
        return cls(folder, _tokenizer(folder), OnnxGraph(folder), threads=threads)

    @property
    def name(self) -> str:
        """What the manifest calls the model."""
        return self._name

    @property
    def sha256(self) -> str:
        """Of the manifest, which names weights and tokenizer by hash and holds the calibration."""
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

        A pair of which one text is in a script that the manifest's languages are not written in is left unread: to the
        tokenizer it is a row of unknown words, and any answer would be a guess.

        Raises:
            TextError: a pair is longer than `max_tokens`.
        """
        read = (pair for pair in dict.fromkeys(pairs) if all(can_read(self._languages, text) for text in pair))
        distinct = {pair: row for row, pair in enumerate(read)}
        texts = dict.fromkeys(text for pair in distinct for text in pair)
        ids = dict(zip(texts, spread(self._tokenizer.ids, list(texts), self._threads), strict=True))
        inputs = [self._tokenizer.pair(ids[premise], ids[hypothesis]) for premise, hypothesis in distinct]
        for given in inputs:
            if len(given.ids) > self._max_tokens:
                raise too_long(len(given.ids), self._max_tokens, self._name)
        outputs = spread(lambda given: self._graph.run(given.ids, given.types), inputs, self._threads)
        if any(output.shape != (self._outputs,) for output in outputs):
            raise ModelError(f"'{self._name}' does not give one value for each of its {self._outputs} labels")
        rows = np.array([UNREAD] * len(pairs), dtype=np.float32).reshape(len(pairs), 3)
        if outputs:
            known = to_probabilities(np.stack(outputs), self._columns, self._temperature)
            for row, pair in zip(rows, pairs, strict=True):
                if pair in distinct:
                    row[:] = known[distinct[pair]]
        return rows


class OnnxGraph:
    """A graph that reads one input a call; safe to call from several threads."""

    def __init__(self, folder: ModelFolder) -> None:
        import onnxruntime

        weights = folder.read(WEIGHTS)
        self._where = folder.path / WEIGHTS
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library's own errors have no common root of their own
            raise ModelError(f"ONNX Runtime cannot load it ({error})", where=self._where) from error
        self._inputs = [given.name for given in self._session.get_inputs()]
        unknown = sorted(set(self._inputs) - _KNOWN_INPUTS)
        if unknown or "input_ids" not in self._inputs:
            what = f"asks for {', '.join(self._inputs)}; only {', '.join(sorted(_KNOWN_INPUTS))} are known"
            raise ModelError(what, where=self._where)
        outputs = [given.name for given in self._session.get_outputs()]
        self._output = folder.manifest.output or outputs[0]
        if self._output not in outputs:
            raise ModelError(f"has no output '{self._output}'", where=self._where)

    def run(self, ids: Sequence[int], types: Sequence[int] | None = None) -> npt.NDArray[np.float32]:
        """Return the output for one input, without the axis of the batch.

        Raises:
            ModelError: the graph refuses the input, or answers with something that is not a number.
        """
        tokens = np.asarray([ids], dtype=np.int64)
        feeds = {"input_ids": tokens}
        if "attention_mask" in self._inputs:
            feeds["attention_mask"] = np.ones_like(tokens)
        if "token_type_ids" in self._inputs:
            feeds["token_type_ids"] = np.zeros_like(tokens) if types is None else np.asarray([types], dtype=np.int64)
        try:
            output = np.asarray(self._session.run([self._output], feeds)[0][0], dtype=np.float32)
        except Exception as error:
            what = f"cannot read an input of {len(ids)} tokens ({error}); do tokenizer and weights belong together?"
            raise ModelError(what, where=self._where) from error
        if not np.isfinite(output).all():
            raise ModelError("gives values that are not numbers: the weights are damaged", where=self._where)
        return output


def too_long(tokens: int, max_tokens: int, name: str) -> TextError:
    """Compose the error for a pair that a model cannot read whole."""
    return TextError(f"a pair of {tokens} tokens; '{name}' reads {max_tokens}", remedy="cut the premise into windows")


def _tokenizer(folder: ModelFolder) -> TextTokenizer:
    return TextTokenizer.from_bytes(folder.read(TOKENIZER), folder.path / TOKENIZER)
