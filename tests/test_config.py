"""Layers of settings, and what is refused."""

from pathlib import Path

import orjson
import pytest

from factcheck.config import Settings, load_settings
from factcheck.errors import SettingsError
from factcheck.types import OnRefuted


def test_defaults() -> None:
    assert load_settings(environment={}) == Settings()


def test_each_layer_overrides_the_one_below(tmp_path: Path) -> None:
    file = tmp_path / "factcheck.toml"
    file.write_text('[retrieve]\npassages = 7\nfacts = 3\n[revise]\non_refuted = "flag"\n', encoding="utf-8")
    environment = {"FACTCHECK_RETRIEVE__FACTS": "4", "HOME": "/nowhere"}
    settings = load_settings(file, environment=environment, overrides={"revise.on_refuted": "remove", "x.y": None})
    assert (settings.retrieve.passages, settings.retrieve.facts) == (7, 4)
    assert settings.revise.on_refuted is OnRefuted.REMOVE


def test_some_values_change_and_the_rest_stays() -> None:
    settings = load_settings(environment={}, overrides={"retrieve.passages": 7})
    changed = settings.changed({"retrieve.facts": 3, "chat.seed": None})
    assert (changed.retrieve.passages, changed.retrieve.facts, settings.retrieve.facts) == (7, 3, 8)
    assert settings.changed({"chat.seed": None}) is settings
    with pytest.raises(SettingsError, match=r"retrieve\.passages"):
        settings.changed({"retrieve.passages": 0})


def test_text_in_the_environment_needs_no_quotes() -> None:
    settings = load_settings(environment={"FACTCHECK_MODELS__ENTAILMENT": "hf:some/model"})
    assert settings.models.entailment == "hf:some/model"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[retrieve]\npasages = 3\n", "pasages"),
        ("[retreive]\npassages = 3\n", "retreive"),
        ('[retrieve]\npassages = "three"\n', "passages"),
        ("[retrieve]\npassages = 0\n", "passages"),
        ("[reflect]\nmin_preservation = 1.5\n", "min_preservation"),
        ('[revise]\non_refuted = "explode"\n', "explode"),
        ("passages = 3\n", "passages"),
        ("[retrieve\n", "TOML"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "factcheck.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(file, environment={})
    assert str(file) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml"):
        load_settings(tmp_path / "absent.toml", environment={})


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(SettingsError, match="FACTCHECK_RETRIEVE__PASAGES"):
        load_settings(environment={"FACTCHECK_RETRIEVE__PASAGES": "3"})


def test_every_setting_is_documented() -> None:
    document = (Path(__file__).parent.parent / "docs" / "settings.md").read_text(encoding="utf-8")
    for table, values in Settings().as_dict().items():
        assert f"[{table}]" in document
        for key, value in values.items():
            if value is None:  # TOML has no word for it
                assert f"\n# {key} = " in document, f"{table}.{key}"
                continue
            written = orjson.dumps(value).decode()
            assert f"{key} = {written}" in document, f"{table}.{key} = {written}"
