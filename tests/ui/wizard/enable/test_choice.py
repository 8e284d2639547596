"""Choosing machines: the choice and its draft, reasons against it, and what is on screen meanwhile."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.issue import Issue
from tests.support import estates
from tests.support.enable_page import DONE, SQL, TOO_LARGE, WEB, Open
from ui.tables.table_view import TableState
from ui.wizard.pages.enable import EnablePage
from ui.wizard.requests import JumpTo, ReadAgain


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


async def test_no_machine_chosen_is_said_when_next_was_pressed(opened: Open) -> None:
    page = await opened()
    page.check(insist=False)
    assert page.page.bulk_bar.missing == ""
    page.check(insist=True)
    assert page.page.bulk_bar.missing == "Choose at least one machine."


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
