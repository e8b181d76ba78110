"""Numbers in a text: digits of both conventions, words, Chinese numerals, fractions and magnitudes, with exact spans.

This is the lowest step: what a number counts or measures is for `factcheck.text.quantities` to say. Every pattern is
anchored on its first mark and bounded, so that a text is read in linear time however long its runs of digits are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from factcheck.text.numerals import (
    CHINESE_NUMERALS,
    DENOMINATORS,
    ONES,
    ORDINAL_ONES,
    ORDINAL_SCALES,
    ORDINAL_TENS,
    SCALES,
    TENS,
    read_chinese,
    read_english,
)
from factcheck.types import Span

LONGEST_RUN = 1000
"""Digits beyond which a run is no number but data: it is skipped."""


class NumberForm(StrEnum):
    """How a number is written; a correction is written likewise."""

    DIGITS = "digits"
    WORDS = "words"
    CHINESE = "chinese"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number.

    Attributes:
        span: of sign, digits and magnitude.
        value: exact.
        step: worth of the last digit written: 1/10 for "2.5", 100,000 for "2.5 million", 1 for "2,500".
        form: digits, words, Chinese numerals, or a fraction in digits.
        ordinal: "21st", "third", "第三".
        magnitude: the word or mark that multiplies digits ("million", "萬", "bn"), as written; else empty.
    """

    span: Span
    value: Fraction
    step: Fraction
    form: NumberForm
    ordinal: bool = False
    magnitude: str = ""


# One for one, so that spans hold: full-width digits and signs, and the minus sign.
_FOLD = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９．％＄－−／", "0123456789.%$--/", strict=True)}

MAGNITUDES = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "millions": 10**6, "billion": 10**9, "billions": 10**9,
    "trillion": 10**12, "trillions": 10**12, "quadrillion": 10**15, "dozen": 12, "lakh": 10**5, "crore": 10**7,
    "mio": 10**6, "mio.": 10**6, "mrd": 10**9, "mrd.": 10**9, "mln": 10**6, "mn": 10**6, "bn": 10**9, "bln": 10**9,
    "trn": 10**12, "tn": 10**12, "萬": 10**4, "万": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12, "千": 1000,
    "百": 100, "千萬": 10**7, "千万": 10**7, "百萬": 10**6, "百万": 10**6, "十億": 10**9, "十亿": 10**9,
}  # fmt: skip
_VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅒": (1, 10),
}  # fmt: skip
_ALONE = {
    "twice": Fraction(2), "thrice": Fraction(3), "half": Fraction(1, 2), "third": Fraction(1, 3),
    "quarter": Fraction(1, 4), "fifth": Fraction(1, 5), "tenth": Fraction(1, 10),
}  # fmt: skip
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")

