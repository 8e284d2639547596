from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.config import KIND, Settings, SettingsFile, ThemeChoice, setting_infos
from app.runtime.kept_file import Reason


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def write(file: Path, document: Any) -> SettingsFile:
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(document), encoding="utf-8")
    return SettingsFile(file)


def settings(version: int, **values: Any) -> dict[str, Any]:
    return {"kind": KIND.name, "version": version, "content": values}


def test_first_start_has_the_defaults(file: Path) -> None:
    assert SettingsFile(file).load() == Settings()


def test_saved_settings_come_back(file: Path) -> None:
    wanted = Settings(theme=ThemeChoice.DARK, text_size_percent=130)

    assert SettingsFile(file).change(**wanted._asdict()) == wanted
    assert SettingsFile(file).load() == wanted
    assert isinstance(SettingsFile(file).load().theme, ThemeChoice)


def test_two_programs_keep_each_others_settings(file: Path) -> None:
    left, right = SettingsFile(file), SettingsFile(file)
    left.load()
    right.load()

    left.change(theme=ThemeChoice.LIGHT)

    assert right.change(text_size_percent=115) == Settings(ThemeChoice.LIGHT, 115)


def test_setting_that_there_is_none_of_is_refused(file: Path) -> None:
    with pytest.raises(ValueError):
        SettingsFile(file).change(volume=11)


def test_saving_leaves_one_file_and_its_lock(file: Path) -> None:
    SettingsFile(file).change(theme=ThemeChoice.DARK)
    SettingsFile(file).change(theme=ThemeChoice.LIGHT)

    assert sorted(each.name for each in file.parent.iterdir()) == ["settings.json", "settings.json.lock"]


def test_file_of_the_first_versions_is_still_read(file: Path) -> None:
    saved = write(file, {"version": 1, "settings": {"theme": "dark", "text_size_percent": 115}})

    assert saved.load() == Settings(ThemeChoice.DARK, 115)
    assert saved.asides == ()


@pytest.mark.parametrize("document", [[], {}, {"version": "x", "settings": {}}, {"version": 1, "settings": 3}])
def test_file_that_is_none_of_ours_means_defaults_and_is_kept(
    file: Path, document: Any, caplog: pytest.LogCaptureFixture
) -> None:
    saved = write(file, document)

    assert saved.load() == Settings()
    assert [aside.reason for aside in saved.asides] == [Reason.FOREIGN]
    assert json.loads(file.with_name("settings.foreign.json").read_text()) == document
    assert str(file) in caplog.text


def test_bad_value_costs_itself_only(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    saved = write(file, settings(KIND.version, theme="dark", text_size_percent=[7], gone=1))

    assert saved.load() == Settings(theme=ThemeChoice.DARK)
    assert "text_size_percent" in caplog.text


def test_what_another_version_knows_besides_stays_in_the_file(file: Path) -> None:
    write(file, settings(KIND.version, theme="dark", later=1)).change(theme=ThemeChoice.LIGHT)

    assert json.loads(file.read_text())["content"] == {"theme": "light", "later": 1}


def test_file_of_a_newer_program_is_kept_for_it(file: Path) -> None:
    document = settings(KIND.version + 5, theme="light", later=True)
    saved = write(file, document)

    assert saved.load() == Settings()
    saved.change(theme=ThemeChoice.DARK)

    assert json.loads(file.with_name("settings.newer.json").read_text()) == document


def test_every_setting_can_be_shown_and_offers_its_default() -> None:
    infos = setting_infos()

    assert list(infos) == list(Settings._fields)
    for name, info in infos.items():
        assert info.label
        assert getattr(Settings(), name) in [value for value, _ in info.choices]
