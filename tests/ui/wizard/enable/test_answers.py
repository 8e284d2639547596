"""Answers of machines: the system, subnets and sizes for many at once, and disks left out."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.support import estates
from tests.support.enable_page import SQL, UNKNOWN, WEB, Open
from ui.widgets.choice import CheckBox


async def test_an_unknown_system_is_asked_for_at_its_cell_and_chosen_there(opened: Open) -> None:
    page = await opened(UNKNOWN)
    assert page.cell(UNKNOWN, "system") == "Choose…"
    page.check(insist=True)
    page.page.first_focus()
    model = page.page.table.model
    assert page.page.table.grid.currentIndex().column() == model.section_of("system")
    assert page.page.strip.text == "Choose Windows or Linux."
    assert model.setData(page.page.table.grid.currentIndex(), "Linux")
    assert page.draft.machines[0].os_type == "Linux"
    assert page.cell(UNKNOWN, "readiness") == "Ready"


async def test_fill_down_repeats_the_subnet(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB, SQL)
    model = page.page.table.model
    page.go_to(SQL, "subnet")
    model.setData(page.page.table.grid.currentIndex(), "snet-web")
    page.page.table.select([WEB.name, SQL.name])
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert [choice.subnet for choice in page.draft.machines] == ["snet-web", "snet-web"]


async def test_the_default_subnet_is_not_written_into_the_draft(opened: Open) -> None:
    page = await opened(WEB)
    model = page.page.table.model
    page.go_to(WEB, "subnet")
    model.setData(page.page.table.grid.currentIndex(), "snet-web")
    model.setData(page.page.table.grid.currentIndex(), "snet-core")
    assert page.draft == page.before


async def test_copy_gives_the_row_as_text(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.go_to(WEB)
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Machine\tReadiness\tSystem")
    assert lines[1].startswith("WEB-01\tReady\tWindows")


async def test_a_size_for_all_chosen_is_offered_where_it_fits_all(opened: Open, qtbot: QtBot) -> None:
    many_disks = estates.machine("FS02", data_gib=(10,) * 6)
    page = await opened(WEB, many_disks, items=(WEB, many_disks))
    page.press(qtbot, "enable-size")
    sheet = page.page.findChild(QWidget, "enable-bulk-sheet")
    assert sheet is not None
    reasons = {option.key: option.reason for option in sheet.picker.options}  # type: ignore[attr-defined]
    assert reasons == {"by_azure": "", "Standard_D2s_v5": "not for FS02", "Standard_D8s_v5": ""}
    sheet.answered.emit("Standard_D8s_v5")  # type: ignore[attr-defined]
    assert [choice.size for choice in page.draft.machines] == ["Standard_D8s_v5"] * 2


async def test_a_bulk_answer_without_a_choice_says_why_it_has_to_wait(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    button = page.page.bulk_bar.size_button
    assert button.refusal is not None
    assert button.refusal.title == "No machine is chosen"
    page.press(qtbot, "enable-size")
    assert page.page.findChild(QWidget, "enable-bulk-sheet") is None


async def test_a_disk_can_be_left_out_but_not_the_one_with_the_system(opened: Open, qtbot: QtBot) -> None:
    page = await opened(SQL)
    page.go_to(SQL)
    page.press(qtbot, "enable-disks")
    boxes = [page.page.findChild(CheckBox, f"enable-disk-{number}") for number in range(3)]
    assert [box.isEnabled() for box in boxes if box] == [False, True, True]
    assert not page.button("enable-disks-sheet")._left_out.isVisible()  # type: ignore[attr-defined]
    boxes[2].click()  # type: ignore[union-attr]
    assert page.button("enable-disks-sheet")._left_out.isVisible()  # type: ignore[attr-defined]
    assert page.button("enable-disks-sum").text() == "627 GiB of 827 GiB are replicated"  # type: ignore[attr-defined]
    page.button("enable-disks-sheet").submitted.emit()  # type: ignore[attr-defined]
    assert page.draft.machines[0].disk_ids == tuple(disk.vhd_id for disk in SQL.disks[:2])
    assert page.cell(SQL, "disks") == "2 of 3"
    assert page.page.table.grid.hasFocus() or page.page.findChild(QWidget, "enable-disks").hasFocus()


async def test_cancelled_disks_change_nothing(opened: Open, qtbot: QtBot) -> None:
    page = await opened(SQL)
    page.go_to(SQL)
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_Return)
    sheet = page.button("enable-disks-sheet")
    box = page.page.findChild(CheckBox, "enable-disk-1")
    assert box is not None
    assert box.hasFocus()
    box.click()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert page.draft == page.before


async def test_the_system_s_disk_is_asked_for_when_nobody_knows_it(opened: Open) -> None:
    unmarked = replace(SQL, disks=tuple(replace(disk, kind="") for disk in SQL.disks))
    page = await opened(items=(unmarked,))
    assert page.cell(unmarked, "os_disk") == "Choose…"
    page.go_to(unmarked)
    page.page.table.opened.emit(page.row(unmarked))
    sheet = page.button("enable-disks-sheet")
    sheet.submitted.emit()  # type: ignore[attr-defined]
    assert page.button("enable-disks-sheet") is sheet
    assert sheet._os_field.message == "Choose the disk that holds the system."  # type: ignore[attr-defined]
