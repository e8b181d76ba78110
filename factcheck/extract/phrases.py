"""Noun phrases of the last few sentences by their nouns, so that "these changes" can be told."""

from __future__ import annotations

from functools import lru_cache

from factcheck.extract import lexicon as lex
from factcheck.extract.parse import Words, is_participle

_SPAN_OF_MEMORY = 3  # sentences
_MOST = 400
_NOT_NOMINAL = (
    (lex.DETERMINERS - {"one", "two", "three", "four", "five", "six", "seven"})
    | lex.PREPOSITIONS | lex.SUBORDINATORS | lex.AUXILIARIES | lex.PRONOUNS | lex.ADVERBS
    | {"and", "or", "but", "to", "not", "be", "been", "being"}
)  # fmt: skip


class PhraseMemory:
    """The latest phrase for each noun, and for each phrase that was once said with "of ..."."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._phrases: dict[str, tuple[str, int]] = {}

    def find(self, key: str, sentence: int) -> str | None:
        """Return a phrase that ends in, or begins with, `key` and says more than it, if it is recent."""
        phrase, said = self._phrases.get(key, ("", 0))
        if not phrase or sentence - said > _SPAN_OF_MEMORY or phrase.lower().removeprefix("the ") == key:
            return None
        return phrase

    def observe(self, words: Words, sentence: int) -> None:
        """Remember the phrases of a sentence."""
        i = 0
        folded = words.folded
        nominal = [_nominal(word) for word in folded]
        n = len(nominal)
        while i < n:
            if not nominal[i]:
                i += 1
                continue
            j = i
            while j < n and nominal[j] and j - i < 7:
                j += 1
            last = folded[j - 1]
            end = j
            if j + 1 < n and folded[j] == "of":
                k = j + 1
                while k < n and (nominal[k] or folded[k] in ("the", "a", "an")) and k - j < 6:
                    k += 1
                end = k if k > j + 1 else j
            if end - i > 1 or words.forms[i][0].isupper():
                phrase = " ".join(words.text[words.starts[i] : words.ends[end - 1]].split())
                self._phrases[last] = (phrase, sentence)
                if j - i > 1 and end > j:
                    self._phrases[" ".join(folded[i:j])] = (phrase, sentence)
            i = max(j, i + 1)
        if len(self._phrases) > _MOST:  # an old phrase names nothing any more
            self._phrases = {k: v for k, v in self._phrases.items() if sentence - v[1] <= _SPAN_OF_MEMORY}


@lru_cache(1 << 15)
def _nominal(word: str) -> bool:
    """Say whether a word, in lower case, may stand within a plain noun phrase."""
    if not word[0].isalpha():
        return word[0].isdigit()
    if word in _NOT_NOMINAL or word.endswith("ly"):
        return False
    return not (word in lex.PAST_ONLY or (word in lex.PRESENTS and word not in lex.NOUN_LIKE) or is_participle(word))
