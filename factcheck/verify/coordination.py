"""Values that stand in a list with others: "in 1949 and 1987", "three or four", "either 1, 10 or 30 days".

One of several values is not contradicted by evidence that gives another of them, and a choice by none that takes one:
the evidence may tell a part of what the claim tells. Only a list beside a list leaves no such doubt.
"""

from __future__ import annotations

import re

from factcheck.text.dates import DateReading
from factcheck.text.quantities import Quantity
from factcheck.verify.comparison import Outcome, comparable, compare_dates, compare_quantities
from factcheck.verify.readings import Placed, Reading

_SMALL = (
    "in|on|the|of|an?|about|around|over|nearly|approximately|again|also|later|then|early|late|at|by|from|since|possibly"
)
_JOINED = re.compile(
    r"(?:[^\W\d_.;]{1,14}[\s-]{1,2}){0,2}?(?:[^\W\d_.;]{1,14})?[\s,)(]{0,3}"
    r"(?P<joint>\band\b|\bor\b|,|/|&|、|和|或|及|與|与)[\s(]{0,2}"
    rf"(?:(?:{_SMALL})\s){{0,4}}[\s(\"']{{0,2}}",
)
_ORDINALS = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
_OPEN_BEFORE = re.compile(
    rf"(?:\d(?:st|nd|rd|th)?-?|\b(?:{_ORDINALS}|[a-z]+teenth)),?\s(?:and|or)\s(?:the\s)?$", re.IGNORECASE
)
_LONGEST = 60


def joint_of(reading: Reading, placed: Placed) -> str:
    """Return what joins a value to the one before or after it in the same sentence: "and", "or"; empty for none."""
    found = ""
    items = [p for p in reading.items_of(placed.sentence) if not p.edge and _is_alike(p, placed)]
    at = next((n for n, p in enumerate(items) if p.item.span == placed.item.span), None)
    if at is None:
        return ""
    for first, second in ((at - 1, at), (at, at + 1)):
        if first < 0 or second >= len(items):
            continue
        start, end = items[first].item.span.end, items[second].item.span.start
        if not 0 < end - start <= _LONGEST:
            continue
        match = _JOINED.fullmatch(reading.text, start, end)
        if match is None:
            continue
        joint = "or" if match["joint"] in {"or", "/", "或"} else "and"
        found = "or" if joint == "or" else found or joint
    if not found and _OPEN_BEFORE.search(reading.text, max(0, placed.item.span.start - 24), placed.item.span.start):
        return "or"  # "16th- and 17th-century houses"
    return found


def leaves_open(claim: Reading, mine: Placed, evidence: Reading, theirs: Placed) -> bool:
    """Say whether two different values may both be right.

    One of them is one of several, or the evidence's value answers another one of the claim: "more than 60,000 views,
    and 100,000 since" beside "more than 60,000 views".
    """
    if any(_same(p, theirs) for p in claim.items if p.item.span != mine.item.span and not p.edge):
        return True
    here, there = joint_of(claim, mine), joint_of(evidence, theirs)
    if "or" in (here, there):
        return True
    return bool(here) and not there


def _same(a: Placed, b: Placed) -> bool:
    if isinstance(a.item, DateReading) and isinstance(b.item, DateReading):
        return compare_dates(a.item, b.item) is Outcome.EQUAL
    if isinstance(a.item, Quantity) and isinstance(b.item, Quantity):
        return comparable(a.item, b.item) and compare_quantities(a.item, b.item) is Outcome.EQUAL
    return False


def _is_alike(a: Placed, b: Placed) -> bool:
    return isinstance(a.item, DateReading) is isinstance(b.item, DateReading)
