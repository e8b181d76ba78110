"""How a wrong number or date of a claim is written right, in the claim's own style.

The smallest span is replaced: the digits where the unit can stay, the words of the bound with them where the bound is
what was wrong ("more than 5" → "3"). What cannot be written safely gets no correction.
"""

from __future__ import annotations

import re
from fractions import Fraction

from factcheck.text.dates import DateReading, Day, Granularity
from factcheck.text.numbers import MAGNITUDES, NumberForm
from factcheck.text.numerals import (
    ordinal_suffix,
    spell_chinese,
    spell_english,
    spell_english_ordinal,
)
from factcheck.text.quantities import Bound, Quantity, QuantityKind
from factcheck.types import Correction, Span

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ERAS = {"民國": 1911, "民国": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "大正": 1911, "明治": 1867}
_SMALLER = {"trillion": "billion", "billion": "million"}
_SIMPLIFIED = re.compile("[万亿两]")


def correct_quantity(text: str, claim: Quantity, evidence: Quantity) -> Correction | None:
    """Write the evidence's value where the claim has another.

    Args:
        text: of the claim.
        claim: the quantity of the claim, which does not hold.
        evidence: the quantity that does.

    Returns:
        The correction, or None where the value cannot be written in the claim's style.
    """
    if evidence.low != evidence.high or claim.low != claim.high or " ft " in f" {claim.number.of(text)} ":
        return None
    value = _in_units_of(claim, evidence)
    if value is None:
        return None
    converted = claim.unit is not None and evidence.unit is not None and claim.unit.name != evidence.unit.name
    written = _write(text, claim, value, converted=converted)
    if written is None or (claim.kind is QuantityKind.COUNT and value == 1 and claim.noun):
        return None
    start = claim.number.start
    bound = text[claim.span.start : claim.number.start]
    if claim.bound not in {Bound.PLAIN, Bound.ABOUT, Bound.EXACTLY}:
        if claim.span.start == claim.number.start:
            return None  # "5 or more": the bound stands behind the unit
        symbol = re.search(r"\S*$", bound)
        start = claim.span.start
        written = (symbol.group() if symbol and not symbol.group().isalpha() else "") + written
    elif claim.bound is Bound.ABOUT and bound.strip() and converted is False and _is_exact(evidence, value):
        start = claim.number.start
    if written == text[start : claim.number.end]:
        return None
    return _with_article(text, Span(start=start, end=claim.number.end), written)


def _is_exact(evidence: Quantity, value: Fraction) -> bool:
    return evidence.bound is Bound.PLAIN and value.denominator == 1


def _in_units_of(claim: Quantity, evidence: Quantity) -> Fraction | None:
    if {claim.kind, evidence.kind} == {QuantityKind.FRACTION, QuantityKind.PERCENT}:
        return evidence.low * 100 if claim.kind is QuantityKind.PERCENT else evidence.low / 100
    if claim.unit is None or evidence.unit is None or claim.unit.name == evidence.unit.name:
        return evidence.low
    if claim.unit.dimension != evidence.unit.dimension:
        return None
    return claim.unit.from_base(evidence.unit.to_base(evidence.low))


def _write(text: str, claim: Quantity, value: Fraction, *, converted: bool) -> str | None:
    old = claim.number.of(text)
    if claim.bound is Bound.ABOUT and claim.step > 1:
        value = _figures(value, 2)
    elif converted:
        value = _rounded(value, claim)
    if claim.form is NumberForm.FRACTION:
        return f"{value.numerator}/{value.denominator}" if value.denominator <= 20 and "/" in old else None
    if claim.form is NumberForm.WORDS:
        if value.denominator != 1 or not 0 <= value < 10**12:
            return _digits(value, separators=True)
        spelled = spell_english_ordinal(int(value)) if claim.kind is QuantityKind.ORDINAL else spell_english(int(value))
        if len(spelled) > 30 and claim.kind is not QuantityKind.ORDINAL:
            spelled = _digits(value, separators=True) or spelled
        return spelled[0].upper() + spelled[1:] if old[0].isupper() else spelled
    if claim.form is NumberForm.CHINESE:
        prefix = re.match("第|百分之", old)
        if value.denominator != 1 or not 0 <= value < 10**16:
            digits = _digits(value, separators=False)
            return None if digits is None else (prefix.group() if prefix else "") + digits
        spelled = spell_chinese(int(value), simplified=_SIMPLIFIED.search(text) is not None)
        return (prefix.group() if prefix else "") + spelled
    if claim.kind is QuantityKind.ORDINAL:
        if value.denominator != 1:
            return None
        return f"第{int(value)}" if old.startswith("第") else f"{int(value)}{ordinal_suffix(int(value))}"
    return _write_digits(old, claim, value)


