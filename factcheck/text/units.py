"""Units of measure: how they are written, what they measure, and how they convert.

The common units stand in a table, so that the usual road does not import pint (a third of a second); a test holds
the table against pint's registry. What the table does not know is asked of pint, and only where the text has the
shape of a unit ("kg/m^3"). Currencies never convert into each other: each is a dimension of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_EXPONENT = {"": 1, "²": 2, "³": 3, "2": 2, "3": 3, "^2": 2, "^3": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit.

    Attributes:
        name: pint's spelling ("kilometer ** 2"); a currency's ISO code.
        dimension: base dimensions with their exponents, sorted ("[length] ** 2", "[length] / [time]"); equal
            dimensions can be compared.
        factor: worth of one in the base units of the dimension (metre, kilogram, second, ampere, kelvin, bit).
        offset: added after the factor; only temperatures have one.
        loose: the name means several things that differ by up to a tenth ("tons").
    """

    name: str
    dimension: str
    factor: Fraction
    offset: Fraction = Fraction(0)
    loose: bool = False

    def to_base(self, value: Fraction) -> Fraction:
        """Convert a value in this unit to base units."""
        return value * self.factor + self.offset

    def from_base(self, value: Fraction) -> Fraction:
        """Convert a value in base units to this unit."""
        return (value - self.offset) / self.factor


def _f(text: str) -> Fraction:
    return Fraction(text)


_LENGTH, _AREA, _VOLUME = "[length]", "[length] ** 2", "[length] ** 3"
_MASS, _TIME, _SPEED = "[mass]", "[time]", "[length] / [time]"
_TEMPERATURE, _ENERGY, _POWER = (
    "[temperature]",
    "[length] ** 2 * [mass] / [time] ** 2",
    ("[length] ** 2 * [mass] / [time] ** 3"),
)
_PRESSURE, _FREQUENCY, _DATA, _ANGLE = "[mass] / [length] / [time] ** 2", "1 / [time]", "[data]", "[angle]"

