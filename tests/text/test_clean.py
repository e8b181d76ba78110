import pytest

from factcheck.errors import TextError
from factcheck.text.clean import clean_text, decode_text


def test_usable_text_is_left_alone() -> None:
    cleaned = clean_text("Zürich, 臺北, שלום\n")
    assert (cleaned.text, cleaned.warnings) == ("Zürich, 臺北, שלום\n", ())


def test_surrogates_and_nul_are_replaced_one_for_one() -> None:
    cleaned = clean_text("a\x00b\ud800c\udfffd\x00")
    assert cleaned.text == "a\ufffdb\ufffdc\ufffdd\ufffd"
    assert cleaned.warnings == ("2 NUL characters and 2 lone surrogates replaced by U+FFFD, the first at character 1",)


def test_one_of_a_kind_is_named_in_the_singular() -> None:
    assert clean_text("\x00").warnings == ("1 NUL character replaced by U+FFFD, the first at character 0",)
    assert clean_text("ab\udc80").warnings == ("1 lone surrogate replaced by U+FFFD, the first at character 2",)


def test_too_large_a_text_is_refused_with_both_numbers() -> None:
    assert clean_text("x" * 10, max_characters=10).text == "x" * 10
    with pytest.raises(TextError, match=r"notes\.txt: the text has 11 characters, more than the limit of 10; check it"):
        clean_text("x" * 11, max_characters=10, where="notes.txt")


def test_bytes_are_utf_8_with_or_without_a_mark() -> None:
    assert decode_text("né".encode()) == "né"
    assert decode_text(b"\xef\xbb\xbfabc") == "abc"


def test_other_bytes_are_refused_with_their_offset() -> None:
    with pytest.raises(TextError, match=r"a\.txt: is not UTF-8: byte 0xe9 at offset 1; convert it"):
        decode_text("né".encode("latin-1") + b"e", where="a.txt")
    with pytest.raises(TextError, match="byte 0xff at offset 3"):
        decode_text(b"\xef\xbb\xbf\xff")
    with pytest.raises(TextError, match="looks like UTF-16"):
        decode_text("né".encode("utf-16"))
    with pytest.raises(TextError, match="it is a PDF"):
        decode_text(b"%PDF-1.7\n%\xe2\xe3")
    with pytest.raises(TextError, match="office document"):
        decode_text(b"PK\x03\x04\xff")
