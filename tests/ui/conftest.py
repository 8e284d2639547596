"""What tests of the window stand on: one look for all of them, and windows that really have the keyboard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from tests.support.waiting import until
from ui.theme.theme import Appearance, Theme


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The light theme, without motion."""
    return Theme(qapp, Appearance.LIGHT, motion=False)


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Callable[[QWidget], Awaitable[None]]]:
    """Shows a window and waits until it has the keyboard; it is closed after the test.

    Until then it is kept: a window that Python drops dies at once, under parts of it that wait for their deletion.
    """
    kept: list[QWidget] = []

    async def show(window: QWidget) -> None:
        kept.append(window)
        window.show()
        window.activateWindow()
        await until(window.isActiveWindow, what="the window to become active")

    yield show
    for window in kept:
        if isValid(window):
            window.close()
            window.deleteLater()
