"""A text as its blocks: paragraphs, headings, list items, quotations, tables, code.

A small reading of Markdown that treats plain text gently: what is no structure is prose, and nothing is lost. Every
character that is not white space lies in exactly one block. One pass over the lines.

Source: CommonMark 0.31, chapters 4 and 5, for headings, fences, breaks and list markers; GitHub's extension for tables.
Left out on purpose: indented code (plain text indents its paragraphs) and nesting (a list item is its own block, its
indent says how deep it stands). A fence that is never closed is a line of prose, so that a stray one hides no text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from factcheck.types import Span


class BlockKind(StrEnum):
    """What a block is."""

    PROSE = "prose"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE = "table"
    CODE = "code"
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a text.

    Attributes:
        span: the whole block, marker included, without surrounding white space.
        content: the span without the marker of a heading, list item or quotation; may be empty.
        level: of a heading 1 to 6; of a list item the number of columns before its marker.
        lines: spans of its lines, without surrounding white space.
    """

    kind: BlockKind
    span: Span
    content: Span
    level: int = 0
    lines: tuple[Span, ...] = ()


# A line from its first character that is no white space; \S first, so that long runs of blanks are passed once.
_LINE = re.compile(r"\S[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_UNDERLINE = re.compile(r"(?:=+|-{2,})$")
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}$")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_BULLET = re.compile(r"(?:[-*+]|[•‣◦▪●○■–·])(?:[ \t\u3000]+|$)|[•‣◦▪●○■](?=\S)")
_NUMBER = re.compile(
    r"\(?(\d{1,3})[.)](?:[ \t\u3000]+|$|(?=[^\W\d_]|[\"'“*_(]))"
    r"|[(（]?([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})(?:[、）]|[)．](?!\d))[ \t\u3000]*"
    r"|\(?([a-zA-Z]|[ivx]{2,4})\)[ \t]+"
    r"|([a-z])\.[ \t]+(?=[A-Z])"
)
_TABLE_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_QUOTE = re.compile(r">[ \t]?")