def _write_digits(old: str, claim: Quantity, value: Fraction) -> str | None:
    match = re.fullmatch(r"([-+−]?[\d.,'\u2019\u00a0\u2009\u202f ]*\d)(.*)", old, re.DOTALL)
    if match is None:
        return None
    digits, magnitude = match[1], match[2]
    word = magnitude.strip(" -\u00a0").lower()
    factor = MAGNITUDES.get(word) or {"k": 10**3, "m": 10**6, "b": 10**9}.get(word, 0)
    separators = "," in digits or len(re.sub(r"\D", "", digits)) < 5
    if word and factor:
        scaled = value / factor
        short = _digits(scaled, separators=separators)
        # "0.0023 million" is nobody's style.
        if short is not None and scaled >= 1 and len(short.partition(".")[2]) <= 3:
            return short + magnitude
        if word in _SMALLER and value >= factor // 1000:
            return _write_digits(f"{digits} {_SMALLER[word]}", claim, value)
        if word and not word.isascii():
            return None
        return _digits(value, separators=True)
    if word:
        return None
    european = re.fullmatch(r"\d+,\d{1,2}", digits) is not None or re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", digits)
    written = _digits(value, separators=separators)
    if written is not None and european and not digits.replace(".", "").isdigit():
        written = written.translate(str.maketrans(",.", ".,"))
    return written


def _rounded(value: Fraction, claim: Quantity) -> Fraction:
    """Round a converted value to the claim's precision, but to no fewer than two figures."""
    step = claim.step
    while step > 1 and abs(value) < step * 10:
        step /= 10
    while abs(value) < step * 10 and step > Fraction(1, 1000):
        step /= 10
    return round(value / step) * step


def _figures(value: Fraction, figures: int) -> Fraction:
    """Round to a number of significant figures."""
    step = Fraction(1)
    while abs(value) >= step * 10**figures:
        step *= 10
    return round(value / step) * step


def _digits(value: Fraction, *, separators: bool) -> str | None:
    """Write a value as a decimal; None where it has none of at most six places."""
    places = next((n for n in range(7) if (value * 10**n).denominator == 1), None)
    if places is None:
        return None
    whole = abs(int(value * 10**places))
    text = str(whole).rjust(places + 1, "0") if whole < 10**400 else None
    if text is None:
        return None
    integer, decimals = (text[:-places], text[-places:]) if places else (text, "")
    if separators and len(integer) > 3:
        integer = f"{int(integer):,}"
    return ("-" if value < 0 else "") + integer + ("." + decimals if decimals else "")


def _with_article(text: str, span: Span, written: str) -> Correction:
    """Set "a" and "an" right before the number."""
    before = re.search(r"\b([Aa]n?)\s$", text[: span.start])
    if before:
        needs = "an" if _starts_with_vowel(written) else "a"
        if before[1].lower() != needs:
            article = needs.capitalize() if before[1][0].isupper() else needs
            return Correction(span=Span(start=before.start(1), end=span.end), replacement=f"{article} {written}")
    return Correction(span=span, replacement=written)


def _starts_with_vowel(written: str) -> bool:
    if written[:1].isdigit():
        return re.match(r"8|1[18](?!\d)", written) is not None
    return written[:1].lower() in "aeiou" and not written.lower().startswith(("one", "once", "uni"))


# ---------------------------------------------------------------------------------------------------------------- dates


