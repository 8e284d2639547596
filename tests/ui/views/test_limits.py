"""The page of limits and figures: choosing a profile, files in place of the program's own, refusals in their rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.config import SettingsFile
from app.rule_files import RuleFiles
from app.rules import LIMITS, own_text
from app.services.limits import Limits
from tests.support.waiting import until
from ui.asking import Asking, Question
from ui.notices import NoticeHub
from ui.shell.main_window import MainWindow
from ui.theme.theme import Theme
from ui.views.limits.left_out import tell_left_out
from ui.views.limits.rule_words import RULES, value_text
from ui.views.limits.view import LimitsView
from ui.widgets.labels import Text

Show = Callable[[QWidget], Awaitable[None]]


class Page:
    """The page, the limits behind it, and somebody who answers its questions."""

    def __init__(self, theme: Theme, limits: Limits) -> None:
        self.limits = limits
        self.notices = NoticeHub()
        self.picked: Path | None = None
        self.asked: list[Question] = []
        self.agrees = True
        self.window = MainWindow(theme)
        asking = Asking(theme, self.window, self.window)
        asking.open_file = self._pick  # type: ignore[method-assign]
        asking.save_file = self._pick  # type: ignore[method-assign]
        asking.confirm = self._confirm  # type: ignore[method-assign]
        self.view = LimitsView(theme, limits, self.notices, asking)
        self.view.resize(1000, 800)

    async def _pick(self, title: str, suggested: str = "", kinds: str = "") -> Path | None:
        return self.picked

    async def _confirm(self, question: Question) -> bool:
        self.asked.append(question)
        return self.agrees

    def told(self) -> str:
        return " ".join(f"{notice.title} {notice.text}" for notice in self.notices.notices)


async def opened(tmp_path: Path) -> Limits:
    limits = Limits(SettingsFile(tmp_path / "settings.json"), RuleFiles(tmp_path / "rules"))
    await limits.load()
    return limits


@pytest.fixture
async def page(theme: Theme, shown: Show, tmp_path: Path) -> AsyncIterator[Page]:
    page = Page(theme, await opened(tmp_path))
    await shown(page.view)
    await until(lambda: len(page.view.rows) == len(LIMITS), what="the rows")
    yield page
    page.window.allow_close()
    page.window.deleteLater()


def press(qtbot: QtBot, button: QAbstractButton) -> None:
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def newer(tmp_path: Path, table: str, before: str, after: str) -> Path:
    file = tmp_path / f"newer-{table}.toml"
    file.write_text(own_text(table).replace(before, after), encoding="utf-8")
    return file


async def test_a_profile_is_chosen_by_keyboard_and_kept(qtbot: QtBot, page: Page, tmp_path: Path) -> None:
    assert page.view.first_focus() is page.view.choices["2026-05"]
    press(qtbot, page.view.choices["seed-2017"])
    await until(lambda: SettingsFile(tmp_path / "settings.json").load().limits == "seed-2017", what="the choice saved")
    assert page.limits.rules.profile == "seed-2017"
    assert "2017-01-25" in page.view.rows["machines"].source.text()


async def test_a_file_is_used_and_the_built_in_one_again(qtbot: QtBot, page: Page, tmp_path: Path) -> None:
    row = page.view.rows["policy"]
    assert row.restore.isHidden()
    page.picked = newer(tmp_path, "policy", "retention_max_h = 24", "retention_max_h = 72")
    press(qtbot, row.replace)
    await until(lambda: page.limits.rules.policy.retention_max_h == 72, what="the file in force")
    await until(lambda: row.state.text.startswith("Your file is used"), what="the row to say so")
    assert page.asked == []
    press(qtbot, row.restore)
    await until(lambda: row.state.text == "Built-in", what="the built-in file")
    assert page.limits.rules.policy.retention_max_h == 24
    assert len(page.asked) == 1


async def test_a_bad_file_is_refused_in_its_row(qtbot: QtBot, page: Page, tmp_path: Path) -> None:
    row = page.view.rows["machines"]
    page.picked = newer(tmp_path, "machines", "data_disks_max = 16", "data_disks_max = 0")
    press(qtbot, row.replace)
    await until(lambda: not row.problem.isHidden(), what="the refusal")
    assert "Line 5: data_disks_max is 0; it must be at least 1." in row.problem.text
    assert row.state.text == "Built-in"
    page.picked = None
    press(qtbot, row.replace)
    await until(row.problem.isHidden, what="a new try to take the refusal away")


async def test_an_older_file_asks_first(qtbot: QtBot, page: Page, tmp_path: Path) -> None:
    page.picked = newer(tmp_path, "network", "2026-05-05", "2024-05-05")
    page.agrees = False
    press(qtbot, page.view.rows["network"].replace)
    await until(lambda: len(page.asked) == 1, what="the question")
    assert "the built-in file is newer" in page.asked[0].effects[0][1]
    assert page.view.rows["network"].state.text == "Built-in"


async def test_a_copy_to_begin_with_is_saved(qtbot: QtBot, page: Page, tmp_path: Path) -> None:
    page.picked = tmp_path / "copy.toml"
    press(qtbot, page.view.rows["storage"].copy)
    await until(lambda: "a copy of the built-in file is saved" in page.told(), what="the notice")
    assert page.picked.read_text(encoding="utf-8") == own_text("storage")
    page.picked = tmp_path / "no-such-folder" / "copy.toml"
    row = page.view.rows["storage"]
    press(qtbot, row.copy)
    await until(lambda: not row.problem.isHidden(), what="the refusal")
    assert "is not there any more. Choose another place." in row.problem.text
    assert "is saved" not in page.told()


async def test_a_kept_file_that_became_bad_is_told(theme: Theme, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "machines.toml").write_text("data_disks_max = ", encoding="utf-8")
    page = Page(theme, await opened(tmp_path))
    tell_left_out(page.limits, page.notices, lambda: None)
    assert "left out for: Machines and disks" in page.told()
    await until(lambda: len(page.view.rows) == len(LIMITS), what="the rows")
    assert page.view.rows["machines"].state.text.startswith("Your file is left out, the built-in one is used. Line 1")
    assert not page.view.rows["machines"].restore.isHidden()
    (tmp_path / "rules" / "machines.toml").unlink()
    await page.limits.restore("machines")
    assert "left out" not in page.told()
    page.view.deleteLater()
    page.window.allow_close()
    page.window.deleteLater()


async def test_where_the_profiles_differ_is_shown_with_each_ones_source(qtbot: QtBot, page: Page) -> None:
    card = page.view.differences
    press(qtbot, card.head_button)
    row = await until(lambda: _row(page.view, "Data disks of one machine, at most"), what="the rule")
    assert [text.text() for text in row.findChildren(Text)] == [
        "Data disks of one machine, at most", "16", "2017-01-25", "16", "2026-05-05", "63", "2026-09-11",
    ]  # fmt: skip
    press(qtbot, card.head_button)
    assert not card.is_open


def test_every_rule_that_differs_has_words() -> None:
    rules = Limits().differences()
    assert {rule.name for rule in rules} <= set(RULES)
    said = {rule.name: [value_text(rule.name, value) for value in rule.values] for rule in rules}
    assert said["machines.os_disk_max_gib.1"] == ["1,023 GiB", "2,048 GiB", "2,048 GiB"]
    assert said["policy.copy_frequencies_s"] == ["30 s, 5 min, 15 min", "30 s, 5 min", "30 s, 5 min"]
    assert said["machines.secure_boot"] == ["Yes", "No", "No"]
    assert said["capacity.churn.max_of_small"] == ["5 MiB/s", "5 MiB/s", "54 MiB/s"]
    assert said["regions.refused_targets"][0] == "–"


def _row(view: QWidget, title: str) -> QWidget | None:
    return next((each for each in view.findChildren(QWidget) if each.accessibleName() == title), None)
