"""Tabs of a panel: words with a line under the one that is open.

It draws itself: a stylesheet on a tab bar makes Qt keep new colours from the panel around it.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space, Stroke, TextStyle


class Tabs(QTabBar):
    """A bar of tabs that all fit; the words of none are shortened."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setUsesScrollButtons(False)

    def tabSizeHint(self, index: int) -> QSize:
        """As wide as its words when they are strong, so that opening one moves no other."""
        words = self._theme.width_of(self.tabText(index), TextStyle.STRONG)
        return QSize(words + Space.M, Height.TAB)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        hovered = self.tabAt(self.mapFromGlobal(QCursor.pos())) if self.underMouse() else -1
        painter = QPainter(self)
        for index in range(self.count()):
            place = self.tabRect(index).adjusted(0, 0, -Space.M, 0)
            is_open = index == self.currentIndex()
            painter.setFont(self._theme.font(TextStyle.STRONG if is_open else TextStyle.BODY))
            painter.setPen(self._theme.color(Role.TEXT if is_open or index == hovered else Role.TEXT2))
            words = place.adjusted(0, 0, Space.M, -Stroke.ACCENT_BAR)
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.tabText(index))
            if is_open:
                line = QRect(place.left(), place.bottom() + 1 - Stroke.ACCENT_BAR, place.width(), Stroke.ACCENT_BAR)
                painter.fillRect(line, QColor(self._theme.colors.accent))
        painter.end()
