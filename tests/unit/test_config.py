from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.config import FILE_VERSION, Settings, ThemeChoice, load_settings, save_settings, setting_infos


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_first_start_has_the_defaults(file: Path) -> None:
    assert load_settings(file) == Settings()


def test_saved_settings_come_back(file: Path) -> None:
    settings = Settings(theme=ThemeChoice.DARK, text_size_percent=130)
    save_settings(file, settings)

    assert load_settings(file) == settings
    assert isinstance(load_settings(file).theme, ThemeChoice)


def test_saving_leaves_one_file(file: Path) -> None:
    save_settings(file, Settings())
    save_settings(file, Settings(theme=ThemeChoice.LIGHT))

    assert [each.name for each in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"version": "x", "settings": {}}', '{"version": 1, "settings": 3}']
)
def test_damaged_file_means_defaults_and_is_told(file: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    assert load_settings(write(file, text)) == Settings()
    assert str(file) in caplog.text


def test_bad_value_costs_itself_only(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    document = {"version": FILE_VERSION, "settings": {"theme": "dark", "text_size_percent": [7], "gone": 1}}

    settings = load_settings(write(file, json.dumps(document)))

    assert settings == Settings(theme=ThemeChoice.DARK)
    assert "text_size_percent" in caplog.text


def test_file_of_a_newer_program_gives_what_is_known(file: Path) -> None:
    document = {"version": FILE_VERSION + 5, "settings": {"theme": "light", "later": True}}

    assert load_settings(write(file, json.dumps(document))).theme is ThemeChoice.LIGHT


def test_every_setting_can_be_shown_and_offers_its_default() -> None:
    infos = setting_infos()

    assert list(infos) == list(Settings._fields)
    for name, info in infos.items():
        assert info.label
        assert getattr(Settings(), name) in [value for value, _ in info.choices]
