"""The callout: a small box that points at a control and says why, with ways on. One per window."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPropertyAnimation, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QCursor, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QGraphicsOpacityEffect, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Motion, Radius, Role, Space, TextStyle, Width
from ui.widgets.buttons import Button
from ui.widgets.floating import Floating
from ui.widgets.labels import IconLabel, Text
from ui.widgets.painting import painting


@dataclass(frozen=True, slots=True)
class Way:
    """One way on: a short verb and what it does."""

    label: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action has to wait, in the words of the callout: title, reason with names, one or two ways on."""

    title: str
    reason: str
    ways: tuple[Way, ...] = ()


class Callout(Floating):
    """Below `anchor`, or above it where there is no room. It goes when the mouse leaves both, too.

    It is deleted once it is dismissed.
    """

    _POINTER = 8
    _SHADOW = 6

    def __init__(self, theme: Theme, anchor: QWidget, content: Refusal, *, concept: str = "not_suitable") -> None:
        super().__init__(anchor)
        self._theme = theme
        self._is_above = False
        self.setObjectName("callout")
        self.setAccessibleName(content.title)
        self.setAccessibleDescription(content.reason)
        self._leave_timer = QTimer(self)
        self._leave_timer.setSingleShot(True)
        self._leave_timer.setInterval(Motion.CALLOUT_DELAY)
        self._leave_timer.timeout.connect(self._on_leave_timer_timeout)
        self.dismissed.connect(self.deleteLater)
        self._build(content, concept)

    def open(self) -> None:
        """Show it in place of any other callout of the window."""
        for other in self._anchor.window().findChildren(Callout):
            if other is not self:
                other.dismiss()
        super().open()
        if self._theme.motion:
            self._fade_in()

    def focus_first_way(self) -> None:
        """Put the keyboard on the first way on, where there is one."""
        button = self.findChild(Button)
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave and watched is self._anchor:
            self._leave_timer.start()
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._leave_timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        path = self._outline()
        with painting(self) as painter:
            if not colors.high_contrast:
                shade = QColor(colors.scrim)
                for width in range(self._SHADOW, 0, -1):
                    shade.setAlphaF(0.018)
                    painter.strokePath(path.translated(0, 1), QPen(shade, 2 * width))
            painter.fillPath(path, QColor(colors.raised))
            painter.strokePath(path, QPen(QColor(colors.control_border), 1))

    def _build(self, content: Refusal, concept: str) -> None:
        self.setFixedWidth(Width.CALLOUT + 2 * self._SHADOW)
        column = QVBoxLayout()
        column.setSpacing(Space.XS)
        column.addWidget(Text(content.title, TextStyle.STRONG, wrap=True))
        column.addWidget(Text(content.reason, wrap=True))
        if content.ways:
            row = QHBoxLayout()
            row.setContentsMargins(0, Space.XS, 0, 0)
            row.setSpacing(Space.S)
            for number, way in enumerate(content.ways):
                button = Button(self._theme, way.label, small=True)
                button.setObjectName(f"callout_way_{number}")
                button.clicked.connect(lambda _=False, way=way: self._take(way))
                row.addWidget(button)
            row.addStretch(1)
            column.addLayout(row)
        outer = QHBoxLayout(self)
        edge = self._SHADOW
        outer.setContentsMargins(
            edge + Space.L, edge + self._POINTER + Space.M, edge + Space.L, edge + self._POINTER + Space.M
        )
        outer.setSpacing(Space.M)
        outer.addWidget(IconLabel(self._theme, concept, Role.TEXT2, IconSize.SMALL), 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(column, 1)

    def _take(self, way: Way) -> None:
        self.dismiss()
        way.run()

    def _place(self) -> None:
        window = self._anchor.window()
        anchor = QRect(self._anchor.mapTo(window, QPoint(0, 0)), self._anchor.size())
        height = self.heightForWidth(self.width())
        self.resize(self.width(), height if height > 0 else self.sizeHint().height())
        left = anchor.center().x() - self.width() // 2
        left = max(Space.XS, min(left, window.width() - self.width() - Space.XS))
        below = anchor.bottom() - self._SHADOW
        self._is_above = below + self.height() > window.height()
        self.move(left, anchor.top() - self.height() + self._SHADOW if self._is_above else below)

    def _outline(self) -> QPainterPath:
        edge = self._SHADOW
        box = QRectF(self.rect()).adjusted(edge, edge + self._POINTER, -edge, -edge - self._POINTER)
        box.adjust(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(box, Radius.CARD, Radius.CARD)
        middle = self._anchor.mapTo(self._anchor.window(), self._anchor.rect().center()).x() - self.x()
        middle = max(int(box.left()) + 2 * Radius.CARD, min(middle, int(box.right()) - 2 * Radius.CARD))
        base, tip = (
            (box.bottom(), box.bottom() + self._POINTER) if self._is_above else (box.top(), box.top() - self._POINTER)
        )
        pointer = QPainterPath()
        pointer.moveTo(middle - self._POINTER, base)
        pointer.lineTo(middle, tip)
        pointer.lineTo(middle + self._POINTER, base)
        pointer.closeSubpath()
        return path.united(pointer)

    def _fade_in(self) -> None:
        effect = QGraphicsOpacityEffect(self)
        self.setGraphicsEffect(effect)
        fade = QPropertyAnimation(effect, b"opacity", self)
        fade.setDuration(Motion.CALLOUT_FADE)
        fade.setStartValue(0.0)
        fade.setEndValue(1.0)
        fade.finished.connect(lambda: self.setGraphicsEffect(None))
        fade.start()

    def _on_leave_timer_timeout(self) -> None:
        focused = QApplication.focusWidget()
        if self._anchor.hasFocus() or (focused is not None and self.isAncestorOf(focused)):
            return
        here = QCursor.pos()
        if not any(w.rect().contains(w.mapFromGlobal(here)) for w in (self, self._anchor)):
            self.dismiss()
