"""What tests of the window stand on: one look for all of them, and windows that really have the keyboard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.waiting import until
from ui.theme.theme import Appearance, Theme


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The light theme, without motion."""
    return Theme(qapp, Appearance.LIGHT, motion=False)


@pytest.fixture
def shown(qtbot) -> Callable[[QWidget], Awaitable[None]]:
    """Shows a window and waits until it has the keyboard; it is closed after the test."""

    async def show(window: QWidget) -> None:
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        await until(window.isActiveWindow, what="the window to become active")

    return show
