"""What numbers count and measure: value, written precision, bound, unit or counted noun, each with its span.

Readings that are not quantities are still reported, with the kind that says why they must not be compared: numbers
that are part of a name ("Apollo 11", "COVID-19"). Dates are left to `factcheck.text.dates`.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from factcheck.text.dates import DateReading, find_dates
from factcheck.text.designations import find_designation
from factcheck.text.nouns import HANZI_NOUN, HANZI_TRAIL, MULTIPLE, NEXT_WORD, PERCENT, STOP_WORDS, is_plural
from factcheck.text.numbers import MAGNITUDES, Number, NumberForm, find_numbers, fold
from factcheck.text.numerals import ONES, TENS
from factcheck.text.units import (
    CELSIUS,
    CURRENCY_SYMBOLS,
    FAHRENHEIT,
    KILOMETERS_AN_HOUR,
    PREFIXED_CURRENCIES,
    WORDS,
    Unit,
    currency,
    match_unit,
)
from factcheck.types import Span


class Bound(StrEnum):
    """What the words around a number make of it; `PLAIN` is a number without any."""

    PLAIN = "plain"
    EXACTLY = "exactly"
    ABOUT = "about"
    AT_LEAST = "at least"
    MORE_THAN = "more than"
    AT_MOST = "at most"
    LESS_THAN = "less than"
    BETWEEN = "between"


class QuantityKind(StrEnum):
    """What sort of thing a number says."""

    COUNT = "count"
    MEASURE = "measure"
    CURRENCY = "currency"
    PERCENT = "percent"
    PERCENTAGE_POINTS = "percentage points"
    ORDINAL = "ordinal"
    FRACTION = "fraction"
    MULTIPLE = "multiple"
    RATIO = "ratio"
    AGE = "age"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One quantity.

    Attributes:
        span: the whole expression, bound, currency and unit included.
        number: the digits or words alone, magnitude included: what a correction replaces.
        low: the value, or the lower end of a range, in the unit that is written; a percentage is not divided by 100.
        high: the upper end; equal to `low` unless the text gives a range or a tolerance.
        step: worth of the last digit that is written.
        bound: see `Bound`.
        kind: see `QuantityKind`.
        unit: what it is measured in; None for counts, ordinals, percentages.
        noun: what is counted, in lower case and as written ("moons"); may be empty.
        noun_phrase: the words between number and noun with the noun, lower case ("league championship titles").
        form: how the number is written.
    """

    span: Span
    number: Span
    low: Fraction
    high: Fraction
    step: Fraction
    bound: Bound
    kind: QuantityKind
    unit: Unit | None = None
    noun: str = ""
    noun_phrase: tuple[str, ...] = ()
    form: NumberForm = NumberForm.DIGITS

    @property
    def value(self) -> Fraction:
        """The number itself; the middle of a range."""
        return (self.low + self.high) / 2

    @property
    def dimension(self) -> str:
        """What can be compared with what: a dimension of the unit, or the kind of number."""
        if self.unit is not None:
            return self.unit.dimension
        return f"[{self.kind.value}]"

    def in_base(self) -> tuple[Fraction, Fraction]:
        """Return low and high in base units."""
        if self.unit is None:
            return self.low, self.high
        return self.unit.to_base(self.low), self.unit.to_base(self.high)


