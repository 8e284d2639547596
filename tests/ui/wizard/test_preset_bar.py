"""Presets above the form: which one the figures are, filling, saving, files, and the sheet that manages them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.policy_presets import PolicyPreset
from app.errors import AppError, Conflict
from app.flows.draft import PolicyChoice
from tests.support import estates
from ui.theme.theme import Theme
from ui.widgets.picker import Picker
from ui.widgets.reasoned_button import ReasonedButton
from ui.wizard.pages.preset_bar import PresetBar
from ui.wizard.pages.preset_sheet import PresetSheet
from ui.wizard.requests import DeletePreset, ExportPresets, ImportPresets, RenamePreset, SavePreset

Show = Callable[[QWidget], Awaitable[None]]

MINE = PolicyPreset("File <b>&</b> servers", 300, 12, 4, "Shares.")
OLD = PolicyPreset("Of 2017", 900, 12, 4)
FIGURES = PolicyChoice("HQ", copy_frequency_s=300, retention_h=12, app_consistent_frequency_h=4)


class Opened:
    """The bar in a window of its own; what it fills is loaded again, as the page does."""

    def __init__(self, theme: Theme) -> None:
        self.window = QWidget()
        self.bar = PresetBar(theme)
        QVBoxLayout(self.window).addWidget(self.bar, 0, Qt.AlignmentFlag.AlignTop)
        self.opened_sheet: PresetSheet | None = None
        self.requests: list[object] = []
        self.chosen: list[PolicyPreset] = []
        self.policy = FIGURES
        self.own: tuple[PolicyPreset, ...] = ()
        self.profile = "2026-05"
        self.bar.requested.connect(self.requests.append)
        self.bar.preset_chosen.connect(self._fill)
        self.bar.sheet_opened.connect(self._open)

    def load(self, *own: PolicyPreset, profile: str = "2026-05") -> None:
        self.own, self.profile = own, profile
        self.bar.load(self.policy, replace(estates.context(profile=profile), presets=own))

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, qtbot: QtBot, name: str) -> None:
        qtbot.mouseClick(self.find(QAbstractButton, name), Qt.MouseButton.LeftButton)

    def type(self, qtbot: QtBot, name: str, text: str) -> QLineEdit:
        edit = self.find(QLineEdit, name)
        assert isinstance(edit, QLineEdit)
        edit.clear()
        qtbot.keyClicks(edit, text)
        return edit

    @property
    def picker(self) -> Picker:
        found = self.find(Picker, "preset")
        assert isinstance(found, Picker)
        return found

    def pick(self, name: str) -> None:
        names = [option.text for option in self.picker.options]
        self.picker.setCurrentIndex(names.index(name))
        self.picker.activated.emit(names.index(name))

    @property
    def sheet(self) -> PresetSheet:
        assert self.opened_sheet is not None
        return self.opened_sheet

    def _open(self, sheet: PresetSheet) -> None:
        self.opened_sheet = sheet
        sheet.open_over(self.window)

    def _fill(self, preset: PolicyPreset) -> None:
        self.chosen.append(preset)
        self.policy = replace(
            self.policy,
            copy_frequency_s=preset.copy_frequency_s,
            retention_h=preset.retention_h,
            app_consistent_frequency_h=preset.app_consistent_frequency_h,
        )
        self.load(*self.own, profile=self.profile)


@pytest.fixture
async def opened(theme: Theme, shown: Show) -> Opened:
    page = Opened(theme)
    page.window.resize(1100, 760)
    await shown(page.window)
    page.load()
    return page


async def test_figures_of_no_preset_are_own_ones(opened: Opened) -> None:
    assert opened.bar.current is None
    assert opened.picker.current_key is None
    assert opened.picker.placeholderText() == "Own figures"
    assert opened.bar.about_text.startswith("Own figures")
    assert isinstance(export := opened.find(ReasonedButton, "preset-export"), ReasonedButton)
    assert export.refusal is not None


async def test_picking_one_fills_the_figures_and_says_why_and_since_when(opened: Opened) -> None:
    assert [option.text for option in opened.picker.options] == [
        "As in the article",
        "Low loss",
        "Low cost",
        "Domain controllers",
    ]
    opened.pick("Low loss")
    assert [preset.figures for preset in opened.chosen] == [opened.bar.current.figures]  # type: ignore[union-attr]
    assert (opened.policy.copy_frequency_s, opened.policy.retention_h) == (30, 24)
    assert "half a minute" in opened.bar.about_text
    assert "December 2024" in opened.bar.about_text
    opened.policy = replace(opened.policy, retention_h=23)
    opened.load()
    assert opened.bar.current is None


async def test_own_ones_follow_and_what_cannot_be_used_says_why(opened: Opened) -> None:
    opened.load(MINE, OLD)
    options = opened.picker.options
    assert [(option.text, option.reason) for option in options[4:]] == [
        (MINE.name, ""),
        ("Of 2017", "Azure copies every 30 s or 5 min; 15 min is not offered."),
    ]
    assert opened.bar.current == MINE
    opened.load(MINE, OLD, profile="seed-2017")
    assert not any(option.reason for option in opened.picker.options)


async def test_of_two_with_the_same_figures_the_picked_one_stays(opened: Opened) -> None:
    twin = PolicyPreset("Twin", *(300, 12, 4))
    opened.load(MINE, twin)
    opened.pick("Twin")
    assert opened.bar.current == twin


async def test_saving_under_a_name(opened: Opened, qtbot: QtBot) -> None:
    opened.press(qtbot, "preset-save-as")
    edit = opened.type(qtbot, "preset-name", "Databases")
    assert edit.hasFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    preset = PolicyPreset("Databases", 300, 12, 4)
    assert opened.requests == [SavePreset(preset)]
    opened.bar.started(opened.requests[0])  # type: ignore[arg-type]
    opened.load(preset)
    opened.bar.finished(SavePreset(preset), preset)
    assert opened.bar.outcome_text == "Saved as Databases."
    assert not edit.isVisible()
    assert opened.bar.current == preset


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\u202eb"])
async def test_a_name_that_cannot_be_says_so_and_asks_for_nothing(opened: Opened, qtbot: QtBot, name: str) -> None:
    opened.press(qtbot, "preset-save-as")
    edit = opened.type(qtbot, "preset-name", "")
    edit.insert(name)
    opened.press(qtbot, "preset-save")
    assert opened.requests == []
    assert edit.accessibleDescription()
    assert edit.text() == name


async def test_a_name_that_is_taken_is_told_before_it_is_asked(opened: Opened, qtbot: QtBot) -> None:
    opened.policy = replace(opened.policy, retention_h=5)
    opened.load(MINE)
    opened.press(qtbot, "preset-save-as")
    edit = opened.type(qtbot, "preset-name", MINE.name.upper())
    assert "before it is replaced" in edit.accessibleDescription()
    opened.press(qtbot, "preset-save")
    assert len(opened.requests) == 1
    opened.bar.finished(opened.requests[0], None)  # type: ignore[arg-type]
    assert edit.text() == MINE.name.upper()
    assert edit.isVisible()


async def test_the_name_of_one_that_is_built_in_is_refused(opened: Opened, qtbot: QtBot) -> None:
    opened.load(MINE)
    opened.press(qtbot, "preset-save-as")
    edit = opened.type(qtbot, "preset-name", "low LOSS ")
    opened.press(qtbot, "preset-save")
    assert edit.accessibleDescription() == "A built-in preset is called Low loss. Use another name."
    assert opened.requests == []


async def test_what_is_saved_already_is_not_saved_again(opened: Opened) -> None:
    opened.load(MINE)
    button = opened.find(ReasonedButton, "preset-save-as")
    assert isinstance(button, ReasonedButton)
    assert button.refusal is not None
    assert MINE.name in button.refusal.reason.replace("\u200b", "")


async def test_escape_leaves_the_name_and_the_keyboard_goes_back(opened: Opened, qtbot: QtBot) -> None:
    opened.press(qtbot, "preset-save-as")
    edit = opened.type(qtbot, "preset-name", "Data")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert not edit.isVisible()
    assert opened.picker.hasFocus()


async def test_files(opened: Opened, qtbot: QtBot) -> None:
    opened.load(MINE)
    opened.press(qtbot, "preset-import")
    opened.press(qtbot, "preset-export")
    assert opened.requests == [ImportPresets(), ExportPresets((MINE,))]
    opened.bar.finished(ExportPresets((MINE,)), Path("/tmp/x.policies.json"))
    assert opened.bar.outcome_text == f"Exported to {Path('/tmp/x.policies.json')}."
    opened.bar.finished(ImportPresets(), (MINE, OLD))
    assert opened.bar.outcome_text.startswith(
        "2 presets are imported. Of 2017 can’t be used with the limits of May 2026"
    )
    opened.bar.finished(ImportPresets(), AppError("x", "a.json, line 3: It is damaged there.", "Nothing was imported."))
    assert opened.bar.outcome_text == "a.json, line 3: It is damaged there. Nothing was imported."
    opened.bar.finished(ImportPresets(), None)
    assert opened.bar.outcome_text == ""


async def test_the_sheet_lists_all_with_their_sources(opened: Opened, qtbot: QtBot) -> None:
    opened.load(MINE, OLD)
    opened.press(qtbot, "preset-manage")
    words = "\n".join(label.text() for label in opened.sheet.findChildren(QLabel))
    for part in ("Domain controllers", "April 2020", MINE.name, "every 5 min, keep 12 h", "15 min is not offered"):
        assert part in words
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in opened.sheet.findChildren(QLabel))
    opened.press(qtbot, "preset-export-all")
    assert opened.requests == [ExportPresets((MINE, OLD))]


async def test_renaming_in_the_sheet(opened: Opened, qtbot: QtBot) -> None:
    opened.load(MINE, OLD)
    opened.press(qtbot, "preset-manage")
    opened.press(qtbot, "preset-rename-of 2017")
    edit = opened.type(qtbot, "preset-new-name-of 2017", MINE.name)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert opened.requests == []
    assert "has this name already" in edit.accessibleDescription()
    opened.type(qtbot, "preset-new-name-of 2017", "Old ones")
    opened.press(qtbot, "preset-rename-now-of 2017")
    request = RenamePreset("Of 2017", "Old ones")
    assert opened.requests == [request]
    opened.bar.finished(request, Conflict("PresetExists", "There is a preset Old ones already.", "Type another."))
    assert edit.accessibleDescription() == "There is a preset Old ones already. Type another."
    opened.load(MINE, replace(OLD, name="Old ones"))
    opened.bar.finished(request, "Old ones")
    assert opened.sheet.outcome_text == "Of 2017 is called Old ones now."
    assert {row.preset.name for row in opened.sheet.rows.values()} >= {"Old ones", MINE.name}


async def test_deleting_is_asked_where_it_stands(opened: Opened, qtbot: QtBot) -> None:
    opened.load(OLD)
    opened.press(qtbot, "preset-manage")
    opened.press(qtbot, "preset-delete-of 2017")
    assert opened.requests == []
    opened.press(qtbot, "preset-delete-now-of 2017")
    assert opened.requests == [DeletePreset("Of 2017")]
    opened.load()
    opened.bar.finished(DeletePreset("Of 2017"), "Of 2017")
    assert opened.sheet.outcome_text == "Of 2017 is deleted."
    assert not [row for row in opened.sheet.rows.values() if row.preset.is_own]


async def test_escape_in_the_sheet_first_leaves_what_is_asked(opened: Opened, qtbot: QtBot) -> None:
    opened.load(OLD)
    opened.press(qtbot, "preset-manage")
    opened.press(qtbot, "preset-rename-of 2017")
    edit = opened.find(QLineEdit, "preset-new-name-of 2017")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert not edit.isVisible()
    assert opened.sheet.isVisible()
    qtbot.keyClick(opened.find(QAbstractButton, "preset-rename-of 2017"), Qt.Key.Key_Escape)
    assert not opened.sheet.isVisible()


async def test_a_reading_leaves_what_is_typed_in_the_sheet(opened: Opened, qtbot: QtBot) -> None:
    opened.load(OLD)
    opened.press(qtbot, "preset-manage")
    opened.press(qtbot, "preset-rename-of 2017")
    edit = opened.type(qtbot, "preset-new-name-of 2017", "Half a na")
    opened.load(OLD, MINE)
    assert edit.text() == "Half a na"
    assert edit.isVisible()