# name in pint | dimension | factor | spellings that ignore case | spellings that do not (symbols)
_TABLE: tuple[tuple[str, str, str, str, str], ...] = (
    ("kilometer", _LENGTH, "1000", "kilometer kilometers kilometre kilometres kms 公里 千米", "km Km KM"),
    ("meter", _LENGTH, "1", "meter meters metre metres 公尺 米", "m"),
    ("centimeter", _LENGTH, "1/100", "centimeter centimeters centimetre centimetres 公分 厘米 釐米", "cm"),
    ("millimeter", _LENGTH, "1/1000", "millimeter millimeters millimetre millimetres 毫米 公釐", "mm"),
    ("micrometer", _LENGTH, "1/1000000", "micrometer micrometers micrometre micrometres micron microns 微米", "µm μm"),
    ("nanometer", _LENGTH, "1/1000000000", "nanometer nanometers nanometre nanometres 奈米 納米 纳米", ""),
    ("mile", _LENGTH, "1609.344", "mile miles 英里 哩", "mi"),
    ("nautical_mile", _LENGTH, "1852", "nautical-mile nautical-miles 海里 浬", "nmi NM"),
    ("yard", _LENGTH, "0.9144", "yard yards 碼 码", "yd yds"),
    ("foot", _LENGTH, "0.3048", "foot feet 英尺 呎", "ft"),
    ("inch", _LENGTH, "0.0254", "inch inches 英寸 英吋 吋", ""),
    ("light_year", _LENGTH, "9460730472580800", "light-year light-years lightyears 光年", "ly"),
    ("astronomical_unit", _LENGTH, "149597870700", "astronomical-unit astronomical-units 天文單位 天文单位", "AU au"),
    ("kilometer ** 2", _AREA, "1000000", "square-kilometer square-kilometers square-kilometre square-kilometres "
     "sq-kilometers sq-kilometres sq-km sqkm 平方公里 平方千米", "km² km2 km^2"),
    ("meter ** 2", _AREA, "1", "square-meter square-meters square-metre square-metres sq-m sq-meters 平方公尺 平方米",
     "m² m2 m^2"),
    ("centimeter ** 2", _AREA, "1/10000", "square-centimeter square-centimeters square-centimetres 平方公分 平方厘米",
     "cm² cm2"),
    ("mile ** 2", _AREA, "2589988.110336", "square-mile square-miles sq-mi sq-mile sq-miles 平方英里", "mi² mi2 mi^2"),
    ("foot ** 2", _AREA, "0.09290304", "square-foot square-feet sq-ft sq-feet 平方英尺", "ft² ft2"),
    ("yard ** 2", _AREA, "0.83612736", "square-yard square-yards sq-yd", ""),
    ("hectare", _AREA, "10000", "hectare hectares 公頃 公顷", "ha"),
    ("meter ** 3", _VOLUME, "1", "cubic-meter cubic-meters cubic-metre cubic-metres cu-m 立方公尺 立方米", "m³ m3 m^3"),
    ("kilometer ** 3", _VOLUME, "1000000000", "cubic-kilometer cubic-kilometers cubic-kilometre cubic-kilometres cu-km "
     "立方公里 立方千米", "km³ km3"),
    ("centimeter ** 3", _VOLUME, "1/1000000", "cubic-centimeter cubic-centimeters cubic-centimetres 立方公分 立方厘米",
     "cm³ cm3"),
    ("foot ** 3", _VOLUME, "0.028316846592", "cubic-foot cubic-feet cu-ft", "ft³ ft3"),
    ("mile ** 3", _VOLUME, "4168181825.440579584", "cubic-mile cubic-miles", ""),
    ("liter", _VOLUME, "1/1000", "liter liters litre litres 公升", "L l"),
    ("milliliter", _VOLUME, "1/1000000", "milliliter milliliters millilitre millilitres 毫升", "ml mL"),
    ("gallon", _VOLUME, "0.003785411784", "gallon gallons 加侖 加仑", "gal"),
    ("oil_bbl", _VOLUME, "0.158987294928", "barrel barrels bbl 桶", ""),
    ("kilogram", _MASS, "1", "kilogram kilograms kilogramme kilogrammes kilos 公斤 千克", "kg kgs"),
    ("gram", _MASS, "1/1000", "gram grams gramme grammes 公克 克", "g"),
    ("milligram", _MASS, "1/1000000", "milligram milligrams 毫克", "mg"),
    ("microgram", _MASS, "1/1000000000", "microgram micrograms 微克", "µg μg mcg"),
    ("metric_ton", _MASS, "1000", "tonne tonnes metric-ton metric-tons 公噸 公吨", ""),
    ("pound", _MASS, "0.45359237", "pound pounds 磅", "lb lbs"),
    ("ounce", _MASS, "0.028349523125", "ounce ounces 盎司", "oz"),
    ("stone", _MASS, "6.35029318", "", "st."),
    ("carat", _MASS, "1/5000", "carat carats 克拉", ""),
    ("second", _TIME, "1", "second seconds secs 秒 秒鐘 秒钟", "s sec"),
    ("millisecond", _TIME, "1/1000", "millisecond milliseconds 毫秒", "ms"),
    ("microsecond", _TIME, "1/1000000", "microsecond microseconds 微秒", "µs μs"),
    ("nanosecond", _TIME, "1/1000000000", "nanosecond nanoseconds", "ns"),
    ("minute", _TIME, "60", "minute minutes mins 分鐘 分钟", "min"),
    ("hour", _TIME, "3600", "hour hours hrs 小時 小时 個小時 个小时 鐘頭", "h hr"),
    ("day", _TIME, "86400", "day days 天", ""),
    ("week", _TIME, "604800", "week weeks 週 周 星期 個星期 个星期", ""),
    ("fortnight", _TIME, "1209600", "fortnight fortnights", ""),
    ("month", _TIME, "2629800", "month months 個月 个月", ""),
    ("year", _TIME, "31557600", "year years yrs 年 歲 岁", "yr"),
    ("decade", _TIME, "315576000", "decade decades", ""),
    ("century", _TIME, "3155760000", "century centuries 世紀 世纪", ""),
    ("millennium", _TIME, "31557600000", "millennium millennia millenniums", ""),
    ("kilometer / hour", _SPEED, "5/18", "kilometers-per-hour kilometres-per-hour kph kmph", "km/h"),
    ("mile / hour", _SPEED, "0.44704", "miles-per-hour mph", ""),
    ("meter / second", _SPEED, "1", "meters-per-second metres-per-second", "m/s"),
    ("meter / second ** 2", "[length] / [time] ** 2", "1", "", "m/s² m/s2 m/s^2"),
    ("knot", _SPEED, "463/900", "knot knots 節", "kn kt"),
    ("kelvin", _TEMPERATURE, "1", "kelvin kelvins degrees-kelvin", "K"),
    ("degree_Celsius", _TEMPERATURE, "1", "celsius centigrade degree-celsius degrees-celsius degrees-centigrade "
     "degrees-c 攝氏度 摄氏度", "°C ℃ ºC"),
    ("degree_Fahrenheit", _TEMPERATURE, "5/9", "fahrenheit degree-fahrenheit degrees-fahrenheit degrees-f 華氏度",
     "°F ℉ ºF"),
    ("degree", _ANGLE, "1", "degree degrees", "° º"),
    ("joule", _ENERGY, "1", "joule joules 焦耳", "J"),
    ("kilojoule", _ENERGY, "1000", "kilojoule kilojoules 千焦", "kJ"),
    ("megajoule", _ENERGY, "1000000", "megajoule megajoules", "MJ"),
    ("kilocalorie", _ENERGY, "4184", "kilocalorie kilocalories 大卡 千卡", "kcal"),
    ("calorie", _ENERGY, "4.184", "", "cal"),
    ("watt_hour", _ENERGY, "3600", "watt-hour watt-hours", "Wh"),
    ("kilowatt_hour", _ENERGY, "3600000", "kilowatt-hour kilowatt-hours kwh 度電 千瓦時 千瓦时", ""),
    ("megawatt_hour", _ENERGY, "3600000000", "megawatt-hour megawatt-hours mwh", ""),
    ("gigawatt_hour", _ENERGY, "3600000000000", "gigawatt-hour gigawatt-hours gwh", ""),
    ("terawatt_hour", _ENERGY, "3600000000000000", "terawatt-hour terawatt-hours twh", ""),
    ("watt", _POWER, "1", "watt watts 瓦", "W"),
    ("kilowatt", _POWER, "1000", "kilowatt kilowatts kw 千瓦", ""),
    ("megawatt", _POWER, "1000000", "megawatt megawatts 百萬瓦", "MW"),
    ("gigawatt", _POWER, "1000000000", "gigawatt gigawatts", "GW"),
    ("terawatt", _POWER, "1000000000000", "terawatt terawatts", "TW"),
    ("horsepower", _POWER, "745.69987158227022", "horsepower 馬力 马力", "hp"),
    ("pascal", _PRESSURE, "1", "pascal pascals 帕", "Pa"),
    ("hectopascal", _PRESSURE, "100", "hectopascal hectopascals 百帕", "hPa"),
    ("kilopascal", _PRESSURE, "1000", "kilopascal kilopascals 千帕", "kPa"),
    ("bar", _PRESSURE, "100000", "", "bar"),
    ("standard_atmosphere", _PRESSURE, "101325", "atmospheres", "atm"),
    ("hertz", _FREQUENCY, "1", "hertz 赫茲 赫兹", "Hz"),
    ("kilohertz", _FREQUENCY, "1000", "kilohertz khz", ""),
    ("megahertz", _FREQUENCY, "1000000", "megahertz mhz", ""),
    ("gigahertz", _FREQUENCY, "1000000000", "gigahertz ghz", ""),
    ("bit", _DATA, "1", "bit bits 位元", ""),
    ("byte", _DATA, "8", "byte bytes 位元組", ""),
    ("kilobyte", _DATA, "8000", "kilobyte kilobytes", "KB kB"),
    ("megabyte", _DATA, "8000000", "megabyte megabytes", "MB"),
    ("gigabyte", _DATA, "8000000000", "gigabyte gigabytes", "GB"),
    ("terabyte", _DATA, "8000000000000", "terabyte terabytes", "TB"),
    ("petabyte", _DATA, "8000000000000000", "petabyte petabytes", "PB"),
    ("megabit", _DATA, "1000000", "megabit megabits", "Mb"),
    ("gigabit", _DATA, "1000000000", "gigabit gigabits", "Gb"),
)  # fmt: skip
# Not in pint, or under the same name something else: kept out of the comparison with pint.
_OWN: tuple[tuple[str, str, str, str, bool], ...] = (
    # Survey and international acre differ by four parts in a million.
    ("acre", _AREA, "4046.8564224", "acre acres 英畝 英亩", False),
    # Short, long or metric: they differ by 12 %.
    # pint's decade is a ratio of ten.
    ("decade", _TIME, "315576000", "decade decades", False),
    ("ton", _MASS, "1000", "ton tons 噸 吨", True),
)