_LEADS: tuple[tuple[Bound, str], ...] = (
    (Bound.AT_LEAST, r"at least|no less than|no fewer than|not less than|a minimum of|minimum of|min\.|upwards? of|from"
     r"|≥|>="
     r"|至少|最少|不少於|不少于|起碼|不低於|不低于"),
    (Bound.AT_MOST, r"at (?:the )?most|no more than|not more than|up to|a maximum of|maximum of|max\.|as many as"
     r"|as much as"
     r"|at maximum|≤|<=|至多|最多|不超過|不超过|不多於|不多于"),
    (Bound.ABOUT, r"about|around|approximately|approx\.?|roughly|circa|some|an estimated|estimated(?: at)?|close to"
     r"|near|c\.|ca\.|~|≈"
     r"|almost exactly|almost|nearly|just under|just below|just over|just above|not quite|more or less|an average of"
     r"|average of|大約|大约|約|约|大概|估計|估计|平均|約為|约为|將近|将近|接近|近"),
    (Bound.LESS_THAN, r"less than|fewer than|under|below|smaller than|lower than|shorter than"
     r"|<|不到|不足|少於|少于|低於|低于|小於|小于"),
    (Bound.MORE_THAN, r"more than|greater than|over|above|exceeding|exceeds|exceeded|exceed|in excess of|beyond"
     r"|larger than|higher than|longer than|taller than|surpassing|surpassed|>"
     r"|超過|超过|逾|多於|多于|高於|高于|大於|大于|破|達到?逾"),
    (Bound.EXACTLY, r"exactly|precisely|=|恰好|正好|剛好|刚好|整整"),
)  # fmt: skip

_LEAD = re.compile(
    "(?:"
    + "|".join(
        f"(?P<b{index}>(?:(?<![A-Za-z-])(?=[A-Za-z])|(?![A-Za-z]))(?:{words}))"
        for index, (_, words) in enumerate(_LEADS)
    )
    + r")(?:\s(?:a|an|the)(?=\s))?(?:\s(?:total|whopping|estimated|additional|average) of)?\s{0,2}$",
    re.IGNORECASE,
)

_NOT_SO = re.compile(r"\bnot\s(?:more|less|fewer|greater)\sthan\s*$", re.IGNORECASE)

_TRAILS: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (Bound.AT_LEAST, re.compile(r"\s?(?:or (?:more|above|over|greater|older|higher)|and (?:above|over|older)"
                                r"|\+(?!\d)|以上|或以上|起)")),
    (Bound.AT_MOST, re.compile(r"\s?(?:or (?:less|fewer|below|under|lower|younger)|以下|以內|以内|之內|之内)")),
    (Bound.MORE_THAN, re.compile(r"\s?(?:餘|余|多(?=[個个人名座年次萬万億亿公米件本隻所部間])|-odd\b|-plus\b)")),
    (Bound.ABOUT, re.compile(r"\s?(?:or so\b|左右|上下|前後|-ish\b)")),
)  # fmt: skip

_RANGE = re.compile(r"\s{0,2}(?:--?|[–—~～]|to|and|至|到)\s{0,2}(?:[$€£¥]\s?)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from)\s{1,2}(?:[$€£¥]\s?)?$|介於\s?$|介于\s?$|在\s?$", re.IGNORECASE)
_MINUS = re.compile(r"(?<!\d )\bminus\s$", re.IGNORECASE)
_TOLERANCE = re.compile(r"\s?(?:±|\+/-|\+/−|plus or minus)\s?$")


_POINTS = re.compile(r"\s?(?:percentage|%)[\s-]points?\b|\s?個?百分點|\s?个?百分点", re.IGNORECASE)


_TIMES_COMPARISON = re.compile(
    r"\s{1,2}(?:as|more|less|larger|bigger|greater|higher|the|smaller|longer|faster|taller|heavier|that|its)\b",
    re.IGNORECASE,
)

_CURRENCY_BEFORE = re.compile(
    r"(?:(?P<symbol>US\$|U\.S\.\$|NT\$|HK\$|A\$|C\$|R\$|S\$|[$€£¥₩₹₽฿])|\b(?P<code>USD|EUR|GBP|JPY|CNY|RMB|TWD|HKD|INR|CHF|AUD|CAD)"
    r"|(?P<hanzi>新[台臺]幣|新台币|[台臺]幣|人民[幣币]|港[幣币]|美金|日[幣币]|[歐欧]元))"
    r"\s?[-−]?$"
)  # fmt: skip

