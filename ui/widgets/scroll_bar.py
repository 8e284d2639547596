"""Scroll bars: a slim handle on whatever lies below, wider under the pointer."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QStyle, QStyleOptionSlider

from ui.theme.palette import TEXT_PLACES
from ui.theme.tokens import Role, Width
from ui.widgets.painting import fill_box, painting

_SLIM, _WIDE = 4, 8
_AT_REST = 0.7
"""How opaque the handle is while nobody is at it: 3.4:1 on white, and still plain in high contrast."""


class ScrollBar(QScrollBar):
    """Draws itself; how it is dragged and paged through is Qt's."""

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        if self.orientation() is Qt.Orientation.Vertical:
            return QSize(Width.SCROLL_BAR, size.height())
        return QSize(size.width(), Width.SCROLL_BAR)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.minimum() >= self.maximum():
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, self
        )
        in_use = self.underMouse() or self.isSliderDown()
        wide = _WIDE if in_use else _SLIM
        color = self.palette().color(TEXT_PLACES[Role.TEXT2])
        color.setAlphaF(1.0 if in_use else _AT_REST)
        with painting(self) as painter:
            fill_box(painter, self._slim(handle, wide), color, wide / 2)

    def _slim(self, handle: QRect, wide: int) -> QRect:
        if self.orientation() is Qt.Orientation.Vertical:
            return QRect((self.width() - wide) // 2, handle.top() + 2, wide, handle.height() - 4)
        return QRect(handle.left() + 2, (self.height() - wide) // 2, handle.width() - 4, wide)


def give_scroll_bars(area: QAbstractScrollArea) -> None:
    """Have `area` scroll with bars of ours."""
    area.setVerticalScrollBar(ScrollBar(Qt.Orientation.Vertical))
    area.setHorizontalScrollBar(ScrollBar(Qt.Orientation.Horizontal))
