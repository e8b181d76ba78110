"""Numbers that are part of a name: "Apollo 11", "COVID-19", "30 Rock". They count and measure nothing."""

from __future__ import annotations

import re

from factcheck.text.nouns import MULTIPLE, NEXT_WORD, PERCENT, STOP_WORDS, is_plural
from factcheck.text.numbers import Number, NumberForm
from factcheck.text.units import (
    match_unit,
)
from factcheck.types import Span

_NAME_BEFORE = re.compile(r"(?P<word>[^\W\d_][\w'’.&]*)(?P<gap>[ \u00a0]|-|[ ](?:No\.|#)\s?)$")
_COUNTING = re.compile(r"\b(?:atomic|mass|proton|total|oxidation|coordination) number $", re.IGNORECASE)
_DESIGNATORS = frozenset(
    "no number room flight route highway interstate area version chapter volume vol season episode part"
    " section article grade class type phase stage level page line platform gate channel model mark unit block"
    " apartment building bus train season series vitamin windows psalm act scene title size group district"
    " precinct figure table appendix step act asteroid formula game world war super bowl apollo boeing airbus"
    " iphone playstation xbox covid operation amendment catch book film track symphony opus op".split()
)

_NOT_NAMES = frozenset(
    "about over under nearly almost only exactly around approximately at least most more less fewer up to in"
    " on by of for the a an and or but with some roughly with from since until between there they he she it his"
    " her its their all has have had was is are were than total population approx after before during within"
    " per these those both that this when while as another other first last next every each not no just what"
    " which who we you i our my your if so yet then also now".split()
)


def find_designation(text: str, first: Number, last: Number) -> Span | None:
    """Return the span of the name that the number belongs to, if it belongs to one."""
    start, end = first.span.start, last.span.end
    if start and text[start - 1] in "#№":
        return Span(start=start - 1, end=end)
    after = text[end : end + 24]
    if start and (text[start - 1].isalpha() and text[start - 1].isascii()) and first.form is NumberForm.DIGITS:
        return _grown(text, start, end)
    if (
        first.form is NumberForm.DIGITS
        and after[:1].isalpha()
        and after[:1].isascii()
        and not first.ordinal
        and not re.match(
            r"(?:km|cm|mm|m|kg|g|mg|lb|lbs|oz|ft|in|mi|mph|kph|h|s|min|k|bn|x|K|W|kW|MW|GW|GB|MB|TB|Hz|MHz|GHz|l|L|ml|pm|am|nm|ha|kWh|V|kV|A|p|st|years?|days?)\b",
            after,
        )
    ):
        return _grown(text, start, end)
    if first.form is NumberForm.WORDS and not first.ordinal and first.span.of(text)[0].isupper():
        return _leading_name(text, start, end, text[max(0, start - 32) : start])
    if first.form is not NumberForm.DIGITS or first.magnitude or first.value.denominator != 1 or first.ordinal:
        return None
    written = first.span.of(text)
    if "," in written or " " in written or first.value >= 10**5 or first is not last:
        return None
    before = text[max(0, start - 32) : start]
    lead = _NAME_BEFORE.search(before)
    if lead is None:
        return _leading_name(text, start, end, before)
    word = lead["word"].rstrip(".")
    joined = lead["gap"] == "-"
    if joined:
        letters = word.replace("'", "")
        if letters.lower() in _NOT_NAMES or match_unit(text, end):
            return None
        return _grown(text, start, end) if letters[:1].isupper() or len(letters) <= 3 else None
    if lead["word"] == "No.":
        return None  # a rank
    if not word[:1].isupper() or word.lower() in _NOT_NAMES:
        begins = _leading_name(text, start, end, before)
        if begins is None and word in _DESIGNATORS and not _is_measured(text, end) and not _COUNTING.search(before):
            return Span(start=start - len(lead.group()), end=end)
        return begins
    if word.lower() not in _DESIGNATORS:
        if PERCENT.match(after) or MULTIPLE.match(after) or _is_measured(text, end):
            return None
        noun = NEXT_WORD.match(after)
        if noun and is_plural(noun[1].lower()) and noun[1][0].islower():
            return None
        sentence_start = re.search(r"(?:^|[.!?\n:;|]\s*)$", before[: lead.start()]) is not None
        if sentence_start and noun and noun[1][0].islower() and noun[1].lower() not in STOP_WORDS:
            return None
    return Span(start=start - len(lead.group()), end=end)


def _is_measured(text: str, end: int) -> bool:
    unit = match_unit(text, end)
    return unit is not None and unit.unit.name not in {"astronomical_unit"}


def _leading_name(text: str, start: int, end: int, before: str) -> Span | None:
    """Recognise "30 Rock", "21 Jump Street", "24 (film)": a number that begins a name."""
    following = NEXT_WORD.match(text, end)
    opens = re.search(
        r"(?:^|[.!?\n\"“‘«《]\s*|\b(?:The|the|film|movie|series|show|song|album|novel|book|rapper|band)\s)$", before
    )
    if following is None:
        quoted = before[-1:] in set('"“‘«《') and text[end : end + 1] in set('"”’»》,.')
        return Span(start=start, end=end) if quoted and before[-1:] else None
    word = following[1]
    if not word[0].isupper() or not opens or _is_measured(text, end):
        return None
    run = re.compile(r"(?:\s[A-Z][\w'’-]*){1,6}").match(text, end)
    if run is None:
        return None
    last = run.group().split()[-1].lower()
    beyond = NEXT_WORD.match(text, run.end())
    if beyond and beyond[1].islower() and is_plural(beyond[1]) and beyond[1] not in STOP_WORDS:
        return None
    quoted = before[-1:] in set('"“‘«《')
    if is_plural(last) and not quoted:
        return None
    return Span(start=start, end=run.end())


def _grown(text: str, start: int, end: int) -> Span:
    """Widen over the letters, digits and hyphens that are joined to a number, within reason."""
    while start and end - start < 40 and (text[start - 1].isalnum() or (text[start - 1] == "-" and start > 1)):
        start -= 1
    while end < len(text) and end - start < 40 and text[end].isalnum():
        end += 1
    return Span(start=start, end=end)
