"""Where a view for people goes: a terminal as it is, or a picture of one.

A view is a list of rich renderables; nothing else knows what becomes of it.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console, RenderableType


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where a view goes.

    Attributes:
        width: in columns.
        unicode: whether signs beyond ASCII can be shown.
        color: whether colours and styles can; without them brackets and asterisks stand in.
    """

    width: int = 80
    unicode: bool = True
    color: bool = False


def terminal_here(*, unicode: bool) -> Terminal:
    """Describe standard output; NO_COLOR, FORCE_COLOR, TERM and COLUMNS are respected."""
    tty = sys.stdout.isatty()
    color = (tty and os.environ.get("TERM") != "dumb") or bool(os.environ.get("FORCE_COLOR"))
    width = Console(file=sys.stdout).width if tty or os.environ.get("COLUMNS") else 80
    return Terminal(width=max(width, 40), unicode=unicode, color=color and not os.environ.get("NO_COLOR"))


def to_text(view: Sequence[RenderableType], terminal: Terminal) -> str:
    """Return what the terminal should be sent."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=terminal.width,
        force_terminal=terminal.color,
        color_system="truecolor" if terminal.color and os.environ.get("COLORTERM") else "standard",
        no_color=not terminal.color,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    if not terminal.color:
        console._color_system = None
    for part in view:
        console.print(part)
    lines = [line.rstrip() for line in buffer.getvalue().split("\n")]
    return "\n".join(lines).rstrip("\n") + "\n"


def to_svg(view: Sequence[RenderableType], *, title: str, width: int = 80) -> str:
    """Return a picture of the view; it names no font or style from elsewhere."""
    console = Console(
        file=io.StringIO(), width=width, record=True, force_terminal=True, highlight=False, emoji=False, markup=False
    )
    for part in view:
        console.print(part)
    return console.export_svg(title=title, code_format=_svg_format(), unique_id="factcheck")


def _svg_format() -> str:
    """Return rich's template without its web fonts."""
    template = re.sub(r"@font-face\s*{{.*?}}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return template.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace")
