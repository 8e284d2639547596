"""What lies below the panel of an open sheet is not painted along with it, and is seen again once it is closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tests.support.waiting import until
from ui.theme.theme import Appearance, Theme
from ui.widgets.backing import Backing
from ui.widgets.form_field import TextField
from ui.widgets.modal_sheet import ModalSheet
from ui.widgets.surface import Ground, Surface


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


class Window(QWidget):
    """A page that fills the window, and a sheet over it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.resize(1024, 680)
        self.page = Surface(Ground.CARD)
        self.sheet = ModalSheet(theme, "Test failover: WEB-01", submit="Start test failover", parent=self)
        self.reason = TextField(theme, "Reason")
        self.sheet.body.addWidget(self.reason)
        QVBoxLayout(self).addWidget(self.page)


def picture(window: QWidget) -> QImage:
    return window.grab().toImage()


async def opened(theme: Theme, shown) -> Window:
    window = Window(theme)
    await shown(window)
    window.sheet.open_over(window)
    await all_painted(window)
    return window


async def all_painted(window: Window) -> None:
    await painted_after(window.sheet.update, window.sheet)


async def painted_after(change: Callable[[], object], widget: QWidget) -> None:
    paints = Paints(widget)
    change()
    await until(lambda: paints.count > 0, what="the window being painted")


async def test_a_change_in_the_sheet_does_not_paint_the_page_below(theme, shown) -> None:
    window = await opened(theme, shown)
    paints = Paints(window.page)
    await painted_after(lambda: window.reason.set_text("Yearly test"), window.reason.edit)
    assert paints.count == 0
    await painted_after(window.page.update, window.page)  # beside the panel it is still seen


@pytest.mark.parametrize("appearance", [Appearance.LIGHT, Appearance.DARK])
async def test_the_window_looks_as_it_would_if_everything_were_painted(theme, shown, appearance) -> None:
    theme.set_appearance(appearance)
    try:
        window = await opened(theme, shown)
        backing = window.findChild(Backing)
        for size in ((1024, 680), (1280, 800)):
            window.resize(*size)
            assert backing.isVisible()
            kept = picture(window)
            backing.hide()
            assert picture(window) == kept
            backing.show()
    finally:
        theme.set_appearance(Appearance.LIGHT)


async def test_the_page_is_seen_whole_again_once_the_sheet_is_closed(theme, shown) -> None:
    window = Window(theme)
    await shown(window)
    before = picture(window)
    for _ in range(2):
        window.sheet.open_over(window)
        assert picture(window) != before
        window.sheet.close_sheet()
        assert picture(window) == before


async def test_it_goes_with_a_sheet_that_is_deleted_while_it_is_open(theme, shown) -> None:
    window = await opened(theme, shown)
    window.sheet.deleteLater()
    await until(lambda: window.findChild(Backing) is None, what="what lies below the sheet being deleted")


async def test_it_follows_a_panel_that_slides_in(qapp, theme, shown) -> None:
    window = Window(Theme(qapp, Appearance.LIGHT, motion=True))
    await shown(window)
    window.sheet.open_over(window)
    backing = window.findChild(Backing)
    first = backing.x()
    await until(lambda: backing.x() != first, what="the panel sliding in")
    kept = picture(window)
    backing.hide()
    assert picture(window) == kept
