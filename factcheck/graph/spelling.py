"""Misspelt names: which words of the graph's names lie a slip of the pen away from a word of a claim.

The index holds the distinct words of all names, not the names, so that it stays small: a word is found by itself and by
each of its forms with one letter deleted, which brings words together that differ by a letter too many, too few,
another one or two that changed places. The forms' hashes are sorted and mapped into memory; rapidfuzz measures what the
look-up brings, which is at most some hundreds of words.

    words.hashes.npy    uint64, sorted: of each deletion      words.numbers.npy  uint32, the word of each row
    words.known.npy     uint64, sorted: of each word itself   words.offsets.npy  uint64, one more than there are words
    words.text          UTF-8                                 words.counts.npy   uint32, in how many names it stands

Source: Garbe's symmetric deletion (SymSpell, 2012), here with one deletion.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from factcheck.errors import IntegrityError
from factcheck.graph.table import hash_of
from factcheck.provenance import save_array

MIN_LETTERS = 5
"""Shorter words have too many neighbours."""
_MAX_LETTERS = 32
_MAX_COMPARED = 400
_MAX_CORRECTIONS = 6
_FILES = ("hashes", "numbers", "known", "offsets", "counts")


def is_spelt(word: str) -> bool:
    """Say whether a word is one that can be misspelt: letters of an alphabet, and enough of them."""
    return MIN_LETTERS <= len(word) <= _MAX_LETTERS and word.isalpha() and word < "\u2e80"


class SpellingBuilder:
    """Collects the words of names, then writes the index."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add_counts(self, words: Mapping[str, int]) -> None:
        """Add how often words of names occur (`is_spelt` says which are wanted)."""
        for word, count in words.items():
            self._counts[word] = self._counts.get(word, 0) + count

    def write(self, folder: Path) -> int:
        """Write the files and return how many words there are."""
        words = sorted(self._counts)
        hashes, numbers = array("Q"), array("I")
        offsets = array("Q", [0])
        text = bytearray()
        for number, word in enumerate(words):
            text += word.encode("utf-8", "replace")
            offsets.append(len(text))
            for form in _deletions(word):
                hashes.append(hash_of(form))
                numbers.append(number)
        found = np.asarray(hashes, dtype=np.uint64)
        order = np.argsort(found, kind="stable")
        known = np.fromiter((hash_of(word) for word in words), dtype=np.uint64, count=len(words))
        arrays: dict[str, npt.NDArray[Any]] = {
            "hashes": found[order],
            "numbers": np.asarray(numbers, dtype=np.uint32)[order],
            "known": np.sort(known),
            "offsets": np.asarray(offsets, dtype=np.uint64),
            "counts": np.fromiter((min(self._counts[w], 2**32 - 1) for w in words), np.uint32, len(words)),
        }
        for name, values in arrays.items():
            save_array(folder / f"words.{name}.npy", values)
        (folder / "words.text").write_bytes(text)
        return len(words)


def _deletions(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        if at == 0 or word[at] != word[at - 1]:
            yield word[:at] + word[at + 1 :]


class SpellingIndex:
    """The index, open for reading; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Map the files.

        Raises:
            IntegrityError: they do not fit each other.
        """
        arrays = [np.load(folder / f"words.{name}.npy", mmap_mode="r", allow_pickle=False) for name in _FILES]
        self._hashes, self._numbers, self._known, self._offsets, self._counts = arrays
        path = folder / "words.text"
        text = np.memmap(path, dtype=np.uint8, mode="r") if path.stat().st_size else np.zeros(0, np.uint8)
        self._text: npt.NDArray[np.uint8] = text
        count = len(self._offsets) - 1
        fits = len(self._hashes) == len(self._numbers) and len(self._known) == len(self._counts) == count
        if not fits or int(self._offsets[-1]) != len(text):
            raise IntegrityError("the files of the spelling index do not fit each other", where=folder)

    def __len__(self) -> int:
        return len(self._counts)

    def knows(self, word: str) -> bool:
        """Say whether the word stands in a name."""
        wanted = np.uint64(hash_of(word))
        row = int(np.searchsorted(self._known, wanted))
        return row < len(self._known) and bool(self._known[row] == wanted)

    def corrections(self, word: str) -> list[str]:
        """Return words of names that the word may stand for, the nearest and then the most frequent first."""
        if not is_spelt(word):
            return []
        from rapidfuzz.distance import OSA

        slips = 1 if len(word) < 9 else 2
        ranked = []
        for number in self._candidates(_deletions(word)):
            known = self._word(number)
            distance = OSA.distance(word, known, score_cutoff=slips)
            # The first letter is rarely wrong, and a wrong one makes another name of it: Iran is not Oran.
            if 0 < distance <= slips and (known[0] == word[0] or (distance == 1 and len(word) > 7)):
                ranked.append((distance, -int(self._counts[number]), known))
        return [known for _, _, known in sorted(ranked)[:_MAX_CORRECTIONS]]

    def _candidates(self, forms: Iterable[str]) -> list[int]:
        wanted = np.fromiter((hash_of(form) for form in forms), dtype=np.uint64)
        first = np.searchsorted(self._hashes, wanted, side="left").tolist()
        last = np.searchsorted(self._hashes, wanted, side="right").tolist()
        found: dict[int, None] = {}
        for start, end in zip(first, last, strict=True):
            found.update(dict.fromkeys(self._numbers[start:end].tolist()))
        return list(found)[:_MAX_COMPARED]

    def _word(self, number: int) -> str:
        start, end = int(self._offsets[number]), int(self._offsets[number + 1])
        return self._text[start:end].tobytes().decode("utf-8")
