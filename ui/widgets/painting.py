"""What painted widgets share: sharp rounded boxes, and a new look after a property changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QRegion
from PySide6.QtWidgets import QWidget
from shiboken6 import getCppPointer

from ui.theme.palette import solid
from ui.theme.tokens import Stroke


@contextmanager
def painting(widget: QWidget) -> Iterator[QPainter]:
    """A smooth painter on `widget` that is always ended."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        yield painter
    finally:
        painter.end()


def lay_out(widget: QWidget) -> None:
    """Have a hidden widget and all in it take their style and their places, as showing it would otherwise do first."""
    widget.render(QPixmap(1, 1), QPoint(), QRegion(0, 0, 1, 1))
    if widget.isVisible():
        return
    for part in widget.findChildren(
        QWidget
    ):  # those that a layout showed meanwhile would still answer their Alt letters
        if part.isVisible() and not part.isWindow():
            part.setAttribute(Qt.WidgetAttribute.WA_WState_Visible, False)


def paints_on_screen(painter: QPainter, widget: QWidget) -> bool:
    """Whether a widget is being painted for its window, and not for somebody who takes a picture of it."""
    engine, store = painter.paintEngine(), widget.backingStore()
    if engine is None or store is None:
        return False
    return getCppPointer(engine.paintDevice()) == getCppPointer(store.paintDevice())


@lru_cache(256)
def ink_of(color: str) -> QColor:
    """The colour of a token, not to be changed: reading one from its text at every paint takes longer than drawing."""
    return QColor(color)


@lru_cache(256)
def _brush_of(color: str) -> QBrush:
    return solid(ink_of(color))


def fill_box(painter: QPainter, rect: QRect | QRectF, color: str | QColor, radius: float = 0.0) -> None:
    """Fill a box, with round corners if `radius` says so."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_brush_of(color) if isinstance(color, str) else solid(color))
    painter.drawRoundedRect(QRectF(rect), radius, radius)


def outline_box(
    painter: QPainter, rect: QRect | QRectF, color: str | QColor, radius: float = 0.0, width: float = Stroke.HAIRLINE
) -> None:
    """Draw the line of a box inside `rect`, so that it is sharp at whole scales."""
    inset = width / 2
    painter.setPen(QPen(ink_of(color) if isinstance(color, str) else color, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)


def hatch(painter: QPainter, rect: QRect | QRectF, color: str | QColor, stripe: float, pitch: float) -> None:
    """Lay slanted stripes over `rect`: the sign of the practice vault, readable without its colour."""
    box = QRectF(rect)
    painter.save()
    painter.setClipRect(box)
    painter.setPen(QPen(QColor(color), stripe))
    left = box.left() - box.height()
    while left < box.right() + box.height():
        painter.drawLine(
            QPointF(left, box.bottom() + stripe), QPointF(left + box.height() + 2 * stripe, box.top() - stripe)
        )
        left += pitch
    painter.restore()


def set_look(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the stylesheet chooses by, and have the widget look like it."""
    if (widget.property(name) or "") == value:  # one that was never set looks like an empty one
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
