"""Entailment without a trained reader: how well meaning, words, numbers, names and negation agree.

A small softmax weighs them. It stands in where the package holds no trained verifier, behind the same seam. It reads no
grammar: a swapped subject and object look the same to it. `scripts/fit_baseline.py` fits and measures its weights.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from importlib import resources

import msgspec
import numpy as np
import numpy.typing as npt

from factcheck.errors import ModelError
from factcheck.models.labels import to_probabilities
from factcheck.models.onnx import too_long
from factcheck.protocols import Encoder, Vectors
from factcheck.provenance import sha256_bytes
from factcheck.text.coverage import NEGATIONS, STEM, STOP_WORDS, content_words, share_of
from factcheck.text.tokens import tokenize
from factcheck.types import TextKind

FEATURES = (
    "bias",
    "cosine",
    "coverage",
    "bigram_coverage",
    "all_covered",
    "numbers_missing",
    "numbers_replaced",
    "names_missing",
    "negation_differs",
    "negation_differs_by_coverage",
    "numbers_replaced_by_coverage",
    "cosine_by_coverage",
)

_SCHEMA = "factcheck.baseline/1"
_MAX_TOKENS = 256
_ROOT = 4  # letters that a name and what is derived from it have in common at least
_PRONOUNS = frozenset("he she it they him her them his hers its their theirs".split())
_NAME = re.compile(r"\b[^\W\d_a-z]\w*")
_NAMES = re.compile(r"\b[^\W\d_a-z]\w*(?:[ -][^\W\d_a-z]\w*)*")
_DESCRIPTION = re.compile(r"(?:^|[.!?] +)(?:The|This|These|That|Those) +(?!(?:\w+ )?\w+ of [A-Z])[a-zé]")


class _Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    features: list[str]
    supported: list[float]
    refuted: list[float]
    not_enough_info: list[float]


class BaselineEntailment:
    """A softmax over agreement features.

    Args:
        encoder: for the likeness of premise and hypothesis.
        weights: `(3, len(FEATURES))`; rows SUPPORTED, REFUTED, NOT_ENOUGH_INFO.
        sha256: of the weights and the encoder.
    """

    def __init__(self, encoder: Encoder, weights: npt.NDArray[np.float64], sha256: str) -> None:
        if weights.shape != (3, len(FEATURES)) or not np.isfinite(weights).all():
            raise ModelError(f"the baseline needs 3 rows of {len(FEATURES)} weights", remedy="fit it again")
        self._encoder = encoder
        self._weights = weights
        self._sha256 = sha256

    @classmethod
    def load(cls, encoder: Encoder) -> BaselineEntailment:
        """Load the weights that ship with the package.

        Raises:
            ModelError: they are damaged.
        """
        raw = resources.files("factcheck").joinpath("models", "baseline.json").read_bytes()
        try:
            found = msgspec.json.decode(raw, type=_Weights)
            weights = np.array([found.supported, found.refuted, found.not_enough_info], dtype=np.float64)
        except (msgspec.MsgspecError, ValueError) as error:
            raise ModelError(
                f"the baseline's weights cannot be read ({error})", remedy="reinstall factcheck"
            ) from error
        if found.schema != _SCHEMA or tuple(found.features) != FEATURES:
            raise ModelError("the baseline's weights are of another version", remedy="reinstall factcheck")
        return cls(encoder, weights, sha256_bytes(raw + encoder.sha256.encode("ascii")))

    @property
    def name(self) -> str:
        """`baseline` and the encoder's name."""
        return f"baseline ({self._encoder.name})"

    @property
    def sha256(self) -> str:
        """Of the weights and the encoder."""
        return self._sha256

    @property
    def max_tokens(self) -> int:
        """Longest pair; tokens are those of `factcheck.text.tokens`, and there are no special ones."""
        return _MAX_TOKENS

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text."""
        return [len(tokenize(text)) for text in texts]

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return `(len(pairs), 3)` probabilities of SUPPORTED, REFUTED, NOT_ENOUGH_INFO.

        Raises:
            TextError: a pair is longer than `max_tokens`.
        """
        if not pairs:
            return np.zeros((0, 3), dtype=np.float32)
        rows = agreement(pairs, self._encoder)
        return to_probabilities(rows @ self._weights.T, (0, 1, 2), 1.0)


