import pytest

from factcheck.text.scripts import can_read, is_latin


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("", True),
        ("2,381,740", True),
        ("Zürich lies on the Limmat.", True),
        ("São Tomé, Þórshöfn and Łódź", True),
        ("Ｆｕｌｌ ｗｉｄｔｈ", True),
        ("Mount Fuji (富士山) is 3,776 m high.", True),
        ("α particles and β decay", True),
        ("坎培拉是澳洲的首都。", False),
        ("إذ هنا؟ الستار وتنصيب كان.", False),
        ("עברית היא שפה שמית.", False),
        ("ด้้้้้็็็็็้้้้้", False),
        ("Москва — столица России.", False),
        ("パーティーへ行かないか (party)", False),
    ],
)
def test_what_is_latin(text: str, latin: bool) -> None:
    assert is_latin(text) is latin
    assert can_read(["en"], text) is latin
    assert can_read(["de", "pt-BR"], text) is latin


@pytest.mark.parametrize("languages", [[], ["zh-Hant"], ["en", "zh"]])
def test_other_models_read_everything(languages: list[str]) -> None:
    assert can_read(languages, "坎培拉是澳洲的首都。")
