"""The table as a person meets it: selection, scroll, keys, states, filter bar, columns, editing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests.support.waiting import until
from tests.ui.tables.conftest import EDITABLE, SIZES, SUITABLE, UNSUITABLE, Machine, MakeTable, machines
from ui.busy import Failure, Waiting
from ui.notices import NoticeAction
from ui.tables.column import Column
from ui.tables.filter_bar import FilterBar
from ui.tables.grid_view import Ring
from ui.tables.record_model import Checks
from ui.tables.row_filter import RowFilter
from ui.tables.table_view import TableState, TableView
from ui.theme.theme import Theme

LEFT = Qt.MouseButton.LeftButton


def press(qtbot: QtBot, table: TableView[Machine], key: Qt.Key, *, control: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(table.grid, key, modifier)


def click_cell(qtbot: QtBot, table: TableView[Machine], row: int, section: int) -> None:
    place = table.grid.visualRect(table.model.index(row, section)).center()
    qtbot.mouseClick(table.grid.viewport(), LEFT, pos=place)


def ids(table: TableView[Machine]) -> list[int]:
    return sorted(record.id for record in table.selected_records)


# Selection and scroll


def test_second_refresh_keeps_selection_and_current_row(make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(50))
    table.select([3, 7])
    table.grid.make_current(7)
    table.set_records([replace(machine, rpo_min=9) for machine in reversed(machines(60)[2:])])
    assert ids(table) == [3, 7]
    assert table.current_record == Machine(7, "VM-007", rpo_min=9)


def test_selection_of_rows_that_went_is_gone(make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(5))
    table.select([1, 2])
    table.set_records(machines(2))
    assert ids(table) == [1]


async def test_row_on_top_stays_on_top_when_rows_above_go(make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(100))
    bar = table.grid.verticalScrollBar()
    await until(bar.maximum)
    bar.setValue(table.grid.verticalHeader().sectionPosition(40) + 5)
    table.set_records(machines(100)[10:])
    assert table.model.key_at(table.grid.rowAt(0)) == 40
    assert table.grid.rowViewportPosition(table.grid.rowAt(0)) == -5


def test_selection_that_was_filtered_away_comes_back(make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(20))
    table.select([4, 12])
    table.model.set_filter(RowFilter("VM-01"))
    assert table.hidden_selected_count == 1
    table.model.set_filter(RowFilter())
    assert sorted(index.row() for index in table.grid.selectionModel().selectedRows()) == [4, 12]
    assert table.hidden_selected_count == 0


def test_a_plain_click_ends_the_selection_of_hidden_rows_too(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(20))
    table.select([4])
    table.model.set_filter(RowFilter("VM-01"))
    click_cell(qtbot, table, 0, 1)
    assert ids(table) == [10]


def test_check_boxes_add_to_the_selection(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(5))
    click_cell(qtbot, table, 1, 0)
    click_cell(qtbot, table, 3, 0)
    assert ids(table) == [1, 3]
    press(qtbot, table, Qt.Key.Key_Space)
    assert ids(table) == [1]


def test_the_box_in_the_head_stands_for_all_shown_rows(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(20))
    table.model.set_filter(RowFilter("VM-01"))
    place = QPoint(table.grid.header.sectionViewportPosition(0) + 5, 5)
    qtbot.mouseClick(table.grid.header.viewport(), LEFT, pos=place)
    assert ids(table) == list(range(10, 20))
    qtbot.mouseClick(table.grid.header.viewport(), LEFT, pos=place)
    assert ids(table) == []


def test_a_choice_is_not_the_selection(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table(checks=Checks.CHOICE, can_choose=lambda m: m.id != 2)
    table.set_records(machines(4))
    click_cell(qtbot, table, 1, 0)
    click_cell(qtbot, table, 2, 0)
    assert table.model.chosen_keys == {1}
    assert ids(table) == []


def test_group_heads_cannot_be_selected(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table(groups=(SUITABLE, UNSUITABLE), group_of=lambda m: "no" if m.id else "yes")
    table.set_records(machines(3))
    press(qtbot, table, Qt.Key.Key_A, control=True)
    assert ids(table) == [0, 1, 2]
    click_cell(qtbot, table, 0, 1)
    assert table.current_record is None


# Keys


def test_enter_opens_the_current_row(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(3))
    opened: list[Machine] = []
    table.opened.connect(opened.append)
    table.grid.make_current(1)
    press(qtbot, table, Qt.Key.Key_Return)
    assert opened == [machines(3)[1]]


def test_ctrl_c_copies_the_visible_columns_of_the_selected_rows(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(3))
    table.select([2, 0])
    press(qtbot, table, Qt.Key.Key_C, control=True)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == ["Machine\tHealth\tRPO", "VM-000\tHealthy\t4 min", "VM-002\tHealthy\t4 min"]


# States


def test_blank_until_read_then_empty(make_table: MakeTable) -> None:
    table = make_table()
    assert table.state is TableState.BLANK
    table.set_records([])
    assert table.state is TableState.EMPTY
    assert table.message is not None
    assert table.message.title == "Nothing is protected yet"


def test_loading_stands_in_an_empty_body_only(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table()
    stopped: list[bool] = []
    table.show_veil()
    assert table.state is TableState.LOADING
    table.show_waiting(Waiting("Reading machines", 3.0, lambda: stopped.append(True), 36, 100))
    button = table.grid.viewport().findChild(QPushButton, "stop_waiting")
    assert button is not None
    qtbot.mouseClick(button, LEFT)
    assert stopped == [True]
    table.clear_busy()
    table.set_records(machines(3))
    table.show_veil()
    assert table.state is TableState.ROWS


def test_failure_shows_in_place_with_its_remedy(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table()
    tried: list[bool] = []
    action = NoticeAction("Try again", lambda: tried.append(True))
    assert table.show_failure(Failure("The vault could not be reached", "Check the proxy.", (action,)))
    assert table.state is TableState.FAILED
    button = next(b for b in table.grid.viewport().findChildren(QPushButton) if b.text() == "Try again")
    qtbot.mouseClick(button, LEFT)
    assert tried == [True]
    table.set_records(machines(1))
    assert table.state is TableState.ROWS


def test_failure_leaves_older_rows_alone(make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(3))
    assert not table.show_failure(Failure("The vault could not be reached", ""))
    assert table.state is TableState.ROWS


def test_filtered_to_nothing_says_how_many_there_are_and_clears(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(3))
    table.model.set_filter(RowFilter("payrol"))
    assert table.state is TableState.FILTERED
    assert table.message is not None
    assert "payrol" in table.message.title
    assert "3" in table.message.text
    button = next(b for b in table.grid.viewport().findChildren(QPushButton) if b.text() == "Clear filters")
    qtbot.mouseClick(button, LEFT)
    assert table.state is TableState.ROWS


def test_stale_rows_stay_below_their_line_until_the_next_read(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table()
    table.set_records(machines(3))
    tried: list[bool] = []
    table.show_stale("Last read 26 min ago.", lambda: tried.append(True))
    button = table.findChild(QPushButton, "try_now")
    assert button is not None
    qtbot.mouseClick(button, LEFT)
    assert tried == [True]
    assert table.state is TableState.ROWS
    table.set_records(machines(3))
    assert not button.isVisible()


# Filter bar


@pytest.fixture
def bar_and_table(theme: Theme, make_table: MakeTable) -> tuple[FilterBar, TableView[Machine]]:
    table = make_table()
    bar = FilterBar(theme, table.model, placeholder="Name or health")
    table.top.addWidget(bar)
    table.set_records([*machines(3), Machine(9, "SQL", "Critical")])
    return bar, table


def test_typing_filters_and_counts(qtbot: QtBot, bar_and_table: tuple[FilterBar, TableView[Machine]]) -> None:
    bar, table = bar_and_table
    qtbot.keyClicks(bar.box, "vm")
    assert table.model.shown_count == 3
    assert bar.count.text() == "3 of 4"
    qtbot.keyClick(bar.box, Qt.Key.Key_Escape)
    assert bar.count.text() == "4 of 4"


def test_a_pill_names_what_it_filters_and_a_click_clears_it(
    qtbot: QtBot, bar_and_table: tuple[FilterBar, TableView[Machine]]
) -> None:
    bar, table = bar_and_table
    pill = bar.findChild(QPushButton, "facet_health")
    assert pill is not None
    menu = pill.build_menu()  # type: ignore[attr-defined]
    assert [action.text() for action in menu.actions()] == ["Critical   1", "Healthy   3"]
    menu.actions()[0].trigger()
    assert pill.text() == "Health: Critical"
    assert table.model.shown_count == 1
    qtbot.mouseClick(pill, LEFT)
    assert table.model.shown_count == 4


# Columns


class MemoryStore:
    """Layouts for as long as the test runs."""

    def __init__(self) -> None:
        self.layouts: dict[str, Mapping[str, Any]] = {}

    def load(self, name: str) -> Mapping[str, Any] | None:
        return self.layouts.get(name)

    def save(self, name: str, layout: Mapping[str, Any]) -> None:
        self.layouts[name] = layout


def test_columns_widths_and_sorting_are_remembered(make_table: MakeTable) -> None:
    store = MemoryStore()
    first = make_table(store=store)
    first.build_columns_menu().actions()[0].trigger()
    first.grid.header.resizeSection(3, 123)
    first.grid.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    second = make_table(store=store)
    assert second.grid.isColumnHidden(2)
    assert second.grid.columnWidth(3) == 123
    assert second.model.sorting == ("rpo", Qt.SortOrder.DescendingOrder)


def test_a_broken_layout_is_passed_over(make_table: MakeTable) -> None:
    store = MemoryStore()
    store.layouts["machines"] = {"widths": [1], "hidden": ["name", "gone"], "sort": ["gone", "up"]}
    table = make_table(store=store)
    assert not any(table.grid.isColumnHidden(section) for section in range(4))


WIDE = (
    Column[Machine](id="name", title="Machine", text=lambda m: m.name, width=10, stretch=True),
    Column[Machine](id="size", title="Size", text=lambda m: m.size, width=10, yields=True),
    Column[Machine](id="health", title="Health", text=lambda m: m.health, width=10, stretch=True),
)


def test_columns_that_yield_go_where_room_is_short_and_come_back(make_table: MakeTable) -> None:
    table = make_table(WIDE, checks=Checks.NONE)
    table.resize(220, 200)
    assert table.grid.isColumnHidden(1)
    assert not table.grid.isColumnHidden(2)
    table.resize(900, 200)
    assert not table.grid.isColumnHidden(1)


def test_column_asked_for_by_name_does_not_yield(make_table: MakeTable) -> None:
    store = MemoryStore()
    table = make_table(WIDE, checks=Checks.NONE, store=store)
    table.resize(220, 200)
    next(action for action in table.build_columns_menu().actions() if action.text() == "Size").setChecked(True)
    assert not table.grid.isColumnHidden(1)
    again = make_table(WIDE, checks=Checks.NONE, store=store)
    again.resize(220, 200)
    assert not again.grid.isColumnHidden(1)


def test_spare_room_is_shared_among_the_columns_that_stretch(make_table: MakeTable) -> None:
    table = make_table(WIDE, checks=Checks.NONE)
    table.resize(900, 200)
    widths = [table.grid.columnWidth(section) for section in range(3)]
    assert sum(widths) == table.grid.viewport().width()
    assert widths[0] == pytest.approx(widths[2], abs=30)
    assert widths[1] < widths[0]


# Editing


def editable(make_table: MakeTable) -> TableView[Machine]:
    table = make_table(EDITABLE, ring=Ring.CELL, checks=Checks.CHOICE, can_choose=lambda m: m.id != 3)
    table.set_records(machines(5))
    return table


async def test_f2_edits_a_cell_and_undo_takes_it_back(qtbot: QtBot, make_table: MakeTable) -> None:
    table = editable(make_table)
    replaced: list[list[Machine]] = []
    table.model.records_replaced.connect(replaced.append)
    table.grid.make_current(1, "name")
    press(qtbot, table, Qt.Key.Key_F2)
    editor = table.grid.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "web-01")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    await until(lambda: table.model.record(1) == Machine(1, "web-01"))
    table.edits.stack.undo()
    assert table.model.record(1) == Machine(1, "VM-001")
    table.edits.stack.redo()
    assert [records[0].name for records in replaced] == ["web-01", "VM-001", "web-01"]


async def test_enter_in_an_editor_ends_it_and_opens_nothing(qtbot: QtBot, make_table: MakeTable) -> None:
    table = editable(make_table)
    opened: list[Machine] = []
    table.opened.connect(opened.append)
    table.grid.make_current(1, "name")
    press(qtbot, table, Qt.Key.Key_F2)
    editor = table.grid.viewport().findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    await until(lambda: table.grid.state() is not table.grid.State.EditingState)
    assert opened == []
    press(qtbot, table, Qt.Key.Key_Return)
    assert opened == [Machine(1, "VM-001")]


def test_a_text_that_is_refused_is_never_written(make_table: MakeTable) -> None:
    table = editable(make_table)
    index = table.model.index(0, 1)
    assert table.model.refusal(index, "") == "Write a name."
    assert not table.model.setData(index, "")
    assert not table.model.setData(table.model.index(0, 2), "Standard_Unknown")
    assert table.model.records() == machines(5)


def test_fill_down_repeats_the_first_selected_cell_but_skips_what_cannot_be_chosen(
    qtbot: QtBot, make_table: MakeTable
) -> None:
    table = editable(make_table)
    table.model.setData(table.model.index(1, 2), SIZES[2])
    table.grid.make_current(1, "size")
    table.select([1, 2, 3, 4])
    press(qtbot, table, Qt.Key.Key_D, control=True)
    assert [machine.size for machine in table.model.records()] == [SIZES[0], SIZES[2], SIZES[2], SIZES[0], SIZES[2]]
    table.edits.stack.undo()
    assert [machine.size for machine in table.model.records()] == [SIZES[0], SIZES[2], *[SIZES[0]] * 3]


def test_an_undo_keeps_what_a_refresh_changed_elsewhere(make_table: MakeTable) -> None:
    table = editable(make_table)
    table.model.setData(table.model.index(0, 1), "web")
    table.set_records([replace(machine, rpo_min=60) for machine in table.model.records()])
    table.edits.stack.undo()
    assert table.model.record(0) == Machine(0, "VM-000", rpo_min=60)


async def test_the_ring_is_for_the_keyboard_alone(qtbot: QtBot, make_table: MakeTable) -> None:
    table = make_table(ring=Ring.CELL)
    table.set_records(machines(3))
    await until(table.isActiveWindow)
    table.grid.clearFocus()
    table.grid.setFocus(Qt.FocusReason.TabFocusReason)
    table.grid.make_current(1, "rpo")
    by_keyboard = table.grid.grab().toImage()
    table.grid.clearFocus()
    without = table.grid.grab().toImage()
    cell = table.grid.visualRect(table.model.index(1, 3))
    edge = QPoint(cell.left() + 1, cell.center().y() + table.grid.header.height())
    assert by_keyboard.pixelColor(edge) != without.pixelColor(edge)
    click_cell(qtbot, table, 1, 3)
    assert table.grid.hasFocus()
    clicked = table.grid.grab().toImage()
    assert clicked.pixelColor(edge) != by_keyboard.pixelColor(edge)


def test_ticks_with_the_space_key(qtbot: QtBot, make_table: MakeTable) -> None:
    table = editable(make_table)
    table.select([0, 1, 3])
    table.grid.make_current(0)
    press(qtbot, table, Qt.Key.Key_Space)
    assert table.model.chosen_keys == {0, 1}


async def test_tab_comes_to_the_first_record_and_not_to_a_head(make_table: MakeTable) -> None:
    table = make_table(groups=(SUITABLE, UNSUITABLE), group_of=lambda m: "yes")
    table.set_records(machines(3))
    await until(table.isActiveWindow)
    table.grid.clearFocus()
    table.grid.setFocus(Qt.FocusReason.TabFocusReason)
    await until(table.grid.hasFocus)
    assert table.current_record == Machine(0, "VM-000")


async def test_tab_goes_through_the_toolbar_and_then_to_the_rows(
    qtbot: QtBot, make_table: MakeTable, theme: Theme
) -> None:
    table = make_table()
    table.hide()
    bar = FilterBar(theme, table.model, placeholder="Name")
    table.top.addWidget(bar)
    table.set_records(machines(3))
    table.show()
    table.activateWindow()
    await until(table.isActiveWindow)
    bar.box.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(bar.box, Qt.Key.Key_Tab)
    pill = QApplication.focusWidget()
    assert isinstance(pill, QPushButton)
    qtbot.keyClick(pill, Qt.Key.Key_Tab)
    assert table.grid.hasFocus()
    qtbot.keyClick(table.grid, Qt.Key.Key_Backtab)
    assert pill.hasFocus()
