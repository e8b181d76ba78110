"""HTML as values: what is no `Markup` is escaped, so that no text can become an element."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import TypeAlias

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_VOID = frozenset({"meta", "br", "hr", "rect"})


class Markup(str):
    """HTML that is escaped already."""

    __slots__ = ()


Content: TypeAlias = "str | Markup | Iterable[Content] | None"


def escaped(text: str) -> Markup:
    """Return plain text as HTML; characters that HTML does not allow become U+FFFD."""
    return Markup(html.escape(_UNFIT.sub("\N{REPLACEMENT CHARACTER}", text), quote=True))


def element(name: str, /, *content: Content, **attributes: str | bool | None) -> Markup:
    """Return an element.

    Args:
        name: of the element; a constant of ours, never data.
        content: text, markup, or lists of both; None is left out.
        attributes: by name, with `_` for `-` and one at the end dropped (`class_`); None and False are left out.
    """
    parts = ["<", name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        parts += [" ", key.rstrip("_").replace("_", "-")]
        if value is not True:
            parts += ['="', escaped(value), '"']
    parts.append(">")
    if name not in _VOID:
        _append(parts, content)
        parts += ["</", name, ">"]
    return Markup("".join(parts))


def _append(parts: list[str], content: Iterable[Content]) -> None:
    for item in content:
        if item is None:
            continue
        if isinstance(item, Markup):
            parts.append(item)
        elif isinstance(item, str):
            parts.append(escaped(item))
        else:
            _append(parts, item)
