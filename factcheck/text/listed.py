"""Lists of names in a sentence, and how many they name: "Gilder, Gormley and Zubrowka" are three.

A list has commas between its members, which begin with a capital (or it is Chinese, with "、"), and ends with "and" or
its like. A member may have small words in it ("the Duke of Gormley") and a word before it that says what it is
("drummer Ida Bohl").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from factcheck.types import Span

_NAME = r"(?:[A-Z][\w.'’-]*|(?<=[A-Z]\. )[A-Z])(?:\s(?:of\s|the\s|de\s|van\s|von\s|da\s|al-)?[A-Z0-9][\w.'’-]*){0,5}"
_BEFORE = r"(?:the|a|an|his|her|its|[a-z]+(?:ist|er|or|ian|ect|king|queen))\s(?:[a-z]+\s){0,3}"
_MEMBER = rf"(?:{_BEFORE})?{_NAME}(?:\s\([^()]{{1,40}}\))?"
_LIST = re.compile(rf"{_MEMBER}(?:,\s{_MEMBER}){{0,40}},?\s(?:and|&|as well as)\s{_MEMBER}")
_COMMA = re.compile(r",\s(?:(?:and|&|as well as)\s)?")
_LAST = re.compile(r"\s(?:and|&|as well as)\s")
_COMMA_AND = re.compile(r",\s(?:and|&|as well as)\s[^,]*$")
_HAN_LIST = re.compile(r"[\u4e00-\u9fff]{1,12}(?:、[\u4e00-\u9fff]{1,12}){0,40}(?:和|與|与|及|、)[\u4e00-\u9fff]{1,12}")
_HAN_JOINT = re.compile("[、和與与及]")
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list.

    Attributes:
        span: from the first member to the last.
        count: how many members it has; "Trinidad and Tobago" would be two, so a list of two alone is none.
    """

    span: Span
    count: int


def find_listed(text: str) -> list[Listed]:
    """Find the lists of at least three names of a text, in order."""
    found = []
    for match in _LIST.finditer(text):
        end = match.end() - match[0].endswith(".")
        # Only before the last member may "and" join: "bassist and singer Ida Bohl" is one.
        *members, last = _COMMA.split(re.sub(r"\([^()]*\)", "", match[0]))
        joined = 0 if _COMMA_AND.search(match[0]) else len(_LAST.findall(last))
        found.append(Listed(span=Span(start=match.start(), end=end), count=len(members) + 1 + min(joined, 1)))
    for match in _HAN_LIST.finditer(text):
        if "、" in match[0]:
            count = len([part for part in _HAN_JOINT.split(match[0]) if part])
            found.append(Listed(span=Span(start=match.start(), end=match.end()), count=count))
    return sorted((f for f in found[:_MOST] if f.count >= 3), key=lambda listed: listed.span.start)
