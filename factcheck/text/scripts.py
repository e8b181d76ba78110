"""In which script a text is written, as far as whoever reads it must know."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile("[A-Za-zªºÀ-ÖØ-öø-ʯᴀ-ᶿḀ-ỿⱠ-Ɀ\ua720-\ua7ff\uab30-\uab6fﬀ-ﬆＡ-Ｚａ-ｚ]")
_WRITTEN_IN_LATIN = frozenset(
    "af ca cs da de en es et eu fi fr ga hr hu id is it la lt lv ms mt nl no pl pt ro sk sl sq sv sw tr vi".split()
)


def is_latin(text: str) -> bool:
    """Say whether at least half of the letters of a text are Latin; one without letters is."""
    return text.isascii() or 2 * len(_LATIN.findall(text)) >= len(_LETTER.findall(text))


def can_read(languages: Sequence[str], text: str) -> bool:
    """Say whether a model of these languages can read a text, as far as the script tells.

    Args:
        languages: their tags, such as `en`; a model that names none is taken to read everything, and so is one that
            names a language which is not written in Latin letters.
        text: to be read.
    """
    tags = {tag.lower().partition("-")[0] for tag in languages}
    return not tags or not tags <= _WRITTEN_IN_LATIN or is_latin(text)
