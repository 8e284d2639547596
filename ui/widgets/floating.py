"""What floats over a window beside its anchor, and goes as soon as the user turns to something else.

It watches its window and its anchor alone. A Python event filter on the whole application is no way to do it: PySide
then makes a wrapper for every object that gets an event, also for those just being destroyed, and crashes sooner or
later.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from ui.widgets.focus_ring import focus_by_keyboard
from ui.widgets.surface import Ground, Surface


class Floating(Surface):
    """Goes with Esc, a click elsewhere, the focus moving elsewhere, or a change of the window.

    Signals:
        dismissed: it has gone.
    """

    dismissed = Signal()

    def __init__(self, anchor: QWidget, ground: Ground | None = None) -> None:
        """Without a `ground` it paints itself."""
        super().__init__(ground, anchor.window())
        self._anchor = anchor
        self._is_open = False
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.activated.connect(self.dismiss)
        self._escape.activatedAmbiguously.connect(self.dismiss)
        self._escape.setEnabled(False)
        self.hide()

    @property
    def is_open(self) -> bool:
        """True while it is on screen."""
        return self._is_open

    def open(self) -> None:
        """Show it, over everything else of the window."""
        self._is_open = True
        self._place()
        self.show()
        self.raise_()
        self._escape.setEnabled(True)
        for watched in (self._anchor.window(), self._anchor):
            watched.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def dismiss(self) -> None:
        """Take it away; the focus goes back to the anchor if it was in here."""
        if not self._is_open:
            return
        self._is_open = False
        self._escape.setEnabled(False)
        for watched in (self._anchor.window(), self._anchor):
            watched.removeEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.disconnect(self._on_focus_changed)
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self._anchor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.dismissed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.Resize | QEvent.Type.WindowDeactivate:
                if watched is not self._anchor:
                    self.dismiss()
            case QEvent.Type.Hide:
                self.dismiss()
        return False

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through what is in here, and from the last back to the anchor."""
        stops = [stop for stop in self.findChildren(QWidget) if stop.focusPolicy() & Qt.FocusPolicy.TabFocus]
        focused = QApplication.focusWidget()
        place = stops.index(focused) + (1 if forward else -1) if focused in stops else -1
        if 0 <= place < len(stops):
            focus_by_keyboard(stops[place])
        else:
            self.dismiss()
        return True

    def _place(self) -> None:
        """Set size and place; called before it shows."""
        raise NotImplementedError

    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and now is not self._anchor and not self.isAncestorOf(now):
            self.dismiss()