def split_blocks(text: str) -> list[Block]:
    """Return the blocks of a text, in order."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = [_trim(text, *match.span()) for match in _LINE.finditer(text)]
        self._blocks: list[Block] = []
        self._open: list[Span] = []  # lines of the block that is being read
        self._kind = BlockKind.PROSE
        self._marker = 0
        self._level = 0
        self._last_fence = {character: self._find_last_fence(character) for character in "`~"}

    def read(self) -> list[Block]:
        i = 0
        while i < len(self._lines):
            i = self._take(i)
        self._close()
        return self._blocks

    def _take(self, i: int) -> int:
        """Read what starts at line `i`; return the next line to read."""
        line = self._lines[i]
        words = line.of(self._text)
        if self._open and self._blank_before(i):
            self._close()
        first = words[0]
        if first in "`~" and (fence := _FENCE.match(words)) and (end := self._fence_end(i, fence.group())) > i:
            return self._emit(BlockKind.CODE, i, end + 1)
        if first == "#" and (heading := _HEADING.match(words)):
            self._close()
            self._start(BlockKind.HEADING, line, heading.end(), level=len(heading.group(1)))
            self._close()
            return i + 1
        if first in "-=" and len(self._open) == 1 and self._kind is BlockKind.PROSE and _UNDERLINE.match(words):
            self._kind, self._level = BlockKind.HEADING, 1 if first == "=" else 2
            self._open.append(line)
            self._close()
            return i + 1
        if first in "-*_" and _RULE.match(words):
            return self._emit(BlockKind.RULE, i, i + 1)
        if "|" in words and (end := self._table_end(i)) > i:
            return self._emit(BlockKind.TABLE, i, end)
        if first == ">" and (quote := _QUOTE.match(words)):
            if not (self._open and self._kind is BlockKind.QUOTE):
                self._close()
                self._start(BlockKind.QUOTE, line, quote.end())
            else:
                self._open.append(line)
            return i + 1
        if (marker := self._list_marker(i, words)) is not None:
            self._close()
            self._start(BlockKind.LIST_ITEM, line, marker, level=self._column(line.start))
            return i + 1
        if self._open and self._kind is not BlockKind.HEADING:
            self._open.append(line)
        else:
            self._start(BlockKind.PROSE, line, 0)
        return i + 1

    def _start(self, kind: BlockKind, line: Span, marker: int, level: int = 0) -> None:
        self._open, self._kind, self._marker, self._level = [line], kind, marker, level

    def _close(self) -> None:
        if not self._open:
            return
        span = Span(start=self._open[0].start, end=self._open[-1].end)
        # Of a heading that is underlined the content is the first line alone.
        underlined = self._kind is BlockKind.HEADING and len(self._open) == 2
        end = self._open[0].end if underlined else span.end
        content = Span(start=min(span.start + self._marker, end), end=end)
        self._blocks.append(
            Block(kind=self._kind, span=span, content=content, level=self._level, lines=tuple(self._open))
        )
        self._open = []
        self._marker = self._level = 0

    def _emit(self, kind: BlockKind, first: int, end: int) -> int:
        self._close()
        self._open, self._kind = self._lines[first:end], kind
        self._close()
        return end

    def _blank_before(self, i: int) -> bool:
        gap = self._text[self._lines[i - 1].end : self._lines[i].start]
        return "\u2029" in gap or "\f" in gap or gap.count("\n") > 1 or gap.count("\r") - gap.count("\r\n") > 1

    def _column(self, start: int) -> int:
        """Count the blanks before the first character of a line."""
        column = start
        while column and self._text[column - 1] in " \t\u3000":
            column -= 1
        return start - column

    def _find_last_fence(self, character: str) -> int:
        fence = character * 3
        if fence not in self._text:
            return -1
        return next(
            (i for i in range(len(self._lines) - 1, -1, -1) if self._text.startswith(fence, self._lines[i].start)), -1
        )

    def _fence_end(self, i: int, fence: str) -> int:
        """Return the line that closes the fence at line `i`, or `i` where none does."""
        if i >= self._last_fence[fence[0]]:
            return i
        for j in range(i + 1, self._last_fence[fence[0]] + 1):
            line = self._lines[j]
            if self._text.startswith(fence, line.start) and not line.of(self._text).strip(fence[0]):
                return j
        return self._unclosed(i, fence)

    def _unclosed(self, i: int, fence: str) -> int:
        # None of the later fences is this long: do not look for it again from each of the lines below.
        if len(fence) == 3:
            self._last_fence[fence[0]] = -1
        return i

    def _table_end(self, i: int) -> int:
        """Return the line after the table that starts at line `i`, or `i` where none does."""
        if i + 1 >= len(self._lines) or self._blank_before(i + 1):
            return i
        head, rule = self._lines[i].of(self._text), self._lines[i + 1].of(self._text)
        boxed = head[0] == head[-1] == "|" and len(head) > 2 and rule[0] == rule[-1] == "|" and len(rule) > 2
        if not boxed and not ("|" in rule and _TABLE_RULE.match(rule)):
            return i
        end = i + 2
        while end < len(self._lines) and not self._blank_before(end) and "|" in self._lines[end].of(self._text):
            end += 1
        return end

    def _list_marker(self, i: int, words: str) -> int | None:
        """Return the length of the list marker that opens a line, or None where there is none."""
        if bullet := _BULLET.match(words):
            return bullet.end()
        if not (number := _NUMBER.match(words)):
            return None
        value = int(number.group(1)) if number.group(1) else 0
        # In the midst of a paragraph "12." may be the end of its sentence; a list that interrupts one starts at one.
        in_paragraph = bool(self._open) and self._kind is BlockKind.PROSE
        if value and in_paragraph and value != 1 and self._ends_openly(i - 1):
            return None
        if (number.group(3) or number.group(4)) and in_paragraph and self._ends_openly(i - 1):
            return None
        return number.end()

    def _ends_openly(self, i: int) -> bool:
        """Say whether line `i` ends as if its sentence went on."""
        return self._text[self._lines[i].end - 1] not in '.!?:;。！？：；…"”)'


def _trim(text: str, start: int, end: int) -> Span:
    return Span(start=start, end=start + len(text[start:end].rstrip()))
