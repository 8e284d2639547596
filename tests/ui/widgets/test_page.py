"""A page that scrolls: what the keyboard comes to is brought into view, and nothing else moves it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.focus_ring import lead_focus
from ui.widgets.page import Page


class Window(QWidget):
    """A page of more buttons than fit, and a button below it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.page = Page("Target", scrolls=True)
        self.refresh = Button(theme, "Refresh")
        self.page.header.add_button(self.refresh)
        self.buttons = [Button(theme, f"Button {number}") for number in range(20)]
        for button in self.buttons:
            button.setFixedHeight(32)
            self.page.body.addWidget(button)
        self.following = Button(theme, "Next")
        layout = QVBoxLayout(self)
        layout.addWidget(self.page)
        layout.addWidget(self.following)
        self.resize(500, 400)
        area = self.page.findChild(QScrollArea)
        assert area is not None
        self.area = area
        self.bar = area.verticalScrollBar()

    def sees(self, button: QWidget) -> bool:
        viewport = self.area.viewport()
        return viewport.rect().contains(QRect(button.mapTo(viewport, QPoint(0, 0)), button.size()))


async def test_tab_from_outside_comes_to_what_is_in_view(theme, shown, qtbot) -> None:
    window = Window(theme)
    await shown(window)
    window.bar.setValue(window.bar.maximum())
    window.refresh.setFocus()
    qtbot.keyClick(window.refresh, Qt.Key.Key_Tab)
    assert window.buttons[0].hasFocus()
    assert window.sees(window.buttons[0])


async def test_tab_backwards_from_below_comes_to_what_is_in_view(theme, shown, qtbot) -> None:
    window = Window(theme)
    await shown(window)
    window.following.setFocus()
    qtbot.keyClick(window.following, Qt.Key.Key_Backtab)
    assert window.buttons[-1].hasFocus()
    assert window.sees(window.buttons[-1])


async def test_what_the_program_leads_to_is_in_view(theme, shown) -> None:
    window = Window(theme)
    await shown(window)
    window.following.setFocus()
    lead_focus(window.buttons[12])
    assert window.sees(window.buttons[12])


async def test_what_just_fits_the_view_is_seen_whole(theme, shown) -> None:
    window = Window(theme)
    tall = Button(theme, "Tall")
    tall.setFixedHeight(window.height() - 150)
    window.page.body.addWidget(tall)
    await shown(window)
    window.following.setFocus()
    lead_focus(tall)
    assert window.sees(tall)


async def test_click_on_what_is_partly_hidden_does_not_scroll(theme, shown, qtbot) -> None:
    window = Window(theme)
    await shown(window)
    window.following.setFocus()
    window.bar.setValue(10)
    qtbot.mousePress(window.buttons[0], Qt.MouseButton.LeftButton, pos=QPoint(20, 28))
    assert window.buttons[0].hasFocus()
    assert window.bar.value() == 10
    qtbot.mouseRelease(window.buttons[0], Qt.MouseButton.LeftButton, pos=QPoint(20, 28))


async def test_window_that_becomes_active_stays_where_it_was_scrolled_to(theme, shown) -> None:
    window = Window(theme)
    await shown(window)
    window.buttons[0].setFocus()
    window.bar.setValue(window.bar.maximum())
    window.buttons[0].clearFocus()  # as when another window is active
    window.buttons[0].setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert window.bar.value() == window.bar.maximum()


async def test_button_that_comes_late_to_the_header_is_in_the_order_before_the_body(theme, shown, qtbot) -> None:
    window = Window(theme)
    await shown(window)
    late = Button(theme, "Limits of May 2026")
    window.page.header.add_button(late)
    await until(late.isVisible, what="the layout to show it")
    window.refresh.setFocus()
    for stop in (late, window.buttons[0]):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert window.focusWidget() is stop