_WORDS = sorted(
    {*ONES, *TENS, *SCALES, *ORDINAL_ONES, *ORDINAL_TENS, *ORDINAL_SCALES, *DENOMINATORS, "hundred", "dozen"},
    key=len,
    reverse=True,
)
_STARTERS = "|".join(sorted({*ONES, *TENS, *ORDINAL_ONES, *ORDINAL_TENS, "half", "an?"}, key=len, reverse=True))
_DIGITS = r"""
    (?P<digits>
        \d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])            # 2,381,740.5
      | \d{1,3}(?:[ ],[ ]\d{3})+(?![\d])                # 2 , 381 , 740: text whose marks stand apart
      | \d{1,3}(?:\.\d{3}){2,}(?:,\d+)?(?!\d)           # 2.381.740,5
      | \d{1,3}\.\d{3},\d+(?!\d)                        # 2.381,74
      | \d{1,3}(?:['\u2019\u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?(?!\d)   # 2'381'740, 2 381 740
      | \d{1,3}(?:[ ]\d{3}){2,}(?:[.,]\d+)?(?!\d)
      | [1-9]\d{0,2}[ ]\d{3}(?:[.,]\d{1,2})?(?!\d|-\d{4}|[.,:/]\d|[ ]\d)   # 53 879: see `_is_one`
      | \d{1,2}(?:,\d{2})+,\d{3}(?!\d)                  # 12,34,567
      | \d+(?:\.\d+|,\d{1,2}(?![\d,])|,\d{4,}(?![\d,]))?
      | \.\d+
    )
"""
_SCAN = re.compile(
    rf"""
    (?P<hanzi>(?:百分之)?(?:\d[\d,]{{0,30}}(?:\.\d{{1,30}})?\s?)?[{CHINESE_NUMERALS}][{CHINESE_NUMERALS}\d.,]*)
  | (?P<identifier>(?!\d{{1,3}}(?:\.\d{{3}}){{2,}}(?![\d.]))\d+(?:\.\d+){{2,}}|\d{{1,2}}:\d\d(?::\d\d)?(?!\d))
  | (?P<sign>(?<![\w)\].%])[-+](?=[.\d]))?
    (?:{_DIGITS})
    (?P<vulgar>[\ \u2009]?[{"".join(_VULGAR)}])?
    (?P<ordinal>(?:st|nd|rd|th)\b)?
  | (?P<only_vulgar>[{"".join(_VULGAR)}])
  | \b(?P<share>(?:an?|one)\s(?:quarter|third|fifth)\sof\sa\s(?:thousand|million|billion|trillion)\b)
  | \b(?P<alone>twice|thrice|an?\s(?:third|quarter|fifth|tenth)(?=\sof\b)
      |half(?=\s(?:of|the|its|their|his|her|all|is|equals)\b))
  | \b(?P<words>(?:{_STARTERS})\b(?:[\s\u2010-\u2011-]{{1,3}}(?:{"|".join(_WORDS)}|and|point|an?)\b)*)
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_AFTER_POWER = re.compile(r"\s?[x×·*]\s?10(?:\^\(?(-?\d{1,3})\)?|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}))|[eE]([+-]?\d{1,3})\b")
_SUPERSCRIPTS = re.compile(r"⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_AFTER_SLASH = re.compile(r"\s?[/⁄]\s?(\d{1,6})(?![\d/.,]\d|\d)")
_MIXED = re.compile(r"[ -](\d{1,3})[/⁄](\d{1,3})(?![\d/])")
_AFTER_MAGNITUDE = re.compile(
    r"[\s\u00a0-]{0,2}("
    + "|".join(re.escape(word) for word in sorted(MAGNITUDES, key=len, reverse=True) if word.isascii())
    + r")(?![A-Za-z])",
    re.IGNORECASE,
)
_AFTER_LETTER = re.compile(r"\s?(k|K|m|M|b|B|bn|tn)(?![A-Za-z0-9])")
_LETTERS = {"k": 10**3, "m": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12}
_CURRENCY_BEFORE = re.compile(r"[$€£¥₩₹][\s\u00a0]?[-+]?$")
_FRACTION_OF = re.compile(r"分之")
_WORD = re.compile(r"[A-Za-z]+")
_PAIR = re.compile(r"\d{1,3} \d{3}(?:[.,]\d{1,2})?")
_LAST_WORD = re.compile(r"([^\s,]+)[\s,]*$")
_NUMBERED = frozenset(
    "number no nos page pages chapter section route highway line flight model room season episode group grade type"
    " class article figure table volume step level day week year".split()
)
_NO_NAME = frozenset(
    "a an the about over around some nearly only approximately with of at in has more than than have had by to from"
    " and almost roughly up under below above between population total there were are is was its their"
    " usd eur gbp jpy chf".split()
)
_RACE = re.compile(r"\s?-?(?:m|km|metres?|meters?|yards?|yd|kg)\b", re.IGNORECASE)  # "won 4 200 m races"


def fold(text: str) -> str:
    """Return `text` with full-width digits and signs made narrow, length unchanged."""
    return text.translate(_FOLD)


def find_numbers(text: str) -> list[Number]:
    """Find every number of `text`, in order and without overlap, in linear time."""
    folded = fold(text)
    found: list[Number] = []
    at = place = 0
    while (match := _SCAN.search(folded, place)) is not None:
        place = max(match.end(), place + 1)
        if match["digits"] and _PAIR.fullmatch(match["digits"]) and not _is_one(folded, match):
            # "In May 12 300 people came": two numbers.
            place = match.start("digits") + match["digits"].index(" ")
            match = _SCAN.match(folded, match.start(), place)
        if match is None or match.start() < at:
            continue
        for number in _read(folded, match):
            if number.span.start >= at:
                found.append(number)
                at = number.span.end
    return found


def _is_one(text: str, match: re.Match[str]) -> bool:
    """Say whether two groups of digits with a blank between them are one number: "53 879 people"."""
    word = _LAST_WORD.search(text, max(0, match.start() - 24), match.start())
    last = word[1].rstrip(".").casefold() if word is not None else ""
    if last in _NUMBERED or last[-1:].isdigit() or last.endswith("#"):
        return False  # "page 12 345"
    if word is not None and word[1][0].isupper() and last not in _NO_NAME:
        return False  # "Flight 77 100 people", "in May 12 300 people"
    return not (len(match["digits"]) == 5 and _RACE.match(text, match.end()))


def _read(text: str, match: re.Match[str]) -> Iterator[Number]:
    if match.end() - match.start() > LONGEST_RUN and not match["words"]:
        return
    if match["identifier"]:  # versions, network addresses, times of day
        return
    if match["words"]:
        yield from _read_words(match)
    elif match["share"]:
        reading = read_english(match["share"].lower().split())
        if reading is not None:
            yield _number(match.start(), match.end(), reading.value, reading.step, NumberForm.WORDS)
    elif match["hanzi"]:
        yield from _read_hanzi(text, match)
    elif match["alone"]:
        value = _ALONE[match["alone"].lower().split()[-1]]
        form = NumberForm.FRACTION if value < 1 else NumberForm.WORDS
        yield _number(match.start(), match.end(), value, min(value, Fraction(1)), form)
    elif match["only_vulgar"]:
        top, bottom = _VULGAR[match["only_vulgar"]]
        yield _number(match.start(), match.end(), Fraction(top, bottom), Fraction(1, bottom), NumberForm.FRACTION)
    else:
        yield _read_digits(text, match)


def _number(start: int, end: int, value: Fraction, step: Fraction, form: NumberForm) -> Number:
    return Number(span=Span(start=start, end=end), value=value, step=step, form=form)


def _read_words(match: re.Match[str]) -> Iterator[Number]:
    tokens = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(match["words"])]
    words = [word for word, _, _ in tokens]
    at = 0
    while at < len(tokens):
        # A number has a bounded number of words; the slice keeps enumerations of thousands of numbers linear.
        reading = read_english(words[at : at + 48])
        if reading is None:
            at += 1
            continue
        start = match.start("words") + tokens[at][1]
        end = match.start("words") + tokens[at + reading.used - 1][2]
        last = words[at + reading.used - 1]
        fraction = last in DENOMINATORS and not reading.ordinal and last not in ONES
        yield Number(
            span=Span(start=start, end=end),
            value=reading.value,
            step=reading.step,
            form=NumberForm.FRACTION if fraction and reading.value.denominator > 1 else NumberForm.WORDS,
            ordinal=reading.ordinal,
        )
        at += reading.used


def _read_hanzi(text: str, match: re.Match[str]) -> Iterator[Number]:
    run = match["hanzi"]
    start, end = match.span("hanzi")
    percent = run.startswith("百分之")
    if percent:
        run = run[3:]
    run = run.rstrip(".,")
    end = start + (3 if percent else 0) + len(run)
    reading = read_chinese(run)
    if reading is None:
        # Arabic digits before a numeral that does not belong to them ("5 三") are a number of their own.
        digits = re.match(r"\d+(?:\.\d+)?", run, re.ASCII)
        if digits:
            whole, _, decimals = digits.group().partition(".")
            step = Fraction(1, 10 ** len(decimals))
            yield _number(start, start + digits.end(), Fraction(int(whole + decimals)) * step, step, NumberForm.DIGITS)
        return
    value, step = reading
    if percent:
        yield Number(
            span=Span(start=start, end=end), value=value, step=step, form=NumberForm.CHINESE, magnitude="百分之"
        )
        return
    ordinal = start > 0 and text[start - 1] == "第"
    if run == "一" and text[end : end + 1] == "半" and not ordinal:
        yield _number(start, end + 1, Fraction(1, 2), Fraction(1, 2), NumberForm.FRACTION)
        return
    below = _FRACTION_OF.match(text, end)
    if below and not ordinal:
        top = re.compile(rf"[{CHINESE_NUMERALS}\d]+", re.ASCII).match(text, below.end())
        numerator = read_chinese(top.group()) if top and not top.group().isascii() else None
        if top and top.group().isascii() and len(top.group()) < 7:
            numerator = (Fraction(int(top.group())), Fraction(1))
        if top and numerator and value:
            yield _number(start, top.end(), numerator[0] / value, 1 / value, NumberForm.FRACTION)
            return
    mixed = run[0].isascii()
    marks = "".join(mark for mark in run if not (mark.isascii() or mark.isspace()))
    yield Number(
        span=Span(start=start - ordinal, end=end),
        value=value,
        step=step,
        form=NumberForm.DIGITS if mixed and marks in MAGNITUDES else NumberForm.CHINESE,
        ordinal=ordinal,
        magnitude=marks if mixed and marks in MAGNITUDES else "",
    )


def _read_digits(text: str, match: re.Match[str]) -> Number:
    start, end = match.start(), match.end("digits")
    value, step = _value(match["digits"])
    form = NumberForm.DIGITS
    magnitude = ""
    if match["vulgar"]:
        top, bottom = _VULGAR[match["vulgar"][-1]]
        value, step, end = value + Fraction(top, bottom), Fraction(1, bottom), match.end("vulgar")
        form = NumberForm.FRACTION
    ordinal = match["ordinal"] is not None or text[start - 1 : start] == "第"
    if match["ordinal"]:
        end = match.end("ordinal")
    elif not ordinal:
        value, step, end, form = _after(text, value, step, end, form)
        word = _AFTER_MAGNITUDE.match(text, end)
        letter = _AFTER_LETTER.match(text, end) if word is None else None
        if word:
            magnitude = word[1]
            factor = MAGNITUDES[magnitude.lower()]
            value, step, end = value * factor, step * factor, word.end()
            if magnitude.lower() in {"hundred", "thousand"}:
                more = _AFTER_MAGNITUDE.match(text, end)
                if more and more[1].lower() in SCALES:
                    factor = SCALES[more[1].lower()]
                    value, step, end = value * factor, step * factor, more.end()
                    magnitude = text[word.start(1) : end]
        elif letter and _is_magnitude(text, start, letter):
            magnitude = letter[1]
            factor = _LETTERS[magnitude.lower()]
            value, step, end = value * factor, step * factor, letter.end()
    if match["sign"] == "-":
        value = -value
    return Number(
        span=Span(start=start - (1 if text[start - 1 : start] == "第" else 0), end=end),
        value=value,
        step=step,
        form=form,
        ordinal=ordinal,
        magnitude=magnitude,
    )


def _is_magnitude(text: str, start: int, letter: re.Match[str]) -> bool:
    """Tell "$5m" and "200k" from metres and kelvins."""
    if letter[1] in {"k", "K"}:
        return letter[1] == "k" or letter.group() == "K"
    return _CURRENCY_BEFORE.search(text[max(0, start - 3) : start]) is not None


def _after(
    text: str, value: Fraction, step: Fraction, end: int, form: NumberForm
) -> tuple[Fraction, Fraction, int, NumberForm]:
    """Read a power of ten or the rest of a fraction."""
    raised = _SUPERSCRIPTS.match(text, end) if value == 10 else None
    if raised:
        factor = Fraction(10) ** int(raised.group().translate(_SUPERSCRIPT))
        return factor, factor, raised.end(), form
    power = _AFTER_POWER.match(text, end)
    if power:
        exponent = int(power[1] or (power[2] or "").translate(_SUPERSCRIPT) or power[3] or "0")
        factor = Fraction(10) ** exponent
        return value * factor, step * factor, power.end(), form
    if value.denominator == 1 and 0 <= value < 10**6:
        mixed = _MIXED.match(text, end)
        if mixed and 0 < int(mixed[1]) < int(mixed[2]):
            part = Fraction(int(mixed[1]), int(mixed[2]))
            return value + part, Fraction(1, int(mixed[2])), mixed.end(), NumberForm.FRACTION
        slash = _AFTER_SLASH.match(text, end)
        if slash and 0 < int(slash[1]) <= 1000 and 0 < value < 1000:
            return value / int(slash[1]), Fraction(1, int(slash[1])), slash.end(), NumberForm.FRACTION
    return value, step, end, form


def _value(digits: str) -> tuple[Fraction, Fraction]:
    """Read digits with their separators."""
    plain = re.sub(r"['\u2019\u00a0\u2009\u202f ]", "", digits)
    points, commas = plain.count("."), plain.count(",")
    if points and commas:
        decimal = max(plain.rfind("."), plain.rfind(","))
        thousands = "," if plain[decimal] == "." else "."
        plain = plain.replace(thousands, "").replace(",", ".")
    elif commas:
        tail = plain.rpartition(",")[2]
        plain = plain.replace(",", "") if commas > 1 or len(tail) == 3 else plain.replace(",", ".")
    elif points > 1:
        plain = plain.replace(".", "")
    whole, _, decimals = plain.partition(".")
    step = Fraction(1, 10 ** len(decimals))
    return Fraction(int(whole + decimals)) * step, step