_AGE_AFTER = re.compile(r"[\s-](?:years?)[\s-](?:old|of age)\b|\s?[歲岁]", re.IGNORECASE)
_AGE_BEFORE = re.compile(r"\b(?:aged|at age|age|at the age of|age of|turned|turning|ages)\s{1,2}$", re.IGNORECASE)
_TO = re.compile(r"\s?:\s?|\sto\s|-to-|\s?比\s?")
_RATIO_BEFORE = re.compile(
    r"\b(?:ratio|odds|proportion)s?\b[^.;:\d]{0,32}\s(?:of|is|was|at)\s(?:about\s)?$|比例[為为是]?\s?$", re.IGNORECASE
)
_RATIO_AFTER = re.compile(r"[\s-](?:ratio|odds|majority|margin|scale)\b|的比例", re.IGNORECASE)
_INCHES = re.compile(r"\s?(?:inch(?:es)?|in)\b|\s?[\"″]")
_PREFIXED_UNIT = re.compile(r"[攝摄華华]氏$|[時时]速$")
_TENTHS = re.compile(r"成(?![為为立功員员長长年了就人績绩果本分份語语])")
_RATE = re.compile(r"/\s?$|\bper $")
_PERSONS = frozenset("人名位個个")


def find_quantities(text: str, dates: Sequence[DateReading] | None = None) -> list[Quantity]:
    """Find every quantity of `text`, in order and without overlap, in linear time.

    Args:
        text: any text.
        dates: its dates, if they are known already (`find_dates(text)`); their numbers are left out.
    """
    folded = fold(text)
    taken = find_dates(text) if dates is None else dates
    starts = [date.span.start for date in taken]
    numbers = [number for number in find_numbers(text) if not _in_date(number, taken, starts)]
    found: list[Quantity] = []
    index = 0
    while index < len(numbers):
        number = numbers[index]
        following = numbers[index + 1] if index + 1 < len(numbers) else None
        index += 1
        last, is_range, tolerance = number, False, False
        if following is not None and following.span.start - number.span.end <= 8 and not number.ordinal:
            between = folded[number.span.end : following.span.start]
            ratio = _ratio(folded, number, following, between)
            if ratio is not None:
                found.append(ratio)
                index += 1
                continue
            if _TOLERANCE.match(between):
                last, tolerance = following, True
            elif _is_range(folded, number, following, between):
                last, is_range = following, True
            if last is following:
                index += 1
        if found and number.span.start < found[-1].span.end:
            continue
        if number.form is NumberForm.DIGITS and _RATE.search(folded[max(0, number.span.start - 5) : number.span.start]):
            continue  # "births/1,000 population"
        quantity = _quantity(folded, number, last, is_range=is_range, tolerance=tolerance)
        if found and (joined := _feet_and_inches(folded, found[-1], quantity)):
            found[-1] = joined
        else:
            found.append(quantity)
    return found


def _ratio(text: str, first: Number, second: Number, between: str) -> Quantity | None:
    """Read "a ratio of 3 to 1", "the 3:1 ratio"; None where nothing says that it is one."""
    if not _TO.fullmatch(between) or not second.value or first.ordinal or second.ordinal:
        return None
    before, end = text[max(0, first.span.start - 48) : first.span.start], second.span.end
    if not (_RATIO_BEFORE.search(before) or _RATIO_AFTER.match(text, end)):
        return None
    span = Span(start=first.span.start, end=end)
    value = first.value / second.value
    return Quantity(
        span=span, number=span, low=value, high=value, step=abs(value) / 1000, bound=Bound.PLAIN,
        kind=QuantityKind.RATIO, form=second.form,
    )  # fmt: skip


def _feet_and_inches(text: str, first: Quantity, second: Quantity) -> Quantity | None:
    """Join "5 ft 11 in" to one length."""
    if first.unit is None or first.unit.name != "foot" or second.span.start - first.span.end > 5:
        return None
    inches = _INCHES.match(text, second.number.end)
    if inches is None or not 0 <= second.low < 12 or first.low.denominator != 1:
        return None
    value = first.low + second.low / 12
    return replace(
        first,
        span=Span(start=first.span.start, end=inches.end()),
        number=Span(start=first.number.start, end=inches.end()),
        low=value,
        high=value,
        step=second.step / 12,
    )


