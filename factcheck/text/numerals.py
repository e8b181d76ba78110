"""Number words: English and Chinese, from words to values and from values to words.

The readers take a list of words, or a run of Chinese numerals, that was cut out by `factcheck.text.numbers`; the
writers serve corrections, which answer in the style of the claim. Values are exact (`Fraction`), and `step` is the
worth of the last digit that is written: 100,000 for "2.5 million".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15}
ORDINAL_ONES = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15,
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19,
}  # fmt: skip
ORDINAL_TENS = {
    "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70,
    "eightieth": 80, "ninetieth": 90,
}  # fmt: skip
ORDINAL_SCALES = {"hundredth": 100, "thousandth": 10**3, "millionth": 10**6, "billionth": 10**9}
DENOMINATORS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4,
    **{word: value for word, value in ORDINAL_ONES.items() if value > 3},
    **{word + "s": value for word, value in ORDINAL_ONES.items() if value > 3},
    "hundredth": 100, "hundredths": 100, "thousandth": 1000, "thousandths": 1000, "twentieths": 20,
}  # fmt: skip

_CHINESE_DIGITS = {
    "〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "兩": 2, "两": 2,
    "壹": 1, "貳": 2, "贰": 2, "參": 3, "叁": 3, "肆": 4, "伍": 5, "陸": 6, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_CHINESE_SCALES = {"萬": 10**4, "万": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}
CHINESE_NUMERALS = "".join((*_CHINESE_DIGITS, *_CHINESE_UNITS, *_CHINESE_SCALES))


class EnglishReading:
    """The longest number at the start of a list of words."""

    __slots__ = ("ordinal", "step", "used", "value")

    def __init__(self, used: int, value: Fraction, step: Fraction, ordinal: bool) -> None:
        self.used = used
        self.value = value
        self.step = step
        self.ordinal = ordinal


def read_english(words: Sequence[str]) -> EnglishReading | None:
    """Read the longest number that starts at the first of `words` (lower case, "and" and articles included).

    Returns:
        How many words it takes, its value, the worth of its last digit, and whether it is an ordinal; None where no
        number starts.
    """
    half = _read_half(words)
    if half is not None:
        return half
    total = 0
    used = 0
    step = 1
    ceiling = 10**18
    pending_and = 0
    while used < len(words):
        group = _read_below_thousand(words, used + pending_and)
        if group is None:
            break
        after, value, ordinal, group_step = group
        if ordinal:
            if total and value >= ceiling:
                break
            return EnglishReading(after, Fraction(total + value), Fraction(1), True)
        if after < len(words) and words[after] in SCALES and SCALES[words[after]] < ceiling:
            ceiling = SCALES[words[after]]
            total += value * ceiling
            step = ceiling
            used = after + 1
        elif after < len(words) and words[after] in ORDINAL_SCALES and 100 < ORDINAL_SCALES[words[after]] < ceiling:
            return EnglishReading(after + 1, Fraction(total + value * ORDINAL_SCALES[words[after]]), Fraction(1), True)
        elif value < ceiling:
            total += value
            step = group_step
            used = after
            break
        else:
            break
        pending_and = 1 if used < len(words) and words[used] == "and" else 0
    if used == 0:
        return None
    reading = EnglishReading(used, Fraction(total), Fraction(step), False)
    return _with_tail(words, reading)


def _read_half(words: Sequence[str]) -> EnglishReading | None:
    """Read "half a million", "half a dozen", "a quarter of a million"."""
    if len(words) >= 5 and words[0] in {"a", "one"} and words[2:4] == ["of", "a"] and words[4] in SCALES:
        part = {"quarter": Fraction(1, 4), "third": Fraction(1, 3), "fifth": Fraction(1, 5)}.get(words[1])
        if part:
            value = part * SCALES[words[4]]
            return EnglishReading(5, value, value, False)
    if len(words) >= 3 and words[0] == "half" and words[1] in {"a", "an"}:
        scale = 12 if words[2] == "dozen" else SCALES.get(words[2])
        if scale:
            return EnglishReading(3, Fraction(scale, 2), Fraction(scale, 2), False)
    return None


def _read_below_thousand(words: Sequence[str], at: int) -> tuple[int, int, bool, int] | None:
    """Return where it ends, the value, whether it is an ordinal, the step."""
    if at >= len(words):
        return None
    word = words[at]
    if word in {"a", "an"}:
        # An article counts as one only before a magnitude: "a hundred", "a million", "a dozen".
        if at + 1 < len(words) and words[at + 1] in {"hundred", "dozen", *SCALES}:
            value, after, ordinal = 1, at + 1, False
        else:
            return None
    else:
        small = _read_below_hundred(words, at)
        if small is None:
            return None
        after, value, ordinal = small
    if ordinal:
        return after, value, True, 1
    if after < len(words):
        following = words[after]
        if following == "dozen":
            return after + 1, value * 12, False, 12
        if following == "hundredth" and value < 100:
            return after + 1, value * 100, True, 1
        if following == "hundred" and value < 100:
            value *= 100
            after += 1
            step = 100
            skip = 1 if after < len(words) and words[after] == "and" else 0
            rest = _read_below_hundred(words, after + skip)
            if rest is not None and rest[1] > 0:
                return rest[0], value + rest[1], rest[2], 1
            return after, value, False, step
        if 10 < value <= 20 and word not in {"a", "an"} and after == at + 1:
            # "nineteen eighty-four", "twenty sixteen": how years are spoken.
            rest = _read_below_hundred(words, after)
            if rest is not None and rest[1] >= 10 and not rest[2]:
                return rest[0], value * 100 + rest[1], False, 1
    return after, value, False, 1


def _read_below_hundred(words: Sequence[str], at: int) -> tuple[int, int, bool] | None:
    if at >= len(words):
        return None
    word = words[at]
    if word in TENS:
        if at + 1 < len(words):
            following = words[at + 1]
            if 0 < ONES.get(following, 0) < 10:
                return at + 2, TENS[word] + ONES[following], False
            if ORDINAL_ONES.get(following, 99) < 10:
                return at + 2, TENS[word] + ORDINAL_ONES[following], True
        return at + 1, TENS[word], False
    if word in ONES:
        return at + 1, ONES[word], False
    if word in ORDINAL_ONES:
        return at + 1, ORDINAL_ONES[word], True
    if word in ORDINAL_TENS:
        return at + 1, ORDINAL_TENS[word], True
    return None


def _with_tail(words: Sequence[str], reading: EnglishReading) -> EnglishReading:
    """Add "point five", "and a half", "thirds", and a magnitude after those."""
    used, value, step = reading.used, reading.value, reading.step
    rest = words[used:]
    if len(rest) >= 2 and rest[0] == "point" and rest[1] in ONES and ONES[rest[1]] < 10:
        at = 1
        place = Fraction(1)
        while at < len(rest) and ONES.get(rest[at], 10) < 10:
            place /= 10
            value += ONES[rest[at]] * place
            at += 1
        used, step = used + at, place
    elif len(rest) >= 3 and rest[0] == "and" and rest[1] in {"a", "one"} and rest[2] in {"half", "quarter", "third"}:
        part = Fraction(1, DENOMINATORS[rest[2]])
        value, step, used = value + part, part, used + 3
    elif (added := _part_after_and(rest)) is not None and step == 1:
        value, step, used = value + added, Fraction(1, added.denominator), used + 3
    elif rest and rest[0] in DENOMINATORS and value == int(value) and reading.used == 1:
        plural = rest[0].endswith("s") or rest[0] == "halves"
        if plural is (value != 1) and 0 < value < 20:
            part = Fraction(1, DENOMINATORS[rest[0]])
            return EnglishReading(used + 1, value * part, part, False)
        return reading
    else:
        return reading
    if used < len(words) and words[used] in SCALES:
        scale = SCALES[words[used]]
        return EnglishReading(used + 1, value * scale, step * scale, False)
    return EnglishReading(used, value, step, False)


def _part_after_and(rest: Sequence[str]) -> Fraction | None:
    """Read "and two thirds", "and one fifth" after a whole number."""
    if len(rest) < 3 or rest[0] != "and" or rest[2] not in DENOMINATORS:
        return None
    top, bottom = ONES.get(rest[1], 0), DENOMINATORS[rest[2]]
    plural = rest[2].endswith("s")
    return Fraction(top, bottom) if 0 < top < bottom and plural is (top != 1) else None


def read_chinese(run: str) -> tuple[Fraction, Fraction] | None:
    """Read a run of Chinese numerals, perhaps with Arabic digits before a magnitude ("3億5千萬", "1.4萬").

    Returns:
        Value and step, or None where the run is no number ("三四", an enumeration; "萬一").
    """
    if all(mark in _CHINESE_DIGITS for mark in run):
        return _read_positional(run)
    total = Fraction(0)
    section = Fraction(0)
    number: Fraction | None = None
    step = Fraction(1)
    last_unit = Fraction(0)
    zero_seen = False
    lowest_scale: int | None = None
    at = 0
    while at < len(run):
        mark = run[at]
        if mark.isascii():
            end = at
            while end < len(run) and run[end].isascii():
                end += 1
            text = run[at:end].replace(",", "").strip()
            whole, _, decimals = text.partition(".")
            if not (whole + decimals).isdigit() or number is not None or len(text) > 400:
                return None
            number = Fraction(int(whole + decimals), 10 ** len(decimals))
            step = Fraction(1, 10 ** len(decimals))
            at = end
            last_unit = Fraction(0)
            continue
        if mark in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[mark]
            if digit == 0:
                zero_seen = True
            elif number is not None:
                return None
            else:
                number = Fraction(digit)
                step = Fraction(1)
        elif mark in _CHINESE_UNITS:
            unit = _CHINESE_UNITS[mark]
            if number is None and section and unit >= last_unit > 0:
                return None
            section += (Fraction(1) if number is None else number) * unit
            step = step * unit if number is not None else Fraction(unit)
            number, last_unit, zero_seen = None, Fraction(unit), False
        else:
            scale = _CHINESE_SCALES[mark]
            section += number or 0
            if section == 0 and total == 0:
                return None
            if lowest_scale is not None and scale >= lowest_scale:
                total = (total + section) * scale
            else:
                total += section * scale
            lowest_scale = scale
            step = (step if number is not None or last_unit else Fraction(1)) * scale
            section, number, last_unit, zero_seen = Fraction(0), None, Fraction(scale), False
        at += 1
    if number is not None:
        if last_unit >= 100 and not zero_seen and run[-1] in _CHINESE_DIGITS:
            # "三百五" is 350, "一萬二" is 12,000.
            number = number * last_unit / 10
            step = last_unit / 10
        section += number
    return total + section, step


def _read_positional(run: str) -> tuple[Fraction, Fraction] | None:
    """Read digits one by one ("一九八五"); two digits in a row ("三四") mean "three or four" and are refused."""
    if len(run) > 1 and any(mark in "兩两" for mark in run):
        return None
    if len(run) == 2 and not ("〇" in run or "零" in run):
        return None
    if len(run) > 400:
        return None
    return Fraction(int("".join(str(_CHINESE_DIGITS[mark]) for mark in run))), Fraction(1)


def spell_english(value: int) -> str:
    """Write an integer below 10**18 in English words, with hyphens and without "and"."""
    if value < 0:
        return "minus " + spell_english(-value)
    if value >= 10**18:
        raise ValueError(f"{value} is too large to be spelled out")
    if value < 20:
        return next(word for word, number in ONES.items() if number == value)
    parts: list[str] = []
    for word, scale in sorted(SCALES.items(), key=lambda item: -item[1]):
        if value >= scale:
            parts.append(f"{spell_english(value // scale)} {word}")
            value %= scale
    if value >= 100:
        parts.append(f"{spell_english(value // 100)} hundred")
        value %= 100
    if value >= 20:
        tens = next(word for word, number in TENS.items() if number == value // 10 * 10)
        parts.append(tens if value % 10 == 0 else f"{tens}-{spell_english(value % 10)}")
    elif value:
        parts.append(spell_english(value))
    return " ".join(parts)


def spell_english_ordinal(value: int) -> str:
    """Write a positive integer as an English ordinal ("twenty-first")."""
    words = spell_english(value)
    head, separator, last = words.rpartition("-") if "-" in words.split(" ")[-1] else words.rpartition(" ")
    for cardinals, ordinals in ((ONES, ORDINAL_ONES), (TENS, ORDINAL_TENS)):
        if last in cardinals:
            number = cardinals[last]
            return head + separator + next(word for word, at in ordinals.items() if at == number)
    return head + separator + last + "th"


def ordinal_suffix(value: int) -> str:
    """Return "st", "nd", "rd" or "th"."""
    if value % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


def spell_chinese(value: int, *, simplified: bool = False) -> str:
    """Write an integer below 10**16 in Chinese numerals."""
    if value < 0:
        return ("负" if simplified else "負") + spell_chinese(-value, simplified=simplified)
    if value >= 10**16:
        raise ValueError(f"{value} is too large to be spelled out")
    if value == 0:
        return "零"
    scales = ((10**12, "兆"), (10**8, "亿" if simplified else "億"), (10**4, "万" if simplified else "萬"), (1, ""))
    written = ""
    gap = False
    for scale, mark in scales:
        section, value = divmod(value, scale)
        if section == 0:
            gap = gap or bool(written)
            continue
        if written and (gap or section < 1000):
            written += "零"
        written += _spell_section(section) + mark
        gap = False
    return written[1:] if written.startswith("一十") else written


def _spell_section(section: int) -> str:
    digits = "零一二三四五六七八九"
    written = ""
    gap = False
    for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, section = divmod(section, unit)
        if digit == 0:
            gap = gap or bool(written)
            continue
        written += ("零" if gap else "") + digits[digit] + mark
        gap = False
    return written
