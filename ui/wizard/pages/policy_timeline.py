"""A replication policy as a line of time: the points one can go back to, and what a disaster would cost."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.policy_rules import copy_frequency_text
from ui.theme.theme import Theme
from ui.theme.tokens import ChartSize, Radius, Role, Space, Status, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting

_POINT = 4.0
_DIAMOND = 7.0
_LINE_Y = 26.0
_LOSS_LEAST = 10.0
_SECONDS_PER_HOUR = 3600


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
            painter.setPen(QPen(QColor(colors.control_strong), 2))
            painter.drawLine(QLineF(left, _LINE_Y, right - loss, _LINE_Y))
            self._paint_loss(painter, QRectF(right - loss, _LINE_Y - Space.XS, loss, Space.S))
            for hour in range(1, self._retention_h + 1):
                x = right - (right - left) * hour / max(self._retention_h, 1)
                if self._app_consistent_h and hour % self._app_consistent_h == 0:
                    self._paint_diamond(painter, QPointF(x, _LINE_Y))
                else:
                    self._paint_point(painter, QPointF(x, _LINE_Y))
            self._paint_point(painter, QPointF(right - loss, _LINE_Y))
            self._paint_labels(painter, left, right)

    def _loss_width(self, room: float) -> float:
        """True to scale where that can be seen."""
        span_s = max(self._retention_h, 1) * _SECONDS_PER_HOUR
        return min(max(room * self._copy_frequency_s / span_s, _LOSS_LEAST), room / 2)

    def _paint_loss(self, painter: QPainter, box: QRectF) -> None:
        colors = self._theme.colors
        tint = colors.statuses[Status.WARNING]
        if colors.high_contrast:
            outline_box(painter, box, colors.text, Radius.BAR)
        else:
            fill_box(painter, box, tint.fill, Radius.BAR)

    def _paint_point(self, painter: QPainter, at: QPointF) -> None:
        colors = self._theme.colors
        painter.setPen(QPen(QColor(colors.chart1), 1.5))
        painter.setBrush(QColor(colors.card))
        painter.drawEllipse(at, _POINT, _POINT)

    def _paint_diamond(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(QPen(QColor(self._theme.colors.card), 1))
        painter.setBrush(QColor(self._theme.colors.chart1))
        x, y, half = at.x(), at.y(), _DIAMOND
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)])
        )

    def _paint_labels(self, painter: QPainter, left: float, right: float) -> None:
        painter.setFont(self._theme.font(TextStyle.AXIS))
        painter.setPen(self._theme.color(Role.TEXT2))
        row = QRectF(left, _LINE_Y + Space.L, right - left, ChartSize.AXIS)
        oldest = self.tr("{} h ago").format(self._retention_h) if self._retention_h else self.tr("latest point only")
        for side, words in ((Qt.AlignmentFlag.AlignLeft, oldest), (Qt.AlignmentFlag.AlignRight, self.tr("now"))):
            painter.drawText(row, int(side | Qt.AlignmentFlag.AlignVCenter), words)


def timeline_words(copy_frequency_s: int, retention_h: int, app_consistent_h: int) -> tuple[str, str, str]:
    """The same in words: points kept, application-consistent ones among them, worst-case loss."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("PolicyTimeline", text)

    consistent = retention_h // app_consistent_h if app_consistent_h else 0
    if not retention_h:
        points = tr("Only the latest point is kept.")
    elif retention_h == 1:
        points = tr("Back to any of the recovery points of the last hour, about one.")
    else:
        points = tr("About {0} recovery points, one an hour, back to {0} hours ago.").format(retention_h)
    if not consistent:
        among = tr("None is application-consistent: applications recover as after a power cut.")
    elif consistent == 1:
        among = tr("1 of them is application-consistent.")
    else:
        among = tr("{} of them are application-consistent.").format(consistent)
    every = copy_frequency_text(copy_frequency_s)
    loss = tr("Worst-case loss: the last {}, as long as the line keeps up.").format(every)
    return points, among, loss
