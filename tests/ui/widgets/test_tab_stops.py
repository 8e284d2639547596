"""What Tab comes to inside a part of a window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.tab_stops import tab_stops


def _column(*parts: QWidget) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    for part in parts:
        column.addWidget(part)
    return whole


def test_those_of_the_part_alone_come_in_the_order_of_tab(qtbot: QtBot) -> None:
    before, first, second, after = (QLineEdit(name) for name in ("before", "first", "second", "after"))
    part = _column(first, second)
    window = _column(before, part, after)
    qtbot.addWidget(window)
    QWidget.setTabOrder(second, after)
    QWidget.setTabOrder(after, first)  # somebody else's stop stands between them

    assert tab_stops(part) == [second, first]


def test_what_takes_the_focus_by_a_click_alone_is_none(qtbot: QtBot) -> None:
    by_tab, by_click, never = QLineEdit(), QLineEdit(), QLineEdit()
    by_click.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    never.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    part = _column(by_tab, by_click, never)
    qtbot.addWidget(part)

    assert tab_stops(part) == [by_tab]


def test_one_that_was_made_later_is_found(qtbot: QtBot) -> None:
    first = QLineEdit()
    part = _column(first)
    window = _column(part, QLineEdit())
    qtbot.addWidget(window)
    late = QLineEdit(part)

    assert tab_stops(part) == [first, late]