def correct_date(text: str, claim: DateReading, evidence: DateReading) -> Correction | None:
    """Write the evidence's date where the claim has another, in the claim's format.

    A date that the evidence knows less exactly is written as exactly as it is known ("on 5 May 1904" → "in 1903").
    """
    if claim.part or evidence.part or not evidence.valid:
        return None
    if claim.granularity is Granularity.RANGE:
        return _correct_range(text, claim, evidence)
    day = evidence.start
    one_year = evidence.start[0] == evidence.end[0] and evidence.year_known
    one_month = one_year and evidence.start[1] == evidence.end[1] and evidence.granularity is not Granularity.SEASON
    one_day = evidence.start == evidence.end
    written: str | None = None
    if not claim.year_known:
        if one_day and claim.granularity is Granularity.DAY:
            written = _write_day(text, claim, day)
        elif evidence.start[1] == evidence.end[1] and claim.granularity is Granularity.MONTH:
            written = _MONTHS[day[1] - 1]
        return _date_correction(text, claim, written)
    if claim.granularity is Granularity.DAY and one_day and evidence.year_known:
        written = _write_day(text, claim, day)
    elif claim.granularity is Granularity.MONTH and one_month:
        written = _write_month(text, claim, day)
    elif claim.granularity is Granularity.YEAR and one_year:
        written = _write_year(text, claim, day[0])
    elif claim.granularity is Granularity.DECADE and one_year and day[0] > 0:
        written = re.sub(r"\d{3}0", str(day[0] // 10 * 10), claim.span.of(text), count=1)
        written = written if written != claim.span.of(text) else None
    elif (
        claim.granularity is Granularity.CENTURY
        and one_year
        and day[0] > 0
        and re.match(r"\d{1,2}[a-z]{2}", claim.span.of(text))
    ):
        number = (day[0] - 1) // 100 + 1
        written = re.sub(r"^\d{1,2}[a-z]{2}", f"{number}{ordinal_suffix(number)}", claim.span.of(text))
    elif claim.granularity in {Granularity.DAY, Granularity.MONTH} and one_month:
        return _coarser(text, claim, f"{_MONTHS[day[1] - 1]} {_bare_year(day[0])}")
    elif claim.granularity in {Granularity.DAY, Granularity.MONTH} and one_year:
        return _coarser(text, claim, _bare_year(day[0]))
    return _date_correction(text, claim, written)


def _date_correction(text: str, claim: DateReading, written: str | None) -> Correction | None:
    if written is None or written == claim.span.of(text):
        return None
    return Correction(span=claim.span, replacement=written)


def _coarser(text: str, claim: DateReading, written: str) -> Correction | None:
    if not claim.span.of(text).isascii():
        return None
    on = re.search(r"\b([Oo])n (?:the )?$", text[: claim.span.start])
    if on:
        return Correction(
            span=Span(start=on.start(), end=claim.span.end), replacement=("I" if on[1] == "O" else "i") + f"n {written}"
        )
    return Correction(span=claim.span, replacement=written)


def _bare_year(year: int) -> str:
    return str(year) if year > 0 else f"{1 - year} BC"


def _write_year(text: str, claim: DateReading, year: int) -> str | None:
    old = claim.span.of(text)
    if claim.form == "hanziera":
        base = _ERAS.get(claim.era.replace("中華", "").replace("中华", ""))
        return None if base is None or year <= base else f"{claim.era}{year - base}年"
    if claim.form == "hanzi":
        return f"{year}年" if year > 0 else f"公元前{1 - year}年"
    if claim.era or year <= 0:
        return _bare_year(year) if year <= 0 else str(year)
    return str(year) if old.isdigit() or claim.form == "year" else None


def _month_like(old: str, month: int) -> str:
    """Write a month as long, or as short, as the old one."""
    found = re.search(r"[A-Za-z]{3,}\.?", old)
    name = _MONTHS[month - 1]
    if found is None or found.group().lower().rstrip(".") in {name.lower() for name in _MONTHS}:
        return name
    return name[:3] + ("." if found.group().endswith(".") and month != 5 else "")


def _write_month(text: str, claim: DateReading, day: Day) -> str | None:
    old = claim.span.of(text)
    if claim.form in {"hanzi", "hanziera"}:
        year = _write_year(text, claim, day[0])
        return None if year is None else f"{year}{day[1]}月"
    joint = re.search(r"[A-Za-z]\.?(,?\s(?:of\s)?)\d", old)
    return f"{_month_like(old, day[1])}{joint[1] if joint else ' '}{_bare_year(day[0])}"


def _write_day(text: str, claim: DateReading, day: Day) -> str | None:
    old = claim.span.of(text)
    if claim.form == "iso":
        separator = re.search(r"[-/.]", old)
        return (separator.group() if separator else "-").join((f"{day[0]:04d}", f"{day[1]:02d}", f"{day[2]:02d}"))
    if claim.form in {"hanzi", "hanziera"}:
        year = _write_year(text, claim, day[0])
        return None if year is None else f"{year}{day[1]}月{day[2]}日"
    if claim.form == "hanzimd":
        return f"{day[1]}月{day[2]}日"
    number = str(day[2]) + (ordinal_suffix(day[2]) if re.search(r"\d(?:st|nd|rd|th)", old) else "")
    month = _month_like(old, day[1])
    year = _bare_year(day[0])
    if claim.form == "mdy":
        the = " the " if re.search(r"[a-z.] the \d", old) else " "
        comma = ", " if "," in old else " "
        return f"{month}{the}{number}" + (f"{comma}{year}" if claim.year_known else "")
    if claim.form == "dmy":
        of = " of " if re.search(r"\d(?:st|nd|rd|th)? of ", old) else " "
        joint = re.search(r"[A-Za-z]\.?(,?\s(?:of\s)?)\d{3,4}", old)
        return f"{number}{of}{month}" + (f"{joint[1] if joint else ' '}{year}" if claim.year_known else "")
    return None


def _correct_range(text: str, claim: DateReading, evidence: DateReading) -> Correction | None:
    """Replace the years of a range of years."""
    old = claim.span.of(text)
    years = re.findall(r"\d{4}", old)
    if (
        len(years) != 2
        or re.search(r"[A-Za-z]{3}", old.replace("until", "").replace("and", ""))
        or evidence.end[0] > 3000
    ):
        return None
    if evidence.granularity is not Granularity.RANGE or evidence.start[0] < 1000:
        return None
    new = iter((str(evidence.start[0]), str(evidence.end[0])))
    return _date_correction(text, claim, re.sub(r"\d{4}", lambda _: next(new), old))
