"""The focus ring: one overlay per window, drawn around what has the keyboard, and only while the keyboard is used."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from ui.theme.theme import Theme
from ui.theme.tokens import Radius, Stroke
from ui.widgets.in_view import bring_into_view
from ui.widgets.painting import outline_box, painting

_REACH = Stroke.FOCUS_OFFSET + Stroke.FOCUS
_FOLLOWED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ZOrderChange)


def focus_by_keyboard(widget: QWidget, reason: Qt.FocusReason = Qt.FocusReason.ShortcutFocusReason) -> None:
    """Move the focus on behalf of a key, so that the ring shows; Qt itself notes it for Tab alone."""
    widget.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    widget.setFocus(reason)


def lead_focus(widget: QWidget, *, into_view: bool = False) -> None:
    """Move the focus where the program leads: the ring goes along if the keyboard has been in use, else none shows.

    With `into_view` the page scrolls to it, and to what is said of it.
    """
    by_keyboard = widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason if by_keyboard else Qt.FocusReason.OtherFocusReason)
    if into_view:
        bring_into_view(widget)


class FocusRing(QWidget):
    """Follows the focus of its window.

    Item views draw their own ring, on the row or the cell. Whether the keyboard is in use is what Qt notes on the
    window when the focus moves by Tab or a shortcut.
    """

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._target: QWidget | None = None
        self._followed: list[QWidget] = []
        self.setObjectName("focus_ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @property
    def target(self) -> QWidget | None:
        """What the ring is drawn around now."""
        return self._target

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._target is None:
            return
        colors = self._theme.colors
        ring = QRectF(self._ring_in_window().translated(-self.pos()))
        with painting(self) as painter:
            outline_box(painter, ring, colors.focus, Radius.FOCUS, Stroke.FOCUS)
            inner = ring.adjusted(Stroke.FOCUS, Stroke.FOCUS, -Stroke.FOCUS, -Stroke.FOCUS)
            outline_box(painter, inner, colors.focus_inner, Radius.CONTROL, Stroke.HAIRLINE)

    def _on_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        window = self.parentWidget()
        by_keyboard = window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        ours = now is not None and window.isAncestorOf(now) and not now.inherits("QAbstractItemView")
        self._follow(now if by_keyboard and ours else None)

    def _follow(self, target: QWidget | None) -> None:
        for widget in self._followed:
            if isValid(widget):  # the focus also moves because what had it was deleted
                widget.removeEventFilter(self)
        self._followed = []
        self._target = target
        widget = target
        while widget is not None and widget is not self.parentWidget():
            widget.installEventFilter(self)
            self._followed.append(widget)
            widget = widget.parentWidget()
        self._place()

    def _ring_in_window(self) -> QRect:
        assert self._target is not None
        corner = self._target.mapTo(self.parentWidget(), QPoint(0, 0))
        return QRect(corner, self._target.size()).adjusted(-_REACH, -_REACH, _REACH, _REACH)

    def _place(self) -> None:
        if self._target is None or not isValid(self._target) or not self._target.isVisible():
            self.hide()
            return
        room = self._ring_in_window()
        parent = self._target.parentWidget()
        while parent is not None and parent is not self.parentWidget():
            if isinstance(parent.parentWidget(), QAbstractScrollArea):
                seen = QRect(parent.mapTo(self.parentWidget(), QPoint(0, 0)), parent.size())
                room = room.intersected(seen.adjusted(-_REACH, -_REACH, _REACH, _REACH))
            parent = parent.parentWidget()
        if room.isEmpty():
            self.hide()
            return
        self.setGeometry(room)
        self.show()
        self.raise_()
        self.update()
