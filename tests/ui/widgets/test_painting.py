"""A page that is laid out ahead of time stays hidden, with all in it."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.overflow_row import OverflowRow
from ui.widgets.painting import lay_out


async def test_buttons_of_a_page_laid_out_ahead_do_not_answer_to_their_alt_letters(theme: Theme, qtbot: QtBot) -> None:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    stack.addWidget(QWidget())
    stack.resize(600, 200)
    stack.show()
    page = QWidget()
    button = Button(theme, "&Edit…")
    QVBoxLayout(page).addWidget(OverflowRow(theme, [button]))
    stack.addWidget(page)
    page.resize(stack.size())
    lay_out(page)
    assert not button.isVisible()
    stack.setCurrentWidget(page)
    assert button.isVisible()
