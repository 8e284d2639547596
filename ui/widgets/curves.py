"""Curves and columns over time. Start, end and target stand in words; the same is told as accessible text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import Theme
from ui.theme.tokens import ChartSize, Role, Space, Status, Stroke, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting

_AREA_OPACITY = 0.16


@dataclass(frozen=True, slots=True)
class Target:
    """The line that should not be crossed, and its words."""

    value: float
    words: str


def curve_paths(box: QRectF, values: Sequence[float | None], most: float) -> list[QPainterPath]:
    """The curve through `values` inside `box`, from 0 at the bottom; one path for each stretch without a gap."""
    step = box.width() / max(len(values) - 1, 1)
    paths: list[QPainterPath] = []
    path: QPainterPath | None = None
    for place, value in enumerate(values):
        if value is None:
            path = None
            continue
        point = QPointF(box.left() + place * step, box.bottom() - box.height() * min(value / most, 1.0))
        if path is None:
            path = QPainterPath(point)
            paths.append(path)
        else:
            path.lineTo(point)
    return paths


def paint_curve(painter: QPainter, box: QRectF, values: Sequence[float | None], most: float, color: QColor) -> None:
    """Draw a curve and the tint below it, for widgets and for the delegates of tables."""
    shade = QColor(color)
    shade.setAlphaF(_AREA_OPACITY)
    for path in curve_paths(box, values, most):
        area = QPainterPath(path)
        area.lineTo(path.currentPosition().x(), box.bottom())
        area.lineTo(path.elementAt(0).x, box.bottom())
        area.closeSubpath()
        painter.fillPath(area, shade)
        painter.strokePath(path, QPen(color, Stroke.CURVE))


class _TimeAxis(QWidget):
    """A chart with up to three labels below it: start, middle, end."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._labels: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(ChartSize.WIDTH, ChartSize.HEIGHT + ChartSize.AXIS)

    def minimumSizeHint(self) -> QSize:
        return QSize(ChartSize.LEAST_WIDTH, ChartSize.HEIGHT + ChartSize.AXIS)

    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0, 1, 0, -ChartSize.AXIS)

    def _paint_labels(self, painter: QPainter) -> None:
        painter.setFont(self._theme.font(TextStyle.AXIS))
        painter.setPen(self._theme.color(Role.TEXT2))
        row = QRectF(0, self.height() - ChartSize.AXIS, self.width(), ChartSize.AXIS)
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        labels = self._labels
        needed = sum(painter.fontMetrics().horizontalAdvance(label) + 2 * Space.M for label in labels)
        if len(labels) == 3 and needed > self.width():
            labels = (labels[0], "", labels[2])
        if len(labels) == 2:
            sides = (sides[0], sides[2])
        for side, label in zip(sides, labels, strict=False):
            painter.drawText(row, int(side | Qt.AlignmentFlag.AlignBottom), label)


class Curve(_TimeAxis):
    """One value over time, with the line that should not be crossed. `None` among the values is a gap."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._values: tuple[float | None, ...] = ()
        self._target: Target | None = None

    def set_values(
        self,
        values: Sequence[float | None],
        *,
        labels: tuple[str, ...],
        words: str,
        target: Target | None = None,
    ) -> None:
        """Show `values`; `labels` are start, middle and end of the time shown; `words` say what there is to see."""
        self._values = tuple(values)
        self._labels = labels
        self._target = target
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        known = [value for value in self._values if value is not None]
        most = max([*known, self._target.value * 1.25 if self._target else 0.0, 1e-9])
        box = self._plot()
        with painting(self) as painter:
            self._paint_labels(painter)
            paint_curve(painter, box, self._values, most, QColor(self._theme.colors.chart1))
            if self._target is not None:
                self._paint_target(painter, box, self._target, most)

    def _paint_target(self, painter: QPainter, box: QRectF, target: Target, most: float) -> None:
        color = self._theme.status_color(Status.WARNING)
        height = round(box.bottom() - box.height() * target.value / most) + 0.5
        painter.setPen(QPen(color, Stroke.HAIRLINE, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(box.left(), height, box.right(), height))
        font = self._theme.font(TextStyle.AXIS)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(color)
        above = height - Space.XS > metrics.ascent()
        painter.drawText(QPointF(box.left(), height - Space.XS if above else height + metrics.ascent()), target.words)


class Sparkline(QWidget):
    """A curve without words, for rows and panels; the figure stands beside it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: tuple[float | None, ...] = ()
        self._status: Status | None = None
        self.setFixedSize(QSize(ChartSize.SPARK_WIDTH, ChartSize.SPARK_HEIGHT))

    def set_values(self, values: Sequence[float | None], words: str, *, status: Status | None = None) -> None:
        """Show `values`, in the colour of `status` where the curve is about what is wrong."""
        self._values = tuple(values)
        self._status = status
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        color = colors.chart1 if self._status is None else colors.statuses[self._status].text
        most = max([*(value for value in self._values if value is not None), 1e-9])
        with painting(self) as painter:
            paint_curve(painter, QRectF(self.rect()).adjusted(1, 2, -1, -1), self._values, most, QColor(color))


class BarChart(_TimeAxis):
    """Counts per span of time, each column in parts by status; ordinary ones at the bottom."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._columns: tuple[Mapping[Status, int], ...] = ()

    def set_columns(self, columns: Sequence[Mapping[Status, int]], *, labels: tuple[str, ...], words: str) -> None:
        """Show one column for each mapping, oldest first."""
        self._columns = tuple(columns)
        self._labels = labels
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        box = self._plot()
        with painting(self) as painter:
            self._paint_labels(painter)
            painter.setPen(QPen(QColor(self._theme.colors.divider), Stroke.HAIRLINE))
            painter.drawLine(QLineF(box.left(), box.bottom() - 0.5, box.right(), box.bottom() - 0.5))
            if not self._columns:
                return
            most = max([sum(column.values()) for column in self._columns] + [1])
            pitch = box.width() / len(self._columns)
            for place, column in enumerate(self._columns):
                self._paint_column(painter, box, box.left() + place * pitch, pitch, column, most)

    def _paint_column(
        self, painter: QPainter, box: QRectF, left: float, pitch: float, column: Mapping[Status, int], most: int
    ) -> None:
        colors = self._theme.colors
        bottom = box.bottom()
        for status in (Status.INFO, Status.OK, Status.NEUTRAL, Status.WAITING, Status.WARNING, Status.CRITICAL):
            count = column.get(status, 0)
            if not count:
                continue
            height = box.height() * count / most
            part = QRectF(left, bottom - height, max(pitch - Stroke.SEGMENT_GAP, 1.0), max(height - 1, 1.0))
            if colors.high_contrast and status in (Status.WARNING, Status.CRITICAL):
                outline_box(painter, part, colors.text)
            else:
                fill_box(painter, part, colors.chart1 if status is Status.INFO else colors.statuses[status].fill)
            bottom -= height
