"""Personal data by form and checksum; numbers of the world are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import SettingsError
from factcheck.screen import PersonalKind, find_personal, personal_kinds
from factcheck.screen.personal import is_card, is_china_id, is_hong_kong_id, is_iban, is_taiwan_id, luhn
from tests.growth import assert_linear, repeated

K = PersonalKind


def found(text: str) -> list[tuple[str, str]]:
    findings = sorted(find_personal(text), key=lambda f: f.span.start)
    return [(finding.category, finding.span.of(text)) for finding in findings]


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("Write to ada.lark+x@mail.example.org.", K.EMAIL, "ada.lark+x@mail.example.org"),
        ("Pay with 4111 1111 1111 1111 now", K.CREDIT_CARD, "4111 1111 1111 1111"),
        ("5555-5555-5555-4444", K.CREDIT_CARD, "5555-5555-5555-4444"),
        ("amex 378282246310005.", K.CREDIT_CARD, "378282246310005"),
        ("IBAN GB29 NWBK 6016 1331 9268 19 is mine", K.IBAN, "GB29 NWBK 6016 1331 9268 19"),
        ("DE89370400440532013000", K.IBAN, "DE89370400440532013000"),
        ("身分證A123456789號", K.TAIWAN_ID, "A123456789"),
        ("居留證 A800000014", K.TAIWAN_ID, "A800000014"),
        ("身份证号11010519491231002X。", K.CHINA_ID, "11010519491231002X"),
        ("HKID A123456(3)", K.HONG_KONG_ID, "A123456(3)"),
        ("SSN 078-05-1120", K.US_SSN, "078-05-1120"),
        ("call +886 2 2345 6789", K.PHONE, "+886 2 2345 6789"),
        ("call +44 (0)20 7946 0958", K.PHONE, "+44 (0)20 7946 0958"),
        ("手機0912-345-678", K.PHONE, "0912-345-678"),
        ("手机13812345678", K.PHONE, "13812345678"),
        ("(02) 2345-6789", K.PHONE, "(02) 2345-6789"),
        ("(212) 555-0147", K.PHONE, "(212) 555-0147"),
        ("212-555-0147", K.PHONE, "212-555-0147"),
        ("from 203.0.113.7 at noon", K.IP_ADDRESS, "203.0.113.7"),
        ("2001:db8::8a2e:370:7334", K.IP_ADDRESS, "2001:db8::8a2e:370:7334"),
        ("key AKIAIOSFODNN7EXAMPLE", K.SECRET, "AKIAIOSFODNN7EXAMPLE"),
        ("-----BEGIN RSA PRIVATE KEY-----", K.SECRET, "-----BEGIN RSA PRIVATE KEY-----"),
        ("卡號４１１１１１１１１１１１１１１１", K.CREDIT_CARD, "４１１１１１１１１１１１１１１１"),
    ],
)
def test_kinds(text: str, kind: PersonalKind, said: str) -> None:
    assert found(text) == [(kind.value, said)]


@pytest.mark.parametrize(
    "text",
    [
        "Algeria has an area of 2,381,740 sq km and 47,735,685 people (2025 est.).",
        "4111 1111 1111 1112",
        "4111111111111111.5",
        "0000 0000 0000 0000",
        "GB29 NWBK 6016 1331 9268 18",
        "A123456788 and Z999999999",
        "110105194913310023",
        "A123456(4)",
        "000-12-3456 and 666-12-3456 and 900-12-3456",
        "1914-1918, 1939–1945, 7 November 1867, 2020-01-31",
        "ISBN 978-3-16-148410-0 and version 10.0.1",
        "Speed of light: 299792458 m/s; pi is 3.14159265358979",
        "at 12:30:45, 16:9, ratio 1:2:3, std::vector, 0.0.0.0 and ::",
        "@handle, a@b, me@localhost",
        "coordinates 28 00 N, 3 00 E; 1-2-3-4; 100-200-3000x",
        "DE89 is no account",
    ],
)
def test_numbers_of_the_world_are_nobody_s(text: str) -> None:
    assert found(text) == []


def test_only_what_is_asked_for_and_a_card_is_no_phone() -> None:
    text = "ada@example.org, 4111 1111 1111 1111"
    assert [f.category for f in find_personal(text, [K.EMAIL])] == ["email"]
    assert list(find_personal(text, [K.PHONE])) == []
    assert personal_kinds(["email", "iban"]) == (K.EMAIL, K.IBAN)
    assert personal_kinds(["all"]) == tuple(K)
    with pytest.raises(SettingsError, match="there is no kind 'faces'"):
        personal_kinds(["faces"])


@given(st.integers(min_value=10**14, max_value=10**15 - 1), st.integers(min_value=0, max_value=14), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed_by_luhn(body: int, place: int, by: int) -> None:
    (check,) = [c for c in "0123456789" if luhn(f"{body}{c}")]
    digits = f"{body}{check}"
    changed = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert not luhn(changed)


@pytest.mark.parametrize(
    ("good", "confirms"),
    [
        ("4111111111111111", is_card),
        ("DE89370400440532013000", is_iban),
        ("11010519491231002X", is_china_id),
        ("A123456(3)", is_hong_kong_id),
    ],
)
def test_every_single_wrong_digit_is_noticed(good: str, confirms: object) -> None:
    assert callable(confirms)
    assert confirms(good)
    for at, character in enumerate(good):
        if character.isdigit() and not (confirms is is_china_id and 6 <= at < 14):
            for other in "0123456789":
                if other != character:
                    assert not confirms(good[:at] + other + good[at + 1 :]), (at, other)


@pytest.mark.parametrize("unit", ["1 ", "1-", "a.", "+1", "GB29 ", "a@", "1:", "(0", "4111 "])
def test_long_texts_take_linear_time(unit: str) -> None:
    assert_linear(lambda text: list(find_personal(text)), repeated(unit), 10_000)


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("A123456789", True),
        ("A123456788", False),
        ("A800000014", True),
        ("A800000013", False),
        ("AC01234567", True),
        ("AC01234568", False),
    ],
)
def test_taiwan_s_numbers(number: str, good: bool) -> None:
    assert is_taiwan_id(number) is good
