"""Several connections in one window: each keeps what it is and what it shows, whichever is open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.support.drive_window import DrivenWindow, open_window
from ui.shell.connection_tabs import ConnectionTab

pytestmark = pytest.mark.slow


async def open_practice(window: DrivenWindow, scenario: str) -> None:
    """From the first page, which another connection stays beside."""
    rooms = len(window.program.window.rooms)
    if rooms:
        await window.click("open_another")
        await window.appears("page-welcome")
    await window.pick("welcome-scenario", scenario)
    await window.click("welcome-open-practice")
    await window.until(lambda: len(window.program.window.rooms) == rooms + 1, "the connection to open")


def tabs(window: DrivenWindow) -> list[ConnectionTab]:
    bar = window.program.window.header.tabs
    return list(bar.tabs) if bar is not None else []


async def test_two_connections_keep_what_they_show() -> None:
    async with open_window() as window:
        await open_practice(window, "Contoso")
        await window.appears("page-overview")
        await window.click("nav_items")
        await window.appears("items-table")
        await open_practice(window, "Empty")
        await window.appears("page-vault")
        first, second = window.program.window.rooms
        assert [tab.sign.vault for tab in tabs(window)] == [first.sign.vault, "Empty subscription"]
        assert [tab.is_open for tab in tabs(window)] == [False, True]
        QTest.keyClick(window.program.window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        await window.until(lambda: window.program.window.room is first, "the first connection")
        assert window.view == "items"
        assert window.shows("items-table")
        assert not window.shows("page-vault")
        assert window.program.desk is not None
        assert window.program.desk.views is not None
        QTest.keyClick(window.program.window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
        assert window.program.window.room is second
        assert window.view == "set_up"


async def test_news_of_one_connection_stand_in_its_room_alone() -> None:
    async with open_window() as window:
        await open_practice(window, "Contoso")
        await open_practice(window, "Empty")
        first, second = window.program.window.rooms
        assert first.notices is not second.notices
        first_pace, second_pace = first.controls[0], second.controls[0]
        assert (first_pace.isVisible(), second_pace.isVisible()) == (False, True)
        window.program.window.show_room(first)
        assert (first_pace.isVisible(), second_pace.isVisible()) == (True, False)


async def test_a_connection_that_is_open_is_shown_not_opened_twice() -> None:
    async with open_window() as window:
        await open_practice(window, "Contoso")
        (room,) = window.program.window.rooms
        await window.click("open_another")
        await window.pick("welcome-scenario", "Contoso")
        await window.click("welcome-open-practice")
        await window.until(lambda: window.program.window.room is room, "the connection that is open")
        assert window.program.window.rooms == (room,)


async def test_closing_one_leaves_the_other_and_the_last_one_the_first_page() -> None:
    async with open_window() as window:
        await open_practice(window, "Contoso")
        await open_practice(window, "Empty")
        first, second = window.program.window.rooms
        closing = tabs(window)[1].close_button
        closing.click()
        closing.click()  # twice, as people do
        await window.until(lambda: window.program.window.rooms == (first,), "the second to close")
        assert window.program.window.room is first
        tabs(window)[0].close_button.click()
        await window.until(lambda: not window.program.window.rooms, "the first to close")
        await window.appears("page-welcome")
        assert not tabs(window)
        assert window.program.window.windowTitle() == "Site Recovery Desk"
        await open_practice(window, "Contoso")
        await window.appears("page-overview")
        assert second is not window.program.window.room
