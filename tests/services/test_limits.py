"""The limits in force: the chosen profile, and files of the user's in place of the program's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.bootstrap import open_limits
from app.config import SettingsFile
from app.domain.profiles import DEFAULT_PROFILE, PROFILES
from app.errors import AppError, InvalidInput
from app.paths import user_paths
from app.rule_files import RuleFiles
from app.rules import load_rules, own_text
from app.services.limits import Limits


@pytest.fixture
def settings(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings.json")


async def opened(settings: SettingsFile, folder: Path) -> Limits:
    limits = Limits(settings, RuleFiles(folder))
    await limits.load()
    return limits


def newer(tmp_path: Path, before: str = "data_disks_max = 16", after: str = "data_disks_max = 32") -> Path:
    text = own_text("machines").replace(before, after, 1).replace("2026-05-05", "2026-11-01")
    file = tmp_path / "newer.toml"
    file.write_text(text, encoding="utf-8")
    return file


async def test_without_a_choice_the_default_profile_is_in_force(settings: SettingsFile, tmp_path: Path) -> None:
    limits = await opened(settings, tmp_path / "rules")
    assert limits.profile == DEFAULT_PROFILE
    assert limits.rules is load_rules()
    assert [rules.profile for rules in limits.profiles] == list(PROFILES)
    assert not any(table.is_own or table.ignored for table in limits.tables)


async def test_a_choice_is_told_at_once_and_kept(settings: SettingsFile, tmp_path: Path) -> None:
    limits = await opened(settings, tmp_path / "rules")
    told: list[str] = []
    stop = limits.subscribe(lambda: told.append(limits.rules.profile))
    await limits.choose("seed-2017")
    assert told == ["seed-2017"]
    stop()
    await limits.choose("2026-09")
    assert told == ["seed-2017"]
    assert (await opened(settings, tmp_path / "rules")).rules.profile == "2026-09"
    with pytest.raises(InvalidInput):
        await limits.choose("2031-01")


async def test_a_file_of_the_users_is_used_from_then_on(settings: SettingsFile, tmp_path: Path) -> None:
    limits = await opened(settings, tmp_path / "rules")
    told: list[int] = []
    limits.subscribe(lambda: told.append(limits.rules.machines.data_disks_max))
    await limits.replace(await limits.look_at("machines", newer(tmp_path)))
    assert told == [32]
    assert [rules.machines.data_disks_max for rules in limits.profiles] == [32, 32, 63]
    assert limits.rules.storage == load_rules().storage

    again = await opened(settings, tmp_path / "rules")
    table = next(each for each in again.tables if each.name == "machines")
    assert (table.is_own, table.source.as_of) == (True, "2026-11-01")
    await again.restore("machines")
    assert again.rules.machines == load_rules().machines
    assert list((tmp_path / "rules").iterdir()) == []


async def test_a_bad_file_is_refused_and_changes_nothing(settings: SettingsFile, tmp_path: Path) -> None:
    limits = await opened(settings, tmp_path / "rules")
    with pytest.raises(InvalidInput) as refused:
        await limits.look_at("machines", newer(tmp_path, after="data_disks_most = 32"))
    assert "Line 5: data_disks_most is not known here." in refused.value.details
    assert refused.value.title == "newer.toml can’t be used; the limits in force stay as they are"
    with pytest.raises(InvalidInput, match=r"absent\.toml"):
        await limits.look_at("machines", tmp_path / "absent.toml")
    assert not (tmp_path / "rules").exists()


async def test_a_kept_file_that_was_broken_by_hand_is_left_out(settings: SettingsFile, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    limits = await opened(settings, folder)
    await limits.replace(await limits.look_at("machines", newer(tmp_path)))
    (folder / "machines.toml").write_text("data_disks_max = ", encoding="utf-8")
    (folder / "policy.toml").mkdir()

    again = await opened(settings, folder)
    assert again.rules == load_rules()
    assert set(again.ignored) == {"machines", "policy"}
    assert "Line 1: This is not TOML" in again.ignored["machines"]
    assert (folder / "machines.toml").exists()


async def test_where_nothing_can_be_written_the_limits_stay(settings: SettingsFile, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.write_text("a file stands where the folder should be", encoding="utf-8")
    limits = await opened(settings, folder)
    with pytest.raises(AppError, match="was not saved"):
        await limits.replace(await limits.look_at("machines", newer(tmp_path)))
    assert limits.rules is load_rules()


async def test_the_built_in_file_can_be_begun_with(settings: SettingsFile, tmp_path: Path) -> None:
    limits = await opened(settings, tmp_path / "rules")
    await limits.save_own("storage", tmp_path / "storage.toml")
    checked = await limits.look_at("storage", tmp_path / "storage.toml")
    assert (checked.table, checked.doubts) == ("storage", ())


async def test_the_program_opens_with_what_was_chosen_unless_told_otherwise() -> None:
    SettingsFile(user_paths().settings_file).change(limits="2026-09")
    assert (await open_limits()).rules.profile == "2026-09"
    told = await open_limits("seed-2017")
    assert told.rules.profile == "seed-2017"
    assert (await open_limits()).rules.profile == "2026-09"


def test_without_kept_files_nothing_of_the_checker_is_loaded() -> None:
    code = (
        "import sys, app.services.limits, app.rules; app.rules.load_rules(); assert 'jsonschema_rs' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
