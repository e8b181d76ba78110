"""A trained reader, and one thing that words show and a small reader misses, in one.

The reader's log odds are weighed anew, with a bias for each answer and with the sign that a name alone is missing.
Thirteen more signals of how well words, numbers and negation agree stood beside these: fitted with an honest share
of evidence that settles nothing, they raise no figure of a set that they were not fitted on, so they are gone. The
weights are a JSON file, fitted and measured by `scripts/fit_agreement.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

import msgspec
import numpy as np
import numpy.typing as npt

from factcheck.errors import ModelError
from factcheck.models.baseline import only_names_missing
from factcheck.models.labels import to_probabilities
from factcheck.protocols import UNREAD, EntailmentModel, Vectors
from factcheck.provenance import sha256_bytes

SIGNALS = ("supported", "refuted", "bias", "only_names_missing")
"""The reader's log odds against NOT_ENOUGH_INFO, a constant, and `baseline.only_names_missing`."""

_SCHEMA = "factcheck.agreement/2"
_FLOOR = 1e-4


class _Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: str
    signals: list[str]
    supported: list[float]
    refuted: list[float]


class AgreementEntailment:
    """Implements the `EntailmentModel` seam around another one.

    Args:
        reader: the trained model.
        weights: `(2, len(SIGNALS))`; rows SUPPORTED and REFUTED, against NOT_ENOUGH_INFO.
        sha256: of the weights and the reader.
    """

    def __init__(self, reader: EntailmentModel, weights: npt.NDArray[np.float64], sha256: str) -> None:
        if weights.shape != (2, len(SIGNALS)) or not np.isfinite(weights).all():
            raise ModelError(f"agreement needs 2 rows of {len(SIGNALS)} weights", remedy="fit it again")
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
            weights = np.array([found.supported, found.refuted], dtype=np.float64)
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
        odds = np.column_stack([signals(pairs, read) @ self._weights.T, np.zeros(len(pairs))])
        weighed = to_probabilities(odds, (0, 1, 2), 1.0)
        unread = (read == np.array(UNREAD, dtype=np.float32)).all(axis=1)
        return np.where(unread[:, None], read, weighed)


def signals(pairs: Sequence[tuple[str, str]], read: Vectors) -> npt.NDArray[np.float64]:
    """Return what the softmax weighs, `(len(pairs), len(SIGNALS))`; `read` is what the reader says of the pairs."""
    logs = np.log(np.maximum(read.astype(np.float64), _FLOOR))
    names = [only_names_missing(*pair) for pair in pairs]
    return np.column_stack([logs[:, :2] - logs[:, 2:], np.ones(len(pairs)), names])
