"""Rows as they are painted: each at once when it has changed, none twice when it has not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from tests.support.waiting import until
from tests.ui.tables.conftest import EDITABLE, EMPTY, SUITABLE, UNSUITABLE, Machine, MakeTable, machines
from ui.tables.column import Column
from ui.tables.grid_view import Ring
from ui.tables.record_model import Checks, RecordTableModel
from ui.tables.table_view import TableView
from ui.theme.theme import Appearance, Theme
from ui.turns import SLICE_S

Asked = list[int]
MakePlainTable = Callable[[Column[Machine]], TableView[Machine]]


def asking_column(asked: Asked, text: Callable[[Machine], str] = lambda machine: machine.name) -> Column[Machine]:
    """A column that notes whose words it was asked for. Nothing but painting asks, as it is not searched."""

    def noted(machine: Machine) -> str:
        asked.append(machine.id)
        return text(machine)

    return Column[Machine](id="name", title="Machine", text=noted, searchable=False, stretch=True)


def slowly(machine: Machine) -> str:
    """Words that take a whole turn of the loop."""
    end = perf_counter() + SLICE_S
    while perf_counter() < end:
        pass
    return machine.name


@pytest.fixture
def make_plain_table(theme: Theme) -> Iterator[MakePlainTable]:
    """Shown tables of one column without Qt's model tester, which asks for every cell that changes."""
    tables = []

    def make(column: Column[Machine]) -> TableView[Machine]:
        model = RecordTableModel((column,), lambda m: m.id)
        table = TableView(theme, model, name="machines", empty=EMPTY)
        table.resize(700, 400)
        table.show()
        assert QTest.qWaitForWindowExposed(table)
        tables.append(table)
        return table

    yield make
    for table in tables:
        table.close()
        table.deleteLater()


@pytest.fixture
def painted(make_plain_table: MakePlainTable) -> tuple[TableView[Machine], Asked]:
    """A table of six rows, all of them painted."""
    asked: Asked = []
    table = make_plain_table(asking_column(asked))
    table.set_records(machines(6))
    paint(table)
    asked.clear()
    return table, asked


def paint(table: TableView[Machine]) -> None:
    """Paint, and again where a busy machine left something for the next turn."""
    for _ in range(100):
        table.grid._late.stop()
        table.grid.viewport().repaint()
        if not table.grid._late.isActive():
            return
    raise AssertionError("painting does not end")


def middle_of(table: TableView[Machine], row: int) -> QPoint:
    return table.grid.visualRect(table.model.index(row, 0)).center()


def look_of(table: TableView[Machine], row: int) -> bytes:
    picture = table.grid.viewport().grab(table.grid._row_rect(row)).toImage()
    return bytes(picture.constBits())


def test_unchanged_rows_are_not_painted_again(painted: tuple[TableView[Machine], Asked]) -> None:
    table, asked = painted
    table.set_records(machines(6))
    paint(table)
    assert asked == []


def test_changed_row_alone_is_painted_again(painted: tuple[TableView[Machine], Asked]) -> None:
    table, asked = painted
    before = [look_of(table, row) for row in range(6)]
    table.set_records([replace(m, name="Renamed") if m.id == 3 else m for m in machines(6)])
    paint(table)
    assert set(asked) == {3}
    assert [row for row in range(6) if look_of(table, row) != before[row]] == [3]


def test_row_keeps_its_picture_at_another_place(painted: tuple[TableView[Machine], Asked]) -> None:
    table, asked = painted
    fourth = look_of(table, 4)
    table.set_records(machines(6)[2:])
    paint(table)
    assert asked == []
    assert look_of(table, 2) == fourth


def test_mouse_over_a_row_paints_that_row(painted: tuple[TableView[Machine], Asked]) -> None:
    table, asked = painted
    plain = look_of(table, 2)
    QTest.mouseMove(table.grid.viewport(), middle_of(table, 2))
    paint(table)
    assert set(asked) == {2}
    assert look_of(table, 2) != plain


def test_selection_paints_the_rows_it_is_about(painted: tuple[TableView[Machine], Asked]) -> None:
    table, asked = painted
    plain = look_of(table, 1)
    table.select([1, 4])
    paint(table)
    assert set(asked) == {1, 4}
    assert look_of(table, 1) != plain
    table.select([])
    assert look_of(table, 1) == plain


def test_ages_are_painted_again_when_time_has_passed(painted: tuple[TableView[Machine], Asked]) -> None:
    table, asked = painted
    table.model.time_passed()
    paint(table)
    assert set(asked) == set(range(6))


@pytest.mark.parametrize("change", ["look", "width"])
def test_another_look_or_width_is_painted_at_once(
    painted: tuple[TableView[Machine], Asked], theme: Theme, change: str
) -> None:
    table, asked = painted
    before = look_of(table, 0)
    asked.clear()
    if change == "look":
        theme.set_appearance(Appearance.DARK)
    else:
        table.grid.header.resizeSection(0, 120)
    paint(table)
    assert set(asked) == set(range(6))
    assert look_of(table, 0) != before


def test_ticked_row_shows_its_tick(make_table: MakeTable) -> None:
    table = make_table(EDITABLE, checks=Checks.CHOICE, ring=Ring.CELL)
    table.set_records(machines(3))
    plain = look_of(table, 1)
    table.model.choose([1])
    assert look_of(table, 1) != plain


def test_group_head_shows_another_count(make_table: MakeTable) -> None:
    table = make_table(groups=(SUITABLE, UNSUITABLE), group_of=lambda m: "yes" if m.rpo_min else "no")
    table.set_records(machines(3))
    before = look_of(table, 0)
    table.set_records(machines(4))
    assert look_of(table, 0) != before


async def test_slow_rows_are_painted_in_turns_until_all_are_there(make_plain_table: MakePlainTable) -> None:
    asked: Asked = []
    table = make_plain_table(asking_column(asked, slowly))
    table.set_records(machines(5))
    table.grid.viewport().repaint()
    assert len(set(asked)) < 5
    await until(lambda: set(asked) == set(range(5)))
    asked.clear()
    table.grid.viewport().repaint()
    assert asked == []


def test_picture_that_is_taken_has_every_row_however_slow(make_plain_table: MakePlainTable) -> None:
    asked: Asked = []
    table = make_plain_table(asking_column(asked, slowly))
    table.set_records(machines(5))
    table.grid.viewport().grab()
    assert set(asked) == set(range(5))