def _in_date(number: Number, dates: Sequence[DateReading], starts: Sequence[int]) -> bool:
    at = bisect.bisect_right(starts, number.span.end - 1) - 1
    return at >= 0 and dates[at].span.overlaps(number.span)


def _is_range(text: str, first: Number, second: Number, between: str) -> bool:
    """Say whether two numbers are the ends of one range."""
    unit = match_unit(text, first.span.end)
    core = between
    if unit is not None and unit.end <= second.span.start:
        core = text[unit.end : second.span.start]
    percent = PERCENT.match(core)
    if percent:
        core = core[percent.end() :]
    if not _RANGE.match(core) or not core.strip():
        return False
    word = core.strip().lower().rstrip("$€£¥ ")
    introduced = _BETWEEN.search(text[max(0, first.span.start - 12) : first.span.start])
    if word == "and":
        return introduced is not None and "between" in introduced.group().lower()
    if word == "to" and not introduced and first.value >= second.value:
        return False  # a score ("won 3 to 1"), not a range
    if word in {"-", "–", "—"} and (first.value >= second.value or second.value < 0):
        return False
    return _scaled(first, second).value <= second.value


def _scaled(first: Number, second: Number) -> Number:
    """Give the first end the magnitude of the second: "3 to 4 million", "10–20 萬"."""
    if second.magnitude and not first.magnitude and first.value < second.value and second.value:
        digits = second.value / second.step
        if digits and first.form is NumberForm.DIGITS and first.value <= 1000 and second.magnitude != "百分之":
            factor = MAGNITUDES.get(second.magnitude.lower(), 1)
            return replace(first, value=first.value * factor, step=first.step * factor)
    return first


def _quantity(text: str, first: Number, last: Number, *, is_range: bool, tolerance: bool) -> Quantity:
    if is_range:
        first = _scaled(first, last)
    low, high = (first.value, last.value) if is_range else (first.value, first.value)
    step = min(first.step, last.step)
    bound = Bound.BETWEEN if is_range else Bound.PLAIN
    if tolerance:
        low, high, step = first.value - last.value, first.value + last.value, first.step
        bound = Bound.BETWEEN
    number = Span(start=first.span.start, end=last.span.end)
    start, end = number.start, number.end
    before = text[max(0, start - 40) : start]
    lead = _CURRENCY_BEFORE.search(before)
    kind, unit = QuantityKind.COUNT, None
    if lead:
        code = _currency_code(lead)
        kind, unit = QuantityKind.CURRENCY, currency(code)
        start -= len(lead.group())
        before = text[max(0, start - 40) : start]
    base = Quantity(
        span=Span(start=start, end=end), number=number, low=low, high=high, step=step, bound=bound, kind=kind,
        unit=unit, form=last.form if is_range else first.form,
    )  # fmt: skip
    named = find_designation(text, first, last)
    if named is not None and not lead:
        return replace(base, kind=QuantityKind.NAME, span=named)
    following = match_unit(text, number.end)
    minus = _MINUS.search(before)
    if minus is not None and low > 0 and following is not None and following.unit.name.startswith("degree"):
        # "minus 40 degrees", but "twelve metres minus four metres"
        whole = Span(start=start - len(minus[0]), end=end)
        base = replace(base, low=-high, high=-low, number=replace(number, start=whole.start), span=whole)
    base = _measured(text, base, first, before)
    return _bounded(text, base)


def _currency_code(lead: re.Match[str]) -> str:
    if lead["symbol"]:
        return CURRENCY_SYMBOLS[lead["symbol"]]
    if lead["hanzi"]:
        return PREFIXED_CURRENCIES[lead["hanzi"]]
    return str(lead["code"]).replace("RMB", "CNY")


