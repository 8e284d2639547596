"""The modal sheet: an operation, at the right, over a scrim. Never a box in the middle for these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.notices import Notice
from ui.theme.theme import Theme
from ui.theme.tokens import Connection, Motion, Role, Space, TextStyle, Width
from ui.widgets.backing import Backing
from ui.widgets.buttons import Button, IconButton, Kind
from ui.widgets.connection_chip import ConnectionChip
from ui.widgets.focus_ring import focus_by_keyboard, lead_focus
from ui.widgets.footer import Footer
from ui.widgets.labels import Text, breakable
from ui.widgets.mnemonics import follow_alt_letter, is_alt_letter
from ui.widgets.page import scrolling
from ui.widgets.reasoned_button import ReasonedButton
from ui.widgets.surface import Ground, Surface, horizontal_line
from ui.widgets.tab_stops import tab_stops


class ModalSheet(QWidget):
    """Head with title and connection, scrolling body, footer with the worst warning, Cancel and the primary button.

    While it is open the keyboard stays inside, and on closing it goes back to where it was. There is no default
    button: Enter in a field starts nothing.

    Attributes:
        stands_over_others: whether a sheet that is open stays below it, with what was answered there.
        panel_width: how wide it is where the window is wider still.

    Signals:
        submitted: the primary button was pressed and is allowed.
        closed: the sheet is gone, for whatever reason.
    """

    stands_over_others = False
    panel_width: int = Width.MODAL_SHEET
    submitted = Signal()
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        title: str,
        purpose: str = "",
        *,
        submit: str,
        submit_icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._focus_before: QWidget | None = None
        self._claimed: QWidget | None = None
        self._backing: Backing | None = None
        self._panel = Surface(Ground.RAISED, self)
        self.setAccessibleName(title)
        self.connection_chip = ConnectionChip(theme)
        self.connection_chip.hide()
        self._title = Text(breakable(title), TextStyle.PAGE_TITLE, wrap=True)  # may hold a name of any length
        self._purpose = Text(purpose, TextStyle.BODY, Role.TEXT2, wrap=True)
        if not purpose:  # showing it before it has a parent would open a window of its own
            self._purpose.hide()
        self.close_button = IconButton(theme, "close", self.tr("Close"), small=True)
        self.close_button.setObjectName("sheet_close")
        self.close_button.clicked.connect(self.close_sheet)
        self.top = QVBoxLayout()
        """What stays below the head while the body scrolls."""
        self.top.setContentsMargins(Space.XXL, 0, Space.XXL, 0)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(Space.XXL, Space.M, Space.XXL, Space.M)
        self.body.setSpacing(Space.M)
        self.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.cancel_button = Button(theme, self.tr("Cancel"))
        self.cancel_button.setObjectName("sheet_cancel")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.submit_button = ReasonedButton(theme, submit, icon=submit_icon, kind=Kind.PRIMARY)
        self.submit_button.setObjectName("sheet_submit")
        self.submit_button.activated.connect(self.submitted)
        self.footer = Footer(theme, on_raised=True, side=Space.XXL)
        self.footer.add_right(self.cancel_button)
        self.footer.add_right(self.submit_button)
        self._notice_place = QWidget()
        self._notice_place.setObjectName("sheet_notices")
        self._build()
        self.hide()

    def show_notices(self, notices: Sequence[Notice], close: Callable[[str], object]) -> None:
        """Show these below the head; `close` takes the key of one that was read."""
        if not notices and self._notice_place.layout() is None:
            return
        from ui.widgets.banner import Banner  # few sheets ever show one

        old = self._notice_place.findChildren(Banner)
        if [banner.notice for banner in old] == list(notices):
            return
        column = self._notice_place.layout()
        if column is None:
            column = QVBoxLayout(self._notice_place)
            column.setContentsMargins(Space.XXL, Space.M, Space.XXL, Space.M)
        for banner in old:
            column.removeWidget(banner)
            banner.hide()
            banner.setParent(None)
            banner.deleteLater()
        for notice in notices:
            banner = Banner(self._theme, notice)
            banner.closed.connect(partial(close, notice.key))
            column.addWidget(banner)
        self._notice_place.setVisible(bool(notices))

    def set_title(self, title: str, purpose: str = "") -> None:
        """Change what the head says."""
        self._title.setText(breakable(title))
        self._purpose.setText(purpose)
        self._purpose.setVisible(bool(purpose))
        self.setAccessibleName(title)

    def set_connection(self, name: str, connection: Connection) -> None:
        """Say in the head where this will happen."""
        self.connection_chip.set_connection(name, connection)
        self.connection_chip.show()

    def open_over(self, window: QWidget) -> None:
        """Slide in over `window` and take the keyboard."""
        self._focus_before = QApplication.focusWidget()
        self.setParent(window)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self._place_panel()
        self.show()
        self.raise_()
        if self._backing is None:
            self._backing = Backing(self, self._panel)
        stops = self._stops()
        first = next((stop for stop in stops if stop is not self.close_button), None)
        lead_focus(first or self.close_button)
        if self._theme.motion:
            self._slide_in()

    def lead_to(self, field: QWidget) -> None:
        """Scroll to a field of the body and put the keyboard there."""
        self._scroll.ensureWidgetVisible(field)
        focus_by_keyboard(field)

    def scroll_to_top(self) -> None:
        """Show the body from its beginning, after it became another."""
        self._scroll.verticalScrollBar().setValue(0)

    def close_sheet(self) -> None:
        """Go away and give the focus back. Whatever was started goes on."""
        if self.isHidden():
            return
        window = self.window()
        window.removeEventFilter(self)
        self.hide()
        before, self._focus_before = self._focus_before, None
        if before is not None and isValid(before) and before.isVisible():
            lead_focus(before)
        self.closed.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:
        stops = self._stops()
        focused = QApplication.focusWidget()
        here = stops.index(focused) if focused in stops else -1
        if stops:
            reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            step = 1 if forward else -1
            stop = stops[(here + step) % len(stops)]
            focus_by_keyboard(stop, reason)
            self._scroll.ensureWidgetVisible(stop)
        return True

    def event(self, event: QEvent) -> bool:
        """Claim Alt letters before the page below hears them: its buttons are still on screen.

        The press itself comes next, to what has the focus: it is caught there, since a field would write the letter.
        """
        if event.type() is QEvent.Type.ShortcutOverride and is_alt_letter(event):
            focused = QApplication.focusWidget()
            if focused is not None:
                self._claimed = focused
                focused.installEventFilter(self)
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes. All other keys end here too: the page below must not hear them."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._claimed and event.type() is QEvent.Type.KeyPress:
            watched.removeEventFilter(self)
            self._claimed = None
            if isinstance(event, QKeyEvent) and is_alt_letter(event):
                follow_alt_letter(self, event)
                return True
        if event.type() is QEvent.Type.Resize and watched is self.parent() and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self._place_panel()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        scrim = QColor(self._theme.colors.scrim)
        scrim.setAlphaF(self._theme.colors.scrim_percent / 100)
        seen = event.region()
        if self._backing is not None:
            seen -= self._backing.geometry().translated(-self.pos())
        painter = QPainter(self)
        for part in seen:
            painter.fillRect(part, scrim)
        painter.end()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._purpose)
        head = QHBoxLayout()
        head.setContentsMargins(Space.XXL, Space.L, Space.M, Space.M)
        head.setSpacing(Space.S)
        head.addLayout(words, 1)
        head.addWidget(self.connection_chip, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self.top)
        column.addWidget(horizontal_line(on_raised=True))
        column.addWidget(self._notice_place)
        self._notice_place.hide()
        self._scroll = scrolling(self.body)
        column.addWidget(self._scroll, 1)
        column.addWidget(self.footer)

    def _place_panel(self) -> None:
        width = min(self.panel_width, self.width() - 2 * Space.S)
        top = Space.M
        self._panel.setGeometry(QRect(self.width() - width - Space.S, top, width, self.height() - 2 * top))

    def _slide_in(self) -> None:
        slide = QPropertyAnimation(self._panel, b"pos", self._panel)
        slide.setDuration(Motion.SHEET_SLIDE)
        slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        slide.setStartValue(self._panel.pos() + QPoint(Space.XXL * 2, 0))
        slide.setEndValue(self._panel.pos())
        slide.start()

    def _stops(self) -> list[QWidget]:
        """What Tab goes through: body, footer, head, news. Qt fills the body last."""
        stops = [
            stop
            for stop in tab_stops(self)
            if stop.isEnabled() and stop.isVisibleTo(self) and stop.focusProxy() is None
        ]

        def place(stop: QWidget) -> tuple[int, int]:
            if self._notice_place.isAncestorOf(stop):
                return 3, 0
            if self._scroll.isAncestorOf(stop):
                return 0, 0
            if self.footer.isAncestorOf(stop):
                return 1, stop.mapTo(self, QPoint(0, 0)).x()  # what stands left is made after Cancel
            return 2, 0  # the top comes with the head

        return sorted(stops, key=place)
