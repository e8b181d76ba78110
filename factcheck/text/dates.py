"""Dates in a text, as intervals with a granularity: nothing is guessed that is not written.

A day, a month, a year, a decade and a century are all the same thing here, a first and a last day in the proleptic
calendar with astronomical years (1 BC is 0, 44 BC is -43), so that "in the 1990s" and "on 5 May 1997" can be compared.
A date that does not exist ("30 February 1999") is reported as invalid and never moved to one that does. A bare number
is a year only where its place in the sentence says so.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from factcheck.text.numbers import fold
from factcheck.text.numerals import ORDINAL_ONES, ORDINAL_TENS, TENS, read_chinese, read_english
from factcheck.types import Span

Day: TypeAlias = tuple[int, int, int]
"""Astronomical year, month, day; compares as it should."""


class Granularity(StrEnum):
    """How much time a date names."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    MILLENNIUM = "millennium"
    RANGE = "range"


class DateQualifier(StrEnum):
    """What the words before a date make of it."""

    NONE = "none"
    BEFORE = "before"
    AFTER = "after"
    SINCE = "since"
    UNTIL = "until"
    BY = "by"
    AROUND = "around"
    AS_OF = "as of"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """One date.

    Attributes:
        span: of the date itself, without the word that qualifies it.
        start: first day.
        end: last day; a range that is still open ("1991–present") ends in the year 9999.
        granularity: how much time the words name.
        qualifier: before, after, since, until, by, around, or none.
        valid: False for a date that no calendar has; then start and end are those of its month or year.
        year_known: False for "on 26 October"; start and end then have the year 0.
        part: "early", "mid" or "late" where the words say so; start and end are already narrowed to it.
        era: as written ("BC", "民國"), else empty.
        form: which pattern read it, for a correction in the same style.
    """

    span: Span
    start: Day
    end: Day
    granularity: Granularity
    qualifier: DateQualifier = DateQualifier.NONE
    valid: bool = True
    year_known: bool = True
    part: str = ""
    era: str = ""
    form: str = ""

    @property
    def year(self) -> int:
        """The astronomical year of the first day."""
        return self.start[0]

    def contains(self, other: DateReading) -> bool:
        """Say whether `other` lies within this interval."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: DateReading) -> bool:
        """Say whether the intervals share a day."""
        return self.start <= other.end and other.start <= self.end


_MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS.update({name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9})
_CHINESE_ERAS = {
    "民國": 1911, "民国": 1911, "中華民國": 1911, "中华民国": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "大正": 1911,
    "明治": 1867,
}  # fmt: skip
_FAR = 9999

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?![a-z])"
)
_DAY = r"(?<!\d)(?:0?[1-9]|[12]\d|3\d|[4-9]\d(?=st|nd|rd|th|,\s?\d{4}))(?:st|nd|rd|th)?(?![\d%])"
_ERA = r"(?:\s?(?:B\.?C\.?E?\.?|A\.?D\.?|C\.?E\.?)(?![A-Za-z]))"
_YEAR = rf"(?<![\d.,$€£#])(?:\d{{4}}(?![\d%])(?![.,]\d){_ERA}?|\d{{1,4}}{_ERA}|\d{{1,4}}(?=\s?(?:and|to|[–-]{{1,2}})\s?\d{{1,4}}\s?(?:B\.?C|前))|\bAD\s?\d{{1,4}}(?!\d))"
_YEAR_AFTER_DAY = _YEAR.replace(".,$€£#", ".$€£#", 1)
_DASH = r"\s{0,2}(?:--?|[–—~至到]|to|until|through|and)\s{0,2}"
_OF = r"(?:,\s|\s(?:of\s)?|\s?-\s?)"
_HANZI_NUMBER = r"[〇零一二三四五六七八九十百\d]{1,7}"
_ORDINAL_WORD = "|".join((*ORDINAL_ONES, *ORDINAL_TENS))
_TENS_WORD = "|".join(TENS)

_DATE = re.compile(
    rf"""
    (?P<iso>(?<![\d.-])(?P<iy>\d{{4}})(?P<isep>[-/.])(?P<im>\d{{1,2}})(?:(?P=isep)(?P<id>\d{{1,2}}))?(?![\d-]|[/.]\d))
  | (?P<numeric>(?<![\d./])(?P<na>\d{{1,2}})/(?P<nb>\d{{1,2}})/(?P<ny>\d{{4}})(?![\d/]))
  | (?P<dmy>(?P<d1>{_DAY})(?:{_DASH}(?P<d1b>{_DAY}))?\s(?:day\s)?(?:of\s)?(?P<m1>{_MONTH})(?:{_OF}(?P<y1>{_YEAR}))?)
  | (?P<mdy>(?P<m2>{_MONTH})\s(?:the\s)?(?P<d2>{_DAY})(?:{_DASH}(?P<d2b>{_DAY}))?(?:(?:,\s?|\s)(?:of\s)?(?P<y2>{_YEAR_AFTER_DAY}))?)
  | (?P<my>(?P<m3>{_MONTH})(?:{_DASH}(?P<m3b>{_MONTH}))?{_OF}(?P<y3>{_YEAR}))
  | (?P<season>(?:spring|summer|autumn|fall|winter)\s(?:of\s)?(?P<sy>{_YEAR}))
  | (?P<m4>(?<=\bin\s)(?:{"|".join(_MONTH_NAMES)})\b|(?<=\bof\s)(?:{"|".join(_MONTH_NAMES)})\b
      |(?<=\bsince\s)(?:{"|".join(_MONTH_NAMES)})\b)
  | (?P<decade>(?:(?<=the\s)|\b)(?P<dy>\d{{3}}0)['’]?s\b(?:{_ERA})?
      | ['’](?P<dshort>[1-9]0)s\b
      | \b(?P<dword>{_TENS_WORD[:-6]}nineties)\b(?!\s+(?:year|of)))
  | (?P<century>(?:(?P<c1>\d{{1,2}})(?:st|nd|rd|th)|\b(?P<c1w>(?:twenty[\s-])?(?:{_ORDINAL_WORD})))
      (?:(?:\s?[-–]\s?|\s(?:and|to|or)\s|,\s)(?:the\s)?(?P<c2>\d{{1,2}})(?:st|nd|rd|th))?
      [\s-](?P<cunit>centur(?:y|ies)|millennium)\b(?P<cera>{_ERA})?)
  | (?P<hanziera>(?P<ename>中華民國|中华民国|民國|民国|昭和|平成|令和|大正|明治)(?P<ey>元|{_HANZI_NUMBER})\s?年
      (?:\s?(?P<em>{_HANZI_NUMBER})\s?月(?:\s?(?P<ed>{_HANZI_NUMBER})\s?[日號号])?)?)
  | (?P<hanzicentury>(?P<hcbc>(?:公元前|西元前|前))?(?P<hc>{_HANZI_NUMBER})\s?世[紀纪](?:(?P<hcd>{_HANZI_NUMBER})\s?年代)?
      (?P<hcpart>初|中[葉期叶]|末)?)
  | (?P<hanzidecade>(?P<hd>\d{{3}}0|[一二三四五六七八九〇零]{{3}}[〇零])\s?年代(?P<hdpart>初|中期?|末)?)
  | (?P<hanzi>(?P<hbc>公元前|西元前|(?<![之以天日年月目生向面])前)?(?:西元|公元)?
      (?P<hy>\d{{4}}|(?<=元前)\d{{1,3}}|(?<=前)\d{{2,3}}|(?<=西元)\d{{1,3}}|(?<=公元)\d{{1,3}}
        |[〇零一二三四五六七八九]{{4}}|(?<=元前)[一二三四五六七八九十百]{{1,6}})\s?年(?!代|[間来來])
      (?:\s?(?P<hm>{_HANZI_NUMBER})\s?月(?!份?至)(?:\s?(?P<hday>{_HANZI_NUMBER})\s?[日號号])?)?)
  | (?P<hanzimd>(?<![\d年])(?P<xm>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])\s?月\s?(?P<xd>{_HANZI_NUMBER})\s?[日號号])
  | (?P<year>{_YEAR}|(?<=\bin\s)\d{{3}}(?=[\s.,;)](?![\d]))(?!\s[a-z]+s\b)|(?<=\byear\s)\d{{1,4}}(?![\d.,]\d|\d)
      |(?<=\bsince\s)\d{{3}}(?!\d|[.,]\d|\s[a-z]+s\b))
    """.replace(_TENS_WORD[:-6] + "nineties", "twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties"),
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_BC_LATER = re.compile(r"\s?(?:and|to|[–-]{1,2})\s?\d{1,4}\s?B\.?C")
_PRESENT = re.compile(rf"{_DASH}(?:the\s)?(?:present|today|now|date|ongoing)\b", re.IGNORECASE)
_OPEN_END = re.compile(r"\s?[–—-]{1,2}\s?(?=\)|$|,)")
_SHORT_END = re.compile(r"(?:\s?(?:--|[–—-])\s?)(\d{2})(?![\d-]|[.,]\d)")
_JOIN = re.compile(
    r"\s{0,2}(?:--?|[–—~]|to|until|till|through|至|到|and)(?:\s{0,2}(?:the|late|early|in|on)\s{1,2})?\s{0,2}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|from)\s(?:the\s)?(?:years?\s)?(?:early\s|late\s|mid[\s-])?$", re.IGNORECASE)
_BEFORE_WORDS = re.compile(
    r"""(?:
      (?P<before>\b(?:before|prior\sto|earlier\sthan|preceding)|早於|早于)
    | (?P<after>\b(?:after|later\sthan|following|following)|晚於|晚于)
    | (?P<since>\b(?:since|starting\s(?:in|from)|beginning\s(?:in|from)|not\sbefore|no\searlier\sthan|from)|自從?|自从)
    | (?P<until>\b(?:until|till|up\sto|through|up\suntil)|直到|直至|到)
    | (?P<asof>\bas\s(?:of|at)|截至|截止)
    | (?P<by>\b(?:by|no\slater\sthan|not\safter))
    | (?P<around>\b(?:around|about|circa|c\.|ca\.|approximately|roughly|near)|大約|大约|約|约)
    )\s{0,2}(?:at\sleast\s)?(?:the\s)?(?:(?:beginning|end|start|close|middle)\sof\s)?(?:the\s)?(?:year\s)?
      (?:(?:early|mid|late)[\s-])?\s{0,2}$""",
    re.VERBOSE | re.IGNORECASE,
)
_PART = re.compile(
    r"(?P<part>\b(?:early|mid|middle|late)|\b(?:beginning|start|middle|end|close)\sof|初期?|末期?)[\s-]{1,2}(?:the\s|of\s)*$",
    re.IGNORECASE,
)
_HANZI_AFTER = re.compile(
    r"(?P<after>以?後|以?后)|(?P<before>以?前(?!往))|(?P<since>以?[來来]|起|開始|开始)|(?P<until>為?止)"
)
_PLURAL = re.compile(
    r"\s(?:(?!(?:was|is|has|as|its|his|this|thus|and|or|the|in|at|by|of|to|for|on|when|that|which|with|does)\b)[a-z][\w-]*\s)?"
    r"(?!(?:was|is|has|as|its|his|this|thus|does)\b)([a-z][a-z-]*s|people|men|women|children)\b"
)
_YEAR_LEAD = re.compile(
    r"(?:\b(?:in|since|by|until|till|before|after|from|to|of|during|around|circa|c\.|ca\.|year|early|mid|late|between|spring"
    r"|summer|fall|autumn|winter|through|for|released|born|died|founded|established|dated|published|est\.|b\.|d\.|and|or"
    r"|fy|copyright|©|on|premiered|debuted|was|as of|season|a|an|the|this|that|its|his|her|their|'s|s'|at)\s*|[(\[–—/-]\s*|,\s)$",
    re.IGNORECASE,
)
_STRONG_LEAD = re.compile(
    r"\b(?:in|since|until|till|before|during|circa|year|early|mid|late|spring|summer|fall|autumn|winter|born|released|died)\s$",
    re.IGNORECASE,
)
_COUNT_LEAD = re.compile(
    r"(?:\b(?:of|over|about|around|nearly|almost|approximately|some|only|exactly|than|least|most|with|has|have|had|are"
    r"|were|contains?|holds?|worth|total|no\.|number|room|flight|route|highway|asteroid|model|page)|#)\s{0,2}$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s?(?:km|kilomet|met(?:er|re)s?\b|m\b|miles?\b|feet\b|ft\b|kg\b|sq\b|square\b|tons?\b|mm\b|cm\b|°|hours\b|days\b|years\b"
    r"|[hkM]?Pa\b|kcal\b|mph\b|minutes\b|seconds\b|months\b|weeks\b|percent\b|dollars\b|euros\b|mw\b|kw|hp\b|million|billion|thousand"
    r"|[個个人名座次隻只顆颗部張张歲岁公平米元度萬万億亿])",
    re.IGNORECASE,
)


def find_dates(text: str) -> list[DateReading]:
    """Find every date of `text`, in order and without overlap, in linear time."""
    folded = fold(text)
    single = list(_singles(folded))
    return list(_ranges(folded, single))


def _singles(text: str) -> Iterator[DateReading]:
    at = 0
    for match in _DATE.finditer(text):
        if match.start() < at:
            continue
        reading = _read(text, match)
        if reading is None:
            continue
        reading = _qualified(text, reading)
        at = reading.span.end
        yield reading


def _ranges(text: str, singles: list[DateReading]) -> Iterator[DateReading]:
    """Join what stands on both sides of a dash, or between "from" and "to", and close ranges that are cut short."""
    index = 0
    while index < len(singles):
        first = singles[index]
        index += 1
        following = singles[index] if index < len(singles) else None
        if following is not None and following.span.start - first.span.end <= 24:
            between = text[first.span.end : following.span.start]
            joint = _JOIN.fullmatch(between)
            lead = _BETWEEN.search(text[max(0, first.span.start - 24) : first.span.start])
            words = between.strip().lower()
            if joint and not words.startswith("and"):
                joined = _join(text, first, following, lead is not None)
                if joined is not None:
                    index += 1
                    yield joined
                    continue
            if joint and words.startswith("and") and lead and lead.group().lower().startswith("between"):
                joined = _join(text, first, following, True)
                if joined is not None:
                    index += 1
                    yield joined
                    continue
        if first.granularity is Granularity.YEAR and first.year_known:
            short = _SHORT_END.match(text, first.span.end)
            last = first.year // 100 * 100 + int(short[1]) if short else 0
            if short and first.year < last and first.year > 99:
                span = Span(start=first.span.start, end=short.end())
                yield replace(first, span=span, end=(last, 12, 31), granularity=Granularity.RANGE, form="range")
                continue
        present = _PRESENT.match(text, first.span.end) or (
            _OPEN_END.match(text, first.span.end) if first.granularity is Granularity.YEAR else None
        )
        if present and first.year_known:
            span = Span(start=first.span.start, end=first.span.end + len(present.group().rstrip()))
            yield replace(first, span=span, end=(_FAR, 12, 31), granularity=Granularity.RANGE, form="open")
            continue
        yield first


def _join(text: str, first: DateReading, second: DateReading, introduced: bool) -> DateReading | None:
    """Make one range of two dates; None where they are not the two ends of one."""
    if not second.year_known and first.year_known:
        return None
    if not first.year_known:
        if not second.year_known:
            return None
        year = second.start[0]
        first = replace(first, start=(year, *first.start[1:]), end=(year, *first.end[1:]), year_known=True)
    between = text[first.span.end : second.span.start].strip().lower()
    if between in {"to", "until", "till", "through"} and not introduced and first.granularity is not second.granularity:
        return None
    if first.start > second.end:
        return None
    return replace(
        first,
        span=Span(start=first.span.start, end=second.span.end),
        end=second.end,
        granularity=Granularity.RANGE,
        qualifier=DateQualifier.NONE,
        valid=first.valid and second.valid,
        form="range",
    )


def _read(text: str, match: re.Match[str]) -> DateReading | None:
    kind = match.lastgroup or ""
    for name, reader in _READERS.items():
        if match[name]:
            kind = name
            break
    else:
        return None
    return reader(text, match, Span(start=match.start(), end=match.end()), kind)


def _day(year: int, month: int, day: int, span: Span, form: str, *, known: bool = True, era: str = "") -> DateReading:
    """Build a day, or report one that no calendar has."""
    if not 1 <= month <= 12:
        return DateReading(
            span=span, start=(year, 1, 1), end=(year, 12, 31), granularity=Granularity.DAY, valid=False, year_known=known,
            form=form, era=era,
        )  # fmt: skip
    last = _last_day(year if known else 2000, month)
    valid = 1 <= day <= last
    start, end = ((year, month, day),) * 2 if valid else ((year, month, 1), (year, month, last))
    return DateReading(
        span=span, start=start, end=end, granularity=Granularity.DAY, valid=valid, year_known=known, form=form, era=era
    )


def _last_day(year: int, month: int) -> int:
    # The proleptic Gregorian calendar repeats every 400 years; the standard library begins at year 1.
    return calendar.monthrange(year % 400 + 400, month)[1]


def _month(year: int, month: int, span: Span, form: str, *, known: bool = True, era: str = "") -> DateReading:
    if not 1 <= month <= 12:
        return _day(year, month, 1, span, form, known=known, era=era)
    return DateReading(
        span=span, start=(year, month, 1), end=(year, month, _last_day(year if known else 2000, month)),
        granularity=Granularity.MONTH, year_known=known, form=form, era=era,
    )  # fmt: skip


def _years(first: int, last: int, span: Span, granularity: Granularity, form: str, *, era: str = "") -> DateReading:
    return DateReading(span=span, start=(first, 1, 1), end=(last, 12, 31), granularity=granularity, form=form, era=era)


def _year_value(written: str) -> tuple[int, str]:
    """Return the astronomical year and the era as written."""
    digits = re.search(r"\d+", written)
    year = int(digits.group()) if digits else 0
    era = re.sub(r"[\d\s]", "", written)
    bare = era.replace(".", "").upper()
    return (1 - year if bare in {"BC", "BCE"} else year), era


def _read_iso(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    year, month = int(match["iy"]), int(match["im"])
    if match["id"] is None:
        # "2011-12" is a season or a range far more often than a month, and "2024/5" more often a fraction.
        if match["isep"] != "-" or len(match["im"]) != 2 or not 1 <= month <= 12 or month > year % 100:
            return _read_year(text, match, Span(start=span.start, end=span.start + 4), "year")
        return (
            None
            if not 1000 <= year <= 2100
            else _read_year(text, match, Span(start=span.start, end=span.start + 4), "year")
        )
    if match["isep"] == "." and not 1 <= month <= 12:
        return None
    return _day(year, month, int(match["id"]), span, form)


def _read_numeric(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    first, second, year = int(match["na"]), int(match["nb"]), int(match["ny"])
    if first > 12 >= second:
        return _day(year, second, first, span, form)
    if second > 12 >= first:
        return _day(year, first, second, span, form)
    if first == second <= 12:
        return _day(year, first, first, span, form)
    if first > 12:
        return _day(year, first, second, span, form)
    # Day and month cannot be told apart: the year is all that is certain.
    return _years(year, year, span, Granularity.YEAR, form)


def _read_dmy(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    return _days(match, "1", span, form)


def _read_mdy(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    return _days(match, "2", span, form)


def _days(match: re.Match[str], group: str, span: Span, form: str) -> DateReading | None:
    month = _MONTHS[match["m" + group].lower().rstrip(".")]
    written = match["m" + group]
    if written in {"may", "march", "mar", "sep", "dec", "jan", "oct", "nov", "aug"} and match["y" + group] is None:
        return None  # "4 may be enough", "10 march through"
    day = int(re.sub(r"\D", "", match["d" + group]))
    known = match["y" + group] is not None
    year, era = _year_value(match["y" + group]) if known else (0, "")
    reading = _day(year, month, day, span, form, known=known, era=era)
    if match["d" + group + "b"] is None:
        return reading
    last = int(re.sub(r"\D", "", match["d" + group + "b"]))
    other = _day(year, month, last, span, form, known=known)
    if last <= day:
        return reading
    return replace(
        reading, end=other.end, granularity=Granularity.RANGE, valid=reading.valid and other.valid, form="range"
    )


def _read_my(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    year, era = _year_value(match["y3"])
    if match["m3"].islower() and match["m3"] in {"may", "march", "mar", "sep", "dec"} and "of" not in match["my"]:
        return _read_year(text, match, Span(start=match.start("y3"), end=match.end("y3")), "year")
    reading = _month(year, _MONTHS[match["m3"].lower().rstrip(".")], span, form, era=era)
    if match["m3b"]:
        last = _month(year, _MONTHS[match["m3b"].lower().rstrip(".")], span, form)
        return replace(reading, end=last.end, granularity=Granularity.RANGE, form="range")
    return reading


def _read_season(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    year, era = _year_value(match["sy"])
    # Seasons differ between hemispheres: the year is what can be compared.
    return DateReading(
        span=span, start=(year, 1, 1), end=(year, 12, 31), granularity=Granularity.SEASON, form=form, era=era
    )


def _read_month(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    if not match["m4"][0].isupper():
        return None
    return _month(0, _MONTHS[match["m4"].lower()], span, form, known=False)


_DECADE_WORDS = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")


def _read_decade(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    if match["dword"]:
        lead = text[max(0, span.start - 10) : span.start].lower()
        if not re.search(r"\bthe (?:early |mid-|late )?$|\b(?:early|late|mid)[ -]$|nineteen $", lead):
            return None
        first = 1920 + 10 * _DECADE_WORDS.index(match["dword"].lower())
    elif match["dshort"]:
        first = 1900 + int(match["dshort"]) if int(match["dshort"]) > 10 else 2000 + int(match["dshort"])
    else:
        first = int(match["dy"])
        if "B" in match["decade"].upper():
            return _years(1 - first - 9, 1 - first, span, Granularity.DECADE, form, era="BC")
        if first % 100 == 0:
            # "the 1900s" names the century or its first decade; only the wider reading is safe.
            return _narrowed(text, _years(first, first + 99, span, Granularity.CENTURY, form))
    return _narrowed(text, _years(first, first + 9, span, Granularity.DECADE, form))


def _read_century(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    if match["c1"]:
        first = int(match["c1"])
    else:
        reading = read_english(match["c1w"].lower().replace("-", " ").split())
        first = int(reading.value) if reading else 0
    if first == 0:
        return None
    last = int(match["c2"]) if match["c2"] else first
    length = 1000 if match["cunit"].lower().startswith("m") else 100
    if match["cera"] and "B" in match["cera"].upper():
        start, end = 1 - length * first, -length * (last - 1)
    else:
        start, end = length * (first - 1) + 1, length * last
    granularity = Granularity.MILLENNIUM if length == 1000 else Granularity.CENTURY
    era = match["cera"] or ""
    return _narrowed(text, _years(min(start, end), max(start, end), span, granularity, form, era=era.strip()))


def _hanzi_int(written: str) -> int:
    if written.isascii():
        return int(written)
    reading = read_chinese(written) if not re.search(r"\d", written, re.ASCII) else None
    return int(reading[0]) if reading else 0


def _read_hanziera(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    number = 1 if match["ey"] == "元" else _hanzi_int(match["ey"])
    if number == 0:
        return None
    return _hanzi_day(_CHINESE_ERAS[match["ename"]] + number, match["em"], match["ed"], span, form, match["ename"])


def _hanzi_day(year: int, month: str | None, day: str | None, span: Span, form: str, era: str) -> DateReading:
    if month and day:
        return _day(year, _hanzi_int(month), _hanzi_int(day), span, form, era=era)
    if month:
        return _month(year, _hanzi_int(month), span, form, era=era)
    return _years(year, year, span, Granularity.YEAR, form, era=era)


def _read_hanzi(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    year = _hanzi_int(match["hy"])
    if match["hbc"]:
        year = 1 - year
    return _hanzi_day(year, match["hm"], match["hday"], span, form, match["hbc"] or "")


def _read_hanzimd(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    return _day(0, _hanzi_int(match["xm"]), _hanzi_int(match["xd"]), span, form, known=False)


def _read_hanzicentury(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    number = _hanzi_int(match["hc"])
    if number == 0 or number > 99:
        return None
    if match["hcd"]:
        tens = _hanzi_int(match["hcd"])
        first = (number - 1) * 100 + tens
        reading = _years(first, first + 9, span, Granularity.DECADE, form)
    elif match["hcbc"]:
        reading = _years(1 - 100 * number, -100 * (number - 1), span, Granularity.CENTURY, form, era="BC")
    else:
        reading = _years(100 * (number - 1) + 1, 100 * number, span, Granularity.CENTURY, form)
    return _narrow(
        reading, {"初": "early", "末": "late"}.get((match["hcpart"] or "")[:1], "mid" if match["hcpart"] else "")
    )


def _read_hanzidecade(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    first = _hanzi_int(match["hd"])
    reading = _years(first, first + 9, span, Granularity.DECADE, form)
    return _narrow(
        reading, {"初": "early", "末": "late"}.get((match["hdpart"] or "")[:1], "mid" if match["hdpart"] else "")
    )


def _read_year(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    written = span.of(text)
    year, era = _year_value(written)
    if not era and _BC_LATER.match(text, span.end):
        year, era = 1 - year, "BC"
    if not era and not _in_year_position(text, span, year):
        return None
    return _years(year, year, span, Granularity.YEAR, form, era=era)


_READERS = {
    "iso": _read_iso, "numeric": _read_numeric, "dmy": _read_dmy, "mdy": _read_mdy, "my": _read_my,
    "season": _read_season, "m4": _read_month, "decade": _read_decade, "century": _read_century,
    "hanziera": _read_hanziera, "hanzicentury": _read_hanzicentury, "hanzidecade": _read_hanzidecade,
    "hanzi": _read_hanzi, "hanzimd": _read_hanzimd, "year": _read_year,
}  # fmt: skip


def _in_year_position(text: str, span: Span, year: int) -> bool:
    """Decide by its place in the sentence whether a bare number is a year."""
    before = text[max(0, span.start - 24) : span.start]
    if len(span) < 4:
        return True  # the pattern asked for "in", "since" or "year"
    if not 1000 <= year <= 2100:
        return re.search(r"\b(?:year)\s$", before, re.IGNORECASE) is not None
    if before[-1:] and before[-1] in "$€£¥#№":
        return False
    if before[-1:].isalpha() and before[-1].isascii():
        return False
    if before.endswith("-") and before[-2:-1].isalpha():
        return before[-5:].lower() in {"-mid-", "early-"} or before.lower().endswith(("mid-", "pre-", "post-"))
    if _UNIT_AFTER.match(text, span.end):
        return False
    after = text[span.end : span.end + 40]
    if after[:1].isalpha() and after[:1].isascii():
        return False
    if _STRONG_LEAD.search(before) or (re.search(r"\byear\b", before, re.IGNORECASE) and not after.strip(" .")):
        return True
    if _PLURAL.match(after) and not re.search(r"\b(?:the|'s|of|by|from|to)\s$", before, re.IGNORECASE):
        return False
    if _COUNT_LEAD.search(before) and not re.match(r"\s?[).,;]|\s?$|\s(?:and|was|were|in)\b", after):
        return re.search(r"\bof\s$|\bthe\s$|\baround\s$", before, re.IGNORECASE) is not None and year >= 1500
    if re.search(r"\b(?:no\.|number|room|flight|route|asteroid|model|page|worth|is|equals?)\s$", before, re.IGNORECASE):
        return False
    if _YEAR_LEAD.search(before) or not before.strip() or before.endswith("\n"):
        return True
    return year >= 1500


def _qualified(text: str, reading: DateReading) -> DateReading:
    """Read the words before a date, and in Chinese those after it."""
    before = text[max(0, reading.span.start - 48) : reading.span.start]
    if reading.granularity is Granularity.RANGE:
        return reading
    if not reading.part and reading.granularity is Granularity.YEAR:
        reading = _narrowed(text, reading)
    match = _BEFORE_WORDS.search(before)
    if match and match.lastgroup:
        name = "as of" if match.lastgroup == "asof" else match.lastgroup
        return replace(reading, qualifier=DateQualifier(name))
    if reading.form.startswith("hanzi"):
        after = _HANZI_AFTER.match(text, reading.span.end)
        if after and after.lastgroup:
            return replace(reading, qualifier=DateQualifier(after.lastgroup))
    return reading


def _narrowed(text: str, reading: DateReading) -> DateReading:
    match = _PART.search(text[max(0, reading.span.start - 20) : reading.span.start])
    if match is None:
        return reading
    word = match["part"].lower()
    part = (
        "early" if word.startswith(("early", "begin", "start", "初")) else "mid" if word.startswith("mid") else "late"
    )
    return _narrow(reading, part)


def _narrow(reading: DateReading, part: str) -> DateReading:
    """Cut an interval to its early, middle or late part; the parts overlap, because nobody agrees on their edges."""
    if not part:
        return reading
    first, last = reading.start[0], reading.end[0]
    length = last - first + 1
    if length == 1:
        months = {"early": (1, 6), "mid": (4, 9), "late": (7, 12)}[part]
        return replace(
            reading, part=part, start=(first, months[0], 1), end=(first, months[1], _last_day(first, months[1]))
        )
    low = {"early": 0, "mid": length * 3 // 10, "late": length // 2}[part]
    high = {"early": length // 2, "mid": length * 7 // 10, "late": length}[part] - 1
    return replace(reading, part=part, start=(first + low, 1, 1), end=(first + max(high, low), 12, 31))