def _measured(text: str, base: Quantity, number: Number, before: str) -> Quantity:
    """Read what follows: percent, times, age, unit or counted noun."""
    end = base.number.end
    if number.ordinal or before.endswith("No. ") or (number.form is NumberForm.WORDS and before.endswith("number ")):
        return _with_noun(text, replace(base, kind=QuantityKind.ORDINAL), end)
    if number.magnitude == "百分之":
        return _with_noun(text, replace(base, kind=QuantityKind.PERCENT), end)
    points = _POINTS.match(text, end)
    if points:
        span = Span(start=base.span.start, end=points.end())
        return replace(base, kind=QuantityKind.PERCENTAGE_POINTS, span=span)
    percent = PERCENT.match(text, end)
    if percent:
        span = Span(start=base.span.start, end=percent.end())
        return _with_noun(text, replace(base, kind=QuantityKind.PERCENT, span=span), percent.end())
    if base.kind is QuantityKind.CURRENCY:
        yuan = text[end : end + 1] == "元" and not text[base.span.start].isascii()
        return replace(base, span=Span(start=base.span.start, end=end + 1)) if yuan else base
    prefixed = _PREFIXED_UNIT.search(before)
    if prefixed and text.startswith(("度", "公里"), end):
        scale = {"攝": CELSIUS, "摄": CELSIUS, "華": FAHRENHEIT, "华": FAHRENHEIT}.get(
            prefixed.group()[0], KILOMETERS_AN_HOUR
        )
        if (scale is KILOMETERS_AN_HOUR) is text.startswith("公里", end):
            span = Span(start=base.span.start, end=end + (2 if scale is KILOMETERS_AN_HOUR else 1))
            return replace(base, kind=QuantityKind.MEASURE, unit=scale, span=span)
    if number.form is NumberForm.CHINESE and 0 < number.value < 10 and _TENTHS.match(text, end):
        tenths = replace(base, low=base.low * 10, high=base.high * 10, step=base.step * 10)
        return replace(tenths, kind=QuantityKind.PERCENT, span=Span(start=base.span.start, end=end + 1))
    if base.number.of(text).lower() in {"twice", "thrice"}:
        if _TIMES_COMPARISON.match(text, end):
            return replace(base, kind=QuantityKind.MULTIPLE, noun="times")
        return replace(base, noun="times", noun_phrase=("times",))
    multiple = MULTIPLE.match(text, end)
    if multiple:
        word = multiple.group().strip(" -").lower()
        span = Span(start=base.span.start, end=multiple.end())
        if word == "fold" or word == "倍" or _TIMES_COMPARISON.match(text, multiple.end()):
            return replace(base, kind=QuantityKind.MULTIPLE, span=span, noun="times")
        return replace(base, span=span, noun="times", noun_phrase=("times",))
    age = _AGE_AFTER.match(text, end)
    if age or (_AGE_BEFORE.search(before) and match_unit(text, end) is None):
        span = Span(start=base.span.start, end=age.end() if age else end)
        return replace(base, kind=QuantityKind.AGE, unit=WORDS["year"], span=span, noun="age")
    if base.form is NumberForm.FRACTION and not match_unit(text, end):
        return _with_noun(text, replace(base, kind=QuantityKind.FRACTION), end)
    unit = match_unit(text, end)
    if unit is not None and not _false_unit(text, base, end, unit.end):
        kind = QuantityKind.CURRENCY if unit.unit.dimension.startswith("[currency") else QuantityKind.MEASURE
        measured = replace(base, kind=kind, unit=unit.unit, span=Span(start=base.span.start, end=unit.end))
        # "US$ 5 billion dollars" and "5 ft 11 in" end here; what is measured ("20 km of coast") follows.
        return _with_noun(text, measured, unit.end, of=True)
    return _with_noun(text, base, end)


