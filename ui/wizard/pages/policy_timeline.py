"""A replication policy as a line of time: the points one can go back to, and what a disaster would cost."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.policy_rules import copy_frequency_text
from ui.theme.theme import Theme
from ui.theme.tokens import ChartSize, IconSize, Radius, Role, Space, Status, Stroke, TextStyle
from ui.widgets.labels import Text
from ui.widgets.painting import fill_box, outline_box, painting

_POINT = 4.0
_DIAMOND = 7.0
_LINE_Y = 26.0
_LOSS_LEAST = 10.0
_SECONDS_PER_HOUR = 3600


class Mark(StrEnum):
    """What stands on the line."""

    POINT = "point"
    CONSISTENT = "consistent"
    LOSS = "loss"


class PolicyTimeline(QWidget):
    """Oldest point left, now right. Circles are recovery points, diamonds application-consistent ones."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._copy_frequency_s = 0
        self._retention_h = 0
        self._app_consistent_h = 0
        self.setObjectName("settings-timeline")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_policy(self, copy_frequency_s: int, retention_h: int, app_consistent_h: int) -> None:
        """Show a policy with these figures."""
        self._copy_frequency_s = copy_frequency_s
        self._retention_h = retention_h
        self._app_consistent_h = app_consistent_h
        self.setAccessibleName(" ".join(timeline_words(copy_frequency_s, retention_h, app_consistent_h)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(4 * ChartSize.WIDTH, ChartSize.HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(ChartSize.WIDTH, ChartSize.HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = self._theme.colors
        left, right = float(Space.M), self.width() - float(Space.M)
        loss = self._loss_width(right - left)
        with painting(self) as painter:
            painter.setPen(QPen(QColor(colors.control_strong), Stroke.CURVE))
            painter.drawLine(QLineF(left, _LINE_Y, right - loss, _LINE_Y))
            paint_mark(painter, self._theme, Mark.LOSS, QRectF(right - loss, _LINE_Y - _POINT, loss, 2 * _POINT))
            for hour in range(1, self._retention_h + 1):
                x = right - (right - left) * hour / max(self._retention_h, 1)
                is_consistent = bool(self._app_consistent_h) and hour % self._app_consistent_h == 0
                paint_mark(painter, self._theme, Mark.CONSISTENT if is_consistent else Mark.POINT, _around(x))
            paint_mark(painter, self._theme, Mark.POINT, _around(right - loss))
            self._paint_labels(painter, left, right)

    def _loss_width(self, room: float) -> float:
        """True to scale where that can be seen."""
        span_s = max(self._retention_h, 1) * _SECONDS_PER_HOUR
        return min(max(room * self._copy_frequency_s / span_s, _LOSS_LEAST), room / 2)

    def _paint_labels(self, painter: QPainter, left: float, right: float) -> None:
        painter.setFont(self._theme.font(TextStyle.AXIS))
        painter.setPen(self._theme.color(Role.TEXT2))
        row = QRectF(left, _LINE_Y + Space.L, right - left, ChartSize.AXIS)
        oldest = self.tr("{} h ago").format(self._retention_h) if self._retention_h else self.tr("latest point only")
        for side, words in ((Qt.AlignmentFlag.AlignLeft, oldest), (Qt.AlignmentFlag.AlignRight, self.tr("now"))):
            painter.drawText(row, int(side | Qt.AlignmentFlag.AlignVCenter), words)


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
            place.adjust(0, _POINT, 0, -_POINT)
        with painting(self) as painter:
            paint_mark(painter, self._theme, self._mark, place)


def paint_mark(painter: QPainter, theme: Theme, mark: Mark, place: QRectF) -> None:
    """Draw a point or diamond in the middle of `place`, or fill it as the time that would be lost."""
    colors = theme.colors
    at = place.center()
    match mark:
        case Mark.POINT:
            painter.setPen(QPen(QColor(colors.chart1), Stroke.CURVE))
            painter.setBrush(QColor(colors.card))
            painter.drawEllipse(at, _POINT, _POINT)
        case Mark.CONSISTENT:
            painter.setPen(QPen(QColor(colors.card), Stroke.HAIRLINE))
            painter.setBrush(QColor(colors.chart1))
            corners = ((0, -_DIAMOND), (_DIAMOND, 0), (0, _DIAMOND), (-_DIAMOND, 0))
            painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
        case Mark.LOSS if colors.high_contrast:
            outline_box(painter, place, colors.text, Radius.BAR)
        case Mark.LOSS:
            fill_box(painter, place, colors.statuses[Status.WARNING].fill, Radius.BAR)


def _around(x: float) -> QRectF:
    return QRectF(x - _DIAMOND, _LINE_Y - _DIAMOND, 2 * _DIAMOND, 2 * _DIAMOND)


def timeline_words(copy_frequency_s: int, retention_h: int, app_consistent_h: int) -> tuple[str, str, str]:
    """The same in words: points kept, application-consistent ones among them, worst-case loss."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("PolicyTimeline", text)

    consistent = retention_h // app_consistent_h if app_consistent_h else 0
    if not retention_h:
        points = tr("Only the latest point is kept.")
    elif retention_h == 1:
        points = tr("The latest recovery point, and one about an hour old.")
    else:
        points = tr("About {0} recovery points, one an hour, back to {0} hours ago.").format(retention_h)
    if not retention_h:
        among = tr("It is not application-consistent: applications recover as after a power cut.")
    elif not consistent:
        among = tr("None is application-consistent: applications recover as after a power cut.")
    elif consistent == retention_h:
        among = tr("All of them are application-consistent.")
    elif consistent == 1:
        among = tr("1 of them is application-consistent.")
    else:
        among = tr("{} of them are application-consistent.").format(consistent)
    every = copy_frequency_text(copy_frequency_s)
    loss = tr("Worst-case loss: the last {}, as long as the line keeps up.").format(every)
    return points, among, loss
