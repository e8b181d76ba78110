"""Words for lexical retrieval and for comparing texts.

What a token is decides what an index can find, so the rules are few and fixed, and `TOKENIZER_VERSION` goes into the
manifest of everything that is built with them:

- NFKC, case-folded, without diacritics (Curaçao = curacao), digits of every script as 0-9.
- Nothing is thrown away for being short: digits and single letters stay (vitamin C, Henry V).
- Numbers are whole: 2,381,740 = 2381740; 3.14 and 10.0.1 are one token; 20th and 1990s too; 5km is 5, km.
- Curie's = curie; don't = dont; U.S. = us; O'Brien = obrien.
- A run of Chinese or Japanese characters becomes its overlapping bigrams, traditional and simplified folded to one
  form; a character that stands alone stays alone. Runs in other scripts beside it are words of their own: DNA複製 is
  dna, 复制; 2019年 is 2019, 年.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from factcheck.text.hanzi import SIMPLIFIED, TRADITIONAL
from factcheck.types import Span

TOKENIZER_VERSION = "1"
"""Raised whenever any text may give other tokens than before."""

# Ideographs with their iteration marks, kana, and the supplementary planes of ideographs.
CJK = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# Vowel signs and other marks that belong to a word but that `\w` leaves out.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u0900-\u0903\u093a-\u094f\u0951-\u0957"
    "\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03"
    "\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3c-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d"
    "\u0d81-\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18-\u0f84"
    "\u102b-\u103e\u17b4-\u17d3\u3099\u309a\ufe20-\ufe2f"
)

_DIACRITICS = re.compile("[\u0300-\u036f]+")
_THOUSANDS = re.compile(r",(?<=\d,)(?<!\d{4},)(?=\d{3}(?!\d))")
_ACRONYM_DOTS = re.compile(r"\.(?<=\b[a-z]\.)(?=[a-z]\b)")
_POSSESSIVES = re.compile(r"'(?:(?<=\w')s(?!\w)|(?<=\w')(?=\w))")
_TOKENS = re.compile(
    rf"\d+(?:\.\d+)*(?:(?:st|nd|rd|th|s)(?![^\W_{CJK}]))?"
    rf"|[^\W\d_{CJK}](?:[^\W_{CJK}]|[{_MARKS}])*"
    rf"|[{CJK}]+"
)
_IDEOGRAPH = re.compile(f"[{CJK}]")
# What combines with the character before it: normalising between two of these could join what we cut.
_CLUSTERS = re.compile(rf"(?s:.)[{_MARKS}\u1160-\u11ff\u3099\u309a\uff9e\uff9f]*")
_ZEROS = (
    0x660,
    0x6F0,
    0x7C0,
    0x966,
    0x9E6,
    0xA66,
    0xAE6,
    0xB66,
    0xBE6,
    0xC66,
    0xCE6,
    0xD66,
    0xDE6,
    0xE50,
    0xED0,
    0xF20,
)
_FOLD: dict[int, str | int] = {
    **str.maketrans(TRADITIONAL, SIMPLIFIED),
    **{zero + i: str(i) for zero in _ZEROS for i in range(10)},
    **dict.fromkeys(map(ord, "’‘ʼ＇‛´"), "'"),
}


class Token(NamedTuple):
    """A token and where it stands in the text; bigrams of one run overlap by a character."""

    text: str
    span: Span


def tokenize(text: str) -> list[str]:
    """Return the tokens of a text, in order, with repetitions."""
    words = _TOKENS.findall(_strip(_fold(text)))
    if text.isascii():
        return words
    return [token for word in words for token in _bigrams(word)]


def tokens_with_spans(text: str) -> list[Token]:
    """Return the tokens of `tokenize`, each with its span in the text as it was given.

    Slower than `tokenize` by about ten times; for claims and passages, not for corpora.
    """
    folded, starts, ends = _fold_with_offsets(text)
    for pattern in (_THOUSANDS, _ACRONYM_DOTS, _POSSESSIVES):
        folded, starts, ends = _delete(pattern, folded, starts, ends)
    result: list[Token] = []
    for match in _TOKENS.finditer(folded):
        at = match.start()
        for i, token in enumerate(_bigrams(match.group())):
            begin = at + i if len(token) < len(match.group()) else at
            span = Span(start=starts[begin], end=max(ends[begin : begin + len(token)]))
            result.append(Token(token, span))
    return result


def _bigrams(word: str) -> list[str]:
    if len(word) < 3 or not _IDEOGRAPH.match(word):
        return [word]
    return [word[i : i + 2] for i in range(len(word) - 1)]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    # As Unicode's toNFKC_Casefold, with diacritics dropped while they stand apart.
    text = _DIACRITICS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFKC", text.casefold()).translate(_FOLD)


def _strip(text: str) -> str:
    if "," in text:
        text = _THOUSANDS.sub("", text)
    if "." in text:
        text = _ACRONYM_DOTS.sub("", text)
    return _POSSESSIVES.sub("", text) if "'" in text else text


def _fold_with_offsets(text: str) -> tuple[str, list[int], list[int]]:
    if text.isascii():
        return text.lower(), list(range(len(text))), list(range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTERS.finditer(text):
        piece = _fold(match.group())
        pieces.append(piece)
        starts.extend([match.start()] * len(piece))
        ends.extend([match.end()] * len(piece))
    return "".join(pieces), starts, ends


def _delete(
    pattern: re.Pattern[str], text: str, starts: list[int], ends: list[int]
) -> tuple[str, list[int], list[int]]:
    gone = [match.span() for match in pattern.finditer(text)]
    if not gone:
        return text, starts, ends
    kept: list[int] = []
    last = 0
    for start, end in gone:
        kept.extend(range(last, start))
        last = end
    kept.extend(range(last, len(text)))
    return "".join(text[i] for i in kept), [starts[i] for i in kept], [ends[i] for i in kept]
