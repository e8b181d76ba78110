"""Which sentences of the training evidence speak about the same things: an inverted index of names and rarer words.

What counts as a word here is not what counts in `factcheck.text.coverage`, on purpose: the rows that a training recipe
builds follow from it to the byte.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from random import Random

from factcheck.train.edits import names, sentences

_WORD = re.compile(r"[^\W\d_]{3,}|\d[\d,.]*")
_COMMON = frozenset([
    "the", "and", "was", "for", "that", "with", "his", "her", "its", "are", "were", "has", "had", "have",
    "been", "from", "this", "which", "who", "also", "they", "their", "but", "not", "one", "two", "did",
    "does", "into", "after", "before", "during", "when", "where", "while", "being", "than", "then", "only",
    "about", "over", "most", "other", "some", "such", "she", "him", "them", "would", "could", "there",
    "these", "those", "under", "between", "through", "known", "called",
])  # fmt: skip


def content_words(text: str) -> set[str]:
    """Lower-cased words of three letters or more and numbers, without the commonest ones."""
    return {word.rstrip(".,").replace(",", "") for word in _WORD.findall(text.lower())} - _COMMON


def coverage(claim: str, text: str) -> float:
    """Share of the claim's content words that stand in the text, in [0, 1]; 1 for a claim without any.

    Words are compared by their first five letters, so that "directed" meets "director".
    """
    wanted = {word[:5] for word in content_words(claim)}
    if not wanted:
        return 1.0
    have = {word[:5] for word in content_words(text)}
    return len(wanted & have) / len(wanted)


class SentencePool:
    """Sentences of many passages, found by what they name."""

    def __init__(self, passages: Iterable[str], *, most: int = 400) -> None:
        """Index the sentences.

        Args:
            passages: Texts; each sentence of 5 to 60 words is kept once.
            most: A key that more sentences have says nothing and is dropped.
        """
        kept: dict[str, None] = {}
        for passage in passages:
            for sentence in sentences(passage):
                if 5 <= len(sentence.split()) <= 60:
                    kept[sentence] = None
        self.texts: list[str] = list(kept)
        postings: dict[str, list[int]] = defaultdict(list)
        for index, text in enumerate(self.texts):
            for key in self._keys(text):
                postings[key].append(index)
        self._postings = {key: found for key, found in postings.items() if 2 <= len(found) <= most}

    @staticmethod
    def _keys(text: str) -> set[str]:
        keys = {name.lower() for name in names(text)}
        return keys | {word for word in content_words(text) if len(word) >= 6}

    def near(self, text: str, count: int, rng: Random, *, exclude: Sequence[str] = ()) -> list[str]:
        """Up to `count` sentences that share names or words with the text, the nearest among a random sample first.

        Args:
            text: What to be near to.
            count: How many at most.
            rng: Source of chance.
            exclude: Texts that must not contain a returned sentence.
        """
        scores: Counter[int] = Counter()
        for key in sorted(self._keys(text), key=lambda key: (len(self._postings.get(key, ())), key)):
            found = self._postings.get(key)
            if found is None:
                continue
            weight = 3 if " " in key else 1
            for index in found if len(found) <= 40 else rng.sample(found, 40):
                scores[index] += weight
            if len(scores) > 200:
                break
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[: 4 * count + 6]
        chosen = [self.texts[index] for index, _ in ranked if not any(self.texts[index] in seen for seen in exclude)]
        if len(chosen) > count:
            chosen = rng.sample(chosen[: 2 * count + 3], min(count, len(chosen[: 2 * count + 3])))
        return chosen
