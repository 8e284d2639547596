"""Choosing machines: the choice and its draft, wrong names, reasons, bulk answers, disks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.issue import Issue
from app.domain.profiles import PROFILES
from app.domain.protection import OsType, Presence, ProtectableItem
from app.flows.checks_replication import check_enable
from app.flows.draft import SetUpDraft
from app.rules import load_rules
from tests.support import estates
from tests.support.waiting import until
from ui.tables.row_filter import RowFilter
from ui.tables.table_view import TableState
from ui.theme.theme import Theme
from ui.widgets.choice import CheckBox
from ui.wizard.pages.enable import EnablePage
from ui.wizard.pages.enable_rows import MachineRow
from ui.wizard.pages.landing_sheet import LandingSheet
from ui.wizard.requests import JumpTo, ReadAgain, ShowLimits

Show = Callable[[QWidget], Awaitable[None]]

WEB = estates.machine("WEB-01")
SQL = estates.machine("SQL-PROD-01", os_gib=127, data_gib=(500, 200))
SPACE = estates.machine("WEB 05")
UNKNOWN = estates.machine("APPLIANCE", os_type=OsType.UNKNOWN)
TOO_LARGE = estates.machine("APP-PAYROLL", os_gib=2400)
SHARED = replace(estates.machine("CLU-SQL-A"), has_shared_vhd=Presence.PRESENT)
DONE = replace(estates.machine("PRINT01"), protection_status="Protected")
ITEMS = (WEB, SQL, SPACE, UNKNOWN, TOO_LARGE, SHARED, DONE)


class Opened:
    """The page with what it emitted; edits are loaded back as the wizard does."""

    def __init__(self, theme: Theme, items: tuple[ProtectableItem, ...], chosen: tuple[ProtectableItem, ...]) -> None:
        self.context = estates.context(estates.contoso(protectable_items=items))
        self.before = replace(estates.ready_draft(), machines=tuple(estates.choice(item) for item in chosen))
        self.draft = self.before
        self.page = EnablePage(theme)
        self.requests: list[object] = []
        self.edits = 0
        self.page.draft_edited.connect(self.take)
        self.page.requested.connect(self.requests.append)
        self.page.resize(1100, 780)
        self.page.load(self.draft, self.context)

    def take(self, draft: SetUpDraft) -> None:
        self.edits += 1
        self.draft = draft
        self.check(insist=False)

    def check(self, *, insist: bool) -> None:
        self.page.show_issues(check_enable(self.draft, self.context), insist=insist)

    def row(self, item: ProtectableItem) -> MachineRow:
        row = self.page.table.model.record(item.name)
        assert row is not None
        return row

    def go_to(self, item: ProtectableItem, column: str = "machine") -> None:
        self.page.table.grid.make_current(item.name, column)

    def cell(self, item: ProtectableItem, column: str) -> str:
        model = self.page.table.model
        row = model.row_of(item.name)
        assert row is not None
        return str(model.index(row, model.section_of(column)).data())

    def chosen_names(self) -> list[str]:
        return [choice.name for choice in self.draft.machines]

    async def type_name(self, qtbot: QtBot, item: ProtectableItem, text: str) -> None:
        """F2, the text, Enter, as a person does."""
        self.go_to(item, "azure_name")
        grid = self.page.table.grid
        qtbot.keyClick(grid, Qt.Key.Key_F2)
        editor = QApplication.focusWidget()
        assert isinstance(editor, QLineEdit)
        editor.setText(text)
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        await until(lambda: grid.state() is not grid.State.EditingState, what="the editor to close")

    def button(self, name: str) -> QWidget:
        found = self.page.findChild(QWidget, name)
        assert found is not None, name
        return found

    def press(self, qtbot: QtBot, name: str) -> None:
        qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def opened(theme: Theme, shown: Show) -> Open:
    async def open_page(*chosen: ProtectableItem, items: tuple[ProtectableItem, ...] = ITEMS) -> Opened:
        opened = Opened(theme, items, chosen)
        await shown(opened.page)
        opened.page.table.grid.setFocus(Qt.FocusReason.TabFocusReason)
        return opened

    return open_page


async def test_loading_ticks_what_the_draft_has_and_edits_nothing(opened: Open) -> None:
    page = await opened(WEB, SQL)
    assert page.page.table.model.chosen_keys == {WEB.name, SQL.name}
    assert page.edits == 0
    assert page.draft == page.before


async def test_space_puts_the_current_machine_into_the_draft_and_out_again(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.go_to(SQL)
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_Space)
    assert page.draft.machines == (estates.choice(SQL),)
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_Space)
    assert page.draft.machines == ()


async def test_a_machine_that_is_not_suitable_stays_with_its_reason_and_is_not_chosen(
    opened: Open, qtbot: QtBot
) -> None:
    page = await opened()
    page.go_to(TOO_LARGE)
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_Space)
    assert page.draft == page.before
    assert page.cell(TOO_LARGE, "readiness") == "OS disk too large"
    assert page.page.strip.title == "APP-PAYROLL can’t be protected as it is"
    assert "at most 2 TiB" in page.page.strip.text
    assert "What to do: Shrink the system volume" in page.page.strip.text


async def test_machines_stand_under_three_heads(opened: Open) -> None:
    page = await opened()
    model = page.page.table.model
    heads = [head.group.title for row in model.head_rows() if (head := model.head_at(row))]
    assert heads == ["Can be protected", "Not possible as they are", "Replicating already"]
    assert model.key_at(model.rowCount() - 1) == DONE.name
    assert not model.can_choose(DONE.name)


async def test_choose_all_ready_takes_the_ready_ones_only(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    page.press(qtbot, "enable-choose-all-ready")
    assert page.chosen_names() == ["SQL-PROD-01", "WEB-01"]
    assert page.button("enable-chosen").text() == "2 chosen"  # type: ignore[attr-defined]


WRONG_NAMES = [
    pytest.param("WEB-💥", "“💥” can’t be used. Use 1 to 63 letters, digits and hyphens.", id="emoji"),
    pytest.param("a" * 300, "This name has 300 characters. Use 1 to 63 letters, digits and hyphens.", id="300"),
    pytest.param("", "Type a name for the machine in Azure. Use 1 to 63 letters, digits and hyphens.", id="empty"),
    pytest.param("web 1", "A space can’t be used. Use 1 to 63 letters, digits and hyphens.", id="space"),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG_NAMES)
async def test_a_wrong_azure_name_stays_in_its_cell_and_out_of_the_draft_and_next_leads_back(
    opened: Open, qtbot: QtBot, text: str, sentence: str
) -> None:
    page = await opened(SQL, WEB)
    await page.type_name(qtbot, WEB, text)
    assert page.page.strip.title == "WEB-01 needs work"
    assert page.page.strip.text == f"{sentence} Until then the set-up keeps WEB-01."
    assert page.cell(WEB, "azure_name") == (text or "–")
    assert page.draft == page.before
    assert page.edits == 0
    issues = page.page.own_issues()
    assert [(issue.field, issue.text) for issue in issues] == [
        (f"machines.{WEB.name}.azure_name", f"WEB-01: {sentence}")
    ]
    page.go_to(SQL, "machine")
    page.check(insist=True)
    focus = page.page.first_focus()
    index = page.page.table.grid.currentIndex()
    assert focus is page.page.table.grid
    assert page.page.table.model.key_at(index.row()) == WEB.name
    assert index.column() == page.page.table.model.section_of("azure_name")


async def test_a_right_name_after_a_wrong_one_reaches_the_draft(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB)
    await page.type_name(qtbot, WEB, "web 1")
    await page.type_name(qtbot, WEB, "web-1")
    assert page.draft.machines == (estates.choice(WEB, azure_name="web-1"),)
    assert page.page.own_issues() == ()
    assert page.page.strip.title == "WEB-01 is ready"


async def test_undo_brings_the_name_before_a_wrong_one_back(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB)
    await page.type_name(qtbot, WEB, "web 1")
    page.page.table.edits.stack.undo()
    assert page.cell(WEB, "azure_name") == "WEB-01"
    assert page.page.own_issues() == ()


async def test_a_wrong_name_of_a_machine_that_is_not_chosen_stops_nothing(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB)
    await page.type_name(qtbot, SQL, "sql 1")
    assert page.page.own_issues() == ()
    page.go_to(SQL)
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_Space)
    assert len(page.page.own_issues()) == 1


async def test_a_wrong_name_behind_the_filter_is_brought_back_into_view(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB)
    await page.type_name(qtbot, WEB, "web 1")
    page.page.table.model.set_filter(RowFilter("sql"))
    page.page.first_focus()
    assert page.page.table.grid.current_key == WEB.name


async def test_two_machines_of_one_azure_name_are_told_at_both_rows(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB, SQL)
    await page.type_name(qtbot, SQL, "web-01")
    page.check(insist=True)
    assert page.cell(SQL, "readiness") == "Azure name"
    assert page.cell(WEB, "readiness") == "Azure name"
    assert page.page.strip.text == "2 chosen machines are called web-01 in Azure. Give each its own name."


async def test_what_was_set_before_choosing_is_kept(opened: Open, qtbot: QtBot) -> None:
    page = await opened()
    await page.type_name(qtbot, WEB, "front-1")
    assert page.draft == page.before
    page.page.load(page.draft, page.context)
    page.go_to(WEB)
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_Space)
    assert page.draft.machines == (estates.choice(WEB, azure_name="front-1"),)


async def test_a_name_that_azure_refuses_is_replaced_and_the_row_says_so(opened: Open) -> None:
    page = await opened()
    page.go_to(SPACE)
    assert page.cell(SPACE, "azure_name") == "WEB-05"
    assert page.cell(SPACE, "readiness") == "Space in name"
    assert page.page.strip.text.endswith("In Azure it will be called WEB-05.")


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


async def test_no_machine_chosen_is_said_when_next_was_pressed(opened: Open) -> None:
    page = await opened()
    page.check(insist=False)
    assert page.page.bulk_bar.missing == ""
    page.check(insist=True)
    assert page.page.bulk_bar.missing == "Choose at least one machine."


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


async def test_a_chosen_machine_that_nobody_reports_any_more_can_be_taken_out(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB, SQL, items=(WEB,))
    page.go_to(SQL)
    assert page.cell(SQL, "readiness") == "Not reported"
    assert page.edits == 0
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_Space)
    assert page.chosen_names() == ["WEB-01"]


async def test_until_the_vault_was_read_the_table_waits_and_keeps_the_choice(opened: Open) -> None:
    page = await opened(WEB)
    unread = estates.context(replace(estates.empty()))
    fresh = EnablePage(page.page.theme, parent=page.page)
    fresh.draft_edited.connect(page.take)
    fresh.load(page.draft, unread)
    assert fresh.table.state is TableState.LOADING
    fresh.load(page.draft, page.context)
    assert fresh.table.state is TableState.ROWS
    assert fresh.table.model.chosen_keys == {WEB.name}
    assert page.edits == 0


async def test_a_site_without_machines_leads_to_source(opened: Open) -> None:
    page = await opened(items=())
    message = page.page.table.message
    assert message is not None
    assert message.title == "No machine is known yet"
    message.steps[0].run()
    assert page.requests == [JumpTo("source")]


async def test_check_again_asks_for_a_reading_once(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB)
    page.press(qtbot, "enable-check-again")
    page.page.started(ReadAgain())
    page.press(qtbot, "enable-check-again")
    assert page.requests == [ReadAgain()]
    page.page.finished(ReadAgain(), None)
    page.press(qtbot, "enable-check-again")
    assert len(page.requests) == 2


async def test_an_issue_is_shown_before_next_only_where_something_was_edited(opened: Open) -> None:
    page = await opened(WEB)
    issue = Issue(f"machines.{WEB.name}.size", "WEB-01: too small.", short="WEB-01: size")
    page.page.show_issues((issue,), insist=False)
    assert page.cell(WEB, "readiness") == "Ready"
    page.page.show_issues((issue,), insist=True)
    assert page.cell(WEB, "readiness") == "Size"


async def test_tab_goes_from_top_to_bottom_and_the_grid_is_one_stop(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB)
    page.go_to(WEB)
    page.button("enable-check-again").setFocus(Qt.FocusReason.TabFocusReason)
    stops = []
    for _ in range(11):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        stops.append(QApplication.focusWidget().objectName())
    assert [stop for stop in stops if not stop.startswith("facet")] == [
        "enable-filter",
        "enable-choose-all-ready",
        "enable-size",
        "enable-subnet",
        "enable-clear",
        "enable-table_rows",
        "enable-disks",
    ]


async def test_ctrl_f_leads_to_the_filter(opened: Open, qtbot: QtBot) -> None:
    page = await opened(WEB)
    qtbot.keyClick(page.page.table.grid, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget().objectName() == "enable-filter"


# Limits of another time


async def test_other_limits_judge_every_row_anew_and_are_named(opened: Open) -> None:
    large = estates.machine("FILES", os_gib=1100)
    page = await opened(large, items=(large, WEB))
    profiles = tuple(map(load_rules, PROFILES))
    page.context = replace(page.context, profiles=profiles)
    page.page.load(page.draft, page.context)
    page.page.show_limits(page.draft, page.context)
    page.go_to(large)
    assert page.row(large).verdict.word == "Ready"
    assert page.page.strip.text.endswith(
        "By the limits of January 2017: blocked (OS disk too large). By those of September 2026: the same as now."
    )
    page.go_to(WEB)
    assert "By the limits" not in page.page.strip.text

    page.context = replace(page.context, rules=profiles[0])
    page.page.load(page.draft, page.context)
    page.page.show_limits(page.draft, page.context)
    assert page.row(large).verdict.word == "OS disk too large"
    assert page.chosen_names() == ["FILES"]
    page.go_to(large)
    assert "By the limits of May 2026: fine. By those of September 2026: fine." in page.page.strip.text
    link = page.button("enable-limits")
    assert link.text() == "Limits of January 2017"  # type: ignore[attr-defined]
    assert "2017-01-25" in link.toolTip()


async def test_the_limits_lead_to_where_they_are_chosen(qtbot: QtBot, opened: Open) -> None:
    page = await opened()
    page.page.show_limits(page.draft, page.context)
    page.press(qtbot, "enable-limits")
    assert page.requests == [ShowLimits()]


async def test_what_would_land_is_looked_at_with_the_machines_chosen_so_far(
    qtbot: QtBot, theme: Theme, shown: Show
) -> None:
    opened = Opened(theme, ITEMS, (WEB, SQL))
    await shown(opened.page)
    opened.page.sheet_opened.connect(lambda sheet: sheet.open_over(opened.page))
    button = opened.page.findChild(QWidget, "enable-what-would-land")

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    sheet = opened.page.findChild(LandingSheet)
    assert sheet is not None
    await until(lambda: not sheet.is_busy, what="all rows")
    assert [row.machine for row in sheet.table.model.records()] == ["WEB-01", "SQL-PROD-01"]
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert opened.edits == 0
