"""Personal data by its form, confirmed by its checksum where it has one.

A run of digits alone is no card and no identity: the numbers of texts about the world (areas, populations, years) must
not be taken for people. What has no checksum needs a form that says what it is: a "+" and a country's code, the
separators of a phone number, the dashes of a social security number.

Source: Luhn: ISO/IEC 7812-1, annex B; IBAN: ISO 13616-1, mod 97-10 of ISO/IEC 7064; Chinese resident identity: GB
11643, mod 11-2; Taiwan, Hong Kong: the checksums that the issuing offices publish; phone numbers: ITU-T E.164.
"""

from __future__ import annotations

import datetime
import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from factcheck.errors import SettingsError
from factcheck.screen.findings import Finding, Source
from factcheck.types import Span


class PersonalKind(StrEnum):
    """What can be found."""

    EMAIL = "email"
    PHONE = "phone"
    CREDIT_CARD = "credit_card"
    IBAN = "iban"
    TAIWAN_ID = "taiwan_id"
    CHINA_ID = "china_id"
    HONG_KONG_ID = "hong_kong_id"
    US_SSN = "us_ssn"
    IP_ADDRESS = "ip_address"
    SECRET = "secret"  # noqa: S105 - the name of a kind


_WIDE = {0xFF10 + i: str(i) for i in range(10)}
_WIDE |= {0xFF21 + i: chr(65 + i) for i in range(26)}
_WIDE |= {0xFF0B: "+", 0xFF0D: "-", 0xFF08: "(", 0xFF09: ")", 0xFF20: "@", 0xFF0E: ".", 0x3000: " "}
_WIDE |= {0x2010: "-", 0x2011: "-", 0x2012: "-", 0x2013: "-", 0xA0: " "}

