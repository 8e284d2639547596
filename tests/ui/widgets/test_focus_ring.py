"""The focus ring is for the keyboard alone."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.focus_ring import FocusRing, focus_by_keyboard
from ui.widgets.page import scrolling


class Window(QWidget):
    """Two buttons, a list, and more buttons than fit into a scrolling area."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.resize(400, 300)
        self.first = Button(theme, "First")
        self.second = Button(theme, "Second")
        self.list = QListWidget()
        self.list.addItem("Row")
        inner = QVBoxLayout()
        self.many = [Button(theme, f"Button {number}") for number in range(20)]
        for button in self.many:
            inner.addWidget(button)
        self.area = scrolling(inner)
        layout = QVBoxLayout(self)
        for widget in (self.first, self.second, self.list, self.area):
            layout.addWidget(widget)
        self.ring = FocusRing(theme, self)


async def test_tab_shows_the_ring_around_what_has_the_focus(theme, shown, qtbot) -> None:
    window = Window(theme)
    await shown(window)
    window.first.setFocus()
    qtbot.keyClick(window.first, Qt.Key.Key_Tab)
    assert window.second.hasFocus()
    assert window.ring.isVisible()
    assert window.ring.target is window.second
    corner = window.second.mapTo(window, QPoint(0, 0))
    assert window.ring.geometry().contains(QRect(corner, window.second.size()))


async def test_mouse_takes_the_ring_away(theme, shown, qtbot) -> None:
    window = Window(theme)
    await shown(window)
    window.first.setFocus()
    qtbot.keyClick(window.first, Qt.Key.Key_Tab)
    qtbot.mouseClick(window.first, Qt.MouseButton.LeftButton)
    assert window.first.hasFocus()
    assert not window.ring.isVisible()


async def test_lists_draw_their_own(theme, shown, qtbot) -> None:
    window = Window(theme)
    await shown(window)
    window.second.setFocus()
    qtbot.keyClick(window.second, Qt.Key.Key_Tab)
    assert window.list.hasFocus()
    assert not window.ring.isVisible()


async def test_ring_scrolls_along_and_stays_inside_the_area(theme, shown, qtbot) -> None:
    window = Window(theme)
    await shown(window)
    focus_by_keyboard(window.many[1])
    before = window.ring.geometry()
    assert window.ring.isVisible()
    window.area.verticalScrollBar().setValue(20)
    assert window.ring.geometry().top() == before.top() - 20
    window.area.verticalScrollBar().setValue(500)
    assert not window.ring.isVisible()
