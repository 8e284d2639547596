"""A modal sheet keeps the keyboard inside, and gives it back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tests.support.waiting import until
from ui.theme.theme import Theme
from ui.theme.tokens import Status
from ui.widgets.buttons import Button
from ui.widgets.callout import Refusal
from ui.widgets.focus_ring import FocusRing
from ui.widgets.form_field import TextField
from ui.widgets.modal_sheet import ModalSheet


class Window(QWidget):
    """A button, and the sheet that it opens."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.resize(1024, 680)
        self.button = Button(theme, "Test failover…")
        self.sheet = ModalSheet(theme, "Test failover: WEB-01", submit="Start test failover", parent=self)
        self.reason = TextField(theme, "Reason")
        self.sheet.body.addWidget(self.reason)
        self.button.clicked.connect(lambda: self.sheet.open_over(self))
        layout = QVBoxLayout(self)
        layout.addWidget(self.button)


async def opened(theme, shown, qtbot) -> Window:
    window = Window(theme)
    await shown(window)
    window.button.setFocus()
    qtbot.keyClick(window.button, Qt.Key.Key_Space)
    return window


async def test_opening_puts_the_keyboard_on_the_first_field(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    assert window.sheet.isVisible()
    assert window.reason.edit.hasFocus()


async def test_escape_closes_and_returns_the_focus(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    with qtbot.waitSignal(window.sheet.closed, timeout=0):
        qtbot.keyClick(window.reason.edit, Qt.Key.Key_Escape)
    assert window.sheet.isHidden()
    assert window.button.hasFocus()


async def test_escape_returns_to_the_button_whose_alt_letter_opened_the_sheet(theme, shown, qtbot) -> None:
    window = Window(theme)
    window.button.setText("&Test failover…")
    other = Button(theme, "Refresh")
    window.layout().addWidget(other)
    await shown(window)
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    await until(window.sheet.isVisible, what="the sheet")
    qtbot.keyClick(window.reason.edit, Qt.Key.Key_Escape)
    assert window.button.hasFocus()


async def test_tab_goes_through_the_footer_from_left_to_right(theme, shown, qtbot) -> None:
    window = Window(theme)
    copy = Button(theme, "Copy as text")
    window.sheet.footer.add_left(copy)
    await shown(window)
    window.button.click()
    for stop in (copy, window.sheet.cancel_button, window.sheet.submit_button):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert stop.hasFocus()


async def test_tab_goes_round_inside(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    seen = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        seen.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert all(window.sheet.isAncestorOf(widget) for widget in seen)
    assert window.sheet.submit_button in seen
    assert len(set(seen)) == 4  # the field, Cancel, the primary button, the cross


async def test_ring_follows_the_tab_key_inside(theme, shown, qtbot) -> None:
    window = Window(theme)
    ring = FocusRing(theme, window)
    await shown(window)
    window.sheet.open_over(window)
    qtbot.keyClick(window.reason.edit, Qt.Key.Key_Tab)
    assert ring.target is window.sheet.cancel_button
    assert ring.isVisible()


async def test_enter_in_a_field_starts_nothing(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    started = []
    window.sheet.submitted.connect(lambda: started.append(True))
    qtbot.keyClick(window.reason.edit, Qt.Key.Key_Return)
    assert started == []
    assert window.sheet.isVisible()


async def test_refused_submit_starts_nothing(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    started = []
    window.sheet.submitted.connect(lambda: started.append(True))
    window.sheet.submit_button.refuse(Refusal("Not yet", "The first copy of WEB-01 is at 43 %."))
    qtbot.mouseClick(window.sheet.submit_button, Qt.MouseButton.LeftButton)
    assert started == []
    window.sheet.submit_button.allow()
    qtbot.mouseClick(window.sheet.submit_button, Qt.MouseButton.LeftButton)
    assert started == [True]


async def test_escape_closes_the_callout_before_the_sheet(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    window.sheet.submit_button.refuse(Refusal("Not yet", "The first copy of WEB-01 is at 43 %."))
    qtbot.mouseClick(window.sheet.submit_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(window.sheet.submit_button, Qt.Key.Key_Escape)
    assert window.sheet.isVisible()
    qtbot.keyClick(window.sheet.submit_button, Qt.Key.Key_Escape)
    assert window.sheet.isHidden()


async def test_sheet_follows_the_window(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    window.resize(1280, 800)
    assert window.sheet.size() == window.size()


async def test_alt_letters_mean_the_sheet_alone_and_write_nothing(theme, shown, qtbot) -> None:
    window = Window(theme)
    below, inside = [], []
    window.button.setText("&Next")
    window.button.clicked.connect(lambda: below.append("next"))
    window.sheet.cancel_button.setText("&Next")
    window.sheet.cancel_button.clicked.disconnect()
    window.sheet.cancel_button.clicked.connect(lambda: inside.append("next"))
    window.reason.set_label("&Reason")
    await shown(window)
    window.sheet.open_over(window)
    qtbot.keyClick(window.reason.edit, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    assert (below, inside, window.reason.text) == ([], ["next"], "")
    assert window.sheet.cancel_button.hasFocus()
    qtbot.keyClick(window.sheet.cancel_button, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert window.reason.edit.hasFocus()
    window.button.setText("&Open")
    qtbot.keyClick(window.reason.edit, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    assert (below, window.reason.text) == ([], "")


async def test_a_sheet_that_is_closed_by_an_alt_letter_gives_the_keyboard_back(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    window.sheet.cancel_button.setText("C&lose")
    qtbot.keyClick(window.reason.edit, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert window.sheet.isHidden()
    assert window.button.hasFocus()
    qtbot.keyClick(window.button, Qt.Key.Key_Space)
    assert window.sheet.isVisible()


async def test_a_letter_that_is_claimed_and_never_pressed_changes_nothing(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    alt = Qt.KeyboardModifier.AltModifier
    QApplication.sendEvent(window.reason.edit, QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_N, alt))
    window.reason.edit.resize(60, 20)
    assert window.sheet.size() == window.size()


async def test_the_footer_gives_a_long_sentence_the_lines_that_it_takes(theme, shown, qtbot) -> None:
    window = await opened(theme, shown, qtbot)
    footer = window.sheet.footer
    usual = footer.height()
    footer.set_worst(Status.WARNING, "WEB-01 has never been tested.")
    assert footer.height() == usual
    name = "sql-prod-of-the-headquarters-for-databases-and-reporting-in-weu"
    footer.set_worst(Status.CRITICAL, " ".join(f"{name} can’t be connected in {name}." for _ in range(3)))
    await until(lambda: footer.message.height() >= footer.message.heightForWidth(footer.message.width()))
    assert footer.height() > usual
    footer.set_worst(None)
    assert footer.height() == usual
