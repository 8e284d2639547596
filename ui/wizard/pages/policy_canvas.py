"""The painted part of a policy's picture: the line of points with its marker, and below it the next day."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QEasingCurve, QLineF, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.policy_points import copy_minutes, moments, span_minutes, way_back
from app.domain.policy_rules import PolicyFigures
from app.flows.first_copy_ahead import HORIZON, Ahead
from ui.theme.theme import Theme
from ui.theme.tokens import ChartSize, Height, Motion, Radius, Role, Space, Status, Stroke, TextStyle
from ui.widgets.painting import fill_box, outline_box, painting
from ui.wizard.pages.policy_axis import FINE_MINUTES, Axis, Label, axis_labels, clock_labels
from ui.wizard.pages.policy_marks import DIAMOND, Mark, paint_band, paint_mark, paint_quiet
from ui.wizard.pages.policy_words import minutes_text, tr

_SIDE = 12.0
_CAPTION = 18.0
_LINE_Y = 48.0
_ZONE_BOTTOM = 66.0
_LABELS_Y = 70.0
_HANDLE = 6.0
_BAND = 14.0
_BAND_LEAST = 4.0
_WAY_Y = _CAPTION + 13.0
_RING = 9.0
_FINEST_GAP = 3.0
_MARK_SHARE = 0.42
_AHEAD_TOP = _LABELS_Y + ChartSize.AXIS + 10.0
_AHEAD_BAR = 16.0
_HOUR = 60.0
_MOST_HOURS = 24 * 31
_KEYS = {Qt.Key.Key_Left: 1, Qt.Key.Key_Right: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PAGES = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


@dataclass(frozen=True, slots=True)
class _Picture:
    """What is drawn at one moment of a movement. `old` fades out while `new` fades in."""

    span: float
    copy_minutes: float
    old: PolicyFigures
    new: PolicyFigures
    done: float = 1.0


class PolicyCanvas(QWidget):
    """Circles are recovery points, diamonds application-consistent ones; the band is what a disaster now would lose.

    Signals:
        marker_moved: the user moved the marker; carries how many minutes ago it stands.
    """

    marker_moved = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._figures = PolicyFigures(0, 0, 0)
        self._picture = _Picture(_HOUR, 0.0, self._figures, self._figures)
        self._before = self._picture
        self._ahead: Ahead | None = None
        self._marker = 0
        self._is_new = True
        self._move = QVariantAnimation(self)
        self._move.setDuration(Motion.PICTURE_MOVE)
        self._move.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._move.setStartValue(0.0)
        self._move.setEndValue(1.0)
        self._move.valueChanged.connect(self._on_move_value_changed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def figures(self) -> PolicyFigures:
        return self._figures

    @property
    def marker(self) -> int:
        """How many minutes ago the marker stands."""
        return self._marker

    @property
    def is_moving(self) -> bool:
        return self._move.state() is QVariantAnimation.State.Running

    def set_figures(self, figures: PolicyFigures) -> None:
        """Show a policy; from another one the picture moves over, where things are to move at all."""
        if figures == self._figures and not self._is_new:
            return
        shown, is_first = self._picture, self._is_new
        self._figures, self._is_new = figures, False
        self._marker = min(moments(figures), key=lambda minutes: abs(minutes - self._marker))
        self._move.stop()
        if is_first or not self._theme.motion or not self.isVisible():
            self._picture = _Picture(span_minutes(figures), copy_minutes(figures), figures, figures)
            self.update()
            return
        self._before = shown
        self._move.start()

    def set_ahead(self, ahead: Ahead | None) -> None:
        """Show what lies ahead; None or an empty one takes no room."""
        self._ahead = ahead if ahead is not None and not ahead.is_empty else None
        self.updateGeometry()
        self.update()

    def set_marker(self, minutes: int) -> None:
        """Put the marker at the nearest moment it can stand at."""
        self._marker = min(moments(self._figures), key=lambda each: abs(each - minutes))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(4 * ChartSize.WIDTH, self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(ChartSize.WIDTH, self._height())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.is_moving:
            self._move.setCurrentTime(self._move.duration())

    # The marker

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, found = Qt.Key(event.key()), moments(self._figures)
        here = found.index(self._marker)
        if key in _KEYS:
            self._move_marker(found[min(max(here + _KEYS[key], 0), len(found) - 1)])
        elif key in _PAGES:
            hour = math.ceil(self._marker / _HOUR) - 1 if _PAGES[key] < 0 else self._marker // _HOUR + 1
            self._move_marker(min(max(round(hour * _HOUR), 0), found[-1]))
        elif key == Qt.Key.Key_Home:
            self._move_marker(found[-1])
        elif key == Qt.Key.Key_End:
            self._move_marker(0)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and event.position().y() < _AHEAD_TOP:
            self._move_marker_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_marker_to(event.position().x())

    def _move_marker_to(self, x: float) -> None:
        self._move_marker(self._axis(span_minutes(self._figures)).nearest(x, moments(self._figures)))

    def _move_marker(self, minutes: int) -> None:
        if minutes != self._marker:
            self.set_marker(minutes)
            self.marker_moved.emit(self._marker)

    # The movement

    def _on_move_value_changed(self, done: float) -> None:
        before, figures = self._before, self._figures
        self._picture = _Picture(
            _between(before.span, span_minutes(figures), done),
            _between(before.copy_minutes, copy_minutes(figures), done),
            before.new,
            figures,
            done,
        )
        self.update()

    # The drawing

    def _height(self) -> int:
        line = _LABELS_Y + ChartSize.AXIS
        return math.ceil(line if self._ahead is None else _AHEAD_TOP + _CAPTION + _AHEAD_BAR + 4 + ChartSize.AXIS)

    def _axis(self, span: float) -> Axis:
        return Axis(_SIDE, max(self.width() - _SIDE, _SIDE + 1), span)

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self._picture
        axis = self._axis(picture.span)
        colors = self._theme.colors
        with painting(self) as painter:
            self._paint_zone(painter, axis)
            painter.setPen(QPen(QColor(colors.control_strong), Stroke.CURVE))
            painter.drawLine(QLineF(axis.left, _LINE_Y, axis.right, _LINE_Y))
            self._paint_loss(painter, axis, picture.copy_minutes)
            self._paint_points(painter, axis, picture)
            self._paint_labels(painter, axis_labels(axis, picture.copy_minutes, self._wide, _label_text, tr("now")))
            if not self.is_moving:
                self._paint_way_back(painter, axis)
            self._paint_marker(painter, axis)
            if self._ahead is not None:
                self._paint_ahead(painter, axis, self._ahead)

    def _paint_zone(self, painter: QPainter, axis: Axis) -> None:
        colors = self._theme.colors
        zone = QRectF(axis.border, _CAPTION, axis.right - axis.border + _SIDE, _ZONE_BOTTOM - _CAPTION)
        if colors.high_contrast:
            outline_box(painter, zone, colors.text, Radius.CONTROL)
        else:
            fill_box(painter, zone, colors.well, Radius.CONTROL)
            outline_box(painter, zone, colors.divider, Radius.CONTROL)
        painter.setFont(self._theme.font(TextStyle.AXIS))
        painter.setPen(self._theme.color(Role.TEXT2))
        words = tr("last 15 min, enlarged")
        if self._wide(words) > zone.width():
            words = tr("enlarged")
        place = QRectF(zone.left(), 0, zone.width(), _CAPTION)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter), words)

    def _paint_loss(self, painter: QPainter, axis: Axis, lost_minutes: float) -> None:
        left = max(axis.x(lost_minutes), axis.left)
        width = max(axis.right - left, _BAND_LEAST)
        paint_band(painter, self._theme, QRectF(axis.right - width, _LINE_Y - _BAND / 2, width, _BAND))

    def _paint_points(self, painter: QPainter, axis: Axis, picture: _Picture) -> None:
        """Each hour's point; while the picture moves, what only one of the two policies has is half there."""
        gap = (axis.border - axis.left) * _HOUR / max(axis.span - FINE_MINUTES, _HOUR)
        size = min(1.0, gap * _MARK_SHARE / DIAMOND)
        most = min(max(picture.old.retention_h, picture.new.retention_h), _MOST_HOURS)
        if gap < _FINEST_GAP:
            painter.setPen(QPen(QColor(self._theme.colors.chart1), Stroke.ACCENT_BAR))
            painter.drawLine(QLineF(axis.left, _LINE_Y, axis.border, _LINE_Y))
            return
        for mark in (Mark.POINT, Mark.CONSISTENT):
            for hour in range(1, most + 1):
                strength = (1 - picture.done) * _has(picture.old, hour, mark) + picture.done * _has(
                    picture.new, hour, mark
                )
                x = axis.x(hour * _HOUR)
                if strength > 0 and x >= axis.left - 1:
                    painter.setOpacity(strength)
                    paint_mark(painter, self._theme, mark, _around(x), size)
        painter.setOpacity(1.0)
        paint_mark(painter, self._theme, Mark.POINT, _around(max(axis.x(picture.copy_minutes), axis.left)))

    def _paint_way_back(self, painter: QPainter, axis: Axis) -> None:
        """From the marker to the point that one goes back to."""
        point = way_back(self._figures, self._marker).point
        if point is None:
            return
        x, at = axis.x(self._marker), max(axis.x(point.minutes), axis.left)
        painter.setPen(QPen(QColor(self._theme.colors.focus), Stroke.CURVE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(at, _LINE_Y), _RING, _RING)
        pen = QPen(QColor(self._theme.colors.text2), Stroke.HAIRLINE, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QLineF(x, _WAY_Y, at, _WAY_Y))
        painter.drawLine(QLineF(at, _WAY_Y, at, _LINE_Y - _RING))

    def _paint_marker(self, painter: QPainter, axis: Axis) -> None:
        x = min(max(axis.x(self._marker), axis.left), axis.right)
        color = QColor(self._theme.colors.statuses[Status.CRITICAL].text)
        painter.setPen(QPen(color, Stroke.FOCUS))
        painter.drawLine(QLineF(x, _CAPTION + _HANDLE, x, _ZONE_BOTTOM))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        top = _CAPTION + 1
        painter.drawPolygon(
            QPolygonF([QPointF(x - _HANDLE, top), QPointF(x + _HANDLE, top), QPointF(x, top + 1.6 * _HANDLE)])
        )

    def _paint_labels(self, painter: QPainter, labels: tuple[Label, ...], top: float = _LABELS_Y) -> None:
        painter.setFont(self._theme.font(TextStyle.AXIS))
        for label in labels:
            painter.setPen(QPen(QColor(self._theme.colors.control_strong), Stroke.HAIRLINE))
            painter.drawLine(QLineF(label.at, top - 4, label.at, top))
            painter.setPen(self._theme.color(Role.TEXT2))
            place = QRectF(label.left, top, label.width, ChartSize.AXIS)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), label.text)

    def _paint_ahead(self, painter: QPainter, axis: Axis, ahead: Ahead) -> None:
        colors = self._theme.colors

        def x(hours: float) -> float:
            return axis.left + (axis.right - axis.left) * min(max(hours / (HORIZON / timedelta(hours=1)), 0.0), 1.0)

        def hours(moment: datetime) -> float:
            return (moment - ahead.now) / timedelta(hours=1)

        painter.setFont(self._theme.font(TextStyle.AXIS))
        painter.setPen(self._theme.color(Role.TEXT2))
        caption = QRectF(axis.left, _AHEAD_TOP, axis.right - axis.left, _CAPTION)
        painter.drawText(caption, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), self._ahead_title())
        bar = QRectF(axis.left, _AHEAD_TOP + _CAPTION, axis.right - axis.left, _AHEAD_BAR)
        middle = bar.center().y()
        for span in ahead.quiet:
            left = x(hours(span.start))
            paint_quiet(painter, self._theme, QRectF(left, bar.top(), x(hours(span.end)) - left, bar.height()))
        painter.setPen(QPen(QColor(colors.control_strong), Stroke.CURVE))
        painter.drawLine(QLineF(bar.left(), middle, bar.right(), middle))
        places = [(bar.left(), tr("now"))]
        if ahead.start is not None:
            begin = x(hours(ahead.start))
            end = x(hours(ahead.end)) if ahead.end is not None else begin
            if end > begin:
                fill_box(painter, QRectF(begin, middle - 3, end - begin, 6), colors.chart1, Radius.BAR)
            self._paint_start(painter, begin, bar)
            places.append((begin, f"{ahead.start:%H:%M}"))
            if ahead.end is not None and end < bar.right():
                places.append((end, f"{ahead.end:%H:%M}"))
        for span in ahead.quiet:
            places += [(x(hours(each)), f"{each:%H:%M}") for each in (span.start, span.end) if each > ahead.now]
        places.append((bar.right(), tr("in 24 h")))
        labels = clock_labels(places, bar.left(), bar.right(), self._wide)
        self._paint_labels(painter, labels, bar.bottom() + 4)

    def _paint_start(self, painter: QPainter, x: float, bar: QRectF) -> None:
        color = QColor(self._theme.colors.chart1)
        painter.setPen(QPen(color, Stroke.FOCUS))
        painter.drawLine(QLineF(x, bar.top(), x, bar.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        side = Height.PROGRESS + 1
        corners = ((0, 0), (2 * side, side / 2 + 1), (0, side + 2))
        painter.drawPolygon(QPolygonF([QPointF(x + right, bar.top() + down) for right, down in corners]))

    def _ahead_title(self) -> str:
        assert self._ahead is not None
        if self._ahead.start is None:
            return tr("The next 24 hours: quiet hours shaded")
        if not self._ahead.quiet:
            return tr("The next 24 hours: the first copy")
        return tr("The next 24 hours: the first copy, quiet hours shaded")

    def _wide(self, words: str) -> float:
        return self._theme.width_of(words, TextStyle.AXIS) + Space.XS


def _has(figures: PolicyFigures, hour: int, mark: Mark) -> bool:
    if hour > figures.retention_h:
        return False
    every = figures.app_consistent_frequency_h
    is_consistent = every > 0 and hour % every == 0
    return is_consistent is (mark is Mark.CONSISTENT)


def _label_text(minutes: float) -> str:
    """In whole hours, also while the picture moves."""
    return minutes_text(round(minutes / _HOUR) * _HOUR if minutes > _HOUR else minutes)


def _between(first: float, last: float, done: float) -> float:
    return first + (last - first) * done


def _around(x: float) -> QRectF:
    return QRectF(x - DIAMOND, _LINE_Y - DIAMOND, 2 * DIAMOND, 2 * DIAMOND)