def _false_unit(text: str, base: Quantity, start: int, end: int) -> bool:
    """Refuse one-letter symbols that are more likely something else, and a Chinese year count that is a date."""
    symbol = text[start:end].strip(" -\u00a0\u2009\u202f")
    if base.form in {NumberForm.WORDS, NumberForm.CHINESE} and len(symbol) == 1 and symbol.isascii():
        return True
    if symbol in {"s", "h", "l", "K", "W", "J", "L"} and text[start : start + 1] != " " and symbol == "s":
        return True
    if symbol == "second" and base.form is NumberForm.WORDS:
        return text[start : start + 1] != "-"
    return symbol in {"磅", "米", "克", "節", "度", "週", "周", "桶", "瓦", "碼"} and text[end : end + 1] in set(
        "蘭國服目拉"
    )


def _with_noun(text: str, base: Quantity, end: int, *, of: bool = False) -> Quantity:
    """Read the counted noun: the first plural after the number, or the first noun after "of"."""
    if end < len(text) and (
        not text[end].isascii() or (text[end : end + 2].strip() and not text[end : end + 2].isascii())
    ):
        if text[end] in "多餘余來来":
            end += 1
        hanzi = HANZI_NOUN.match(text, end)
        if hanzi and (hanzi["measure"] or hanzi["noun"]):
            noun = HANZI_TRAIL.sub("", hanzi["noun"] or "")
            phrase = tuple(filter(None, (hanzi["measure"], noun)))
            return replace(base, noun=noun or hanzi["measure"] or "", noun_phrase=phrase)
        return base
    words: list[str] = []
    at = end
    while len(words) < 6:
        match = NEXT_WORD.match(text, at)
        if match is None:
            break
        word = match[1]
        lowered = word.lower()
        if lowered in ONES or lowered in TENS:
            break
        if lowered in STOP_WORDS:
            if not words and lowered == "of" and base.kind is not QuantityKind.ORDINAL:
                at = match.end()
                the = NEXT_WORD.match(text, at)
                if the and the[1].lower() in {"the", "its", "their", "his", "her", "all", "these", "those"}:
                    at = the.end()
                continue
            break
        if words and is_plural(words[-1]) and base.kind is not QuantityKind.ORDINAL and not is_plural(lowered):
            break
        words.append(lowered)
        at = match.end()
        if base.kind is QuantityKind.ORDINAL and len(words) == 3:
            break
    if not words or (of and not text[end : end + 4].lower().startswith((" of ", " of"))):
        return base
    noun = words[-1] if is_plural(words[-1]) else words[0]
    phrase = tuple(words) if is_plural(words[-1]) or base.kind is QuantityKind.ORDINAL else tuple(words[:2])
    return replace(base, noun=noun, noun_phrase=phrase)


def _bounded(text: str, base: Quantity) -> Quantity:
    """Read the words before and after that make a bound of the number."""
    if base.bound is Bound.BETWEEN:
        return base
    before = text[max(0, base.span.start - 40) : base.span.start]
    lead = _LEAD.search(before)
    if lead and base.kind is not QuantityKind.ORDINAL:
        index = int((lead.lastgroup or "b0")[1:])
        bound = _LEADS[index][0]
        words = before[lead.start() :].strip().lower()
        if words == "from" or (words == "some" and base.step < 1):
            return base
        if (
            words in {"over", "under", "above", "below", "near"}
            and base.unit is None
            and base.kind is QuantityKind.COUNT
        ):
            bound = {"near": Bound.ABOUT}.get(words, bound)
        start = base.span.start - (len(before) - lead.start())
        return replace(base, bound=bound, span=Span(start=start, end=base.span.end))
    for bound, pattern in _TRAILS:
        trail = pattern.match(text, base.span.end) or pattern.match(text, base.number.end)
        if trail is None and base.noun_phrase and base.noun_phrase[0] in _PERSONS:
            trail = pattern.match(text, base.number.end + len(base.noun_phrase[0]))
        if trail:
            if not base.noun and base.unit is None and base.kind is QuantityKind.COUNT:
                base = _with_noun(text, base, trail.end())
            return replace(base, bound=bound, span=Span(start=base.span.start, end=max(base.span.end, trail.end())))
    return base