CURRENCY_SYMBOLS = {
    "US$": "USD", "U.S.$": "USD", "NT$": "TWD", "HK$": "HKD", "A$": "AUD", "C$": "CAD", "R$": "BRL", "S$": "SGD",
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR", "₽": "RUB", "฿": "THB",
}  # fmt: skip
CURRENCY_WORDS = {
    "dollar": "USD", "dollars": "USD", "us dollars": "USD", "u.s. dollars": "USD", "american dollars": "USD",
    "euro": "EUR", "euros": "EUR", "pounds sterling": "GBP", "pound sterling": "GBP", "british pounds": "GBP",
    "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "rupee": "INR", "rupees": "INR", "won": "KRW", "roubles": "RUB",
    "rubles": "RUB", "swiss francs": "CHF", "francs": "CHF", "pesos": "MXN", "baht": "THB", "kronor": "SEK",
    "australian dollars": "AUD", "canadian dollars": "CAD", "hong kong dollars": "HKD", "taiwan dollars": "TWD",
    "new taiwan dollars": "TWD", "singapore dollars": "SGD", "usd": "USD", "eur": "EUR", "gbp": "GBP", "jpy": "JPY",
    "cny": "CNY", "rmb": "CNY", "twd": "TWD", "hkd": "HKD", "inr": "INR", "krw": "KRW", "chf": "CHF", "aud": "AUD",
    "cad": "CAD", "美元": "USD", "美金": "USD", "歐元": "EUR", "欧元": "EUR", "英鎊": "GBP", "英镑": "GBP",
    "日圓": "JPY", "日元": "JPY", "人民幣": "CNY", "人民币": "CNY", "港元": "HKD", "港幣": "HKD", "新台幣": "TWD",
    "新臺幣": "TWD", "台幣": "TWD", "韓元": "KRW", "元": "元",
}  # fmt: skip


