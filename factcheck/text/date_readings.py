"""A date as an interval, and how each way of writing one is read into it."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from factcheck.text.date_patterns import CHINESE_ERAS, MONTHS, in_year_position
from factcheck.text.numerals import read_chinese, read_english
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


_BC_LATER = re.compile(r"\s?(?:and|to|[–-]{1,2})\s?\d{1,4}\s?B\.?C")
# "20th Century Fox", but "in the 20th Century France was".
_IN_NAME = re.compile(r"(?<!the )(?<!The )\S{2,20}[ -]Century [A-Z]")
_PART = re.compile(
    r"(?P<part>\b(?:early|mid|middle|late)|\b(?:beginning|start|middle|end|close)\sof|初期?|末期?)[\s-]{1,2}(?:the\s|of\s)*$",
    re.IGNORECASE,
)


def read_match(text: str, match: re.Match[str]) -> DateReading | None:
    """Read what `DATE` matched; None where it is no date after all."""
    for name, reader in _READERS.items():
        if match[name]:
            return reader(text, match, Span(start=match.start(), end=match.end()), name)
    return None


def _day(year: int, month: int, day: int, span: Span, form: str, *, known: bool = True, era: str = "") -> DateReading:
    """Build a day, or report one that no calendar has."""
    if not 1 <= month <= 12:
        return DateReading(
            span=span, start=(year, 1, 1), end=(year, 12, 31), granularity=Granularity.DAY, valid=False,
            year_known=known, form=form, era=era,
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
    month = MONTHS[match["m" + group].lower().rstrip(".")]
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
    reading = _month(year, MONTHS[match["m3"].lower().rstrip(".")], span, form, era=era)
    if match["m3b"]:
        last = _month(year, MONTHS[match["m3b"].lower().rstrip(".")], span, form)
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
    return _month(0, MONTHS[match["m4"].lower()], span, form, known=False)


_DECADE_WORDS = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")


def _read_decade(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    if match["dword"]:
        lead = text[max(0, span.start - 10) : span.start].lower()
        if not re.search(r"\bthe (?:early |mid-|late )?$|\b(?:early|late|mid)[ -]$|nineteen $", lead):
            return None
        first = 1920 + 10 * _DECADE_WORDS.index(match["dword"].lower())
    elif match["dodd"]:
        # "The 1961s" is no decade, as 30 February is no day.
        year = int(re.sub(r"\D", "", match["dodd"]))
        if year < 1000:
            return None
        return replace(_years(year, year, span, Granularity.DECADE, form), valid=False)
    elif match["dshort"]:
        first = 1900 + int(match["dshort"]) if int(match["dshort"]) > 10 else 2000 + int(match["dshort"])
    else:
        first = int(match["dy"])
        if "B" in match["decade"].upper():
            return _years(1 - first - 9, 1 - first, span, Granularity.DECADE, form, era="BC")
        if first % 100 == 0 and first != 2000:
            # "the 1900s" names the century or its first decade; only the wider reading is safe.
            return narrowed(text, _years(first, first + 99, span, Granularity.CENTURY, form))
    return narrowed(text, _years(first, first + 9, span, Granularity.DECADE, form))


def _read_century(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    if match["c1"]:
        first = int(match["c1"])
    else:
        reading = read_english(match["c1w"].lower().replace("-", " ").split())
        first = int(reading.value) if reading else 0
    if first == 0 or _IN_NAME.match(text, span.start):
        return None
    last = int(match["c2"]) if match["c2"] else first
    length = 1000 if match["cunit"].lower().startswith("m") else 100
    if match["cera"] and "B" in match["cera"].upper():
        start, end = 1 - length * first, -length * (last - 1)
    else:
        start, end = length * (first - 1) + 1, length * last
    granularity = Granularity.MILLENNIUM if length == 1000 else Granularity.CENTURY
    era = match["cera"] or ""
    return narrowed(text, _years(min(start, end), max(start, end), span, granularity, form, era=era.strip()))


def _hanzi_int(written: str) -> int:
    if written.isascii():
        return int(written)
    reading = read_chinese(written) if not re.search(r"\d", written, re.ASCII) else None
    return int(reading[0]) if reading else 0


def _read_hanziera(text: str, match: re.Match[str], span: Span, form: str) -> DateReading | None:
    number = 1 if match["ey"] == "元" else _hanzi_int(match["ey"])
    if number == 0:
        return None
    return _hanzi_day(CHINESE_ERAS[match["ename"]] + number, match["em"], match["ed"], span, form, match["ename"])


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
    if not era and not in_year_position(text, span, year):
        return None
    return _years(year, year, span, Granularity.YEAR, form, era=era)


_READERS = {
    "iso": _read_iso, "numeric": _read_numeric, "dmy": _read_dmy, "mdy": _read_mdy, "my": _read_my,
    "season": _read_season, "m4": _read_month, "decade": _read_decade, "century": _read_century,
    "hanziera": _read_hanziera, "hanzicentury": _read_hanzicentury, "hanzidecade": _read_hanzidecade,
    "hanzi": _read_hanzi, "hanzimd": _read_hanzimd, "year": _read_year,
}  # fmt: skip


def narrowed(text: str, reading: DateReading) -> DateReading:
    """Cut the interval to what "early", "mid" or "late" before it says."""
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
