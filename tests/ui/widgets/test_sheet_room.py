"""A docked sheet is reached by Tab after its page, and gives the keyboard back to what opened it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.docked_sheet import DockedSheet
from ui.widgets.form_field import TextField
from ui.widgets.sheet_room import SheetRoom


class Window(QWidget):
    """A page with a field and the button that opens the sheet, and a button below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        page = QWidget()
        self.filter = TextField(theme, "Filter")
        self.button = Button(theme, "N&ew storage account")
        self.button.clicked.connect(self._open)
        column = QVBoxLayout(page)
        column.addWidget(self.filter)
        column.addWidget(self.button)
        self.room = SheetRoom(page)
        self.following = Button(theme, "Next")
        layout = QVBoxLayout(self)
        layout.addWidget(self.room)
        layout.addWidget(self.following)
        self.resize(1000, 600)

    @property
    def sheet(self) -> DockedSheet:
        assert self.room.sheet is not None
        return self.room.sheet

    def _open(self) -> None:
        sheet = DockedSheet(self._theme, "New storage account")
        self.name = TextField(self._theme, "Name")
        sheet.body.addWidget(self.name)
        sheet.cancelled.connect(self.room.close_sheet)
        self.room.open_sheet(sheet)
        self.name.setFocus()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


async def test_tab_goes_from_the_page_through_the_sheet_to_what_follows(theme, shown) -> None:
    window = Window(theme)
    await shown(window)
    window.button.click()
    sheet = window.sheet
    window.button.setFocus()
    order = (window.name.edit, sheet.cancel_button, sheet.submit_button, sheet.close_button, window.following)
    for stop in order:
        press(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is stop
    press(Qt.Key.Key_Backtab)
    assert sheet.close_button.hasFocus()


async def test_escape_returns_to_the_button_whose_alt_letter_opened_the_sheet(theme, shown) -> None:
    window = Window(theme)
    await shown(window)
    window.filter.setFocus()
    press(Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    await until(lambda: window.room.sheet is not None, what="the sheet")
    assert window.name.edit.hasFocus()
    press(Qt.Key.Key_Escape)
    assert window.room.sheet is None
    assert window.button.hasFocus()
