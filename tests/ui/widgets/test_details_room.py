"""The details panel beside a page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.theme.tokens import Width
from ui.widgets.details_room import DetailsRoom


def room_of(qtbot: QtBot, width: int) -> tuple[DetailsRoom, QWidget, QWidget]:
    page, panel = QWidget(), QWidget()
    room = DetailsRoom(page)
    room.set_panel(panel)
    qtbot.addWidget(room)
    room.resize(width, 600)
    room.show()
    return room, page, panel


def test_page_makes_way_for_the_panel(qtbot: QtBot) -> None:
    room, page, panel = room_of(qtbot, Width.FLOAT_DETAILS_BELOW)
    assert page.width() == room.width()
    room.set_open(True)
    assert page.width() == room.width() - Width.DETAILS
    assert panel.geometry().right() == room.rect().right()
    room.set_open(False)
    assert page.width() == room.width()


def test_panel_covers_the_page_in_a_narrow_window(qtbot: QtBot) -> None:
    room, page, panel = room_of(qtbot, Width.FLOAT_DETAILS_BELOW - 1)
    room.set_open(True)
    assert page.width() == room.width()
    assert panel.isVisible()
