"""The marks of a policy's picture, on the line and in its legend."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import IconSize, Radius, Space, Status, Stroke
from ui.widgets.labels import Text
from ui.widgets.painting import fill_box, hatch, outline_box, painting

POINT = 4.0
DIAMOND = 7.0
_HATCH_STRIPE, _HATCH_PITCH = 1.0, 5.0


class Mark(StrEnum):
    """What stands on the line."""

    POINT = "point"
    CONSISTENT = "consistent"
    LOSS = "loss"


def paint_mark(painter: QPainter, theme: Theme, mark: Mark, place: QRectF, size: float = 1.0) -> None:
    """Draw a point or diamond in the middle of `place`, or fill it as the time that would be lost."""
    colors = theme.colors
    at = place.center()
    match mark:
        case Mark.POINT:
            painter.setPen(QPen(QColor(colors.chart1), Stroke.CURVE))
            painter.setBrush(QColor(colors.card))
            painter.drawEllipse(at, POINT * size, POINT * size)
        case Mark.CONSISTENT:
            side = DIAMOND * size
            painter.setPen(QPen(QColor(colors.card), Stroke.HAIRLINE))
            painter.setBrush(QColor(colors.chart1))
            corners = ((0, -side), (side, 0), (0, side), (-side, 0))
            painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
        case Mark.LOSS:
            paint_band(painter, theme, place)


def paint_band(painter: QPainter, theme: Theme, place: QRectF) -> None:
    """The time that would be lost; hatched where colours are the system's."""
    colors = theme.colors
    if colors.high_contrast:
        hatch(painter, place, colors.text, _HATCH_STRIPE, _HATCH_PITCH)
        outline_box(painter, place, colors.text, Radius.BAR)
    else:
        fill_box(painter, place, colors.statuses[Status.WARNING].fill, Radius.BAR)


def paint_quiet(painter: QPainter, theme: Theme, place: QRectF) -> None:
    """Quiet hours: a shade behind the line."""
    colors = theme.colors
    if colors.high_contrast:
        outline_box(painter, place, colors.text, Radius.BAR)
        return
    fill_box(painter, place, colors.statuses[Status.INFO].ground, Radius.BAR)
    outline_box(painter, place, colors.statuses[Status.INFO].border, Radius.BAR)


class LegendLine(QWidget):
    """A mark of the line and what it means, in words."""

    def __init__(self, theme: Theme, mark: Mark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = Text("", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(_MarkLabel(theme, mark), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    @property
    def text(self) -> str:
        return self._text.text()

    def set_text(self, text: str) -> None:
        self._text.setText(text)


class _MarkLabel(QWidget):
    def __init__(self, theme: Theme, mark: Mark) -> None:
        super().__init__()
        self._theme = theme
        self._mark = mark
        self.setFixedSize(QSize(IconSize.SMALL, IconSize.SMALL))

    def paintEvent(self, event: QPaintEvent) -> None:
        place = QRectF(self.rect())
        if self._mark is Mark.LOSS:
            place.adjust(0, POINT, 0, -POINT)
        with painting(self) as painter:
            paint_mark(painter, self._theme, self._mark, place)
