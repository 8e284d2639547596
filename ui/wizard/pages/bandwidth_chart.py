"""What replication asks of the line against what the line gives, as two bars and a mark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import ChartSize, Height, Radius, Role, Space, Stroke, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting

_BAR = 14
_WORDS = Height.CHECK + Space.XS
_ROW = 44
_OVERHANG = 3
_ROOM_ABOVE = 1.15


@dataclass(frozen=True, slots=True)
class Need:
    """One bar: what it is for, in words with its figure, and the figure."""

    words: str
    mbps: float


class BandwidthChart(QWidget):
    """A bar that crosses the mark is drawn in the second colour and says so in words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._needs: tuple[Need, ...] = ()
        self._line_mbps: float | None = None
        self._line_words = ""
        self.setObjectName("capacity-chart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_needs(self, needs: tuple[Need, ...], line_mbps: float | None, line_words: str) -> None:
        """Show these; `line_mbps` None draws no mark."""
        self._needs, self._line_mbps, self._line_words = needs, line_mbps, line_words
        self.setAccessibleName("; ".join([*(need.words for need in needs), line_words] if line_words else ()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(2 * ChartSize.WIDTH, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(ChartSize.WIDTH, self._height())

    def paintEvent(self, event: QPaintEvent) -> None:
        most = max([need.mbps for need in self._needs] + [self._line_mbps or 0.0, 1e-9]) * _ROOM_ABOVE
        with painting(self) as painter:
            for place, need in enumerate(self._needs):
                self._paint_need(painter, need, place * _ROW, most)
            if self._line_mbps is not None:
                self._paint_line(painter, self._line_mbps, most)

    def _height(self) -> int:
        return 2 * _ROW + ChartSize.AXIS + Space.XS

    def _paint_need(self, painter: QPainter, need: Need, top: int, most: float) -> None:
        colors = self._theme.colors
        painter.setFont(self._theme.font(TextStyle.CAPTION))
        painter.setPen(self._theme.color(Role.TEXT))
        words = QRectF(0, top, self.width(), _WORDS)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), need.words)
        track = QRectF(0, words.bottom(), self.width(), _BAR)
        fill_box(painter, track, colors.track, Radius.BAR)
        is_over = self._line_mbps is not None and need.mbps > self._line_mbps
        bar = QRectF(track)
        bar.setWidth(max(track.width() * need.mbps / most, ChartSize.LEAST_SEGMENT))
        fill_box(painter, bar, colors.chart2 if is_over else colors.chart1, Radius.BAR)
        if colors.high_contrast:
            outline_box(painter, track, colors.text, Radius.BAR)

    def _paint_line(self, painter: QPainter, mbps: float, most: float) -> None:
        """A mark across each bar, which leaves the words between them alone."""
        x = self.width() * mbps / most
        painter.setPen(QPen(QColor(self._theme.colors.text), Stroke.FOCUS))
        for place in range(len(self._needs)):
            top = place * _ROW + _WORDS
            painter.drawLine(QLineF(x, top - _OVERHANG, x, top + _BAR + _OVERHANG))
        bottom = len(self._needs) * _ROW
        painter.setFont(self._theme.font(TextStyle.AXIS))
        painter.setPen(self._theme.color(Role.TEXT2))
        width = painter.fontMetrics().horizontalAdvance(self._line_words) + 2
        left = min(max(x - width / 2, 0.0), self.width() - width)
        row = QRectF(left, bottom, width, ChartSize.AXIS)
        painter.drawText(row, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), self._line_words)
