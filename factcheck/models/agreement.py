"""A trained reader and word agreement in one: what a small reader misses is often plain to see.

The reader's log probabilities and how well words, numbers, names and negation agree go into one softmax. Its weights
are a JSON file, fitted and measured by `scripts/fit_agreement.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

import msgspec
import numpy as np
import numpy.typing as npt

from factcheck.errors import ModelError
from factcheck.models.baseline import FEATURES, only_names_missing, word_agreement
from factcheck.models.labels import to_probabilities
from factcheck.protocols import UNREAD, EntailmentModel, Vectors
from factcheck.provenance import sha256_bytes

SIGNALS = (
    "log_supported",
    "log_refuted",
    "log_not_enough_info",
    *(name for name in FEATURES if "cosine" not in name),
    "passage",
    "passage_by_supported",
    "passage_by_refuted",
    "passage_by_coverage",
    "only_names_missing",
    "passage_by_only_names_missing",
)
"""Log probabilities of the reader, agreement of words, and what is weighed otherwise in a passage than in a sentence.

`passage` grows from 0 to 1 with the premise's length: a reader is surer of one sentence than of one among ten, and an
equal word says less there.
"""

_SCHEMA = "factcheck.agreement/1"
_FLOOR = 1e-4
_PASSAGE_WORDS = (20, 100)  # a premise of fewer words is a sentence, of more a passage


class _Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    signals: list[str]
    supported: list[float]
    refuted: list[float]
    not_enough_info: list[float]


class AgreementEntailment:
    """Implements the `EntailmentModel` seam around another one.

    Args:
        reader: the trained model.
        weights: `(3, len(SIGNALS))`; rows SUPPORTED, REFUTED, NOT_ENOUGH_INFO.
        sha256: of the weights and the reader.
    """

    def __init__(self, reader: EntailmentModel, weights: npt.NDArray[np.float64], sha256: str) -> None:
        if weights.shape != (3, len(SIGNALS)) or not np.isfinite(weights).all():
            raise ModelError(f"agreement needs 3 rows of {len(SIGNALS)} weights", remedy="fit it again")
        self._reader = reader
        self._weights = weights
        self._sha256 = sha256

    @classmethod
    def load(cls, reader: EntailmentModel) -> AgreementEntailment:
        """Load the weights that ship with the package.

        Raises:
            ModelError: they are damaged or of another version.
        """
        raw = resources.files("factcheck").joinpath("models", "agreement.json").read_bytes()
        try:
            found = msgspec.json.decode(raw, type=_Weights)
            weights = np.array([found.supported, found.refuted, found.not_enough_info], dtype=np.float64)
        except (msgspec.MsgspecError, ValueError) as error:
            raise ModelError(
                f"the weights of agreement cannot be read ({error})", remedy="reinstall factcheck"
            ) from error
        if found.schema != _SCHEMA or tuple(found.signals) != SIGNALS:
            raise ModelError("the weights of agreement are of another version", remedy="reinstall factcheck")
        return cls(reader, weights, sha256_bytes(raw + reader.sha256.encode("ascii")))

    @property
    def name(self) -> str:
        """The reader's name, and that word agreement is weighed in."""
        return f"{self._reader.name} with word agreement"

    @property
    def sha256(self) -> str:
        """Of the weights and the reader."""
        return self._sha256

    @property
    def max_tokens(self) -> int:
        """The reader's."""
        return self._reader.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the reader's counts."""
        return self._reader.count_tokens(texts)

    def score(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return `(len(pairs), 3)` probabilities of SUPPORTED, REFUTED, NOT_ENOUGH_INFO; what was not read stays so."""
        if not pairs:
            return np.zeros((0, 3), dtype=np.float32)
        read = self._reader.score(pairs)
        weighed = to_probabilities(signals(pairs, read) @ self._weights.T, (0, 1, 2), 1.0)
        unread = (read == np.array(UNREAD, dtype=np.float32)).all(axis=1)
        return np.where(unread[:, None], read, weighed)


def signals(pairs: Sequence[tuple[str, str]], read: Vectors) -> npt.NDArray[np.float64]:
    """Return what the softmax weighs, `(len(pairs), len(SIGNALS))`; `read` is what the reader says of the pairs."""
    logs = np.log(np.maximum(read.astype(np.float64), _FLOOR))
    words = np.array([word_agreement(*pair) for pair in pairs], dtype=np.float64)
    low, high = _PASSAGE_WORDS
    lengths = np.array([len(premise.split()) for premise, _ in pairs], dtype=np.float64)
    passage = np.clip((np.log(np.maximum(lengths, 1)) - np.log(low)) / (np.log(high) - np.log(low)), 0.0, 1.0)
    coverage = words[:, SIGNALS.index("coverage") - 3]
    open_odds = logs[:, :2] - logs[:, 2:3]
    by_passage = passage[:, None] * np.column_stack([np.ones(len(pairs)), open_odds, coverage])
    names = np.array([only_names_missing(*pair) for pair in pairs], dtype=np.float64)
    return np.hstack([logs, words, by_passage, np.column_stack([names, names * passage])])