# For each length of an IBAN the countries that have it.
_IBAN_LENGTHS = {
    15: "NO", 16: "BE", 18: "DK FO FI GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK", 21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV",
    29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
}  # fmt: skip
_IBAN_LENGTH = {country: length for length, countries in _IBAN_LENGTHS.items() for country in countries.split()}
_CARD_PREFIX = re.compile(
    r"(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17})$"
)
# Letters of Taiwan's identity numbers in the order of their codes, which begin at 10.
_TAIWAN = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_CHINA_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def luhn(digits: str) -> bool:
    """Say whether the last digit is the check digit of the others."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_card(text: str) -> bool:
    """Say whether it is the number of a payment card: an issuer's prefix and length, and Luhn's check digit."""
    digits = re.sub(r"[ -]", "", text)
    return _CARD_PREFIX.match(digits) is not None and len(set(digits)) > 1 and luhn(digits)


def is_iban(text: str) -> bool:
    """Say whether it is an international bank account number: its country's length, and the check digits."""
    compact = re.sub(r"[ -]", "", text).upper()
    if len(compact) != _IBAN_LENGTH.get(compact[:2]):
        return False
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def is_taiwan_id(text: str) -> bool:
    """Say whether it is a national identity or residence number of Taiwan, of either form."""
    code = _TAIWAN.index(text[0].upper()) + 10
    digits = [code // 10, code % 10]
    second = text[1].upper()
    digits.append(int(second) if second.isdigit() else (_TAIWAN.index(second) + 10) % 10)
    digits += [int(character) for character in text[2:]]
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


def is_china_id(text: str) -> bool:
    """Say whether it is a resident identity number of China: a day that was, and the check character."""
    try:
        born = datetime.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    if not 1850 <= born.year <= 2200:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _CHINA_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


def is_hong_kong_id(text: str) -> bool:
    """Say whether it is an identity card number of Hong Kong."""
    compact = re.sub(r"[()\s]", "", text).upper()
    body, check = compact[:-1], compact[-1]
    values = [36] if len(body) == 7 else []  # a single letter stands behind a blank
    values += [int(character, 36) for character in body]
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    return (total + (10 if check == "A" else int(check, 36))) % 11 == 0


def _is_ssn(text: str) -> bool:
    area, group, serial = text.split("-")
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def _is_phone(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return 8 <= len(digits) <= 15 and len(set(digits)) > 2


def _is_address(text: str) -> bool:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (found.is_unspecified or found.is_loopback)


def _always(text: str) -> bool:
    return True


def _ascii(pattern: str) -> re.Pattern[str]:
    """Compile with ASCII's classes: an ideograph beside a number is no part of it."""
    return re.compile(pattern, re.ASCII)


_FORMS: tuple[tuple[PersonalKind, re.Pattern[str], Callable[[str], bool]], ...] = (
    (
        PersonalKind.SECRET,
        _ascii(
            r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[opsu]_[A-Za-z0-9]{36}\b"
            r"|\bsk-[A-Za-z0-9_-]{20,200}\b|\bxox[abprs]-[A-Za-z0-9-]{10,200}\b"
            r"|\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}\b",
        ),
        _always,
    ),
    (
        PersonalKind.EMAIL,
        _ascii(
            r"(?<![\w.+%-])[\w+%-]{1,64}(?:\.[\w+%-]{1,64}){0,8}"
            r"@(?:[A-Za-z0-9](?:[\w-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}(?![\w-])",
        ),
        _always,
    ),
    (
        PersonalKind.IBAN,
        _ascii(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,29}(?![A-Za-z0-9])"),
        is_iban,
    ),
    (PersonalKind.CREDIT_CARD, _ascii(r"(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w]|[.,-]\d)"), is_card),
    (PersonalKind.CHINA_ID, _ascii(r"(?<![A-Za-z0-9])[1-8]\d{16}[\dXx](?![A-Za-z0-9])"), is_china_id),
    (PersonalKind.TAIWAN_ID, _ascii(r"(?<![A-Za-z0-9])[A-Za-z][1289A-Da-d]\d{8}(?![A-Za-z0-9])"), is_taiwan_id),
    (
        PersonalKind.HONG_KONG_ID,
        _ascii(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d{6}\s?\([0-9Aa]\)"),
        is_hong_kong_id,
    ),
    (PersonalKind.US_SSN, _ascii(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"), _is_ssn),
    (
        PersonalKind.IP_ADDRESS,
        _ascii(r"(?<![\w.:])(?:(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![\w:]|\.\d)"),
        _is_address,
    ),
    (
        PersonalKind.PHONE,
        _ascii(
            r"(?<![\w@.+-])"
            r"(?:\+[1-9]\d{0,2}[ ().-]{0,2}(?:\(0\)[ .-]?)?\d{1,4}(?:[ ().-]{0,2}\d{2,4}){1,4}"
            r"|\(0?\d{1,4}\)[ .-]?\d{3,4}[ .-]?\d{3,4}"
            r"|09\d{2}[ -]?\d{3}[ -]?\d{3}|1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{1,3}[ -]\d{3,4}[ -]\d{3,4}"
            r"|[2-9]\d{2}[-.][2-9]\d{2}[-.]\d{4})(?!\w|[.,-]\d)",
        ),
        _is_phone,
    ),
)


def personal_kinds(names: Sequence[str]) -> tuple[PersonalKind, ...]:
    """Return the kinds that settings name; "all" names each.

    Raises:
        SettingsError: there is no such kind.
    """
    if "all" in names:
        return tuple(PersonalKind)
    known = {kind.value: kind for kind in PersonalKind}
    for name in names:
        if name not in known:
            remedy = f"there are all, {', '.join(known)}"
            raise SettingsError(f"there is no kind '{name}'", where="screen.personal", remedy=remedy)
    return tuple(known[name] for name in names)


def find_personal(text: str, kinds: Sequence[PersonalKind] = tuple(PersonalKind)) -> Iterator[Finding]:
    """Yield personal data of the given kinds; what one kind has taken no later one takes again.

    Full-width digits and letters count as what they stand for.
    """
    flat = text if text.isascii() else text.translate(_WIDE)
    taken: list[Span] = []
    wanted = frozenset(kinds)
    for kind, pattern, confirms in _FORMS:
        for match in pattern.finditer(flat):
            span = _confirmed(kind, match, confirms)
            if span is None or any(span.overlaps(other) for other in taken):
                continue
            taken.append(span)  # also of kinds that are not asked for: a card is no phone
            if kind in wanted:
                yield Finding(category=kind.value, source=Source.PERSONAL, span=span)


def _confirmed(kind: PersonalKind, match: re.Match[str], confirms: Callable[[str], bool]) -> Span | None:
    said = match.group()
    if confirms(said):
        return Span(start=match.start(), end=match.end())
    if kind is PersonalKind.IBAN:  # words may stand behind it: "GB29 NWBK 6016 1331 9268 19 is mine"
        length = _IBAN_LENGTH.get(said[:2].upper(), 0)
        counted = 0
        for at, character in enumerate(said):
            counted += character.isalnum()
            if counted == length and confirms(said[: at + 1]) and not said[at + 1 : at + 2].isalnum():
                return Span(start=match.start(), end=match.start() + at + 1)
    return None
