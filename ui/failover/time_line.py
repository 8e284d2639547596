"""Recovery points on a line from the oldest to the newest; one of them is chosen by key or click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.recovery import RecoveryPoint
from ui.theme.theme import Theme
from ui.theme.tokens import Height, Role, Space, Stroke, TextStyle
from ui.when import age_text, moment_text
from ui.widgets.painting import painting

_MARK = 4.0
_RING = 9.0
_ROOM_PER_MARK = 12.0
"""Closer together than this, plain points become small strokes."""
_PAGE = 10


class TimeLine(QWidget):
    """Circles are points after a crash, diamonds application-consistent ones; the ring is around the chosen one.

    Signals:
        picked: the user chose a point (`RecoveryPoint`).
    """

    picked = Signal(object)

    def __init__(self, theme: Theme, points: Sequence[RecoveryPoint], now: datetime) -> None:
        super().__init__()
        self._theme = theme
        self._points = sorted(points, key=lambda point: point.time)
        self._now = now
        self._chosen: RecoveryPoint | None = None
        self.setObjectName("sheet-time-line")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(Height.ROW + Space.XL)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Recovery points, {} of them").format(len(self._points)))

    @property
    def chosen(self) -> RecoveryPoint | None:
        return self._chosen

    def set_chosen(self, point: RecoveryPoint | None) -> None:
        """Ring this one; None when Azure first processes what it has received."""
        self._chosen = point
        self.setAccessibleDescription(self._point_text(point) if point is not None else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageUp: -_PAGE,
            Qt.Key.Key_PageDown: _PAGE,
            Qt.Key.Key_Home: -len(self._points),
            Qt.Key.Key_End: len(self._points),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._points:
            super().keyPressEvent(event)
            return
        here = self._points.index(self._chosen) if self._chosen in self._points else len(self._points) - 1
        self._pick(self._points[min(max(here + step, 0), len(self._points) - 1)])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._points and event.button() is Qt.MouseButton.LeftButton:
            self._pick(min(self._points, key=lambda point: abs(self._x(point) - event.position().x())))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._points:
            return
        with painting(self) as painter:
            middle = Height.ROW / 2
            painter.setPen(QPen(QColor(self._theme.colors.control_border), Stroke.FOCUS))
            painter.drawLine(QPointF(_RING, middle), QPointF(self.width() - _RING, middle))
            is_dense = (self.width() - 2 * _RING) / len(self._points) < _ROOM_PER_MARK
            for point in self._points:
                if not point.is_application_consistent:
                    self._paint_plain(painter, QPointF(self._x(point), middle), is_dense)
            for point in self._points:
                if point.is_application_consistent:
                    self._paint_diamond(painter, QPointF(self._x(point), middle))
            if self._chosen in self._points:
                self._paint_ring(painter, QPointF(self._x(self._chosen), middle))
            self._paint_labels(painter)

    def _pick(self, point: RecoveryPoint) -> None:
        self.set_chosen(point)
        self.picked.emit(point)

    def _x(self, point: RecoveryPoint) -> float:
        first, last = self._points[0].time, self._points[-1].time
        span = (last - first).total_seconds()
        share = (point.time - first).total_seconds() / span if span else 1.0
        return _RING + share * (self.width() - 2 * _RING)

    def _paint_plain(self, painter: QPainter, at: QPointF, is_dense: bool) -> None:
        color = QColor(self._theme.colors.chart1)
        if is_dense:
            painter.setPen(QPen(color, Stroke.CURVE))
            painter.drawLine(at - QPointF(0, _MARK), at + QPointF(0, _MARK))
            return
        painter.setPen(QPen(color, Stroke.CURVE))
        painter.setBrush(QColor(self._theme.colors.raised))
        painter.drawEllipse(at, _MARK, _MARK)

    def _paint_diamond(self, painter: QPainter, at: QPointF) -> None:
        side = _MARK * 1.5
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colors.chart1))
        corners = [QPointF(0, -side), QPointF(side, 0), QPointF(0, side), QPointF(-side, 0)]
        painter.drawPolygon(QPolygonF([at + corner for corner in corners]))

    def _paint_ring(self, painter: QPainter, at: QPointF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._theme.colors.focus), Stroke.FOCUS))
        painter.drawEllipse(at, _RING - 1, _RING - 1)

    def _paint_labels(self, painter: QPainter) -> None:
        """The chosen point's label first; the others where they leave it room."""
        taken: list[QRectF] = []
        if self._chosen in self._points:
            self._paint_label(painter, self._chosen, self._point_text(self._chosen), taken, strong=True)
        last = len(self._points) - 1
        for place in dict.fromkeys((0, last // 3, 2 * last // 3, last)):
            point = self._points[place]
            self._paint_label(painter, point, moment_text(point.time, self._now), taken, strong=False)

    def _paint_label(
        self, painter: QPainter, point: RecoveryPoint, text: str, taken: list[QRectF], *, strong: bool
    ) -> None:
        font = self._theme.font(TextStyle.TABLE_HEAD if strong else TextStyle.CAPTION)
        width = QFontMetrics(font).horizontalAdvance(text) + 1
        left = min(max(self._x(point) - width / 2, 0), self.width() - width)
        place = QRectF(left, Height.ROW, width, Space.XL)
        if any(place.adjusted(-Space.M, 0, Space.M, 0).intersects(other) for other in taken):
            return
        taken.append(place)
        painter.setFont(font)
        painter.setPen(self._theme.color(Role.TEXT if strong else Role.TEXT2))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)

    def _point_text(self, point: RecoveryPoint) -> str:
        return f"{moment_text(point.time, self._now)} · {age_text(point.time, self._now)}"