def _units() -> tuple[dict[str, Unit], dict[str, Unit]]:
    words: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    offsets = {"degree_Celsius": _f("273.15"), "degree_Fahrenheit": _f("459.67") * _f("5/9")}
    for name, dimension, factor, spelled, marks in _TABLE:
        unit = Unit(name=name, dimension=dimension, factor=_f(factor), offset=offsets.get(name, Fraction(0)))
        words.update({word.replace("-", " "): unit for word in spelled.split()})
        symbols.update(dict.fromkeys(marks.split(), unit))
    for name, dimension, factor, spelled, loose in _OWN:
        unit = Unit(name=name, dimension=dimension, factor=_f(factor), loose=loose)
        words.update({word.replace("-", " "): unit for word in spelled.split()})
    return words, symbols


WORDS, SYMBOLS = _units()
TABLE_UNITS: tuple[Unit, ...] = tuple({unit.name: unit for unit in (*WORDS.values(), *SYMBOLS.values())}.values())
OWN_UNITS = frozenset(name for name, *_ in _OWN)
NAUTICAL_MILE, NANOMETER = WORDS["nautical miles"], WORDS["nanometers"]

PREFIXED_CURRENCIES = {
    "新台幣": "TWD", "新臺幣": "TWD", "新台币": "TWD", "台幣": "TWD", "臺幣": "TWD", "人民幣": "CNY", "人民币": "CNY",
    "港幣": "HKD", "港币": "HKD", "美金": "USD", "日幣": "JPY", "日币": "JPY", "歐元": "EUR", "欧元": "EUR",
}  # fmt: skip
CELSIUS, FAHRENHEIT, KILOMETERS_AN_HOUR = WORDS["celsius"], WORDS["fahrenheit"], SYMBOLS["km/h"]
_HANZI = sorted((w for w in (*WORDS, *CURRENCY_WORDS) if not w.isascii()), key=len, reverse=True)
_LATIN = sorted((w for w in (*WORDS, *CURRENCY_WORDS) if w.isascii()), key=len, reverse=True)
_GAP = r"[\s\u00a0\u2009\u202f-]{1,2}"
_UNIT = re.compile(
    r"(?P<word>(?:" + "|".join(re.escape(w).replace(r"\ ", r"[\s.-]{1,2}") for w in _LATIN) + r")(?![A-Za-z]))"
    r"|(?P<symbol>(?:"
    + "|".join(re.escape(s) for s in sorted((*SYMBOLS, "nm", "in"), key=len, reverse=True))
    + r")(?![A-Za-z0-9²³]|\^\d))"
    r"|(?P<hanzi>" + "|".join(map(re.escape, _HANZI)) + r")"
)
_UNIT_WORDS = re.compile(_UNIT.pattern.partition("|(?P<symbol>")[0], re.IGNORECASE)
_NAUTICAL = re.compile(r"nautical|maritime|territorial sea|\bsea\b|\bship|\bcoast|contiguous zone", re.IGNORECASE)
_PER = re.compile(r"\s?/\s?|\s(?:per|a|an)\s|每")
_ODD = re.compile(r"[A-Za-zµμΩ°]{1,12}(?:[*·/^][A-Za-zµμΩ°0-9-]{1,12}|[²³]){1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMatch:
    """A unit that was read: where it ends in the text, and what it is."""

    end: int
    unit: Unit


def currency(code: str) -> Unit:
    """Return the unit of a currency, by ISO 4217 code."""
    return Unit(name=code, dimension=f"[currency {code}]", factor=Fraction(1))


def match_unit(text: str, start: int) -> UnitMatch | None:
    """Read the unit that begins at `start`, after at most two blanks or a hyphen; compounds included."""
    at = start
    while at < len(text) and at - start < 2 and text[at] in " \u00a0\u2009\u202f-\u2011":
        at += 1
    first = _match_simple(text, at)
    if first is None:
        odd = _ODD.match(text, at)
        unit = ask_pint(odd.group()) if odd else None
        return UnitMatch(end=odd.end(), unit=unit) if odd and unit else None
    per = _PER.match(text, first.end)
    if per and not first.unit.dimension.startswith("[currency"):
        below = _match_simple(text, per.end())
        if (
            below
            and below.unit.offset == 0
            and first.unit.offset == 0
            and below.unit.dimension in {_TIME, _AREA, _VOLUME} - {first.unit.dimension}
        ):
            return UnitMatch(end=below.end, unit=_divide(first.unit, below.unit))
    return first


def _match_simple(text: str, at: int) -> UnitMatch | None:
    match = _UNIT.match(text, at)
    if match is None or match["word"]:
        match = _UNIT_WORDS.match(text, at) or match
    elif match["symbol"]:
        longer = _UNIT_WORDS.match(text, at)
        match = longer if longer and longer.end() > match.end() else match
    if match is None:
        return None
    word = match.groupdict().get("word") or match.groupdict().get("hanzi")
    if word:
        key = re.sub(r"[\s.-]+", " ", word.lower())
        code = CURRENCY_WORDS.get(key) or CURRENCY_WORDS.get(word.lower())
        if code:
            return UnitMatch(end=match.end(), unit=currency(code))
        known = WORDS.get(key)
        return UnitMatch(end=match.end(), unit=known) if known else None
    symbol = match["symbol"]
    if symbol == "nm":
        unit = NAUTICAL_MILE if _NAUTICAL.search(text[:2000]) else NANOMETER
    elif symbol == "in":
        return None  # the preposition, a thousand times more often than the inch
    else:
        unit = SYMBOLS[symbol]
    return UnitMatch(end=match.end(), unit=unit)


def _divide(top: Unit, bottom: Unit) -> Unit:
    return Unit(
        name=f"{top.name} / {bottom.name}",
        dimension=_quotient(top.dimension, bottom.dimension),
        factor=top.factor / bottom.factor,
        loose=top.loose or bottom.loose,
    )


def _quotient(top: str, bottom: str) -> str:
    powers: dict[str, int] = {}
    for text, sign in ((top, 1), (bottom, -1)):
        for index, part in enumerate(text.split(" / ")):
            for factor in part.split(" * "):
                base, _, power = factor.partition(" ** ")
                if base.startswith("["):
                    powers[base] = powers.get(base, 0) + sign * (1 if index == 0 else -1) * int(power or 1)
    return dimension_name(powers)


def dimension_name(powers: dict[str, int]) -> str:
    """Write base dimensions with exponents in the one spelling that this package compares."""

    def written(base: str, power: int) -> str:
        return base if power == 1 else f"{base} ** {power}"

    above = [written(base, power) for base, power in sorted(powers.items()) if power > 0]
    below = [written(base, -power) for base, power in sorted(powers.items()) if power < 0]
    return " / ".join((" * ".join(above) or "1", *below))


@lru_cache(maxsize=512)
def ask_pint(name: str) -> Unit | None:
    """Ask pint for a unit that the table does not know; None where pint does not know it either."""
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry()
    try:
        one = registry.Quantity(1, registry.Unit(name.replace("·", "*").replace("²", "**2").replace("³", "**3")))
        base = one.to_base_units()
        powers = {str(key): int(float(str(power))) for key, power in one.dimensionality.items()}
        factor = Fraction(str(float(base.magnitude)))
    except Exception:  # pint raises tokenizer, syntax, attribute and type errors of several libraries
        return None
    if not powers or factor <= 0 or any(not base_name.startswith("[") for base_name in powers):
        return None
    return Unit(name=str(one.units), dimension=dimension_name(powers), factor=factor)
