"""Views that are made when they are first opened."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.shell.main_window import MainWindow
from ui.theme.theme import Theme
from ui.widgets.line_edit import LineEdit


class Form(QWidget):
    """A view with two parts, each with one field."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.parts = (QWidget(), QWidget())
        self.edits = (LineEdit(theme), LineEdit(theme))
        column = QVBoxLayout(self)
        for part, edit in zip(self.parts, self.edits, strict=True):
            QVBoxLayout(part).addWidget(edit)
            column.addWidget(part)

    def regions(self) -> tuple[QWidget, ...]:
        return self.parts


@pytest.fixture
def made() -> list[Form]:
    return []


@pytest.fixture
def window(theme, made):
    def make() -> Form:
        made.append(Form(theme))
        return made[-1]

    window = MainWindow(theme)
    window.room.add_view("overview", "Overview", "overview", QWidget())
    window.room.add_view("jobs", "Jobs", "jobs", make)
    window.room.add_view("set_up", "Set up", "set_up", make, "bottom", full=True)
    window.room.show_view("overview")
    yield window
    window.allow_close()


async def test_nothing_is_made_before_it_is_opened(window, made, shown) -> None:
    await shown(window)
    assert made == []
    assert [item.view_id for item in window.room.navigation.items] == ["overview", "jobs", "set_up"]


async def test_view_is_made_once_and_keeps_what_was_typed(window, made, shown, qtbot) -> None:
    await shown(window)
    window.room.show_view("jobs")
    qtbot.keyClicks(made[0].edits[0], "web")
    window.room.show_view("overview")
    window.room.show_view("jobs")
    assert len(made) == 1
    assert window.room.view("jobs") is made[0]
    assert made[0].isVisible()
    assert made[0].edits[0].text() == "web"


async def test_f6_and_tab_go_through_a_view_made_late(window, made, shown, qtbot) -> None:
    await shown(window)
    window.room.show_view("jobs")
    first, second = made[0].edits
    first.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is second
    qtbot.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is first
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is second


async def test_view_asked_for_before_it_is_opened_is_the_one_that_opens(window, made, shown) -> None:
    await shown(window)
    wizard = window.room.view("set_up")
    assert window.room.current_view == "overview"
    window.room.show_view("set_up")
    assert made == [wizard]
    assert wizard.isVisible()


async def test_view_taken_away_before_it_was_opened_is_never_made(window, made, shown) -> None:
    await shown(window)
    window.room.remove_view("jobs")
    window.room.show_view("jobs")
    assert window.room.current_view == "overview"
    assert made == []