def agreement(pairs: Sequence[tuple[str, str]], encoder: Encoder) -> npt.NDArray[np.float64]:
    """Return the features of each pair.

    Returns:
        `(len(pairs), len(FEATURES))`; all in [-1, 1].

    Raises:
        TextError: a pair is longer than the baseline reads.
    """
    tokens = {text: tokenize(text) for text in dict.fromkeys(text for pair in pairs for text in pair)}
    for premise, hypothesis in pairs:
        length = len(tokens[premise]) + len(tokens[hypothesis])
        if length > _MAX_TOKENS:
            raise too_long(length, _MAX_TOKENS, "baseline")
    place = {text: row for row, text in enumerate(tokens)}
    vectors = encoder.encode(list(tokens), TextKind.PASSAGE)
    rows = []
    for premise, hypothesis in pairs:
        # A sum in float64 over one row at a time: the same to the last bit whatever else is in the call.
        cosine = float(np.sum(vectors[place[premise]].astype(np.float64) * vectors[place[hypothesis]]))
        rows.append(_features(tokens[premise], tokens[hypothesis], hypothesis, cosine))
    return np.array(rows, dtype=np.float64)


def only_names_missing(premise: str, hypothesis: str) -> float:
    """Return 1 where the premise says all of the hypothesis but a name of it, and has another name instead, else 0.

    "Sydney is the capital of Australia" beside "The capital of Australia is Canberra": all other words agree, so word
    agreement is high just where it should not be. A premise that begins a sentence with "The film" or has a pronoun is
    left alone, since it may mean the name; so is a name of which a part stands there ("Cruz" for "Penélope Cruz"), or a
    form of it ("Islam" for "Islamic").
    """
    have = set(tokenize(premise))
    if _PRONOUNS & have or _DESCRIPTION.search(premise):
        return 0.0
    stems = {token[:STEM] for token in have if len(token) > STEM}
    names, known = set(), set()
    for run in _NAMES.findall(hypothesis):
        parts = {t for t in tokenize(run) if t not in STOP_WORDS}
        names |= parts
        if parts & have:
            known |= parts
    missing = [
        t
        for t in tokenize(hypothesis)
        if t not in have
        and t not in STOP_WORDS
        and t not in known
        and not (_derived(t, have) if t in names else len(t) > STEM and t.isalpha() and t[:STEM] in stems)
    ]
    return float(
        bool(missing) and all(t in names for t in missing) and len(missing) < len(set(tokenize(hypothesis))) / 2
    )


def _derived(name: str, have: Collection[str]) -> bool:
    """Say whether one of the words begins as the name does and ends sooner or later: Islam and Islamic."""
    return len(name) >= _ROOT and any(
        len(word) >= _ROOT and (word.startswith(name) or name.startswith(word)) for word in have
    )


def _features(premise: Sequence[str], hypothesis: Sequence[str], text: str, cosine: float) -> list[float]:
    have = set(premise)
    content = content_words(hypothesis)
    coverage = share_of(content, have)
    needed = list(itertools.pairwise(hypothesis))
    following = set(itertools.pairwise(premise))
    bigrams = sum(pair in following for pair in needed) / max(len(needed), 1)
    numbers = [t for t in content if t[:1].isdigit()]
    numbers_missing = sum(t not in have for t in numbers) / max(len(numbers), 1)
    wanted = set(numbers)
    replaced = float(numbers_missing > 0 and any(t[:1].isdigit() and t not in wanted for t in have))
    names = [t for word in _NAME.findall(text) for t in tokenize(word) if t not in STOP_WORDS]
    names_missing = sum(t not in have for t in names) / max(len(names), 1)
    differs = float(bool(NEGATIONS & have) != bool(NEGATIONS.intersection(hypothesis)))
    return [
        1.0,
        cosine,
        coverage,
        bigrams,
        float(coverage == 1.0),
        numbers_missing,
        replaced,
        names_missing,
        differs,
        differs * coverage,
        replaced * coverage,
        cosine * coverage,
    ]
