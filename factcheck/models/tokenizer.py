"""Texts to token ids, with the special tokens put in place by us.

Tokenizers usually add special tokens and cut by themselves. Here both are separate steps: a long text has to be cut
into windows in the open, and a premise that meets many hypotheses need only be tokenised once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factcheck.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

_SURROGATES = re.compile("[\ud800-\udfff]")
_PIECE_CHARACTERS = 8192  # tokenising one long string at once is slower than linear
_LAST_SPACE = re.compile(r"\s(?=\S*\Z)")


class PairIds(NamedTuple):
    """A pair as a model reads it: token ids, and for each the text that it belongs to."""

    ids: list[int]
    types: list[int]


class TextTokenizer:
    """A tokenizer with its template of special tokens for one text and for a pair.

    Attributes:
        single_extra: special tokens around one text.
        pair_extra: special tokens around and between two texts.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        single, pair = tokenizer.encode("a"), tokenizer.encode("a", "b")
        self._before, self._after = _around(single, 0)
        start, rest = _bounds(pair, 0)
        second, end = _bounds(pair, 1)
        self._pair_before, self._pair_between, self._pair_after = (
            pair.ids[:start],
            pair.ids[rest:second],
            pair.ids[end:],
        )
        types = pair.type_ids
        self._types_before, self._types_between, self._types_after = types[:start], types[rest:second], types[end:]
        self._type_first, self._type_second = types[start], types[second]
        self.single_extra = len(self._before) + len(self._after)
        self.pair_extra = len(self._pair_before) + len(self._pair_between) + len(self._pair_after)

    @classmethod
    def from_bytes(cls, data: bytes, where: Path) -> TextTokenizer:
        """Read a `tokenizer.json`.

        Raises:
            ModelError: it is not one.
        """
        from tokenizers import Tokenizer

        try:
            return cls(Tokenizer.from_buffer(data))
        except Exception as error:  # the library raises nothing narrower
            raise ModelError(f"is not a tokenizer ({error})", where=where) from error

    @property
    def vocabulary_size(self) -> int:
        """Number of ids; each is smaller."""
        return int(self._tokenizer.get_vocab_size(with_added_tokens=True))

    def ids(self, text: str) -> list[int]:
        """Return the token ids of a text without special tokens; a lone surrogate is read as U+FFFD."""
        clean = _SURROGATES.sub("\ufffd", text)
        if len(clean) <= _PIECE_CHARACTERS:
            return list(self._tokenizer.encode(clean, add_special_tokens=False).ids)
        found: list[int] = []
        for piece in _pieces(clean):
            found.extend(self._tokenizer.encode(piece, add_special_tokens=False).ids)
        return found

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, without special ones."""
        return [len(self.ids(text)) for text in texts]

    def single(self, ids: Sequence[int]) -> list[int]:
        """Put the special tokens around the tokens of one text."""
        return [*self._before, *ids, *self._after]

    def pair(self, first: Sequence[int], second: Sequence[int]) -> PairIds:
        """Put the special tokens around and between the tokens of two texts."""
        return PairIds(
            [*self._pair_before, *first, *self._pair_between, *second, *self._pair_after],
            [
                *self._types_before,
                *[self._type_first] * len(first),
                *self._types_between,
                *[self._type_second] * len(second),
                *self._types_after,
            ],
        )


def _pieces(text: str) -> list[str]:
    """Cut a long text at white space where there is any: tokens do not reach over it."""
    pieces, start = [], 0
    while start < len(text):
        end = min(start + _PIECE_CHARACTERS, len(text))
        if end < len(text) and (space := _LAST_SPACE.search(text[start:end])) and space.start():
            end = start + space.start()
        pieces.append(text[start:end])
        start = end
    return pieces


def _bounds(encoding: Encoding, sequence: int) -> tuple[int, int]:
    places = [place for place, number in enumerate(encoding.sequence_ids) if number == sequence]
    if not places:
        raise ValueError("it gives no tokens for a plain letter")
    return places[0], places[-1] + 1


def _around(encoding: Encoding, sequence: int) -> tuple[list[int], list[int]]:
    start, end = _bounds(encoding, sequence)
    return encoding.ids[:start], encoding.ids[end:]
