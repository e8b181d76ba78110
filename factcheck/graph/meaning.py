"""What a claim's words mean against what a property means, by the encoder, where no phrase of the property is said.

The claim without its names and values ("… is a dish that can be served as …") is compared with each name of a property.
Sentences differ in how near they lie to anything, so a similarity counts in standard deviations above that of the same
words to a fixed list of common properties: 0 is any property, 2 is one that is meant. The threshold was learned on
development rows; below it no property fits, which is an answer.

Source: the standardisation is the z-norm of speaker verification (Auckenthaler et al., 2000, section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Lock

import numpy as np

from factcheck.graph.frames import FRAMES, Frame, frames_of
from factcheck.graph.relations import PREPOSITIONS, stems_of
from factcheck.graph.schema import Schema
from factcheck.protocols import Encoder, Vectors
from factcheck.types import TextKind

MIN_FIT = 1.9
"""From here on the words speak of the property, in standard deviations; learned on development rows."""
_NAMES_PER_PROPERTY = 6


class PropertyMeanings:
    """Compares words with properties; what is encoded once is kept."""

    def __init__(self, schema: Schema, encoder: Callable[[], Encoder]) -> None:
        self._schema = schema
        self._encoder = encoder
        self._names: dict[str, Vectors] = {}
        self._background: Vectors | None = None
        self._lock = Lock()

    def fits(self, words: str, terms: Iterable[str]) -> dict[str, float]:
        """Return how well each property fits the words, in standard deviations above any property."""
        asked = list(dict.fromkeys(terms))
        if not words.strip() or not asked:
            return {}
        with self._lock:
            self._learn(asked)
            background = self._common()
        spoken = self._encoder().encode([words], TextKind.QUERY)[0]
        usual = background @ spoken
        mean, spread = float(usual.mean()), max(float(usual.std()), 1e-6)
        said = _frames_said(words)
        return {
            term: (float((self._names[term] @ spoken).max()) - mean) / spread
            for term in asked
            if not self._is_another(term, said)
        }

    def _is_another(self, term: str, said: Sequence[Frame]) -> bool:
        """Say whether the words are known to speak of another property than this one: born is not died."""
        own = list(frames_of(frozenset(name.lower() for name in self._names_of(term))))
        return bool(own) and bool(said) and not any(frame in said for frame in own)

    def _learn(self, terms: Sequence[str]) -> None:
        unknown = [term for term in terms if term not in self._names]
        names = {term: self._names_of(term) for term in unknown}
        flat = [name for term in unknown for name in names[term]]
        if not flat:
            return
        vectors = self._encoder().encode(flat, TextKind.PASSAGE)
        at = 0
        for term in unknown:
            self._names[term] = vectors[at : at + len(names[term])]
            at += len(names[term])

    def _names_of(self, term: str) -> list[str]:
        info = self._schema.properties.get(term)
        label = self._schema.relation(term).label
        if info is None:
            return [label]
        stated = [name.text for name in (*info.labels, *info.aliases) if not name.language or name.language[:2] == "en"]
        return list(dict.fromkeys((label, *stated)))[:_NAMES_PER_PROPERTY]

    def _common(self) -> Vectors:
        if self._background is None:
            names = [frame.names[0] for frame in FRAMES]
            self._background = np.asarray(self._encoder().encode(names, TextKind.PASSAGE), dtype=np.float32)
        return self._background


def _frames_said(words: str) -> list[Frame]:
    """Return the frames of which a phrase with a word of its own stands in the words."""
    stems = f" {' '.join(stems_of(words))} "
    return [frame for frame, phrases in _FRAME_PHRASES if any(f" {phrase} " in stems for phrase in phrases)]


def _phrases(frame: Frame) -> tuple[str, ...]:
    keys = [stems_of(text) for text in (*frame.forward, *frame.inverse)]
    return tuple(" ".join(key) for key in keys if any(word not in PREPOSITIONS for word in key))


_FRAME_PHRASES = tuple((frame, _phrases(frame)) for frame in FRAMES)
