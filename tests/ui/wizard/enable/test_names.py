"""Azure names of machines: wrong ones, right ones after them, and names that two machines have."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.support import estates
from tests.support.enable_page import SPACE, SQL, WEB, Open
from ui.tables.row_filter import RowFilter

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
